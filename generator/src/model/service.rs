//! Where an API is, and how clients show who they are, in the model.

use super::ParameterPlace;

/// Where an API is reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server {
    /// The URL, each variable in braces.
    pub url: String,
    /// What the description says of it.
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
    /// Its value unless another is given.
    pub default: String,
    /// The values it can have, where they are listed.
    pub values: Vec<String>,
    /// What the description says of it.
    pub description: Option<String>,
}

/// A way to show who one is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scheme {
    /// Which way.
    pub kind: SchemeKind,
    /// What the description says of it.
    pub description: Option<String>,
}

/// The ways to show who one is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SchemeKind {
    /// User name and password.
    Basic,
    /// A bearer token.
    Bearer,
    /// Another scheme of the header `Authorization`, by its name.
    Token(String),
    /// A key of a name in a place: a header, the query or a cookie.
    ApiKey(ParameterPlace, String),
    /// A token of OAuth 2, handed out at this URL if one is told.
    OAuth2(Option<String>),
    /// A client certificate.
    MutualTls,
}
