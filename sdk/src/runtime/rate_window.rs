//! The current window of a rate limit, put together from the headers of many responses.

use std::time::Duration;

use tokio::time::Instant;

use super::RateLimit;

/// Figures of windows that last longer than this hold no calls: should they be wrong, calls would wait
/// for nothing, and should they be right, the service answers 429 and says when to come back.
const LONGEST: Duration = Duration::from_secs(60);
/// Services give the time in whole seconds, so that responses within one window disagree about its end
/// by as much.
const ROUNDING: Duration = Duration::from_secs(1);

/// A window that has not ended yet: how many requests the service has counted, and how many it
/// allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct RateWindow {
    count: u64,
    allowed: u64,
    end: Instant,
    /// When the last response that contributed was received.
    received: Instant,
}

impl RateWindow {
    /// Reads the figures of one response; `None` if they are incomplete, or can hold no calls.
    pub(super) fn read(limit: RateLimit, sent: Instant, received: Instant) -> Option<Self> {
        let (count, allowed, reset) = (limit.count?, limit.allowed?, limit.reset?);
        // The service wrote the figures at some time after the request was sent. If the response took
        // longer than the rest of the window, that window may be over.
        let latency = received.saturating_duration_since(sent);
        let is_usable = allowed > 0 && reset > latency && reset <= LONGEST;
        is_usable.then(|| Self {
            count,
            allowed,
            end: received + reset,
            received,
        })
    }

    /// Takes over the figures of another response, to a request sent at `sent`. Responses arrive in
    /// any order, so that neither the last nor the highest figures are right as such.
    pub(super) fn merge(self, new: Self, sent: Instant) -> Self {
        let tolerance = ROUNDING + new.received.saturating_duration_since(sent);
        let is_next = new.end > self.end + tolerance;
        let is_previous = new.end + tolerance < self.end;
        if sent >= self.received {
            // The service wrote these figures after the ones known so far, so that they are right,
            // whatever they are. Only the end is known better from several responses.
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
                // Each end is late by the rounding and by the time the response took; the earliest
                // is nearest to the truth.
                end: new.end.min(self.end),
                received: new.received.max(self.received),
            },
        }
    }

    /// How many requests the service has counted.
    pub(super) fn count(&self) -> u64 {
        self.count
    }

    /// How many requests the window allows.
    pub(super) fn allowed(&self) -> usize {
        usize::try_from(self.allowed).unwrap_or(usize::MAX)
    }

    /// How many requests may be under way: those that the service has not counted yet may all be
    /// counted later.
    pub(super) fn remaining(&self) -> usize {
        usize::try_from(self.allowed.saturating_sub(self.count)).unwrap_or(usize::MAX)
    }

    /// Whether more requests were counted than are allowed.
    pub(super) fn is_exceeded(&self) -> bool {
        self.count > self.allowed
    }

    pub(super) fn end(&self) -> Instant {
        self.end
    }
}

#[cfg(test)]
mod tests;
