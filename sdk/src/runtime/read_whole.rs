//! Reads bodies to their end, within limits.

use std::{future::Future, pin::Pin};

use bytes::{Bytes, BytesMut};
use futures_core::Stream;
use tokio::{runtime::Handle, time::Instant};

use super::{
    body::{BodyStream, BoxError},
    transport::{HttpResponse, TransportContext, TransportError},
};

/// A source of the chunks of a body.
pub(super) trait Chunks {
    /// The next chunk; `None` at the end.
    fn next(&mut self) -> impl Future<Output = Result<Option<Bytes>, TransportError>> + Send;
}

impl Chunks for BodyStream {
    async fn next(&mut self) -> Result<Option<Bytes>, TransportError> {
        let next = std::future::poll_fn(|context| Pin::new(&mut *self).poll_next(context));
        next.await.transpose().map_err(broken_off)
    }
}

/// Converts the error of a stream, which usually is the transport's own.
pub(super) fn broken_off(error: BoxError) -> TransportError {
    match error.downcast::<TransportError>() {
        Ok(error) => *error,
        Err(error) => TransportError::other(error),
    }
}

/// The limits within which a body is read.
#[derive(Clone, Copy)]
pub(super) struct Bounds {
    /// The body of a success must be complete; that of any other response is truncated.
    pub(super) is_success: bool,
    /// In bytes.
    pub(super) limit: usize,
    pub(super) deadline: Instant,
}

impl Bounds {
    pub(super) fn new(is_success: bool, context: &TransportContext, deadline: Instant) -> Self {
        let limit = match is_success {
            true => context.max_body,
            false => context.max_error_body,
        };
        Self {
            is_success,
            limit,
            deadline,
        }
    }
}

/// Reads a stream to its end, if a transport returned one although the call wants none.
pub(super) async fn without_stream(
    response: HttpResponse,
    context: &TransportContext,
    deadline: Instant,
) -> Result<HttpResponse, TransportError> {
    let is_success = response.status().is_success();
    if response.body().as_bytes().is_some() || (is_success && context.wants_stream) {
        return Ok(response);
    }
    let (parts, body) = response.into_parts();
    let length = body.length();
    let bounds = Bounds::new(is_success, context, deadline);
    let body = read_whole(&mut body.into_stream(), length, bounds).await?;
    Ok(HttpResponse::from_parts(parts, body.into()))
}

/// Reads a body to its end.
pub(super) async fn read_whole(
    chunks: &mut impl Chunks,
    length: Option<u64>,
    bounds: Bounds,
) -> Result<Bytes, TransportError> {
    let Bounds {
        is_success, limit, ..
    } = bounds;
    if is_success && length.is_some_and(|length| length > limit as u64) {
        return Err(TransportError::too_large());
    }
    let mut body = BodyBuffer::default();
    loop {
        let mut chunk = match in_time(bounds.deadline, chunks.next()).await {
            Ok(Some(chunk)) => chunk,
            Ok(None) => break,
            Err(error) if is_success => return Err(error),
            // For an error response, status and headers suffice.
            Err(_) => break,
        };
        let room = limit - body.len();
        if chunk.len() > room {
            if is_success {
                return Err(TransportError::too_large());
            }
            chunk.truncate(room);
            body.add(chunk, length);
            break;
        }
        body.add(chunk, length);
    }
    Ok(body.finish())
}

/// Waits for a future until the deadline. Without tokio there are no timers; then the transport
/// enforces the timeout.
pub(super) async fn in_time<T>(
    deadline: Instant,
    future: impl Future<Output = Result<T, TransportError>>,
) -> Result<T, TransportError> {
    if Handle::try_current().is_err() {
        return future.await;
    }
    let timed = tokio::time::timeout_at(deadline, future).await;
    timed.unwrap_or_else(|_| Err(TransportError::timeout()))
}

/// Collects the chunks of a body. A single chunk, the usual case, is not copied.
#[derive(Default)]
pub(super) struct BodyBuffer {
    first: Bytes,
    rest: BytesMut,
}

impl BodyBuffer {
    /// The number of bytes so far.
    pub(super) fn len(&self) -> usize {
        // `rest` contains the first chunk, too, once there is a second one.
        self.first.len().max(self.rest.len())
    }

    /// Adds a chunk of a body that is expected to be `expected` bytes long.
    pub(super) fn add(&mut self, chunk: Bytes, expected: Option<u64>) {
        if self.first.is_empty() {
            self.first = chunk;
            return;
        }
        if self.rest.is_empty() {
            // `Content-Length` is trusted only up to a limit.
            let expected = expected.map_or(0, |length| length.min(1 << 20) as usize);
            self.rest.reserve(expected);
            self.rest.extend_from_slice(&self.first);
        }
        self.rest.extend_from_slice(&chunk);
    }

    /// All of it.
    pub(super) fn finish(self) -> Bytes {
        if self.rest.is_empty() {
            self.first
        } else {
            self.rest.freeze()
        }
    }
}
