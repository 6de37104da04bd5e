use std::{fmt, time::Duration};

use http::{Method, StatusCode};

use super::{HttpResponse, operation::Operation, transport::TransportError};

/// One attempt at a call, as [`ClientBuilder::on_attempt`](super::ClientBuilder::on_attempt) is told
/// of it once it is over.
#[derive(Clone, Copy)]
pub struct Attempt<'a> {
    pub(super) operation: &'static Operation,
    pub(super) method: &'a Method,
    pub(super) number: u32,
    pub(super) held: Duration,
    pub(super) elapsed: Duration,
    pub(super) outcome: Result<&'a HttpResponse, &'a TransportError>,
    pub(super) retry_in: Option<Duration>,
}

impl<'a> Attempt<'a> {
    /// The `operationId` of the call; `login` for token requests, `request` for calls of
    /// [`Client::request`](super::Client::request).
    pub fn operation(&self) -> &'static str {
        self.operation.id
    }

    /// The HTTP method.
    pub fn method(&self) -> &'a Method {
        self.method
    }

    /// The path template, without the values of its parameters.
    pub fn path_template(&self) -> &'static str {
        self.operation.path
    }

    /// Which attempt it was, counted from 1.
    pub fn number(&self) -> u32 {
        self.number
    }

    /// How long the client held it before sending it, because of a rate limit; zero as a rule. See
    /// [`hold_on_rate_limit`](super::ClientBuilder::hold_on_rate_limit).
    pub fn held(&self) -> Duration {
        self.held
    }

    /// How long it took once it was sent, to the end of the body; to its beginning, if the call reads it as a stream.
    pub fn elapsed(&self) -> Duration {
        self.elapsed
    }

    /// The status of the response, if there was one.
    pub fn status(&self) -> Option<StatusCode> {
        self.outcome.ok().map(http::Response::status)
    }

    /// Why there was no response.
    pub fn error(&self) -> Option<&'a TransportError> {
        self.outcome.err()
    }

    /// The wait before the next attempt; `None` if this one was the last.
    pub fn retry_in(&self) -> Option<Duration> {
        self.retry_in
    }
}

impl fmt::Debug for Attempt<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Attempt")
            .field("operation", &self.operation())
            .field("number", &self.number)
            .field("held", &self.held)
            .field("elapsed", &self.elapsed)
            .field("status", &self.status())
            .field("error", &self.error())
            .field("retry_in", &self.retry_in)
            .finish_non_exhaustive()
    }
}
