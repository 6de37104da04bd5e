use std::{error::Error as StdError, fmt, future::Future, pin::Pin, time::Duration};

use super::{
    super::{
        error::{Answer, debug},
        printable::Printable,
        retry,
        transport::TransportError,
    },
    Secret,
};

/// What [`TokenSource::fetch`] returns.
pub type TokenFuture<'a> =
    Pin<Box<dyn Future<Output = Result<AccessToken, TokenError>> + Send + 'a>>;

/// A source of tokens for a client.
///
/// A source only obtains tokens. The client caches each token, requests the next one ahead of
/// expiry or when the service rejects it, and all waiting calls share one request. After a failure,
/// calls fail with the same error for a while before the client asks again; see
/// [`Error::next_login_in`](super::super::Error::next_login_in).
pub trait TokenSource: Send + Sync + 'static {
    /// Gets a new token.
    ///
    /// Runs in a task of its own, which continues if the call that started it is dropped: a token
    /// that was issued must not be lost.
    fn fetch(&self) -> TokenFuture<'_>;

    /// Called when the service has rejected a token, before the client asks for the next one: a
    /// source with a cache of its own must not return this token again. Does nothing by default.
    fn rejected(&self, token: &Secret) {
        let _ = token;
    }
}

impl<T: TokenSource + ?Sized> TokenSource for std::sync::Arc<T> {
    fn fetch(&self) -> TokenFuture<'_> {
        (**self).fetch()
    }

    fn rejected(&self, token: &Secret) {
        (**self).rejected(token);
    }
}

/// A token and its lifetime.
#[derive(Clone, Debug)]
pub struct AccessToken {
    pub(super) token: Secret,
    pub(super) expires_in: Option<Duration>,
}

impl AccessToken {
    /// A token that is valid until the service rejects it.
    pub fn new(token: impl Into<Secret>) -> Self {
        Self {
            token: token.into(),
            expires_in: None,
        }
    }

    /// Sets the lifetime of the token, counted from when the source returns it.
    #[must_use]
    pub fn with_expires_in(mut self, time: Duration) -> Self {
        self.expires_in = Some(time);
        self
    }
}

/// Why a [`TokenSource`] could not obtain a token.
pub struct TokenError {
    pub(super) reason: Reason,
    code: Option<String>,
    description: Option<String>,
    retry_after: Option<Duration>,
    source: Option<Box<dyn StdError + Send + Sync>>,
    exchange: Option<Box<LoginExchange>>,
}

/// The host of a login, and its response.
#[derive(Default)]
pub(super) struct LoginExchange {
    pub(super) host: Option<String>,
    pub(super) answer: Option<Answer>,
    /// Why the token request was not retried, if the reason does not explain it.
    pub(super) note: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reason {
    /// The login service refused the login.
    Refused,
    /// The login timed out.
    Timeout,
    /// The login service did not process it: the connection failed, or the rate limit was exceeded.
    Unsent,
    /// The login service may have processed it, but returned no usable response.
    Unanswered,
    /// Anything else.
    Other,
}

impl TokenError {
    /// The login service refused the login, with an OAuth error code such as `invalid_client`.
    pub fn refused(code: impl Into<String>, description: Option<String>) -> Self {
        Self {
            code: Some(code.into()),
            description,
            ..Self::of(Reason::Refused)
        }
    }

    /// The login got no usable response; it may succeed later.
    pub fn unanswered(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::because(Reason::Unanswered, source)
    }

    /// The login cannot succeed. The message gives the reason and must not contain secrets.
    pub fn other(message: impl Into<String>) -> Self {
        Self {
            description: Some(message.into()),
            ..Self::of(Reason::Other)
        }
    }

    /// The login service did not process the login, or rejected it temporarily: it can be repeated
    /// with the same code or token.
    pub fn unsent(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::because(Reason::Unsent, source)
    }

    /// Sets how long the login service asks to wait. The client pauses its logins for that time, at
    /// most an hour.
    #[must_use]
    pub fn with_retry_after(mut self, time: Duration) -> Self {
        self.retry_after = Some(time);
        self
    }

