//! Percent-encoding of what callers put into a URL.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// Everything but RFC 3986's unreserved characters, so that no value can end its path segment, its
/// query pair or the URL.
pub(super) const VALUE: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Puts `value` in place of `{name}` in a path.
///
/// # Errors
/// A value that would change which resource the path names: an empty one, `.` or `..`; and a name
/// the path has no place for.
pub(super) fn fill(path: &mut String, name: &str, value: &str) -> Result<(), String> {
    fill_encoded(path, name, &Cow::from(utf8_percent_encode(value, VALUE)))
}

/// Puts a text that is encoded already in place of `{name}` in a path. It can have several segments.
///
/// # Errors
/// As for [`fill`].
pub(super) fn fill_encoded(path: &mut String, name: &str, encoded: &str) -> Result<(), String> {
    if encoded.is_empty() || encoded.split('/').any(is_dots) {
        let shown = if is_dots(encoded) { encoded } else { "" };
        return Err(format!(
            "the path parameter `{name}` must not be {shown:?}: the request would reach another resource"
        ));
    }
    let is_place = |at: &usize| {
        let rest = path[at + 1..].strip_prefix(name);
        rest.is_some_and(|rest| rest.starts_with('}'))
    };
    let mut braces = path.match_indices('{').map(|(at, _)| at);
    let at = braces
        .find(is_place)
        .ok_or_else(|| format!("the path {path} has no place for `{name}`"))?;
    path.replace_range(at..at + name.len() + 2, encoded);
    Ok(())
}

/// Checks a path that is not made by [`fill`]: it must lead where it says, whoever reads it. URL
/// libraries take a backslash for a slash, and `%2e` for a dot.
pub(super) fn check_path(path: &str) -> Result<(), &'static str> {
    if !path.starts_with('/') {
        Err("does not start with a slash")
    } else if path.contains(['\\', '?', '#']) || path.contains(char::is_control) {
        Err("has characters that a path cannot have")
    } else if path.split('/').any(is_dots) {
        Err("has dots for segments, which lead to another resource")
    } else {
        Ok(())
    }
}

/// Whether a segment of a path leads to another one, whoever reads it.
fn is_dots(segment: &str) -> bool {
    // At most two dots of three characters each.
    segment.len() <= 6 && {
        let segment = segment.to_ascii_lowercase().replace("%2e", ".");
        matches!(segment.as_str(), "." | "..")
    }
}

/// Adds `name=value` to a query.
pub(super) fn append(query: &mut String, name: &str, value: &str) {
    if !query.is_empty() {
        query.push('&');
    }
    query.extend(utf8_percent_encode(name, VALUE));
    query.push('=');
    query.extend(utf8_percent_encode(value, VALUE));
}

/// Adds `name=value`, both encoded already, to a query.
pub(super) fn append_encoded(query: &mut String, name: &str, value: &str) {
    if !query.is_empty() {
        query.push('&');
    }
    query.push_str(name);
    query.push('=');
    query.push_str(value);
}

/// A text, encoded to stand anywhere in a URL or a form.
pub(super) fn value(text: &str) -> String {
    utf8_percent_encode(text, VALUE).collect()
}

/// A query of these pairs.
#[allow(
    dead_code,
    reason = "made for code that knows the API; not every API needs it"
)]
pub(crate) fn query(pairs: &[(&str, &str)]) -> String {
    let mut query = String::new();
    for (name, value) in pairs {
        append(&mut query, name, value);
    }
    query
}

/// Sets the value of `name` in a query, in place of the ones it has.
pub(super) fn replace(query: &mut String, name: &str, new: &str) {
    *query = without(query, &[&value(name)]);
    append(query, name, new);
}

/// The value of `name` in the query of a URL, decoded.
pub(super) fn value_in(url: &str, name: &str) -> Option<String> {
    let query = url.split_once('?')?.1;
    let query = query.split('#').next().unwrap_or_default();
    let decode = |text: &str| {
        let spaced = text.replace('+', " ");
        percent_decode_str(&spaced).decode_utf8_lossy().into_owned()
    };
    query
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .find(|(key, _)| decode(key) == name)
        .map(|(_, value)| decode(value))
}

/// A query without the pairs of these names, given as they stand there.
pub(super) fn without(query: &str, names: &[&str]) -> String {
    query
        .split('&')
        .filter(|pair| !names.contains(&pair.split('=').next().unwrap_or_default()))
        .collect::<Vec<_>>()
        .join("&")
}

/// The names in a query, as they stand there: values can be secrets.
pub(super) fn names(query: &str) -> Vec<&str> {
    query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split('=').next().unwrap_or_default())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_cannot_leave_its_place() {
        let mut path = "/users/{userId}/skills/{skillId}".to_owned();
        fill(&mut path, "skillId", "a/b?c#d%e ü").unwrap();
        fill(&mut path, "userId", "{skillId}").unwrap();
        assert_eq!(
            path,
            "/users/%7BskillId%7D/skills/a%2Fb%3Fc%23d%25e%20%C3%BC"
        );
    }

    #[test]
    fn values_that_name_another_resource_are_refused() {
        for value in ["", ".", ".."] {
            let refused = fill(&mut "/users/{id}".to_owned(), "id", value).unwrap_err();
            assert!(refused.contains("another resource"), "{refused}");
        }
        assert!(fill(&mut "/users/{id}".to_owned(), "id", "...").is_ok());
        for encoded in ["", "..", "a/../b", "%2E%2e", "a/."] {
            assert!(fill_encoded(&mut "/users/{id}".to_owned(), "id", encoded).is_err());
        }
        let mut path = "/files/{path}".to_owned();
        fill_encoded(&mut path, "path", "a/b.c").unwrap();
        assert_eq!(path, "/files/a/b.c");
        assert!(fill(&mut "/users".to_owned(), "id", "1").is_err());
    }

    #[test]
    fn query_pairs_are_joined_and_encoded() {
        let mut query = String::new();
        append(&mut query, "expand", "a,b");
        append(&mut query, "q 64", "x&y=z+1");
        assert_eq!(query, "expand=a%2Cb&q%2064=x%26y%3Dz%2B1");
    }

    #[test]
    fn paths_that_lead_elsewhere_are_refused() {
        for path in ["/", "/a/b.c/..d/%2ex", "//a", "/a//b", "/ü"] {
            assert_eq!(check_path(path), Ok(()), "{path}");
        }
        for path in [
            "",
            "a",
            "/a/..",
            "/./a",
            "/a/%2E%2e/b",
            "/a/.%2e",
            "/a\\..\\b",
            "/a?b",
            "/a#b",
            "/a\n",
        ] {
            assert!(check_path(path).is_err(), "{path}");
        }
    }

    #[test]
    fn a_replaced_pair_stands_once() {
        let mut query = "page=1&size=2&page=7".to_owned();
        replace(&mut query, "page", "a&b");
        assert_eq!(query, "size=2&page=a%26b");
        let mut empty = String::new();
        replace(&mut empty, "p q", "1");
        assert_eq!(empty, "p%20q=1");
        assert_eq!(names(&query), ["size", "page"]);
        assert!(names("").is_empty());
    }

    #[test]
    fn values_are_found_in_links() {
        let link = "/api/v2/groups?pageSize=2&after=a%2Bb+c%3D%3D&flag#x?after=no";
        assert_eq!(value_in(link, "after").as_deref(), Some("a+b c=="));
        assert_eq!(value_in(link, "flag"), None);
        assert_eq!(value_in("/api?x=1", "after"), None);
        assert_eq!(value_in("/api", "after"), None);
    }
}
