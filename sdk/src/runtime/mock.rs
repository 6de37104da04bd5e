//! A transport that replays scripted responses, to test code that calls this crate without a
//! network or server.

use std::{
    collections::{HashMap, VecDeque},
    fmt,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use futures_core::Stream;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use serde::{Serialize, de::DeserializeOwned};

use super::{
    Body, HttpRequest, HttpResponse, Transport, TransportContext, TransportError, encode,
    read_whole::{BodyBuffer, Chunks as _},
    transport::{TransportFuture, WholeResponse},
};

/// A transport that answers each operation from a script and records the requests.
///
/// Clones share script and recorded requests: pass one to the client and keep another.
///
/// ```ignore
/// let mock = Mock::new();
/// mock.once("getUser", Answer::status(503)).once("getUser", Answer::json(200, &user));
/// let client = Client::builder().bearer_token("token").transport(mock.clone()).build()?;
/// // ..
/// assert_eq!(mock.requests().len(), 2);
/// ```
#[derive(Clone, Default)]
pub struct Mock(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    scripts: HashMap<String, Script>,
    requests: Vec<Recorded>,
}

#[derive(Default)]
struct Script {
    once: VecDeque<Answer>,
    always: Option<Answer>,
}

impl Mock {
    /// A transport without answers. A request without an answer fails with an error that says so,
    /// and is not retried.
    ///
    /// After a failed login the client pauses as usual: the next answer for `login` is used once
    /// [`Error::next_login_in`](super::Error::next_login_in) has passed.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an answer to one request of an operation, named by its `operationId` (`login` for token
    /// requests, `request` for [`Client::request`](super::Client::request)). Answers are used in
    /// the order in which they were added; a retry uses the next one.
    pub fn once(&self, operation: impl Into<String>, answer: Answer) -> &Self {
        let mut state = self.lock();
        let script = state.scripts.entry(operation.into()).or_default();
        script.once.push_back(answer);
        drop(state);
        self
    }

    /// Sets the answer to requests of an operation for which no answer of [`once`](Self::once) is
    /// left.
    pub fn always(&self, operation: impl Into<String>, answer: Answer) -> &Self {
        let mut state = self.lock();
        let script = state.scripts.entry(operation.into()).or_default();
        script.always = Some(answer);
        drop(state);
        self
    }

    /// The requests received, in order.
    pub fn requests(&self) -> Vec<Recorded> {
        self.lock().requests.clone()
    }

    /// The requests of one operation received, in order.
    pub fn requests_of(&self, operation: &str) -> Vec<Recorded> {
        let mut requests = self.requests();
        requests.retain(|request| request.operation == operation);
        requests
    }

    /// How many answers of [`once`](Self::once) have not been used.
    pub fn unused(&self) -> usize {
        let state = self.lock();
        state.scripts.values().map(|script| script.once.len()).sum()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn answer(&self, operation: &str) -> Option<Answer> {
        let mut state = self.lock();
        let script = state.scripts.get_mut(operation)?;
        script.once.pop_front().or_else(|| script.always.clone())
    }
}

impl Transport for Mock {
    fn send(&self, request: HttpRequest, context: TransportContext) -> TransportFuture<'_> {
        Box::pin(async move {
            let recorded = Recorded::new(request, context.operation()).await?;
            let answer = self.answer(context.operation());
            self.lock().requests.push(recorded.clone());
            let Some(answer) = answer else {
                let message = format!("the mock has no answer left for `{}`", context.operation());
                return Err(TransportError::refused(message));
            };
            let mut answer = answer;
            let mut headers = HeaderMap::new();
            let mut delay = Duration::ZERO;
            let outcome = loop {
                headers.extend(answer.headers);
                delay += answer.delay;
                match answer.outcome {
                    Outcome::Computed(compute) => answer = compute(&recorded),
                    outcome => break outcome,
                }
            };
            if !delay.is_zero() {
                tokio::time::sleep(delay.min(context.timeout())).await;
                if delay > context.timeout() {
                    return Err(TransportError::timeout());
                }
            }
            let mut response = outcome.give()?;
            response.headers_mut().extend(headers);
            if let Some(body) = response.body().as_bytes() {
                if !response.status().is_success() {
                    let length = body.len().min(context.max_error_body());
                    *response.body_mut() = body.slice(..length).into();
                } else if body.len() > context.max_body() && !context.wants_stream() {
                    return Err(TransportError::too_large());
                }
            }
            Ok(response)
        })
    }
}

impl fmt::Debug for Mock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let requests = self.lock().requests.len();
        f.debug_struct("Mock")
            .field("requests", &requests)
            .field("unused", &self.unused())
            .finish_non_exhaustive()
    }
}

/// An answer of a [`Mock`].
#[derive(Clone)]
#[must_use = "an answer does nothing until a mock is given it"]
pub struct Answer {
    outcome: Outcome,
    headers: HeaderMap,
    delay: Duration,
}

#[derive(Clone)]
enum Outcome {
    Response(WholeResponse),
    /// A response whose body is a stream of chunks, which can break off.
    Pieces(http::Response<Pieces>),
    Computed(Arc<dyn Fn(&Recorded) -> Answer + Send + Sync>),
    Connect,
    Timeout,
    BrokenOff,
}

impl Answer {
    /// A response without a body.
    ///
    /// # Panics
    /// If the status is not between 100 and 999.
    pub fn status(status: u16) -> Self {
        Self::response(status, None, Bytes::new())
    }

    /// A response whose body is a value as JSON: a model, or the result of `serde_json::json!`.
    ///
    /// # Panics
    /// If the status is not between 100 and 999, or the value cannot be serialized as JSON.
    pub fn json<B: Serialize + ?Sized>(status: u16, body: &B) -> Self {
        match serde_json::to_vec(body) {
            Ok(body) => Self::response(status, Some("application/json"), body.into()),
            Err(error) => panic!("the body cannot be written as JSON: {error}"),
        }
    }

