//! What is sent again, and how often. `retries/waits.rs` has after what wait.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;
#[path = "retries/waits.rs"]
mod waits;

use std::time::Duration;

use genesys_cloud_users::{
    Client, RequestOptions, RetryPolicy,
    models::{CreateUser, OutOfOffice, UpdateUser, UserSearchRequest},
};
use http::{Method, StatusCode};
use support::{
    CHUNKED, Server, Step, TOKEN, get,
    observe::{Attempts, shown, timed},
    ok, pause, raw, reply,
    script::{by_number, in_turn, refusing, stumbling},
};

/// Three retries after next to no wait.
fn quick() -> RetryPolicy {
    RetryPolicy::new().with_initial_backoff(Duration::from_millis(2))
}

fn unavailable() -> Vec<Step> {
    reply("503 Service Unavailable", "")
}

fn limited(headers: &str) -> Vec<Step> {
    reply(&format!("429 Too Many Requests{headers}"), "")
}

/// A client of this server that sends again.
fn persistent(server: &Server) -> Client {
    server.builder().retry(quick()).build().unwrap()
}

/// A server in trouble that does not pass.
async fn in_trouble() -> Server {
    Server::playing(unavailable()).await
}

// What is sent again.

#[tokio::test]
async fn what_is_safe_to_do_twice_is_sent_again_after_a_503() {
    let server = Server::deciding(stumbling(|_| unavailable(), ok("{}"))).await;
    let client = persistent(&server);
    let users = client.users();
    users.get_user("u-1").send().await.unwrap();
    let absence = OutOfOffice::default();
    let put = users.put_user_outofoffice("u-1", &absence);
    put.send().await.unwrap();
    users.delete_user("u-1").send().await.unwrap();
    // A POST that only reads: the description says so.
    let search = users.post_users_search(&UserSearchRequest::default());
    search.send().await.unwrap();
    let idempotent = RequestOptions::new().with_idempotent(true);
    let body = CreateUser::new("Ada", "a@example.com", "d-1");
    let create = users.post_users(&body).with_options(idempotent);
    create.send().await.unwrap();
    let lines: Vec<String> = server.requests().into_iter().map(|it| it.line).collect();
    let expected = [
        "GET /api/v2/users/u-1",
        "PUT /api/v2/users/u-1/outofoffice",
        "DELETE /api/v2/users/u-1",
        "POST /api/v2/users/search",
        "POST /api/v2/users",
    ];
    assert_eq!(lines, expected.map(|line| [line; 2]).concat());
}

#[tokio::test]
async fn what_may_have_had_its_effect_is_not_sent_again_after_a_503() {
    let server = Server::deciding(stumbling(|_| unavailable(), ok("{}"))).await;
    let client = persistent(&server);
    let users = client.users();
    let body = CreateUser::new("Ada", "a@example.com", "d-1");
    let post = users.post_users(&body).send().await.unwrap_err();
    let patch = users.patch_user("u-1", &UpdateUser::new(1));
    let patch = patch.send().await.unwrap_err();
    // Whoever asks knows better than the method.
    let once = RequestOptions::new().with_idempotent(false);
    let get = users.get_user("u-1").with_options(once);
    let get = get.send().await.unwrap_err();
    for error in [post, patch, get] {
        assert_eq!(error.status(), Some(StatusCode::SERVICE_UNAVAILABLE));
        assert_eq!(error.attempts(), 1);
        assert!(error.is_retryable(), "{error}");
    }
    assert_eq!(server.requests().len(), 3);
}

#[tokio::test]
async fn a_raw_request_is_sent_again_if_its_method_allows() {
    let server = Server::deciding(stumbling(|_| unavailable(), ok("{}"))).await;
    let client = persistent(&server);
    for method in [Method::GET, Method::PUT, Method::DELETE, Method::OPTIONS] {
        client.request(method, "/safe").send().await.unwrap();
    }
    assert_eq!(server.requests().len(), 8);
    for method in [Method::POST, Method::PATCH] {
        let error = client.request(method, "/once").send().await.unwrap_err();
        assert_eq!(error.attempts(), 1);
    }
    let post = client.request(Method::POST, "/told").json(&[1]);
    let told = post.with_options(RequestOptions::new().with_idempotent(true));
    told.send().await.unwrap();
    assert_eq!(server.requests().len(), 12);
}

