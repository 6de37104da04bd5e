//! Origins of URLs, and whether credentials may be sent there.

use std::net::IpAddr;

use http::{HeaderMap, Uri, header};

/// Whether requests to the URL can be read on the network: it is `http` and not this machine.
/// `false` for a text that is not a URL.
pub(super) fn is_exposed(url: &str) -> bool {
    url.parse().is_ok_and(|url| is_exposed_uri(&url))
}

/// Like [`is_exposed`], for a parsed URL.
pub(super) fn is_exposed_uri(url: &Uri) -> bool {
    url.scheme_str() == Some("http") && !url.host().is_some_and(is_loopback)
}

/// Whether a host is the local machine.
fn is_loopback(host: &str) -> bool {
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    if host == "localhost" || host.ends_with(".localhost") {
        return true;
    }
    let address = host.trim_start_matches('[').trim_end_matches(']');
    address.parse::<IpAddr>().is_ok_and(|it| it.is_loopback())
}

/// Whether headers contain credentials.
pub(super) fn has_credentials(headers: &HeaderMap) -> bool {
    let names = [
        header::AUTHORIZATION,
        header::PROXY_AUTHORIZATION,
        header::COOKIE,
    ];
    let is_named = names.iter().any(|name| headers.contains_key(name));
    is_named || headers.values().any(http::HeaderValue::is_sensitive)
}

/// The error message for credentials that would be sent to an exposed URL.
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

/// The path of a URL, without a trailing slash; the whole text, if it is a path already.
pub(super) fn path(url: &str) -> &str {
    let path = match url.split_once("://") {
        Some((_, rest)) => rest.find('/').map_or("", |at| &rest[at..]),
        None => url,
    };
    path.trim_end_matches('/')
}

#[cfg(test)]
mod tests;
