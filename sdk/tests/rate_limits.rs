//! Calls that wait for a rate limit. `rate_limits/bulk.rs` tests many calls at once, on a paused
//! clock.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[path = "rate_limits/bulk.rs"]
mod bulk;
mod support;

use std::time::Duration;

use genesys_cloud_users::{Client, RequestOptions, RetryPolicy};
use http::StatusCode;
use support::{
    Server, get,
    observe::{Attempts, timed},
    ok, pause, reply,
    script::{in_turn, refusing},
};

const BODY: &str = r#"{"code":"too.many.requests.retry.after","message":"Later"}"#;

fn limited(seconds: u64) -> Vec<support::Step> {
    let head = format!(
        "429 Too Many Requests\nRetry-After: {seconds}\nContent-Type: application/json\n\
         ININ-Correlation-Id: c-1"
    );
    reply(&head, BODY)
}

/// A success with rate limit headers that report `count` of 2 requests used.
fn counted(count: u64, reset: u64) -> Vec<support::Step> {
    let head = format!(
        "200 OK\nContent-Type: application/json\ninin-ratelimit-count: {count}\n\
         inin-ratelimit-allowed: 2\ninin-ratelimit-reset: {reset}"
    );
    reply(&head, "{}")
}

/// One retry after next to no wait, and none that would be charged for.
fn frugal(server: &Server) -> Client {
    let once = RetryPolicy::new()
        .with_max_retries(1)
        .with_initial_backoff(Duration::from_millis(2));
    server
        .builder()
        .retry(once)
        .retry_budget(0)
        .build()
        .unwrap()
}

fn within(timeout: Duration) -> RequestOptions {
    RequestOptions::new().with_timeout(timeout)
}

#[tokio::test]
async fn a_429_that_says_when_to_come_back_is_neither_charged_nor_counted() {
    let server = Server::deciding(in_turn([limited(1), limited(1), ok("{}")])).await;
    let (outcome, elapsed) = timed(get(&frugal(&server))).await;
    outcome.unwrap();
    assert_eq!(server.requests().len(), 3);
    assert!(elapsed >= Duration::from_secs(2), "{elapsed:?}");
    // Nor if calls are not held.
    let server = Server::deciding(in_turn([limited(1), limited(1), ok("{}")])).await;
    let once = RetryPolicy::new().with_max_retries(1);
    let builder = server.builder().retry(once).retry_budget(0);
    let client = builder.hold_on_rate_limit(false).build().unwrap();
    get(&client).await.unwrap();
    assert_eq!(server.requests().len(), 3);
}

#[tokio::test]
async fn a_429_that_does_not_say_when_is_charged() {
    for head in [
        "429 Too Many Requests",
        "429 Too Many Requests\nRetry-After: 0",
    ] {
        let server = Server::deciding(in_turn([reply(head, ""), ok("{}")])).await;
        let client = frugal(&server);
        let error = get(&client).await.unwrap_err();
        assert!(error.to_string().contains("used up"), "{error}");
        // And holds nobody.
        let (outcome, elapsed) = timed(get(&client)).await;
        outcome.unwrap();
        assert!(elapsed < Duration::from_millis(900), "{elapsed:?}");
    }
}

#[tokio::test]
async fn other_calls_wait_until_the_service_says_to_come_back() {
    let server = Server::deciding(in_turn([limited(1), ok("{}")])).await;
    let attempts = Attempts::default();
    let client = server
        .builder()
        .on_attempt(attempts.observer())
        .build()
        .unwrap();
    // The call that met the 429 is not sent again, for its policy says so.
    let error = get(&client).await.unwrap_err();
    assert!(error.is_rate_limited(), "{error}");
    assert_eq!((error.attempts(), server.requests().len()), (1, 1));
    let (outcome, elapsed) = timed(get(&client)).await;
    outcome.unwrap();
    let expected = Duration::from_millis(900)..Duration::from_secs(5);
    assert!(expected.contains(&elapsed), "{elapsed:?}");
    assert_eq!(server.requests().len(), 2);
    let told = attempts.all();
    assert_eq!(told[0].held, Duration::ZERO);
    assert!(expected.contains(&told[1].held), "{told:?}");
    assert!(told[1].elapsed < told[1].held, "{told:?}");
}

