//! One token for all calls: had once, kept, renewed. `login/grants.rs` has the ways to log in,
//! `login/failures.rs` what goes wrong, `login/told.rs` what errors say of that, `login/pauses.rs`
//! when the next login follows.

#![cfg(feature = "oauth")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[path = "login/failures.rs"]
mod failures;
#[path = "login/grants.rs"]
mod grants;
#[path = "login/pauses.rs"]
mod pauses;
mod support;
#[path = "login/told.rs"]
mod told;

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use genesys_cloud_users::{
    AccessToken, Client, Login, RequestOptions, Result, RetryPolicy, Secret, TokenError,
    TokenFuture, TokenSource, models::UpdateUser, models::User,
};
use http::{HeaderValue, Method, StatusCode, header};
use support::{
    Recorded, Server, Step, get, later,
    oauth::{any, denies, grants, only, portal},
    observe::{Attempts, eventually, shown},
    pause, reply,
};
use tokio::task::JoinSet;

const SECRET: &str = "s3cret-of-the-app";

fn application() -> Login {
    Login::client_credentials("app-1", SECRET)
}

/// Calls that all start before the first answer can come.
async fn together(client: &Client, calls: u64) -> Vec<Result<User>> {
    let mut set = JoinSet::new();
    for number in 0..calls {
        let users = client.users();
        set.spawn(async move { users.get_user(number).send().await });
    }
    set.join_all().await
}

// Having one.

#[tokio::test]
async fn an_application_logs_in_with_its_id_and_secret() {
    let server = portal([grants("t-1", "")], only("t-1")).await;
    let client = server.logging_in(application()).build().unwrap();
    assert_eq!(server.connections(), 0);
    get(&client).await.unwrap();
    let [login] = &server.logins()[..] else {
        panic!("one login is enough");
    };
    assert_eq!(login.line, "POST /oauth/token");
    assert_eq!(login.body, "grant_type=client_credentials");
    // `app-1:s3cret-of-the-app`
    let basic = "Basic YXBwLTE6czNjcmV0LW9mLXRoZS1hcHA=";
    assert_eq!(login.header("authorization"), Some(basic));
    let form = "application/x-www-form-urlencoded";
    assert_eq!(login.header("content-type"), Some(form));
    assert_eq!(login.header("accept"), Some("application/json"));
    assert_eq!(login.header("content-length"), Some("29"));
    assert_eq!(server.tokens(), ["t-1"]);
}

