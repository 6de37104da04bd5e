//! Removes components that no operation needs, and tags that no operation has.
//!
//! References are followed on the JSON, because a slice keeps them. Which schemas are derived from a
//! base with a discriminator is a question about meaning, which [`Spec::derived`] answers for slices
//! as it does for rendering.

use std::collections::{BTreeSet, HashMap, HashSet};

use serde_json::{Map, Value};

use crate::{openapi::reference::component_name, spec::Spec};

/// The sections of components that `$ref`s can name and that are pruned. Security schemes are kept,
/// because clients get all of them, whether or not an operation names one.
const SECTIONS: [&str; 5] = [
    "schemas",
    "parameters",
    "headers",
    "requestBodies",
    "responses",
];

/// The component schemas that are derived from others, by the name of the base.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Derived(HashMap<String, Vec<String>>);

impl Derived {
    /// Reads the derived schemas of all components.
    pub(super) fn new(spec: &Spec) -> Self {
        let bases = spec.components.iter().map(|(base, id)| {
            let derived = spec.derived(*id).iter();
            let names = derived.filter_map(|id| spec.declared(*id).component());
            (base.clone(), names.map(str::to_owned).collect())
        });
        Self(
            bases
                .filter(|(_, names): &(_, Vec<_>)| !names.is_empty())
                .collect(),
        )
    }

    fn of(&self, base: &str) -> &[String] {
        self.0.get(base).map_or(&[], Vec::as_slice)
    }
}

/// Removes from a description the components that no operation reaches, and the tags that no
/// operation has.
pub(super) fn prune(root: &mut Value, derived: &Derived) {
    let reached = reached(root, derived);
    if let Some(Value::Object(components)) = root.get_mut("components") {
        for (index, section) in SECTIONS.iter().enumerate() {
            if let Some(Value::Object(members)) = components.get_mut(*section) {
                members.retain(|name, _| reached.contains(&(index, name.clone())));
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

/// Finds the components that operations reach, as index of the section and name.
fn reached(root: &Value, derived: &Derived) -> HashSet<(usize, String)> {
    let mut reached = HashSet::new();
    let mut waiting: Vec<&Value> = root.get("paths").into_iter().collect();
    while let Some(node) = waiting.pop() {
        let mut found: Vec<(usize, String)> = Vec::new();
        match node {
            Value::Array(items) => waiting.extend(items),
            Value::Object(members) => {
                waiting.extend(members.values());
                found.extend(references(members));
            }
            _ => {}
        }
        while let Some((section, name)) = found.pop() {
            let Some(component) = root["components"][SECTIONS[section]].get(&name) else {
                continue;
            };
            if section == 0 {
                // A value of the base may be a value of these, which the base need not name.
                let derived = derived.of(&name).iter().cloned();
                let unseen = derived.filter(|name| !reached.contains(&(0, name.clone())));
                found.extend(unseen.map(|name| (0, name)));
            }
            if reached.insert((section, name)) {
                waiting.push(component);
            }
        }
    }
    reached
}

/// Returns the components that an object refers to itself: by `$ref`, or in the mapping of a
/// discriminator.
fn references(members: &Map<String, Value>) -> Vec<(usize, String)> {
    let section_of = |reference: &str| {
        let (section, _) = reference.strip_prefix("#/components/")?.split_once('/')?;
        let index = SECTIONS.iter().position(|known| *known == section)?;
        Some((index, component_name(reference, section)?))
    };
    let mut found = Vec::new();
    found.extend(
        members
            .get("$ref")
            .and_then(Value::as_str)
            .and_then(section_of),
    );
    let mapping = members.get("discriminator").map(|own| &own["mapping"]);
    for target in mapping.and_then(Value::as_object).into_iter().flatten() {
        let Some(target) = target.1.as_str() else {
            continue;
        };
        // A mapping may have the bare name of a schema.
        found.push(section_of(target).unwrap_or((0, target.to_owned())));
    }
    found
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn derived_schemas_are_kept_with_their_base() {
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
                    "Child": from("Base"), "Grandchild": from("Child"),
                    "Plain": {}, "OfPlain": from("Plain"), "Mapped": {}, "~": {}, "Unused": from("Unused"),
                },
                "responses": {"Unused": {}},
                "securitySchemes": {"key": {}},
            },
        });
        let derived = ["Child", "Grandchild", "Mapped"].map(str::to_owned);
        let derived = Derived(HashMap::from([("Base".to_owned(), derived.to_vec())]));
        prune(&mut root, &derived);
        let schemas = root["components"]["schemas"].as_object().unwrap();
        let names: Vec<&str> = schemas.keys().map(String::as_str).collect();
        let expected = ["Base", "Child", "Grandchild", "Plain", "Mapped", "~"];
        assert_eq!(names, expected);
        assert!(root["components"].get("responses").is_none() && root.get("tags").is_none());
        assert!(root["components"].get("securitySchemes").is_some());
    }
}
