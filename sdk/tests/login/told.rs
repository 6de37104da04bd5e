//! The contents of errors of failed logins.

use genesys_cloud_users::Error;
use serde_json::Value;

use super::*;
use crate::support::{ok, script::refusing};

const JSON: &str = "Content-Type: application/json\nININ-Correlation-Id: c-1";

/// The error of a call whose login is answered like this, and where the login went.
async fn error_of(answer: Vec<Step>) -> (Error, String) {
    let server = portal([answer], any).await;
    let client = server.logging_in(application()).build().unwrap();
    let error = get(&client).await.unwrap_err();
    assert!(error.is_login(), "{error}");
    assert_eq!(error.operation(), Some("getUser"));
    assert_eq!(error.attempts(), 0, "the call itself was not sent");
    let host = server.url().replace("http://", "");
    (error, host)
}

/// What an error shows, without the time of the next login, which varies.
fn first_line(error: &Error) -> String {
    let text = error.to_string();
    let (line, rest) = text.split_once("; the next login").unwrap();
    assert!(rest.starts_with(" is possible in "), "{text}");
    line.to_owned()
}

#[tokio::test]
async fn wrong_credentials_are_told_with_all_that_the_service_says() {
    let body = r#"{"error":"invalid_client","description":"client not found: app-1","error_description":"client not found: app-1"}"#;
    for status in ["400 Bad Request", "401 Unauthorized"] {
        let (error, host) = error_of(reply(&format!("{status}\n{JSON}"), body)).await;
        assert_eq!(
            first_line(&error),
            format!(
                "getUser: authentication failed at {host}: invalid_client \
                 (client not found: app-1) (correlation id c-1)"
            )
        );
        assert_eq!(error.status().unwrap().to_string(), { status.to_owned() });
        assert_eq!(error.code(), Some("invalid_client"));
        assert_eq!(error.message(), Some("client not found: app-1"));
        assert_eq!(error.correlation_id(), Some("c-1"));
        assert_eq!(error.context_id(), Some("c-1"));
        assert_eq!(error.headers().unwrap()["content-type"], "application/json");
        assert_eq!(error.body().unwrap(), body);
        let read: Value = error.json().unwrap().unwrap();
        assert_eq!(read["error"], "invalid_client");
        assert!(error.is_status() && error.is_unauthorized(), "{error}");
        assert!(error.is_client_error() && !error.is_server_error());
        assert_eq!(error.is_bad_request(), status.starts_with("400"));
        assert!(!error.is_rate_limited() && !error.is_retryable());
        assert_eq!(error.platform(), None, "the body is not the platform's");
    }
}

#[tokio::test]
async fn predicates_answer_for_logins() {
    let forbidden = r#"{"error":"unauthorized_client"}"#;
    let (error, host) = error_of(reply(&format!("403 Forbidden\n{JSON}"), forbidden)).await;
    assert!(error.is_forbidden() && !error.is_unauthorized(), "{error}");
    assert!(
        first_line(&error).contains(&format!("at {host}: unauthorized_client (correlation")),
        "{error}"
    );
    let limited = r#"{"code":"too.many.requests","message":"Slow down","status":429}"#;
    let head = format!("429 Too Many Requests\nRetry-After: 40\n{JSON}");
    let (error, host) = error_of(reply(&head, limited)).await;
    assert!(error.is_rate_limited() && error.is_retryable(), "{error}");
    assert_eq!(error.code(), Some("too.many.requests"));
    assert_eq!(error.message(), Some("Slow down"));
    assert_eq!(
        error.platform().unwrap().code.as_deref(),
        Some("too.many.requests")
    );
    let wait = error.retry_after().unwrap();
    assert!(
        wait <= Duration::from_secs(40) && wait > Duration::from_secs(35),
        "{wait:?}"
    );
    assert_eq!(
        first_line(&error),
        format!(
            "getUser: authentication failed at {host}: the service answered \
             429 Too Many Requests [too.many.requests]: Slow down (correlation id c-1)"
        )
    );
    let (error, host) = error_of(reply("500 Oops\nContent-Type: text/html", "<html>")).await;
    assert!(error.is_server_error() && !error.is_retryable(), "{error}");
    assert_eq!(error.body().unwrap(), "<html>");
    let text = first_line(&error);
    let end = format!("at {host}: the service answered 500 Internal Server Error");
    assert!(text.ends_with(&end), "{text}");
    let (error, _) = error_of(reply("503 Busy", "")).await;
    assert!(error.is_server_error() && error.is_retryable(), "{error}");
    assert_eq!(error.status().unwrap(), StatusCode::SERVICE_UNAVAILABLE);
    let (error, _) = error_of(reply("302 Found\nLocation: https://sso.example.com/", "")).await;
    assert!(error.is_status() && !error.is_client_error(), "{error}");
    assert_eq!(error.location(), Some("https://sso.example.com/"));
}

