//! Security schemes and what requires them.

use indexmap::IndexMap;
use openapiv3::{
    APIKeyLocation, AuthorizationCodeOAuth2Flow, ClientCredentialsOAuth2Flow, ImplicitOAuth2Flow,
    OAuth2Flows, PasswordOAuth2Flow, SecurityRequirement, SecurityScheme,
};
use serde_json::Value;

use super::{
    Dialect,
    cursor::Cursor,
    reader::{Members, Reader},
    values,
};
use crate::{
    diagnostics::Code,
    openapi::{ComponentKind, keywords},
};

/// What a scheme says, whatever its type.
#[derive(Default)]
struct Told {
    typ: String,
    description: Option<String>,
    name: Option<String>,
    place: Option<String>,
    scheme: Option<String>,
    bearer_format: Option<String>,
    open_id_connect_url: Option<String>,
    flows: Option<OAuth2Flows>,
    extensions: IndexMap<String, Value>,
}

/// What a flow says, whichever it is.
#[derive(Default)]
struct Flow {
    authorization_url: Option<String>,
    token_url: Option<String>,
    refresh_url: Option<String>,
    scopes: IndexMap<String, String>,
    extensions: IndexMap<String, Value>,
}

impl<'a> Reader<'a, '_> {
    /// Reads the alternatives of what is required.
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
                    format!("`{name}` is read as a requirement without scopes"),
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
        let told = self.told(at, members);
        let typ = told.typ.to_ascii_lowercase();
        if !matches!(
            typ.as_str(),
            "apikey" | "http" | "basic" | "bearer" | "oauth2" | "openidconnect" | "mutualtls"
        ) {
            self.issues.warn(
                at,
                Code::LeftOut,
                format!("a security scheme of the type `{}` is left out", told.typ),
            );
            return None;
        }
        let is_spelt = ["apiKey", "http", "oauth2", "openIdConnect", "mutualTLS"]
            .contains(&told.typ.as_str())
            || told.typ == "basic" && self.dialect(at) == Dialect::Swagger2;
        if !is_spelt {
            let message = format!(
                "the type `{}` of a security scheme is read as what it means",
                told.typ
            );
            self.issues
                .warn(&at.step("type"), Code::ValueMisfit, message);
        }
        let Told {
            description,
            extensions,
            ..
        } = told;
        let http = |scheme: &str, bearer_format| SecurityScheme::HTTP {
            scheme: scheme.to_owned(),
            bearer_format,
            description: description.clone(),
            extensions: extensions.clone(),
        };
        Some(match typ.as_str() {
            "http" => match &told.scheme {
                Some(scheme) => http(scheme, told.bearer_format),
                None => {
                    self.issues.warn(
                        at,
                        Code::MissingPart,
                        "an HTTP scheme without `scheme` is read as `bearer`",
                    );
                    http("bearer", told.bearer_format)
                }
            },
            "basic" => http("basic", None),
            "bearer" => http("bearer", told.bearer_format),
            "mutualtls" => http("mutual-tls", None),
            "apikey" => SecurityScheme::APIKey {
                location: self.key_place(at, told.place.as_deref()),
                name: told.name.unwrap_or_else(|| {
                    self.issues.warn(
                        at,
                        Code::MissingPart,
                        "a key without `name` is read as `Authorization`",
                    );
                    "Authorization".to_owned()
                }),
                description,
                extensions,
            },
            "oauth2" => SecurityScheme::OAuth2 {
                flows: told.flows.unwrap_or_else(|| {
                    self.issues.warn(
                        at,
                        Code::MissingPart,
                        "an OAuth 2 scheme without flows is read as one of none",
                    );
                    OAuth2Flows::default()
                }),
                description,
                extensions,
            },
            _ => SecurityScheme::OpenIDConnect {
                open_id_connect_url: told.open_id_connect_url.unwrap_or_else(|| {
                    self.issues
                        .warn(at, Code::MissingPart, "`openIdConnectUrl` is missing");
                    String::new()
                }),
                description,
                extensions,
            },
        })
    }

    fn told(&mut self, at: &Cursor<'_, 'a>, members: &'a Members) -> Told {
        let mut told = Told::default();
        let mut old = Flow::default();
        let mut flow = None;
        for (key, value) in members {
            let at = &at.step(key);
            match key.as_str() {
                "type" => told.typ = values::text(&mut self.issues, at, value).unwrap_or_default(),
                "description" => told.description = values::text(&mut self.issues, at, value),
                "name" => told.name = values::text(&mut self.issues, at, value),
                "in" => told.place = values::text(&mut self.issues, at, value),
                "scheme" => told.scheme = values::text(&mut self.issues, at, value),
                "bearerFormat" => told.bearer_format = values::text(&mut self.issues, at, value),
                "openIdConnectUrl" => {
                    told.open_id_connect_url = values::text(&mut self.issues, at, value)
                }
                "flows" => told.flows = Some(self.flows(at, value)),
                // The one flow of Swagger 2.0.
                "flow" => flow = values::text(&mut self.issues, at, value),
                "authorizationUrl" => {
                    old.authorization_url = values::text(&mut self.issues, at, value)
                }
                "tokenUrl" => old.token_url = values::text(&mut self.issues, at, value),
                "scopes" => old.scopes = self.scopes(at, value),
                "deprecated" | "oauth2MetadataUrl" => {}
                _ if key.starts_with("x-") => {
                    told.extensions.insert(key.clone(), value.clone());
                }
                _ => self.issues.unknown_key(at, key, keywords::SECURITY_SCHEME),
            }
        }
        if let Some(flow) = flow {
            let mut flows = told.flows.take().unwrap_or_default();
            let name = match flow.as_str() {
                "application" => "clientCredentials",
                "accessCode" => "authorizationCode",
                other => other,
            };
            self.set_flow(at, &mut flows, name, old);
            told.flows = Some(flows);
        }
        told
    }

    fn key_place(&mut self, at: &Cursor<'_, 'a>, place: Option<&str>) -> APIKeyLocation {
        match place.map(str::to_ascii_lowercase).as_deref() {
            Some("header") => APIKeyLocation::Header,
            Some("query") => APIKeyLocation::Query,
            Some("cookie") => APIKeyLocation::Cookie,
            _ => {
                self.issues.warn(
                    at,
                    Code::MissingPart,
                    "a key without a place (`in`) is read as a header",
                );
                APIKeyLocation::Header
            }
        }
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
            self.set_flow(at, &mut flows, name, flow);
        }
        flows
    }

    fn set_flow(&mut self, at: &Cursor<'_, 'a>, flows: &mut OAuth2Flows, name: &str, flow: Flow) {
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
                self.issues
                    .warn(at, Code::Ignored, format!("the flow `{name}` is ignored"));
            }
            _ => self.issues.warn(
                at,
                Code::LeftOut,
                format!("`{name}` is no flow of OAuth 2 and is left out"),
            ),
        }
        for key in missing {
            self.issues.warn(
                at,
                Code::MissingPart,
                format!("the flow `{name}` has no `{key}`"),
            );
        }
    }

    fn scopes(&mut self, at: &Cursor<'_, 'a>, value: &'a Value) -> IndexMap<String, String> {
        let mut scopes = IndexMap::new();
        match value {
            Value::Array(_) | Value::String(_) => {
                self.issues.warn(
                    at,
                    Code::WrongShape,
                    "a list of scopes is read as scopes without descriptions",
                );
                let listed = self.texts(at, value).into_iter();
                scopes.extend(listed.map(|scope| (scope, String::new())));
            }
            Value::Null => self.issues.misshapen(at, value, "a mapping of scopes"),
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
