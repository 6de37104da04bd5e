//! Spans and events of the SDK, and the secrets that neither they nor `Debug` output contain.
//! `tracing/shown.rs` has the latter.

#![cfg(feature = "tracing")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[path = "tracing/shown.rs"]
mod shown;
mod support;

use std::time::Duration;

use genesys_cloud_users::{
    ApiKeyPlace, Client, RequestOptions, RetryPolicy,
    models::{ChangePasswordRequest, CreateUser},
};
use http::{HeaderValue, Method, header};
use support::{
    CHUNKED, Server, Step, get, ok,
    pages::{page, three_pages, walk},
    raw, reply,
    script::{in_turn, refusing},
    spans::{Span, Spans},
};
use tracing::Level;

/// Stands in everything here that no log may have.
const SECRET: &str = "s3cr3t";

fn quick() -> RetryPolicy {
    RetryPolicy::new().with_initial_backoff(Duration::from_millis(1))
}

fn client(server: &Server) -> Client {
    let builder = server.builder().bearer_token("s3cr3t-token");
    builder.retry(quick()).build().unwrap()
}

/// The values of fields that must be there, and the names of those that must not.
fn check(span: &Span, fields: &[(&str, &str)], absent: &[&str]) {
    for (name, value) in fields {
        assert_eq!(span.field(name), *value, "{name} of {span:#?}");
    }
    for name in absent {
        assert!(!span.fields.contains_key(name), "{name} of {span:#?}");
    }
}

// Spans.

#[tokio::test]
async fn a_call_is_a_span_with_the_fields_of_the_conventions() {
    let server = Server::playing(ok("{}")).await;
    let (spans, _guard) = Spans::listen();
    get(&client(&server)).await.unwrap();
    let call = spans.call("getUser");
    let port = server.url().rsplit(':').next().unwrap().to_owned();
    let fields = [
        ("otel.name", "getUser"),
        ("otel.kind", "client"),
        ("http.request.method", "GET"),
        ("url.template", "/api/v2/users/{userId}"),
        ("server.address", "127.0.0.1"),
        ("server.port", &port),
        ("http.response.status_code", "200"),
        ("attempts", "1"),
    ];
    check(&call, &fields, &["error.type", "otel.status_code"]);
    assert_eq!((call.level, call.parent), (Level::INFO, None));
    assert!(call.field("elapsed_ms").parse::<u64>().is_ok());
    // There is nothing else in it that could hold a value.
    assert_eq!(call.fields.len(), fields.len() + 1);
    assert!(spans.events().is_empty());
}

#[tokio::test]
async fn every_attempt_is_a_span_inside_of_its_call() {
    let answers = [
        [vec![support::pause(30)], reply("503 Busy", "")].concat(),
        reply("429 Slow down\nRetry-After: 0", ""),
        ok("{}"),
    ];
    let server = Server::deciding(in_turn(answers)).await;
    let (spans, _guard) = Spans::listen();
    {
        let outer = tracing::info_span!(target: "genesys_cloud_users::test", "outer");
        let calling = async { get(&client(&server)).await.unwrap() };
        tracing::Instrument::instrument(calling, outer).await;
    }
    let all = spans.all();
    let names: Vec<_> = all.iter().map(|span| (span.name, span.parent)).collect();
    let attempt = ("api_attempt", Some(1));
    let call = ("api_call", Some(0));
    assert_eq!(names, [("outer", None), call, attempt, attempt, attempt]);
    let done = [("attempts", "3"), ("http.response.status_code", "200")];
    check(&all[1], &done, &["error.type", "otel.status_code"]);
    for (number, status) in [(0, "503"), (1, "429"), (2, "200")] {
        let span = &all[2 + number];
        let number = number.to_string();
        let fields = [
            ("http.request.resend_count", number.as_str()),
            ("http.response.status_code", status),
            ("otel.kind", "client"),
        ];
        check(span, &fields, &[]);
        assert_eq!(span.level, Level::DEBUG);
        match status {
            "200" => check(span, &[], &["error.type", "otel.status_code"]),
            _ => check(
                span,
                &[("error.type", status), ("otel.status_code", "ERROR")],
                &[],
            ),
        }
    }
    let elapsed: u64 = all[2].field("elapsed_ms").parse().unwrap();
    assert!((30..3000).contains(&elapsed), "{elapsed}");
    assert!(all[4].field("elapsed_ms").parse::<u64>().is_ok());
}

