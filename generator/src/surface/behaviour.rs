//! What code sends and reads: the text that callers do not see, taken apart by what it is about.
//!
//! Rendered code says what goes over the wire in few shapes: literals of the runtime's structs, and
//! calls on a request. The tables list them; the rest of a body is compared as it is.

use std::collections::BTreeMap;

/// What code is about, by topic and by what distinguishes it within the item.
pub(super) type Aspects = BTreeMap<(Topic, String), Vec<String>>;

/// What a part of the code decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Topic {
    OperationId,
    HttpMethod,
    UrlPath,
    Idempotency,
    Server,
    Security,
    MediaType,
    /// How a response is read.
    Response,
    WireName,
    Style,
    Tag,
    Status,
    Paging,
    BaseUrl,
    LoginUrl,
    /// Which values are blotted out where they would be logged.
    Redaction,
    /// How a field or a variant is written and read.
    Member,
    /// Anything else.
    Body,
}

/// Fields of the runtime's structs, and what they decide. A field that is not listed is what `*` is.
const FIELDS: &[(&str, &str, Topic)] = &[
    ("Operation", "id", Topic::OperationId),
    ("Operation", "method", Topic::HttpMethod),
    ("Operation", "path", Topic::UrlPath),
    ("Operation", "idempotent", Topic::Idempotency),
    ("Parameter", "name", Topic::WireName),
    ("Parameter", "*", Topic::Style),
    ("Paging", "*", Topic::Paging),
    ("Service", "base_url", Topic::BaseUrl),
    ("Service", "token_url", Topic::LoginUrl),
    ("Service", "security", Topic::Security),
    ("Service", "needs", Topic::Security),
    ("Service", "secrets", Topic::Redaction),
    ("Service", "*", Topic::Body),
    ("Scheme", "*", Topic::Security),
    ("Variant", "tags", Topic::Tag),
    ("Variant", "*", Topic::Body),
    ("Case", "status", Topic::Status),
    ("Case", "*", Topic::Body),
];

/// Calls that take a wire name and a value.
const NAMED: &[&str] = &[
    "path",
    "query",
    "query_each",
    "query_joined",
    "header",
    "cookie",
    "form_field",
    "file",
    "files",
    "part",
    "part_json",
    "parameter",
];

/// Other calls on a request, with the number of their arguments.
const CALLS: &[(&str, usize, Topic)] = &[
    ("body", 1, Topic::MediaType),
    ("json_as", 2, Topic::MediaType),
    ("form_body", 1, Topic::MediaType),
    ("text", 2, Topic::MediaType),
    ("bytes", 2, Topic::MediaType),
    ("form", 0, Topic::MediaType),
    ("multipart", 0, Topic::MediaType),
    ("server", 1, Topic::Server),
    ("secured_by", 1, Topic::Security),
    ("fixed_query", 1, Topic::WireName),
];

/// Functions whose arguments are about one thing; the arguments are part of it.
const FUNCTIONS: &[(&str, Topic)] = &[("write_tagged", Topic::Tag)];

/// Constants that are about one thing, by their name or by a word of their type.
const VALUES: &[(&str, Topic)] = &[
    ("TAG", Topic::Tag),
    ("SECRETS", Topic::Redaction),
    ("KEEPS_MISMATCHES", Topic::Body),
    ("Scheme", Topic::Security),
];

/// What a constant is about, by its name and type.
pub(super) fn topic_of_value(name: &str, ty: &[String]) -> Topic {
    let is_about = |word: &str| word == name || ty.iter().any(|of_type| last(of_type) == word);
    let mut known = VALUES.iter();
    known
        .find(|(word, _)| is_about(word))
        .map_or(Topic::Body, |(_, topic)| *topic)
}

/// Takes rendered code apart. What is nothing else is of the `rest`, under the name of its place.
pub(super) fn collect(words: &[String], place: &str, rest: Topic, out: &mut Aspects) {
    let mut sorter = Sorter { place, out };
    sorter.walk(words, place, rest);
}

/// Adds code as a whole.
pub(super) fn add(words: &[String], place: &str, topic: Topic, out: &mut Aspects) {
    if !words.is_empty() {
        out.entry((topic, place.to_owned()))
            .or_default()
            .extend(words.iter().cloned());
    }
}

struct Sorter<'a> {
    place: &'a str,
    out: &'a mut Aspects,
}

