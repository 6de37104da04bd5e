use std::{fmt, path::PathBuf, time::Duration};

use super::{Config, Host, LogFormat, LogLevel, Pem, Protocol};
use crate::{Secret, runtime::without_secrets};

/// A value as the file has it.
#[derive(Clone, Copy)]
pub(super) enum Value<'a> {
    /// A text: all that INI knows, and what stands in quotes in JSON.
    Text(&'a str),
    /// A number or a boolean of JSON.
    Literal(&'a str),
}

/// A key that the file can set.
pub(super) struct Key {
    section: &'static str,
    name: &'static str,
    is_secret: bool,
    set: Set,
}

/// Stores a value in its field. The error does not quote the value.
type Set = fn(&mut Config, Value<'_>) -> Result<(), String>;

/// All keys, named as in the official SDKs, and those of `[mtls]`.
const KEYS: &[Key] = &[
    key_of("general", "host", |config, value| {
        put(&mut config.host, Host::read(value.text()?))
    }),
    key_of("general", "live_reload_config", |config, value| {
        put(&mut config.live_reload_config, value.boolean())
    }),
    key_of("logging", "log_level", |config, value| {
        put(
            &mut config.logging.level,
            value.one_of(&LogLevel::ALL, LogLevel::name),
        )
    }),
    key_of("logging", "log_format", |config, value| {
        put(
            &mut config.logging.format,
            value.one_of(&LogFormat::ALL, LogFormat::name),
        )
    }),
    key_of("logging", "log_to_console", |config, value| {
        put(&mut config.logging.to_console, value.boolean())
    }),
    key_of("logging", "log_file_path", |config, value| {
        put(
            &mut config.logging.file_path,
            value.text().map(PathBuf::from),
        )
    }),
    key_of("logging", "log_request_body", |config, value| {
        put(&mut config.logging.request_body, value.boolean())
    }),
    key_of("logging", "log_response_body", |config, value| {
        put(&mut config.logging.response_body, value.boolean())
    }),
    key_of("retry", "retry_wait_min", |config, value| {
        put(&mut config.retry.wait_min, value.seconds())
    }),
    key_of("retry", "retry_wait_max", |config, value| {
        put(&mut config.retry.wait_max, value.seconds())
    }),
    key_of("retry", "retry_max", |config, value| {
        put(&mut config.retry.max, value.whole_number())
    }),
    key_of(
        "reauthentication",
        "refresh_access_token",
        |config, value| {
            put(
                &mut config.reauthentication.refresh_access_token,
                value.boolean(),
            )
        },
    ),
    key_of(
        "reauthentication",
        "refresh_token_wait_max",
        |config, value| {
            put(
                &mut config.reauthentication.refresh_token_wait_max,
                value.seconds(),
            )
        },
    ),
    key_of("gateway", "host", |config, value| {
        put(&mut config.gateway.host, value.host_name())
    }),
    key_of("gateway", "protocol", |config, value| {
        put(
            &mut config.gateway.protocol,
            value.one_of(&Protocol::ALL, Protocol::name),
        )
    }),
    key_of("gateway", "port", |config, value| {
        put(&mut config.gateway.port, value.port())
    }),
    key_of("gateway", "path_params_login", |config, value| {
        put(&mut config.gateway.path_params_login, value.path())
    }),
    key_of("gateway", "path_params_api", |config, value| {
        put(&mut config.gateway.path_params_api, value.path())
    }),
    key_of("gateway", "username", |config, value| {
        put(
            &mut config.gateway.username,
            value.text().map(str::to_owned),
        )
    }),
    secret_of("gateway", "password", |config, value| {
        put(&mut config.gateway.password, value.text().map(Secret::from))
    }),
    key_of("proxy", "host", |config, value| {
        put(&mut config.proxy.host, value.host_name())
    }),
    key_of("proxy", "protocol", |config, value| {
        put(
            &mut config.proxy.protocol,
            value.one_of(&Protocol::ALL, Protocol::name),
        )
    }),
    key_of("proxy", "port", |config, value| {
        put(&mut config.proxy.port, value.port())
    }),
    key_of("proxy", "auth-username", |config, value| {
        put(&mut config.proxy.username, value.text().map(str::to_owned))
    }),
    secret_of("proxy", "auth-password", |config, value| {
        put(&mut config.proxy.password, value.text().map(Secret::from))
    }),
    key_of("mtls", "cert_path", |config, value| {
        put_alone(
            &mut config.mtls.certificate,
            value.pem_file(),
            "cert_content",
        )
    }),
    secret_of("mtls", "cert_content", |config, value| {
        put_alone(
            &mut config.mtls.certificate,
            value.pem(CERTIFICATE),
            "cert_path",
        )
    }),
    key_of("mtls", "key_path", |config, value| {
        put_alone(&mut config.mtls.key, value.pem_file(), "key_content")
    }),
    secret_of("mtls", "key_content", |config, value| {
        put_alone(&mut config.mtls.key, value.pem(PRIVATE_KEY), "key_path")
    }),
    key_of("mtls", "ca_path", |config, value| {
        put_alone(&mut config.mtls.authorities, value.pem_file(), "ca_content")
    }),
    secret_of("mtls", "ca_content", |config, value| {
        put_alone(
            &mut config.mtls.authorities,
            value.pem(CERTIFICATE),
            "ca_path",
        )
    }),
];

/// The ends of the labels of PEM blocks.
const CERTIFICATE: &str = "CERTIFICATE";
const PRIVATE_KEY: &str = "PRIVATE KEY";

const fn key_of(section: &'static str, name: &'static str, set: Set) -> Key {
    Key {
        section,
        name,
        is_secret: false,
        set,
    }
}

const fn secret_of(section: &'static str, name: &'static str, set: Set) -> Key {
    Key {
        section,
        name,
        is_secret: true,
        set,
    }
}

fn put<T>(field: &mut Option<T>, value: Result<T, String>) -> Result<(), String> {
    *field = Some(value?);
    Ok(())
}

/// Stores a value in a field that another key sets, too; an error if that one did.
fn put_alone<T>(
    field: &mut Option<T>,
    value: Result<T, String>,
    other: &str,
) -> Result<(), String> {
    if field.is_some() {
        return Err(format!("stands beside {other}; only one of them can be"));
    }
    put(field, value)
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{}] {}", self.section, self.name)
    }
}

