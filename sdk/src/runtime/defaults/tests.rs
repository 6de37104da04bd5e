use super::*;

fn response(body: &'static str) -> WholeResponse {
    http::Response::builder()
        .status(400)
        .header("X-Request-Id", "r-1")
        .body(body.into())
        .unwrap()
}

fn described(body: &'static str) -> [Option<String>; 3] {
    let summary = describe_error(&response(body));
    [summary.code, summary.message, summary.context_id]
}

fn some(texts: [&str; 3]) -> [Option<String>; 3] {
    texts.map(|text| Some(text.to_owned()))
}

#[test]
fn errors_are_described_whatever_their_shape() {
    let problem = r#"{"type":"https://e/out-of-credit","title":"No credit","detail":"30 short","status":403,"instance":"/a/1"}"#;
    let expected = some(["https://e/out-of-credit", "30 short", "/a/1"]);
    assert_eq!(described(problem), expected);
    let nested = r#"{"error":{"code":"rate","message":"Slow down"},"request_id":"q"}"#;
    assert_eq!(described(nested), some(["rate", "Slow down", "q"]));
    let listed = r#"{"errors":[{"code":88,"message":"Limit"}]}"#;
    assert_eq!(described(listed), some(["88", "Limit", "r-1"]));
    let oauth = r#"{"error":"invalid_grant","error_description":"Expired"}"#;
    assert_eq!(described(oauth), some(["invalid_grant", "Expired", "r-1"]));
    let none = [None, None, Some("r-1".to_owned())];
    assert_eq!(described("<html>"), none);
    assert_eq!(described(r#"["a"]"#), none);
}

fn read(pairs: &[(&'static str, &str)]) -> Option<RateLimit> {
    let pairs = pairs.iter().map(|(name, value)| {
        let value = http::HeaderValue::from_str(value).unwrap();
        (http::HeaderName::from_static(name), value)
    });
    rate_limit(&pairs.collect())
}

#[test]
fn limits_are_read_in_every_common_form() {
    let expected = RateLimit {
        count: Some(60),
        allowed: Some(100),
        reset: Some(Duration::from_secs(30)),
    };
    for pairs in [
        &[
            ("ratelimit-limit", "100, 100;w=60"),
            ("ratelimit-remaining", "40"),
            ("ratelimit-reset", "30"),
        ][..],
        &[
            ("x-ratelimit-limit", "100"),
            ("x-ratelimit-remaining", "40"),
            ("x-ratelimit-reset", "30"),
        ],
        &[
            ("ratelimit", "\"default\";r=40;t=30"),
            ("ratelimit-policy", "\"default\";q=100;w=60"),
        ],
        &[("ratelimit", "limit=100, remaining=40, reset=30")],
    ] {
        assert_eq!(read(pairs), Some(expected), "{pairs:?}");
    }
    assert_eq!(read(&[("x-limit", "1")]), None);
}

#[test]
fn a_reset_can_be_a_point_in_time() {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let later = (now.as_secs() + 90).to_string();
    let reset = read(&[("x-ratelimit-reset", &later)])
        .unwrap()
        .reset
        .unwrap();
    assert!((80..=90).contains(&reset.as_secs()), "{reset:?}");
    let past = read(&[("x-ratelimit-reset", "1000000001")]).unwrap();
    assert_eq!(past.reset, Some(Duration::ZERO));
    assert_eq!(read(&[("x-ratelimit-reset", "NaN")]), None);
}
