//! Escapes texts of a description inside a report: whatever they contain, they must be shown as text.

/// A piece of a sentence: a name between backticks, or the text around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Piece<'a> {
    pub(super) is_code: bool,
    pub(super) text: &'a str,
}

/// Splits a heading, which has at most one name.
pub(super) fn heading(text: &str) -> Vec<Piece<'_>> {
    match text.matches('`').count() > 2 {
        true => sentence(text, Names::Ambiguous),
        false => pieces(text),
    }
}

/// Splits a sentence into names and the text between them. With an odd number of backticks, one is part of
/// a name, and it is unknown which: then everything is text.
pub(super) fn pieces(text: &str) -> Vec<Piece<'_>> {
    if text.matches('`').count() % 2 == 1 {
        return vec![Piece {
            is_code: false,
            text,
        }];
    }
    let pieces = text.split('`').enumerate();
    pieces
        .map(|(index, text)| Piece {
            is_code: index % 2 == 1,
            text,
        })
        .collect()
}

/// A sentence with names between backticks, as Markdown that fits a cell of a table.
pub(super) fn markdown(text: &str) -> String {
    let text = clipped(text, LONGEST_TEXT);
    markdown_of(&pieces(&text))
}

/// A heading as Markdown.
pub(super) fn markdown_heading(text: &str) -> String {
    markdown_of(&heading(&clipped(text, LONGEST_TEXT)))
}

/// The message of an entry as Markdown; see [`sentence`].
pub(super) fn markdown_message(text: &str, names: Names) -> String {
    let text = clipped(text, LONGEST_TEXT);
    markdown_of(&sentence(&text, names))
}

/// Whether backticks only delimit names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Names {
    /// They do.
    Delimited,
    /// A name may contain backticks.
    Ambiguous,
}

/// Splits a sentence whose names may contain backticks. Names and text could change places then, so that
/// all of it is shown as text.
pub(super) fn sentence(text: &str, names: Names) -> Vec<Piece<'_>> {
    match names {
        Names::Delimited => pieces(text),
        Names::Ambiguous => vec![Piece {
            is_code: false,
            text,
        }],
    }
}

