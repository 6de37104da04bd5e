//! Whether and after which wait a request is retried.

use std::{
    sync::atomic::{AtomicU32, Ordering},
    time::{Duration, SystemTime},
};

use http::{HeaderMap, StatusCode, header};
use tokio::time::Instant;

use super::{
    HttpResponse,
    transport::{Failure, TransportError},
};

/// How often and after which waits a request is retried.
///
/// Only requests that are safe to repeat are retried: see
/// [`ClientBuilder::retry`](super::ClientBuilder::retry).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use = "a policy does nothing until a client or a request is given it"]
pub struct RetryPolicy {
    max_retries: u32,
    initial_backoff: Duration,
    max_backoff: Duration,
}

impl Default for RetryPolicy {
    /// Three retries; waits up to 0.5, 1 and 2 s.
    fn default() -> Self {
        Self {
            max_retries: 3,
            initial_backoff: Duration::from_millis(500),
            max_backoff: Duration::from_secs(20),
        }
    }
}

impl RetryPolicy {
    /// The default policy.
    pub fn new() -> Self {
        Self::default()
    }

    /// Retries nothing, except once with a new token after a 401. A call can still be held before
    /// it is sent: see [`hold_on_rate_limit`](super::ClientBuilder::hold_on_rate_limit).
    pub fn none() -> Self {
        Self::default().with_max_retries(0)
    }

    /// Sets the maximum number of retries after the first attempt. Retries after a 429 with
    /// `Retry-After` do not count, unless this is 0: the call's timeout limits them.
    pub fn with_max_retries(mut self, retries: u32) -> Self {
        self.max_retries = retries;
        self
    }

    /// Sets the upper limit of the wait before the first retry; the limit doubles with each further
    /// one. The wait is random within the limit ("full jitter").
    pub fn with_initial_backoff(mut self, backoff: Duration) -> Self {
        self.initial_backoff = backoff;
        self
    }

    /// Sets the maximum of these limits. It does not apply to waits that the service asks for; only
    /// the call's timeout limits those.
    pub fn with_max_backoff(mut self, backoff: Duration) -> Self {
        self.max_backoff = backoff;
        self
    }

    /// Raises the maximum wait to `backoff`, if it is lower.
    #[allow(
        dead_code,
        reason = "made for code that knows the API; not every API needs it"
    )]
    pub(crate) fn with_max_backoff_of(mut self, backoff: Duration) -> Self {
        self.max_backoff = self.max_backoff.max(backoff);
        self
    }

    /// Whether a request that was retried `retries` times may be retried once more.
    pub(super) fn allows(&self, retries: u32) -> bool {
        retries < self.max_retries
    }

    /// The wait before the next retry: what the service asks for plus up to a tenth, so that
    /// clients do not return at the same time; otherwise random, up to a limit that doubles with
    /// every retry.
    pub(super) fn wait(&self, retries: u32, asked: Option<Duration>) -> Duration {
        match asked {
            // `Retry-After: 0` is backed off from as well, or all clients would return at once.
            Some(asked) if !asked.is_zero() => asked.saturating_add(jitter(asked / 10)),
            _ => {
                let factor = 2u32.saturating_pow(retries);
                jitter(
                    self.initial_backoff
                        .saturating_mul(factor)
                        .min(self.max_backoff),
                )
            }
        }
    }
}

/// A random duration from zero to `limit` ("full jitter").
fn jitter(limit: Duration) -> Duration {
    let nanoseconds = u64::try_from(limit.as_nanos()).unwrap_or(u64::MAX);
    Duration::from_nanos(fastrand::u64(0..=nanoseconds))
}

/// Whether a retry is safe and can succeed.
pub(super) fn should_retry(
    outcome: &Result<HttpResponse, TransportError>,
    is_idempotent: bool,
) -> bool {
    match outcome {
        // The service rejected the request before processing it.
        Ok(response) if response.status() == StatusCode::TOO_MANY_REQUESTS => true,
        Ok(response) => is_idempotent && is_transient(response.status()),
        Err(error) => match error.failure {
            // Nothing was sent.
            Failure::Connect | Failure::ConnectTimeout => true,
            Failure::Timeout | Failure::Other => is_idempotent,
            Failure::TooLarge | Failure::Refused => false,
        },
    }
}

/// Whether a status means that the service, or a proxy in front of it, is temporarily unavailable.
pub(super) fn is_transient(status: StatusCode) -> bool {
    matches!(
        status,
        StatusCode::TOO_MANY_REQUESTS
            | StatusCode::BAD_GATEWAY
            | StatusCode::SERVICE_UNAVAILABLE
            | StatusCode::GATEWAY_TIMEOUT
    )
}

/// The `Retry-After` of a 429. Zero counts as none: a service that always answers so would be
/// retried without end.
pub(super) fn rate_limited_wait(response: &HttpResponse) -> Option<Duration> {
    let is_limited = response.status() == StatusCode::TOO_MANY_REQUESTS;
    let asked = is_limited
        .then(|| retry_after(response.headers()))
        .flatten();
    asked.filter(|asked| !asked.is_zero())
}

/// The instant at which a timeout that begins now ends; in 30 years, if the clock cannot represent
/// it.
pub(super) fn deadline(time: Duration) -> Instant {
    const FAR: Duration = Duration::from_secs(30 * 365 * 24 * 60 * 60);
    let now = Instant::now();
    now.checked_add(time).unwrap_or_else(|| now + FAR)
}

/// The value of `Retry-After`, given in seconds or as a date; `None` if it is absent or malformed.
pub(super) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        // A number too large for `u64` still asks for a long wait.
        return Some(Duration::from_secs(text.parse().unwrap_or(u64::MAX)));
    }
    let until = httpdate::parse_http_date(text).ok()?;
    // Prefers the service's clock (`Date`): the local one can be wrong.
    let now = headers
        .get(header::DATE)
        .and_then(|date| httpdate::parse_http_date(date.to_str().ok()?).ok())
        .unwrap_or_else(SystemTime::now);
    Some(until.duration_since(now).unwrap_or_default())
}

/// Limits the retries of a client, so that they do not multiply the load of a service in trouble:
/// each retry costs units, each success returns one.
#[derive(Debug)]
pub(super) struct RetryBudget {
    left: AtomicU32,
    capacity: u32,
}

/// The units that a retry costs; a success returns one.
const RETRY_COST: u32 = 5;

impl RetryBudget {
    /// A budget for this many consecutive retries.
    pub(super) fn for_retries(retries: u32) -> Self {
        let capacity = retries.saturating_mul(RETRY_COST);
        Self {
            left: AtomicU32::new(capacity),
            capacity,
        }
    }

    /// Pays for a retry. Returns whether enough was left.
    pub(super) fn pay(&self) -> bool {
        let pay = |left: u32| left.checked_sub(RETRY_COST);
        self.left
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, pay)
            .is_ok()
    }

    /// Returns a unit after a success.
    pub(super) fn credit(&self) {
        // The budget is usually full; then nothing is written, so that threads do not contend.
        if self.left.load(Ordering::Relaxed) < self.capacity {
            let credit = |left: u32| (left < self.capacity).then_some(left + 1);
            let _ = self
                .left
                .fetch_update(Ordering::Relaxed, Ordering::Relaxed, credit);
        }
    }
}

#[cfg(test)]
mod tests;