    pub(super) fn timeout(host: Option<String>) -> Self {
        let exchange = LoginExchange {
            host,
            ..LoginExchange::default()
        };
        Self::of(Reason::Timeout).in_exchange(exchange)
    }

    pub(super) fn because(
        reason: Reason,
        source: impl Into<Box<dyn StdError + Send + Sync>>,
    ) -> Self {
        Self {
            source: Some(source.into()),
            ..Self::of(reason)
        }
    }

    pub(super) fn of(reason: Reason) -> Self {
        Self {
            reason,
            code: None,
            description: None,
            retry_after: None,
            source: None,
            exchange: None,
        }
    }

    pub(super) fn in_exchange(mut self, exchange: LoginExchange) -> Self {
        self.exchange = Some(Box::new(exchange));
        self
    }

    /// The OAuth error code, or the code in the error body of the login service.
    pub fn code(&self) -> Option<&str> {
        let answered = || self.answer().and_then(Answer::code);
        self.code.as_deref().or_else(answered)
    }

    /// The error message of the login service.
    pub fn message(&self) -> Option<&str> {
        let answered = || self.answer().and_then(Answer::message);
        self.description.as_deref().or_else(answered)
    }

    /// How long the login service asks to wait.
    pub(in super::super) fn retry_after(&self) -> Option<Duration> {
        let answered = || retry::retry_after(self.answer()?.headers());
        self.retry_after.or_else(answered)
    }

    /// Why the token request was not retried, if the reason does not explain it.
    pub(in super::super) fn note(&self) -> Option<&str> {
        self.exchange.as_ref()?.note.as_deref()
    }

    /// The response of the login service; `None` if there was none.
    pub(in super::super) fn answer(&self) -> Option<&Answer> {
        self.exchange.as_ref()?.answer.as_ref()
    }

    pub(in super::super) fn transport_error(&self) -> Option<&TransportError> {
        self.source.as_ref()?.downcast_ref()
    }

    pub(in super::super) fn is_timeout(&self) -> bool {
        self.reason == Reason::Timeout
    }

    pub(in super::super) fn is_transient(&self) -> bool {
        matches!(
            self.reason,
            Reason::Timeout | Reason::Unsent | Reason::Unanswered
        )
    }

    /// Whether the login service rejected the credentials.
    pub(in super::super) fn is_rejection(&self) -> bool {
        self.is_refused() && matches!(self.code(), Some("invalid_client" | "invalid_grant"))
    }

    pub(super) fn is_refused(&self) -> bool {
        self.reason == Reason::Refused
    }

    #[cfg(feature = "oauth")]
    pub(super) fn is_unsent(&self) -> bool {
        self.reason == Reason::Unsent
    }

    /// Writes what went wrong, without the host.
    fn write_reason(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.reason, &self.code, &self.description, self.answer()) {
            (Reason::Timeout, ..) => f.write_str("timed out waiting for a token"),
            (_, Some(code), description, _) => {
                write!(f, "{}", Printable(code))?;
                match description {
                    Some(description) => write!(f, " ({})", Printable(description)),
                    None => Ok(()),
                }
            }
            (_, None, Some(description), _) => write!(f, "{}", Printable(description)),
            (_, None, None, Some(answer)) if answer.status.is_success() => write!(
                f,
                "the {} response is not an OAuth token response",
                answer.status
            ),
            (_, None, None, Some(answer)) => write!(f, "{answer}"),
            (_, None, None, None) => f.write_str("the login service returned no usable response"),
        }
    }
}

impl fmt::Display for TokenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("authentication failed")?;
        let exchange = self.exchange.as_ref();
        if let Some(error) = self.transport_error() {
            // It names the host.
            write!(f, ": {error}")?;
        } else {
            if let Some(host) = exchange.and_then(|exchange| exchange.host.as_ref()) {
                write!(f, " at {host}")?;
            }
            f.write_str(": ")?;
            self.write_reason(f)?;
        }
        Ok(())
    }
}

impl fmt::Debug for TokenError {
    /// Omits headers and body of the response: they can contain secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        debug(f, "TokenError", self)
    }
}

impl StdError for TokenError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self.transport_error() {
            Some(error) => error.source(),
            None => self.source.as_deref().map(|source| source as _),
        }
    }
}
