//! Paths to nodes in the files. Their steps borrow from the trees, so that walking allocates no strings.

use serde_json::{Map, Value};

use crate::openapi::{ComponentKind, Pointer, reference::escape};

/// One step into a mapping or a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Step<'a> {
    /// The member of that name.
    Key(&'a str),
    /// The item at that index.
    Index(usize),
}

impl Step<'_> {
    fn text(self) -> String {
        match self {
            Self::Key(key) => key.to_owned(),
            Self::Index(index) => index.to_string(),
        }
    }
}

/// A node of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct NodePath<'a> {
    /// The file, counted from 0.
    pub(super) file: usize,
    /// The steps from its root.
    pub(super) steps: Vec<Step<'a>>,
}

impl<'a> NodePath<'a> {
    /// The pointer into the file.
    pub(super) fn pointer(&self) -> Pointer {
        extend(Pointer::of_source(self.file), &self.steps)
    }

    /// The keys of the path; `None` for each index.
    pub(super) fn keys(&self) -> Vec<Option<&'a str>> {
        let key = |step: &Step<'a>| match step {
            Step::Key(key) => Some(*key),
            Step::Index(_) => None,
        };
        self.steps.iter().map(key).collect()
    }
}

impl<'a> From<&'a str> for Step<'a> {
    fn from(key: &'a str) -> Self {
        Self::Key(key)
    }
}

impl<'a> From<&'a String> for Step<'a> {
    fn from(key: &'a String) -> Self {
        Self::Key(key)
    }
}

impl From<usize> for Step<'_> {
    fn from(index: usize) -> Self {
        Self::Index(index)
    }
}

/// Appends steps to a pointer.
pub(super) fn extend(mut pointer: Pointer, steps: &[Step<'_>]) -> Pointer {
    for step in steps {
        pointer.push(step.text());
    }
    pointer
}

/// The node at a pointer, with the steps to it.
pub(super) fn lookup<'a>(root: &'a Value, pointer: &Pointer) -> Option<(Vec<Step<'a>>, &'a Value)> {
    let mut steps = Vec::new();
    let mut node = root;
    for token in pointer.tokens() {
        let (step, next) = match node {
            Value::Object(members) => {
                let (key, member) = members.get_key_value(token)?;
                (Step::Key(key.as_str()), member)
            }
            Value::Array(items) => {
                let index = token.parse().ok()?;
                (Step::Index(index), items.get(index)?)
            }
            _ => return None,
        };
        steps.push(step);
        node = next;
    }
    Some((steps, node))
}

/// The reference to a component.
pub(super) fn reference(kind: ComponentKind, name: &str) -> String {
    format!("#/components/{}/{}", kind.section(), escape(name))
}

/// Receives the path to an object, and its members.
type Visit<'v, 'a> = dyn FnMut(&[Step<'a>], &'a Map<String, Value>) + 'v;

/// Visits every object of a file that may be a reference: neither data, such as examples, nor objects
/// whose keys are names that the author chose.
pub(super) fn scan<'a>(root: &'a Value, visit: &mut Visit<'_, 'a>) {
    scan_node(root, &mut Vec::new(), false, visit);
}

fn scan_node<'a>(
    node: &'a Value,
    steps: &mut Vec<Step<'a>>,
    named: bool,
    visit: &mut Visit<'_, 'a>,
) {
    match node {
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                if item.is_object() || item.is_array() {
                    steps.push(Step::Index(index));
                    scan_node(item, steps, false, visit);
                    steps.pop();
                }
            }
        }
        Value::Object(members) => {
            if !named {
                visit(steps, members);
            }
            for (key, member) in members {
                let is_tree = member.is_object() || member.is_array();
                if is_tree && (named || !is_data(key)) {
                    steps.push(Step::Key(key));
                    scan_node(member, steps, !named && holds_names(key), visit);
                    steps.pop();
                }
            }
        }
        _ => {}
    }
}

/// Whether the value of a keyword is data, in which nothing is a keyword.
pub(super) fn is_data(key: &str) -> bool {
    matches!(key, "example" | "examples" | "default" | "enum" | "const") || key.starts_with("x-")
}

/// Whether the keys in the value of a keyword are names that the author chose.
pub(super) fn holds_names(key: &str) -> bool {
    matches!(
        key,
        "properties"
            | "patternProperties"
            | "dependentSchemas"
            | "$defs"
            | "definitions"
            | "schemas"
            | "parameters"
            | "responses"
            | "requestBodies"
            | "headers"
            | "securitySchemes"
            | "securityDefinitions"
            | "pathItems"
            | "links"
            | "callbacks"
            | "paths"
            | "webhooks"
            | "content"
            | "mapping"
            | "variables"
            | "encoding"
            | "scopes"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_and_properties_called_ref_are_not_shown() {
        let text = "properties: {$ref: {$ref: a}, example: {$ref: b}}\nexample: {$ref: c}\nx-y: {$ref: d}\nparameters: [{$ref: e}]\n";
        let root: Value = serde_yaml::from_str(text).unwrap();
        let mut found = Vec::new();
        scan(&root, &mut |steps, members| {
            if let Some(Value::String(reference)) = members.get("$ref") {
                found.push((steps.len(), reference.as_str()));
            }
        });
        assert_eq!(found, [(2, "a"), (2, "b"), (2, "e")]);
    }
}
