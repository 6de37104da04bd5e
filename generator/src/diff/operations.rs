//! Pairs operations and compares what each says of itself.

use std::collections::{BTreeSet, HashMap};

use indexmap::IndexMap;
use serde_json::Value;

use super::{
    Side, bodies,
    code::FindingCode as Code,
    finding::{Owner, Subject},
    found::{Change, Origin},
    paging, parameters, permissions, responses,
    schemas::Walk,
    security, servers, unrendered, values,
};
use crate::{model::Operation, openapi::Pointer, spec};

/// An operation, as it was read and as it was declared.
#[derive(Clone, Copy)]
pub(super) struct Endpoint<'a> {
    pub(super) side: &'a Side,
    pub(super) model: &'a Operation,
    pub(super) declared: &'a spec::Operation,
}

impl Endpoint<'_> {
    pub(super) fn at(&self) -> &Pointer {
        &self.model.pointer
    }

    fn label(&self) -> String {
        format!("{} {}", self.model.method, self.declared.path)
    }
}

/// Compares all operations.
pub(super) fn compare<'a>(walk: &mut Walk<'a>, old: &'a Side, new: &'a Side) {
    let (old, new) = (endpoints(old), endpoints(new));
    let Pairs {
        pairs,
        removed,
        added,
    } = Pairs::of(&old, &new);
    for (was, is) in pairs {
        walk.found.operations.push(was.model.id.clone());
        let number = walk.found.operations.len() - 1;
        walk.found.go(Origin::Operation(number));
        pair(walk, was, is);
    }
    for (endpoints, code, tail) in [
        (removed, Code::OperationRemoved, "is gone"),
        (added, Code::OperationAdded, "is new"),
    ] {
        for endpoint in endpoints {
            let id = &endpoint.model.id;
            walk.found.operations.push(id.clone());
            let number = walk.found.operations.len() - 1;
            walk.found.go(Origin::Operation(number));
            let change = Change::new(code, &subject(endpoint));
            let change = match code {
                Code::OperationRemoved => change.was(endpoint.label()).old(endpoint.at()),
                _ => change.is(endpoint.label()).new_at(endpoint.at()),
            };
            let message = format!("the operation `{id}` (`{}`) {tail}", endpoint.label());
            walk.found.say(change, message);
        }
    }
    walk.found.go(Origin::Api);
}

/// What findings about a whole operation are about.
pub(super) fn subject(endpoint: Endpoint<'_>) -> Subject {
    Subject::of(Owner::Operation(endpoint.model.id.clone()))
}

fn endpoints(side: &Side) -> Vec<Endpoint<'_>> {
    let declared = side.spec().operations.iter();
    let declared: HashMap<&Pointer, _> =
        declared.map(|declared| (&declared.at, declared)).collect();
    let operations = side.api().operations.iter();
    let found = operations.filter_map(|model| {
        Some(Endpoint {
            side,
            model,
            declared: declared.get(&model.pointer)?,
        })
    });
    found.collect()
}

/// Which operations belong together.
#[derive(Default)]
struct Pairs<'a> {
    pairs: Vec<(Endpoint<'a>, Endpoint<'a>)>,
    removed: Vec<Endpoint<'a>>,
    added: Vec<Endpoint<'a>>,
}

impl<'a> Pairs<'a> {
    /// By method and path first, with and then without the names of parameters, then by id.
    fn of(old: &[Endpoint<'a>], new: &[Endpoint<'a>]) -> Self {
        let by_path = |endpoint: &Endpoint<'a>| endpoint.label();
        let by_shape = |endpoint: &Endpoint<'a>| {
            format!(
                "{} {}",
                endpoint.model.method,
                shape(&endpoint.declared.path)
            )
        };
        let by_id = |endpoint: &Endpoint<'a>| endpoint.model.id.clone();
        let mut pairs = Vec::new();
        let (mut old, mut new) = (old.to_vec(), new.to_vec());
        let keys: [&dyn Fn(&Endpoint<'a>) -> String; 3] = [&by_path, &by_shape, &by_id];
        for key in keys {
            let mut of_key: HashMap<String, Endpoint<'a>> = HashMap::new();
            let mut others = Vec::new();
            for endpoint in new {
                // Of two alike the first is taken, and the other left for the next key.
                match of_key.entry(key(&endpoint)) {
                    std::collections::hash_map::Entry::Vacant(vacant) => {
                        vacant.insert(endpoint);
                    }
                    std::collections::hash_map::Entry::Occupied(_) => others.push(endpoint),
                }
            }
            let mut left = Vec::new();
            for endpoint in old {
                match of_key.remove(&key(&endpoint)) {
                    Some(found) => pairs.push((endpoint, found)),
                    None => left.push(endpoint),
                }
            }
            others.extend(of_key.into_values());
            others.sort_by(|a, b| a.model.id.cmp(&b.model.id));
            (old, new) = (left, others);
        }
        Self {
            pairs,
            removed: old,
            added: new,
        }
    }
}

/// A path without the names of its parameters.
fn shape(path: &str) -> String {
    let mut shape = String::with_capacity(path.len());
    let mut is_inside = false;
    for c in path.chars() {
        is_inside &= c != '}';
        if !is_inside {
            shape.push(c);
        }
        is_inside |= c == '{';
    }
    shape
}

/// Compares two operations.
fn pair<'a>(walk: &mut Walk<'a>, old: Endpoint<'a>, new: Endpoint<'a>) {
    identity(walk, old, new);
    servers::operation(walk, old, new);
    state(walk, old, new);
    security::operation(walk, old, new);
    permissions::compare(walk, old, new);
    paging::compare(walk, old, new);
    parameters::compare(walk, old, new);
    bodies::request(walk, old, new);
    responses::compare(walk, old, new);
    unrendered::callbacks(walk, old, new);
}

