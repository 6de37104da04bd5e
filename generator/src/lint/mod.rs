//! Rules a description must keep for an SDK to come out. Each reads, none changes.

use std::collections::{BTreeMap, BTreeSet};

use openapiv3::{OpenAPI, SecurityScheme};

use crate::{
    diagnostics::{Code, Diagnostic, Sink},
    ir::{Api, Operation, ParameterPlace, Type, TypeKind},
    pointer::Pointer,
};

/// Applies every rule.
pub(crate) fn lint(openapi: &OpenAPI, api: &Api, sink: &mut Sink) {
    paths_are_distinct(openapi, sink);
    logins_are_bearer_tokens(openapi, sink);
    operation_ids_are_there_and_distinct(api, sink);
    for operation in &api.operations {
        path_parameters_agree(operation, sink);
        parameters_are_distinct(operation, sink);
    }
    defaults_are_values(api, sink);
}

/// `/users/{id}` and `/users/{userId}` are one template.
fn paths_are_distinct(openapi: &OpenAPI, sink: &mut Sink) {
    let mut seen: BTreeMap<String, &String> = BTreeMap::new();
    let mut paths: Vec<&String> = openapi.paths.paths.keys().collect();
    paths.sort();
    for path in paths {
        let anonymous: String = split(path)
            .map(|(text, is_parameter)| if is_parameter { "{}" } else { text })
            .collect();
        if let Some(first) = seen.get(&anonymous) {
            let message = format!("`{path}` and `{first}` are the same template");
            let at = Pointer::root().join_all(["paths", path.as_str()]);
            sink.at(
                &at,
                Diagnostic::new(Code::DuplicatePath, message)
                    .help("put the operations of both under one of them"),
            );
        } else {
            seen.insert(anonymous, path);
        }
    }
}

/// The runtime sends a bearer token and nothing else.
fn logins_are_bearer_tokens(openapi: &OpenAPI, sink: &mut Sink) {
    let schemes = openapi
        .components
        .iter()
        .flat_map(|components| &components.security_schemes);
    for (name, scheme) in schemes {
        let is_bearer = match scheme.as_item() {
            Some(SecurityScheme::HTTP { scheme, .. }) => scheme.eq_ignore_ascii_case("bearer"),
            Some(SecurityScheme::APIKey { .. }) => false,
            Some(SecurityScheme::OAuth2 { .. } | SecurityScheme::OpenIDConnect { .. }) | None => {
                true
            }
        };
        if !is_bearer {
            let message =
                format!("the login `{name}`, which is no bearer token, is not supported yet");
            let at = Pointer::root().join_all(["components", "securitySchemes", name.as_str()]);
            sink.at(&at, Diagnostic::new(Code::Unsupported, message));
        }
    }
}

fn operation_ids_are_there_and_distinct(api: &Api, sink: &mut Sink) {
    let mut seen: BTreeMap<&str, &Operation> = BTreeMap::new();
    for operation in &api.operations {
        let label = format!("{} {}", operation.method, operation.path);
        if operation.id.is_empty() {
            let message = format!("{label} has no operationId");
            let diagnostic = Diagnostic::new(Code::MissingOperationId, message)
                .help("it names the method of the SDK: add one, such as `getUser`");
            sink.at(&operation.pointer, diagnostic);
        } else if let Some(first) = seen.insert(&operation.id, operation) {
            let message = format!(
                "the operationId `{}` of {label} is also that of {} {}",
                operation.id, first.method, first.path
            );
            let diagnostic =
                Diagnostic::new(Code::DuplicateOperationId, message).help("rename one of them");
            sink.at(&operation.pointer.join("operationId"), diagnostic);
        }
    }
}

