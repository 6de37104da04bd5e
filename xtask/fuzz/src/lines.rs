//! Edits of a written document that its tree cannot express: anchors, merge keys, repeated keys, line
//! ends, byte order marks, truncation.

use fastrand::Rng;

use crate::{case::Syntax, texts};

/// Makes a few edits.
pub fn edit(text: &[u8], syntax: Syntax, rng: &mut Rng) -> Vec<u8> {
    let text = String::from_utf8_lossy(text).into_owned();
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    for _ in 0..rng.usize(1..=3) {
        if lines.is_empty() {
            break;
        }
        let at = rng.usize(0..lines.len());
        match rng.u8(0..10) {
            0 => lines.insert(at, lines[at].clone()),
            1 => drop(lines.remove(at)),
            2 => lines[at] = lines[at].replacen("  ", "\t", 1),
            3 => lines[at].push_str(&texts::hostile(rng)),
            4 => lines.truncate(at),
            5..=8 if syntax == Syntax::Yaml => yaml(&mut lines, at, rng),
            _ => {
                let other = rng.usize(0..lines.len());
                lines.swap(at, other);
            }
        }
    }
    let end = if rng.u8(0..5) == 0 { "\r\n" } else { "\n" };
    let mut bytes = lines.join(end).into_bytes();
    bytes.extend(end.bytes());
    match rng.u8(0..16) {
        0 => drop(bytes.splice(0..0, *b"\xef\xbb\xbf")),
        1 => bytes.extend(b"---\na: 1\n"),
        2 => bytes.push(0),
        3 => {
            let at = rng.usize(0..bytes.len());
            bytes[at] = rng.u8(..);
        }
        4 => bytes = text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        _ => {}
    }
    bytes
}

/// Anchors, aliases, merge keys, tags and scalars that only YAML has.
fn yaml(lines: &mut Vec<String>, at: usize, rng: &mut Rng) {
    let Some((head, value)) = lines[at].split_once(':') else {
        return;
    };
    let (head, value) = (head.to_owned(), value.to_owned());
    let indent = " ".repeat(head.len() - head.trim_start().len());
    match rng.u8(0..8) {
        0..=2 => {
            // The anchor must precede its aliases.
            lines[at] = format!("{head}: &anchor{value}");
            let later = rng.usize(at..lines.len());
            let Some((other, _)) = lines[later].split_once(':') else {
                return;
            };
            let depth = " ".repeat(other.len() - other.trim_start().len());
            match rng.bool() {
                true if later != at => lines[later] = format!("{other}: *anchor"),
                _ => lines.insert(later + 1, format!("{depth}<<: *anchor")),
            }
        }
        3 => lines[at] = format!("{head}: !!str{value}"),
        4 => {
            lines[at] = format!(
                "{head}: {}",
                rng.choice([
                    "yes",
                    "0o17",
                    ".inf",
                    "2020-01-01",
                    "1_000",
                    "~",
                    "!!binary aGk=",
                    "? x"
                ])
                .unwrap_or("yes")
            )
        }
        5 => lines.insert(at, format!("{indent}? [complex, key]\n{indent}: value")),
        6 => {
            lines[at] = format!(
                "{head}: |2-\n{indent}     {}",
                texts::hostile(rng).replace('\n', "\n      ")
            )
        }
        _ => lines[at] = format!("{head} : {{a: b, <<: {{c: d}}}}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_the_same_text() {
        let text = b"openapi: 3.0.3\ninfo:\n  title: T\n  version: '1'\npaths: {}\n";
        let edited = |seed| edit(text, Syntax::Yaml, &mut Rng::with_seed(seed));
        let changed = (0..100).filter(|seed| edited(*seed) != text).count();
        assert!(changed > 90, "{changed}");
        for seed in 0..100 {
            assert_eq!(edited(seed), edited(seed));
        }
        let all: Vec<u8> = (0..400).flat_map(edited).collect();
        let all = String::from_utf8_lossy(&all);
        for wanted in ["&anchor", "*anchor", "<<:", "\t", "\r\n", "\u{feff}"] {
            assert!(all.contains(wanted), "{wanted:?}");
        }
    }
}
