//! The ways to log in, and what they leave for the next time.

use genesys_cloud_users::Tokens;

use super::*;

const BASIC: &str = "Basic YXBwLTE6czNjcmV0LW9mLXRoZS1hcHA=";
const BACK: &str = "https://app.example.com/back?x=1";
const BACK_ENCODED: &str = "https%3A%2F%2Fapp.example.com%2Fback%3Fx%3D1";

fn by_code() -> Login {
    Login::authorization_code("app-1", SECRET, "c0de/1", BACK)
}

/// What each login so far said: the form and the header.
fn said(server: &Server) -> Vec<(String, Option<String>)> {
    let said = |login: Recorded| {
        let header = login.header("authorization").map(str::to_owned);
        (login.body, header)
    };
    server.logins().into_iter().map(said).collect()
}

fn with_secret(form: impl Into<String>) -> (String, Option<String>) {
    (form.into(), Some(BASIC.to_owned()))
}

fn without_secret(form: impl Into<String>) -> (String, Option<String>) {
    (form.into(), None)
}

fn code_form() -> String {
    format!("grant_type=authorization_code&code=c0de%2F1&redirect_uri={BACK_ENCODED}")
}

fn refresh_form(token: &str) -> String {
    format!("grant_type=refresh_token&refresh_token={token}")
}

/// A login that writes down what it hands out.
fn noting(login: Login) -> (Login, Arc<Mutex<Vec<Tokens>>>) {
    let told = Arc::new(Mutex::new(Vec::new()));
    let own = Arc::clone(&told);
    let login = login.on_tokens(move |tokens| own.lock().unwrap().push(tokens.clone()));
    (login, told)
}

