//! A rate limit as the platform enforces it: so many requests in each window of time.

use std::time::{Duration, Instant};

use crate::Failure;

/// The windows of a rate limit. The first begins with the first request.
pub(crate) struct Window {
    allowed: usize,
    length: Duration,
    /// Whether every response says how much is used up, or only a 429 when to come back.
    is_told: bool,
    began: Option<Instant>,
    /// Which window it is, counted from 0.
    number: u32,
    count: usize,
    later: usize,
    later_refused: usize,
}

/// What a request meets.
pub(crate) struct Verdict {
    pub(crate) is_refused: bool,
    /// The headers that say so, each with the end of its line.
    pub(crate) headers: String,
}

impl Window {
    /// The arguments that [`parse`](Self::parse) understands.
    pub(crate) fn arguments(allowed: usize, seconds: f64, is_told: bool) -> [String; 3] {
        let told = if is_told { "told" } else { "untold" };
        [allowed.to_string(), seconds.to_string(), told.to_owned()]
    }

    pub(crate) fn parse(rules: &[&str]) -> Result<Self, Failure> {
        let [allowed, seconds, told] = rules else {
            return Err("a rate limit is ALLOWED SECONDS told|untold".into());
        };
        Ok(Self {
            allowed: allowed.parse()?,
            length: Duration::from_secs_f64(seconds.parse()?),
            is_told: *told == "told",
            began: None,
            number: 0,
            count: 0,
            later: 0,
            later_refused: 0,
        })
    }

    /// Counts a request.
    pub(crate) fn count(&mut self) -> Verdict {
        let began = *self.began.get_or_insert_with(Instant::now);
        let elapsed = began.elapsed();
        let number = (elapsed.as_secs_f64() / self.length.as_secs_f64()) as u32;
        if number != self.number {
            (self.number, self.count) = (number, 0);
        }
        let is_refused = self.count >= self.allowed;
        self.count += usize::from(!is_refused);
        if number > 0 {
            self.later += 1;
            self.later_refused += usize::from(is_refused);
        }
        // In whole seconds, of which the last one that has begun counts.
        let left = (self.length * (number + 1)).saturating_sub(elapsed);
        let left = left.as_secs_f64().ceil().max(1.0);
        let mut headers = String::new();
        if self.is_told {
            let (count, allowed) = (self.count, self.allowed);
            headers = format!(
                "inin-ratelimit-count: {count}\r\ninin-ratelimit-allowed: {allowed}\r\n\
                 inin-ratelimit-reset: {left}\r\n"
            );
        }
        if is_refused {
            headers.push_str(&format!("Retry-After: {left}\r\n"));
        }
        Verdict {
            is_refused,
            headers,
        }
    }

    /// How many requests came after the first window, and how many of them were refused.
    pub(crate) fn after_the_first(&self) -> (usize, usize) {
        (self.later, self.later_refused)
    }
}
