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
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_text_reaches_the_terminal_as_a_command() {
        let shown = |text: &str| Printable(text).to_string();
        assert_eq!(shown("a\u{1b}[31mb"), r"a\u{1b}[31mb");
        assert_eq!(shown("a\r\n\tb\u{85}\0"), r"a\r\n\tb\u{85}\u{0}");
        assert_eq!(
            shown("a\u{202e}b\u{2066}\u{feff}"),
            r"a\u{202e}b\u{2066}\u{feff}"
        );
        // What is said in other languages stays readable.
        let text =
            "Zo\u{eb} \"e\u{301}\" \\ \u{5e9}\u{5dc}\u{5d5}\u{5dd} \u{1f469}\u{200d}\u{1f4bb}";
        assert_eq!(shown(text), text);
    }

    #[test]
    fn long_texts_are_cut_between_characters() {
        let text = "\u{fc}".repeat(LONGEST);
        assert_eq!(Printable(&text).to_string(), text);
        let longer = format!("{text}\u{fc}");
        assert_eq!(Printable(&longer).to_string(), format!("{text}.."));
    }

    #[cfg(feature = "tracing")]
    #[test]
    fn texts_of_the_service_are_made_printable() {
        let text = "not.found\n\u{1b}[2J\u{202e}\u{9b}x \u{fc}\"\u{200f}";
        let shown = "not.found\\u{a}\\u{1b}[2J\\u{202e}\\u{9b}x \u{fc}\"\\u{200f}";
        assert_eq!(logged(text), shown);
        let long = "\u{fc}".repeat(300);
        assert_eq!(logged(&long), format!("{}..", "\u{fc}".repeat(200)));
    }

    #[test]
    fn a_host_has_the_port_that_is_not_the_usual_one() {
        let of = |url: &str| host(&url.parse().unwrap());
        assert_eq!(of("https://u:p@a.example:443/x?y").unwrap(), "a.example");
        assert_eq!(of("https://a.example:80/").unwrap(), "a.example:80");
        assert_eq!(of("http://[::1]:8080/").unwrap(), "[::1]:8080");
        assert_eq!(of("/x"), None);
    }

    #[test]
    fn a_url_is_shown_up_to_where_secrets_can_be() {
        for (url, shown) in [
            ("https://a/b", "https://a/b"),
            ("https://a/b?key=s3cr3t", "https://a/b?(redacted)"),
            ("https://a/b#s3cr3t", "https://a/b#(redacted)"),
            ("https://u:p?w@a/b", "(redacted)"),
            ("u:s3cr3t@a", "(redacted)"),
        ] {
            assert_eq!(without_secrets(url), shown);
        }
    }
}
