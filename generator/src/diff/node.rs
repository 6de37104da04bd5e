//! Schemas in use: which schemas a value must match, and what findings about it are about.

use super::finding::{Location, Subject};
use crate::{
    openapi::Pointer,
    spec::{SchemaId, Value},
};

/// What a value must match: one schema, or several that declare the same property.
#[derive(Clone)]
pub(super) struct Node {
    /// Never empty.
    pub(super) parts: Vec<Part>,
    /// Whether findings name the place of its use, though it is a component.
    pub(super) is_inlined: bool,
}

/// One schema in use.
#[derive(Clone)]
pub(super) struct Part {
    pub(super) id: SchemaId,
    pub(super) location: Location,
}

impl Node {
    pub(super) fn new(id: SchemaId, at: Pointer, subject: Subject) -> Self {
        let location = Location { subject, at };
        Self {
            parts: vec![Part { id, location }],
            is_inlined: false,
        }
    }

    /// The schema of the values of a parameter or a header.
    pub(super) fn of_value(value: &Value, at: &Pointer, subject: Subject) -> Option<Self> {
        let (schema, at) = match value {
            Value::Schema(schema) => (*schema, at.join("schema")),
            Value::Content(content) => {
                let (name, schema) = crate::lower::parameter_content(content)?;
                (schema, at.join_all(["content", name, "schema"]))
            }
        };
        Some(Self::new(schema, at, subject))
    }

    /// The schemas that values must match.
    pub(super) fn ids(&self) -> Vec<SchemaId> {
        self.parts.iter().map(|part| part.id).collect()
    }

    /// Where it is used.
    pub(super) fn location(&self) -> &Location {
        &self.parts[0].location
    }
}