/// What an operation is called and where it is.
fn identity(walk: &mut Walk<'_>, old: Endpoint<'_>, new: Endpoint<'_>) {
    let subject = subject(old);
    let mut tell = |code, was: &str, is: &str, tail: String| {
        let change = Change::new(code, &subject).was(was).is(is);
        walk.found.add(change.at(old.at(), new.at()), &tail);
    };
    let (was, is) = (&old.model.id, &new.model.id);
    if was != is {
        let tail = format!(" is called `{is}` now");
        tell(Code::OperationRenamed, was, is, tail);
    }
    let is_moved = old.model.method != new.model.method
        || shape(&old.declared.path) != shape(&new.declared.path);
    if is_moved {
        let (was, is) = (old.label(), new.label());
        let tail = format!(" is `{is}` now, was `{was}`");
        tell(Code::OperationMoved, &was, &is, tail);
    }
    let (was, is) = (&old.model.tag, &new.model.tag);
    if was != is {
        let tail = format!(" belongs to `{is}` now, belonged to `{was}`");
        tell(Code::OperationTagChanged, was, is, tail);
    }
    let server = |endpoint: Endpoint<'_>| {
        let own = endpoint.model.server.clone();
        own.unwrap_or_else(|| "the base URL".to_owned())
    };
    let (was, is) = (server(old), server(new));
    if was != is {
        let tail = format!(" is reached at {is} now, was at {was}");
        tell(Code::OperationServerChanged, &was, &is, tail);
    }
}

/// Whether an operation is to be used, and what is said of it.
fn state(walk: &mut Walk<'_>, old: Endpoint<'_>, new: Endpoint<'_>) {
    let subject = subject(old);
    let flags = [
        (
            old.model.deprecated,
            new.model.deprecated,
            (Code::OperationDeprecated, " is deprecated now"),
            (Code::OperationUndeprecated, " is not deprecated any more"),
        ),
        (
            is_preview(&old.declared.extensions),
            is_preview(&new.declared.extensions),
            (Code::OperationBecamePreview, " is a preview now"),
            (Code::OperationLeftPreview, " is not a preview any more"),
        ),
    ];
    for (was, is, set, unset) in flags {
        let (code, tail) = match is {
            true => set,
            false => unset,
        };
        if was != is {
            let change = Change::new(code, &subject).at(old.at(), new.at());
            walk.found.add(change, tail);
        }
    }
    let text = |endpoint: Endpoint<'_>| {
        let Operation {
            summary,
            description,
            ..
        } = endpoint.model;
        let texts = summary.iter().chain(description);
        texts.map(String::as_str).collect::<Vec<_>>().join("\n")
    };
    let (was, is) = (text(old), text(new));
    values::description(
        &subject,
        (Some(&was), old.at()),
        (Some(&is), new.at()),
        &mut walk.found,
    );
    error_codes(
        walk,
        &subject,
        (&old.declared.extensions, old.at()),
        (&new.declared.extensions, new.at()),
    );
}

/// Whether extensions say that something may change without warning: `x-preview: true` and the like,
/// with any prefix, or a level of stability below stable.
fn is_preview(extensions: &IndexMap<String, Value>) -> bool {
    const WORDS: [&str; 4] = ["preview", "beta", "alpha", "experimental"];
    extensions.iter().any(|(key, value)| {
        let last = key.rsplit('-').next().unwrap_or_default();
        match value {
            Value::Bool(is_set) => *is_set && WORDS.contains(&last),
            Value::String(level) => {
                let is_level = ["-stability", "-stability-level", "-maturity"];
                is_level.iter().any(|ending| key.ends_with(ending))
                    && WORDS.contains(&level.to_ascii_lowercase().as_str())
            }
            _ => false,
        }
    })
}

/// Compares the error codes that an extension lists: the keys of a mapping, or a list.
pub(super) fn error_codes(
    walk: &mut Walk<'_>,
    subject: &Subject,
    (old, old_at): (&IndexMap<String, Value>, &Pointer),
    (new, new_at): (&IndexMap<String, Value>, &Pointer),
) {
    let codes = |extensions: &IndexMap<String, Value>| -> BTreeSet<String> {
        let mut codes = BTreeSet::new();
        for (key, value) in extensions {
            match value {
                _ if !key.ends_with("-error-codes") => {}
                Value::Object(members) => codes.extend(members.keys().cloned()),
                Value::Array(items) => {
                    codes.extend(items.iter().filter_map(Value::as_str).map(str::to_owned));
                }
                _ => {}
            }
        }
        codes
    };
    let (was, is) = (codes(old), codes(new));
    for gone in was.difference(&is) {
        let change = Change::new(Code::ErrorCodeRemoved, subject).was(gone);
        let tail = format!(": the error code `{gone}` is gone");
        walk.found.add(change.at(old_at, new_at), &tail);
    }
    for added in is.difference(&was) {
        let change = Change::new(Code::ErrorCodeAdded, subject).is(added);
        let tail = format!(": the error code `{added}` is new");
        walk.found.add(change.at(old_at, new_at), &tail);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_path_parameters_mean_nothing() {
        assert_eq!(shape("/users/{id}/posts/{post}"), "/users/{}/posts/{}");
        assert_eq!(shape("/users"), "/users");
    }
}
