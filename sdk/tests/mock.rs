//! Tests as users of the SDK write them: their own code, with the mock in the service's place.

#![cfg(feature = "mock")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::{error::Error as _, time::Duration};

use bytes::Bytes;
use futures_util::stream;
use genesys_cloud_users::{
    Body, Client, ClientBuilder, PagesEnd, RequestOptions, Result, RetryPolicy,
    mock::{Answer, Mock},
    models::{UpdateUser, User},
    users::GetUsersState,
};
use http::{HeaderValue, Method, StatusCode, header};
use serde_json::{Value, json};
use tokio::time::Instant;

/// What is tested: gives a user a title, unless somebody else was faster.
async fn promote(client: &Client, id: &str, title: &str) -> Result<Option<String>> {
    let user = client.users().get_user(id).send().await?;
    let change = UpdateUser::new(user.version.unwrap_or(1)).with_title(title);
    match client.users().patch_user(id, &change).send().await {
        Ok(user) => Ok(user.title),
        Err(error) if error.status() == Some(StatusCode::CONFLICT) => Ok(None),
        Err(error) => Err(error),
    }
}

fn builder(mock: &Mock) -> ClientBuilder {
    let retry = RetryPolicy::new().with_initial_backoff(Duration::ZERO);
    Client::builder()
        .bearer_token("t0ken")
        .retry(retry)
        .transport(mock.clone())
}

fn client(mock: &Mock) -> Client {
    builder(mock).build().unwrap()
}

async fn get(client: &Client) -> Result<User> {
    client.users().get_user("u-1").send().await
}

fn user(id: &str) -> User {
    serde_json::from_value(json!({"id": id, "version": 7})).unwrap()
}

/// Runs a future and measures its duration by the test's clock.
async fn timed<T>(future: impl Future<Output = T>) -> (T, Duration) {
    let started = Instant::now();
    let output = future.await;
    (output, started.elapsed())
}

// What is answered, and what is kept.

#[tokio::test]
async fn code_is_tested_against_canned_answers() {
    let mock = Mock::new();
    mock.once("getUser", Answer::json(200, &user("u-1")));
    let lead = json!({"id": "u-1", "title": "Lead"});
    mock.once("patchUser", Answer::json(200, &lead));
    let title = promote(&client(&mock), "u-1", "Lead").await.unwrap();
    assert_eq!(title.as_deref(), Some("Lead"));
    let requests = mock.requests();
    let operations: Vec<_> = requests.iter().map(|request| request.operation).collect();
    assert_eq!(operations, ["getUser", "patchUser"]);
    let patch = &mock.requests_of("patchUser")[0];
    assert_eq!(patch.method, Method::PATCH);
    assert_eq!(patch.path, "/api/v2/users/u-1");
    let body: Value = patch.json().unwrap();
    assert_eq!(body, json!({"title": "Lead", "version": 7}));
    assert_eq!(patch.header("authorization"), Some("Bearer t0ken"));
    assert_eq!(patch.header("x-absent"), None);
    assert_eq!(mock.unused(), 0);
}

#[tokio::test]
async fn a_failure_is_as_easy_to_play_as_a_success() {
    let mock = Mock::new();
    mock.always("getUser", Answer::json(200, &user("u-1")))
        .once("patchUser", Answer::status(409))
        .once(
            "patchUser",
            Answer::json(404, &json!({"code": "not.found"})),
        );
    let client = client(&mock);
    assert_eq!(promote(&client, "u-1", "Lead").await.unwrap(), None);
    let error = promote(&client, "u-1", "Lead").await.unwrap_err();
    assert!(error.is_not_found());
    assert_eq!(error.code(), Some("not.found"));
    assert_eq!(error.headers().unwrap()["content-type"], "application/json");
}

#[tokio::test]
async fn a_body_can_come_in_pieces_and_break_off() {
    let mock = Mock::new();
    let pieces = || Answer::pieces(200, "application/json", ["[1", ",2]"]);
    mock.once("request", pieces())
        .once("request", pieces())
        .once("request", pieces().then_broken_off());
    let client = client(&mock);
    let stream =
        stream::iter([Ok::<_, std::io::Error>("a"), Ok("b")].map(|it| it.map(Bytes::from)));
    let text = HeaderValue::from_static("text/plain");
    let request = client
        .request(Method::PUT, "/x")
        .body(text, Body::stream(stream));
    let whole = request.send().await.unwrap().into_body();
    assert_eq!(whole, "[1,2]");
    assert_eq!(mock.requests()[0].body, "ab");
    let request = || client.request(Method::GET, "/x").send_stream();
    let mut stream = request().await.unwrap().into_body();
    assert_eq!(stream.next_chunk().await.unwrap().unwrap(), "[1");
    assert_eq!(stream.collect().await.unwrap(), ",2]");
    let error = request().await.unwrap().into_body().collect().await;
    assert!(error.unwrap_err().to_string().contains("broke off"));
}

