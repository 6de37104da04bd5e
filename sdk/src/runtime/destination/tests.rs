use super::*;

#[test]
fn only_http_to_other_machines_is_exposed() {
    for url in [
        "https://api.example.com",
        "http://localhost:8080/v1",
        "http://LOCALHOST.",
        "http://api.localhost",
        "http://127.0.0.1:1",
        "http://127.9.9.9",
        "http://[::1]:8080/",
        "",
        "/oauth/token",
    ] {
        assert!(!is_exposed(url), "{url}");
    }
    for url in [
        "http://api.example.com",
        "HTTP://api.example.com",
        "http://10.0.0.1",
        "http://0.0.0.0",
        "http://localhost.example.com",
        "http://127.0.0.1.example.com",
        "http://[::2]",
    ] {
        assert!(is_exposed(url), "{url}");
    }
}

#[test]
fn an_origin_leaves_out_what_does_not_tell_places_apart() {
    let same = Some("https://api.example.com".to_owned());
    for url in [
        "https://api.example.com",
        "https://API.example.com:443/v1?a#b",
    ] {
        assert_eq!(origin(url), same, "{url}");
    }
    assert_eq!(origin("http://x:8080/a").unwrap(), "http://x:8080");
    // Port 80 is the default of `http` alone.
    assert_eq!(origin("ws://x:80/a").unwrap(), "ws://x:80");
    assert_eq!(origin("/oauth/token"), None);
}

#[test]
fn a_path_is_what_follows_the_host() {
    for (url, expected) in [
        ("https://login.example.com/oauth/token", "/oauth/token"),
        ("https://api.example.com", ""),
        ("https://api.example.com/v2/", "/v2"),
        ("/oauth/token", "/oauth/token"),
    ] {
        assert_eq!(path(url), expected, "{url}");
    }
}
