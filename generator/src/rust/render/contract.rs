//! Renders the contract test of an SDK: a call of every operation, with samples.

use askama::Template;
use quote::quote;

use super::{
    Files, Options, RenderBug, Texts, bug,
    fragments::{Expr, StrLit, TypeExpr, Types},
    view,
};
use crate::{
    model::{Api, Operation, Owner, Type},
    output::RelativePath,
    rust::{
        names::{Ident, Names},
        samples,
    },
};

#[derive(Template)]
#[template(path = "contract.rs.j2")]
struct ContractView<'a> {
    crate_name: String,
    groups: Vec<&'a Ident>,
    calls: Vec<CallView<'a>>,
    uses_runtime: bool,
}

struct CallView<'a> {
    id: StrLit,
    function: String,
    group: &'a Ident,
    method: &'a Ident,
    deprecated: bool,
    arguments: Vec<ArgumentView<'a>>,
    setters: Vec<ArgumentView<'a>>,
    has_setters: bool,
}

impl CallView<'_> {
    fn uses_runtime(&self) -> bool {
        let mut all = self.arguments.iter().chain(&self.setters);
        all.any(|argument| argument.ty.to_string().contains("rt::"))
    }
}

struct ArgumentView<'a> {
    name: &'a Ident,
    wire: StrLit,
    ty: TypeExpr,
    get: Expr,
    by_reference: bool,
}

/// Renders the calls, and the samples that they send and receive.
pub(crate) fn render(api: &Api, names: &Names, options: &Options) -> Result<Files, Box<RenderBug>> {
    let mut texts = Texts::default();
    let calls: Vec<CallView<'_>> = api
        .operations
        .iter()
        .map(|operation| call(operation, names))
        .collect();
    let calls_view = ContractView {
        uses_runtime: calls.iter().any(CallView::uses_runtime),
        crate_name: options.crate_name.replace('-', "_"),
        groups: api
            .groups
            .iter()
            .map(|group| &names.groups[&group.tag].module)
            .collect(),
        calls,
    };
    let path = "src/generated/calls.rs";
    texts.add(path, &[view(&calls_view, path)?])?;
    let mut files = texts.format(options)?;
    let path = "src/generated/samples.json";
    let samples = format!("{:#}\n", samples::of_operations(api));
    let path = RelativePath::new(path).map_err(|message| bug(path, message))?;
    files.insert(path, samples);
    Ok(files)
}

fn call<'a>(operation: &Operation, names: &'a Names) -> CallView<'a> {
    let owner = Owner::Operation(operation.id.clone());
    let types = Types {
        names,
        file: &owner,
    };
    let own = &names.operations[&operation.id];
    let mut arguments = Vec::new();
    let mut setters = Vec::new();
    for (parameter, name) in operation.parameters.iter().zip(&own.parameters) {
        let wire = parameter.name.as_str();
        let list = if parameter.required {
            &mut arguments
        } else {
            &mut setters
        };
        list.push(argument(name, wire, &parameter.ty, types, false));
    }
    if let Some(body) = &operation.body {
        let list = if body.required {
            &mut arguments
        } else {
            &mut setters
        };
        list.push(argument(&own.body, "", &body.ty, types, true));
    }
    let group = &names.groups[&operation.tag];
    CallView {
        id: StrLit::new(&operation.id),
        function: format!("{}_{}", group.module.bare(), own.method.bare()),
        group: &group.module,
        method: &own.method,
        deprecated: operation.deprecated,
        has_setters: !setters.is_empty(),
        arguments,
        setters,
    }
}

/// An argument by its wire name, which is empty for the body.
fn argument<'a>(
    name: &'a Ident,
    wire: &str,
    ty: &Type,
    types: Types<'_>,
    is_body: bool,
) -> ArgumentView<'a> {
    let get = if is_body {
        quote!(body())
    } else {
        quote!(required(#wire))
    };
    ArgumentView {
        name,
        wire: StrLit::new(wire),
        ty: types.expr(ty),
        get: Expr::new(get),
        by_reference: is_body,
    }
}
