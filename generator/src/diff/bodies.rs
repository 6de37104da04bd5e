//! Compares request bodies, and what bodies of both directions are made of.

use indexmap::IndexMap;

use super::{
    code::FindingCode as Code,
    fields::{self, Form},
    finding::{Direction, Owner, Subject},
    found::Change,
    operations::{self, Endpoint},
    schemas::Walk,
    values,
    view::{Node, Schemas},
};
use crate::{openapi::Pointer, spec::MediaType};

type Content = IndexMap<String, MediaType>;

/// Compares the request bodies of two operations.
pub(super) fn request<'a>(walk: &mut Walk<'a>, old: Endpoint<'a>, new: Endpoint<'a>) {
    let own = operations::subject(old).part("body");
    let (was, is) = match (&old.declared.body, &new.declared.body) {
        (None, None) => return,
        (Some(was), None) => {
            let change = Change::new(Code::RequestBodyRemoved, &own);
            return walk
                .found
                .add(change.at(&was.declared, new.at()), " is gone");
        }
        (None, Some(is)) => {
            let (code, tail) = match is.required {
                true => (Code::RequestBodyAddedRequired, " is new, and required"),
                false => (Code::RequestBodyAdded, " is new"),
            };
            let change = Change::new(code, &own);
            return walk.found.add(change.at(old.at(), &is.declared), tail);
        }
        (Some(was), Some(is)) => (was, is),
    };
    let (old_at, new_at) = (&was.declared, &is.declared);
    let subject = match &was.component {
        Some(shared) if is.component == was.component => {
            Subject::of(Owner::Shared("request body", shared.clone()))
        }
        _ => own,
    };
    let required = match (was.required, is.required) {
        (false, true) => Some((Code::RequestBodyBecameRequired, " is required now")),
        (true, false) => Some((Code::RequestBodyBecameOptional, " is not required any more")),
        _ => None,
    };
    if let Some((code, tail)) = required {
        let change = Change::new(code, &subject).at(old_at, new_at);
        walk.found.add(change, tail);
    }
    values::description(
        &subject,
        (was.description.as_deref(), old_at),
        (is.description.as_deref(), new_at),
        &mut walk.found,
    );
    content(
        walk,
        &subject,
        (&was.content, old_at),
        (&is.content, new_at),
        Direction::Request,
    );
}

/// Compares what a body may be, by media type.
pub(super) fn content<'a>(
    walk: &mut Walk<'a>,
    subject: &Subject,
    (old, old_at): (&'a Content, &Pointer),
    (new, new_at): (&'a Content, &Pointer),
    direction: Direction,
) {
    let Matched {
        mut pairs,
        removed,
        added,
    } = Matched::of(old, new);
    for (label, _) in &removed {
        let codes = (
            Code::RequestMediaTypeRemoved,
            Code::ResponseMediaTypeRemoved,
        );
        let change = Change::directed(direction, codes, subject).was(label.as_str());
        let tail = format!(" is not of `{label}` any more");
        walk.found.add(change.at(old_at, new_at), &tail);
    }
    for (label, _) in &added {
        let codes = (Code::RequestMediaTypeAdded, Code::ResponseMediaTypeAdded);
        let change = Change::directed(direction, codes, subject).is(label.as_str());
        let tail = format!(" may be of `{label}` now");
        walk.found.add(change.at(old_at, new_at), &tail);
    }
    // JSON under another name is still JSON.
    let json = |list: &[(String, &'a str)]| {
        let found = list.iter().find(|(_, name)| is_json(name));
        found.map(|(_, name)| *name)
    };
    if let (Some(was), Some(is)) = (json(&removed), json(&added)) {
        pairs.push((was, is));
    }
    for (was, is) in pairs {
        let subject = match is_json(was) {
            true => subject.clone(),
            false => {
                let (part, kind) = (&subject.part, essence(was));
                let part = format!("{part} ({kind})");
                subject.part(part.trim_start())
            }
        };
        if direction == Direction::Request
            && fields::is_form(&essence(was))
            && let (Some(before), Some(after)) = (old.get(was), new.get(is))
        {
            let (old_at, new_at) = (
                old_at.join_all(["content", was]),
                new_at.join_all(["content", is]),
            );
            let form = |media, at| Form { media, at };
            fields::compare(walk, &subject, form(before, &old_at), form(after, &new_at));
        }
        let node = |content: &'a Content, name: &str, at: &Pointer| {
            let schema = content.get(name)?.schema?;
            let at = at.join_all(["content", name, "schema"]);
            Some(Node::new(schema, at, subject.clone()))
        };
        // What has no schema may be anything; what is no JSON is rendered as what it is then.
        let anything = |schemas: Schemas<'a>, at: &Pointer| {
            let is_json = is_json(was) && is_json(is);
            is_json.then(|| Node::new(schemas.anything(), at.clone(), subject.clone()))
        };
        let (old, new) = match (node(old, was, old_at), node(new, is, new_at)) {
            (None, None) => continue,
            (old, new) => (
                old.or_else(|| anything(walk.old, old_at)),
                new.or_else(|| anything(walk.new, new_at)),
            ),
        };
        if let (Some(old), Some(new)) = (old, new) {
            walk.visit(old, new, direction);
        }
    }
}

