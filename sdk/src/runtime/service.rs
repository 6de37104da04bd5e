use http::HeaderMap;

use super::{ErrorSummary, RateLimit, auth::Alternatives, transport::WholeResponse};

/// What the runtime has to know of one API.
#[derive(Debug)]
pub(crate) struct Service {
    /// The URL that operations' paths are appended to, unless the client is given another.
    pub(crate) base_url: &'static str,
    /// Where tokens are handed out, unless the client is given another; empty if nowhere.
    pub(crate) token_url: &'static str,
    /// How clients call themselves.
    pub(crate) user_agent: &'static str,
    /// Reads an error response by the API's own rules.
    pub(crate) describe_error: fn(&WholeResponse) -> ErrorSummary,
    /// The response header with the id of the exchange.
    pub(crate) correlation_header: Option<&'static str>,
    /// Reads the figures of rate limiting out of a response's headers.
    pub(crate) rate_limit: fn(&HeaderMap) -> Option<RateLimit>,
    /// Names of properties whose values must not be logged.
    pub(crate) secrets: &'static [&'static str],
    /// Which credentials calls take, unless an operation says otherwise: any of these sets. If there
    /// are none, whatever the client has goes with every call.
    pub(crate) security: Alternatives,
    /// Where `security` is empty: what is missing from a client that has no credentials at all. If
    /// this is empty too, calls need none.
    pub(crate) needs: Alternatives,
}

impl Service {
    /// The id of the exchange that a response belongs to.
    pub(super) fn correlation_id<'a>(&self, headers: &'a HeaderMap) -> Option<&'a str> {
        headers.get(self.correlation_header?)?.to_str().ok()
    }
}

#[cfg(test)]
pub(super) mod tests;
