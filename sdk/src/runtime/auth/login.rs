//! Logins by OAuth 2.

use std::{borrow::Cow, fmt, sync::Arc, time::Duration};

use http::{HeaderValue, Method, header};
use oauth2::{
    AuthorizationCode, ClientId, ClientSecret, EndpointNotSet, EndpointSet, PkceCodeVerifier,
    RedirectUrl, RefreshToken, TokenResponse as _, TokenUrl,
    basic::{BasicClient, BasicErrorResponse, BasicTokenResponse},
};
use tokio::sync::Mutex;

use super::{
    super::{Error, Result, encode, sender::Sender},
    AccessToken, Credential, Secret, TokenError, TokenFuture, TokenSource,
    token_http::TokenHttpClient,
};

/// An OAuth 2 login. Pass it to [`ClientBuilder::login`](super::super::ClientBuilder::login).
///
/// The client logs in when it first needs a token. It obtains the next one with the refresh token,
/// if the service returned one, and otherwise repeats the login, which all grants except
/// authorization codes permit.
#[derive(Clone)]
#[must_use = "a login does nothing until a client is given it"]
pub struct Login {
    client_id: String,
    client_secret: Option<Secret>,
    grant: Grant,
    parameters: Vec<(String, Secret)>,
    on_tokens: Option<Arc<OnTokens>>,
}

type OnTokens = dyn Fn(&Tokens) + Send + Sync;

#[derive(Clone)]
enum Grant {
    ClientCredentials,
    Code {
        code: Secret,
        redirect_uri: String,
        verifier: Option<Secret>,
    },
    RefreshToken(Secret),
    Saml2Bearer(Secret),
}

/// The tokens that a login returned.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Tokens {
    /// The token that calls carry.
    pub access_token: Secret,
    /// The token that gets the next access token. It replaces the one used in this login.
    pub refresh_token: Option<Secret>,
    /// The lifetime of the access token.
    pub expires_in: Option<Duration>,
}

impl Login {
    /// The application itself logs in, for no user (`client_credentials`).
    pub fn client_credentials(client_id: impl Into<String>, secret: impl Into<Secret>) -> Self {
        Self::of(client_id, Some(secret.into()), Grant::ClientCredentials)
    }

    /// A user logged in with a browser, which came back to `redirect_uri` with a code
    /// (`authorization_code`). A code can be used once.
    pub fn authorization_code(
        client_id: impl Into<String>,
        secret: impl Into<Secret>,
        code: impl Into<Secret>,
        redirect_uri: impl Into<String>,
    ) -> Self {
        let grant = Grant::Code {
            code: code.into(),
            redirect_uri: redirect_uri.into(),
            verifier: None,
        };
        Self::of(client_id, Some(secret.into()), grant)
    }

    /// Like [`authorization_code`](Self::authorization_code), for applications that cannot keep a
    /// secret: `verifier` proves that the sender of the code also started the login (PKCE).
    /// [`AuthorizeUrl::pkce`](super::AuthorizeUrl::pkce) generates it.
    pub fn pkce(
        client_id: impl Into<String>,
        code: impl Into<Secret>,
        verifier: impl Into<Secret>,
        redirect_uri: impl Into<String>,
    ) -> Self {
        let grant = Grant::Code {
            code: code.into(),
            redirect_uri: redirect_uri.into(),
            verifier: Some(verifier.into()),
        };
        Self::of(client_id, None, grant)
    }

    /// Continues an earlier login (`refresh_token`). The service replaces the token at each use;
    /// [`on_tokens`](Self::on_tokens) passes on the new one.
    pub fn refresh_token(
        client_id: impl Into<String>,
        secret: Option<Secret>,
        token: impl Into<Secret>,
    ) -> Self {
        Self::of(client_id, secret, Grant::RefreshToken(token.into()))
    }

    /// An identity provider authenticates the user by a SAML 2 assertion, encoded in base64
    /// (`urn:ietf:params:oauth:grant-type:saml2-bearer`).
    pub fn saml2_bearer(
        client_id: impl Into<String>,
        secret: impl Into<Secret>,
        assertion: impl Into<Secret>,
    ) -> Self {
        let grant = Grant::Saml2Bearer(assertion.into());
        Self::of(client_id, Some(secret.into()), grant)
    }

    /// Adds a parameter to the token request.
    pub fn with_parameter(mut self, name: impl Into<String>, value: impl Into<Secret>) -> Self {
        self.parameters.push((name.into(), value.into()));
        self
    }

