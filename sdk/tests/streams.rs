//! Responses that are read while they come, over real HTTP.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use std::time::Duration;

use futures_util::StreamExt;
use genesys_cloud_users::{ByteStream, Client, Error, RequestOptions, Result, RetryPolicy};
use http::Method;
use serde_json::{Value, json};
use support::{
    CHUNKED, Server, Step,
    observe::{eventually, timed},
    ok, pause, raw, reply,
    script::in_turn,
};

/// A piece of a body that comes in chunks.
fn chunk(text: &str) -> Step {
    raw(format!("{:x}\r\n{text}\r\n", text.len()))
}

/// The end of such a body.
fn end() -> Step {
    raw("0\r\n\r\n")
}

async fn open(client: &Client) -> Result<ByteStream> {
    let request = client.request(Method::GET, "/feed");
    Ok(request.send_stream().await?.into_body())
}

/// Opens a stream, and has the longest wait for a piece be 200 ms.
async fn impatient(server: &Server) -> ByteStream {
    let builder = server
        .builder()
        .attempt_timeout(Duration::from_millis(1_000));
    open(&builder.build().unwrap()).await.unwrap()
}

/// What a stream gives in all.
async fn all(stream: ByteStream) -> Result<String> {
    let bytes = stream.collect().await?;
    Ok(String::from_utf8(bytes.to_vec()).unwrap())
}

fn is_broken_off(error: &Error) -> bool {
    !error.is_timeout() && !error.is_status() && error.to_string().contains("broke off")
}

// Bytes.

#[tokio::test]
async fn pieces_come_as_soon_as_they_are_there() {
    let steps = vec![raw(CHUNKED), chunk("ab"), Step::Hang];
    let server = Server::playing(steps).await;
    let mut stream = open(&server.client()).await.unwrap();
    assert_eq!(stream.next_chunk().await.unwrap().unwrap(), "ab");
    assert_eq!(stream.length(), None);
    assert_eq!(server.open_connections(), 1);
    drop(stream);
    eventually("the exchange is over", || server.open_connections() == 0).await;
}

#[tokio::test]
async fn a_stream_tells_its_length_and_can_be_collected() {
    let server = Server::playing(reply("200 OK\nX-Count: 12", "abc")).await;
    let response = server.client().request(Method::GET, "/feed");
    let response = response.send_stream().await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(response.header_as("x-count"), Some(12));
    assert_eq!(response.header_as::<bool>("x-count"), None);
    assert_eq!(response.header_as::<u8>("x-absent"), None);
    let stream = response.into_body();
    assert_eq!(stream.length(), Some(3));
    assert_eq!(all(stream).await.unwrap(), "abc");
}

#[tokio::test]
async fn a_stream_may_be_larger_than_what_is_kept_in_memory() {
    let steps = vec![raw(CHUNKED), chunk("12345678"), chunk("12345678"), end()];
    let server = Server::playing(steps).await;
    let client = server.builder().max_response_bytes(10).build().unwrap();
    let pieces: Vec<_> = open(&client).await.unwrap().collect_all().await;
    assert_eq!(pieces.concat(), "1234567812345678");
    let error = open(&client).await.unwrap().collect().await.unwrap_err();
    assert!(error.is_too_large(), "{error}");
}

/// All pieces of a stream, as texts.
trait CollectAll {
    async fn collect_all(self) -> Vec<String>;
}

impl CollectAll for ByteStream {
    async fn collect_all(self) -> Vec<String> {
        let text = |chunk: Result<bytes::Bytes>| String::from_utf8(chunk.unwrap().to_vec());
        StreamExt::collect(self.map(|chunk| text(chunk).unwrap())).await
    }
}

#[tokio::test]
async fn a_stream_that_is_cut_says_so_and_ends() {
    let head = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n";
    for cut in [Step::Close, Step::Reset] {
        for steps in [
            vec![raw(CHUNKED), chunk("ab"), pause(20), cut.clone()],
            vec![raw(head), raw("ab"), pause(20), cut.clone()],
        ] {
            let server = Server::playing(steps).await;
            let mut stream = open(&server.client()).await.unwrap();
            assert_eq!(stream.next_chunk().await.unwrap().unwrap(), "ab");
            let error = stream.next_chunk().await.unwrap_err();
            assert!(is_broken_off(&error), "{error}");
            assert_eq!((error.operation(), error.attempts()), (Some("request"), 1));
            assert_eq!(stream.next_chunk().await.unwrap(), None);
        }
    }
}

