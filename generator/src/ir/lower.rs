//! The typed description to the neutral model.

use indexmap::IndexMap;
use openapiv3::{
    Content, Operation as Declared, Parameter as DeclaredParameter, ParameterData,
    ParameterSchemaOrContent, PathItem, PathStyle, QueryStyle, ReferenceOr, Response, StatusCode,
};

use super::{
    Api, Body, Failure, Group, Operation, Owner, Parameter, ParameterPlace, Permissions, Struct,
    Success, Type, TypeId, TypeKind, boxes, order,
    schema::{ITEM, Schemas, Site},
};
use crate::{
    config::{Config, Pagination},
    diagnostics::{Code, Diagnostic, Sink},
    pointer::Pointer,
    resolve::{Resolved, WrongSection},
};

/// The group of operations that have no tag.
const UNTAGGED: &str = "Api";

/// Builds the model and runs its passes.
pub(crate) fn build(resolved: &Resolved<'_>, config: &Config, sink: &mut Sink) -> Api {
    let mut schemas = Schemas {
        config,
        sink,
        types: Vec::new(),
    };
    if let Some(components) = &resolved.openapi.components {
        for (name, schema) in &components.schemas {
            schemas.declare_component(name, schema);
        }
    }
    let mut lower = Lower {
        resolved,
        schemas,
        operations: Vec::new(),
    };
    for (path, item) in &resolved.openapi.paths.paths {
        lower.path(path, item);
    }
    let operations = lower.operations;
    let mut api = Api {
        title: resolved.openapi.info.title.clone(),
        version: resolved.openapi.info.version.clone(),
        groups: groups(resolved, &operations),
        operations,
        // A parameter used by several operations is met once for each of them.
        types: lower.schemas.types.into_iter().collect::<IndexMap<_, _>>(),
    };
    check_aliases(&api, sink);
    mark_patches(&mut api);
    order::sort(&mut api);
    boxes::place(&mut api);
    check_pagination(&api, config, sink);
    api
}

struct Lower<'a> {
    resolved: &'a Resolved<'a>,
    schemas: Schemas<'a>,
    operations: Vec<Operation>,
}

impl<'a> Lower<'a> {
    fn path(&mut self, path: &str, item: &'a ReferenceOr<PathItem>) {
        let at = Pointer::root().join_all(["paths", path]);
        let ReferenceOr::Item(item) = item else {
            self.schemas.unsupported("a reference to a path item", &at);
            return;
        };
        for (method, operation) in item.iter() {
            let method = match method {
                "get" => "GET",
                "put" => "PUT",
                "post" => "POST",
                "delete" => "DELETE",
                "options" => "OPTIONS",
                "head" => "HEAD",
                "patch" => "PATCH",
                _ => "TRACE",
            };
            self.operation(path, method, item, operation, &at);
        }
    }

    fn operation(
        &mut self,
        path: &str,
        method: &'static str,
        item: &'a PathItem,
        declared: &'a Declared,
        path_at: &Pointer,
    ) {
        let at = path_at.join(method.to_ascii_lowercase());
        // A missing id is reported by lint; nothing is rendered then.
        let id = declared.operation_id.clone().unwrap_or_default();
        let shared = item
            .parameters
            .iter()
            .enumerate()
            .map(|(index, parameter)| {
                (
                    parameter,
                    path_at.join("parameters").join(index.to_string()),
                )
            });
        let own = declared
            .parameters
            .iter()
            .enumerate()
            .map(|(index, parameter)| (parameter, at.join("parameters").join(index.to_string())));
        let mut lower_all = |declared: Vec<(_, Pointer)>| -> Vec<Parameter> {
            let lowered = declared.into_iter();
            lowered
                .filter_map(|(parameter, at)| self.parameter(&id, parameter, &at))
                .collect()
        };
        let mut parameters = lower_all(shared.collect());
        let own = lower_all(own.collect());
        // An operation's own parameter replaces the path's of the same name and place.
        parameters.retain(|shared| !own.iter().any(|own| own.is_same(shared)));
        parameters.extend(own);
        parameters.sort_by_key(|parameter| match parameter.place {
            ParameterPlace::Path => path.find(&format!("{{{}}}", parameter.name)),
            ParameterPlace::Query { .. } | ParameterPlace::Header => Some(usize::MAX),
        });
        let body = self.body(&id, declared, &at);
        let (success, failures) = self.responses(&id, declared, &at);
        let config = self.schemas.config;
        let permissions = self.permissions(declared, &at);
        self.operations.push(Operation {
            tag: declared
                .tags
                .first()
                .map_or(UNTAGGED, String::as_str)
                .to_owned(),
            method,
            path: path.to_owned(),
            summary: declared.summary.clone(),
            description: declared.description.clone(),
            deprecated: declared.deprecated,
            parameters,
            body,
            success,
            failures,
            permissions,
            pagination: config.pagination_of(&id).cloned(),
            pointer: at,
            id,
        });
    }

