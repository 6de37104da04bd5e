//! The builder's settings for credentials.

use std::{fmt, sync::Arc, time::Duration};

use http::{HeaderMap, HeaderValue};

use super::{
    ApiKeyPlace, ClientBuilder, Error, Result, Secret, TokenSource,
    auth::{Credential, Key, Keyring, Keys, Scheme, SchemeKind, TokenCache},
    destination,
    sender::Sender,
    service::Service,
};
#[cfg(feature = "oauth")]
use super::{
    auth::{Login, LoginSource},
    printable,
};

/// The credentials set on a builder so far.
#[derive(Default)]
pub(super) struct Credentials {
    general: Vec<Credential>,
    tokens: Option<TokenSetting>,
    own: Vec<(&'static Scheme, OwnKey)>,
    /// Whether calls are sent without the credentials that they require, if the client lacks them.
    are_optional: bool,
    /// Why a credential cannot be used.
    defect: Option<String>,
}

enum OwnKey {
    Fixed(Credential),
    Tokens(TokenSetting),
}

enum TokenSetting {
    Source(Box<dyn TokenSource>),
    #[cfg(feature = "oauth")]
    Login(Login),
}

/// The client's settings that logins depend on.
pub(super) struct LoginSettings<'a> {
    pub(super) base_url: &'a str,
    /// The token URL of logins that are bound to no scheme.
    pub(super) token_url: &'a str,
    /// Whether the caller set that URL, which then applies to all logins.
    pub(super) is_for_all: bool,
    /// Replaces scheme and host of all token URLs.
    pub(super) gateway: Option<&'a str>,
    /// Whether the caller redirected calls to another host than the service's own, but not logins.
    #[cfg_attr(not(feature = "oauth"), allow(dead_code, reason = "for logins"))]
    pub(super) leaves_logins_behind: bool,
    /// Whether secrets may go to other machines without TLS.
    #[cfg_attr(not(feature = "oauth"), allow(dead_code, reason = "for logins"))]
    pub(super) allows_insecure_http: bool,
    pub(super) sender: &'a Arc<Sender>,
    #[cfg_attr(not(feature = "oauth"), allow(dead_code, reason = "for logins"))]
    pub(super) user_agent: &'a HeaderValue,
    pub(super) timeout: Duration,
}

impl Credentials {
    /// Validates all that can be validated before the first login.
    pub(super) fn into_keyring(
        self,
        headers: HeaderMap,
        default_headers: HeaderMap,
        service: &Service,
        has_certificate: bool,
        settings: &LoginSettings<'_>,
    ) -> Result<Keyring> {
        if let Some(defect) = self.defect {
            return Err(Error::config(defect));
        }
        let url = behind_gateway(settings.token_url, settings);
        let general_tokens = self
            .tokens
            .map(|setting| setting.into_cache(settings, &url))
            .transpose()?;
        let mut own = Vec::with_capacity(self.own.len());
        for (scheme, key) in self.own {
            let key = match key {
                OwnKey::Fixed(credential) => Key::Fixed(credential),
                OwnKey::Tokens(tokens) => {
                    let url = token_url(scheme, settings);
                    Key::Tokens(tokens.into_cache(settings, &url)?)
                }
            };
            own.push((scheme, key));
        }
        Keyring::new(Keys {
            headers,
            default_headers,
            general: self.general,
            general_tokens,
            own,
            has_certificate,
            usual: service.security,
            needs: service.needs,
            is_optional: self.are_optional,
        })
    }

    /// Whether there are any.
    pub(super) fn is_any(&self) -> bool {
        !self.general.is_empty() || self.tokens.is_some() || !self.own.is_empty()
    }

    fn only(&mut self, credential: Credential) {
        self.forget_identity();
        self.general.push(credential);
    }

    /// Removes the credentials that identify the caller. API keys stay: they are sent in addition.
    fn forget_identity(&mut self) {
        self.tokens = None;
        let is_key = |credential: &Credential| matches!(credential, Credential::ApiKey { .. });
        self.general.retain(is_key);
    }

    fn set(&mut self, scheme: &'static Scheme, key: OwnKey) {
        self.own.retain(|(it, _)| *it != scheme);
        self.own.push((scheme, key));
    }

    fn refuse(&mut self, defect: String) {
        self.defect.get_or_insert(defect);
    }
}

/// The token URL of a scheme.
fn token_url(scheme: &Scheme, settings: &LoginSettings<'_>) -> String {
    let url = match scheme.kind {
        SchemeKind::OAuth2 { token_url } if !token_url.is_empty() && !settings.is_for_all => {
            token_url
        }
        _ => settings.token_url,
    };
    behind_gateway(url, settings)
}

/// The absolute form of a token URL, behind the gateway if there is one.
fn behind_gateway(url: &str, settings: &LoginSettings<'_>) -> String {
    if let Some(gateway) = settings
        .gateway
        .filter(|_| !settings.is_for_all && !url.is_empty())
    {
        return format!("{gateway}{}", destination::path(url));
    }
    if !url.starts_with('/') {
        return url.to_owned();
    }
    let base = settings.base_url;
    let host = base.find("://").map_or(0, |at| at + "://".len());
    let end = base[host..].find('/').map_or(base.len(), |at| host + at);
    format!("{}{url}", &base[..end])
}

impl TokenSetting {
    fn into_cache(self, settings: &LoginSettings<'_>, url: &str) -> Result<TokenCache> {
        let (source, host): (Box<dyn TokenSource>, _) = match self {
            Self::Source(source) => (source, None),
            #[cfg(feature = "oauth")]
            Self::Login(login) => {
                check_login_url(url, settings)?;
                let host = url.parse().ok().and_then(|url| printable::host(&url));
                let sender = Arc::clone(settings.sender);
                let user_agent = settings.user_agent.clone();
                let source = LoginSource::new(login, url, sender, user_agent, settings.timeout)?;
                (Box::new(source), host)
            }
        };
        #[cfg(not(feature = "oauth"))]
        let _ = (url, settings.sender);
        Ok(TokenCache::new(source, host, settings.timeout))
    }
}