#[tokio::test]
async fn answers_are_used_in_order_and_then_the_lasting_one() {
    let mock = Mock::new();
    let share = mock.clone();
    share
        .always("getUser", Answer::json(200, &user("always")))
        .once("getUser", Answer::json(200, &user("first")))
        .once("getUser", Answer::json(200, &user("second")));
    // An answer of another operation is no answer of this one.
    mock.once("getUsersMe", Answer::status(204));
    assert_eq!(mock.unused(), 3);
    let client = client(&mock);
    for expected in ["first", "second", "always", "always"] {
        let user = get(&client).await.unwrap();
        assert_eq!(user.id.as_deref(), Some(expected));
    }
    assert_eq!((mock.unused(), share.requests().len()), (1, 4));
    mock.always("getUser", Answer::json(200, &user("other")));
    assert_eq!(get(&client).await.unwrap().id.as_deref(), Some("other"));
}

#[tokio::test]
async fn a_query_is_kept_as_sent_and_can_be_read() {
    let mock = Mock::new();
    mock.always("getUsers", Answer::json(200, &json!({})));
    let users = client(&mock).users();
    let request = users.get_users().id(["a b", "ü"]);
    let request = request.state(GetUsersState::Any);
    request.send().await.unwrap();
    users.get_users().send().await.unwrap();
    let requests = mock.requests();
    assert_eq!(requests[0].query, "id=a%20b&id=%C3%BC&state=any");
    let value = |name| requests[0].query_value(name);
    assert_eq!(value("id").as_deref(), Some("a b"));
    assert_eq!(value("state").as_deref(), Some("any"));
    assert_eq!(value("expand"), None);
    assert_eq!(requests[1].query, "");
    assert!(requests[1].json::<Value>().is_err());
}

#[tokio::test]
async fn requests_without_a_method_of_their_own_are_answered_too() {
    let mock = Mock::new();
    mock.once("request", Answer::json(200, &json!({"on": true})));
    let request = client(&mock).request(Method::GET, "/api/v2/flags");
    let answer = request.query("name", "a/b").send_json::<Value>().await;
    assert_eq!(answer.unwrap().into_body(), json!({"on": true}));
    let request = &mock.requests_of("request")[0];
    assert_eq!(
        (request.path.as_str(), request.query.as_str()),
        ("/api/v2/flags", "name=a%2Fb")
    );
}

#[tokio::test]
async fn an_answer_can_depend_on_the_request() {
    let mock = Mock::new();
    let seen = mock.clone();
    let answer = Answer::computed(move |request| {
        let id = request.path.rsplit('/').next().unwrap();
        match id {
            "gone" => Answer::status(404),
            "cut" => Answer::broken_off(),
            // The record is there to be read.
            _ => Answer::json(200, &user(&format!("{id}-{}", seen.requests().len()))),
        }
    });
    mock.always("getUser", answer);
    let users = client(&mock).users();
    for (id, expected) in [("a", "a-1"), ("b", "b-2")] {
        let user = users.get_user(id).send().await.unwrap();
        assert_eq!(user.id.as_deref(), Some(expected));
    }
    assert!(
        users
            .get_user("gone")
            .send()
            .await
            .unwrap_err()
            .is_not_found()
    );
    let error = users.get_user("cut").send().await.unwrap_err();
    assert!(error.is_retryable() && error.status().is_none());
}

#[tokio::test(start_paused = true)]
async fn a_computed_answer_keeps_its_own_delay() {
    let mock = Mock::new();
    let late = |_: &_| Answer::json(200, &user("late")).after(Duration::from_secs(7));
    mock.once("getUser", Answer::computed(late));
    let (user, took) = timed(get(&client(&mock))).await;
    user.unwrap();
    assert_eq!(took, Duration::from_secs(7));
    let hour = |_: &_| Answer::status(204).after(Duration::from_secs(3600));
    mock.once("getUser", Answer::computed(hour));
    let options = RequestOptions::new().with_retry(RetryPolicy::none());
    let request = client(&mock).users().get_user("u-1").with_options(options);
    assert!(request.send().await.unwrap_err().is_timeout());
}

