//! Which types an SDK needs, and for what.

use std::collections::BTreeSet;

use crate::{
    config::{Config, Setters, UnusedSchemas},
    diagnostics::{Code, Diagnostic, Sink},
    model::{Api, Operation, Type, TypeId, reach},
    openapi::Pointer,
};

/// Leaves out what no operation leads to, and notes which types callers make values of.
pub(super) fn resolve(api: &mut Api, config: &Config, sink: &mut Sink) {
    if config.unused_schemas == UnusedSchemas::Omit && !api.operations.is_empty() {
        leave_out_unused(api, sink);
    }
    api.request_types = match config.setters {
        Setters::All => api.types.keys().cloned().collect(),
        Setters::Requests => {
            let types = api.operations.iter().flat_map(sent);
            reached(api, types.collect())
        }
    };
}

fn leave_out_unused(api: &mut Api, sink: &mut Sink) {
    let mut used = Vec::new();
    for operation in &api.operations {
        reach::visit_operation(operation, &mut |id| used.push(id));
    }
    let types = api.operations.iter();
    let own = types.flat_map(|operation| [&operation.success_type, &operation.failure_type]);
    used.extend(own.flatten());
    let used = reached(api, used);
    let mut left_out: Vec<String> = Vec::new();
    api.types.retain(|id, definition| {
        let is_used = used.contains(id);
        if !is_used && definition.words.len() == 1 {
            left_out.push(definition.words[0].clone());
        }
        is_used
    });
    if left_out.is_empty() {
        return;
    }
    const SHOWN: usize = 5;
    left_out.sort();
    let count = left_out.len();
    let more = if count > SHOWN { ", .." } else { "" };
    left_out.truncate(SHOWN);
    let message = match count {
        1 => format!(
            "no operation uses the schema `{}`: it is left out",
            left_out[0]
        ),
        _ => format!(
            "no operation uses {count} of the schemas ({}{more}): they are left out",
            left_out.join(", ")
        ),
    };
    let diagnostic = Diagnostic::new(Code::UnusedSchemas, message)
        .help("`unused_schemas = \"render\"` in the configuration renders them");
    sink.at(
        &Pointer::root().join_all(["components", "schemas"]),
        diagnostic,
    );
}

/// The types that callers give an operation.
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

/// These types and all that they lead to.
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
