//! The version of OpenAPI that a file is written in.

use serde_json::Value;

use crate::diagnostics::{Code, Diagnostic};

/// A dialect that sdkgen reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    /// Swagger 2.0.
    Swagger2,
    /// OpenAPI 3.0.
    V30,
    /// OpenAPI 3.1 and what came after it.
    V31,
}

/// Why a file is refused, and the key that is wrong.
type Refusal = (Option<&'static str>, Diagnostic);

impl Dialect {
    /// The dialect of a file, with a warning if its version is not written as it should be.
    ///
    /// # Errors
    /// The file is not a description, or its dialect is not supported.
    pub(super) fn of(root: &Value) -> Result<(Self, Option<Diagnostic>), Refusal> {
        if let Some(version) = root.get("openapi") {
            let Some(text) = version_text(version) else {
                return refuse(
                    Some("openapi"),
                    format!("OpenAPI {version} is not supported"),
                );
            };
            let mut numbers = text.split('.').map(|part| part.trim().parse::<u32>().ok());
            let (Some(Some(3)), minor) = (numbers.next(), numbers.next()) else {
                return refuse(
                    Some("openapi"),
                    format!("OpenAPI {version} is not supported"),
                );
            };
            let dialect = match minor {
                None | Some(Some(0)) => Self::V30,
                Some(_) => Self::V31,
            };
            let assumed = match minor {
                Some(Some(minor)) if minor > 2 => Some(format!(
                    "unknown version {text} of OpenAPI; it is read as 3.2"
                )),
                Some(None) => Some(format!(
                    "invalid version {text:?} of OpenAPI; it is read as 3.2"
                )),
                _ if !version.is_string() => Some(format!(
                    "the version must be a string, found the number {text}; it is read as \"{text}\""
                )),
                _ => None,
            };
            return Ok((dialect, assumed.map(|text| mended(&text))));
        }
        if let Some(version) = root.get("swagger") {
            let text = version_text(version).unwrap_or_default();
            if text != "2" && !text.starts_with("2.") {
                return refuse(
                    Some("swagger"),
                    format!("Swagger {version} is not supported"),
                );
            }
            let assumed = (!version.is_string()).then(|| {
                mended(&format!(
                    "the version must be a string, found the number {text}; it is read as \"{text}\""
                ))
            });
            return Ok((Self::Swagger2, assumed));
        }
        let old = root.get("swaggerVersion").is_some();
        let message = match old {
            true => "Swagger 1 is not supported",
            false => "the file has no `openapi` version",
        };
        refuse(old.then_some("swaggerVersion"), message.to_owned())
    }

    /// The key that names the version.
    pub(super) fn key(self) -> &'static str {
        match self {
            Self::Swagger2 => "swagger",
            Self::V30 | Self::V31 => "openapi",
        }
    }
}

fn version_text(version: &Value) -> Option<String> {
    match version {
        Value::String(text) => Some(text.trim().trim_start_matches('v').to_owned()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn mended(message: &str) -> Diagnostic {
    Diagnostic::new(Code::VersionMended, message)
}

fn refuse<T>(key: Option<&'static str>, message: String) -> Result<T, Refusal> {
    let help = "sdkgen reads OpenAPI 3, which starts with `openapi: 3.x.y`, and Swagger 2.0";
    Err((key, Diagnostic::new(Code::Dialect, message).help(help)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn versions_tell_dialects() {
        let told = |root: Value| {
            let found = Dialect::of(&root).map(|(dialect, assumed)| (dialect, assumed.is_some()));
            found.ok()
        };
        assert_eq!(
            told(json!({"openapi": "3.0.3"})),
            Some((Dialect::V30, false))
        );
        assert_eq!(
            told(json!({"openapi": "3.1.0"})),
            Some((Dialect::V31, false))
        );
        assert_eq!(
            told(json!({"openapi": "3.2.0"})),
            Some((Dialect::V31, false))
        );
        assert_eq!(
            told(json!({"openapi": "3.7.0"})),
            Some((Dialect::V31, true))
        );
        assert_eq!(told(json!({"openapi": 3.0})), Some((Dialect::V30, true)));
        assert_eq!(told(json!({"openapi": 3.1})), Some((Dialect::V31, true)));
        assert_eq!(
            told(json!({"swagger": "2.0"})),
            Some((Dialect::Swagger2, false))
        );
        assert_eq!(
            told(json!({"swagger": 2.0})),
            Some((Dialect::Swagger2, true))
        );
        for none in [
            json!({"openapi": "4.0.0"}),
            json!({"openapi": "2.0"}),
            json!({"openapi": null}),
            json!({"swagger": "1.2"}),
            json!({"swaggerVersion": "1.2"}),
            json!([1]),
            json!("openapi"),
        ] {
            assert_eq!(told(none.clone()), None, "{none}");
        }
    }
}
