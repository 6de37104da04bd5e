//! Bodies that come compressed.

use super::{support::gzip, *};

const GZIP: &str = "200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip";

/// A complete response with a body of bytes.
fn packed(head: &str, body: &[u8]) -> Vec<Step> {
    let head = format!("HTTP/1.1 {head}\r\nContent-Length: {}\r\n\r\n", body.len());
    vec![raw([head.as_bytes(), body].concat())]
}

#[tokio::test]
async fn a_compressed_body_is_asked_for_and_unpacked() {
    let body = gzip::stored(r#"{"name":"Jörg"}"#);
    let server = Server::playing(packed(GZIP, &body)).await;
    let user = server.get().await.unwrap();
    assert_eq!(user.name.as_deref(), Some("Jörg"));
    assert_eq!(server.request().header("accept-encoding"), Some("gzip"));
}

#[tokio::test]
async fn a_compressed_error_body_is_unpacked_too() {
    let body = gzip::stored(r#"{"code":"too.early"}"#);
    let head = GZIP.replace("200 OK", "425 Too Early");
    let server = Server::playing(packed(&head, &body)).await;
    let error = server.get().await.unwrap_err();
    assert_eq!(error.code(), Some("too.early"));
}

#[tokio::test]
async fn a_compressed_body_that_is_damaged_is_no_answer() {
    let body = gzip::stored("{}");
    let mut wrong_sum = body.clone();
    wrong_sum[17] ^= 1;
    let cut_short = &body[..body.len() - 6];
    let bodies = [&wrong_sum, cut_short, b"{}"].map(|body| packed(GZIP, body));
    let server = Server::deciding(by_number(bodies)).await;
    let client = server.client();
    for number in 0..3 {
        let error = failed(&client, number).await;
        assert!(!error.is_decode() && !error.is_timeout(), "{error}");
        assert_eq!(error.status(), None);
    }
}

#[tokio::test]
async fn the_limit_counts_what_is_unpacked() {
    let (start, piece) = gzip::bomb();
    let times = 1024 * MIB / gzip::BOMB_PIECE;
    let length = start.len() + times * piece.len();
    let bomb = |status: &str| {
        let head = GZIP.replace("200 OK", status);
        let head = format!("HTTP/1.1 {head}\r\nContent-Length: {length}\r\n\r\n");
        vec![
            raw(head),
            raw(start.clone()),
            Step::Repeat(piece.clone(), times),
        ]
    };
    let server = Server::deciding(by_number([bomb("200 OK"), bomb("500 Oops")])).await;
    let limit = 2 * length;
    let builder = server.builder().max_response_bytes(limit);
    let client = builder.max_error_body_bytes(limit).build().unwrap();
    let error = failed(&client, 0).await;
    assert!(error.is_too_large(), "{error}");
    let error = failed(&client, 1).await;
    assert_eq!(error.status(), Some(StatusCode::INTERNAL_SERVER_ERROR));
    assert_eq!(error.body().unwrap().len(), limit);
    assert_little_was_held();
}