impl Sorter<'_> {
    /// Recursion goes no deeper than brackets do, which the parser went through before.
    fn walk(&mut self, words: &[String], key: &str, rest: Topic) {
        let mut left: Vec<String> = Vec::new();
        let mut index = 0;
        while let Some(word) = words.get(index) {
            let is_call = words.get(index + 1).is_some_and(|next| next == "(");
            let is_literal = words.get(index + 1).is_some_and(|next| next == "{");
            let is_method = index > 0 && words[index - 1] == ".";
            let name = last(word);
            let is_listed = FIELDS.iter().any(|(of, ..)| *of == name)
                || CALLS.iter().any(|(of, ..)| *of == name)
                || FUNCTIONS.iter().any(|(of, _)| *of == name)
                || NAMED.contains(&name)
                || word.starts_with("Call::");
            if !(is_listed && (is_call || is_literal)) {
                left.push(word.clone());
                index += 1;
                continue;
            }
            let end = closing(words, index + 1);
            let inside = words.get(index + 2..end).unwrap_or_default();
            let parts = split(inside);
            let known_literal = is_literal && FIELDS.iter().any(|(of, ..)| *of == name);
            let mut calls = CALLS.iter();
            let call = calls.find(|(of, count, _)| *of == name && *count == parts.len());
            let mut functions = FUNCTIONS.iter();
            let function = functions.find(|(of, _)| *of == name);
            let is_named = NAMED.contains(&name) && parts.len() == 2;
            let is_taken = is_method && is_call && (is_named || call.is_some());
            if is_taken && !known_literal {
                // The dot goes with the call.
                left.pop();
            }
            match (is_method && is_call, call, function) {
                _ if known_literal => parts.iter().for_each(|part| self.field(name, part, key)),
                (true, ..) if is_named => self.named(name, parts[0], parts[1]),
                (true, Some((_, _, topic)), _) => {
                    let mut about = vec![name.to_owned()];
                    // What is sent is an argument of the caller's: how it is sent counts.
                    let said = match (topic, parts.len()) {
                        (Topic::MediaType, 2) => parts[0],
                        (Topic::MediaType, _) => &[],
                        _ => inside,
                    };
                    about.extend(said.iter().cloned());
                    add(&about, key, *topic, self.out);
                }
                (false, _, Some((_, topic))) if is_call => add(inside, key, *topic, self.out),
                _ => {
                    if word.starts_with("Call::") {
                        add(std::slice::from_ref(word), key, Topic::Response, self.out);
                    } else {
                        left.push(word.clone());
                    }
                    index += 1;
                    continue;
                }
            }
            index = end + 1;
        }
        add(&left, self.place, rest, self.out);
    }

    fn field(&mut self, of: &str, part: &[String], key: &str) {
        let [name, colon, value @ ..] = part else {
            return;
        };
        let is_known = |(known, field, _): &&(&str, &str, Topic)| {
            *known == of && (*field == name.as_str() || *field == "*")
        };
        if let Some((_, _, topic)) = FIELDS.iter().find(is_known).filter(|_| colon == ":") {
            let mut words = Vec::new();
            if matches!(
                topic,
                Topic::Style | Topic::Paging | Topic::Security | Topic::Body
            ) {
                words.extend([name.clone(), colon.clone()]);
            }
            words.extend_from_slice(value);
            add(&words, key, *topic, self.out);
        }
    }

    fn named(&mut self, call: &str, name: &[String], value: &[String]) {
        let key = value.join(" ");
        let is_name = matches!(name, [only] if only.starts_with('"'));
        add(&[call.to_owned()], &key, Topic::Style, self.out);
        match is_name {
            true => add(name, &key, Topic::WireName, self.out),
            false => self.walk(name, &key, Topic::Style),
        }
    }
}

/// The last step of a path.
fn last(path: &str) -> &str {
    path.rsplit("::").next().unwrap_or(path)
}

/// Where a bracket closes that opens at `start`; the end if it does not.
fn closing(words: &[String], start: usize) -> usize {
    let mut depth = 0_usize;
    for (index, word) in words.iter().enumerate().skip(start) {
        match word.as_str() {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            return index;
        }
    }
    words.len()
}

