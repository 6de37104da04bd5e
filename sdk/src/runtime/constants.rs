//! Constants of declared successes: what contradicts them is a failure, whatever its status.

#![allow(dead_code, reason = "rendered only for successes with constants")]

use std::fmt;

use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::Value;

use super::{call::Call, scalar_enum::Scalar};

/// Properties that have the same value in every success.
pub(crate) type Constants = &'static [(&'static str, Scalar)];

impl<T> Call<T> {
    /// Declares which properties of a success have only one possible value. A response with another one is
    /// an error.
    pub(crate) fn expecting(mut self, constants: Constants) -> Self {
        self.exchange.expect(constants);
        self
    }
}

/// The first property that has another value than its constant. Null and absent ones do not count, nor does
/// what is not JSON: decoding reports that.
pub(super) fn contradicted(json: &[u8], constants: Constants) -> Option<&'static str> {
    if constants.is_empty() {
        return None;
    }
    let mut deserializer = serde_json::Deserializer::from_slice(json);
    deserializer.deserialize_any(Search(constants)).ok()?
}

struct Search(Constants);

impl<'de> Visitor<'de> for Search {
    type Value = Option<&'static str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self::Value, A::Error> {
        let mut found = None;
        while let Some(key) = members.next_key::<String>()? {
            let Some((name, constant)) = self.0.iter().find(|(name, _)| *name == key) else {
                members.next_value::<IgnoredAny>()?;
                continue;
            };
            let value: Value = members.next_value()?;
            if !value.is_null() && !constant.is(&value) {
                found.get_or_insert(*name);
            }
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests;
