//! Spans and events of calls, with the field names of OpenTelemetry's conventions for HTTP clients.
//!
//! Spans contain no values of paths, queries or headers. Events also contain the service's code and
//! the correlation ID, escaped, and no other text of the service. Without the feature `tracing`,
//! all functions here do nothing.

#[cfg(not(feature = "tracing"))]
pub(super) use absent::*;
#[cfg(feature = "tracing")]
pub(super) use present::*;

#[cfg(feature = "tracing")]
mod present {
    use std::{future::Future, time::Duration};

    use http::{Method, Uri};
    use tracing::{Span, field::Empty};

    use super::super::{
        Error, HttpResponse, Mismatch, Result, TokenError, TransportError, operation::Operation,
        printable, redact,
    };

    /// The span of a call, which contains all its attempts and waits.
    pub(in super::super) struct CallTrace(Span);

    impl CallTrace {
        pub(in super::super) fn new(operation: &Operation, method: &Method, url: &Uri) -> Self {
            Self(tracing::info_span!(
                "api_call",
                otel.name = operation.id,
                otel.kind = "client",
                otel.status_code = Empty,
                http.request.method = method.as_str(),
                url.template = operation.path,
                server.address = url.host(),
                server.port = url.port_u16(),
                http.response.status_code = Empty,
                "error.type" = Empty,
                attempts = Empty,
                elapsed_ms = Empty,
            ))
        }

        /// Runs a future inside the span.
        pub(in super::super) fn around<F: Future>(
            &self,
            future: F,
        ) -> impl Future<Output = F::Output> {
            tracing::Instrument::instrument(future, self.0.clone())
        }

        pub(in super::super) fn end(
            &self,
            outcome: &Result<HttpResponse, TransportError>,
            attempts: u32,
            elapsed: Duration,
        ) {
            self.0.record("attempts", attempts);
            self.0.record("elapsed_ms", milliseconds(elapsed));
            record(&self.0, outcome);
        }

        pub(in super::super) fn end_without_token(&self, attempts: u32, elapsed: Duration) {
            self.0.record("attempts", attempts);
            self.0.record("elapsed_ms", milliseconds(elapsed));
            self.0.record("error.type", "login");
            self.0.record("otel.status_code", "ERROR");
        }
    }

    /// The span of one attempt.
    pub(in super::super) struct AttemptTrace(Span);

    impl AttemptTrace {
        pub(in super::super) fn new(number: u32) -> Self {
            Self(tracing::debug_span!(
                "api_attempt",
                otel.kind = "client",
                otel.status_code = Empty,
                http.request.resend_count = number - 1,
                http.response.status_code = Empty,
                "error.type" = Empty,
                elapsed_ms = Empty,
            ))
        }

        /// Runs a future inside the span.
        pub(in super::super) fn around<F: Future>(
            &self,
            future: F,
        ) -> impl Future<Output = F::Output> {
            tracing::Instrument::instrument(future, self.0.clone())
        }

        pub(in super::super) fn end(
            &self,
            outcome: &Result<HttpResponse, TransportError>,
            elapsed: Duration,
        ) {
            self.0.record("elapsed_ms", milliseconds(elapsed));
            record(&self.0, outcome);
        }
    }

    /// Logs a failed call, or a response that could not be decoded.
    pub(in super::super) fn failed(error: &Error, elapsed: Option<Duration>) {
        let code = error.code().map(printable::logged);
        let json_path = error.json_path().map(printable::logged);
        let correlation_id = error.correlation_id().map(printable::logged);
        let status = error.status();
        let cause = std::error::Error::source(error).filter(|_| error.is_decode());
        let reason = cause.map(|cause| printable::logged(&cause.to_string()));
        let message = match () {
            () if error.is_decode() => "a response does not match the description",
            () if error.is_page() => "the next page of a list cannot be requested",
            () => "a call failed",
        };
        tracing::warn!(
            operation = error.operation(),
            status = status.map(|status| status.as_u16()),
            "error.type" = error.type_name(),
            code = code.as_deref(),
            json_path = json_path.as_deref(),
            reason = reason.as_deref(),
            correlation_id = correlation_id.as_deref(),
            attempts = error.attempts(),
            elapsed_ms = elapsed.map(milliseconds),
            note = error.note(),
            "{message}"
        );
    }

    /// Logs that a response was kept without fields whose values do not fit. Texts of the service are only
    /// in the names of properties.
    pub(in super::super) fn mismatched(operation: &str, mismatches: &[Mismatch]) {
        let first = mismatches.first();
        let json_path = first.map(|mismatch| printable::logged(mismatch.path()));
        let reason = first.map(|mismatch| printable::logged(mismatch.reason()));
        tracing::warn!(
            operation,
            count = mismatches.len(),
            json_path = json_path.as_deref(),
            reason = reason.as_deref(),
            "fields of a response do not match the description and are left out"
        );
    }

    fn milliseconds(time: Duration) -> u64 {
        u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
    }

