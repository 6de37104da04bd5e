//! Builds the model of an API from its resolved description.

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;

use super::{
    boxes,
    ids::{self, Ids},
    order, paging, recursion,
    schema::Schemas,
    security, unions, usage,
};
use crate::{
    config::Config,
    diagnostics::{Code, Diagnostic, Sink},
    model::{
        Api, Body, BodyKind, Content, Group, Operation, Owner, Permissions, Response, ResponseEnum,
        Scheme, Type, TypeDef, TypeId, TypeKind,
    },
    openapi::{Pointer, path_template::Template},
    spec::{self, Requirement, Spec},
};

/// The group of operations that have no tag.
const UNTAGGED: &str = "Api";

/// Builds the model and runs its passes.
pub(crate) fn build(spec: &Spec, config: &Config, sink: &mut Sink) -> Api {
    let ids = ids::assign(spec, sink);
    let schemes = security::schemes(spec);
    let declared = spec.security.as_deref().unwrap_or_default();
    security::report_unknown(declared, &schemes, &Pointer::root(), sink);
    let mut schemas = Schemas::new(spec, config, sink);
    // By name: the schema that is lowered first can name a merged type.
    let mut components: Vec<_> = spec.components.iter().collect();
    components.sort_unstable_by_key(|(name, _)| *name);
    for (name, id) in components {
        schemas.declare_component(name, *id);
        schemas.finish();
    }
    let mut lower = Lower {
        spec,
        schemas,
        ids,
        schemes,
        operations: Vec::new(),
    };
    let mut template = Template::default();
    let mut path = None;
    // By path: what schemas inherit has a bound, and the order of the description must not decide
    // which of them exceed it.
    let mut operations: Vec<&spec::Operation> = spec.operations.iter().collect();
    operations.sort_by_key(|operation| (&operation.path, operation.method.as_str()));
    for operation in operations {
        if path != Some(&operation.path) {
            path = Some(&operation.path);
            template = lower.template(operation);
        }
        lower.operation(operation, &template);
    }
    let operations = lower.operations;
    let mut api = Api {
        title: spec.title.clone(),
        version: spec.version.clone(),
        description: spec.description.clone(),
        documentation: spec.documentation.clone(),
        groups: groups(spec, &operations),
        servers: security::servers(&spec.servers),
        security: security::security(declared, &lower.schemes),
        schemes: lower.schemes,
        operations,
        types: lower.schemas.types,
        request_types: BTreeSet::new(),
    };
    unions::distinguish_tags(&mut api.types, sink);
    recursion::resolve(&mut api, sink);
    usage::resolve(&mut api, config, sink);
    // What is not rendered has no say.
    unions::fix_tags(&mut api.types);
    mark_patches(&mut api);
    order::sort(&mut api);
    boxes::place(&mut api);
    paging::resolve(&mut api, config, sink);
    api
}

pub(super) struct Lower<'a> {
    spec: &'a Spec,
    pub(super) schemas: Schemas<'a>,
    ids: Ids<'a>,
    schemes: IndexMap<String, Scheme>,
    operations: Vec<Operation>,
}

impl<'a> Lower<'a> {
    fn template(&mut self, operation: &spec::Operation) -> Template {
        let template = Template::read(&operation.path);
        let at = operation.at.parent().unwrap_or_default();
        for repair in &template.repairs {
            let diagnostic = Diagnostic::new(Code::PathParameters, repair.as_str());
            self.schemas.sink.at(&at, diagnostic);
        }
        template
    }

    fn operation(&mut self, declared: &'a spec::Operation, template: &Template) {
        let key = (declared.method, declared.path.as_str());
        let Some(id) = self.ids.get(&key).cloned() else {
            return;
        };
        let at = declared.at.clone();
        let method = declared.method.as_str();
        let mut parameters = self.parameters(&id, template, declared);
        self.report_further_tags(declared);
        let body = self.body(&id, declared).map(|(body, fields)| {
            parameters.extend(fields);
            body
        });
        let (mut success_responses, failure_responses) = self.responses(&id, declared);
        self.schemas.finish();
        if method == "HEAD" {
            for success in &mut success_responses {
                success.content = Content::Empty;
            }
        }
        let first = success_responses[0].content.clone();
        let mut alternatives = match method {
            "HEAD" => Vec::new(),
            _ => self.alternatives(&id, declared, &first),
        };
        self.schemas.finish();
        let switch = body.as_ref().and_then(|body| self.stream_switch(body));
        for other in &mut alternatives {
            if matches!(other.content, Content::Events(_) | Content::JsonLines(_)) {
                other.switch.clone_from(&switch);
            }
        }
        let success_type =
            self.declare_response_enum(&id, &success_responses, &at, ResponseKind::Success);
        let failure_type =
            self.declare_response_enum(&id, &failure_responses, &at, ResponseKind::Failure);
        let permissions = self.permissions(declared);
        let idempotent = self.is_idempotent(&id, method);
        let security = declared.security.as_deref();
        let security = security.map(|security| self.security(security, &at));
        let server = self.own_server(declared);
        let mut tags = declared.tags.iter();
        let tag = tags.find(|tag| !tag.trim().is_empty());
        self.operations.push(Operation {
            tag: tag.map_or(UNTAGGED, String::as_str).to_owned(),
            method,
            path: template.path.clone(),
            fixed_query: template.fixed_query.clone(),
            summary: declared.summary.clone(),
            description: declared.description.clone(),
            deprecated: declared.deprecated,
            parameters,
            body,
            success_responses,
            success_type,
            alternatives,
            failure_responses,
            failure_type,
            permissions,
            security,
            server,
            idempotent,
            pageable: super::detect::pageable(&declared.extensions),
            // Resolved when all types are final.
            pagination: None,
            pointer: at,
            id,
        });
    }

