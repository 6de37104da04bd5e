//! Compares request bodies, and the contents of bodies in both directions.

use super::{
    code::FindingCode as Code,
    comparison::Comparison,
    endpoint::Endpoint,
    fields::{self, Form},
    finding::{Direction, Owner, Subject},
    findings::Change,
    media_types::{Content, Pairing, essence, is_form, is_json},
    merged::Schemas,
    node::Node,
    values,
};
use crate::{
    openapi::Pointer,
    spec::{Body, Use},
};

/// Compares the request bodies of two operations.
pub(super) fn request<'a>(comparison: &mut Comparison<'a>, old: Endpoint<'a>, new: Endpoint<'a>) {
    let subject = old.subject().part("body");
    match (&old.declared.body, &new.declared.body) {
        (None, None) => {}
        (Some(was), None) => {
            let change = Change::new(Code::RequestBodyRemoved, &subject);
            let change = change.at(&was.declared, new.at());
            comparison.findings.add(change, " was removed");
        }
        (None, Some(is)) => {
            let (code, tail) = match is.required {
                true => (Code::RequestBodyAddedRequired, " was added and is required"),
                false => (Code::RequestBodyAdded, " was added"),
            };
            let change = Change::new(code, &subject).at(old.at(), &is.declared);
            comparison.findings.add(change, tail);
        }
        (Some(was), Some(is)) => request_pair(comparison, subject, was, is),
    }
}

fn request_pair<'a>(
    comparison: &mut Comparison<'a>,
    subject: Subject,
    was: &'a Use<Body>,
    is: &'a Use<Body>,
) {
    let (old_at, new_at) = (&was.declared, &is.declared);
    let subject = match &was.component {
        Some(shared) if is.component == was.component => {
            Subject::of(Owner::Shared("request body", shared.clone()))
        }
        _ => subject,
    };
    let required = match (was.required, is.required) {
        (false, true) => Some((Code::RequestBodyBecameRequired, " is now required")),
        (true, false) => Some((Code::RequestBodyBecameOptional, " is no longer required")),
        _ => None,
    };
    if let Some((code, tail)) = required {
        let change = Change::new(code, &subject).at(old_at, new_at);
        comparison.findings.add(change, tail);
    }
    values::description(
        &subject,
        (was.description.as_deref(), old_at),
        (is.description.as_deref(), new_at),
        &mut comparison.findings,
    );
    content(
        comparison,
        &subject,
        (&was.content, old_at),
        (&is.content, new_at),
        Direction::Request,
    );
}

/// Compares the contents of two bodies, by media type.
pub(super) fn content<'a>(
    comparison: &mut Comparison<'a>,
    subject: &Subject,
    (old, old_at): (&'a Content, &Pointer),
    (new, new_at): (&'a Content, &Pointer),
    direction: Direction,
) {
    let pairing = Pairing::of(old, new);
    for label in pairing.removed {
        let codes = (
            Code::RequestMediaTypeRemoved,
            Code::ResponseMediaTypeRemoved,
        );
        let tail = format!(": the media type `{label}` was removed");
        let change = Change::directed(direction, codes, subject).was(label);
        comparison.findings.add(change.at(old_at, new_at), &tail);
    }
    for label in pairing.added {
        let codes = (Code::RequestMediaTypeAdded, Code::ResponseMediaTypeAdded);
        let tail = format!(": the media type `{label}` was added");
        let change = Change::directed(direction, codes, subject).is(label);
        comparison.findings.add(change.at(old_at, new_at), &tail);
    }
    for (was, is) in pairing.pairs {
        let old = TypedBody {
            content: old,
            name: was,
            at: old_at,
        };
        let new = TypedBody {
            content: new,
            name: is,
            at: new_at,
        };
        let subject = named(subject, was);
        if direction == Direction::Request && is_form(was) {
            compare_fields(comparison, &subject, old, new);
        }
        compare_schemas(comparison, &subject, old, new, direction);
    }
}

/// A body of one media type.
#[derive(Clone, Copy)]
struct TypedBody<'a, 'p> {
    content: &'a Content,
    name: &'a str,
    /// The node that has the `content`.
    at: &'p Pointer,
}

impl<'a> TypedBody<'a, '_> {
    fn media_type_at(&self) -> Pointer {
        self.at.join_all(["content", self.name])
    }

    fn node(&self, subject: &Subject) -> Option<Node> {
        let schema = self.content.get(self.name)?.schema?;
        let at = self.media_type_at().join("schema");
        Some(Node::new(schema, at, subject.clone()))
    }

    /// The schema of JSON whose description has none: any value.
    fn any_json(&self, schemas: Schemas<'a>, subject: &Subject) -> Node {
        Node::new(schemas.anything(), self.at.clone(), subject.clone())
    }
}

/// The subject of findings about the body of one media type, which is named unless it is JSON.
fn named(subject: &Subject, media_type: &str) -> Subject {
    if is_json(media_type) {
        return subject.clone();
    }
    let part = format!("{} ({})", subject.part, essence(media_type));
    subject.part(part.trim_start())
}

fn compare_fields<'a>(
    comparison: &mut Comparison<'a>,
    subject: &Subject,
    old: TypedBody<'a, '_>,
    new: TypedBody<'a, '_>,
) {
    let media = (old.content.get(old.name), new.content.get(new.name));
    if let (Some(was), Some(is)) = media {
        let (old_at, new_at) = (old.media_type_at(), new.media_type_at());
        let form = |media, at| Form { media, at };
        fields::compare(comparison, subject, form(was, &old_at), form(is, &new_at));
    }
}

fn compare_schemas<'a>(
    comparison: &mut Comparison<'a>,
    subject: &Subject,
    old: TypedBody<'a, '_>,
    new: TypedBody<'a, '_>,
    direction: Direction,
) {
    let are_json = is_json(old.name) && is_json(new.name);
    let (old, new) = match (old.node(subject), new.node(subject)) {
        (Some(was), Some(is)) => (was, is),
        (Some(was), None) if are_json => (was, new.any_json(comparison.new, subject)),
        (None, Some(is)) if are_json => (old.any_json(comparison.old, subject), is),
        // Without a schema, a body that is not JSON is rendered by its media type.
        _ => return,
    };
    comparison.visit(old, new, direction);
}