    fn record(span: &Span, outcome: &Result<HttpResponse, TransportError>) {
        match outcome {
            Ok(response) => {
                let status = response.status();
                span.record("http.response.status_code", status.as_u16());
                if !status.is_success() {
                    span.record("error.type", status.as_str());
                    span.record("otel.status_code", "ERROR");
                }
            }
            Err(error) => {
                span.record("error.type", error.kind());
                span.record("otel.status_code", "ERROR");
            }
        }
    }

    /// Logs a request body, secrets redacted.
    pub(in super::super) fn request_body(body: &[u8], secrets: &[&str]) {
        if !body.is_empty() {
            tracing::trace!(body = %redact::body(body, secrets), "request body");
        }
    }

    /// Logs a response body, secrets redacted.
    pub(in super::super) fn response_body(body: &[u8], secrets: &[&str]) {
        if !body.is_empty() {
            tracing::trace!(body = %redact::body(body, secrets), "response body");
        }
    }

    /// Logs that a login ahead of the token's expiry failed.
    pub(in super::super) fn renewal_failed(error: &TokenError) {
        let status = error.answer().map(|answer| answer.status.as_u16());
        let code = error.code().map(printable::logged);
        // Only reasons of the client's own: events contain no texts of the login service.
        let is_own = error.code().is_none() && error.answer().is_none();
        let reason = is_own.then(|| printable::logged(&error.to_string()));
        tracing::warn!(
            status,
            "error.type" = "login",
            code = code.as_deref(),
            reason = reason.as_deref(),
            "the token could not be renewed; the old one is used meanwhile"
        );
    }

    /// Runs a future in the current span, also if another task polls it.
    pub(in super::super) fn in_current_span<F: Future>(
        future: F,
    ) -> impl Future<Output = F::Output> {
        tracing::Instrument::in_current_span(future)
    }

    /// Logs the outcome of an attempt that will be retried.
    pub(in super::super) fn retry(
        operation: &Operation,
        attempt: u32,
        outcome: &Result<HttpResponse, TransportError>,
        correlation_id: Option<&str>,
        wait: Duration,
    ) {
        let status = outcome.as_ref().ok().map(http::Response::status);
        let kind = match (outcome, &status) {
            (Err(error), _) => error.kind(),
            (Ok(_), status) => status.as_ref().map_or("", |status| status.as_str()),
        };
        let correlation_id = correlation_id.map(printable::logged);
        tracing::debug!(
            operation = operation.id,
            attempt,
            status = status.map(|status| status.as_u16()),
            "error.type" = kind,
            correlation_id = correlation_id.as_deref(),
            retry_in_ms = milliseconds(wait),
            "a request is retried"
        );
    }

    /// Logs that a request waits for the rate limit, and for how long as far as is known.
    pub(in super::super) fn held(wait: Duration) {
        tracing::debug!(
            held_for_ms = milliseconds(wait),
            "held because of the rate limit"
        );
    }

    /// Logs that a list ended for another reason than the service having no more pages.
    pub(in super::super) fn pages_cut_short(operation: &str, reason: &str) {
        tracing::warn!(operation, reason, "a list ended early");
    }
}

#[cfg(not(feature = "tracing"))]
mod absent {
    use std::{future::Future, time::Duration};

    use http::{Method, Uri};

    use super::super::{
        Error, HttpResponse, Mismatch, Result, TokenError, TransportError, operation::Operation,
    };

    pub(in super::super) struct CallTrace;

    impl CallTrace {
        pub(in super::super) fn new(_: &Operation, _: &Method, _: &Uri) -> Self {
            Self
        }

        pub(in super::super) fn around<F: Future>(&self, future: F) -> F {
            future
        }

        pub(in super::super) fn end(
            &self,
            _: &Result<HttpResponse, TransportError>,
            _: u32,
            _: Duration,
        ) {
        }

        pub(in super::super) fn end_without_token(&self, _: u32, _: Duration) {}
    }

    pub(in super::super) struct AttemptTrace;

    impl AttemptTrace {
        pub(in super::super) fn new(_: u32) -> Self {
            Self
        }

        pub(in super::super) fn around<F: Future>(&self, future: F) -> F {
            future
        }

        pub(in super::super) fn end(&self, _: &Result<HttpResponse, TransportError>, _: Duration) {}
    }

    pub(in super::super) fn failed(_: &Error, _: Option<Duration>) {}

    pub(in super::super) fn mismatched(_: &str, _: &[Mismatch]) {}

    pub(in super::super) fn request_body(_: &[u8], _: &[&str]) {}

    pub(in super::super) fn response_body(_: &[u8], _: &[&str]) {}

    pub(in super::super) fn renewal_failed(_: &TokenError) {}

    pub(in super::super) fn in_current_span<F: Future>(future: F) -> F {
        future
    }

    pub(in super::super) fn retry(
        _: &Operation,
        _: u32,
        _: &Result<HttpResponse, TransportError>,
        _: Option<&str>,
        _: Duration,
    ) {
    }

    pub(in super::super) fn held(_: Duration) {}

    pub(in super::super) fn pages_cut_short(_: &str, _: &str) {}
}
