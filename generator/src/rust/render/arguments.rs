//! The arguments of requests: their types, and the runtime's methods that take them.

use quote::quote;

use super::fragments::{Expr, TypeExpr, Types};
use crate::{
    model::{Api, Body, BodyKind, Parameter, ParameterPlace, ParameterStyle, Type, TypeKind},
    rust::names::Ident,
};

/// The type of a parameter's argument, and the call of the runtime that takes it.
pub(super) fn parameter(
    parameter: &Parameter,
    argument: &Ident,
    api: &Api,
    types: Types<'_>,
) -> (TypeExpr, Expr) {
    let wire = parameter.name.as_str();
    if let Some(typed) = typed_part(parameter, argument, api, types) {
        return typed;
    }
    let call = match simple_call(parameter, api) {
        Some(call) => {
            let call = quote::format_ident!("{call}");
            return (
                types.parameter(&parameter.ty),
                Expr::new(quote!(#call(#wire, #argument))),
            );
        }
        None if parameter.place == ParameterPlace::Part
            && parameter.style == ParameterStyle::Json =>
        {
            quote!(part_json(#wire, #argument))
        }
        None => {
            let place = place(parameter.place);
            let style = style(parameter.style);
            let (explode, allow_reserved) = (parameter.explode, parameter.allow_reserved);
            quote!(parameter(
                rt::Parameter {
                    name: #wire,
                    place: rt::Place::#place,
                    style: rt::Style::#style,
                    explode: #explode,
                    allow_reserved: #allow_reserved,
                },
                #argument,
            ))
        }
    };
    (types.body(&parameter.ty), Expr::new(call))
}

/// The type of a body's argument, and the call of the runtime that takes it.
pub(super) fn body(body: &Body, argument: &Ident, types: Types<'_>) -> (TypeExpr, Expr) {
    let media_type = body.media_type.as_str();
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    let is_wildcard = media_type.contains('*');
    let (ty, call) = match body.kind {
        BodyKind::Json if essence.eq_ignore_ascii_case("application/json") => {
            (types.body(&body.ty), quote!(body(#argument)))
        }
        BodyKind::Json => (
            types.body(&body.ty),
            quote!(json_as(#media_type, #argument)),
        ),
        BodyKind::Form | BodyKind::FormValue => {
            (types.body(&body.ty), quote!(form_body(#argument)))
        }
        BodyKind::Text => {
            let media_type = if is_wildcard {
                "text/plain"
            } else {
                media_type
            };
            let ty = TypeExpr::new(quote!(impl Into<String>));
            (ty, quote!(text(#media_type, #argument)))
        }
        BodyKind::Binary | BodyKind::Multipart => {
            let media_type = match is_wildcard || media_type.is_empty() {
                true => "application/octet-stream",
                false => media_type,
            };
            let ty = TypeExpr::new(quote!(impl Into<rt::Body>));
            (ty, quote!(bytes(#media_type, #argument)))
        }
    };
    (ty, Expr::new(call))
}

/// The argument and the call for a multipart part with a declared media type.
fn typed_part(
    parameter: &Parameter,
    argument: &Ident,
    api: &Api,
    types: Types<'_>,
) -> Option<(TypeExpr, Expr)> {
    let media_type = parameter.media_type.as_deref()?;
    let wire = parameter.name.as_str();
    let files = Type::Array(Box::new(Type::File));
    let call = match &parameter.ty {
        Type::File => quote!(file_as(#wire, #media_type, #argument)),
        ty if *ty == files => quote!(files_as(#wire, #media_type, #argument)),
        ty if is_textual(api, ty) => quote!(part_as(#wire, #media_type, #argument)),
        _ => return None,
    };
    Some((types.parameter(&parameter.ty), Expr::new(call)))
}

/// The call for a parameter that needs no serialization: a text or a list of texts.
fn simple_call(parameter: &Parameter, api: &Api) -> Option<&'static str> {
    let is_text = is_textual(api, &parameter.ty);
    let is_list = matches!(&parameter.ty, Type::Array(items) if is_textual(api, items));
    if parameter.style == ParameterStyle::Json && parameter.ty != Type::File {
        return None;
    }
    match (parameter.place, parameter.style) {
        _ if parameter.allow_reserved => None,
        (ParameterPlace::Path, ParameterStyle::Simple) if is_text => Some("path"),
        (ParameterPlace::Query, _) if is_text => Some("query"),
        (ParameterPlace::Query, ParameterStyle::Form) if is_list => Some(match parameter.explode {
            true => "query_each",
            false => "query_joined",
        }),
        (ParameterPlace::Header, _) if is_text => Some("header"),
        (ParameterPlace::Cookie, _) if is_text => Some("cookie"),
        (ParameterPlace::Form, _) if is_text => Some("form_field"),
        (ParameterPlace::Part, _) if parameter.ty == Type::File => Some("file"),
        (ParameterPlace::Part, _) if parameter.ty == Type::Array(Box::new(Type::File)) => {
            Some("files")
        }
        (ParameterPlace::Part, _) if is_text => Some("part"),
        _ => None,
    }
}

/// Whether values of the type are written as one text.
fn is_textual(api: &Api, ty: &Type) -> bool {
    match ty {
        Type::Array(_)
        | Type::Map(_)
        | Type::Tuple(_)
        | Type::Any
        | Type::FreeForm
        | Type::File
        | Type::Nullable(_) => false,
        Type::Named(id) => match api.types.get(id).map(|definition| &definition.kind) {
            Some(TypeKind::Enum(_) | TypeKind::ScalarEnum(_)) => true,
            Some(TypeKind::Alias(inner)) => is_textual(api, inner),
            _ => false,
        },
        _ => true,
    }
}

fn place(place: ParameterPlace) -> proc_macro2::Ident {
    quote::format_ident!(
        "{}",
        match place {
            ParameterPlace::Path => "Path",
            ParameterPlace::Query => "Query",
            ParameterPlace::Header => "Header",
            ParameterPlace::Cookie => "Cookie",
            ParameterPlace::Form => "Form",
            ParameterPlace::Part => "Part",
        }
    )
}

fn style(style: ParameterStyle) -> proc_macro2::Ident {
    quote::format_ident!(
        "{}",
        match style {
            ParameterStyle::Form => "Form",
            ParameterStyle::Simple => "Simple",
            ParameterStyle::Label => "Label",
            ParameterStyle::Matrix => "Matrix",
            ParameterStyle::Space => "Space",
            ParameterStyle::Pipe => "Pipe",
            ParameterStyle::DeepObject => "DeepObject",
            ParameterStyle::Json => "Json",
        }
    )
}
