//! The path of a decoding error in a JSON text.
//!
//! serde_json reports line and column. Tracking the path while decoding would compile every model a
//! second time; scanning the text again after a failure costs nothing otherwise.

/// The path of the value at which decoding `text` failed, and the error's message.
///
/// Values that are decoded again from a text of their own report the path within that text by
/// [`within`]; it is appended to the outer path.
pub(super) fn of_error(text: &[u8], error: &serde_json::Error) -> (String, String) {
    let mut path = path_at(text, error.line(), error.column());
    let mut message = error.to_string();
    let position = format!(" at line {} column {}", error.line(), error.column());
    let end = message.len()
        - message
            .strip_suffix(&position)
            .map_or(0, |_| position.len());
    if let Some(before) = message[..end].strip_suffix(WITHIN_END)
        && let Some(start) = before.rfind(WITHIN)
    {
        path.push_str(&before[start + WITHIN.len()..]);
        message.replace_range(start..end, "");
    }
    (path, message)
}

/// The message of an error in a value that is decoded again from `text`, in a form from which
/// [`of_error`] extracts the path.
pub(super) fn within(text: &[u8], error: &serde_json::Error) -> String {
    let (path, mut message) = of_error(text, error);
    let position = format!(" at line {} column {}", error.line(), error.column());
    if message.ends_with(&position) {
        message.truncate(message.len() - position.len());
    }
    format!("{message}{WITHIN}{}{WITHIN_END}", &path[1..])
}

/// Separates a message from the path within a value, which then has no `$`.
const WITHIN: &str = " (in the value, at $";
const WITHIN_END: &str = ")";

/// An error with a path, which [`of_error`] returns.
pub(super) fn error_at(path: &str, message: &str) -> serde_json::Error {
    serde::de::Error::custom(format!("{message}{WITHIN}{}{WITHIN_END}", &path[1..]))
}

/// The path of a member of the outermost object.
pub(super) fn of_member(name: &str) -> String {
    match is_plain(name) {
        true => format!("$.{name}"),
        false => format!("$[{name:?}]"),
    }
}

/// The path of the value at a position in a JSON text, such as `$.entities[3].version`. `line` and
/// `column` are serde_json's: lines from 1, columns in bytes.
pub(super) fn path_at(text: &[u8], line: usize, column: usize) -> String {
    path_to(text, offset_of(text, line, column))
}

/// The path of the value that starts or goes on at an offset of a JSON text.
pub(super) fn path_to(text: &[u8], end: usize) -> String {
    let mut open: Vec<Level> = Vec::new();
    let mut at = 0;
    while at < end {
        match text[at] {
            b'{' => open.push(Level::Object(None)),
            b'[' => open.push(Level::List(0)),
            b'}' | b']' => drop(open.pop()),
            b',' => match open.last_mut() {
                Some(Level::List(index)) => *index += 1,
                Some(Level::Object(name)) => *name = None,
                None => {}
            },
            b'"' => {
                let start = at;
                at = end_of_string(text, at);
                if let Some(Level::Object(name @ None)) = open.last_mut() {
                    let quoted = &text[start..(at + 1).min(text.len())];
                    let text: String = serde_json::from_slice(quoted).unwrap_or_default();
                    *name = Some(shortened(text));
                }
            }
            _ => {}
        }
        at += 1;
    }
    let mut path = "$".to_owned();
    for level in open {
        match level {
            Level::Object(None) => {}
            Level::Object(Some(name)) if is_plain(&name) => {
                path.push('.');
                path.push_str(&name);
            }
            Level::Object(Some(name)) => path.push_str(&format!("[{name:?}]")),
            Level::List(index) => path.push_str(&format!("[{index}]")),
        }
    }
    path
}

enum Level {
    /// An object, and the name of the property being read.
    Object(Option<String>),
    /// A list, and the index of the item being read.
    List(usize),
}

pub(super) fn offset_of(text: &[u8], line: usize, column: usize) -> usize {
    let mut lines = text.split_inclusive(|byte| *byte == b'\n');
    let before: usize = lines
        .by_ref()
        .take(line.saturating_sub(1))
        .map(<[u8]>::len)
        .sum();
    (before + column).min(text.len())
}

/// The index of the quote that ends the string starting at `start`.
fn end_of_string(text: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while at < text.len() && text[at] != b'"' {
        at += if text[at] == b'\\' { 2 } else { 1 };
    }
    at
}

/// Truncates long names: keys of maps can be anything.
fn shortened(name: String) -> String {
    const LONGEST: usize = 64;
    match name.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}..", &name[..end]),
        None => name,
    }
}

fn is_plain(name: &str) -> bool {
    let mut bytes = name.bytes();
    let starts = bytes
        .next()
        .is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'_');
    starts && bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

#[cfg(test)]
mod tests;
