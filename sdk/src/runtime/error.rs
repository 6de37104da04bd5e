use std::{error::Error as StdError, fmt, time::Duration};

use bytes::Bytes;
use http::{HeaderMap, StatusCode};

use super::transport::{Failure, TransportError};

/// What SDK calls return.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a call gave no value.
///
/// Opaque: ask it with the predicates (`is_*`), of which more than one can hold, and read what the
/// service said with [`status`](Self::status), [`code`](Self::code), [`message`](Self::message) and
/// [`body`](Self::body).
pub struct Error(Box<Inner>);

struct Inner {
    operation: Option<&'static str>,
    kind: Kind,
}

enum Kind {
    Config(String),
    Request(String),
    Transport(TransportError),
    Status(Answer),
    Decode(Answer, DecodeFailure),
}

/// What the service answered.
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
    summary: ErrorSummary,
}

/// What the decoder stumbled at, without the text it stumbled at: that can be a secret.
#[derive(Debug)]
struct DecodeFailure(String);

impl DecodeFailure {
    fn new(error: &serde_json::Error) -> Self {
        // Texts stand in double quotes, numbers in backticks.
        let mut text = error.to_string();
        for mark in ['"', '`'] {
            if let (Some(start), Some(end)) = (text.find(mark), text.rfind(mark))
                && start < end
                && !text.starts_with("missing field")
            {
                text.replace_range(start + 1..end, "..");
            }
        }
        Self(text)
    }
}

impl fmt::Display for DecodeFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl StdError for DecodeFailure {}

/// What an error response says of itself, read out of its body and headers by the API's own rules.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ErrorSummary {
    /// The service's name for the failure, stable enough to match on.
    pub code: Option<String>,
    /// The failure in words.
    pub message: Option<String>,
    /// The id under which the service logged the failure.
    pub context_id: Option<String>,
    /// The id of the exchange, to be told to the service's support.
    pub correlation_id: Option<String>,
}

impl Error {
    pub(super) fn config(message: impl Into<String>) -> Self {
        Self::new(None, Kind::Config(message.into()))
    }

    pub(super) fn request(operation: &'static str, message: impl Into<String>) -> Self {
        Self::new(Some(operation), Kind::Request(message.into()))
    }

    pub(super) fn transport(operation: &'static str, error: TransportError) -> Self {
        Self::new(Some(operation), Kind::Transport(error))
    }

    pub(super) fn status_of(
        operation: &'static str,
        response: http::Response<Bytes>,
        summary: ErrorSummary,
    ) -> Self {
        Self::new(Some(operation), Kind::Status(answer(response, summary)))
    }

    pub(super) fn decode(
        operation: &'static str,
        response: http::Response<Bytes>,
        summary: ErrorSummary,
        error: &serde_json::Error,
    ) -> Self {
        let failure = DecodeFailure::new(error);
        Self::new(
            Some(operation),
            Kind::Decode(answer(response, summary), failure),
        )
    }

    fn new(operation: Option<&'static str>, kind: Kind) -> Self {
        Self(Box::new(Inner { operation, kind }))
    }

    /// The `operationId` of the call that failed; `None` when the client could not be built.
    pub fn operation(&self) -> Option<&'static str> {
        self.0.operation
    }

    /// The client was given settings it cannot work with.
    pub fn is_config(&self) -> bool {
        matches!(self.0.kind, Kind::Config(_))
    }

    /// The call was given a value that cannot be sent; nothing was sent.
    pub fn is_request(&self) -> bool {
        matches!(self.0.kind, Kind::Request(_))
    }

    /// No connection came about; nothing was sent.
    pub fn is_connect(&self) -> bool {
        self.failed_with(Failure::Connect) || self.failed_with(Failure::ConnectTimeout)
    }

    /// The time given ran out before the response was complete, or before there was a connection.
    pub fn is_timeout(&self) -> bool {
        self.failed_with(Failure::Timeout) || self.failed_with(Failure::ConnectTimeout)
    }

    /// The response body was larger than the client accepts.
    pub fn is_too_large(&self) -> bool {
        self.failed_with(Failure::TooLarge)
    }

    /// The service answered with a status other than a success.
    pub fn is_status(&self) -> bool {
        matches!(self.0.kind, Kind::Status(_))
    }

    /// The service asks for fewer requests (status 429); see [`retry_after`](Self::retry_after).
    pub fn is_rate_limited(&self) -> bool {
        self.is_status() && self.status() == Some(StatusCode::TOO_MANY_REQUESTS)
    }

    /// The service knows no such thing (status 404).
    pub fn is_not_found(&self) -> bool {
        self.is_status() && self.status() == Some(StatusCode::NOT_FOUND)
    }

    /// The token is missing, expired or lacks a permission (status 401 or 403).
    pub fn is_unauthorized(&self) -> bool {
        self.is_status()
            && matches!(
                self.status(),
                Some(StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN)
            )
    }

    /// The service answered with a success whose body is not what the description says; the body
    /// is in [`body`](Self::body).
    pub fn is_decode(&self) -> bool {
        matches!(self.0.kind, Kind::Decode(..))
    }

    /// The status of the response, if there was one.
    pub fn status(&self) -> Option<StatusCode> {
        self.answer().map(|answer| answer.status)
    }

    /// The headers of the response, if there was one.
    pub fn headers(&self) -> Option<&HeaderMap> {
        self.answer().map(|answer| &answer.headers)
    }

    /// The body of the response as it came, if there was one.
    pub fn body(&self) -> Option<&Bytes> {
        self.answer().map(|answer| &answer.body)
    }

    /// The service's code for the failure.
    pub fn code(&self) -> Option<&str> {
        self.summary()?.code.as_deref()
    }

    /// The service's words for the failure.
    pub fn message(&self) -> Option<&str> {
        self.summary()?.message.as_deref()
    }

    /// The id under which the service logged the failure.
    pub fn context_id(&self) -> Option<&str> {
        self.summary()?.context_id.as_deref()
    }

    /// The id of the exchange, to be told to the service's support.
    pub fn correlation_id(&self) -> Option<&str> {
        self.summary()?.correlation_id.as_deref()
    }

    /// How long the service asks to wait, from a `Retry-After` header that gives seconds.
    pub fn retry_after(&self) -> Option<Duration> {
        let value = self.headers()?.get(http::header::RETRY_AFTER)?;
        let seconds = value.to_str().ok()?.trim().parse().ok()?;
        Some(Duration::from_secs(seconds))
    }

    fn failed_with(&self, failure: Failure) -> bool {
        matches!(&self.0.kind, Kind::Transport(error) if error.failure == failure)
    }

    fn answer(&self) -> Option<&Answer> {
        match &self.0.kind {
            Kind::Status(answer) | Kind::Decode(answer, _) => Some(answer),
            Kind::Config(_) | Kind::Request(_) | Kind::Transport(_) => None,
        }
    }

    fn summary(&self) -> Option<&ErrorSummary> {
        self.answer().map(|answer| &answer.summary)
    }
}

