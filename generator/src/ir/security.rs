//! Where an API is, and how clients show who they are.

use indexmap::IndexMap;
use openapiv3::{
    APIKeyLocation, OpenAPI, ReferenceOr, SecurityRequirement, SecurityScheme, Server as Declared,
};

use super::{ParameterPlace, Scheme, SchemeKind, Security, Server, ServerVariable};

/// The servers, as declared.
pub(super) fn servers(declared: &[Declared]) -> Vec<Server> {
    declared.iter().map(server).collect()
}

/// The absolute URL of the first of some servers that have one.
pub(super) fn first_url(declared: &[Declared]) -> Option<String> {
    let url = server(declared.first()?).default_url();
    let url = url.trim_end_matches('/');
    (url.starts_with("https://") || url.starts_with("http://")).then(|| url.to_owned())
}

/// The ways to show who one is.
pub(super) fn schemes(openapi: &OpenAPI) -> IndexMap<String, Scheme> {
    let declared = openapi.components.iter();
    let declared = declared.flat_map(|components| &components.security_schemes);
    declared
        .filter_map(|(name, scheme)| match scheme {
            ReferenceOr::Item(scheme) => Some((name.clone(), lowered(scheme))),
            ReferenceOr::Reference { .. } => None,
        })
        .collect()
}

/// Requirements as alternatives of schemes. Those of a scheme that is not there are left out.
pub(super) fn security(
    declared: &[SecurityRequirement],
    known: &IndexMap<String, Scheme>,
) -> Security {
    let alternatives = declared.iter().map(|requirement| {
        let names = requirement.keys();
        names.cloned().collect::<Vec<String>>()
    });
    alternatives
        .filter(|names| names.iter().all(|name| known.contains_key(name)))
        .collect()
}

fn server(declared: &Declared) -> Server {
    let variables = declared.variables.iter().flatten();
    Server {
        url: declared.url.clone(),
        description: declared.description.clone(),
        variables: variables
            .map(|(name, variable)| ServerVariable {
                name: name.clone(),
                default: variable.default.clone(),
                values: variable.enumeration.clone(),
                description: variable.description.clone(),
            })
            .collect(),
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
