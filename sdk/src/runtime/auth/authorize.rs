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
mod tests {
    use super::*;

    fn start() -> AuthorizeUrl {
        AuthorizeUrl::new(
            "https://login.example.com/oauth/authorize",
            "client 1",
            "https://app.example.com/back?x=1",
        )
        .with_parameter("prompt", "login")
    }

    #[test]
    fn a_code_is_asked_for_with_a_state() {
        let start = start().with_scope("users").code().unwrap();
        let expected = format!(
            "https://login.example.com/oauth/authorize?response_type=code&client_id=client+1\
             &state={}&redirect_uri=https%3A%2F%2Fapp.example.com%2Fback%3Fx%3D1&scope=users\
             &prompt=login",
            start.state.expose()
        );
        assert_eq!(start.url, expected);
        assert_eq!(start.verifier, None);
        assert!(start.state.expose().len() >= 20);
    }

    #[test]
    fn a_verifier_fits_its_challenge_and_is_new_each_time() {
        let first = start().pkce().unwrap();
        let verifier = first.verifier.unwrap();
        let allowed = |c: char| c.is_ascii_alphanumeric() || "-._~".contains(c);
        assert!((43..=128).contains(&verifier.expose().len()));
        assert!(verifier.expose().chars().all(allowed));
        let kept = oauth2::PkceCodeVerifier::new(verifier.expose().to_owned());
        let challenge = PkceCodeChallenge::from_code_verifier_sha256(&kept);
        let pair = format!("code_challenge={}", challenge.as_str());
        assert!(first.url.contains(&pair), "{}", first.url);
        assert!(first.url.contains("code_challenge_method=S256"));
        let second = start().pkce().unwrap();
        assert_ne!(second.verifier.unwrap(), verifier);
        assert_ne!(second.state, first.state);
    }

    #[test]
    fn a_token_is_asked_for_by_the_implicit_grant() {
        let url = start().token().unwrap().url;
        assert!(url.contains("response_type=token"), "{url}");
    }

    #[test]
    fn the_example_of_rfc_7636_comes_out() {
        let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk".to_owned();
        let verifier = oauth2::PkceCodeVerifier::new(verifier);
        let challenge = PkceCodeChallenge::from_code_verifier_sha256(&verifier);
        let expected = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
        assert_eq!(challenge.as_str(), expected);
    }

    #[test]
    fn what_is_no_url_is_refused() {
        assert!(
            AuthorizeUrl::new("login", "c", "https://x")
                .code()
                .unwrap_err()
                .is_config()
        );
        assert!(
            AuthorizeUrl::new("https://x", "c", "back")
                .pkce()
                .unwrap_err()
                .is_config()
        );
    }
}
