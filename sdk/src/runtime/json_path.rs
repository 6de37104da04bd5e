//! Where in a JSON text a decoder stumbled.
//!
//! serde_json gives line and column. Keeping a path while decoding would compile every model a
//! second time; walking the text again, once it has failed, costs nothing until then.

/// The path of the value that a decoder stumbled at, and what it says of it. `text` is what it read.
///
/// Values that are read a second time, from a text of their own, tell the path within it by
/// [`within`]; it is put where it belongs.
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

/// The message of an error in a value that is read a second time, from the text `text`, such that
/// [`of_error`] finds its path.
pub(super) fn within(text: &[u8], error: &serde_json::Error) -> String {
    let (path, mut message) = of_error(text, error);
    let position = format!(" at line {} column {}", error.line(), error.column());
    if message.ends_with(&position) {
        message.truncate(message.len() - position.len());
    }
    format!("{message}{WITHIN}{}{WITHIN_END}", &path[1..])
}

/// What stands between a message and the path within a value, which has no `$` then.
const WITHIN: &str = " (in the value, at $";
const WITHIN_END: &str = ")";

/// The path of the value at a place in a JSON text, such as `$.entities[3].version`. `line` and
/// `column` are serde_json's: lines from 1, columns in bytes.
pub(super) fn path_at(text: &[u8], line: usize, column: usize) -> String {
    let end = offset_of(text, line, column);
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
    /// An object, and the name of the member being read.
    Object(Option<String>),
    /// A list, and the index of the item being read.
    List(usize),
}

fn offset_of(text: &[u8], line: usize, column: usize) -> usize {
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

/// A name that is no longer than one a person would give: keys of maps can be anything.
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
