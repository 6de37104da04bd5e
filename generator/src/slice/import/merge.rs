//! Computes the edits that make one description equal to another, except for texts.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use super::edit::{Edit, Position, find};
use crate::{
    openapi::{ComponentKind, Pointer, reference::component_name},
    slice::shape::{Kind, Members, Shape, each_object, rank, shape_of},
};

/// The edits, and what they do.
#[derive(Debug, Default)]
pub(super) struct Merge {
    /// The edits; none is inside another.
    pub(super) edits: Vec<Edit>,
    /// What each edit does, for the report.
    pub(super) done: Vec<(Pointer, What)>,
    /// New nodes whose texts were left out.
    pub(super) wordless: Vec<Pointer>,
    at: Pointer,
}

/// What happens to a node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// It is new.
    Added,
    /// It is removed.
    Removed,
    /// It has another value. The text shows both if they are short, and is empty otherwise.
    Changed(String),
}

/// Computes the edits of `ours`, and returns the tree that they result in.
pub(super) fn merge(ours: &Value, theirs: &Value) -> (Value, Merge) {
    let mut merge = Merge::default();
    let trees = Trees { ours, theirs };
    let merged = merge.object(&trees, ours, theirs, Kind::Document);
    (merged, merge)
}

struct Trees<'v> {
    ours: &'v Value,
    theirs: &'v Value,
}

impl Merge {
    fn object(&mut self, trees: &Trees<'_>, ours: &Value, theirs: &Value, kind: Kind) -> Value {
        let fitted = fitted(ours, theirs, kind);
        let theirs = fitted.as_ref().unwrap_or(theirs);
        if ours == theirs {
            return ours.clone();
        }
        let (Value::Object(own), Value::Object(new)) = (ours, theirs) else {
            let new = self.stripped(theirs, kind);
            return self.replace(ours, new);
        };
        match (own.get("$ref"), new.get("$ref")) {
            (Some(_), Some(reference)) => {
                self.within("$ref", |merge| {
                    merge.replace(&own["$ref"], reference.clone())
                });
                return theirs.clone();
            }
            (None, None) => {}
            _ => {
                let mut new = self.stripped(theirs, kind);
                let described = resolved(trees.ours, ours);
                let text = described.get("description").cloned();
                if let (Some(text), Some(new)) = (text, new.as_object_mut())
                    && !new.contains_key("$ref")
                {
                    new.insert("description".to_owned(), text);
                    self.wordless.pop_if(|last| *last == self.at);
                }
                return self.replace(ours, new);
            }
        }
        let mut merged = Map::new();
        for (key, value) in own {
            let shape = shape_of(kind, key);
            if shape == Shape::Text {
                merged.insert(key.clone(), value.clone());
            } else if let Some(new) = new.get(key) {
                self.at.push(key.clone());
                let member = self.member(trees, value, new, shape);
                self.at.pop();
                merged.insert(key.clone(), member);
            } else {
                self.remove(key);
            }
        }
        for (key, value) in new {
            let shape = shape_of(kind, key);
            if own.contains_key(key) || shape == Shape::Text {
                continue;
            }
            let value = self.within(key, |merge| merge.stripped_member(value, shape));
            let before = own
                .keys()
                .filter(|known| rank(kind, known) <= rank(kind, key));
            let after = before.max_by_key(|known| rank(kind, known)).cloned();
            self.insert(key, &value, Position::After(after));
            merged.insert(key.clone(), value);
        }
        Value::Object(merged)
    }

    fn member(&mut self, trees: &Trees<'_>, ours: &Value, theirs: &Value, shape: Shape) -> Value {
        match (shape, ours, theirs) {
            (Shape::One(kind), ..) => self.object(trees, ours, theirs, kind),
            (Shape::List(kind), Value::Array(own), Value::Array(new)) => {
                self.list(trees, own, new, kind)
            }
            (Shape::Map(kind) | Shape::Ranked(kind), Value::Object(own), Value::Object(new)) => {
                self.named(trees, own, new, shape, kind)
            }
            _ => self.value(ours, theirs),
        }
    }

