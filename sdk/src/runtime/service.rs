use http::HeaderMap;

use super::{ErrorSummary, RateLimit, auth::Alternatives, transport::WholeResponse};

/// The properties of an API that the runtime depends on.
#[derive(Debug)]
pub(crate) struct Service {
    /// The default base URL.
    pub(crate) base_url: &'static str,
    /// The default token URL; empty if there is none.
    pub(crate) token_url: &'static str,
    /// The default `User-Agent`.
    pub(crate) user_agent: &'static str,
    /// Reads an error response by the API's own rules.
    pub(crate) describe_error: fn(&WholeResponse) -> ErrorSummary,
    /// The response header with the correlation ID.
    pub(crate) correlation_header: Option<&'static str>,
    /// Reads the rate limit from the headers of a response.
    pub(crate) rate_limit: fn(&HeaderMap) -> Option<RateLimit>,
    /// Whether clients keep responses although values of optional fields do not fit, by default.
    pub(crate) keeps_mismatches: bool,
    /// Names of properties whose values must not be logged.
    pub(crate) secrets: &'static [&'static str],
    /// The credentials that calls require, unless an operation declares its own: any one of these
    /// sets. Without sets, every call carries all credentials of the client.
    pub(crate) security: Alternatives,
    /// If `security` is empty: the credentials of which a client needs any. If this is empty, too,
    /// calls need none.
    pub(crate) needs: Alternatives,
}

impl Service {
    /// The correlation ID of a response.
    pub(super) fn correlation_id<'a>(&self, headers: &'a HeaderMap) -> Option<&'a str> {
        headers.get(self.correlation_header?)?.to_str().ok()
    }
}

#[cfg(test)]
pub(super) mod tests;