/// The section of this name.
pub(super) fn section(name: &str) -> Result<&'static str, String> {
    if let Some(key) = KEYS.iter().find(|key| key.section == name) {
        return Ok(key.section);
    }
    let mut known: Vec<_> = KEYS.iter().map(|key| key.section).collect();
    known.dedup();
    let (name, known) = (shown(name), known.join(", "));
    Err(format!("[{name}] is no section; known are {known}"))
}

/// The key of this name.
pub(super) fn key(section: &str, name: &str) -> Result<&'static Key, String> {
    let keys = KEYS.iter().filter(|key| key.section == section);
    if let Some(key) = keys.clone().find(|key| key.name == name) {
        return Ok(key);
    }
    let known: Vec<_> = keys.map(|key| key.name).collect();
    let (name, known) = (shown(name), known.join(", "));
    Err(format!(
        "[{section}] {name}: no such key; known are {known}"
    ))
}

/// The common prefix of keys of the section, if `name` is one.
pub(super) fn group(section: &str, name: &str) -> Option<&'static str> {
    KEYS.iter()
        .filter(|key| key.section == section)
        .filter_map(|key| Some(key.name.split_once('-')?.0))
        .find(|group| *group == name)
}

/// A name as an error may quote it. A text that does not look like a name is not quoted: it can be
/// a line of a misplaced key or password.
pub(super) fn shown(name: &str) -> &str {
    let is_name = |character: char| character.is_ascii_alphanumeric() || "_-.".contains(character);
    if name.len() <= 40 && name.chars().all(is_name) {
        name
    } else {
        ".."
    }
}

/// Takes settings in.
#[derive(Default)]
pub(super) struct Reader {
    pub(super) config: Config,
    seen: Vec<(&'static str, &'static str)>,
}

