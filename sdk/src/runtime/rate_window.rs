//! The current window of a rate limit, merged from the headers of many responses.

use std::time::Duration;

use tokio::time::Instant;

use super::RateLimit;

/// Longer windows hold no calls: if the headers are wrong, calls would wait in vain; if they are
/// right, the service answers 429 with `Retry-After`.
const LONGEST: Duration = Duration::from_secs(60);
/// Services report whole seconds, so that the ends reported in one window differ by up to this.
const ROUNDING: Duration = Duration::from_secs(1);

/// A window that has not ended: how many requests the service has counted, and how many it permits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct RateWindow {
    count: u64,
    allowed: u64,
    end: Instant,
    /// When the last response that was merged was received.
    received: Instant,
}

impl RateWindow {
    /// The window that one response reports; `None` if the headers are incomplete or implausible.
    pub(super) fn read(limit: RateLimit, sent: Instant, received: Instant) -> Option<Self> {
        let (count, allowed, reset) = (limit.count?, limit.allowed?, limit.reset?);
        // The service wrote the headers at some time after the request was sent. If the response
        // took longer than the rest of the window, that window may be over.
        let latency = received.saturating_duration_since(sent);
        let is_usable = allowed > 0 && reset > latency && reset <= LONGEST;
        is_usable.then(|| Self {
            count,
            allowed,
            end: received + reset,
            received,
        })
    }

    /// Merges the window that another response reports, to a request sent at `sent`. Responses
    /// arrive in any order, so neither the latest nor the highest count is right in itself.
    pub(super) fn merge(self, new: Self, sent: Instant) -> Self {
        let tolerance = ROUNDING + new.received.saturating_duration_since(sent);
        let is_next = new.end > self.end + tolerance;
        let is_previous = new.end + tolerance < self.end;
        if sent >= self.received {
            // The service wrote these headers after the known ones, so they are right, even if the
            // count is lower. Only the end is more precise from several responses.
            let end = match is_next || is_previous {
                true => new.end,
                false => new.end.min(self.end),
            };
            return Self { end, ..new };
        }
        match (is_next, is_previous) {
            (true, _) => new,
            (_, true) => self,
            _ => Self {
                count: new.count.max(self.count),
                allowed: new.allowed,
                // Each end is too late by the rounding and the response's latency; the earliest is
                // the most precise.
                end: new.end.min(self.end),
                received: new.received.max(self.received),
            },
        }
    }

    /// How many requests the service has counted.
    pub(super) fn count(&self) -> u64 {
        self.count
    }

    /// How many requests the window permits.
    pub(super) fn allowed(&self) -> usize {
        usize::try_from(self.allowed).unwrap_or(usize::MAX)
    }

    /// How many requests may be in flight: all of them may still be counted in this window.
    pub(super) fn remaining(&self) -> usize {
        usize::try_from(self.allowed.saturating_sub(self.count)).unwrap_or(usize::MAX)
    }

    /// Whether more requests were counted than are permitted.
    pub(super) fn is_exceeded(&self) -> bool {
        self.count > self.allowed
    }

    pub(super) fn end(&self) -> Instant {
        self.end
    }
}

#[cfg(test)]
mod tests;
