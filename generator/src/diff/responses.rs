//! Compares the responses of two operations.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    bodies::content,
    code::FindingCode as Code,
    finding::{Direction, Owner, Subject},
    found::Change,
    operations::{self, Endpoint},
    parameters,
    schemas::Walk,
    unrendered, values,
};
use crate::spec::{Header, Response, Use};

/// Compares all responses of two operations, by status.
pub(super) fn compare<'a>(walk: &mut Walk<'a>, old: Endpoint<'a>, new: Endpoint<'a>) {
    let (before, after) = (declared(old), declared(new));
    let subject = operations::subject(old);
    // The model knows what a success is: `default` is one where there is no other.
    let successes = |endpoint: Endpoint<'a>| -> BTreeSet<&'a str> {
        let successes = endpoint.model.success_responses.iter();
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
        walk.found.add(change.at(&was.declared, new.at()), &tail);
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
        walk.found.add(change.at(old.at(), &is.declared), &tail);
    }
}

fn declared(endpoint: Endpoint<'_>) -> BTreeMap<String, &Use<Response>> {
    let responses = endpoint.declared.responses.iter();
    responses
        .map(|(status, response)| (status.to_string(), response))
        .collect()
}

fn pair<'a>(
    walk: &mut Walk<'a>,
    (old, was): (Endpoint<'a>, &'a Use<Response>),
    (_, is): (Endpoint<'a>, &'a Use<Response>),
    status: &str,
) {
    let (old_at, new_at) = (&was.declared, &is.declared);
    let subject = match &was.component {
        Some(shared) if is.component == was.component => {
            Subject::of(Owner::Shared("response", shared.clone()))
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
    headers(walk, &subject, was, is);
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
    was: &'a Use<Response>,
    is: &'a Use<Response>,
) {
    let (old_at, new_at) = (&was.declared, &is.declared);
    let (before, after) = (by_name(was), by_name(is));
    let part = |name: &str| {
        let whole = match subject.part.is_empty() {
            true => String::new(),
            false => format!(" of {}", subject.part),
        };
        subject.part(format!("header `{name}`{whole}"))
    };
    for (key, (name, was)) in &before {
        let subject = part(name);
        let Some((_, is)) = after.get(key) else {
            let change = Change::new(Code::ResponseHeaderRemoved, &subject);
            walk.found.add(change.at(&was.declared, new_at), " is gone");
            continue;
        };
        let (old_at, new_at) = (&was.declared, &is.declared);
        let required = match (was.required, is.required) {
            (false, true) => Some((Code::ResponseHeaderBecameRequired, " is always there now")),
            (true, false) => Some((Code::ResponseHeaderBecameOptional, " may be missing now")),
            _ => None,
        };
        if let Some((code, tail)) = required {
            let change = Change::new(code, &subject).at(old_at, new_at);
            walk.found.add(change, tail);
        }
        let deprecated = match (was.deprecated, is.deprecated) {
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
            parameters::node(&was.value, old_at, subject.clone()),
            parameters::node(&is.value, new_at, subject),
        ) {
            walk.visit(old, new, Direction::Response);
        }
    }
    for (key, (name, is)) in &after {
        if !before.contains_key(key) {
            let change = Change::new(Code::ResponseHeaderAdded, &part(name));
            walk.found.add(change.at(old_at, &is.declared), " is new");
        }
    }
}

/// Headers by their names, which HTTP tells apart without regard to case.
fn by_name(response: &Response) -> BTreeMap<String, (&str, &Use<Header>)> {
    let headers = response.headers.iter();
    headers
        .map(|(name, header)| (name.to_ascii_lowercase(), (name.as_str(), header)))
        .collect()
}
