//! Security schemes and security requirements.

use indexmap::IndexMap;
use openapiv3::{
    APIKeyLocation, AuthorizationCodeOAuth2Flow, ClientCredentialsOAuth2Flow, ImplicitOAuth2Flow,
    OAuth2Flows, PasswordOAuth2Flow, SecurityRequirement, SecurityScheme,
};
use serde_json::Value;

use super::{
    Dialect,
    cursor::Cursor,
    issues::Issues,
    reader::{Members, Reader},
    values,
};
use crate::{
    diagnostics::Code,
    openapi::{ComponentKind, keywords},
};

/// The members of a security scheme of any type.
#[derive(Default)]
struct SchemeMembers {
    typ: String,
    description: Option<String>,
    name: Option<String>,
    place: Option<String>,
    http_scheme: Option<String>,
    bearer_format: Option<String>,
    open_id_connect_url: Option<String>,
    flows: Option<OAuth2Flows>,
    extensions: IndexMap<String, Value>,
}

/// The members of an OAuth 2.0 flow.
#[derive(Default)]
struct Flow {
    authorization_url: Option<String>,
    token_url: Option<String>,
    refresh_url: Option<String>,
    scopes: IndexMap<String, String>,
    extensions: IndexMap<String, Value>,
}

impl<'a> Reader<'a, '_> {
    /// Reads a list of alternative security requirements.
    pub(super) fn security(
        &mut self,
        at: &Cursor<'_, 'a>,
        value: &'a Value,
    ) -> Vec<SecurityRequirement> {
        let mut requirements = Vec::new();
        for (ref at, item) in self.items(at, value) {
            let mut requirement = SecurityRequirement::new();
            if let Value::String(name) = item {
                self.issues.warn(
                    at,
                    Code::WrongShape,
                    format!("expected a security requirement object, found a string; it is read as the scheme `{name}` without scopes"),
                );
                requirement.insert(name.clone(), Vec::new());
            } else {
                for (ref at, name, scopes) in values::entries(&mut self.issues, at, item) {
                    // An extension of the requirement, unless a scheme is called so.
                    if name.starts_with("x-")
                        && !self.builder.is_taken(ComponentKind::SecurityScheme, name)
                    {
                        continue;
                    }
                    let scopes = match scopes {
                        Value::Null => Vec::new(),
                        Value::Object(scopes) if scopes.is_empty() => Vec::new(),
                        _ => self.texts(at, scopes),
                    };
                    requirement.insert(name.to_owned(), scopes);
                }
            }
            requirements.push(requirement);
        }
        requirements
    }

    /// Reads a security scheme; `None`, which is reported, if its type is not known.
    pub(super) fn security_scheme(
        &mut self,
        at: &Cursor<'_, 'a>,
        members: &'a Members,
    ) -> Option<SecurityScheme> {
        let scheme = self.scheme_members(at, members);
        let typ = scheme.typ.to_ascii_lowercase();
        if !matches!(
            typ.as_str(),
            "apikey" | "http" | "basic" | "bearer" | "oauth2" | "openidconnect" | "mutualtls"
        ) {
            self.issues.warn(
                at,
                Code::LeftOut,
                format!(
                    "unknown security scheme type `{}`; the scheme is ignored",
                    scheme.typ
                ),
            );
            return None;
        }
        let is_spelt = ["apiKey", "http", "oauth2", "openIdConnect", "mutualTLS"]
            .contains(&scheme.typ.as_str())
            || scheme.typ == "basic" && self.dialect(at) == Dialect::Swagger2;
        if !is_spelt {
            let message = format!(
                "security scheme type `{}` is misspelled; it is read as `{}`",
                scheme.typ,
                spelling(&typ)
            );
            self.issues
                .warn(&at.step("type"), Code::ValueMisfit, message);
        }
        let SchemeMembers {
            description,
            extensions,
            ..
        } = scheme;
        let http = |scheme: &str, bearer_format| SecurityScheme::HTTP {
            scheme: scheme.to_owned(),
            bearer_format,
            description: description.clone(),
            extensions: extensions.clone(),
        };
        Some(match typ.as_str() {
            "http" => match &scheme.http_scheme {
                Some(name) => http(name, scheme.bearer_format),
                None => {
                    self.issues.warn(
                        at,
                        Code::MissingPart,
                        "the HTTP security scheme has no `scheme`; it is read as `bearer`",
                    );
                    http("bearer", scheme.bearer_format)
                }
            },
            "basic" => http("basic", None),
            "bearer" => http("bearer", scheme.bearer_format),
            "mutualtls" => http("mutual-tls", None),
            "apikey" => SecurityScheme::APIKey {
                location: key_location(&mut self.issues, at, scheme.place.as_deref()),
                name: scheme.name.unwrap_or_else(|| {
                    self.issues.warn(
                        at,
                        Code::MissingPart,
                        "the API key has no `name`; it is read as `Authorization`",
                    );
                    "Authorization".to_owned()
                }),
                description,
                extensions,
            },
            "oauth2" => SecurityScheme::OAuth2 {
                flows: scheme.flows.unwrap_or_else(|| {
                    self.issues.warn(
                        at,
                        Code::MissingPart,
                        "the OAuth 2.0 security scheme has no `flows`; it is read as one without any",
                    );
                    OAuth2Flows::default()
                }),
                description,
                extensions,
            },
            _ => SecurityScheme::OpenIDConnect {
                open_id_connect_url: scheme.open_id_connect_url.unwrap_or_else(|| {
                    self.issues
                        .warn(at, Code::MissingPart, "the OpenID Connect security scheme has no `openIdConnectUrl`; it is read as empty");
                    String::new()
                }),
                description,
                extensions,
            },
        })
    }

    fn scheme_members(&mut self, at: &Cursor<'_, 'a>, members: &'a Members) -> SchemeMembers {
        let mut scheme = SchemeMembers::default();
        let mut old = Flow::default();
        let mut flow = None;
        for (key, value) in members {
            let at = &at.step(key);
            match key.as_str() {
                "type" => {
                    scheme.typ = values::text(&mut self.issues, at, value).unwrap_or_default()
                }
                "description" => scheme.description = values::text(&mut self.issues, at, value),
                "name" => scheme.name = values::text(&mut self.issues, at, value),
                "in" => scheme.place = values::text(&mut self.issues, at, value),
                "scheme" => scheme.http_scheme = values::text(&mut self.issues, at, value),
                "bearerFormat" => scheme.bearer_format = values::text(&mut self.issues, at, value),
                "openIdConnectUrl" => {
                    scheme.open_id_connect_url = values::text(&mut self.issues, at, value)
                }
                "flows" => scheme.flows = Some(self.flows(at, value)),
                // The one flow of Swagger 2.0.
                "flow" => flow = values::text(&mut self.issues, at, value),
                "authorizationUrl" => {
                    old.authorization_url = values::text(&mut self.issues, at, value)
                }
                "tokenUrl" => old.token_url = values::text(&mut self.issues, at, value),
                "scopes" => old.scopes = self.scopes(at, value),
                "deprecated" | "oauth2MetadataUrl" => {}
                _ if key.starts_with("x-") => {
                    scheme.extensions.insert(key.clone(), value.clone());
                }
                _ => self.issues.unknown_key(at, key, keywords::SECURITY_SCHEME),
            }
        }
        if let Some(flow) = flow {
            let mut flows = scheme.flows.take().unwrap_or_default();
            let name = match flow.as_str() {
                "application" => "clientCredentials",
                "accessCode" => "authorizationCode",
                other => other,
            };
            set_flow(&mut self.issues, at, &mut flows, name, old);
            scheme.flows = Some(flows);
        }
        scheme
    }

    fn flows(&mut self, at: &Cursor<'_, 'a>, value: &'a Value) -> OAuth2Flows {
        let mut flows = OAuth2Flows::default();
        for (ref at, name, value) in values::fields(&mut self.issues, at, value) {
            let mut flow = Flow::default();
            for (ref at, key, value) in values::fields(&mut self.issues, at, value) {
                match key {
                    "authorizationUrl" => {
                        flow.authorization_url = values::text(&mut self.issues, at, value)
                    }
                    "tokenUrl" => flow.token_url = values::text(&mut self.issues, at, value),
                    "refreshUrl" => flow.refresh_url = values::text(&mut self.issues, at, value),
                    // Of a flow that is ignored as a whole.
                    "deviceAuthorizationUrl" if name == "deviceAuthorization" => {}
                    "scopes" => flow.scopes = self.scopes(at, value),
                    _ => self.issues.unknown_key(
                        at,
                        key,
                        &["authorizationUrl", "tokenUrl", "refreshUrl", "scopes"],
                    ),
                }
            }
            for (key, value) in value.as_object().into_iter().flatten() {
                if key.starts_with("x-") {
                    flow.extensions.insert(key.clone(), value.clone());
                }
            }
            set_flow(&mut self.issues, at, &mut flows, name, flow);
        }
        flows
    }

    fn scopes(&mut self, at: &Cursor<'_, 'a>, value: &'a Value) -> IndexMap<String, String> {
        let mut scopes = IndexMap::new();
        match value {
            Value::Array(_) | Value::String(_) => {
                self.issues.warn(
                    at,
                    Code::WrongShape,
                    "expected an object of scopes; the names are read as scopes without descriptions",
                );
                let listed = self.texts(at, value).into_iter();
                scopes.extend(listed.map(|scope| (scope, String::new())));
            }
            Value::Null => self.issues.misshapen(at, value, "an object of scopes"),
            _ => {
                for (scope, description) in values::members(&mut self.issues, at, value)
                    .into_iter()
                    .flatten()
                {
                    // What a scope is called is the author's choice, and may start as extensions do.
                    let text = match description {
                        Value::Null => None,
                        _ => values::text(&mut self.issues, &at.step(scope), description),
                    };
                    scopes.insert(scope.clone(), text.unwrap_or_default());
                }
            }
        }
        scopes
    }
}

