//! Logins that fail.

use genesys_cloud_users::Error;

use super::*;
use crate::support::{CHUNKED, observe::timed, ok, raw, script::refusing};

/// The failure of a call for want of a token. The pause after it is over afterwards.
async fn failed(client: &Client) -> Error {
    let error = get(client).await.unwrap_err();
    assert!(error.is_login(), "{error}");
    assert_eq!(error.operation(), Some("getUser"));
    assert!(
        error.to_string().contains("authentication failed"),
        "{error}"
    );
    assert_eq!(error.attempts(), 0);
    later(error.next_login_in().unwrap()).await;
    error
}

#[tokio::test]
async fn a_login_that_is_turned_down_says_why_and_is_not_repeated() {
    let body =
        r#"{"error":"invalid_client","description":"x","error_description":"client not found"}"#;
    let unauthorized = "401 Unauthorized\nWWW-Authenticate: Basic";
    let scripts = [
        reply("400 Bad Request\nContent-Type: application/json", body),
        reply(unauthorized, body),
    ];
    let server = portal(scripts, any).await;
    let builder = server.logging_in(application()).retry(quick());
    let client = builder.build().unwrap();
    for sent in 1..=2 {
        let error = failed(&client).await;
        assert_eq!(error.code(), Some("invalid_client"));
        assert_eq!(error.message(), Some("client not found"));
        assert!(!error.is_retryable() && !error.is_timeout(), "{error}");
        assert!(error.is_unauthorized(), "{error}");
        assert_eq!(server.requests().len(), sent);
    }
    let error = client.log_in().await.unwrap_err();
    assert!(error.is_login(), "{error}");
    assert_eq!(error.operation(), Some("login"));
}

