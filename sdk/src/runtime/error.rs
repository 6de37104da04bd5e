use std::{error::Error as StdError, fmt, sync::Arc, time::Duration};

use bytes::Bytes;
use http::{HeaderMap, StatusCode, header};
use serde::de::DeserializeOwned;

use super::{
    RateLimit, TokenError,
    decode_failure::DecodeFailure,
    retry,
    service::Service,
    transport::{Failure, TransportError, WholeResponse},
};

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
    /// How often the request was sent.
    attempts: u32,
    /// Why it was not sent again, where that needs saying.
    note: Option<String>,
}

enum Kind {
    Config(String),
    Request(String),
    Login(Arc<TokenError>),
    Transport(TransportError),
    Status(Answer),
    Decode(Answer, DecodeFailure),
    Page(String),
}

/// What the service answered.
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
    summary: ErrorSummary,
    service: &'static Service,
}

impl Answer {
    fn new(response: WholeResponse, service: &'static Service) -> Self {
        let summary = (service.describe_error)(&response);
        let (parts, body) = response.into_parts();
        Self {
            status: parts.status,
            headers: parts.headers,
            body,
            summary,
            service,
        }
    }
}

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
}

impl Error {
    pub(crate) fn config(message: impl Into<String>) -> Self {
        Self::new(None, Kind::Config(message.into()))
    }

    /// The client lacks something that the operation needs.
    pub(super) fn unequipped(operation: &'static str, message: impl Into<String>) -> Self {
        Self::new(Some(operation), Kind::Config(message.into()))
    }

    pub(super) fn request(operation: &'static str, message: impl Into<String>) -> Self {
        Self::new(Some(operation), Kind::Request(message.into()))
    }

    pub(super) fn login(operation: &'static str, error: Arc<TokenError>) -> Self {
        Self::new(Some(operation), Kind::Login(error))
    }

    pub(super) fn transport(operation: &'static str, error: TransportError) -> Self {
        Self::new(Some(operation), Kind::Transport(error))
    }

    pub(super) fn status_of(
        operation: &'static str,
        response: WholeResponse,
        service: &'static Service,
    ) -> Self {
        let answer = Answer::new(response, service);
        Self::new(Some(operation), Kind::Status(answer))
    }

    pub(super) fn decode(
        operation: &'static str,
        response: WholeResponse,
        service: &'static Service,
        failure: DecodeFailure,
    ) -> Self {
        let answer = Answer::new(response, service);
        Self::new(Some(operation), Kind::Decode(answer, failure))
    }

    pub(super) fn page(operation: &'static str, message: impl Into<String>) -> Self {
        Self::new(Some(operation), Kind::Page(message.into()))
    }

    /// Adds how often the request was sent, and why no more.
    pub(super) fn after(mut self, attempts: u32, note: Option<String>) -> Self {
        self.0.attempts = attempts;
        self.0.note = note;
        self
    }

    fn new(operation: Option<&'static str>, kind: Kind) -> Self {
        Self(Box::new(Inner {
            operation,
            kind,
            attempts: 0,
            note: None,
        }))
    }

    /// Why the request was not sent again, where that needs saying.
    #[cfg(feature = "tracing")]
    pub(super) fn note(&self) -> Option<&str> {
        self.0.note.as_deref()
    }

    /// A word for the kind of failure, for logs: the status code, where that is the failure.
    #[cfg(feature = "tracing")]
    pub(super) fn type_name(&self) -> &str {
        match &self.0.kind {
            Kind::Config(_) => "config",
            Kind::Request(_) => "request",
            Kind::Login(_) => "login",
            Kind::Transport(error) => error.kind(),
            Kind::Status(answer) => answer.status.as_str(),
            Kind::Decode(..) => "decode",
            Kind::Page(_) => "page",
        }
    }

