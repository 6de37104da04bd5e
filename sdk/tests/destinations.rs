//! The hosts that calls, logins and credentials are sent to, and those that the caller has to
//! permit.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use genesys_cloud_users::{Client, HeaderValue, Method, RequestOptions, TransportContext};
use http::header;
use support::{Server, TOKEN, get, ok};

#[tokio::test]
async fn a_client_without_credentials_sends_nothing() {
    let server = Server::playing(ok("{}")).await;
    let builder = || Client::builder().base_url(server.url());
    let client = builder().build().unwrap();
    let error = get(&client).await.unwrap_err();
    assert!(error.is_config(), "{error}");
    let text = error.to_string();
    for part in [
        "getUser",
        "`PureCloudOAuth`",
        "`bearer_token`",
        "`without_credentials`",
    ] {
        assert!(text.contains(part), "{text}");
    }
    let raw = client.request(Method::GET, "/api/v2/featureflags");
    assert!(raw.clone().send().await.unwrap_err().is_config());
    assert_eq!(server.requests().len(), 0);
    // Those of one request do.
    let token = HeaderValue::from_static("Bearer own");
    let options = RequestOptions::new().with_header(header::AUTHORIZATION, token.clone());
    let request = client.users().get_user("u-1").with_options(options);
    request.send().await.unwrap();
    raw.header(header::AUTHORIZATION, token)
        .send()
        .await
        .unwrap();
    let client = builder().without_credentials().build().unwrap();
    get(&client).await.unwrap();
    let requests = server.requests();
    let sent: Vec<_> = requests
        .iter()
        .map(|it| it.header("authorization"))
        .collect();
    assert_eq!(sent, [Some("Bearer own"), Some("Bearer own"), None]);
}

