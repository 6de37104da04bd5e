mod answer;
mod display;
mod predicates;
#[cfg(test)]
mod tests;

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use http::{HeaderMap, StatusCode, header};
use serde::de::DeserializeOwned;
use tokio::time::Instant;

use super::{
    RateLimit, TokenError,
    auth::LoginFailure,
    decode_failure::DecodeFailure,
    retry,
    service::Service,
    transport::{TransportError, WholeResponse},
    whole,
};

pub(super) use answer::Answer;
pub use answer::ErrorSummary;
pub(super) use display::debug;

/// The result of SDK calls.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a call failed.
///
/// Opaque. The predicates (`is_*`) classify it, and more than one can be true.
/// [`status`](Self::status), [`code`](Self::code), [`message`](Self::message) and
/// [`body`](Self::body) return the service's response; for a failed login, that of the login
/// service.
///
/// `Display` and `Debug` show neither headers nor bodies, which can contain secrets. They escape
/// control characters in the service's texts and truncate long ones; the accessors return them
/// unchanged.
pub struct Error(Box<Inner>);

struct Inner {
    operation: Option<&'static str>,
    kind: Kind,
    /// How often the request was sent.
    attempts: u32,
    /// Why it was not retried, if the kind does not explain it.
    note: Option<String>,
    /// The rest of the hold, if the call was not sent because of a rate limit.
    held: Option<Duration>,
}

enum Kind {
    Config(String),
    Request(String),
    /// With the time from the failure of the call until the next login.
    Login(Arc<TokenError>, Option<Duration>),
    Transport(TransportError),
    Status(Answer),
    Decode(Answer, DecodeFailure),
    Page(String),
}

impl Error {
    pub(crate) fn config(message: impl Into<String>) -> Self {
        Self::new(None, Kind::Config(message.into()))
    }

    /// The client lacks credentials or settings that the operation requires.
    pub(super) fn unequipped(operation: &'static str, message: impl Into<String>) -> Self {
        Self::new(Some(operation), Kind::Config(message.into()))
    }

    pub(super) fn request(operation: &'static str, message: impl Into<String>) -> Self {
        Self::new(Some(operation), Kind::Request(message.into()))
    }

