use super::*;

fn read(pairs: &[(&'static str, &'static str)]) -> Option<RateLimit> {
    let headers = pairs
        .iter()
        .map(|(name, value)| {
            (
                http::HeaderName::from_static(name),
                http::HeaderValue::from_static(value),
            )
        })
        .collect();
    RateLimit::from_headers(&headers, "count", "allowed", "reset")
}

#[test]
fn figures_are_read_one_by_one() {
    let limit = read(&[("count", "299"), ("allowed", " 300 "), ("reset", "7")]).unwrap();
    assert_eq!(limit.remaining(), Some(1));
    assert_eq!(limit.reset, Some(Duration::from_secs(7)));
    let partial = read(&[("count", "many"), ("reset", "7")]).unwrap();
    assert_eq!((partial.count, partial.remaining()), (None, None));
    assert_eq!(read(&[("count", "-1"), ("other", "1")]), None);
}

#[test]
fn more_than_allowed_leaves_none() {
    let limit = read(&[("count", "301"), ("allowed", "300")]).unwrap();
    assert_eq!(limit.remaining(), Some(0));
}
