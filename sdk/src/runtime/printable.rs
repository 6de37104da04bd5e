//! Texts that others wrote, made fit for terminals and logs.

use std::fmt;

use http::Uri;

use super::destination;

/// The longest text of a service that a message quotes, in characters.
const LONGEST: usize = 500;

/// The longest text of a service in a field of a log, in characters.
#[cfg(feature = "tracing")]
const LONGEST_LOGGED: usize = 200;

/// A text as messages quote it: control characters and those that change the direction of text are
/// escaped, and what is too long is cut. Accessors give the text as it is.
pub(super) struct Printable<'a>(pub(super) &'a str);

impl fmt::Display for Printable<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_escaped(f, self.0, LONGEST, |char| match char {
            '\n' | '\r' | '\t' => Some(char.escape_debug().to_string()),
            _ => is_unprintable(char).then(|| char.escape_unicode().to_string()),
        })
    }
}

/// A text as a field of a log shows it: shorter than in a message, and without characters that have
/// no width either, so that what looks the same is the same.
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

/// Writes a text up to so many characters, some of them in another form.
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

/// Whether a character makes a terminal, or a reader, see something else than what is there.
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

/// The host of a URL, with the port unless it is the usual one: what a message may name.
pub(super) fn host(url: &Uri) -> Option<String> {
    let host = url.host()?;
    Some(match destination::explicit_port(url) {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    })
}

/// The part of a URL, or of what was given as one, that holds no secret: neither user name and
/// password nor query and fragment.
pub(crate) fn without_secrets(url: &str) -> String {
    if url.contains('@') {
        // Where a password ends is for a valid URL to say, and this one may not be valid.
        return "(redacted)".to_owned();
    }
    match url.find(['?', '#']) {
        Some(end) => format!("{}{}(redacted)", &url[..end], &url[end..=end]),
        None => url.to_owned(),
    }
}

#[cfg(test)]
mod tests;
