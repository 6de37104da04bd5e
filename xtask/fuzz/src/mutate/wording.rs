//! Mutations that put hostile texts wherever a text is permitted.

use fastrand::Rng;
use serde_json::{Value, json};

use super::one;
use crate::{
    texts,
    tree::{self, Path, Role, Step},
};

/// Keys that OpenAPI defines, which are not renamed.
const RESERVED: &[&str] = &[
    "openapi",
    "swagger",
    "info",
    "paths",
    "components",
    "schemas",
    "definitions",
    "properties",
    "responses",
    "content",
    "schema",
    "items",
    "parameters",
    "allOf",
    "oneOf",
    "anyOf",
    "$ref",
    "type",
    "name",
    "in",
    "requestBody",
    "enum",
    "required",
    "get",
    "put",
    "post",
    "delete",
    "patch",
];

fn is_text(document: &Value, path: &Path) -> bool {
    let is_fixed = matches!(path.last(), Some(Step::Key(key)) if ["$ref", "type", "in", "openapi", "swagger"].contains(&key.as_str()));
    !is_fixed && tree::get(document, path).is_some_and(Value::is_string)
}

/// Replaces a text by a hostile one, or appends one.
pub(super) fn text(document: &mut Value, rng: &mut Rng) {
    let nodes = tree::nodes(document).into_iter().map(|(path, _)| path);
    let places: Vec<Path> = nodes.filter(|path| is_text(document, path)).collect();
    let Some(path) = one(places, rng) else {
        return;
    };
    let Some(Value::String(text)) = tree::get_mut(document, &path) else {
        return;
    };
    match (rng.u8(0..6), path.last()) {
        (0, _) => text.push_str(&texts::hostile(rng)),
        (1, _) => text.insert_str(0, &texts::hostile(rng)),
        (2, _) => *text = texts::name(rng),
        (_, Some(Step::Key(key))) if key.to_lowercase().ends_with("url") => *text = texts::url(rng),
        _ => *text = texts::hostile(rng),
    }
}

/// Renames a member of an object, and references to it.
pub(super) fn rename(document: &mut Value, rng: &mut Rng) {
    let places: Vec<Path> = tree::nodes(document)
        .into_iter()
        .map(|(path, _)| path)
        .filter(|path| {
            matches!(path.last(), Some(Step::Key(key)) if !RESERVED.contains(&key.as_str()))
                && matches!(path.iter().rev().nth(1), Some(Step::Key(_)))
        })
        .collect();
    let Some(path) = one(places, rng) else {
        return;
    };
    let Some(Step::Key(old)) = path.last() else {
        return;
    };
    let new = match rng.u8(0..6) {
        0 => format!("{old}{}", texts::name(rng)),
        1 => old.to_lowercase(),
        2 => format!("{old}\u{301}"),
        _ => texts::name(rng),
    };
    rename_to(document, &path, &new, rng.u8(0..5) != 0);
}

/// Renames the member of an object at a path and, if requested, references to it. Returns whether the
/// member exists and the new name is unused.
pub(super) fn rename_to(document: &mut Value, path: &[Step], new: &str, follows: bool) -> bool {
    let Some((Step::Key(old), above)) = path.split_last() else {
        return false;
    };
    let Some(Value::Object(members)) = tree::get_mut(document, above) else {
        return false;
    };
    if !members.contains_key(old) || members.contains_key(new) {
        return false;
    }
    let list = std::mem::take(members).into_iter();
    *members = list
        .map(|(key, value)| (if key == *old { new.to_owned() } else { key }, value))
        .collect();
    if follows {
        let mut renamed = above.to_vec();
        renamed.push(Step::Key(new.to_owned()));
        redirect(document, &tree::reference(path), &tree::reference(&renamed));
    }
    true
}

/// Redirects references to a node, or to nodes below it, to another node.
fn redirect(document: &mut Value, from: &str, to: &str) {
    let mut waiting = vec![document];
    while let Some(node) = waiting.pop() {
        match node {
            Value::Object(members) => waiting.extend(members.values_mut()),
            Value::Array(items) => waiting.extend(items),
            Value::String(text) => {
                if let Some(rest) = text.strip_prefix(from)
                    && (rest.is_empty() || rest.starts_with('/'))
                {
                    *text = format!("{to}{rest}");
                }
            }
            _ => {}
        }
    }
}

/// Adds a description, a title or a summary to a node that may have one.
pub(super) fn describe(document: &mut Value, rng: &mut Rng) {
    let places: Vec<Path> = tree::nodes(document)
        .into_iter()
        .filter(|(path, role)| {
            *role != Role::Other && tree::get(document, path).is_some_and(Value::is_object)
        })
        .map(|(path, _)| path)
        .collect();
    let path = one(places, rng);
    let node = path.and_then(|path| tree::get_mut(document, &path)?.as_object_mut());
    if let Some(members) = node {
        let key = one(
            ["description", "title", "summary", "example", "$comment"],
            rng,
        );
        members.insert(
            key.unwrap_or("description").to_owned(),
            json!(texts::hostile(rng)),
        );
    }
}