#[tokio::test]
async fn bodies_are_held_to_the_limits_of_the_client() {
    let mock = Mock::new();
    let client = builder(&mock)
        .max_response_bytes(10)
        .max_error_body_bytes(4)
        .build()
        .unwrap();
    mock.once(
        "getUser",
        Answer::body(200, "application/json", "{\"id\":\"12\"}"),
    )
    .once(
        "getUser",
        Answer::body(200, "application/json", "{\"id\":\"1\"}"),
    )
    .once("getUser", Answer::body(400, "text/plain", "too long"));
    assert!(get(&client).await.unwrap_err().is_too_large());
    get(&client).await.unwrap();
    assert_eq!(get(&client).await.unwrap_err().body().unwrap(), "too ");
}

// Failures, and what the client does about them.

#[tokio::test]
async fn retries_use_up_the_script() {
    let mock = Mock::new();
    mock.once("getUser", Answer::status(503))
        .once("getUser", Answer::broken_off())
        .once("getUser", Answer::timeout())
        .once("getUser", Answer::json(200, &user("u-1")));
    get(&client(&mock)).await.unwrap();
    assert_eq!((mock.requests().len(), mock.unused()), (4, 0));
    // What may have had its effect is not sent again; what was never sent is.
    let change = UpdateUser::new(1);
    for (answer, attempts) in [
        (Answer::status(503), 1),
        (Answer::broken_off(), 1),
        (Answer::timeout(), 1),
        (Answer::no_connection(), 4),
        (Answer::status(429), 4),
    ] {
        let mock = Mock::new();
        mock.always("patchUser", answer);
        let request = client(&mock).users().patch_user("u-1", &change);
        let error = request.send().await.unwrap_err();
        let sent = mock.requests().len();
        assert_eq!(
            (error.attempts(), sent),
            (attempts, attempts as usize),
            "{error}"
        );
    }
}

#[tokio::test]
async fn every_failure_looks_as_it_does_on_the_network() {
    let failure = async |answer| {
        let mock = Mock::new();
        mock.always("getUser", answer);
        let client = builder(&mock).retry(RetryPolicy::none()).build().unwrap();
        get(&client).await.unwrap_err()
    };
    let error = failure(Answer::no_connection()).await;
    assert!(error.is_connect() && !error.is_timeout() && error.is_retryable());
    let error = failure(Answer::timeout()).await;
    assert!(error.is_timeout() && !error.is_connect() && error.is_retryable());
    let error = failure(Answer::broken_off()).await;
    assert!(!error.is_timeout() && !error.is_connect() && error.is_retryable());
    assert!(!error.is_status() && !error.is_decode() && !error.is_request());
    let error = failure(Answer::body(200, "text/html", "<html>")).await;
    assert!(error.is_decode() && !error.is_retryable());
}

#[tokio::test(start_paused = true)]
async fn an_operation_without_an_answer_fails_at_once_and_is_named() {
    let mock = Mock::new();
    mock.once("patchUser", Answer::status(200));
    let retry = RetryPolicy::new().with_initial_backoff(Duration::from_secs(10));
    let client = builder(&mock).retry(retry).build().unwrap();
    let (error, took) = timed(get(&client)).await;
    let error = error.unwrap_err();
    assert_eq!(took, Duration::ZERO);
    assert_eq!((error.attempts(), error.operation()), (1, Some("getUser")));
    assert!(!error.is_retryable() && !error.is_connect());
    assert_eq!(
        error.to_string(),
        "getUser: the request cannot be sent: the mock has no answer left for `getUser`"
    );
    // It is said once, also where all causes are printed.
    assert!(error.source().is_none());
    // It was asked for all the same, which tells what to add to the script.
    assert_eq!(mock.requests_of("getUser").len(), 1);
}

#[tokio::test(start_paused = true)]
async fn time_passes_as_the_script_says() {
    let mock = Mock::new();
    let after = |seconds| Duration::from_secs(seconds);
    mock.once("getUser", Answer::json(200, &user("slow")).after(after(59)))
        .once("getUser", Answer::json(200, &user("late")).after(after(61)))
        .once("getUser", Answer::no_connection().after(after(3)));
    let client = builder(&mock).retry(RetryPolicy::none()).build().unwrap();
    let (user, took) = timed(get(&client)).await;
    assert_eq!(user.unwrap().id.as_deref(), Some("slow"));
    assert_eq!(took, after(59));
    // An attempt may take 60 s.
    let (error, took) = timed(get(&client)).await;
    assert!(error.unwrap_err().is_timeout());
    assert_eq!(took, after(60));
    let (error, took) = timed(get(&client)).await;
    assert!(error.unwrap_err().is_connect());
    assert_eq!(took, after(3));
}

