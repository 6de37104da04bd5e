//! Servers and security schemes in the model.

use super::ParameterPlace;

/// A server of an API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server {
    /// The URL, each variable in braces.
    pub url: String,
    /// Its description.
    pub description: Option<String>,
    /// The variables.
    pub variables: Vec<ServerVariable>,
}

impl Server {
    /// The URL with the defaults of all variables.
    pub fn default_url(&self) -> String {
        let fill = |url: String, variable: &ServerVariable| {
            url.replace(&format!("{{{}}}", variable.name), &variable.default)
        };
        self.variables.iter().fold(self.url.clone(), fill)
    }
}

/// A variable of a server's URL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerVariable {
    /// Its name.
    pub name: String,
    /// Its default.
    pub default: String,
    /// The permitted values, if they are listed.
    pub values: Vec<String>,
    /// Its description.
    pub description: Option<String>,
}

/// A security scheme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scheme {
    /// Its kind.
    pub kind: SchemeKind,
    /// Its description.
    pub description: Option<String>,
}

/// The kinds of security schemes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SchemeKind {
    /// User name and password.
    Basic,
    /// A bearer token.
    Bearer,
    /// Another scheme of the header `Authorization`, by its name.
    Token(String),
    /// An API key: its location (a header, the query or a cookie) and its name.
    ApiKey(ParameterPlace, String),
    /// OAuth 2, with the token URL if it is declared.
    OAuth2(Option<String>),
    /// A client certificate.
    MutualTls,
}
