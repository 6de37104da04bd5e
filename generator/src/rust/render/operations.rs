//! Renders operations: one file for each, one module for each group.

use std::collections::BTreeMap;

use askama::Template;
use proc_macro2::TokenStream;
use quote::quote;

use super::{
    Options, RenderBug, Texts, arguments,
    doc::{DocText, code, inline},
    fragments::{Expr, StrLit, TypeExpr, Types},
    models::{MAX_ARGUMENTS, render_types},
    paging::{self, PagingView},
    security, unions, view,
};
use crate::{
    model::{
        Alternative, Api, BodyKind, Content, Field, Group, Operation, Owner, Parameter,
        ParameterPlace, Type, TypeDef, TypeId, TypeKind, reach,
    },
    parallel::in_parallel,
    rust::names::{Ident, Names, OperationNames},
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
    has_many_arguments: bool,
    /// Calls on the new request that come before those of the arguments.
    adjustments: Vec<Expr>,
    uses_models: bool,
    arguments: Vec<ArgumentView<'a>>,
    setters: Vec<ArgumentView<'a>>,
    has_setters: bool,
    paging: Option<PagingView>,
    alternatives: Vec<AlternativeView>,
}

struct ArgumentView<'a> {
    name: &'a Ident,
    ty: TypeExpr,
    /// The call of the runtime that takes the argument.
    call: Expr,
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
    let mut modules: BTreeMap<&str, Vec<&Ident>> = BTreeMap::new();
    for operation in &api.operations {
        let group_view = modules.entry(operation.tag.as_str()).or_default();
        group_view.push(&names.operations[&operation.id].method);
    }
    for group in &api.groups {
        let mut modules = modules.remove(group.tag.as_str()).unwrap_or_default();
        modules.sort();
        render_group(group, modules, api, names, texts)?;
    }
    let mut own_types: OwnTypes<'_> = BTreeMap::new();
    for (id, definition) in &api.types {
        let own = own_types.entry(&definition.owner).or_default();
        own.push((id, definition));
    }
    let rendered = in_parallel(&api.operations, |share| -> Result<Texts, Box<RenderBug>> {
        let mut texts = Texts::default();
        for operation in share {
            render_operation(operation, api, names, options, (&own_types, &mut texts))?;
        }
        Ok(texts)
    });
    for share in rendered {
        texts.extend(share?)?;
    }
    Ok(())
}

fn render_group(
    group: &Group,
    modules: Vec<&Ident>,
    api: &Api,
    names: &Names,
    texts: &mut Texts,
) -> Result<(), Box<RenderBug>> {
    let group_names = &names.groups[&group.tag];
    let mut doc = DocText::default();
    doc.text(api, group.description.as_deref());
    if doc.is_empty() {
        doc.markdown(format!("The operations tagged {}.", code(&group.tag)));
    }
    let mut module_doc = DocText::inner();
    module_doc.markdown(format!(
        "The operations tagged {}. The methods of [`{}`] create requests.",
        code(&group.tag),
        group_names.ty.bare()
    ));
    let group_view = GroupView {
        name: &group_names.ty,
        module: &group_names.module,
        module_doc,
        doc,
        modules,
    };
    let path = format!("src/generated/{}/mod.rs", group_names.module.bare());
    texts.add(&path, &[view(&group_view, &path)?])
}

/// All types, by the component or operation that declares them.
type OwnTypes<'a> = BTreeMap<&'a Owner, Vec<(&'a TypeId, &'a TypeDef)>>;

fn render_operation(
    operation: &Operation,
    api: &Api,
    names: &Names,
    options: &Options,
    (own_types, texts): (&OwnTypes<'_>, &mut Texts),
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
    let mut view_of_operation = operation_view(operation, api, own, &group.ty, types, options);
    let own_types = own_types.get(&owner).map_or(&[][..], Vec::as_slice);
    for (_, definition) in own_types {
        let uses_models = &mut view_of_operation.uses_models;
        reach::each_of_definition(&definition.kind, &mut |ty| {
            *uses_models |= types.needs_models(ty);
        });
    }
    let mut parts = vec![view(&view_of_operation, &path)?];
    parts.extend(render_types(own_types, api, names, options)?);
    texts.add(&path, &parts)
}

fn operation_view<'a>(
    operation: &Operation,
    api: &Api,
    names: &'a OperationNames,
    group: &'a Ident,
    types: Types<'_>,
    options: &Options,
) -> OperationView<'a> {
    let mut arguments = Vec::new();
    let mut setters = Vec::new();
    let response = response(operation, types);
    let mut used: Vec<&Type> = match &operation.success_type {
        Some(_) => Vec::new(),
        None => operation.success().content.ty().into_iter().collect(),
    };
    used.extend(
        operation
            .alternatives
            .iter()
            .filter_map(|it| it.content.ty()),
    );
    used.extend(operation.pagination.iter().map(|paging| &paging.entry));
    for (parameter, name) in operation.parameters.iter().zip(&names.parameters) {
        let argument = parameter_view(parameter, name, api, types);
        used.push(&parameter.ty);
        if parameter.required {
            arguments.push(argument);
        } else {
            setters.push(argument);
        }
    }
    if let Some(body) = operation.body.as_ref().filter(|body| body.is_one_value()) {
        if matches!(body.kind, BodyKind::Json | BodyKind::FormValue) {
            used.push(&body.ty);
        }
        let mut doc = DocText::default();
        doc.text(api, body.description.as_deref());
        if doc.is_empty() {
            doc.markdown("The request body.");
        }
        let (ty, call) = arguments::body(body, &names.body, types);
        let argument = ArgumentView {
            name: &names.body,
            ty,
            call,
            doc,
            deprecated: false,
        };
        if body.required {
            arguments.push(argument);
        } else {
            setters.push(argument);
        }
    }
    let (constructor, response) = response;
    OperationView {
        id: StrLit::new(&operation.id),
        method: operation.method,
        path: StrLit::new(&operation.path),
        idempotent: operation.idempotent,
        group,
        name: &names.method,
        request: &names.request,
        doc: operation_doc(operation, api, names, types),
        deprecated: operation.deprecated,
        constructor,
        response,
        uses_models: used.into_iter().any(|ty| types.needs_models(ty)),
        has_setters: !setters.is_empty(),
        // `self` counts as an argument.
        has_many_arguments: arguments.len() + 1 > MAX_ARGUMENTS,
        adjustments: adjustments(operation, api, types.names, options),
        arguments,
        setters,
        paging: paging::view_of(operation, types, options),
        alternatives: operation
            .alternatives
            .iter()
            .map(|other| alternative_view(other, types))
            .collect(),
    }
}

