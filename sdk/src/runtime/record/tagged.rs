use std::{collections::BTreeMap, fmt::Debug};

use serde::{Serialize, Serializer, ser::SerializeMap};

use super::{
    super::{
        number::{Number, Written},
        union::is_one_of,
    },
    Record, Writer, serialize_into,
};

/// Writes a record with one of `values` as its property `name`: the one that it has, or else the first, in
/// front, because some readers need it before all others.
#[allow(
    dead_code,
    reason = "rendered only for oneOf and anyOf with a discriminator"
)]
pub(crate) fn serialize_tagged<T: Record, S: Serializer>(
    record: &T,
    serializer: S,
    name: &'static str,
    values: &'static [&'static str],
) -> Result<S::Ok, S::Error> {
    let own = record.extra().get(name);
    let mut search = Search {
        name,
        values,
        is_found: match own {
            Some(own) => is_one_of(own, values),
            None => record.extra().is_untagged(),
        },
    };
    record.write(&mut search);
    let mut map = serializer.serialize_map(None)?;
    let (Some(first), false) = (values.first(), search.is_found) else {
        return serialize_into(record, map, None);
    };
    map.serialize_entry(name, first)?;
    serialize_into(record, map, Some(name))
}

/// Finds out whether a property has one of these values.
struct Search<'a> {
    name: &'a str,
    values: &'a [&'a str],
    is_found: bool,
}

impl Writer for Search<'_> {
    fn required<T: Serialize + Debug>(&mut self, name: &'static str, field: &T) {
        if name == self.name {
            self.is_found = is_one_of(field, self.values);
        }
    }

    fn number<T: Number + Debug>(&mut self, name: &'static str, field: &T) {
        self.required(name, &Written(field));
    }

    fn additional<V: Serialize + Debug>(&mut self, values: &BTreeMap<String, V>) {
        if let Some(value) = values.get(self.name) {
            self.is_found = is_one_of(value, self.values);
        }
    }
}

#[cfg(test)]
mod tests;
