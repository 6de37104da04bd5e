//! Delta debugging: finds a minimal case with the same find.

use std::time::Instant;

use serde_json::{Map, Value};

use crate::{
    case::{Case, Syntax},
    tree::{self, Path, Step},
};

/// Returns the index of a candidate that still has the find, or `None`.
pub type Keeps<'a> = dyn FnMut(&[Case]) -> Option<usize> + 'a;

/// Reduces a case as long as it keeps the find.
pub struct Shrinker<'a> {
    /// Tests candidates; any that keeps the find may be chosen.
    pub keeps: &'a mut Keeps<'a>,
    /// Number of candidates that are tested at once.
    pub batch: usize,
    /// When to stop.
    pub deadline: Instant,
}

/// The trees of a case.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Spec,
    Config,
    Overlay,
}

impl Part {
    fn of(self, case: &Case) -> Option<&Value> {
        match self {
            Self::Spec => Some(&case.spec),
            Self::Config => case.config.as_ref(),
            Self::Overlay => case.overlay.as_ref(),
        }
    }

    fn of_mut(self, case: &mut Case) -> Option<&mut Value> {
        match self {
            Self::Spec => Some(&mut case.spec),
            Self::Config => case.config.as_mut(),
            Self::Overlay => case.overlay.as_mut(),
        }
    }
}

impl Shrinker<'_> {
    /// The smallest case with the find that was found in time. The given case must have the find.
    pub fn shrink(&mut self, case: Case) -> Case {
        let mut case = self.first(case.clone(), around(&case)).unwrap_or(case);
        loop {
            let before = case.clone();
            if case.text.is_some() {
                case = self.text(case);
            } else {
                for part in [Part::Overlay, Part::Config, Part::Spec] {
                    case = self.members(case, part);
                    case = self.hoist(case, part);
                    case = self.strings(case, part);
                    case = self.keys(case, part);
                }
            }
            case = self.first(case.clone(), around(&case)).unwrap_or(case);
            if case == before || self.is_over() {
                return case;
            }
        }
    }

    fn is_over(&self) -> bool {
        Instant::now() >= self.deadline
    }

    /// Replaces the case by the first candidate that keeps the find, and repeats with the result.
    fn first(&mut self, case: Case, candidates: Vec<Case>) -> Option<Case> {
        let mut kept = None;
        for candidates in candidates.chunks(self.batch.max(1)) {
            if self.is_over() {
                break;
            }
            let new: Vec<Case> = candidates
                .iter()
                .filter(|one| **one != case)
                .cloned()
                .collect();
            if new.is_empty() {
                continue;
            }
            if let Some(index) = (self.keeps)(&new) {
                kept = new.into_iter().nth(index);
                break;
            }
        }
        kept
    }

    /// Removes members of objects and lists: many at a time first, from the top down.
    fn members(&mut self, mut case: Case, part: Part) -> Case {
        let mut waiting: Vec<Path> = vec![Vec::new()];
        while let Some(path) = waiting.pop() {
            let Some(node) = part.of(&case).and_then(|root| tree::get(root, &path)) else {
                continue;
            };
            let mut count = children(node).len();
            let mut size = count;
            while size > 0 && !self.is_over() {
                let mut at = 0;
                while at < count {
                    let candidates: Vec<Case> = (at..count)
                        .step_by(size)
                        .take(self.batch.max(1))
                        .filter_map(|at| without(&case, part, &path, at, size))
                        .collect();
                    let tried = candidates.len().max(1);
                    match self.first(case.clone(), candidates) {
                        // The same indices now hold the following members.
                        Some(smaller) => case = smaller,
                        None => at += size * tried,
                    }
                    let node = part.of(&case).and_then(|root| tree::get(root, &path));
                    count = node.map_or(0, |node| children(node).len());
                    if self.is_over() {
                        return case;
                    }
                }
                size = if size == 1 {
                    0
                } else {
                    size.div_ceil(2).min(count.max(1))
                };
                if size >= count && size > 1 {
                    size = count.div_ceil(2);
                }
            }
            let node = part.of(&case).and_then(|root| tree::get(root, &path));
            for step in node.map(children).unwrap_or_default() {
                let mut child = path.clone();
                child.push(step);
                waiting.push(child);
            }
        }
        case
    }

    /// Replaces parents by their children.
    fn hoist(&mut self, mut case: Case, part: Part) -> Case {
        let paths = |case: &Case| -> Vec<Path> {
            let nodes = part.of(case).map(tree::nodes).unwrap_or_default();
            nodes
                .into_iter()
                .map(|(path, _)| path)
                .filter(|path| !path.is_empty())
                .collect()
        };
        let mut at = 0;
        loop {
            let all = paths(&case);
            let Some(path) = all.get(at) else { return case };
            let mut candidates = Vec::new();
            if let Some(node) = part.of(&case).and_then(|root| tree::get(root, path)) {
                let below = |node: &Value| -> Vec<Value> {
                    children(node)
                        .iter()
                        .filter_map(|step| tree::get(node, std::slice::from_ref(step)).cloned())
                        .collect()
                };
                let mut inner = below(node);
                inner.extend(below(node).iter().flat_map(below).collect::<Vec<_>>());
                inner.retain(Value::is_object);
                for value in inner {
                    candidates.extend(replaced(&case, part, path, value));
                }
            }
            match self.first(case.clone(), candidates) {
                Some(smaller) => case = smaller,
                None => at += 1,
            }
            if self.is_over() {
                return case;
            }
        }
    }

    /// Shortens the texts of values.
    fn strings(&mut self, mut case: Case, part: Part) -> Case {
        let nodes = part.of(&case).map(tree::nodes).unwrap_or_default();
        for (path, _) in nodes {
            loop {
                let node = part.of(&case).and_then(|root| tree::get(root, &path));
                let Some(Value::String(text)) = node else {
                    break;
                };
                let candidates = shorter(text)
                    .into_iter()
                    .filter_map(|text| replaced(&case, part, &path, Value::String(text)))
                    .collect();
                match self.first(case.clone(), candidates) {
                    Some(smaller) => case = smaller,
                    None => break,
                }
            }
            if self.is_over() {
                break;
            }
        }
        case
    }

    /// Shortens the names of members, and the references to them.
    fn keys(&mut self, mut case: Case, part: Part) -> Case {
        let nodes = part.of(&case).map(tree::nodes).unwrap_or_default();
        for (mut path, _) in nodes {
            // Names that OpenAPI defines are short.
            while let Some(Step::Key(key)) = path.last().cloned() {
                let shorter: Vec<String> = shorter(&key)
                    .into_iter()
                    .filter(|_| key.len() > 12 || !key.is_ascii())
                    .collect();
                let candidates: Vec<Case> = shorter
                    .iter()
                    .filter_map(|new| renamed(&case, part, &path, new))
                    .collect();
                match self.first(case.clone(), candidates) {
                    Some(smaller) => {
                        // The result shows which name was chosen.
                        let above = &path[..path.len() - 1];
                        let node = part.of(&smaller).and_then(|root| tree::get(root, above));
                        let keys = node.and_then(Value::as_object);
                        let new = shorter
                            .iter()
                            .find(|new| keys.is_some_and(|keys| keys.contains_key(*new)));
                        let Some(new) = new.cloned() else { break };
                        case = smaller;
                        path.pop();
                        path.push(Step::Key(new));
                    }
                    None => break,
                }
            }
            if self.is_over() {
                break;
            }
        }
        case
    }

    /// Removes lines, then characters, of a text without a tree.
    fn text(&mut self, mut case: Case) -> Case {
        for by_line in [true, false] {
            let pieces = |case: &Case| -> Vec<Vec<u8>> {
                let text = case.text.clone().unwrap_or_default();
                match by_line {
                    true => text
                        .split_inclusive(|byte| *byte == b'\n')
                        .map(<[u8]>::to_vec)
                        .collect(),
                    false => text.into_iter().map(|byte| vec![byte]).collect(),
                }
            };
            let mut size = pieces(&case).len().div_ceil(2);
            while size > 0 && !self.is_over() {
                let mut at = 0;
                while at < pieces(&case).len() && !self.is_over() {
                    let mut left = pieces(&case);
                    left.drain(at..(at + size).min(left.len()));
                    let candidate = Case {
                        text: Some(left.concat()),
                        ..case.clone()
                    };
                    match self.first(case.clone(), vec![candidate]) {
                        Some(smaller) => case = smaller,
                        None => at += size,
                    }
                }
                size /= 2;
            }
        }
        case
    }
}

