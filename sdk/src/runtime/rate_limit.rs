use std::time::Duration;

use http::HeaderMap;

/// The state of a rate limit, as the headers of a response report it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RateLimit {
    /// The requests counted in the current window.
    pub count: Option<u64>,
    /// The requests that the window permits.
    pub allowed: Option<u64>,
    /// The time until the window ends.
    pub reset: Option<Duration>,
}

impl RateLimit {
    /// Reads the headers of these names, the time in seconds; `None` if none of them is present and
    /// valid.
    pub(crate) fn from_headers(
        headers: &HeaderMap,
        count: &str,
        allowed: &str,
        reset: &str,
    ) -> Option<Self> {
        let number =
            |name: &str| -> Option<u64> { headers.get(name)?.to_str().ok()?.trim().parse().ok() };
        let limit = Self {
            count: number(count),
            allowed: number(allowed),
            reset: number(reset).map(Duration::from_secs),
        };
        let is_known = limit.count.is_some() || limit.allowed.is_some() || limit.reset.is_some();
        is_known.then_some(limit)
    }

    /// The requests left in the current window; `None` unless count and limit are both known.
    pub fn remaining(&self) -> Option<u64> {
        Some(self.allowed?.saturating_sub(self.count?))
    }
}

#[cfg(test)]
mod tests;
