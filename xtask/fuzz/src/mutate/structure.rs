//! Mutations that know nothing of OpenAPI: they move, repeat and remove nodes.

use fastrand::Rng;
use serde_json::{Map, Value, json};

use super::one;
use crate::tree::{self, Path};

fn any(document: &Value, rng: &mut Rng) -> Option<Path> {
    one(tree::nodes(document).into_iter().skip(1), rng).map(|(path, _)| path)
}

/// Removes a node.
pub(super) fn remove(document: &mut Value, rng: &mut Rng) {
    if let Some(path) = any(document, rng) {
        tree::remove(document, &path);
    }
}

/// Repeats a member of a list, or a member of an object under a similar name.
pub(super) fn duplicate(document: &mut Value, rng: &mut Rng) {
    let Some(path) = any(document, rng) else {
        return;
    };
    match tree::get_mut(document, &path) {
        Some(Value::Array(items)) if !items.is_empty() => {
            let copy = items[rng.usize(0..items.len())].clone();
            items.insert(rng.usize(0..=items.len()), copy);
        }
        Some(Value::Object(members)) => {
            if let Some(key) = one(members.keys().cloned().collect::<Vec<_>>(), rng) {
                let copy = members.get(&key).cloned().unwrap_or_default();
                let near = one(
                    [
                        format!("{key}2"),
                        key.to_uppercase(),
                        format!("{key} "),
                        format!("{key}_"),
                        format!("_{key}"),
                    ],
                    rng,
                );
                members.insert(near.unwrap_or_default(), copy);
            }
        }
        _ => {}
    }
}

/// Reorders the members of a list or an object.
pub(super) fn reorder(document: &mut Value, rng: &mut Rng) {
    let Some(path) = any(document, rng) else {
        return;
    };
    match tree::get_mut(document, &path) {
        Some(Value::Array(items)) => rng.shuffle(items),
        Some(Value::Object(members)) => {
            let mut list: Vec<(String, Value)> = std::mem::take(members).into_iter().collect();
            rng.shuffle(&mut list);
            *members = list.into_iter().collect::<Map<_, _>>();
        }
        _ => {}
    }
}

/// Replaces a node by a copy of another one, preferably with the same key.
pub(super) fn transplant(document: &mut Value, rng: &mut Rng) {
    let (Some(from), Some(to)) = (any(document, rng), any(document, rng)) else {
        return;
    };
    let alike: Vec<Path> = tree::nodes(document)
        .into_iter()
        .map(|(path, _)| path)
        .filter(|path| path.last() == from.last())
        .collect();
    let to = if rng.u8(0..4) == 0 {
        Some(to)
    } else {
        one(alike, rng)
    };
    let copy = tree::get(document, &from).cloned().unwrap_or_default();
    if let Some(node) = to.and_then(|to| tree::get_mut(document, &to)) {
        *node = copy;
    }
}

/// Replaces a node by a value of another JSON type.
pub(super) fn replace(document: &mut Value, rng: &mut Rng) {
    let values = [
        Value::Null,
        json!(true),
        json!(false),
        json!(0),
        json!(-1),
        json!(1.5),
        json!(u64::MAX),
        json!(""),
        json!("x"),
        json!([]),
        json!({}),
        json!([[]]),
        json!({"$ref": 1}),
        json!([null]),
    ];
    if let Some(node) = any(document, rng).and_then(|path| tree::get_mut(document, &path)) {
        *node = one(values, rng).unwrap_or_default();
    }
}
