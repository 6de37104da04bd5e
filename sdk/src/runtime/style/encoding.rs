use std::borrow::Cow;

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use crate::runtime::encode::VALUE;

/// The separator between the items of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Separator {
    Comma,
    Dot,
    Space,
    Pipe,
    Tab,
}

/// How texts are encoded for their location.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    /// Everything but RFC 3986's unreserved characters is percent-encoded.
    Strict,
    /// Characters that a path permits are kept, except those that would end it.
    ReservedInPath,
    /// Characters that a query permits are kept, except those that would end the pair, and the
    /// plus, which is read as a space.
    ReservedInQuery,
    /// Everything that RFC 6265 does not allow in the value of a cookie is percent-encoded.
    Cookie,
    /// Nothing is encoded.
    Plain,
}

const RESERVED_IN_PATH: &AsciiSet = &VALUE
    .remove(b':')
    .remove(b'/')
    .remove(b'[')
    .remove(b']')
    .remove(b'@')
    .remove(b'!')
    .remove(b'$')
    .remove(b'&')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b'+')
    .remove(b',')
    .remove(b';')
    .remove(b'=');

const RESERVED_IN_QUERY: &AsciiSet = &RESERVED_IN_PATH.remove(b'?').add(b'&').add(b'+');

const COOKIE: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'%')
    .add(b',')
    .add(b';')
    .add(b'\\');

/// What RFC 6265 permits in the name of a cookie: less than in the value.
const COOKIE_NAME: &AsciiSet = &VALUE
    .remove(b'!')
    .remove(b'#')
    .remove(b'$')
    .remove(b'&')
    .remove(b'\'')
    .remove(b'*')
    .remove(b'+')
    .remove(b'^')
    .remove(b'`')
    .remove(b'|');

impl Encoding {
    /// Encodes a single value.
    pub(super) fn value(self, text: &str) -> String {
        match self {
            Self::Strict => utf8_percent_encode(text, VALUE).collect(),
            Self::ReservedInPath => reserved(text, RESERVED_IN_PATH),
            Self::ReservedInQuery => reserved(text, RESERVED_IN_QUERY),
            Self::Cookie => utf8_percent_encode(text, COOKIE).collect(),
            Self::Plain => text.to_owned(),
        }
    }

    /// A name.
    pub(super) fn name(self, text: &str) -> String {
        match self {
            Self::Cookie => utf8_percent_encode(text, COOKIE_NAME).collect(),
            Self::Plain => text.to_owned(),
            _ => utf8_percent_encode(text, VALUE).collect(),
        }
    }

    /// Encodes a name in brackets, after that of its parent.
    pub(super) fn bracketed(self, name: &str) -> String {
        match self {
            Self::Strict | Self::Cookie => format!("%5B{}%5D", self.name(name)),
            _ => format!("[{}]", self.name(name)),
        }
    }

    /// Encodes a value in a list with this separator.
    pub(super) fn item(self, text: &str, separator: Separator) -> Result<String, &'static str> {
        let (mark, encoded) = match separator {
            Separator::Comma => (',', "%2C"),
            Separator::Pipe => ('|', "%7C"),
            Separator::Space => (' ', ""),
            Separator::Tab => ('\t', ""),
            // As in RFC 6570: an unreserved character means the same whether it is encoded or not.
            Separator::Dot => return Ok(self.value(text)),
        };
        if !text.contains(mark) {
            return Ok(self.value(text));
        }
        // If the separator itself is encoded, or nothing is, values and separators look alike.
        if self == Self::Plain || encoded.is_empty() {
            return Err("a text of it has the character in it that separates texts");
        }
        Ok(self.value(text).replace(mark, encoded))
    }

    /// The text between items.
    pub(super) fn separator(self, separator: Separator) -> &'static str {
        match (separator, self) {
            (Separator::Comma, _) => ",",
            (Separator::Dot, _) => ".",
            (Separator::Pipe, _) => "|",
            (Separator::Space, Self::Plain) => " ",
            (Separator::Space, _) => "%20",
            (Separator::Tab, Self::Plain) => "\t",
            (Separator::Tab, _) => "%09",
        }
    }
}

/// Encodes a text, but keeps its percent-encoded triplets.
fn reserved(text: &str, set: &'static AsciiSet) -> String {
    let mut encoded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('%') {
        encoded.extend(utf8_percent_encode(before, set));
        let is_triplet = matches!(after.as_bytes(), [high, low, ..]
            if high.is_ascii_hexdigit() && low.is_ascii_hexdigit());
        encoded.push_str(if is_triplet { "%" } else { "%25" });
        rest = after;
    }
    encoded.push_str(&Cow::from(utf8_percent_encode(rest, set)));
    encoded
}
