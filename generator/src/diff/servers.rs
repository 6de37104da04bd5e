//! Compares servers, of an API and of single operations, and the variables of their URLs.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    code::FindingCode as Code,
    comparison::Comparison,
    endpoint::Endpoint,
    finding::{Owner, Subject},
    findings::{Change, Findings},
    side::Side,
};
use crate::{
    model,
    openapi::Pointer,
    spec::{Server, ServerVariable},
};

/// Compares the servers of two APIs. The first server is the base URL of requests.
pub(super) fn compare(comparison: &mut Comparison<'_>, old: &Side, new: &Side) {
    let at = Pointer::root().join("servers");
    let subject = Subject::of(Owner::Api);
    let (was, is) = (base_url(old), base_url(new));
    let has_moved = was != is;
    if has_moved {
        let shown = |url: &Option<String>| match url {
            Some(url) => format!("`{url}`"),
            None => "none".to_owned(),
        };
        let message = format!(
            "the base URL changed from {} to {}",
            shown(&was),
            shown(&is)
        );
        let change = Change::new(Code::BaseUrlChanged, &subject).values(was, is);
        let change = change.at(&at, &at);
        comparison.findings.add_with_message(change, message);
    }
    let lists = Lists {
        old: (&old.spec().servers, at.clone()),
        new: (&new.spec().servers, at),
        has_moved,
    };
    lists.compare(&subject, &mut comparison.findings);
}

/// The URL of the first server, without the slash that paths begin with.
fn base_url(side: &Side) -> Option<String> {
    let first = side.api().servers.first();
    let url = first.map(model::Server::default_url)?;
    Some(url.trim_end_matches('/').to_owned())
}