fn answer(response: http::Response<Bytes>, summary: ErrorSummary) -> Answer {
    let (parts, body) = response.into_parts();
    Answer {
        status: parts.status,
        headers: parts.headers,
        body,
        summary,
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(operation) = self.0.operation {
            write!(f, "{operation}: ")?;
        }
        match &self.0.kind {
            Kind::Config(message) | Kind::Request(message) => f.write_str(message),
            Kind::Transport(error) => error.fmt(f),
            Kind::Status(answer) => {
                write!(f, "the service answered {}", answer.status)?;
                let summary = &answer.summary;
                if let Some(code) = &summary.code {
                    write!(f, " [{code}]")?;
                }
                if let Some(message) = &summary.message {
                    write!(f, ": {message}")?;
                }
                if let Some(id) = &summary.correlation_id {
                    write!(f, " (correlation id {id})")?;
                }
                Ok(())
            }
            Kind::Decode(answer, _) => write!(
                f,
                "the body of the {} response is not what the description says",
                answer.status
            ),
        }
    }
}

impl fmt::Debug for Error {
    /// Leaves headers and body out: they can hold secrets and personal data.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Error");
        debug.field("message", &self.to_string());
        if let Some(source) = self.source() {
            debug.field("source", &source.to_string());
        }
        debug.finish_non_exhaustive()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match &self.0.kind {
            Kind::Transport(error) => error.source(),
            Kind::Decode(_, error) => Some(error),
            Kind::Config(_) | Kind::Request(_) | Kind::Status(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limited(retry_after: &'static str) -> Error {
        let response = http::Response::builder()
            .status(429)
            .header("Retry-After", retry_after)
            .header("Set-Cookie", "session=s3cr3t")
            .body(Bytes::from_static(b"{\"password\":\"s3cr3t\"}"))
            .unwrap();
        let summary = ErrorSummary {
            code: Some("too.many.requests".to_owned()),
            message: Some("Slow down".to_owned()),
            correlation_id: Some("c-1".to_owned()),
            ..ErrorSummary::default()
        };
        Error::status_of("getUser", response, summary)
    }

    #[test]
    fn says_what_happened_in_one_line() {
        assert_eq!(
            limited("3").to_string(),
            "getUser: the service answered 429 Too Many Requests [too.many.requests]: \
             Slow down (correlation id c-1)"
        );
    }

    #[test]
    fn debug_shows_neither_headers_nor_body() {
        let error = limited("3");
        assert!(!format!("{error:?}").contains("s3cr3t"), "{error:?}");
        assert!(error.body().unwrap().starts_with(b"{"));
    }

    #[test]
    fn a_decode_failure_does_not_quote_the_body() {
        let failed = serde_json::from_str::<i32>("\"hunter \\\"2\\\"\"").unwrap_err();
        let response = http::Response::new(Bytes::new());
        let error = Error::decode("getUser", response, ErrorSummary::default(), &failed);
        let source = error.source().unwrap().to_string();
        assert!(
            source.starts_with("invalid type: string \"..\", expected i32"),
            "{source}"
        );
        assert!(!format!("{error:?}").contains("hunter"));
        let failed = serde_json::from_str::<String>("1234").unwrap_err();
        assert!(!DecodeFailure::new(&failed).to_string().contains("1234"));
    }

    #[test]
    fn predicates_follow_the_kind() {
        let error = limited("3");
        assert!(error.is_status() && error.is_rate_limited());
        assert!(!error.is_not_found() && !error.is_timeout() && !error.is_decode());
        assert_eq!(error.retry_after(), Some(Duration::from_secs(3)));
        assert_eq!(limited("soon").retry_after(), None);
        let timeout = Error::transport("getUser", TransportError::timeout());
        assert!(timeout.is_timeout() && !timeout.is_connect());
        assert_eq!(timeout.status(), None);
        assert!(Error::config("no host").is_config());
    }
}
