//! Looks into the JSON of a page, without reading the rest of it.

use std::{
    fmt,
    hash::{DefaultHasher, Hash, Hasher},
};

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// What stands at a path.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) enum Found {
    /// Nothing, null, or something that says nothing here.
    #[default]
    Nothing,
    Text(String),
    Number(u64),
    Flag(bool),
    /// A list of so many entries, and a hash of what they are.
    List {
        length: usize,
        hash: u64,
    },
}

/// Looks up a path, names joined by dots; the empty path is the whole. Names may contain dots.
pub(super) fn find(json: &[u8], path: &str) -> Found {
    probe(json, Probe { path, last: None })
}

/// Looks up a path in the last entry of the list at another path.
pub(super) fn find_last(json: &[u8], list: &str, path: &str) -> Found {
    probe(
        json,
        Probe {
            path: list,
            last: Some(path),
        },
    )
}

fn probe(json: &[u8], probe: Probe<'_>) -> Found {
    let mut deserializer = serde_json::Deserializer::from_slice(json);
    // What is not JSON is reported when the page is decoded.
    probe.deserialize(&mut deserializer).unwrap_or_default()
}

#[derive(Clone, Copy)]
struct Probe<'a> {
    path: &'a str,
    /// Where to look in the last entry, if the path leads to a list.
    last: Option<&'a str>,
}

impl Probe<'_> {
    /// The probe for the member of an object with this name, if the path leads there.
    fn member(self, name: &str) -> Option<Self> {
        let after = self.path.strip_prefix(name)?;
        let path = match after.is_empty() {
            true => after,
            false => after.strip_prefix('.')?,
        };
        (!self.path.is_empty()).then_some(Self { path, ..self })
    }

    /// What was found, if the path ends here.
    fn here(self, found: Found) -> Found {
        match self.path.is_empty() && self.last.is_none() {
            true => found,
            false => Found::Nothing,
        }
    }
}

impl<'de> DeserializeSeed<'de> for Probe<'_> {
    type Value = Found;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Found, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Probe<'_> {
    type Value = Found;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a page")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Found, A::Error> {
        let mut found = Found::Nothing;
        while let Some(key) = members.next_key::<String>()? {
            let Some(inner) = self.member(&key) else {
                members.next_value::<IgnoredAny>()?;
                continue;
            };
            // Several members can begin the path, and only one of them lead to its end.
            match members.next_value_seed(inner)? {
                Found::Nothing => {}
                other => found = other,
            }
        }
        Ok(found)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Found, A::Error> {
        let mut found = Found::Nothing;
        match (self.path, self.last) {
            ("", Some(path)) => {
                let entry = Probe { path, last: None };
                while let Some(own) = items.next_element_seed(entry)? {
                    found = own;
                }
            }
            ("", None) => {
                let mut hasher = DefaultHasher::new();
                let mut length = 0;
                while items.next_element_seed(Hashed(&mut hasher))?.is_some() {
                    length += 1;
                }
                let hash = hasher.finish();
                found = Found::List { length, hash };
            }
            _ => while items.next_element::<IgnoredAny>()?.is_some() {},
        }
        Ok(found)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Found, E> {
        Ok(self.here(Found::Text(text.to_owned())))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Found, E> {
        Ok(self.here(Found::Number(number)))
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<Found, E> {
        Ok(Found::Nothing)
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Found, E> {
        Ok(Found::Nothing)
    }

    fn visit_bool<E: Error>(self, flag: bool) -> Result<Found, E> {
        Ok(self.here(Found::Flag(flag)))
    }

    fn visit_unit<E: Error>(self) -> Result<Found, E> {
        Ok(Found::Nothing)
    }
}

/// Hashes a value of JSON without keeping it.
struct Hashed<'a>(&'a mut DefaultHasher);

impl Hashed<'_> {
    /// The kind goes in too, so that `1` and `"1"` differ, and `[[], 1]` and `[[1]]`.
    fn add(self, kind: u8, value: impl Hash) {
        (kind, value).hash(self.0);
    }
}

impl<'de> DeserializeSeed<'de> for Hashed<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Hashed<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        let Self(hasher) = self;
        Hashed(hasher).add(b'{', ());
        while members.next_key_seed(Hashed(hasher))?.is_some() {
            members.next_value_seed(Hashed(hasher))?;
        }
        Hashed(hasher).add(b'}', ());
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        let Self(hasher) = self;
        Hashed(hasher).add(b'[', ());
        while items.next_element_seed(Hashed(hasher))?.is_some() {}
        Hashed(hasher).add(b']', ());
        Ok(())
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        self.add(b'"', text);
        Ok(())
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<(), E> {
        self.add(b'+', number);
        Ok(())
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<(), E> {
        self.add(b'-', number);
        Ok(())
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<(), E> {
        self.add(b'.', number.to_bits());
        Ok(())
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<(), E> {
        self.add(b'?', value);
        Ok(())
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        self.add(b'0', ());
        Ok(())
    }
}

#[cfg(test)]
mod tests;
