use bytes::Bytes;
use serde_json::Value;

use crate::{Error, ErrorSummary, models::ErrorBody};

/// The response header with the correlation ID.
pub(super) const CORRELATION_ID: &str = "inin-correlation-id";

impl Error {
    /// The platform's error body, if the response has one.
    ///
    /// `None` for bodies in other formats, as of reverse proxies in front of the platform;
    /// [`body`](Self::body) returns their bytes.
    pub fn platform(&self) -> Option<ErrorBody> {
        if !self.is_status() {
            return None;
        }
        let body: ErrorBody = serde_json::from_slice(self.body()?).ok()?;
        // The login service usually answers in OAuth's error format.
        (body.code.is_some() || !self.is_login()).then_some(body)
    }
}

/// Reads an error response in the platform's format. The context ID falls back to the correlation
/// ID, as in the official SDKs.
pub(super) fn describe(response: &http::Response<Bytes>) -> ErrorSummary {
    let correlation_id = response
        .headers()
        .get(CORRELATION_ID)
        .and_then(|value| value.to_str().ok())
        .map(str::to_owned);
    let mut summary = ErrorSummary::default();
    // Reads the properties separately, so that an invalid one does not hide the others.
    if !response.status().is_success()
        && let Ok(Value::Object(body)) = serde_json::from_slice(response.body())
    {
        let text = |name: &str| body.get(name).and_then(Value::as_str).map(str::to_owned);
        summary.code = text("code");
        summary.message = text("message");
        summary.context_id = text("contextId");
    }
    summary.context_id = summary.context_id.or(correlation_id);
    summary
}

#[cfg(test)]
mod tests {
    use super::*;

    fn response(status: u16, body: &'static str) -> http::Response<Bytes> {
        http::Response::builder()
            .status(status)
            .header("ININ-Correlation-Id", "c-1")
            .body(body.into())
            .unwrap()
    }

    #[test]
    fn reads_the_platforms_error_body() {
        let body =
            r#"{"code":"not.found","message":"No such user","contextId":"x-9","status":"404"}"#;
        let summary = describe(&response(404, body));
        assert_eq!(summary.code.as_deref(), Some("not.found"));
        assert_eq!(summary.message.as_deref(), Some("No such user"));
        assert_eq!(summary.context_id.as_deref(), Some("x-9"));
    }

    #[test]
    fn the_correlation_id_stands_in_for_a_missing_context_id() {
        let summary = describe(&response(502, "<html>Bad gateway</html>"));
        assert_eq!(summary.code, None);
        assert_eq!(summary.context_id.as_deref(), Some("c-1"));
    }
}
