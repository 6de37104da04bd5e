use std::{borrow::Cow, fmt};

use oauth2::{
    AuthUrl, AuthorizationRequest, ClientId, CsrfToken, PkceCodeChallenge, RedirectUrl, Scope,
    basic::BasicClient,
};

use super::{Error, Result, Secret};

/// The first half of a login in a browser: where to send the user.
#[derive(Clone, Debug)]
#[must_use = "a URL does nothing until the user is sent there"]
pub struct AuthorizeUrl {
    endpoint: String,
    client_id: String,
    redirect_uri: String,
    scopes: Vec<String>,
    parameters: Vec<(String, String)>,
}

/// Where to send the user, and what to keep until the user comes back.
#[derive(Clone)]
#[non_exhaustive]
pub struct Authorization {
    /// The URL to open in the user's browser.
    pub url: String,
    /// A random text that comes back as `state`. Ignore a response with any other: this login did
    /// not cause it.
    pub state: Secret,
    /// The verifier of PKCE, for [`Login::pkce`](super::Login::pkce).
    pub verifier: Option<Secret>,
}

impl fmt::Debug for Authorization {
    /// Leaves the URL out: it holds the state.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Authorization").finish_non_exhaustive()
    }
}

impl AuthorizeUrl {
    /// A login at `endpoint` that comes back to `redirect_uri`.
    pub fn new(
        endpoint: impl Into<String>,
        client_id: impl Into<String>,
        redirect_uri: impl Into<String>,
    ) -> Self {
        Self {
            endpoint: endpoint.into(),
            client_id: client_id.into(),
            redirect_uri: redirect_uri.into(),
            scopes: Vec::new(),
            parameters: Vec::new(),
        }
    }

    /// Asks for a scope.
    pub fn with_scope(mut self, scope: impl Into<String>) -> Self {
        self.scopes.push(scope.into());
        self
    }

    /// Adds a parameter to the URL.
    pub fn with_parameter(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.parameters.push((name.into(), value.into()));
        self
    }

    /// The user comes back with a code, for
    /// [`Login::authorization_code`](super::Login::authorization_code).
    ///
    /// # Errors
    /// [`Error::is_config`] when the endpoint or the redirect URI is not a URL.
    pub fn code(&self) -> Result<Authorization> {
        self.make(|request| (request, None))
    }

    /// The user comes back with a code, for [`Login::pkce`](super::Login::pkce). The verifier is 43
    /// characters from a cryptographic random generator; the URL holds its SHA-256.
    ///
    /// # Errors
    /// [`Error::is_config`] when the endpoint or the redirect URI is not a URL.
    pub fn pkce(&self) -> Result<Authorization> {
        self.make(|request| {
            let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
            let verifier = Secret::new(verifier.into_secret());
            (request.set_pkce_challenge(challenge), Some(verifier))
        })
    }

    /// The user comes back with a token in the fragment of the URL (the implicit grant, for
    /// applications inside a browser).
    ///
    /// # Errors
    /// [`Error::is_config`] when the endpoint or the redirect URI is not a URL.
    pub fn token(&self) -> Result<Authorization> {
        self.make(|request| (request.use_implicit_flow(), None))
    }

    fn make(
        &self,
        kind: impl FnOnce(AuthorizationRequest<'_>) -> (AuthorizationRequest<'_>, Option<Secret>),
    ) -> Result<Authorization> {
        let not_a_url = |what: &str, error: &dyn fmt::Display| {
            Error::config(format!("the {what} is not a URL: {error}"))
        };
        let endpoint = AuthUrl::new(self.endpoint.clone())
            .map_err(|error| not_a_url("authorization endpoint", &error))?;
        let redirect_url = RedirectUrl::new(self.redirect_uri.clone())
            .map_err(|error| not_a_url("redirect URI", &error))?;
        let client = BasicClient::new(ClientId::new(self.client_id.clone())).set_auth_uri(endpoint);
        let mut request = client
            .authorize_url(CsrfToken::new_random)
            .set_redirect_uri(Cow::Owned(redirect_url));
        for scope in &self.scopes {
            request = request.add_scope(Scope::new(scope.clone()));
        }
        for (name, value) in &self.parameters {
            request = request.add_extra_param(name, value);
        }
        let (request, verifier) = kind(request);
        let (url, state) = request.url();
        Ok(Authorization {
            url: url.into(),
            state: Secret::new(state.into_secret()),
            verifier,
        })
    }
}

#[cfg(test)]
mod tests;
