//! The one place that requests leave from: attempts, waits, the token, and what is told of them.

use std::{sync::Arc, time::Duration};

use http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use tokio::time::Instant;

use super::{
    Attempt, Body, Error, HttpRequest, HttpResponse, Result, RetryPolicy, Transport,
    TransportContext, TransportError,
    auth::{Token, TokenCache},
    gate::{Gate, Held, LONGEST_HOLD, Pass},
    gates::Gates,
    operation::Operation,
    printable,
    read_whole::without_stream,
    retry::{self, RetryBudget, deadline},
    service::Service,
    trace::{self, AttemptTrace, CallTrace},
    transport::WholeResponse,
};

/// Sends requests, as often as is needed and safe.
pub(super) struct Sender {
    pub(super) service: &'static Service,
    pub(super) transport: Arc<dyn Transport>,
    pub(super) retry: RetryPolicy,
    pub(super) budget: RetryBudget,
    /// Unless calls are not held because of rate limits.
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
    /// The headers to send; of those with one name, the last.
    pub(super) headers: [&'a HeaderMap; 3],
    pub(super) body: Option<Body>,
    /// Whether a success is handed on when its body begins to come.
    pub(super) wants_stream: bool,
    /// Where the token comes from, if the request needs one.
    pub(super) tokens: Option<&'a TokenCache>,
    /// Whether a 401 is worth a new token and another attempt.
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

    /// Whether the body was a stream, and has been sent as far as it goes.
    fn is_spent(&self) -> bool {
        self.body.as_ref().is_some_and(Body::is_spent)
    }

    fn all_headers(&self, token: Option<&Token>) -> HeaderMap {
        let [first, own, options] = self.headers;
        let mut headers = first.clone();
        if let Some(token) = token {
            headers.insert(header::AUTHORIZATION, token.header.clone());
        }
        // Some proxies insist on a length where a body could be; of what has none, HTTP does not.
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

/// The cookies of credentials and those of the request, which share one header; `None` unless there
/// are both.
fn joined_cookies(credentials: &HeaderMap, own: &HeaderMap) -> Option<HeaderValue> {
    let first = credentials.get(header::COOKIE)?;
    let second = own.get(header::COOKIE)?;
    let joined = [first.as_bytes(), second.as_bytes()].join(b"; ".as_slice());
    let mut joined = HeaderValue::from_bytes(&joined).ok()?;
    joined.set_sensitive(first.is_sensitive() || second.is_sensitive());
    Some(joined)
}

/// What came of the last attempt.
pub(super) struct Delivery {
    outcome: Result<HttpResponse, TransportError>,
    attempts: u32,
    /// Why there was no further attempt, where that needs saying.
    note: Option<String>,
    /// For how much longer the client would have held the call, if that is why.
    held: Option<Duration>,
}

/// A success.
pub(super) struct Received {
    /// With an empty body, where the body comes as a stream.
    pub(super) response: WholeResponse,
    pub(super) stream: Option<Body>,
    pub(super) attempts: u32,
}

/// Why the request was not sent again, though it could have been otherwise.
const SPENT: &str = "its body is a stream, which can be sent only once";

impl Delivery {
    /// The response, whatever its status, and why there was no further attempt.
    #[cfg(feature = "oauth")]
    pub(super) fn into_parts(self) -> (Result<WholeResponse, TransportError>, Option<String>) {
        (self.outcome.map(whole), self.note)
    }

    /// How much longer the client would have held the request because of the rate limit, if that is
    /// why it was not sent.
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

/// A response whose body is in memory, as that of all is but a success that is wanted as a stream.
fn whole(response: HttpResponse) -> WholeResponse {
    response.map(|body| body.try_into_bytes().unwrap_or_default())
}

impl Sender {
    /// Sends a request. An `Err` is a call that could not be sent for lack of a token.
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
        // Calls are let through in the order in which they came.
        let mut in_line_since = began;
        let mut is_limited = false;
        // How long the next attempt has waited in line.
        let mut held = Duration::ZERO;
        // Whether the wait that comes next has been reported.
        let mut is_traced = false;
        let mut attempts = 0;
        let mut retries = 0;
        let mut may_renew = outgoing.renews_on_unauthorized;
        // What the service last answered; worth more than that time ran out afterwards.
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
            // A token may have no lifetime at all; then a wait makes it no worse.
            let was_expired = is_expired();
            // With a token in hand: who holds up others must not wait for a login, which may have to
            // pass the same gate.
            let pass = match pass(gate, in_line_since, outgoing.deadline, !is_traced).await {
                Ok(pass) => pass,
                Err(held) => {
                    let delivery = given_up(held, outgoing, earlier, attempts);
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
                Plan::ComeBack(wait) => {
                    self.trace_retry(outgoing, attempts, &outcome, wait);
                    is_traced = true;
                    earlier = outcome.ok();
                    if gate.is_none() || wait > LONGEST_HOLD {
                        tokio::time::sleep(wait).await;
                    }
                    // The first time it keeps its place. A call that the service refuses again and
                    // again, for a limit that is not that of others, must not be in their way.
                    if is_limited {
                        in_line_since = Instant::now();
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

    /// Whether the service refused the token and another one may be better. Turned away at the door,
    /// a request can be sent again whatever it is.
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
        // Of a stream nothing is told: it is read by whoever it is for.
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
        if !retry::is_worth_repeating(outcome, outgoing.is_idempotent) {
            return Plan::End(None);
        }
        let headers = outcome.as_ref().ok().map(http::Response::headers);
        let asked = headers.and_then(retry::retry_after);
        let left = outgoing.left();
        if let Some(asked) = asked.filter(|asked| *asked > left) {
            return Plan::End(Some(format!(
                "it asks to wait {} s, which is more than the {:.1} s left for the call",
                asked.as_secs(),
                left.as_secs_f64()
            )));
        }
        // A service that says when to come back is not in trouble: the time left for the call is the
        // only bound, unless nothing is to be sent again.
        let comes_back = outcome.as_ref().ok().and_then(retry::says_when);
        let counted = if comes_back.is_some() { 0 } else { retries };
        if !outgoing.retry.allows(counted) {
            return Plan::End(None);
        }
        if outgoing.is_spent() {
            return Plan::End(Some(SPENT.to_owned()));
        }
        let mut wait = match comes_back {
            // The gate lets a few go first, so that nothing is left to chance.
            Some(asked) if self.gates.is_some() => asked,
            _ => outgoing.retry.wait(retries, asked),
        };
        if let Some(asked) = asked.filter(|asked| wait >= left && *asked < left) {
            // There is time for what was asked for, if not for the bit more.
            wait = asked;
        }
        if wait >= left {
            return Plan::End(Some("no time is left for another attempt".to_owned()));
        }
        if comes_back.is_some() {
            return Plan::ComeBack(wait);
        }
        // Where there is no connection, nothing arrives that could add to the service's trouble.
        let is_unsent = outcome.as_ref().is_err_and(TransportError::is_connect);
        if !is_unsent && !self.budget.pay() {
            let note = "the client has used up what it may spend on retries".to_owned();
            return Plan::End(Some(note));
        }
        Plan::Wait(wait)
    }
}

/// Waits until a request may be sent.
async fn pass(
    gate: Option<&Gate>,
    since: Instant,
    deadline: Instant,
    is_traced: bool,
) -> Result<Option<Pass<'_>>, Held> {
    match gate {
        Some(gate) => gate.pass(since, deadline, is_traced).await.map(Some),
        None => Ok(None),
    }
}

/// The end of a call that its gate did not let through. `earlier` is what the service last answered to
/// the call itself.
fn given_up(
    held: Held,
    outgoing: &Outgoing<'_>,
    earlier: Option<HttpResponse>,
    attempts: u32,
) -> Delivery {
    let (wait, left) = (held.wait.as_secs_f64(), outgoing.left().as_secs_f64());
    let reason = match held.is_late {
        true => "its time ran out while it waited for the rate limit".to_owned(),
        false => format!(
            "the rate limit asks to wait another {wait:.1} s, which is more than the {left:.1} s left \
             for the call"
        ),
    };
    let subject = match earlier.is_none() && held.answer.is_some() {
        true => "that was the answer to another call, and this one",
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
    /// Another one at once, with another token.
    Renew,
    /// Another one after a wait.
    Wait(Duration),
    /// Another one after the wait that a 429 asks for, in which others may wait too.
    ComeBack(Duration),
    /// Nothing, and why, where that needs saying.
    End(Option<String>),
}

impl Plan {
    fn retry_in(&self) -> Option<Duration> {
        match self {
            Self::Renew => Some(Duration::ZERO),
            Self::Wait(wait) | Self::ComeBack(wait) => Some(*wait),
            Self::End(_) => None,
        }
    }
}