    /// Calls a function with the tokens that each login returns, before they are used: the place to
    /// store a refresh token that has replaced the previous one.
    pub fn on_tokens(mut self, callback: impl Fn(&Tokens) + Send + Sync + 'static) -> Self {
        self.on_tokens = Some(Arc::new(callback));
        self
    }

    fn of(client_id: impl Into<String>, client_secret: Option<Secret>, grant: Grant) -> Self {
        Self {
            client_id: client_id.into(),
            client_secret,
            grant,
            parameters: Vec::new(),
            on_tokens: None,
        }
    }
}

impl fmt::Debug for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let grant = match self.grant {
            Grant::ClientCredentials => "client_credentials",
            Grant::Code { verifier: None, .. } => "authorization_code",
            Grant::Code { .. } => "pkce",
            Grant::RefreshToken(_) => "refresh_token",
            Grant::Saml2Bearer(_) => "saml2_bearer",
        };
        f.debug_struct("Login")
            .field("grant", &grant)
            .field("client_id", &self.client_id)
            .finish_non_exhaustive()
    }
}

/// Gets tokens for a [`Login`].
pub(in super::super) struct LoginSource {
    login: Login,
    endpoint: Endpoint,
    sender: Arc<Sender>,
    user_agent: HeaderValue,
    /// The time one login may take.
    timeout: Duration,
    progress: Mutex<Progress>,
}

type Endpoint = BasicClient<
    EndpointNotSet, // authorization
    EndpointNotSet, // device authorization
    EndpointNotSet, // introspection
    EndpointNotSet, // revocation
    EndpointSet,    // token
>;

/// State from earlier logins.
#[derive(Default)]
struct Progress {
    refresh_token: Option<Secret>,
    is_code_used: bool,
}

impl LoginSource {
    /// Checks what can be checked before the first login.
    pub(in super::super) fn new(
        login: Login,
        token_url: &str,
        sender: Arc<Sender>,
        user_agent: HeaderValue,
        timeout: Duration,
    ) -> Result<Self> {
        if token_url.is_empty() {
            let message = "a login needs a URL to go to: give the client a `token_url`";
            return Err(Error::config(message));
        }
        let url = TokenUrl::new(token_url.to_owned())
            .map_err(|error| Error::config(format!("the token URL is not a URL: {error}")))?;
        let mut endpoint = BasicClient::new(ClientId::new(login.client_id.clone()));
        if let Some(secret) = &login.client_secret {
            endpoint = endpoint.set_client_secret(ClientSecret::new(secret.expose().to_owned()));
        }
        if let Grant::Code { redirect_uri, .. } = &login.grant {
            redirect_url(redirect_uri)?;
        }
        Ok(Self {
            endpoint: endpoint.set_token_uri(url),
            login,
            sender,
            user_agent,
            timeout,
            progress: Mutex::default(),
        })
    }

    async fn log_in(&self) -> Result<AccessToken, TokenError> {
        // Logins do not overlap: a refresh token serves for one of them only.
        let mut progress = self.progress.lock().await;
        let response = match progress.refresh_token.clone() {
            Some(token) => match self.refresh(&token).await {
                Err(error) if error.is_refused() && self.is_repeatable() => self.start().await?,
                response => response?,
            },
            None => self.first(&mut progress).await?,
        };
        let secret = |text: &String| Secret::new(text.as_str());
        let tokens = Tokens {
            access_token: secret(response.access_token().secret()),
            refresh_token: response.refresh_token().map(|token| secret(token.secret())),
            expires_in: response.expires_in(),
        };
        if !matches!(self.login.grant, Grant::ClientCredentials) && tokens.refresh_token.is_some() {
            progress.refresh_token.clone_from(&tokens.refresh_token);
        }
        if let Some(on_tokens) = &self.login.on_tokens {
            on_tokens(&tokens);
        }
        let token = AccessToken::new(tokens.access_token);
        Ok(match tokens.expires_in {
            Some(time) => token.with_expires_in(time),
            None => token,
        })
    }

    /// Whether the grant itself can be used again.
    fn is_repeatable(&self) -> bool {
        matches!(self.login.grant, Grant::Saml2Bearer(_))
    }

    async fn first(&self, progress: &mut Progress) -> Result<BasicTokenResponse, TokenError> {
        if let Grant::Code { .. } = self.login.grant {
            if progress.is_code_used {
                let message = "the authorization code has been used and there is no refresh token: \
                               the user has to log in again";
                return Err(TokenError::other(message));
            }
            // Once the login service may have seen a code, it is not sent again: that can revoke all
            // of the user's tokens (RFC 6749, section 4.1.2). The flag is set first because this
            // future may be dropped at any point.
            progress.is_code_used = true;
            let response = self.start().await;
            progress.is_code_used = !matches!(&response, Err(error) if error.is_unsent());
            return response;
        }
        self.start().await
    }

