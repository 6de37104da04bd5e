//! Compares the responses of two operations.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    bodies::content,
    code::FindingCode as Code,
    comparison::Comparison,
    endpoint::Endpoint,
    error_codes,
    finding::{Direction, Owner, Subject},
    findings::Change,
    node::Node,
    unrendered, values,
};
use crate::spec::{Header, Response, Use};

/// Compares all responses of two operations, by status.
pub(super) fn compare<'a>(comparison: &mut Comparison<'a>, old: Endpoint<'a>, new: Endpoint<'a>) {
    let (before, after) = (by_status(old), by_status(new));
    let (old_successes, new_successes) = (successes(old), successes(new));
    let subject = old.subject();
    for (status, was) in &before {
        if let Some(is) = after.get(status) {
            let own = subject.part(format!("response {status}"));
            pair(comparison, own, old.model.method, (was, is));
            continue;
        }
        let (code, what) = match old_successes.contains(status.as_str()) {
            true => (Code::SuccessStatusRemoved, "success"),
            false => (Code::ErrorStatusRemoved, "error"),
        };
        let change = Change::new(code, &subject).was(status);
        let tail = format!(": the {what} status {status} was removed");
        comparison
            .findings
            .add(change.at(&was.declared, new.at()), &tail);
    }
    for (status, is) in &after {
        if before.contains_key(status) {
            continue;
        }
        let (code, what) = match new_successes.contains(status.as_str()) {
            true => (Code::SuccessStatusAdded, "success"),
            false => (Code::ErrorStatusAdded, "error"),
        };
        let change = Change::new(code, &subject).is(status);
        let tail = format!(": the {what} status {status} was added");
        comparison
            .findings
            .add(change.at(old.at(), &is.declared), &tail);
    }
}

fn by_status(endpoint: Endpoint<'_>) -> BTreeMap<String, &Use<Response>> {
    let responses = endpoint.declared.responses.iter();
    responses
        .map(|(status, response)| (status.to_string(), response))
        .collect()
}

/// The statuses of success. The model decides: `default` is one if there is no other.
fn successes(endpoint: Endpoint<'_>) -> BTreeSet<&str> {
    let successes = endpoint.model.success_responses.iter();
    successes.map(|outcome| outcome.status.as_str()).collect()
}

fn pair<'a>(
    comparison: &mut Comparison<'a>,
    own: Subject,
    method: &str,
    (was, is): (&'a Use<Response>, &'a Use<Response>),
) {
    let (old_at, new_at) = (&was.declared, &is.declared);
    let subject = match &was.component {
        Some(shared) if is.component == was.component => {
            Subject::of(Owner::Shared("response", shared.clone()))
        }
        _ => own,
    };
    values::description(
        &subject,
        (Some(&was.description), old_at),
        (Some(&is.description), new_at),
        &mut comparison.findings,
    );
    error_codes::compare(
        &subject,
        (&was.extensions, old_at),
        (&is.extensions, new_at),
        &mut comparison.findings,
    );
    headers(comparison, &subject, was, is);
    unrendered::links(comparison, &subject, old_at, new_at);
    // Responses to HEAD are sent without the body they describe.
    if method != "HEAD" {
        body(comparison, &subject, was, is);
    }
}

fn body<'a>(
    comparison: &mut Comparison<'a>,
    subject: &Subject,
    was: &'a Use<Response>,
    is: &'a Use<Response>,
) {
    let (old_at, new_at) = (&was.declared, &is.declared);
    let (code, tail) = match (was.content.is_empty(), is.content.is_empty()) {
        (true, true) => return,
        (true, false) => (Code::ResponseBodyAdded, " now has a body"),
        (false, true) => (Code::ResponseBodyRemoved, " no longer has a body"),
        (false, false) => {
            let (old, new) = ((&was.content, old_at), (&is.content, new_at));
            return content(comparison, subject, old, new, Direction::Response);
        }
    };
    let change = Change::new(code, subject).at(old_at, new_at);
    comparison.findings.add(change, tail);
}

fn headers<'a>(
    comparison: &mut Comparison<'a>,
    subject: &Subject,
    was: &'a Use<Response>,
    is: &'a Use<Response>,
) {
    let (old_at, new_at) = (&was.declared, &is.declared);
    let (before, after) = (by_name(was), by_name(is));
    let of_header = |name: &str| match subject.part.as_str() {
        "" => subject.part(format!("header `{name}`")),
        response => subject.part(format!("header `{name}` of {response}")),
    };
    for (key, (name, was)) in &before {
        let subject = of_header(name);
        if let Some((_, is)) = after.get(key) {
            header(comparison, &subject, was, is);
            continue;
        }
        let change = Change::new(Code::ResponseHeaderRemoved, &subject);
        let change = change.at(&was.declared, new_at);
        comparison.findings.add(change, " was removed");
    }
    for (key, (name, is)) in &after {
        if !before.contains_key(key) {
            let change = Change::new(Code::ResponseHeaderAdded, &of_header(name));
            let change = change.at(old_at, &is.declared);
            comparison.findings.add(change, " was added");
        }
    }
}

fn header<'a>(
    comparison: &mut Comparison<'a>,
    subject: &Subject,
    was: &'a Use<Header>,
    is: &'a Use<Header>,
) {
    let (old_at, new_at) = (&was.declared, &is.declared);
    let required = match (was.required, is.required) {
        (false, true) => Some((Code::ResponseHeaderBecameRequired, " is now always sent")),
        (true, false) => Some((Code::ResponseHeaderBecameOptional, " may now be absent")),
        _ => None,
    };
    let deprecated = match (was.deprecated, is.deprecated) {
        (false, true) => Some((Code::ResponseHeaderDeprecated, " is now deprecated")),
        (true, false) => Some((Code::ResponseHeaderUndeprecated, " is no longer deprecated")),
        _ => None,
    };
    for (code, tail) in required.into_iter().chain(deprecated) {
        let change = Change::new(code, subject).at(old_at, new_at);
        comparison.findings.add(change, tail);
    }
    values::description(
        subject,
        (was.description.as_deref(), old_at),
        (is.description.as_deref(), new_at),
        &mut comparison.findings,
    );
    let old = Node::of_value(&was.value, old_at, subject.clone());
    let new = Node::of_value(&is.value, new_at, subject.clone());
    if let (Some(old), Some(new)) = (old, new) {
        comparison.visit(old, new, Direction::Response);
    }
}

/// Headers by their names in lowercase, because HTTP ignores their case.
fn by_name(response: &Response) -> BTreeMap<String, (&str, &Use<Header>)> {
    let headers = response.headers.iter();
    headers
        .map(|(name, header)| (name.to_ascii_lowercase(), (name.as_str(), header)))
        .collect()
}
