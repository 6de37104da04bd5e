//! Parts of a description that sdkgen does not generate: callbacks, webhooks, links, headers of form
//! parts. They are not read but digested, so that `diff` can report that they changed.

use std::{collections::BTreeMap, fmt::Write as _};

use serde_json::Value;

use super::{
    cursor::Cursor,
    dialect::Dialect,
    node_path::{holds_names, is_data},
    reader::Reader,
};
use crate::{openapi::Pointer, output};

/// Digests of ignored parts, by the node of the result that would hold them, and by name.
#[derive(Debug, Default)]
pub(crate) struct IgnoredParts(BTreeMap<Pointer, BTreeMap<String, PartDigest>>);

/// A digest of an ignored part.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct PartDigest {
    dialect: Dialect,
    /// The hash of everything but descriptions and examples, whatever the order of maps.
    hash: String,
}

impl IgnoredParts {
    /// The ignored parts at a node, by name.
    pub(crate) fn at(&self, holder: &Pointer) -> impl Iterator<Item = (&str, &PartDigest)> {
        let named = self.0.get(holder).into_iter().flatten();
        named.map(|(name, digest)| (name.as_str(), digest))
    }
}

impl PartDigest {
    /// Whether the parts differ. Parts of two dialects cannot be compared without reading them, so
    /// that they count as equal.
    pub(crate) fn differs(&self, other: &Self) -> bool {
        self.dialect == other.dialect && self.hash != other.hash
    }
}

impl<'a> Reader<'a, '_> {
    /// Digests the members of this node.
    pub(super) fn pass_over(&mut self, at: &Cursor<'_, 'a>, value: &'a Value) {
        let Value::Object(members) = value else {
            return;
        };
        let holder = at.target();
        let mut all = BTreeMap::new();
        for (name, value) in members {
            let (file, node) = self.resolved(at, value);
            let mut text = String::new();
            write(node, Members::Keywords, &mut text);
            let digest = PartDigest {
                dialect: self.links.dialect(file),
                hash: output::hash(text),
            };
            all.insert(name.clone(), digest);
        }
        self.ignored.0.insert(holder, all);
    }

    /// A node, or the target if it is a reference, and its file.
    fn resolved(&mut self, at: &Cursor<'_, 'a>, value: &'a Value) -> (usize, &'a Value) {
        let file = at.file();
        let reference = value.get("$ref").and_then(Value::as_str);
        let target = reference.and_then(|reference| self.links.peek(file, reference));
        target.unwrap_or((file, value))
    }
}

/// The kind of the members of a node.
#[derive(Clone, Copy)]
enum Members {
    /// Keywords.
    Keywords,
    /// Parts under names that the author chose.
    Names,
    /// Data, which is not looked into.
    Data,
}

/// Writes a node with its members sorted, without keywords that only document it.
fn write(node: &Value, kind: Members, text: &mut String) {
    match node {
        Value::Object(members) => {
            let mut members: Vec<_> = members.iter().collect();
            members.sort_unstable_by_key(|(key, _)| *key);
            text.push('{');
            for (key, value) in members {
                let below = match kind {
                    Members::Keywords if is_documentation(key) => continue,
                    Members::Keywords if holds_names(key) => Members::Names,
                    Members::Keywords if is_data(key) => Members::Data,
                    Members::Keywords | Members::Names => Members::Keywords,
                    Members::Data => Members::Data,
                };
                // Writing to a text does not fail.
                let _ = write!(text, "{key:?}:");
                write(value, below, text);
                text.push(',');
            }
            text.push('}');
        }
        Value::Array(items) => {
            text.push('[');
            for item in items {
                write(item, kind, text);
                text.push(',');
            }
            text.push(']');
        }
        other => {
            let _ = write!(text, "{other}");
        }
    }
}

fn is_documentation(key: &str) -> bool {
    matches!(
        key,
        "description" | "summary" | "title" | "example" | "examples" | "externalDocs"
    )
}
