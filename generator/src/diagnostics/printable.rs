//! Characters that readers do not see and terminals obey, and how they are shown instead.

use std::borrow::Cow;

/// Whether a character has no shape of its own but changes how others are shown or read: controls,
/// which terminals take for commands; marks of writing direction, which rustc refuses in source text;
/// separators of lines that only some programs know; the byte order mark.
pub(crate) fn is_invisible(character: char) -> bool {
    character.is_control()
        || is_directional(character)
        || matches!(
            character,
            '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
        )
}

fn is_directional(character: char) -> bool {
    matches!(
        character,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
    )
}

/// The text in one line, each invisible character as Rust escapes it.
pub(crate) fn escaped(text: &str) -> Cow<'_, str> {
    replaced(text, is_invisible, |character, out| {
        out.extend(character.escape_default());
    })
}

/// The text with its line breaks and tabs, every other invisible character as Rust escapes it.
pub fn escaped_lines(text: &str) -> Cow<'_, str> {
    let is_escaped = |character| is_invisible(character) && !matches!(character, '\n' | '\t');
    replaced(text, is_escaped, |character, out| {
        out.extend(character.escape_default());
    })
}

/// The text with one visible character for each invisible one, so that columns stay where they are.
pub(crate) fn in_columns(text: &str) -> Cow<'_, str> {
    replaced(text, is_invisible, |character, out| {
        out.push(match u32::from(character) {
            // Nobody takes a tab for a command; how wide it is depends on the terminal.
            0x09 => ' ',
            control @ 0..=0x1f => char::from_u32(0x2400 + control).unwrap_or('\u{fffd}'),
            0x7f => '\u{2421}',
            _ => '\u{fffd}',
        });
    })
}

/// The text of a JSON document with the invisible characters that JSON lets stand in strings escaped
/// as JSON does.
pub fn escaped_json(document: &str) -> Cow<'_, str> {
    let is_escaped = |character| is_invisible(character) && !character.is_ascii_whitespace();
    replaced(document, is_escaped, |character, out| {
        out.push_str(&format!("\\u{:04x}", u32::from(character)));
    })
}

fn replaced(
    text: &str,
    is_replaced: impl Fn(char) -> bool,
    replace: impl Fn(char, &mut String),
) -> Cow<'_, str> {
    if !text.contains(&is_replaced) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        match is_replaced(character) {
            true => replace(character, &mut out),
            false => out.push(character),
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_seen_is_shown() {
        assert_eq!(escaped("a\u{1b}[2J\n\u{202e}b"), "a\\u{1b}[2J\\n\\u{202e}b");
        assert_eq!(escaped_lines("a\n\tb\u{9b}\r"), "a\n\tb\\u{9b}\\r");
        assert_eq!(in_columns("\u{1b}[1m\u{202e}\tx"), "\u{241b}[1m\u{fffd} x");
        assert_eq!(
            escaped_json("{\n\"a\": \"\u{9b}\u{2066}\"}"),
            "{\n\"a\": \"\\u009b\\u2066\"}"
        );
        assert!(matches!(escaped("añ \u{200d}"), Cow::Borrowed(_)));
    }
}