#[tokio::test]
async fn each_wait_for_a_piece_is_bounded_and_the_whole_is_not() {
    let steps = [
        chunk("a"),
        pause(400),
        chunk("b"),
        pause(400),
        chunk("c"),
        pause(400),
    ];
    let mut steady = vec![raw(CHUNKED)];
    steady.extend(steps);
    let silent = [steady.clone(), vec![Step::Hang]].concat();
    steady.push(end());
    let server = Server::playing(steady).await;
    assert_eq!(all(impatient(&server).await).await.unwrap(), "abc");
    let server = Server::playing(silent).await;
    let mut stream = impatient(&server).await;
    for expected in ["a", "b", "c"] {
        assert_eq!(stream.next_chunk().await.unwrap().unwrap(), expected);
    }
    let (outcome, time) = timed(stream.next_chunk()).await;
    assert!(outcome.unwrap_err().is_timeout());
    assert!(
        time >= Duration::from_millis(990) && time < Duration::from_secs(5),
        "{time:?}"
    );
    assert_eq!(stream.next_chunk().await.unwrap(), None);
}

#[tokio::test]
async fn a_reader_may_take_its_time() {
    let steps = vec![raw(CHUNKED), chunk("a"), pause(50), chunk("b"), end()];
    let server = Server::playing(steps).await;
    let mut stream = impatient(&server).await;
    assert_eq!(stream.next_chunk().await.unwrap().unwrap(), "a");
    // A wait that is given up begins anew.
    let brief = Duration::from_millis(5);
    let given_up = tokio::time::timeout(brief, stream.next_chunk()).await;
    assert!(given_up.is_err());
    tokio::time::sleep(Duration::from_millis(1_200)).await;
    assert_eq!(stream.next_chunk().await.unwrap().unwrap(), "b");
    assert_eq!(stream.next_chunk().await.unwrap(), None);
}

#[tokio::test]
async fn until_the_headers_have_come_a_stream_is_a_call_like_any_other() {
    let busy = reply("503 Busy", "");
    let missing = reply(
        "404 No\nContent-Type: application/json",
        r#"{"code":"gone"}"#,
    );
    let server = Server::deciding(in_turn([busy, ok("[1]"), missing, vec![Step::Hang]])).await;
    let policy = RetryPolicy::new().with_initial_backoff(Duration::ZERO);
    let client = server.builder().retry(policy).build().unwrap();
    assert_eq!(all(open(&client).await.unwrap()).await.unwrap(), "[1]");
    assert_eq!(server.requests().len(), 2);
    let error = open(&client).await.unwrap_err();
    assert!(error.is_not_found());
    assert_eq!(error.code(), Some("gone"));
    assert_eq!(
        error.json::<Value>().unwrap().unwrap(),
        json!({"code": "gone"})
    );
    let options = RequestOptions::new().with_timeout(Duration::from_millis(100));
    let request = client.request(Method::GET, "/feed").with_options(options);
    assert!(request.send_stream().await.unwrap_err().is_timeout());
}

#[tokio::test]
async fn errors_are_cut_and_never_waited_for() {
    let head = "HTTP/1.1 500 Oh\r\nContent-Length: 90\r\n\r\n";
    let server = Server::playing(vec![raw(head), raw("0123456789abc"), Step::Hang]).await;
    let builder = server.builder().max_error_body_bytes(10);
    let client = builder.attempt_timeout(Duration::from_millis(1_000));
    let error = open(&client.build().unwrap()).await.unwrap_err();
    assert_eq!(error.body().unwrap(), "0123456789");
}

#[tokio::test]
async fn a_redirect_tells_where_it_leads() {
    let server = Server::playing(reply("302 Found\nLocation: /elsewhere", "")).await;
    let error = open(&server.client()).await.unwrap_err();
    assert_eq!(error.location(), Some("/elsewhere"));
    let server = Server::playing(reply("404 No", "")).await;
    assert_eq!(open(&server.client()).await.unwrap_err().location(), None);
}

// Events and lines.

