mod additional;
mod tagged;

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
    fmt::{self, Debug},
    marker::PhantomData,
};

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{self, MapAccess, Visitor},
    ser::SerializeMap,
};
use serde_json::value::RawValue;

use super::{
    Extra, lenient,
    number::{Number, Written},
    union,
    whole::{self, Whole},
};

pub(crate) use tagged::serialize_tagged;

/// A struct that is serialized as a JSON object.
///
/// Rendered models list their properties in [`read`](Self::read) and [`write`](Self::write); the
/// code common to all objects is here and compiled once. Models derive neither serde's traits nor
/// `Debug`, because the derives take several times as long to compile. For the same reason neither
/// method returns a `Result`: `members` keeps the first error.
pub(crate) trait Record: Default {
    /// The name in error messages.
    const NAME: &'static str;
    /// The properties that deserialization requires.
    const REQUIRED: &'static [&'static str] = &[];

    /// Stores the value of the property `name`, with one call on `members`.
    fn read<'de, A: MapAccess<'de>>(&mut self, name: &str, members: &mut Members<A, A::Error>);

    /// Writes the properties, in the order of the fields.
    fn write<W: Writer>(&self, members: &mut W);

    /// The properties without a field.
    fn extra(&self) -> &Extra;

    /// The mutable properties without a field.
    fn extra_mut(&mut self) -> &mut Extra;
}

/// The properties of a JSON object while it is read.
pub(crate) struct Members<A, E> {
    access: A,
    extra: Extra,
    missing: Vec<&'static str>,
    /// Whether optional fields are read by themselves.
    is_lenient: bool,
    error: Option<E>,
}

impl<'de, A: MapAccess<'de>> Members<A, A::Error> {
    /// Reads the value into an optional field. Records an explicit null.
    pub(crate) fn optional<T: Deserialize<'de>>(&mut self, name: &str, field: &mut Option<T>) {
        if self.is_lenient {
            return self.by_itself(name, field);
        }
        match self.access.next_value_seed(Whole::SEED) {
            Ok(Some(value)) => *field = Some(value),
            Ok(None) => {
                *field = None;
                self.extra.set_null(name);
            }
            Err(error) => self.error = Some(error),
        }
    }

    /// Like [`optional`](Self::optional), but leaves out a value that does not fit.
    fn by_itself<T: Deserialize<'de>>(&mut self, name: &str, field: &mut Option<T>) {
        let json: &'de str = match self.access.next_value::<&'de RawValue>() {
            Ok(json) => json.get(),
            Err(error) => return self.error = Some(error),
        };
        let before = lenient::count();
        match whole::of_text(json) {
            Ok(Some(value)) => *field = Some(value),
            Ok(None) => {
                *field = None;
                self.extra.set_null(name);
            }
            Err(error) if lenient::forgive(json, &error, before) => {
                *field = None;
                let value = serde_json::from_str(json);
                self.extra
                    .insert_odd(name, value.unwrap_or(serde_json::Value::Null));
            }
            Err(error) => self.error = Some(de::Error::custom(error)),
        }
    }

    /// Reads the value into a required field.
    #[allow(dead_code, reason = "rendered only where `required` is trusted")]
    pub(crate) fn required<T: Deserialize<'de>>(&mut self, name: &str, field: &mut T) {
        self.missing.retain(|missing| *missing != name);
        match self.access.next_value_seed(Whole::SEED) {
            Ok(value) => *field = value,
            Err(error) => self.error = Some(error),
        }
    }

    /// Stores the value of a property without a field.
    pub(crate) fn keep(&mut self, name: &str) {
        match self.access.next_value::<serde_json::Value>() {
            Ok(value) => self.extra.insert(name, value),
            Err(error) => self.error = Some(error),
        }
    }
}

/// A sink for the properties of a JSON object.
pub(crate) trait Writer {
    /// Writes a required field.
    fn required<T: Serialize + Debug>(&mut self, name: &'static str, field: &T);

    /// Writes an optional field, unless it is `None`.
    fn optional<T: Serialize + Debug>(&mut self, name: &'static str, field: &Option<T>) {
        if let Some(value) = field {
            self.required(name, value);
        }
    }

    /// Writes a required field with numbers that can have fractions.
    #[allow(dead_code, reason = "rendered only for numbers")]
    fn number<T: Number + Debug>(&mut self, name: &'static str, field: &T);

    /// Writes an optional field with numbers that can have fractions, unless it is `None`.
    #[allow(dead_code, reason = "rendered only for numbers")]
    fn optional_number<T: Number + Debug>(&mut self, name: &'static str, field: &Option<T>) {
        if let Some(value) = field {
            self.number(name, value);
        }
    }

    /// Writes the properties without a field. They must not have names of fields, or both would be
    /// written.
    #[allow(dead_code, reason = "rendered only for typed additionalProperties")]
    fn additional<V: Serialize + Debug>(&mut self, values: &BTreeMap<String, V>);
}

/// Writes properties to a serde map.
struct MapWriter<'a, M, E> {
    map: M,
    /// The name of a property that is not written.
    hidden: Option<&'a str>,
    extra: &'a Extra,
    /// The names in `extra` whose values are written from fields.
    shadowed: BTreeSet<String>,
    error: Option<E>,
}

impl<M: SerializeMap> Writer for MapWriter<'_, M, M::Error> {
    fn required<T: Serialize + Debug>(&mut self, name: &'static str, field: &T) {
        self.member(name, field);
    }

