//! The work that a JSONPath takes, estimated beforehand: neither parsing one nor following it can be
//! interrupted.

use std::collections::HashSet;

use serde_json::Value;

/// Filters within filters. The parser tries each in several ways, and takes stack for each.
const DEEPEST: usize = 8;
/// The longest target, in bytes.
const LONGEST: usize = 16 << 10;
/// How many nodes may be looked at for one action.
const MOST: f64 = 20e6;

/// Checks that a target is cheap enough to follow.
///
/// # Errors
/// The problem of the target, to follow its name in a sentence.
pub(super) fn check(target: &str, description: &Value) -> Result<(), String> {
    if target.len() > LONGEST {
        return Err(format!("has more than {LONGEST} bytes"));
    }
    let shape = Shape::of(target);
    if shape.nesting > DEEPEST {
        return Err(format!("nests brackets more than {DEEPEST} deep"));
    }
    match shape.effort(&depths(description)) > MOST {
        true => Err("looks at too many nodes".to_owned()),
        false => Ok(()),
    }
}

/// The parts of a target that take work.
#[derive(Debug, Default, PartialEq)]
struct Shape {
    /// The deepest brackets and parentheses within each other.
    nesting: usize,
    /// Steps to all descendants.
    descents: i32,
    /// Paths in filters that start at the root again.
    restarts: i32,
    /// How often one node may be selected by the lists of selectors in brackets.
    copies: f64,
}

impl Shape {
    fn of(target: &str) -> Self {
        let mut shape = Self {
            copies: 1.0,
            ..Self::default()
        };
        // For each bracket that is open: its selectors besides the first, how many signs of others than
        // names it has, and its names.
        let mut open: Vec<(u32, u32, HashSet<&str>)> = Vec::new();
        let mut quote = None;
        let mut start = 0;
        let mut previous = ' ';
        let mut is_escaped = false;
        for (at, c) in target.char_indices() {
            if let Some(end) = quote {
                if !is_escaped && c == end {
                    quote = None;
                    // The same name twice selects a member twice.
                    if let Some((_, odd, names)) = open.last_mut()
                        && !names.insert(&target[start..at])
                    {
                        *odd += 1;
                    }
                }
                is_escaped = !is_escaped && c == '\\';
                continue;
            }
            match c {
                '\'' | '"' => {
                    quote = Some(c);
                    start = at + 1;
                }
                '[' | '(' => {
                    open.push((0, 0, HashSet::new()));
                    shape.nesting = shape.nesting.max(open.len());
                }
                ']' | ')' => {
                    if let Some((more, odd, _)) = open.pop()
                        && odd > 0
                    {
                        shape.copies *= f64::from(more + 1);
                    }
                }
                ',' => open.last_mut().into_iter().for_each(|own| own.0 += 1),
                '*' | ':' | '?' | '0'..='9' | '-' => {
                    open.last_mut().into_iter().for_each(|own| own.1 += 1);
                }
                '.' if previous == '.' => shape.descents += 1,
                '$' if at > 0 => shape.restarts += 1,
                _ => {}
            }
            previous = c;
        }
        shape
    }

    /// How many nodes are looked at, at most: each descent finds a node once for each node above it.
    fn effort(&self, depths: &[usize]) -> f64 {
        let nodes: f64 = depths
            .iter()
            .enumerate()
            .map(|(depth, number)| *number as f64 * (depth as f64 + 1.0).powi(self.descents - 1))
            .sum();
        let all: usize = depths.iter().sum();
        let once = if self.descents == 0 { 1.0 } else { nodes };
        once * self.copies * (all as f64).powi(self.restarts)
    }
}

/// How many nodes stand at each depth.
fn depths(root: &Value) -> Vec<usize> {
    let mut depths = Vec::new();
    let mut level = vec![root];
    while !level.is_empty() {
        depths.push(level.len());
        let mut next = Vec::new();
        for node in level {
            match node {
                Value::Array(items) => next.extend(items),
                Value::Object(members) => next.extend(members.values()),
                _ => {}
            }
        }
        level = next;
    }
    depths
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn targets_that_people_write_are_followed() {
        let schemas: serde_json::Map<String, Value> = (0..5000)
            .map(|at| {
                (
                    format!("S{at}"),
                    json!({"properties": {"a": {"type": "string"}}}),
                )
            })
            .collect();
        let description = json!({"paths": {}, "components": {"schemas": schemas}});
        for target in [
            "$",
            "$.paths['/users/{id}'].get",
            "$..[?@.type == 'string']",
            "$.paths.*[?@.operationId == 'a' || (@.tags && @.tags[0] == 'b')]",
            "$.paths['/a', '/b', \"/c\"].*",
            "$..properties..[?match(@.description, '.*(((((((((([[[[[[[[[[.*')]",
            "$.paths[*]['get','post']",
            "$.paths[?count(@.*) > 2]",
        ] {
            assert_eq!(check(target, &description), Ok(()), "{target}");
        }
    }

    #[test]
    fn what_would_take_for_ever_is_refused() {
        let mut deep = json!(1);
        for _ in 0..60 {
            deep = json!({"a": deep, "b": [1, 2, 3]});
        }
        for target in [
            format!("${}", "[?(".repeat(100_000)),
            format!("${}", "[?@".repeat(1000)),
            format!("${}{}", "[?@".repeat(25), "]".repeat(25)),
            format!("$[?{}@.a{}]", "(".repeat(40), ")".repeat(40)),
            "$..*..*..*..*..*..*".to_owned(),
            format!("${}", "[*,*,*,*]".repeat(20)),
            format!("${}", "[0,0]".repeat(30)),
            format!("${}", "['a','a']".repeat(30)),
            "$..[?count($..*) > count($..*) && count($..*) > 1]".to_owned(),
        ] {
            let short: String = target.chars().take(40).collect();
            assert!(check(&target, &deep).is_err(), "{short}");
        }
    }
}
