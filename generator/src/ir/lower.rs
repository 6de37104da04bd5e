//! The typed description to the neutral model.

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;
use openapiv3::{Operation as Declared, PathItem, ReferenceOr, SecurityRequirement};

use super::{
    Api, Content, Group, Operation, Outcome, Outcomes, Owner, Permissions, Scheme, Type, TypeDef,
    TypeId, TypeKind,
    blends::Blends,
    boxes,
    ids::{self, Ids},
    order, paging, recursion,
    schema::Schemas,
    security,
    template::Template,
    unions::{self, Bases},
    usage,
    worklist::Worklist,
};
use crate::{
    config::Config,
    diagnostics::{Code, Diagnostic, Sink},
    pointer::Pointer,
    resolve::{Resolved, WrongSection},
};

/// The group of operations that have no tag.
const UNTAGGED: &str = "Api";

/// Builds the model and runs its passes.
pub(crate) fn build(resolved: &Resolved<'_>, config: &Config, sink: &mut Sink) -> Api {
    let nothing = IndexMap::new();
    let components = resolved.openapi.components.as_ref();
    let components = components.map_or(&nothing, |components| &components.schemas);
    let ids = ids::assign(resolved.openapi, sink);
    let schemes = security::schemes(resolved.openapi);
    let declared = resolved.openapi.security.as_deref().unwrap_or_default();
    security::report_unknown(declared, &schemes, &Pointer::root(), sink);
    let mut schemas = Schemas {
        config,
        sink,
        types: IndexMap::new(),
        components,
        bases: Bases::find(components),
        blends: Blends::default(),
        worklist: Worklist::default(),
    };
    // By name: what is met first can name a type.
    let mut by_name: Vec<_> = components.iter().collect();
    by_name.sort_unstable_by_key(|(name, _)| *name);
    for (name, schema) in by_name {
        schemas.declare_component(name, schema);
        schemas.finish();
    }
    let mut lower = Lower {
        resolved,
        schemas,
        ids,
        schemes,
        operations: Vec::new(),
    };
    for (path, item) in &resolved.openapi.paths.paths {
        if let ReferenceOr::Item(item) = item {
            lower.path(path, item);
        }
    }
    let operations = lower.operations;
    let documentation = resolved.openapi.external_docs.as_ref();
    let mut api = Api {
        title: resolved.openapi.info.title.clone(),
        version: resolved.openapi.info.version.clone(),
        description: resolved.openapi.info.description.clone(),
        documentation: documentation.map(|documentation| documentation.url.clone()),
        groups: groups(resolved, &operations),
        servers: security::servers(&resolved.openapi.servers),
        security: security::security(declared, &lower.schemes),
        schemes: lower.schemes,
        operations,
        types: lower.schemas.types,
        made_by_callers: BTreeSet::new(),
    };
    unions::distinguish_tags(&mut api.types, sink);
    recursion::resolve(&mut api, sink);
    usage::resolve(&mut api, config, sink);
    mark_patches(&mut api);
    order::sort(&mut api);
    boxes::place(&mut api);
    paging::resolve(&mut api, config, sink);
    api
}

pub(super) struct Lower<'a> {
    pub(super) resolved: &'a Resolved<'a>,
    pub(super) schemas: Schemas<'a>,
    ids: Ids<'a>,
    schemes: IndexMap<String, Scheme>,
    operations: Vec<Operation>,
}

impl<'a> Lower<'a> {
    fn path(&mut self, path: &str, item: &'a PathItem) {
        let at = Pointer::root().join_all(["paths", path]);
        let template = Template::read(path);
        for repair in &template.repairs {
            let diagnostic = Diagnostic::new(Code::PathParameters, repair.as_str());
            self.schemas.sink.at(&at, diagnostic);
        }
        for (method, operation) in item.iter() {
            let Some(id) = self.ids.get(&(method, path)).cloned() else {
                continue;
            };
            self.operation(id, method, &template, item, operation, &at);
        }
    }

