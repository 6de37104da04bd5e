use std::{
    fmt,
    future::poll_fn,
    marker::PhantomData,
    pin::Pin,
    task::{Context, Poll, ready},
};

use futures_core::Stream;
use serde::de::DeserializeOwned;

use super::{ByteStream, Result, records::JsonTexts};

/// The JSON values of a response, read while they come: one a line (`application/x-ndjson`, JSON
/// Lines), or each after a record separator (`application/json-seq`, RFC 7464). Empty lines are passed
/// over.
///
/// It ends after an error, unless it is one of a single value that could not be read,
/// [`Error::is_decode`](super::Error::is_decode). The longest wait for the next piece of the response is
/// the time given for an attempt; no value may be larger than the client's
/// [`max_response_bytes`](super::ClientBuilder::max_response_bytes).
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
    /// Nothing is lost when this is dropped before it is done: the next call goes on.
    ///
    /// # Errors
    /// [`Error::is_decode`](super::Error::is_decode) when this value cannot be read; any other error
    /// when no more values can come.
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
                    // Of a value that broke off there is nothing to be had.
                    this.texts = JsonTexts::default();
                    return Poll::Ready(Some(Err(error)));
                }
                None => match this.texts.rest() {
                    Some(text) => break text,
                    None => return Poll::Ready(None),
                },
            }
        };
        let value = serde_json::from_slice(&text);
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