#[tokio::test]
async fn the_type_of_an_error_tells_what_kind_it_was() {
    let sized = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}";
    let chunks = raw(format!("{CHUNKED}14\r\n{{\"id\":\"12345678901234\r\n"));
    for (steps, expected) in [
        (reply("404 Not Found", "{}"), "404"),
        (vec![raw(sized), Step::Close], "broken_off"),
        (vec![Step::Hang], "timeout"),
        (vec![chunks, Step::Hang], "too_large"),
    ] {
        let server = Server::playing(steps).await;
        let builder = server.builder().max_response_bytes(10);
        let client = builder.timeout(Duration::from_millis(200)).build().unwrap();
        let (spans, _guard) = Spans::listen();
        get(&client).await.unwrap_err();
        let fields = [("error.type", expected), ("otel.status_code", "ERROR")];
        for span in spans.all() {
            check(&span, &fields, &[]);
            let has_status = span.fields.contains_key("http.response.status_code");
            assert_eq!(has_status, expected == "404");
        }
        assert_eq!(spans.all().len(), 2);
    }
    let (_socket, address) = refusing();
    let client = Client::builder().base_url(format!("http://{address}"));
    let client = client.retry(RetryPolicy::none()).without_credentials();
    let client = client.build().unwrap();
    let (spans, _guard) = Spans::listen();
    get(&client).await.unwrap_err();
    check(&spans.call("getUser"), &[("error.type", "connect")], &[]);
}

#[cfg(feature = "oauth")]
#[tokio::test]
async fn a_call_that_gets_no_token_says_so() {
    use support::oauth::{any, denies, portal};

    let server = portal([denies("invalid_client", "no")], any).await;
    let login = genesys_cloud_users::Login::client_credentials("id", SECRET);
    let client = server.logging_in(login).build().unwrap();
    let (spans, _guard) = Spans::listen();
    get(&client).await.unwrap_err();
    let fields = [("error.type", "login"), ("attempts", "0")];
    check(
        &spans.call("getUser"),
        &fields,
        &["http.response.status_code"],
    );
    // The login is a call of its own.
    let fields = [("http.request.method", "POST"), ("error.type", "400")];
    check(&spans.call("login"), &fields, &[]);
    assert_eq!(spans.named("api_attempt").len(), 1);
}

#[tokio::test]
async fn a_wait_before_another_attempt_is_told_inside_of_the_call() {
    let busy = reply("429 Slow down\nRetry-After: 1", "");
    let server = Server::deciding(in_turn([busy, ok("{}")])).await;
    let (spans, _guard) = Spans::listen();
    get(&client(&server)).await.unwrap();
    let [told] = &spans.events()[..] else {
        panic!("one event, not {:#?}", spans.events());
    };
    assert_eq!(told.level, Level::DEBUG);
    assert_eq!(spans.all()[told.parent.unwrap()].name, "api_call");
    let wait: u64 = told.field("retry_in_ms").parse().unwrap();
    assert!((1000..=1100).contains(&wait), "{wait}");
}

#[tokio::test]
async fn a_page_asked_for_ahead_is_told_where_it_was_wanted() {
    let server = Server::deciding(three_pages).await;
    let (spans, _guard) = Spans::listen();
    let outer = tracing::info_span!(target: "genesys_cloud_users::test", "outer");
    let walking = async {
        let mut pages = server.users().get_users().pages().look_ahead();
        walk(&mut pages).await.unwrap()
    };
    tracing::Instrument::instrument(walking, outer).await;
    let parents: Vec<_> = spans
        .named("api_call")
        .iter()
        .map(|call| call.parent)
        .collect();
    assert_eq!(parents, [Some(0); 3]);
}