/// Cases without one of the other input files.
fn around(case: &Case) -> Vec<Case> {
    let mut candidates = Vec::new();
    let mut offer = |change: &dyn Fn(&mut Case)| {
        let mut candidate = case.clone();
        change(&mut candidate);
        if candidate != *case {
            candidates.push(candidate);
        }
    };
    offer(&|case| {
        (case.overlay, case.config, case.include) = (None, None, None);
        case.text = None;
    });
    offer(&|case| case.text = None);
    offer(&|case| case.overlay = None);
    offer(&|case| case.config = None);
    offer(&|case| case.include = None);
    if case.text.is_none() {
        // The syntax must be able to represent any character.
        offer(&|case| case.syntax = Syntax::Ascii);
    }
    candidates
}

fn children(node: &Value) -> Vec<Step> {
    match node {
        Value::Object(members) => members.keys().cloned().map(Step::Key).collect(),
        Value::Array(items) => (0..items.len()).map(Step::Index).collect(),
        _ => Vec::new(),
    }
}

/// The case without some members of a node.
fn without(case: &Case, part: Part, path: &[Step], at: usize, count: usize) -> Option<Case> {
    let mut smaller = case.clone();
    let node = tree::get_mut(part.of_mut(&mut smaller)?, path)?;
    match node {
        Value::Object(members) => {
            let kept = std::mem::take(members).into_iter().enumerate();
            let kept = kept.filter(|(index, _)| !(at..at + count).contains(index));
            *members = kept.map(|(_, member)| member).collect::<Map<_, _>>();
        }
        Value::Array(items) => drop(items.drain(at..(at + count).min(items.len()))),
        _ => return None,
    }
    Some(smaller)
}

