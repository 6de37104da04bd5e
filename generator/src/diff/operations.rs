//! Pairs operations and compares what each says of itself.

use std::collections::{BTreeSet, HashMap};

use indexmap::IndexMap;
use openapiv3::{Operation as Declared, PathItem, ReferenceOr};
use serde_json::Value;

use super::{
    Side, bodies,
    code::FindingCode as Code,
    finding::{Owner, Subject},
    found::{Change, Origin},
    parameters, responses,
    schemas::Walk,
    security, values,
};
use crate::{
    config::Pagination,
    ir::{Operation, Permissions},
    pointer::Pointer,
};

/// An operation, as it was read and as it was declared.
#[derive(Clone, Copy)]
pub(super) struct Endpoint<'a> {
    pub(super) side: &'a Side,
    pub(super) model: &'a Operation,
    pub(super) item: &'a PathItem,
    pub(super) declared: &'a Declared,
    /// The path, as it is declared.
    pub(super) path: &'a str,
}

impl Endpoint<'_> {
    pub(super) fn at(&self) -> &Pointer {
        &self.model.pointer
    }

    fn label(&self) -> String {
        format!("{} {}", self.model.method, self.path)
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
    let operations = side.api().operations.iter();
    let found = operations.filter_map(|model| {
        let mut tokens = model.pointer.tokens();
        let (path, method) = (tokens.nth(1)?, tokens.next()?);
        let (path, item) = side.openapi().paths.paths.get_key_value(path)?;
        let ReferenceOr::Item(item) = item else {
            return None;
        };
        let (_, declared) = item.iter().find(|(found, _)| *found == method)?;
        Some(Endpoint {
            side,
            model,
            item,
            declared,
            path,
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
        let by_shape =
            |endpoint: &Endpoint<'a>| format!("{} {}", endpoint.model.method, shape(endpoint.path));
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
    state(walk, old, new);
    security::operation(walk, old, new);
    permissions(walk, old, new);
    pagination(walk, old, new);
    parameters::compare(walk, old, new);
    bodies::request(walk, old, new);
    responses::compare(walk, old, new);
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
    let is_moved = old.model.method != new.model.method || shape(old.path) != shape(new.path);
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

/// Compares what callers must be allowed to do.
fn permissions(walk: &mut Walk<'_>, old: Endpoint<'_>, new: Endpoint<'_>) {
    let (was, is) = (needed(old), needed(new));
    let code = match (was.implies(&is), is.implies(&was)) {
        (true, true) => return,
        (true, false) => Code::PermissionsWidened,
        (false, true) => Code::PermissionsNarrowed,
        (false, false) => Code::PermissionsChanged,
    };
    let (was, is) = (was.to_string(), is.to_string());
    let tail = format!(" needs {is} now, needed {was}");
    let change = Change::new(code, &subject(old)).was(was).is(is);
    walk.found.add(change.at(old.at(), new.at()), &tail);
}

/// Permissions of which all or any are needed.
struct Needed {
    all: bool,
    names: BTreeSet<String>,
}

impl Needed {
    /// Whether those who have what this needs have what the other needs.
    fn implies(&self, other: &Self) -> bool {
        match (self.all, other.all) {
            _ if other.names.is_empty() => true,
            _ if self.names.is_empty() => false,
            (true, true) => self.names.is_superset(&other.names),
            (true, false) => !self.names.is_disjoint(&other.names),
            (false, false) => self.names.is_subset(&other.names),
            (false, true) => self.names.len() == 1 && self.names == other.names,
        }
    }
}

impl std::fmt::Display for Needed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names: Vec<&str> = self.names.iter().map(String::as_str).collect();
        match names.as_slice() {
            [] => f.write_str("no permission"),
            [only] => write!(f, "`{only}`"),
            several => {
                let how = if self.all { "all of" } else { "any of" };
                write!(f, "{how} `{}`", several.join("`, `"))
            }
        }
    }
}

/// What the configured extension says, or else one that is named as such.
fn needed(endpoint: Endpoint<'_>) -> Needed {
    if let Some(Permissions { all, names }) = &endpoint.model.permissions {
        return Needed {
            all: *all || names.len() == 1,
            names: names.iter().cloned().collect(),
        };
    }
    let extensions = endpoint.declared.extensions.iter();
    let mut named = extensions.filter(|(key, _)| key.ends_with("-requires-permissions"));
    let value = named.next().map(|(_, value)| value);
    let names = value.and_then(|value| value.get("permissions")?.as_array());
    let names = names.into_iter().flatten().filter_map(Value::as_str);
    let names: BTreeSet<String> = names.map(str::to_owned).collect();
    let kind = value.and_then(|value| value.get("type")?.as_str());
    Needed {
        all: kind != Some("ANY") || names.len() == 1,
        names,
    }
}

/// Compares how lists are handed out page by page.
fn pagination(walk: &mut Walk<'_>, old: Endpoint<'_>, new: Endpoint<'_>) {
    let declared = |endpoint: Endpoint<'_>| {
        let paging = endpoint.model.pagination.as_ref();
        paging.map(|paging| paging.declared.clone())
    };
    let subject = subject(old);
    let mut tell = |code, was: Option<String>, is: Option<String>, tail: String| {
        let change = Change::new(code, &subject).values(was, is);
        walk.found.add(change.at(old.at(), new.at()), &tail);
    };
    let (was, is) = match (declared(old), declared(new)) {
        (None, None) => return,
        (None, Some(is)) => {
            let tail = format!(" hands out its list in pages now, by `{}`", is.style());
            let style = Some(is.style().to_owned());
            return tell(Code::PaginationAppeared, None, style, tail);
        }
        (Some(was), None) => {
            let tail = format!(
                " does not hand out its list in pages any more, did by `{}`",
                was.style()
            );
            let style = Some(was.style().to_owned());
            return tell(Code::PaginationDisappeared, style, None, tail);
        }
        (Some(was), Some(is)) => (was, is),
    };
    if was.style() != is.style() {
        let (was, is) = (was.style().to_owned(), is.style().to_owned());
        let tail = format!(" turns pages by `{is}` now, did by `{was}`");
        return tell(Code::PaginationStyleChanged, Some(was), Some(is), tail);
    }
    let (was, is) = (parts(&was), parts(&is));
    if was.0 != is.0 {
        let (was, is) = (was.0.join("`, `"), is.0.join("`, `"));
        let tail = format!(" selects pages by `{is}` now, did by `{was}`");
        tell(Code::PaginationParametersChanged, Some(was), Some(is), tail);
    }
    if was.1 != is.1 {
        let (was, is) = (was.1.join("`, `"), is.1.join("`, `"));
        let tail = format!(" has pages in `{is}` now, had them in `{was}`");
        tell(Code::PaginationEnvelopeChanged, Some(was), Some(is), tail);
    }
}

/// What selects a page, and where a page holds its entries and what follows.
fn parts(declared: &Pagination) -> (Vec<String>, Vec<String>) {
    let (inputs, told) = match declared {
        Pagination::Page {
            number,
            size,
            count,
            ..
        }
        | Pagination::Body {
            number,
            size,
            count,
            ..
        } => (vec![number, size], count.as_ref()),
        Pagination::Offset {
            offset,
            size,
            total,
            ..
        } => (vec![offset, size], total.as_ref()),
        Pagination::Cursor { cursor, next, .. } => (vec![cursor], Some(next)),
        Pagination::Keyset { after, next, .. } => (vec![after], Some(next)),
        Pagination::NextUrl { next, .. } => (Vec::new(), Some(next)),
        Pagination::LinkHeader { .. } | Pagination::None => (Vec::new(), None),
    };
    let outputs = std::iter::once(declared.items().to_owned()).chain(told.cloned());
    (inputs.into_iter().cloned().collect(), outputs.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_path_parameters_mean_nothing() {
        assert_eq!(shape("/users/{id}/posts/{post}"), "/users/{}/posts/{}");
        assert_eq!(shape("/users"), "/users");
    }

    #[test]
    fn permissions_imply_others() {
        let needed = |all, names: &[&str]| Needed {
            all,
            names: names.iter().map(|name| (*name).to_owned()).collect(),
        };
        let implies = |a: Needed, b: Needed| (a.implies(&b), b.implies(&a));
        assert_eq!(
            implies(needed(true, &["a", "b"]), needed(true, &["a"])),
            (true, false)
        );
        assert_eq!(
            implies(needed(false, &["a"]), needed(false, &["a", "b"])),
            (true, false)
        );
        assert_eq!(
            implies(needed(true, &["a", "b"]), needed(false, &["a", "b"])),
            (true, false)
        );
        assert_eq!(
            implies(needed(true, &["a"]), needed(true, &["b"])),
            (false, false)
        );
        assert_eq!(
            implies(needed(true, &[]), needed(true, &["b"])),
            (false, true)
        );
    }
}