/// The parts between commas.
fn split(words: &[String]) -> Vec<&[String]> {
    let mut depth = 0_usize;
    let mut parts = words.split(|word| {
        match word.as_str() {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0 && word == ","
    });
    parts.by_ref().filter(|part| !part.is_empty()).collect()
}

/// Puts places in the list of arguments where their names stand, so that names count for nothing and
/// order does. `Self { name }` becomes `Self { name: $0 }`.
pub(super) fn by_position(words: &[String], parameters: &[(String, String)]) -> Vec<String> {
    let mut out = Vec::with_capacity(words.len());
    let mut open: Vec<bool> = Vec::new();
    for (index, word) in words.iter().enumerate() {
        let before = index.checked_sub(1).map(|before| words[before].as_str());
        let after = words.get(index + 1).map(String::as_str);
        match word.as_str() {
            "{" | "(" | "[" => {
                let of_type =
                    before.is_some_and(|before| last(before).starts_with(char::is_uppercase));
                open.push(word == "{" && of_type);
            }
            "}" | ")" | "]" => {
                open.pop();
            }
            _ => {}
        }
        let is_name = before != Some(".") && after != Some(":") && after != Some("(");
        let position = parameters.iter().position(|(name, _)| name == word);
        match position.filter(|_| is_name) {
            Some(position) => {
                let in_literal = open.last() == Some(&true);
                let is_whole =
                    matches!(before, Some("{" | ",")) && matches!(after, Some("}" | ",") | None);
                if in_literal && is_whole {
                    out.extend([word.clone(), ":".to_owned()]);
                }
                out.push(format!("${position}"));
            }
            None => out.push(word.clone()),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::surface::text;

    fn words(code: &str) -> Vec<String> {
        let tokens: proc_macro2::TokenStream = code.parse().unwrap();
        text::words(&text::normalize(tokens), |path| vec![path.join("::")])
    }

    fn aspects(code: &str) -> String {
        let mut out = Aspects::new();
        collect(&words(code), "", Topic::Body, &mut out);
        let shown = out
            .iter()
            .map(|((topic, key), words)| format!("{topic:?}[{key}] {}", text::join(words)));
        shown.collect::<Vec<_>>().join("; ")
    }

    #[test]
    fn calls_are_told_apart() {
        assert_eq!(
            aspects(
                "GetUser(Call::json(&self.client, &OPERATION).secured_by(&[&[&A]]).path(\"id\", $0))"
            ),
            "Security[] secured_by &[&[&A]]; Response[] Call::json; WireName[$ 0] \"id\"; Style[$ 0] path; Body[] GetUser((&self.client, &OPERATION))"
        );
    }

    #[test]
    fn literals_are_told_apart() {
        assert_eq!(
            aspects("Operation { id: \"a\", method: Method::GET, path: \"/a\", idempotent: true }"),
            "OperationId[] \"a\"; HttpMethod[] Method::GET; UrlPath[] \"/a\"; Idempotency[] true"
        );
        assert_eq!(
            aspects("self.parameter(Parameter { name: \"a\", explode: true }, value)"),
            "WireName[value] \"a\"; Style[value] parameter explode: true; Body[] self"
        );
    }

    #[test]
    fn arguments_count_by_position() {
        let parameters = [
            ("a".to_owned(), String::new()),
            ("b".to_owned(), String::new()),
        ];
        let code = words("Self { a, b: Some(b.into()), ..Self::default() }");
        assert_eq!(
            text::join(&by_position(&code, &parameters)),
            "Self { a: $0, b: Some($1.into()), ..Self::default() }"
        );
        let code = words("self.a = a.b(a)");
        assert_eq!(
            text::join(&by_position(&code, &parameters)),
            "self.a = $0.b($0)"
        );
    }

    #[test]
    fn the_calls_are_those_of_the_runtime() {
        let runtime = crate::surface::tests::runtime();
        let all: String = runtime.values().cloned().collect();
        let calls = CALLS.iter().map(|(name, ..)| name);
        for name in NAMED
            .iter()
            .chain(calls)
            .chain(FUNCTIONS.iter().map(|(name, _)| name))
        {
            let is_there =
                all.contains(&format!("fn {name}(")) || all.contains(&format!("fn {name}<"));
            assert!(is_there, "{name}");
        }
        for (of, field, _) in FIELDS {
            assert!(all.contains(&format!("struct {of}")), "{of}");
            assert!(
                *field == "*" || all.contains(&format!(" {field}: ")),
                "{of}.{field}"
            );
        }
    }
}