    /// Logs in by the grant itself.
    async fn start(&self) -> Result<BasicTokenResponse, TokenError> {
        let extra = &self.login.parameters;
        match &self.login.grant {
            Grant::ClientCredentials => {
                let mut request = self.endpoint.exchange_client_credentials();
                for (name, value) in extra {
                    request = request.add_extra_param(name, value.expose());
                }
                let http = self.http(true);
                let response = request.request_async(&http).await;
                response.map_err(|error| http.failure(error))
            }
            Grant::Code {
                code,
                redirect_uri,
                verifier,
            } => {
                let code = AuthorizationCode::new(code.expose().to_owned());
                let redirect_url = redirect_url(redirect_uri)
                    .map_err(|error| TokenError::other(error.to_string()))?;
                let mut request = self.endpoint.exchange_code(code);
                request = request.set_redirect_uri(Cow::Owned(redirect_url));
                if let Some(verifier) = verifier {
                    let verifier = PkceCodeVerifier::new(verifier.expose().to_owned());
                    request = request.set_pkce_verifier(verifier);
                }
                for (name, value) in extra {
                    request = request.add_extra_param(name, value.expose());
                }
                let http = self.http(false);
                let response = request.request_async(&http).await;
                response.map_err(|error| http.failure(error))
            }
            Grant::RefreshToken(token) => self.refresh(token).await,
            Grant::Saml2Bearer(assertion) => self.saml2_bearer(assertion).await,
        }
    }

    async fn refresh(&self, token: &Secret) -> Result<BasicTokenResponse, TokenError> {
        let token = RefreshToken::new(token.expose().to_owned());
        let mut request = self.endpoint.exchange_refresh_token(&token);
        for (name, value) in &self.login.parameters {
            request = request.add_extra_param(name, value.expose());
        }
        let http = self.http(false);
        let response = request.request_async(&http).await;
        response.map_err(|error| http.failure(error))
    }

    /// Sends the one request here that `oauth2` does not provide.
    async fn saml2_bearer(&self, assertion: &Secret) -> Result<BasicTokenResponse, TokenError> {
        let mut form = String::new();
        let grant = "urn:ietf:params:oauth:grant-type:saml2-bearer";
        encode::append(&mut form, "grant_type", grant);
        encode::append(&mut form, "assertion", assertion.expose());
        for (name, value) in &self.login.parameters {
            encode::append(&mut form, name, value.expose());
        }
        let mut request = http::Request::new(form.into_bytes());
        *request.method_mut() = Method::POST;
        *request.uri_mut() = self
            .endpoint
            .token_uri()
            .as_str()
            .parse()
            .map_err(|_| TokenError::other("the token URL is not a URL"))?;
        let headers = request.headers_mut();
        let form = HeaderValue::from_static("application/x-www-form-urlencoded");
        headers.insert(header::CONTENT_TYPE, form);
        headers.insert(header::ACCEPT, HeaderValue::from_static("application/json"));
        // Encoded as for the other grants (RFC 6749, section 2.3.1).
        let secret = self.login.client_secret.clone().unwrap_or_default();
        let basic = Credential::Basic {
            user: encode::value(&self.login.client_id),
            password: Secret::new(encode::value(secret.expose())),
        };
        basic
            .write(headers, &mut String::new())
            .map_err(|error| TokenError::other(error.to_string()))?;
        let http = self.http(true);
        let response = http.carry(request).await?;
        if response.status().is_success() {
            return serde_json::from_slice(response.body()).map_err(|_| http.not_oauth());
        }
        let error: BasicErrorResponse =
            serde_json::from_slice(response.body()).map_err(|_| http.not_oauth())?;
        Err(http.refused(&error))
    }

    /// Makes the client for one token request. A request may be sent again if its grant can be used
    /// twice; a code or a refresh token cannot.
    fn http(&self, is_idempotent: bool) -> TokenHttpClient<'_> {
        TokenHttpClient {
            sender: &self.sender,
            user_agent: &self.user_agent,
            timeout: self.timeout,
            is_idempotent,
            exchange: std::sync::Mutex::default(),
        }
    }
}

impl TokenSource for LoginSource {
    fn fetch(&self) -> TokenFuture<'_> {
        Box::pin(self.log_in())
    }
}

fn redirect_url(text: &str) -> Result<RedirectUrl> {
    RedirectUrl::new(text.to_owned())
        .map_err(|error| Error::config(format!("the redirect URI is not a URL: {error}")))
}
