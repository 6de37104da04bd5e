//! Bodies that are read to their end, within bounds.

use std::{future::Future, pin::Pin};

use bytes::{Bytes, BytesMut};
use futures_core::Stream;
use tokio::{runtime::Handle, time::Instant};

use super::{
    body::{BodyStream, BoxError},
    transport::{HttpResponse, TransportContext, TransportError},
};

/// Where the pieces of a body come from.
pub(super) trait Chunks {
    /// The next piece; `None` at the end.
    fn next(&mut self) -> impl Future<Output = Result<Option<Bytes>, TransportError>> + Send;
}

impl Chunks for BodyStream {
    async fn next(&mut self) -> Result<Option<Bytes>, TransportError> {
        let next = std::future::poll_fn(|context| Pin::new(&mut *self).poll_next(context));
        next.await.transpose().map_err(broken_off)
    }
}

/// The error of a stream, which is the transport's own as a rule.
pub(super) fn broken_off(error: BoxError) -> TransportError {
    match error.downcast::<TransportError>() {
        Ok(error) => *error,
        Err(error) => TransportError::other(error),
    }
}

/// Which bounds a body is read within.
#[derive(Clone, Copy)]
pub(super) struct Bounds {
    /// The body of a success is complete or an error; of any other response, the beginning does.
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

/// Reads what a transport handed back as a stream although the call has no use for one.
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
            // Status and headers tell enough of an error.
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

/// Waits for something until the time is over. Without tokio nothing keeps the time here; then the
/// transport does.
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

/// A body in the making. Most bodies come in one piece, which is then not copied.
#[derive(Default)]
pub(super) struct BodyBuffer {
    first: Bytes,
    rest: BytesMut,
}

impl BodyBuffer {
    /// How many bytes there are so far.
    pub(super) fn len(&self) -> usize {
        // Once there is a second piece, the first one stands in `rest` as well.
        self.first.len().max(self.rest.len())
    }

    /// Adds a piece of a body that is to be `expected` bytes long, as far as is known.
    pub(super) fn add(&mut self, chunk: Bytes, expected: Option<u64>) {
        if self.first.is_empty() {
            self.first = chunk;
            return;
        }
        if self.rest.is_empty() {
            // What a header promises is believed up to a point only.
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