/// The responses of a login service in trouble.
fn troubles() -> [Vec<Step>; 5] {
    let json = "503 Busy\nContent-Type: application/json";
    [
        reply("503 Busy\nContent-Type: text/html", "<html>"),
        reply("502 Bad Gateway", ""),
        reply(json, r#"{"code":"service.unavailable","message":"Later"}"#),
        reply(json, r#"{"error":"temporarily_unavailable"}"#),
        vec![Step::Reset],
    ]
}

#[tokio::test]
async fn a_login_service_in_trouble_is_asked_again() {
    // A token that has expired already serves one call.
    let brief = r#","expires_in":0"#;
    let scripts = troubles().map(|it| [it.clone(), it, grants("t-1", brief)]);
    let server = portal(scripts.into_iter().flatten(), any).await;
    let builder = server.logging_in(application()).retry(quick());
    let client = builder.build().unwrap();
    for number in 1..=troubles().len() {
        get(&client).await.unwrap();
        let sent = (server.logins().len(), server.calls().len());
        assert_eq!(sent, (3 * number, number));
    }
}

#[tokio::test]
async fn a_login_that_trouble_kept_from_coming_about_may_come_about_later() {
    let server = portal(troubles(), any).await;
    let client = server.logging_in(application()).build().unwrap();
    for _ in troubles() {
        let error = failed(&client).await;
        assert!(error.is_retryable(), "{error:?}");
    }
    assert_eq!(server.requests().len(), troubles().len());
}

#[tokio::test]
async fn a_login_is_tried_as_often_as_any_request() {
    let server = portal([reply("503 Busy", "<html>")], any).await;
    let builder = server.logging_in(application());
    let client = builder.retry(quick().with_max_retries(2)).build().unwrap();
    let error = failed(&client).await;
    assert!(shown(&error).contains("503"), "{error:?}");
    assert_eq!(server.requests().len(), 3);
}

#[tokio::test]
async fn an_answer_that_is_none_of_oauth_is_not_asked_for_again() {
    let html = "<html>t0ken</html>";
    let endless = [
        raw(CHUNKED),
        Step::Repeat(
            b"400\r\n"
                .iter()
                .copied()
                .chain([b' '; 1024])
                .chain(*b"\r\n")
                .collect(),
            1 << 20,
        ),
    ];
    let target = Server::playing(grants("t0ken", "")).await;
    let redirect = format!("307 Elsewhere\nLocation: {}/oauth/token", target.url());
    let answers = [
        reply("200 OK\nContent-Type: text/html", html),
        reply(
            "200 OK\nContent-Type: text/html",
            r#"{"access_token":"t0ken","token_type":"bearer"}"#,
        ),
        reply("200 OK", html),
        reply("200 OK", ""),
        ok(r#"{"access_token":"t0ken""#),
        ok(r#"{"acess_token":"t0ken","token_type":"bearer"}"#),
        ok(r#"["t0ken"]"#),
        ok("null"),
        grants(r"t0ken\r\nX-Evil: 1", ""),
        reply("500 Oops\nContent-Type: text/html", html),
        reply(
            "400 Bad\nContent-Type: application/json",
            r#"{"cause":"t0ken"}"#,
        ),
        reply(&redirect, ""),
        endless.to_vec(),
    ];
    let count = answers.len();
    let server = portal(answers, any).await;
    let builder = server.logging_in(application()).retry(quick());
    let client = builder.max_response_bytes(1 << 16).build().unwrap();
    for sent in 1..=count {
        let error = failed(&client).await;
        assert!(
            !error.is_retryable() && !error.is_timeout(),
            "{sent}: {error}"
        );
        let shown = shown(&error);
        assert!(
            !shown.contains("t0ken") && !shown.contains(SECRET),
            "{shown}"
        );
        assert_eq!(server.requests().len(), sent);
    }
    assert_eq!(target.connections(), 0);
}

#[tokio::test]
async fn a_login_service_that_cannot_be_reached_is_tried_again() {
    let (_held, address) = refusing();
    let server = Server::deciding(any).await;
    let attempts = Attempts::default();
    let login = Login::pkce("app-1", "c0de", "v3rifier", "https://app.example.com/");
    let builder = server
        .logging_in(login)
        .token_url(format!("http://{address}/oauth/token"))
        .retry(quick().with_max_retries(2))
        .on_attempt(attempts.observer());
    let client = builder.build().unwrap();
    for _ in 0..2 {
        let error = failed(&client).await;
        assert!(error.is_retryable() && !error.is_timeout(), "{error}");
        assert!(shown(&error).contains("cannot connect"), "{error:?}");
    }
    // What was never sent is not used up.
    assert_eq!(attempts.numbers(), [1, 2, 3, 1, 2, 3]);
    assert!(attempts.all().iter().all(|it| it.operation == "login"));
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn a_login_that_hangs_is_cut_off_by_the_caller_and_by_its_own_time() {
    let server = portal([vec![Step::Hang]], any).await;
    let builder = server.logging_in(application());
    let builder = builder.login_timeout(Duration::from_millis(700));
    let client = builder.build().unwrap();
    let brief = RequestOptions::new().with_timeout(Duration::from_millis(150));
    let call = client.users().get_user("u-1").with_options(brief);
    let error = call.send().await.unwrap_err();
    assert!(error.is_timeout() && error.is_retryable(), "{error}");
    assert_eq!(error.attempts(), 0);
    let (error, elapsed) = timed(failed(&client)).await;
    assert!(error.is_timeout() && error.is_retryable(), "{error}");
    assert!(elapsed < Duration::from_secs(10), "{elapsed:?}");
    // Both waited for the same login.
    assert_eq!(server.requests().len(), 1);
    let builder = server.logging_in(application());
    let client = builder.timeout(Duration::from_millis(150)).build().unwrap();
    let error = client.log_in().await.unwrap_err();
    assert!(error.is_timeout(), "{error}");
}

#[tokio::test]
async fn a_time_too_long_for_the_clock_is_no_limit_for_a_login() {
    let longest = r#","expires_in":18446744073709551615"#;
    let server = portal([grants("t-1", longest)], any).await;
    let builder = server.logging_in(application()).timeout(Duration::MAX);
    let builder = builder.attempt_timeout(Duration::MAX);
    let client = builder.login_timeout(Duration::MAX).build().unwrap();
    get(&client).await.unwrap();
    get(&client).await.unwrap();
    client.log_in().await.unwrap();
    assert_eq!(server.logins().len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn calls_that_wait_for_one_login_share_its_failure() {
    let slowly = |script| [vec![pause(400)], script].concat();
    let busy = || reply("503 Busy", "<html>");
    let scripts = [
        slowly(denies("invalid_client", "gone")),
        slowly(busy()),
        busy(),
        busy(),
        grants("t-1", ""),
    ];
    let server = portal(scripts, any).await;
    let builder = server.logging_in(application());
    let client = builder.retry(quick().with_max_retries(2)).build().unwrap();
    let mut wait = Duration::ZERO;
    for outcome in together(&client, 200).await {
        let error = outcome.unwrap_err();
        assert!(error.is_login() && !error.is_retryable(), "{error}");
        assert_eq!(error.code(), Some("invalid_client"));
        wait = error.next_login_in().unwrap();
    }
    assert_eq!(server.requests().len(), 1);
    tokio::time::sleep(wait).await;
    for outcome in together(&client, 200).await {
        let error = outcome.unwrap_err();
        assert!(error.is_login() && error.is_retryable(), "{error}");
        wait = error.next_login_in().unwrap();
    }
    assert_eq!(server.requests().len(), 4);
    tokio::time::sleep(wait).await;
    get(&client).await.unwrap();
}

#[tokio::test]
async fn no_secret_shows_in_whatever_goes_wrong() {
    const SECRETS: [&str; 5] = [SECRET, "c0de", "v3rifier", "r3fresh", "PHNhbWw+"];
    const TOKEN: &str = "t0ken";
    // The credentials as they stand in the header, without the first few letters that are no secret.
    const ENCODED: &str = "czNjcmV0LW9mLXRoZS1hcHA";
    let back = "https://app.example.com/";
    let logins = [
        application(),
        Login::refresh_token("app-1", Some(SECRET.into()), "r3fresh"),
        Login::genesys_saml2_bearer("app-1", SECRET, "acme", "PHNhbWw+"),
        // A code is not shown twice, so that each of these sees one fault only.
        Login::authorization_code("app-1", SECRET, "c0de", back),
        Login::authorization_code("app-1", SECRET, "c0de", back),
        Login::authorization_code("app-1", SECRET, "c0de", back),
        Login::pkce("app-1", "c0de", "v3rifier", back).with_parameter("p", SECRET),
    ];
    let echo = |request: &Recorded| {
        let header = request.header("authorization").unwrap_or_default();
        format!("{} {header}", request.body)
    };
    type Script = fn(String) -> Vec<Step>;
    let faults: [Script; 6] = [
        |echo| reply("500 Oops\nContent-Type: text/html", &echo),
        |echo| ok(&format!(r#"{{"access_token":"t0ken","{echo}":1"#)),
        |echo| ok(&format!(r#"{{"acess_token":"{echo}"}}"#)),
        |echo| reply(&format!("302 Found\nX-Echo: {echo}"), &echo),
        |_| grants(r"t0ken\n", r#","refresh_token":"r3fresh""#),
        |_| vec![Step::Reset],
    ];
    let count = faults.len();
    let next = AtomicUsize::new(0);
    let server = Server::deciding(move |request| {
        let turn = next.fetch_add(1, Ordering::SeqCst);
        faults[turn % faults.len()](echo(request))
    })
    .await;
    let mut text = String::new();
    for login in logins {
        text += &format!("{login:?} {login:#?}");
        let builder = server.logging_in(login);
        text += &format!("{builder:?} {builder:#?}");
        let client = builder.build().unwrap();
        text += &format!("{client:?} {client:#?}");
        for _ in 0..count {
            text += &shown(&failed(&client).await);
        }
    }
    for secret in SECRETS.iter().chain([&TOKEN, &ENCODED]) {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
    let sent: String = server.requests().iter().map(echo).collect();
    for secret in ["c0de", "v3rifier", "r3fresh", "PHNhbWw%2B", ENCODED] {
        assert!(sent.contains(secret), "{secret} was to be sent");
    }
}
