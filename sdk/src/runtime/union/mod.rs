//! Values of one of several types (`oneOf`, `anyOf`).
//!
//! The JSON is read into memory first. Then the possible variants are decoded from its text, the
//! most likely first, so that models are compiled for only one kind of decoder.

mod effort;
mod fit;

use std::{cell::Cell, fmt};

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{self, MapAccess, SeqAccess, Visitor, value as from},
    ser::SerializeMap,
};
use serde_json::{Value, value::RawValue};

use super::{
    json_path, lenient,
    record::{self, Record},
    scalar_enum, whole,
};
use effort::Effort;

pub(crate) use fit::{Others, Shape};

/// An enum whose variants are the types of a `oneOf` or `anyOf`.
pub(crate) trait Union: Sized + 'static {
    /// The name in error messages.
    const NAME: &'static str;
    /// The discriminator property, if there is one.
    const TAG: Option<&'static str>;
    /// The types, in the order of the description.
    const VARIANTS: &'static [Variant<Self>];

    /// Wraps JSON that matches no variant.
    fn unrecognized(json: Value) -> Self;

    /// Whether the value matches no variant.
    fn is_unrecognized(&self) -> bool;

    /// Serializes the inner value, with [`write`](fn@write) or [`write_tagged`].
    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error>;
}

/// A variant of a [`Union`].
pub(crate) struct Variant<U> {
    /// The discriminator values of this variant.
    pub(crate) tags: &'static [&'static str],
    /// The shape of its JSON.
    pub(crate) shape: Shape,
    /// Decodes it from the text of its JSON, with [`read`](fn@read) or [`read_recognized`].
    pub(crate) read: fn(&[u8]) -> Result<U, serde_json::Error>,
}

/// Implements serde's traits for a rendered enum over its [`Union`].
#[allow(unused_macros, reason = "rendered only for oneOf and anyOf")]
macro_rules! union {
    ($name:ident) => {
        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                $crate::runtime::union::Union::write(self, serializer)
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                $crate::runtime::union::deserialize(deserializer)
            }
        }
    };
}

pub(crate) use union;

/// Decodes a value from the text of its JSON.
pub(crate) fn read<T: de::DeserializeOwned>(json: &[u8]) -> Result<T, serde_json::Error> {
    whole::from_slice(json)
}

/// Decodes a union that is a variant of another one. If none of its variants matches, one of the
/// other's may.
pub(crate) fn read_recognized<T: Union + de::DeserializeOwned>(
    json: &[u8],
) -> Result<T, serde_json::Error> {
    let value: T = read(json)?;
    match value.is_unrecognized() {
        true => Err(de::Error::custom("none of the alternatives fits")),
        false => Ok(value),
    }
}

/// Serializes a value unchanged.
pub(crate) fn write<T: Serialize + ?Sized, S: Serializer>(
    serializer: S,
    value: &T,
) -> Result<S::Ok, S::Error> {
    value.serialize(serializer)
}

/// Serializes a record as a variant: if its discriminator has none of the variant's values, with the first
/// of them in its place.
pub(crate) fn write_tagged<T: Record, S: Serializer>(
    serializer: S,
    tag: &'static str,
    values: &'static [&'static str],
    record: &T,
) -> Result<S::Ok, S::Error> {
    record::serialize_tagged(record, serializer, tag, values)
}

/// Like [`write_tagged`], for maps.
pub(crate) fn write_tagged_map<'v, V: Serialize + 'v, S: Serializer>(
    serializer: S,
    tag: &'static str,
    values: &'static [&'static str],
    map: impl IntoIterator<Item = (&'v String, &'v V)>,
) -> Result<S::Ok, S::Error> {
    let mut entries: Vec<(&String, &V)> = map.into_iter().collect();
    let own = entries.iter().position(|(key, _)| key.as_str() == tag);
    let is_tagged = own.is_some_and(|own| is_one_of(entries[own].1, values));
    if let (Some(own), false) = (own, is_tagged) {
        entries.remove(own);
    }
    let mut map = serializer.serialize_map(Some(entries.len() + usize::from(!is_tagged)))?;
    if let (Some(value), false) = (values.first(), is_tagged) {
        map.serialize_entry(tag, value)?;
    }
    for (key, value) in entries {
        map.serialize_entry(key, value)?;
    }
    map.end()
}

thread_local! {
    /// Whether the next object to be read is a variant whose discriminator did not come.
    static UNTAGGED: Cell<bool> = const { Cell::new(false) };
}

