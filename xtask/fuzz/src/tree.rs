//! Nodes of a document: their paths and their roles in OpenAPI.

use serde_json::Value;

/// A step from a node to a child.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// A key of an object.
    Key(String),
    /// An index of an array.
    Index(usize),
}

/// The steps from the root to a node.
pub type Path = Vec<Step>;

/// The role of a node, which follows from the keys above it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// A schema.
    Schema,
    /// An operation.
    Operation,
    /// The operations of one path.
    PathItem,
    /// A parameter.
    Parameter,
    /// A request body.
    RequestBody,
    /// A response.
    Response,
    /// A response header.
    Header,
    /// The content of one media type.
    MediaType,
    /// A security scheme.
    SecurityScheme,
    /// Anything else.
    Other,
}

/// The methods that a path item can have.
pub const METHODS: &[&str] = &[
    "get", "put", "post", "delete", "options", "head", "patch", "trace", "query",
];

/// The keywords whose value is one schema.
const ONE_SCHEMA: &[&str] = &[
    "schema",
    "items",
    "additionalProperties",
    "not",
    "contains",
    "propertyNames",
    "if",
    "then",
    "else",
    "unevaluatedProperties",
    "itemSchema",
];

/// The keywords whose value contains schemas, by name or in a list.
const MANY_SCHEMAS: &[&str] = &[
    "properties",
    "patternProperties",
    "schemas",
    "definitions",
    "$defs",
    "allOf",
    "oneOf",
    "anyOf",
    "prefixItems",
    "dependentSchemas",
];

/// The roles of the members of a section.
const SECTIONS: &[(&str, Role)] = &[
    ("parameters", Role::Parameter),
    ("responses", Role::Response),
    ("headers", Role::Header),
    ("content", Role::MediaType),
    ("requestBodies", Role::RequestBody),
    ("securitySchemes", Role::SecurityScheme),
    ("securityDefinitions", Role::SecurityScheme),
    ("paths", Role::PathItem),
    ("webhooks", Role::PathItem),
    ("pathItems", Role::PathItem),
];

fn role(parent: Option<&Step>, own: Option<&Step>) -> Role {
    let key = |step: Option<&Step>| match step {
        Some(Step::Key(key)) => Some(key.clone()),
        _ => None,
    };
    let (above, own) = (key(parent), key(own));
    if let Some(above) = above.as_deref() {
        if MANY_SCHEMAS.contains(&above) {
            return Role::Schema;
        }
        if let Some((_, role)) = SECTIONS.iter().find(|(name, _)| *name == above) {
            return *role;
        }
    }
    match own.as_deref() {
        Some(own) if ONE_SCHEMA.contains(&own) => Role::Schema,
        Some(own) if METHODS.contains(&own) => Role::Operation,
        Some("requestBody") => Role::RequestBody,
        _ => Role::Other,
    }
}

/// Every node below the root and the root itself, parents before children.
pub fn nodes(root: &Value) -> Vec<(Path, Role)> {
    let mut found = Vec::new();
    let mut waiting = vec![Vec::new()];
    while let Some(path) = waiting.pop() {
        let Some(value) = get(root, &path) else {
            continue;
        };
        let steps: Vec<Step> = match value {
            Value::Object(members) => members.keys().cloned().map(Step::Key).collect(),
            Value::Array(items) => (0..items.len()).map(Step::Index).collect(),
            _ => Vec::new(),
        };
        for step in steps.into_iter().rev() {
            let mut child: Path = path.clone();
            child.push(step);
            waiting.push(child);
        }
        let parent = path.len().checked_sub(2).and_then(|at| path.get(at));
        let role = role(parent, path.last());
        found.push((path, role));
    }
    found
}

/// The objects with a role.
pub fn with_role(root: &Value, wanted: Role) -> Vec<Path> {
    let nodes = nodes(root).into_iter();
    nodes
        .filter(|(path, role)| *role == wanted && get(root, path).is_some_and(Value::is_object))
        .map(|(path, _)| path)
        .collect()
}

/// The node at a path.
pub fn get<'a>(root: &'a Value, path: &[Step]) -> Option<&'a Value> {
    path.iter().try_fold(root, |node, step| match step {
        Step::Key(key) => node.get(key),
        Step::Index(index) => node.get(index),
    })
}

/// The node at a path, to be changed.
pub fn get_mut<'a>(root: &'a mut Value, path: &[Step]) -> Option<&'a mut Value> {
    path.iter().try_fold(root, |node, step| match step {
        Step::Key(key) => node.get_mut(key),
        Step::Index(index) => node.get_mut(index),
    })
}

/// Removes the node at a path, and returns whether it was there.
pub fn remove(root: &mut Value, path: &[Step]) -> bool {
    let Some((last, above)) = path.split_last() else {
        return false;
    };
    match (get_mut(root, above), last) {
        (Some(Value::Object(members)), Step::Key(key)) => members.shift_remove(key).is_some(),
        (Some(Value::Array(items)), Step::Index(index)) if *index < items.len() => {
            items.remove(*index);
            true
        }
        _ => false,
    }
}

/// The path as a reference within the document: `#/components/schemas/User`.
pub fn reference(path: &[Step]) -> String {
    let mut text = "#".to_owned();
    for step in path {
        text.push('/');
        match step {
            Step::Key(key) => text.push_str(&key.replace('~', "~0").replace('/', "~1")),
            Step::Index(index) => text.push_str(&index.to_string()),
        }
    }
    text
}

/// The nesting depth of arrays and objects.
pub fn depth(value: &Value) -> usize {
    let mut deepest = 0;
    let mut waiting = vec![(value, 0)];
    while let Some((value, depth)) = waiting.pop() {
        deepest = deepest.max(depth);
        match value {
            Value::Object(members) => waiting.extend(members.values().map(|one| (one, depth + 1))),
            Value::Array(items) => waiting.extend(items.iter().map(|one| (one, depth + 1))),
            _ => {}
        }
    }
    deepest
}

/// The number of nodes.
pub fn size(value: &Value) -> usize {
    let mut count = 0;
    let mut waiting = vec![value];
    while let Some(value) = waiting.pop() {
        count += 1;
        match value {
            Value::Object(members) => waiting.extend(members.values()),
            Value::Array(items) => waiting.extend(items),
            _ => {}
        }
    }
    count
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn nodes_have_the_roles_that_their_keys_say() {
        let document = json!({
            "paths": {"/a": {"get": {
                "parameters": [{"name": "q", "schema": {"items": {}}}],
                "responses": {"200": {"content": {"a/b": {"schema": {}}}, "headers": {"X": {}}}}
            }}},
            "components": {"schemas": {"get": {"properties": {"p": {}}}}}
        });
        let count = |role| with_role(&document, role).len();
        assert_eq!(count(Role::PathItem), 1);
        assert_eq!(count(Role::Operation), 1);
        assert_eq!(count(Role::Parameter), 1);
        assert_eq!(count(Role::Schema), 5);
        assert_eq!(count(Role::Header), 1);
        assert_eq!(count(Role::MediaType), 1);
        assert_eq!(nodes(&document).len(), size(&document));
    }

    #[test]
    fn a_removed_node_is_gone() {
        let mut document = json!({"a": [1, {"b/~": 2}]});
        let (path, _) = nodes(&document).pop().unwrap();
        assert_eq!(reference(&path), "#/a/1/b~1~0");
        assert!(remove(&mut document, &path));
        assert!(!remove(&mut document, &path));
        assert_eq!(document, json!({"a": [1, {}]}));
    }
}
