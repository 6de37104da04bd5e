//! Links to the next page, which must stay within the origin of the base URL.

use http::{HeaderMap, Uri, header, uri::PathAndQuery};

use super::super::{destination, encode};

/// Path and query to append to the base URL to follow a link from a request to `path`.
///
/// # Errors
/// A message, if the link leads to another origin or cannot be followed.
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
    // The base URL may have a path, which absolute links include. A link to exactly the requested
    // path does not include it, even if it begins alike.
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

/// The parameters of a link, and the text after the comma that ends them. Quoted commas and
/// semicolons do not count.
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

/// Path and query of an absolute link, if its origin is that of the base URL.
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
    "the link to the next page cannot be followed".to_owned()
}

#[cfg(test)]
mod tests;
