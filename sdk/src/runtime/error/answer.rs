use std::fmt;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};

use super::super::{printable::Printable, service::Service, transport::WholeResponse};

/// The error code, message and ID of an error response, read by the API's own rules.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ErrorSummary {
    /// The service's error code, stable enough to match on.
    pub code: Option<String>,
    /// The error message.
    pub message: Option<String>,
    /// The ID under which the service logged the failure.
    pub context_id: Option<String>,
}

/// The response that an error reports.
pub(in super::super) struct Answer {
    pub(in super::super) status: StatusCode,
    pub(super) headers: HeaderMap,
    /// `None` if it could contain a token.
    pub(super) body: Option<Bytes>,
    pub(super) summary: ErrorSummary,
    pub(super) service: &'static Service,
}

impl Answer {
    pub(in super::super) fn new(response: WholeResponse, service: &'static Service) -> Self {
        let summary = (service.describe_error)(&response);
        let (parts, body) = response.into_parts();
        Self {
            status: parts.status,
            headers: parts.headers,
            body: Some(body),
            summary,
            service,
        }
    }

    /// The response to a token request. The body of a success is dropped: it can contain tokens.
    #[cfg(feature = "oauth")]
    pub(in super::super) fn of_login(response: &WholeResponse, service: &'static Service) -> Self {
        if !response.status().is_success() {
            return Self::new(response.clone(), service);
        }
        let mut head = WholeResponse::default();
        *head.status_mut() = response.status();
        *head.headers_mut() = response.headers().clone();
        Self {
            body: None,
            ..Self::new(head, service)
        }
    }

    pub(in super::super) fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The service's error code.
    pub(in super::super) fn code(&self) -> Option<&str> {
        self.summary.code.as_deref()
    }

    /// The service's error message.
    pub(in super::super) fn message(&self) -> Option<&str> {
        self.summary.message.as_deref()
    }
}

impl fmt::Display for Answer {
    /// One sentence about a response that is not a success.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the service answered {}", self.status)?;
        if let Some(code) = self.code() {
            write!(f, " [{}]", Printable(code))?;
        }
        match self.message() {
            Some(message) => write!(f, ": {}", Printable(message)),
            None => Ok(()),
        }
    }
}
