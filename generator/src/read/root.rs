//! The description as a whole.

use std::collections::{HashMap, HashSet};

use openapiv3::{Contact, ExternalDocumentation, Info, License, OpenAPI, ReferenceOr, Tag};
use serde_json::Value;

use super::{
    Dialect, aliases,
    links::{Kind, Links},
    parameters::is_body,
    reader::{Members, Pending, Reader},
    unrendered::Unrendered,
};
use crate::{
    diagnostics::{Code, Sink},
    openapi::{Pointer, keywords},
    read::select::Sieve,
};

/// What came of a description.
pub(super) struct Read {
    pub(super) openapi: OpenAPI,
    /// The origins of what does not stand where it did.
    pub(super) origins: HashMap<Pointer, Pointer>,
    pub(super) unrendered: Unrendered,
    /// The attempts at files that what was selected depends on; `None` if that is all of them.
    pub(super) used: Option<HashSet<usize>>,
}

/// Reads a description whose dialect is known, or what the sieve leaves of it.
pub(super) fn read<'a>(
    root: &'a Value,
    mut links: Links<'a>,
    sieve: &mut Sieve,
    sink: &mut Sink,
) -> Read {
    if !sieve.is_empty() {
        links.note_use();
    }
    let mut reader = Reader::new(links, sieve, sink);
    let mut openapi = OpenAPI {
        openapi: "3.0.3".to_owned(),
        ..OpenAPI::default()
    };
    if let Some(members) = reader.members(root) {
        reader.reserve_names(members);
        reader.document(&mut openapi, members);
    }
    while let Some(pending) = reader.next_pending() {
        reader.pending(pending);
    }
    let mut components = std::mem::take(&mut reader.components);
    aliases::settle(&mut components, &mut openapi.paths, &mut reader);
    if reader.demand.is_on {
        reader.leave_out_components();
        reader.restore_order(&mut components);
    }
    openapi.components = Some(components);
    Read {
        openapi,
        origins: reader.origins,
        unrendered: reader.unrendered,
        used: reader.links.into_used(),
    }
}

