use std::{collections::BTreeMap, fmt::Debug};

use serde::{Serialize, Serializer, ser::SerializeMap};

use super::{Record, Writer, serialize_into};

/// Writes a record with the additional property `name` in front, because some readers need it
/// before all others. If the record has a property of that name, that is written instead.
#[allow(
    dead_code,
    reason = "rendered only for oneOf and anyOf with a discriminator"
)]
pub(crate) fn serialize_tagged<T: Record, S: Serializer>(
    record: &T,
    serializer: S,
    name: &'static str,
    value: &'static str,
) -> Result<S::Ok, S::Error> {
    let mut search = Search {
        name,
        is_found: record.extra().get(name).is_some(),
    };
    record.write(&mut search);
    let mut map = serializer.serialize_map(None)?;
    if !search.is_found {
        map.serialize_entry(name, value)?;
    }
    serialize_into(record, map)
}

/// Finds out whether a property of a name is written.
struct Search<'a> {
    name: &'a str,
    is_found: bool,
}

impl Writer for Search<'_> {
    fn required<T: Serialize + Debug>(&mut self, name: &'static str, _: &T) {
        self.is_found |= name == self.name;
    }

    fn additional<V: Serialize + Debug>(&mut self, values: &BTreeMap<String, V>) {
        self.is_found |= values.contains_key(self.name);
    }
}

#[cfg(test)]
mod tests;
