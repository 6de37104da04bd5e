use std::{error::Error as StdError, fmt};

use super::{HttpResponse, json_path};

/// What the decoder stumbled at, without the text it stumbled at: that can be a secret.
#[derive(Debug)]
pub(super) struct DecodeFailure {
    path: String,
    message: String,
}

impl DecodeFailure {
    pub(super) fn new(error: &serde_json::Error, response: &HttpResponse) -> Self {
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
        Self { path, message }
    }

    /// Where the value is that does not fit.
    pub(super) fn path(&self) -> &str {
        &self.path
    }
}

/// The message of an error, without the value it quotes: texts stand in double quotes, numbers in
/// backticks.
fn redacted(mut text: String) -> String {
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
        f.write_str(&self.message)
    }
}

impl StdError for DecodeFailure {}
