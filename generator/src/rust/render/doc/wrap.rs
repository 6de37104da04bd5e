//! Wraps lines of Markdown without changing their meaning.

use super::{WIDTH, inline::interrupts_paragraph};

/// Wraps a line of inline Markdown at spaces, except in code spans and addresses, and before words
/// that would start a block at the beginning of a line.
pub(super) fn wrap(line: &str, width: usize) -> Vec<String> {
    if line.len() <= width {
        return vec![line.to_owned()];
    }
    let mut lines = Vec::new();
    let mut current = String::new();
    let mut length = 0;
    for word in words(line) {
        let of_word = word.chars().count();
        if !current.is_empty() {
            let fits = length + 1 + of_word <= width;
            if fits || interrupts_paragraph(word) || may_be_html(word) {
                current.push(' ');
                length += 1;
            } else {
                lines.push(std::mem::take(&mut current));
                length = 0;
            }
        }
        current.push_str(word);
        length += of_word;
    }
    lines.push(current);
    lines
}

/// Wraps a line of Markdown that sdkgen wrote.
pub(super) fn own_line(line: &str) -> Vec<String> {
    if let Some(text) = line.strip_prefix("- ") {
        // Further lines of an item are indented under its text.
        let lines = wrap(text, WIDTH - 2).into_iter().enumerate();
        let indent = |index| if index == 0 { "- " } else { "  " };
        return lines
            .map(|(index, line)| format!("{}{line}", indent(index)))
            .collect();
    }
    match line.starts_with("# ") {
        true => vec![line.to_owned()],
        false => wrap(line, WIDTH),
    }
}

/// Whether a word could begin HTML at the beginning of a line: `<`, and no address.
fn may_be_html(word: &str) -> bool {
    word.starts_with('<') && !word.contains("://") && !word.contains('@')
}

/// Splits a line at the spaces at which it can be broken.
fn words(line: &str) -> Vec<&str> {
    let bytes = line.as_bytes();
    let mut words = Vec::new();
    let (mut start, mut at) = (0, 0);
    // The end of the text of a link, if it was just read; an escaped bracket is none.
    let mut end_of_text = None;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 2,
            b'`' => at = end_of_code(line, at),
            b'<' => at = end_before_space(line, at, '>'),
            b'(' if end_of_text == Some(at) => at = end_before_space(line, at, ')'),
            b']' => {
                at += 1;
                end_of_text = Some(at);
            }
            b' ' => {
                if start < at {
                    words.push(&line[start..at]);
                }
                at += 1;
                start = at;
            }
            _ => at += 1,
        }
    }
    if start < line.len() {
        words.push(&line[start..]);
    }
    words
}

/// The end of the code span that begins here, or of the run of backticks if it begins none.
fn end_of_code(line: &str, start: usize) -> usize {
    let run = |at: usize| line[at..].bytes().take_while(|byte| *byte == b'`').count();
    let length = run(start);
    let mut at = start + length;
    while let Some(found) = line[at..].find('`') {
        let end = at + found + run(at + found);
        if run(at + found) == length {
            return end;
        }
        at = end;
    }
    start + length
}

/// The end of what begins here, if no space precedes its closing character.
fn end_before_space(line: &str, start: usize, end: char) -> usize {
    match line[start..].find([end, ' ']) {
        Some(found) if line[start + found..].starts_with(end) => start + found + 1,
        _ => start + 1,
    }
}