#[cfg(feature = "oauth")]
#[tokio::test]
async fn a_renewal_that_fails_is_told_without_the_secret() {
    use support::oauth::{any, denies, grants, portal};

    let answers = [
        grants("s3cr3t-1", r#","expires_in":2"#),
        denies("invalid_client", "the words of the service"),
    ];
    let server = portal(answers, any).await;
    let login = genesys_cloud_users::Login::client_credentials("id", SECRET);
    let client = server.logging_in(login).build().unwrap();
    let (spans, _guard) = Spans::listen();
    get(&client).await.unwrap();
    tokio::time::sleep(Duration::from_millis(1100)).await;
    // The token at hand is good for another second.
    get(&client).await.unwrap();
    let is_told = || spans.events().iter().any(|told| told.level == Level::WARN);
    support::observe::eventually("a failed renewal is told", is_told).await;
    let text = spans.text();
    assert!(text.contains("invalid_client"), "{text}");
    assert!(!text.contains(SECRET), "{text}");
    assert!(!text.contains("the words of the service"), "{text}");
}

#[tokio::test]
async fn a_list_that_goes_in_circles_is_told() {
    let server = Server::playing(page("entities", 1..=1, serde_json::json!({}))).await;
    let (spans, _guard) = Spans::listen();
    walk(&mut server.users().get_users().pages()).await.unwrap();
    let [told] = &spans.events()[..] else {
        panic!("one event, not {:#?}", spans.events());
    };
    assert_eq!(told.level, Level::WARN);
    assert_eq!(told.field("operation"), "getUsers");
    // A list that ends as it should is no news.
    let server = Server::playing(ok(r#"{"entities":[],"pageCount":1}"#)).await;
    walk(&mut server.users().get_users().pages()).await.unwrap();
    assert_eq!(spans.events().len(), 1);
}

// What is never told.

/// Calls that carry a secret wherever one can stand, and fail now and then.
async fn call_with_secrets(server: &Server, client: &Client) {
    let users = client.users();
    let options = RequestOptions::new()
        .with_header(header::COOKIE, HeaderValue::from_static("session=s3cr3t"))
        .with_query("q-s3cr3t", SECRET);
    let request = users.get_user(SECRET).with_options(options);
    let _ = request.send().await;
    let _ = users.get_users_search(SECRET).send().await;
    let _ = users.get_users().id([SECRET]).pages().try_next().await;
    let create = CreateUser::new("Ada", "a@example.com", "d-1").with_password(SECRET);
    let _ = users.post_users(&create).send().await;
    let change = ChangePasswordRequest::new(SECRET);
    let _ = users.post_user_password(SECRET, &change).send().await;
    let text = HeaderValue::from_static("text/plain");
    let request = client.request(Method::POST, format!("/{SECRET}"));
    let _ = request
        .query(SECRET, SECRET)
        .body(text, SECRET)
        .send()
        .await;
    assert!(!server.requests().is_empty());
}

/// Servers whose answers hold secrets too, one for each way to end.
async fn servers_with_secrets() -> [Server; 3] {
    let head = "Content-Type: application/json\nSet-Cookie: session=s3cr3t\nX-Key: s3cr3t";
    let body = r#"{"id":"u-1","password":"s3cr3t","credentialFields":{"a":"s3cr3t"},"list":[{"refreshToken":["s3cr3t"]}]}"#;
    let answer = |status: &str| reply(&format!("{status}\n{head}"), body);
    [
        Server::playing(answer("200 OK")).await,
        Server::playing(answer("503 Busy")).await,
        Server::playing(reply("200 OK\nContent-Type: text/plain", "s3cr3t")).await,
    ]
}

#[tokio::test]
async fn no_value_that_a_call_carries_is_told() {
    for traces_bodies in [false, true] {
        for server in servers_with_secrets().await {
            let builder = server
                .builder()
                .retry(quick().with_max_retries(1))
                .trace_request_bodies(traces_bodies)
                .trace_response_bodies(traces_bodies);
            let key = |builder: genesys_cloud_users::ClientBuilder, place| {
                builder.api_key(place, "key", "s3cr3t-key")
            };
            let places = [ApiKeyPlace::Header, ApiKeyPlace::Query, ApiKeyPlace::Cookie];
            let builder = builder.basic("user", "s3cr3t-password");
            let client = places.into_iter().fold(builder, key).build().unwrap();
            let (spans, _guard) = Spans::listen();
            call_with_secrets(&server, &client).await;
            assert!(spans.named("api_call").len() >= 6);
            let text = spans.text();
            assert!(!text.contains(SECRET), "{text}");
            // In base64, where the header has it.
            assert!(!text.contains("czNjcjN0"), "{text}");
            let events = spans.events();
            let has_body = events.iter().any(|event| event.fields.contains_key("body"));
            assert_eq!(has_body, traces_bodies);
        }
    }
}

#[cfg(feature = "oauth")]
#[tokio::test]
async fn no_secret_of_a_login_is_told() {
    use genesys_cloud_users::Login;
    use support::oauth::{any, denies, grants, portal};

    let tokens = r#","refresh_token":"s3cr3t-refresh","id_token":"s3cr3t-id","expires_in":1"#;
    let answers = [
        grants("s3cr3t-access", tokens),
        denies("invalid_grant", "no"),
    ];
    for answer in answers {
        for login in [
            Login::client_credentials("id", SECRET).with_parameter("p", SECRET),
            Login::authorization_code("id", SECRET, SECRET, "https://x/"),
            Login::pkce("id", SECRET, SECRET, "https://x/"),
            Login::refresh_token("id", Some(SECRET.into()), SECRET),
            Login::genesys_saml2_bearer("id", SECRET, SECRET, SECRET),
        ] {
            let server = portal([answer.clone()], any).await;
            let client = server
                .logging_in(login)
                .trace_request_bodies(true)
                .trace_response_bodies(true)
                .build()
                .unwrap();
            let (spans, _guard) = Spans::listen();
            let outcome = get(&client).await;
            assert_eq!(server.logins().len(), 1);
            let text = spans.text();
            assert!(
                !text.contains(SECRET) && !text.contains("czNjcjN0"),
                "{text}"
            );
            if let Err(error) = outcome {
                let shown = support::observe::shown(&error);
                assert!(!shown.contains(SECRET), "{shown}");
            }
            // Both bodies of the login were told: the form by its size.
            let bodies: Vec<_> = spans
                .events()
                .iter()
                .map(|it| it.field("body").to_owned())
                .collect();
            assert!(bodies[0].contains("bytes that are not JSON"), "{bodies:?}");
            assert!(bodies[1].starts_with('{'), "{bodies:?}");
        }
    }
}

// Bodies.

#[tokio::test]
async fn bodies_are_told_when_asked_for_with_secrets_blotted_out() {
    let body = r#"{"id":"u-1","name":"Ada","password":"s3cr3t"}"#;
    for (requests, responses) in [(false, false), (true, false), (false, true), (true, true)] {
        let server = Server::playing(ok(body)).await;
        let client = server
            .builder()
            .trace_request_bodies(requests)
            .trace_response_bodies(responses)
            .build()
            .unwrap();
        let (spans, _guard) = Spans::listen();
        let change = ChangePasswordRequest::new(SECRET);
        let request = client.users().post_user_password("u-1", &change);
        request.send().await.unwrap();
        let mut expected = Vec::new();
        if requests {
            expected.push(("request body", r#"{"newPassword":"(redacted)"}"#));
        }
        if responses {
            let told = r#"{"id":"u-1","name":"Ada","password":"(redacted)"}"#;
            expected.push(("response body", told));
        }
        let events = spans.events();
        let told: Vec<_> = events
            .iter()
            .map(|it| (it.field("message"), it.field("body")))
            .collect();
        assert_eq!(told, expected);
        for event in &events {
            assert_eq!(event.level, Level::TRACE);
            // Inside of the attempt they belong to.
            assert_eq!(spans.all()[event.parent.unwrap()].name, "api_attempt");
        }
        // What was told differently went over the wire as it is.
        assert_eq!(server.request().body, r#"{"newPassword":"s3cr3t"}"#);
    }
}

#[tokio::test]
async fn bodies_that_are_absent_long_or_no_json_are_told_apart() {
    let long = format!(r#"{{"id":"{}","token":"s3cr3t"}}"#, "ü".repeat(20_000));
    for (body, expected) in [
        ("", None),
        ("s3cr3t", Some("(6 bytes that are not JSON)")),
        (long.as_str(), Some("..")),
    ] {
        let server = Server::playing(reply("400 Bad", body)).await;
        let builder = server.builder().trace_request_bodies(true);
        let client = builder.trace_response_bodies(true).build().unwrap();
        let (spans, _guard) = Spans::listen();
        get(&client).await.unwrap_err();
        let mut events = spans.events();
        events.retain(|event| event.level == Level::TRACE);
        let told = events.first().map(|event| event.field("body"));
        match (told, expected) {
            (Some(told), Some(expected)) => {
                assert!(told.ends_with(expected), "{told}");
                assert!(told.len() <= 16 * 1024 + 2 && !told.contains(SECRET));
            }
            (told, expected) => assert_eq!(told, expected),
        }
        // A request without a body is told nothing of.
        assert!(events.len() <= 1);
    }
}
