//! Components that nothing refers to any more.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use crate::pointer::Pointer;

/// Where dialects keep what can be referred to, and whether only what is referred to matters.
const SECTIONS: &[&[&str]] = &[
    &["definitions"],
    &["parameters"],
    &["responses"],
    &["components", "schemas"],
    &["components", "parameters"],
    &["components", "responses"],
    &["components", "requestBodies"],
    &["components", "headers"],
    &["components", "examples"],
    &["components", "links"],
    &["components", "callbacks"],
    &["components", "pathItems"],
    &["components", "mediaTypes"],
];

/// Takes out of the tree what neither the rest nor anything it refers to refers to; what comes back
/// are the names.
pub(super) fn components(root: &mut Value) -> BTreeSet<String> {
    let reached = reached(root);
    let mut gone = BTreeSet::new();
    for section in SECTIONS {
        let Some(members) = section_of(root, section) else {
            continue;
        };
        members.retain(|name, _| {
            let keeps = reached.contains(&(section.join("/"), name.clone()));
            if !keeps {
                gone.insert(name.clone());
            }
            keeps
        });
    }
    gone
}

fn section_of<'a>(root: &'a mut Value, section: &[&str]) -> Option<&'a mut Map<String, Value>> {
    let mut steps = section.iter();
    steps
        .try_fold(root, |node, step| node.get_mut(step))?
        .as_object_mut()
}

/// Section and name of a component.
type Key = (String, String);

fn reached(root: &Value) -> BTreeSet<Key> {
    let subtypes = subtypes(root);
    let mut reached = BTreeSet::new();
    let mut waiting: Vec<&Value> = Vec::new();
    for (key, value) in root.as_object().into_iter().flatten() {
        let is_section = SECTIONS.contains(&[key.as_str()].as_slice());
        if !is_section && key != "components" {
            waiting.push(value);
        }
    }
    while let Some(node) = waiting.pop() {
        let mut found = Vec::new();
        match node {
            Value::Array(items) => waiting.extend(items),
            Value::Object(members) => {
                waiting.extend(members.values());
                found.extend(references(members));
            }
            _ => {}
        }
        while let Some(key) = found.pop() {
            let Some(component) = find(root, &key) else {
                continue;
            };
            if reached.insert(key.clone()) {
                waiting.push(component);
                found.extend(subtypes.get(&key).into_iter().flatten().cloned());
            }
        }
    }
    reached
}

fn find<'a>(root: &'a Value, (section, name): &Key) -> Option<&'a Value> {
    let mut steps = section.split('/').chain([name.as_str()]);
    steps.try_fold(root, |node, step| node.get(step))
}

/// The components that an object refers to itself: by `$ref`, or as the types of a discriminator.
fn references(members: &Map<String, Value>) -> Vec<Key> {
    let mut keys = Vec::new();
    for name in ["$ref", "$dynamicRef"] {
        keys.extend(members.get(name).and_then(Value::as_str).and_then(key));
    }
    let mapping = members.get("discriminator").map(|found| &found["mapping"]);
    for target in mapping.and_then(Value::as_object).into_iter().flatten() {
        let Some(target) = target.1.as_str() else {
            continue;
        };
        keys.extend(key(target));
        // A name alone is that of a schema.
        for section in ["components/schemas", "definitions"] {
            keys.push((section.to_owned(), target.to_owned()));
        }
    }
    keys
}

/// The component that a reference leads to or into.
fn key(reference: &str) -> Option<Key> {
    let pointer = Pointer::parse(reference.strip_prefix('#')?)?;
    let tokens: Vec<&str> = pointer.tokens().collect();
    let section = SECTIONS
        .iter()
        .find(|section| tokens.starts_with(section))?;
    let name = tokens.get(section.len())?;
    Some((section.join("/"), (*name).to_owned()))
}

/// By schema with a discriminator, those that extend it: they stand where it does, and it does not
/// name them.
fn subtypes(root: &Value) -> BTreeMap<Key, Vec<Key>> {
    let mut subtypes: BTreeMap<Key, Vec<Key>> = BTreeMap::new();
    for section in ["components/schemas", "definitions"] {
        let steps: Vec<&str> = section.split('/').collect();
        let schemas = steps.iter().try_fold(root, |node, step| node.get(step));
        for (name, schema) in schemas.and_then(Value::as_object).into_iter().flatten() {
            for part in schema["allOf"].as_array().into_iter().flatten() {
                let base = part["$ref"].as_str().and_then(key);
                let Some(base) = base.filter(|base| {
                    find(root, base).is_some_and(|base| base.get("discriminator").is_some())
                }) else {
                    continue;
                };
                let own = (section.to_owned(), name.clone());
                subtypes.entry(base).or_default().push(own);
            }
        }
    }
    subtypes
}
