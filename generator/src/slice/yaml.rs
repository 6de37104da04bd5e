//! Writes trees as YAML. Each value is written in one way, so that equal trees give equal bytes.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

/// The layout of a YAML text.
#[derive(Clone, Debug)]
pub(super) struct Style {
    /// Number of columns by which nested values are indented.
    pub(super) indent: usize,
    /// Whether the items of a list are indented under its key.
    pub(super) indents_lists: bool,
    /// The keys whose lists are written in one line.
    pub(super) flow: BTreeSet<String>,
}

impl Default for Style {
    fn default() -> Self {
        Self {
            indent: 2,
            indents_lists: true,
            flow: BTreeSet::from(["tags".to_owned()]),
        }
    }
}

impl Style {
    /// Writes a whole document.
    pub(super) fn document(&self, root: &Value) -> String {
        let mut out = String::new();
        match root {
            Value::Object(members) if !members.is_empty() => self.members(&mut out, members, 0),
            other => {
                out.push_str(&inline(other));
                out.push('\n');
            }
        }
        out
    }

    /// Writes the lines of a mapping's member, whose key is at a column.
    pub(super) fn entry(&self, key: &str, value: &Value, column: usize) -> String {
        let mut out = String::new();
        pad(&mut out, column);
        self.key_and_value(&mut out, key, value, column);
        out
    }

    /// Writes the lines of a list's item, whose dash is at a column.
    pub(super) fn item(&self, value: &Value, column: usize) -> String {
        let mut out = String::new();
        self.list_item(&mut out, value, column);
        out
    }

    fn members(&self, out: &mut String, members: &Map<String, Value>, column: usize) {
        for (key, value) in members {
            pad(out, column);
            self.key_and_value(out, key, value, column);
        }
    }

    fn key_and_value(&self, out: &mut String, key: &str, value: &Value, column: usize) {
        out.push_str(&scalar(key));
        out.push(':');
        match value {
            Value::Object(members) if !members.is_empty() => {
                out.push('\n');
                self.members(out, members, column + self.indent);
            }
            Value::Array(items) if !items.is_empty() && !self.is_flow(key, items) => {
                out.push('\n');
                let further = if self.indents_lists { self.indent } else { 0 };
                for item in items {
                    self.list_item(out, item, column + further);
                }
            }
            Value::String(text) if is_block(text) => {
                out.push(' ');
                block(out, text, column + self.indent);
            }
            other => {
                out.push(' ');
                out.push_str(&inline(other));
                out.push('\n');
            }
        }
    }

    fn list_item(&self, out: &mut String, value: &Value, column: usize) {
        pad(out, column);
        out.push_str("- ");
        match value {
            Value::Object(members) if !members.is_empty() => {
                for (index, (key, value)) in members.iter().enumerate() {
                    if index > 0 {
                        pad(out, column + 2);
                    }
                    self.key_and_value(out, key, value, column + 2);
                }
            }
            Value::Array(items) if !items.is_empty() => {
                let mut inner = String::new();
                for item in items {
                    self.list_item(&mut inner, item, column + 2);
                }
                out.push_str(inner.trim_start_matches(' '));
            }
            Value::String(text) if is_block(text) => block(out, text, column + 2),
            other => {
                out.push_str(&inline(other));
                out.push('\n');
            }
        }
    }

    fn is_flow(&self, key: &str, items: &[Value]) -> bool {
        self.flow.contains(key)
            && items
                .iter()
                .all(|item| !item.is_object() && !item.is_array())
    }
}

/// Writes a value in one line.
pub(super) fn inline(value: &Value) -> String {
    match value {
        Value::String(text) => scalar(text),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(in_flow).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(members) => {
            let members: Vec<String> = members
                .iter()
                .map(|(key, value)| format!("{}: {}", flow_scalar(key), in_flow(value)))
                .collect();
            format!("{{{}}}", members.join(", "))
        }
        other => other.to_string(),
    }
}

fn in_flow(value: &Value) -> String {
    match value {
        Value::String(text) => flow_scalar(text),
        other => inline(other),
    }
}

fn flow_scalar(text: &str) -> String {
    match text.contains([',', '[', ']', '{', '}']) && is_plain(text) {
        true => format!("'{text}'"),
        false => scalar(text),
    }
}

/// Writes a text in one line, quoted if a reader would take it for something else.
pub(super) fn scalar(text: &str) -> String {
    if text.chars().any(must_be_escaped) {
        return quoted(text);
    }
    if is_plain(text) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', "''"))
}

fn is_plain(text: &str) -> bool {
    let Some(first) = text.chars().next() else {
        return false;
    };
    let starts_well = first.is_alphanumeric() || matches!(first, '/' | '_' | '$' | '(' | '^' | '.');
    let is_safe = !text.contains(": ")
        && !text.contains(" #")
        && !text.ends_with([':', ' '])
        && !text.chars().any(must_be_escaped);
    starts_well && is_safe && !is_number_like(text) && !is_word(text)
}

