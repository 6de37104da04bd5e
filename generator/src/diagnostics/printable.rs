//! Escapes characters that are invisible to readers or commands to terminals.

use std::borrow::Cow;

/// Whether a character has no glyph but changes how others are shown or read: control characters,
/// which terminals execute; bidirectional formatting, which rustc refuses in source text; line
/// separators that only some programs recognize; the byte order mark.
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

/// Escapes every invisible character as Rust does, line breaks included.
pub(crate) fn escaped(text: &str) -> Cow<'_, str> {
    replaced(text, is_invisible, |character, out| {
        out.extend(character.escape_default());
    })
}

/// Escapes every invisible character as Rust does, except line breaks and tabs.
pub fn escaped_lines(text: &str) -> Cow<'_, str> {
    let is_escaped = |character| is_invisible(character) && !matches!(character, '\n' | '\t');
    replaced(text, is_escaped, |character, out| {
        out.extend(character.escape_default());
    })
}

/// Replaces each invisible character with one visible character, so that columns do not move.
pub(crate) fn in_columns(text: &str) -> Cow<'_, str> {
    replaced(text, is_invisible, |character, out| {
        out.push(match u32::from(character) {
            // A tab is harmless, but its width depends on the terminal.
            0x09 => ' ',
            control @ 0..=0x1f => char::from_u32(0x2400 + control).unwrap_or('\u{fffd}'),
            0x7f => '\u{2421}',
            _ => '\u{fffd}',
        });
    })
}

/// Escapes, as JSON does, the invisible characters that JSON permits unescaped in strings.
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
    fn invisible_characters_are_escaped() {
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
