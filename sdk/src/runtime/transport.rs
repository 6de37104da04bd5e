use std::{error::Error as StdError, fmt, future::Future, pin::Pin, sync::Arc, time::Duration};

use bytes::Bytes;

use super::{Body, printable::Printable};

/// A request as passed to a [`Transport`]: absolute URL, all headers set, the body in memory unless
/// it is a stream.
pub type HttpRequest = http::Request<Body>;

/// A response as a [`Transport`] returns it, usually with the body in memory; see
/// [`TransportContext::wants_stream`].
pub type HttpResponse = http::Response<Body>;

/// A response whose body has been read to its end.
pub(crate) type WholeResponse = http::Response<Bytes>;

/// What [`Transport::send`] returns.
pub type TransportFuture<'a> =
    Pin<Box<dyn Future<Output = Result<HttpResponse, TransportError>> + Send + 'a>>;

/// Carries one HTTP exchange.
///
/// The default is built on `reqwest`; another one can be set with
/// [`ClientBuilder::transport`](super::ClientBuilder::transport), for tests or for another HTTP
/// client.
pub trait Transport: Send + Sync + 'static {
    /// Sends the request and reads the response, within the limits of `context`.
    ///
    /// A status of 400 and above is a response, not an error. Redirects must not be followed: their
    /// target may not be entitled to the credentials in the request.
    fn send(&self, request: HttpRequest, context: TransportContext) -> TransportFuture<'_>;
}

impl<T: Transport + ?Sized> Transport for Arc<T> {
    fn send(&self, request: HttpRequest, context: TransportContext) -> TransportFuture<'_> {
        (**self).send(request, context)
    }
}

/// What a [`Transport`] needs to know besides the request: limits, and the operation for logs.
///
/// Tests of a transport create one with [`new`](Self::new).
#[derive(Clone, Copy, Debug)]
pub struct TransportContext {
    pub(super) operation: &'static str,
    pub(super) path_template: &'static str,
    pub(super) timeout: Duration,
    pub(super) max_body: usize,
    pub(super) max_error_body: usize,
    pub(super) wants_stream: bool,
}

impl TransportContext {
    /// A context with the defaults of clients: 60 s, 64 MiB for the body of a success, 64 KiB for
    /// any other, no stream.
    pub fn new(operation: &'static str, path_template: &'static str) -> Self {
        Self {
            operation,
            path_template,
            timeout: Duration::from_secs(60),
            max_body: 64 << 20,
            max_error_body: 64 << 10,
            wants_stream: false,
        }
    }

    /// Sets the [`timeout`](Self::timeout).
    #[must_use]
    pub fn with_timeout(self, timeout: Duration) -> Self {
        Self { timeout, ..self }
    }

    /// Sets the [limit of success bodies](Self::max_body), in bytes.
    #[must_use]
    pub fn with_max_body(self, max_body: usize) -> Self {
        Self { max_body, ..self }
    }

    /// Sets the [limit of other bodies](Self::max_error_body), in bytes.
    #[must_use]
    pub fn with_max_error_body(self, max_error_body: usize) -> Self {
        Self {
            max_error_body,
            ..self
        }
    }

    /// Sets whether the call [reads the body as a stream](Self::wants_stream).
    #[must_use]
    pub fn with_stream(self, wants_stream: bool) -> Self {
        Self {
            wants_stream,
            ..self
        }
    }

    /// The `operationId` of the call; `login` for token requests, `request` for calls of
    /// [`Client::request`](super::Client::request).
    pub fn operation(&self) -> &'static str {
        self.operation
    }

    /// The path template of the operation; empty for calls of
    /// [`Client::request`](super::Client::request).
    pub fn path_template(&self) -> &'static str {
        self.path_template
    }

    /// The time limit of the exchange, to the end of the body. For a body returned as a stream it
    /// ends with the headers; the caller limits the waits for chunks.
    pub fn timeout(&self) -> Duration {
        self.timeout
    }

    /// The size in bytes above which the body of a success is refused, with
    /// [`TransportError::too_large`].
    pub fn max_body(&self) -> usize {
        self.max_body
    }

    /// The size in bytes to which the body of any other response is truncated.
    pub fn max_error_body(&self) -> usize {
        self.max_error_body
    }

    /// Whether the call reads the body of a success as it arrives. Then the transport should return
    /// a [`Body::stream`] of any length as soon as it has the headers; for a finite body, bytes in
    /// memory are acceptable. If no stream is wanted and one is returned, the client reads it to
    /// its end, within the limits given here.
    pub fn wants_stream(&self) -> bool {
        self.wants_stream
    }
}

