use std::{borrow::Cow, fmt};

use serde::{Deserializer, de};
use serde_json::{Number, Value};

/// An enum of JSON scalars, not all of them texts, that the service may extend.
///
/// Every rendered enum of such values implements it. An unknown value is kept and sent back
/// unchanged. `1` and `1.0` are the same value.
pub trait ScalarEnum: Sized + Clone + From<UnrecognizedScalar> + 'static {
    /// The values that this version of the crate knows, with their JSON scalars, in the order of
    /// the description.
    const VALUES: &'static [(Self, Scalar)];

    /// The scalar, if the value is unknown.
    fn unrecognized(&self) -> Option<&UnrecognizedScalar>;

    /// The value of a JSON scalar.
    fn from_json(json: Value) -> Self {
        let known = Self::VALUES.iter().find(|(_, known)| known.is(&json));
        match known {
            Some((value, _)) => value.clone(),
            None => UnrecognizedScalar(json).into(),
        }
    }

    /// The value on the wire.
    fn to_json(&self) -> Value {
        if let Some(UnrecognizedScalar(json)) = self.unrecognized() {
            return json.clone();
        }
        let this = std::mem::discriminant(self);
        let known = Self::VALUES
            .iter()
            .find(|(value, _)| std::mem::discriminant(value) == this);
        known.map_or(Value::Null, |(_, scalar)| scalar.to_json())
    }

    /// Whether the value is one of [`VALUES`](Self::VALUES).
    fn is_known(&self) -> bool {
        self.unrecognized().is_none()
    }
}

/// A JSON value that is neither an array nor an object.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Scalar {
    /// An integer in the range of `i64` or `u64`.
    Integer(i128),
    /// Any other number.
    Number(f64),
    /// `true` or `false`.
    Bool(bool),
    /// A text.
    Text(&'static str),
    /// `null`.
    Null,
}

impl Scalar {
    pub(crate) fn is(&self, json: &Value) -> bool {
        match (self, json) {
            (Self::Text(known), Value::String(text)) => known == text,
            (Self::Bool(known), Value::Bool(value)) => known == value,
            (Self::Null, Value::Null) => true,
            (Self::Integer(_) | Self::Number(_), Value::Number(_)) => same(&self.to_json(), json),
            _ => false,
        }
    }

    fn to_json(self) -> Value {
        match self {
            Self::Integer(value) => Number::from_i128(value).map_or(Value::Null, Value::Number),
            Self::Number(value) => value.into(),
            Self::Bool(value) => value.into(),
            Self::Text(text) => text.into(),
            Self::Null => Value::Null,
        }
    }
}

/// The scalar of an unknown enum value.
///
/// Opaque, so that code cannot depend on a value being unknown: read it with the enum's `value`,
/// which returns the same scalar if a later version knows the value.
#[derive(Clone)]
pub struct UnrecognizedScalar(Value);

impl fmt::Debug for UnrecognizedScalar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

/// Implements the standard and serde traits of a rendered enum over its [`ScalarEnum`], and
/// implements `Param` for it.
///
/// The traits compare and print scalars: an unknown value equals the known one with the same
/// scalar.
#[allow(
    unused_macros,
    reason = "rendered only for enums of values that are no texts"
)]
macro_rules! scalar_enum {
    ($name:ident) => {
        impl $name {
            /// The value on the wire.
            pub fn value(&self) -> ::serde_json::Value {
                $crate::runtime::ScalarEnum::to_json(self)
            }
        }

        $crate::runtime::scalar_enum::scalar_enum!($name from i64, f64, bool, &str);

        impl From<$crate::runtime::UnrecognizedScalar> for $name {
            fn from(value: $crate::runtime::UnrecognizedScalar) -> Self {
                Self::Unrecognized(value)
            }
        }

        impl PartialEq for $name {
            fn eq(&self, other: &Self) -> bool {
                $crate::runtime::scalar_enum::same(&self.value(), &other.value())
            }
        }

        impl ::std::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                ::std::fmt::Display::fmt(&self.value(), f)
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.pad(&$crate::runtime::Param::to_text(self))
            }
        }

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                ::serde::Serialize::serialize(&self.value(), serializer)
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                let value = $crate::runtime::scalar_enum::deserialize(deserializer)?;
                Ok($crate::runtime::ScalarEnum::from_json(value))
            }
        }

        #[diagnostic::do_not_recommend]
        impl $crate::runtime::Param for $name {
            fn to_text(&self) -> ::std::borrow::Cow<'_, str> {
                $crate::runtime::scalar_enum::text_of(self.value())
            }
        }
    };
    ($name:ident from $($type:ty),*) => {$(
        impl From<$type> for $name {
            fn from(value: $type) -> Self {
                $crate::runtime::ScalarEnum::from_json(value.into())
            }
        }
    )*};
}

pub(crate) use scalar_enum;

/// Whether two scalars are equal: numbers compare by value, not by spelling.
pub(crate) fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => match (one.as_i128(), other.as_i128()) {
            (Some(one), Some(other)) => one == other,
            _ => one.as_f64() == other.as_f64(),
        },
        _ => one == other,
    }
}

/// The text of a scalar as a parameter: a text unchanged, nothing for null.
pub(crate) fn text_of(value: Value) -> Cow<'static, str> {
    match value {
        Value::String(text) => text.into(),
        Value::Null => "".into(),
        other => other.to_string().into(),
    }
}

/// Deserializes a scalar.
pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Value, D::Error> {
    struct Visitor;

    impl de::Visitor<'_> for Visitor {
        type Value = Value;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a number, a boolean, a text or null")
        }

        fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
            Ok(value.into())
        }

        fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
            Ok(value.into())
        }

        fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
            Ok(value.into())
        }

        fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
            Ok(value.into())
        }

        fn visit_str<E>(self, text: &str) -> Result<Value, E> {
            Ok(text.into())
        }

        fn visit_unit<E>(self) -> Result<Value, E> {
            Ok(Value::Null)
        }
    }

    deserializer.deserialize_any(Visitor)
}

#[cfg(test)]
mod tests;
