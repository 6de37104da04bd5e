use std::fmt;

use base64::{
    Engine as _,
    alphabet::STANDARD,
    display::Base64Display,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
    prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD},
};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// Reads with and without padding.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Declares bytes that travel as base64 text, written by one engine.
macro_rules! base64_text {
    ($(#[$doc:meta])* $name:ident, $engine:expr) => {
        $(#[$doc])*
        #[derive(Clone, Default, PartialEq, Eq, Hash)]
        pub struct $name(pub Vec<u8>);

        impl fmt::Display for $name {
            /// The text on the wire.
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                Base64Display::new(&self.0, &$engine).fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }

        impl From<Vec<u8>> for $name {
            fn from(bytes: Vec<u8>) -> Self {
                Self(bytes)
            }
        }

        impl From<&[u8]> for $name {
            fn from(bytes: &[u8]) -> Self {
                Self(bytes.to_vec())
            }
        }

        impl AsRef<[u8]> for $name {
            fn as_ref(&self) -> &[u8] {
                &self.0
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_str(Base64Visitor).map(Self)
            }
        }
    };
}

base64_text! {
    /// Bytes that travel as base64 text, the value of `format: byte`.
    ///
    /// Written in the standard alphabet with padding; read in the standard and the URL-safe
    /// alphabet, with padding or without.
    Base64, BASE64_STANDARD
}

base64_text! {
    /// Bytes that travel as base64 text for URLs, the value of `format: base64url`.
    ///
    /// Written in the URL-safe alphabet without padding; read in the standard and the URL-safe
    /// alphabet, with padding or without.
    Base64Url, BASE64_URL_SAFE_NO_PAD
}

struct Base64Visitor;

impl de::Visitor<'_> for Base64Visitor {
    type Value = Vec<u8>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("base64 text")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Vec<u8>, E> {
        let decoded = if text.contains(['-', '_']) {
            LENIENT.decode(text.replace('-', "+").replace('_', "/"))
        } else {
            LENIENT.decode(text)
        };
        // The error would quote bytes of the value.
        decoded.map_err(|_| E::custom("the text is not base64"))
    }
}

#[cfg(test)]
mod tests;
