//! Removes components that no operation needs, and tags that no operation has.
//!
//! References are followed on the JSON, because a slice keeps them. Which schemas are derived from a
//! base with a discriminator is a question about meaning, which [`Spec::derived`] answers for slices
//! as it does for rendering.

use std::collections::{BTreeSet, HashMap, HashSet};

use serde_json::{Map, Value};

use crate::{
    openapi::{ComponentKind, reference::component_name},
    spec::Spec,
};

/// The kinds of components that `$ref`s can name and that are pruned. Security schemes are kept,
/// because clients get all of them, whether or not an operation names one.
const KINDS: [ComponentKind; 5] = [
    ComponentKind::Schema,
    ComponentKind::Parameter,
    ComponentKind::Header,
    ComponentKind::RequestBody,
    ComponentKind::Response,
];

type Component = (ComponentKind, String);

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

/// Finds the components that operations reach.
fn reached(root: &Value, derived: &Derived) -> HashSet<Component> {
    let mut reached = HashSet::new();
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
            if !reached.insert((kind, name.clone())) {
                continue;
            }
            waiting.push(component);
            if kind == ComponentKind::Schema {
                // A value of the base may be a value of these, which the base need not name.
                let derived = derived.of(&name).iter().cloned();
                found.extend(derived.map(|name| (ComponentKind::Schema, name)));
            }
        }
    }
    reached
}

/// Returns the components that an object refers to itself: by `$ref`, or in the mapping of a
/// discriminator.
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
        // A mapping may have the bare name of a schema.
        found.push(component(target).unwrap_or((ComponentKind::Schema, target.to_owned())));
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