/// Checks that the secrets of a login may be sent to a URL.
#[cfg(feature = "oauth")]
fn check_login_url(url: &str, settings: &LoginSettings<'_>) -> Result<()> {
    let (calls, logins) = (
        destination::origin(settings.base_url),
        destination::origin(url),
    );
    if let (Some(calls), Some(logins)) = (calls, logins)
        && settings.leaves_logins_behind
        && calls != logins
    {
        return Err(Error::config(format!(
            "`base_url` sends calls to {calls}, but the login's secrets would still go to {logins}: \
             say where logins go (`token_url`), or call `gateway` in place of `base_url`, which moves \
             both"
        )));
    }
    if !settings.allows_insecure_http && destination::is_exposed(url) {
        return Err(Error::config(destination::exposure(url)));
    }
    Ok(())
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let schemes = self.own.iter().map(|(scheme, _)| scheme.name);
        f.debug_list()
            .entries(&self.general)
            .entries(schemes)
            .finish()
    }
}

impl ClientBuilder {
    /// Sets the token sent as `Authorization: Bearer`. Replaces a token or login set before.
    pub fn bearer_token(mut self, token: impl Into<Secret>) -> Self {
        self.credentials.only(Credential::Bearer(token.into()));
        self
    }

    /// Sets user name and password, sent as `Authorization: Basic`. Replaces a token or login set
    /// before.
    pub fn basic(mut self, user: impl Into<String>, password: impl Into<Secret>) -> Self {
        let user = user.into();
        let password = password.into();
        self.credentials.only(Credential::Basic { user, password });
        self
    }

    /// Adds an API key, sent in addition to other credentials. It is sent with every request,
    /// except with those of operations that declare credentials and do not accept this key.
    pub fn api_key(
        mut self,
        place: ApiKeyPlace,
        name: impl Into<String>,
        key: impl Into<Secret>,
    ) -> Self {
        self.credentials.general.push(Credential::ApiKey {
            place,
            name: name.into(),
            key: key.into(),
        });
        self
    }

    /// Permits sending calls without the credentials that they require, if the client lacks them.
    /// Otherwise such calls fail unsent with [`Error::is_config`].
    pub fn without_credentials(mut self) -> Self {
        self.credentials.are_optional = true;
        self
    }

    /// Logs in through OAuth 2. Replaces a token or login set before. The client caches the token
    /// and renews it in the last minute before its expiry (in the last half, if its lifetime is
    /// less than two minutes) and, once for each call, when the service answers 401.
    #[cfg(feature = "oauth")]
    pub fn login(mut self, login: Login) -> Self {
        self.credentials.forget_identity();
        self.credentials.tokens = Some(TokenSetting::Login(login));
        self
    }

    /// Obtains tokens from a custom source. Replaces a token or login set before. The tokens are
    /// cached and renewed like those of a [login](Self::login).
    pub fn token_source(mut self, source: impl TokenSource) -> Self {
        self.credentials.forget_identity();
        self.credentials.tokens = Some(TokenSetting::Source(Box::new(source)));
        self
    }
}

#[allow(dead_code, reason = "rendered only for security schemes of the kind")]
impl ClientBuilder {
    /// Sets the token or key of a scheme. Replaces one set before.
    pub(crate) fn credential(mut self, scheme: &'static Scheme, secret: impl Into<Secret>) -> Self {
        let secret = secret.into();
        let credential = match scheme.kind {
            SchemeKind::Bearer | SchemeKind::OAuth2 { .. } => Credential::Bearer(secret),
            SchemeKind::Token { prefix } => Credential::Token {
                prefix,
                token: secret,
            },
            SchemeKind::ApiKey { place, name } => Credential::ApiKey {
                place,
                name: name.to_owned(),
                key: secret,
            },
            SchemeKind::Basic => return self.unfit(scheme, "a user name and a password"),
            SchemeKind::MutualTls => return self.unfit(scheme, "a certificate"),
        };
        self.credentials.set(scheme, OwnKey::Fixed(credential));
        self
    }

    /// Sets user name and password of a scheme. Replaces ones set before.
    pub(crate) fn credential_basic(
        mut self,
        scheme: &'static Scheme,
        user: impl Into<String>,
        password: impl Into<Secret>,
    ) -> Self {
        let credential = Credential::Basic {
            user: user.into(),
            password: password.into(),
        };
        self.credentials.set(scheme, OwnKey::Fixed(credential));
        self
    }

    /// Sets the token source of a scheme. Replaces credentials set before.
    pub(crate) fn credential_source(
        mut self,
        scheme: &'static Scheme,
        source: impl TokenSource,
    ) -> Self {
        let tokens = TokenSetting::Source(Box::new(source));
        self.credentials.set(scheme, OwnKey::Tokens(tokens));
        self
    }

    /// Logs in through OAuth 2 for a scheme, at the builder's [`token_url`](Self::token_url) if
    /// that was set, otherwise at the scheme's own. Replaces credentials set before.
    #[cfg(feature = "oauth")]
    pub(crate) fn credential_login(mut self, scheme: &'static Scheme, login: Login) -> Self {
        let tokens = TokenSetting::Login(login);
        self.credentials.set(scheme, OwnKey::Tokens(tokens));
        self
    }

    fn unfit(mut self, scheme: &Scheme, wants: &str) -> Self {
        let name = scheme.name;
        self.credentials
            .refuse(format!("the security scheme `{name}` wants {wants}"));
        self
    }
}
