//! The configuration that the official SDKs read: a file, INI or JSON, and the environment.
//!
//! Section names, key names, units and variable names are theirs, so that one file serves programs
//! in several languages. Unlike them, this crate reads the file strictly: a misspelt key or an
//! invalid value is an error with its position, and never silently leaves a setting at its default.

mod environment;
mod host;
mod ini;
mod json;
mod keys;
mod settings;

use std::{
    env,
    ffi::OsString,
    fs,
    io::{self, ErrorKind},
    path::{Path, PathBuf},
};

use crate::{Error, Result, Secret};

pub use host::Host;
pub use settings::{
    GatewayConfig, LogFormat, LogLevel, LoggingConfig, MtlsConfig, Pem, Protocol, ProxyConfig,
    ReauthenticationConfig, RetryConfig,
};

/// Settings from a configuration file, the environment, or both.
///
/// A setting is `None` if it is not set, which differs from a value that equals the default.
///
/// # File
///
/// INI or JSON, recognized by the first character. All settings are optional; waits are whole
/// seconds. An empty value counts as unset. Comments need lines of their own: a `#` or `;` after a
/// value is part of it.
///
/// ```ini
/// [general]
/// host = euw2.pure.cloud
/// live_reload_config = false
///
/// [retry]
/// retry_wait_min = 1
/// retry_wait_max = 20
/// retry_max = 4
///
/// [reauthentication]
/// refresh_access_token = true
/// refresh_token_wait_max = 10
///
/// [logging]
/// log_level = debug
/// log_format = json
/// log_to_console = true
/// log_file_path = /var/log/agent-sync.log
/// log_request_body = false
/// log_response_body = false
///
/// [gateway]
/// host = gateway.example.com
/// protocol = https
/// port = 8443
/// path_params_login = cloud/login
/// path_params_api = cloud/api
/// username = agent-sync
/// password = "the password"
///
/// [proxy]
/// host = proxy.example.com
/// protocol = http
/// port = 3128
/// auth-username = agent-sync
/// auth-password = "the password"
///
/// [mtls]
/// cert_path = /etc/agent-sync/client.pem
/// key_path = /etc/agent-sync/client.key
/// ca_path = /etc/agent-sync/ca.pem
/// ```
///
/// In JSON, sections are properties of the root object. The two `auth-` keys of `proxy` can also be
/// written as `username` and `password` of an object `auth`.
///
/// `[mtls]` is an addition of this SDK: the official ones take certificates only in code. For each
/// key in `_path` there is one in `_content`, which takes the PEM text itself, its lines joined by
/// `\n`.
///
/// Like the official SDKs, this crate reads credentials only from the environment, not from the
/// file.
///
/// # Environment
///
/// | variable | value |
/// |---|---|
/// | `GENESYSCLOUD_REGION` | name or domain of a region |
/// | `GENESYSCLOUD_ACCESS_TOKEN` | a fixed access token |
/// | `GENESYSCLOUD_OAUTHCLIENT_ID` | ID of an OAuth client |
/// | `GENESYSCLOUD_OAUTHCLIENT_SECRET` | its secret |
///
/// A variable that is empty or blank counts as unset.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Config {
    /// The host of the platform: `[general] host`, `GENESYSCLOUD_REGION`.
    pub host: Option<Host>,
    /// A fixed access token: `GENESYSCLOUD_ACCESS_TOKEN`.
    pub access_token: Option<Secret>,
    /// The ID of an OAuth client: `GENESYSCLOUD_OAUTHCLIENT_ID`.
    pub client_id: Option<String>,
    /// The secret of that client: `GENESYSCLOUD_OAUTHCLIENT_SECRET`.
    pub client_secret: Option<Secret>,
    /// How failed requests are retried: `[retry]`.
    pub retry: RetryConfig,
    /// How tokens are renewed: `[reauthentication]`.
    pub reauthentication: ReauthenticationConfig,
    /// A gateway in front of the platform: `[gateway]`.
    pub gateway: GatewayConfig,
    /// The proxy of all connections: `[proxy]`.
    pub proxy: ProxyConfig,
    /// The client certificate and additional root certificates: `[mtls]`.
    pub mtls: MtlsConfig,
    /// What is logged, and where: `[logging]`.
    pub logging: LoggingConfig,
    /// Whether changes of the file should take effect at once: `[general] live_reload_config`.
    ///
    /// Nothing in this crate watches the file: a client keeps the settings it was built with. To
    /// apply changes, the application reads the file again and builds another client.
    pub live_reload_config: Option<bool>,
}