#[tokio::test]
async fn a_token_serves_all_calls() {
    let mut slow = vec![pause(100)];
    slow.extend(grants("t-1", r#","expires_in":86399"#));
    let server = portal([slow], only("t-1")).await;
    let client = server.logging_in(application()).build().unwrap();
    for outcome in together(&client, 50).await {
        outcome.unwrap();
    }
    for outcome in together(&client.clone(), 50).await {
        outcome.unwrap();
    }
    let raw = client.request(Method::GET, "/api/v2/other").send();
    raw.await.unwrap();
    assert_eq!((server.logins().len(), server.calls().len()), (1, 101));
}

#[tokio::test]
async fn logging_in_can_be_done_ahead() {
    let server = portal([grants("t-1", "")], only("t-1")).await;
    let client = server.logging_in(application()).build().unwrap();
    client.log_in().await.unwrap();
    assert_eq!(server.requests().len(), 1);
    client.log_in().await.unwrap();
    get(&client).await.unwrap();
    assert_eq!((server.logins().len(), server.calls().len()), (1, 1));
    // A client that does not log in has nothing to do.
    server.client().log_in().await.unwrap();
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn a_caller_who_gives_up_does_not_lose_the_token_for_the_others() {
    let mut slow = vec![pause(300)];
    slow.extend(grants("t-1", ""));
    let server = portal([slow, grants("t-2", "")], any).await;
    let client = server.logging_in(application()).build().unwrap();
    let brief = Duration::from_millis(100);
    let given_up = tokio::time::timeout(brief, get(&client)).await;
    given_up.unwrap_err();
    get(&client).await.unwrap();
    assert_eq!(server.tokens(), ["t-1"]);
    assert_eq!(server.logins().len(), 1);
}

#[tokio::test]
async fn a_call_that_brings_its_own_authorization_needs_no_login() {
    let server = portal([grants("t-1", "")], any).await;
    let client = server.logging_in(application()).build().unwrap();
    let own = HeaderValue::from_static("Bearer own");
    let options = RequestOptions::new().with_header(header::AUTHORIZATION, own.clone());
    let call = client.users().get_user("u-1").with_options(options);
    call.send().await.unwrap();
    let raw = client.request(Method::GET, "/x");
    raw.header(header::AUTHORIZATION, own).send().await.unwrap();
    assert_eq!(server.tokens(), ["own", "own"]);
    assert_eq!(server.logins().len(), 0);
}

#[tokio::test]
async fn attempts_at_a_login_are_told_too() {
    let busy = reply("503 Busy", "");
    let server = portal([busy, grants("t-1", "")], any).await;
    let attempts = Attempts::default();
    let builder = server.logging_in(application()).retry(quick());
    let client = builder.on_attempt(attempts.observer()).build().unwrap();
    get(&client).await.unwrap();
    let told = attempts.all();
    let told: Vec<_> = told
        .iter()
        .map(|it| (it.operation, it.method.as_str(), it.number, it.status))
        .collect();
    let expected = [
        ("login", "POST", 1, Some(503)),
        ("login", "POST", 2, Some(200)),
        ("getUser", "GET", 1, Some(200)),
    ];
    assert_eq!(told, expected);
}

fn quick() -> RetryPolicy {
    RetryPolicy::new().with_initial_backoff(Duration::from_millis(2))
}

// Renewing it ahead of its expiry.

#[tokio::test]
async fn a_token_is_renewed_when_half_of_its_short_life_is_over_and_nobody_waits() {
    let first = grants("t-1", r#","expires_in":2"#);
    let server = portal([first, grants("t-2", r#","expires_in":3600"#)], any).await;
    let client = server.logging_in(application()).build().unwrap();
    get(&client).await.unwrap();
    get(&client).await.unwrap();
    tokio::time::sleep(Duration::from_millis(1100)).await;
    get(&client).await.unwrap();
    eventually("it is renewed", || server.logins().len() == 2).await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    for outcome in together(&client, 20).await {
        outcome.unwrap();
    }
    let tokens = server.tokens();
    assert_eq!(tokens[..3], ["t-1"; 3]);
    assert_eq!(tokens[3..], ["t-2"; 20]);
    assert_eq!(server.logins().len(), 2);
}

#[tokio::test]
async fn a_token_that_is_still_good_outlives_a_failed_renewal() {
    let scripts = [
        grants("t-1", r#","expires_in":2"#),
        denies("invalid_client", "gone"),
    ];
    let server = portal(scripts, only("t-1")).await;
    let client = server.logging_in(application()).build().unwrap();
    get(&client).await.unwrap();
    tokio::time::sleep(Duration::from_millis(1100)).await;
    get(&client).await.unwrap();
    eventually("a renewal failed", || server.logins().len() == 2).await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    get(&client).await.unwrap();
    assert_eq!(server.tokens(), ["t-1"; 3]);
    // The failure is not asked for again at once.
    assert_eq!(server.logins().len(), 2);
    tokio::time::sleep(Duration::from_millis(1000)).await;
    let error = get(&client).await.unwrap_err();
    assert!(error.is_login(), "{error}");
    assert_eq!(error.code(), Some("invalid_client"));
    assert_eq!((server.logins().len(), server.calls().len()), (3, 3));
}

#[tokio::test]
async fn a_renewal_that_takes_long_keeps_no_call_from_a_token_that_is_still_good() {
    let scripts = [grants("t-1", r#","expires_in":2"#), vec![Step::Hang]];
    let server = portal(scripts, only("t-1")).await;
    let client = server.logging_in(application()).build().unwrap();
    get(&client).await.unwrap();
    tokio::time::sleep(Duration::from_millis(1100)).await;
    let brief = RequestOptions::new().with_timeout(Duration::from_millis(500));
    for _ in 0..3 {
        let call = client.users().get_user("u-1");
        call.with_options(brief.clone()).send().await.unwrap();
    }
    assert_eq!(server.tokens(), ["t-1"; 4]);
    eventually("it is being renewed", || server.logins().len() == 2).await;
}

// Renewing it when the service refuses it.

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refused_token_is_replaced_once_for_all_calls_that_carried_it() {
    let answer = only("t-2");
    let server = portal([grants("t-1", ""), grants("t-2", "")], move |request| {
        let answer = answer(request);
        match request.header("authorization") {
            // All calls have come before the first of them is turned away.
            Some("Bearer t-1") => [vec![pause(600)], answer].concat(),
            _ => answer,
        }
    })
    .await;
    let client = server.logging_in(application()).build().unwrap();
    client.log_in().await.unwrap();
    for outcome in together(&client, 200).await {
        outcome.unwrap();
    }
    assert_eq!(server.logins().len(), 2);
    let mut sent: HashMap<String, Vec<String>> = HashMap::new();
    for (call, token) in server.calls().into_iter().zip(server.tokens()) {
        sent.entry(call.line).or_default().push(token);
    }
    assert_eq!(sent.len(), 200);
    assert!(
        sent.values().all(|tokens| tokens == &["t-1", "t-2"]),
        "{sent:?}"
    );
}

#[tokio::test]
async fn a_call_of_any_method_is_sent_again_with_a_new_token() {
    let server = portal([grants("t-1", ""), grants("t-2", "")], only("t-2")).await;
    let client = server.logging_in(application()).build().unwrap();
    let change = UpdateUser::new(3);
    client
        .users()
        .patch_user("u-1", &change)
        .send()
        .await
        .unwrap();
    let calls = server.calls();
    assert_eq!(server.tokens(), ["t-1", "t-2"]);
    assert!(calls.iter().all(|call| call.body == r#"{"version":3}"#));
}

#[tokio::test]
async fn a_new_token_that_is_refused_too_is_an_error() {
    let scripts = [grants("t-1", ""), grants("t-2", ""), grants("t-3", "")];
    let server = portal(scripts, only("none")).await;
    let attempts = Attempts::default();
    let builder = server.logging_in(application()).retry(quick());
    let client = builder.on_attempt(attempts.observer()).build().unwrap();
    let error = get(&client).await.unwrap_err();
    assert!(error.is_unauthorized() && !error.is_login(), "{error}");
    assert_eq!(error.code(), Some("bad.credentials"));
    assert_eq!(error.attempts(), 2);
    assert_eq!(server.tokens(), ["t-1", "t-2"]);
    let calls = attempts
        .all()
        .into_iter()
        .filter(|it| it.operation == "getUser");
    let waits: Vec<_> = calls.map(|it| it.retry_in).collect();
    assert_eq!(waits, [Some(Duration::ZERO), None]);
    // A service that refuses every token is not asked for one after the other.
    for _ in 0..3 {
        let error = get(&client).await.unwrap_err();
        assert!(error.is_unauthorized(), "{error}");
        assert_eq!(error.attempts(), 1);
    }
    assert_eq!(server.logins().len(), 2);
}

#[tokio::test]
async fn a_repetition_for_a_new_token_is_not_counted_as_a_retry() {
    let busy = |request: &Recorded| match request.header("authorization") {
        Some("Bearer t-2") => reply("503 Busy", ""),
        _ => reply("401 Unauthorized", ""),
    };
    let server = portal([grants("t-1", ""), grants("t-2", "")], busy).await;
    let builder = server.logging_in(application());
    let client = builder.retry(quick().with_max_retries(2)).build().unwrap();
    let error = get(&client).await.unwrap_err();
    assert_eq!(error.status(), Some(StatusCode::SERVICE_UNAVAILABLE));
    assert_eq!(error.attempts(), 4);
    assert_eq!(server.tokens(), ["t-1", "t-2", "t-2", "t-2"]);
}

#[tokio::test]
async fn a_refused_token_stays_if_the_client_is_told_so() {
    let server = portal([grants("t-1", ""), grants("t-2", "")], only("t-2")).await;
    let builder = server
        .logging_in(application())
        .renew_on_unauthorized(false);
    let client = builder.build().unwrap();
    for _ in 0..2 {
        let error = get(&client).await.unwrap_err();
        assert!(error.is_unauthorized(), "{error}");
        assert_eq!(error.attempts(), 1);
    }
    assert_eq!(server.tokens(), ["t-1", "t-1"]);
    assert_eq!(server.logins().len(), 1);
}

#[tokio::test]
async fn a_lack_of_permission_is_not_cured_by_a_new_token() {
    let forbid = |_: &Recorded| reply("403 Forbidden", r#"{"code":"missing.permission"}"#);
    let server = portal([grants("t-1", "")], forbid).await;
    let client = server.logging_in(application()).build().unwrap();
    let error = get(&client).await.unwrap_err();
    assert!(error.is_forbidden() && !error.is_unauthorized(), "{error}");
    assert_eq!((server.logins().len(), server.calls().len()), (1, 1));
}

// From a source of one's own.

/// Hands out `own-0`, `own-1` and so on, but for the first few times.
#[derive(Default)]
struct Source {
    asked: AtomicUsize,
    refused: Mutex<Vec<String>>,
    first: Option<fn(usize) -> Option<TokenError>>,
}

impl Source {
    fn failing(first: fn(usize) -> Option<TokenError>) -> Arc<Self> {
        let first = Some(first);
        Arc::new(Self {
            first,
            ..Self::default()
        })
    }
}

impl TokenSource for Source {
    fn fetch(&self) -> TokenFuture<'_> {
        let turn = self.asked.fetch_add(1, Ordering::SeqCst);
        Box::pin(async move {
            tokio::time::sleep(Duration::from_millis(50)).await;
            match self.first.and_then(|first| first(turn)) {
                Some(error) => Err(error),
                None => Ok(AccessToken::new(format!("own-{turn}"))),
            }
        })
    }

    fn rejected(&self, token: &Secret) {
        let token = token.expose().to_owned();
        self.refused.lock().unwrap().push(token);
    }
}

#[tokio::test]
async fn tokens_can_come_from_a_source_of_ones_own() {
    let server = Server::deciding(only("own-1")).await;
    let source = Arc::new(Source::default());
    let builder = server.builder().token_source(Arc::clone(&source));
    let client = builder.build().unwrap();
    for outcome in together(&client, 20).await {
        outcome.unwrap();
    }
    get(&client).await.unwrap();
    assert_eq!(source.asked.load(Ordering::SeqCst), 2);
    assert_eq!(*source.refused.lock().unwrap(), ["own-0"]);
}

#[tokio::test]
async fn what_a_source_fails_with_is_told_and_it_is_asked_again() {
    let server = Server::deciding(any).await;
    let source = Source::failing(|turn| match turn {
        0 => Some(TokenError::refused("no_luck", Some("come back".to_owned()))),
        1 => Some(TokenError::unanswered("the vault is closed")),
        _ => None,
    });
    let builder = server.builder().token_source(Arc::clone(&source));
    let client = builder.build().unwrap();
    let error = get(&client).await.unwrap_err();
    assert!(error.is_login() && !error.is_retryable(), "{error}");
    assert_eq!(error.code(), Some("no_luck"));
    assert_eq!(error.message(), Some("come back"));
    later(error.next_login_in().unwrap()).await;
    let error = get(&client).await.unwrap_err();
    assert!(error.is_login() && error.is_retryable(), "{error}");
    assert!(shown(&error).contains("the vault is closed"));
    later(error.next_login_in().unwrap()).await;
    get(&client).await.unwrap();
    assert_eq!(source.asked.load(Ordering::SeqCst), 3);
    assert_eq!(server.tokens(), ["own-2"]);
}

#[tokio::test]
async fn a_source_that_panics_fails_the_calls_that_wait_and_is_asked_again() {
    let server = Server::deciding(any).await;
    let source = Source::failing(|turn| match turn {
        0 => panic!("a source may do that"),
        _ => None,
    });
    let builder = server.builder().token_source(Arc::clone(&source));
    let client = builder.build().unwrap();
    for outcome in together(&client, 10).await {
        let error = outcome.unwrap_err();
        assert!(error.is_login() && !error.is_retryable(), "{error}");
        assert_eq!(error.attempts(), 0);
    }
    assert_eq!(server.connections(), 0);
    later(Duration::from_secs(1)).await;
    get(&client).await.unwrap();
    assert_eq!(source.asked.load(Ordering::SeqCst), 2);
    assert_eq!(server.tokens(), ["own-1"]);
}

#[tokio::test]
async fn a_client_that_is_gone_leaves_no_login_behind() {
    let server = portal([vec![Step::Hang]], any).await;
    let tasks = || {
        tokio::runtime::Handle::current()
            .metrics()
            .num_alive_tasks()
    };
    let before = tasks();
    let builder = server.logging_in(application());
    let client = builder
        .login_timeout(Duration::from_millis(300))
        .build()
        .unwrap();
    let brief = Duration::from_millis(100);
    tokio::time::timeout(brief, get(&client)).await.unwrap_err();
    drop(client);
    eventually("the login is over", || tasks() <= before).await;
    assert_eq!(server.open_connections(), 0);
}
