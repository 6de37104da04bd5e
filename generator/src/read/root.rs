//! The document as a whole: its root object and its components.

use std::collections::{HashMap, HashSet};

use indexmap::IndexMap;
use openapiv3::{Contact, ExternalDocumentation, Info, License, OpenAPI, ReferenceOr, Tag};
use serde_json::Value;

use super::{
    Dialect, aliases,
    builder::Pending,
    cursor::Cursor,
    ignored::IgnoredParts,
    links::Links,
    node_path::NodePath,
    parameters::{is_body, is_field},
    reader::{Members, Reader},
    values,
};
use crate::{
    diagnostics::{Code, Sink},
    openapi::{ComponentKind, Pointer, keywords},
    read::select::OperationFilter,
};

/// The parts of the result.
pub(super) struct Read {
    pub(super) openapi: OpenAPI,
    /// The origins of nodes whose path in the result differs from that in their file.
    pub(super) origins: HashMap<Pointer, Pointer>,
    pub(super) ignored: IgnoredParts,
    /// The attempts at files that the selection depends on; `None` if it depends on all.
    pub(super) used: Option<HashSet<usize>>,
}

/// Reads a description whose dialect is known, or the part of it that the filter selects.
pub(super) fn read<'a>(
    root: &'a Value,
    links: Links<'a>,
    filter: &mut OperationFilter,
    sink: &mut Sink,
) -> Read {
    let mut reader = Reader::new(links, filter, sink);
    let mut openapi = OpenAPI {
        openapi: "3.0.3".to_owned(),
        ..OpenAPI::default()
    };
    let at = Cursor::at(NodePath::default());
    if let Some(members) = values::members(&mut reader.issues, &at, root) {
        for (kind, name) in reader.links.all_declared() {
            reader.builder.reserve(kind, name);
            // Swagger 2.0 declares bodies among the parameters.
            if kind == ComponentKind::Parameter && reader.dialect(&at) == Dialect::Swagger2 {
                reader.builder.reserve(ComponentKind::RequestBody, name);
            }
        }
        reader.document(&at, &mut openapi, members);
    }
    while let Some(pending) = reader.builder.next_pending() {
        reader.pending(&at, pending);
    }
    let mut components = std::mem::take(&mut reader.builder.components);
    aliases::resolve_aliases(
        &mut components,
        &mut openapi.paths,
        &reader.unreadable,
        &mut reader.issues,
    );
    reader
        .selected
        .finish_components(&reader.links, &mut components);
    openapi.components = Some(components);
    Read {
        openapi,
        origins: reader.builder.origins,
        ignored: reader.ignored,
        used: reader.links.into_used(),
    }
}

