//! Finds the types that an SDK needs, and those that occur in requests.

use std::collections::BTreeSet;

use crate::{
    config::{Config, Setters, UnusedSchemas},
    diagnostics::{Code, Diagnostic, Sink},
    model::{Api, Operation, Type, TypeId, reach},
    openapi::Pointer,
};

/// Removes types that no operation uses, and notes which types occur in requests.
pub(super) fn resolve(api: &mut Api, config: &Config, sink: &mut Sink) {
    if config.unused_schemas == UnusedSchemas::Omit && !api.operations.is_empty() {
        remove_unused(api, sink);
    }
    api.request_types = match config.setters {
        Setters::All => api.types.keys().cloned().collect(),
        Setters::Requests => {
            let types = api.operations.iter().flat_map(sent);
            reached(api, types.collect())
        }
    };
}

fn remove_unused(api: &mut Api, sink: &mut Sink) {
    let mut used = Vec::new();
    for operation in &api.operations {
        reach::visit_operation(operation, &mut |id| used.push(id));
    }
    let types = api.operations.iter();
    let own = types.flat_map(|operation| [&operation.success_type, &operation.failure_type]);
    used.extend(own.flatten());
    let used = reached(api, used);
    let mut removed: Vec<String> = Vec::new();
    api.types.retain(|id, definition| {
        let is_used = used.contains(id);
        if !is_used && definition.words.len() == 1 {
            removed.push(definition.words[0].clone());
        }
        is_used
    });
    if removed.is_empty() {
        return;
    }
    const SHOWN: usize = 5;
    removed.sort();
    let count = removed.len();
    let more = if count > SHOWN { ", .." } else { "" };
    removed.truncate(SHOWN);
    let message = match count {
        1 => format!(
            "no operation uses the schema `{}`; it is not rendered",
            removed[0]
        ),
        _ => format!(
            "no operation uses {count} of the schemas ({}{more}); they are not rendered",
            removed.join(", ")
        ),
    };
    let diagnostic = Diagnostic::new(Code::UnusedSchemas, message)
        .help("`unused_schemas = \"render\"` in the configuration renders them");
    sink.at(
        &Pointer::root().join_all(["components", "schemas"]),
        diagnostic,
    );
}

/// The types that occur in an operation's request.
fn sent(operation: &Operation) -> Vec<&TypeId> {
    let mut found = Vec::new();
    let parameters = operation.parameters.iter().map(|parameter| &parameter.ty);
    let body = operation.body.iter().map(|body| &body.ty);
    for ty in parameters.chain(body) {
        reach::each(ty, &mut |ty: &Type| {
            if let Type::Named(id) = ty {
                found.push(id);
            }
        });
    }
    found
}

/// These types and everything that they refer to.
fn reached(api: &Api, starts: Vec<&TypeId>) -> BTreeSet<TypeId> {
    let mut seen: BTreeSet<&TypeId> = BTreeSet::new();
    let mut open = starts;
    while let Some(id) = open.pop() {
        if seen.insert(id)
            && let Some(definition) = api.types.get(id)
        {
            reach::visit_definition(&definition.kind, &mut |id| open.push(id));
        }
    }
    seen.into_iter().cloned().collect()
}
