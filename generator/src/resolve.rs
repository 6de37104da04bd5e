//! References to components: how they are written, and lookups. Normalizing has seen to it that each
//! leads to a component of its section, and none in a circle.

use openapiv3::{Components, OpenAPI, Parameter, ReferenceOr, RequestBody, Response};

use crate::{
    diagnostics::{Code, Diagnostic},
    normalize::Normalized,
    pointer::Pointer,
};

/// A description whose references have all been checked.
#[derive(Debug)]
pub(crate) struct Resolved<'a> {
    /// The typed description.
    pub(crate) openapi: &'a OpenAPI,
    components: Option<&'a Components>,
}

/// Gives the means to follow references.
pub(crate) fn resolve(normalized: &Normalized) -> Resolved<'_> {
    Resolved {
        openapi: &normalized.openapi,
        components: normalized.openapi.components.as_ref(),
    }
}

impl<'a> Resolved<'a> {
    /// The parameter and where it is declared.
    ///
    /// # Errors
    /// The reference leads to something else.
    pub(crate) fn parameter(
        &self,
        item: &'a ReferenceOr<Parameter>,
        at: &Pointer,
    ) -> Result<(&'a Parameter, Pointer), WrongSection> {
        let components = self.components;
        follow(
            item,
            at,
            |name| components?.parameters.get(name),
            "parameters",
        )
    }

    /// The request body and where it is declared.
    ///
    /// # Errors
    /// The reference leads to something else.
    pub(crate) fn request_body(
        &self,
        item: &'a ReferenceOr<RequestBody>,
        at: &Pointer,
    ) -> Result<(&'a RequestBody, Pointer), WrongSection> {
        let components = self.components;
        follow(
            item,
            at,
            |name| components?.request_bodies.get(name),
            "requestBodies",
        )
    }

    /// The response and where it is declared.
    ///
    /// # Errors
    /// The reference leads to something else.
    pub(crate) fn response(
        &self,
        item: &'a ReferenceOr<Response>,
        at: &Pointer,
    ) -> Result<(&'a Response, Pointer), WrongSection> {
        let components = self.components;
        follow(
            item,
            at,
            |name| components?.responses.get(name),
            "responses",
        )
    }
}

/// The name of the component a reference leads to: `User` of `#/components/schemas/User`.
pub(crate) fn component_name(reference: &str, section: &str) -> Option<String> {
    let pointer = Pointer::parse(reference.strip_prefix('#')?)?;
    let mut tokens = pointer.tokens();
    let found = (tokens.next()?, tokens.next()?, tokens.next()?.to_owned());
    match (found, tokens.next()) {
        (("components", place, name), None) if place == section => Some(name),
        _ => None,
    }
}

fn follow<'a, T>(
    mut item: &'a ReferenceOr<T>,
    at: &Pointer,
    get: impl Fn(&str) -> Option<&'a ReferenceOr<T>>,
    section: &str,
) -> Result<(&'a T, Pointer), WrongSection> {
    let mut declared = at.clone();
    // A chain longer than this is a circle, which `check` has reported.
    for _ in 0..64 {
        let reference = match item {
            ReferenceOr::Item(found) => return Ok((found, declared)),
            ReferenceOr::Reference { reference } => reference,
        };
        let found = component_name(reference, section).and_then(|name| Some((get(&name)?, name)));
        let Some((next, name)) = found else { break };
        item = next;
        declared = Pointer::root().join_all(["components", section, name.as_str()]);
    }
    let message = format!("the reference does not lead to `#/components/{section}`");
    Err(WrongSection {
        at: at.join("$ref"),
        diagnostic: Diagnostic::new(Code::ForeignRef, message).help(format!(
            "declare it in `#/components/{section}` and refer to it there"
        )),
    })
}

/// A reference that leads to something, but not to what must stand in its place.
#[derive(Debug)]
pub(crate) struct WrongSection {
    pub(crate) at: Pointer,
    pub(crate) diagnostic: Diagnostic,
}

/// A name as a step of a JSON Pointer.
pub(crate) fn escape(name: &str) -> std::borrow::Cow<'_, str> {
    if name.contains(['~', '/']) {
        name.replace('~', "~0").replace('/', "~1").into()
    } else {
        name.into()
    }
}

/// The name most like the wanted one, if it is like it at all.
pub(crate) fn nearest<'a>(wanted: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    nearest_within(wanted, names, &mut usize::MAX.clone())
}

/// As [`nearest`], for as long as the patience lasts: each comparison costs the product of both lengths.
pub(crate) fn nearest_within<'a>(
    wanted: &str,
    names: impl Iterator<Item = &'a str>,
    patience: &mut usize,
) -> Option<&'a str> {
    const ALIKE: f32 = 0.7;
    /// Nobody reads longer names for a typo.
    const LONGEST: usize = 128;
    if wanted.len() > LONGEST {
        return None;
    }
    let likeness = |name: &str| similar::TextDiff::from_chars(wanted, name).ratio();
    let letters = letters(wanted);
    let mut best: Option<(&str, f32)> = None;
    for name in names.filter(|name| name.len() <= LONGEST) {
        *patience = patience.checked_sub(name.len())?;
        // No more letters can stand in the right order than are there at all: that is told in a
        // fraction of the time.
        let own = self::letters(name);
        let shared: usize = own.iter().zip(&letters).map(|(a, b)| *a.min(b)).sum();
        let both: usize = own.iter().chain(&letters).sum();
        if 2.0 * shared as f32 <= ALIKE * both as f32 {
            continue;
        }
        *patience = patience.checked_sub(name.len() * wanted.len())?;
        let ratio = likeness(name);
        // Of two that are as like the last is taken.
        if ratio > ALIKE && best.is_none_or(|(_, known)| ratio >= known) {
            best = Some((name, ratio));
        }
    }
    best.map(|(name, _)| name)
}

/// How often each character stands in a text, those alike in their last bits together.
fn letters(text: &str) -> [usize; 64] {
    let mut letters = [0; 64];
    for c in text.chars() {
        letters[c as usize % 64] += 1;
    }
    letters
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_found_or_none() {
        let names = ["UserQueue", "Division", "Ueurseqeu"];
        assert_eq!(nearest("UsrQueue", names.into_iter()), Some("UserQueue"));
        assert_eq!(nearest("Station", names.into_iter()), None);
    }

    #[test]
    fn names_are_escaped() {
        assert_eq!(escape("a/b~c"), "a~1b~0c");
        assert_eq!(escape("plain"), "plain");
    }

    #[test]
    fn component_names_are_unescaped() {
        let name = component_name("#/components/schemas/a~1b", "schemas");
        assert_eq!(name.as_deref(), Some("a/b"));
        assert_eq!(
            component_name("#/components/schemas/a/properties", "schemas"),
            None
        );
    }
}