#[tokio::test]
async fn trouble_that_may_pass_is_waited_out_where_that_is_safe() {
    let sized = raw("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{}");
    let faults = [
        reply("502 Bad Gateway", "<html>"),
        reply("504 Gateway Timeout", ""),
        vec![Step::Reset],
        vec![Step::Close],
        vec![raw("HTTP/1.1 200 OK\r\nConte"), Step::Reset],
        vec![raw("HTTP/1.1 200 OK\r\nConte"), Step::Close],
        vec![sized.clone(), Step::Reset],
        vec![sized, Step::Close],
        vec![raw(CHUNKED), raw("2\r\n{}\r\n"), Step::Close],
        vec![Step::Hang],
    ];
    let count = faults.len() as u64;
    let server = Server::deciding(stumbling(by_number(faults), ok("{}"))).await;
    let builder = server.builder().retry(quick());
    let client = builder.build().unwrap();
    let brief = || RequestOptions::new().with_attempt_timeout(Duration::from_millis(300));
    for number in 0..count {
        let sent = server.requests().len();
        let read = client.users().get_user(number).with_options(brief());
        read.send().await.unwrap();
        assert_eq!(server.requests().len() - sent, 2, "fault {number}");
        let change = UpdateUser::new(1);
        let change = client.users().patch_user(number, &change);
        let error = change.with_options(brief()).send().await.unwrap_err();
        assert_eq!(error.attempts(), 1, "{error}");
        assert_eq!(server.requests().len() - sent, 3, "fault {number}");
    }
}

#[tokio::test]
async fn what_will_not_pass_is_not_sent_again() {
    let answers = [
        "400 Bad", "401 Who", "403 No", "404 None", "409 Both", "500 Oops", "501 What",
    ];
    let mut scripts: Vec<_> = answers.iter().map(|head| reply(head, "")).collect();
    scripts.push(ok("not JSON"));
    scripts.push(ok(&"x".repeat(5000)));
    let count = scripts.len() as u64;
    let server = Server::deciding(by_number(scripts)).await;
    let builder = server.builder().retry(quick()).max_response_bytes(4096);
    let client = builder.build().unwrap();
    for number in 0..count {
        let error = client.users().get_user(number).send().await.unwrap_err();
        assert_eq!(error.attempts(), 1, "{error}");
        assert!(!error.is_retryable(), "{error}");
    }
    assert_eq!(server.requests().len() as u64, count);
}

#[tokio::test]
async fn a_refused_connection_is_tried_again_whatever_the_method() {
    let (_held, address) = refusing();
    let attempts = Attempts::default();
    let builder = Client::builder()
        .base_url(format!("http://{address}"))
        .without_credentials()
        .retry(quick().with_max_retries(2))
        .on_attempt(attempts.observer());
    let client = builder.build().unwrap();
    let body = CreateUser::new("Ada", "a@example.com", "d-1");
    let read = get(&client).await.unwrap_err();
    let create = client.users().post_users(&body).send().await.unwrap_err();
    for error in [&read, &create] {
        assert!(error.is_connect() && error.is_retryable(), "{error}");
        assert!(!error.is_timeout() && !error.is_status(), "{error}");
        assert_eq!((error.status(), error.body()), (None, None));
        assert_eq!(error.attempts(), 3);
    }
    // Nothing was sent, so a POST is safe too.
    assert_eq!(attempts.numbers(), [1, 2, 3, 1, 2, 3]);
    let told = attempts.all();
    assert!(
        told.iter()
            .all(|it| it.status.is_none() && it.error.is_some())
    );
    assert_eq!(
        (told[0].method.as_str(), told[3].method.as_str()),
        ("GET", "POST")
    );
}

#[tokio::test]
async fn the_same_request_is_sent_again() {
    let script = in_turn([
        unavailable(),
        vec![Step::Reset],
        vec![Step::Close],
        ok("{}"),
    ]);
    let server = Server::deciding(script).await;
    let body = CreateUser::new("Jörg", "j@example.com", "d-1").with_password("pä55");
    let client = persistent(&server);
    let options = RequestOptions::new()
        .with_idempotent(true)
        .with_query("dryRun", true);
    let create = client.users().post_users(&body).with_options(options);
    create.send().await.unwrap();
    let requests = server.requests();
    assert_eq!(requests.len(), 4);
    for request in &requests {
        assert_eq!(request.line, "POST /api/v2/users?dryRun=true");
        assert_eq!(request.body, serde_json::to_string(&body).unwrap());
        assert_eq!(request.headers, requests[0].headers);
    }
}

