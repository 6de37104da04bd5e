//! Renders security schemes: for each a constant, and methods of the client's builder.

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
    /// The method of the client's builder that sets the credential, for messages.
    set_by: StrLit,
    doc: DocText,
    takes_password: bool,
    takes_secret: bool,
    takes_source: bool,
}

/// Renders the file.
pub(super) fn render(api: &Api, names: &Names, texts: &mut Texts) -> Result<(), Box<RenderBug>> {
    let schemes = api.schemes.iter();
    let security_view = SecurityView {
        schemes: schemes
            .map(|(name, scheme)| scheme_view(name, scheme, &names.schemes[name], api))
            .collect(),
        required: Expr::new(requirement(&api.security, names, &TokenStream::new())),
    };
    let path = "src/generated/security.rs";
    texts.add(path, &[view(&security_view, path)?])
}

/// Writes a security requirement as an expression.
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
        SchemeKind::Basic => format!(
            "Sets user name and password for the security scheme {}.",
            code(name)
        ),
        SchemeKind::Bearer | SchemeKind::OAuth2(_) => {
            format!(
                "Sets the bearer token for the security scheme {}.",
                code(name)
            )
        }
        SchemeKind::Token(scheme) => format!(
            "Sets the credential for the security scheme {}, which follows {} in the `Authorization` header.",
            code(name),
            code(scheme)
        ),
        SchemeKind::ApiKey(place, key) => {
            let place = match place {
                ParameterPlace::Query => "query parameter",
                ParameterPlace::Cookie => "cookie",
                _ => "header",
            };
            let (name, key) = (code(name), code(key));
            format!("Sets the API key for the security scheme {name}, sent as the {place} {key}.")
        }
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
