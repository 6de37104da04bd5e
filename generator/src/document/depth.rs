//! How deep a YAML text nests, computed before a parser that would take long over it reads it.

use saphyr_parser::{Event, Parser};

/// As deep as the readers of JSON and YAML go.
const LIMIT: usize = 128;

/// Where the text nests deeper than any reader goes, as line and column.
///
/// What is nested by indentation alone needs a text of a size that grows with the square of its depth,
/// and is no matter for the reader. So brackets that open are counted, quoted or not, and indicators
/// in a row; where they are many, the text is parsed to its end or as far as is allowed, once.
/// Brackets that close are not counted: those in quotes would hide the others.
pub(super) fn too_deep(text: &str) -> Option<(usize, usize)> {
    let bytes = text.as_bytes();
    let (mut opened, mut row) = (0_usize, 0_usize);
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            b'[' | b'{' => opened += 1,
            b'-' | b'?' | b':' if bytes.get(at + 1) == Some(&b' ') => row += 1,
            b' ' => {}
            _ => row = 0,
        }
        if opened >= LIMIT || row >= LIMIT {
            return deep_place(text);
        }
    }
    None
}

fn deep_place(text: &str) -> Option<(usize, usize)> {
    let mut depth = 0_usize;
    for event in Parser::new_from_str(text) {
        let (event, span) = match event {
            Ok(event) => event,
            Err(error) => {
                let (line, column) = (error.marker().line(), error.marker().col() + 1);
                // The parser reads ahead, and has a limit of its own.
                if error.info().starts_with("recursion limit") {
                    return Some((line, column));
                }
                // What is wrong with the text is told by the reader, if it can get that far.
                return open_after(text, line);
            }
        };
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

/// Where, after a line that this parser cannot read and another may, more brackets are open than may
/// be, for all that can be told.
fn open_after(text: &str, line: usize) -> Option<(usize, usize)> {
    let mut open = 0_usize;
    for (index, text) in text.lines().enumerate().skip(line.saturating_sub(1)) {
        for byte in text.bytes() {
            match byte {
                b'[' | b'{' => open += 1,
                b']' | b'}' => open = open.saturating_sub(1),
                _ => {}
            }
        }
        if open > LIMIT {
            return Some((index + 1, 1));
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
        let texts = "- 'the interval [0, i)'\n".repeat(2000);
        assert_eq!(too_deep(&texts), None);
        let hidden = "[\"]\", ".repeat(2000) + &"]".repeat(2000);
        assert_eq!(too_deep(&hidden).map(|(line, _)| line), Some(1));
        assert_eq!(too_deep(&"- ".repeat(200)), Some((1, 255)));
        let broken = format!("a: @x\n{}", "[\n".repeat(200));
        assert_eq!(too_deep(&broken).map(|(_, column)| column), Some(1));
        assert_eq!(
            too_deep(&"[{a: ".repeat(200)).map(|(line, _)| line),
            Some(1)
        );
    }
}
