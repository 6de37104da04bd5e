//! Operations: one file for each, one module for each group.

use askama::Template;

use super::{
    Options, RenderBug, Texts,
    fragments::{DocText, StrLit, TypeExpr, Types, neutralize},
    models::render_type,
    paging::{self, PagingView},
    view,
};
use crate::{
    ir::{Api, Group, Operation, Owner, Parameter, ParameterPlace, Type},
    names::{Ident, Names, OperationNames},
};

#[derive(Template)]
#[template(path = "group.rs.j2")]
struct GroupView<'a> {
    name: &'a Ident,
    module: &'a Ident,
    module_doc: DocText,
    doc: DocText,
    modules: Vec<&'a Ident>,
}

#[derive(Template)]
#[template(path = "operation.rs.j2")]
struct OperationView<'a> {
    id: StrLit,
    method: &'static str,
    path: StrLit,
    idempotent: bool,
    group: &'a Ident,
    name: &'a Ident,
    request: &'a Ident,
    doc: DocText,
    deprecated: bool,
    constructor: &'static str,
    response: TypeExpr,
    uses_models: bool,
    arguments: Vec<ArgumentView<'a>>,
    setters: Vec<ArgumentView<'a>>,
    has_setters: bool,
    paging: Option<PagingView>,
}

struct ArgumentView<'a> {
    name: &'a Ident,
    wire: StrLit,
    ty: TypeExpr,
    call: &'static str,
    is_body: bool,
    doc: DocText,
    deprecated: bool,
}

/// Renders all groups and operations.
pub(super) fn render(
    api: &Api,
    names: &Names,
    options: &Options,
    texts: &mut Texts,
) -> Result<(), Box<RenderBug>> {
    for group in &api.groups {
        render_group(group, api, names, texts)?;
    }
    for operation in &api.operations {
        render_operation(operation, api, names, options, texts)?;
    }
    Ok(())
}

fn render_group(
    group: &Group,
    api: &Api,
    names: &Names,
    texts: &mut Texts,
) -> Result<(), Box<RenderBug>> {
    let group_names = &names.groups[&group.tag];
    let mut modules: Vec<&Ident> = api
        .operations
        .iter()
        .filter(|operation| operation.tag == group.tag)
        .map(|operation| &names.operations[&operation.id].method)
        .collect();
    modules.sort();
    let mut doc = DocText::default();
    doc.text(group.description.as_deref());
    if doc.is_empty() {
        doc.markdown(format!("The operations tagged `{}`.", group.tag));
    }
    let mut module_doc = DocText::inner();
    module_doc.markdown(format!(
        "The operations tagged `{}`: [`{}`] starts a request, every other struct here is one.",
        group.tag,
        group_names.ty.bare()
    ));
    let of_group = GroupView {
        name: &group_names.ty,
        module: &group_names.module,
        module_doc,
        doc,
        modules,
    };
    let path = format!("src/generated/{}/mod.rs", group_names.module.bare());
    texts.add(&path, &[view(&of_group, &path)?])
}

fn render_operation(
    operation: &Operation,
    api: &Api,
    names: &Names,
    options: &Options,
    texts: &mut Texts,
) -> Result<(), Box<RenderBug>> {
    let owner = Owner::Operation(operation.id.clone());
    let types = Types {
        names,
        file: &owner,
    };
    let own = &names.operations[&operation.id];
    let group = &names.groups[&operation.tag];
    let path = format!(
        "src/generated/{}/{}.rs",
        group.module.bare(),
        own.method.bare()
    );
    let of_operation = operation_view(operation, own, &group.ty, types, options);
    let mut parts = vec![view(&of_operation, &path)?];
    for (id, definition) in &api.types {
        if definition.owner == owner {
            parts.push(render_type(
                id,
                definition,
                names,
                options.required_in_responses,
            )?);
        }
    }
    texts.add(&path, &parts)
}