fn markdown_of(pieces: &[Piece<'_>]) -> String {
    let mut shown = String::new();
    for Piece { is_code, text } in pieces.iter().copied() {
        match is_code {
            false => shown.push_str(&entities(text, BREAK)),
            true if is_plain_code(text) => {
                shown.push('`');
                shown.push_str(text);
                shown.push('`');
            }
            true => shown.push_str(&code(text)),
        }
    }
    shown
}

/// Code as HTML inside Markdown, also in a cell of a table.
pub(super) fn code(text: &str) -> String {
    format!(
        "<code>{}</code>",
        entities(&clipped(text, LONGEST_CODE), "")
    )
}

/// A text in one line, without control characters and marks of writing direction.
pub(super) fn plain(text: &str) -> String {
    let is_command = |letter: char| letter.is_control() || is_directional(letter);
    text.replace(is_command, " ")
}

/// The most characters that are shown of a sentence or a signature.
const LONGEST_TEXT: usize = 600;
const LONGEST_CODE: usize = 300;

pub(super) fn clipped(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// Whether a text can stand between two backticks as it is, even in a table.
fn is_plain_code(text: &str) -> bool {
    let is_odd = |letter: char| letter.is_control() || is_directional(letter);
    !text.is_empty()
        && text.trim() == text
        && !text.contains(['|', '\\', '<', '>', '&'])
        && !text.contains(is_odd)
}

/// Whether a character changes the direction of text, so that it reads differently than it is written.
pub(super) fn is_directional(letter: char) -> bool {
    matches!(letter, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A zero-width space. GitHub finds mentions and references in the rendered text, even if it was escaped, so
/// that no name may directly follow `@` or `#`.
const BREAK: &str = "&#8203;";

/// Escapes Markdown and HTML, and prevents links. Code contains no mentions, so that it needs no breaks, which
/// readers would copy with it; but URLs become links there too.
fn entities(text: &str, mention: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut before = None;
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        let is_inside = |one: Option<char>| one.is_some_and(char::is_alphanumeric);
        match letter {
            '&' => shown.push_str("&amp;"),
            '<' => shown.push_str("&lt;"),
            '>' => shown.push_str("&gt;"),
            // Within a word it is no emphasis, and is frequent in names.
            '_' if is_inside(before) && is_inside(letters.peek().copied()) => shown.push('_'),
            '@' | '#' => {
                shown.push_str(&format!("&#{};{mention}", u32::from(letter)));
            }
            ':' if letters.clone().take(2).eq("//".chars()) => {
                shown.push(':');
                shown.push_str(BREAK);
            }
            // `www.` starts a URL, and `GH-1` is an issue.
            '.' if ends_with(&shown, "www") => {
                shown.push_str(BREAK);
                shown.push('.');
            }
            '-' if ends_with(&shown, "gh") => {
                shown.push('-');
                shown.push_str(mention);
            }
            '|' | '`' | '*' | '_' | '[' | ']' | '\\' | '~' | '$' => {
                shown.push_str(&format!("&#{};", u32::from(letter)));
            }
            other if other.is_control() || is_directional(other) => shown.push(' '),
            other => shown.push(other),
        }
        before = Some(letter);
    }
    shown
}

/// Whether a value has backticks that delimit no name: within a word, or unpaired.
pub(super) fn has_stray_backticks(text: &str) -> bool {
    let parts: Vec<&str> = text.split('`').collect();
    let is_inside = |letter: Option<char>| letter.is_some_and(char::is_alphanumeric);
    let mut outside = parts.iter().step_by(2).enumerate();
    let last = parts.len() / 2;
    parts.len().is_multiple_of(2)
        || outside.any(|(index, words)| {
            let before_a_name = index < last && is_inside(words.chars().next_back());
            let after_a_name = index > 0 && is_inside(words.chars().next());
            before_a_name || after_a_name
        })
}

/// Whether a text ends with these letters, ignoring case.
fn ends_with(text: &str, letters: &str) -> bool {
    let start = text.len().checked_sub(letters.len());
    let end = start.and_then(|start| text.get(start..));
    end.is_some_and(|end| end.eq_ignore_ascii_case(letters))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_code_and_nothing_ends_a_cell() {
        for (text, expected) in [
            ("`a_b` is gone", "`a_b` is gone"),
            ("`a|b`: x|y", "<code>a&#124;b</code>: x&#124;y"),
            ("`a\\`", "<code>a&#92;</code>"),
            ("a\r\nb", "a  b"),
            ("`a\nb`", "<code>a b</code>"),
            ("one ` alone", "one &#96; alone"),
            ("`` empty", "<code></code> empty"),
            ("`a`<b>`c`", "`a`&lt;b&gt;`c`"),
            ("`</b>` is", "<code>&lt;/b&gt;</code> is"),
            ("<!-- & -->", "&lt;!-- &amp; --&gt;"),
            ("a@b #1", "a&#64;&#8203;b &#35;&#8203;1"),
            ("`a@b` #[x]", "`a@b` &#35;&#8203;&#91;x&#93;"),
            ("https://x.test http:/x", "https:&#8203;//x.test http:/x"),
            (
                "`<https://x.test/@a>`",
                "<code>&lt;https:&#8203;//x.test/&#64;a&gt;</code>",
            ),
            ("www.x.test GH-1", "www&#8203;.x.test GH-&#8203;1"),
            ("a\u{61c}b", "a b"),
            (
                "_id_ *x* [y](z) snake_case",
                "&#95;id&#95; &#42;x&#42; &#91;y&#93;(z) snake_case",
            ),
        ] {
            assert_eq!(markdown(text), expected, "{text:?}");
        }
        assert_eq!(
            code("Vec<T> | `x`"),
            "<code>Vec&lt;T&gt; &#124; &#96;x&#96;</code>"
        );
        assert!(markdown(&"é".repeat(10_000)).len() < 2_000);
    }

    #[test]
    fn backticks_around_names_are_no_part_of_them() {
        for (text, expected) in [
            ("string", false),
            ("`string`", false),
            ("`string` or `null`", false),
            ("x` @a `y", true),
            ("one ` alone", true),
        ] {
            assert_eq!(has_stray_backticks(text), expected, "{text}");
        }
    }

    #[test]
    fn sentences_with_ambiguous_backticks_are_text() {
        let text = "the value `x` @a `y` is gone";
        assert_eq!(
            markdown_message(text, Names::Ambiguous),
            "the value &#96;x&#96; &#64;&#8203;a &#96;y&#96; is gone"
        );
        assert_eq!(
            markdown_message(text, Names::Delimited),
            "the value `x` &#64;&#8203;a `y` is gone"
        );
    }

    #[test]
    fn terminals_get_no_commands() {
        assert_eq!(
            plain("a\u{61c}\u{1b}[31mb\u{7}\nc\u{202e}d"),
            "a  [31mb  c d"
        );
    }
}
