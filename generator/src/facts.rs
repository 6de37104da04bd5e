//! What a description says of the service as a whole: where it is, how to log in.

use openapiv3::{OpenAPI, ReferenceOr, SecurityScheme, Server};

/// What a description says of the service as a whole.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Facts {
    /// What the author writes of the API.
    pub(crate) description: Option<String>,
    /// The first server, its variables filled in; empty if there is none.
    pub(crate) server: String,
    /// Where the first OAuth 2 flow hands out tokens; empty if nowhere.
    pub(crate) token_url: String,
    /// The ways to show who one is, by the description's names.
    pub(crate) schemes: Vec<(String, Scheme)>,
}

/// A way to show who one is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Scheme {
    /// A token, wherever it comes from.
    Bearer,
    /// User name and password.
    Basic,
    /// A key of this name in the header, query or cookie.
    Key(KeyPlace, String),
    /// A login by OAuth 2.
    Login,
    /// Something else, by its name.
    Other(String),
}

/// Where a key goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeyPlace {
    Header,
    Query,
    Cookie,
}

impl Facts {
    /// Reads them.
    pub(crate) fn of(openapi: &OpenAPI) -> Self {
        let components = openapi.components.iter();
        let declared = components.flat_map(|components| &components.security_schemes);
        let declared = declared.filter_map(|(name, scheme)| match scheme {
            ReferenceOr::Item(scheme) => Some((name, scheme)),
            ReferenceOr::Reference { .. } => None,
        });
        let mut facts = Self {
            description: openapi.info.description.clone(),
            server: openapi.servers.first().map(address).unwrap_or_default(),
            ..Self::default()
        };
        for (name, declared) in declared {
            if facts.token_url.is_empty() {
                facts.token_url = token_url(declared).unwrap_or_default();
            }
            facts.schemes.push((name.clone(), scheme(declared)));
        }
        facts
    }

    /// The server, if a client can call it as it is.
    pub(crate) fn base_url(&self) -> Option<&str> {
        is_absolute(&self.server).then_some(self.server.as_str())
    }
}

/// The address of a server without a slash at its end.
fn address(server: &Server) -> String {
    let mut url = server.url.trim().to_owned();
    for (name, variable) in server.variables.iter().flatten() {
        url = url.replace(&format!("{{{name}}}"), &variable.default);
    }
    if url.starts_with("//") {
        url.insert_str(0, "https:");
    }
    url.truncate(url.trim_end_matches('/').len());
    url
}

/// Whether a client takes the address as its base URL.
fn is_absolute(address: &str) -> bool {
    let host = ["https://", "http://"]
        .into_iter()
        .find_map(|scheme| address.strip_prefix(scheme));
    let is_plain =
        |character: char| character.is_ascii_graphic() && !"@?#{}<>\"\\^`|".contains(character);
    host.is_some_and(|host| !host.is_empty() && !host.starts_with(['/', ':']))
        && address.chars().all(is_plain)
}

fn token_url(scheme: &SecurityScheme) -> Option<String> {
    let SecurityScheme::OAuth2 { flows, .. } = scheme else {
        return None;
    };
    let credentials = flows.client_credentials.iter().map(|flow| &flow.token_url);
    let code = flows.authorization_code.iter().map(|flow| &flow.token_url);
    let password = flows.password.iter().map(|flow| &flow.token_url);
    let mut urls = credentials.chain(code).chain(password);
    urls.find(|url| is_absolute(url)).cloned()
}

fn scheme(declared: &SecurityScheme) -> Scheme {
    use openapiv3::APIKeyLocation;
    match declared {
        SecurityScheme::APIKey { location, name, .. } => {
            let place = match location {
                APIKeyLocation::Header => KeyPlace::Header,
                APIKeyLocation::Query => KeyPlace::Query,
                APIKeyLocation::Cookie => KeyPlace::Cookie,
            };
            Scheme::Key(place, name.clone())
        }
        SecurityScheme::HTTP { scheme, .. } => match scheme.to_ascii_lowercase().as_str() {
            "bearer" => Scheme::Bearer,
            "basic" => Scheme::Basic,
            _ => Scheme::Other(scheme.clone()),
        },
        SecurityScheme::OAuth2 { .. } => Scheme::Login,
        SecurityScheme::OpenIDConnect { .. } => Scheme::Bearer,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(more: serde_json::Value) -> Facts {
        let mut document = serde_json::json!({
            "openapi": "3.0.3", "info": {"title": "T", "version": "1"}, "paths": {},
        });
        for (key, value) in more.as_object().unwrap() {
            document[key] = value.clone();
        }
        Facts::of(&serde_json::from_value(document).unwrap())
    }

    fn base_url(server: serde_json::Value) -> Option<String> {
        let facts = facts(serde_json::json!({"servers": [server]}));
        facts.base_url().map(str::to_owned)
    }

    #[test]
    fn the_base_url_is_the_first_server_with_its_variables() {
        let server = serde_json::json!({
            "url": "https://{region}.example.com/{version}/",
            "variables": {"region": {"default": "eu"}, "version": {"default": "v1"}},
        });
        assert_eq!(
            base_url(server).as_deref(),
            Some("https://eu.example.com/v1")
        );
        let server = serde_json::json!({"url": "//example.com/api"});
        assert_eq!(base_url(server).as_deref(), Some("https://example.com/api"));
        for url in [
            "/api",
            "",
            "https://",
            "https://{x}.com",
            "https://u:p@h",
            "ftp://h",
        ] {
            assert_eq!(base_url(serde_json::json!({"url": url})), None, "{url}");
        }
    }

    #[test]
    fn logins_are_found() {
        let flow = serde_json::json!({"tokenUrl": "https://e.com/token", "scopes": {}});
        let facts = facts(serde_json::json!({"components": {"securitySchemes": {
            "key": {"type": "apiKey", "in": "query", "name": "k"},
            "oauth": {"type": "oauth2", "flows": {"clientCredentials": flow}},
            "basic": {"type": "http", "scheme": "Basic"},
        }}}));
        assert_eq!(facts.token_url, "https://e.com/token");
        let kinds: Vec<Scheme> = facts
            .schemes
            .into_iter()
            .map(|(_, scheme)| scheme)
            .collect();
        let key = Scheme::Key(KeyPlace::Query, "k".to_owned());
        assert_eq!(kinds, [key, Scheme::Login, Scheme::Basic]);
    }
}
