//! Compares what is said of an API as a whole: where it is, how to log in, what it is called.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Side,
    code::FindingCode as Code,
    finding::{Owner, Subject},
    found::Change,
    schemas::Walk,
    security, values,
};
use crate::{ir::Server, pointer::Pointer};

/// Compares two APIs but for their operations.
pub(super) fn compare(walk: &mut Walk<'_>, old: &Side, new: &Side) {
    texts(walk, old, new);
    servers(walk, &old.api().servers, &new.api().servers);
    security::schemes(walk, old, new);
}

fn texts(walk: &mut Walk<'_>, old: &Side, new: &Side) {
    let at = Pointer::root().join("info");
    let (was, is) = (old.api(), new.api());
    let whole = Subject::of(Owner::Api);
    for (subject, was, is) in [
        (&whole.part("title"), Some(&was.title), Some(&is.title)),
        (&whole, was.description.as_ref(), is.description.as_ref()),
    ] {
        let (was, is) = (was.map(String::as_str), is.map(String::as_str));
        values::description(subject, (was, &at), (is, &at), &mut walk.found);
    }
    let groups: BTreeMap<&str, Option<&str>> = is
        .groups
        .iter()
        .map(|group| (group.tag.as_str(), group.description.as_deref()))
        .collect();
    let at = Pointer::root().join("tags");
    for group in &was.groups {
        if let Some(is) = groups.get(group.tag.as_str()) {
            let subject = whole.part(format!("group `{}`", group.tag));
            let was = group.description.as_deref();
            values::description(&subject, (was, &at), (*is, &at), &mut walk.found);
        }
    }
}

/// Compares servers. The first is the one to use.
fn servers(walk: &mut Walk<'_>, old: &[Server], new: &[Server]) {
    let at = Pointer::root().join("servers");
    let subject = Subject::of(Owner::Api);
    let base = |servers: &[Server]| servers.first().map(Server::default_url);
    let (was, is) = (base(old), base(new));
    if was != is {
        let shown = |url: &Option<String>| match url {
            Some(url) => format!("`{url}`"),
            None => "not told".to_owned(),
        };
        let message = format!("the base URL is {} now, was {}", shown(&is), shown(&was));
        let change = Change::new(Code::BaseUrlChanged, &subject).values(was, is);
        walk.found.say(change.at(&at, &at), message);
    }
    let by_url = |servers: &'_ [Server]| -> BTreeMap<String, Server> {
        let servers = servers.iter();
        servers
            .map(|server| (server.url.clone(), server.clone()))
            .collect()
    };
    let (before, after) = (by_url(old), by_url(new));
    // The first ones have been compared as the base URL.
    let is_first =
        |servers: &[Server], url: &str| servers.first().is_some_and(|server| server.url == url);
    for (url, was) in &before {
        match after.get(url) {
            Some(is) => variables(walk, was, is, is_first(old, url) && is_first(new, url)),
            None if is_first(old, url) => {}
            None => {
                let change = Change::new(Code::ServerRemoved, &subject).was(url);
                let message = format!("the server `{url}` is gone");
                walk.found.say(change.at(&at, &at), message);
            }
        }
    }
    for url in after.keys() {
        if !before.contains_key(url) && !is_first(new, url) {
            let change = Change::new(Code::ServerAdded, &subject).is(url);
            let message = format!("the server `{url}` is new");
            walk.found.say(change.at(&at, &at), message);
        }
    }
}

fn variables(walk: &mut Walk<'_>, old: &Server, new: &Server, is_base: bool) {
    let at = Pointer::root().join("servers");
    let of = |server: &Server| -> BTreeMap<String, (String, BTreeSet<String>)> {
        let variables = server.variables.iter();
        variables
            .map(|variable| {
                let values = variable.values.iter().cloned().collect();
                (variable.name.clone(), (variable.default.clone(), values))
            })
            .collect()
    };
    let (before, after) = (of(old), of(new));
    let subject = Subject::of(Owner::Api).part(format!("server `{}`", old.url));
    for (name, (was, was_values)) in &before {
        let Some((is, is_values)) = after.get(name) else {
            continue;
        };
        // Another default of the base URL has been told.
        if was != is && !is_base {
            let change = Change::new(Code::ServerVariableChanged, &subject);
            let change = change
                .was(format!("{name} {was}"))
                .is(format!("{name} {is}"));
            let tail = format!(": `{name}` is `{is}` now, was `{was}`");
            walk.found.add(change.at(&at, &at), &tail);
        }
        for gone in was_values.difference(is_values) {
            let change = Change::new(Code::ServerVariableChanged, &subject);
            let change = change.was(format!("{name}={gone}"));
            let tail = format!(": `{name}` may not be `{gone}` any more");
            walk.found.add(change.at(&at, &at), &tail);
        }
        for added in is_values.difference(was_values) {
            let change = Change::new(Code::ServerVariableChanged, &subject);
            let change = change.is(format!("{name}={added}"));
            let tail = format!(": `{name}` may be `{added}` now");
            walk.found.add(change.at(&at, &at), &tail);
        }
    }
}
