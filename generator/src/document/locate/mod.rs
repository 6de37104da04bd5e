//! Positions of nodes: `serde_yaml` and `serde_json` keep none, so a diagnostic's pointer is looked up
//! in the text when it is printed.

mod json;
pub(crate) mod outline;

use std::{collections::HashMap, path::Path};

use saphyr_parser::{Event, Parser};

use crate::{document, openapi::Pointer};

/// Line and column, counted from 1.
pub(crate) type Position = (usize, usize);

/// The positions of the nodes the pointers lead to, in one pass over the text: of their keys if they
/// have one. A node that is not there is placed at the last step that is. Of a key that stands twice
/// the last counts, as in the tree.
pub(crate) fn find_all(path: &Path, text: &str, pointers: &[&Pointer]) -> Vec<Option<Position>> {
    let mut steps = Steps::default();
    for pointer in pointers {
        steps.add(pointer);
    }
    if document::is_json(path, text) {
        json::walk(text, &mut steps);
    } else {
        walk_yaml(text, &mut steps);
    }
    pointers
        .iter()
        .map(|pointer| steps.position(pointer))
        .collect()
}

fn walk_yaml(text: &str, steps: &mut Steps) {
    let mut levels: Vec<Level> = Vec::new();
    for event in Parser::new_from_str(text) {
        // What follows a syntax error has no place; the error itself was reported by the reader.
        let Ok((event, span)) = event else { break };
        let at = (span.start.line(), span.start.col() + 1);
        let opens = matches!(event, Event::MappingStart(..) | Event::SequenceStart(..));
        if matches!(event, Event::MappingEnd | Event::SequenceEnd) {
            levels.pop();
        }
        if !opens && !matches!(event, Event::Scalar(..) | Event::Alias(..)) {
            continue;
        }
        let step = match levels.last_mut() {
            None => Some(steps.found(Steps::ROOT, at)),
            Some(Level::Mapping {
                parent,
                key: key @ None,
            }) => {
                // A key that is no scalar cannot be a pointer's token.
                let name = match &event {
                    Event::Scalar(name, ..) => name.to_string(),
                    _ => String::new(),
                };
                let step = parent.and_then(|parent| steps.child(parent, &name));
                *key = Some((step, at));
                if opens {
                    levels.push(Level::new(&event, None));
                }
                continue;
            }
            Some(Level::Mapping { key, .. }) => {
                let (step, at) = key.take().unwrap_or_default();
                step.map(|step| steps.found(step, at))
            }
            Some(Level::Sequence { parent, index }) => {
                let name = index.to_string();
                *index += 1;
                let step = parent.and_then(|parent| steps.child(parent, &name));
                step.map(|step| steps.found(step, at))
            }
        };
        if opens {
            levels.push(Level::new(&event, step));
        }
    }
}

/// The steps of all pointers as a tree, each with its position once it was met.
struct Steps {
    children: Vec<HashMap<String, usize>>,
    positions: Vec<Option<Position>>,
}

impl Default for Steps {
    fn default() -> Self {
        Self {
            children: vec![HashMap::new()],
            positions: vec![None],
        }
    }
}

impl Steps {
    const ROOT: usize = 0;

    fn add(&mut self, pointer: &Pointer) {
        let mut at = Self::ROOT;
        for token in pointer.tokens() {
            at = match self.children[at].get(token) {
                Some(child) => *child,
                None => {
                    let child = self.children.len();
                    self.children.push(HashMap::new());
                    self.positions.push(None);
                    self.children[at].insert(token.to_owned(), child);
                    child
                }
            };
        }
    }

    fn is_leaf(&self, step: usize) -> bool {
        self.children[step].is_empty()
    }

    fn child(&self, parent: usize, name: &str) -> Option<usize> {
        self.children[parent].get(name).copied()
    }

    fn found(&mut self, step: usize, at: Position) -> usize {
        self.positions[step] = Some(at);
        step
    }

    fn position(&self, pointer: &Pointer) -> Option<Position> {
        let mut at = Self::ROOT;
        let mut best = self.positions[at];
        for token in pointer.tokens() {
            at = self.child(at, token)?;
            match self.positions[at] {
                Some(position) => best = Some(position),
                None => break,
            }
        }
        best
    }
}

/// An open mapping or sequence, and the step that led to it if a pointer goes through it.
enum Level {
    Mapping {
        parent: Option<usize>,
        key: Option<(Option<usize>, Position)>,
    },
    Sequence {
        parent: Option<usize>,
        index: usize,
    },
}

impl Level {
    fn new(event: &Event<'_>, parent: Option<usize>) -> Self {
        match event {
            Event::MappingStart(..) => Self::Mapping { parent, key: None },
            _ => Self::Sequence { parent, index: 0 },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str, pointer: &str) -> Option<(usize, usize)> {
        let name = if text.starts_with('{') {
            "a.json"
        } else {
            "a.yaml"
        };
        find_all(name.as_ref(), text, &[&Pointer::parse(pointer).unwrap()])[0]
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
        assert_eq!(at(json, ""), Some((1, 1)));
    }

    #[test]
    fn json_is_placed_as_the_yaml_it_is() {
        let json =
            "{ \"é\\u0041\": [{\"x\": \"]}\\\"\"}, 1.5e3,\n null], \"b\": {}, \"b\": {\"c\": -1}}";
        for pointer in ["/éA", "/éA/0/x", "/éA/1", "/éA/2", "/b/c", "/b/d", "/z"] {
            let pointer = Pointer::parse(pointer).unwrap();
            let of = |name: &str| find_all(name.as_ref(), json, &[&pointer])[0];
            assert_eq!(of("a.json"), of("a.yaml"), "{pointer}");
            assert!(of("a.json").is_some());
        }
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