fn path_parameters_agree(operation: &Operation, sink: &mut Sink) {
    let in_template: BTreeSet<&str> = split(&operation.path)
        .filter(|(_, is_parameter)| *is_parameter)
        .map(|(name, _)| name)
        .collect();
    let declared: BTreeSet<&str> = operation
        .parameters
        .iter()
        .filter(|parameter| parameter.place == ParameterPlace::Path)
        .map(|parameter| parameter.name.as_str())
        .collect();
    for name in in_template.difference(&declared) {
        let message = format!(
            "`{}` has `{{{name}}}` but no such parameter",
            operation.path
        );
        let diagnostic = Diagnostic::new(Code::PathParameters, message)
            .help(format!("declare a parameter `{name}` with `in: path`"));
        sink.at(&operation.pointer, diagnostic);
    }
    let of_path = operation.parameters.iter();
    for parameter in of_path.filter(|parameter| parameter.place == ParameterPlace::Path) {
        if !in_template.contains(parameter.name.as_str()) {
            let message = format!("`{}` has no place in `{}`", parameter.name, operation.path);
            let diagnostic = Diagnostic::new(Code::PathParameters, message)
                .help(format!("put `{{{}}}` into the path", parameter.name));
            sink.at(&parameter.pointer, diagnostic);
        }
    }
    let named = split(&operation.path)
        .filter(|(_, is_parameter)| *is_parameter)
        .count();
    if named > in_template.len() {
        let message = format!("a parameter stands twice in `{}`", operation.path);
        sink.at(
            &operation.pointer,
            Diagnostic::new(Code::PathParameters, message),
        );
    }
    if operation.path.contains(['?', '#']) {
        let message = format!("`{}` holds a query or a fragment", operation.path);
        let diagnostic = Diagnostic::new(Code::PathParameters, message)
            .help("declare query parameters as parameters");
        sink.at(&operation.pointer, diagnostic);
    }
    let braces = operation.path.matches(['{', '}']).count();
    if braces
        != 2 * split(&operation.path)
            .filter(|(_, is_parameter)| *is_parameter)
            .count()
    {
        let message = format!("the braces of `{}` do not match", operation.path);
        sink.at(
            &operation.pointer,
            Diagnostic::new(Code::PathParameters, message),
        );
    }
}

fn parameters_are_distinct(operation: &Operation, sink: &mut Sink) {
    let mut seen = BTreeSet::new();
    for parameter in &operation.parameters {
        let place = parameter.place.as_str();
        // HTTP tells the names of headers apart without regard to case.
        let name = match parameter.place {
            ParameterPlace::Header => parameter.name.to_ascii_lowercase(),
            ParameterPlace::Path | ParameterPlace::Query { .. } => parameter.name.clone(),
        };
        if !seen.insert((place, name)) {
            let message = format!("the {place} parameter `{}` stands twice", parameter.name);
            sink.at(
                &parameter.pointer,
                Diagnostic::new(Code::DuplicateParameter, message),
            );
        }
    }
}

fn defaults_are_values(api: &Api, sink: &mut Sink) {
    let of_parameters = api
        .operations
        .iter()
        .flat_map(|operation| &operation.parameters);
    for parameter in of_parameters {
        let found = (parameter.name.as_str(), &parameter.ty, &parameter.default);
        default_is_value(api, found, &parameter.pointer, sink);
    }
    for (id, definition) in &api.types {
        if let TypeKind::Struct(structure) = &definition.kind {
            for field in &structure.fields {
                let at =
                    id.0.join_all(["properties", field.wire.as_str(), "default"]);
                default_is_value(api, (&field.wire, &field.ty, &field.default), &at, sink);
            }
        }
    }
}

fn default_is_value(
    api: &Api,
    (name, ty, default): (&str, &Type, &Option<String>),
    at: &Pointer,
    sink: &mut Sink,
) {
    let (Some(default), Type::Named(id)) = (default, ty) else {
        return;
    };
    if let Some(TypeKind::Enum(values)) = api.types.get(id).map(|definition| &definition.kind) {
        let is_default = |value: &String| serde_json::to_string(value).is_ok_and(|v| v == *default);
        if !values.iter().any(is_default) {
            let message = format!("the default {default} of `{name}` is not among its values");
            let diagnostic = Diagnostic::new(Code::DefaultOutsideEnum, message)
                .help("add it to the values if the service takes it");
            sink.at(at, diagnostic);
        }
    }
}

/// The parts of a path template: texts, and the names in braces.
fn split(path: &str) -> impl Iterator<Item = (&str, bool)> {
    let mut rest = path;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        if let Some(inner) = rest.strip_prefix('{')
            && let Some(end) = inner.find('}')
        {
            rest = &inner[end + 1..];
            return Some((&inner[..end], true));
        }
        let end = rest
            .char_indices()
            .skip(1)
            .find(|(_, c)| *c == '{')
            .map_or(rest.len(), |(at, _)| at);
        let (text, after) = rest.split_at(end);
        rest = after;
        Some((text, false))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_fall_into_texts_and_names() {
        let parts: Vec<_> = split("/users/{userId}/x/{a}{b}/{broken").collect();
        assert_eq!(
            parts,
            [
                ("/users/", false),
                ("userId", true),
                ("/x/", false),
                ("a", true),
                ("b", true),
                ("/", false),
                ("{broken", false)
            ]
        );
    }
}
