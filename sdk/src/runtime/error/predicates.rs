//! Questions that callers branch on.

use http::StatusCode;

use super::{
    super::{
        retry,
        transport::{Failure, TransportError},
    },
    Error, Kind,
};

/// What kind of failure it is. More than one of these can hold.
impl Error {
    /// The client was given settings it cannot work with, or not the credentials that the operation
    /// takes; nothing was sent.
    pub fn is_config(&self) -> bool {
        matches!(self.0.kind, Kind::Config(_))
    }

    /// The call was given a value that cannot be sent; nothing was sent.
    pub fn is_request(&self) -> bool {
        matches!(self.0.kind, Kind::Request(_))
    }

    /// Authentication failed: no token could be obtained, or it was rejected.
    ///
    /// The other predicates and the accessors then answer for the login:
    /// [`status`](Self::status), [`code`](Self::code), [`body`](Self::body) and so on are those of
    /// the login service's response. [`next_login_in`](Self::next_login_in) says when the client
    /// tries again.
    pub fn is_login(&self) -> bool {
        matches!(self.0.kind, Kind::Login(..))
    }

    /// The next page of a list cannot be requested: the service's link to it is unusable, or leads
    /// to another host.
    pub fn is_page(&self) -> bool {
        matches!(self.0.kind, Kind::Page(_))
    }

    /// There was no connection to the host; nothing was sent.
    pub fn is_connect(&self) -> bool {
        self.transport_error()
            .is_some_and(TransportError::is_connect)
    }

    /// Time ran out before the response was complete, or before there was a connection.
    pub fn is_timeout(&self) -> bool {
        self.transport_error()
            .is_some_and(TransportError::is_timeout)
            || matches!(&self.0.kind, Kind::Login(error, _) if error.is_timeout())
    }

    /// The same call may succeed later: there was no connection, the exchange broke off or took too
    /// long, or the status is 429, 502, 503 or 504. Whether it is safe to repeat is another
    /// question; the client has already repeated what is safe, as far as its policy goes.
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

    /// The response body was larger than the client accepts.
    pub fn is_too_large(&self) -> bool {
        self.transport_error()
            .is_some_and(TransportError::is_too_large)
    }

    /// The service answered with a success whose body does not fit the API description;
    /// [`body`](Self::body) and [`json`](Self::json) read it.
    pub fn is_decode(&self) -> bool {
        matches!(self.0.kind, Kind::Decode(..))
    }
}

/// Which status the service answered with. All of these are false where there was no response.
impl Error {
    /// The service, or the login service, answered with a status other than a success.
    pub fn is_status(&self) -> bool {
        self.failed_with(|_| true)
    }

    /// The service found the request faulty (status 400).
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

    /// There is no such thing, or the caller may not see it (status 404).
    pub fn is_not_found(&self) -> bool {
        self.failed_with(|status| status == StatusCode::NOT_FOUND)
    }

    /// The request conflicts with the current state (status 409), such as an outdated version.
    pub fn is_conflict(&self) -> bool {
        self.failed_with(|status| status == StatusCode::CONFLICT)
    }

    /// The thing existed and does not exist any more (status 410).
    pub fn is_gone(&self) -> bool {
        self.failed_with(|status| status == StatusCode::GONE)
    }

    /// A condition of the request, such as `If-Match`, does not hold (status 412).
    pub fn is_precondition_failed(&self) -> bool {
        self.failed_with(|status| status == StatusCode::PRECONDITION_FAILED)
    }

    /// The service understood the request and found its content invalid (status 422).
    pub fn is_unprocessable(&self) -> bool {
        self.failed_with(|status| status == StatusCode::UNPROCESSABLE_ENTITY)
    }

    /// The service asks for fewer requests (status 429), or the client held the call because of that
    /// for as long as the call had; see [`retry_after`](Self::retry_after). A call that was never sent
    /// has 0 [`attempts`](Self::attempts); its status and body are then those of the 429 that another
    /// call of this client met.
    pub fn is_rate_limited(&self) -> bool {
        self.0.held.is_some() || self.failed_with(|status| status == StatusCode::TOO_MANY_REQUESTS)
    }

    /// The service found fault with the request (any status from 400 to 499).
    pub fn is_client_error(&self) -> bool {
        self.failed_with(|status| status.is_client_error())
    }

    /// The service, or a proxy before it, failed (any status from 500 to 599).
    pub fn is_server_error(&self) -> bool {
        self.failed_with(|status| status.is_server_error())
    }

    /// Whether there was a response, not a success, with a status like this.
    fn failed_with(&self, is_it: impl FnOnce(StatusCode) -> bool) -> bool {
        match self.0.kind {
            Kind::Status(_) | Kind::Login(..) => self
                .status()
                .is_some_and(|status| !status.is_success() && is_it(status)),
            _ => false,
        }
    }
}
