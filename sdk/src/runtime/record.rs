use std::{borrow::Cow, fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{self, MapAccess, Visitor},
    ser::SerializeMap,
};

use super::Extra;

/// A struct that stands for a JSON object.
///
/// Rendered models list their properties in [`read`](Self::read) and [`write`](Self::write); all
/// that is common to reading and writing objects is here, written and compiled once. That is why
/// models do not derive serde's traits: the derive costs several times as much to compile.
pub(crate) trait Record: Default {
    /// The name in error messages.
    const NAME: &'static str;
    /// The properties without which reading fails.
    const REQUIRED: &'static [&'static str] = &[];

    /// Takes in the value of the property `name`.
    fn read<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        members: &mut Members<A>,
    ) -> Result<(), A::Error>;

    /// Puts the properties out, in the order of the fields.
    fn write<M: SerializeMap>(&self, members: &mut MembersWriter<'_, M>) -> Result<(), M::Error>;

    /// What has no field.
    fn extra(&self) -> &Extra;

    /// Where to keep what has no field.
    fn extra_mut(&mut self) -> &mut Extra;
}

/// The members of a JSON object while it is read.
pub(crate) struct Members<A> {
    access: A,
    extra: Extra,
    required: Vec<&'static str>,
}

impl<'de, A: MapAccess<'de>> Members<A> {
    /// Reads the value into an optional field. An explicit null is remembered as such.
    pub(crate) fn optional<T: Deserialize<'de>>(
        &mut self,
        name: &str,
        field: &mut Option<T>,
    ) -> Result<(), A::Error> {
        *field = self.access.next_value()?;
        if field.is_none() {
            self.extra.set_null(name);
        }
        Ok(())
    }

    /// Reads the value into a field that is always there.
    #[allow(dead_code, reason = "rendered only where `required` is trusted")]
    pub(crate) fn required<T: Deserialize<'de>>(
        &mut self,
        name: &str,
        field: &mut T,
    ) -> Result<(), A::Error> {
        self.required.retain(|missing| *missing != name);
        *field = self.access.next_value()?;
        Ok(())
    }

    /// Keeps the value of a property that has no field.
    pub(crate) fn keep(&mut self, name: &str) -> Result<(), A::Error> {
        let value: serde_json::Value = self.access.next_value()?;
        self.extra.insert(name, value);
        Ok(())
    }
}

/// The members of a JSON object while it is written.
pub(crate) struct MembersWriter<'a, M> {
    map: M,
    extra: &'a Extra,
    written: Vec<&'static str>,
}

impl<M: SerializeMap> MembersWriter<'_, M> {
    /// Writes an optional field; nothing when it is `None`.
    pub(crate) fn optional<T: Serialize>(
        &mut self,
        name: &'static str,
        field: &Option<T>,
    ) -> Result<(), M::Error> {
        match field {
            Some(value) => self.required(name, value),
            None => Ok(()),
        }
    }

    /// Writes a field that is always there.
    pub(crate) fn required<T: Serialize>(
        &mut self,
        name: &'static str,
        field: &T,
    ) -> Result<(), M::Error> {
        if !self.extra.is_empty() {
            self.written.push(name);
        }
        self.map.serialize_entry(name, field)
    }

    fn finish(mut self) -> Result<M::Ok, M::Error> {
        for (name, value) in self.extra.iter() {
            if !self.written.contains(&name) {
                self.map.serialize_entry(name, value)?;
            }
        }
        self.map.end()
    }
}

/// Implements serde's traits for a rendered struct over its [`Record`].
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
    };
}

pub(crate) use record;

pub(crate) fn serialize<T: Record, S: Serializer>(
    record: &T,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut members = MembersWriter {
        map: serializer.serialize_map(None)?,
        extra: record.extra(),
        written: Vec::new(),
    };
    record.write(&mut members)?;
    members.finish()
}

