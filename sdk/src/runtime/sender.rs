//! Sends all requests: tokens, rate limits, attempts, retries, and their logs.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use tokio::time::Instant;

use super::{
    Attempt, Body, Error, HttpRequest, HttpResponse, Result, RetryPolicy, Transport,
    TransportContext, TransportError,
    auth::{Token, TokenCache},
    gate::{Gate, LONGEST_HOLD, Pass, Refusal},
    gates::Gates,
    operation::Operation,
    printable,
    read_whole::without_stream,
    retry::{self, RetryBudget, deadline},
    service::Service,
    trace::{self, AttemptTrace, CallTrace},
    transport::WholeResponse,
};

/// Sends requests, with retries where they are safe.
pub(super) struct Sender {
    pub(super) service: &'static Service,
    pub(super) transport: Arc<dyn Transport>,
    pub(super) retry: RetryPolicy,
    pub(super) budget: RetryBudget,
    /// `None` if calls are not held by rate limits.
    pub(super) gates: Option<Gates>,
    pub(super) attempt_timeout: Duration,
    pub(super) max_body: usize,
    pub(super) max_error_body: usize,
    pub(super) on_attempt: Option<Box<OnAttempt>>,
    pub(super) trace_request_bodies: bool,
    pub(super) trace_response_bodies: bool,
}

pub(super) type OnAttempt = dyn Fn(&Attempt<'_>) + Send + Sync;

/// A request, and how it is to be sent.
pub(super) struct Outgoing<'a> {
    pub(super) operation: &'static Operation,
    pub(super) method: Method,
    pub(super) url: Uri,
    /// The headers to send; later maps override earlier ones.
    pub(super) headers: [&'a HeaderMap; 3],
    pub(super) body: Option<Body>,
    /// Whether a success is returned with its headers, its body unread.
    pub(super) wants_stream: bool,
    /// The source of the token, if the request needs one.
    pub(super) tokens: Option<&'a TokenCache>,
    /// Whether a 401 leads to another attempt with a new token.
    pub(super) renews_on_unauthorized: bool,
    pub(super) deadline: Instant,
    pub(super) attempt_timeout: Duration,
    pub(super) retry: RetryPolicy,
    pub(super) is_idempotent: bool,
}

impl Outgoing<'_> {
    /// The time left for the call.
    fn left(&self) -> Duration {
        self.deadline.saturating_duration_since(Instant::now())
    }

    /// Whether the body is a stream that has been read.
    fn is_spent(&self) -> bool {
        self.body.as_ref().is_some_and(Body::is_spent)
    }

    fn all_headers(&self, token: Option<&Token>) -> HeaderMap {
        let [first, own, options] = self.headers;
        let mut headers = first.clone();
        if let Some(token) = token {
            headers.insert(header::AUTHORIZATION, token.header.clone());
        }
        // HTTP does not require a length for an empty body, but some proxies do.
        let needs_length = matches!(self.method, Method::POST | Method::PUT | Method::PATCH);
        if needs_length && self.body.as_ref().is_none_or(Body::is_empty) {
            headers.insert(header::CONTENT_LENGTH, HeaderValue::from_static("0"));
        }
        let cookies = joined_cookies(&headers, own);
        for (name, value) in own.iter().chain(options) {
            headers.insert(name.clone(), value.clone());
        }
        if let Some(cookies) = cookies.filter(|_| !options.contains_key(header::COOKIE)) {
            headers.insert(header::COOKIE, cookies);
        }
        headers
    }
}

/// Joins the cookies of credentials with those of the request, which share one header; `None`
/// unless both exist.
fn joined_cookies(credentials: &HeaderMap, own: &HeaderMap) -> Option<HeaderValue> {
    let first = credentials.get(header::COOKIE)?;
    let second = own.get(header::COOKIE)?;
    let joined = [first.as_bytes(), second.as_bytes()].join(b"; ".as_slice());
    let mut joined = HeaderValue::from_bytes(&joined).ok()?;
    joined.set_sensitive(first.is_sensitive() || second.is_sensitive());
    Some(joined)
}

/// The result of the last attempt.
pub(super) struct Delivery {
    outcome: Result<HttpResponse, TransportError>,
    attempts: u32,
    /// Why there was no further attempt, if the outcome does not explain it.
    note: Option<String>,
    /// The rest of the hold, if the gate refused the call.
    held: Option<Duration>,
}

/// A success.
pub(super) struct Received {
    /// Its body is empty if `stream` is set.
    pub(super) response: WholeResponse,
    pub(super) stream: Option<Body>,
    pub(super) attempts: u32,
}