    fn number<T: Number + Debug>(&mut self, name: &'static str, field: &T) {
        self.member(name, &Written(field));
    }

    fn additional<V: Serialize + Debug>(&mut self, values: &BTreeMap<String, V>) {
        for (name, value) in values {
            self.member(name, value);
        }
    }
}

impl<M: SerializeMap> MapWriter<'_, M, M::Error> {
    fn member<T: Serialize>(&mut self, name: &str, value: &T) {
        if self.hidden == Some(name) {
            return;
        }
        if self.extra.get(name).is_some() {
            self.shadowed.insert(name.to_owned());
        }
        if self.error.is_none() {
            self.error = self.map.serialize_entry(name, value).err();
        }
    }

    fn finish(mut self) -> Result<M::Ok, M::Error> {
        if let Some(error) = self.error {
            return Err(error);
        }
        for (name, value) in self.extra.iter() {
            if !self.shadowed.contains(name) && self.hidden != Some(name) {
                self.map.serialize_entry(name, value)?;
            }
        }
        self.map.end()
    }
}

/// Writes properties as `Debug` output.
struct DebugWriter<'a, 'b>(fmt::DebugStruct<'a, 'b>);

impl Writer for DebugWriter<'_, '_> {
    fn required<T: Serialize + Debug>(&mut self, name: &'static str, field: &T) {
        self.0.field(name, field);
    }

    fn number<T: Number + Debug>(&mut self, name: &'static str, field: &T) {
        self.0.field(name, field);
    }

    fn additional<V: Serialize + Debug>(&mut self, values: &BTreeMap<String, V>) {
        for (name, value) in values {
            self.0.field(name, value);
        }
    }
}

/// Implements serde's traits and `Debug` for a rendered struct over its [`Record`].
///
/// `Debug` shows the properties that are set, by their wire names.
macro_rules! record {
    ($name:ident) => {
        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                $crate::runtime::record::serialize(self, serializer)
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                $crate::runtime::record::deserialize(deserializer)
            }
        }

        impl ::std::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                $crate::runtime::record::debug(self, f)
            }
        }
    };
}

pub(crate) use record;

pub(crate) fn serialize<T: Record, S: Serializer>(
    record: &T,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serialize_into(record, serializer.serialize_map(None)?, None)
}

/// Writes the properties of a record, except the `hidden` one.
fn serialize_into<T: Record, M: SerializeMap>(
    record: &T,
    map: M,
    hidden: Option<&str>,
) -> Result<M::Ok, M::Error> {
    let mut members = MapWriter {
        map,
        hidden,
        extra: record.extra(),
        shadowed: BTreeSet::new(),
        error: None,
    };
    record.write(&mut members);
    members.finish()
}

pub(crate) fn debug<T: Record>(record: &T, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut members = DebugWriter(f.debug_struct(T::NAME));
    record.write(&mut members);
    for (name, value) in record.extra().iter() {
        match record.extra().is_odd(name) {
            // Its field may be that of a secret.
            true => members.0.field(name, &format_args!("(does not fit)")),
            false => members.0.field(name, value),
        };
    }
    members.0.finish()
}

pub(crate) fn deserialize<'de, T: Record, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    deserializer.deserialize_struct(T::NAME, &[], RecordVisitor(PhantomData))
}

struct RecordVisitor<T>(PhantomData<T>);

impl<'de, T: Record> Visitor<'de> for RecordVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an object ({})", T::NAME)
    }

    fn visit_map<A: MapAccess<'de>>(self, access: A) -> Result<T, A::Error> {
        let mut record = T::default();
        let mut extra = Extra::default();
        if union::is_untagged() {
            extra.set_untagged();
        }
        let mut members = Members {
            access,
            extra,
            missing: T::REQUIRED.to_vec(),
            is_lenient: lenient::is_second(),
            error: None,
        };
        while let Some(Name(name)) = members.access.next_key()? {
            record.read(&name, &mut members);
            if let Some(error) = members.error {
                return Err(error);
            }
        }
        if let Some(missing) = members.missing.first() {
            return Err(de::Error::missing_field(missing));
        }
        *record.extra_mut() = members.extra;
        Ok(record)
    }
}

/// A property name, borrowed from the input unless it contains escapes.
struct Name<'de>(Cow<'de, str>);

impl<'de> Deserialize<'de> for Name<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NameVisitor;

        impl<'de> Visitor<'de> for NameVisitor {
            type Value = Name<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a property name")
            }

            fn visit_borrowed_str<E>(self, name: &'de str) -> Result<Self::Value, E> {
                Ok(Name(Cow::Borrowed(name)))
            }

            fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
                Ok(Name(Cow::Owned(name.to_owned())))
            }

            fn visit_string<E>(self, name: String) -> Result<Self::Value, E> {
                Ok(Name(Cow::Owned(name)))
            }
        }

        deserializer.deserialize_identifier(NameVisitor)
    }
}

#[cfg(test)]
mod tests;