    /// Merges maps of objects by name.
    fn named(
        &mut self,
        trees: &Trees<'_>,
        own: &Members,
        new: &Members,
        shape: Shape,
        kind: Kind,
    ) -> Value {
        if !own.is_empty() && new.is_empty() || own.is_empty() && !new.is_empty() {
            let new = Value::Object(new.clone());
            let new = self.stripped_member(&new, shape);
            return self.replace(&Value::Object(own.clone()), new);
        }
        let mut merged = Map::new();
        for (name, value) in own {
            match new.get(name) {
                Some(new) => {
                    self.at.push(name.clone());
                    let member = self.object(trees, value, new, kind);
                    self.at.pop();
                    merged.insert(name.clone(), member);
                }
                None => self.remove(name),
            }
        }
        for (name, value) in new.iter().filter(|(name, _)| !own.contains_key(*name)) {
            let value = self.within(name, |merge| merge.stripped(value, kind));
            self.insert(name, &value, Position::Sorted);
            merged.insert(name.clone(), value);
        }
        Value::Object(merged)
    }

    /// Merges lists of objects, whose items are matched by [`keys`].
    fn list(&mut self, trees: &Trees<'_>, own: &[Value], new: &[Value], kind: Kind) -> Value {
        let own_keys = keys(trees.ours, own, kind);
        let new_keys = keys(trees.theirs, new, kind);
        let by_key = |keys: &[String]| -> HashMap<String, usize> {
            let indexed = keys.iter().enumerate();
            indexed.map(|(index, key)| (key.clone(), index)).collect()
        };
        let (known, wanted) = (by_key(&own_keys), by_key(&new_keys));
        let is_kept = |index: usize| wanted.contains_key(&own_keys[index]);
        if !(0..own.len()).any(is_kept) {
            let shape = Shape::List(kind);
            let new = self.stripped_member(&Value::Array(new.to_vec()), shape);
            return self.replace(&Value::Array(own.to_vec()), new);
        }
        let mut merged = Vec::new();
        for (index, value) in own.iter().enumerate() {
            let step = index.to_string();
            match wanted.get(&own_keys[index]) {
                Some(new_index) => {
                    self.at.push(step);
                    merged.push(self.object(trees, value, &new[*new_index], kind));
                    self.at.pop();
                }
                None => self.remove(&step),
            }
        }
        let mut after = None;
        for (index, value) in new.iter().enumerate() {
            if let Some(own) = known.get(&new_keys[index]) {
                after = after.max(Some(*own));
                continue;
            }
            let step = merged.len().to_string();
            let value = self.within(&step, |merge| merge.stripped(value, kind));
            let at = self.at.clone();
            self.done
                .push((at.join(new_keys[index].as_str()), What::Added));
            self.edits.push(Edit::InsertItem(at, after, value.clone()));
            merged.push(value);
        }
        Value::Array(merged)
    }

    /// Merges values that are not objects of OpenAPI.
    fn value(&mut self, ours: &Value, theirs: &Value) -> Value {
        let is_same_number = ours.as_f64().is_some() && ours.as_f64() == theirs.as_f64();
        if ours == theirs || is_same_number {
            return ours.clone();
        }
        match (ours, theirs) {
            (Value::Object(own), Value::Object(new)) if !own.is_empty() && !new.is_empty() => {
                let mut merged = Map::new();
                for (key, value) in own {
                    match new.get(key) {
                        Some(new) => {
                            let value = self.within(key, |merge| merge.value(value, new));
                            merged.insert(key.clone(), value);
                        }
                        None => self.remove(key),
                    }
                }
                for (key, value) in new.iter().filter(|(key, _)| !own.contains_key(*key)) {
                    self.insert(key, value, Position::Sorted);
                    merged.insert(key.clone(), value.clone());
                }
                Value::Object(merged)
            }
            (Value::Array(own), Value::Array(new)) if is_scalars(own) && is_scalars(new) => {
                self.scalars(own, new)
            }
            _ => self.replace(ours, theirs.clone()),
        }
    }

