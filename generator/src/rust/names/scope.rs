//! Identifiers, and the scopes that make them unique.

use std::{
    collections::{HashMap, HashSet},
    fmt,
};

use quote::ToTokens;
use unicode_normalization::UnicodeNormalization;

/// A valid Rust identifier that is unique in its scope. Only a `Scope` creates one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ident {
    text: String,
    raw: bool,
}

impl Ident {
    /// The identifier without a leading `r#`.
    pub fn bare(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for Ident {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let prefix = if self.raw { "r#" } else { "" };
        write!(f, "{prefix}{}", self.text)
    }
}

impl ToTokens for Ident {
    fn to_tokens(&self, tokens: &mut proc_macro2::TokenStream) {
        let span = proc_macro2::Span::call_site();
        let ident = if self.raw {
            proc_macro2::Ident::new_raw(&self.text, span)
        } else {
            proc_macro2::Ident::new(&self.text, span)
        };
        ident.to_tokens(tokens);
    }
}

/// A set of names that must be unique.
#[derive(Debug, Default)]
pub(super) struct Scope {
    /// Names that are never handed out.
    reserved: &'static [&'static str],
    taken: HashSet<String>,
    /// The last number that was tried for each name, so that the next request for the name need not
    /// start over.
    counts: HashMap<String, usize>,
}

impl Scope {
    /// Creates a scope that never hands out some names.
    pub(super) fn reserving(reserved: &'static [&'static str]) -> Self {
        Self {
            reserved,
            ..Self::default()
        }
    }

    /// Returns `wanted`, or the first of `wanted2`, `wanted3`.. that is free, and whether the name was
    /// changed. Names are compared as rustc compares them, after Unicode normalization (NFC).
    pub(super) fn take(&mut self, wanted: &str) -> (Ident, bool) {
        // `r#fn` is another spelling of `fn`.
        let wanted = &composed(wanted.strip_prefix("r#").unwrap_or(wanted));
        let base = sanitize(wanted);
        let mut candidate = base.clone();
        if !self.reserve(&candidate) {
            let mut count = self.counts.get(&base).copied().unwrap_or(1);
            // Types are not named like `Self_2` in Rust.
            let stem = base.trim_end_matches('_');
            while !self.reserve(&candidate) {
                count += 1;
                candidate = format!("{stem}{count}");
            }
            self.counts.insert(base, count);
        }
        let raw = !is_identifier(&candidate);
        let renamed = candidate != *wanted;
        let ident = Ident {
            text: candidate,
            raw,
        };
        (ident, renamed)
    }

    /// Reserves a name. Returns whether it was free.
    fn reserve(&mut self, name: &str) -> bool {
        !self.reserved.contains(&name) && self.taken.insert(name.to_owned())
    }
}

/// The name in the form in which rustc compares it: NFC.
pub(super) fn composed(name: &str) -> String {
    match name.is_ascii() {
        true => name.to_owned(),
        false => name.nfc().collect(),
    }
}

/// Turns a text into an identifier, which may need `r#`.
fn sanitize(wanted: &str) -> String {
    if matches!(wanted, "self" | "Self" | "super" | "crate" | "_") {
        return format!("{wanted}_");
    }
    if is_identifier(wanted) || KEYWORDS.contains(&wanted) {
        return wanted.to_owned();
    }
    let ascii: String = wanted
        .chars()
        .map(|character| {
            if character.is_ascii_alphanumeric() {
                character
            } else {
                '_'
            }
        })
        .collect();
    format!("x{ascii}")
}

/// Whether the text is an identifier that needs no `r#`.
pub(crate) fn is_free(text: &str) -> bool {
    is_identifier(text) && !matches!(text, "self" | "Self" | "super" | "crate" | "_")
}

/// Whether the text is an identifier and not a keyword. Only texts that are not ASCII go through
/// syn's parser, which is slow.
fn is_identifier(text: &str) -> bool {
    let is_plain = text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    match is_plain {
        true => !KEYWORDS.contains(&text),
        // The parser also takes raw identifiers, and white space around them.
        false => syn::parse_str::<syn::Ident>(text)
            .is_ok_and(|ident| !text.starts_with("r#") && ident == text),
    }
}

/// The keywords of edition 2024, including reserved ones.
const KEYWORDS: &[&str] = &[
    "Self", "abstract", "as", "async", "await", "become", "box", "break", "const", "continue",
    "crate", "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if",
    "impl", "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub",
    "ref", "return", "self", "static", "struct", "super", "trait", "true", "try", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_keywords_are_raw() {
        let mut scope = Scope::reserving(&["send"]);
        let mut take = |wanted: &str| {
            let (ident, renamed) = scope.take(wanted);
            (ident.to_string(), renamed)
        };
        assert_eq!(take("type"), ("r#type".to_owned(), false));
        assert_eq!(take("type"), ("type2".to_owned(), true));
        assert_eq!(take("send"), ("send2".to_owned(), true));
        assert_eq!(take("self"), ("self_".to_owned(), true));
        assert_eq!(take("self"), ("self2".to_owned(), true));
        assert_eq!(take("a-b"), ("xa_b".to_owned(), true));
        assert_eq!(take("r#fn"), ("r#fn".to_owned(), false));
        assert_eq!(take("r#n"), ("n".to_owned(), false));
        assert_eq!(take("r#"), ("x".to_owned(), true));
        assert_eq!(take("r#r#n"), ("xr_n".to_owned(), true));
        assert_eq!(take(" ö /**/"), ("x_______".to_owned(), true));
        assert_eq!(take("é"), ("é".to_owned(), false));
        // rustc treats `e` with a combining accent as the same name.
        assert_eq!(take("e\u{301}"), ("é2".to_owned(), true));
    }

    #[test]
    fn the_parser_knows_the_same_keywords() {
        for keyword in KEYWORDS {
            // `gen` is reserved since edition 2024, but syn accepts it.
            let is_known = syn::parse_str::<syn::Ident>(keyword).is_err();
            assert_eq!(is_known, *keyword != "gen", "{keyword}");
        }
        for word in [
            "auto",
            "default",
            "dyn_",
            "macro_rules",
            "raw",
            "safe",
            "union",
        ] {
            assert!(is_identifier(word) && syn::parse_str::<syn::Ident>(word).is_ok());
        }
    }
}