impl Received {
    /// The response with another body.
    pub(super) fn with_body(&mut self, body: Bytes) -> Self {
        let mut response = WholeResponse::new(body);
        *response.status_mut() = self.response.status();
        *response.headers_mut() = std::mem::take(self.response.headers_mut());
        Self {
            response,
            stream: None,
            attempts: self.attempts,
        }
    }
}

/// Why a request that could otherwise be retried was not.
const SPENT: &str = "its body is a stream, which can only be sent once";

impl Delivery {
    /// The response of any status, and why there was no further attempt.
    #[cfg(feature = "oauth")]
    pub(super) fn into_parts(self) -> (Result<WholeResponse, TransportError>, Option<String>) {
        (self.outcome.map(whole), self.note)
    }

    /// The rest of the hold, if the gate refused the request.
    #[cfg(feature = "oauth")]
    pub(super) fn held(&self) -> Option<Duration> {
        self.held
    }

    /// The response, if it is a success.
    pub(super) fn into_success(
        self,
        operation: &'static Operation,
        service: &'static Service,
    ) -> Result<Received> {
        let error = match self.outcome {
            Ok(response) if response.status().is_success() => {
                let (parts, body) = response.into_parts();
                let (body, stream) = match body.try_into_bytes() {
                    Ok(bytes) => (bytes, None),
                    Err(stream) => (Default::default(), Some(stream)),
                };
                return Ok(Received {
                    response: WholeResponse::from_parts(parts, body),
                    stream,
                    attempts: self.attempts,
                });
            }
            Ok(response) => Error::status_of(operation.id, whole(response), service),
            Err(error) => Error::transport(operation.id, error),
        };
        Err(error.after(self.attempts, self.note).held_for(self.held))
    }
}

/// Takes the body out of memory, where all bodies are except those of successes read as a stream.
fn whole(response: HttpResponse) -> WholeResponse {
    response.map(|body| body.try_into_bytes().unwrap_or_default())
}

impl Sender {
    /// Sends a request. `Err` means that there was no token to send it with.
    pub(super) async fn send(&self, outgoing: Outgoing<'_>) -> Result<Delivery> {
        let trace = CallTrace::new(outgoing.operation, &outgoing.method, &outgoing.url);
        let sending = trace.around(self.send_until_done(&outgoing, &trace));
        sending.await
    }

    async fn send_until_done(
        &self,
        outgoing: &Outgoing<'_>,
        trace: &CallTrace,
    ) -> Result<Delivery> {
        let began = Instant::now();
        let gate = self.gates.as_ref().map(|gates| gates.of(&outgoing.url));
        // The gate admits calls in the order in which they began.
        let mut queued_since = began;
        let mut is_limited = false;
        // How long the gate has held the next attempt.
        let mut held = Duration::ZERO;
        // Whether the next wait has been logged already.
        let mut is_traced = false;
        let mut attempts = 0;
        let mut retries = 0;
        let mut may_renew = outgoing.renews_on_unauthorized;
        // The last response, which is a better error than a later timeout.
        let mut earlier = None;
        loop {
            let token = match self.token(outgoing).await {
                Ok(token) => token,
                Err(error) => {
                    trace.end_without_token(attempts, began.elapsed());
                    return Err(error.after(attempts, None));
                }
            };
            let is_expired = || token.as_deref().is_some_and(Token::is_expired);
            // Tokens can have a lifetime of zero; asking for another one would not help.
            let was_expired = is_expired();
            // The token comes first: a call that was admitted must not wait for a login, which may
            // have to pass the same gate.
            let pass = match pass(gate, queued_since, outgoing.deadline, !is_traced).await {
                Ok(pass) => pass,
                Err(held) => {
                    let delivery = refused_by_gate(held, outgoing, earlier, attempts);
                    trace.end(&delivery.outcome, attempts, began.elapsed());
                    return Ok(delivery);
                }
            };
            is_traced = false;
            held += pass.as_ref().map_or(Duration::ZERO, Pass::waited);
            if !was_expired && is_expired() {
                continue;
            }
            let host = || printable::host(&outgoing.url);
            let mut outcome = Err(TransportError::timeout().at(host()));
            let mut plan = Plan::End(None);
            if outgoing.left().is_zero() {
                if let Some(response) = earlier.take() {
                    outcome = Ok(response);
                    plan = Plan::End(Some("no time was left for another attempt".to_owned()));
                }
            } else {
                attempts += 1;
                let started = Instant::now();
                let attempt = AttemptTrace::new(attempts);
                let sending = attempt.around(self.attempt(outgoing, token.as_deref()));
                outcome = sending.await.map_err(|error| error.at(host()));
                attempt.end(&outcome, started.elapsed());
                if let (Some(pass), Ok(response)) = (&pass, &outcome) {
                    let figures = (self.service.rate_limit)(response.headers());
                    pass.answered(started, response, figures);
                }
                drop(pass);
                plan = match self.is_renewed(outgoing, &outcome, token.as_deref(), may_renew) {
                    true if outgoing.is_spent() => Plan::End(Some(SPENT.to_owned())),
                    true => Plan::Renew,
                    false => self.plan(outgoing, &outcome, retries),
                };
                let observed = Attempt {
                    service: self.service,
                    operation: outgoing.operation,
                    method: &outgoing.method,
                    number: attempts,
                    held,
                    elapsed: started.elapsed(),
                    outcome: outcome.as_ref(),
                    retry_in: plan.retry_in(),
                };
                self.observe(&observed);
                held = Duration::ZERO;
            }
            match plan {
                Plan::Renew => {
                    self.trace_retry(outgoing, attempts, &outcome, Duration::ZERO);
                    may_renew = false;
                }
                Plan::RetryAfter(wait) => {
                    self.trace_retry(outgoing, attempts, &outcome, wait);
                    is_traced = true;
                    earlier = outcome.ok();
                    if gate.is_none() || wait > LONGEST_HOLD {
                        tokio::time::sleep(wait).await;
                    }
                    // The first time, the call keeps its position. A call that is refused
                    // repeatedly, by a limit that does not apply to the others, must not block
                    // them.
                    if is_limited {
                        queued_since = Instant::now();
                    }
                    is_limited = true;
                }
                Plan::Wait(wait) => {
                    self.trace_retry(outgoing, attempts, &outcome, wait);
                    retries += 1;
                    earlier = outcome.ok();
                    tokio::time::sleep(wait).await;
                }
                Plan::End(note) => {
                    if outcome.as_ref().is_ok_and(|it| it.status().is_success()) {
                        self.budget.credit();
                    }
                    trace.end(&outcome, attempts, began.elapsed());
                    return Ok(Delivery {
                        outcome,
                        attempts,
                        note,
                        held: None,
                    });
                }
            }
        }
    }

