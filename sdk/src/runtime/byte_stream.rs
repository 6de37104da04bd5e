use std::{
    fmt,
    future::poll_fn,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use futures_core::Stream;
use http::{HeaderMap, StatusCode};
use tokio::{
    runtime::Handle,
    time::{Instant, Sleep},
};

use super::{
    Body, Error, EventStream, JsonLines, Result,
    body::BodyStream,
    decode_failure::DecodeFailure,
    exchange::Exchange,
    printable,
    read_whole::{BodyBuffer, broken_off},
    retry::deadline,
    sender::Received,
    service::Service,
    trace,
    transport::{TransportError, WholeResponse},
};

/// The body of a response, read while it comes.
///
/// A stream of pieces, cut wherever the network cut them. It ends after an error. The time given for an
/// attempt is the longest wait for each piece; the body as a whole may take any time and be of any
/// size. Dropping it ends the exchange.
#[must_use = "a body is read only as far as it is asked for"]
pub struct ByteStream {
    chunks: Option<BodyStream>,
    length: Option<u64>,
    /// The end of the wait for a piece; kept from one to the next.
    wait: Option<Pin<Box<Sleep>>>,
    is_waiting: bool,
    origin: Box<Origin>,
}

/// What errors tell of the response, and what bounds there are.
struct Origin {
    operation: &'static str,
    host: Option<String>,
    service: &'static Service,
    status: StatusCode,
    headers: HeaderMap,
    attempts: u32,
    /// The longest wait for a piece.
    idle: Duration,
    /// The size, in bytes, of what is kept in memory at a time.
    limit: usize,
}

impl ByteStream {
    /// The body of a response, whether it has been read or not.
    pub(super) fn of(received: &mut Received, exchange: &Exchange) -> Self {
        let sender = &exchange.client().0.sender;
        let idle = exchange.options.attempt_timeout;
        let origin = Origin {
            operation: exchange.operation().id,
            host: exchange
                .base_url()
                .parse()
                .ok()
                .and_then(|url| printable::host(&url)),
            service: sender.service,
            status: received.response.status(),
            headers: received.response.headers().clone(),
            attempts: received.attempts,
            idle: idle.unwrap_or(sender.attempt_timeout),
            limit: sender.max_body,
        };
        let body = received.stream.take();
        let body = body.unwrap_or_else(|| Body::from(received.response.body().clone()));
        Self {
            length: body.length(),
            chunks: Some(body.into_stream()),
            wait: None,
            is_waiting: false,
            origin: Box::new(origin),
        }
    }

    /// How many bytes there are in all, where the service says it.
    pub fn length(&self) -> Option<u64> {
        self.length
    }

    /// The next piece; `None` at the end.
    ///
    /// Nothing is lost when this is dropped before it is done: the next call goes on.
    ///
    /// # Errors
    /// [`Error::is_timeout`] when it is waited for too long; any other error when the exchange broke
    /// off.
    pub async fn next_chunk(&mut self) -> Result<Option<Bytes>> {
        poll_fn(|context| self.poll_chunk(context))
            .await
            .transpose()
    }

    /// All of it, or all that has not been read.
    ///
    /// # Errors
    /// As [`next_chunk`](Self::next_chunk); and [`Error::is_too_large`] when it is larger than the
    /// client's [`max_response_bytes`](super::ClientBuilder::max_response_bytes).
    pub async fn collect(mut self) -> Result<Bytes> {
        let mut body = BodyBuffer::default();
        while let Some(chunk) = self.next_chunk().await? {
            if chunk.len() > self.limit() - body.len() {
                return Err(self.failed(TransportError::too_large()));
            }
            body.add(chunk, self.length);
        }
        Ok(body.finish())
    }

    /// Reads the body as `text/event-stream`, the data of each event as JSON; as `String`, just as it
    /// comes.
    pub fn into_events<T>(self) -> EventStream<T> {
        EventStream::new(self)
    }

    /// Reads the body as JSON values in a row: one a line (`application/x-ndjson`, JSON Lines), or
    /// each after a record separator (`application/json-seq`).
    pub fn into_json_lines<T>(self) -> JsonLines<T> {
        JsonLines::new(self)
    }

    pub(super) fn poll_chunk(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes>>> {
        let Some(chunks) = &mut self.chunks else {
            return Poll::Ready(None);
        };
        if let Poll::Ready(next) = Pin::new(chunks).poll_next(context) {
            self.is_waiting = false;
            return Poll::Ready(match next {
                Some(Ok(chunk)) => Some(Ok(chunk)),
                Some(Err(error)) => Some(Err(self.end(broken_off(error)))),
                None => {
                    self.chunks = None;
                    None
                }
            });
        }
        match self.is_over(context) {
            true => Poll::Ready(Some(Err(self.end(TransportError::timeout())))),
            false => Poll::Pending,
        }
    }

    /// Whether the wait for a piece, which begins with this if it has not, has been too long.
    fn is_over(&mut self, context: &mut Context<'_>) -> bool {
        // What is read without tokio keeps no time.
        if Handle::try_current().is_err() {
            return false;
        }
        let idle = self.origin.idle;
        let wait = self
            .wait
            .get_or_insert_with(|| Box::pin(tokio::time::sleep_until(Instant::now())));
        if !std::mem::replace(&mut self.is_waiting, true) {
            wait.as_mut().reset(deadline(idle));
        }
        wait.as_mut().poll(context).is_ready()
    }

    /// Ends the stream with an error.
    pub(super) fn end(&mut self, error: TransportError) -> Error {
        self.stop();
        self.failed(error)
    }

    /// Ends the exchange, which has nothing more to tell.
    pub(super) fn stop(&mut self) {
        self.chunks = None;
    }

    /// The size, in bytes, above which a part of the body that is read as a whole is refused.
    pub(super) fn limit(&self) -> usize {
        self.origin.limit
    }

    fn failed(&self, error: TransportError) -> Error {
        let error = error.at(self.origin.host.clone());
        let error = Error::transport(self.origin.operation, error);
        let error = error.after(self.origin.attempts, None);
        trace::failed(&error, None);
        error
    }

    /// The error of a part of the body that is not what it should be.
    pub(super) fn undecodable(&self, part: Bytes, error: &serde_json::Error) -> Error {
        let origin = &self.origin;
        let failure = DecodeFailure::in_part(error, &part);
        let mut response = WholeResponse::new(part);
        *response.status_mut() = origin.status;
        *response.headers_mut() = origin.headers.clone();
        let error = Error::decode(origin.operation, response, origin.service, failure);
        let error = error.after(origin.attempts, None);
        trace::failed(&error, None);
        error
    }
}

impl Stream for ByteStream {
    type Item = Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_chunk(context)
    }
}

impl fmt::Debug for ByteStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ByteStream")
            .field("operation", &self.origin.operation)
            .field("length", &self.length)
            .finish_non_exhaustive()
    }
}
