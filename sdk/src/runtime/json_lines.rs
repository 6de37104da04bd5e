use std::{
    fmt,
    future::poll_fn,
    marker::PhantomData,
    pin::Pin,
    task::{Context, Poll, ready},
};

use futures_core::Stream;
use serde::de::DeserializeOwned;

use super::{ByteStream, Result, records::JsonTexts, whole};

/// The JSON values of a response, read as they arrive: one per line (`application/x-ndjson`, JSON
/// Lines), or each after a record separator (`application/json-seq`, RFC 7464). Empty lines are
/// ignored.
///
/// It ends after an error, except [`Error::is_decode`](super::Error::is_decode), which concerns
/// only one value. The attempt timeout limits the wait for each chunk of the response; no value may
/// be larger than the client's [`max_response_bytes`](super::ClientBuilder::max_response_bytes).
#[must_use = "values are read only as far as they are asked for"]
pub struct JsonLines<T> {
    bytes: ByteStream,
    texts: JsonTexts,
    value: PhantomData<fn() -> T>,
}

impl<T> JsonLines<T> {
    pub(super) fn new(bytes: ByteStream) -> Self {
        Self {
            bytes,
            texts: JsonTexts::default(),
            value: PhantomData,
        }
    }
}

impl<T: DeserializeOwned> JsonLines<T> {
    /// The next value; `None` at the end.
    ///
    /// Cancel safe: if the future is dropped, no value is lost and the next call continues.
    ///
    /// # Errors
    /// [`Error::is_decode`](super::Error::is_decode) if this value cannot be decoded; any other
    /// error ends the stream.
    pub async fn try_next(&mut self) -> Result<Option<T>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context))
            .await
            .transpose()
    }
}

impl<T: DeserializeOwned> Stream for JsonLines<T> {
    type Item = Result<T>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        let text = loop {
            match this.texts.next(this.bytes.limit()) {
                Ok(Some(text)) => break text,
                Ok(None) => {}
                Err(error) => {
                    this.texts = JsonTexts::default();
                    return Poll::Ready(Some(Err(this.bytes.end(error))));
                }
            }
            match ready!(this.bytes.poll_chunk(context)) {
                Some(Ok(chunk)) => this.texts.pending.push(&chunk),
                Some(Err(error)) => {
                    // A value that broke off is discarded.
                    this.texts = JsonTexts::default();
                    return Poll::Ready(Some(Err(error)));
                }
                None => match this.texts.rest() {
                    Some(text) => break text,
                    None => return Poll::Ready(None),
                },
            }
        };
        let value = whole::from_slice(&text);
        Poll::Ready(Some(
            value.map_err(|error| this.bytes.undecodable(text, &error)),
        ))
    }
}

impl<T> fmt::Debug for JsonLines<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("JsonLines").field(&self.bytes).finish()
    }
}
