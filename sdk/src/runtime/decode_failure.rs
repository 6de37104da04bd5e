use std::{error::Error as StdError, fmt};

use super::{json_path, printable::Printable, transport::WholeResponse};

/// Why a body could not be decoded.
#[derive(Debug)]
pub(crate) enum Unreadable {
    /// It is not JSON of the type.
    Json(serde_json::Error),
    /// It is not text.
    Text,
    /// It is of another media type than was asked for.
    MediaType(String),
    /// This property has another value than every success.
    Contradiction(&'static str),
}

impl From<serde_json::Error> for Unreadable {
    fn from(error: serde_json::Error) -> Self {
        Self::Json(error)
    }
}

impl Unreadable {
    /// Describes the failure of a whole response.
    pub(super) fn of_response(&self, response: &WholeResponse) -> DecodeFailure {
        match self {
            Self::Json(error) => DecodeFailure::new(error, response),
            Self::Text => DecodeFailure {
                path: "$".to_owned(),
                message: "the body is not text in UTF-8".to_owned(),
                is_contradiction: false,
            },
            Self::MediaType(found) => DecodeFailure {
                path: "$".to_owned(),
                message: format!("the body is of another media type than was asked for: {found}"),
                is_contradiction: false,
            },
            Self::Contradiction(name) => DecodeFailure {
                path: json_path::of_member(name),
                message: "a success has another value here".to_owned(),
                is_contradiction: true,
            },
        }
    }
}

/// Why and where decoding failed, without the value, which can be a secret.
#[derive(Debug)]
pub(super) struct DecodeFailure {
    path: String,
    message: String,
    /// Whether the body is that of a failure, although the status is a success.
    is_contradiction: bool,
}

impl DecodeFailure {
    pub(super) fn new(error: &serde_json::Error, response: &WholeResponse) -> Self {
        let body = response.body();
        let (path, message) = json_path::of_error(body, error);
        let content_type = response.headers().get(http::header::CONTENT_TYPE);
        let message = match content_type.and_then(|value| value.to_str().ok()) {
            _ if body.is_empty() => "the body is empty".to_owned(),
            Some(other) if !other.contains("json") => {
                format!("the body is not JSON but {other}")
            }
            _ => redacted(message),
        };
        Self {
            path,
            message,
            is_contradiction: false,
        }
    }

    /// Describes the failure of a part of a body, such as one event.
    pub(super) fn in_part(error: &serde_json::Error, part: &[u8]) -> Self {
        let (path, message) = json_path::of_error(part, error);
        Self {
            path,
            message: redacted(message),
            is_contradiction: false,
        }
    }

    /// Whether the body is that of a failure, although the status is a success.
    pub(super) fn is_contradiction(&self) -> bool {
        self.is_contradiction
    }

    /// The path of the value that could not be decoded.
    pub(super) fn path(&self) -> &str {
        &self.path
    }
}

/// The message of an error without the values it quotes: serde puts texts in double quotes and
/// numbers in backticks.
pub(super) fn redacted(mut text: String) -> String {
    for mark in ['"', '`'] {
        if let (Some(start), Some(end)) = (text.find(mark), text.rfind(mark))
            && start < end
            && !text.starts_with("missing field")
        {
            text.replace_range(start + 1..end, "..");
        }
    }
    text
}

impl fmt::Display for DecodeFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Printable(&self.message).fmt(f)
    }
}

impl StdError for DecodeFailure {}
