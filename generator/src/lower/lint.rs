//! Rules that report problems of a description without changing anything.

use std::collections::BTreeMap;

use crate::{
    diagnostics::{Code, Diagnostic, Sink},
    model::{Api, Type, TypeKind},
    openapi::Pointer,
    spec::Spec,
};

/// Applies every rule.
pub(crate) fn lint(spec: &Spec, api: &Api, sink: &mut Sink) {
    paths_are_distinct(spec, sink);
    defaults_are_values(api, sink);
}

/// `/users/{id}` and `/users/{userId}` are one template.
fn paths_are_distinct(spec: &Spec, sink: &mut Sink) {
    let mut seen: BTreeMap<String, &String> = BTreeMap::new();
    let mut paths: Vec<&String> = spec.paths.iter().collect();
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
                    .help("move the operations of both under one of them"),
            );
        } else {
            seen.insert(anonymous, path);
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
            let message = format!("the default {default} of `{name}` is not one of its values");
            let diagnostic = Diagnostic::new(Code::DefaultOutsideEnum, message)
                .help("add it to the `enum` if the service accepts it");
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