#[tokio::test]
async fn events_come_one_by_one_wherever_they_are_cut() {
    let steps = vec![
        raw(CHUNKED),
        chunk("\u{feff}: hello\r\nevent: add\r"),
        chunk("\nid: 7\ndata: {\"n\""),
        chunk(":1}\n"),
        chunk("\ndata: nonsense\n\ndata: {\"n\":2}\n\nda"),
        chunk("ta: [DONE]\n\ndata: {\"n\":3}\n\n"),
        Step::Hang,
    ];
    let server = Server::playing(steps).await;
    let stream = open(&server.client()).await.unwrap();
    let mut events = stream.into_events::<Value>();
    let first = events.try_next().await.unwrap().unwrap();
    assert_eq!(
        (first.event.as_str(), first.id.as_deref()),
        ("add", Some("7"))
    );
    assert_eq!(first.data, json!({"n": 1}));
    let error = events.try_next().await.unwrap_err();
    assert!(error.is_decode(), "{error}");
    assert_eq!(error.body().unwrap(), "nonsense");
    assert_eq!(error.json_path(), Some("$"));
    let second = events.try_next().await.unwrap().unwrap();
    assert_eq!(
        (second.event.as_str(), second.data),
        ("message", json!({"n": 2}))
    );
    assert!(events.try_next().await.unwrap().is_none());
    assert!(events.try_next().await.unwrap().is_none());
    eventually("the exchange is over", || server.open_connections() == 0).await;
}

#[tokio::test]
async fn events_are_texts_for_who_asks_for_texts() {
    let body = "data: {\ndata: 1\n\ndata: [DONE]\n\n";
    let server = Server::playing(reply("200 OK\nContent-Type: text/event-stream", body)).await;
    let stream = open(&server.client()).await.unwrap();
    let events = stream.into_events::<String>();
    let texts: Vec<String> = events.map(|event| event.unwrap().data).collect().await;
    assert_eq!(texts, ["{\n1"]);
}

#[tokio::test]
async fn an_endless_event_is_refused_and_a_cut_one_is_told() {
    let steps = vec![
        raw(CHUNKED),
        chunk(&"data: 0123456789\n".repeat(9)),
        Step::Hang,
    ];
    let server = Server::playing(steps).await;
    let client = server.builder().max_response_bytes(50).build().unwrap();
    let mut events = open(&client).await.unwrap().into_events::<String>();
    assert!(events.try_next().await.unwrap_err().is_too_large());
    assert!(events.try_next().await.unwrap().is_none());
    let steps = vec![raw(CHUNKED), chunk("data: 1\n"), pause(20), Step::Close];
    let server = Server::playing(steps).await;
    let mut events = open(&server.client())
        .await
        .unwrap()
        .into_events::<String>();
    assert!(is_broken_off(&events.try_next().await.unwrap_err()));
    assert!(events.try_next().await.unwrap().is_none());
}

#[tokio::test]
async fn values_come_line_by_line() {
    let steps = vec![
        raw(CHUNKED),
        chunk("{\"n\":1}\n\n{\"n\""),
        chunk(":2}\r\n[\n3"),
        end(),
    ];
    let server = Server::playing(steps).await;
    let stream = open(&server.client()).await.unwrap();
    let mut values = stream.into_json_lines::<Value>();
    for expected in [json!({"n": 1}), json!({"n": 2})] {
        assert_eq!(values.try_next().await.unwrap(), Some(expected));
    }
    let error = values.try_next().await.unwrap_err();
    assert!(error.is_decode());
    assert_eq!(error.body().unwrap(), "[");
    assert_eq!(values.try_next().await.unwrap(), Some(json!(3)));
    assert_eq!(values.try_next().await.unwrap(), None);
}

#[tokio::test]
async fn values_come_after_separators() {
    let body = "\u{1e}{\"n\":\n1}\n\u{1e}2\n\u{1e}[3";
    let server = Server::playing(reply("200 OK\nContent-Type: application/json-seq", body)).await;
    let stream = open(&server.client()).await.unwrap();
    let mut values = stream.into_json_lines::<Value>();
    for expected in [json!({"n": 1}), json!(2)] {
        assert_eq!(values.try_next().await.unwrap(), Some(expected));
    }
    assert!(values.try_next().await.unwrap_err().is_decode());
    assert_eq!(values.try_next().await.unwrap(), None);
}

