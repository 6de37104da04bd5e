//! Objects that may be references, the components that references lead to, and keys beside `$ref`.

use openapiv3::{Header, ReferenceOr, RequestBody, Response};
use serde_json::Value;

use super::{
    Dialect,
    cursor::Cursor,
    issues::Issues,
    links::Target,
    node_path::Step,
    reader::{Members, Reader},
    types, values,
};
use crate::{
    diagnostics::{Code, Diagnostic},
    openapi::ComponentKind,
};

impl<'a> Reader<'a, '_> {
    /// Reads an object or a reference to one; `None`, which is reported, if it is neither. `inlines`
    /// says that the place of the object changes its meaning, so that references to it are replaced by
    /// copies.
    pub(super) fn item_or_reference<T: Described>(
        &mut self,
        at: &Cursor<'_, 'a>,
        value: &'a Value,
        kind: ComponentKind,
        inlines: bool,
        read: impl FnOnce(&mut Self, &Cursor<'_, 'a>, &'a Members) -> T,
    ) -> Option<ReferenceOr<T>> {
        let members = values::members(&mut self.issues, at, value)?;
        let Some(reference) = members.get("$ref") else {
            let moved = match inlines {
                true => None,
                false => self.moved_if_referenced(at, value, kind),
            };
            return Some(moved.unwrap_or_else(|| ReferenceOr::Item(read(self, at, members))));
        };
        let reference = self.reference_text(at, reference)?;
        let description = self.beside(at, members);
        if (inlines || description.is_some())
            && let Some((path, Value::Object(found))) = self.end_of(at, reference)
            && !found.contains_key("$ref")
        {
            let target = at.target();
            let copy = self.builder.jump(at, path.as_ref().clone(), target);
            let mut item = read(self, &copy.copied(), found);
            if let Some(description) = description {
                item.describe(description);
            }
            return Some(ReferenceOr::Item(item));
        }
        match self.link(at, reference, kind) {
            Ok(reference) => Some(ReferenceOr::Reference { reference }),
            Err(miss) => {
                self.issues.report(&at.step("$ref"), miss);
                None
            }
        }
    }

    /// The text of the `$ref` of this node; `None`, which is reported, if it is no text.
    pub(super) fn reference_text(
        &mut self,
        at: &Cursor<'_, 'a>,
        reference: &'a Value,
    ) -> Option<&'a str> {
        let text = reference.as_str();
        if text.is_none() {
            self.issues.warn(
                &at.step("$ref"),
                Code::WrongShape,
                "`$ref` must be a string; it is ignored",
            );
        }
        text
    }

    /// The reference to the target of `reference`, which becomes a component if it is none yet.
    ///
    /// # Errors
    /// Why nothing that can stand here is the target.
    pub(super) fn link(
        &mut self,
        at: &Cursor<'_, 'a>,
        reference: &'a str,
        kind: ComponentKind,
    ) -> Result<String, Diagnostic> {
        if let Some((found, name)) = self.links.direct(at.file(), reference)
            && found == kind
        {
            return Ok(self.component_reference(kind, name));
        }
        let (path, node) = match self.links.target(at.file(), reference) {
            Ok(target) => target,
            Err(miss) => return self.meant(at, reference, kind).ok_or(miss),
        };
        match self.links.component(&path) {
            Some((found, name)) if found == kind => Ok(self.component_reference(kind, name)),
            Some((found, _)) if kind == ComponentKind::Schema => {
                Ok(self.link_into(at, reference, &(path, node), found))
            }
            _ => {
                let target = Cursor::at(path.as_ref().clone());
                Ok(self.move_to_components(&target, node, kind))
            }
        }
    }

    /// Follows a reference through components that are bare references.
    pub(super) fn end_of(&mut self, at: &Cursor<'_, 'a>, reference: &'a str) -> Option<Target<'a>> {
        /// No longer chains are followed.
        const LONGEST: usize = 64;
        let mut found = self.links.target(at.file(), reference).ok()?;
        for _ in 0..LONGEST {
            let Some(Value::String(next)) = found.1.get("$ref") else {
                break;
            };
            found = self.links.target(found.0.file, next).ok()?;
        }
        Some(found)
    }

    /// This node as a component, if something refers to it.
    pub(super) fn moved_if_referenced<T>(
        &mut self,
        at: &Cursor<'_, 'a>,
        node: &'a Value,
        kind: ComponentKind,
    ) -> Option<ReferenceOr<T>> {
        if !self.links.is_referenced(node) {
            return None;
        }
        let reference = self.move_to_components(at, node, kind);
        Some(ReferenceOr::Reference { reference })
    }

    /// The component that a bare name, or a reference into the section of another dialect, means.
    fn meant(
        &mut self,
        at: &Cursor<'_, 'a>,
        reference: &'a str,
        kind: ComponentKind,
    ) -> Option<String> {
        let name = reference.rsplit(['/', '#']).next()?;
        // A text that names a file means that file.
        let is_local = reference.starts_with('#') || !reference.contains(['/', '.', '#']);
        if at.file() != 0 || !is_local || !self.builder.is_taken(kind, name) {
            return None;
        }
        let meant = self.component_reference(kind, name);
        self.issues.warn(
            at,
            Code::Misplaced,
            format!("unresolved reference `{reference}`; it is read as `{meant}`"),
        );
        Some(meant)
    }

    /// Uses the schema of a component of another kind, where a reference to a schema is expected.
    fn link_into(
        &mut self,
        at: &Cursor<'_, 'a>,
        reference: &'a str,
        (path, node): &Target<'a>,
        found: ComponentKind,
    ) -> String {
        let mut inner = path.as_ref().clone();
        let mut held = *node;
        let mut into = |key: &'a str, value: &'a Value| {
            inner.steps.push(Step::Key(key));
            held = value;
        };
        if let Some(schema) = node.get("schema") {
            into("schema", schema);
        } else if let Some((media, content)) = node
            .get("content")
            .and_then(Value::as_object)
            .and_then(|content| content.iter().min_by_key(|(media, _)| *media))
            && let Some(schema) = content.get("schema")
        {
            into("content", content);
            into(media, content);
            into("schema", schema);
        }
        self.issues.warn(
            at,
            Code::Misplaced,
            format!(
                "`{reference}` refers to a component in `{}`, not to a schema; its schema is used",
                found.section()
            ),
        );
        self.move_to_components(&Cursor::at(inner), held, ComponentKind::Schema)
    }

    /// The description beside a reference, which counts since 3.1. All other keys have no effect.
    pub(super) fn beside(&mut self, at: &Cursor<'_, 'a>, members: &'a Members) -> Option<String> {
        let mut description = None;
        for (key, value) in members {
            let describes = key == "description" && self.dialect(at) == Dialect::V31;
            match key.as_str() {
                "$ref" | "summary" | "$comment" => {}
                _ if describes => {
                    description = values::text(&mut self.issues, &at.step(key), value)
                }
                _ if key.starts_with("x-") => {}
                _ => {
                    let message = format!("`{key}` has no effect beside `$ref`; it is ignored");
                    self.issues.warn(&at.step(key), Code::Ignored, message);
                }
            }
        }
        description
    }
}

/// Warns of a schema keyword in a parameter or a header that has `schema` or `content` as well.
pub(super) fn stray_keyword<'a>(
    issues: &mut Issues<'_>,
    at: &Cursor<'_, 'a>,
    members: &Members,
    key: &str,
) {
    let has = |key: &str| members.get(key).is_some_and(|value| !value.is_null());
    let has_meaning =
        types::is_assertion(key) || matches!(key, "default" | "nullable" | "collectionFormat");
    if let Some(holder) = ["schema", "content"].into_iter().find(|key| has(key))
        && has_meaning
    {
        let message = format!("`{key}` has no effect beside `{holder}`; it is ignored");
        issues.warn(at, Code::Ignored, message);
    }
}

/// An object that the description beside a reference to it replaces the own one of.
pub(super) trait Described {
    /// Replaces the description.
    fn describe(&mut self, description: String);
}

impl Described for Response {
    fn describe(&mut self, description: String) {
        self.description = description;
    }
}

impl Described for RequestBody {
    fn describe(&mut self, description: String) {
        self.description = Some(description);
    }
}

impl Described for Header {
    fn describe(&mut self, description: String) {
        self.description = Some(description);
    }
}
