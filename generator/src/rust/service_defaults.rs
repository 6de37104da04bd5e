//! The addresses that a client uses unless it is configured otherwise: base URL and token URL.

use crate::model::{Api, SchemeKind, Server};

/// The addresses that a description gives for the whole service.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ServiceDefaults {
    /// The URL of the first server, with the defaults of its variables; empty without servers.
    pub(crate) server: String,
    /// The first absolute token URL of an OAuth 2 scheme; empty without one.
    pub(crate) token_url: String,
}

impl ServiceDefaults {
    /// Reads them from the model.
    pub(crate) fn of(api: &Api) -> Self {
        let mut schemes = api.schemes.values();
        let token_url = schemes.find_map(|scheme| match &scheme.kind {
            SchemeKind::OAuth2(Some(url)) if is_absolute(url) => Some(url.clone()),
            _ => None,
        });
        Self {
            server: api.servers.first().map(address).unwrap_or_default(),
            token_url: token_url.unwrap_or_default(),
        }
    }

    /// The server's URL, if it is absolute.
    pub(crate) fn base_url(&self) -> Option<&str> {
        is_absolute(&self.server).then_some(self.server.as_str())
    }
}

/// The URL of a server without slashes at its end.
fn address(server: &Server) -> String {
    let mut url = server.default_url().trim().to_owned();
    if url.starts_with("//") {
        url.insert_str(0, "https:");
    }
    url.truncate(url.trim_end_matches('/').len());
    url
}

/// Whether the runtime accepts an address as a base URL.
fn is_absolute(address: &str) -> bool {
    let host = ["https://", "http://"]
        .into_iter()
        .find_map(|scheme| address.strip_prefix(scheme));
    let is_plain =
        |character: char| character.is_ascii_graphic() && !"@?#{}<>\"\\^`|".contains(character);
    host.is_some_and(|host| !host.is_empty() && !host.starts_with(['/', ':']))
        && address.chars().all(is_plain)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Scheme, ServerVariable};

    fn base_url(url: &str, variables: &[(&str, &str)]) -> Option<String> {
        let variables = variables.iter().map(|(name, default)| ServerVariable {
            name: (*name).to_owned(),
            default: (*default).to_owned(),
            values: Vec::new(),
            description: None,
        });
        let api = Api {
            servers: vec![Server {
                url: url.to_owned(),
                description: None,
                variables: variables.collect(),
            }],
            ..Api::default()
        };
        ServiceDefaults::of(&api).base_url().map(str::to_owned)
    }

    #[test]
    fn the_base_url_is_the_first_server_with_its_variables() {
        let variables = [("region", "eu"), ("version", "v1")];
        let url = base_url("https://{region}.example.com/{version}/", &variables);
        assert_eq!(url.as_deref(), Some("https://eu.example.com/v1"));
        let url = base_url("//example.com/api", &[]);
        assert_eq!(url.as_deref(), Some("https://example.com/api"));
        for url in [
            "/api",
            "",
            "https://",
            "https://{x}.com",
            "https://u:p@h",
            "ftp://h",
        ] {
            assert_eq!(base_url(url, &[]), None, "{url}");
        }
    }

    #[test]
    fn tokens_come_from_the_first_url_that_is_one() {
        let scheme = |url: &str| Scheme {
            kind: SchemeKind::OAuth2(Some(url.to_owned())),
            description: None,
        };
        let schemes = [("a", "/token"), ("b", "https://e.com/token")];
        let schemes = schemes.map(|(name, url)| (name.to_owned(), scheme(url)));
        let api = Api {
            schemes: schemes.into_iter().collect(),
            ..Api::default()
        };
        assert_eq!(ServiceDefaults::of(&api).token_url, "https://e.com/token");
    }
}
