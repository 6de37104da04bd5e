use http::Method;
use serde_json::{Value, json};

use super::{
    super::{
        Body, ClientBuilder, FilePart, Secret,
        body::tests::stream_of,
        service::tests::SERVICE,
        tests::{Recorder, wait},
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
