//! Response bodies of rendered requests other than a single JSON value.

#![allow(
    dead_code,
    reason = "rendered only for responses of types other than application/json"
)]

use bytes::Bytes;
use http::{HeaderValue, header};
use serde::de::DeserializeOwned;

use super::{
    ByteStream, Client, EventStream, JsonLines,
    auth::Alternatives,
    by_status::{self, ByStatus},
    call::Call,
    decode_failure::Unreadable,
    exchange::Exchange,
    operation::Operation,
    sender::Received,
};

impl Call<String> {
    /// A call whose success response is UTF-8 text.
    pub(crate) fn text_response(client: &Client, operation: &'static Operation) -> Self {
        let decode = |received: &mut Received, _: &Exchange| text(received.response.body());
        Self::reading(client, operation, "*/*", decode)
    }
}

impl Call<Bytes> {
    /// A call whose success response is any body, read to its end.
    pub(crate) fn bytes_response(client: &Client, operation: &'static Operation) -> Self {
        let decode = |received: &mut Received, _: &Exchange| Ok(received.response.body().clone());
        Self::reading(client, operation, "*/*", decode)
    }
}

impl Call<ByteStream> {
    /// A call whose success response is any body, read as it arrives.
    pub(crate) fn stream_response(client: &Client, operation: &'static Operation) -> Self {
        let decode =
            |received: &mut Received, exchange: &Exchange| Ok(ByteStream::of(received, exchange));
        Self::reading(client, operation, "*/*", decode).streaming()
    }
}

impl<T: DeserializeOwned> Call<EventStream<T>> {
    /// A call whose success response is a stream of events (`text/event-stream`).
    pub(crate) fn events(client: &Client, operation: &'static Operation) -> Self {
        let accept = "text/event-stream, application/json;q=0.5";
        let decode = |received: &mut Received, exchange: &Exchange| {
            Ok(ByteStream::of(received, exchange).into_events())
        };
        let mut call = Self::reading(client, operation, accept, decode).streaming();
        call.exchange.require("text/event-stream");
        call
    }
}

impl<T: DeserializeOwned> Call<JsonLines<T>> {
    /// A call whose success response is a sequence of JSON values (`application/x-ndjson`,
    /// `application/jsonl`, `application/json-seq`).
    pub(crate) fn json_lines(client: &Client, operation: &'static Operation) -> Self {
        let accept = "application/x-ndjson, application/jsonl, application/json-seq, */*;q=0.5";
        let decode = |received: &mut Received, exchange: &Exchange| {
            Ok(ByteStream::of(received, exchange).into_json_lines())
        };
        Self::reading(client, operation, accept, decode).streaming()
    }
}

impl<T: ByStatus> Call<T> {
    /// A call whose success responses differ by status.
    pub(crate) fn by_status(client: &Client, operation: &'static Operation) -> Self {
        let accept = "application/json, */*;q=0.5";
        let decode = |received: &mut Received, _: &Exchange| {
            let response = &received.response;
            by_status::read_success(response.status(), response.body())
        };
        Self::reading(client, operation, accept, decode)
    }
}

impl<T> Call<T> {
    /// Asks for events instead.
    pub(crate) fn into_events<U: DeserializeOwned>(
        self,
        media_type: &'static str,
    ) -> Call<EventStream<U>> {
        let decode = |received: &mut Received, exchange: &Exchange| {
            Ok(ByteStream::of(received, exchange).into_events())
        };
        self.reading_instead(media_type, decode).streaming()
    }

    /// Asks for a sequence of JSON values instead.
    pub(crate) fn into_lines<U: DeserializeOwned>(
        self,
        media_type: &'static str,
    ) -> Call<JsonLines<U>> {
        let decode = |received: &mut Received, exchange: &Exchange| {
            Ok(ByteStream::of(received, exchange).into_json_lines())
        };
        self.reading_instead(media_type, decode).streaming()
    }

    /// Asks for text instead.
    pub(crate) fn into_text(self, media_type: &'static str) -> Call<String> {
        let decode = |received: &mut Received, _: &Exchange| text(received.response.body());
        self.reading_instead(media_type, decode)
    }

    /// Asks for bytes instead.
    pub(crate) fn into_bytes(self, media_type: &'static str) -> Call<ByteStream> {
        let decode =
            |received: &mut Received, exchange: &Exchange| Ok(ByteStream::of(received, exchange));
        self.reading_instead(media_type, decode).streaming()
    }

    /// Sets a boolean property of the JSON body to `true`.
    pub(crate) fn with_flag(mut self, name: &'static str) -> Self {
        self.exchange.set_flag(name);
        self
    }

    fn reading_instead<U>(
        self,
        media_type: &'static str,
        decode: fn(&mut Received, &Exchange) -> Result<U, Unreadable>,
    ) -> Call<U> {
        let mut exchange = self.exchange;
        exchange.require(media_type);
        Call { exchange, decode }.accept(media_type)
    }

    /// Sets the `Accept` header. Replaces that of the kind of call.
    pub(crate) fn accept(mut self, types: &'static str) -> Self {
        match HeaderValue::try_from(types) {
            Ok(types) => self.exchange.set_header(header::ACCEPT, types),
            Err(_) => {
                let defect = format!("no header can carry the types {types:?}");
                self.exchange.refuse(defect);
            }
        }
        self
    }

    /// Sends the request to the operation's own server, unless the client has a base URL.
    pub(crate) fn server(mut self, url: &'static str) -> Self {
        self.exchange.set_server(url);
        self
    }

    /// Declares the credentials that the operation requires, overriding those of the service: any
    /// one of these sets, where an empty set means no credentials. Without sets, the client sends
    /// all credentials it has.
    pub(crate) fn secured_by(mut self, alternatives: Alternatives) -> Self {
        self.exchange.set_security(alternatives);
        self
    }

    fn reading(
        client: &Client,
        operation: &'static Operation,
        accept: &'static str,
        decode: fn(&mut Received, &Exchange) -> Result<T, Unreadable>,
    ) -> Self {
        let exchange = Exchange::new(client, operation);
        Self { exchange, decode }.accept(accept)
    }

    fn streaming(mut self) -> Self {
        self.exchange.want_stream();
        self
    }
}

/// Decodes a body as text.
pub(super) fn text(body: &Bytes) -> Result<String, Unreadable> {
    let text = std::str::from_utf8(body).map_err(|_| Unreadable::Text)?;
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests;
