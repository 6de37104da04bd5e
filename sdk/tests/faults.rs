//! What goes wrong on the way, over real HTTP, each time without a retry.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

#[cfg(feature = "gzip")]
#[path = "faults/compressed.rs"]
mod compressed;

use std::{error::Error as _, time::Duration};

use genesys_cloud_users::{
    Client, Error, RequestOptions,
    models::{ChangePasswordRequest, UpdateUser},
};
use http::{Method, StatusCode};
use support::{
    CHUNKED, Server, Step, TOKEN, get,
    observe::{eventually, peak_memory, shown, timed},
    ok, pause, raw, reply,
    script::{by_number, refusing},
};
use tokio::{runtime::Handle, task::JoinSet};

const MIB: usize = 1 << 20;

/// A head, and then a body of a GiB, as far as the client takes it.
fn flood(head: &str) -> Vec<Step> {
    let chunk = [b"10000\r\n".as_slice(), &[b' '; 0x10000], b"\r\n"].concat();
    vec![raw(head), Step::Repeat(chunk, 1024 * MIB / 0x10000)]
}

/// Gets the user of a number, without success.
async fn failed(client: &Client, number: usize) -> Error {
    let request = client.users().get_user(number as u64);
    request.send().await.unwrap_err()
}

/// What an error gives as its cause.
fn cause(error: &Error) -> String {
    error.source().unwrap().to_string()
}

// No answer, or none in time.

#[tokio::test]
async fn a_refused_connection_is_told() {
    let (_held, address) = refusing();
    let server = Server::playing(ok("{}")).await;
    let builder = server.builder().base_url(format!("http://{address}"));
    let client = builder.build().unwrap();
    let error = get(&client).await.unwrap_err();
    assert!(error.is_connect() && error.is_retryable(), "{error}");
    assert!(!error.is_timeout() && !error.is_status(), "{error}");
    assert_eq!((error.status(), error.body()), (None, None));
    assert_eq!(error.attempts(), 1);
    assert!(error.source().is_some());
}

#[tokio::test]
async fn an_exchange_that_did_not_come_about_names_the_host_and_nothing_else() {
    let (_held, address) = refusing();
    let server = Server::playing([Step::Hang]).await;
    let builder = || server.builder().attempt_timeout(Duration::from_millis(150));
    let unreachable = builder().base_url(format!("http://{address}/s3cr3t"));
    let error = get(&unreachable.build().unwrap()).await.unwrap_err();
    let expected = format!("getUser: cannot connect to {address}");
    assert_eq!(error.to_string(), expected);
    assert!(!shown(&error).contains("s3cr3t"), "{error:?}");
    let host = server.url().replace("http://", "");
    let error = get(&builder().build().unwrap()).await.unwrap_err();
    let expected = format!("getUser: timed out waiting for the response of {host}");
    assert_eq!(error.to_string(), expected);
    // A body that is read as a stream too.
    let head = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n";
    let server = Server::playing([raw(head), Step::Hang]).await;
    let builder = server.builder().attempt_timeout(Duration::from_millis(150));
    let request = builder.build().unwrap().request(Method::GET, "/x");
    let body = request.send_stream().await.unwrap().into_body();
    let error = body.collect().await.unwrap_err();
    let host = server.url().replace("http://", "");
    let expected = format!("request: timed out waiting for the response of {host}");
    assert_eq!(error.to_string(), expected);
}