/// Enforces the timeout of the context on any transport.
pub(super) struct Bounded(pub(super) Arc<dyn Transport>);

impl Transport for Bounded {
    fn send(&self, request: HttpRequest, context: TransportContext) -> TransportFuture<'_> {
        let sending = self.0.send(request, context);
        // A transport may run without tokio; then it has to enforce the timeout itself.
        if tokio::runtime::Handle::try_current().is_err() {
            return sending;
        }
        Box::pin(async move {
            let timed = tokio::time::timeout(context.timeout, sending).await;
            timed.unwrap_or_else(|_| Err(TransportError::timeout()))
        })
    }
}

/// Why a [`Transport`] could not return a response. `Display` names the host and no other part of
/// the URL.
#[derive(Debug)]
pub struct TransportError {
    pub(super) failure: Failure,
    source: Option<Box<dyn StdError + Send + Sync>>,
    /// The host of the request, with the port unless it is the default.
    host: Option<Box<str>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Failure {
    Connect,
    ConnectTimeout,
    Timeout,
    TooLarge,
    Refused,
    Other,
}

impl TransportError {
    /// The connection failed: no part of the request reached the service.
    pub fn connect(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::of(Failure::Connect, source)
    }

    /// The connection was not established within the connect timeout.
    pub fn connect_timeout(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::of(Failure::ConnectTimeout, source)
    }

    /// The exchange timed out.
    pub fn timeout() -> Self {
        Self::without_cause(Failure::Timeout)
    }

    /// The body is larger than the limit.
    pub fn too_large() -> Self {
        Self::without_cause(Failure::TooLarge)
    }

    /// The request was refused before it was sent, and a retry would not help. `Display` includes
    /// the reason; `source` is the reason's source.
    pub fn refused(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::of(Failure::Refused, source)
    }

    /// The exchange failed in any other way.
    pub fn other(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::of(Failure::Other, source)
    }

    pub(super) fn of(failure: Failure, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self {
            source: Some(source.into()),
            ..Self::without_cause(failure)
        }
    }

    fn without_cause(failure: Failure) -> Self {
        Self {
            failure,
            source: None,
            host: None,
        }
    }

    /// Adds the host of the request, unless it is set.
    pub(super) fn at(mut self, host: Option<String>) -> Self {
        self.host = self.host.or(host.map(String::into_boxed_str));
        self
    }
}

impl TransportError {
    /// The connection failed; nothing was sent.
    pub fn is_connect(&self) -> bool {
        matches!(self.failure, Failure::Connect | Failure::ConnectTimeout)
    }

    /// The exchange or the connection attempt timed out.
    pub fn is_timeout(&self) -> bool {
        matches!(self.failure, Failure::Timeout | Failure::ConnectTimeout)
    }

    /// The body was larger than the limit.
    pub fn is_too_large(&self) -> bool {
        self.failure == Failure::TooLarge
    }

    /// The kind of failure, for logs.
    #[cfg(feature = "tracing")]
    pub(super) fn kind(&self) -> &'static str {
        match self.failure {
            Failure::Connect => "connect",
            Failure::ConnectTimeout => "connect_timeout",
            Failure::Timeout => "timeout",
            Failure::TooLarge => "too_large",
            Failure::Refused => "refused",
            Failure::Other => "broken_off",
        }
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let host = self.host.as_deref().unwrap_or("the service");
        match self.failure {
            Failure::Connect => write!(f, "cannot connect to {host}"),
            Failure::ConnectTimeout => write!(f, "timed out while connecting to {host}"),
            Failure::Timeout => {
                write!(f, "timed out waiting for the response of {host}")
            }
            Failure::TooLarge => f.write_str("the response body is larger than the limit"),
            Failure::Refused => {
                f.write_str("the request cannot be sent")?;
                match &self.source {
                    Some(reason) => write!(f, ": {}", Printable(&reason.to_string())),
                    None => Ok(()),
                }
            }
            Failure::Other => write!(f, "the exchange with {host} broke off"),
        }
    }
}

impl StdError for TransportError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        let source = self.source.as_deref()?;
        match self.failure {
            // `Display` shows it already.
            Failure::Refused => source.source(),
            _ => Some(source),
        }
    }
}