pub(crate) fn deserialize<'de, T: Record, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    deserializer.deserialize_map(RecordVisitor(PhantomData))
}

struct RecordVisitor<T>(PhantomData<T>);

impl<'de, T: Record> Visitor<'de> for RecordVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an object ({})", T::NAME)
    }

    fn visit_map<A: MapAccess<'de>>(self, access: A) -> Result<T, A::Error> {
        let mut record = T::default();
        let mut members = Members {
            access,
            extra: Extra::default(),
            required: T::REQUIRED.to_vec(),
        };
        while let Some(Name(name)) = members.access.next_key()? {
            record.read(&name, &mut members)?;
        }
        if let Some(missing) = members.required.first() {
            return Err(de::Error::missing_field(missing));
        }
        *record.extra_mut() = members.extra;
        Ok(record)
    }
}

/// A property name, borrowed from the input where it needs no unescaping.
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
mod tests {
    use super::*;

    #[derive(Clone, Debug, Default, PartialEq)]
    struct Person {
        manager: Option<Box<Person>>,
        name: Option<String>,
        version: i32,
        extra: Extra,
    }

    impl Record for Person {
        const NAME: &'static str = "Person";
        const REQUIRED: &'static [&'static str] = &["version"];

        fn read<'de, A: MapAccess<'de>>(
            &mut self,
            name: &str,
            members: &mut Members<A>,
        ) -> Result<(), A::Error> {
            match name {
                "manager" => members.optional(name, &mut self.manager),
                "name" => members.optional(name, &mut self.name),
                "version" => members.required(name, &mut self.version),
                _ => members.keep(name),
            }
        }

        fn write<M: SerializeMap>(
            &self,
            members: &mut MembersWriter<'_, M>,
        ) -> Result<(), M::Error> {
            members.optional("manager", &self.manager)?;
            members.optional("name", &self.name)?;
            members.required("version", &self.version)
        }

        fn extra(&self) -> &Extra {
            &self.extra
        }

        fn extra_mut(&mut self) -> &mut Extra {
            &mut self.extra
        }
    }

    record!(Person);

    #[test]
    fn nothing_is_lost_between_reading_and_writing() {
        let text = r#"{"manager":{"version":2,"shoe":{"size":[43]}},"version":1,"name":null}"#;
        let person: Person = serde_json::from_str(text).unwrap();
        assert_eq!(person.version, 1);
        assert_eq!(person.name, None);
        assert!(person.extra.is_null("name"));
        let value: serde_json::Value = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::to_value(&person).unwrap(), value);
        assert_eq!(serde_json::from_value::<Person>(value).unwrap(), person);
    }

    #[test]
    fn absent_null_and_value_are_three_things() {
        let mut person = Person::default();
        assert_eq!(serde_json::to_string(&person).unwrap(), r#"{"version":0}"#);
        person.extra.set_null("name");
        assert_eq!(
            serde_json::to_string(&person).unwrap(),
            r#"{"version":0,"name":null}"#
        );
        person.name = Some("Ada".to_owned());
        assert_eq!(
            serde_json::to_string(&person).unwrap(),
            r#"{"name":"Ada","version":0}"#
        );
    }

    #[test]
    fn escaped_names_find_their_fields() {
        let person: Person =
            serde_json::from_str("{\"n\\u0061me\":\"Ada\",\"version\":1}").unwrap();
        assert_eq!(person.name.as_deref(), Some("Ada"));
    }

    #[test]
    fn a_missing_required_property_is_named() {
        let error = serde_json::from_str::<Person>(r#"{"name":"Ada"}"#).unwrap_err();
        assert!(error.to_string().contains("missing field `version`"), "{error}");
    }

    #[test]
    fn what_is_no_object_is_refused_by_name() {
        let error = serde_json::from_str::<Person>("[]").unwrap_err();
        assert!(error.to_string().contains("expected an object (Person)"), "{error}");
    }
}
