use super::*;

#[test]
fn links_within_the_host_are_followed() {
    let base = "https://api.example.com/gate/way";
    for (link, expected) in [
        ("/v2/users?page=2", "/v2/users?page=2"),
        ("/gate/way/v2/users?page=2#top", "/v2/users?page=2"),
        ("/gate/wayside", "/gate/wayside"),
        ("?page=2", "/v2/users?page=2"),
        (
            "https://api.example.com/gate/way/v2/users?a=%20b",
            "/v2/users?a=%20b",
        ),
        ("https://api.example.com/gate/way?x=/y", "/gate/way?x=/y"),
        ("HTTPS://API.example.com:443/v2/users", "/v2/users"),
    ] {
        assert_eq!(
            target(link, base, "/v2/users").as_deref(),
            Ok(expected),
            "{link}"
        );
    }
    // What was asked for is not shortened, though it begins as the base URL ends.
    let (base, path) = ("https://gw.example.com/api", "/api/v2/users");
    let link = "/api/v2/users?page=2";
    assert_eq!(target(link, base, path).as_deref(), Ok(link));
    assert_eq!(
        target("https://h?page=2", "https://h", "/").as_deref(),
        Ok("/?page=2")
    );
    assert_eq!(
        target("http://h:8080/x", "http://h:8080", "/").as_deref(),
        Ok("/x")
    );
}

#[test]
fn links_that_lead_away_are_refused() {
    let base = "https://api.example.com";
    for link in [
        "https://evil.example.com/v2/users?page=2",
        "https://api.example.com.evil.com/",
        "https://api.example.com@evil.com/",
        "https://user@api.example.com/",
        "http://api.example.com/v2/users",
        "https://api.example.com:8443/v2/users",
        "//evil.example.com/v2/users",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "users?page=2",
        "",
        "/v2/../../admin",
        "/v2/%2e%2E/admin",
        "/v2/.%2e/admin",
        "/v2\\..\\admin",
        "/v2/users?a=b c",
        "/v2/us ers",
        "/v2/users\n",
    ] {
        assert!(target(link, base, "/v2/users").is_err(), "{link}");
    }
}

#[test]
fn the_next_link_of_a_header_is_found() {
    let next = |text: &'static str| {
        let value = http::HeaderValue::from_static(text);
        next_in(&HeaderMap::from_iter([(header::LINK, value)]))
    };
    for (text, expected) in [
        (r#"</u?page=2>; rel="next""#, Some("/u?page=2")),
        (
            r#"</u?page=1>; rel="prev", </u?page=3,4>; title="a, b; rel=prev"; rel="next""#,
            Some("/u?page=3,4"),
        ),
        ("</u?page=2>; rel=next", Some("/u?page=2")),
        (r#"</u?page=2>; REL="last Next""#, Some("/u?page=2")),
        (r#"</u?page=2>; title="rel=\"next\"; rel=next""#, None),
        (r#"</u?page=2>; rel="nextish""#, None),
        (r#"</u?page=2"#, None),
        ("", None),
    ] {
        assert_eq!(next(text).as_deref(), expected, "{text}");
    }
}
