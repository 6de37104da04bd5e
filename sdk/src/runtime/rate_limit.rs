use std::time::Duration;

use http::HeaderMap;

/// How much of a rate limit is used up, as a response says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RateLimit {
    /// The requests counted in the current window.
    pub count: Option<u64>,
    /// The requests the window allows.
    pub allowed: Option<u64>,
    /// The time until the window ends.
    pub reset: Option<Duration>,
}

impl RateLimit {
    /// Reads the figures from headers of these names, the time in seconds; `None` if none of them
    /// is there.
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

    /// The requests left in the current window.
    pub fn remaining(&self) -> Option<u64> {
        Some(self.allowed?.saturating_sub(self.count?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&'static str, &'static str)]) -> Option<RateLimit> {
        let headers = pairs
            .iter()
            .map(|(name, value)| {
                (
                    http::HeaderName::from_static(name),
                    http::HeaderValue::from_static(value),
                )
            })
            .collect();
        RateLimit::from_headers(&headers, "count", "allowed", "reset")
    }

    #[test]
    fn figures_are_read_one_by_one() {
        let limit = read(&[("count", "299"), ("allowed", " 300 "), ("reset", "7")]).unwrap();
        assert_eq!(limit.remaining(), Some(1));
        assert_eq!(limit.reset, Some(Duration::from_secs(7)));
        let partial = read(&[("count", "many"), ("reset", "7")]).unwrap();
        assert_eq!((partial.count, partial.remaining()), (None, None));
        assert_eq!(read(&[("count", "-1"), ("other", "1")]), None);
    }

    #[test]
    fn more_than_allowed_leaves_none() {
        let limit = read(&[("count", "301"), ("allowed", "300")]).unwrap();
        assert_eq!(limit.remaining(), Some(0));
    }
}
