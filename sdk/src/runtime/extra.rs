use std::collections::BTreeMap;

use serde_json::Value;

/// What a JSON object held, or shall hold, beyond the fields of its struct.
///
/// Reading keeps here every property the struct has no field for, and the names of properties that
/// came as an explicit `null`; writing puts both back, so that a value read and written again loses
/// nothing. It is also the way to send a property the description lacks, or a `null` where leaving
/// the property out would mean "unchanged":
///
/// ```ignore
/// let mut user = UpdateUser::new(7);
/// user.extra.set_null("title");
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[expect(
    clippy::box_collection,
    reason = "every model has one and hardly any is filled: a pointer, not three words"
)]
pub struct Extra(Option<Box<BTreeMap<String, Value>>>);

impl Extra {
    /// The value of the property `name`, if it was there and has no field; `Value::Null` for a
    /// property that came as an explicit null.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.as_ref()?.get(name)
    }

    /// Whether the property `name` came, or shall be sent, as an explicit `null`.
    pub fn is_null(&self, name: &str) -> bool {
        self.get(name).is_some_and(Value::is_null)
    }

    /// Adds a property. A field of the same name that holds a value wins when written.
    pub fn insert(&mut self, name: impl Into<String>, value: impl Into<Value>) {
        self.0
            .get_or_insert_default()
            .insert(name.into(), value.into());
    }

    /// Sends the property `name` as an explicit `null`, provided its field is `None`.
    pub fn set_null(&mut self, name: impl Into<String>) {
        self.insert(name, Value::Null);
    }

    /// Takes a property out again.
    pub fn remove(&mut self, name: &str) -> Option<Value> {
        let removed = self.0.as_mut()?.remove(name);
        if self.is_empty() {
            self.0 = None;
        }
        removed
    }

    /// Whether nothing is kept here.
    pub fn is_empty(&self) -> bool {
        self.0.as_ref().is_none_or(|members| members.is_empty())
    }

    /// The properties kept here, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0
            .iter()
            .flat_map(|members| members.iter())
            .map(|(name, value)| (name.as_str(), value))
    }
}

#[cfg(test)]
mod tests;
