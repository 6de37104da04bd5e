//! Serializes nested values as pairs: `a[b][c]=1`.
//!
//! The recursion is bounded: values were parsed from a text with at most 128 levels.

use serde_json::{Map, Value};

use super::{Pair, encoding::Encoding, scalar};

/// The pairs of a value under an encoded name.
pub(super) fn pairs(name: String, value: &Value, encoding: &Encoding) -> Vec<Pair> {
    let mut found = Vec::new();
    descend(name, value, *encoding, &mut found);
    found
}

/// The pairs of the properties of an object, each under its own name, which a list of scalars
/// repeats.
pub(super) fn members(members: &Map<String, Value>, encoding: &Encoding) -> Vec<Pair> {
    let mut found = Vec::new();
    for (name, value) in members {
        let name = encoding.name(name);
        match value {
            Value::Array(items) if !items.iter().any(is_compound) => {
                let values = items.iter().map(|item| encoding.value(&scalar(item)));
                found.extend(values.map(|value| (name.clone(), value)));
            }
            _ => descend(name, value, *encoding, &mut found),
        }
    }
    found
}

fn descend(name: String, value: &Value, encoding: Encoding, found: &mut Vec<Pair>) {
    match value {
        Value::Null => {}
        Value::Object(members) => {
            for (member, value) in members {
                let name = format!("{name}{}", encoding.bracketed(member));
                descend(name, value, encoding, found);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                let name = format!("{name}{}", encoding.bracketed(&index.to_string()));
                match item {
                    Value::Null => found.push((name, String::new())),
                    _ => descend(name, item, encoding, found),
                }
            }
        }
        _ => found.push((name, encoding.value(&scalar(value)))),
    }
}

fn is_compound(value: &Value) -> bool {
    value.is_array() || value.is_object()
}
