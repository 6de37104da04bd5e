//! Credentials, what one request adds of its own, and requests to endpoints that are no operations.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use std::time::Duration;

use genesys_cloud_users::{
    ApiKeyPlace, Client, Error, RequestOptions, Secret, models::ChangePasswordRequest,
};
use http::{HeaderName, HeaderValue, Method, StatusCode, header};
use serde_json::{Value, json};
use support::{Server, TOKEN, get, observe::shown, ok, reply};

const KEY: &str = "k3y-of-the-t3st";

/// A builder of clients that show nobody anything.
fn anonymous(server: &Server) -> genesys_cloud_users::ClientBuilder {
    let builder = Client::builder().base_url(server.url()).no_proxy();
    builder.without_credentials()
}

// Credentials.

#[tokio::test]
async fn an_api_key_goes_where_it_belongs() {
    let server = Server::playing(ok("{}")).await;
    let builder = anonymous(&server)
        .api_key(ApiKeyPlace::Header, "X-Api-Key", KEY)
        .api_key(ApiKeyPlace::Query, "api key", "a&b=c")
        .api_key(ApiKeyPlace::Cookie, "sid", KEY)
        .api_key(ApiKeyPlace::Cookie, "lang", "en");
    let client = builder.build().unwrap();
    assert!(!format!("{client:?} {client:#?}").contains(KEY));
    client.users().get_users_me().send().await.unwrap();
    let options = RequestOptions::new().with_query("own", "x");
    let list = client.users().get_users().page_size(2);
    list.with_options(options).send().await.unwrap();
    let requests = server.requests();
    let lines = requests.iter().map(|it| it.line.as_str());
    let expected = [
        "GET /api/v2/users/me?api%20key=a%26b%3Dc",
        "GET /api/v2/users?pageSize=2&api%20key=a%26b%3Dc&own=x",
    ];
    assert_eq!(lines.collect::<Vec<_>>(), expected);
    for sent in &requests {
        assert_eq!(sent.header("x-api-key"), Some(KEY));
        let cookies = format!("sid={KEY}; lang=en");
        assert_eq!(sent.header("cookie"), Some(cookies.as_str()));
        assert_eq!(sent.header("authorization"), None);
    }
}

#[tokio::test]
async fn an_api_key_goes_beside_a_token() {
    let server = Server::playing(ok("{}")).await;
    let builder = server.builder().basic("in", "vain");
    let builder = builder.api_key(ApiKeyPlace::Header, "X-Api-Key", KEY);
    let client = builder.bearer_token(TOKEN).build().unwrap();
    get(&client).await.unwrap();
    let sent = server.request();
    assert_eq!(sent.header("x-api-key"), Some(KEY));
    let bearer = format!("Bearer {TOKEN}");
    assert_eq!(sent.header("authorization"), Some(bearer.as_str()));
}

#[tokio::test]
async fn user_name_and_password_are_sent_in_place_of_a_token() {
    let server = Server::playing(reply("401 Unauthorized", "")).await;
    let builder = server.builder().basic("Aladdin", "open sesame");
    let error = get(&builder.build().unwrap()).await.unwrap_err();
    // The example of RFC 7617.
    let expected = "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==";
    assert_eq!(server.request().header("authorization"), Some(expected));
    assert!(error.is_unauthorized(), "{error}");
    let shown = shown(&error);
    assert!(
        !shown.contains("sesame") && !shown.contains("QWxh"),
        "{shown}"
    );
}

// What one request adds.

#[tokio::test]
async fn headers_and_query_of_one_request_are_sent_with_it_alone() {
    let server = Server::playing(ok("{}")).await;
    let client = server.client();
    let trace = HeaderName::from_static("x-trace");
    let options = RequestOptions::new()
        .with_header(trace, HeaderValue::from_static("t-1"))
        .with_query("new", true)
        .with_query("a b", "c&d\r\nX-Evil: 1")
        .with_query("new", 2);
    let shown = format!("{options:?}");
    assert!(
        shown.contains("x-trace") && shown.contains("new"),
        "{shown}"
    );
    assert!(!shown.contains("t-1") && !shown.contains("Evil"), "{shown}");
    let list = || client.users().get_users().page_size(1);
    list().with_options(options).send().await.unwrap();
    list().send().await.unwrap();
    let requests = server.requests();
    let query = "pageSize=1&new=true&a%20b=c%26d%0D%0AX-Evil%3A%201&new=2";
    assert_eq!(requests[0].line, format!("GET /api/v2/users?{query}"));
    assert_eq!(requests[0].header("x-trace"), Some("t-1"));
    assert_eq!(requests[0].header("x-evil"), None);
    assert_eq!(requests[1].line, "GET /api/v2/users?pageSize=1");
    assert_eq!(requests[1].header("x-trace"), None);
}