    fn parameter(
        &mut self,
        operation: &str,
        item: &'a ReferenceOr<DeclaredParameter>,
        at: &Pointer,
    ) -> Option<Parameter> {
        let (declared, declared_at) = self.follow(self.resolved.parameter(item, at))?;
        let name = &declared.parameter_data_ref().name;
        let place = match declared {
            DeclaredParameter::Path {
                style: PathStyle::Simple,
                ..
            } => ParameterPlace::Path,
            DeclaredParameter::Query {
                style: QueryStyle::Form,
                parameter_data,
                ..
            } => ParameterPlace::Query {
                exploded: parameter_data.explode.unwrap_or(true),
            },
            DeclaredParameter::Header { .. } => ParameterPlace::Header,
            DeclaredParameter::Cookie { .. } => {
                self.schemas
                    .unsupported(&format!("the cookie parameter `{name}`"), &declared_at);
                return None;
            }
            DeclaredParameter::Path { .. } | DeclaredParameter::Query { .. } => {
                let what = format!("the style of the parameter `{name}`");
                self.schemas.unsupported(&what, &declared_at.join("style"));
                return None;
            }
        };
        let data = declared.parameter_data_ref();
        let (ty, default) = self.parameter_type(operation, data, &declared_at)?;
        Some(Parameter {
            name: data.name.clone(),
            place,
            required: data.required || place == ParameterPlace::Path,
            ty,
            description: data.description.clone(),
            deprecated: data.deprecated.unwrap_or(false),
            default,
            pointer: at.clone(),
        })
    }

    /// What a reference leads to; one that leads to something else is reported.
    fn follow<T>(&mut self, found: Result<T, WrongSection>) -> Option<T> {
        found
            .map_err(|wrong| self.schemas.sink.at(&wrong.at, wrong.diagnostic))
            .ok()
    }

    fn parameter_type(
        &mut self,
        operation: &str,
        data: &ParameterData,
        at: &Pointer,
    ) -> Option<(Type, Option<String>)> {
        let ParameterSchemaOrContent::Schema(schema) = &data.format else {
            let what = format!("the parameter `{}`, which has `content`,", data.name);
            self.schemas.unsupported(&what, &at.join("content"));
            return None;
        };
        let tokens: Vec<&str> = at.tokens().collect();
        let (owner, words) = match tokens.as_slice() {
            ["components", "parameters", name] => (
                Owner::Component((*name).to_owned()),
                vec![(*name).to_owned()],
            ),
            _ => (
                Owner::Operation(operation.to_owned()),
                vec![operation.to_owned(), data.name.clone()],
            ),
        };
        let shared = matches!(owner, Owner::Component(_));
        let site = Site {
            at: at.join("schema"),
            words,
            owner,
        };
        let known = self.schemas.types.len();
        let ty = self.schemas.lower(schema, &site);
        if shared {
            // The component names one value, not the list of them.
            for (_, definition) in &mut self.schemas.types[known..] {
                definition.words.retain(|word| word != ITEM);
            }
        }
        if !self.is_textual(&ty, true) {
            let what = format!(
                "the parameter `{}`, which is neither a scalar nor a list of them,",
                data.name
            );
            self.schemas.unsupported(&what, &at.join("schema"));
        }
        let item = schema.as_item();
        let default = item.and_then(|schema| schema.schema_data.default.as_ref());
        Some((ty, default.map(ToString::to_string)))
    }

    /// Whether a value of the type is one text, or a list of them where a list may stand.
    fn is_textual(&self, ty: &Type, list: bool) -> bool {
        match ty {
            Type::Array(items) => list && self.is_textual(items, false),
            Type::Any | Type::FreeForm | Type::Map(_) => false,
            Type::Named(id) => {
                let found = self.schemas.types.iter().find(|(known, _)| known == id);
                match found.map(|(_, definition)| &definition.kind) {
                    Some(TypeKind::Enum(_)) => true,
                    Some(TypeKind::Alias(ty)) => self.is_textual(ty, list),
                    Some(TypeKind::Struct(_)) | None => false,
                }
            }
            _ => true,
        }
    }

