//! How deep a YAML text nests, told before a parser that takes long over it reads it.

use saphyr_parser::{Event, Parser};

/// As deep as the readers of JSON and YAML go.
const LIMIT: usize = 128;

/// Where the text nests deeper than any reader goes, as line and column.
pub(super) fn too_deep(text: &str) -> Option<(usize, usize)> {
    if !looks_deep(text) {
        return None;
    }
    let mut depth = 0_usize;
    for event in Parser::new_from_str(text) {
        // What is wrong with the text is told by the reader.
        let (event, span) = event.ok()?;
        match event {
            Event::MappingStart(..) | Event::SequenceStart(..) => depth += 1,
            Event::MappingEnd | Event::SequenceEnd => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > LIMIT {
            return Some((span.start.line(), span.start.col() + 1));
        }
    }
    None
}

/// Whether there are so many brackets open, quoted or not, or so many indicators in a row, that a
/// closer look is worth its time. What is nested by indentation alone needs a text of a size that
/// grows with the square of its depth, and is no matter for the reader.
fn looks_deep(text: &str) -> bool {
    let (mut open, mut row) = (0_usize, 0_usize);
    for byte in text.bytes() {
        match byte {
            b'[' | b'{' => open += 1,
            b']' | b'}' => open = open.saturating_sub(1),
            _ => {}
        }
        match byte {
            b'-' | b'?' | b':' => row += 1,
            b' ' | b'\t' => {}
            _ => row = 0,
        }
        if open > LIMIT || row > LIMIT {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_in_texts_do_not_nest() {
        let text = format!("pattern: '{}'\n", "[".repeat(1000));
        assert!(looks_deep(&text));
        assert_eq!(too_deep(&text), None);
        assert_eq!(too_deep(&"- ".repeat(200)), Some((1, 257)));
    }
}
