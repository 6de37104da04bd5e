//! The syntax of references to components.

use super::{ComponentKind, Pointer};

/// The name of the component of a kind that a reference names: `User` of `#/components/schemas/User`.
pub(crate) fn component_name(reference: &str, kind: ComponentKind) -> Option<String> {
    let pointer = Pointer::parse(reference.strip_prefix('#')?)?;
    let mut tokens = pointer.tokens();
    let found = (tokens.next()?, tokens.next()?, tokens.next()?.to_owned());
    match (found, tokens.next()) {
        (("components", section, name), None) if section == kind.section() => Some(name),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_escaped() {
        assert_eq!(escape("a/b~c"), "a~1b~0c");
        assert_eq!(escape("plain"), "plain");
    }

    #[test]
    fn component_names_are_unescaped() {
        let name = component_name("#/components/schemas/a~1b", ComponentKind::Schema);
        assert_eq!(name.as_deref(), Some("a/b"));
        assert_eq!(
            component_name("#/components/schemas/a/properties", ComponentKind::Schema),
            None
        );
    }
}
