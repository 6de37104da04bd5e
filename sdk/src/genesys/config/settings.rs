use std::{fmt, fs, path::PathBuf, time::Duration};

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::{Error, Result, Secret, runtime::without_secrets};

/// When failed requests are sent again.
///
/// The keys bound single waits, as in the official SDK for Go, which doubles them from the first to the
/// last; here chance decides how much of each is waited. The SDKs for Java and .NET do not read the
/// first, and take the last for the time that all attempts together may take.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RetryConfig {
    /// The bound of the first wait: `retry_wait_min`, in seconds.
    pub wait_min: Option<Duration>,
    /// The bound of any wait: `retry_wait_max`, in seconds.
    pub wait_max: Option<Duration>,
    /// How often a request is sent again at most: `retry_max`.
    pub max: Option<u32>,
}

impl RetryConfig {
    pub(super) fn overlaid_by(self, other: Self) -> Self {
        Self {
            wait_min: other.wait_min.or(self.wait_min),
            wait_max: other.wait_max.or(self.wait_max),
            max: other.max.or(self.max),
        }
    }
}

/// What happens when a token expires.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReauthenticationConfig {
    /// Whether another token is asked for when one is refused: `refresh_access_token`.
    pub refresh_access_token: Option<bool>,
    /// How long a login may take, and so how long calls wait for it: `refresh_token_wait_max`, in
    /// seconds.
    pub refresh_token_wait_max: Option<Duration>,
}

impl ReauthenticationConfig {
    pub(super) fn overlaid_by(self, other: Self) -> Self {
        Self {
            refresh_access_token: other.refresh_access_token.or(self.refresh_access_token),
            refresh_token_wait_max: other.refresh_token_wait_max.or(self.refresh_token_wait_max),
        }
    }
}

/// A gateway that takes the platform's place: requests go to it, and it passes them on.
///
/// Without a `host` there is no gateway, whatever else is set.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct GatewayConfig {
    /// Its host name or address: `host`.
    pub host: Option<String>,
    /// What it speaks: `protocol`, `https` unless set.
    pub protocol: Option<Protocol>,
    /// Its port: `port`, the protocol's own unless set.
    pub port: Option<u16>,
    /// The path under which it takes logins: `path_params_login`.
    pub path_params_login: Option<String>,
    /// The path under which it takes API requests: `path_params_api`.
    pub path_params_api: Option<String>,
    /// `username`. The official SDKs read it and the password, and use neither so far.
    pub username: Option<String>,
    /// `password`.
    pub password: Option<Secret>,
}

impl fmt::Debug for GatewayConfig {
    /// Leaves out what can hold a secret before it is checked: parts of a URL with a user name, a
    /// password, a query or a fragment.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GatewayConfig")
            .field("host", &shown(&self.host))
            .field("protocol", &self.protocol)
            .field("port", &self.port)
            .field("path_params_login", &shown(&self.path_params_login))
            .field("path_params_api", &shown(&self.path_params_api))
            .field("username", &self.username)
            .field("password", &self.password)
            .finish()
    }
}

fn shown(part: &Option<String>) -> Option<String> {
    part.as_deref().map(without_secrets)
}

impl GatewayConfig {
    /// The URL that takes the place of the API's, without a slash at its end. `None` without a
    /// host.
    pub fn api_url(&self) -> Option<String> {
        self.url(self.path_params_api.as_deref())
    }

    /// The URL that takes the place of the login host's, without a slash at its end. `None`
    /// without a host.
    pub fn login_url(&self) -> Option<String> {
        self.url(self.path_params_login.as_deref())
    }

    fn url(&self, path: Option<&str>) -> Option<String> {
        let protocol = self.protocol.unwrap_or(Protocol::Https);
        let mut url = format!("{}://{}", protocol.name(), self.host.as_deref()?);
        push_port(&mut url, self.port);
        let path = path.unwrap_or_default().trim_matches('/');
        if !path.is_empty() {
            url.push('/');
            url.push_str(path);
        }
        Some(url)
    }

    pub(super) fn overlaid_by(self, other: Self) -> Self {
        Self {
            host: other.host.or(self.host),
            protocol: other.protocol.or(self.protocol),
            port: other.port.or(self.port),
            path_params_login: other.path_params_login.or(self.path_params_login),
            path_params_api: other.path_params_api.or(self.path_params_api),
            username: other.username.or(self.username),
            password: other.password.or(self.password),
        }
    }
}

/// A proxy that connections go through.
///
/// Without a `host` there is no proxy, whatever else is set.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ProxyConfig {
    /// Its host name or address: `host`.
    pub host: Option<String>,
    /// What it speaks: `protocol`, `http` unless set.
    pub protocol: Option<Protocol>,
    /// Its port: `port`, the protocol's own unless set.
    pub port: Option<u16>,
    /// Who it is told that asks: `auth-username`.
    pub username: Option<String>,
    /// The password that goes with the name: `auth-password`.
    pub password: Option<Secret>,
}

impl fmt::Debug for ProxyConfig {
    /// Leaves out what can hold a secret before it is checked.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProxyConfig")
            .field("host", &shown(&self.host))
            .field("protocol", &self.protocol)
            .field("port", &self.port)
            .field("username", &self.username)
            .field("password", &self.password)
            .finish()
    }
}