fn key_location<'a>(
    issues: &mut Issues<'_>,
    at: &Cursor<'_, 'a>,
    place: Option<&str>,
) -> APIKeyLocation {
    match place.map(str::to_ascii_lowercase).as_deref() {
        Some("header") => APIKeyLocation::Header,
        Some("query") => APIKeyLocation::Query,
        Some("cookie") => APIKeyLocation::Cookie,
        _ => {
            issues.warn(
                at,
                Code::MissingPart,
                "the API key has no valid `in`; it is read as a header",
            );
            APIKeyLocation::Header
        }
    }
}

fn set_flow<'a>(
    issues: &mut Issues<'_>,
    at: &Cursor<'_, 'a>,
    flows: &mut OAuth2Flows,
    name: &str,
    flow: Flow,
) {
    let Flow {
        authorization_url,
        token_url,
        refresh_url,
        scopes,
        extensions,
    } = flow;
    let mut missing = Vec::new();
    let mut needed = |url: Option<String>, key| {
        url.unwrap_or_else(|| {
            missing.push(key);
            String::new()
        })
    };
    match name {
        "implicit" => {
            flows.implicit = Some(ImplicitOAuth2Flow {
                authorization_url: needed(authorization_url, "authorizationUrl"),
                refresh_url,
                scopes,
                extensions,
            });
        }
        "password" => {
            flows.password = Some(PasswordOAuth2Flow {
                token_url: needed(token_url, "tokenUrl"),
                refresh_url,
                scopes,
                extensions,
            });
        }
        "clientCredentials" => {
            flows.client_credentials = Some(ClientCredentialsOAuth2Flow {
                token_url: needed(token_url, "tokenUrl"),
                refresh_url,
                scopes,
                extensions,
            });
        }
        "authorizationCode" => {
            flows.authorization_code = Some(AuthorizationCodeOAuth2Flow {
                authorization_url: needed(authorization_url, "authorizationUrl"),
                token_url: needed(token_url, "tokenUrl"),
                refresh_url,
                scopes,
                extensions,
            });
        }
        _ if keywords::FLOWS.contains(&name) => {
            issues.warn(
                at,
                Code::Ignored,
                format!("OAuth 2.0 flow `{name}` is not supported; it is ignored"),
            );
        }
        _ => issues.warn(
            at,
            Code::LeftOut,
            format!("unknown OAuth 2.0 flow `{name}`; it is ignored"),
        ),
    }
    for key in missing {
        issues.warn(
            at,
            Code::MissingPart,
            format!("OAuth 2.0 flow `{name}` has no `{key}`; it is read as empty"),
        );
    }
}

/// How OpenAPI spells the type of a security scheme that is given in lower case.
fn spelling(typ: &str) -> &'static str {
    match typ {
        "apikey" => "apiKey",
        "oauth2" => "oauth2",
        "openidconnect" => "openIdConnect",
        "mutualtls" => "mutualTLS",
        _ => "http",
    }
}