    /// The URL of the operation's own server, if it is not the client's.
    fn own_server(&mut self, declared: &spec::Operation) -> Option<String> {
        // The operation's servers replace those of its path. Both can be relative to the client's.
        let servers = match declared.servers.is_empty() {
            true => &declared.path_servers,
            false => &declared.servers,
        };
        let usual = security::first_url(&self.spec.servers, None);
        let server = security::first_url(servers, usual.as_deref());
        if let (None, Some(first)) = (&server, servers.first()) {
            let message = format!(
                "the server `{}` is relative to an unknown URL; the client's server is used",
                first.url
            );
            self.schemas
                .simplified(message, &declared.at.join("servers"));
        }
        server.filter(|url| usual.as_ref() != Some(url))
    }

    /// Declares the enum of all success responses or all failure responses of an operation, if they
    /// carry different things.
    /// The boolean property of a JSON body that asks for a stream.
    fn stream_switch(&self, body: &Body) -> Option<String> {
        const NAME: &str = "stream";
        if body.kind != BodyKind::Json {
            return None;
        }
        let Type::Named(id) = self.schemas.unaliased(&body.ty) else {
            return None;
        };
        let TypeKind::Struct(structure) = &self.schemas.types.get(&id)?.kind else {
            return None;
        };
        let field = structure.fields.iter().find(|field| field.wire == NAME)?;
        (self.schemas.unaliased(&field.ty) == Type::Bool).then(|| NAME.to_owned())
    }

    fn declare_response_enum(
        &mut self,
        operation_id: &str,
        responses: &[Response],
        at: &Pointer,
        kind: ResponseKind,
    ) -> Option<TypeId> {
        let responses_at = at.join("responses");
        let (listed, step, word) = match kind {
            ResponseKind::Success => (responses.to_vec(), "successes", "outcome"),
            // All failures are one error; the enum holds the types of their bodies alone.
            ResponseKind::Failure => {
                let with_body =
                    |it: &&Response| matches!(it.content, Content::Json(_) | Content::Text);
                let with_body = responses.iter().filter(with_body).cloned();
                (with_body.collect(), "failures", "failure")
            }
        };
        let differs = |pair: &[Response]| pair[0].content != pair[1].content;
        if !listed.windows(2).any(differs) {
            return None;
        }
        let is_stream = |response: &Response| {
            matches!(response.content, Content::Events(_) | Content::JsonLines(_))
        };
        if responses.iter().any(is_stream) {
            let message =
                "a stream that is one of several responses is read to its end, as a string";
            self.schemas.simplified(message, &responses_at);
        }
        let definition = TypeDef {
            words: vec![operation_id.to_owned(), word.to_owned()],
            owner: Owner::Operation(operation_id.to_owned()),
            description: None,
            deprecated: false,
            kind: TypeKind::Responses(ResponseEnum {
                are_failures: kind == ResponseKind::Failure,
                responses: listed,
            }),
        };
        let type_id = TypeId(responses_at.join(step));
        self.schemas.types.insert(type_id.clone(), definition);
        Some(type_id)
    }

    fn security(&mut self, declared: &[Requirement], at: &Pointer) -> crate::model::Security {
        security::report_unknown(declared, &self.schemes, at, self.schemas.sink);
        match declared {
            // An empty list means that no authentication is needed.
            [] => vec![Vec::new()],
            _ => security::security(declared, &self.schemes),
        }
    }

    /// An operation belongs to the group of its first tag.
    fn report_further_tags(&mut self, declared: &spec::Operation) {
        for (index, tag) in declared.tags.iter().enumerate().skip(1) {
            let at = declared.at.join("tags").join(index.to_string());
            self.schemas
                .ignored(&format!("the tag `{tag}` after the first"), &at);
        }
    }

    /// Whether the HTTP method is idempotent or the configuration lists the operation.
    fn is_idempotent(&mut self, id: &str, method: &str) -> bool {
        let config = self.schemas.config;
        let by_method = !matches!(method, "PATCH" | "POST");
        let listed = config.is_idempotent(id);
        if by_method && listed {
            let message = format!("`{id}` is a {method}, which is idempotent without an entry");
            config.misfit("idempotent", id, message, self.schemas.sink);
        }
        by_method || listed
    }

    fn permissions(&mut self, declared: &spec::Operation) -> Option<Permissions> {
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
                self.schemas.ignored(what, &declared.at.join(key));
                None
            }
        }
    }
}

/// Which responses an enum lists.
#[derive(Clone, Copy, PartialEq, Eq)]
enum ResponseKind {
    Success,
    Failure,
}

fn groups(spec: &Spec, operations: &[Operation]) -> Vec<Group> {
    let declared = spec.tags.iter();
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
