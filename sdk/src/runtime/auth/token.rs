use std::{error::Error as StdError, fmt, future::Future, pin::Pin, time::Duration};

use super::Secret;

/// What [`TokenSource::fetch`] returns.
pub type TokenFuture<'a> =
    Pin<Box<dyn Future<Output = Result<AccessToken, TokenError>> + Send + 'a>>;

/// Where a client gets its tokens from.
///
/// Only getting a token is left to the source. The client keeps it, asks for another one ahead of
/// its expiry or when the service refuses it, and has all calls that wait share one request.
pub trait TokenSource: Send + Sync + 'static {
    /// Gets a new token.
    ///
    /// Runs as a task of its own, which goes on when the call that started it is dropped: a token
    /// that was handed out must not be lost.
    fn fetch(&self) -> TokenFuture<'_>;

    /// Is told that the service refused a token, before the next one is asked for: a source that
    /// keeps tokens itself must not hand this one out again. Does nothing unless written.
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

/// A token, and how long it is good for.
#[derive(Clone, Debug)]
pub struct AccessToken {
    pub(super) token: Secret,
    pub(super) expires_in: Option<Duration>,
}

impl AccessToken {
    /// A token that is good until the service refuses it.
    pub fn new(token: impl Into<Secret>) -> Self {
        Self {
            token: token.into(),
            expires_in: None,
        }
    }

    /// Says how long the token is good for, from now on.
    #[must_use]
    pub fn with_expires_in(mut self, time: Duration) -> Self {
        self.expires_in = Some(time);
        self
    }
}

/// Why there is no token.
#[derive(Debug)]
pub struct TokenError {
    reason: Reason,
    code: Option<String>,
    description: Option<String>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reason {
    /// The login service said no.
    Refused,
    /// There was not enough time.
    Timeout,
    /// The login service did not hear of it, or turned it away for now.
    Unsent,
    /// The login service may have heard of it, and gave no answer.
    Unanswered,
    /// Anything else.
    Other,
}

impl TokenError {
    /// The login was turned down, with an OAuth error code such as `invalid_client`.
    pub fn refused(code: impl Into<String>, description: Option<String>) -> Self {
        Self {
            code: Some(code.into()),
            description,
            ..Self::of(Reason::Refused)
        }
    }

    /// The login broke off, and may succeed later.
    pub fn unanswered(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self {
            source: Some(source.into()),
            ..Self::of(Reason::Unanswered)
        }
    }

    /// The login cannot succeed; the message says why, and must hold no secret.
    pub fn other(message: impl Into<String>) -> Self {
        Self {
            description: Some(message.into()),
            ..Self::of(Reason::Other)
        }
    }

    /// The login service did not hear of the login, or turned it away for now, so that it can begin
    /// again with what it began with.
    pub fn unsent(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self {
            source: Some(source.into()),
            ..Self::of(Reason::Unsent)
        }
    }

    #[cfg(feature = "oauth")]
    pub(super) fn is_unsent(&self) -> bool {
        self.reason == Reason::Unsent
    }

    /// The login cannot succeed, for the reason that `source` gives.
    #[cfg(feature = "oauth")]
    pub(super) fn failed(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self {
            source: Some(source.into()),
            ..Self::of(Reason::Other)
        }
    }

    pub(super) fn timeout() -> Self {
        Self::of(Reason::Timeout)
    }

    fn of(reason: Reason) -> Self {
        Self {
            reason,
            code: None,
            description: None,
            source: None,
        }
    }

    /// The OAuth error code.
    pub fn code(&self) -> Option<&str> {
        self.code.as_deref()
    }

    /// The failure in the words of the login service.
    pub fn message(&self) -> Option<&str> {
        self.description.as_deref()
    }

    pub(in super::super) fn is_timeout(&self) -> bool {
        self.reason == Reason::Timeout
    }

    pub(in super::super) fn is_passing(&self) -> bool {
        matches!(
            self.reason,
            Reason::Timeout | Reason::Unsent | Reason::Unanswered
        )
    }
}

impl fmt::Display for TokenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.reason, &self.description) {
            (Reason::Timeout, _) => f.write_str("no token within the time given"),
            (Reason::Refused, description) => {
                f.write_str("refused")?;
                if let Some(code) = &self.code {
                    write!(f, " [{code}]")?;
                }
                match description {
                    Some(description) => write!(f, ": {description}"),
                    None => Ok(()),
                }
            }
            (Reason::Unsent | Reason::Unanswered | Reason::Other, Some(description)) => {
                f.write_str(description)
            }
            (Reason::Unsent | Reason::Unanswered | Reason::Other, None) => {
                f.write_str("the login service gave no usable answer")
            }
        }
    }
}

impl StdError for TokenError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}
