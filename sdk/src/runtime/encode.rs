//! Percent-encoding of paths and queries.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// Everything but RFC 3986's unreserved characters, so that no value can end its path segment, its
/// query pair or the URL.
pub(super) const VALUE: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Replaces `{name}` in a path by the encoded `value`.
///
/// # Errors
/// If the value is empty, `.` or `..`, which would change the resource that the path names; if the
/// path has no such name.
pub(super) fn fill(path: &mut String, name: &str, value: &str) -> Result<(), String> {
    fill_encoded(path, name, &Cow::from(utf8_percent_encode(value, VALUE)))
}

/// Replaces `{name}` in a path by an encoded text, which can have several segments.
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

/// Checks a path that was not built by [`fill`] for dot segments in any spelling: URL libraries
/// read a backslash as a slash, and `%2e` as a dot.
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

/// Whether a segment of a path is a dot segment to any URL library.
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

/// Adds an encoded `name=value` to a query.
pub(super) fn append_encoded(query: &mut String, name: &str, value: &str) {
    if !query.is_empty() {
        query.push('&');
    }
    query.push_str(name);
    query.push('=');
    query.push_str(value);
}

/// Encodes a text for use anywhere in a URL or a form.
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

/// Sets the value of `name` in a query. Replaces existing ones.
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

/// A query without the pairs of these encoded names.
pub(super) fn without(query: &str, names: &[&str]) -> String {
    query
        .split('&')
        .filter(|pair| !names.contains(&pair.split('=').next().unwrap_or_default()))
        .collect::<Vec<_>>()
        .join("&")
}

/// The encoded names in a query, without their values, which can be secrets.
pub(super) fn names(query: &str) -> Vec<&str> {
    query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split('=').next().unwrap_or_default())
        .collect()
}

#[cfg(test)]
mod tests;