    pub(super) fn login(operation: &'static str, failure: LoginFailure) -> Self {
        let now = Instant::now();
        let next = failure.next_login;
        let wait = next.map(|next| next.saturating_duration_since(now));
        Self::new(Some(operation), Kind::Login(failure.error, wait))
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

    /// Adds how often the request was sent, and why no more often.
    pub(super) fn after(mut self, attempts: u32, note: Option<String>) -> Self {
        self.0.attempts = attempts;
        self.0.note = note;
        self
    }

    /// Adds the rest of the hold, if the client held the call.
    pub(super) fn held_for(mut self, wait: Option<Duration>) -> Self {
        self.0.held = wait;
        self
    }

    fn new(operation: Option<&'static str>, kind: Kind) -> Self {
        Self(Box::new(Inner {
            operation,
            kind,
            attempts: 0,
            note: None,
            held: None,
        }))
    }

    /// Why the request was not retried, if the kind does not explain it.
    #[cfg(feature = "tracing")]
    pub(super) fn note(&self) -> Option<&str> {
        self.0.note.as_deref()
    }

    /// The kind of failure, for logs; for an error response its status code.
    #[cfg(feature = "tracing")]
    pub(super) fn type_name(&self) -> &str {
        match &self.0.kind {
            Kind::Config(_) => "config",
            Kind::Request(_) => "request",
            Kind::Login(..) => "login",
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

    /// How often the request was sent, the last attempt included; logins do not count. 0 if it was
    /// never sent.
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// The status of the response; `None` if there was no response.
    pub fn status(&self) -> Option<StatusCode> {
        self.answer().map(|answer| answer.status)
    }

    /// The headers of the response; `None` if there was no response.
    pub fn headers(&self) -> Option<&HeaderMap> {
        self.answer().map(Answer::headers)
    }

    /// The body of the response, unchanged; `None` if there was no response. The body of an error
    /// response is truncated to the client's
    /// [`max_error_body_bytes`](super::ClientBuilder::max_error_body_bytes). The body of an
    /// unusable success response to a login is not kept: it could contain a token.
    pub fn body(&self) -> Option<&Bytes> {
        self.answer()?.body.as_ref()
    }

    /// Decodes the body of the response as JSON into a type of your own: the body of an error
    /// response, or of a success that does not match the API description. `None` if there is no
    /// body.
    ///
    /// # Errors
    /// The inner result is an error if the body is not JSON of that type, or was truncated.
    pub fn json<T: DeserializeOwned>(&self) -> Option<Result<T, serde_json::Error>> {
        Some(whole::from_slice(self.body()?))
    }

    /// The `Location` header of a redirect. The client does not follow redirects: their target may
    /// not be entitled to the credentials.
    pub fn location(&self) -> Option<&str> {
        self.headers()?.get(header::LOCATION)?.to_str().ok()
    }

    /// The service's error code; for a failed login, the OAuth error code.
    pub fn code(&self) -> Option<&str> {
        match &self.0.kind {
            Kind::Login(error, _) => error.code(),
            _ => self.answer()?.code(),
        }
    }

    /// The service's error message.
    pub fn message(&self) -> Option<&str> {
        match &self.0.kind {
            Kind::Login(error, _) => error.message(),
            _ => self.answer()?.message(),
        }
    }

    /// The JSON path of the value that could not be decoded, such as `$.entities[3].version`.
    pub fn json_path(&self) -> Option<&str> {
        match &self.0.kind {
            Kind::Decode(_, failure) => Some(failure.path()),
            _ => None,
        }
    }

    /// The ID under which the service logged the failure.
    pub fn context_id(&self) -> Option<&str> {
        self.answer()?.summary.context_id.as_deref()
    }

    /// Correlation ID to quote to support.
    pub fn correlation_id(&self) -> Option<&str> {
        let answer = self.answer()?;
        answer.service.correlation_id(&answer.headers)
    }

    /// The state of the rate limit, if the response has headers for it.
    pub fn rate_limit(&self) -> Option<RateLimit> {
        let answer = self.answer()?;
        (answer.service.rate_limit)(&answer.headers)
    }

    /// How long the service asks to wait (`Retry-After`, in seconds or as a date). For a failed
    /// login, and for a call that the client held, it is the rest of that time when the call
    /// failed.
    pub fn retry_after(&self) -> Option<Duration> {
        if self.0.held.is_some() {
            return self.0.held;
        }
        match &self.0.kind {
            Kind::Login(error, wait) => error.retry_after().map(|asked| wait.unwrap_or(asked)),
            _ => retry::retry_after(self.headers()?),
        }
    }

    /// The pause before the client's next login, counted from when the call failed. During the
    /// pause, calls fail with the same error. `None` unless a login failed.
    ///
    /// The pause doubles with each consecutive failure, from one second up to a minute, or up to
    /// ten seconds if the failure is transient ([`is_retryable`](Self::is_retryable)). If the login
    /// service asks for a longer wait, that applies, up to an hour.
    pub fn next_login_in(&self) -> Option<Duration> {
        match &self.0.kind {
            Kind::Login(_, wait) => *wait,
            _ => None,
        }
    }

    fn transport_error(&self) -> Option<&TransportError> {
        match &self.0.kind {
            Kind::Transport(error) => Some(error),
            Kind::Login(error, _) => error.transport_error(),
            _ => None,
        }
    }

    fn answer(&self) -> Option<&Answer> {
        match &self.0.kind {
            Kind::Status(answer) | Kind::Decode(answer, _) => Some(answer),
            Kind::Login(error, _) => error.answer(),
            Kind::Config(_) | Kind::Request(_) | Kind::Transport(_) | Kind::Page(_) => None,
        }
    }
}
