/// Implements serde's traits, `From` and `into_inner` for a rendered struct with one unnamed field,
/// which is serialized as that field.
#[allow(
    unused_macros,
    reason = "rendered only for components that are arrays, maps or scalars"
)]
macro_rules! newtype {
    ($name:ident, $inner:ty) => {
        impl $name {
            /// The value inside.
            pub fn into_inner(self) -> $inner {
                self.0
            }
        }

        impl From<$inner> for $name {
            fn from(inner: $inner) -> Self {
                Self(inner)
            }
        }

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                ::serde::Serialize::serialize(&self.0, serializer)
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                ::serde::Deserialize::deserialize(deserializer).map(Self)
            }
        }
    };
}

pub(crate) use newtype;

#[cfg(test)]
mod tests;
