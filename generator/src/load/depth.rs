//! How deep a YAML text nests, told before a parser that takes long over it reads it.

use saphyr_parser::{Event, Parser};

/// As deep as the readers of JSON and YAML go.
const LIMIT: usize = 128;

/// So many guesses may be wrong before the text is refused for what it looks like.
const GUESSES: usize = 8;

/// Where the text nests deeper than any reader goes, as line and column.
///
/// What is nested by indentation alone needs a text of a size that grows with the square of its depth,
/// and is no matter for the reader. So brackets and indicators are counted, quoted or not, and where
/// they are many, the text up to there is parsed: the parser takes long over what is deep, not over
/// what leads there.
pub(super) fn too_deep(text: &str) -> Option<(usize, usize)> {
    let bytes = text.as_bytes();
    let (mut open, mut row, mut wrong) = (0_usize, 0_usize, 0);
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            b'[' | b'{' => open += 1,
            b']' | b'}' => open = open.saturating_sub(1),
            _ => {}
        }
        match byte {
            b'-' | b'?' | b':' if bytes.get(at + 1) == Some(&b' ') => row += 1,
            b' ' => {}
            _ => row = 0,
        }
        if open <= LIMIT && row <= LIMIT {
            continue;
        }
        let before = text.get(..=at).unwrap_or_default();
        if let Some(found) = deep_place(before) {
            return Some(found);
        }
        wrong += 1;
        if wrong > GUESSES {
            let line = before.matches('\n').count() + 1;
            return Some((line, 1));
        }
        (open, row) = (0, 0);
    }
    None
}

fn deep_place(text: &str) -> Option<(usize, usize)> {
    let mut depth = 0_usize;
    for event in Parser::new_from_str(text) {
        // What is wrong with the text is told by the reader.
        let (event, span) = event.ok()?;
        match event {
            Event::MappingStart(..) | Event::SequenceStart(..) => depth += 1,
            Event::MappingEnd | Event::SequenceEnd => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth >= LIMIT {
            return Some((span.start.line(), span.start.col() + 1));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_in_texts_do_not_nest() {
        let text = format!("pattern: '{}'\n# {}\n", "[".repeat(1000), "-".repeat(1000));
        assert_eq!(too_deep(&text), None);
        assert_eq!(too_deep(&"- ".repeat(200)), Some((1, 255)));
        assert_eq!(
            too_deep(&"[{a: ".repeat(200)).map(|(line, _)| line),
            Some(1)
        );
    }
}
