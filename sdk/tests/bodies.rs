//! Bodies of requests other than JSON, over real HTTP.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use std::time::Duration;

use bytes::Bytes;
use futures_util::stream;
use genesys_cloud_users::{
    AccessToken, Body, Client, FilePart, RequestOptions, RetryPolicy, TokenFuture, TokenSource,
};
use http::{HeaderValue, Method, header};
use support::{Server, Step, ok, reply, script::in_turn, script::refusing};

const TEXT: HeaderValue = HeaderValue::from_static("text/plain");

/// A client of the server that repeats what it may.
fn persistent(server: &Server) -> Client {
    let policy = RetryPolicy::new().with_initial_backoff(Duration::ZERO);
    server.builder().retry(policy).build().unwrap()
}

/// A body that comes in pieces.
fn pieces(pieces: &'static [&'static str]) -> Body {
    let pieces = pieces.iter().copied().map(Bytes::from);
    Body::stream(stream::iter(pieces.map(Ok::<_, std::io::Error>)))
}

fn unavailable() -> Vec<Step> {
    reply("503 Busy", "")
}

#[tokio::test]
async fn bytes_are_sent_as_they_are_and_again() {
    let server = Server::deciding(in_turn([unavailable(), ok("{}")])).await;
    let request = persistent(&server).request(Method::PUT, "/files/1");
    let options = RequestOptions::new().with_header(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/markdown"),
    );
    let request = request.body(TEXT, "# abc").with_options(options);
    request.send().await.unwrap();
    let requests = server.requests();
    assert_eq!(requests.len(), 2);
    for request in requests {
        assert_eq!(request.body, "# abc");
        assert_eq!(request.header("content-length"), Some("5"));
        assert_eq!(request.header("content-type"), Some("text/markdown"));
    }
}

#[tokio::test]
async fn a_stream_is_sent_in_chunks_or_with_its_length() {
    let server = Server::playing(ok("{}")).await;
    let client = server.client();
    for body in [
        pieces(&["a", "", "bc"]),
        pieces(&["ab", "c"]).with_length(3),
    ] {
        let request = client.request(Method::POST, "/files").body(TEXT, body);
        request.send().await.unwrap();
    }
    let requests = server.requests();
    assert_eq!(requests[0].body, "abc");
    assert_eq!(requests[0].header("transfer-encoding"), Some("chunked"));
    assert_eq!(requests[0].header("content-length"), None);
    assert_eq!(requests[1].body, "abc");
    assert_eq!(requests[1].header("content-length"), Some("3"));
    assert_eq!(requests[1].header("transfer-encoding"), None);
}

#[tokio::test]
async fn a_stream_that_has_been_sent_is_not_sent_again() {
    let server = Server::playing(unavailable()).await;
    let request = persistent(&server).request(Method::PUT, "/files/1");
    let request = request.body(TEXT, pieces(&["abc"]));
    let error = request.clone().send().await.unwrap_err();
    assert_eq!((error.attempts(), server.requests().len()), (1, 1));
    assert!(
        error
            .to_string()
            .contains("a stream, which can only be sent once"),
        "{error}"
    );
    let error = request.send().await.unwrap_err();
    assert!(error.is_request(), "{error}");
    assert!(error.to_string().contains("sent before"), "{error}");
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn a_stream_that_nobody_asked_for_is_tried_again() {
    let (held, address) = refusing();
    let server = Server::playing(ok("{}")).await;
    let policy = RetryPolicy::new().with_initial_backoff(Duration::ZERO);
    let builder = server.builder().retry(policy);
    let client = builder
        .base_url(format!("http://{address}"))
        .build()
        .unwrap();
    let request = client.request(Method::POST, "/files");
    let error = request
        .body(TEXT, pieces(&["abc"]))
        .send()
        .await
        .unwrap_err();
    assert!(error.is_connect(), "{error}");
    assert_eq!(error.attempts(), 4);
    drop(held);
}

#[tokio::test]
async fn a_stream_that_fails_or_is_of_another_length_ends_the_exchange() {
    let server = Server::playing(ok("{}")).await;
    let client = server.client();
    let broken = [Ok(Bytes::from("a")), Err(std::io::Error::other("no disk"))];
    for (body, cause) in [
        (Body::stream(stream::iter(broken)), "no disk"),
        (pieces(&["abc"]).with_length(4), "fewer bytes"),
        (pieces(&["abc"]).with_length(2), "more bytes"),
    ] {
        let request = client.request(Method::POST, "/files").body(TEXT, body);
        let error = request.send().await.unwrap_err();
        assert!(!error.is_status() && !error.is_timeout(), "{error}");
        assert!(format!("{error:?}").contains(cause), "{error:?}");
    }
}

/// Hands out `token-1`, `token-2` and so on.
#[derive(Default)]
struct Counter(std::sync::atomic::AtomicUsize);

impl TokenSource for Counter {
    fn fetch(&self) -> TokenFuture<'_> {
        let number = self.0.fetch_add(1, std::sync::atomic::Ordering::SeqCst) + 1;
        Box::pin(async move { Ok(AccessToken::new(format!("token-{number}"))) })
    }
}

