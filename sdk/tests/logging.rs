//! What an application sees of the SDK that does nothing but `tracing_subscriber::fmt().init()`.

#![cfg(feature = "tracing")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use std::{
    io::{self, Write},
    sync::{Arc, Mutex},
    time::Duration,
};

use genesys_cloud_users::{Client, RetryPolicy};
use support::{
    CHUNKED, Server, Step, get, observe::Attempts, ok, pages::walk, raw, reply, script::in_turn,
    spans::Spans,
};
use tracing::{Level, subscriber::DefaultGuard};

/// What the subscriber wrote.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Log {
    /// The default subscriber, for this thread, and without colors, so that all control characters in
    /// the log are the SDK's.
    fn begin() -> (Self, DefaultGuard) {
        let log = Self::default();
        let writer = log.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_ansi(false)
            .with_writer(move || writer.clone())
            .finish();
        (log, tracing::subscriber::set_default(subscriber))
    }

    fn lines(&self) -> Vec<String> {
        let bytes = self.0.lock().unwrap().clone();
        let text = String::from_utf8(bytes).unwrap();
        text.lines().map(str::to_owned).collect()
    }

    /// The one line there is.
    fn line(&self) -> String {
        let lines = self.lines();
        let [line] = &lines[..] else {
            panic!("one line, not {lines:#?}");
        };
        line.clone()
    }
}

fn has(line: &str, parts: &[&str]) {
    for part in parts {
        assert!(line.contains(part), "{part} is missing: {line}");
    }
}

#[tokio::test]
async fn a_call_that_fails_is_seen_once() {
    let body = r#"{"code":"not.found","message":"no s3cr3t here","contextId":"c-2"}"#;
    let head = "404 Not Found\nContent-Type: application/json\nININ-Correlation-Id: c-1";
    let server = Server::playing(reply(head, body)).await;
    let (log, _guard) = Log::begin();
    let error = server
        .users()
        .get_user("s3cr3t-id")
        .send()
        .await
        .unwrap_err();
    assert!(error.is_not_found());
    let line = log.line();
    let fields = [
        "WARN",
        "a call failed",
        "operation=\"getUser\"",
        "status=404",
        "error.type=\"404\"",
        "code=\"not.found\"",
        "correlation_id=\"c-1\"",
        "attempts=1",
        "elapsed_ms=",
    ];
    has(&line, &fields);
    assert!(
        !line.contains("s3cr3t") && !line.contains(support::TOKEN),
        "{line}"
    );
}

#[tokio::test]
async fn calls_that_succeed_are_not_seen() {
    let busy = reply("429 Slow down\nRetry-After: 0", "");
    let server = Server::deciding(in_turn([busy, ok("{}")])).await;
    let retry = RetryPolicy::new().with_initial_backoff(Duration::from_millis(1));
    let client = server.builder().retry(retry).build().unwrap();
    let (log, _guard) = Log::begin();
    get(&client).await.unwrap();
    assert_eq!(log.lines(), [] as [String; 0]);
}

#[tokio::test]
async fn what_a_service_says_reaches_no_terminal_raw() {
    let body = "{\"code\":\"a\\u001b[2J\\u202e\\nWARN forged\"}";
    let head = "400 Bad Request\nContent-Type: application/json";
    let server = Server::playing(reply(head, body)).await;
    let (log, guard) = Log::begin();
    server.get().await.unwrap_err();
    let line = log.line();
    drop(guard);
    // Whatever a subscriber does about it itself.
    let (spans, _guard) = Spans::listen();
    server.get().await.unwrap_err();
    let event = spans.events().remove(0);
    for text in [line.as_str(), event.field("code")] {
        let is_raw = |one: char| one.is_control() || one == '\u{202e}';
        assert!(!text.contains(is_raw), "{text:?}");
        has(text, &["u{1b}", "u{202e}", "u{a}"]);
    }
}

#[tokio::test]
async fn every_way_to_fail_is_one_event() {
    let sized = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}";
    for (steps, kind) in [
        (reply("503 Busy", ""), "503"),
        (vec![raw(sized), Step::Close], "broken_off"),
        (vec![Step::Hang], "timeout"),
        (ok("[]"), "decode"),
    ] {
        let server = Server::playing(steps).await;
        let builder = server.builder().timeout(Duration::from_millis(300));
        let client = builder.build().unwrap();
        let (spans, _guard) = Spans::listen();
        get(&client).await.unwrap_err();
        let events = spans.events();
        let [event] = &events[..] else {
            panic!("one event, not {events:#?}");
        };
        assert_eq!(
            (event.level, event.field("error.type")),
            (Level::WARN, kind)
        );
        assert_eq!(event.field("attempts"), "1");
    }
    // What was not sent has failed as well.
    let client = Client::builder().base_url("http://localhost").build();
    let (spans, _guard) = Spans::listen();
    get(&client.unwrap()).await.unwrap_err();
    let event = &spans.events()[0];
    assert_eq!(event.field("error.type"), "config");
    assert_eq!(event.field("attempts"), "0");
}