    async fn token(&self, outgoing: &Outgoing<'_>) -> Result<Option<Arc<Token>>> {
        let Some(cache) = outgoing.tokens else {
            return Ok(None);
        };
        let token = cache.get(outgoing.deadline).await;
        token
            .map(Some)
            .map_err(|error| Error::login(outgoing.operation.id, error))
    }

    /// Whether the service rejected the token and a new one may be accepted. A request rejected
    /// with 401 was not processed, so that repeating it is safe for any operation.
    fn is_renewed(
        &self,
        outgoing: &Outgoing<'_>,
        outcome: &Result<HttpResponse, TransportError>,
        token: Option<&Token>,
        may_renew: bool,
    ) -> bool {
        let is_refused = |response: &HttpResponse| response.status() == StatusCode::UNAUTHORIZED;
        match (outgoing.tokens, token) {
            (Some(cache), Some(token)) if outcome.as_ref().is_ok_and(is_refused) => {
                may_renew && cache.reject(token)
            }
            _ => false,
        }
    }

    async fn attempt(
        &self,
        outgoing: &Outgoing<'_>,
        token: Option<&Token>,
    ) -> Result<HttpResponse, TransportError> {
        let mut request = HttpRequest::new(outgoing.body.clone().unwrap_or_default());
        *request.method_mut() = outgoing.method.clone();
        *request.uri_mut() = outgoing.url.clone();
        *request.headers_mut() = outgoing.all_headers(token);
        let context = TransportContext {
            operation: outgoing.operation.id,
            path_template: outgoing.operation.path,
            timeout: outgoing.attempt_timeout.min(outgoing.left()),
            max_body: self.max_body,
            max_error_body: self.max_error_body,
            wants_stream: outgoing.wants_stream,
        };
        // Streams are not logged: reading them would consume them.
        if self.trace_request_bodies
            && let Some(body) = request.body().as_bytes()
        {
            trace::request_body(body, self.service.secrets);
        }
        let deadline = deadline(context.timeout);
        let response = self.transport.send(request, context).await?;
        let response = without_stream(response, &context, deadline).await?;
        if self.trace_response_bodies
            && let Some(body) = response.body().as_bytes()
        {
            trace::response_body(body, self.service.secrets);
        }
        Ok(response)
    }

    fn trace_retry(
        &self,
        outgoing: &Outgoing<'_>,
        attempts: u32,
        outcome: &Result<HttpResponse, TransportError>,
        wait: Duration,
    ) {
        let headers = outcome.as_ref().ok().map(http::Response::headers);
        let id = headers.and_then(|headers| self.service.correlation_id(headers));
        trace::retry(outgoing.operation, attempts, outcome, id, wait);
    }

