use std::collections::BTreeMap;

use serde::{
    Deserialize,
    de::{MapAccess, value::UnitDeserializer},
};

use super::{Members, Whole};

impl<'de, A: MapAccess<'de>> Members<A, A::Error> {
    /// Reads the value of a property without a field into the map of additional properties. Records
    /// a null that the map's value type cannot represent.
    #[allow(dead_code, reason = "rendered only for typed additionalProperties")]
    pub(crate) fn additional<V: Deserialize<'de>>(
        &mut self,
        name: &str,
        values: &mut BTreeMap<String, V>,
    ) {
        let value = match self.access.next_value_seed(Whole::SEED) {
            Ok(Some(value)) => Some(value),
            Ok(None) => V::deserialize(UnitDeserializer::<A::Error>::new()).ok(),
            Err(error) => return self.error = Some(error),
        };
        match value {
            Some(value) => drop(values.insert(name.to_owned(), value)),
            None => self.extra.set_null(name),
        }
    }
}

#[cfg(test)]
mod tests;
