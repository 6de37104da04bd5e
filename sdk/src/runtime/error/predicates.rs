//! Predicates that callers branch on.

use http::StatusCode;

use super::{
    super::{
        retry,
        transport::{Failure, TransportError},
    },
    Error, Kind,
};

/// The kind of failure. More than one of these can be true.
impl Error {
    /// The client's settings are invalid, or it lacks the credentials that the operation requires;
    /// nothing was sent.
    pub fn is_config(&self) -> bool {
        matches!(self.0.kind, Kind::Config(_))
    }

    /// A parameter or the body of the call cannot be sent; nothing was sent.
    pub fn is_request(&self) -> bool {
        matches!(self.0.kind, Kind::Request(_))
    }

    /// Authentication failed: no token could be obtained, or it was rejected.
    ///
    /// The other predicates and the accessors then describe the login: [`status`](Self::status),
    /// [`code`](Self::code), [`body`](Self::body) and so on are those of the login service's
    /// response. [`next_login_in`](Self::next_login_in) is the pause before the client tries again.
    pub fn is_login(&self) -> bool {
        matches!(self.0.kind, Kind::Login(..))
    }

    /// The next page of a list cannot be requested: the service's link to it is unusable, or leads
    /// to another host.
    pub fn is_page(&self) -> bool {
        matches!(self.0.kind, Kind::Page(_))
    }

    /// The connection to the host failed; nothing was sent.
    pub fn is_connect(&self) -> bool {
        self.transport_error()
            .is_some_and(TransportError::is_connect)
    }

    /// The call, the attempt or the connection timed out.
    pub fn is_timeout(&self) -> bool {
        self.transport_error()
            .is_some_and(TransportError::is_timeout)
            || matches!(&self.0.kind, Kind::Login(error, _) if error.is_timeout())
    }

    /// The same call may succeed later: the connection failed, the exchange broke off or timed out,
    /// or the status is 429, 502, 503 or 504. It may not be safe to repeat; the client has already
    /// retried what is safe, within its policy.
    pub fn is_retryable(&self) -> bool {
        match &self.0.kind {
            Kind::Transport(error) => {
                !matches!(error.failure, Failure::TooLarge | Failure::Refused)
            }
            Kind::Status(answer) => retry::is_transient(answer.status),
            Kind::Login(error, _) => error.is_transient(),
            Kind::Config(_) | Kind::Request(_) | Kind::Decode(..) | Kind::Page(_) => false,
        }
    }

    /// The response body was larger than the client's limit.
    pub fn is_too_large(&self) -> bool {
        self.transport_error()
            .is_some_and(TransportError::is_too_large)
    }

    /// The status is a success, and the body contradicts a constant of the declared success: it is that of a
    /// failure, which [`json`](Self::json) and the rendered error types read.
    pub fn is_contradiction(&self) -> bool {
        matches!(&self.0.kind, Kind::Decode(_, failure) if failure.is_contradiction())
    }

    /// The body of a success response does not match the API description; [`body`](Self::body) and
    /// [`json`](Self::json) read it.
    pub fn is_decode(&self) -> bool {
        matches!(self.0.kind, Kind::Decode(..))
    }
}

/// The status of the response. All of these are `false` if there was no response.
impl Error {
    /// The service, or the login service, answered with a status other than a success.
    pub fn is_status(&self) -> bool {
        self.failed_with(|_| true)
    }

    /// The service rejected the request as malformed (status 400).
    pub fn is_bad_request(&self) -> bool {
        self.failed_with(|status| status == StatusCode::BAD_REQUEST)
    }

    /// The credentials were rejected: the token is missing, expired or revoked (status 401), or the
    /// login service does not accept what the client logs in with (`invalid_client`,
    /// `invalid_grant`, whatever the status).
    pub fn is_unauthorized(&self) -> bool {
        self.failed_with(|status| status == StatusCode::UNAUTHORIZED)
            || matches!(&self.0.kind, Kind::Login(error, _) if error.is_rejection())
    }

    /// The caller lacks permission (status 403).
    pub fn is_forbidden(&self) -> bool {
        self.failed_with(|status| status == StatusCode::FORBIDDEN)
    }

    /// The resource does not exist, or the caller may not see it (status 404).
    pub fn is_not_found(&self) -> bool {
        self.failed_with(|status| status == StatusCode::NOT_FOUND)
    }

    /// The request conflicts with the current state (status 409), such as an outdated version.
    pub fn is_conflict(&self) -> bool {
        self.failed_with(|status| status == StatusCode::CONFLICT)
    }

    /// The resource no longer exists (status 410).
    pub fn is_gone(&self) -> bool {
        self.failed_with(|status| status == StatusCode::GONE)
    }

    /// A precondition of the request, such as `If-Match`, failed (status 412).
    pub fn is_precondition_failed(&self) -> bool {
        self.failed_with(|status| status == StatusCode::PRECONDITION_FAILED)
    }

    /// The service understood the request, but its content is invalid (status 422).
    pub fn is_unprocessable(&self) -> bool {
        self.failed_with(|status| status == StatusCode::UNPROCESSABLE_ENTITY)
    }

    /// The service's rate limit was exceeded (status 429), or the client held the call because of
    /// the limit and could not send it in time; see [`retry_after`](Self::retry_after). A call that
    /// was never sent has 0 [`attempts`](Self::attempts); its status and body are then those of the
    /// 429 that another call of this client received.
    pub fn is_rate_limited(&self) -> bool {
        self.0.held.is_some() || self.failed_with(|status| status == StatusCode::TOO_MANY_REQUESTS)
    }

    /// The service rejected the request (any status from 400 to 499).
    pub fn is_client_error(&self) -> bool {
        self.failed_with(|status| status.is_client_error())
    }

    /// The service, or a proxy in front of it, failed (any status from 500 to 599).
    pub fn is_server_error(&self) -> bool {
        self.failed_with(|status| status.is_server_error())
    }

    /// Whether there was an error response whose status satisfies the condition.
    fn failed_with(&self, matches: impl FnOnce(StatusCode) -> bool) -> bool {
        match self.0.kind {
            Kind::Status(_) | Kind::Login(..) => self
                .status()
                .is_some_and(|status| !status.is_success() && matches(status)),
            _ => false,
        }
    }
}