/// Which media types belong together.
#[derive(Default)]
struct Matched<'a> {
    pairs: Vec<(&'a str, &'a str)>,
    /// How each is called, and how it is written.
    removed: Vec<(String, &'a str)>,
    added: Vec<(String, &'a str)>,
}

impl<'a> Matched<'a> {
    /// Those that are spelt the same, those that are the same, and then those that are but for their parameters, where there is no
    /// doubt which.
    fn of(old: &'a Content, new: &'a Content) -> Self {
        let mut matched = Self::default();
        let names = |content: &'a Content| content.keys().map(String::as_str).collect();
        let (mut before, mut after): (Vec<&'a str>, Vec<&'a str>) = (names(old), names(new));
        for key in [str::to_owned, whole, essence] {
            let is_only = |names: &[&str], wanted: &str| {
                let same = names.iter().filter(|name| key(name) == wanted);
                same.count() == 1
            };
            let found: Vec<_> = before
                .iter()
                .filter_map(|was| {
                    let wanted = key(was);
                    let is = after.iter().find(|is| key(is) == wanted)?;
                    let is_clear = is_only(&before, &wanted) && is_only(&after, &wanted);
                    is_clear.then_some((*was, *is))
                })
                .collect();
            before.retain(|was| !found.iter().any(|(known, _)| known == was));
            after.retain(|is| !found.iter().any(|(_, known)| known == is));
            matched.pairs.extend(found);
        }
        // Parameters are told where there are several of a kind.
        let labelled = |content: &'a Content, names: Vec<&'a str>| {
            let labelled = names.into_iter().map(|name| {
                let of_kind = content.keys().filter(|it| essence(it) == essence(name));
                let label = match of_kind.count() {
                    1 => essence(name),
                    _ => whole(name),
                };
                (label, name)
            });
            labelled.collect()
        };
        matched.removed = labelled(old, before);
        matched.added = labelled(new, after);
        matched
    }
}

/// A media type with its parameters, in one way of writing it.
fn whole(name: &str) -> String {
    let mut parts = name.split(';').map(|part| part.trim().to_ascii_lowercase());
    let essence = parts.next().unwrap_or_default();
    let mut parameters: Vec<String> = parts.filter(|part| !part.is_empty()).collect();
    parameters.sort_unstable();
    parameters.insert(0, essence);
    parameters.join("; ")
}

fn essence(name: &str) -> String {
    let essence = name.split(';').next().unwrap_or_default();
    essence.trim().to_ascii_lowercase()
}

pub(super) fn is_json(name: &str) -> bool {
    let essence = essence(name);
    essence.ends_with("/json") || essence.ends_with("+json")
}
