//! Security schemes and requirements.

use std::collections::BTreeMap;

use indexmap::IndexMap;

use crate::openapi::ParameterIn;

/// Schemes that are required together, each with its scopes.
pub(crate) type Requirement = IndexMap<String, Vec<String>>;

/// A security scheme.
#[derive(Clone, Debug)]
pub(crate) struct SecurityScheme {
    pub(crate) kind: SecuritySchemeKind,
    pub(crate) description: Option<String>,
}

/// The types of security schemes.
#[derive(Clone, Debug)]
pub(crate) enum SecuritySchemeKind {
    ApiKey {
        place: ParameterIn,
        name: String,
    },
    /// An HTTP authentication scheme, as written.
    Http(String),
    OAuth2(Box<Flows>),
    OpenIdConnect(String),
}

/// The flows of OAuth 2.
#[derive(Clone, Debug, Default)]
pub(crate) struct Flows {
    pub(crate) implicit: Option<Flow>,
    pub(crate) password: Option<Flow>,
    pub(crate) client_credentials: Option<Flow>,
    pub(crate) authorization_code: Option<Flow>,
}

/// A flow of OAuth 2. URLs that its type lacks are empty.
#[derive(Clone, Debug)]
pub(crate) struct Flow {
    pub(crate) authorization_url: String,
    pub(crate) token_url: String,
    pub(crate) refresh_url: Option<String>,
    pub(crate) scopes: BTreeMap<String, String>,
}