#[tokio::test]
async fn an_endless_line_is_refused() {
    let steps = vec![
        raw(CHUNKED),
        chunk("1\n"),
        chunk(&"1".repeat(60)),
        Step::Hang,
    ];
    let server = Server::playing(steps).await;
    let client = server.builder().max_response_bytes(50).build().unwrap();
    let mut values = open(&client).await.unwrap().into_json_lines::<Value>();
    assert_eq!(values.try_next().await.unwrap(), Some(json!(1)));
    assert!(values.try_next().await.unwrap_err().is_too_large());
    assert_eq!(values.try_next().await.unwrap(), None);
}

/// Reads a body cut into pieces of some size, until it ends or fails; says how many values came and
/// whether the end was one that was too large.
async fn values_in_pieces(body: &str, size: usize, limit: usize) -> (usize, bool) {
    let client = of_pieces(body, size, limit).await;
    let mut values = open(&client).await.unwrap().into_json_lines::<Value>();
    let mut count = 0;
    loop {
        match values.try_next().await {
            Ok(Some(_)) => count += 1,
            Ok(None) => return (count, false),
            Err(error) => return (count, error.is_too_large()),
        }
    }
}

async fn events_in_pieces(body: &str, size: usize, limit: usize) -> (usize, bool) {
    let client = of_pieces(body, size, limit).await;
    let mut events = open(&client).await.unwrap().into_events::<String>();
    let mut count = 0;
    loop {
        match events.try_next().await {
            Ok(Some(_)) => count += 1,
            Ok(None) => return (count, false),
            Err(error) => return (count, error.is_too_large()),
        }
    }
}

/// A client whose calls are answered by a body that comes in pieces of some size.
async fn of_pieces(body: &str, size: usize, limit: usize) -> Client {
    let mut steps = vec![raw(CHUNKED)];
    for piece in body.as_bytes().chunks(size) {
        // Time for the piece to come by itself.
        steps.extend([chunk(std::str::from_utf8(piece).unwrap()), pause(3)]);
    }
    steps.push(end());
    let server = Server::playing(steps).await;
    server.builder().max_response_bytes(limit).build().unwrap()
}

#[tokio::test]
async fn the_limit_of_a_value_holds_however_the_bytes_are_cut() {
    let fits = format!("1\n\"{}\"\n", "x".repeat(48));
    let separated = |text: &str| format!("\u{1e}1\n\u{1e}{text}");
    let long = |text: &str| format!("1\n{text}");
    for size in [1, 7, 1000] {
        assert_eq!(values_in_pieces(&fits, size, 50).await, (2, false));
        for body in [
            long(&format!("\"{}\"\n2\n", "x".repeat(49))),
            long(&format!("\"{}\"", "x".repeat(49))),
            long(&format!("{}\n2\n", " ".repeat(60))),
            separated(&format!("[\n\"{}\"\n]\n\u{1e}2\n", "x".repeat(60))),
        ] {
            assert_eq!(
                values_in_pieces(&body, size, 50).await,
                (1, true),
                "{size}: {body:?}"
            );
        }
    }
}

#[tokio::test]
async fn the_limit_of_an_event_holds_however_the_bytes_are_cut() {
    let long = "x".repeat(60);
    let half = "x".repeat(30);
    let fits = format!("data: 1\n\ndata:{}\n\n", "x".repeat(45));
    for size in [1, 7, 1000] {
        assert_eq!(events_in_pieces(&fits, size, 50).await, (2, false));
        for line in [
            format!("data: {long}"),
            format!("data: {}", "x".repeat(46)),
            format!(": {long}"),
            format!("id: {long}\ndata: 2"),
            format!("event: {long}\ndata: 2"),
            format!("id: {half}\ndata: {half}"),
            format!("retry: {long}\ndata: 2"),
            format!("data: {half}\ndata: {half}"),
        ] {
            let body = format!("data: 1\n\n{line}\n\ndata: 3\n\n");
            assert_eq!(
                events_in_pieces(&body, size, 50).await,
                (1, true),
                "{size}: {body:?}"
            );
        }
    }
}

#[cfg(feature = "blocking")]
#[test]
fn a_stream_can_be_read_by_blocking_the_thread() {
    let steps = vec![raw(CHUNKED), chunk("a"), pause(20), chunk("b"), end()];
    let server = support::background::in_background(Server::playing(steps));
    let text = genesys_cloud_users::block_on(async { all(open(&server.client()).await?).await });
    assert_eq!(text.unwrap(), "ab");
}
