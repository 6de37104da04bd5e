//! Security schemes and what requires them.

use indexmap::IndexMap;
use openapiv3::{
    APIKeyLocation, AuthorizationCodeOAuth2Flow, ClientCredentialsOAuth2Flow, ImplicitOAuth2Flow,
    OAuth2Flows, PasswordOAuth2Flow, SecurityRequirement, SecurityScheme,
};
use serde_json::Value;

use super::{
    Dialect,
    links::Kind,
    reader::{Members, Reader},
};
use crate::{diagnostics::Code, openapi::keywords};

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
    pub(super) fn security(&mut self, value: &'a Value) -> Vec<SecurityRequirement> {
        let mut requirements = Vec::new();
        self.each(value, |reader, item| {
            let mut requirement = SecurityRequirement::new();
            if let Value::String(name) = item {
                reader.say(
                    Code::WrongShape,
                    format!("`{name}` is read as a requirement without scopes"),
                );
                requirement.insert(name.clone(), Vec::new());
            } else {
                reader.each_named(item, |reader, name, scopes| {
                    // An extension of the requirement, unless a scheme is called so.
                    if name.starts_with("x-") && !reader.is_taken(Kind::SecurityScheme, name) {
                        return;
                    }
                    let scopes = match scopes {
                        Value::Null => Vec::new(),
                        Value::Object(scopes) if scopes.is_empty() => Vec::new(),
                        _ => reader.texts(scopes),
                    };
                    requirement.insert(name.to_owned(), scopes);
                });
            }
            requirements.push(requirement);
        });
        requirements
    }

    /// Reads a security scheme; `None`, which is reported, if its type is not known.
    pub(super) fn security_scheme(&mut self, members: &'a Members) -> Option<SecurityScheme> {
        let told = self.told(members);
        let typ = told.typ.to_ascii_lowercase();
        if !matches!(
            typ.as_str(),
            "apikey" | "http" | "basic" | "bearer" | "oauth2" | "openidconnect" | "mutualtls"
        ) {
            self.say(
                Code::LeftOut,
                format!("a security scheme of the type `{}` is left out", told.typ),
            );
            return None;
        }
        let is_spelt = ["apiKey", "http", "oauth2", "openIdConnect", "mutualTLS"]
            .contains(&told.typ.as_str())
            || told.typ == "basic" && self.dialect() == Dialect::Swagger2;
        if !is_spelt {
            let message = format!(
                "the type `{}` of a security scheme is read as what it means",
                told.typ
            );
            self.say_of("type", Code::ValueMisfit, message);
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
                    self.say(
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
                location: self.key_place(told.place.as_deref()),
                name: told.name.unwrap_or_else(|| {
                    self.say(
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
                    self.say(
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
                    self.say(Code::MissingPart, "`openIdConnectUrl` is missing");
                    String::new()
                }),
                description,
                extensions,
            },
        })
    }

    fn told(&mut self, members: &'a Members) -> Told {
        let mut told = Told::default();
        let mut old = Flow::default();
        let mut flow = None;
        for (key, value) in members {
            self.enter(key);
            match key.as_str() {
                "type" => told.typ = self.text(value).unwrap_or_default(),
                "description" => told.description = self.text(value),
                "name" => told.name = self.text(value),
                "in" => told.place = self.text(value),
                "scheme" => told.scheme = self.text(value),
                "bearerFormat" => told.bearer_format = self.text(value),
                "openIdConnectUrl" => told.open_id_connect_url = self.text(value),
                "flows" => told.flows = Some(self.flows(value)),
                // The one flow of Swagger 2.0.
                "flow" => flow = self.text(value),
                "authorizationUrl" => old.authorization_url = self.text(value),
                "tokenUrl" => old.token_url = self.text(value),
                "scopes" => old.scopes = self.scopes(value),
                "deprecated" | "oauth2MetadataUrl" => {}
                _ if key.starts_with("x-") => {
                    told.extensions.insert(key.clone(), value.clone());
                }
                _ => self.unknown(key, keywords::SECURITY_SCHEME),
            }
            self.leave();
        }
        if let Some(flow) = flow {
            let mut flows = told.flows.take().unwrap_or_default();
            let name = match flow.as_str() {
                "application" => "clientCredentials",
                "accessCode" => "authorizationCode",
                other => other,
            };
            self.set_flow(&mut flows, name, old);
            told.flows = Some(flows);
        }
        told
    }

    fn key_place(&mut self, place: Option<&str>) -> APIKeyLocation {
        match place.map(str::to_ascii_lowercase).as_deref() {
            Some("header") => APIKeyLocation::Header,
            Some("query") => APIKeyLocation::Query,
            Some("cookie") => APIKeyLocation::Cookie,
            _ => {
                self.say(
                    Code::MissingPart,
                    "a key without a place (`in`) is read as a header",
                );
                APIKeyLocation::Header
            }
        }
    }

    fn flows(&mut self, value: &'a Value) -> OAuth2Flows {
        let mut flows = OAuth2Flows::default();
        self.each_member(value, |reader, name, value| {
            let mut flow = Flow::default();
            reader.each_member(value, |reader, key, value| match key {
                "authorizationUrl" => flow.authorization_url = reader.text(value),
                "tokenUrl" => flow.token_url = reader.text(value),
                "refreshUrl" => flow.refresh_url = reader.text(value),
                // Of a flow that is ignored as a whole.
                "deviceAuthorizationUrl" if name == "deviceAuthorization" => {}
                "scopes" => flow.scopes = reader.scopes(value),
                _ => reader.unknown(
                    key,
                    &["authorizationUrl", "tokenUrl", "refreshUrl", "scopes"],
                ),
            });
            for (key, value) in value.as_object().into_iter().flatten() {
                if key.starts_with("x-") {
                    flow.extensions.insert(key.clone(), value.clone());
                }
            }
            reader.set_flow(&mut flows, name, flow);
        });
        flows
    }

    fn set_flow(&mut self, flows: &mut OAuth2Flows, name: &str, flow: Flow) {
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
                self.say(Code::Ignored, format!("the flow `{name}` is ignored"));
            }
            _ => self.say(
                Code::LeftOut,
                format!("`{name}` is no flow of OAuth 2 and is left out"),
            ),
        }
        for key in missing {
            self.say(
                Code::MissingPart,
                format!("the flow `{name}` has no `{key}`"),
            );
        }
    }

    fn scopes(&mut self, value: &'a Value) -> IndexMap<String, String> {
        let mut scopes = IndexMap::new();
        match value {
            Value::Array(_) | Value::String(_) => {
                self.say(
                    Code::WrongShape,
                    "a list of scopes is read as scopes without descriptions",
                );
                let listed = self.texts(value).into_iter();
                scopes.extend(listed.map(|scope| (scope, String::new())));
            }
            Value::Null => self.misshapen(value, "a mapping of scopes"),
            _ => {
                for (scope, description) in self.members(value).into_iter().flatten() {
                    // What a scope is called is the author's choice, and may start as extensions do.
                    let text = match description {
                        Value::Null => None,
                        _ => self.within(scope, |reader| reader.text(description)),
                    };
                    scopes.insert(scope.clone(), text.unwrap_or_default());
                }
            }
        }
        scopes
    }
}
