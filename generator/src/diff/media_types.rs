//! Media types as keys of `content`: how they compare, and which of two lists belong together.

use std::collections::HashMap;

use indexmap::IndexMap;

use crate::spec::MediaType;

/// The media types of a body, by name as written.
pub(super) type Content = IndexMap<String, MediaType>;

/// The media types of two bodies, paired.
pub(super) struct Pairing<'a> {
    /// The names on both sides, as written.
    pub(super) pairs: Vec<(&'a str, &'a str)>,
    /// Labels of the media types that only the old body has.
    pub(super) removed: Vec<String>,
    /// Labels of the media types that only the new body has.
    pub(super) added: Vec<String>,
}

impl<'a> Pairing<'a> {
    /// Pairs names that are spelled the same, then those that differ in spelling only, then those that
    /// differ in their parameters. Each step pairs only names that are unambiguous on both sides.
    pub(super) fn of(old: &'a Content, new: &'a Content) -> Self {
        let mut pairs = Vec::new();
        let mut removed: Vec<&'a str> = old.keys().map(String::as_str).collect();
        let mut added: Vec<&'a str> = new.keys().map(String::as_str).collect();
        for key in [str::to_owned, canonical, essence] {
            let candidates = (unique(&removed, key), unique(&added, key));
            removed.retain(|name| {
                let key = key(name);
                let counterpart = candidates.1.get(&key);
                let counterpart = counterpart.filter(|_| candidates.0.contains_key(&key));
                pairs.extend(counterpart.map(|counterpart| (*name, *counterpart)));
                counterpart.is_none()
            });
            added.retain(|name| !pairs.iter().any(|(_, paired)| paired == name));
        }
        // JSON under another name is still JSON: its schemas compare, though the name changed.
        let json = |names: &[&'a str]| names.iter().copied().find(|name| is_json(name));
        pairs.extend(json(&removed).zip(json(&added)));
        Self {
            pairs,
            removed: labels(old, &removed),
            added: labels(new, &added),
        }
    }
}

/// The names whose key no other name shares, by key.
fn unique<'a>(names: &[&'a str], key: fn(&str) -> String) -> HashMap<String, &'a str> {
    let mut by_key: HashMap<String, Option<&'a str>> = HashMap::new();
    for name in names {
        let entry = by_key.entry(key(name));
        entry
            .and_modify(|unique| *unique = None)
            .or_insert(Some(name));
    }
    let unique = by_key.into_iter();
    unique
        .filter_map(|(key, name)| Some((key, name?)))
        .collect()
}

/// What messages call media types: without parameters, unless several differ in nothing else.
fn labels(content: &Content, names: &[&str]) -> Vec<String> {
    let label = |name: &&str| {
        let same_kind = content.keys().filter(|it| essence(it) == essence(name));
        match same_kind.count() {
            1 => essence(name),
            _ => canonical(name),
        }
    };
    names.iter().map(label).collect()
}

/// A media type with its parameters, in one spelling: lowercase, parameters sorted.
fn canonical(name: &str) -> String {
    let mut parts = name.split(';').map(|part| part.trim().to_ascii_lowercase());
    let essence = parts.next().unwrap_or_default();
    let mut parameters: Vec<String> = parts.filter(|part| !part.is_empty()).collect();
    parameters.sort_unstable();
    parameters.insert(0, essence);
    parameters.join("; ")
}

/// A media type without its parameters, in lowercase.
pub(super) fn essence(name: &str) -> String {
    let essence = name.split(';').next().unwrap_or_default();
    essence.trim().to_ascii_lowercase()
}

/// Whether a body of a media type is JSON.
pub(super) fn is_json(name: &str) -> bool {
    let essence = essence(name);
    essence.ends_with("/json") || essence.ends_with("+json")
}

/// Whether a body of a media type has fields.
pub(super) fn is_form(name: &str) -> bool {
    let essence = essence(name);
    essence == "application/x-www-form-urlencoded" || essence.starts_with("multipart/")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn content(names: &[&str]) -> Content {
        let media_type = |name: &&str| {
            let media_type = MediaType {
                schema: None,
                is_sequence: false,
                encoding: IndexMap::new(),
            };
            ((*name).to_owned(), media_type)
        };
        names.iter().map(media_type).collect()
    }

    #[test]
    fn only_unambiguous_media_types_are_paired() {
        let old = content(&[
            "text/plain; a=1",
            "text/plain; a=2",
            "Image/PNG",
            "text/csv",
        ]);
        let new = content(&["text/plain;A=2", "text/plain; a=3", "image/png"]);
        let pairing = Pairing::of(&old, &new);
        assert_eq!(
            pairing.pairs,
            [
                ("text/plain; a=2", "text/plain;A=2"),
                ("Image/PNG", "image/png"),
                ("text/plain; a=1", "text/plain; a=3"),
            ]
        );
        assert_eq!(pairing.removed, ["text/csv"]);
        assert_eq!(pairing.added, [""; 0]);
    }

    #[test]
    fn json_is_compared_under_another_name_too() {
        let (old, new) = (content(&["application/json"]), content(&["text/json"]));
        let pairing = Pairing::of(&old, &new);
        assert_eq!(pairing.pairs, [("application/json", "text/json")]);
        assert_eq!(
            (pairing.removed, pairing.added),
            (
                vec!["application/json".to_owned()],
                vec!["text/json".to_owned()]
            )
        );
    }
}
