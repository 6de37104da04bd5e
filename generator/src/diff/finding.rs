//! A finding: what changed, where, and which operations it affects.

use std::fmt;

use super::{code::FindingCode, impact::Impact};
use crate::{openapi::Pointer, output};

/// A difference between two descriptions.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finding {
    /// The kind of change.
    pub code: FindingCode,
    /// How serious it is for callers.
    pub impact: Impact,
    /// The direction in which the values are sent; `None` if it makes no difference.
    pub direction: Option<Direction>,
    /// What changed, by its name in the old description if it was there.
    pub subject: Subject,
    /// The change, in a sentence.
    pub message: String,
    /// The old value, or the name of what was removed.
    pub was: Option<String>,
    /// The new value, or the name of what was added.
    pub is: Option<String>,
    /// The node of the old description, if it was there.
    pub old: Option<Pointer>,
    /// The node of the new description, if it is there.
    pub new: Option<Pointer>,
    /// The ids of the operations that it affects, sorted.
    pub operations: Vec<String>,
}

impl Finding {
    /// Identifies the change, whatever else changes and wherever it is: twelve hexadecimal digits that depend
    /// on the code, the subject and the values alone.
    pub fn fingerprint(&self) -> String {
        let Subject { owner, part, path } = &self.subject;
        let (kind, name) = owner.parts();
        let direction = self.direction.map_or("", Direction::as_str);
        // An absent value differs from an empty one.
        let shown = |value: &Option<String>| format!("{value:?}");
        let text = [
            self.code.as_str(),
            direction,
            kind,
            name,
            part,
            path,
            &shown(&self.was),
            &shown(&self.is),
        ]
        .join("\0");
        let mut hash = output::hash(text);
        hash.truncate(12);
        hash
    }
}

/// The direction in which a value is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// From the caller to the service.
    Request,
    /// From the service to the caller.
    Response,
}

impl Direction {
    /// The name, as printed.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Response => "response",
        }
    }
}

/// What a finding is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Subject {
    /// What declares it.
    pub owner: Owner,
    /// The part of that, such as "parameter `pageSize`"; empty for the whole.
    pub part: String,
    /// The path from there to a value inside a schema, such as `.address.street`; empty for the whole.
    pub path: String,
}

/// What a finding is about, and the node of the description that it points to.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Location {
    pub(super) subject: Subject,
    pub(super) at: Pointer,
}

/// What declares the subject of a finding.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Owner {
    /// The description as a whole.
    Api,
    /// A security scheme, by name.
    Scheme(String),
    /// An operation, by id.
    Operation(String),
    /// A schema, by name.
    Schema(String),
    /// A component other than a schema: its kind and its name.
    Shared(&'static str, String),
}

impl Owner {
    /// Its kind and its name.
    pub fn parts(&self) -> (&'static str, &str) {
        match self {
            Self::Api => ("api", ""),
            Self::Scheme(name) => ("security scheme", name),
            Self::Operation(id) => ("operation", id),
            Self::Schema(name) => ("schema", name),
            Self::Shared(kind, name) => (kind, name),
        }
    }
}

impl Subject {
    /// An owner as a whole.
    pub(super) fn of(owner: Owner) -> Self {
        Self {
            owner,
            part: String::new(),
            path: String::new(),
        }
    }

    /// A part of the owner.
    pub(super) fn part(&self, part: impl Into<String>) -> Self {
        let mut subject = self.clone();
        subject.part = part.into();
        subject
    }

    /// A value inside this one.
    pub(super) fn step(&self, step: &str) -> Self {
        let mut subject = self.clone();
        subject.path.push_str(step);
        subject
    }

    /// A property of this object.
    pub(super) fn property(&self, name: &str) -> Self {
        let mut subject = self.clone();
        subject.path.push('.');
        // A name that looks like several steps is quoted.
        match name.contains(['.', '[', ']', '{', '}', '<', '>', '"']) {
            true => subject.path.push_str(&format!("{name:?}")),
            false => subject.path.push_str(name),
        }
        subject
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (kind, name) = self.owner.parts();
        let path = &self.path;
        let inner = path.strip_prefix('.').unwrap_or(path);
        match (&self.owner, self.part.as_str()) {
            (Owner::Schema(_), _) => return write!(f, "`{name}{path}`"),
            (Owner::Api, "") => return f.write_str("the API"),
            (Owner::Api, part) => return write!(f, "the {part}"),
            _ => {}
        }
        if !inner.is_empty() {
            write!(f, "`{inner}` in ")?;
        }
        if !self.part.is_empty() {
            write!(f, "the {} of ", self.part)?;
        }
        match &self.owner {
            Owner::Operation(_) => write!(f, "`{name}`"),
            Owner::Shared(..) => write!(f, "the shared {kind} `{name}`"),
            _ => write!(f, "the {kind} `{name}`"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finding() -> Finding {
        Finding {
            code: FindingCode::RequestEnumValueRemoved,
            impact: Impact::Breaking,
            direction: Some(Direction::Request),
            subject: Subject::of(Owner::Schema("User".to_owned())).property("state"),
            message: "any".to_owned(),
            was: Some("deleted".to_owned()),
            is: None,
            old: None,
            new: None,
            operations: Vec::new(),
        }
    }

    #[test]
    fn a_fingerprint_is_of_the_change_and_not_of_its_place() {
        let one = finding();
        let mut moved = finding();
        moved.old = Some(Pointer::root().join("paths"));
        moved.message = "another".to_owned();
        moved.operations = vec!["getUser".to_owned()];
        assert_eq!(one.fingerprint(), moved.fingerprint());
        assert_eq!(one.fingerprint().len(), 12);
        let mut other = finding();
        other.was = Some("inactive".to_owned());
        assert_ne!(one.fingerprint(), other.fingerprint());
        let mut other = finding();
        other.direction = Some(Direction::Response);
        assert_ne!(one.fingerprint(), other.fingerprint());
    }

    #[test]
    fn subjects_read_as_words() {
        let operation = Subject::of(Owner::Operation("getUser".to_owned()));
        assert_eq!(operation.to_string(), "`getUser`");
        let response = operation.part("response 200");
        assert_eq!(response.to_string(), "the response 200 of `getUser`");
        let inner = response.property("a").step("[]");
        assert_eq!(inner.to_string(), "`a[]` in the response 200 of `getUser`");
        let shared = Subject::of(Owner::Shared("response", "Failure".to_owned()));
        assert_eq!(shared.to_string(), "the shared response `Failure`");
    }
}
