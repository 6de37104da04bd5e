//! What a rendered request can read besides one value of JSON.

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
    /// A call whose success carries text, in UTF-8.
    pub(crate) fn text_response(client: &Client, operation: &'static Operation) -> Self {
        let decode = |received: &mut Received, _: &Exchange| text(received.response.body());
        Self::reading(client, operation, "*/*", decode)
    }
}

impl Call<Bytes> {
    /// A call whose success carries anything, read to its end.
    pub(crate) fn bytes_response(client: &Client, operation: &'static Operation) -> Self {
        let decode = |received: &mut Received, _: &Exchange| Ok(received.response.body().clone());
        Self::reading(client, operation, "*/*", decode)
    }
}

impl Call<ByteStream> {
    /// A call whose success carries anything, read while it comes.
    pub(crate) fn stream_response(client: &Client, operation: &'static Operation) -> Self {
        let decode =
            |received: &mut Received, exchange: &Exchange| Ok(ByteStream::of(received, exchange));
        Self::reading(client, operation, "*/*", decode).streaming()
    }
}

impl<T: DeserializeOwned> Call<EventStream<T>> {
    /// A call whose success carries events (`text/event-stream`).
    pub(crate) fn events(client: &Client, operation: &'static Operation) -> Self {
        let accept = "text/event-stream, application/json;q=0.5";
        let decode = |received: &mut Received, exchange: &Exchange| {
            Ok(ByteStream::of(received, exchange).into_events())
        };
        Self::reading(client, operation, accept, decode).streaming()
    }
}

impl<T: DeserializeOwned> Call<JsonLines<T>> {
    /// A call whose success carries JSON values in a row (`application/x-ndjson`,
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
    /// A call with several successes.
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
    /// Says which types of bodies are wanted, in place of what the kind of the call says.
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

    /// Sends the request to a server of the operation's own, unless the client was given a base URL.
    pub(crate) fn server(mut self, url: &'static str) -> Self {
        self.exchange.set_server(url);
        self
    }