// How often.

#[tokio::test]
async fn retries_end_after_as_many_as_were_allowed() {
    let server = in_trouble().await;
    let client = persistent(&server);
    let attempts_of = async |options| {
        let request = client.users().get_user("u-1").with_options(options);
        let error = request.send().await.unwrap_err();
        assert_eq!(error.status(), Some(StatusCode::SERVICE_UNAVAILABLE));
        assert!(!error.to_string().contains(';'), "{error}");
        error.attempts()
    };
    let options = RequestOptions::new;
    assert_eq!(attempts_of(options()).await, 4);
    assert_eq!(server.requests().len(), 4);
    // The policy of one request goes before that of the client.
    let policy = |retries| options().with_retry(quick().with_max_retries(retries));
    assert_eq!(attempts_of(policy(1)).await, 2);
    assert_eq!(
        attempts_of(options().with_retry(RetryPolicy::none())).await,
        1
    );
    assert_eq!(attempts_of(policy(6)).await, 7);
    assert_eq!(server.requests().len(), 14);
}

#[tokio::test]
async fn a_client_stops_sending_again_when_nothing_succeeds() {
    let server = Server::deciding(by_number([unavailable(), ok("{}")])).await;
    let builder = server.builder().retry(quick().with_max_retries(10));
    let client = builder.retry_budget(2).build().unwrap();
    let failing = async || {
        let error = client.users().get_user(0).send().await.unwrap_err();
        let says_so = error.to_string().contains("retry budget is used up");
        assert!(says_so, "{error}");
        assert_eq!(error.status(), Some(StatusCode::SERVICE_UNAVAILABLE));
        error.attempts()
    };
    assert_eq!(failing().await, 3);
    assert_eq!(failing().await, 1);
    for _ in 0..4 {
        client.users().get_user(1).send().await.unwrap();
    }
    assert_eq!(failing().await, 1);
    client.users().get_user(1).send().await.unwrap();
    // Five successes are worth a retry.
    assert_eq!(failing().await, 2);
    assert_eq!(failing().await, 1);
}

// Time for an attempt and for the whole.

#[tokio::test]
async fn an_attempt_that_takes_too_long_is_followed_by_another() {
    let server = Server::playing([Step::Hang]).await;
    let brief = Duration::from_millis(100);
    let builder = server.builder().attempt_timeout(brief);
    let client = builder.retry(quick().with_max_retries(2)).build().unwrap();
    let (outcome, elapsed) = timed(get(&client)).await;
    let error = outcome.unwrap_err();
    assert!(error.is_timeout() && !error.is_connect(), "{error}");
    assert_eq!((error.attempts(), server.requests().len()), (3, 3));
    assert!(
        elapsed >= 3 * brief && elapsed < Duration::from_secs(10),
        "{elapsed:?}"
    );
    // What is not safe to repeat is not.
    let change = UpdateUser::new(1);
    let change = client.users().patch_user("u-1", &change);
    assert!(change.send().await.unwrap_err().is_timeout());
    assert_eq!(server.requests().len(), 4);
}

#[tokio::test]
async fn a_service_that_drips_is_cut_off_by_attempt_and_by_call() {
    let mut drops = vec![raw("HTTP/1.1 200 OK\r\nContent-Length: 60\r\n\r\n")];
    for _ in 0..60 {
        drops.extend([raw(" "), pause(1000)]);
    }
    let server = Server::playing(drops).await;
    let client = persistent(&server);
    let options = |attempt, whole| {
        RequestOptions::new()
            .with_retry(quick().with_max_retries(1000))
            .with_attempt_timeout(Duration::from_millis(attempt))
            .with_timeout(Duration::from_millis(whole))
    };
    let dripping = async |options| {
        let call = client.users().get_user("u-1").with_options(options);
        let (outcome, elapsed) = timed(call.send()).await;
        let error = outcome.unwrap_err();
        assert!(error.is_timeout() && error.is_retryable(), "{error}");
        assert!(elapsed < Duration::from_secs(10), "{elapsed:?}");
        (error, elapsed)
    };
    let (error, elapsed) = dripping(options(250, 900)).await;
    assert!(
        (2..=4).contains(&error.attempts()),
        "{error:?} {}",
        error.attempts()
    );
    assert!(elapsed >= Duration::from_millis(500), "{elapsed:?}");
    // The time for the whole cuts an attempt that could take longer.
    let (error, _) = dripping(options(20_000, 300)).await;
    assert_eq!(error.attempts(), 1);
}

