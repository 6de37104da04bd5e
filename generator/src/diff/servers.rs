//! Compares servers, of an API and of single operations, and the variables of their URLs.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Side,
    code::FindingCode as Code,
    finding::{Owner, Subject},
    found::Change,
    operations::{self, Endpoint},
    schemas::Walk,
};
use crate::{
    openapi::Pointer,
    spec::{Server, ServerVariable},
};

/// Compares the servers of two APIs. The first is the one to use.
pub(super) fn compare(walk: &mut Walk<'_>, old: &Side, new: &Side) {
    let at = Pointer::root().join("servers");
    let subject = Subject::of(Owner::Api);
    let base = |side: &Side| {
        side.api()
            .servers
            .first()
            .map(crate::model::Server::default_url)
            // Paths begin with a slash of their own.
            .map(|url| url.trim_end_matches('/').to_owned())
    };
    let (was, is) = (base(old), base(new));
    let is_elsewhere = was != is;
    if is_elsewhere {
        let shown = |url: &Option<String>| match url {
            Some(url) => format!("`{url}`"),
            None => "not told".to_owned(),
        };
        let message = format!("the base URL is {} now, was {}", shown(&is), shown(&was));
        let change = Change::new(Code::BaseUrlChanged, &subject).values(was, is);
        walk.found.say(change.at(&at, &at), message);
    }
    let lists = Lists {
        old: (&old.spec().servers, at.clone()),
        new: (&new.spec().servers, at),
        is_elsewhere,
    };
    lists.compare(walk, &subject);
}

/// Compares the servers that two operations have to themselves. That one of them has some and the
/// other has none was said with where its calls go.
pub(super) fn operation(walk: &mut Walk<'_>, old: Endpoint<'_>, new: Endpoint<'_>) {
    let lists = Lists {
        old: own(old),
        new: own(new),
        is_elsewhere: old.model.server != new.model.server,
    };
    if !lists.old.0.is_empty() && !lists.new.0.is_empty() {
        lists.compare(walk, &operations::subject(old));
    }
}

/// The servers of an operation, or else those of its path.
fn own(endpoint: Endpoint<'_>) -> (&[Server], Pointer) {
    if !endpoint.declared.servers.is_empty() {
        return (&endpoint.declared.servers, endpoint.at().join("servers"));
    }
    let path = endpoint.at().parent().unwrap_or_default();
    (&endpoint.declared.path_servers, path.join("servers"))
}

