use std::{fmt, fs, path::PathBuf, time::Duration};

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::{Error, Result, Secret, runtime::without_secrets};

/// How failed requests are retried.
///
/// The keys limit single waits, as in the official SDK for Go, which doubles them from the minimum
/// to the maximum; this SDK waits a random part of each. The SDKs for Java and .NET ignore
/// `retry_wait_min`, and use `retry_wait_max` as the limit of all attempts together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RetryConfig {
    /// The limit of the first wait: `retry_wait_min`, in seconds.
    pub wait_min: Option<Duration>,
    /// The limit of all waits: `retry_wait_max`, in seconds.
    pub wait_max: Option<Duration>,
    /// The maximum number of retries: `retry_max`.
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

/// How tokens are renewed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReauthenticationConfig {
    /// Whether the client obtains a new token if the service rejects one: `refresh_access_token`.
    pub refresh_access_token: Option<bool>,
    /// The timeout of a login, and so of the wait of calls for it: `refresh_token_wait_max`, in
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

/// A gateway in front of the platform: all requests are sent to it, and it forwards them.
///
/// Without a `host`, the other settings have no effect.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct GatewayConfig {
    /// Its host name or address: `host`.
    pub host: Option<String>,
    /// The protocol: `protocol`. Default: `https`.
    pub protocol: Option<Protocol>,
    /// The port: `port`. Default: the protocol's.
    pub port: Option<u16>,
    /// The path prefix of logins: `path_params_login`.
    pub path_params_login: Option<String>,
    /// The path prefix of API requests: `path_params_api`.
    pub path_params_api: Option<String>,
    /// `username`. The official SDKs read it and the password, but use neither.
    pub username: Option<String>,
    /// `password`.
    pub password: Option<Secret>,
}

impl fmt::Debug for GatewayConfig {
    /// Omits unchecked values that can contain a secret: parts of a URL with a user name, a
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
    /// The URL that replaces the API's, without a trailing slash. `None` without a host.
    pub fn api_url(&self) -> Option<String> {
        self.url(self.path_params_api.as_deref())
    }

    /// The URL that replaces the login service's, without a trailing slash. `None` without a host.
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

/// A proxy for all connections.
///
/// Without a `host`, the other settings have no effect.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ProxyConfig {
    /// Its host name or address: `host`.
    pub host: Option<String>,
    /// The protocol: `protocol`. Default: `http`.
    pub protocol: Option<Protocol>,
    /// The port: `port`. Default: the protocol's.
    pub port: Option<u16>,
    /// The user name for the proxy: `auth-username`.
    pub username: Option<String>,
    /// The password for the proxy: `auth-password`.
    pub password: Option<Secret>,
}

impl fmt::Debug for ProxyConfig {
    /// Omits unchecked values that can contain a secret.
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
    /// The URL, with user name and password if they are set; therefore secret. `None` without a
    /// host.
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

/// The protocol of a gateway or a proxy.
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

/// Certificates for connections, in addition to the system's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct MtlsConfig {
    /// The client certificate with its chain: `cert_path` or `cert_content`.
    pub certificate: Option<Pem>,
    /// The private key of that certificate: `key_path` or `key_content`.
    pub key: Option<Pem>,
    /// Root certificates that the server's certificate may be issued by: `ca_path` or `ca_content`.
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

/// Certificates or a key in PEM, inline or in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Pem {
    /// The path of a file. Relative paths start from the working directory.
    File(PathBuf),
    /// The PEM text.
    Text(Secret),
}

impl Pem {
    /// The PEM text, read from the file if it is in one.
    ///
    /// # Errors
    /// [`Error::is_config`] if the file cannot be read or is not text.
    pub fn read(&self) -> Result<Secret> {
        match self {
            Self::File(path) => fs::read_to_string(path)
                .map(Secret::new)
                .map_err(|error| Error::config(format!("cannot read {}: {error}", path.display()))),
            Self::Text(text) => Ok(text.clone()),
        }
    }
}

/// What is logged, and where.
///
/// This crate writes no log itself: it emits `tracing` spans and events, and the application's
/// subscriber decides which of them are written, where and in which format. `level`, `format`,
/// `to_console` and `file_path` are validated and provided for the application; nothing in this
/// crate uses them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct LoggingConfig {
    /// The log level: `log_level`. For the application.
    pub level: Option<LogLevel>,
    /// The log format: `log_format`. For the application.
    pub format: Option<LogFormat>,
    /// Whether to log to the console: `log_to_console`. For the application.
    pub to_console: Option<bool>,
    /// The log file: `log_file_path`. For the application.
    pub file_path: Option<PathBuf>,
    /// Whether request bodies are logged, which can contain personal data: `log_request_body`.
    pub request_body: Option<bool>,
    /// Whether response bodies are logged, which can contain personal data: `log_response_body`.
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

/// The log level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LogLevel {
    /// Everything.
    Trace,
    /// Every exchange.
    Debug,
    /// Failed exchanges.
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

/// The log format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LogFormat {
    /// Lines for people to read.
    Text,
    /// One JSON object per line.
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
