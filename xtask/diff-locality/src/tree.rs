//! The description as a tree, with searches for nodes to edit.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

/// A description that can be edited.
#[derive(Clone, Debug)]
pub struct Tree {
    /// Its root.
    pub root: Value,
    /// The text of the configuration. An edit must not remove an item that an entry refers to.
    config: String,
}

/// A property, for searches.
pub(super) struct PropertyView<'a> {
    pub(super) schema: &'a str,
    pub(super) name: &'a str,
    pub(super) value: &'a Value,
    parent: &'a Value,
}

/// The location of a property.
pub(super) struct Property {
    pub(super) schema: String,
    pub(super) name: String,
}

/// An operation, for searches.
pub(super) struct OperationView<'a> {
    pub(super) path: &'a str,
    pub(super) id: &'a str,
    pub(super) value: &'a Value,
    /// Number of operations of its path.
    pub(super) siblings: usize,
}

/// The location of an operation.
#[derive(Clone)]
pub(super) struct Operation {
    pub(super) path: String,
    pub(super) method: String,
    pub(super) id: String,
    pub(super) tag: String,
}

impl Tree {
    /// A tree with its configuration.
    pub fn new(root: Value, config: String) -> Self {
        Self { root, config }
    }

    pub(super) fn config(&self) -> &str {
        &self.config
    }

    /// Whether the configuration names something, alone or as the last part of a name.
    pub(super) fn is_configured(&self, name: &str) -> bool {
        let ends = ["\"", "]"];
        ends.iter()
            .any(|end| self.config.contains(&format!("{name}{end}")))
    }

    /// The map at a pointer.
    pub(super) fn map(&mut self, at: &str) -> Option<&mut Map<String, Value>> {
        self.root.pointer_mut(at)?.as_object_mut()
    }

    /// The list at a pointer.
    pub(super) fn list(&mut self, at: &str) -> Option<&mut Vec<Value>> {
        self.root.pointer_mut(at)?.as_array_mut()
    }

    /// Sets a member of the map at a pointer.
    pub(super) fn set(&mut self, at: &str, name: &str, value: impl Into<Value>) -> Option<()> {
        self.map(at)?.insert(name.to_owned(), value.into());
        Some(())
    }

    /// Removes a member of the map at a pointer; `None` if it does not exist.
    pub(super) fn take(&mut self, at: &str, name: &str) -> Option<Value> {
        self.map(at)?.shift_remove(name)
    }

    /// The first schema that satisfies a condition.
    pub(super) fn schema(&self, fits: impl Fn(&str, &Value) -> bool) -> Option<String> {
        let schemas = self.root.pointer("/components/schemas")?.as_object()?;
        let mut all = schemas.iter();
        all.find(|(name, schema)| fits(name, schema))
            .map(|(name, _)| name.clone())
    }

    /// The first property of a component that satisfies a condition. Bodies of PATCH requests are
    /// skipped, because their properties have additional setters for null.
    pub(super) fn property(&self, fits: impl Fn(&PropertyView<'_>) -> bool) -> Option<Property> {
        let patched = self.patched();
        let schemas = self.root.pointer("/components/schemas")?.as_object()?;
        for (schema, parent) in schemas {
            let properties = parent.get("properties").and_then(Value::as_object);
            for (name, value) in properties.into_iter().flatten() {
                let view = PropertyView {
                    schema,
                    name,
                    value,
                    parent,
                };
                let is_free = !patched.contains(schema) && !self.is_configured(name);
                if is_free && fits(&view) {
                    return Some(Property {
                        schema: schema.clone(),
                        name: name.clone(),
                    });
                }
            }
        }
        None
    }

    /// The first operation that satisfies a condition.
    pub(super) fn operation(&self, fits: impl Fn(&OperationView<'_>) -> bool) -> Option<Operation> {
        self.operations().find_map(|(operation, siblings, value)| {
            let view = OperationView {
                path: &operation.path,
                id: &operation.id,
                value,
                siblings,
            };
            fits(&view).then(|| operation.clone())
        })
    }

    /// All operations with their nodes.
    pub(super) fn operations(&self) -> impl Iterator<Item = (Operation, usize, &Value)> {
        let paths = self.root.get("paths").and_then(Value::as_object);
        paths.into_iter().flatten().flat_map(|(path, item)| {
            let item = item.as_object();
            let siblings = item.map_or(0, Map::len);
            item.into_iter()
                .flatten()
                .filter_map(move |(method, value)| {
                    let operation = Operation {
                        path: path.clone(),
                        method: method.clone(),
                        id: value.get("operationId")?.as_str()?.to_owned(),
                        tag: value.pointer("/tags/0")?.as_str()?.to_owned(),
                    };
                    Some((operation, siblings, value))
                })
        })
    }

    /// The number of references to each component.
    pub(super) fn references(&self) -> BTreeMap<&str, usize> {
        fn count<'a>(value: &'a Value, counts: &mut BTreeMap<&'a str, usize>) {
            match value {
                Value::Object(members) => {
                    if let Some(reference) = members.get("$ref").and_then(Value::as_str) {
                        *counts.entry(reference).or_default() += 1;
                    }
                    members.values().for_each(|value| count(value, counts));
                }
                Value::Array(items) => items.iter().for_each(|item| count(item, counts)),
                _ => {}
            }
        }
        let mut counts = BTreeMap::new();
        count(&self.root, &mut counts);
        counts
    }

    /// Redirects all references from one component to another.
    pub(super) fn redirect(&mut self, from: &str, to: &str) {
        fn walk(value: &mut Value, from: &str, to: &str) {
            match value {
                Value::Object(members) => {
                    for (name, value) in members.iter_mut() {
                        match value {
                            Value::String(text) if name == "$ref" && text == from => {
                                *text = to.to_owned();
                            }
                            other => walk(other, from, to),
                        }
                    }
                }
                Value::Array(items) => items.iter_mut().for_each(|item| walk(item, from, to)),
                _ => {}
            }
        }
        walk(&mut self.root, from, to);
    }

    /// The schemas of PATCH requests.
    fn patched(&self) -> Vec<String> {
        let patches = self.operations();
        let patches = patches.filter(|(operation, ..)| operation.method == "patch");
        let content = "/requestBody/content/application~1json/schema";
        let names = patches.filter_map(|(_, _, value)| {
            let schema = value.pointer(content)?;
            let schema = schema.get("items").unwrap_or(schema);
            let reference = schema.get("$ref")?.as_str()?;
            Some(reference.rsplit('/').next()?.to_owned())
        });
        names.collect()
    }
}

impl PropertyView<'_> {
    /// Whether it is required.
    pub(super) fn is_required(&self) -> bool {
        required(self.parent).any(|name| name == self.name)
    }

