//! What a description says of things that no SDK is made of: callbacks, webhooks, links, headers of
//! the parts of a form. They are not read; that they changed can be told all the same.

use std::{collections::BTreeMap, fmt::Write as _};

use serde_json::Value;

use super::{
    cursor::Cursor,
    dialect::Dialect,
    node_path::{holds_names, is_data},
    reader::Reader,
};
use crate::{openapi::Pointer, output};

/// What was passed over, by the node of the normalized description that it would have been, and by
/// its name there.
#[derive(Debug, Default)]
pub(crate) struct IgnoredParts(BTreeMap<Pointer, BTreeMap<String, PartDigest>>);

/// What one of them says.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct PartDigest {
    dialect: Dialect,
    /// The hash of all but texts for people and examples, without regard to the order of maps.
    hash: String,
}

impl IgnoredParts {
    /// What was passed over at a node, by name.
    pub(crate) fn at(&self, holder: &Pointer) -> impl Iterator<Item = (&str, &PartDigest)> {
        let named = self.0.get(holder).into_iter().flatten();
        named.map(|(name, said)| (name.as_str(), said))
    }
}

impl PartDigest {
    /// Whether it says something else. Two dialects say the same in different words, which would
    /// have to be read to know.
    pub(crate) fn differs(&self, other: &Self) -> bool {
        self.dialect == other.dialect && self.hash != other.hash
    }
}

impl<'a> Reader<'a, '_> {
    /// Keeps what the members of this node say.
    pub(super) fn pass_over(&mut self, at: &Cursor<'_, 'a>, value: &'a Value) {
        let Value::Object(members) = value else {
            return;
        };
        let holder = at.target();
        let mut all = BTreeMap::new();
        for (name, value) in members {
            let (file, node) = self.meant_by(at, value);
            let mut text = String::new();
            write(node, Members::Keywords, &mut text);
            let said = PartDigest {
                dialect: self.links.dialect(file),
                hash: output::hash(text),
            };
            all.insert(name.clone(), said);
        }
        self.ignored.0.insert(holder, all);
    }

    /// What a node is, or what it refers to, and the file that stands in.
    fn meant_by(&mut self, at: &Cursor<'_, 'a>, value: &'a Value) -> (usize, &'a Value) {
        let file = at.file();
        let reference = value.get("$ref").and_then(Value::as_str);
        let target = reference.and_then(|reference| self.links.peek(file, reference));
        target.unwrap_or((file, value))
    }
}

/// What the members of a node are.
#[derive(Clone, Copy)]
enum Members {
    /// Keywords.
    Keywords,
    /// What the author has named, whatever the names are.
    Names,
    /// Data, which is not looked into.
    Data,
}

/// Writes a node with its members sorted, without what is for people alone.
fn write(node: &Value, kind: Members, text: &mut String) {
    match node {
        Value::Object(members) => {
            let mut members: Vec<_> = members.iter().collect();
            members.sort_unstable_by_key(|(key, _)| *key);
            text.push('{');
            for (key, value) in members {
                let below = match kind {
                    Members::Keywords if is_for_people(key) => continue,
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

fn is_for_people(key: &str) -> bool {
    matches!(
        key,
        "description" | "summary" | "title" | "example" | "examples" | "externalDocs"
    )
}