#[tokio::test]
async fn a_header_of_the_client_is_sent_with_every_request_that_has_none_of_that_name() {
    let server = Server::playing(ok("{}")).await;
    let tenant = HeaderName::from_static("x-tenant");
    let value = HeaderValue::from_static;
    let builder = server.builder();
    let builder = builder.default_header(tenant.clone(), value("acme"));
    let client = builder.build().unwrap();
    get(&client).await.unwrap();
    let other = client.request(Method::GET, "/x");
    let other = other.header(tenant, value("other"));
    other.send().await.unwrap();
    let requests = server.requests();
    assert_eq!(requests[0].header("x-tenant"), Some("acme"));
    assert_eq!(requests[1].header("x-tenant"), Some("other"));
}

#[tokio::test]
async fn a_line_break_never_gets_into_a_header() {
    let server = Server::playing(ok("{}")).await;
    let evil = "a\r\nX-Evil: 1";
    // What requests and options take as a header cannot hold one to begin with.
    assert!(HeaderValue::try_from(evil).is_err());
    assert!(HeaderName::try_from(evil).is_err());
    let builder = || server.builder();
    for builder in [
        builder().user_agent(evil),
        builder().bearer_token(evil),
        builder().api_key(ApiKeyPlace::Header, "X-Key", evil),
        builder().api_key(ApiKeyPlace::Header, evil, "k"),
        builder().api_key(ApiKeyPlace::Cookie, "sid", evil),
        builder().api_key(ApiKeyPlace::Cookie, evil, "k"),
    ] {
        assert!(builder.build().unwrap_err().is_config());
    }
    let client = server.client();
    let paths = ["/a\r\nX-Evil: 1", "/a\nb", "/a b", "/a HTTP/1.1\r\n\r\n"];
    for path in paths {
        let error = client.request(Method::GET, path).send().await.unwrap_err();
        assert!(error.is_request(), "{error}");
    }
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn a_request_without_the_body_it_could_have_says_so() {
    let server = Server::playing(reply("204 No Content", "")).await;
    let users = server.users();
    let put = users.put_user_station_defaultstation_station_id("u-1", "s-1");
    put.send().await.unwrap();
    users
        .delete_user_routingskill("u-1", "s-1")
        .send()
        .await
        .unwrap();
    let requests = server.requests();
    assert_eq!(requests[0].header("content-length"), Some("0"));
    assert_eq!(requests[1].header("content-length"), None);
}

#[tokio::test]
async fn a_body_that_is_empty_has_a_length_too() {
    let server = Server::playing(reply("204 No Content", "")).await;
    let client = server.client();
    let text = HeaderValue::from_static("text/plain");
    let empty = client.request(Method::POST, "/x").body(text, "");
    empty.send().await.unwrap();
    let sent = server.request();
    assert_eq!(sent.header("content-length"), Some("0"));
    assert_eq!(sent.header("content-type"), Some("text/plain"));
}

// What comes with a response.

#[tokio::test]
async fn the_figures_of_the_rate_limit_come_with_success_and_refusal() {
    let figures =
        "\ninin-ratelimit-count: 299\ninin-ratelimit-allowed: 300\ninin-ratelimit-reset: 7";
    let server = Server::deciding(move |request| match &request.line[..3] {
        "GET" => reply(&format!("200 OK{figures}"), "{}"),
        "PUT" => reply("200 OK", "{}"),
        _ => reply(
            &format!("429 Too Many Requests\nRetry-After: 9{figures}"),
            "{}",
        ),
    })
    .await;
    let client = server.client();
    let get = client.users().get_user("u-1").send_with_response();
    let told = get.await.unwrap().rate_limit().unwrap();
    assert_eq!((told.count, told.allowed), (Some(299), Some(300)));
    assert_eq!(told.remaining(), Some(1));
    assert_eq!(told.reset, Some(Duration::from_secs(7)));
    let error = client.users().delete_user("u-1").send().await.unwrap_err();
    assert_eq!(error.rate_limit(), Some(told));
    assert_eq!(error.retry_after(), Some(Duration::from_secs(9)));
    let silent = client.request(Method::PUT, "/").send().await.unwrap();
    assert_eq!(silent.rate_limit(), None);
}

// Requests to endpoints that are no operations.

#[tokio::test]
async fn a_raw_request_is_sent_as_it_was_put_together() {
    let server = Server::playing(reply(
        "201 Created\nININ-Correlation-Id: c-1",
        r#"{"id":7,"list":[null]}"#,
    ))
    .await;
    let client = server.client();
    let post = client
        .request(Method::POST, "/api/v2/things/a%2Fb")
        .query("pageSize", 100)
        .query("q", "ü&")
        .header(header::ACCEPT, HeaderValue::from_static("text/x"))
        .json(&json!({"name": "Jörg"}));
    let response = post.send_json::<Value>().await.unwrap();
    assert_eq!(response.status(), StatusCode::CREATED);
    assert_eq!(response.correlation_id(), Some("c-1"));
    assert_eq!(response.into_body(), json!({"id": 7, "list": [null]}));
    let sent = server.request();
    assert_eq!(
        sent.line,
        "POST /api/v2/things/a%2Fb?pageSize=100&q=%C3%BC%26"
    );
    assert_eq!(sent.body, r#"{"name":"Jörg"}"#);
    assert_eq!(sent.header("content-type"), Some("application/json"));
    assert_eq!(sent.header("accept"), Some("text/x"));
    let bearer = format!("Bearer {TOKEN}");
    assert_eq!(sent.header("authorization"), Some(bearer.as_str()));
}

#[tokio::test]
async fn a_raw_request_takes_and_gives_any_bytes() {
    let server = Server::playing(reply("200 OK\nContent-Type: text/csv", "a,b\n")).await;
    let client = server.client();
    let csv = HeaderValue::from_static("text/csv");
    let put = client.request(Method::PUT, "/x").body(csv, "1,2\n");
    let options = RequestOptions::new().with_query("dry", true);
    let response = put.with_options(options).send().await.unwrap();
    assert_eq!(response.body(), "a,b\n");
    let sent = server.request();
    assert_eq!(
        (sent.line.as_str(), sent.body.as_str()),
        ("PUT /x?dry=true", "1,2\n")
    );
    assert_eq!(sent.header("content-type"), Some("text/csv"));
}

#[tokio::test]
async fn the_answer_to_head_has_no_body_however_long_it_says_it_is() {
    let server = Server::playing(reply(
        &format!("200 OK\nContent-Length: {}", 1u64 << 40),
        "",
    ))
    .await;
    let head = server.client().request(Method::HEAD, "/x").send();
    assert!(head.await.unwrap().body().is_empty());
}

#[tokio::test]
async fn the_errors_of_a_raw_request_are_those_of_every_call() {
    let body = r#"{"code":"not.found","message":"No such thing"}"#;
    let server = Server::deciding(move |request| match request.line.as_str() {
        "GET /list" => ok(r#"[1,"two"]"#),
        _ => reply("404 Not Found\nININ-Correlation-Id: c-1", body),
    })
    .await;
    let client = server.client();
    let get = |path: &str| client.request(Method::GET, path);
    let error = get("/none").send().await.unwrap_err();
    assert!(error.is_not_found(), "{error}");
    assert_eq!(error.operation(), Some("request"));
    assert_eq!(error.code(), Some("not.found"));
    assert_eq!(error.correlation_id(), Some("c-1"));
    let error = get("/list").send_json::<Vec<i32>>().await.unwrap_err();
    assert!(error.is_decode(), "{error}");
    assert_eq!(error.json_path(), Some("$[1]"));
    assert_eq!(error.body().unwrap(), r#"[1,"two"]"#);
    assert_eq!(error.attempts(), 1);
}

#[tokio::test]
async fn a_raw_request_leads_to_no_other_place() {
    let server = Server::playing(ok("{}")).await;
    let client = server.client();
    let refused = async |path: &str| {
        let request = client.request(Method::GET, path);
        let error: Error = request.query("a", 1).send().await.unwrap_err();
        assert!(error.is_request(), "{path}: {error}");
        assert_eq!((error.attempts(), error.status()), (0, None));
    };
    for path in [
        "",
        "x",
        "api/v2/users",
        "@evil.example/x",
        ".evil.example/x",
        ":80/x",
        "http://evil.example/x",
        "/x?y=1",
        "/x#y",
        "?y=1",
        "/a/../b",
        "/a/%2E./b",
        "/a\\..\\b",
    ] {
        refused(path).await;
    }
    assert_eq!(server.connections(), 0);
    // Two slashes begin a host only where there is none before them.
    let odd = client.request(Method::GET, "//evil.example/x").send();
    odd.await.unwrap();
    assert_eq!(server.request().line, "GET //evil.example/x");
}

#[tokio::test]
async fn a_body_that_cannot_be_written_as_json_is_refused_unsent() {
    let server = Server::playing(ok("{}")).await;
    let unwritable = std::collections::HashMap::from([((1, 2), 3)]);
    let post = server
        .client()
        .request(Method::POST, "/x")
        .json(&unwritable);
    let error = post.send().await.unwrap_err();
    assert!(error.is_request(), "{error}");
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn debug_output_of_requests_holds_no_value() {
    let server = Server::playing(reply("400 Bad", "")).await;
    let secret = HeaderValue::from_static(KEY);
    let raw = server
        .client()
        .request(Method::POST, "/x")
        .query("key", Secret::new(KEY))
        .header(header::COOKIE, secret.clone())
        .json(&ChangePasswordRequest::new(KEY));
    let options = RequestOptions::new()
        .with_header(header::COOKIE, secret)
        .with_query("key", KEY);
    let mut text = format!("{raw:?} {options:?} ");
    let error = raw.with_options(options).send().await.unwrap_err();
    text += &shown(&error);
    assert!(!text.contains(KEY) && !text.contains(TOKEN), "{text}");
    assert!(server.request().body.contains(KEY));
}