fn replaced(case: &Case, part: Part, path: &[Step], value: Value) -> Option<Case> {
    let mut smaller = case.clone();
    *tree::get_mut(part.of_mut(&mut smaller)?, path)? = value;
    Some(smaller)
}

fn renamed(case: &Case, part: Part, path: &[Step], new: &str) -> Option<Case> {
    let mut smaller = case.clone();
    let root = part.of_mut(&mut smaller)?;
    crate::mutate::rename_to(root, path, new).then_some(smaller)
}

/// Shorter texts than one, shortest first.
fn shorter(text: &str) -> Vec<String> {
    let all: Vec<char> = text.chars().collect();
    let mut found = Vec::new();
    if !all.is_empty() {
        found.push(String::new());
    }
    if all.len() > 1 {
        found.push("a".to_owned());
    }
    let mut size = all.len() / 2;
    while size > 0 {
        for at in (0..all.len()).step_by(size) {
            let end = (at + size).min(all.len());
            let left = all[..at].iter().chain(&all[end..]);
            found.push(left.collect());
        }
        size /= 2;
    }
    found.dedup();
    found.retain(|one| one.len() < text.len());
    found
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use serde_json::json;

    use super::*;

    fn case(spec: Value) -> Case {
        Case {
            spec,
            syntax: Syntax::Yaml,
            text: None,
            config: Some(json!({"setters": "all"})),
            overlay: Some(json!({"overlay": "1.0.0"})),
            include: Some("tag:x".to_owned()),
        }
    }

    fn shrink(from: Case, is_find: impl Fn(&Case) -> bool, batch: usize) -> Case {
        let mut tried = 0;
        let mut keeps = |candidates: &[Case]| {
            tried += 1;
            assert!(candidates.len() <= batch);
            candidates.iter().position(&is_find)
        };
        let deadline = Instant::now() + Duration::from_secs(30);
        let mut shrinker = Shrinker {
            keeps: &mut keeps,
            batch,
            deadline,
        };
        shrinker.shrink(from)
    }

    fn large() -> Value {
        let schemas: Map<String, Value> = (0..40)
            .map(|at| {
                (
                    format!("S{at}"),
                    json!({"type": "object", "properties": {"a": {"type": "string"}}}),
                )
            })
            .collect();
        let mut document = json!({"openapi": "3.0.3", "components": {"schemas": schemas}, "tags": [1, 2, 3, "bad text here"]});
        document["components"]["schemas"]["S17"]["properties"]["x"] =
            json!({"allOf": [{"oneOf": [{"needle": true}]}]});
        document
    }

    #[test]
    fn what_makes_the_find_stays_and_the_rest_goes() {
        for batch in [1, 8] {
            let is_find = |case: &Case| {
                let text = case.spec.to_string();
                text.contains("needle") && text.contains("bad")
            };
            let small = shrink(case(large()), is_find, batch);
            assert!(is_find(&small));
            assert_eq!(
                (&small.config, &small.overlay, &small.include),
                (&None, &None, &None)
            );
            assert!(tree::size(&small.spec) <= 6, "{}", small.spec);
            assert!(small.spec.to_string().contains("\"bad\""), "{}", small.spec);
        }
    }

    #[test]
    fn what_is_needed_of_the_configuration_stays() {
        let is_find = |case: &Case| {
            case.config
                .as_ref()
                .is_some_and(|config| config.get("setters").is_some())
        };
        let small = shrink(case(large()), is_find, 1);
        assert_eq!(small.spec, json!({}));
        assert!(is_find(&small) && small.overlay.is_none());
    }

    #[test]
    fn long_names_are_shortened_with_their_references() {
        let name = "Name".repeat(40);
        let mut document = json!({"schemas": {"B": {"$ref": format!("#/schemas/{name}")}}});
        document["schemas"][&name] = json!({"k": 1});
        let is_find = |case: &Case| {
            let target = case.spec.pointer("/schemas/B/$ref").and_then(Value::as_str);
            target.is_some_and(|target| {
                case.spec
                    .pointer(target.get(1..).unwrap_or("no"))
                    .is_some_and(|node| node.get("k").is_some())
            })
        };
        let small = shrink(case(document), is_find, 1);
        assert!(is_find(&small));
        assert!(small.spec.to_string().len() < 80, "{}", small.spec);
    }

    #[test]
    fn a_text_loses_lines_and_characters() {
        let mut from = case(json!({}));
        from.text = Some(b"a: 1\nb: &x 2\nc: *x\nd: 4\n".to_vec());
        let is_find = |case: &Case| {
            let text = String::from_utf8_lossy(&case.text()).into_owned();
            text.contains("&x") && text.contains("*x")
        };
        let small = shrink(from, is_find, 1);
        assert_eq!(small.text.as_deref(), Some(b"&x*x".as_slice()));
    }

    #[test]
    fn nothing_is_returned_that_was_not_tried() {
        let from = case(large());
        assert_eq!(shrink(from.clone(), |_| false, 1), from);
    }
}
