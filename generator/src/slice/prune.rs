//! Components that no operation needs.

use std::collections::{BTreeSet, HashMap, HashSet};

use serde_json::{Map, Value};

use crate::openapi::{ComponentKind, reference::component_name};

/// The kinds of components that are referred to by `$ref`. Security schemes stay whether or not an
/// operation names them.
const KINDS: [ComponentKind; 5] = [
    ComponentKind::Schema,
    ComponentKind::Parameter,
    ComponentKind::Header,
    ComponentKind::RequestBody,
    ComponentKind::Response,
];

type Component = (ComponentKind, String);

/// Takes out of a normalized description the components that nothing reaches, and the tags that no
/// operation has.
pub(super) fn prune(root: &mut Value) {
    let reached = reached(root);
    if let Some(Value::Object(components)) = root.get_mut("components") {
        for kind in KINDS {
            if let Some(Value::Object(members)) = components.get_mut(kind.section()) {
                members.retain(|name, _| reached.contains(&(kind, name.clone())));
            }
        }
        components.retain(|_, section| section.as_object().is_none_or(|own| !own.is_empty()));
    }
    let used = tags(root);
    if let Some(Value::Array(tags)) = root.get_mut("tags") {
        let name = |tag: &Value| tag["name"].as_str().unwrap_or_default().to_owned();
        tags.retain(|tag| used.contains(&name(tag)));
    }
    if let Some(root) = root.as_object_mut() {
        for key in ["components", "tags"] {
            let is_empty = match root.get(key) {
                Some(Value::Object(members)) => members.is_empty(),
                Some(Value::Array(items)) => items.is_empty(),
                _ => false,
            };
            if is_empty {
                root.shift_remove(key);
            }
        }
    }
}

fn tags(root: &Value) -> BTreeSet<String> {
    let items = root["paths"].as_object().into_iter().flatten();
    let operations = items
        .filter_map(|(_, item)| item.as_object())
        .flat_map(Map::values);
    let tags = operations.filter_map(|operation| operation.get("tags")?.as_array());
    let names = tags.flatten().filter_map(Value::as_str);
    names.map(str::to_owned).collect()
}

/// The components that operations reach.
fn reached(root: &Value) -> HashSet<Component> {
    let extensions = extensions(root);
    let mut reached = HashSet::new();
    // What extends a schema with a discriminator may stand where that does.
    let mut open: HashSet<String> = HashSet::new();
    let mut waiting: Vec<&Value> = root.get("paths").into_iter().collect();
    while let Some(node) = waiting.pop() {
        let mut found: Vec<Component> = Vec::new();
        match node {
            Value::Array(items) => waiting.extend(items),
            Value::Object(members) => {
                waiting.extend(members.values());
                found.extend(references(members));
            }
            _ => {}
        }
        while let Some((kind, name)) = found.pop() {
            let Some(component) = root["components"][kind.section()].get(&name) else {
                continue;
            };
            if kind == ComponentKind::Schema
                && (component.get("discriminator").is_some() || open.contains(&name))
                && let Some(own) = extensions.get(name.as_str())
            {
                for own in own {
                    if open.insert((*own).to_owned()) {
                        // One that was reached before may be extended by others in turn.
                        reached.remove(&(ComponentKind::Schema, (*own).to_owned()));
                        found.push((ComponentKind::Schema, (*own).to_owned()));
                    }
                }
            }
            if reached.insert((kind, name)) {
                waiting.push(component);
            }
        }
    }
    reached
}

/// By schema, those that are made from it.
fn extensions(root: &Value) -> HashMap<String, Vec<&str>> {
    let mut extensions: HashMap<String, Vec<&str>> = HashMap::new();
    let schemas = root["components"]["schemas"].as_object();
    for (name, schema) in schemas.into_iter().flatten() {
        for part in schema["allOf"].as_array().into_iter().flatten() {
            let base = part["$ref"].as_str();
            if let Some(base) = base.and_then(|base| component_name(base, ComponentKind::Schema)) {
                extensions.entry(base).or_default().push(name);
            }
        }
    }
    extensions
}

/// The components a mapping refers to itself: by `$ref`, or as the values of a discriminator.
fn references(members: &Map<String, Value>) -> Vec<Component> {
    let component = |reference: &str| {
        let (section, _) = reference.strip_prefix("#/components/")?.split_once('/')?;
        let kind = ComponentKind::of_section(section).filter(|kind| KINDS.contains(kind))?;
        Some((kind, component_name(reference, kind)?))
    };
    let mut found = Vec::new();
    found.extend(
        members
            .get("$ref")
            .and_then(Value::as_str)
            .and_then(component),
    );
    let mapping = members.get("discriminator").map(|own| &own["mapping"]);
    for target in mapping.and_then(Value::as_object).into_iter().flatten() {
        let Some(target) = target.1.as_str() else {
            continue;
        };
        // A name alone is that of a schema.
        found.push(component(target).unwrap_or((ComponentKind::Schema, target.to_owned())));
    }
    found
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_made_from_a_base_with_a_discriminator_stands_where_that_does() {
        let from =
            |name: &str| json!({"allOf": [{"$ref": format!("#/components/schemas/{name}")}]});
        let mut root = json!({
            "paths": {"/a": {"get": {"a": [
                {"$ref": "#/components/schemas/Child"}, {"$ref": "#/components/schemas/Plain"}, {"$ref": "#/components/schemas/~0"},
            ]}}},
            "tags": [],
            "components": {
                "schemas": {
                    "Base": {"discriminator": {"propertyName": "kind", "mapping": {"m": "Mapped"}}},
                    "Child": from("Base"), "Grandchild": from("Child"), "Greatgrandchild": from("Grandchild"),
                    "Plain": {}, "OfPlain": from("Plain"), "Mapped": {}, "~": {}, "Unused": from("Unused"),
                },
                "responses": {"Unused": {}},
                "securitySchemes": {"key": {}},
            },
        });
        prune(&mut root);
        let names: Vec<&String> = root["components"]["schemas"]
            .as_object()
            .unwrap()
            .keys()
            .collect();
        let expected = [
            "Base",
            "Child",
            "Grandchild",
            "Greatgrandchild",
            "Plain",
            "Mapped",
            "~",
        ];
        assert_eq!(names, expected);
        assert!(root["components"].get("responses").is_none() && root.get("tags").is_none());
        assert!(root["components"].get("securitySchemes").is_some());
    }
}