impl<'a> Reader<'a, '_> {
    fn document(&mut self, at: &Cursor<'_, 'a>, openapi: &mut OpenAPI, members: &'a Members) {
        let is_old = self.dialect(at) == Dialect::Swagger2;
        // Bodies and responses depend on these, wherever they stand.
        self.consumes = self
            .media_types(at, members, "consumes")
            .unwrap_or_default();
        self.produces = self
            .media_types(at, members, "produces")
            .unwrap_or_default();
        match members.get("info") {
            Some(value) => openapi.info = self.info(&at.step("info"), value),
            None => {
                self.issues.warn(
                    at,
                    Code::MissingPart,
                    "the document has no `info`; its title is read as \"API\"",
                );
                openapi.info = unnamed();
            }
        }
        let section = |key: &str| ComponentKind::of_swagger_section(key).filter(|_| is_old);
        for (key, value) in members {
            let at = &at.step(key);
            match key.as_str() {
                "openapi" | "swagger" | "info" | "consumes" | "produces" | "host" | "basePath"
                | "schemes" | "$self" | "$schema" | "$id" | "jsonSchemaDialect" | "id" => {}
                "paths" => openapi.paths = self.paths(at, value),
                "servers" => openapi.servers = self.servers(at, value),
                "security" => openapi.security = Some(self.security(at, value)),
                "tags" => {
                    for (at, item) in self.items(at, value) {
                        openapi.tags.extend(self.tag(&at, item));
                    }
                }
                "externalDocs" => openapi.external_docs = self.external_docs(at, value),
                // Selectors name operations of paths, so that no webhook is selected.
                "webhooks" if !self.selected.keeps_webhooks() => {}
                "webhooks" => {
                    self.pass_over(at, value);
                    self.issues.warn(
                        at,
                        Code::Ignored,
                        "webhooks are not generated; `webhooks` is ignored",
                    );
                }
                "components" if !is_old => self.sections(at, value),
                _ if let Some(kind) = section(key) => self.section(at, value, kind),
                // No dialect defines these here; schemas in them are read where references lead to them.
                "$defs" | "definitions" => {}
                _ if key.starts_with("x-") => {
                    openapi.extensions.insert(key.clone(), value.clone());
                }
                _ => self.issues.unknown_key(at, key, keywords::DOCUMENT),
            }
        }
        let has_others = ["webhooks", "components"]
            .iter()
            .any(|key| members.contains_key(*key));
        let may_lack_paths = self.dialect(at) == Dialect::V31 && has_others;
        if !members.contains_key("paths") && !may_lack_paths {
            self.issues.warn(
                at,
                Code::MissingPart,
                "the document has no `paths`; it is read as one without operations",
            );
        }
        if is_old && openapi.servers.is_empty() {
            openapi.servers = self.old_servers(at, members);
        }
    }

    fn sections(&mut self, at: &Cursor<'_, 'a>, value: &'a Value) {
        for (at, key, value) in values::entries(&mut self.issues, at, value) {
            match (ComponentKind::of_section(key), key) {
                // Read where something refers to them, or not part of an SDK.
                (Some(ComponentKind::PathItem), _)
                | (None, "examples" | "links" | "callbacks" | "mediaTypes") => {}
                (Some(kind), _) => self.section(&at, value, kind),
                (None, _) if key.starts_with("x-") => {
                    let extensions = &mut self.builder.components.extensions;
                    extensions.insert(key.to_owned(), value.clone());
                }
                (None, _) => self.issues.unknown_key(&at, key, keywords::COMPONENTS),
            }
        }
    }

    /// Reads the components of one section.
    fn section(&mut self, at: &Cursor<'_, 'a>, value: &'a Value, kind: ComponentKind) {
        let is_old = self.dialect(at) == Dialect::Swagger2;
        for (at, name, node) in values::entries(&mut self.issues, at, value) {
            if !self.selected.keeps_component(kind) {
                continue;
            }
            let is_body = node.as_object().is_some_and(is_body);
            let kind = match kind {
                ComponentKind::Parameter if is_body => ComponentKind::RequestBody,
                kind => kind,
            };
            if is_old {
                let target = component_pointer(kind, name);
                let at = self.builder.place(&at, target);
                self.component(&at, kind, name, node);
            } else {
                self.component(&at, kind, name, node);
            }
        }
    }

    /// Reads a node that is queued to become a component.
    fn pending(&mut self, root: &Cursor<'_, 'a>, pending: Pending<'a>) {
        let Pending {
            kind,
            name,
            path,
            node,
        } = pending;
        let at = self
            .builder
            .jump(root, path, component_pointer(kind, &name));
        self.component(&at, kind, &name, node);
    }

    fn component(&mut self, at: &Cursor<'_, 'a>, kind: ComponentKind, name: &str, node: &'a Value) {
        let name = name.to_owned();
        if kind == ComponentKind::Schema {
            let schema = self.schema_here(at, node);
            self.builder.components.schemas.insert(name, schema);
            return;
        }
        if let Some(Value::String(reference)) = node.get("$ref") {
            let reference = match self.link(at, reference, kind) {
                Ok(reference) => reference,
                Err(miss) => {
                    self.unreadable.insert((kind, name));
                    return self.issues.report(&at.step("$ref"), miss);
                }
            };
            self.alias(kind, name, reference);
            return;
        }
        let Some(members) = values::members(&mut self.issues, at, node) else {
            self.unreadable.insert((kind, name));
            return;
        };
        match kind {
            ComponentKind::Response => {
                let types = self.produces.clone();
                let response = ReferenceOr::Item(self.own_response(at, members, &types));
                self.builder.components.responses.insert(name, response);
            }
            // A field of a form is read where a form has it.
            ComponentKind::Parameter if is_field(members) => {}
            ComponentKind::Parameter => {
                if let Some(parameter) = self.parameter(at, members) {
                    let parameter = ReferenceOr::Item(parameter);
                    self.builder.components.parameters.insert(name, parameter);
                } else {
                    self.unreadable.insert((kind, name));
                }
            }
            ComponentKind::RequestBody => {
                let body = if is_body(members) {
                    let types = self.consumes.clone();
                    self.body_parameter(at, members, &types)
                } else {
                    self.own_request_body(at, members)
                };
                self.builder
                    .components
                    .request_bodies
                    .insert(name, ReferenceOr::Item(body));
            }
            ComponentKind::Header => {
                let header = ReferenceOr::Item(self.header(at, members, &name));
                self.builder.components.headers.insert(name, header);
            }
            ComponentKind::SecurityScheme => {
                if let Some(scheme) = self.security_scheme(at, members) {
                    let scheme = ReferenceOr::Item(scheme);
                    self.builder
                        .components
                        .security_schemes
                        .insert(name, scheme);
                }
            }
            ComponentKind::Schema | ComponentKind::PathItem => {}
        }
    }

    fn alias(&mut self, kind: ComponentKind, name: String, reference: String) {
        fn insert<T>(
            section: &mut IndexMap<String, ReferenceOr<T>>,
            name: String,
            reference: String,
        ) {
            section.insert(name, ReferenceOr::Reference { reference });
        }
        let components = &mut self.builder.components;
        match kind {
            ComponentKind::Response => insert(&mut components.responses, name, reference),
            ComponentKind::Parameter => insert(&mut components.parameters, name, reference),
            ComponentKind::RequestBody => insert(&mut components.request_bodies, name, reference),
            ComponentKind::Header => insert(&mut components.headers, name, reference),
            ComponentKind::SecurityScheme => {
                insert(&mut components.security_schemes, name, reference);
            }
            ComponentKind::Schema | ComponentKind::PathItem => {}
        }
    }

    fn info(&mut self, at: &Cursor<'_, 'a>, value: &'a Value) -> Info {
        let mut info = unnamed();
        let Some(members) = values::members(&mut self.issues, at, value) else {
            return info;
        };
        // No dialect permits a reference here, but its meaning is obvious.
        if let Some(Value::String(reference)) = members.get("$ref") {
            match self.end_of(at, reference) {
                Some((path, node)) if node.get("$ref").is_none() => {
                    self.issues.warn(
                        &at.step("$ref"),
                        Code::Misplaced,
                        "`info` must not be a reference; its target is read",
                    );
                    let target = at.target();
                    let path = path.as_ref().clone();
                    return {
                        let at = &self.builder.jump(at, path, target);
                        self.info(at, node)
                    };
                }
                _ => self.issues.warn(
                    &at.step("$ref"),
                    Code::LeftOut,
                    format!("`{reference}` is not an `info` object; the title is read as \"API\""),
                ),
            }
            return info;
        }
        for (key, value) in members {
            let at = &at.step(key);
            match key.as_str() {
                "title" => {
                    info.title = values::text(&mut self.issues, at, value).unwrap_or(info.title)
                }
                "version" => {
                    info.version = values::text(&mut self.issues, at, value).unwrap_or(info.version)
                }
                "description" => info.description = values::text(&mut self.issues, at, value),
                "summary" => {
                    if !members.contains_key("description") {
                        info.description = values::text(&mut self.issues, at, value);
                    }
                }
                "termsOfService" => {
                    info.terms_of_service = values::text(&mut self.issues, at, value)
                }
                "contact" => {
                    let mut contact = Contact::default();
                    for (ref at, key, value) in values::fields(&mut self.issues, at, value) {
                        match key {
                            "name" => contact.name = values::text(&mut self.issues, at, value),
                            "url" => contact.url = values::text(&mut self.issues, at, value),
                            "email" => contact.email = values::text(&mut self.issues, at, value),
                            _ => self.issues.unknown_key(at, key, &["name", "url", "email"]),
                        }
                    }
                    info.contact = Some(contact);
                }
                "license" => {
                    let mut license = License::default();
                    if let Value::String(name) = value {
                        self.issues.warn(
                            at,
                            Code::WrongShape,
                            "expected a license object, found a string; it is read as the name",
                        );
                        license.name.clone_from(name);
                    } else {
                        for (ref at, key, value) in values::fields(&mut self.issues, at, value) {
                            match key {
                                "name" => {
                                    license.name = values::text(&mut self.issues, at, value)
                                        .unwrap_or_default()
                                }
                                "url" => license.url = values::text(&mut self.issues, at, value),
                                "identifier" => {
                                    let id = values::text(&mut self.issues, at, value)
                                        .unwrap_or_default();
                                    license
                                        .extensions
                                        .insert("x-identifier".to_owned(), id.into());
                                }
                                _ => {
                                    self.issues
                                        .unknown_key(at, key, &["name", "url", "identifier"])
                                }
                            }
                        }
                    }
                    info.license = Some(license);
                }
                _ if key.starts_with("x-") => {
                    info.extensions.insert(key.clone(), value.clone());
                }
                _ => self.issues.unknown_key(at, key, keywords::INFO),
            }
        }
        for (key, assumed) in [("title", "\"API\""), ("version", "\"0\"")] {
            if !members.contains_key(key) {
                let message = format!("`info` has no `{key}`; it is read as {assumed}");
                self.issues.warn(at, Code::MissingPart, message);
            }
        }
        info
    }

    fn tag(&mut self, at: &Cursor<'_, 'a>, value: &'a Value) -> Option<Tag> {
        let mut tag = Tag::default();
        if let Value::String(name) = value {
            self.issues.warn(
                at,
                Code::WrongShape,
                "expected a tag object, found a string; it is read as the name",
            );
            tag.name.clone_from(name);
            return Some(tag);
        }
        for (key, value) in values::members(&mut self.issues, at, value)? {
            let at = &at.step(key);
            match key.as_str() {
                "name" => tag.name = values::text(&mut self.issues, at, value).unwrap_or_default(),
                "description" => tag.description = values::text(&mut self.issues, at, value),
                "summary" => {
                    tag.description = tag
                        .description
                        .or_else(|| values::text(&mut self.issues, at, value))
                }
                "externalDocs" => tag.external_docs = self.external_docs(at, value),
                "parent" | "kind" => {}
                _ if key.starts_with("x-") => {
                    tag.extensions.insert(key.clone(), value.clone());
                }
                _ => self.issues.unknown_key(at, key, keywords::TAG),
            }
        }
        if tag.name.is_empty() {
            self.issues
                .warn(at, Code::LeftOut, "the tag has no `name`; it is ignored");
            return None;
        }
        Some(tag)
    }

    fn external_docs(
        &mut self,
        at: &Cursor<'_, 'a>,
        value: &'a Value,
    ) -> Option<ExternalDocumentation> {
        let mut docs = ExternalDocumentation::default();
        for (ref at, key, value) in values::fields(&mut self.issues, at, value) {
            match key {
                "url" => docs.url = values::text(&mut self.issues, at, value).unwrap_or_default(),
                "description" => docs.description = values::text(&mut self.issues, at, value),
                _ => self.issues.unknown_key(at, key, &["url", "description"]),
            }
        }
        Some(docs).filter(|docs| !docs.url.is_empty())
    }
}

/// The pointer to a component in the result.
fn component_pointer(kind: ComponentKind, name: &str) -> Pointer {
    Pointer::root().join_all(["components", kind.section(), name])
}

fn unnamed() -> Info {
    Info {
        title: "API".to_owned(),
        version: "0".to_owned(),
        ..Info::default()
    }
}