    /// The number of required properties of its schema.
    pub(super) fn required(&self) -> usize {
        required(self.parent).count()
    }

    /// The number of other properties of its schema.
    pub(super) fn siblings(&self) -> usize {
        let properties = self.parent.get("properties").and_then(Value::as_object);
        properties.map_or(0, |properties| properties.len().saturating_sub(1))
    }

    /// Whether it is a plain string that callers may set, with a description of one line, and no
    /// other property has a name with the same prefix.
    pub(super) fn is_plain_text(&self) -> bool {
        self.is_plain("string") && self.value.get("format").is_none()
    }

    /// Like [`is_plain_text`](Self::is_plain_text), for any type.
    pub(super) fn is_plain(&self, ty: &str) -> bool {
        let described = self.value.get("description").and_then(Value::as_str);
        let odd = [
            "enum",
            "readOnly",
            "nullable",
            "default",
            "writeOnly",
            "deprecated",
        ];
        let properties = self.parent.get("properties").and_then(Value::as_object);
        let mut names = properties.into_iter().flat_map(Map::keys);
        self.value["type"] == ty
            && odd.iter().all(|key| self.value.get(key).is_none())
            && described.is_some_and(|text| text.len() < 70)
            && !names.any(|name| name != self.name && name.starts_with(self.name))
    }
}

/// The names a schema requires.
pub(super) fn required(schema: &Value) -> impl Iterator<Item = &str> {
    let listed = schema.get("required").and_then(Value::as_array);
    listed.into_iter().flatten().filter_map(Value::as_str)
}

impl Property {
    /// The pointer to its schema.
    pub(super) fn parent(&self) -> String {
        schema_at(&self.schema)
    }

    /// The pointer to it.
    pub(super) fn at(&self) -> String {
        format!("{}/properties/{}", self.parent(), self.name)
    }
}

impl OperationView<'_> {
    /// Its inline parameters.
    pub(super) fn parameters(&self) -> impl Iterator<Item = &Value> {
        let listed = self.value.get("parameters").and_then(Value::as_array);
        listed.into_iter().flatten()
    }

    /// Whether it has an optional inline parameter that is a plain string.
    pub(super) fn has_optional_text(&self) -> bool {
        self.parameters().any(is_optional_text)
    }
}

/// Whether a parameter is optional and a plain string.
pub(super) fn is_optional_text(parameter: &Value) -> bool {
    parameter.get("required").is_none()
        && parameter["in"] == "query"
        && parameter["schema"]["type"] == "string"
        && parameter["schema"].get("enum").is_none()
        && parameter["schema"].get("format").is_none()
}

impl Operation {
    /// The pointer to it.
    pub(super) fn at(&self) -> String {
        format!("{}/{}", path_at(&self.path), self.method)
    }
}

/// The pointer to a schema.
pub(super) fn schema_at(name: &str) -> String {
    format!("/components/schemas/{name}")
}

/// The reference to a schema.
pub(super) fn schema_reference(name: &str) -> String {
    format!("#{}", schema_at(name))
}

/// The pointer to a path item.
pub(super) fn path_at(path: &str) -> String {
    format!("/paths/{}", path.replace('~', "~0").replace('/', "~1"))
}
