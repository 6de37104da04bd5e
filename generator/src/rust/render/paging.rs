//! The paging of an operation: how its request gets the next page, and its documentation.

use proc_macro2::TokenStream;
use quote::quote;

use super::{
    Options,
    doc::code,
    fragments::{Expr, StrLit, TypeExpr, Types},
    models::is_option,
};
use crate::{
    config::{Pagination, RequiredInResponses},
    model::{Operation, Paging, Type},
    rust::names::Ident,
};

pub(super) struct PagingView {
    pub(super) entry: TypeExpr,
    pub(super) style: Expr,
    pub(super) more: Expr,
    pub(super) entries: StrLit,
    pub(super) into_entries: Expr,
    pub(super) uses_deprecated: bool,
}

/// The paging of an operation, if it has one.
pub(super) fn view_of(
    operation: &Operation,
    types: Types<'_>,
    options: &Options,
) -> Option<PagingView> {
    let paging = operation.pagination.as_ref()?;
    let is_nullable = matches!(operation.json(), Some(Type::Nullable(_)));
    let into_entries = if is_nullable && paging.steps.is_empty() {
        // clippy refuses a closure that does nothing but call this function.
        quote!(Option::unwrap_or_default)
    } else {
        into_entries(paging, is_nullable, types, options.required_in_responses)
    };
    Some(PagingView {
        entry: types.expr(&paging.entry),
        style: Expr::new(style(&paging.declared)),
        more: Expr::new(optional(paging.declared.more())),
        entries: StrLit::new(paging.declared.items()),
        into_entries: Expr::new(into_entries),
        uses_deprecated: paging.steps.iter().any(|step| step.field.deprecated),
    })
}

