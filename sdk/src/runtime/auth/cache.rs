//! Caches the token of a client. One login at a time renews it, however many calls wait.

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use http::HeaderValue;
use tokio::{sync::watch, time::Instant};

use super::{
    super::trace, AccessToken, LoginFailure, Secret, TokenError, TokenSource, bearer, pause::Pause,
};

/// How long before its expiry a token is renewed; half its lifetime, if that is shorter.
const MARGIN: Duration = Duration::from_secs(60);
/// The minimum wait after a renewal that failed, or whose token was rejected, too.
const PAUSE: Duration = Duration::from_secs(5);

/// The token of a client.
#[derive(Clone)]
pub(in super::super) struct TokenCache(Arc<Shared>);

struct Shared {
    source: Box<dyn TokenSource>,
    /// The host that the source logs in at, if the client knows it.
    host: Option<String>,
    /// The time one login may take.
    timeout: Duration,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    token: Option<Arc<Token>>,
    /// When to renew the token, ahead of its expiry.
    renew_at: Option<Instant>,
    login: Option<Login>,
    logins: u64,
    /// The pause between logins after a failure.
    pause: Pause,
    /// Whether the service rejected the previous token.
    is_refused: bool,
    /// When a rejected token was last replaced.
    replaced_at: Option<Instant>,
}

/// A login in progress, which later yields its result.
type Login = watch::Receiver<Option<Result<Arc<Token>, LoginFailure>>>;

/// What a call without a token does.
enum Pending {
    Wait(Login),
    Fail(LoginFailure),
}

/// A token ready to be sent.
pub(in super::super) struct Token {
    pub(in super::super) header: HeaderValue,
    secret: Secret,
    /// The number of the login that returned it, which identifies it.
    login: u64,
    expires_at: Option<Instant>,
}

impl TokenCache {
    /// Creates an empty cache. The first call logs in.
    pub(in super::super) fn new(
        source: Box<dyn TokenSource>,
        host: Option<String>,
        timeout: Duration,
    ) -> Self {
        Self(Arc::new(Shared {
            source,
            host,
            timeout,
            state: Mutex::default(),
        }))
    }

    /// Returns the token to send. Without a valid token it logs in: all calls that come meanwhile
    /// wait for that login and share its failure, and so do the calls in the pause after it. A token
    /// that expires soon is renewed in the background.
    pub(in super::super) async fn get(
        &self,
        deadline: Instant,
    ) -> Result<Arc<Token>, LoginFailure> {
        // A login ends without a result only when its runtime shuts down. Then it starts again on
        // this one, once.
        for _ in 0..2 {
            let mut login = match self.token_or_login() {
                Ok(token) => return Ok(token),
                Err(Pending::Fail(failure)) => return Err(failure),
                Err(Pending::Wait(login)) => login,
            };
            let outcome = tokio::time::timeout_at(deadline, login.wait_for(Option::is_some)).await;
            match outcome {
                Ok(Ok(outcome)) => {
                    if let Some(outcome) = &*outcome {
                        return outcome.clone();
                    }
                }
                Ok(Err(_)) => {}
                Err(_) => return Err(LoginFailure::of_caller(self.0.timed_out())),
            }
        }
        let message = "the login was given up: the runtime it ran on is gone";
        Err(LoginFailure::of_caller(TokenError::other(message)))
    }

    /// Records that the service rejected a token. Returns whether another one may be accepted: not
    /// if this one has just replaced a rejected one.
    pub(in super::super) fn reject(&self, token: &Token) -> bool {
        let mut state = self.0.lock();
        let is_held = |held: &Arc<Token>| held.login == token.login;
        if !state.token.as_ref().is_some_and(is_held) {
            // Another call has recorded it.
            return true;
        }
        if state
            .replaced_at
            .is_some_and(|at| Instant::now() < at + PAUSE)
        {
            return false;
        }
        state.token = None;
        state.is_refused = true;
        drop(state);
        self.0.source.rejected(&token.secret);
        true
    }

