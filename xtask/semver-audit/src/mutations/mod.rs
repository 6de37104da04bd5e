//! Mutations of a description, as a table: where each applies, and what it does there.
//!
//! They work on the tree of a slice, which is plain OpenAPI 3.0 for every source dialect. sdkgen may
//! refuse a mutated description; then another node is tried.

mod calls;
mod operations;
mod schemas;

use serde_json::{Map, Value};

/// A mutation.
pub(super) struct Mutation {
    /// Its name.
    pub(super) name: &'static str,
    at: At,
    /// Makes the edit; `None` if it does not apply to the node. The tree may be changed all the same.
    edit: fn(&mut Value, &NodePath) -> Option<()>,
}

/// The steps from the root to a node.
pub(super) type NodePath = Vec<String>;

/// The nodes that a mutation applies to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum At {
    /// The description as a whole.
    Root,
    /// A schema component.
    Schema,
    /// A property of a schema component.
    Property,
    /// Any schema with an enum.
    Enum,
    /// Any schema with alternatives.
    Union,
    /// A schema component with `allOf`.
    AllOf,
    /// An operation.
    Operation,
    /// An inline parameter of an operation.
    Parameter,
    /// An inline request body of an operation.
    Body,
    /// An inline success response with a body.
    Success,
}

/// All mutations.
pub(super) fn all() -> impl Iterator<Item = &'static Mutation> {
    let groups = [schemas::ALL, operations::ALL, calls::ALL];
    groups.into_iter().flatten()
}

impl Mutation {
    /// The nodes of a description that it may apply to.
    pub(super) fn places(&self, root: &Value) -> Vec<NodePath> {
        match self.at {
            At::Root => vec![NodePath::new()],
            At::Schema => schemas(root),
            At::AllOf => holding(root, schemas(root), "allOf"),
            At::Property => below(
                root,
                holding(root, schemas(root), "properties"),
                "properties",
            ),
            At::Enum => everywhere(root, |node| {
                let values = node.get("enum").and_then(Value::as_array);
                values.is_some_and(|values| values.len() > 1 && values.iter().all(Value::is_string))
            }),
            At::Union => everywhere(root, |node| {
                let list = alternatives(node).and_then(Value::as_array);
                list.is_some_and(|list| list.len() > 1)
            }),
            At::Operation => operations(root),
            At::Parameter => {
                let parents = holding(root, operations(root), "parameters");
                let mut places = below(root, parents, "parameters");
                places.retain(|place| {
                    get(root, place).is_some_and(|node| node.get("name").is_some())
                });
                places
            }
            At::Body => {
                let mut places = holding(root, operations(root), "requestBody");
                places
                    .iter_mut()
                    .for_each(|place| place.push("requestBody".to_owned()));
                holding(root, places, "content")
            }
            At::Success => {
                let parents = holding(root, operations(root), "responses");
                let mut places = below(root, parents, "responses");
                places.retain(|place| place.last().is_some_and(|code| code.starts_with('2')));
                holding(root, places, "content")
            }
        }
    }

    /// The edited description, if it differs.
    pub(super) fn apply(&self, root: &Value, place: &NodePath) -> Option<Value> {
        let mut edited = root.clone();
        (self.edit)(&mut edited, place)?;
        // The order of members matters, which equality of values ignores.
        let (before, after) = (root.to_string(), edited.to_string());
        (before != after).then_some(edited)
    }
}

const METHODS: [&str; 7] = ["get", "put", "post", "delete", "options", "head", "patch"];

fn operations(root: &Value) -> Vec<NodePath> {
    let mut places = below(root, vec![NodePath::new()], "paths");
    places = places
        .into_iter()
        .flat_map(|place| children(root, place))
        .collect();
    places.retain(|place| {
        place
            .last()
            .is_some_and(|last| METHODS.contains(&last.as_str()))
    });
    places
}

fn schemas(root: &Value) -> Vec<NodePath> {
    below(root, vec![vec!["components".to_owned()]], "schemas")
}

/// The paths of nodes that have a member.
fn holding(root: &Value, mut places: Vec<NodePath>, key: &str) -> Vec<NodePath> {
    places.retain(|place| get(root, place).is_some_and(|node| node.get(key).is_some()));
    places
}

/// The paths of the children of a member of each node.
fn below(root: &Value, places: Vec<NodePath>, key: &str) -> Vec<NodePath> {
    let members = places.into_iter().map(|mut place| {
        place.push(key.to_owned());
        place
    });
    members.flat_map(|place| children(root, place)).collect()
}

fn children(root: &Value, place: NodePath) -> Vec<NodePath> {
    let child = |step: String| {
        let mut place = place.clone();
        place.push(step);
        place
    };
    match get(root, &place) {
        Some(Value::Object(map)) => map.keys().cloned().map(child).collect(),
        Some(Value::Array(list)) => (0..list.len())
            .map(|index| child(index.to_string()))
            .collect(),
        _ => Vec::new(),
    }
}