impl Reader {
    pub(super) fn set(&mut self, key: &'static Key, value: Value<'_>) -> Result<(), String> {
        if self.seen.contains(&(key.section, key.name)) {
            return Err(format!("{key}: set a second time"));
        }
        self.seen.push((key.section, key.name));
        if matches!(value, Value::Text("")) {
            return Ok(());
        }
        (key.set)(&mut self.config, value).map_err(|what| match value {
            // A text with an @ is usually a URL with a password.
            Value::Text(text) | Value::Literal(text) if key.is_secret || text.contains('@') => {
                format!("{key}: the value {what}")
            }
            Value::Text(text) => format!("{key}: {:?} {what}", without_secrets(text)),
            Value::Literal(text) => format!("{key}: {text} {what}"),
        })
    }
}

impl<'a> Value<'a> {
    fn any(self) -> &'a str {
        match self {
            Self::Text(text) | Self::Literal(text) => text,
        }
    }

    fn text(self) -> Result<&'a str, String> {
        match self {
            Self::Text(text) => Ok(text),
            Self::Literal(_) => Err("is not a text; a text stands in quotes".to_owned()),
        }
    }

    fn boolean(self) -> Result<bool, String> {
        match self.any() {
            text if text.eq_ignore_ascii_case("true") => Ok(true),
            text if text.eq_ignore_ascii_case("false") => Ok(false),
            _ => Err("is neither true nor false".to_owned()),
        }
    }

    fn whole_number(self) -> Result<u32, String> {
        let digits = self.any().strip_prefix('-').unwrap_or(self.any());
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err("is not a whole number".to_owned());
        }
        if digits.len() < self.any().len() {
            return Err("is negative".to_owned());
        }
        digits
            .parse()
            .map_err(|_| format!("is more than {}", u32::MAX))
    }

    fn seconds(self) -> Result<Duration, String> {
        let seconds = self
            .whole_number()
            .map_err(|what| format!("{what}; it counts seconds"))?;
        Ok(Duration::from_secs(seconds.into()))
    }

    fn port(self) -> Result<u16, String> {
        match self.whole_number().map(u16::try_from) {
            Ok(Ok(port @ 1..)) => Ok(port),
            _ => Err(format!(
                "is not a port, which is a number from 1 to {}",
                u16::MAX
            )),
        }
    }

    fn one_of<T: Copy>(self, all: &[T], name: fn(T) -> &'static str) -> Result<T, String> {
        let is_meant = |one: &T| name(*one).eq_ignore_ascii_case(self.any());
        all.iter().copied().find(is_meant).ok_or_else(|| {
            let names: Vec<_> = all.iter().map(|one| name(*one)).collect();
            format!("is none of {}", names.join(", "))
        })
    }

    fn host_name(self) -> Result<String, String> {
        let text = self.text()?;
        // In brackets it is an IPv6 address, which has colons of its own.
        let bare = text
            .strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'))
            .map_or_else(|| text.to_owned(), |address| address.replace(':', ""));
        let is_part =
            |character: char| character.is_ascii_alphanumeric() || "-._".contains(character);
        if bare.is_empty() || !bare.chars().all(is_part) {
            return Err(
                "is not a host alone; scheme, port, path and user have their own keys, \
                        if any"
                    .to_owned(),
            );
        }
        Ok(text.to_owned())
    }

    fn path(self) -> Result<String, String> {
        let text = self.text()?;
        let is_odd = |character: char| character.is_whitespace() || "?#\\".contains(character);
        if text.contains("://") || text.chars().any(is_odd) {
            return Err("is not a path".to_owned());
        }
        Ok(text.to_owned())
    }

    fn pem_file(self) -> Result<Pem, String> {
        self.text().map(|text| Pem::File(text.into()))
    }

    fn pem(self, label: &str) -> Result<Pem, String> {
        // INI values are single lines. PEM contains no backslashes, so nothing else changes.
        let text = self.text()?.replace("\\n", "\n");
        let has = |start: &str| {
            text.split("-----")
                .any(|part| part.starts_with(start) && part.ends_with(label))
        };
        if !has("BEGIN ") || !has("END ") {
            return Err(format!(
                "is not the PEM text of a {}, in one line with \\n between its own",
                label.to_lowercase()
            ));
        }
        Ok(Pem::Text(text.into()))
    }
}
