use std::{
    error::Error as StdError,
    fmt,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use futures_core::Stream;

/// The body of a request or a response: bytes in memory, or a stream.
///
/// Bytes can be sent repeatedly. A stream can be read once, by the first of all clones of the body
/// that reads it; a request with such a body is not retried once any of it has been read.
#[derive(Clone)]
pub struct Body(Content);

#[derive(Clone)]
enum Content {
    Whole(Bytes),
    Stream { once: Once, length: Option<u64> },
}

type Once = Arc<Mutex<Option<Chunks>>>;
type Chunks = Pin<Box<dyn Stream<Item = Result<Bytes, BoxError>> + Send>>;

/// Any error at all.
pub(super) type BoxError = Box<dyn StdError + Send + Sync>;

impl Body {
    /// A body that is read while it is sent. Its length is unknown, unless
    /// [`with_length`](Self::with_length) sets it.
    ///
    /// An error of the stream ends the exchange.
    pub fn stream<S, E>(chunks: S) -> Self
    where
        S: Stream<Item = Result<Bytes, E>> + Send + 'static,
        E: Into<Box<dyn StdError + Send + Sync>>,
    {
        let chunks: Chunks = Box::pin(Boxing(Box::pin(chunks)));
        Self(Content::Stream {
            once: Arc::new(Mutex::new(Some(chunks))),
            length: None,
        })
    }

    /// Declares the length of a stream in bytes. It is an error if the stream yields more or fewer.
    /// Has no effect on bytes in memory.
    #[must_use]
    pub fn with_length(mut self, bytes: u64) -> Self {
        if let Content::Stream { length, .. } = &mut self.0 {
            *length = Some(bytes);
        }
        self
    }

    /// The bytes, if they are in memory.
    pub fn as_bytes(&self) -> Option<&Bytes> {
        match &self.0 {
            Content::Whole(bytes) => Some(bytes),
            Content::Stream { .. } => None,
        }
    }

    /// The length in bytes, if known.
    pub fn length(&self) -> Option<u64> {
        match &self.0 {
            Content::Whole(bytes) => Some(bytes.len() as u64),
            Content::Stream { length, .. } => *length,
        }
    }

    /// Returns the body as a stream of chunks.
    pub fn into_stream(self) -> BodyStream {
        match self.0 {
            Content::Whole(bytes) => BodyStream {
                source: Source::Whole(bytes),
                length: None,
                left: None,
            },
            Content::Stream { once, length } => BodyStream {
                source: Source::Shared(once),
                length,
                left: length,
            },
        }
    }

    /// The bytes, if they are in memory; otherwise `Err` with the body.
    pub(super) fn try_into_bytes(self) -> Result<Bytes, Self> {
        match self.0 {
            Content::Whole(bytes) => Ok(bytes),
            content @ Content::Stream { .. } => Err(Self(content)),
        }
    }

    /// Whether the body is known to be empty.
    pub(super) fn is_empty(&self) -> bool {
        self.as_bytes().is_some_and(Bytes::is_empty)
    }

    /// Whether the body is a stream that has been read, so that it cannot be sent again.
    pub(super) fn is_spent(&self) -> bool {
        match &self.0 {
            Content::Whole(_) => false,
            Content::Stream { once, .. } => lock(once).is_none(),
        }
    }
}

fn lock(once: &Once) -> MutexGuard<'_, Option<Chunks>> {
    // No operation under the lock can leave an inconsistent state.
    once.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Default for Body {
    /// Nothing.
    fn default() -> Self {
        Bytes::new().into()
    }
}

impl From<Bytes> for Body {
    fn from(bytes: Bytes) -> Self {
        Self(Content::Whole(bytes))
    }
}

macro_rules! from_bytes {
    ($($type:ty),*) => {$(
        impl From<$type> for Body {
            fn from(bytes: $type) -> Self {
                Bytes::from(bytes).into()
            }
        }
    )*};
}

from_bytes!(Vec<u8>, String, &'static str, &'static [u8]);

impl fmt::Debug for Body {
    /// Omits the bytes: they can be secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Content::Whole(bytes) => write!(f, "Body({} bytes)", bytes.len()),
            Content::Stream { .. } => f.write_str("Body(stream)"),
        }
    }
}

/// The chunks of a [`Body`]. The stream ends after an error.
pub struct BodyStream {
    source: Source,
    length: Option<u64>,
    left: Option<u64>,
}

enum Source {
    Whole(Bytes),
    /// Not read yet by any clone, as far as is known.
    Shared(Once),
    /// Taken by this clone. The mutex is never locked: it only makes the type `Sync`.
    Own(Mutex<Chunks>),
    Over,
}

impl BodyStream {
    /// The length of the whole body in bytes, if known.
    pub fn length(&self) -> Option<u64> {
        match &self.source {
            Source::Whole(bytes) => Some(bytes.len() as u64),
            _ => self.length,
        }
    }

    fn fail(&mut self, message: &str) -> Poll<Option<Result<Bytes, BoxError>>> {
        self.source = Source::Over;
        Poll::Ready(Some(Err(message.into())))
    }
}

impl Stream for BodyStream {
    type Item = Result<Bytes, Box<dyn StdError + Send + Sync>>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        loop {
            match &mut this.source {
                Source::Over => return Poll::Ready(None),
                Source::Whole(bytes) => {
                    let bytes = std::mem::take(bytes);
                    this.source = Source::Over;
                    return Poll::Ready((!bytes.is_empty()).then_some(Ok(bytes)));
                }
                Source::Shared(once) => {
                    let chunks = lock(once).take();
                    let Some(chunks) = chunks else {
                        return this.fail("the stream has been read already");
                    };
                    this.source = Source::Own(Mutex::new(chunks));
                }
                Source::Own(chunks) => {
                    let chunks = chunks.get_mut().unwrap_or_else(PoisonError::into_inner);
                    let next = ready!(chunks.as_mut().poll_next(context));
                    let given = match &next {
                        Some(Ok(chunk)) => chunk.len() as u64,
                        _ => 0,
                    };
                    let left = this.left.map(|left| left.checked_sub(given));
                    match (next, left) {
                        (Some(Ok(_)), Some(None)) => {
                            return this.fail("the stream gives more bytes than was said");
                        }
                        (Some(Ok(chunk)), left) => {
                            this.left = left.flatten();
                            return Poll::Ready(Some(Ok(chunk)));
                        }
                        (None, Some(Some(1..))) => {
                            return this.fail("the stream gives fewer bytes than was said");
                        }
                        (last, _) => {
                            this.source = Source::Over;
                            return Poll::Ready(last);
                        }
                    }
                }
            }
        }
    }
}

impl fmt::Debug for BodyStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BodyStream")
            .field("length", &self.length())
            .finish_non_exhaustive()
    }
}

/// A stream that boxes its errors.
struct Boxing<S>(Pin<Box<S>>);

impl<S, E> Stream for Boxing<S>
where
    S: Stream<Item = Result<Bytes, E>>,
    E: Into<BoxError>,
{
    type Item = Result<Bytes, BoxError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let next = ready!(self.0.as_mut().poll_next(context));
        Poll::Ready(next.map(|chunk| chunk.map_err(Into::into)))
    }
}

#[cfg(test)]
pub(super) mod tests;
