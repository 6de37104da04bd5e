//! Renders unions, enums of scalars, enums of response bodies by status, and newtypes.

use std::collections::BTreeMap;

use askama::Template;
use proc_macro2::TokenStream;
use quote::quote;

use super::{
    RenderBug,
    doc::{DocText, code, inline},
    fragments::{Expr, StrLit, TypeExpr, Types},
    models::is_number,
    shapes::shapes,
    view,
};
use crate::{
    model::{
        Api, Content, Response, ResponseEnum, Scalar, ScalarValue, Type, TypeDef, TypeId, TypeKind,
        Union, Variant,
    },
    rust::names::Ident,
};

#[derive(Template)]
#[template(path = "union.rs.j2")]
struct UnionView<'a> {
    name: &'a Ident,
    wire: StrLit,
    doc: DocText,
    tag: Expr,
    variants: Vec<UnionVariantView<'a>>,
    convertible: Vec<UnionVariantView<'a>>,
    has_default: bool,
}

#[derive(Clone)]
struct UnionVariantView<'a> {
    name: &'a Ident,
    doc: DocText,
    ty: TypeExpr,
    bare_ty: TypeExpr,
    from: Expr,
    tags: Expr,
    shape: Expr,
    /// The runtime's function that reads the variant.
    read: Expr,
    make: Expr,
    write: Expr,
}

#[derive(Template)]
#[template(path = "scalar_enum.rs.j2")]
struct ScalarEnumView<'a> {
    name: &'a Ident,
    doc: DocText,
    variants: Vec<ScalarVariantView<'a>>,
    has_default: bool,
}

struct ScalarVariantView<'a> {
    name: &'a Ident,
    doc: DocText,
    value: Expr,
}

#[derive(Template)]
#[template(path = "outcomes.rs.j2")]
struct OutcomesView<'a> {
    name: &'a Ident,
    doc: DocText,
    variants: Vec<OutcomeView<'a>>,
    are_failures: bool,
}

struct OutcomeView<'a> {
    name: &'a Ident,
    doc: DocText,
    ty: Option<TypeExpr>,
    status: StrLit,
    read: Expr,
}

#[derive(Template)]
#[template(path = "newtype.rs.j2")]
struct NewtypeView<'a> {
    name: &'a Ident,
    doc: DocText,
    target: TypeExpr,
}