/// Whether the object being read is a variant whose discriminator did not come. True once.
pub(crate) fn is_untagged() -> bool {
    UNTAGGED.take()
}

/// Whether a discriminator is one of these values.
pub(crate) fn is_one_of<V: Serialize + ?Sized>(tag: &V, values: &[&str]) -> bool {
    let tag = serde_json::to_value(tag).map(scalar_enum::text_of);
    tag.is_ok_and(|tag| values.contains(&tag.as_ref()))
}

pub(crate) fn deserialize<'de, U: Union, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<U, D::Error> {
    if lenient::is_second() {
        // The text stays where it is, so that what is left out of it can be found there.
        let text = <&'de RawValue>::deserialize(deserializer)?.get();
        let json = serde_json::from_str(text).map_err(de::Error::custom)?;
        return choose_from(json, text.as_bytes()).map_err(de::Error::custom);
    }
    let mut read = Err(String::new());
    deserializer.deserialize_any(Buffer {
        name: U::NAME,
        take: &mut |json| {
            read = choose(json);
            read.as_ref().map(drop).map_err(String::clone)
        },
    })?;
    read.map_err(de::Error::custom)
}

/// Selects and decodes the variant of a union. The error says why none can be decoded.
fn choose<U: Union>(json: Value) -> Result<U, String> {
    // A value that was decoded from a text can be serialized as one.
    match serde_json::to_vec(&json) {
        Ok(text) => choose_from(json, &text),
        Err(_) => Ok(U::unrecognized(json)),
    }
}

/// Like [`choose`], with the text of the value.
fn choose_from<U: Union>(json: Value, text: &[u8]) -> Result<U, String> {
    let mut effort = Effort::begin();
    let tag = U::TAG.and_then(|tag| json.get(tag));
    let tagged = tag.filter(|tag| !tag.is_null()).and_then(|tag| {
        let tag = scalar_enum::text_of(tag.clone());
        let mut variants = U::VARIANTS.iter();
        variants.find(|it| it.tags.contains(&tag.as_ref()))
    });
    if let Some(variant) = tagged {
        // Within a lenient attempt, fields of this variant can be left out.
        let read = effort.spend(text, variant.read);
        let read = read.ok_or("values within values leave too much to try")?;
        return read.map_err(|error| json_path::within(text, &error));
    }
    // An object with an unknown discriminator value can only be a variant without one. Without a value,
    // it can be any.
    let needs_tag = tag.is_some_and(|tag| !tag.is_null());
    let can_be = |variant: &&Variant<U>| !needs_tag || variant.tags.is_empty();
    let variants: Vec<&Variant<U>> = U::VARIANTS.iter().filter(can_be).collect();
    let shapes = variants.iter().map(|variant| &variant.shape);
    let is_untagged = U::TAG.is_some() && !needs_tag;
    for at in fit::best_first(shapes, &json) {
        UNTAGGED.set(is_untagged && !variants[at].tags.is_empty());
        // An alternative that only fits without some of its fields is none.
        let read = lenient::strictly(|| effort.spend(text, variants[at].read));
        UNTAGGED.set(false);
        match read {
            Some(Ok(value)) => return Ok(value),
            Some(Err(_)) => {}
            None => break,
        }
    }
    Ok(U::unrecognized(json))
}

/// Deserializes any value and processes it before the decoder continues, so that errors have the
/// position of the value.
struct Buffer<'a> {
    name: &'static str,
    take: &'a mut dyn FnMut(Value) -> Result<(), String>,
}

impl Buffer<'_> {
    fn hand_on<E: de::Error>(self, json: Value) -> Result<(), E> {
        (self.take)(json).map_err(E::custom)
    }
}

impl<'de> Visitor<'de> for Buffer<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a value ({})", self.name)
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<(), E> {
        self.hand_on(value.into())
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<(), E> {
        self.hand_on(value.into())
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<(), E> {
        self.hand_on(value.into())
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<(), E> {
        self.hand_on(value.into())
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<(), E> {
        self.hand_on(value.into())
    }

    fn visit_unit<E: de::Error>(self) -> Result<(), E> {
        self.hand_on(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, access: A) -> Result<(), A::Error> {
        let json = Value::deserialize(from::SeqAccessDeserializer::new(access))?;
        self.hand_on(json)
    }

    fn visit_map<A: MapAccess<'de>>(self, access: A) -> Result<(), A::Error> {
        let json = Value::deserialize(from::MapAccessDeserializer::new(access))?;
        self.hand_on(json)
    }
}

#[cfg(test)]
mod tests;