    fn token_or_login(&self) -> Result<Arc<Token>, Pending> {
        let mut state = self.0.lock();
        let now = Instant::now();
        // A login whose runtime is gone never ends.
        let is_alive = |login: &&Login| login.has_changed().is_ok();
        let login = state.login.as_ref().filter(is_alive).cloned();
        if let Some(token) = state.token.clone()
            && token.expires_at.is_none_or(|at| now < at)
        {
            if login.is_none() && state.renew_at.is_some_and(|at| at <= now) {
                self.log_in(&mut state);
            }
            return Ok(token);
        }
        if let Some(login) = login {
            return Err(Pending::Wait(login));
        }
        Err(match state.pause.current(now) {
            Some(failure) => Pending::Fail(failure.clone()),
            None => Pending::Wait(self.log_in(&mut state)),
        })
    }

    /// Starts a login in a task of its own: a caller that gives up must neither fail the others nor
    /// lose a token that the service issues only once.
    fn log_in(&self, state: &mut State) -> Login {
        let number = state.logins + 1;
        let (report, login) = watch::channel(None);
        let shared = Arc::clone(&self.0);
        let fetching = Arc::clone(&self.0);
        let fetch = trace::in_current_span(async move {
            let fetch = fetching.source.fetch();
            let timed = tokio::time::timeout(fetching.timeout, fetch).await;
            timed.unwrap_or_else(|_| Err(fetching.timed_out()))
        });
        tokio::spawn(async move {
            // The source can be the user's code. The inner task turns its panics into an error for
            // the calls that wait.
            let panicked = |_| Err(TokenError::other("the token source panicked"));
            let outcome = tokio::spawn(fetch).await.unwrap_or_else(panicked);
            report.send_replace(Some(shared.store(number, outcome)));
        });
        state.logins = number;
        state.login = Some(login.clone());
        login
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        // Only starting a task can panic under the lock, and that precedes any change.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn timed_out(&self) -> TokenError {
        TokenError::timeout(self.host.clone())
    }

    /// Stores the result of a login.
    fn store(
        &self,
        number: u64,
        outcome: Result<AccessToken, TokenError>,
    ) -> Result<Arc<Token>, LoginFailure> {
        let now = Instant::now();
        let mut state = self.lock();
        state.login = None;
        let lifetime = outcome.as_ref().ok().and_then(|token| token.expires_in);
        match outcome.and_then(|token| Token::new(token, number, now)) {
            Ok(token) => {
                let token = Arc::new(token);
                state.pause.end();
                state.token = Some(Arc::clone(&token));
                state.renew_at =
                    lifetime.and_then(|time| now.checked_add(time - MARGIN.min(time / 2)));
                if std::mem::take(&mut state.is_refused) {
                    state.replaced_at = Some(now);
                }
                Ok(token)
            }
            Err(error) => {
                let failure = state.pause.begin(error, now);
                // The renewal was ahead of expiry: calls continue to use the current token.
                if state.token.is_some() {
                    state.renew_at = failure.next_login.max(Some(now + PAUSE));
                    trace::renewal_failed(&failure.error);
                }
                Err(failure)
            }
        }
    }
}

impl Token {
    /// Whether the token has expired.
    pub(in super::super) fn is_expired(&self) -> bool {
        self.expires_at.is_some_and(|at| at <= Instant::now())
    }

    fn new(token: AccessToken, login: u64, now: Instant) -> Result<Self, TokenError> {
        let header = bearer(&token.token)
            .map_err(|_| TokenError::other("the token has characters a header cannot carry"))?;
        Ok(Self {
            header,
            secret: token.token,
            login,
            // A lifetime beyond the clock's range means no expiry.
            expires_at: token.expires_in.and_then(|time| now.checked_add(time)),
        })
    }
}

impl fmt::Debug for TokenCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenCache").finish_non_exhaustive()
    }
}
