//! Compares the responses of two operations.

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;
use openapiv3::{Header, ReferenceOr, Response};

use super::{
    Side,
    bodies::{components, content, follow},
    code::FindingCode as Code,
    finding::{Direction, Owner, Subject},
    found::Change,
    operations::{self, Endpoint},
    parameters,
    schemas::Walk,
    unrendered, values,
};
use crate::pointer::Pointer;

/// Compares all responses of two operations, by status.
pub(super) fn compare<'a>(walk: &mut Walk<'a>, old: Endpoint<'a>, new: Endpoint<'a>) {
    let (before, after) = (declared(old), declared(new));
    let subject = operations::subject(old);
    // The model knows what a success is: `default` is one where there is no other.
    let successes = |endpoint: Endpoint<'a>| -> BTreeSet<&'a str> {
        let successes = endpoint.model.successes.iter();
        successes.map(|outcome| outcome.status.as_str()).collect()
    };
    let (were_successes, are_successes) = (successes(old), successes(new));
    for (status, was) in &before {
        if let Some(is) = after.get(status) {
            pair(walk, (old, was), (new, is), status);
            continue;
        }
        let (code, what) = match were_successes.contains(status.as_str()) {
            true => (Code::SuccessStatusRemoved, "success"),
            false => (Code::ErrorStatusRemoved, "failure"),
        };
        let change = Change::new(code, &subject).was(status);
        let tail = format!(": the {what} {status} is gone");
        walk.found.add(change.at(&was.1, new.at()), &tail);
    }
    for (status, is) in &after {
        if before.contains_key(status) {
            continue;
        }
        let (code, what) = match are_successes.contains(status.as_str()) {
            true => (Code::SuccessStatusAdded, "success"),
            false => (Code::ErrorStatusAdded, "failure"),
        };
        let change = Change::new(code, &subject).is(status);
        let tail = format!(": the {what} {status} is new");
        walk.found.add(change.at(old.at(), &is.1), &tail);
    }
}

/// A response, where it stands, and its name if it is a component.
type Declared<'a> = (&'a Response, Pointer, Option<&'a str>);

fn declared(endpoint: Endpoint<'_>) -> BTreeMap<String, Declared<'_>> {
    let responses = &endpoint.declared.responses;
    let coded = responses.responses.iter();
    let coded = coded.map(|(status, response)| (status.to_string(), response));
    let default = responses.default.iter();
    let all = coded.chain(default.map(|response| ("default".to_owned(), response)));
    let section = components(endpoint.side).map(|components| &components.responses);
    let found = all.filter_map(|(status, response)| {
        let at = endpoint.at().join_all(["responses", status.as_str()]);
        Some((status, follow(response, at, section, "responses")?))
    });
    found.collect()
}

fn pair<'a>(
    walk: &mut Walk<'a>,
    (old, (was, old_at, old_shared)): (Endpoint<'a>, &Declared<'a>),
    (new, (is, new_at, new_shared)): (Endpoint<'a>, &Declared<'a>),
    status: &str,
) {
    let subject = match old_shared {
        Some(shared) if new_shared == old_shared => {
            Subject::of(Owner::Shared("response", (*shared).to_owned()))
        }
        _ => operations::subject(old).part(format!("response {status}")),
    };
    values::description(
        &subject,
        (Some(&was.description), old_at),
        (Some(&is.description), new_at),
        &mut walk.found,
    );
    operations::error_codes(
        walk,
        &subject,
        (&was.extensions, old_at),
        (&is.extensions, new_at),
    );
    headers(
        walk,
        &subject,
        (old.side, was, old_at),
        (new.side, is, new_at),
    );
    unrendered::links(walk, &subject, old_at, new_at);
    // What a response to HEAD would carry is not sent.
    if old.model.method == "HEAD" {
        return;
    }
    let emptied = match (was.content.is_empty(), is.content.is_empty()) {
        (true, true) => return,
        (true, false) => Some((Code::ResponseBodyAdded, " carries something now")),
        (false, true) => Some((Code::ResponseBodyRemoved, " carries nothing any more")),
        (false, false) => None,
    };
    match emptied {
        Some((code, tail)) => {
            let change = Change::new(code, &subject).at(old_at, new_at);
            walk.found.add(change, tail);
        }
        None => content(
            walk,
            &subject,
            (&was.content, old_at),
            (&is.content, new_at),
            Direction::Response,
        ),
    }
}

fn headers<'a>(
    walk: &mut Walk<'a>,
    subject: &Subject,
    (old_side, was, old_at): (&'a Side, &'a Response, &Pointer),
    (new_side, is, new_at): (&'a Side, &'a Response, &Pointer),
) {
    let (before, after) = (
        by_name(old_side, &was.headers, old_at),
        by_name(new_side, &is.headers, new_at),
    );
    let part = |name: &str| {
        let whole = match subject.part.is_empty() {
            true => String::new(),
            false => format!(" of {}", subject.part),
        };
        subject.part(format!("header `{name}`{whole}"))
    };
    for (key, (name, was, old_at)) in &before {
        let subject = part(name);
        let Some((_, is, new_at)) = after.get(key) else {
            let change = Change::new(Code::ResponseHeaderRemoved, &subject);
            walk.found.add(change.at(old_at, new_at), " is gone");
            continue;
        };
        let required = match (was.required, is.required) {
            (false, true) => Some((Code::ResponseHeaderBecameRequired, " is always there now")),
            (true, false) => Some((Code::ResponseHeaderBecameOptional, " may be missing now")),
            _ => None,
        };
        if let Some((code, tail)) = required {
            let change = Change::new(code, &subject).at(old_at, new_at);
            walk.found.add(change, tail);
        }
        let deprecated = match (is_deprecated(was), is_deprecated(is)) {
            (false, true) => Some((Code::ResponseHeaderDeprecated, " is deprecated now")),
            (true, false) => Some((
                Code::ResponseHeaderUndeprecated,
                " is not deprecated any more",
            )),
            _ => None,
        };
        if let Some((code, tail)) = deprecated {
            let change = Change::new(code, &subject).at(old_at, new_at);
            walk.found.add(change, tail);
        }
        values::description(
            &subject,
            (was.description.as_deref(), old_at),
            (is.description.as_deref(), new_at),
            &mut walk.found,
        );
        if let (Some(old), Some(new)) = (
            parameters::node(&was.format, old_at, subject.clone()),
            parameters::node(&is.format, new_at, subject),
        ) {
            walk.visit(old, new, Direction::Response);
        }
    }
    for (key, (name, _, at)) in &after {
        if !before.contains_key(key) {
            let change = Change::new(Code::ResponseHeaderAdded, &part(name));
            walk.found.add(change.at(old_at, at), " is new");
        }
    }
}

fn is_deprecated(header: &Header) -> bool {
    header.deprecated.unwrap_or(false)
}

/// Headers by their names, which HTTP tells apart without regard to case.
fn by_name<'a>(
    side: &'a Side,
    headers: &'a IndexMap<String, ReferenceOr<Header>>,
    at: &Pointer,
) -> BTreeMap<String, (&'a str, &'a Header, Pointer)> {
    let section = components(side).map(|components| &components.headers);
    let found = headers.iter().filter_map(|(name, header)| {
        let at = at.join_all(["headers", name]);
        let (header, at, _) = follow(header, at, section, "headers")?;
        Some((name.to_ascii_lowercase(), (name.as_str(), header, at)))
    });
    found.collect()
}
