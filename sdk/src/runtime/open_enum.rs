use std::fmt;

/// An enum of texts that the service may extend.
///
/// Every rendered enum of texts implements it. An unknown text is kept and sent back unchanged.
pub trait OpenEnum: Sized + Clone + From<Unrecognized> + 'static {
    /// The values that this version of the crate knows, with their texts, in the order of the
    /// description.
    const VALUES: &'static [(Self, &'static str)];

    /// The text, if the value is unknown.
    fn unrecognized(&self) -> Option<&Unrecognized>;

    /// The value of a text.
    fn from_text(text: &str) -> Self {
        let known = Self::VALUES.iter().find(|(_, known)| *known == text);
        match known {
            Some((value, _)) => value.clone(),
            None => Unrecognized(text.into()).into(),
        }
    }

    /// The text of the value on the wire.
    fn to_wire(&self) -> &str {
        if let Some(Unrecognized(text)) = self.unrecognized() {
            return text;
        }
        let this = std::mem::discriminant(self);
        let known = Self::VALUES
            .iter()
            .find(|(value, _)| std::mem::discriminant(value) == this);
        known.map_or("", |(_, text)| text)
    }

    /// Whether the value is one of [`VALUES`](Self::VALUES).
    fn is_known(&self) -> bool {
        self.unrecognized().is_none()
    }
}

/// The text of an unknown enum value.
///
/// Opaque, so that code cannot depend on a value being unknown: read it with the enum's `as_str`,
/// which returns the same text if a later version knows the value.
#[derive(Clone)]
pub struct Unrecognized(Box<str>);

impl fmt::Debug for Unrecognized {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Implements the standard and serde traits of a rendered enum over its [`OpenEnum`].
///
/// The traits compare, hash and print texts: an unknown value equals the known one with the same
/// text. `FromStr` never fails: any text is a value.
macro_rules! open_enum {
    ($name:ident) => {
        impl $name {
            /// The text of the value on the wire.
            pub fn as_str(&self) -> &str {
                $crate::runtime::OpenEnum::to_wire(self)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                $crate::runtime::OpenEnum::from_text(text)
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = ::std::convert::Infallible;

            // `Self::Err` could also be a variant of the enum.
            fn from_str(text: &str) -> ::std::result::Result<Self, ::std::convert::Infallible> {
                Ok(Self::from(text))
            }
        }

        impl From<$crate::runtime::Unrecognized> for $name {
            fn from(text: $crate::runtime::Unrecognized) -> Self {
                Self::Unrecognized(text)
            }
        }

        impl PartialEq for $name {
            fn eq(&self, other: &Self) -> bool {
                self.as_str() == other.as_str()
            }
        }

        impl Eq for $name {}

        impl ::std::hash::Hash for $name {
            fn hash<H: ::std::hash::Hasher>(&self, state: &mut H) {
                self.as_str().hash(state);
            }
        }

        impl ::std::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                self.as_str().fmt(f)
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        // Keeps the compiler from listing all enums in messages.
        #[diagnostic::do_not_recommend]
        impl $crate::runtime::Param for $name {
            fn to_text(&self) -> ::std::borrow::Cow<'_, str> {
                ::std::borrow::Cow::Borrowed(self.as_str())
            }
        }

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                $crate::runtime::open_enum::deserialize(deserializer)
            }
        }
    };
}

pub(crate) use open_enum;
pub(crate) fn deserialize<'de, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: OpenEnum,
    D: serde::Deserializer<'de>,
{
    struct Visitor<T>(std::marker::PhantomData<T>);

    impl<T: OpenEnum> serde::de::Visitor<'_> for Visitor<T> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a text")
        }

        fn visit_str<E>(self, text: &str) -> Result<T, E> {
            Ok(T::from_text(text))
        }
    }

    deserializer.deserialize_str(Visitor(std::marker::PhantomData))
}

#[cfg(test)]
mod tests;
