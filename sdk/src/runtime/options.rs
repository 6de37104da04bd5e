use std::{fmt, time::Duration};

use http::{HeaderMap, HeaderName, HeaderValue};

use super::{Param, RetryPolicy, encode};

/// Options of one request, which override the client's settings.
///
/// ```ignore
/// let options = RequestOptions::new()
///     .with_timeout(Duration::from_secs(5))
///     .with_retry(RetryPolicy::none());
/// client.users().get_users_me().with_options(options).send().await?;
/// ```
#[derive(Clone, Default)]
#[must_use = "options do nothing until they are given to a request"]
pub struct RequestOptions {
    pub(super) timeout: Option<Duration>,
    pub(super) attempt_timeout: Option<Duration>,
    pub(super) retry: Option<RetryPolicy>,
    pub(super) idempotent: Option<bool>,
    pub(super) headers: HeaderMap,
    pub(super) query: String,
}

impl RequestOptions {
    /// Options that change nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the timeout of the whole call, including its login, retries and waits.
    pub fn with_timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Sets the timeout of each attempt.
    pub fn with_attempt_timeout(mut self, timeout: Duration) -> Self {
        self.attempt_timeout = Some(timeout);
        self
    }

    /// Sets the retry policy.
    pub fn with_retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = Some(policy);
        self
    }

    /// Sets whether the request is idempotent, which decides after which failures it may be
    /// retried. Default: as the operation declares, or by its method.
    pub fn with_idempotent(mut self, idempotent: bool) -> Self {
        self.idempotent = Some(idempotent);
        self
    }

    /// Sets a header. Replaces one of that name that the SDK would send.
    pub fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    /// Adds a pair to the query, for a parameter that the SDK does not know.
    pub fn with_query(mut self, name: &str, value: impl Param) -> Self {
        encode::append(&mut self.query, name, &value.to_text());
        self
    }
}

impl fmt::Debug for RequestOptions {
    /// Shows only the names of headers and query pairs: their values can be secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let headers: Vec<&str> = self.headers.keys().map(HeaderName::as_str).collect();
        f.debug_struct("RequestOptions")
            .field("timeout", &self.timeout)
            .field("attempt_timeout", &self.attempt_timeout)
            .field("retry", &self.retry)
            .field("idempotent", &self.idempotent)
            .field("headers", &headers)
            .field("query", &encode::names(&self.query))
            .finish()
    }
}