    fn body(&mut self, id: &str, declared: &'a Declared, at: &Pointer) -> Option<Body> {
        let item = declared.request_body.as_ref()?;
        let (body, at) = self.follow(self.resolved.request_body(item, &at.join("requestBody")))?;
        let ty = self.content(
            &body.content,
            &at,
            vec![id.to_owned(), "body".to_owned()],
            id,
        );
        Some(Body {
            ty: ty.unwrap_or(Type::Any),
            required: body.required,
            description: body.description.clone(),
        })
    }

    fn responses(
        &mut self,
        id: &str,
        declared: &'a Declared,
        at: &Pointer,
    ) -> (Success, Vec<Failure>) {
        let at = at.join("responses");
        let mut successes: Vec<Success> = Vec::new();
        let mut failures = Vec::new();
        for (status, response) in &declared.responses.responses {
            let (name, is_success) = match status {
                StatusCode::Code(code) => (code.to_string(), (200..300).contains(code)),
                StatusCode::Range(range) => (format!("{range}XX"), *range == 2),
            };
            let found = self.response(id, &name, response, &at.join(name.as_str()));
            let Some((ty, description)) = found else {
                continue;
            };
            if is_success {
                successes.push(Success {
                    status: name,
                    ty,
                    description,
                });
            } else {
                failures.push(Failure {
                    status: name,
                    ty,
                    description,
                });
            }
        }
        successes.sort_by(|a, b| a.status.cmp(&b.status));
        failures.sort_by(|a, b| a.status.cmp(&b.status));
        if let Some(response) = &declared.responses.default
            && let Some((ty, description)) =
                self.response(id, "default", response, &at.join("default"))
        {
            failures.push(Failure {
                status: "default".to_owned(),
                ty,
                description,
            });
        }
        if let [first, rest @ ..] = successes.as_slice()
            && rest.iter().any(|other| other.ty != first.ty)
        {
            self.schemas
                .unsupported("more than one kind of success", &at);
        }
        let success = successes.into_iter().next().unwrap_or_else(|| Success {
            status: "2XX".to_owned(),
            ty: None,
            description: "Done; the description declares no success.".to_owned(),
        });
        (success, failures)
    }

    fn response(
        &mut self,
        id: &str,
        status: &str,
        item: &'a ReferenceOr<Response>,
        at: &Pointer,
    ) -> Option<(Option<Type>, String)> {
        let (response, at) = self.follow(self.resolved.response(item, at))?;
        // A name that no other response of the operation can have.
        let word = match status {
            "200" => "response".to_owned(),
            other => format!("response {other}"),
        };
        let ty = self.content(&response.content, &at, vec![id.to_owned(), word], id);
        Some((ty, response.description.clone()))
    }

    /// The type of JSON content; `None` if there is no content at all.
    fn content(
        &mut self,
        content: &'a Content,
        at: &Pointer,
        words: Vec<String>,
        operation: &str,
    ) -> Option<Type> {
        let at = at.join("content");
        let json = content.iter().find(|(name, _)| is_json(name));
        let Some((name, media)) = json else {
            if !content.is_empty() {
                let names: Vec<&str> = content.keys().map(String::as_str).collect();
                self.schemas.unsupported(
                    &format!("content that is not JSON ({})", names.join(", ")),
                    &at,
                );
            }
            return None;
        };
        let Some(schema) = &media.schema else {
            return Some(Type::Any);
        };
        let tokens: Vec<&str> = at.tokens().take(3).collect();
        let (owner, words) = match tokens.as_slice() {
            ["components", _, shared] => (
                Owner::Component((*shared).to_owned()),
                vec![(*shared).to_owned()],
            ),
            _ => (Owner::Operation(operation.to_owned()), words),
        };
        let site = Site {
            at: at.join(name.as_str()).join("schema"),
            words,
            owner,
        };
        Some(self.schemas.lower(schema, &site))
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
                self.schemas.unsupported(what, &at.join(key));
                None
            }
        }
    }
}

fn is_json(media_type: &str) -> bool {
    let essence = media_type
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    essence == "application/json" || essence.ends_with("+json")
}