impl Config {
    /// Reads the [default file](Self::default_path), if it exists, and the environment, which
    /// overrides the file.
    ///
    /// # Errors
    /// [`Error::is_config`] if the file exists but cannot be read or is invalid, or if a variable
    /// has an invalid value.
    pub fn load() -> Result<Self> {
        Self::load_from(Self::default_path(), |name| env::var_os(name))
    }

    /// Reads a file, which must exist.
    ///
    /// # Errors
    /// [`Error::is_config`], with the line and the key, if the file cannot be read or is invalid.
    pub fn from_file(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        understand(fs::read(path), path)
    }

    /// Reads the environment of this process.
    ///
    /// # Errors
    /// [`Error::is_config`], with the variable's name, if its value is invalid.
    pub fn from_env() -> Result<Self> {
        Self::from_variables(|name| env::var_os(name))
    }

    /// The file that [`load`](Self::load) reads: `.genesyscloudrust/config` in the user's home
    /// folder. `None` if there is no home folder.
    pub fn default_path() -> Option<PathBuf> {
        let home = env::home_dir().filter(|home| !home.as_os_str().is_empty())?;
        Some(home.join(".genesyscloudrust").join("config"))
    }

    /// These settings, each overridden by that of `other` if it is set there.
    #[must_use]
    pub fn overlaid_by(self, other: Self) -> Self {
        Self {
            host: other.host.or(self.host),
            access_token: other.access_token.or(self.access_token),
            client_id: other.client_id.or(self.client_id),
            client_secret: other.client_secret.or(self.client_secret),
            retry: self.retry.overlaid_by(other.retry),
            reauthentication: self.reauthentication.overlaid_by(other.reauthentication),
            gateway: self.gateway.overlaid_by(other.gateway),
            proxy: self.proxy.overlaid_by(other.proxy),
            mtls: self.mtls.overlaid_by(other.mtls),
            logging: self.logging.overlaid_by(other.logging),
            live_reload_config: other.live_reload_config.or(self.live_reload_config),
        }
    }

    fn load_from(
        path: Option<PathBuf>,
        variable: impl Fn(&str) -> Option<OsString>,
    ) -> Result<Self> {
        let file = match path.map(|path| (fs::read(&path), path)) {
            None => Self::default(),
            // Only this kind of error means that there is no file.
            Some((Err(error), _)) if error.kind() == ErrorKind::NotFound => Self::default(),
            Some((read, path)) => understand(read, &path)?,
        };
        Ok(file.overlaid_by(Self::from_variables(variable)?))
    }
}

/// Parses the bytes of the file at `path`.
fn understand(read: io::Result<Vec<u8>>, path: &Path) -> Result<Config> {
    let bytes =
        read.map_err(|error| Error::config(format!("cannot read {}: {error}", path.display())))?;
    let text = str::from_utf8(&bytes).map_err(|error| {
        let before = bytes.get(..error.valid_up_to()).unwrap_or_default();
        let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
        Problem::new(line, "not UTF-8 text").in_file(path)
    })?;
    parse(text, path)
}

/// An error in a file, with its position.
#[derive(Debug)]
struct Problem {
    line: usize,
    message: String,
}

impl Problem {
    fn new(line: usize, message: impl Into<String>) -> Self {
        let message = message.into();
        Self { line, message }
    }

    fn in_file(self, path: &Path) -> Error {
        let Self { line, message } = self;
        Error::config(format!("{}:{line}: {message}", path.display()))
    }
}

/// Parses the text of the file at `path`.
fn parse(text: &str, path: &Path) -> Result<Config> {
    // Some editors start a file with a byte order mark, which neither format allows.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = keys::Reader::default();
    let read = if text.trim_start().starts_with('{') {
        json::read(text, &mut reader)
    } else {
        ini::read(text, &mut reader)
    };
    match read {
        Ok(()) => Ok(reader.config),
        Err(problem) => Err(problem.in_file(path)),
    }
}

#[cfg(test)]
mod tests;
