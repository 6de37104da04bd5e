//! Parses JSON files.
//!
//! Values are validated during deserialization, because serde_json knows their lines only then.

use std::fmt;

use serde::{
    Deserialize,
    de::{
        DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor,
        value::MapAccessDeserializer,
    },
};
use serde_json::error::Category;

use super::{
    Problem,
    keys::{self, Key, Reader, Value},
};

pub(super) fn read(text: &str, reader: &mut Reader) -> Result<(), Problem> {
    let mut json = serde_json::Deserializer::from_str(text);
    let place = Place::Document;
    Node { place, reader }
        .deserialize(&mut json)
        .and_then(|()| json.end())
        .map_err(|error| problem(&error))
}

fn problem(error: &serde_json::Error) -> Problem {
    let text = error.to_string();
    let position = format!(" at line {} column {}", error.line(), error.column());
    let message = text.strip_suffix(&position).unwrap_or(&text);
    match error.classify() {
        // The errors of this module.
        Category::Data => Problem::new(error.line(), message),
        Category::Io | Category::Syntax | Category::Eof => {
            Problem::new(error.line(), format!("not JSON: {message}"))
        }
    }
}

/// Where in the document the reader is.
#[derive(Clone, Copy)]
enum Place {
    Document,
    Section(&'static str),
    /// An object whose members are keys that start with its name.
    Group(&'static str, &'static str),
    Key(&'static Key),
}

impl Place {
    /// The place of the member `name`.
    fn member(self, name: &str) -> Result<Self, String> {
        match self {
            Self::Document => keys::section(name).map(Self::Section),
            Self::Section(section) => match keys::group(section, name) {
                Some(group) => Ok(Self::Group(section, group)),
                None => keys::key(section, name).map(Self::Key),
            },
            Self::Group(section, group) => {
                keys::key(section, &format!("{group}-{name}")).map(Self::Key)
            }
            // Not called for: a value has no members.
            Self::Key(key) => Ok(Self::Key(key)),
        }
    }

    /// The error for a value that is not allowed here.
    fn refuse<T, E: Error>(self, what: &str) -> Result<T, E> {
        let (name, wanted) = match self {
            Self::Document => ("the file".to_owned(), "an object of sections"),
            Self::Section(section) => (format!("[{section}]"), "an object of keys"),
            Self::Group(section, group) => (format!("[{section}] {group}"), "an object of keys"),
            Self::Key(key) => (key.to_string(), "a text, a number or a boolean"),
        };
        Err(E::custom(format!(
            "{name}: {what} stands where {wanted} belongs"
        )))
    }
}

/// Reads what stands at a place.
struct Node<'a> {
    place: Place,
    reader: &'a mut Reader,
}

impl Node<'_> {
    fn set<E: Error>(self, value: Value<'_>, what: &str) -> Result<(), E> {
        match self.place {
            Place::Key(key) => self.reader.set(key, value).map_err(E::custom),
            place => place.refuse(what),
        }
    }

    fn number<E: Error>(self, number: impl fmt::Display) -> Result<(), E> {
        self.set(Value::Literal(&number.to_string()), "a number")
    }
}

impl<'de> DeserializeSeed<'de> for Node<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

/// Accepts any value, because serde's own type errors would quote it.
impl<'de> Visitor<'de> for Node<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a configuration")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        self.set(Value::Text(text), "a text")
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<(), E> {
        self.set(
            Value::Literal(if value { "true" } else { "false" }),
            "a boolean",
        )
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<(), E> {
        self.number(number)
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<(), E> {
        self.number(number)
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<(), E> {
        self.number(number)
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        self.place.refuse("null")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, _: A) -> Result<(), A::Error> {
        self.place.refuse("a list")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Self { place, reader } = self;
        if matches!(place, Place::Key(_)) {
            // Any crate of the tree can turn serde_json's `arbitrary_precision` on. Then numbers
            // come as maps, which only its own types can tell from others.
            let value = serde_json::Value::deserialize(MapAccessDeserializer::new(map))?;
            return match value {
                serde_json::Value::Number(number) => Node { place, reader }.number(number),
                _ => place.refuse("an object"),
            };
        }
        while let Some(name) = map.next_key::<String>()? {
            let place = place.member(&name).map_err(A::Error::custom)?;
            map.next_value_seed(Node {
                place,
                reader: &mut *reader,
            })?;
        }
        Ok(())
    }
}