impl ProxyConfig {
    /// Its URL, with name and password if there are any, which is why it is secret. `None` without
    /// a host.
    pub fn url(&self) -> Option<Secret> {
        let host = self.host.as_deref()?;
        let mut url = format!("{}://", self.protocol.unwrap_or(Protocol::Http).name());
        if let Some(name) = &self.username {
            url.extend(utf8_percent_encode(name, NON_ALPHANUMERIC));
            if let Some(password) = &self.password {
                url.push(':');
                url.extend(utf8_percent_encode(password.expose(), NON_ALPHANUMERIC));
            }
            url.push('@');
        }
        url.push_str(host);
        push_port(&mut url, self.port);
        Some(Secret::new(url))
    }

    pub(super) fn overlaid_by(self, other: Self) -> Self {
        Self {
            host: other.host.or(self.host),
            protocol: other.protocol.or(self.protocol),
            port: other.port.or(self.port),
            username: other.username.or(self.username),
            password: other.password.or(self.password),
        }
    }
}

fn push_port(url: &mut String, port: Option<u16>) {
    if let Some(port) = port {
        url.push(':');
        url.push_str(&port.to_string());
    }
}

/// What a gateway or a proxy speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Protocol {
    /// HTTP without TLS.
    Http,
    /// HTTP over TLS.
    Https,
}

impl Protocol {
    pub(super) const ALL: [Self; 2] = [Self::Http, Self::Https];

    /// The name in the file and in URLs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
        }
    }
}

/// Certificates for connections where the system's do not do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct MtlsConfig {
    /// The certificate this side shows, with what leads from it to an authority: `cert_path` or
    /// `cert_content`.
    pub certificate: Option<Pem>,
    /// The private key of that certificate: `key_path` or `key_content`.
    pub key: Option<Pem>,
    /// The authorities that the other side's certificate may come from: `ca_path` or `ca_content`.
    pub authorities: Option<Pem>,
}

impl MtlsConfig {
    pub(super) fn overlaid_by(self, other: Self) -> Self {
        Self {
            certificate: other.certificate.or(self.certificate),
            key: other.key.or(self.key),
            authorities: other.authorities.or(self.authorities),
        }
    }
}

/// Certificates or a key as PEM, here or in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Pem {
    /// In this file. A relative path starts from the folder the program runs in.
    File(PathBuf),
    /// Here.
    Text(Secret),
}

impl Pem {
    /// The text, from the file if it is in one.
    ///
    /// # Errors
    /// [`Error::is_config`] when the file cannot be read or is not text.
    pub fn read(&self) -> Result<Secret> {
        match self {
            Self::File(path) => fs::read_to_string(path)
                .map(Secret::new)
                .map_err(|error| Error::config(format!("cannot read {}: {error}", path.display()))),
            Self::Text(text) => Ok(text.clone()),
        }
    }
}

/// What is logged, and where to.
///
/// This crate writes no log of its own: it emits `tracing` spans and events, and what of them is kept,
/// where and in what form is for the application to say when it sets its subscriber up. `level`,
/// `format`, `to_console` and `file_path` are checked and kept here for that; nothing in this crate
/// acts on them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct LoggingConfig {
    /// How much is logged: `log_level`. Only the application can act on it.
    pub level: Option<LogLevel>,
    /// In what form: `log_format`. Only the application can act on it.
    pub format: Option<LogFormat>,
    /// Whether the log goes to the console: `log_to_console`. Only the application can act on it.
    pub to_console: Option<bool>,
    /// The file the log goes to: `log_file_path`. Only the application can act on it.
    pub file_path: Option<PathBuf>,
    /// Whether bodies of requests are logged, which can hold personal data: `log_request_body`.
    pub request_body: Option<bool>,
    /// Whether bodies of responses are, which can as well: `log_response_body`.
    pub response_body: Option<bool>,
}

impl LoggingConfig {
    pub(super) fn overlaid_by(self, other: Self) -> Self {
        Self {
            level: other.level.or(self.level),
            format: other.format.or(self.format),
            to_console: other.to_console.or(self.to_console),
            file_path: other.file_path.or(self.file_path),
            request_body: other.request_body.or(self.request_body),
            response_body: other.response_body.or(self.response_body),
        }
    }
}

/// How much is logged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LogLevel {
    /// All there is.
    Trace,
    /// Every exchange.
    Debug,
    /// Exchanges that failed.
    Error,
    /// Nothing.
    None,
}

impl LogLevel {
    pub(super) const ALL: [Self; 4] = [Self::Trace, Self::Debug, Self::Error, Self::None];

    /// The name in the file.
    pub fn name(self) -> &'static str {
        match self {
            Self::Trace => "trace",
            Self::Debug => "debug",
            Self::Error => "error",
            Self::None => "none",
        }
    }
}

/// In what form is logged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LogFormat {
    /// Lines to be read by people.
    Text,
    /// One JSON object a line.
    Json,
}

impl LogFormat {
    pub(super) const ALL: [Self; 2] = [Self::Text, Self::Json];

    /// The name in the file.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Json => "json",
        }
    }
}