#[tokio::test]
async fn what_a_service_says_is_shown_without_control_characters_and_not_at_length() {
    let long = "x".repeat(5000);
    let body = format!(
        r#"{{"code":"a\u001b[2J","message":"b\r\nWARN forged\u202e\u0085{long}","contextId":"x"}}"#
    );
    let id = "c".repeat(5000);
    let head = format!("400 Bad Request\nININ-Correlation-Id: {id}");
    let error = Server::playing(reply(&head, &body))
        .await
        .get()
        .await
        .unwrap_err();
    assert_eq!(error.code(), Some("a\u{1b}[2J"));
    assert!(
        error
            .message()
            .unwrap()
            .starts_with("b\r\nWARN forged\u{202e}\u{85}")
    );
    assert_eq!(error.correlation_id(), Some(id.as_str()));
    let text = error.to_string();
    assert!(
        !text.contains(char::is_control) && !text.contains('\u{202e}'),
        "{text:?}"
    );
    assert!(
        text.contains(r"[a\u{1b}[2J]: b\r\nWARN forged\u{202e}\u{85}xx"),
        "{text}"
    );
    assert!(text.len() < 1500, "{}", text.len());
    assert!(shown(&error).len() < 6000, "{}", shown(&error).len());
    // Where a decoder stumbled can be the service's own words too.
    let body = "{\"\u{1b}[31m\": 1";
    let request = Server::playing(ok(body)).await;
    let request = request.client().request(Method::GET, "/x");
    let error = request
        .send_json::<std::collections::HashMap<String, bool>>()
        .await;
    let text = shown(&error.unwrap_err());
    assert!(
        !text.replace('\n', "").contains(char::is_control),
        "{text:?}"
    );
}