    /// Merges lists of scalars; the order of ours is kept.
    fn scalars(&mut self, own: &[Value], new: &[Value]) -> Value {
        let index_of = |list: &[Value]| -> HashMap<String, usize> {
            let indexed = list.iter().enumerate();
            indexed.map(|(at, item)| (item.to_string(), at)).collect()
        };
        let (known, wanted) = (index_of(own), index_of(new));
        let kept: Vec<usize> = (0..own.len())
            .filter(|at| wanted.contains_key(&own[*at].to_string()))
            .collect();
        if kept.is_empty() {
            return self.replace(&Value::Array(own.to_vec()), Value::Array(new.to_vec()));
        }
        for (at, item) in own.iter().enumerate() {
            if !wanted.contains_key(&item.to_string()) {
                let at = self.at.join(at.to_string());
                self.done.push((self.at.join(plain(item)), What::Removed));
                self.edits.push(Edit::Remove(at));
            }
        }
        let text = |at: &usize| own[*at].as_str();
        let is_sorted = own.len() > 2 && (0..own.len()).map(|at| text(&at)).is_sorted();
        let mut merged: Vec<Value> = kept.iter().map(|at| own[*at].clone()).collect();
        let mut before = None;
        for item in new {
            if let Some(at) = known.get(&item.to_string()) {
                before = Some(*at);
                continue;
            }
            let after = match is_sorted {
                true => kept.iter().copied().rfind(|at| text(at) < item.as_str()),
                false => before,
            };
            self.done.push((self.at.join(plain(item)), What::Added));
            let edit = Edit::InsertItem(self.at.clone(), after, item.clone());
            self.edits.push(edit);
            merged.push(item.clone());
        }
        Value::Array(merged)
    }

    fn replace(&mut self, ours: &Value, theirs: Value) -> Value {
        let is_short = |value: &Value| !value.is_object() && !value.is_array();
        let change = match is_short(ours) && is_short(&theirs) {
            true => format!("{} -> {}", plain(ours), plain(&theirs)),
            false => String::new(),
        };
        self.done.push((self.at.clone(), What::Changed(change)));
        self.edits.push(Edit::Set(self.at.clone(), theirs.clone()));
        theirs
    }

    fn remove(&mut self, key: &str) {
        let at = self.at.join(key);
        self.done.push((at.clone(), What::Removed));
        self.edits.push(Edit::Remove(at));
    }

    fn insert(&mut self, key: &str, value: &Value, position: Position) {
        self.done.push((self.at.join(key), What::Added));
        let edit = Edit::Insert(self.at.clone(), key.to_owned(), value.clone(), position);
        self.edits.push(edit);
    }

    fn within<T>(&mut self, key: &str, run: impl FnOnce(&mut Self) -> T) -> T {
        self.at.push(key);
        let result = run(self);
        self.at.pop();
        result
    }

    /// A new node without its texts.
    fn stripped(&mut self, node: &Value, kind: Kind) -> Value {
        self.stripped_member(node, Shape::One(kind))
    }

    fn stripped_member(&mut self, node: &Value, shape: Shape) -> Value {
        let mut holder = json!({ "": node });
        let node = &mut holder[""];
        self.strip(node, shape);
        node.take()
    }

    fn strip(&mut self, node: &mut Value, shape: Shape) {
        match (shape, node) {
            (Shape::One(kind), node) => self.strip_object(node, kind),
            (Shape::List(kind), Value::Array(items)) => {
                for (index, item) in items.iter_mut().enumerate() {
                    self.within(&index.to_string(), |merge| merge.strip_object(item, kind));
                }
            }
            (Shape::Map(kind) | Shape::Ranked(kind), Value::Object(members)) => {
                for (name, member) in members {
                    self.within(name, |merge| merge.strip_object(member, kind));
                }
            }
            _ => {}
        }
    }