/// Compares the servers that two operations have of their own. If one of them has none, the change of
/// server was reported with the operation.
pub(super) fn operation(comparison: &mut Comparison<'_>, old: Endpoint<'_>, new: Endpoint<'_>) {
    let lists = Lists {
        old: own(old),
        new: own(new),
        has_moved: old.model.server != new.model.server,
    };
    if !lists.old.0.is_empty() && !lists.new.0.is_empty() {
        lists.compare(&old.subject(), &mut comparison.findings);
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

/// Two lists of servers, each with its node.
struct Lists<'a> {
    old: (&'a [Server], Pointer),
    new: (&'a [Server], Pointer),
    /// Whether requests go to another server, which has been reported.
    has_moved: bool,
}

impl<'a> Lists<'a> {
    fn compare(&self, subject: &Subject, findings: &mut Findings) {
        let (before, after) = (by_url(&self.old), by_url(&self.new));
        // Requests go to the first servers, which compare whatever their URLs.
        let first = |list: &(&'a [Server], Pointer)| list.0.first().map(|it| it.url.as_str());
        let (old_first, new_first) = (first(&self.old), first(&self.new));
        for (url, was) in &before {
            let is_first = old_first == Some(url);
            if let Some(is) = after.get(url) {
                let variables = Variables {
                    subject: named(subject, url),
                    old: was,
                    new: is,
                    // A new default of the base URL has been reported.
                    reports_defaults: !(self.has_moved && is_first && new_first == Some(url)),
                };
                variables.compare(findings);
            } else if is_first {
                let counterpart = new_first.filter(|url| !before.contains_key(url));
                if let Some(is) = counterpart.and_then(|url| after.get(url)) {
                    let variables = Variables {
                        subject: named(subject, url),
                        old: was,
                        new: is,
                        reports_defaults: !self.has_moved,
                    };
                    variables.compare(findings);
                }
            } else {
                let change = Change::new(Code::ServerRemoved, subject).was(*url);
                let message = format!("{} was removed", named(subject, url));
                findings.add_with_message(change.at(&was.at, &self.new.1), message);
            }
        }
        for (url, is) in &after {
            if !before.contains_key(url) && new_first != Some(url) {
                let change = Change::new(Code::ServerAdded, subject).is(*url);
                let message = format!("{} was added", named(subject, url));
                findings.add_with_message(change.at(&self.old.1, &is.at), message);
            }
        }
    }
}

/// The variables of a server on both sides.
struct Variables<'l, 'a> {
    subject: Subject,
    old: &'l Listed<'a>,
    new: &'l Listed<'a>,
    reports_defaults: bool,
}

impl Variables<'_, '_> {
    fn compare(&self, findings: &mut Findings) {
        let (old, new) = (&self.old.variables, &self.new.variables);
        for (name, was) in old {
            match new.get(name) {
                Some(is) => self.variable(findings, name, was, is),
                None => {
                    let change = Change::new(Code::ServerVariableRemoved, &self.subject).was(*name);
                    let change = change.at(&self.old.variable_at(name), &self.new.at);
                    let tail = format!(": the variable `{name}` was removed");
                    findings.add(change, &tail);
                }
            }
        }
        for name in new.keys().filter(|name| !old.contains_key(*name)) {
            let change = Change::new(Code::ServerVariableAdded, &self.subject).is(*name);
            let change = change.at(&self.old.at, &self.new.variable_at(name));
            let tail = format!(": the variable `{name}` was added");
            findings.add(change, &tail);
        }
    }

    fn variable(
        &self,
        findings: &mut Findings,
        name: &str,
        was: &ServerVariable,
        is: &ServerVariable,
    ) {
        let (old_at, new_at) = (self.old.variable_at(name), self.new.variable_at(name));
        let change = |code| Change::new(code, &self.subject).at(&old_at, &new_at);
        let (old, new) = (&was.default, &is.default);
        if old != new && self.reports_defaults {
            let change = change(Code::ServerVariableChanged)
                .was(format!("{name} {old}"))
                .is(format!("{name} {new}"));
            let tail = format!(": the default of `{name}` changed from `{old}` to `{new}`");
            findings.add(change, &tail);
        }
        let (before, after) = (values(was), values(is));
        match (before.is_empty(), after.is_empty()) {
            (true, false) => {
                let all: Vec<&str> = after.iter().copied().collect();
                let change = change(Code::ServerVariableClosed);
                let change = change.is(format!("{name}={}", all.join(",")));
                let tail = format!(": `{name}` is now restricted to `{}`", all.join("`, `"));
                findings.add(change, &tail);
            }
            (false, true) => {
                let change = change(Code::ServerVariableOpened).was(name);
                findings.add(change, &format!(": `{name}` now accepts any value"));
            }
            _ => {
                for removed in before.difference(&after) {
                    let change = change(Code::ServerVariableValueRemoved);
                    let tail = format!(": `{name}` no longer accepts `{removed}`");
                    findings.add(change.was(format!("{name}={removed}")), &tail);
                }
                for added in after.difference(&before) {
                    let change = change(Code::ServerVariableValueAdded);
                    let tail = format!(": `{name}` now accepts `{added}`");
                    findings.add(change.is(format!("{name}={added}")), &tail);
                }
            }
        }
    }
}

/// A server and its node.
struct Listed<'a> {
    variables: BTreeMap<&'a str, &'a ServerVariable>,
    at: Pointer,
}

impl Listed<'_> {
    fn variable_at(&self, name: &str) -> Pointer {
        self.at.join_all(["variables", name])
    }
}

/// Servers by their URLs, with variables in braces. Of several with the same URL the last counts.
fn by_url<'a>((servers, at): &(&'a [Server], Pointer)) -> BTreeMap<&'a str, Listed<'a>> {
    let of_url = |(index, server): (usize, &'a Server)| {
        let variables = server.variables.iter();
        let listed = Listed {
            variables: variables.map(|it| (it.name.as_str(), it)).collect(),
            at: at.join(index.to_string()),
        };
        (server.url.as_str(), listed)
    };
    servers.iter().enumerate().map(of_url).collect()
}

fn values(variable: &ServerVariable) -> BTreeSet<&str> {
    variable.values.iter().map(String::as_str).collect()
}

fn named(subject: &Subject, url: &str) -> Subject {
    subject.part(format!("server `{url}`"))
}
