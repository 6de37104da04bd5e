use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

/// The properties of a JSON object that its struct has no field for.
///
/// Deserialization stores every property without a field here, and the names of properties that
/// were an explicit `null`. Serialization writes both, so that a round trip loses nothing. Use it
/// also to send a property that the description lacks, or a `null` where omitting the property
/// would mean "unchanged":
///
/// ```ignore
/// let mut user = UpdateUser::new(7);
/// user.extra.set_null("title");
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
// Every model has one and hardly any is filled: a pointer, not three words.
pub struct Extra(Option<Box<Members>>);

#[derive(Clone, Debug, Default, PartialEq)]
struct Members {
    values: BTreeMap<String, Value>,
    /// The names of properties whose values did not fit their fields.
    odd: BTreeSet<String>,
    /// Whether the object is a variant of a union and came without its discriminator.
    is_untagged: bool,
}

impl Extra {
    /// The value of the property `name`, if it is stored here; `Value::Null` for an explicit null.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.as_ref()?.values.get(name)
    }

    /// Whether the property `name` was received, or will be sent, as an explicit `null`.
    pub fn is_null(&self, name: &str) -> bool {
        self.get(name).is_some_and(Value::is_null)
    }

    /// Adds a property. If a field of the same name has a value, the field is serialized instead.
    pub fn insert(&mut self, name: impl Into<String>, value: impl Into<Value>) {
        self.0
            .get_or_insert_default()
            .values
            .insert(name.into(), value.into());
    }

    /// Sends the property `name` as an explicit `null`, if its field is `None`.
    pub fn set_null(&mut self, name: impl Into<String>) {
        self.insert(name, Value::Null);
    }

    /// Removes a property and returns its value.
    pub fn remove(&mut self, name: &str) -> Option<Value> {
        let removed = self.0.as_mut()?.values.remove(name);
        if self.is_empty() && !self.is_untagged() {
            self.0 = None;
        }
        removed
    }

    /// Whether no property is stored here.
    pub fn is_empty(&self) -> bool {
        self.iter().next().is_none()
    }

    /// The properties stored here, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0
            .iter()
            .flat_map(|members| members.values.iter())
            .map(|(name, value)| (name.as_str(), value))
    }

    /// Adds the value of a property that did not fit its field.
    pub(crate) fn insert_odd(&mut self, name: &str, value: Value) {
        let members = self.0.get_or_insert_default();
        members.values.insert(name.to_owned(), value);
        members.odd.insert(name.to_owned());
    }

    /// Whether the property has a value that did not fit its field, which may be a secret.
    pub(crate) fn is_odd(&self, name: &str) -> bool {
        let members = self.0.as_ref();
        members.is_some_and(|members| members.odd.contains(name))
    }

    /// Whether the object came without its discriminator, which is then not sent either.
    pub(crate) fn is_untagged(&self) -> bool {
        self.0.as_ref().is_some_and(|members| members.is_untagged)
    }

    pub(crate) fn set_untagged(&mut self) {
        self.0.get_or_insert_default().is_untagged = true;
    }
}

#[cfg(test)]
mod tests;