/// A method that asks for another content than `send` does.
struct AlternativeView {
    method: &'static str,
    doc: DocText,
    ty: TypeExpr,
    call: Expr,
}

fn alternative_view(other: &Alternative, types: Types<'_>) -> AlternativeView {
    let media_type = other.media_type.as_str();
    let (method, what, ty, call) = match &other.content {
        Content::Events(ty) => {
            let ty = types.expr(ty);
            let ty = quote!(rt::EventStream<#ty>);
            ("send_events", "a stream of events", ty, quote!(into_events))
        }
        Content::JsonLines(ty) => {
            let ty = types.expr(ty);
            let ty = quote!(rt::JsonLines<#ty>);
            ("send_lines", "a sequence of values", ty, quote!(into_lines))
        }
        Content::Text => ("send_text", "text", quote!(String), quote!(into_text)),
        Content::Json(_) | Content::Binary | Content::Empty => (
            "send_bytes",
            "bytes",
            quote!(rt::ByteStream),
            quote!(into_bytes),
        ),
    };
    let mut doc = DocText::default();
    let switch = match &other.switch {
        Some(switch) => format!(" Sets {} of the body.", code(switch)),
        None => String::new(),
    };
    doc.markdown(format!(
        "Sends the request and asks for {what} ({}) instead.{switch}",
        code(media_type)
    ));
    doc.markdown("# Errors");
    doc.markdown("As for [`send`](Self::send); also if the response has another media type.");
    let switch = other
        .switch
        .iter()
        .map(|switch| quote!(.with_flag(#switch)));
    AlternativeView {
        method,
        doc,
        ty: TypeExpr::new(ty),
        call: Expr::new(quote!(#call(#media_type)#(#switch)*)),
    }
}

/// The runtime's constructor of a call, and the type of its response.
fn response(operation: &Operation, types: Types<'_>) -> (&'static str, TypeExpr) {
    if let Some(id) = &operation.success_type {
        return ("by_status", types.expr(&Type::Named(id.clone())));
    }
    match &operation.success().content {
        Content::Empty => ("empty", TypeExpr::unit()),
        Content::Json(ty) => ("json", types.expr(ty)),
        Content::Text => ("text_response", TypeExpr::new(quote!(String))),
        Content::Binary => ("stream_response", TypeExpr::new(quote!(rt::ByteStream))),
        Content::Events(ty) => {
            let ty = types.expr(ty);
            ("events", TypeExpr::new(quote!(rt::EventStream<#ty>)))
        }
        Content::JsonLines(ty) => {
            let ty = types.expr(ty);
            ("json_lines", TypeExpr::new(quote!(rt::JsonLines<#ty>)))
        }
    }
}

/// The calls that configure what most operations do not have: server, security, fixed query, forms.
fn adjustments(operation: &Operation, api: &Api, names: &Names, options: &Options) -> Vec<Expr> {
    let mut calls = Vec::new();
    let constants = success_constants(operation, api);
    if !constants.is_empty() {
        calls.push(quote!(expecting(&[#(#constants),*])));
    }
    if let Some(server) = &operation.server {
        calls.push(quote!(server(#server)));
    }
    if let Some(security) = &operation.security
        && options.package.is_some()
        && *security != api.security
    {
        let security = security::requirement(security, names, &quote!(super::super::security::));
        calls.push(quote!(secured_by(#security)));
    }
    if !operation.fixed_query.is_empty() {
        let pairs = operation.fixed_query.iter();
        let pairs = pairs.map(|(name, value)| quote!((#name, #value)));
        calls.push(quote!(fixed_query(&[#(#pairs),*])));
    }
    match operation.body.as_ref().map(|body| body.kind) {
        Some(BodyKind::Form) => calls.push(quote!(form())),
        Some(BodyKind::Multipart) => calls.push(quote!(multipart())),
        _ => {}
    }
    calls.into_iter().map(Expr::new).collect()
}

/// The required properties of a JSON success that have only one value by their own schemas.
fn success_constants(operation: &Operation, api: &Api) -> Vec<TokenStream> {
    let structure = operation.json().and_then(|ty| api.structure(ty));
    let fields = structure.map_or(&[][..], |(_, structure)| &structure.fields);
    let constant = |field: &Field| {
        let is_own = match api.plain(&field.ty) {
            Type::Bool => true,
            Type::Named(id) => match api.types.get(id).map(|found| &found.kind) {
                Some(TypeKind::Enum(values)) => values.len() == 1,
                Some(TypeKind::ScalarEnum(_)) => true,
                _ => false,
            },
            // The value of a discriminator is not stated by the schema.
            _ => false,
        };
        let value = field
            .constant
            .as_ref()
            .filter(|_| is_own && field.required)?;
        let (name, value) = (&field.wire, unions::scalar(value));
        Some(quote!((#name, #value)))
    };
    fields.iter().filter_map(constant).collect()
}

fn parameter_view<'a>(
    parameter: &Parameter,
    name: &'a Ident,
    api: &Api,
    types: Types<'_>,
) -> ArgumentView<'a> {
    let mut doc = DocText::default();
    doc.text(api, parameter.description.as_deref());
    if doc.is_empty() {
        doc.markdown(match parameter.place {
            ParameterPlace::Form | ParameterPlace::Part => {
                format!("The form field {}.", code(&parameter.name))
            }
            _ => format!("The parameter {}.", code(&parameter.name)),
        });
    }
    if let Some(default) = &parameter.default {
        doc.markdown(format!("Default: {}.", code(default)));
    }
    let (ty, call) = arguments::parameter(parameter, name, api, types);
    ArgumentView {
        name,
        ty,
        call,
        doc,
        deprecated: parameter.deprecated,
    }
}

/// The documentation of an operation's method: summary and description, then permissions, arguments,
/// result, paging and errors.
fn operation_doc(
    operation: &Operation,
    api: &Api,
    names: &OperationNames,
    types: Types<'_>,
) -> DocText {
    let mut doc = DocText::default();
    let summary = operation
        .summary
        .as_deref()
        .map(|text| with_full_stop(text.trim()));
    doc.line(api, summary.as_deref());
    doc.text(api, operation.description.as_deref());
    doc.markdown(code(&format!("{} {}", operation.method, operation.path)));
    if let Some(permissions) = &operation.permissions {
        let quoted: Vec<String> = permissions.names.iter().map(|name| code(name)).collect();
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
            let text = parameter
                .description
                .as_deref()
                .unwrap_or(match parameter.place {
                    ParameterPlace::Path => "a path parameter.",
                    ParameterPlace::Form | ParameterPlace::Part => "a form field.",
                    _ => "a parameter.",
                });
            arguments.push(format!("- `{}`: {}", name.bare(), inline(api, text)));
        }
    }
    let body = operation.body.as_ref();
    if let Some(body) = body.filter(|body| body.required && body.is_one_value()) {
        let text = body.description.as_deref().unwrap_or("the request body.");
        arguments.push(format!("- `{}`: {}", names.body.bare(), inline(api, text)));
    }
    if !arguments.is_empty() {
        doc.markdown(format!("# Arguments\n{}", arguments.join("\n")));
    }
    let returned = inline(api, &operation.success().description);
    if !returned.is_empty() {
        doc.markdown(format!("# Returns\n{returned}"));
    }
    let headers = &operation.success().headers;
    if !headers.is_empty() {
        let lines = headers.iter().map(|(name, description)| {
            let description = inline(api, description.as_deref().unwrap_or_default());
            match description.is_empty() {
                true => format!("- {}", code(name)),
                false => format!("- {}: {description}", code(name)),
            }
        });
        let lines: Vec<String> = lines.collect();
        doc.markdown(format!("# Response headers\n{}", lines.join("\n")));
    }
    if let Some(paging) = &operation.pagination {
        doc.markdown(format!("# Pages\n{}", paging::doc(paging, &names.request)));
    }
    if !operation.failure_responses.is_empty() {
        let lines: Vec<String> = operation
            .failure_responses
            .iter()
            .map(|failure| {
                let status = match failure.status.as_str() {
                    "default" => "Any other status".to_owned(),
                    status => code(status),
                };
                match inline(api, &failure.description) {
                    empty if empty.is_empty() => format!("- {status}"),
                    description => format!("- {status}: {description}"),
                }
            })
            .collect();
        let mut lines = lines.join("\n");
        if let Some(name) = operation
            .failure_type
            .as_ref()
            .and_then(|id| types.names.types.get(id))
        {
            let name = name.bare();
            lines.push_str(&format!(
                "\n\n[`{name}::of`] reads the body of such an error."
            ));
        }
        doc.markdown(format!("# Errors\n{lines}"));
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