fn groups(resolved: &Resolved<'_>, operations: &[Operation]) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for operation in operations {
        if groups.iter().all(|group| group.tag != operation.tag) {
            let declared = resolved
                .openapi
                .tags
                .iter()
                .find(|tag| tag.name == operation.tag);
            groups.push(Group {
                tag: operation.tag.clone(),
                description: declared.and_then(|tag| tag.description.clone()),
            });
        }
    }
    groups
}

fn mark_patches(api: &mut Api) {
    let patched: Vec<TypeId> = api
        .operations
        .iter()
        .filter(|operation| operation.method == "PATCH")
        .filter_map(|operation| match &operation.body.as_ref()?.ty {
            Type::Named(id) => Some(id.clone()),
            Type::Array(items) => match &**items {
                Type::Named(id) => Some(id.clone()),
                _ => None,
            },
            _ => None,
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

/// What a pagination entry names must be there.
fn check_pagination(api: &Api, config: &Config, sink: &mut Sink) {
    for operation in &api.operations {
        let Some(pagination) = &operation.pagination else {
            continue;
        };
        let in_query = |name: &str| operation.parameters.iter().any(|known| known.name == name);
        let response = operation.success.ty.as_ref();
        let in_response = |path: &str| response.is_some_and(|ty| has_property(api, ty, path));
        let body = operation.body.as_ref().map(|body| &body.ty);
        let in_body = |path: &str| body.is_some_and(|ty| has_property(api, ty, path));
        let (inputs, input_found, outputs): (_, &dyn Fn(&str) -> bool, _) = match pagination {
            Pagination::Page {
                number,
                size,
                items,
                count,
            } => {
                let outputs = vec![Some(items), count.as_ref()];
                (vec![number, size], &in_query, outputs)
            }
            Pagination::Body {
                number,
                size,
                items,
                count,
            } => (
                vec![number, size],
                &in_body,
                vec![Some(items), count.as_ref()],
            ),
            Pagination::Cursor {
                cursor: input,
                next,
                items,
            }
            | Pagination::Keyset {
                after: input,
                next,
                items,
            } => (vec![input], &in_query, vec![Some(next), Some(items)]),
        };
        let missing_input = inputs.into_iter().find(|name| !input_found(name));
        let missing_output = outputs
            .into_iter()
            .flatten()
            .find(|name| !in_response(name.as_str()));
        for (what, name) in [
            ("input", missing_input),
            ("response property", missing_output),
        ] {
            if let Some(name) = name {
                let message = format!("`{}` has no {what} `{name}` to page by", operation.id);
                config.misfit("pagination", &operation.id, message, sink);
            }
        }
    }
}

/// Whether a type has a property; `parent.child` for a nested one.
fn has_property(api: &Api, ty: &Type, path: &str) -> bool {
    let Some(structure) = structure(api, ty) else {
        return false;
    };
    let (name, rest) = match path.split_once('.') {
        Some((name, rest)) => (name, Some(rest)),
        None => (path, None),
    };
    structure
        .fields
        .iter()
        .find(|field| field.wire == name)
        .is_some_and(|field| rest.is_none_or(|rest| has_property(api, &field.ty, rest)))
}

/// The struct a type stands for, seen through aliases; circular ones have been reported.
fn structure<'a>(api: &'a Api, ty: &'a Type) -> Option<&'a Struct> {
    let mut ty = ty;
    for _ in 0..=api.types.len() {
        let Type::Named(id) = ty else { return None };
        match &api.types.get(id)?.kind {
            TypeKind::Struct(structure) => return Some(structure),
            TypeKind::Alias(target) => ty = target,
            TypeKind::Enum(_) => return None,
        }
    }
    None
}

/// A list or map that holds itself, with no object between, is no type in Rust.
fn check_aliases(api: &Api, sink: &mut Sink) {
    for id in api.types.keys() {
        let mut seen: Vec<&TypeId> = Vec::new();
        let mut next = Some(id);
        while let Some(current) = next {
            if seen.contains(&current) {
                if current == id {
                    let message =
                        "a list or map of itself, with no object between, is not supported";
                    sink.at(&id.0, Diagnostic::new(Code::Unsupported, message));
                }
                break;
            }
            seen.push(current);
            next = match api.types.get(current).map(|definition| &definition.kind) {
                Some(TypeKind::Alias(ty)) => innermost(ty),
                _ => None,
            };
        }
    }
}

fn innermost(ty: &Type) -> Option<&TypeId> {
    match ty {
        Type::Array(inner) | Type::Map(inner) => innermost(inner),
        Type::Named(id) => Some(id),
        _ => None,
    }
}