/// A grant of a token for one call, and of a refresh token.
fn refreshable(token: &str, refresh: &str) -> Vec<Step> {
    grants(
        token,
        &format!(r#","refresh_token":"{refresh}","expires_in":0"#),
    )
}

#[tokio::test]
async fn a_code_is_used_once_and_refresh_tokens_after_it() {
    let scripts = [
        refreshable("t-1", "r-1"),
        refreshable("t-2", "r-2"),
        // Not replaced this time: then the one before stays good.
        grants("t-3", r#","expires_in":0"#),
        refreshable("t-4", "r-4"),
    ];
    let server = portal(scripts, any).await;
    let (login, told) = noting(by_code());
    let client = server.logging_in(login).build().unwrap();
    for _ in 0..4 {
        get(&client).await.unwrap();
    }
    let expected = [
        with_secret(code_form()),
        with_secret(refresh_form("r-1")),
        with_secret(refresh_form("r-2")),
        with_secret(refresh_form("r-2")),
    ];
    assert_eq!(said(&server), expected);
    assert_eq!(server.tokens(), ["t-1", "t-2", "t-3", "t-4"]);
    let told = told.lock().unwrap();
    let refresh = |it: &Tokens| {
        it.refresh_token
            .as_ref()
            .map(|token| token.expose().to_owned())
    };
    let refresh: Vec<_> = told.iter().map(refresh).collect();
    let expected = [Some("r-1"), Some("r-2"), None, Some("r-4")];
    assert_eq!(refresh, expected.map(|it| it.map(str::to_owned)));
    assert_eq!(told[0].access_token.expose(), "t-1");
    assert_eq!(told[0].expires_in, Some(Duration::ZERO));
    let shown = format!("{told:?}");
    assert!(!shown.contains("t-1") && !shown.contains("r-1"), "{shown}");
}

#[tokio::test]
async fn a_refresh_ahead_of_expiry_is_by_the_refresh_token_too() {
    let first = grants("t-1", r#","refresh_token":"r-1","expires_in":1"#);
    let server = portal([first, grants("t-2", "")], any).await;
    let client = server.logging_in(by_code()).build().unwrap();
    get(&client).await.unwrap();
    tokio::time::sleep(Duration::from_millis(600)).await;
    get(&client).await.unwrap();
    eventually("it is renewed", || server.logins().len() == 2).await;
    let expected = [with_secret(code_form()), with_secret(refresh_form("r-1"))];
    assert_eq!(said(&server), expected);
}

#[tokio::test]
async fn a_code_without_a_refresh_token_is_good_for_one_token() {
    let server = portal([grants("t-1", r#","expires_in":0"#)], any).await;
    let client = server.logging_in(by_code()).build().unwrap();
    get(&client).await.unwrap();
    for _ in 0..2 {
        let error = get(&client).await.unwrap_err();
        assert!(error.is_login() && !error.is_retryable(), "{error}");
        let text = error.to_string();
        assert!(text.contains("the user has to log in again"), "{text}");
        assert_eq!(error.attempts(), 0);
    }
    assert_eq!((server.logins().len(), server.calls().len()), (1, 1));
}

#[tokio::test]
async fn a_token_had_for_a_code_alone_cannot_be_replaced_once_refused() {
    let server = portal([grants("t-1", "")], only("none")).await;
    let client = server.logging_in(by_code()).build().unwrap();
    let error = get(&client).await.unwrap_err();
    assert!(error.is_login(), "{error}");
    assert!(
        error.to_string().contains("the user has to log in again"),
        "{error}"
    );
    assert_eq!(error.attempts(), 1);
    assert_eq!((server.logins().len(), server.calls().len()), (1, 1));
}

#[tokio::test]
async fn a_code_that_was_turned_down_is_not_shown_again() {
    let server = portal([denies("invalid_grant", "used up")], any).await;
    let client = server.logging_in(by_code()).build().unwrap();
    let error = get(&client).await.unwrap_err();
    assert_eq!(error.code(), Some("invalid_grant"));
    later(error.next_login_in().unwrap()).await;
    let error = get(&client).await.unwrap_err();
    assert!(error.to_string().contains("has been used"), "{error}");
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn what_is_good_for_one_login_is_not_sent_twice_for_it() {
    let faults = [
        reply("503 Busy", "<html>"),
        vec![Step::Reset],
        vec![Step::Close],
        reply("504 Late", ""),
    ];
    let count = faults.len();
    let scripts = faults.iter().cloned().chain([grants("t-1", "")]);
    let server = portal(scripts, any).await;
    let login = Login::refresh_token("app-1", None, "r-0");
    let builder = server.logging_in(login).retry(quick());
    let client = builder.build().unwrap();
    for number in 1..=count {
        let error = get(&client).await.unwrap_err();
        assert!(error.is_login() && error.is_retryable(), "{error}");
        assert_eq!(server.requests().len(), number);
        later(error.next_login_in().unwrap()).await;
    }
    // The next call tries with what may be good still.
    get(&client).await.unwrap();
    // Not so with a code: that would cost the user all tokens, if it had been seen.
    let server = portal(faults, any).await;
    for number in 1..=count {
        let builder = server.logging_in(by_code()).retry(quick());
        let client = builder.build().unwrap();
        let error = get(&client).await.unwrap_err();
        assert!(error.is_login() && error.is_retryable(), "{error}");
        later(error.next_login_in().unwrap()).await;
        let error = get(&client).await.unwrap_err();
        assert!(error.to_string().contains("has been used"), "{error}");
        assert_eq!(server.requests().len(), number);
    }
}

#[tokio::test]
async fn a_code_that_was_not_looked_at_is_good_still() {
    let head = "429 Too Many Requests\nContent-Type: ";
    let scripts = [
        reply(&format!("{head}text/html"), "<html>"),
        reply(
            &format!("{head}application/json"),
            r#"{"code":"too.many.requests"}"#,
        ),
        grants("t-1", ""),
    ];
    let server = portal(scripts, any).await;
    let client = server.logging_in(by_code()).build().unwrap();
    for _ in 0..2 {
        let error = get(&client).await.unwrap_err();
        assert!(error.is_login() && error.is_retryable(), "{error}");
        later(error.next_login_in().unwrap()).await;
    }
    get(&client).await.unwrap();
}

#[tokio::test]
async fn a_code_whose_login_was_cut_short_is_not_shown_again() {
    let server = portal([vec![Step::Hang]], any).await;
    let builder = server.logging_in(by_code());
    let builder = builder.login_timeout(Duration::from_millis(200));
    let client = builder.build().unwrap();
    let error = get(&client).await.unwrap_err();
    assert!(error.is_login() && error.is_retryable(), "{error}");
    later(error.next_login_in().unwrap()).await;
    let error = get(&client).await.unwrap_err();
    assert!(error.to_string().contains("has been used"), "{error}");
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn a_login_that_is_asked_to_wait_waits() {
    let head = "429 Too Many Requests\nRetry-After: 0\nContent-Type: application/json";
    let busy = || reply(head, r#"{"code":"too.many.requests"}"#);
    let login = Login::refresh_token("app-1", Some(SECRET.into()), "r-0");
    for login in [by_code(), application(), login] {
        let server = portal([busy(), busy(), grants("t-1", "")], any).await;
        let builder = server.logging_in(login).retry(quick());
        get(&builder.build().unwrap()).await.unwrap();
        assert_eq!(server.logins().len(), 3);
    }
}

#[tokio::test]
async fn a_public_application_proves_itself_by_its_verifier() {
    let scripts = [refreshable("t-1", "r-1"), grants("t-2", "")];
    let server = portal(scripts, any).await;
    let login = Login::pkce("app-1", "c0de/1", "v3rifier", BACK);
    let client = server.logging_in(login).build().unwrap();
    get(&client).await.unwrap();
    get(&client).await.unwrap();
    let code = format!(
        "grant_type=authorization_code&code=c0de%2F1&code_verifier=v3rifier\
         &client_id=app-1&redirect_uri={BACK_ENCODED}"
    );
    let refresh = format!("{}&client_id=app-1", refresh_form("r-1"));
    let expected = [without_secret(code), without_secret(refresh)];
    assert_eq!(said(&server), expected);
}

#[tokio::test]
async fn a_login_can_go_on_from_a_refresh_token() {
    let scripts = [refreshable("t-1", "r-1"), refreshable("t-2", "r-2")];
    let server = portal(scripts, only("t-2")).await;
    let secret = Some(Secret::new(SECRET));
    let login = Login::refresh_token("app-1", secret, "r-0").with_parameter("x", "a b");
    let (login, told) = noting(login);
    let client = server.logging_in(login).build().unwrap();
    get(&client).await.unwrap();
    let expected = ["r-0", "r-1"].map(|token| with_secret(refresh_form(token) + "&x=a+b"));
    assert_eq!(said(&server), expected);
    assert_eq!(told.lock().unwrap().len(), 2);
}

#[tokio::test]
async fn a_refresh_token_that_was_turned_down_ends_the_login() {
    let scripts = [
        refreshable("t-1", "r-1"),
        denies("invalid_grant", "used up"),
    ];
    let server = portal(scripts, any).await;
    let client = server.logging_in(by_code()).build().unwrap();
    get(&client).await.unwrap();
    let error = get(&client).await.unwrap_err();
    assert!(error.is_login(), "{error}");
    assert_eq!(error.code(), Some("invalid_grant"));
    assert_eq!((server.logins().len(), server.calls().len()), (2, 1));
}

fn by_assertion() -> Login {
    Login::genesys_saml2_bearer("app-1", SECRET, "acme & sons", "PHNhbWw+/w==")
}

fn assertion_form() -> String {
    "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Asaml2-bearer\
     &assertion=PHNhbWw%2B%2Fw%3D%3D&orgName=acme%20%26%20sons"
        .to_owned()
}

#[tokio::test]
async fn an_assertion_is_shown_again_where_there_is_no_refresh_token() {
    let server = portal([grants("t-1", ""), grants("t-2", "")], only("t-2")).await;
    let client = server.logging_in(by_assertion()).build().unwrap();
    get(&client).await.unwrap();
    let [first, second] = &server.logins()[..] else {
        panic!("two logins are due");
    };
    for login in [first, second] {
        assert_eq!(login.line, "POST /oauth/token");
        assert_eq!(login.body, assertion_form());
        assert_eq!(login.header("authorization"), Some(BASIC));
        let form = "application/x-www-form-urlencoded";
        assert_eq!(login.header("content-type"), Some(form));
        assert_eq!(login.header("accept"), Some("application/json"));
    }
}

#[tokio::test]
async fn an_assertion_is_followed_by_refresh_tokens_for_as_long_as_they_are_good() {
    let scripts = [
        refreshable("t-1", "r-1"),
        refreshable("t-2", "r-2"),
        denies("invalid_grant", "revoked"),
        refreshable("t-3", "r-3"),
    ];
    let server = portal(scripts, any).await;
    let client = server.logging_in(by_assertion()).build().unwrap();
    for _ in 0..3 {
        get(&client).await.unwrap();
    }
    assert_eq!(server.tokens(), ["t-1", "t-2", "t-3"]);
    let refresh = |token| with_secret(refresh_form(token) + "&orgName=acme+%26+sons");
    let expected = [
        with_secret(assertion_form()),
        refresh("r-1"),
        refresh("r-2"),
        with_secret(assertion_form()),
    ];
    assert_eq!(said(&server), expected);
}

#[tokio::test]
async fn an_assertion_that_is_turned_down_says_why() {
    let server = portal([denies("invalid_grant", "no such user")], any).await;
    let builder = server.logging_in(by_assertion()).retry(quick());
    let error = get(&builder.build().unwrap()).await.unwrap_err();
    assert!(error.is_login() && !error.is_retryable(), "{error}");
    assert_eq!(error.code(), Some("invalid_grant"));
    assert_eq!(error.message(), Some("no such user"));
    assert_eq!(server.requests().len(), 1);
}