    /// A response with any body.
    ///
    /// # Panics
    /// If the status is not between 100 and 999.
    pub fn body(status: u16, content_type: &'static str, body: impl Into<Bytes>) -> Self {
        Self::response(status, Some(content_type), body.into())
    }

    /// A response whose body is a stream of these chunks. Calls that want no stream read it to its
    /// end.
    ///
    /// # Panics
    /// If the status is not between 100 and 999.
    pub fn pieces<B: Into<Bytes>>(
        status: u16,
        content_type: &'static str,
        pieces: impl IntoIterator<Item = B>,
    ) -> Self {
        let mut answer = Self::body(status, content_type, Bytes::new());
        let pieces = Pieces {
            rest: pieces.into_iter().map(Into::into).collect(),
            breaks_off: false,
        };
        if let Outcome::Response(response) = answer.outcome {
            answer.outcome = Outcome::Pieces(response.map(|_| pieces));
        }
        answer
    }

    /// Makes the body of [`pieces`](Self::pieces) break off after the last chunk.
    pub fn then_broken_off(mut self) -> Self {
        if let Outcome::Pieces(response) = &mut self.outcome {
            response.body_mut().breaks_off = true;
        }
        self
    }

    /// An answer that depends on the request.
    pub fn computed(answer: impl Fn(&Recorded) -> Self + Send + Sync + 'static) -> Self {
        Self::of(Outcome::Computed(Arc::new(answer)))
    }

    /// A failed connection.
    pub fn no_connection() -> Self {
        Self::of(Outcome::Connect)
    }

    /// A timeout, without any wait; add one with [`after`](Self::after).
    pub fn timeout() -> Self {
        Self::of(Outcome::Timeout)
    }

    /// An exchange that breaks off before the response is complete.
    pub fn broken_off() -> Self {
        Self::of(Outcome::BrokenOff)
    }

    /// Adds a header to the response. Has no effect on failures.
    pub fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.append(name, value);
        self
    }

    /// Delays the answer. If the delay exceeds the attempt timeout, the attempt times out.
    pub fn after(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    fn response(status: u16, content_type: Option<&'static str>, body: Bytes) -> Self {
        let mut response = WholeResponse::new(body);
        match StatusCode::from_u16(status) {
            Ok(status) => *response.status_mut() = status,
            Err(error) => panic!("{status}: {error}"),
        }
        if let Some(content_type) = content_type {
            let value = HeaderValue::from_static(content_type);
            response.headers_mut().insert(header::CONTENT_TYPE, value);
        }
        Self::of(Outcome::Response(response))
    }

    fn of(outcome: Outcome) -> Self {
        Self {
            outcome,
            headers: HeaderMap::new(),
            delay: Duration::ZERO,
        }
    }
}

impl Outcome {
    fn give(self) -> Result<HttpResponse, TransportError> {
        match self {
            Self::Response(response) => Ok(response.map(Body::from)),
            Self::Pieces(response) => Ok(response.map(Body::stream)),
            // Whoever calls this has seen through it.
            Self::Computed(_) => Err(TransportError::refused("the mock has no answer")),
            Self::Connect => Err(TransportError::connect("the mock has no connection")),
            Self::Timeout => Err(TransportError::timeout()),
            Self::BrokenOff => Err(TransportError::other("the mock broke off")),
        }
    }
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match &self.outcome {
            Outcome::Response(response) => response.status().to_string(),
            Outcome::Pieces(response) => response.status().to_string(),
            Outcome::Computed(_) => "computed".to_owned(),
            Outcome::Connect => "no connection".to_owned(),
            Outcome::Timeout => "timeout".to_owned(),
            Outcome::BrokenOff => "broken off".to_owned(),
        };
        write!(f, "Answer({what})")
    }
}

/// The body of a response as a stream of chunks.
#[derive(Clone)]
struct Pieces {
    rest: VecDeque<Bytes>,
    breaks_off: bool,
}

impl Stream for Pieces {
    type Item = Result<Bytes, TransportError>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(match self.rest.pop_front() {
            Some(piece) => Some(Ok(piece)),
            None if self.breaks_off => Some(Err(TransportError::other("the mock broke off"))),
            None => None,
        })
    }
}

/// A request that a [`Mock`] received.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Recorded {
    /// The `operationId`; `login` for token requests, `request` for raw requests.
    pub operation: &'static str,
    /// The HTTP method.
    pub method: Method,
    /// The path, with its values percent-encoded.
    pub path: String,
    /// The query, with its values percent-encoded; empty if there is none.
    pub query: String,
    /// The headers, including the token.
    pub headers: HeaderMap,
    /// The body, read to its end; empty if there is none.
    pub body: Bytes,
}

impl Recorded {
    async fn new(request: HttpRequest, operation: &'static str) -> Result<Self, TransportError> {
        let (parts, body) = request.into_parts();
        let mut chunks = body.into_stream();
        let mut body = BodyBuffer::default();
        while let Some(chunk) = chunks.next().await? {
            body.add(chunk, None);
        }
        Ok(Self {
            operation,
            method: parts.method,
            path: parts.uri.path().to_owned(),
            query: parts.uri.query().unwrap_or_default().to_owned(),
            headers: parts.headers,
            body: body.finish(),
        })
    }

    /// The first value of a query parameter, decoded.
    pub fn query_value(&self, name: &str) -> Option<String> {
        encode::value_in(&format!("?{}", self.query), name)
    }

    /// The first value of a header, if it is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The body, read as JSON.
    ///
    /// # Errors
    /// If it is not JSON of that type.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        serde_json::from_slice(&self.body)
    }
}