impl<'a> Reader<'a, '_> {
    fn reserve_names(&mut self, members: &'a Members) {
        const OLD: [(&str, Kind); 4] = [
            ("definitions", Kind::Schema),
            ("parameters", Kind::Parameter),
            ("responses", Kind::Response),
            ("securityDefinitions", Kind::SecurityScheme),
        ];
        const NEW: [(&str, Kind); 6] = [
            ("schemas", Kind::Schema),
            ("parameters", Kind::Parameter),
            ("responses", Kind::Response),
            ("requestBodies", Kind::RequestBody),
            ("headers", Kind::Header),
            ("securitySchemes", Kind::SecurityScheme),
        ];
        let is_old = self.dialect() == Dialect::Swagger2;
        let sections: &[(&str, Kind)] = if is_old { &OLD } else { &NEW };
        for (section, kind) in sections {
            let holder = match is_old {
                true => members.get(*section),
                false => members
                    .get("components")
                    .and_then(|components| components.get(*section)),
            };
            for (name, _) in holder.and_then(Value::as_object).into_iter().flatten() {
                self.reserve(*kind, name);
                if is_old && *kind == Kind::Parameter {
                    self.reserve(Kind::RequestBody, name);
                }
            }
        }
    }

    fn document(&mut self, openapi: &mut OpenAPI, members: &'a Members) {
        let is_old = self.dialect() == Dialect::Swagger2;
        // What the rest depends on goes first, wherever it stands.
        self.consumes = self.media_types(members, "consumes").unwrap_or_default();
        self.produces = self.media_types(members, "produces").unwrap_or_default();
        match members.get("info") {
            Some(value) => openapi.info = self.within("info", |reader| reader.info(value)),
            None => {
                self.say(
                    Code::MissingPart,
                    "a description without `info` is called \"API\"",
                );
                openapi.info = unnamed();
            }
        }
        for (key, value) in members {
            self.enter(key);
            match key.as_str() {
                "openapi" | "swagger" | "info" | "consumes" | "produces" | "host" | "basePath"
                | "schemes" | "$self" | "$schema" | "$id" | "jsonSchemaDialect" | "id" => {}
                "paths" => openapi.paths = self.paths(value),
                "servers" => openapi.servers = self.servers(value),
                "security" => openapi.security = Some(self.security(value)),
                "tags" => self.each(value, |reader, item| {
                    openapi.tags.extend(reader.tag(item));
                }),
                "externalDocs" => openapi.external_docs = self.external_docs(value),
                // They are no operations that a selector could have named.
                "webhooks" if self.sieve.has_includes() => {}
                "webhooks" => {
                    self.pass_over(value);
                    self.say(
                        Code::Ignored,
                        "`webhooks` is ignored: a client receives none",
                    );
                }
                "components" if !is_old => self.sections(value),
                "definitions" | "parameters" | "responses" | "securityDefinitions" if is_old => {
                    self.section(value, key);
                }
                // Where references find schemas that no standard has there.
                "$defs" | "definitions" => {}
                _ if key.starts_with("x-") => {
                    openapi.extensions.insert(key.clone(), value.clone());
                }
                _ => self.unknown(key, keywords::DOCUMENT),
            }
            self.leave();
        }
        let has_others = ["webhooks", "components"]
            .iter()
            .any(|key| members.contains_key(*key));
        let may_lack_paths = self.dialect() == Dialect::V31 && has_others;
        if !members.contains_key("paths") && !may_lack_paths {
            self.say(
                Code::MissingPart,
                "a description without `paths` has no operations",
            );
        }
        if is_old && openapi.servers.is_empty() {
            openapi.servers = self.old_servers(members);
        }
    }

    fn sections(&mut self, value: &'a Value) {
        for (key, value) in self.members(value).into_iter().flatten() {
            self.enter(key);
            match key.as_str() {
                "schemas" | "responses" | "parameters" | "requestBodies" | "headers"
                | "securitySchemes" => self.section(value, key),
                // Read where something refers to them, or not part of an SDK.
                "pathItems" | "examples" | "links" | "callbacks" | "mediaTypes" => {}
                _ if key.starts_with("x-") => {
                    self.components
                        .extensions
                        .insert(key.clone(), value.clone());
                }
                _ => self.unknown(key, keywords::COMPONENTS),
            }
            self.leave();
        }
    }

    /// Reads the components of one kind.
    fn section(&mut self, value: &'a Value, section: &str) {
        let is_old = self.dialect() == Dialect::Swagger2;
        let kind = match section {
            "schemas" | "definitions" => Kind::Schema,
            "responses" => Kind::Response,
            "parameters" => Kind::Parameter,
            "requestBodies" => Kind::RequestBody,
            "headers" => Kind::Header,
            _ => Kind::SecurityScheme,
        };
        for (name, node) in self.members(value).into_iter().flatten() {
            self.enter(name);
            if self.demand.is_on && kind != Kind::SecurityScheme {
                // It is read when something needs it.
                self.leave();
                continue;
            }
            let is_body = node.as_object().is_some_and(is_body);
            let kind = match kind {
                Kind::Parameter if is_body => Kind::RequestBody,
                kind => kind,
            };
            if is_old {
                let out = Pointer::root().join_all(["components", kind.section(), name.as_str()]);
                self.standing_at(out, |reader| reader.component(kind, name, node));
            } else {
                self.component(kind, name, node);
            }
            self.leave();
        }
    }

    /// Reads a node that something refers to, though it is no component.
    fn pending(&mut self, pending: Pending<'a>) {
        let Pending {
            kind,
            name,
            spot,
            node,
        } = pending;
        let out = Pointer::root().join_all(["components", kind.section(), name.as_str()]);
        self.elsewhere(spot, out, |reader| reader.component(kind, &name, node));
    }

    fn component(&mut self, kind: Kind, name: &str, node: &'a Value) {
        let name = name.to_owned();
        if kind == Kind::Schema {
            let schema = self.schema_here(node);
            self.components.schemas.insert(name, schema);
            return;
        }
        if let Some(Value::String(reference)) = node.get("$ref") {
            let reference = match self.link(reference, kind) {
                Ok(reference) => reference,
                Err(miss) => {
                    self.unread.insert(name);
                    return self.report_of("$ref", miss);
                }
            };
            self.alias(kind, name, reference);
            return;
        }
        let Some(members) = self.members(node) else {
            return;
        };
        match kind {
            Kind::Response => {
                let response = ReferenceOr::Item(self.own_response(members));
                self.components.responses.insert(name, response);
            }
            // A field of a form is read where a form has it.
            Kind::Parameter if super::parameters::is_field(members) => {}
            Kind::Parameter => {
                if let Some(parameter) = self.parameter(members) {
                    let parameter = ReferenceOr::Item(parameter);
                    self.components.parameters.insert(name, parameter);
                } else {
                    self.unread.insert(name);
                }
            }
            Kind::RequestBody => {
                let body = if is_body(members) {
                    let types = self.consumes.clone();
                    self.body_parameter(members, &types)
                } else {
                    self.own_request_body(members)
                };
                self.components
                    .request_bodies
                    .insert(name, ReferenceOr::Item(body));
            }
            Kind::Header => {
                let header = ReferenceOr::Item(self.header(members, &name));
                self.components.headers.insert(name, header);
            }
            Kind::SecurityScheme => {
                if let Some(scheme) = self.security_scheme(members) {
                    let scheme = ReferenceOr::Item(scheme);
                    self.components.security_schemes.insert(name, scheme);
                }
            }
            Kind::Schema | Kind::PathItem => {}
        }
    }

    fn alias(&mut self, kind: Kind, name: String, reference: String) {
        let components = &mut self.components;
        match kind {
            Kind::Response => {
                components
                    .responses
                    .insert(name, ReferenceOr::Reference { reference });
            }
            Kind::Parameter => {
                components
                    .parameters
                    .insert(name, ReferenceOr::Reference { reference });
            }
            Kind::RequestBody => {
                components
                    .request_bodies
                    .insert(name, ReferenceOr::Reference { reference });
            }
            Kind::Header => {
                components
                    .headers
                    .insert(name, ReferenceOr::Reference { reference });
            }
            Kind::SecurityScheme => {
                components
                    .security_schemes
                    .insert(name, ReferenceOr::Reference { reference });
            }
            Kind::Schema | Kind::PathItem => {}
        }
    }

    fn info(&mut self, value: &'a Value) -> Info {
        let mut info = unnamed();
        let Some(members) = self.members(value) else {
            return info;
        };
        // No standard lets it be a reference, but it is plain what is meant.
        if let Some(Value::String(reference)) = members.get("$ref") {
            match self.end_of(reference) {
                Some((spot, node)) if node.get("$ref").is_none() => {
                    self.say_of(
                        "$ref",
                        Code::Misplaced,
                        "`info` is read from where it refers to",
                    );
                    let out = self.target_pointer();
                    let spot = spot.as_ref().clone();
                    return self.elsewhere(spot, out, |reader| reader.info(node));
                }
                _ => self.say_of(
                    "$ref",
                    Code::LeftOut,
                    format!("`{reference}` leads to no `info`: it is read as if it were \"API\""),
                ),
            }
            return info;
        }
        for (key, value) in members {
            self.enter(key);
            match key.as_str() {
                "title" => info.title = self.text(value).unwrap_or(info.title),
                "version" => info.version = self.text(value).unwrap_or(info.version),
                "description" => info.description = self.text(value),
                "summary" => {
                    if !members.contains_key("description") {
                        info.description = self.text(value);
                    }
                }
                "termsOfService" => info.terms_of_service = self.text(value),
                "contact" => {
                    let mut contact = Contact::default();
                    self.each_member(value, |reader, key, value| match key {
                        "name" => contact.name = reader.text(value),
                        "url" => contact.url = reader.text(value),
                        "email" => contact.email = reader.text(value),
                        _ => reader.unknown(key, &["name", "url", "email"]),
                    });
                    info.contact = Some(contact);
                }
                "license" => {
                    let mut license = License::default();
                    if let Value::String(name) = value {
                        self.say(
                            Code::WrongShape,
                            "a text is read as the name of the license",
                        );
                        license.name.clone_from(name);
                    } else {
                        self.each_member(value, |reader, key, value| match key {
                            "name" => license.name = reader.text(value).unwrap_or_default(),
                            "url" => license.url = reader.text(value),
                            "identifier" => {
                                let id = reader.text(value).unwrap_or_default();
                                license
                                    .extensions
                                    .insert("x-identifier".to_owned(), id.into());
                            }
                            _ => reader.unknown(key, &["name", "url", "identifier"]),
                        });
                    }
                    info.license = Some(license);
                }
                _ if key.starts_with("x-") => {
                    info.extensions.insert(key.clone(), value.clone());
                }
                _ => self.unknown(key, keywords::INFO),
            }
            self.leave();
        }
        for (key, stands) in [("title", "\"API\""), ("version", "\"0\"")] {
            if !members.contains_key(key) {
                let message = format!("`info` without `{key}` is read as if it were {stands}");
                self.say(Code::MissingPart, message);
            }
        }
        info
    }

    fn tag(&mut self, value: &'a Value) -> Option<Tag> {
        let mut tag = Tag::default();
        if let Value::String(name) = value {
            self.say(Code::WrongShape, "a text is read as the name of a tag");
            tag.name.clone_from(name);
            return Some(tag);
        }
        for (key, value) in self.members(value)? {
            self.enter(key);
            match key.as_str() {
                "name" => tag.name = self.text(value).unwrap_or_default(),
                "description" => tag.description = self.text(value),
                "summary" => tag.description = tag.description.or_else(|| self.text(value)),
                "externalDocs" => tag.external_docs = self.external_docs(value),
                "parent" | "kind" => {}
                _ if key.starts_with("x-") => {
                    tag.extensions.insert(key.clone(), value.clone());
                }
                _ => self.unknown(key, keywords::TAG),
            }
            self.leave();
        }
        if tag.name.is_empty() {
            self.say(Code::LeftOut, "a tag without a name is left out");
            return None;
        }
        Some(tag)
    }

    fn external_docs(&mut self, value: &'a Value) -> Option<ExternalDocumentation> {
        let mut docs = ExternalDocumentation::default();
        self.each_member(value, |reader, key, value| match key {
            "url" => docs.url = reader.text(value).unwrap_or_default(),
            "description" => docs.description = reader.text(value),
            _ => reader.unknown(key, &["url", "description"]),
        });
        Some(docs).filter(|docs| !docs.url.is_empty())
    }
}

fn unnamed() -> Info {
    Info {
        title: "API".to_owned(),
        version: "0".to_owned(),
        ..Info::default()
    }
}