fn operation_view<'a>(
    operation: &Operation,
    names: &'a OperationNames,
    group: &'a Ident,
    types: Types<'_>,
    options: &Options,
) -> OperationView<'a> {
    let mut arguments = Vec::new();
    let mut setters = Vec::new();
    let mut used: Vec<&Type> = operation.success.ty.iter().collect();
    used.extend(operation.pagination.iter().map(|paging| &paging.entry));
    for (parameter, name) in operation.parameters.iter().zip(&names.parameters) {
        let argument = parameter_view(parameter, name, types);
        used.push(&parameter.ty);
        if parameter.required {
            arguments.push(argument);
        } else {
            setters.push(argument);
        }
    }
    if let Some(body) = &operation.body {
        used.push(&body.ty);
        let mut doc = DocText::default();
        doc.text(body.description.as_deref());
        if doc.is_empty() {
            doc.markdown("The request body.");
        }
        let argument = ArgumentView {
            name: &names.body,
            wire: StrLit::new("body"),
            ty: types.body(&body.ty),
            call: "body",
            is_body: true,
            doc,
            deprecated: false,
        };
        if body.required {
            arguments.push(argument);
        } else {
            setters.push(argument);
        }
    }
    let (constructor, response) = match &operation.success.ty {
        Some(ty) => ("json", types.expr(ty)),
        None => ("empty", TypeExpr::unit()),
    };
    OperationView {
        id: StrLit::new(&operation.id),
        method: operation.method,
        path: StrLit::new(&operation.path),
        idempotent: operation.idempotent,
        group,
        name: &names.method,
        request: &names.request,
        doc: operation_doc(operation, names),
        deprecated: operation.deprecated,
        constructor,
        response,
        uses_models: used.into_iter().any(|ty| types.needs_models(ty)),
        has_setters: !setters.is_empty(),
        arguments,
        setters,
        paging: paging::view_of(operation, types, options),
    }
}

fn parameter_view<'a>(
    parameter: &Parameter,
    name: &'a Ident,
    types: Types<'_>,
) -> ArgumentView<'a> {
    let is_list = matches!(parameter.ty, Type::Array(_));
    let call = match parameter.place {
        ParameterPlace::Path => "path",
        ParameterPlace::Query { exploded: true } if is_list => "query_each",
        ParameterPlace::Query { exploded: false } if is_list => "query_joined",
        ParameterPlace::Query { .. } => "query",
        ParameterPlace::Header => "header",
    };
    let mut doc = DocText::default();
    doc.text(parameter.description.as_deref());
    if doc.is_empty() {
        doc.markdown(format!("The parameter `{}`.", parameter.name));
    }
    if let Some(default) = &parameter.default {
        doc.markdown(format!("Default: `{default}`."));
    }
    ArgumentView {
        name,
        wire: StrLit::new(&parameter.name),
        ty: types.parameter(&parameter.ty),
        call,
        is_body: false,
        doc,
        deprecated: parameter.deprecated,
    }
}

/// The documentation of an operation's method: what it does, then what it needs, takes and gives.
fn operation_doc(operation: &Operation, names: &OperationNames) -> DocText {
    let mut doc = DocText::default();
    let summary = operation
        .summary
        .as_deref()
        .map(|text| with_full_stop(text.trim()));
    doc.text(summary.as_deref());
    doc.text(operation.description.as_deref());
    doc.markdown(format!("`{} {}`", operation.method, operation.path));
    if let Some(permissions) = &operation.permissions {
        let quoted: Vec<String> = permissions
            .names
            .iter()
            .map(|name| format!("`{name}`"))
            .collect();
        let needs = match (permissions.all, quoted.len()) {
            (_, 1) => format!("{}.", quoted[0]),
            (true, _) => format!("All of {}.", quoted.join(", ")),
            (false, _) => format!("Any of {}.", quoted.join(", ")),
        };
        doc.markdown(format!("# Permissions\n{needs}"));
    }
    let mut arguments = Vec::new();
    for (parameter, name) in operation.parameters.iter().zip(&names.parameters) {
        if parameter.required {
            let text = parameter.description.as_deref().unwrap_or("see the path.");
            arguments.push(format!("- `{}`: {}", name.bare(), one_line(text)));
        }
    }
    if let Some(body) = operation.body.as_ref().filter(|body| body.required) {
        let text = body.description.as_deref().unwrap_or("the request body.");
        arguments.push(format!("- `{}`: {}", names.body.bare(), one_line(text)));
    }
    if !arguments.is_empty() {
        doc.markdown(format!("# Arguments\n{}", arguments.join("\n")));
    }
    doc.markdown(format!(
        "# Returns\n{}",
        one_line(&operation.success.description)
    ));
    if let Some(paging) = &operation.pagination {
        doc.markdown(format!("# Pages\n{}", paging::doc(paging, &names.request)));
    }
    if !operation.failures.is_empty() {
        let lines: Vec<String> = operation
            .failures
            .iter()
            .map(|failure| {
                let status = match failure.status.as_str() {
                    "default" => "Any other status".to_owned(),
                    status => format!("`{status}`"),
                };
                format!("- {status}: {}", one_line(&failure.description))
            })
            .collect();
        doc.markdown(format!("# Errors\n{}", lines.join("\n")));
    }
    doc
}

fn with_full_stop(text: &str) -> String {
    if text.is_empty() || text.ends_with(['.', '!', '?']) {
        text.to_owned()
    } else {
        format!("{text}.")
    }
}

fn one_line(text: &str) -> String {
    neutralize(text)
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}
