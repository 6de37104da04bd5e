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

/// The body of a response, read as it arrives.
///
/// A stream of chunks, as the network delivers them. It ends after an error. The attempt timeout
/// limits the wait for each chunk; the body as a whole may take any time and have any size.
/// Dropping it ends the exchange.
#[must_use = "a body is read only as far as it is asked for"]
pub struct ByteStream {
    chunks: Option<BodyStream>,
    length: Option<u64>,
    /// The timer of the wait for a chunk, reused for the next one.
    wait: Option<Pin<Box<Sleep>>>,
    is_waiting: bool,
    origin: Box<Origin>,
}

/// The response's data that errors report, and its limits.
struct Origin {
    operation: &'static str,
    host: Option<String>,
    service: &'static Service,
    status: StatusCode,
    headers: HeaderMap,
    attempts: u32,
    /// The longest wait for a chunk.
    idle: Duration,
    /// How many bytes may be held in memory at a time.
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

    /// The length of the whole body in bytes, if the service declared it.
    pub fn length(&self) -> Option<u64> {
        self.length
    }

    /// The next chunk; `None` at the end.
    ///
    /// Cancel safe: if the future is dropped, no data is lost and the next call continues.
    ///
    /// # Errors
    /// [`Error::is_timeout`] if the chunk does not arrive in time; any other error if the exchange
    /// broke off.
    pub async fn next_chunk(&mut self) -> Result<Option<Bytes>> {
        poll_fn(|context| self.poll_chunk(context))
            .await
            .transpose()
    }

    /// Reads the rest of the body.
    ///
    /// # Errors
    /// As [`next_chunk`](Self::next_chunk); and [`Error::is_too_large`] if it is larger than the
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

    /// Parses the body as `text/event-stream`. Decodes the data of each event as JSON; for
    /// `String`, returns it unchanged.
    pub fn into_events<T>(self) -> EventStream<T> {
        EventStream::new(self)
    }

    /// Parses the body as a sequence of JSON values: one per line (`application/x-ndjson`, JSON
    /// Lines), or each after a record separator (`application/json-seq`).
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

    /// Whether the wait for a chunk has timed out. Starts the timer if it is not running.
    fn is_over(&mut self, context: &mut Context<'_>) -> bool {
        // Without tokio there are no timers.
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

    /// Ends the exchange.
    pub(super) fn stop(&mut self) {
        self.chunks = None;
    }

    /// The maximum size, in bytes, of a part of the body that is held in memory.
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

    /// The error for a part of the body that cannot be decoded.
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