    /// The `operationId` of the call that failed; `None` when the client could not be built.
    pub fn operation(&self) -> Option<&'static str> {
        self.0.operation
    }

    /// How often the request was sent, the last time included.
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// The client was given settings it cannot work with, or not the credentials that the operation
    /// takes; nothing was sent.
    pub fn is_config(&self) -> bool {
        matches!(self.0.kind, Kind::Config(_))
    }

    /// The call was given a value that cannot be sent; nothing was sent.
    pub fn is_request(&self) -> bool {
        matches!(self.0.kind, Kind::Request(_))
    }

    /// No token could be had for the call; nothing of it was sent, or only with a token that the
    /// service has meanwhile refused.
    pub fn is_login(&self) -> bool {
        matches!(self.0.kind, Kind::Login(_))
    }

    /// The next page of a list cannot be asked for: what the service says of it is unusable, or
    /// leads to another host.
    pub fn is_page(&self) -> bool {
        matches!(self.0.kind, Kind::Page(_))
    }

    /// No connection came about; nothing was sent.
    pub fn is_connect(&self) -> bool {
        self.transport_error()
            .is_some_and(TransportError::is_connect)
    }

    /// The time given ran out before the response was complete, or before there was a connection.
    pub fn is_timeout(&self) -> bool {
        self.transport_error()
            .is_some_and(TransportError::is_timeout)
            || matches!(&self.0.kind, Kind::Login(error) if error.is_timeout())
    }

    /// The same call may succeed later: no connection, an exchange that broke off or took too
    /// long, or a status of 429, 502, 503 or 504. Whether it is safe to repeat is another question;
    /// what is safe has been repeated already, as far as the client's policy goes.
    pub fn is_retryable(&self) -> bool {
        match &self.0.kind {
            Kind::Transport(error) => {
                !matches!(error.failure, Failure::TooLarge | Failure::Refused)
            }
            Kind::Status(answer) => retry::is_passing(answer.status),
            Kind::Login(error) => error.is_passing(),
            Kind::Config(_) | Kind::Request(_) | Kind::Decode(..) | Kind::Page(_) => false,
        }
    }

    /// The response body was larger than the client accepts.
    pub fn is_too_large(&self) -> bool {
        self.transport_error()
            .is_some_and(TransportError::is_too_large)
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

    /// The token is missing, expired or revoked (status 401).
    pub fn is_unauthorized(&self) -> bool {
        self.is_status() && self.status() == Some(StatusCode::UNAUTHORIZED)
    }

    /// The caller may not do this (status 403).
    pub fn is_forbidden(&self) -> bool {
        self.is_status() && self.status() == Some(StatusCode::FORBIDDEN)
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

    /// The body of the response as it came, if there was one. That of an error response is cut at
    /// the client's [`max_error_body_bytes`](super::ClientBuilder::max_error_body_bytes).
    pub fn body(&self) -> Option<&Bytes> {
        self.answer().map(|answer| &answer.body)
    }

    /// The body of an error response, read as JSON of a type of your own; `None` if the service
    /// answered with none.
    ///
    /// # Errors
    /// Within: when it is not JSON of that type, or has been cut.
    pub fn json<T: DeserializeOwned>(&self) -> Option<Result<T, serde_json::Error>> {
        match &self.0.kind {
            Kind::Status(answer) => Some(serde_json::from_slice(&answer.body)),
            _ => None,
        }
    }

    /// Where a redirect leads, as the response gives it. Redirects are not followed: they may lead to
    /// where the credentials must not go.
    pub fn location(&self) -> Option<&str> {
        self.headers()?.get(header::LOCATION)?.to_str().ok()
    }

    /// The service's code for the failure; of a failed login, the OAuth error code.
    pub fn code(&self) -> Option<&str> {
        match &self.0.kind {
            Kind::Login(error) => error.code(),
            _ => self.summary()?.code.as_deref(),
        }
    }

    /// The service's words for the failure.
    pub fn message(&self) -> Option<&str> {
        match &self.0.kind {
            Kind::Login(error) => error.message(),
            _ => self.summary()?.message.as_deref(),
        }
    }

    /// Where in the body a decoder stumbled, such as `$.entities[3].version`.
    pub fn json_path(&self) -> Option<&str> {
        match &self.0.kind {
            Kind::Decode(_, failure) => Some(failure.path()),
            _ => None,
        }
    }

    /// The id under which the service logged the failure.
    pub fn context_id(&self) -> Option<&str> {
        self.summary()?.context_id.as_deref()
    }

    /// The id of the exchange, to be told to the service's support.
    pub fn correlation_id(&self) -> Option<&str> {
        let answer = self.answer()?;
        answer.service.correlation_id(&answer.headers)
    }

    /// How much of the rate limit is used up, if the response says.
    pub fn rate_limit(&self) -> Option<RateLimit> {
        let answer = self.answer()?;
        (answer.service.rate_limit)(&answer.headers)
    }

    /// How long the service asks to wait, from a `Retry-After` header that gives seconds or a date.
    pub fn retry_after(&self) -> Option<Duration> {
        retry::retry_after(self.headers()?)
    }

    fn transport_error(&self) -> Option<&TransportError> {
        match &self.0.kind {
            Kind::Transport(error) => Some(error),
            _ => None,
        }
    }

    fn answer(&self) -> Option<&Answer> {
        match &self.0.kind {
            Kind::Status(answer) | Kind::Decode(answer, _) => Some(answer),
            Kind::Config(_)
            | Kind::Request(_)
            | Kind::Login(_)
            | Kind::Transport(_)
            | Kind::Page(_) => None,
        }
    }

    fn summary(&self) -> Option<&ErrorSummary> {
        self.answer().map(|answer| &answer.summary)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(operation) = self.0.operation {
            write!(f, "{operation}: ")?;
        }
        match &self.0.kind {
            Kind::Config(message) | Kind::Request(message) | Kind::Page(message) => {
                f.write_str(message)?;
            }
            Kind::Login(error) => write!(f, "the login failed: {error}")?,
            Kind::Transport(error) => error.fmt(f)?,
            Kind::Status(answer) => {
                write!(f, "the service answered {}", answer.status)?;
                let summary = &answer.summary;
                if let Some(code) = &summary.code {
                    write!(f, " [{code}]")?;
                }
                if let Some(message) = &summary.message {
                    write!(f, ": {message}")?;
                }
            }
            Kind::Decode(answer, failure) => {
                let (status, path) = (answer.status, failure.path());
                write!(
                    f,
                    "the body of the {status} response is not what the description says, at {path}"
                )?;
            }
        }
        if let Some(id) = self.correlation_id() {
            write!(f, " (correlation id {id})")?;
        }
        if let Some(note) = &self.0.note {
            write!(f, "; {note}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    /// Leaves headers and body out: they can hold secrets and personal data.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Error");
        debug.field("message", &self.to_string());
        let causes = std::iter::successors(self.source(), |&cause| cause.source());
        let causes: Vec<String> = causes.map(ToString::to_string).collect();
        if !causes.is_empty() {
            debug.field("causes", &causes);
        }
        debug.finish_non_exhaustive()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match &self.0.kind {
            Kind::Login(error) => error.source(),
            Kind::Transport(error) => error.source(),
            Kind::Decode(_, error) => Some(error),
            Kind::Config(_) | Kind::Request(_) | Kind::Status(_) | Kind::Page(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{super::service, *};

    static SERVICE: Service = Service {
        describe_error: |_| ErrorSummary {
            code: Some("too.many.requests".to_owned()),
            message: Some("Slow down".to_owned()),
            context_id: None,
        },
        ..service::tests::SERVICE
    };

    fn limited(retry_after: &'static str) -> Error {
        let response = http::Response::builder()
            .status(429)
            .header("Retry-After", retry_after)
            .header("X-Correlation", "c-1")
            .header("Set-Cookie", "session=s3cr3t")
            .body(Bytes::from_static(b"{\"password\":\"s3cr3t\"}"))
            .unwrap();
        Error::status_of("getUser", response, &SERVICE)
    }

    fn undecodable<T: serde::de::DeserializeOwned + fmt::Debug>(
        content_type: &'static str,
        body: &'static str,
    ) -> Error {
        let response = http::Response::builder()
            .header("Content-Type", content_type)
            .body(Bytes::from_static(body.as_bytes()))
            .unwrap();
        let failed = serde_json::from_str::<T>(body).unwrap_err();
        let failure = DecodeFailure::new(&failed, &response);
        Error::decode("getUser", response, &SERVICE, failure)
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
        let error = undecodable::<i32>("application/json", "\"hunter \\\"2\\\"\"");
        let source = error.source().unwrap().to_string();
        assert!(
            source.starts_with("invalid type: string \"..\", expected i32"),
            "{source}"
        );
        assert!(!format!("{error:?}").contains("hunter"));
        let error = undecodable::<String>("application/json", "1234");
        assert!(!error.source().unwrap().to_string().contains("1234"));
    }

    #[test]
    fn a_decode_failure_says_where_and_keeps_the_body() {
        let error = undecodable::<Vec<i32>>("application/json", r#"[1, "two"]"#);
        assert_eq!(error.json_path(), Some("$[1]"));
        assert_eq!(
            error.to_string(),
            "getUser: the body of the 200 OK response is not what the description says, at $[1]"
        );
        assert_eq!(error.body().unwrap(), r#"[1, "two"]"#);
        let source = |error: Error| error.source().unwrap().to_string();
        let html = undecodable::<i32>("text/html", "<html>");
        assert_eq!(source(html), "the body is not JSON but text/html");
        let empty = undecodable::<i32>("application/json", "");
        assert_eq!(source(empty), "the body is empty");
    }

    #[test]
    fn predicates_follow_the_kind() {
        let error = limited("3");
        assert!(error.is_status() && error.is_rate_limited());
        assert!(!error.is_not_found() && !error.is_timeout() && !error.is_decode());
        assert_eq!(error.retry_after(), Some(Duration::from_secs(3)));
        assert_eq!(limited("soon").retry_after(), None);
        assert!(error.is_retryable() && !error.is_login());
        let timeout = Error::transport("getUser", TransportError::timeout());
        assert!(timeout.is_timeout() && !timeout.is_connect());
        assert_eq!(timeout.status(), None);
        assert!(timeout.is_retryable());
        assert!(!Error::transport("getUser", TransportError::too_large()).is_retryable());
        assert!(Error::config("no host").is_config());
    }
}
