//! Identifiers and the scopes that hand them out.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use quote::ToTokens;

/// A valid Rust identifier, unique in its scope. Only a `Scope` makes one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ident {
    text: String,
    raw: bool,
}

impl Ident {
    /// The identifier without the `r#` it may need.
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

/// A place in which names must differ.
#[derive(Debug, Default)]
pub(super) struct Scope {
    taken: BTreeSet<String>,
    /// The last number each name was tried with, so that the next one that wants it need not begin
    /// again.
    counts: BTreeMap<String, usize>,
}

impl Scope {
    /// A scope in which some names are spoken for.
    pub(super) fn reserving(names: &[&str]) -> Self {
        Self {
            taken: names.iter().map(|name| (*name).to_owned()).collect(),
            counts: BTreeMap::new(),
        }
    }

    /// Hands out `wanted`, or the first of `wanted2`, `wanted3`.. that is free. The flag says that
    /// it is not what was wanted.
    pub(super) fn take(&mut self, wanted: &str) -> (Ident, bool) {
        let base = sanitize(wanted);
        let mut candidate = base.clone();
        if !self.taken.insert(candidate.clone()) {
            let count = self.counts.entry(base.clone()).or_insert(1);
            // `Self_2` is no name of a type as Rust has them.
            let stem = base.trim_end_matches('_');
            while !self.taken.insert(candidate.clone()) {
                *count += 1;
                candidate = format!("{stem}{count}");
            }
        }
        let raw = !is_identifier(&candidate);
        let renamed = candidate != wanted;
        let ident = Ident {
            text: candidate,
            raw,
        };
        (ident, renamed)
    }
}

/// Makes an identifier of what may be a keyword that cannot be raw, or no identifier at all.
fn sanitize(wanted: &str) -> String {
    if matches!(wanted, "self" | "Self" | "super" | "crate" | "_") {
        return format!("{wanted}_");
    }
    if is_identifier(wanted) || is_identifier(&format!("r#{wanted}")) {
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

/// Whether the text is an identifier and no keyword. Only texts that could be a keyword, or that
/// are not plain ASCII, are put before the parser: it is slow.
fn is_identifier(text: &str) -> bool {
    const LONGEST_KEYWORD: usize = "continue".len();
    // Reserved since edition 2024, which syn does not go by.
    if text == "gen" {
        return false;
    }
    let is_plain = text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text
            .chars()
            .all(|character| character.is_ascii_alphanumeric() || character == '_');
    (is_plain && text.len() > LONGEST_KEYWORD) || syn::parse_str::<syn::Ident>(text).is_ok()
}

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
        assert_eq!(take("é"), ("é".to_owned(), false));
    }
}
