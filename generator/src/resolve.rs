//! `$ref`s: every one leads somewhere, none in circles; lookups that cannot fail afterwards.

use openapiv3::{Components, OpenAPI, Parameter, ReferenceOr, RequestBody, Response};
use serde_json::Value;

use crate::{
    diagnostics::{Code, Diagnostic, Sink},
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

/// Checks all references and gives the means to follow them.
pub(crate) fn resolve<'a>(normalized: &'a Normalized, sink: &mut Sink) -> Resolved<'a> {
    check_references(&normalized.document.root, sink);
    Resolved {
        openapi: &normalized.openapi,
        components: normalized.openapi.components.as_ref(),
    }
}

/// Reports every reference of a document that leads nowhere or in a circle.
pub(crate) fn check_references(root: &Value, sink: &mut Sink) {
    check(root, root, &mut Pointer::root(), false, sink);
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

/// Walks the document for references. `named` says that the keys of the node are names the author
/// chose, among which `$ref` would be one like any other.
fn check(root: &Value, node: &Value, at: &mut Pointer, named: bool, sink: &mut Sink) {
    match node {
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                at.push(index.to_string());
                check(root, item, at, false, sink);
                at.pop();
            }
        }
        Value::Object(members) => {
            if let (false, Some(Value::String(reference))) = (named, members.get("$ref"))
                && let Err(diagnostic) = check_reference(root, reference, at)
            {
                sink.at(&at.join("$ref"), diagnostic);
            }
            for (key, member) in members {
                let is_data = matches!(key.as_str(), "example" | "examples" | "default" | "enum");
                if !named && (is_data || key.starts_with("x-")) {
                    continue;
                }
                at.push(key.clone());
                check(root, member, at, !named && holds_names(key), sink);
                at.pop();
            }
        }
        _ => {}
    }
}

fn holds_names(key: &str) -> bool {
    matches!(
        key,
        "properties"
            | "schemas"
            | "parameters"
            | "responses"
            | "requestBodies"
            | "headers"
            | "securitySchemes"
            | "links"
            | "callbacks"
            | "paths"
            | "content"
            | "mapping"
            | "variables"
            | "encoding"
    )
}

fn check_reference(root: &Value, reference: &str, at: &Pointer) -> Result<(), Diagnostic> {
    let Some(local) = reference.strip_prefix('#') else {
        let message = format!("`{reference}` leads to another file, which is not supported");
        return Err(Diagnostic::new(Code::ForeignRef, message)
            .help("bundle the description into one file first"));
    };
    let Some(pointer) = Pointer::parse(local) else {
        let message = format!("`{reference}` is no JSON Pointer");
        return Err(Diagnostic::new(Code::DanglingRef, message)
            .help("write it like `#/components/schemas/Name`"));
    };
    let mut target = lookup(root, &pointer).ok_or_else(|| dangling(root, reference, &pointer))?;
    let mut seen = vec![at.to_string(), pointer.to_string()];
    while let Some(next) = forwards_to(target) {
        if seen.iter().any(|known| known == next) {
            let message = format!("`{reference}` leads back to itself");
            return Err(Diagnostic::new(Code::CyclicRef, message)
                .help("one of the schemas on the way must be something by itself"));
        }
        seen.push(next.to_owned());
        let Some(pointer) = next.strip_prefix('#').and_then(Pointer::parse) else {
            break;
        };
        let Some(found) = lookup(root, &pointer) else {
            break;
        };
        target = found;
    }
    Ok(())
}

/// The reference a node is nothing but: its own, or the one of its only `allOf` member.
fn forwards_to(node: &Value) -> Option<&str> {
    if let Some(reference) = node.get("$ref") {
        return reference.as_str();
    }
    match node.get("allOf")?.as_array()?.as_slice() {
        [only] => forwards_to(only),
        _ => None,
    }
}

fn lookup<'a>(root: &'a Value, pointer: &Pointer) -> Option<&'a Value> {
    pointer.tokens().try_fold(root, |node, token| match node {
        Value::Object(members) => members.get(token),
        Value::Array(items) => items.get(token.parse::<usize>().ok()?),
        _ => None,
    })
}

fn dangling(root: &Value, reference: &str, pointer: &Pointer) -> Diagnostic {
    let diagnostic = Diagnostic::new(Code::DanglingRef, format!("`{reference}` leads nowhere"));
    let siblings = pointer
        .parent()
        .and_then(|parent| match lookup(root, &parent)? {
            Value::Object(members) => Some(members),
            _ => None,
        });
    let (Some(siblings), Some(wanted)) = (siblings, pointer.tokens().next_back()) else {
        return diagnostic;
    };
    match nearest(wanted, siblings.keys().map(String::as_str)) {
        Some(name) => diagnostic.help(format!("did you mean `{name}`?")),
        None => diagnostic,
    }
}

/// The name most like the wanted one, if it is like it at all.
pub(crate) fn nearest<'a>(wanted: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let likeness = |name: &str| similar::TextDiff::from_chars(wanted, name).ratio();
    names
        .map(|name| (name, likeness(name)))
        .filter(|(_, ratio)| *ratio > 0.7)
        .max_by(|(_, a), (_, b)| a.total_cmp(b))
        .map(|(name, _)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(text: &str) -> Vec<(Code, String)> {
        let root: Value = serde_yaml::from_str(text).unwrap();
        let mut sink = Sink::default();
        check(&root, &root, &mut Pointer::root(), false, &mut sink);
        let place = |pointer: &Pointer| crate::diagnostics::Place {
            file: String::new(),
            pointer: Some(pointer.to_string()),
            line: None,
            column: None,
        };
        sink.into_sorted(|pointers| pointers.iter().map(place).collect())
            .into_iter()
            .map(|d| (d.code, d.place.unwrap().pointer.unwrap()))
            .collect()
    }

    #[test]
    fn dangling_and_circular_references_are_placed() {
        let text = "a: {$ref: '#/b/x'}\nb: {y: {$ref: '#/c'}}\nc: {$ref: '#/b/y'}\n";
        let found = codes(text);
        assert!(found.contains(&(Code::DanglingRef, "#/a/$ref".to_owned())));
        assert!(found.contains(&(Code::CyclicRef, "#/b/y/$ref".to_owned())));
        assert!(found.contains(&(Code::CyclicRef, "#/c/$ref".to_owned())));
    }

    #[test]
    fn a_property_called_ref_and_data_are_no_references() {
        let text =
            "properties: {$ref: {type: string}}\nexample: {$ref: '#/x'}\nx-y: {$ref: '#/x'}\n";
        assert_eq!(codes(text), []);
    }

    #[test]
    fn a_misspelt_reference_is_answered_with_the_nearest_name() {
        let root: Value = serde_yaml::from_str("schemas: {UserQueue: {}, Division: {}}").unwrap();
        let pointer = Pointer::parse("/schemas/UsrQueue").unwrap();
        let help = dangling(&root, "#/schemas/UsrQueue", &pointer).help;
        assert_eq!(help.as_deref(), Some("did you mean `UserQueue`?"));
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