    /// Says which credentials the operation takes, in place of what the service says: any of these
    /// sets, an empty one being none at all. If there are no sets, whatever the client has is sent.
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

/// A body as text.
pub(super) fn text(body: &Bytes) -> Result<String, Unreadable> {
    let text = std::str::from_utf8(body).map_err(|_| Unreadable::Text)?;
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use http::Method;
    use serde_json::{Value, json};

    use super::{
        super::{
            Body, ClientBuilder, FilePart, Secret,
            body::tests::stream_of,
            service::tests::SERVICE,
            testing::{Recorder, wait},
        },
        *,
    };

    static OPERATION: Operation = Operation {
        id: "op",
        method: Method::POST,
        path: "/op",
        idempotent: false,
    };

    fn service(body: impl Into<Body>) -> (Recorder, Client) {
        let recorder = Recorder::answering(200, body);
        let client = recorder.client(ClientBuilder::new(&SERVICE));
        (recorder, client)
    }

    #[test]
    fn bodies_of_successes_are_read_as_what_they_are() {
        let (recorder, client) = service("\u{fc}");
        let text = wait(Call::text_response(&client, &OPERATION).send());
        assert_eq!(text.unwrap(), "\u{fc}");
        assert_eq!(recorder.header("accept").as_deref(), Some("*/*"));
        let bytes = wait(Call::bytes_response(&client, &OPERATION).send());
        assert_eq!(bytes.unwrap(), "\u{fc}");
        let call = Call::bytes_response(&client, &OPERATION).accept("image/png");
        wait(call.send()).unwrap();
        assert_eq!(recorder.header("accept").as_deref(), Some("image/png"));
        assert!(!recorder.wanted_stream());
        let (_, client) = service(Bytes::from_static(b"\xff"));
        let error = wait(Call::text_response(&client, &OPERATION).send()).unwrap_err();
        assert!(error.is_decode());
    }

    #[test]
    fn streams_are_read_while_they_come() {
        let (recorder, client) = service(stream_of(&["ab", "c"]));
        let call = Call::stream_response(&client, &OPERATION);
        let mut stream = wait(call.send()).unwrap();
        assert!(recorder.wanted_stream());
        assert_eq!(wait(stream.next_chunk()).unwrap().unwrap(), "ab");
        assert_eq!(wait(stream.collect()).unwrap(), "c");
        // A transport that knows no streams does as well.
        let (_, client) = service("abc");
        let stream = wait(Call::stream_response(&client, &OPERATION).send()).unwrap();
        assert_eq!(stream.length(), Some(3));
        assert_eq!(wait(stream.collect()).unwrap(), "abc");
    }

    #[test]
    fn a_stream_that_nobody_wants_is_read_within_the_limits() {
        let (_, client) = service(stream_of(&["[1", ",2]"]));
        let list = wait(Call::<Vec<i32>>::json(&client, &OPERATION).send());
        assert_eq!(list.unwrap(), [1, 2]);
        let recorder = Recorder::answering(200, stream_of(&["[1", ",2]"]));
        let builder = ClientBuilder::new(&SERVICE).max_response_bytes(4);
        let client = recorder.client(builder);
        let error = wait(Call::<Vec<i32>>::json(&client, &OPERATION).send()).unwrap_err();
        assert!(error.is_too_large(), "{error}");
        let recorder = Recorder::answering(400, stream_of(&["no", "pe"]));
        let builder = ClientBuilder::new(&SERVICE).max_error_body_bytes(3);
        let call = Call::stream_response(&recorder.client(builder), &OPERATION);
        let error = wait(call.send()).unwrap_err();
        assert_eq!(error.body().unwrap(), "nop");
        assert_eq!(error.location(), Some("/elsewhere"));
    }

    #[test]
    fn events_and_lines_are_read_one_by_one() {
        let (recorder, client) = service(stream_of(&["data: {\"a\"", ":1}\n\n"]));
        let call = Call::<EventStream<Value>>::events(&client, &OPERATION);
        let mut events = wait(call.send()).unwrap();
        assert!(
            recorder
                .header("accept")
                .unwrap()
                .starts_with("text/event-stream")
        );
        let event = wait(events.try_next()).unwrap().unwrap();
        assert_eq!(event.data, json!({"a": 1}));
        assert!(wait(events.try_next()).unwrap().is_none());
        let (recorder, client) = service(stream_of(&["1\n2", "3"]));
        let call = Call::<JsonLines<i32>>::json_lines(&client, &OPERATION);
        let mut lines = wait(call.send()).unwrap();
        assert!(recorder.header("accept").unwrap().contains("x-ndjson"));
        assert_eq!(wait(lines.try_next()).unwrap(), Some(1));
        assert_eq!(wait(lines.try_next()).unwrap(), Some(23));
        assert_eq!(wait(lines.try_next()).unwrap(), None);
    }

    #[test]
    fn bodies_of_requests_have_their_types() {
        let (recorder, client) = service("");
        let call = || Call::empty(&client, &OPERATION);
        let sent = |call: Call<()>| {
            wait(call.send()).unwrap();
            (recorder.header("content-type").unwrap(), recorder.body())
        };
        let expect = |content_type: &str, body: &str| (content_type.to_owned(), body.to_owned());
        let csv = sent(call().text("text/csv", "a,b"));
        assert_eq!(csv, expect("text/csv", "a,b"));
        let bytes = sent(call().bytes("image/png", b"png".to_vec()));
        assert_eq!(bytes, expect("image/png", "png"));
        let patch = "application/merge-patch+json";
        let json = sent(call().json_as(patch, &json!({"a": null})));
        assert_eq!(json, expect(patch, "{\"a\":null}"));
        for refused in [
            call().text("a\nb", ""),
            call().file("f", FilePart::new("").with_content_type("a\nb")),
            call().accept("a\nb"),
        ] {
            assert!(wait(refused.send()).unwrap_err().is_request());
        }
    }

    #[test]
    fn parts_of_every_kind_are_written() {
        let (recorder, client) = service("");
        let call = Call::empty(&client, &OPERATION).multipart();
        wait(call.clone().send()).unwrap();
        let content_type = recorder.header("content-type").unwrap();
        let boundary = content_type.split_once("boundary=").unwrap().1;
        assert_eq!(recorder.body(), format!("--{boundary}--\r\n"));
        let call = call
            .part("text", Secret::new("a"))
            .part_as("xml", "text/xml", "<a/>")
            .part_json("json", &[1, 2])
            .file("file", "f");
        wait(call.send()).unwrap();
        let part = |name: &str, type_: &str, body: &str| {
            format!(
                "--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"{type_}\r\n\r\n\
                 {body}\r\n"
            )
        };
        let file_type = "; filename=\"blob\"\r\nContent-Type: application/octet-stream";
        let expected = [
            part("text", "", "a"),
            part("xml", "\r\nContent-Type: text/xml", "<a/>"),
            part("json", "\r\nContent-Type: application/json", "[1,2]"),
            part("file", file_type, "f"),
            format!("--{boundary}--\r\n"),
        ];
        assert_eq!(recorder.body(), expected.concat());
    }

    #[test]
    fn an_operations_own_server_stands_in_for_the_services() {
        let (recorder, client) = service("");
        let call = Call::empty(&client, &OPERATION).server("https://uploads.example.com/v2/");
        wait(call.send()).unwrap();
        assert_eq!(recorder.url(), "https://uploads.example.com/v2/op");
        let builder = ClientBuilder::new(&SERVICE).base_url("http://localhost/mine");
        let client = recorder.client(builder);
        let call = Call::empty(&client, &OPERATION).server("https://uploads.example.com/v2/");
        wait(call.send()).unwrap();
        assert_eq!(recorder.url(), "http://localhost/mine/op");
    }
}
