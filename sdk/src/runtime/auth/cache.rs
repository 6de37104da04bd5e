//! One token for all calls of a client, renewed once however many of them need it.

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use http::HeaderValue;
use tokio::{sync::watch, time::Instant};

use super::{AccessToken, TokenError, TokenSource, bearer};

/// How long before its expiry a token is renewed, if it lives long enough.
const MARGIN: Duration = Duration::from_secs(60);
/// How long a token that is still good is used after its renewal failed, before the next try.
const PAUSE: Duration = Duration::from_secs(5);

/// The token of a client.
#[derive(Clone)]
pub(in super::super) struct TokenCache(Arc<Shared>);

struct Shared {
    source: Box<dyn TokenSource>,
    /// The time one login may take.
    timeout: Duration,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    token: Option<Token>,
    flight: Option<Flight>,
    logins: u64,
}

/// A login under way, and in the end what came of it.
type Flight = watch::Receiver<Option<Result<Token, Arc<TokenError>>>>;

/// A token ready to be sent.
#[derive(Clone)]
pub(in super::super) struct Token {
    pub(in super::super) header: HeaderValue,
    /// Tells this token from the ones before and after it.
    login: u64,
    renew_at: Option<Instant>,
    expires_at: Option<Instant>,
}

/// Why a call has no token.
#[derive(Debug)]
pub(in super::super) enum NoToken {
    /// The time for the whole call ran out.
    Timeout,
    /// The login failed.
    Failed(Arc<TokenError>),
}

impl TokenCache {
    /// Nothing is fetched before the first call.
    pub(in super::super) fn new(source: Box<dyn TokenSource>, timeout: Duration) -> Self {
        Self(Arc::new(Shared {
            source,
            timeout,
            state: Mutex::default(),
        }))
    }

    /// The token to send, fetched if there is none that is good for a while. All calls that come
    /// while it is being fetched wait for the same one, and share its failure too.
    pub(in super::super) async fn get(&self, deadline: Instant) -> Result<Token, NoToken> {
        let mut flight = {
            let mut state = self.0.lock();
            if let Some(token) = &state.token
                && token.renew_at.is_none_or(|at| Instant::now() < at)
            {
                return Ok(token.clone());
            }
            match &state.flight {
                Some(flight) => flight.clone(),
                None => self.take_off(&mut state),
            }
        };
        let landed = tokio::time::timeout_at(deadline, flight.wait_for(Option::is_some)).await;
        match landed {
            Ok(Ok(outcome)) => match &*outcome {
                Some(outcome) => outcome.clone().map_err(NoToken::Failed),
                None => Err(NoToken::Timeout),
            },
            // The task cannot end without an outcome, unless its runtime is shut down.
            Ok(Err(_)) => {
                let error = TokenError::other("the login was given up: its runtime is gone");
                Err(NoToken::Failed(Arc::new(error)))
            }
            Err(_) => Err(NoToken::Timeout),
        }
    }

    /// Forgets a token that the service refused, unless it has been replaced already.
    pub(in super::super) fn reject(&self, token: &Token) {
        let mut state = self.0.lock();
        if state
            .token
            .as_ref()
            .is_some_and(|held| held.login == token.login)
        {
            state.token = None;
        }
    }

    /// Starts a login, as a task of its own: a caller that gives up must neither fail the others nor
    /// lose a token that can be had once only.
    fn take_off(&self, state: &mut State) -> Flight {
        state.logins += 1;
        let login = state.logins;
        let (report, flight) = watch::channel(None);
        state.flight = Some(flight.clone());
        let shared = Arc::clone(&self.0);
        let source = Arc::clone(&self.0);
        tokio::spawn(async move {
            // A source is the user's code as a rule; if it panics, the calls that wait must hear
            // of it.
            let fetch = tokio::spawn(async move {
                let fetch = source.source.fetch();
                let timed = tokio::time::timeout(source.timeout, fetch).await;
                timed.unwrap_or_else(|_| Err(TokenError::timeout()))
            });
            let panicked = |_| Err(TokenError::other("the token source panicked"));
            let outcome = fetch.await.unwrap_or_else(panicked);
            let outcome = shared.land(login, outcome);
            report.send_replace(Some(outcome));
        });
        flight
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        // Nothing that can panic happens under the lock.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes over what came of a login.
    fn land(
        &self,
        login: u64,
        outcome: Result<AccessToken, TokenError>,
    ) -> Result<Token, Arc<TokenError>> {
        let outcome = outcome.and_then(|token| Token::new(&token, login));
        let mut state = self.lock();
        state.flight = None;
        match outcome {
            Ok(token) => {
                state.token = Some(token.clone());
                Ok(token)
            }
            Err(error) => {
                let now = Instant::now();
                let mut held = state.token.as_mut();
                // Renewal is ahead of time; if it fails, the token at hand does for a while yet.
                match held.take_if(|token| token.expires_at.is_some_and(|at| now < at)) {
                    Some(token) => {
                        token.renew_at = token.expires_at.map(|at| at.min(now + PAUSE));
                        Ok(token.clone())
                    }
                    None => Err(Arc::new(error)),
                }
            }
        }
    }
}

impl Token {
    fn new(token: &AccessToken, login: u64) -> Result<Self, TokenError> {
        let header = bearer(&token.token)
            .map_err(|_| TokenError::other("the token has characters a header cannot carry"))?;
        let now = Instant::now();
        // A time that overflows the clock is no limit.
        let after = |time| now.checked_add(time);
        let lifetime = token.expires_in;
        Ok(Self {
            header,
            login,
            renew_at: lifetime.and_then(|time| after(time - MARGIN.min(time / 2))),
            expires_at: lifetime.and_then(after),
        })
    }
}

impl fmt::Debug for TokenCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenCache").finish_non_exhaustive()
    }
}