/// Renders one of these types.
pub(super) fn render(
    (id, definition): (&TypeId, &TypeDef),
    api: &Api,
    types: Types<'_>,
    doc: DocText,
    has_default: bool,
) -> Result<String, Box<RenderBug>> {
    let name = &types.names.types[id];
    let variants = types.names.variants.get(id).map_or(&[][..], Vec::as_slice);
    match &definition.kind {
        TypeKind::Union(union) => {
            let of_variants = union.variants.iter().zip(variants);
            let of_variants =
                of_variants
                    .zip(shapes(api, union))
                    .map(|((variant, name), shape)| {
                        variant_view(variant, name, shape, union, api, types)
                    });
            let of_variants: Vec<_> = of_variants.collect();
            let of_union = UnionView {
                name,
                wire: StrLit::new(definition.words.join(".")),
                doc,
                tag: option(union.tag.as_deref()),
                convertible: convertible(union, &of_variants, api),
                variants: of_variants,
                has_default,
            };
            view(&of_union, name.bare())
        }
        TypeKind::ScalarEnum(values) => {
            let of_variants = values.iter().zip(variants).map(scalar_view);
            let of_enum = ScalarEnumView {
                name,
                doc,
                variants: of_variants.collect(),
                has_default,
            };
            view(&of_enum, name.bare())
        }
        TypeKind::Responses(responses) => {
            let of_outcomes = outcomes_view(responses, name, variants, api, types);
            view(&of_outcomes, name.bare())
        }
        TypeKind::Newtype(target) => {
            let expr = types.expr(target);
            let of_newtype = NewtypeView {
                name,
                doc,
                target: match holds_names(api, target) {
                    true => TypeExpr::new(quote!(Box<#expr>)),
                    false => expr,
                },
            };
            view(&of_newtype, name.bare())
        }
        TypeKind::Struct(_) | TypeKind::Enum(_) | TypeKind::Alias(_) => Ok(String::new()),
    }
}

fn variant_view<'a>(
    variant: &Variant,
    name: &'a Ident,
    shape: TokenStream,
    union: &Union,
    api: &Api,
    types: Types<'_>,
) -> UnionVariantView<'a> {
    let bare_ty = types.expr(&variant.ty);
    let is_struct = is_struct(api, &variant.ty);
    let is_boxed = is_struct || holds_names(api, &variant.ty);
    let (ty, make, from) = match is_boxed {
        true => (
            TypeExpr::new(quote!(Box<#bare_ty>)),
            quote!(|value| Self::#name(Box::new(value))),
            quote!(Box::new(value)),
        ),
        false => (bare_ty.clone(), quote!(Self::#name), quote!(value)),
    };
    let is_map = matches!(api.plain(&variant.ty), Type::FreeForm | Type::Map(_));
    let tags = &variant.tags;
    let write = match &union.tag {
        Some(tag) if is_struct && !tags.is_empty() => {
            quote!(rt::write_tagged(serializer, #tag, &[#(#tags),*], &**value))
        }
        Some(tag) if is_map && !tags.is_empty() => {
            quote!(rt::write_tagged_map(serializer, #tag, &[#(#tags),*], value))
        }
        _ if is_boxed => quote!(rt::write(serializer, &**value)),
        _ if is_number(api, &variant.ty) => quote!(rt::Number::write(value, serializer)),
        _ => quote!(rt::write(serializer, value)),
    };
    let mut doc = DocText::default();
    match variant.tags.as_slice() {
        [] => doc.markdown(format!("{}.", code(&variant.name))),
        tags => {
            let tag = code(union.tag.as_deref().unwrap_or_default());
            let tags: Vec<String> = tags.iter().map(|tag| code(tag)).collect();
            doc.markdown(format!("{tag} is {}.", tags.join(" or ")))
        }
    };
    // If a nested union does not recognize a value, another variant of this union may, unless a tag
    // already selected the variant.
    let is_union = api.union(&variant.ty).is_some();
    let read = match is_union && variant.tags.is_empty() {
        true => quote!(read_recognized),
        false => quote!(read),
    };
    UnionVariantView {
        name,
        doc,
        ty,
        bare_ty,
        from: Expr::new(from),
        tags: Expr::new(quote!(&[#(#tags),*])),
        shape: Expr::new(shape),
        read: Expr::new(read),
        make: Expr::new(make),
        write: Expr::new(write),
    }
}

/// The variants whose type no other variant has, for which `From` can be implemented.
fn convertible<'a>(
    union: &Union,
    views: &[UnionVariantView<'a>],
    api: &Api,
) -> Vec<UnionVariantView<'a>> {
    let mut counts: BTreeMap<&TypeId, usize> = BTreeMap::new();
    let structs = || union.variants.iter().map(|it| api.structure(&it.ty));
    for (id, _) in structs().flatten() {
        *counts.entry(id).or_default() += 1;
    }
    let is_alone = structs().map(|found| found.is_some_and(|(id, _)| counts[id] == 1));
    let alone = views.iter().zip(is_alone).filter(|(_, is_alone)| *is_alone);
    alone.map(|(view, _)| view.clone()).collect()
}

/// A scalar, as the runtime has it.
pub(super) fn scalar(value: &Scalar) -> TokenStream {
    match value {
        Scalar::Text(text) => quote!(rt::Scalar::Text(#text)),
        Scalar::Integer(number) => {
            let literal = proc_macro2::Literal::i128_unsuffixed(*number);
            quote!(rt::Scalar::Integer(#literal))
        }
        Scalar::Number(number) => {
            let literal = proc_macro2::Literal::f64_unsuffixed(*number);
            quote!(rt::Scalar::Number(#literal))
        }
        Scalar::Bool(value) => quote!(rt::Scalar::Bool(#value)),
    }
}

fn scalar_view<'a>((value, name): (&ScalarValue, &'a Ident)) -> ScalarVariantView<'a> {
    let text = match &value.value {
        Scalar::Text(text) => text.clone(),
        Scalar::Integer(number) => number.to_string(),
        Scalar::Number(number) => number.to_string(),
        Scalar::Bool(value) => value.to_string(),
    };
    let value = scalar(&value.value);
    let mut doc = DocText::default();
    doc.markdown(code(&text));
    ScalarVariantView {
        name,
        doc,
        value: Expr::new(value),
    }
}

fn outcomes_view<'a>(
    responses: &ResponseEnum,
    name: &'a Ident,
    variants: &'a [Ident],
    api: &Api,
    types: Types<'_>,
) -> OutcomesView<'a> {
    let mut doc = DocText::default();
    doc.markdown(match responses.are_failures {
        true => "The body of a failure, by status.",
        false => "The body of a success, by status.",
    });
    let of_outcomes = responses.responses.iter().zip(variants);
    OutcomesView {
        name,
        doc,
        variants: of_outcomes
            .map(|(response, name)| outcome_view(response, name, api, types))
            .collect(),
        are_failures: responses.are_failures,
    }
}

fn outcome_view<'a>(
    response: &Response,
    name: &'a Ident,
    api: &Api,
    types: Types<'_>,
) -> OutcomeView<'a> {
    let (ty, read) = match &response.content {
        Content::Empty => (None, quote!(|_| Ok(Self::#name))),
        Content::Json(ty) if is_struct(api, ty) => {
            let ty = types.expr(ty);
            let read = quote!(|body| body.json().map(|value| Self::#name(Box::new(value))));
            (Some(TypeExpr::new(quote!(Box<#ty>))), read)
        }
        Content::Json(ty) => (
            Some(types.expr(ty)),
            quote!(|body| body.json().map(Self::#name)),
        ),
        // A body that is one of several possible ones is read to its end, not streamed.
        Content::Binary => (
            Some(TypeExpr::new(quote!(rt::Bytes))),
            quote!(|body| body.bytes().map(Self::#name)),
        ),
        Content::Text | Content::Events(_) | Content::JsonLines(_) => (
            Some(TypeExpr::new(quote!(String))),
            quote!(|body| body.text().map(Self::#name)),
        ),
    };
    let mut doc = DocText::default();
    let status = match response.status.as_str() {
        "default" => "Any other status".to_owned(),
        status => code(status),
    };
    let description = inline(api, &response.description);
    doc.markdown(match description.is_empty() {
        true => format!("{status}."),
        false => format!("{status}: {description}"),
    });
    OutcomeView {
        name,
        doc,
        ty,
        status: StrLit::new(&response.status),
        read: Expr::new(read),
    }
}

/// Whether the type is a tuple with named types among its items, which may contain the tuple in turn.
fn holds_names(api: &Api, ty: &Type) -> bool {
    fn has_name(ty: &Type) -> bool {
        match ty {
            Type::Named(_) => true,
            Type::Nullable(inner) => has_name(inner),
            Type::Tuple(items) => items.iter().any(has_name),
            _ => false,
        }
    }
    match api.plain(ty) {
        Type::Tuple(items) => items.iter().any(has_name),
        _ => false,
    }
}

fn is_struct(api: &Api, ty: &Type) -> bool {
    api.structure(ty).is_some()
}

fn option(text: Option<&str>) -> Expr {
    Expr::new(match text {
        Some(text) => quote!(Some(#text)),
        None => quote!(None),
    })
}
