use std::{fmt, time::Duration};

use http::{Method, StatusCode};

use super::{
    HttpResponse,
    operation::Operation,
    service::Service,
    transport::{TransportError, WholeResponse},
};

/// A completed attempt at a call, as passed to
/// [`ClientBuilder::on_attempt`](super::ClientBuilder::on_attempt).
#[derive(Clone, Copy)]
pub struct Attempt<'a> {
    pub(super) service: &'static Service,
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

    /// The number of the attempt, counted from 1.
    pub fn number(&self) -> u32 {
        self.number
    }

    /// How long the client held the request before sending it, because of a rate limit; usually
    /// zero. See [`hold_on_rate_limit`](super::ClientBuilder::hold_on_rate_limit).
    pub fn held(&self) -> Duration {
        self.held
    }

    /// The duration of the exchange: from sending to the end of the body, or to the response
    /// headers if the call reads the body as a stream.
    pub fn elapsed(&self) -> Duration {
        self.elapsed
    }

    /// The status of the response; `None` if there was no response.
    pub fn status(&self) -> Option<StatusCode> {
        self.outcome.ok().map(http::Response::status)
    }

    /// The service's error code, if the response is not a success and has one.
    pub fn code(&self) -> Option<String> {
        let response = self.outcome.ok()?;
        if response.status().is_success() {
            return None;
        }
        let body = response.body().as_bytes()?;
        let mut whole = WholeResponse::new(body.clone());
        *whole.status_mut() = response.status();
        whole.headers_mut().clone_from(response.headers());
        (self.service.describe_error)(&whole).code
    }

    /// Correlation ID to quote to the service's support.
    pub fn correlation_id(&self) -> Option<&'a str> {
        self.service.correlation_id(self.outcome.ok()?.headers())
    }

    /// Why there was no response.
    pub fn error(&self) -> Option<&'a TransportError> {
        self.outcome.err()
    }

    /// The wait before the next attempt; `None` if this was the last.
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
            .field("code", &self.code())
            .field("correlation_id", &self.correlation_id())
            .field("error", &self.error())
            .field("retry_in", &self.retry_in)
            .finish_non_exhaustive()
    }
}