/// The closure that takes the entries out of a page. If a property on the way is missing, the list is
/// empty.
fn into_entries(
    paging: &Paging,
    is_nullable: bool,
    types: Types<'_>,
    required: RequiredInResponses,
) -> TokenStream {
    let or_default = |value: TokenStream, is_option| match is_option {
        true => quote!(#value.unwrap_or_default()),
        false => value,
    };
    let mut value = or_default(quote!(page), is_nullable);
    for step in &paging.steps {
        let name = &types.names.fields[&step.structure][step.index].field;
        value = or_default(quote!(#value.#name), is_option(&step.field, required));
    }
    quote!(|page| #value)
}

fn optional(path: Option<&str>) -> TokenStream {
    match path {
        Some(path) => quote!(Some(#path)),
        None => quote!(None),
    }
}

/// The paging style, as the runtime has it.
fn style(declared: &Pagination) -> TokenStream {
    match declared {
        Pagination::Page { number, count, .. } => {
            let count = optional(count.as_deref());
            quote!(rt::PageStyle::Number { parameter: #number, count: #count })
        }
        Pagination::Body { number, count, .. } => {
            let count = optional(count.as_deref());
            quote!(rt::PageStyle::BodyNumber { property: #number, count: #count })
        }
        Pagination::Offset {
            offset,
            first,
            total,
            ..
        } => {
            let total = optional(total.as_deref());
            let first = proc_macro2::Literal::u64_unsuffixed(*first);
            quote!(rt::PageStyle::Offset { parameter: #offset, first: #first, total: #total })
        }
        Pagination::Cursor { cursor, next, .. } => {
            quote!(rt::PageStyle::Cursor { parameter: #cursor, next: #next })
        }
        Pagination::BodyCursor { cursor, next, .. } => {
            quote!(rt::PageStyle::BodyCursor { property: #cursor, next: #next })
        }
        Pagination::LastEntry { after, key, .. } => {
            quote!(rt::PageStyle::LastEntry { parameter: #after, key: #key })
        }
        Pagination::Keyset { after, next, .. } => {
            quote!(rt::PageStyle::Keyset { parameter: #after, next: #next })
        }
        Pagination::NextUrl { next, .. } => quote!(rt::PageStyle::NextUrl { next: #next }),
        // An operation with the style `none` has no paging, so that this is never rendered.
        Pagination::LinkHeader { .. } | Pagination::None => quote!(rt::PageStyle::LinkHeader),
    }
}

/// The documentation of paging: the methods, how the next page is requested, and where the entries are.
pub(super) fn doc(paging: &Paging, request: &Ident) -> String {
    let request = request.bare();
    let methods = format!(
        "[`items`]({request}::items) iterates over the entries of all pages, \
         [`pages`]({request}::pages) over the pages."
    );
    let declared = &paging.declared;
    let size = match declared {
        Pagination::Page { size, .. }
        | Pagination::Body { size, .. }
        | Pagination::Offset { size, .. } => Some(code(size)),
        _ => None,
    };
    let entries_doc = match (size, declared.items()) {
        (Some(size), "") => format!("A page has at most {size} entries."),
        (Some(size), path) => format!("A page has at most {size} entries, in {}.", code(path)),
        (None, "") => "A page is a list of entries.".to_owned(),
        (None, path) => format!("The entries of a page are in {}.", code(path)),
    };
    format!("{methods} {} {entries_doc}", next_page_doc(declared))
}

fn next_page_doc(declared: &Pagination) -> String {
    let more = declared.more().map(code);
    let until = |limit: &Option<String>| match (limit, &more) {
        (Some(limit), None) => format!("until {} is reached or a page is empty", code(limit)),
        (None, None) => "until a page is empty".to_owned(),
        (_, Some(more)) => format!("until {more} is `false` or a page is empty"),
    };
    let last_page = match &more {
        Some(more) => format!("{more} of the last page is `false`"),
        None => "the last page has none".to_owned(),
    };
    match declared {
        Pagination::Page { number, count, .. } => format!(
            "{} increases by one with each page, {}.",
            code(number),
            until(count)
        ),
        Pagination::Body { number, count, .. } => format!(
            "{} in the request body increases by one with each page, {}.",
            code(number),
            until(count)
        ),
        Pagination::Offset { offset, total, .. } => format!(
            "{} increases by the number of entries of each page, {}.",
            code(offset),
            until(total)
        ),
        Pagination::Cursor { cursor, next, .. } => format!(
            "{} of a page is the {} of the next page; {last_page}.",
            code(next),
            code(cursor)
        ),
        Pagination::BodyCursor { cursor, next, .. } => format!(
            "{} of a page is the {} in the request body of the next page; {last_page}.",
            code(next),
            code(cursor)
        ),
        Pagination::LastEntry { after, key, .. } => format!(
            "{} of the last entry of a page is the {} of the next page, {}.",
            code(key),
            code(after),
            until(&None)
        ),
        Pagination::Keyset { after, next, .. } => format!(
            "The link {} of a page contains the {} of the next page; the last page has none.",
            code(next),
            code(after)
        ),
        Pagination::NextUrl { next, .. } => format!(
            "{} of a page is the URL of the next page; the last page has none.",
            code(next)
        ),
        Pagination::LinkHeader { .. } | Pagination::None => {
            "The `Link` header of a page has the URL of the next page; that of the last page has none."
                .to_owned()
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::job::{Job, compile, render};

    /// How the entries come out of a response, as rendered for one with this schema.
    fn into_entries(required: &str, schema: &str, items: &str) -> String {
        let spec = format!(
            r##"{{"openapi": "3.0.3", "info": {{"title": "T", "version": "1"}}, "paths": {{"/a": {{"get": {{
                "operationId": "getA",
                "responses": {{"200": {{"description": "A.", "content": {{"application/json": {{"schema": {schema}}}}}}}}}
            }}}}}}, "components": {{"schemas": {{
                "Names": {{"type": "array", "items": {{"type": "string"}}}},
                "Node": {{"type": "object", "required": ["self", "in"], "properties": {{
                    "self": {{"$ref": "#/components/schemas/Node"}}, "in": {{"$ref": "#/components/schemas/Names"}}
                }}}}
            }}}}}}"##
        );
        let config = format!(
            "required_in_responses = \"{required}\"\n\
             [pagination.getA]\nstyle = \"link-header\"\nitems = \"{items}\"\n"
        );
        let job = Job::from_text("spec.json", spec).with_config_text("sdkgen.toml", config);
        let compiled = compile(&job).compiled.expect("the description is valid");
        let rendered = render(&compiled).expect("it renders");
        let mut texts = rendered.files.values();
        let text = texts
            .find(|text| text.contains("static PAGING"))
            .expect("the operation is paged");
        let (_, rest) = text.split_once("into_entries: ").expect("it has entries");
        let (value, _) = rest.split_once(",\n}").expect("they come last");
        value.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn entries_come_out_of_every_nesting() {
        let list = r#"{"type": "array", "items": {"type": "string"}}"#;
        let node = r##"{"$ref": "#/components/schemas/Node"}"##;
        let data = r##"{"type": "object", "required": ["a"], "properties": {"a": {
            "type": "object", "required": ["b", "c", "d"], "properties": {
                "b": {"type": "array", "items": {"type": "string"}},
                "c": {"type": "array", "nullable": true, "items": {"type": "string"}},
                "d": {"type": "array", "readOnly": true, "items": {"type": "string"}},
                "e": {"$ref": "#/components/schemas/Names"}}}}}"##;
        let nullable = |schema: &str| schema.replacen('{', r#"{"nullable": true, "#, 1);
        for (required, schema, items, expected) in [
            ("tolerate", list, "", "|page| page"),
            ("trust", &nullable(list), "", "Option::unwrap_or_default"),
            (
                "trust",
                &nullable(data),
                "a.b",
                "|page| page.unwrap_or_default().a.b",
            ),
            (
                "tolerate",
                data,
                "a.b",
                "|page| page.a.unwrap_or_default().b.unwrap_or_default()",
            ),
            ("trust", data, "a.b", "|page| page.a.b"),
            ("trust", data, "a.c", "|page| page.a.c.unwrap_or_default()"),
            ("trust", data, "a.d", "|page| page.a.d.unwrap_or_default()"),
            ("trust", data, "a.e", "|page| page.a.e.unwrap_or_default()"),
            ("trust", node, "in", "|page| page.r#in"),
            // A value can be moved out of a box.
            (
                "trust",
                node,
                "self.in",
                "|page| page.self_.unwrap_or_default().r#in",
            ),
        ] {
            assert_eq!(into_entries(required, schema, items), expected, "{items}");
        }
    }
}
