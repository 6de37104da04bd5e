//! Path templates: their parameters, and queries and fragments that do not belong into a path.

use std::{borrow::Cow, collections::BTreeMap};

use percent_encoding::percent_decode_str;

/// The parts of a path template.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Template {
    /// The path, ready to be filled in.
    pub(crate) path: String,
    /// The names in braces, in order.
    pub(crate) names: Vec<String>,
    /// The RFC 6570 operators before names.
    pub(crate) marks: BTreeMap<String, Mark>,
    /// Pairs of a query that is part of the template.
    pub(crate) fixed_query: Vec<(String, String)>,
    /// Parameters in such a query: their name, and that of the pair.
    pub(crate) in_query: Vec<(String, String)>,
    /// Descriptions of the mistakes that were repaired.
    pub(crate) repairs: Vec<String>,
}

/// An operator before a name in braces, which says how the value is written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Mark {
    /// `{+name}`: characters that mean something in a URL are left as they are.
    Reserved,
    /// `{;name}`.
    Matrix,
    /// `{.name}`.
    Label,
}

impl Template {
    /// Parses a template.
    pub(crate) fn read(declared: &str) -> Self {
        let mut template = Self::default();
        let (rest, fragment) = split_outside_braces(declared, '#');
        if fragment.is_some() {
            template.repairs.push(format!(
                "`{declared}` has a fragment, which is never sent; it is ignored"
            ));
        }
        let (path, query) = split_outside_braces(rest, '?');
        if let Some(query) = query {
            template.repairs.push(format!(
                "`{declared}` has a query; its pairs are sent with every request"
            ));
            template.query(query);
        }
        template.path(declared, path);
        template
    }

    fn query(&mut self, query: &str) {
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            let inner = |text: &str| {
                let inner = text.strip_prefix('{')?.strip_suffix('}')?;
                Some(inner.to_owned())
            };
            match (inner(value), inner(key)) {
                (Some(name), _) => self.in_query.push((name, key.to_owned())),
                (None, Some(name)) => self.in_query.push((name.clone(), name)),
                (None, None) => self.fixed_query.push((decoded(key), decoded(value))),
            }
        }
    }

    fn path(&mut self, declared: &str, path: &str) {
        if !path.starts_with('/') {
            self.path.push('/');
        }
        let mut rest = path;
        while let Some(start) = rest.find('{') {
            self.literal(declared, &rest[..start]);
            let after = &rest[start + 1..];
            let Some(end) = after.find('}') else {
                self.literal(declared, &rest[start..]);
                return;
            };
            // RFC 6570 has marks at both ends of a name.
            let inner = after[..end].trim();
            let name = inner.trim_start_matches(['+', '/', ';', '.']);
            let mark = &inner[..inner.len() - name.len()];
            let name = name.trim_end_matches('*').trim();
            if let Some(names) = name.strip_prefix(['?', '&']) {
                let names = names.split(',').map(|name| name.trim_end_matches('*'));
                self.in_query
                    .extend(names.map(|name| (name.to_owned(), name.to_owned())));
            } else {
                if mark == "/" && !self.path.ends_with('/') {
                    self.path.push('/');
                }
                let unique = self.name(declared, name);
                let mark = match mark {
                    "+" => Some(Mark::Reserved),
                    ";" => Some(Mark::Matrix),
                    "." => Some(Mark::Label),
                    _ => None,
                };
                self.marks.extend(mark.map(|mark| (unique, mark)));
            }
            rest = &after[end + 1..];
        }
        self.literal(declared, rest);
    }

    fn name(&mut self, declared: &str, name: &str) -> String {
        let mut unique = name.to_owned();
        let mut count = 1;
        while self.names.contains(&unique) {
            count += 1;
            unique = format!("{name}{count}");
        }
        if count > 1 {
            self.repairs.push(format!(
                "`{{{name}}}` occurs more than once in `{declared}`; this one is renamed to `{unique}`"
            ));
        }
        self.path.push_str(&format!("{{{unique}}}"));
        self.names.push(unique.clone());
        unique
    }

    /// Adds literal text, encoded where a URL requires it.
    fn literal(&mut self, declared: &str, text: &str) {
        if text.contains(['{', '}']) {
            self.repairs
                .push(format!("unbalanced braces in `{declared}`"));
        }
        for byte in text.bytes() {
            let is_plain = byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@/%".contains(&byte);
            if is_plain {
                self.path.push(char::from(byte));
            } else {
                self.path.push_str(&format!("%{byte:02X}"));
            }
        }
    }
}

/// Decodes a text of a query; it is encoded again when it is sent.
fn decoded(text: &str) -> String {
    let spaced = text.replace('+', " ");
    let decoded: Cow<'_, str> = percent_decode_str(&spaced).decode_utf8_lossy();
    decoded.into_owned()
}

/// Splits a text at the first such character outside of braces.
fn split_outside_braces(text: &str, mark: char) -> (&str, Option<&str>) {
    let mut depth = 0usize;
    for (at, character) in text.char_indices() {
        match character {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ if character == mark && depth == 0 => {
                return (&text[..at], Some(&text[at + 1..]));
            }
            _ => {}
        }
    }
    (text, None)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(path: &str) -> Template {
        Template::read(path)
    }

    #[test]
    fn plain_templates_are_left_as_they_are() {
        let template = read("/users/{userId}/x/{a}{b}:do");
        assert_eq!(template.path, "/users/{userId}/x/{a}{b}:do");
        assert_eq!(template.names, ["userId", "a", "b"]);
        assert_eq!(template.repairs, [""; 0]);
    }

    #[test]
    fn queries_and_fragments_are_taken_out() {
        let template = read("/x?action=go&flag&id={id}#Target=A");
        assert_eq!(template.path, "/x");
        let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        assert_eq!(
            template.fixed_query,
            [pair("action", "go"), pair("flag", "")]
        );
        assert_eq!(template.in_query, [pair("id", "id")]);
        assert_eq!(template.repairs.len(), 2);
        assert_eq!(read("/a{?q,r*}").in_query, [pair("q", "q"), pair("r", "r")]);
    }

    #[test]
    fn marks_of_rfc_6570_are_kept() {
        let template = read("/a{/id}{.ext}/m{;p*}/{+rest}");
        assert_eq!(template.path, "/a/{id}{ext}/m{p}/{rest}");
        let marks: Vec<_> = template
            .marks
            .iter()
            .map(|(name, mark)| (name.as_str(), *mark))
            .collect();
        let expected = [
            ("ext", Mark::Label),
            ("p", Mark::Matrix),
            ("rest", Mark::Reserved),
        ];
        assert_eq!(marks, expected);
        let query = read("/q?f=a%2Cb+c&%20=1").fixed_query;
        let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        assert_eq!(query, [pair("f", "a,b c"), pair(" ", "1")]);
    }

    #[test]
    fn what_is_no_url_is_encoded() {
        assert_eq!(read("a b/{x*}/ü/{open").path, "/a%20b/{x}/%C3%BC/%7Bopen");
        assert_eq!(read("/{id}/y/{id}").path, "/{id}/y/{id2}");
        assert_eq!(read("/{id}/y/{id}").repairs.len(), 1);
    }
}