#[tokio::test]
async fn a_refused_token_is_replaced_though_the_stream_is_gone() {
    let server = Server::deciding(|request| match request.header("authorization") {
        Some("Bearer token-1") => reply("401 No", ""),
        _ => ok("{}"),
    })
    .await;
    let client = server.builder().token_source(Counter::default());
    let client = client.build().unwrap();
    let send = |body| {
        client
            .request(Method::PUT, "/files/1")
            .body(TEXT, body)
            .send()
    };
    let error = send(pieces(&["abc"])).await.unwrap_err();
    assert!(error.is_unauthorized(), "{error}");
    assert!(
        error.to_string().contains("can only be sent once"),
        "{error}"
    );
    // The next call has the next token; what is in memory would have been sent again by itself.
    send(pieces(&["abc"])).await.unwrap();
    let tokens = server.requests();
    let tokens: Vec<_> = tokens
        .iter()
        .filter_map(|it| it.header("authorization"))
        .collect();
    assert_eq!(tokens, ["Bearer token-1", "Bearer token-2"]);
}

#[tokio::test]
async fn parts_are_sent_byte_for_byte_and_again() {
    let server = Server::deciding(in_turn([unavailable(), ok("{}")])).await;
    let file = FilePart::new("a,b\n1,2\n")
        .with_file_name("table \"1\".csv")
        .with_content_type("text/csv");
    let request = persistent(&server)
        .request(Method::PUT, "/imports/1")
        .part("note", "two\r\nlines")
        .part("count", 2)
        .file("file", file);
    request.send().await.unwrap();
    let requests = server.requests();
    assert_eq!(requests.len(), 2);
    let content_type = requests[0].header("content-type").unwrap();
    let boundary = content_type
        .strip_prefix("multipart/form-data; boundary=")
        .unwrap();
    let expected = [
        "--{}\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\ntwo\r\nlines\r\n",
        "--{}\r\nContent-Disposition: form-data; name=\"count\"\r\n\r\n2\r\n",
        "--{}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"table %221%22.csv\"\r\n",
        "Content-Type: text/csv\r\n\r\na,b\n1,2\n\r\n--{}--\r\n",
    ];
    assert_eq!(requests[0].body, expected.concat().replace("{}", boundary));
    assert_eq!(requests[1].body, requests[0].body);
    assert_eq!(requests[1].header("content-type"), Some(content_type));
}

#[tokio::test]
async fn a_part_that_is_a_stream_stays_one() {
    let server = Server::playing(ok("{}")).await;
    let client = server.client();
    for (body, has_length) in [
        (pieces(&["a", "b"]), false),
        (pieces(&["a", "b"]).with_length(2), true),
    ] {
        let request = client.request(Method::POST, "/imports").file("file", body);
        request.clone().send().await.unwrap();
        let sent = server.requests().pop().unwrap();
        assert!(sent.body.contains("\r\n\r\nab\r\n--"), "{}", sent.body);
        let length = has_length.then(|| sent.body.len().to_string());
        assert_eq!(sent.header("content-length"), length.as_deref());
        assert!(request.send().await.unwrap_err().is_request());
    }
}
