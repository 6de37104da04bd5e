//! The typed description to the neutral model.

use indexmap::IndexMap;
use openapiv3::{
    Operation as Declared, Parameter as DeclaredParameter, ParameterData, ParameterSchemaOrContent,
    PathItem, PathStyle, QueryStyle, ReferenceOr,
};

use super::{
    Api, Group, Operation, Owner, Parameter, ParameterPlace, Permissions, Type, TypeId, TypeKind,
    boxes, order, paging,
    schema::{ITEM, Schemas, Site},
};
use crate::{
    config::Config,
    diagnostics::Sink,
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
        components: resolved.openapi.components.as_ref(),
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
    boxes::check_aliases(&api, sink);
    mark_patches(&mut api);
    order::sort(&mut api);
    boxes::place(&mut api);
    paging::resolve(&mut api, config, sink);
    api
}

pub(super) struct Lower<'a> {
    pub(super) resolved: &'a Resolved<'a>,
    pub(super) schemas: Schemas<'a>,
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
        let operation_at = at.clone();
        let mut lower_all = |declared: Vec<(_, Pointer)>| -> Vec<Parameter> {
            let lowered = declared.into_iter();
            lowered
                .filter_map(|(parameter, at)| self.parameter(&id, &operation_at, parameter, &at))
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
        self.say_what_is_left_out(item, declared, path_at, &at);
        let body = self.body(&id, declared, &at);
        let (success, failures) = self.responses(&id, declared, &at);
        let permissions = self.permissions(declared, &at);
        let idempotent = self.is_idempotent(&id, method);
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
            idempotent,
            // Said when all types are final.
            pagination: None,
            pointer: at,
            id,
        });
    }

    fn parameter(
        &mut self,
        operation: &str,
        operation_at: &Pointer,
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
        if let DeclaredParameter::Query {
            allow_reserved: true,
            ..
        } = declared
        {
            let what = format!("`allowReserved` of the parameter `{}`", data.name);
            self.schemas
                .unsupported(&what, &declared_at.join("allowReserved"));
        }
        let is_set_elsewhere = ["accept", "content-type", "authorization"];
        if place == ParameterPlace::Header
            && is_set_elsewhere.contains(&data.name.to_ascii_lowercase().as_str())
        {
            let what = format!("the header parameter `{}`, as OpenAPI says,", data.name);
            self.schemas.ignored(&what, &declared_at);
            return None;
        }
        let (ty, default) =
            self.parameter_type((operation, operation_at), data, &declared_at, place)?;
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

    /// What an operation can have and an SDK does not.
    fn say_what_is_left_out(
        &mut self,
        item: &PathItem,
        declared: &Declared,
        path_at: &Pointer,
        at: &Pointer,
    ) {
        if !item.servers.is_empty() {
            self.schemas
                .unsupported("`servers` of a path", &path_at.join("servers"));
        }
        if !declared.servers.is_empty() {
            self.schemas
                .unsupported("`servers` of an operation", &at.join("servers"));
        }
        if !declared.callbacks.is_empty() {
            self.schemas.ignored("`callbacks`", &at.join("callbacks"));
        }
        if declared.security.as_ref().is_some_and(Vec::is_empty) {
            let what = "that the operation needs no login (a token is sent all the same)";
            self.schemas.ignored(what, &at.join("security"));
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

    fn parameter_type(
        &mut self,
        (operation, operation_at): (&str, &Pointer),
        data: &ParameterData,
        at: &Pointer,
        place: ParameterPlace,
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
        // A type declared by a parameter of the path is each operation's own: it is rendered with it.
        let is_of_path = tokens.len() == 4 && tokens[0] == "paths";
        let at = match is_of_path {
            true => &operation_at.join_all(["parameters", data.name.as_str()]),
            false => at,
        };
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
        let ty = self.unaliased(ty);
        if !self.is_textual(&ty, matches!(place, ParameterPlace::Query { .. })) {
            let what = format!(
                "the parameter `{}`, which is neither a scalar nor, in a query, a list of them,",
                data.name
            );
            self.schemas.unsupported(&what, &at.join("schema"));
        }
        let item = schema.as_item();
        let default = item.and_then(|schema| schema.schema_data.default.as_ref());
        Some((ty, default.map(ToString::to_string)))
    }

    /// The type behind aliases.
    fn unaliased(&self, mut ty: Type) -> Type {
        for _ in 0..self.schemas.types.len() {
            let Type::Named(id) = &ty else { break };
            let found = self.schemas.types.iter().find(|(known, _)| known == id);
            match found.map(|(_, definition)| &definition.kind) {
                Some(TypeKind::Alias(target)) => ty = target.clone(),
                _ => break,
            }
        }
        ty
    }

    /// Whether a value of the type is one text, or a list of them where a list may stand.
    fn is_textual(&self, ty: &Type, list: bool) -> bool {
        match ty {
            Type::Array(items) => list && self.is_textual(items, false),
            Type::Any | Type::FreeForm | Type::Map(_) | Type::Nullable(_) => false,
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
                self.schemas.unsupported(what, &at.join(key));
                None
            }
        }
    }
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