#[tokio::test]
async fn a_call_that_has_no_time_to_wait_fails_at_once_with_the_429_of_another() {
    let server = Server::playing(limited(30)).await;
    let client = server.client();
    get(&client).await.unwrap_err();
    let request = client.users().get_user("u-2");
    let request = request.with_options(within(Duration::from_secs(2)));
    let (outcome, elapsed) = timed(request.send()).await;
    let error = outcome.unwrap_err();
    assert!(elapsed < Duration::from_secs(1), "{elapsed:?}");
    assert_eq!((error.attempts(), server.requests().len()), (0, 1));
    assert!(error.is_rate_limited() && error.is_status() && error.is_retryable());
    assert_eq!(error.status(), Some(StatusCode::TOO_MANY_REQUESTS));
    assert_eq!(error.code(), Some("too.many.requests.retry.after"));
    assert_eq!(error.body().unwrap(), BODY);
    let wait = error.retry_after().unwrap();
    let expected = Duration::from_secs(28)..Duration::from_secs(30);
    assert!(expected.contains(&wait), "{wait:?}");
    let text = error.to_string();
    assert!(
        text.contains("answered another call; this one was not sent"),
        "{text}"
    );
    assert!(text.contains("more than the 2.0 s left"), "{text}");
    assert!(text.contains("c-1"), "{text}");
}

#[tokio::test]
async fn headers_hold_calls_before_a_429_comes() {
    let script = in_turn([counted(1, 2), counted(2, 2), counted(1, 10)]);
    let server = Server::deciding(script).await;
    let client = server.client();
    let (_, elapsed) = timed(async {
        get(&client).await.unwrap();
        get(&client).await.unwrap();
    })
    .await;
    assert!(elapsed < Duration::from_secs(1), "{elapsed:?}");
    let (outcome, elapsed) = timed(get(&client)).await;
    outcome.unwrap();
    let expected = Duration::from_millis(1200)..Duration::from_secs(5);
    assert!(expected.contains(&elapsed), "{elapsed:?}");
}

#[tokio::test]
async fn requests_under_way_count_as_if_the_service_had_counted_them() {
    let mut late = vec![pause(400)];
    late.extend(counted(2, 10));
    let script = in_turn([counted(1, 10), late, counted(1, 10)]);
    let server = Server::deciding(script).await;
    let client = server.client();
    get(&client).await.unwrap();
    let brief = || client.users().get_user("u-1");
    let brief = || brief().with_options(within(Duration::from_secs(2))).send();
    // One more is allowed, and under way. The third call has no time to wait for the next window,
    // so that it is sent, but only once it is known that nothing is left.
    let (second, (third, elapsed)) = tokio::join!(brief(), timed(brief()));
    second.unwrap();
    third.unwrap();
    assert!(elapsed >= Duration::from_millis(300), "{elapsed:?}");
    assert_eq!(server.requests().len(), 3);
}

#[tokio::test]
async fn a_call_that_is_told_to_wait_longer_than_it_may_is_the_same_error_with_and_without_a_gate()
{
    for hold in [true, false] {
        let server = Server::playing(limited(3600)).await;
        let policy = RetryPolicy::new();
        let builder = server.builder().retry(policy).hold_on_rate_limit(hold);
        let client = builder.build().unwrap();
        let error = get(&client).await.unwrap_err();
        assert!(error.is_rate_limited(), "{error}");
        assert_eq!(error.retry_after(), Some(Duration::from_secs(3600)));
        assert!(error.to_string().contains("asks for 3600 s"), "{error}");
        assert_eq!(error.attempts(), 1);
        let error = get(&client).await.unwrap_err();
        assert!(error.is_rate_limited(), "{error}");
        assert!(error.retry_after().unwrap() > Duration::from_secs(3590));
        assert_eq!(error.attempts(), u32::from(!hold));
    }
}

#[tokio::test]
async fn only_a_429_holds() {
    for status in ["202 Accepted", "302 Found", "404 Not Found", "503 Busy"] {
        let head = format!("{status}\nRetry-After: 30");
        let server = Server::deciding(in_turn([reply(&head, "{}"), ok("{}")])).await;
        let client = server.client();
        let _ = get(&client).await;
        let (outcome, elapsed) = timed(get(&client)).await;
        outcome.unwrap();
        assert!(elapsed < Duration::from_secs(5), "{status}: {elapsed:?}");
    }
}

