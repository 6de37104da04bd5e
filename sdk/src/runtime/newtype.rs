/// Gives a rendered struct of one unnamed field serde's traits, which read and write the field
/// alone, `From` the field, and `into_inner`.
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
#[allow(
    unreachable_pub,
    reason = "the macro is made for structs that are public"
)]
mod tests {
    #[derive(Clone, Debug, Default, PartialEq)]
    struct Tree(Vec<Tree>);

    newtype!(Tree, Vec<Tree>);

    #[test]
    fn a_newtype_is_its_field_on_the_wire() {
        let tree: Tree = serde_json::from_str("[[],[[]]]").unwrap();
        assert_eq!(tree.0.len(), 2);
        assert_eq!(serde_json::to_string(&tree).unwrap(), "[[],[[]]]");
        assert_eq!(Tree::from(tree.clone().into_inner()), tree);
    }
}
