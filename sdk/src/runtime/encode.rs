//! Percent-encoding of what callers put into a URL.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// Everything but RFC 3986's unreserved characters, so that no value can end its path segment, its
/// query pair or the URL.
const VALUE: &AsciiSet = &NON_ALPHANUMERIC
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
    if matches!(value, "" | "." | "..") {
        return Err(format!(
            "the path parameter `{name}` must not be {value:?}: the request would reach another resource"
        ));
    }
    let place = format!("{{{name}}}");
    let at = path
        .find(&place)
        .ok_or_else(|| format!("the path {path} has no place for `{name}`"))?;
    let encoded = utf8_percent_encode(value, VALUE).to_string();
    path.replace_range(at..at + place.len(), &encoded);
    Ok(())
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
        assert!(fill(&mut "/users".to_owned(), "id", "1").is_err());
    }

    #[test]
    fn query_pairs_are_joined_and_encoded() {
        let mut query = String::new();
        append(&mut query, "expand", "a,b");
        append(&mut query, "q 64", "x&y=z+1");
        assert_eq!(query, "expand=a%2Cb&q%2064=x%26y%3Dz%2B1");
    }
}