fn everywhere(root: &Value, wanted: fn(&Value) -> bool) -> Vec<NodePath> {
    let mut found = Vec::new();
    let mut waiting = vec![vec!["components".to_owned()], vec!["paths".to_owned()]];
    while let Some(place) = waiting.pop() {
        if get(root, &place).is_some_and(wanted) {
            found.push(place.clone());
        }
        // Values may look like schemas.
        if !place
            .last()
            .is_some_and(|last| ["enum", "default", "example"].contains(&last.as_str()))
        {
            waiting.extend(children(root, place));
        }
    }
    found.sort();
    found
}

/// The list of alternatives of a schema.
fn alternatives(node: &Value) -> Option<&Value> {
    node.get("oneOf").or_else(|| node.get("anyOf"))
}

fn get<'a>(root: &'a Value, place: &[String]) -> Option<&'a Value> {
    place.iter().try_fold(root, |node, step| match node {
        Value::Object(map) => map.get(step),
        Value::Array(list) => list.get(step.parse::<usize>().ok()?),
        _ => None,
    })
}

fn get_mut<'a>(root: &'a mut Value, place: &[String]) -> Option<&'a mut Value> {
    place.iter().try_fold(root, |node, step| match node {
        Value::Object(map) => map.get_mut(step),
        Value::Array(list) => list.get_mut(step.parse::<usize>().ok()?),
        _ => None,
    })
}

/// An object to be edited.
fn object<'a>(root: &'a mut Value, place: &[String]) -> Option<&'a mut Map<String, Value>> {
    get_mut(root, place)?.as_object_mut()
}

/// A list to be edited.
fn list<'a>(root: &'a mut Value, place: &[String], key: &str) -> Option<&'a mut Vec<Value>> {
    get_mut(root, place)?.get_mut(key)?.as_array_mut()
}

/// Renames a member of an object, which keeps its position.
fn rename(map: &mut Map<String, Value>, from: &str, to: &str) -> Option<()> {
    if !map.contains_key(from) || map.contains_key(to) {
        return None;
    }
    let members = std::mem::take(map);
    let name = |key: String| if key == from { to.to_owned() } else { key };
    map.extend(members.into_iter().map(|(key, value)| (name(key), value)));
    Some(())
}

/// Replaces texts in the whole tree.
fn replace(node: &mut Value, from: &str, to: &str) {
    match node {
        Value::String(text) if text == from => to.clone_into(text),
        Value::Array(list) => list.iter_mut().for_each(|item| replace(item, from, to)),
        Value::Object(map) => map.values_mut().for_each(|value| replace(value, from, to)),
        _ => {}
    }
}

/// A schema of another type.
fn retyped(schema: &Value) -> Value {
    match schema.get("type").and_then(Value::as_str) {
        Some("string") => serde_json::json!({"type": "integer", "format": "int64"}),
        _ => serde_json::json!({"type": "string"}),
    }
}

/// The name of the component that a schema refers to, directly or in an `allOf` of one.
fn target(schema: &Value) -> Option<&str> {
    let own = schema
        .get("$ref")
        .or_else(|| schema.get("allOf")?.get(0)?.get("$ref"));
    own?.as_str()?.strip_prefix(SCHEMAS)
}

const SCHEMAS: &str = "#/components/schemas/";

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn tree(path: &str) -> Value {
        sdkgen::Job::new(xtask::root().join(path))
            .slice()
            .unwrap()
            .root
    }

    fn changes_something(mutation: &Mutation, root: &Value) -> bool {
        let places = mutation.places(root);
        places
            .iter()
            .any(|place| mutation.apply(root, place).is_some())
    }

    #[test]
    fn names_differ() {
        let names: BTreeSet<&str> = all().map(|mutation| mutation.name).collect();
        assert_eq!(names.len(), all().count());
        assert!(names.len() >= 40, "{}", names.len());
    }

    /// The Users API has neither unions nor `nullable`, and all its bodies are required: a few mutations
    /// need goldens.
    #[test]
    fn every_kind_changes_something() {
        let users = tree("spec/users-api.yaml");
        let others = [
            "unions",
            "outcomes",
            "parameters",
            "objects",
            "values",
            "all_of",
            "bodies",
        ];
        let others = others.map(|name| tree(&format!("tests/golden/{name}/spec.yaml")));
        let (here, elsewhere): (Vec<&Mutation>, Vec<&Mutation>) =
            all().partition(|mutation| changes_something(mutation, &users));
        assert!(here.len() >= 80, "{}", here.len());
        let is_nowhere =
            |mutation: &&&Mutation| !others.iter().any(|root| changes_something(mutation, root));
        let nowhere: Vec<&str> = elsewhere
            .iter()
            .filter(is_nowhere)
            .map(|one| one.name)
            .collect();
        assert!(nowhere.is_empty(), "{nowhere:?}");
    }

    #[test]
    fn members_are_renamed_in_their_place() {
        let mut node = serde_json::json!({"a": 1, "b": 2, "c": 3});
        let map = node.as_object_mut().unwrap();
        assert_eq!(rename(map, "b", "c"), None);
        assert_eq!(rename(map, "b", "d"), Some(()));
        assert_eq!(node.to_string(), r#"{"a":1,"d":2,"c":3}"#);
    }
}