#[tokio::test]
async fn one_host_does_not_hold_the_calls_to_another() {
    let limiting = Server::playing(limited(30)).await;
    let other = Server::playing(ok("{}")).await;
    // Two hosts of one client: that of the API and that of the login.
    #[cfg(feature = "oauth")]
    {
        use genesys_cloud_users::Login;

        let login = Server::playing(support::oauth::grants("t-1", r#","expires_in":1"#)).await;
        let builder = limiting
            .builder()
            .login(Login::client_credentials("id", "s3cr3t"))
            .token_url(format!("{}/oauth/token", login.url()));
        let client = builder.build().unwrap();
        get(&client).await.unwrap_err();
        tokio::time::sleep(Duration::from_millis(1100)).await;
        let (outcome, elapsed) = timed(client.log_in()).await;
        outcome.unwrap();
        assert!(elapsed < Duration::from_secs(5), "{elapsed:?}");
        assert_eq!(login.requests().len(), 2);
    }
    // And two clients.
    get(&limiting.client()).await.unwrap_err();
    get(&other.client()).await.unwrap();
}

#[cfg(feature = "oauth")]
#[tokio::test]
async fn a_call_that_was_held_does_not_log_in_again_and_again_for_tokens_without_lifetime() {
    use genesys_cloud_users::Login;

    let server = Server::deciding(in_turn([limited(1), ok("{}")])).await;
    let login = Server::playing(support::oauth::grants("t-1", r#","expires_in":0"#)).await;
    let builder = server.builder().retry(RetryPolicy::new());
    let builder = builder.login(Login::client_credentials("id", "s3cr3t"));
    let url = format!("{}/oauth/token", login.url());
    let client = builder.token_url(url).build().unwrap();
    let request = client.users().get_user("u-1");
    let outcome = request.with_options(within(Duration::from_secs(5))).send();
    outcome.await.unwrap();
    // One for each attempt.
    assert_eq!(login.requests().len(), 2);
}

#[cfg(feature = "oauth")]
#[tokio::test]
async fn a_login_that_is_held_is_tried_again_once_the_hold_is_over() {
    use genesys_cloud_users::Login;

    // Calls and logins go to one host, as they do through a gateway.
    let tokens = [support::oauth::grants("t-1", r#","expires_in":1"#)];
    let server = support::oauth::portal(tokens, |_: &support::Recorded| limited(6)).await;
    let login = Login::client_credentials("id", "s3cr3t");
    let builder = server.logging_in(login);
    let builder = builder.login_timeout(Duration::from_secs(1));
    let client = builder.build().unwrap();
    get(&client).await.unwrap_err();
    tokio::time::sleep(Duration::from_secs(2)).await;
    // The login has no time for the four seconds that are left.
    let error = get(&client).await.unwrap_err();
    assert!(error.is_login(), "{error}");
    assert_eq!(server.logins().len(), 1);
    let next = error.next_login_in().unwrap();
    let expected = Duration::from_secs(3)..Duration::from_secs(5);
    assert!(expected.contains(&next), "{next:?}");
    assert!(expected.contains(&error.retry_after().unwrap()), "{error}");
}

#[tokio::test]
async fn refused_connections_do_not_use_up_what_may_be_spent_on_retries() {
    let (_held, address) = refusing();
    let quick = RetryPolicy::new().with_initial_backoff(Duration::from_millis(2));
    let builder = Client::builder()
        .base_url(format!("http://{address}"))
        .bearer_token("t");
    let client = builder.retry(quick).retry_budget(1).build().unwrap();
    for _ in 0..3 {
        let error = get(&client).await.unwrap_err();
        assert!(error.is_connect(), "{error}");
        assert_eq!(error.attempts(), 4, "{error}");
        assert!(!error.to_string().contains("used up"), "{error}");
    }
}

#[cfg(feature = "tracing")]
#[tokio::test]
async fn a_call_that_is_held_is_traced() {
    use support::spans::Spans;

    let server = Server::deciding(in_turn([limited(1), ok("{}")])).await;
    let client = server.client();
    get(&client).await.unwrap_err();
    let (spans, _guard) = Spans::listen();
    get(&client).await.unwrap();
    let events = spans.events();
    let held = events.iter().find(|it| !it.field("held_for_ms").is_empty());
    let wait: u64 = held.unwrap().field("held_for_ms").parse().unwrap();
    assert!((500..=1000).contains(&wait), "{wait}");
}
