//! Where a URL leads, as far as credentials are concerned.

use std::net::IpAddr;

use http::{HeaderMap, Uri, header};

/// Whether what is sent to the URL can be read on the way: it goes without TLS to another machine. A
/// text that is no URL leads nowhere.
pub(super) fn is_exposed(url: &str) -> bool {
    url.parse().is_ok_and(|url| is_exposed_uri(&url))
}

/// The same of a URL that has been read.
pub(super) fn is_exposed_uri(url: &Uri) -> bool {
    url.scheme_str() == Some("http") && !url.host().is_some_and(is_loopback)
}

/// Whether a host is this machine.
fn is_loopback(host: &str) -> bool {
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    if host == "localhost" || host.ends_with(".localhost") {
        return true;
    }
    let address = host.trim_start_matches('[').trim_end_matches(']');
    address.parse::<IpAddr>().is_ok_and(|it| it.is_loopback())
}

/// Whether headers show who sends them.
pub(super) fn has_credentials(headers: &HeaderMap) -> bool {
    let names = [
        header::AUTHORIZATION,
        header::PROXY_AUTHORIZATION,
        header::COOKIE,
    ];
    let is_named = names.iter().any(|name| headers.contains_key(name));
    is_named || headers.values().any(http::HeaderValue::is_sensitive)
}

/// Why credentials are not sent to a URL that is exposed.
pub(super) fn exposure(url: &str) -> String {
    let host = origin(url).unwrap_or_default();
    format!(
        "credentials are not sent to {host} without TLS: use an https URL, or call \
         `ClientBuilder::allow_insecure_http` if the network is yours"
    )
}

/// The origin of a URL: scheme, host and port, in lower case and without the default port. `None`
/// unless the URL is absolute.
pub(super) fn origin(url: &str) -> Option<String> {
    origin_of(&url.parse().ok()?)
}

/// Like [`origin`], for a parsed URL.
pub(super) fn origin_of(url: &Uri) -> Option<String> {
    let (scheme, host) = (url.scheme_str()?, url.host()?.to_ascii_lowercase());
    Some(match explicit_port(url) {
        Some(port) => format!("{scheme}://{host}:{port}"),
        None => format!("{scheme}://{host}"),
    })
}

/// The port of a URL: the one it names, or the default of its scheme.
pub(super) fn port(url: &Uri) -> Option<u16> {
    url.port_u16().or_else(|| default_port(url))
}

/// The port that a URL names, unless it is the default of its scheme.
pub(super) fn explicit_port(url: &Uri) -> Option<u16> {
    url.port_u16()
        .filter(|port| Some(*port) != default_port(url))
}

fn default_port(url: &Uri) -> Option<u16> {
    match url.scheme_str() {
        Some("http") => Some(80),
        Some("https") => Some(443),
        _ => None,
    }
}

/// The path of a URL, without a slash at its end; all of it, if it is a path.
pub(super) fn path(url: &str) -> &str {
    let path = match url.split_once("://") {
        Some((_, rest)) => rest.find('/').map_or("", |at| &rest[at..]),
        None => url,
    };
    path.trim_end_matches('/')
}

#[cfg(test)]
mod tests {
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
}
