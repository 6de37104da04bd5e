use std::{
    any::{Any, TypeId},
    fmt,
    future::poll_fn,
    marker::PhantomData,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use bytes::Bytes;
use futures_core::Stream;
use serde::de::DeserializeOwned;

use super::{ByteStream, Result, records::Lines, transport::TransportError, whole};

/// The data of the event with which some services end the stream.
const DONE: &str = "[DONE]";

/// An event of a `text/event-stream`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Event<T> {
    /// The event type; `message` if the event has none.
    pub event: String,
    /// The ID of the event, or of the last one before it that had one.
    pub id: Option<String>,
    /// How long to wait before reconnecting, if the service has set it so far.
    pub retry: Option<Duration>,
    /// The data of the event.
    pub data: T,
}

/// The events of a response (`text/event-stream`), read as they arrive.
///
/// The data of each event is decoded as JSON; for `String`, it is returned unchanged. The stream
/// ends with the response, or with an event whose data is `[DONE]`. It also ends after an error,
/// except [`Error::is_decode`](super::Error::is_decode), which concerns only the data of one event.
///
/// The attempt timeout limits the wait for each chunk of the response; no event may be larger than
/// the client's [`max_response_bytes`](super::ClientBuilder::max_response_bytes).
#[must_use = "events are read only as far as they are asked for"]
pub struct EventStream<T> {
    bytes: ByteStream,
    parser: Parser,
    data: PhantomData<fn() -> T>,
}

impl<T> EventStream<T> {
    pub(super) fn new(bytes: ByteStream) -> Self {
        Self {
            bytes,
            parser: Parser::default(),
            data: PhantomData,
        }
    }
}

impl<T: DeserializeOwned + 'static> EventStream<T> {
    /// The next event; `None` at the end.
    ///
    /// Cancel safe: if the future is dropped, no event is lost and the next call continues.
    ///
    /// # Errors
    /// [`Error::is_decode`](super::Error::is_decode) if the data of this event cannot be decoded;
    /// any other error ends the stream.
    pub async fn try_next(&mut self) -> Result<Option<Event<T>>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context))
            .await
            .transpose()
    }

    fn read(&self, event: Event<String>) -> Result<Event<T>> {
        let data = match as_text(event.data) {
            Ok(data) => data,
            Err(json) => whole::from_slice(json.as_bytes())
                .map_err(|error| self.bytes.undecodable(Bytes::from(json), &error))?,
        };
        Ok(Event {
            event: event.event,
            id: event.id,
            retry: event.retry,
            data,
        })
    }
}

/// Returns the text as `T` if that is `String`; otherwise `Err` with the text.
fn as_text<T: 'static>(text: String) -> Result<T, String> {
    if TypeId::of::<T>() != TypeId::of::<String>() {
        return Err(text);
    }
    let mut text = Some(text);
    let same = (&mut text as &mut dyn Any).downcast_mut::<Option<T>>();
    same.and_then(Option::take).ok_or_else(String::new)
}

impl<T: DeserializeOwned + 'static> Stream for EventStream<T> {
    type Item = Result<Event<T>>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        loop {
            match this.parser.next(this.bytes.limit()) {
                Ok(Some(event)) if event.data == DONE => {
                    this.parser = Parser::default();
                    this.bytes.stop();
                    return Poll::Ready(None);
                }
                Ok(Some(event)) => return Poll::Ready(Some(this.read(event))),
                Ok(None) => {}
                Err(error) => {
                    this.parser = Parser::default();
                    return Poll::Ready(Some(Err(this.bytes.end(error))));
                }
            }
            match ready!(this.bytes.poll_chunk(context)) {
                Some(Ok(chunk)) => this.parser.lines.pending.push(&chunk),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                // An event without the empty line that ends it is discarded, as the HTML standard
                // requires.
                None => return Poll::Ready(None),
            }
        }
    }
}

impl<T> fmt::Debug for EventStream<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("EventStream").field(&self.bytes).finish()
    }
}

/// Parses lines into events, by the rules of the HTML standard.
#[derive(Default)]
struct Parser {
    lines: Lines,
    has_begun: bool,
    event: String,
    data: Option<String>,
    id: Option<String>,
    retry: Option<Duration>,
}

impl Parser {
    /// The next event; `None` if it is not complete yet.
    fn next(&mut self, limit: usize) -> Result<Option<Event<String>>, TransportError> {
        while let Some(line) = self.lines.next() {
            // Checked as if the line were incomplete, so that the limit does not depend on how
            // chunks are cut.
            self.check(line.len(), limit)?;
            let line = String::from_utf8_lossy(&line);
            let is_first = !std::mem::replace(&mut self.has_begun, true);
            let line = match line.strip_prefix('\u{feff}') {
                Some(rest) if is_first => rest,
                _ => &line,
            };
            if line.is_empty() {
                let event = std::mem::take(&mut self.event);
                if let Some(data) = self.data.take() {
                    return Ok(Some(self.event(event, data)));
                }
            } else {
                let (field, value) = line.split_once(':').unwrap_or((line, ""));
                self.read(field, value.strip_prefix(' ').unwrap_or(value));
            }
            self.check(0, limit)?;
        }
        // The rest is the beginning of a line.
        self.check(self.lines.pending.len(), limit)?;
        Ok(None)
    }

    fn read(&mut self, field: &str, value: &str) {
        match field {
            "event" => value.clone_into(&mut self.event),
            "data" => match &mut self.data {
                Some(data) => {
                    data.push('\n');
                    data.push_str(value);
                }
                none => *none = Some(value.to_owned()),
            },
            "id" if !value.contains('\0') => self.id = Some(value.to_owned()),
            "retry" if value.bytes().all(|byte| byte.is_ascii_digit()) => {
                let milliseconds = value.parse().ok();
                self.retry = milliseconds.map(Duration::from_millis).or(self.retry);
            }
            // Comments have an empty name; the standard requires that other names are ignored.
            _ => {}
        }
    }

    fn check(&self, unfinished: usize, limit: usize) -> Result<(), TransportError> {
        let length = |text: &Option<String>| text.as_ref().map_or(0, String::len);
        let event = length(&self.data) + length(&self.id) + self.event.len();
        match unfinished + event > limit {
            true => Err(TransportError::too_large()),
            false => Ok(()),
        }
    }

    fn event(&self, event: String, data: String) -> Event<String> {
        let event = match event.is_empty() {
            true => "message".to_owned(),
            false => event,
        };
        Event {
            event,
            id: self.id.clone().filter(|id| !id.is_empty()),
            retry: self.retry,
            data,
        }
    }
}

#[cfg(test)]
mod tests;
