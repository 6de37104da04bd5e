use std::{error::Error as StdError, fmt};

use super::{super::service, *};

static SERVICE: Service = Service {
    describe_error: |_| ErrorSummary {
        code: Some("too.many.requests".to_owned()),
        message: Some("Slow down".to_owned()),
        context_id: None,
    },
    ..service::tests::SERVICE
};

fn limited(retry_after: &'static str) -> Error {
    let response = http::Response::builder()
        .status(429)
        .header("Retry-After", retry_after)
        .header("X-Correlation", "c-1")
        .header("Set-Cookie", "session=s3cr3t")
        .body(Bytes::from_static(b"{\"password\":\"s3cr3t\"}"))
        .unwrap();
    Error::status_of("getUser", response, &SERVICE)
}

fn undecodable<T: serde::de::DeserializeOwned + fmt::Debug>(
    content_type: &'static str,
    body: &'static str,
) -> Error {
    let response = http::Response::builder()
        .header("Content-Type", content_type)
        .body(Bytes::from_static(body.as_bytes()))
        .unwrap();
    let failed = serde_json::from_str::<T>(body).unwrap_err();
    let failure = DecodeFailure::new(&failed, &response);
    Error::decode("getUser", response, &SERVICE, failure)
}

#[test]
fn says_what_happened_in_one_line() {
    assert_eq!(
        limited("3").to_string(),
        "getUser: the service answered 429 Too Many Requests [too.many.requests]: \
         Slow down (correlation id c-1)"
    );
}

#[test]
fn debug_shows_neither_headers_nor_body() {
    let error = limited("3");
    assert!(!format!("{error:?}").contains("s3cr3t"), "{error:?}");
    assert!(error.body().unwrap().starts_with(b"{"));
}

#[test]
fn a_decode_failure_does_not_quote_the_body() {
    let error = undecodable::<i32>("application/json", "\"hunter \\\"2\\\"\"");
    let source = error.source().unwrap().to_string();
    assert!(
        source.starts_with("invalid type: string \"..\", expected i32"),
        "{source}"
    );
    assert!(!format!("{error:?}").contains("hunter"));
    let error = undecodable::<String>("application/json", "1234");
    assert!(!error.source().unwrap().to_string().contains("1234"));
}

#[test]
fn a_decode_failure_says_where_and_keeps_the_body() {
    let error = undecodable::<Vec<i32>>("application/json", r#"[1, "two"]"#);
    assert_eq!(error.json_path(), Some("$[1]"));
    assert_eq!(
        error.to_string(),
        "getUser: the body of the 200 OK response does not match the API description, at $[1]"
    );
    assert_eq!(error.body().unwrap(), r#"[1, "two"]"#);
    let source = |error: Error| error.source().unwrap().to_string();
    let html = undecodable::<i32>("text/html", "<html>");
    assert_eq!(source(html), "the body is not JSON but text/html");
    let empty = undecodable::<i32>("application/json", "");
    assert_eq!(source(empty), "the body is empty");
}

#[test]
fn predicates_follow_the_kind() {
    let error = limited("3");
    assert!(error.is_status() && error.is_rate_limited());
    assert!(!error.is_not_found() && !error.is_timeout() && !error.is_decode());
    assert_eq!(error.retry_after(), Some(Duration::from_secs(3)));
    assert_eq!(limited("soon").retry_after(), None);
    assert!(error.is_retryable() && !error.is_login());
    let timeout = Error::transport("getUser", TransportError::timeout());
    assert!(timeout.is_timeout() && !timeout.is_connect());
    assert_eq!(timeout.status(), None);
    assert!(timeout.is_retryable());
    assert!(!Error::transport("getUser", TransportError::too_large()).is_retryable());
    assert!(Error::config("no host").is_config());
}

#[test]
fn predicates_follow_the_status() {
    type Predicate = fn(&Error) -> bool;
    let predicates: [(u16, Predicate); 9] = [
        (400, Error::is_bad_request),
        (401, Error::is_unauthorized),
        (403, Error::is_forbidden),
        (404, Error::is_not_found),
        (409, Error::is_conflict),
        (410, Error::is_gone),
        (412, Error::is_precondition_failed),
        (422, Error::is_unprocessable),
        (429, Error::is_rate_limited),
    ];
    for status in (300..600).filter(|status| status % 100 < 35) {
        let response = http::Response::builder().status(status);
        let response = response.body(Bytes::new()).unwrap();
        let error = Error::status_of("getUser", response, &SERVICE);
        for (own, predicate) in predicates {
            assert_eq!(predicate(&error), own == status, "{own} of {status}");
        }
        assert_eq!(error.is_client_error(), (400..500).contains(&status));
        assert_eq!(error.is_server_error(), status >= 500);
        assert!(error.is_status());
    }
    let decode = undecodable::<i32>("application/json", "[]");
    assert!(!decode.is_status() && !decode.is_client_error() && !decode.is_server_error());
}