/// What two lists of servers are, and where they stand.
struct Lists<'a> {
    old: (&'a [Server], Pointer),
    new: (&'a [Server], Pointer),
    /// Whether it was said that calls go elsewhere.
    is_elsewhere: bool,
}

impl<'a> Lists<'a> {
    fn compare(&self, walk: &mut Walk<'_>, subject: &Subject) {
        let (before, after) = (by_url(&self.old), by_url(&self.new));
        // The first ones are compared as what calls go to, whatever their URLs.
        let first = |list: &(&'a [Server], Pointer)| list.0.first().map(|it| it.url.as_str());
        let (old_first, new_first) = (first(&self.old), first(&self.new));
        for (url, was) in &before {
            if let Some(is) = after.get(url) {
                let are_first = old_first == Some(url) && new_first == Some(url);
                self.variables(walk, subject, was, is, are_first);
            } else if old_first == Some(url) {
                let other = new_first.filter(|url| !before.contains_key(url));
                if let Some(is) = other.and_then(|url| after.get(url)) {
                    self.variables(walk, subject, was, is, true);
                }
            } else {
                let change = Change::new(Code::ServerRemoved, subject).was(*url);
                let message = format!("{} is gone", named(subject, url));
                walk.found.say(change.at(&was.at, &self.new.1), message);
            }
        }
        for (url, is) in &after {
            if !before.contains_key(url) && new_first != Some(url) {
                let change = Change::new(Code::ServerAdded, subject).is(*url);
                let message = format!("{} is new", named(subject, url));
                walk.found.say(change.at(&self.old.1, &is.at), message);
            }
        }
    }

    fn variables(
        &self,
        walk: &mut Walk<'_>,
        subject: &Subject,
        old: &Listed<'a>,
        new: &Listed<'a>,
        are_first: bool,
    ) {
        let subject = named(subject, old.url);
        for (name, was) in &old.variables {
            let old_at = old.variable_at(name);
            let Some(is) = new.variables.get(name) else {
                let change = Change::new(Code::ServerVariableRemoved, &subject).was(*name);
                let tail = format!(": the variable `{name}` is gone");
                walk.found.add(change.at(&old_at, &new.at), &tail);
                continue;
            };
            let new_at = new.variable_at(name);
            let mut tell = |change: Change, tail: String| {
                walk.found.add(change.at(&old_at, &new_at), &tail);
            };
            let (default, now) = (&was.default, &is.default);
            // Another default of what calls go to has been told.
            if default != now && !(are_first && self.is_elsewhere) {
                let change = Change::new(Code::ServerVariableChanged, &subject);
                tell(
                    change
                        .was(format!("{name} {default}"))
                        .is(format!("{name} {now}")),
                    format!(": `{name}` is `{now}` now, was `{default}`"),
                );
            }
            let (values, others) = (listed(was), listed(is));
            match (values.is_empty(), others.is_empty()) {
                (true, false) => {
                    let all: Vec<&str> = others.iter().copied().collect();
                    let change = Change::new(Code::ServerVariableClosed, &subject);
                    let tail = format!(": `{name}` may be nothing but `{}` now", all.join("`, `"));
                    tell(change.is(format!("{name}={}", all.join(","))), tail);
                }
                (false, true) => {
                    let change = Change::new(Code::ServerVariableOpened, &subject).was(*name);
                    tell(change, format!(": `{name}` may be anything now"));
                }
                _ => {
                    for gone in values.difference(&others) {
                        let change = Change::new(Code::ServerVariableValueRemoved, &subject);
                        let tail = format!(": `{name}` may not be `{gone}` any more");
                        tell(change.was(format!("{name}={gone}")), tail);
                    }
                    for added in others.difference(&values) {
                        let change = Change::new(Code::ServerVariableValueAdded, &subject);
                        let tail = format!(": `{name}` may be `{added}` now");
                        tell(change.is(format!("{name}={added}")), tail);
                    }
                }
            }
        }
        for name in new.variables.keys() {
            if !old.variables.contains_key(name) {
                let change = Change::new(Code::ServerVariableAdded, &subject).is(*name);
                let tail = format!(": the variable `{name}` is new");
                let at = new.variable_at(name);
                walk.found.add(change.at(&old.at, &at), &tail);
            }
        }
    }
}

/// A server, and where it stands.
struct Listed<'a> {
    url: &'a str,
    variables: BTreeMap<&'a str, &'a ServerVariable>,
    at: Pointer,
}

impl Listed<'_> {
    fn variable_at(&self, name: &str) -> Pointer {
        self.at.join_all(["variables", name])
    }
}

/// Servers by their URLs, in which the variables stand in braces. Of two alike the last is taken.
fn by_url<'a>((servers, at): &(&'a [Server], Pointer)) -> BTreeMap<&'a str, Listed<'a>> {
    let of_url = |(index, server): (usize, &'a Server)| {
        let variables = server.variables.iter();
        let listed = Listed {
            url: &server.url,
            variables: variables.map(|it| (it.name.as_str(), it)).collect(),
            at: at.join(index.to_string()),
        };
        (server.url.as_str(), listed)
    };
    servers.iter().enumerate().map(of_url).collect()
}

fn listed(variable: &ServerVariable) -> BTreeSet<&str> {
    variable.values.iter().map(String::as_str).collect()
}

fn named(subject: &Subject, url: &str) -> Subject {
    subject.part(format!("server `{url}`"))
}
