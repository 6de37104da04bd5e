//! What must hold between the parts of a model once they are all there.

use super::{Api, ParameterPlace, Struct, Type, TypeId, TypeKind};
use crate::{
    config::{Config, Pagination},
    diagnostics::{Code, Diagnostic, Sink},
};

/// What a pagination entry names must be there.
pub(super) fn check_pagination(api: &Api, config: &Config, sink: &mut Sink) {
    for operation in &api.operations {
        let Some(pagination) = &operation.pagination else {
            continue;
        };
        let in_query = |name: &str| {
            let is_query = |place| matches!(place, ParameterPlace::Query { .. });
            let mut all = operation.parameters.iter();
            all.any(|known| known.name == name && is_query(known.place))
        };
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
pub(super) fn check_aliases(api: &Api, sink: &mut Sink) {
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
        Type::Array(inner) | Type::Map(inner) | Type::Nullable(inner) => innermost(inner),
        Type::Named(id) => Some(id),
        _ => None,
    }
}
