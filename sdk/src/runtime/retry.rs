//! When a request is sent again, and after how long.

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

/// How often and after what wait a request is sent again.
///
/// Only what is safe to repeat is repeated: see [`ClientBuilder::retry`](super::ClientBuilder::retry).
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

    /// Nothing is sent a second time, but for one repetition with a new token after a 401. A call can
    /// still be held before it is sent: see
    /// [`hold_on_rate_limit`](super::ClientBuilder::hold_on_rate_limit).
    pub fn none() -> Self {
        Self::default().with_max_retries(0)
    }

    /// How often a request is sent again after its first attempt. A 429 that says when to come back
    /// (`Retry-After`) does not count, unless this is 0: the time given for the call bounds those.
    pub fn with_max_retries(mut self, retries: u32) -> Self {
        self.max_retries = retries;
        self
    }

    /// The longest wait before the first retry; each later one may be twice as long as the one before.
    /// How long it is within that is left to chance.
    pub fn with_initial_backoff(mut self, backoff: Duration) -> Self {
        self.initial_backoff = backoff;
        self
    }

    /// What no wait of the client's own choice exceeds. A wait that the service asks for is kept
    /// to however long it is, within the time given for the call.
    pub fn with_max_backoff(mut self, backoff: Duration) -> Self {
        self.max_backoff = backoff;
        self
    }

    /// Lets waits be as long as `backoff`, if they may not be already.
    #[allow(
        dead_code,
        reason = "made for code that knows the API; not every API needs it"
    )]
    pub(crate) fn with_max_backoff_of(mut self, backoff: Duration) -> Self {
        self.max_backoff = self.max_backoff.max(backoff);
        self
    }

    /// Whether a request that was sent again `retries` times may be sent once more.
    pub(super) fn allows(&self, retries: u32) -> bool {
        retries < self.max_retries
    }

    /// The wait before the next retry: what the service asks for and a little more, so that not
    /// all clients come back at once; else anything up to a limit that doubles with every retry.
    pub(super) fn wait(&self, retries: u32, asked: Option<Duration>) -> Duration {
        match asked {
            // Nothing asked for is no reason for all clients to come back at once.
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

/// Anything from nothing to `limit`, "full jitter".
fn jitter(limit: Duration) -> Duration {
    let nanoseconds = u64::try_from(limit.as_nanos()).unwrap_or(u64::MAX);
    Duration::from_nanos(fastrand::u64(0..=nanoseconds))
}

/// Whether sending the request again is safe and has a chance.
pub(super) fn is_worth_repeating(
    outcome: &Result<HttpResponse, TransportError>,
    is_idempotent: bool,
) -> bool {
    match outcome {
        // The service turned the request away before doing anything about it.
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

/// Whether a status says that the service, or a proxy before it, cannot answer at the moment.
pub(super) fn is_transient(status: StatusCode) -> bool {
    matches!(
        status,
        StatusCode::TOO_MANY_REQUESTS
            | StatusCode::BAD_GATEWAY
            | StatusCode::SERVICE_UNAVAILABLE
            | StatusCode::GATEWAY_TIMEOUT
    )
}

/// When to come back, if a response refuses the request because of a rate limit and says so. "At once"
/// is no time: whoever says that as often as it is asked would be asked for ever.
pub(super) fn says_when(response: &HttpResponse) -> Option<Duration> {
    let is_limited = response.status() == StatusCode::TOO_MANY_REQUESTS;
    let asked = is_limited
        .then(|| retry_after(response.headers()))
        .flatten();
    asked.filter(|asked| !asked.is_zero())
}

/// The moment at which the time for something is over; far away, if the clock does not reach so far.
pub(super) fn deadline(time: Duration) -> Instant {
    const FAR: Duration = Duration::from_secs(30 * 365 * 24 * 60 * 60);
    let now = Instant::now();
    now.checked_add(time).unwrap_or_else(|| now + FAR)
}

/// The wait that a response asks for, in seconds or as a date; `None` if it asks for none, or in a
/// way that cannot be understood.
pub(super) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        // More digits than a number can have still ask for a long time.
        return Some(Duration::from_secs(text.parse().unwrap_or(u64::MAX)));
    }
    let until = httpdate::parse_http_date(text).ok()?;
    // The service's own clock, where it tells the time: ours can be wrong.
    let now = headers
        .get(header::DATE)
        .and_then(|date| httpdate::parse_http_date(date.to_str().ok()?).ok())
        .unwrap_or_else(SystemTime::now);
    Some(until.duration_since(now).unwrap_or_default())
}

/// What a client may spend on retries, so that a service in trouble is not sent a multiple of the
/// usual load: each retry costs, each success gives a little back.
#[derive(Debug)]
pub(super) struct RetryBudget {
    left: AtomicU32,
    capacity: u32,
}

/// What a retry costs, in units that a success gives back one of.
const RETRY_COST: u32 = 5;

impl RetryBudget {
    /// A budget for this many retries in a row.
    pub(super) fn for_retries(retries: u32) -> Self {
        let capacity = retries.saturating_mul(RETRY_COST);
        Self {
            left: AtomicU32::new(capacity),
            capacity,
        }
    }

    /// Pays for a retry, if there is enough left.
    pub(super) fn pay(&self) -> bool {
        let pay = |left: u32| left.checked_sub(RETRY_COST);
        self.left
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, pay)
            .is_ok()
    }

    /// Gives back for a success.
    pub(super) fn credit(&self) {
        // Full as a rule; then nothing is written, and no other thread is in the way.
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