    fn operation(
        &mut self,
        id: String,
        method: &str,
        template: &Template,
        item: &'a PathItem,
        declared: &'a Declared,
        path_at: &Pointer,
    ) {
        let at = path_at.join(method);
        let method = capitals(method);
        let shared = (item.parameters.as_slice(), path_at);
        let mut parameters =
            self.parameters(&id, &at, template, shared, declared.parameters.as_slice());
        self.say_what_is_left_out(declared, &at);
        let body = self.body(&id, declared, &at).map(|(body, fields)| {
            parameters.extend(fields);
            body
        });
        let (mut successes, failures) = self.responses(&id, declared, &at);
        self.schemas.finish();
        if method == "HEAD" {
            for success in &mut successes {
                success.content = Content::Empty;
            }
        }
        let success_type = self.differing(&id, &successes, &at, Kind::Success);
        let failure_type = self.differing(&id, &failures, &at, Kind::Failure);
        let permissions = self.permissions(declared, &at);
        let idempotent = self.is_idempotent(&id, method);
        let security = declared
            .security
            .as_ref()
            .map(|security| self.security(security, &at));
        // Servers of its own stand in place of the path's, be they relative to the client's.
        let servers = match declared.servers.is_empty() {
            true => &item.servers,
            false => &declared.servers,
        };
        let usual = security::first_url(&self.resolved.openapi.servers, None);
        let server = security::first_url(servers, usual.as_deref());
        if server.is_none() && !servers.is_empty() {
            let url = &servers[0].url;
            let message = format!(
                "the server `{url}` is relative to one that is not known: the client's is used"
            );
            self.schemas.simplified(message, &at.join("servers"));
        }
        let server = server.filter(|url| usual.as_ref() != Some(url));
        self.operations.push(Operation {
            tag: declared
                .tags
                .iter()
                .find(|tag| !tag.trim().is_empty())
                .map_or(UNTAGGED, String::as_str)
                .to_owned(),
            method,
            path: template.path.clone(),
            fixed_query: template.fixed_query.clone(),
            summary: declared.summary.clone(),
            description: declared.description.clone(),
            deprecated: declared.deprecated,
            parameters,
            body,
            successes,
            success_type,
            failures,
            failure_type,
            permissions,
            security,
            server,
            idempotent,
            // Said when all types are final.
            pagination: None,
            pointer: at,
            id,
        });
    }

    /// The type of several outcomes that carry different things.
    fn differing(
        &mut self,
        id: &str,
        outcomes: &[Outcome],
        at: &Pointer,
        kind: Kind,
    ) -> Option<TypeId> {
        let differ = match kind {
            Kind::Success => outcomes
                .windows(2)
                .any(|pair| pair[0].content != pair[1].content),
            // Failures are all one error; only the types of their bodies can be told.
            Kind::Failure => {
                let contents = outcomes.iter().map(|outcome| &outcome.content);
                let told = contents.filter(|it| matches!(it, Content::Json(_) | Content::Text));
                let mut told: Vec<&Content> = told.collect();
                told.dedup();
                told.len() > 1
            }
        };
        if !differ {
            return None;
        }
        let (step, word) = match kind {
            Kind::Success => ("successes", "outcome"),
            Kind::Failure => ("failures", "failure"),
        };
        let id_of_type = TypeId(at.join_all(["responses", step]));
        let is_stream = |outcome: &Outcome| {
            matches!(outcome.content, Content::Events(_) | Content::JsonLines(_))
        };
        if outcomes.iter().any(is_stream) {
            let message = "a stream that is one of several responses is read to its end, as a text";
            self.schemas.simplified(message, &at.join("responses"));
        }
        let outcomes = outcomes.iter().filter(|outcome| {
            kind == Kind::Success || matches!(outcome.content, Content::Json(_) | Content::Text)
        });
        let definition = TypeDef {
            words: vec![id.to_owned(), word.to_owned()],
            owner: Owner::Operation(id.to_owned()),
            description: None,
            deprecated: false,
            kind: TypeKind::Outcomes(Outcomes {
                are_failures: kind == Kind::Failure,
                outcomes: outcomes.cloned().collect(),
            }),
        };
        self.schemas.types.insert(id_of_type.clone(), definition);
        Some(id_of_type)
    }

