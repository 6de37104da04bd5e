//! Where an API is, and how clients show who they are.

use indexmap::IndexMap;
use openapiv3::{
    APIKeyLocation, OpenAPI, ReferenceOr, SecurityRequirement, SecurityScheme, Server as Declared,
};

use super::{ParameterPlace, Scheme, SchemeKind, Security, Server, ServerVariable};
use crate::{
    diagnostics::{Code, Diagnostic, Sink},
    pointer::Pointer,
};

/// The servers, as declared.
pub(super) fn servers(declared: &[Declared]) -> Vec<Server> {
    declared.iter().map(server).collect()
}

/// The absolute URL of the first of some servers; one that is relative is so to another URL.
pub(super) fn first_url(declared: &[Declared], base: Option<&str>) -> Option<String> {
    let url = server(declared.first()?).default_url();
    let url = url.trim_end_matches('/');
    if url.starts_with("https://") || url.starts_with("http://") {
        return Some(url.to_owned());
    }
    let base = base?;
    let authority = base.find("://")? + "://".len();
    let end = base[authority..]
        .find('/')
        .map_or(base.len(), |at| authority + at);
    let is_path = url.starts_with('/') && !url.starts_with("//") || url.is_empty();
    is_path.then(|| format!("{}{url}", &base[..end]))
}

/// The ways to show who one is.
pub(super) fn schemes(openapi: &OpenAPI) -> IndexMap<String, Scheme> {
    let declared = openapi.components.iter();
    let declared = declared.flat_map(|components| &components.security_schemes);
    let schemes = declared.filter_map(|(name, scheme)| match scheme {
        ReferenceOr::Item(scheme) => Some((name.clone(), lowered(scheme))),
        ReferenceOr::Reference { .. } => None,
    });
    let mut schemes: IndexMap<String, Scheme> = schemes.collect();
    schemes.sort_unstable_keys();
    schemes
}

/// Reports requirements of schemes that are not there.
pub(super) fn report_unknown(
    declared: &[SecurityRequirement],
    known: &IndexMap<String, Scheme>,
    at: &Pointer,
    sink: &mut Sink,
) {
    for (index, requirement) in declared.iter().enumerate() {
        for name in requirement.keys().filter(|name| !known.contains_key(*name)) {
            let message = format!("`{name}` is no security scheme: what needs it is left out");
            let at = at.join("security").join(index.to_string()).join(name);
            let diagnostic = Diagnostic::new(Code::LeftOut, message)
                .help("declare it under `components/securitySchemes`");
            sink.at(&at, diagnostic);
        }
    }
}

/// Requirements as alternatives of schemes. Those of a scheme that is not there, which has been
/// reported, are left out.
pub(super) fn security(
    declared: &[SecurityRequirement],
    known: &IndexMap<String, Scheme>,
) -> Security {
    let alternatives = declared.iter().map(|requirement| {
        let mut names: Vec<String> = requirement.keys().cloned().collect();
        names.sort_unstable();
        names
    });
    alternatives
        .filter(|names| names.iter().all(|name| known.contains_key(name)))
        .collect()
}

fn server(declared: &Declared) -> Server {
    let variables = declared.variables.iter().flatten();
    let variables = variables.map(|(name, variable)| ServerVariable {
        name: name.clone(),
        default: variable.default.clone(),
        values: variable.enumeration.clone(),
        description: variable.description.clone(),
    });
    let mut variables: Vec<ServerVariable> = variables.collect();
    // As they stand in the URL, and by name where they do not.
    variables.sort_by_cached_key(|variable| {
        let place = declared.url.find(&format!("{{{}}}", variable.name));
        (place.unwrap_or(usize::MAX), variable.name.clone())
    });
    Server {
        url: declared.url.clone(),
        description: declared.description.clone(),
        variables,
    }
}

fn lowered(scheme: &SecurityScheme) -> Scheme {
    let (kind, description) = match scheme {
        SecurityScheme::APIKey {
            location,
            name,
            description,
            ..
        } => {
            let place = match location {
                APIKeyLocation::Query => ParameterPlace::Query,
                APIKeyLocation::Header => ParameterPlace::Header,
                APIKeyLocation::Cookie => ParameterPlace::Cookie,
            };
            (SchemeKind::ApiKey(place, name.clone()), description)
        }
        SecurityScheme::HTTP {
            scheme,
            description,
            ..
        } => {
            let kind = match scheme.to_ascii_lowercase().as_str() {
                "basic" => SchemeKind::Basic,
                "bearer" => SchemeKind::Bearer,
                "mutual-tls" => SchemeKind::MutualTls,
                _ => SchemeKind::Token(scheme.clone()),
            };
            (kind, description)
        }
        SecurityScheme::OAuth2 {
            flows, description, ..
        } => {
            let client = flows.client_credentials.as_ref();
            let code = flows.authorization_code.as_ref();
            let password = flows.password.as_ref();
            let url = client
                .map(|flow| &flow.token_url)
                .or(code.map(|flow| &flow.token_url))
                .or(password.map(|flow| &flow.token_url));
            let url = url.filter(|url| !url.is_empty());
            (SchemeKind::OAuth2(url.cloned()), description)
        }
        SecurityScheme::OpenIDConnect { description, .. } => {
            (SchemeKind::OAuth2(None), description)
        }
    };
    Scheme {
        kind,
        description: description.clone(),
    }
}