#[cfg(feature = "oauth")]
#[tokio::test]
async fn a_login_that_fails_is_seen_by_the_call_that_wanted_it() {
    use support::oauth::{any, denies, portal};

    let server = portal([denies("invalid_client", "no")], any).await;
    let login = genesys_cloud_users::Login::client_credentials("id", "s3cr3t");
    let client = server.logging_in(login).build().unwrap();
    let (log, _guard) = Log::begin();
    get(&client).await.unwrap_err();
    let parts = [
        "operation=\"getUser\"",
        "error.type=\"login\"",
        "code=\"invalid_client\"",
    ];
    has(&log.line(), &parts);
    client.log_in().await.unwrap_err();
    has(&log.lines()[1], &["operation=\"login\"", "invalid_client"]);
}

#[tokio::test]
async fn a_body_that_does_not_match_is_seen_with_its_place() {
    let server = Server::playing(ok(r#"{"id":"u-1","version":"s3cr3t"}"#)).await;
    let (log, _guard) = Log::begin();
    server.get().await.unwrap_err();
    let line = log.line();
    let parts = [
        "WARN",
        "a response does not match the description",
        "operation=\"getUser\"",
        "status=200",
        "json_path=\"$.version\"",
        "reason=\"invalid type: string",
    ];
    has(&line, &parts);
    assert!(!line.contains("s3cr3t"), "{line}");
}

#[tokio::test]
async fn a_list_that_cannot_go_on_is_seen() {
    let page = r#"{"entities":[{"id":"g-1"}],"nextUri":"https://elsewhere.example/?after=s3cr3t"}"#;
    let server = Server::playing(ok(page)).await;
    let (log, _guard) = Log::begin();
    let mut pages = server.users().get_user_skillgroups("u-1").pages();
    walk(&mut pages).await.unwrap_err();
    let line = log.line();
    let parts = ["WARN", "the next page of a list", "getUserSkillgroups"];
    has(&line, &parts);
    assert!(!line.contains("s3cr3t"), "{line}");
}

#[tokio::test]
async fn a_stream_that_breaks_off_is_seen() {
    let chunks = raw(format!("{CHUNKED}2\r\nab\r\n"));
    let server = Server::playing(vec![chunks, Step::Close]).await;
    let request = server
        .client()
        .request(genesys_cloud_users::Method::GET, "/s");
    let stream = request.send_stream().await.unwrap().into_body();
    let (log, _guard) = Log::begin();
    stream.collect().await.unwrap_err();
    has(
        &log.line(),
        &["operation=\"request\"", "error.type=\"broken_off\""],
    );
}

#[tokio::test]
async fn attempts_tell_what_events_tell() {
    let body = r#"{"code":"too.many.requests","message":"slow down"}"#;
    let head =
        "429 Slow down\nRetry-After: 0\nContent-Type: application/json\nININ-Correlation-Id: ";
    let answers = ["c-1", "c-2"].map(|id| reply(&format!("{head}{id}"), body));
    let server = Server::deciding(in_turn(answers)).await;
    let attempts = Attempts::default();
    let retry = RetryPolicy::new().with_initial_backoff(Duration::from_millis(1));
    let builder = server.builder().retry(retry.with_max_retries(1));
    let client = builder.on_attempt(attempts.observer()).build().unwrap();
    let (spans, _guard) = Spans::listen();
    get(&client).await.unwrap_err();
    let events = spans.events();
    let levels: Vec<_> = events.iter().map(|event| event.level).collect();
    assert_eq!(levels, [Level::DEBUG, Level::WARN]);
    assert_eq!(events[0].field("attempt"), "1");
    assert_eq!(events[1].field("attempts"), "2");
    assert_eq!(events[1].field("code"), "too.many.requests");
    for (told, event) in attempts.all().iter().zip(&events) {
        assert_eq!(told.operation, event.field("operation"));
        assert_eq!(told.status.unwrap().to_string(), event.field("status"));
        assert_eq!(
            told.correlation_id.as_deref(),
            Some(event.field("correlation_id"))
        );
        assert_eq!(told.code.as_deref(), Some("too.many.requests"));
    }
}
