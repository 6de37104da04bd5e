//! The pause after a login that failed.

use std::{sync::Arc, time::Duration};

use tokio::time::Instant;

use super::TokenError;

/// The pause after the first failure; it doubles with each further one in a row.
const FIRST: Duration = Duration::from_secs(1);
/// The longest pause after a login that was refused: only a person can correct the credentials.
const LONGEST: Duration = Duration::from_secs(60);
/// The longest pause after a transient failure.
const LONGEST_TRANSIENT: Duration = Duration::from_secs(10);
/// The longest pause that a login service can ask for; a longer one is probably a mistake.
const LONGEST_ASKED: Duration = Duration::from_secs(60 * 60);

/// Why a call has no token.
#[derive(Clone)]
pub(in super::super) struct LoginFailure {
    pub(in super::super) error: Arc<TokenError>,
    /// The earliest time of the next login, if the client pauses.
    pub(in super::super) next_login: Option<Instant>,
}

impl LoginFailure {
    /// A failure of the caller alone, which delays no login.
    pub(super) fn of_caller(error: TokenError) -> Self {
        Self {
            error: Arc::new(error),
            next_login: None,
        }
    }
}

/// The consecutive failures, and the pause after the last of them.
#[derive(Default)]
pub(super) struct Pause {
    failures: u32,
    last: Option<LoginFailure>,
}

impl Pause {
    /// The failure that calls share during the pause; `None` if a login is permitted.
    pub(super) fn current(&self, now: Instant) -> Option<&LoginFailure> {
        let is_ahead = |last: &&LoginFailure| last.next_login.is_some_and(|next| now < next);
        self.last.as_ref().filter(is_ahead)
    }

    /// Begins a pause after a failed login.
    pub(super) fn begin(&mut self, error: TokenError, now: Instant) -> LoginFailure {
        let wait = self.length(&error);
        self.failures = self.failures.saturating_add(1);
        let failure = LoginFailure {
            error: Arc::new(error),
            next_login: Some(now + wait),
        };
        self.last = Some(failure.clone());
        failure
    }

    /// Resets the pause after a successful login.
    pub(super) fn end(&mut self) {
        *self = Self::default();
    }

    fn length(&self, error: &TokenError) -> Duration {
        let longest = match error.is_transient() {
            true => LONGEST_TRANSIENT,
            false => LONGEST,
        };
        let doubled = FIRST.saturating_mul(2_u32.saturating_pow(self.failures));
        // Random, up to a quarter less, so that clients that failed together do not retry together.
        let wait = doubled.min(longest).mul_f64(1.0 - fastrand::f64() / 4.0);
        let asked = error.retry_after().unwrap_or_default();
        wait.max(asked.min(LONGEST_ASKED))
    }
}