#[tokio::test]
async fn attempts_are_counted_only_if_they_were_made() {
    let server = Server::playing([Step::Hang]).await;
    let attempts = Attempts::default();
    let builder = server
        .builder()
        .retry(RetryPolicy::new().with_initial_backoff(Duration::ZERO))
        .on_attempt(attempts.observer());
    let client = builder.build().unwrap();
    let brief = RequestOptions::new().with_timeout(Duration::from_millis(150));
    let call = client.users().get_user("u-1").with_options(brief);
    let error = call.send().await.unwrap_err();
    assert!(error.is_timeout(), "{error}");
    assert_eq!(server.requests().len(), 1);
    assert_eq!((error.attempts(), attempts.numbers()), (1, vec![1]));
}

#[tokio::test]
async fn time_that_runs_out_during_an_attempt_is_not_told_as_what_came_before() {
    let script = in_turn([limited(""), vec![Step::Hang]]);
    let server = Server::deciding(script).await;
    let client = persistent(&server);
    let brief = RequestOptions::new().with_timeout(Duration::from_millis(300));
    let change = UpdateUser::new(1);
    let change = client
        .users()
        .patch_user("u-1", &change)
        .with_options(brief);
    let error = change.send().await.unwrap_err();
    // The 429 alone would say that nothing was done; the second attempt may have done it.
    assert!(error.is_timeout() && !error.is_rate_limited(), "{error}");
    assert_eq!((error.attempts(), server.requests().len()), (2, 2));
}

// What is told.

#[tokio::test]
async fn every_attempt_is_told_once_it_is_over() {
    let mut late = vec![pause(60)];
    late.extend(ok("{}"));
    let script = in_turn([
        unavailable(),
        vec![Step::Reset],
        limited("\nRetry-After: 0"),
        late,
    ]);
    let server = Server::deciding(script).await;
    let attempts = Attempts::default();
    let builder = server.builder().retry(quick());
    let client = builder.on_attempt(attempts.observer()).build().unwrap();
    get(&client).await.unwrap();
    let told = attempts.all();
    assert_eq!(attempts.numbers(), [1, 2, 3, 4]);
    let statuses: Vec<_> = told.iter().map(|it| it.status).collect();
    assert_eq!(statuses, [Some(503), None, Some(429), Some(200)]);
    let host = server.url().replace("http://", "");
    let broke_off = format!("the exchange with {host} broke off");
    let errors: Vec<_> = told.iter().map(|it| it.error.as_deref()).collect();
    assert_eq!(errors, [None, Some(&*broke_off), None, None]);
    for (attempt, most) in told.iter().zip([2, 4, 8]) {
        assert!(
            attempt.retry_in.unwrap() <= Duration::from_millis(most),
            "{attempt:?}"
        );
    }
    assert_eq!(told[3].retry_in, None);
    assert!(told[3].elapsed >= Duration::from_millis(50), "{told:?}");
    for attempt in &told {
        assert_eq!(attempt.operation, "getUser");
        assert_eq!(attempt.method, "GET");
        assert_eq!(attempt.path, "/api/v2/users/{userId}");
        assert!(!attempt.shown.contains(TOKEN), "{attempt:?}");
    }
}

#[tokio::test]
async fn a_plain_token_that_is_refused_is_an_error_at_once() {
    let server = Server::playing(reply("401 Unauthorized", r#"{"code":"bad.credentials"}"#)).await;
    let attempts = Attempts::default();
    let builder = server.builder().retry(quick());
    let client = builder.on_attempt(attempts.observer()).build().unwrap();
    let error = get(&client).await.unwrap_err();
    assert!(error.is_unauthorized() && !error.is_login(), "{error}");
    assert!(!shown(&error).contains(TOKEN));
    assert_eq!((error.attempts(), server.requests().len()), (1, 1));
    assert_eq!(attempts.all()[0].retry_in, None);
}
