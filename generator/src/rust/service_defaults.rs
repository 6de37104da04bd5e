//! What a description says of the service as a whole: where it is, how to log in.

use crate::model::{Api, SchemeKind, Server};

/// What a description says of the service as a whole.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Facts {
    /// The first server, its variables filled in; empty if there is none.
    pub(crate) server: String,
    /// Where the first OAuth 2 flow hands out tokens; empty if nowhere.
    pub(crate) token_url: String,
}

impl Facts {
    /// Takes them out of the model.
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

    /// The server, if a client can call it as it is.
    pub(crate) fn base_url(&self) -> Option<&str> {
        is_absolute(&self.server).then_some(self.server.as_str())
    }
}

/// The address of a server without a slash at its end.
fn address(server: &Server) -> String {
    let mut url = server.default_url().trim().to_owned();
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
        Facts::of(&api).base_url().map(str::to_owned)
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
        assert_eq!(Facts::of(&api).token_url, "https://e.com/token");
    }
}
