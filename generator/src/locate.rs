//! Positions of nodes: `serde_yaml` and `serde_json` keep none, so a diagnostic's pointer is looked up
//! in the text when it is printed. JSON is read as the YAML it is.

use saphyr_parser::{Event, Parser};

use crate::pointer::Pointer;

/// Line and column, counted from 1, of the node the pointer leads to: of its key if it has one. A
/// node that is not there is placed at the last step that is.
pub(crate) fn find(text: &str, pointer: &Pointer) -> Option<(usize, usize)> {
    let tokens: Vec<&str> = pointer.tokens().collect();
    let mut best = None;
    let mut levels: Vec<Level> = Vec::new();
    for event in Parser::new_from_str(text) {
        let (event, span) = event.ok()?;
        let at = (span.start.line(), span.start.col() + 1);
        let begins = matches!(
            event,
            Event::Scalar(..)
                | Event::Alias(..)
                | Event::MappingStart(..)
                | Event::SequenceStart(..)
        );
        if begins {
            let on_path = match levels.last_mut() {
                None => true,
                Some(Level::Mapping { on_path, key }) => {
                    if key.is_none() {
                        // A key that is no scalar cannot be a pointer's token.
                        let name = match &event {
                            Event::Scalar(name, ..) => name.to_string(),
                            _ => String::new(),
                        };
                        *key = Some((name, at));
                        if matches!(event, Event::MappingStart(..) | Event::SequenceStart(..)) {
                            levels.push(Level::new(&event, false));
                        }
                        continue;
                    }
                    let on_path = *on_path;
                    let taken = key.take();
                    on_path
                        && taken
                            .is_some_and(|(name, at)| step(&tokens, &levels, &name, at, &mut best))
                }
                Some(Level::Sequence { on_path, index }) => {
                    let (on_path, name) = (*on_path, index.to_string());
                    *index += 1;
                    on_path && step(&tokens, &levels, &name, at, &mut best)
                }
            };
            if levels.is_empty() {
                best.get_or_insert((0, at));
            }
            if matches!(event, Event::MappingStart(..) | Event::SequenceStart(..)) {
                levels.push(Level::new(&event, on_path));
            }
        } else if matches!(event, Event::MappingEnd | Event::SequenceEnd) {
            levels.pop();
        }
    }
    best.map(|(_, at)| at)
}

enum Level {
    Mapping {
        on_path: bool,
        key: Option<(String, (usize, usize))>,
    },
    Sequence {
        on_path: bool,
        index: usize,
    },
}

impl Level {
    fn new(event: &Event<'_>, on_path: bool) -> Self {
        match event {
            Event::MappingStart(..) => Self::Mapping { on_path, key: None },
            _ => Self::Sequence { on_path, index: 0 },
        }
    }
}

/// Whether the member `name` at the current depth is the pointer's next step; the deepest step seen
/// is kept. Of a key that stands twice the last wins, as in the tree.
fn step(
    tokens: &[&str],
    levels: &[Level],
    name: &str,
    at: (usize, usize),
    best: &mut Option<(usize, (usize, usize))>,
) -> bool {
    let depth = levels.len();
    let found = tokens.get(depth - 1).is_some_and(|token| *token == name);
    if found && best.is_none_or(|(deepest, _)| deepest <= depth) {
        *best = Some((depth, at));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str, pointer: &str) -> Option<(usize, usize)> {
        find(text, &Pointer::parse(pointer).unwrap())
    }

    const YAML: &str = "a: 1\nb:\n  - x\n  - c: {d: [1, 2]}\n    ? [k]\n    : v\n    e: f\n";

    #[test]
    fn finds_keys_and_items() {
        assert_eq!(at(YAML, "/b"), Some((2, 1)));
        assert_eq!(at(YAML, "/b/1/c/d"), Some((4, 9)));
        assert_eq!(at(YAML, "/b/1/c/d/1"), Some((4, 16)));
        assert_eq!(at(YAML, "/b/1/e"), Some((7, 5)));
        assert_eq!(at(YAML, ""), Some((1, 1)));
    }

    #[test]
    fn reads_json_as_well() {
        let json = "{\n  \"a\": {\"b\": 1},\n\t\"c\": [\n    true]\n}";
        assert_eq!(at(json, "/a/b"), Some((2, 9)));
        assert_eq!(at(json, "/c/0"), Some((4, 5)));
    }

    #[test]
    fn a_node_that_is_missing_is_placed_at_what_should_hold_it() {
        assert_eq!(at(YAML, "/b/1/zzz/d"), Some((4, 5)));
    }

    #[test]
    fn of_a_key_that_stands_twice_the_last_is_found() {
        assert_eq!(at("a: 1\nb: 2\na: 3\n", "/a"), Some((3, 1)));
    }
}