/// Whether some YAML parser reads the text as a number or a time.
fn is_number_like(text: &str) -> bool {
    let is_of_number = |c: char| {
        c.is_ascii_digit()
            || matches!(
                c,
                '.' | '-' | '+' | ':' | '_' | ' ' | 'e' | 'E' | 'T' | 't' | 'Z' | 'z'
            )
    };
    let lower = text.to_ascii_lowercase();
    let has_base = ["0x", "0o", "0b"]
        .iter()
        .any(|base| lower.starts_with(base));
    // No parser takes a version such as `1.2.3` for a number.
    let is_version = text.matches('.').count() > 1;
    let starts_so = !is_version && text.starts_with(|c: char| c.is_ascii_digit() || c == '.');
    starts_so && (has_base || text.chars().all(is_of_number))
        || matches!(lower.as_str(), ".inf" | ".nan")
}

/// Whether some YAML parser reads the text as a boolean or null.
fn is_word(text: &str) -> bool {
    matches!(
        text.to_ascii_lowercase().as_str(),
        "true" | "false" | "yes" | "no" | "on" | "off" | "y" | "n" | "null" | "inf" | "nan"
    )
}

/// Whether a character must be escaped: YAML does not count it as printable, or it breaks the line.
fn must_be_escaped(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}'
        )
}

fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            // No character above U+FFFF is escaped, so that four digits are enough.
            c if must_be_escaped(c) => out.push_str(&format!("\\u{:04x}", c as u32)),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Whether a text has several lines and can be written as a block scalar.
fn is_block(text: &str) -> bool {
    let body = text.strip_suffix('\n').unwrap_or(text);
    body.contains('\n')
        && !body.ends_with('\n')
        && !text.starts_with([' ', '\t', '\n'])
        && !text
            .chars()
            .any(|c| c != '\n' && c != '\t' && must_be_escaped(c))
}

fn block(out: &mut String, text: &str, column: usize) {
    let (head, body) = match text.strip_suffix('\n') {
        Some(body) => ("|\n", body),
        None => ("|-\n", text),
    };
    out.push_str(head);
    for line in body.split('\n') {
        if !line.is_empty() {
            pad(out, column);
            out.push_str(line);
        }
        out.push('\n');
    }
}

fn pad(out: &mut String, column: usize) {
    out.extend(std::iter::repeat_n(' ', column));
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_text_is_read_back_unchanged() {
        let texts = [
            "",
            " ",
            "a",
            "a: b",
            "a #b",
            "#a",
            "- a",
            "-",
            "?",
            "~",
            "null",
            "Yes",
            "200",
            "2XX",
            "1e5",
            ".5",
            "0x1F",
            "3.0.3",
            "1:30",
            "1.2.3e4",
            "2001-12-14",
            "a:",
            "'a'",
            "\"a\"",
            "a'b",
            "a\nb",
            "a\nb\n",
            "a\n\nb\n\n",
            "\na",
            " a\nb",
            "a\n  b\nc",
            "a\n \nb",
            "a\tb",
            "\ta\nb",
            "a\rb",
            "a\r\nb",
            "a\u{2028}b",
            "\u{7f}",
            "\u{85}",
            "é",
            "日本\n語",
            "*a",
            "&a",
            "!a",
            "%a",
            "@a",
            "`a`",
            "{a}",
            "[a]",
            "a, b",
            "|",
            ">",
            "...",
            "---",
            "/users/{id}",
            "<<",
            "=",
            "\u{feff}",
            "a\nb ",
            "a\n#b",
            "😀",
            "\\d+\n\\",
            "a]",
            "true",
            "0",
            "-1",
            "+1",
        ];
        for text in texts {
            let tree = json!({"a": {text: [text, [text], {"tags": [text, "b"]}]}, "b": text});
            for indents_lists in [true, false] {
                let style = Style {
                    indents_lists,
                    ..Style::default()
                };
                let yaml = style.document(&tree);
                let read: Value = serde_yaml::from_str(&yaml)
                    .unwrap_or_else(|error| panic!("{text:?}: {error}\n{yaml}"));
                assert_eq!(read, tree, "{yaml}");
            }
        }
    }

    #[test]
    fn the_default_style_is_the_customary_one() {
        let tree = json!({
            "tags": ["Users"], "empty": [], "none": {}, "200": {"$ref": "#/a"}, "2XX": 1.5,
            "text": "one\ntwo", "list": [{"a": 1, "b": [true, null]}, [1, [2]], "x\ny\n"],
        });
        let expected = "\
tags: [Users]
empty: []
none: {}
'200':
  $ref: '#/a'
2XX: 1.5
text: |-
  one
  two
list:
  - a: 1
    b:
      - true
      - null
  - - 1
    - - 2
  - |
    x
    y
";
        assert_eq!(Style::default().document(&tree), expected);
    }
}
