//! Security schemes.

use indexmap::IndexMap;
use openapiv3::{APIKeyLocation, ReferenceOr, SecurityScheme as Declared};

use super::super::{Flow, Flows, SecurityScheme, SecuritySchemeKind};
use crate::openapi::ParameterIn;

/// The security schemes by name. References among them were resolved when the document was read.
pub(super) fn schemes(
    declared: IndexMap<String, ReferenceOr<Declared>>,
) -> IndexMap<String, SecurityScheme> {
    let schemes = declared.into_iter();
    schemes
        .filter_map(|(name, scheme)| match scheme {
            ReferenceOr::Item(scheme) => Some((name, resolved(scheme))),
            ReferenceOr::Reference { .. } => None,
        })
        .collect()
}

fn resolved(scheme: Declared) -> SecurityScheme {
    let (kind, description) = match scheme {
        Declared::APIKey {
            location,
            name,
            description,
            ..
        } => {
            let place = match location {
                APIKeyLocation::Query => ParameterIn::Query,
                APIKeyLocation::Header => ParameterIn::Header,
                APIKeyLocation::Cookie => ParameterIn::Cookie,
            };
            (SecuritySchemeKind::ApiKey { place, name }, description)
        }
        Declared::HTTP {
            scheme,
            description,
            ..
        } => (SecuritySchemeKind::Http(scheme), description),
        Declared::OAuth2 {
            flows, description, ..
        } => (
            SecuritySchemeKind::OAuth2(Box::new(resolved_flows(flows))),
            description,
        ),
        Declared::OpenIDConnect {
            open_id_connect_url: url,
            description,
            ..
        } => (SecuritySchemeKind::OpenIdConnect(url), description),
    };
    SecurityScheme { kind, description }
}

fn resolved_flows(flows: openapiv3::OAuth2Flows) -> Flows {
    let flow = |authorization_url, token_url, refresh_url, scopes: IndexMap<String, String>| Flow {
        authorization_url,
        token_url,
        refresh_url,
        scopes: scopes.into_iter().collect(),
    };
    Flows {
        implicit: flows.implicit.map(|it| {
            flow(
                it.authorization_url,
                String::new(),
                it.refresh_url,
                it.scopes,
            )
        }),
        password: flows
            .password
            .map(|it| flow(String::new(), it.token_url, it.refresh_url, it.scopes)),
        client_credentials: flows
            .client_credentials
            .map(|it| flow(String::new(), it.token_url, it.refresh_url, it.scopes)),
        authorization_code: flows.authorization_code.map(|it| {
            flow(
                it.authorization_url,
                it.token_url,
                it.refresh_url,
                it.scopes,
            )
        }),
    }
}