#[tokio::test]
async fn a_body_that_may_hold_a_token_is_not_kept() {
    let answers = [
        ok(r#"{"acess_token":"t0ken","token_type":"bearer"}"#),
        reply(
            "200 OK\nContent-Type: text/html\nININ-Correlation-Id: c-1",
            "<html>t0ken</html>",
        ),
        ok(r#"{"access_token":"t0ken""#),
    ];
    for answer in answers {
        let (error, host) = error_of(answer).await;
        assert_eq!(error.status(), Some(StatusCode::OK), "{error}");
        assert!(!error.is_status() && !error.is_decode(), "{error}");
        assert!(error.headers().is_some());
        assert_eq!(error.body(), None);
        assert!(error.json::<Value>().is_none());
        assert!(!shown(&error).contains("t0ken"), "{error:?}");
        let text = first_line(&error);
        let expected = format!("at {host}: the 200 OK response is not an OAuth token response");
        assert!(text.contains(&expected), "{text}");
    }
}

#[tokio::test]
async fn an_error_body_is_cut_like_that_of_any_response() {
    let long = format!("{:>9000}", r#"{"error":"x"}"#);
    let server = portal([reply("400 Bad Request", &long)], any).await;
    let builder = server.logging_in(application());
    let client = builder.max_error_body_bytes(100).build().unwrap();
    let error = get(&client).await.unwrap_err();
    assert_eq!(error.body().unwrap().len(), 100);
}

#[tokio::test]
async fn a_login_without_a_connection_names_the_host() {
    let (_held, address) = refusing();
    let server = Server::deciding(any).await;
    let builder = server.logging_in(application());
    let url = format!("http://u:s3cr3t@{address}/oauth/token?key=s3cr3t");
    let client = builder.token_url(url).build().unwrap();
    let error = get(&client).await.unwrap_err();
    assert!(error.is_login() && error.is_connect(), "{error}");
    assert!(error.is_retryable() && !error.is_timeout(), "{error}");
    assert_eq!(
        first_line(&error),
        format!("getUser: authentication failed: cannot connect to {address}")
    );
    assert!(!shown(&error).contains("s3cr3t"), "{error:?}");
    let server = portal([vec![Step::Hang]], any).await;
    let builder = server.logging_in(application());
    let brief = Duration::from_millis(150);
    let client = builder.login_timeout(brief).build().unwrap();
    let error = get(&client).await.unwrap_err();
    let host = server.url().replace("http://", "");
    assert_eq!(
        first_line(&error),
        format!("getUser: authentication failed at {host}: timed out waiting for a token")
    );
    let server = portal([vec![Step::Hang]], any).await;
    let builder = server.logging_in(application()).attempt_timeout(brief);
    let error = get(&builder.build().unwrap()).await.unwrap_err();
    assert!(error.is_timeout() && error.is_login(), "{error}");
    let host = server.url().replace("http://", "");
    assert_eq!(
        first_line(&error),
        format!("getUser: authentication failed: timed out waiting for the response of {host}")
    );
}

#[tokio::test]
async fn control_characters_of_a_login_service_are_escaped_and_long_texts_cut() {
    let long = "x".repeat(5000);
    let body = format!(
        r#"{{"error":"invalid\u001b[31m_client","error_description":"a\u001b]0;owned\u0007\n\u202eb{long}"}}"#
    );
    let (error, _) = error_of(reply(&format!("400 Bad Request\n{JSON}"), &body)).await;
    assert_eq!(error.code(), Some("invalid\u{1b}[31m_client"));
    assert!(
        error
            .message()
            .unwrap()
            .starts_with("a\u{1b}]0;owned\u{7}\n\u{202e}b")
    );
    let text = error.to_string();
    assert!(!text.contains(char::is_control), "{text:?}");
    assert!(!text.contains('\u{202e}'), "{text:?}");
    assert!(
        text.contains(r"invalid\u{1b}[31m_client (a\u{1b}]0;owned\u{7}\n\u{202e}bxx"),
        "{text}"
    );
    assert!(text.len() < 1500, "{}", text.len());
}
