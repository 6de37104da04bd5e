//! Links to the next page, which must not lead away.

use http::{HeaderMap, Uri, header};

/// What to append to the base URL to follow a link.
///
/// # Errors
/// A link that leads to another host, or that cannot be followed; said in words.
pub(super) fn target(link: &str, base_url: &str, path: &str) -> Result<String, String> {
    if let Some(query) = link.strip_prefix('?') {
        return Ok(format!("{path}?{}", without_fragment(query)));
    }
    let base: Uri = base_url.parse().map_err(|_| "no base URL".to_owned())?;
    let (path, query) = if link.starts_with('/') && !link.starts_with("//") {
        let link = without_fragment(link);
        link.split_once('?').unwrap_or((link, ""))
    } else {
        let rest = same_origin(link, &base)?;
        rest.split_once('?').unwrap_or((rest, ""))
    };
    if path.split('/').any(|segment| matches!(segment, "." | "..")) {
        return Err("the link to the next page has dots for segments".to_owned());
    }
    // The base URL may have a path of its own, which a link that names the host has too.
    let prefix = base.path().trim_end_matches('/');
    let inner = path
        .strip_prefix(prefix)
        .filter(|rest| rest.starts_with('/'));
    let mut target = inner.unwrap_or(path).to_owned();
    if !query.is_empty() {
        target.push('?');
        target.push_str(query);
    }
    Ok(target)
}

/// Checks that a link names the host of the base URL, where it names one.
pub(super) fn check_origin(link: &str, base_url: &str) -> Result<(), String> {
    target(link, base_url, "/").map(drop)
}

/// The link of the header `Link` whose relation is `next` (RFC 8288).
pub(super) fn next_in(headers: &HeaderMap) -> Option<String> {
    headers
        .get_all(header::LINK)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .find_map(next_of)
        .map(str::to_owned)
}

fn next_of(mut value: &str) -> Option<&str> {
    loop {
        let start = value.find('<')?;
        let end = start + value[start..].find('>')?;
        let target = &value[start + 1..end];
        let (parameters, rest) = split_parameters(&value[end + 1..]);
        if parameters.iter().any(|parameter| is_next(parameter)) {
            return Some(target);
        }
        value = rest;
    }
}

/// The parameters of a link, and what follows the comma after them. Commas and semicolons in quotes
/// separate nothing.
fn split_parameters(text: &str) -> (Vec<&str>, &str) {
    let mut parameters = Vec::new();
    let (mut start, mut is_quoted, mut is_escaped) = (0, false, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if is_quoted => is_escaped = true,
            b'"' => is_quoted = !is_quoted,
            b';' | b',' if !is_quoted => {
                parameters.push(&text[start..at]);
                start = at + 1;
                if byte == b',' {
                    return (parameters, &text[start..]);
                }
            }
            _ => {}
        }
    }
    parameters.push(&text[start..]);
    (parameters, "")
}

fn is_next(parameter: &str) -> bool {
    let Some((name, value)) = parameter.split_once('=') else {
        return false;
    };
    let relations = value.trim().trim_matches('"');
    name.trim().eq_ignore_ascii_case("rel")
        && relations
            .split_ascii_whitespace()
            .any(|relation| relation.eq_ignore_ascii_case("next"))
}

fn without_fragment(link: &str) -> &str {
    link.split('#').next().unwrap_or_default()
}

/// Path and query of a link that names scheme and host, if they are those of the base URL.
fn same_origin<'a>(link: &'a str, base: &Uri) -> Result<&'a str, String> {
    let unusable = || "the link to the next page is not one that can be followed".to_owned();
    let link = without_fragment(link);
    let uri: Uri = link.parse().map_err(|_| unusable())?;
    let (Some(scheme), Some(host)) = (uri.scheme_str(), uri.host()) else {
        return Err(unusable());
    };
    let port = |uri: &Uri| {
        uri.port_u16().or(match uri.scheme_str() {
            Some("https") => Some(443),
            Some("http") => Some(80),
            _ => None,
        })
    };
    let is_same = Some(scheme) == base.scheme_str()
        && base
            .host()
            .is_some_and(|own| own.eq_ignore_ascii_case(host))
        && port(&uri) == port(base);
    if !is_same
        || uri
            .authority()
            .is_some_and(|own| own.as_str().contains('@'))
    {
        return Err(format!(
            "the link to the next page leads to another host, {host}, which must not see the token"
        ));
    }
    let after_scheme = link.find("://").ok_or_else(unusable)? + 3;
    let rest = &link[after_scheme..];
    Ok(rest.find('/').map_or("/", |at| &rest[at..]))
}

#[cfg(test)]
mod tests {
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
            ("HTTPS://API.example.com:443/v2/users", "/v2/users"),
        ] {
            assert_eq!(
                target(link, base, "/v2/users").as_deref(),
                Ok(expected),
                "{link}"
            );
        }
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
}
