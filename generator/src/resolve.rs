//! References to components: how they are written.

use crate::pointer::Pointer;

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
    const ALIKE: f32 = 0.7;
    let likeness = |name: &str| similar::TextDiff::from_chars(wanted, name).ratio();
    let letters = letters(wanted);
    names
        // No more letters can stand in the right order than are there at all: that is told in a
        // fraction of the time.
        .filter(|name| {
            let own = self::letters(name);
            let shared: usize = own.iter().zip(&letters).map(|(a, b)| *a.min(b)).sum();
            let both: usize = own.iter().chain(&letters).sum();
            2.0 * shared as f32 > ALIKE * both as f32
        })
        .map(|name| (name, likeness(name)))
        .filter(|(_, ratio)| *ratio > ALIKE)
        .max_by(|(_, a), (_, b)| a.total_cmp(b))
        .map(|(name, _)| name)
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
