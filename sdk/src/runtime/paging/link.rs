//! Links to the next page, which must not lead away.

use http::{HeaderMap, Uri, header, uri::PathAndQuery};

use super::super::{destination, encode};

/// Path and query to append to the base URL to follow a link from a request to `path`.
///
/// # Errors
/// A link that leads to another host, or that cannot be followed; said in words.
pub(super) fn target(link: &str, base_url: &str, path: &str) -> Result<String, String> {
    let base: Uri = base_url.parse().map_err(|_| unusable())?;
    let link = link.split('#').next().unwrap_or_default();
    let target = if let Some(query) = link.strip_prefix('?') {
        format!("{path}?{query}")
    } else if link.starts_with('/') && !link.starts_with("//") {
        link.to_owned()
    } else {
        same_origin(link, &base)?
    };
    let (to, query) = target.split_once('?').unwrap_or((&target, ""));
    // The base URL may have a path of its own. A link that names the host has it too; one to the very
    // path that was asked for has not, though it may look so.
    let prefix = base.path().trim_end_matches('/');
    let inner = to.strip_prefix(prefix).filter(|rest| rest.starts_with('/'));
    let to = match inner {
        Some(inner) if to != path => inner,
        _ => to,
    };
    let target = match query {
        "" => to.to_owned(),
        query => format!("{to}?{query}"),
    };
    check(&target)?;
    Ok(target)
}

/// Checks that path and query of a link can be followed.
pub(super) fn check(target: &str) -> Result<(), String> {
    let path = target.split('?').next().unwrap_or_default();
    encode::check_path(path).map_err(|why| format!("the link to the next page {why}"))?;
    match target.parse::<PathAndQuery>() {
        Ok(_) => Ok(()),
        Err(_) => Err(unusable()),
    }
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

/// Path and query of a link that names scheme and host, if they are those of the base URL.
fn same_origin(link: &str, base: &Uri) -> Result<String, String> {
    let uri: Uri = link.parse().map_err(|_| unusable())?;
    let (Some(origin), Some(host)) = (destination::origin_of(&uri), uri.host()) else {
        return Err(unusable());
    };
    let is_same = destination::origin_of(base) == Some(origin);
    let has_user = uri.authority().is_some_and(|it| it.as_str().contains('@'));
    if !is_same || has_user {
        return Err(format!(
            "the link to the next page leads to another host, {host}, which must not see the token"
        ));
    }
    let target = uri.path_and_query().map_or("", PathAndQuery::as_str);
    Ok(match target.starts_with('/') {
        true => target.to_owned(),
        false => format!("/{target}"),
    })
}

fn unusable() -> String {
    "the link to the next page is not one that can be followed".to_owned()
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
}