    fn observe(&self, attempt: &Attempt<'_>) {
        if let Some(on_attempt) = &self.on_attempt {
            on_attempt(attempt);
        }
    }

    /// Decides what follows an attempt.
    fn plan(
        &self,
        outgoing: &Outgoing<'_>,
        outcome: &Result<HttpResponse, TransportError>,
        retries: u32,
    ) -> Plan {
        if !retry::should_retry(outcome, outgoing.is_idempotent) {
            return Plan::End(None);
        }
        let headers = outcome.as_ref().ok().map(http::Response::headers);
        let asked = headers.and_then(retry::retry_after);
        let left = outgoing.left();
        if let Some(asked) = asked.filter(|asked| *asked > left) {
            return Plan::End(Some(format!(
                "`Retry-After` asks for {} s, more than the {:.1} s left for the call",
                asked.as_secs(),
                left.as_secs_f64()
            )));
        }
        // A 429 with `Retry-After` is no sign of trouble: only the call's deadline limits its
        // retries, unless the policy permits none.
        let rate_limited_wait = outcome.as_ref().ok().and_then(retry::rate_limited_wait);
        let counted = if rate_limited_wait.is_some() {
            0
        } else {
            retries
        };
        if !outgoing.retry.allows(counted) {
            return Plan::End(None);
        }
        if outgoing.is_spent() {
            return Plan::End(Some(SPENT.to_owned()));
        }
        let mut wait = match rate_limited_wait {
            // The gate admits a few calls first, so no jitter is needed.
            Some(asked) if self.gates.is_some() => asked,
            _ => outgoing.retry.wait(retries, asked),
        };
        if let Some(asked) = asked.filter(|asked| wait >= left && *asked < left) {
            // There is time for the wait that was asked for, but not for the jitter.
            wait = asked;
        }
        if wait >= left {
            return Plan::End(Some("no time is left for another attempt".to_owned()));
        }
        if rate_limited_wait.is_some() {
            return Plan::RetryAfter(wait);
        }
        // A failed connection adds no load to the service.
        let is_unsent = outcome.as_ref().is_err_and(TransportError::is_connect);
        if !is_unsent && !self.budget.pay() {
            let note = "the client's retry budget is used up".to_owned();
            return Plan::End(Some(note));
        }
        Plan::Wait(wait)
    }
}

/// Waits until the gate, if there is one, admits a request.
async fn pass(
    gate: Option<&Gate>,
    since: Instant,
    deadline: Instant,
    is_traced: bool,
) -> Result<Option<Pass<'_>>, Refusal> {
    match gate {
        Some(gate) => gate.pass(since, deadline, is_traced).await.map(Some),
        None => Ok(None),
    }
}

/// The result of a call that its gate did not admit. `earlier` is the last response to the call
/// itself.
fn refused_by_gate(
    held: Refusal,
    outgoing: &Outgoing<'_>,
    earlier: Option<HttpResponse>,
    attempts: u32,
) -> Delivery {
    let (wait, left) = (held.wait.as_secs_f64(), outgoing.left().as_secs_f64());
    let reason = match held.is_timed_out {
        true => "it timed out while it waited for the rate limit".to_owned(),
        false => format!(
            "the rate limit requires a wait of another {wait:.1} s, more than the {left:.1} s left for \
             the call"
        ),
    };
    let subject = match earlier.is_none() && held.answer.is_some() {
        true => "this 429 answered another call; this one",
        false => "the call",
    };
    let again = if attempts == 0 { "" } else { " again" };
    let note = format!("{subject} was not sent{again}: {reason}");
    let answer = earlier.or_else(|| held.answer.map(|answer| answer.map(Body::from)));
    Delivery {
        outcome: answer.ok_or_else(|| TransportError::timeout().at(printable::host(&outgoing.url))),
        attempts,
        note: Some(note),
        held: Some(held.wait),
    }
}

/// What follows an attempt.
enum Plan {
    /// Another attempt at once, with a new token.
    Renew,
    /// Another attempt after a wait.
    Wait(Duration),
    /// Another attempt after the wait that a 429 asks for, during which the gate may hold other
    /// calls, too.
    RetryAfter(Duration),
    /// No further attempt, and why, if the outcome does not explain it.
    End(Option<String>),
}

impl Plan {
    fn retry_in(&self) -> Option<Duration> {
        match self {
            Self::Renew => Some(Duration::ZERO),
            Self::Wait(wait) | Self::RetryAfter(wait) => Some(*wait),
            Self::End(_) => None,
        }
    }
}