#[tokio::test]
async fn awaiting_a_request_sends_it() {
    let server = Server::playing(ok(r#"{"id":"u-1"}"#)).await;
    let client = server.client();
    let user = client.users().get_user("u-1").await.unwrap();
    assert_eq!(user.id.as_deref(), Some("u-1"));
    let raw = client.request(Method::GET, "/api/v2/users/u-1");
    assert_eq!(raw.await.unwrap().body(), r#"{"id":"u-1"}"#);
    // As a task of its own.
    let request = client.users().get_user("u-1");
    tokio::spawn(request.into_future()).await.unwrap().unwrap();
    assert_eq!(server.requests().len(), 3);
}

#[cfg(feature = "oauth")]
#[tokio::test]
async fn a_gateway_takes_calls_and_logins() {
    use genesys_cloud_users::{Login, RetryPolicy};
    use support::oauth::{any, grants, portal};

    let server = portal([grants("t-1", "")], any).await;
    let login = || Login::client_credentials("id", "s3cr3t");
    let builder = || Client::builder().login(login()).retry(RetryPolicy::none());
    let gateway = format!("{}/cloud/", server.url());
    #[cfg(any(feature = "rustls", feature = "native-tls"))]
    {
        use genesys_cloud_users::Region;

        let client = builder().region(Region::EuWest1).gateway(&gateway);
        get(&client.build().unwrap()).await.unwrap();
    }
    #[cfg(not(any(feature = "rustls", feature = "native-tls")))]
    get(&builder().gateway(&gateway).build().unwrap())
        .await
        .unwrap();
    let requests = server.requests();
    let lines: Vec<_> = requests.iter().map(|it| it.line.as_str()).collect();
    let expected = ["POST /cloud/oauth/token", "GET /cloud/api/v2/users/u-1"];
    assert_eq!(lines, expected);
    assert_eq!(requests[1].header("authorization"), Some("Bearer t-1"));
    // A base URL alone would take the secret to the default region.
    let error = builder().base_url(server.url()).build().unwrap_err();
    assert!(error.is_config(), "{error}");
    let text = error.to_string();
    for part in [
        server.url().as_str(),
        "https://login.mypurecloud.com",
        "`gateway`",
    ] {
        assert!(text.contains(part), "{text}");
    }
    assert!(!text.contains("s3cr3t"));
    let both = builder().base_url(server.url()).login_url(&server.url());
    get(&both.build().unwrap()).await.unwrap();
    assert_eq!(server.requests()[2].line, "POST /oauth/token");
}

#[tokio::test]
async fn credentials_go_to_other_machines_by_tls_alone() {
    let builder = || Client::builder().base_url("http://api.example.com");
    let error = builder().bearer_token("s3cr3t").build().unwrap_err();
    assert!(error.is_config(), "{error}");
    let text = error.to_string();
    for part in ["http://api.example.com without TLS", "allow_insecure_http"] {
        assert!(text.contains(part), "{text}");
    }
    let allowed = builder().bearer_token("s3cr3t").allow_insecure_http();
    assert!(allowed.build().is_ok());
    // What a request brings is no better than what the client has.
    let client = builder().without_credentials().build().unwrap();
    let token = HeaderValue::from_static("Bearer s3cr3t");
    let request = client
        .request(Method::GET, "/")
        .header(header::AUTHORIZATION, token);
    let error = request.send().await.unwrap_err();
    assert!(
        error.is_config() && error.to_string().contains("without TLS"),
        "{error}"
    );
    // This machine is no other.
    let server = Server::playing(ok("{}")).await;
    let url = server.url().replace("127.0.0.1", "localhost");
    let client = server.builder().base_url(url).build().unwrap();
    get(&client).await.unwrap();
    let authorization = format!("Bearer {TOKEN}");
    let request = server.request();
    assert_eq!(
        request.header("authorization"),
        Some(authorization.as_str())
    );
}

#[tokio::test]
async fn a_transport_can_be_called_by_its_own_test() {
    use std::time::Duration;

    use genesys_cloud_users::{
        HttpRequest, HttpResponse, Transport, TransportError, TransportFuture,
    };

    /// Refuses what it is not given a second for, and answers with what it was told.
    struct Patient;

    impl Transport for Patient {
        fn send(&self, _: HttpRequest, context: TransportContext) -> TransportFuture<'_> {
            Box::pin(async move {
                if context.timeout() < Duration::from_secs(1) {
                    return Err(TransportError::timeout());
                }
                let (operation, path) = (context.operation(), context.path_template());
                Ok(HttpResponse::new(format!("{operation} {path}").into()))
            })
        }
    }

    let context = TransportContext::new("getUser", "/api/v2/users/{userId}");
    assert_eq!(context.timeout(), Duration::from_secs(60));
    assert_eq!(
        (context.max_body(), context.max_error_body()),
        (64 << 20, 64 << 10)
    );
    assert!(!context.wants_stream());
    let answer = Patient.send(HttpRequest::default(), context).await.unwrap();
    let text = answer.body().as_bytes().unwrap();
    assert_eq!(text, "getUser /api/v2/users/{userId}");
    let short = context.with_timeout(Duration::from_millis(1));
    let error = Patient
        .send(HttpRequest::default(), short)
        .await
        .unwrap_err();
    assert!(error.is_timeout());
    let other = context
        .with_max_body(1)
        .with_max_error_body(2)
        .with_stream(true);
    assert_eq!((other.max_body(), other.max_error_body()), (1, 2));
    assert!(other.wants_stream());
}

#[test]
fn types_of_other_crates_are_at_hand() {
    use genesys_cloud_users::{
        Bytes, DateTime, HeaderMap, HeaderName, NaiveDate, StatusCode, Utc,
        external::{bytes, chrono, futures_core, http, serde, serde_json},
    };

    fn same<T>(one: T, _: T) -> T {
        one
    }

    let _: (Bytes, HeaderMap) = (bytes::Bytes::new(), http::HeaderMap::new());
    let _: DateTime = chrono::DateTime::<Utc>::UNIX_EPOCH.into();
    let _: NaiveDate = chrono::NaiveDate::MIN;
    assert_eq!(same(StatusCode::OK, http::StatusCode::OK), 200);
    let _ = same(
        HeaderName::from_static("a"),
        http::HeaderName::from_static("a"),
    );
    let _: Option<&dyn futures_core::Stream<Item = serde_json::Value>> = None;
    fn _is_written<T: serde::Serialize>() {}
}