    fn security(&mut self, declared: &[SecurityRequirement], at: &Pointer) -> super::Security {
        security::report_unknown(declared, &self.schemes, at, self.schemas.sink);
        match declared {
            // No requirement at all: none is needed.
            [] => vec![Vec::new()],
            _ => security::security(declared, &self.schemes),
        }
    }

    /// What an operation can have and an SDK does not.
    fn say_what_is_left_out(&mut self, declared: &Declared, at: &Pointer) {
        if !declared.callbacks.is_empty() {
            self.schemas.ignored("`callbacks`", &at.join("callbacks"));
        }
        for (index, tag) in declared.tags.iter().enumerate().skip(1) {
            let at = at.join("tags").join(index.to_string());
            self.schemas
                .ignored(&format!("the tag `{tag}` after the first"), &at);
        }
    }

    /// What a reference leads to; one that leads to something else is reported.
    pub(super) fn follow<T>(&mut self, found: Result<T, WrongSection>) -> Option<T> {
        found
            .map_err(|wrong| self.schemas.sink.at(&wrong.at, wrong.diagnostic))
            .ok()
    }

    /// By its method, as HTTP has it, or because the configuration says so.
    fn is_idempotent(&mut self, id: &str, method: &str) -> bool {
        let config = self.schemas.config;
        let by_method = !matches!(method, "PATCH" | "POST");
        let listed = config.is_idempotent(id);
        if by_method && listed {
            let message = format!("`{id}` is idempotent without an entry: it is a {method}");
            config.misfit("idempotent", id, message, self.schemas.sink);
        }
        by_method || listed
    }

    fn permissions(&mut self, declared: &Declared, at: &Pointer) -> Option<Permissions> {
        let config = self.schemas.config;
        let (key, value) = config.permissions_of(&declared.extensions)?;
        let names: Option<Vec<String>> = value
            .get("permissions")
            .and_then(serde_json::Value::as_array)
            .and_then(|names| {
                names
                    .iter()
                    .map(|name| Some(name.as_str()?.to_owned()))
                    .collect()
            });
        let all = match value.get("type").and_then(serde_json::Value::as_str) {
            Some("ANY") => Some(false),
            Some("ALL") => Some(true),
            _ => None,
        };
        match (all, names) {
            (Some(all), Some(names)) => Some(Permissions { all, names }),
            _ => {
                let what = "a permission that is not {type: ANY or ALL, permissions: [..]}";
                self.schemas.ignored(what, &at.join(key));
                None
            }
        }
    }
}

/// Whether outcomes are those of successes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Success,
    Failure,
}

fn capitals(method: &str) -> &'static str {
    match method {
        "get" => "GET",
        "put" => "PUT",
        "post" => "POST",
        "delete" => "DELETE",
        "options" => "OPTIONS",
        "head" => "HEAD",
        "patch" => "PATCH",
        _ => "TRACE",
    }
}

fn groups(resolved: &Resolved<'_>, operations: &[Operation]) -> Vec<Group> {
    let declared = resolved.openapi.tags.iter();
    let described: BTreeMap<&str, &Option<String>> = declared
        .map(|tag| (tag.name.as_str(), &tag.description))
        .collect();
    let tags: BTreeSet<&str> = operations
        .iter()
        .map(|operation| operation.tag.as_str())
        .collect();
    tags.into_iter()
        .map(|tag| Group {
            tag: tag.to_owned(),
            description: described.get(tag).copied().cloned().flatten(),
        })
        .collect()
}

fn mark_patches(api: &mut Api) {
    let patched: Vec<TypeId> = api
        .operations
        .iter()
        .filter(|operation| operation.method == "PATCH")
        .filter_map(|operation| {
            let body = api.plain(&operation.body.as_ref()?.ty);
            let item = match body {
                Type::Array(items) => items,
                other => other,
            };
            api.structure(item).map(|(id, _)| id.clone())
        })
        .collect();
    for id in patched {
        if let Some(definition) = api.types.get_mut(&id)
            && let TypeKind::Struct(structure) = &mut definition.kind
        {
            structure.is_patch = true;
        }
    }
}
