//! The one place that requests leave from: attempts, waits, the token, and what is told of them.

use std::{sync::Arc, time::Duration};

use http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use tokio::time::Instant;

use super::{
    Attempt, Body, Error, HttpRequest, HttpResponse, Result, RetryPolicy, Transport,
    TransportContext, TransportError,
    auth::{Token, TokenCache},
    operation::Operation,
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
    /// The response, whatever its status.
    #[cfg(feature = "oauth")]
    pub(super) fn into_answer(self, operation: &'static Operation) -> Result<WholeResponse> {
        let failed = |error| Error::transport(operation.id, error).after(self.attempts, self.note);
        self.outcome.map(whole).map_err(failed)
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
        Err(error.after(self.attempts, self.note))
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
            let mut outcome = Err(TransportError::timeout());
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
                outcome = sending.await;
                attempt.end(&outcome, started.elapsed());
                plan = match self.is_renewed(outgoing, &outcome, token.as_deref(), may_renew) {
                    true if outgoing.is_spent() => Plan::End(Some(SPENT.to_owned())),
                    true => Plan::Renew,
                    false => self.plan(outgoing, &outcome, retries),
                };
                self.observe(outgoing, attempts, started, &outcome, plan.retry_in());
            }
            match plan {
                Plan::Renew => {
                    self.trace_retry(outgoing, attempts, &outcome, Duration::ZERO);
                    may_renew = false;
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

    fn observe(
        &self,
        outgoing: &Outgoing<'_>,
        number: u32,
        started: Instant,
        outcome: &Result<HttpResponse, TransportError>,
        retry_in: Option<Duration>,
    ) {
        if let Some(on_attempt) = &self.on_attempt {
            on_attempt(&Attempt {
                service: self.service,
                operation: outgoing.operation,
                method: &outgoing.method,
                number,
                elapsed: started.elapsed(),
                outcome: outcome.as_ref(),
                retry_in,
            });
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
        if !outgoing.retry.allows(retries) {
            return Plan::End(None);
        }
        if outgoing.is_spent() {
            return Plan::End(Some(SPENT.to_owned()));
        }
        let mut wait = outgoing.retry.wait(retries, asked);
        if let Some(asked) = asked.filter(|asked| wait >= left && *asked < left) {
            // There is time for what was asked for, if not for the bit more.
            wait = asked;
        }
        if wait >= left {
            return Plan::End(Some("no time is left for another attempt".to_owned()));
        }
        if !self.budget.pay() {
            let note = "the client has used up what it may spend on retries".to_owned();
            return Plan::End(Some(note));
        }
        Plan::Wait(wait)
    }
}

/// What follows an attempt.
enum Plan {
    /// Another one at once, with another token.
    Renew,
    /// Another one after a wait.
    Wait(Duration),
    /// Nothing, and why, where that needs saying.
    End(Option<String>),
}

impl Plan {
    fn retry_in(&self) -> Option<Duration> {
        match self {
            Self::Renew => Some(Duration::ZERO),
            Self::Wait(wait) => Some(*wait),
            Self::End(_) => None,
        }
    }
}