#[tokio::test]
async fn a_body_that_does_not_fit_can_be_read_as_something_else() {
    let server = Server::playing(ok(r#"{"version":"seven"}"#)).await;
    let error = server.get().await.unwrap_err();
    assert!(error.is_decode(), "{error}");
    let body: serde_json::Value = error.json().unwrap().unwrap();
    assert_eq!(body["version"], "seven");
}

#[tokio::test]
async fn a_service_that_falls_silent_is_a_timeout() {
    let head = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n";
    let silences = [
        vec![Step::Hang],
        vec![raw("HTTP/1.1 20"), Step::Hang],
        vec![raw(head), Step::Hang],
        vec![raw(head), raw("{"), Step::Hang],
    ];
    let count = silences.len();
    let server = Server::deciding(by_number(silences)).await;
    let client = server.client();
    let brief = Duration::from_millis(150);
    for number in 0..count as u64 {
        let options = RequestOptions::new;
        for options in [
            options().with_timeout(brief),
            options().with_attempt_timeout(brief),
        ] {
            let call = client.users().get_user(number).with_options(options);
            let (outcome, elapsed) = timed(call.send()).await;
            let error = outcome.unwrap_err();
            assert!(error.is_timeout() && error.is_retryable(), "{error}");
            assert!(!error.is_connect() && !error.is_status(), "{error}");
            assert!(elapsed >= brief && elapsed < 50 * brief, "{elapsed:?}");
        }
    }
}

#[tokio::test]
async fn a_service_that_drips_does_not_outlast_the_time_for_an_attempt() {
    let head = "HTTP/1.1 200 OK\r\nContent-Length: 30\r\n\r\n";
    let drop = [raw(" "), pause(1000)];
    let drops = std::iter::repeat_n(drop, 30).flatten();
    let server = Server::playing([raw(head)].into_iter().chain(drops).collect::<Vec<_>>()).await;
    let builder = server.builder().attempt_timeout(Duration::from_millis(300));
    let client = builder.build().unwrap();
    let (outcome, elapsed) = timed(get(&client)).await;
    assert!(outcome.unwrap_err().is_timeout());
    assert!(elapsed < Duration::from_secs(10), "{elapsed:?}");
}

#[tokio::test]
async fn the_timeout_of_one_request_goes_before_that_of_the_client() {
    let brief = Duration::from_millis(200);
    let mut steps = vec![pause(400)];
    steps.extend(ok("{}"));
    let slow = Server::playing(steps).await;
    let client = slow.builder().timeout(brief).build().unwrap();
    let options = RequestOptions::new().with_timeout(Duration::from_secs(10));
    let request = client.users().get_user("u-1").with_options(options);
    request.send().await.unwrap();
    assert!(get(&client).await.unwrap_err().is_timeout());
}

#[tokio::test]
async fn a_time_too_long_for_the_clock_is_no_limit() {
    let server = Server::playing(ok("{}")).await;
    let builder = server.builder().timeout(Duration::MAX);
    let builder = builder.attempt_timeout(Duration::MAX);
    let client = builder.connect_timeout(Duration::MAX).build().unwrap();
    get(&client).await.unwrap();
    let options = RequestOptions::new()
        .with_timeout(Duration::MAX)
        .with_attempt_timeout(Duration::MAX);
    let request = client.users().get_user("u-1").with_options(options);
    request.send().await.unwrap();
}

#[tokio::test]
async fn a_connection_that_breaks_is_neither_a_timeout_nor_an_answer() {
    let sized = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{}";
    let breaks = [
        vec![Step::Reset],
        vec![Step::Close],
        vec![raw("HTTP/1.1 200"), Step::Reset],
        vec![raw("HTTP/1.1 200"), Step::Close],
        vec![raw("HTTP/1.1 200 OK\r\nContent-Type: app"), Step::Reset],
        vec![raw(sized), Step::Close],
        vec![raw(sized), Step::Reset],
        vec![raw(CHUNKED), raw("2\r\n{}\r\n"), Step::Close],
        vec![raw(CHUNKED), raw("not a size\r\n"), Step::Hang],
        vec![raw("SMTP ready\r\n\r\n"), Step::Close],
    ];
    let count = breaks.len();
    let server = Server::deciding(by_number(breaks)).await;
    let client = server.client();
    for number in 0..count {
        let change = UpdateUser::new(1);
        let request = client.users().patch_user(number as u64, &change);
        let error = request.send().await.unwrap_err();
        assert!(!error.is_connect() && !error.is_timeout(), "{error}");
        assert!(!error.is_decode() && !error.is_request(), "{error}");
        assert_eq!((error.status(), error.body()), (None, None));
        assert!(error.source().is_some());
        assert!(!shown(&error).contains(TOKEN));
        // What may have had its effect is not sent again.
        assert_eq!(server.requests().len(), number + 1);
    }
}

#[tokio::test]
async fn an_error_response_without_an_end_keeps_its_status() {
    let head = "HTTP/1.1 503 Busy\r\nContent-Length: 9\r\nX-Kept: yes\r\n\r\n";
    let ends = [Step::Close, Step::Reset, Step::Hang];
    let scripts = ends.map(|end| vec![raw(head), raw("{\"co"), end]);
    let server = Server::deciding(by_number(scripts)).await;
    let builder = server.builder().attempt_timeout(Duration::from_millis(300));
    let client = builder.build().unwrap();
    for number in 0..3 {
        let error = failed(&client, number).await;
        let status = error.status();
        assert_eq!(status, Some(StatusCode::SERVICE_UNAVAILABLE), "{number}");
        assert_eq!(error.headers().unwrap()["x-kept"], "yes");
    }
}

// Too much.

#[tokio::test]
async fn a_body_above_the_limit_is_refused() {
    let chunk = "8\r\n{\"id\":\"1\r\n";
    let chunked = raw(format!("{CHUNKED}{chunk}{chunk}"));
    let sized = raw("HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n");
    // Neither response ever ends, so the refusal cannot have waited for the end.
    let bodies = [chunked, sized].map(|start| vec![start, Step::Hang]);
    let server = Server::deciding(by_number(bodies)).await;
    let client = server.builder().max_response_bytes(10).build().unwrap();
    for number in 0..2 {
        let error = failed(&client, number).await;
        assert!(error.is_too_large() && !error.is_retryable(), "{error}");
        assert!(!error.is_timeout() && !error.is_decode(), "{error}");
    }
}

#[tokio::test]
async fn a_body_at_the_limit_is_taken() {
    let chunked = raw(format!(
        "{CHUNKED}4\r\n{{\"id\r\n6\r\n\":\"1\"}}\r\n0\r\n\r\n"
    ));
    let server = Server::deciding(by_number([ok(r#"{"id":"1"}"#), vec![chunked]])).await;
    let client = server.builder().max_response_bytes(10).build().unwrap();
    for number in 0..2 {
        let user = client.users().get_user(number).send().await.unwrap();
        assert_eq!(user.id.as_deref(), Some("1"));
    }
}

#[tokio::test]
async fn an_endless_body_is_refused_without_being_held() {
    let server = Server::playing(flood(CHUNKED)).await;
    let client = server.builder().max_response_bytes(MIB).build().unwrap();
    let error = get(&client).await.unwrap_err();
    assert!(error.is_too_large() && !error.is_retryable(), "{error}");
    eventually("the connection is closed", || {
        server.open_connections() == 0
    })
    .await;
    // The limit, and what the buffers between the two sides hold.
    assert!(
        server.bytes_repeated() < 33 * MIB,
        "{}",
        server.bytes_repeated()
    );
    assert_little_was_held();
}

#[tokio::test]
async fn an_endless_error_body_is_cut_and_its_status_kept() {
    let head = CHUNKED.replace("200 OK", "503 Busy\r\nININ-Correlation-Id: c-1");
    let server = Server::playing(flood(&head)).await;
    let builder = server.builder().max_error_body_bytes(1000);
    let client = builder.build().unwrap();
    let error = get(&client).await.unwrap_err();
    assert!(error.is_status() && !error.is_too_large(), "{error}");
    assert_eq!(error.status(), Some(StatusCode::SERVICE_UNAVAILABLE));
    assert_eq!(error.correlation_id(), Some("c-1"));
    assert_eq!(error.body().unwrap().len(), 1000);
    eventually("the connection is closed", || {
        server.open_connections() == 0
    })
    .await;
    assert!(
        server.bytes_repeated() < 33 * MIB,
        "{}",
        server.bytes_repeated()
    );
    assert_little_was_held();
}

/// At no time was a GiB held, nor a good part of it.
fn assert_little_was_held() {
    if let Some(peak) = peak_memory() {
        assert!(peak < 400 * MIB, "{peak} bytes");
    }
}

// Something else than was agreed on.

#[tokio::test]
async fn a_success_that_does_not_decode_keeps_its_body() {
    let json = "200 OK\nContent-Type: application/json; charset=utf-8";
    let cases = [
        (json, r#"{"id":"u-1","name":7}"#, "$.name", "invalid type"),
        (json, r#"{"id":"u-1""#, "$.id", "EOF"),
        (json, "[]", "$", ""),
        (json, "", "$", "the body is empty"),
        ("200 OK", "", "$", "the body is empty"),
        (
            "202 Later\nContent-Type: text/html",
            "",
            "$",
            "the body is empty",
        ),
        (
            "200 OK\nContent-Type: text/html",
            "<html>Log in</html>",
            "$",
            "the body is not JSON but text/html",
        ),
        (
            json,
            r#"{"addresses":[{},{"mediaType":["hunter2"]}]}"#,
            "$.addresses[1].mediaType",
            "invalid type",
        ),
    ];
    let bodies =
        cases.map(|(head, body, ..)| reply(&format!("{head}\nININ-Correlation-Id: c-1"), body));
    let server = Server::deciding(by_number(bodies)).await;
    let client = server.client();
    for (number, (head, body, path, why)) in cases.into_iter().enumerate() {
        let error = failed(&client, number).await;
        assert!(error.is_decode() && !error.is_status(), "{body}");
        assert!(head.starts_with(error.status().unwrap().as_str()));
        assert_eq!(error.body().unwrap(), body);
        assert_eq!(error.json_path(), Some(path), "{body}");
        assert!(error.to_string().contains(&format!("at {path}")), "{error}");
        assert!(cause(&error).contains(why), "{}", cause(&error));
        assert_eq!(error.correlation_id(), Some("c-1"));
        assert_eq!((error.attempts(), error.is_retryable()), (1, false));
        assert!(error.platform().is_none());
        assert!(!shown(&error).contains("hunter2"));
    }
}

#[tokio::test]
async fn an_entry_of_a_list_that_does_not_decode_is_named() {
    let page = r#"{"entities":[{"id":"1"},{"id":"2","version":"new"}]}"#;
    let server = Server::playing(ok(page)).await;
    let error = server.users().get_users().send().await.unwrap_err();
    assert_eq!(error.json_path(), Some("$.entities[1].version"));
    assert_eq!(error.body().unwrap(), page);
}

#[tokio::test]
async fn one_odd_field_of_a_page_is_left_out_and_listed() {
    let page = r#"{"entities":[{"id":"1"},{"id":"2","version":"new","dateLastLogin":"2026-01-31T12:30:00"}]}"#;
    let server = Server::playing(ok(page)).await;
    // This is what clients do unless they are told otherwise.
    let client = Client::builder()
        .base_url(server.url())
        .bearer_token("t")
        .build()
        .unwrap();
    let request = client.users().get_users();
    let response = request.send_with_response().await.unwrap();
    let mut paths: Vec<&str> = response
        .mismatches()
        .iter()
        .map(genesys_cloud_users::Mismatch::path)
        .collect();
    paths.sort_unstable();
    assert_eq!(
        paths,
        ["$.entities[1].dateLastLogin", "$.entities[1].version"]
    );
    let users = response.into_body().entities.unwrap();
    assert_eq!((users.len(), users[1].version), (2, None));
    assert_eq!(users[1].extra.get("version").unwrap(), "new");
    assert!(!format!("{users:?}").contains("new"));
}

#[tokio::test]
async fn a_body_that_is_not_utf_8_does_not_decode() {
    let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 12\r\n\r\n";
    let server = Server::playing([raw(head), raw(*b"{\"name\":\"\xff\"}")]).await;
    let error = server.get().await.unwrap_err();
    assert!(error.is_decode(), "{error}");
    assert_eq!(error.json_path(), Some("$.name"));
    assert_eq!(error.body().unwrap().as_ref(), b"{\"name\":\"\xff\"}");
}

#[tokio::test]
async fn a_success_without_a_body_is_none_where_json_was_due() {
    let server = Server::playing(reply("204 No Content", "")).await;
    let error = server.get().await.unwrap_err();
    assert!(error.is_decode(), "{error}");
    assert_eq!(error.status(), Some(StatusCode::NO_CONTENT));
    assert_eq!(cause(&error), "the body is empty");
}

#[tokio::test]
async fn a_body_where_none_may_be_does_not_spoil_the_next_answer() {
    let next = ok(r#"{"id":"stolen"}"#);
    let Step::Send(stolen) = &next[0] else {
        unreachable!("a reply is sent in one piece");
    };
    let mut smuggled = reply("204 No Content", "{}");
    smuggled.push(raw(stolen.clone()));
    let server = Server::deciding(move |request| match request.line.starts_with("POST") {
        true => smuggled.clone(),
        false => ok(r#"{"id":"u-1"}"#),
    })
    .await;
    let users = server.users();
    let password = ChangePasswordRequest::new("pa55");
    for _ in 0..5 {
        let change = users.post_user_password("u-1", &password);
        change.send().await.unwrap();
        let user = users.get_user("u-1").send().await.unwrap();
        assert_eq!(user.id.as_deref(), Some("u-1"));
    }
}

#[tokio::test]
async fn a_redirect_is_an_error_and_its_target_sees_nothing() {
    let target = Server::playing(ok("{}")).await;
    let statuses = [
        "301 Moved",
        "302 Found",
        "303 See",
        "307 Elsewhere",
        "308 Gone",
    ];
    let location = format!("Location: {}/api/v2/users/u-1", target.url());
    let redirects = statuses.map(|status| reply(&format!("{status}\n{location}"), ""));
    let server = Server::deciding(by_number(redirects)).await;
    let client = server.client();
    for number in 0..statuses.len() {
        let error = failed(&client, number).await;
        assert!(error.is_status() && !error.is_retryable(), "{error}");
        assert!(error.status().unwrap().is_redirection());
        assert!(error.headers().unwrap().contains_key("location"));
        assert_eq!(server.requests().len(), number + 1);
    }
    assert_eq!(target.connections(), 0);
}

// What is left behind.

#[tokio::test]
async fn calls_that_are_dropped_leave_nothing_behind() {
    let server = Server::deciding(|request| match request.line.ends_with("/mute") {
        true => vec![Step::Hang],
        false => ok(r#"{"id":"u-1"}"#),
    })
    .await;
    let client = server.client();
    get(&client).await.unwrap();
    let tasks = || Handle::current().metrics().num_alive_tasks();
    let (connections, before) = (server.open_connections(), tasks());
    let mut calls = JoinSet::new();
    for _ in 0..200 {
        let users = client.users();
        calls.spawn(async move { users.get_user("mute").send().await });
    }
    eventually("all calls are on their way", || {
        server.requests().len() == 201
    })
    .await;
    assert!(server.open_connections() >= 200 && tasks() > before + 200);
    drop(calls);
    let is_over = || server.open_connections() <= connections && tasks() <= before;
    eventually("connections and tasks are gone", is_over).await;
    let user = get(&client).await.unwrap();
    assert_eq!(user.id.as_deref(), Some("u-1"));
}
