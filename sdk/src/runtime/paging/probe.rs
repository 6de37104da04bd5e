//! Looks into the JSON of a page, without reading the rest of it.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// What stands at a path.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) enum Found {
    /// Nothing, null, or something that says nothing here.
    #[default]
    Nothing,
    Text(String),
    Number(u64),
    /// A list of so many entries.
    List(usize),
}

/// Looks up a path, names joined by dots; the empty path is the whole.
pub(super) fn find(json: &[u8], path: &str) -> Found {
    let mut deserializer = serde_json::Deserializer::from_slice(json);
    // What is not JSON is reported when the page is decoded.
    Probe(path)
        .deserialize(&mut deserializer)
        .unwrap_or_default()
}

struct Probe<'a>(&'a str);

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
        let (name, rest) = self.0.split_once('.').unwrap_or((self.0, ""));
        let mut found = Found::Nothing;
        while let Some(key) = members.next_key::<String>()? {
            if key == name && !self.0.is_empty() {
                found = members.next_value_seed(Probe(rest))?;
            } else {
                members.next_value::<IgnoredAny>()?;
            }
        }
        Ok(found)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Found, A::Error> {
        let mut length = 0;
        while items.next_element::<IgnoredAny>()?.is_some() {
            length += 1;
        }
        Ok(if self.0.is_empty() {
            Found::List(length)
        } else {
            Found::Nothing
        })
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Found, E> {
        Ok(if self.0.is_empty() {
            Found::Text(text.to_owned())
        } else {
            Found::Nothing
        })
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Found, E> {
        Ok(if self.0.is_empty() {
            Found::Number(number)
        } else {
            Found::Nothing
        })
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<Found, E> {
        Ok(Found::Nothing)
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Found, E> {
        Ok(Found::Nothing)
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Found, E> {
        Ok(Found::Nothing)
    }

    fn visit_unit<E: Error>(self) -> Result<Found, E> {
        Ok(Found::Nothing)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_found_by_their_path() {
        let page = br#"{"entities":[{"id":1},[],null],"pageCount":7,"paging":{"next":"c\"1","list":[]},"none":null,"x":-1}"#;
        for (path, found) in [
            ("entities", Found::List(3)),
            ("pageCount", Found::Number(7)),
            ("paging.next", Found::Text("c\"1".to_owned())),
            ("paging.list", Found::List(0)),
            ("paging", Found::Nothing),
            ("entities.id", Found::Nothing),
            ("pageCount.x", Found::Nothing),
            ("none", Found::Nothing),
            ("x", Found::Nothing),
            ("absent", Found::Nothing),
            ("", Found::Nothing),
        ] {
            assert_eq!(find(page, path), found, "{path}");
        }
        assert_eq!(find(b"[1,2]", ""), Found::List(2));
        assert_eq!(find(b"<html>", "entities"), Found::Nothing);
    }
}
