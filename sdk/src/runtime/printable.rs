//! Escapes texts of the service for terminals and logs, and reduces URLs to parts without secrets.

use std::fmt;

use http::Uri;

use super::destination;

/// The maximum length of a text of the service in a message, in characters.
const LONGEST: usize = 500;

/// The maximum length of a text of the service in a field of a log, in characters.
#[cfg(feature = "tracing")]
const LONGEST_LOGGED: usize = 200;

/// Displays a text of the service in a message: escapes control and bidirectional formatting
/// characters, and truncates long texts. Accessors of errors return texts unchanged.
pub(super) struct Printable<'a>(pub(super) &'a str);

impl fmt::Display for Printable<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_escaped(f, self.0, LONGEST, |char| match char {
            '\n' | '\r' | '\t' => Some(char.escape_debug().to_string()),
            _ => is_unprintable(char).then(|| char.escape_unicode().to_string()),
        })
    }
}

/// Escapes a text for a field of a log: shorter than in a message, and with zero-width characters
/// escaped, too, so that values that look the same are the same.
#[cfg(feature = "tracing")]
pub(super) fn logged(text: &str) -> String {
    let mut shown = String::with_capacity(text.len().min(LONGEST_LOGGED));
    // Writing to a `String` cannot fail.
    let _ = write_escaped(&mut shown, text, LONGEST_LOGGED, |char| {
        let has_no_width = matches!(char, '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{206f}');
        (is_unprintable(char) || has_no_width).then(|| char.escape_unicode().to_string())
    });
    shown
}

/// Writes at most `longest` characters of a text, replacing those for which `escaped` returns a
/// text.
fn write_escaped(
    out: &mut dyn fmt::Write,
    text: &str,
    longest: usize,
    escaped: impl Fn(char) -> Option<String>,
) -> fmt::Result {
    for (count, char) in text.chars().enumerate() {
        if count == longest {
            return out.write_str("..");
        }
        match escaped(char) {
            Some(escaped) => out.write_str(&escaped)?,
            None => out.write_char(char)?,
        }
    }
    Ok(())
}

/// Whether a character can make a terminal or a reader see another text than there is.
fn is_unprintable(char: char) -> bool {
    char.is_control()
        || matches!(
            char,
            // Marks, embeddings, overrides and isolates of bidirectional text.
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
            // Line and paragraph separators, the byte order mark, invisible tags.
            | '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}'
        )
}

/// The host of a URL, with the port unless it is the default: the part that messages may name.
pub(super) fn host(url: &Uri) -> Option<String> {
    let host = url.host()?;
    Some(match destination::explicit_port(url) {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    })
}

/// A URL, valid or not, without the parts that can contain secrets: user name, password, query and
/// fragment.
pub(crate) fn without_secrets(url: &str) -> String {
    if url.contains('@') {
        // In an invalid URL it is undefined where a password ends.
        return "(redacted)".to_owned();
    }
    match url.find(['?', '#']) {
        Some(end) => format!("{}{}(redacted)", &url[..end], &url[end..=end]),
        None => url.to_owned(),
    }
}

#[cfg(test)]
mod tests;
