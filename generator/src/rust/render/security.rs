//! The ways to show who one is: a constant and a method of the client's builder for each.

use askama::Template;
use proc_macro2::TokenStream;
use quote::quote;

use super::{
    RenderBug, Texts,
    doc::{DocText, code},
    fragments::{Expr, StrLit},
    view,
};
use crate::{
    model::{Api, ParameterPlace, Scheme, SchemeKind, Security},
    rust::names::{Ident, Names, SchemeNames},
};

#[derive(Template)]
#[template(path = "security.rs.j2")]
struct SecurityView<'a> {
    schemes: Vec<SchemeView<'a>>,
    required: Expr,
}

struct SchemeView<'a> {
    constant: &'a Ident,
    method: &'a Ident,
    source_method: &'a Ident,
    wire: StrLit,
    kind: Expr,
    /// The method of the client's builder that takes it.
    set_by: StrLit,
    doc: DocText,
    takes_password: bool,
    takes_secret: bool,
    takes_source: bool,
}

/// Renders the file.
pub(super) fn render(api: &Api, names: &Names, texts: &mut Texts) -> Result<(), Box<RenderBug>> {
    let schemes = api.schemes.iter();
    let of_file = SecurityView {
        schemes: schemes
            .map(|(name, scheme)| scheme_view(name, scheme, &names.schemes[name], api))
            .collect(),
        required: Expr::new(requirement(&api.security, names, &TokenStream::new())),
    };
    let path = "src/generated/security.rs";
    texts.add(path, &[view(&of_file, path)?])
}

/// A requirement as rendered code has it.
pub(super) fn requirement(security: &Security, names: &Names, prefix: &TokenStream) -> TokenStream {
    let alternatives = security.iter().map(|schemes| {
        let schemes = schemes.iter().filter_map(|name| names.schemes.get(name));
        let schemes = schemes.map(|names| {
            let constant = &names.constant;
            quote!(&#prefix #constant)
        });
        quote!(&[#(#schemes),*])
    });
    quote!(&[#(#alternatives),*])
}

fn scheme_view<'a>(
    name: &str,
    scheme: &Scheme,
    names: &'a SchemeNames,
    api: &Api,
) -> SchemeView<'a> {
    let mut doc = DocText::default();
    doc.text(api, scheme.description.as_deref());
    doc.markdown(match &scheme.kind {
        SchemeKind::Basic => format!("User name and password, for what {} secures.", code(name)),
        SchemeKind::Bearer | SchemeKind::OAuth2(_) => {
            format!("A bearer token, for what {} secures.", code(name))
        }
        SchemeKind::Token(scheme) => format!(
            "What follows {} in the header `Authorization`, for what {} secures.",
            code(scheme),
            code(name)
        ),
        SchemeKind::ApiKey(place, key) => format!(
            "The key that goes into the {} {}, for what {} secures.",
            place.as_str(),
            code(key),
            code(name)
        ),
        SchemeKind::MutualTls => String::new(),
    });
    let wire_name = name;
    let kind = match &scheme.kind {
        SchemeKind::Basic => quote!(rt::SchemeKind::Basic),
        SchemeKind::Bearer => quote!(rt::SchemeKind::Bearer),
        SchemeKind::Token(prefix) => quote!(rt::SchemeKind::Token { prefix: #prefix }),
        SchemeKind::ApiKey(place, name) => {
            let place = match place {
                ParameterPlace::Query => quote!(Query),
                ParameterPlace::Cookie => quote!(Cookie),
                _ => quote!(Header),
            };
            quote!(rt::SchemeKind::ApiKey { place: rt::ApiKeyPlace::#place, name: #name })
        }
        SchemeKind::OAuth2(url) => {
            let url = url.as_deref().unwrap_or_default();
            quote!(rt::SchemeKind::OAuth2 { token_url: #url })
        }
        SchemeKind::MutualTls => quote!(rt::SchemeKind::MutualTls),
    };
    SchemeView {
        constant: &names.constant,
        method: &names.method,
        source_method: &names.source_method,
        wire: StrLit::new(wire_name),
        kind: Expr::new(kind),
        set_by: match scheme.kind {
            SchemeKind::MutualTls => StrLit::new("client_certificate"),
            _ => StrLit::new(names.method.bare()),
        },
        doc,
        takes_password: scheme.kind == SchemeKind::Basic,
        takes_secret: !matches!(scheme.kind, SchemeKind::Basic | SchemeKind::MutualTls),
        takes_source: matches!(scheme.kind, SchemeKind::Bearer | SchemeKind::OAuth2(_)),
    }
}