    fn strip_object(&mut self, node: &mut Value, kind: Kind) {
        let Value::Object(own) = node else {
            return;
        };
        if own.contains_key("$ref") {
            return;
        }
        let before = own.len();
        own.retain(|key, _| shape_of(kind, key) != Shape::Text);
        if own.len() < before {
            self.wordless.push(self.at.clone());
        }
        // A response must have a description. It is empty until somebody writes one.
        if kind == Kind::Response {
            own.shift_insert(0, "description".to_owned(), json!(""));
        }
        for (key, value) in own.iter_mut() {
            let shape = shape_of(kind, key);
            self.within(key, |merge| merge.strip(value, shape));
        }
        // A schema that only added a text to a single `allOf` member becomes that member.
        if kind == Kind::Schema
            && own.len() == 1
            && let Some(Value::Array(parts)) = own.get_mut("allOf")
            && parts.len() == 1
            && let Some(only) = parts.pop()
        {
            *node = only;
        }
    }
}

/// Converts `theirs` between `$ref` and a single `allOf` member, which schemas need for a text beside
/// the reference, if ours has the other form.
fn fitted(ours: &Value, theirs: &Value, kind: Kind) -> Option<Value> {
    if kind != Kind::Schema {
        return None;
    }
    let is_one = |schema: &Value| schema["allOf"].as_array().is_some_and(|all| all.len() == 1);
    let is_reference = |schema: &Value| schema.get("$ref").is_some();
    if is_one(ours) && is_reference(theirs) {
        return Some(json!({ "allOf": [theirs] }));
    }
    if is_reference(ours) && is_one(theirs) {
        let has_more = theirs
            .as_object()
            .into_iter()
            .flatten()
            .any(|(key, _)| key != "allOf" && shape_of(Kind::Schema, key) != Shape::Text);
        return (!has_more).then(|| theirs["allOf"][0].clone());
    }
    None
}

/// Unique keys that identify the items of a list.
fn keys(root: &Value, items: &[Value], kind: Kind) -> Vec<String> {
    let mut seen: HashMap<String, usize> = HashMap::new();
    let key = |item: &Value| match kind {
        Kind::Parameter => {
            let item = resolved(root, item);
            format!("{} {}", plain(&item["in"]), plain(&item["name"]))
        }
        _ => match &item["$ref"] {
            Value::String(reference) => reference.clone(),
            _ => ["url", "name"]
                .iter()
                .find_map(|key| item[*key].as_str())
                .unwrap_or_default()
                .to_owned(),
        },
    };
    let numbered = |item: &Value| {
        let key = key(item);
        let number = seen.entry(key.clone()).or_default();
        *number += 1;
        match *number {
            1 if !key.is_empty() => key,
            number => format!("{key}{number}"),
        }
    };
    items.iter().map(numbered).collect()
}

/// Resolves a reference to a component; returns any other node itself.
pub(super) fn resolved<'v>(root: &'v Value, node: &'v Value) -> &'v Value {
    const KINDS: [ComponentKind; 4] = [
        ComponentKind::Parameter,
        ComponentKind::Response,
        ComponentKind::RequestBody,
        ComponentKind::Header,
    ];
    let Some(reference) = node["$ref"].as_str() else {
        return node;
    };
    let found = KINDS.into_iter().find_map(|kind| {
        let name = component_name(reference, kind)?;
        find(
            root,
            &Pointer::root().join_all(["components", kind.section(), name.as_str()]),
        )
    });
    found.unwrap_or(node)
}

/// Removes keys that have their default value, so that stating a default is not a difference.
pub(super) fn remove_defaults(root: &mut Value) {
    each_object(root, Kind::Document, &mut |kind, own| {
        if kind == Kind::Parameter {
            let style = own.get("style").and_then(Value::as_str);
            let is_query = own
                .get("in")
                .is_some_and(|place| place == "query" || place == "cookie");
            let explodes = style.is_none_or(|style| style == "form") && is_query;
            if own.get("explode") == Some(&json!(explodes)) {
                own.shift_remove("explode");
            }
        }
        own.retain(|key, value| {
            let is_flag = matches!(
                key.as_str(),
                "deprecated" | "uniqueItems" | "allowEmptyValue"
            );
            !(is_flag && *value == json!(false))
        });
    });
}

fn is_scalars(items: &[Value]) -> bool {
    items
        .iter()
        .all(|item| !item.is_object() && !item.is_array())
}

/// Formats a value for messages: strings without quotes.
fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
