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
};

pub(super) use answer::Answer;
pub use answer::ErrorSummary;
pub(super) use display::debug;

/// What SDK calls return.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a call gave no value.
///
/// Opaque: ask it with the predicates (`is_*`), of which more than one can hold, and read what the
/// service said with [`status`](Self::status), [`code`](Self::code), [`message`](Self::message) and
/// [`body`](Self::body). They answer for a failed login too, with what the login service said.
///
/// `Display` and `Debug` show neither headers nor bodies, which can hold secrets. They escape
/// control characters of what the service said and cut it where it is long; the accessors give it
/// as it is.
pub struct Error(Box<Inner>);

struct Inner {
    operation: Option<&'static str>,
    kind: Kind,
    /// How often the request was sent.
    attempts: u32,
    /// Why it was not sent again, where that needs saying.
    note: Option<String>,
    /// For how much longer the client would have held the call because of a rate limit, if that is
    /// why it was not sent.
    held: Option<Duration>,
}

enum Kind {
    Config(String),
    Request(String),
    /// With the time from then until the next login.
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

    /// The client lacks something that the operation needs.
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

    /// Adds how often the request was sent, and why no more.
    pub(super) fn after(mut self, attempts: u32, note: Option<String>) -> Self {
        self.0.attempts = attempts;
        self.0.note = note;
        self
    }

    /// Adds that the client held the call, and for how much longer it would have.
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

    /// How often the request of the call was sent, the last time included; logins do not count.
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// The status of the response, if there was one.
    pub fn status(&self) -> Option<StatusCode> {
        self.answer().map(|answer| answer.status)
    }

    /// The headers of the response, if there was one.
    pub fn headers(&self) -> Option<&HeaderMap> {
        self.answer().map(Answer::headers)
    }

    /// The body of the response as it came, if there was one. That of an error response is cut at
    /// the client's [`max_error_body_bytes`](super::ClientBuilder::max_error_body_bytes). Of a
    /// successful response to a login that is unusable there is none: it could hold a token.
    pub fn body(&self) -> Option<&Bytes> {
        self.answer()?.body.as_ref()
    }

    /// The body of the response, read as JSON of a type of your own: that of an error response, or
    /// that of a success which does not fit the API description. `None` if there is no body.
    ///
    /// # Errors
    /// Within: when it is not JSON of that type, or was cut.
    pub fn json<T: DeserializeOwned>(&self) -> Option<Result<T, serde_json::Error>> {
        Some(serde_json::from_slice(self.body()?))
    }

    /// Where a redirect leads, as the response gives it. The client does not follow redirects: they
    /// may lead to a host that must not see the credentials.
    pub fn location(&self) -> Option<&str> {
        self.headers()?.get(header::LOCATION)?.to_str().ok()
    }

    /// The service's code for the failure; of a failed login, the OAuth error code.
    pub fn code(&self) -> Option<&str> {
        match &self.0.kind {
            Kind::Login(error, _) => error.code(),
            _ => self.answer()?.code(),
        }
    }

    /// The service's words for the failure.
    pub fn message(&self) -> Option<&str> {
        match &self.0.kind {
            Kind::Login(error, _) => error.message(),
            _ => self.answer()?.message(),
        }
    }

    /// The path of the value in the body that could not be decoded, such as `$.entities[3].version`.
    pub fn json_path(&self) -> Option<&str> {
        match &self.0.kind {
            Kind::Decode(_, failure) => Some(failure.path()),
            _ => None,
        }
    }

    /// The id under which the service logged the failure.
    pub fn context_id(&self) -> Option<&str> {
        self.answer()?.summary.context_id.as_deref()
    }

    /// Correlation ID to quote to support.
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
    /// Of a failed login, and of a call that the client held, it is the time that was left of that
    /// when the call failed.
    pub fn retry_after(&self) -> Option<Duration> {
        if self.0.held.is_some() {
            return self.0.held;
        }
        match &self.0.kind {
            Kind::Login(error, wait) => error.retry_after().map(|asked| wait.unwrap_or(asked)),
            _ => retry::retry_after(self.headers()?),
        }
    }

    /// How long the client makes no further login, counted from when the call failed. Until then
    /// its calls fail with the same error. `None` unless a login failed.
    ///
    /// The time grows with each failure in a row, from one second up to a minute, or up to ten
    /// seconds for a failure that may pass ([`is_retryable`](Self::is_retryable)). A longer wait
    /// that the login service asks for counts, up to an hour.
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
