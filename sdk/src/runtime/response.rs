use std::{fmt, str::FromStr};

use http::{HeaderMap, StatusCode};

use super::{Mismatch, RateLimit, service::Service, transport::WholeResponse};

/// A success response: its decoded body, status and headers.
#[derive(Clone)]
pub struct Response<T> {
    status: StatusCode,
    headers: HeaderMap,
    service: &'static Service,
    mismatches: Vec<Mismatch>,
    body: T,
}

impl<T> Response<T> {
    /// What a response says, and what was read out of its body.
    pub(super) fn new(response: WholeResponse, service: &'static Service, body: T) -> Self {
        let (parts, _) = response.into_parts();
        Self {
            status: parts.status,
            headers: parts.headers,
            service,
            mismatches: Vec::new(),
            body,
        }
    }

    pub(super) fn with_mismatches(mut self, mismatches: Vec<Mismatch>) -> Self {
        self.mismatches = mismatches;
        self
    }

    /// The optional fields whose values did not fit, so that they are `None`; their JSON is in `extra` of their
    /// objects. Empty unless the client [keeps](super::ClientBuilder::keep_mismatches) such responses.
    pub fn mismatches(&self) -> &[Mismatch] {
        &self.mismatches
    }

    /// The status, always a success.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The parsed value of a header; `None` if it is absent or cannot be parsed, in which case
    /// [`headers`](Self::headers) has the raw value.
    pub fn header_as<H: FromStr>(&self, name: &str) -> Option<H> {
        let value = self.headers.get(name)?.to_str().ok()?;
        value.trim().parse().ok()
    }

    /// Correlation ID to quote to the service's support.
    pub fn correlation_id(&self) -> Option<&str> {
        self.service.correlation_id(&self.headers)
    }

    /// The state of the rate limit, if the response has headers for it.
    pub fn rate_limit(&self) -> Option<RateLimit> {
        (self.service.rate_limit)(&self.headers)
    }

    /// What the response carries.
    pub fn body(&self) -> &T {
        &self.body
    }

    /// The decoded body, by value.
    pub fn into_body(self) -> T {
        self.body
    }
}

impl<T: fmt::Debug> fmt::Debug for Response<T> {
    /// Omits the headers: they can contain secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response")
            .field("status", &self.status)
            .field("correlation_id", &self.correlation_id())
            .field("body", &self.body)
            .finish_non_exhaustive()
    }
}