#[tokio::test(start_paused = true)]
async fn a_wait_that_the_service_asks_for_is_kept_to() {
    let mock = Mock::new();
    let busy =
        || Answer::status(429).with_header(header::RETRY_AFTER, HeaderValue::from_static("7"));
    mock.once("getUser", busy())
        .once("getUser", Answer::json(200, &user("u-1")));
    let (user, took) = timed(get(&client(&mock))).await;
    user.unwrap();
    // And up to a tenth more, so that not all clients come back at once.
    let asked = Duration::from_secs(7);
    assert!(took >= asked && took <= asked.mul_f64(1.1), "{took:?}");
    // More than is left for the call is not waited for.
    mock.once("getUser", busy());
    let options = RequestOptions::new().with_timeout(Duration::from_secs(6));
    let request = client(&mock).users().get_user("u-1").with_options(options);
    let (error, took) = timed(request.send()).await;
    let error = error.unwrap_err();
    assert_eq!(error.retry_after(), Some(Duration::from_secs(7)));
    assert_eq!((took, mock.unused()), (Duration::ZERO, 0));
}

// More than one call.

#[tokio::test]
async fn pages_come_from_the_script() {
    let mock = Mock::new();
    let answer = Answer::computed(|request| {
        let number: u32 = match request.query_value("pageNumber") {
            Some(number) => number.parse().unwrap(),
            None => 1,
        };
        let users = [user(&format!("{number}a")), user(&format!("{number}b"))];
        Answer::json(200, &json!({"entities": users, "pageCount": 3}))
    });
    mock.always("getUsers", answer);
    for looks_ahead in [false, true] {
        let mut items = client(&mock).users().get_users().page_size(2).items();
        if looks_ahead {
            items = items.look_ahead();
        }
        let mut ids = Vec::new();
        while let Some(user) = items.try_next().await.unwrap() {
            ids.push(user.id.unwrap());
        }
        assert_eq!(ids, ["1a", "1b", "2a", "2b", "3a", "3b"]);
        assert_eq!(items.end(), Some(PagesEnd::Complete));
    }
    let numbers: Vec<_> = mock
        .requests()
        .iter()
        .map(|request| request.query_value("pageNumber").unwrap_or_default())
        .collect();
    assert_eq!(numbers, ["", "2", "3", "", "2", "3"]);
}

#[cfg(feature = "oauth")]
#[tokio::test]
async fn a_login_is_an_operation_like_any_other() {
    use genesys_cloud_users::Login;

    let mock = Mock::new();
    let grant = |token: &str| json!({"access_token": token, "token_type": "bearer"});
    mock.once("login", Answer::json(200, &grant("old")))
        .once("login", Answer::json(200, &grant("new")))
        .once("getUser", Answer::json(200, &user("u-1")))
        .once("getUser", Answer::status(401))
        .always("getUser", Answer::json(200, &user("u-1")));
    let login = || Login::client_credentials("my-app", "s3cr3t");
    let client = builder(&mock).login(login()).build().unwrap();
    for _ in 0..3 {
        get(&client).await.unwrap();
    }
    let calls = mock.requests_of("getUser");
    let tokens: Vec<_> = calls
        .iter()
        .map(|call| call.header("authorization").unwrap())
        .collect();
    assert_eq!(
        tokens,
        ["Bearer old", "Bearer old", "Bearer new", "Bearer new"]
    );
    let logins = mock.requests_of("login");
    assert_eq!((logins.len(), mock.unused()), (2, 0));
    assert_eq!(logins[0].method, Method::POST);
    assert_eq!(logins[0].body, "grant_type=client_credentials");

    let mock = Mock::new();
    mock.always(
        "login",
        Answer::json(400, &json!({"error": "invalid_client"})),
    );
    let client = builder(&mock).login(login()).build().unwrap();
    let error = get(&client).await.unwrap_err();
    assert!(error.is_login());
    assert_eq!(error.code(), Some("invalid_client"));
    assert!(mock.requests_of("getUser").is_empty());
}

#[test]
fn a_mock_shows_how_much_it_was_asked_and_no_token() {
    let mock = Mock::new();
    mock.once("getUser", Answer::json(200, &json!({"password": "s3cr3t"})));
    assert_eq!(format!("{mock:?}"), "Mock { requests: 0, unused: 1, .. }");
    let answer = Answer::json(200, &json!({"password": "s3cr3t"}));
    assert_eq!(format!("{answer:?}"), "Answer(200 OK)");
}

#[test]
#[should_panic(expected = "1000")]
fn a_status_that_cannot_be_is_found_out_where_it_is_written() {
    let _ = Answer::status(1000);
}
