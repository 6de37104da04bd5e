//! Pairs operations and compares each pair.

use std::collections::{HashMap, hash_map::Entry};

use indexmap::IndexMap;
use serde_json::Value;

use super::{
    bodies, code::FindingCode as Code, comparison::Comparison, endpoint::Endpoint, error_codes,
    findings::Change, paging, parameters, permissions, responses, security, servers, side::Side,
    unrendered, values,
};

/// Compares all operations.
pub(super) fn compare<'a>(comparison: &mut Comparison<'a>, old: &'a Side, new: &'a Side) {
    let Pairing {
        pairs,
        removed,
        added,
    } = Pairing::of(Endpoint::all(old), Endpoint::all(new));
    for (was, is) in pairs {
        comparison.findings.enter_operation(&was.model.id);
        pair(comparison, was, is);
    }
    for old in removed {
        let change = Change::new(Code::OperationRemoved, &old.subject());
        let change = change.was(old.label()).old_at(old.at());
        added_or_removed(comparison, old, change, "was removed");
    }
    for new in added {
        let change = Change::new(Code::OperationAdded, &new.subject());
        let change = change.is(new.label()).new_at(new.at());
        added_or_removed(comparison, new, change, "was added");
    }
    comparison.findings.leave();
}

fn added_or_removed(
    comparison: &mut Comparison<'_>,
    endpoint: Endpoint<'_>,
    change: Change,
    what: &str,
) {
    let id = &endpoint.model.id;
    let message = format!("the operation `{id}` (`{}`) {what}", endpoint.label());
    comparison.findings.enter_operation(id);
    comparison.findings.add_with_message(change, message);
}

/// The operations of two descriptions, paired.
struct Pairing<'a> {
    pairs: Vec<(Endpoint<'a>, Endpoint<'a>)>,
    removed: Vec<Endpoint<'a>>,
    added: Vec<Endpoint<'a>>,
}

impl<'a> Pairing<'a> {
    /// Pairs by method and path, then by method and path without the names of parameters, then by id.
    fn of(removed: Vec<Endpoint<'a>>, added: Vec<Endpoint<'a>>) -> Self {
        let mut pairing = Self {
            pairs: Vec::new(),
            removed,
            added,
        };
        pairing.pair_by(Endpoint::label);
        pairing.pair_by(|endpoint| {
            let shape = shape(&endpoint.declared.path);
            format!("{} {shape}", endpoint.model.method)
        });
        pairing.pair_by(|endpoint| endpoint.model.id.clone());
        pairing
    }

    /// Pairs operations of the same key. If several share one, the first is paired, and the others are left
    /// for the next key.
    fn pair_by(&mut self, key: impl Fn(&Endpoint<'a>) -> String) {
        let mut by_key: HashMap<String, Endpoint<'a>> = HashMap::new();
        let mut others = Vec::new();
        for endpoint in std::mem::take(&mut self.added) {
            match by_key.entry(key(&endpoint)) {
                Entry::Vacant(vacant) => {
                    vacant.insert(endpoint);
                }
                Entry::Occupied(_) => others.push(endpoint),
            }
        }
        self.removed
            .retain(|endpoint| match by_key.remove(&key(endpoint)) {
                Some(counterpart) => {
                    self.pairs.push((*endpoint, counterpart));
                    false
                }
                None => true,
            });
        others.extend(by_key.into_values());
        others.sort_by(|a, b| a.model.id.cmp(&b.model.id));
        self.added = others;
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
fn pair<'a>(comparison: &mut Comparison<'a>, old: Endpoint<'a>, new: Endpoint<'a>) {
    identity(comparison, old, new);
    servers::operation(comparison, old, new);
    stability(comparison, old, new);
    texts(comparison, old, new);
    security::operation(comparison, old, new);
    permissions::compare(comparison, old, new);
    paging::compare(comparison, old, new);
    parameters::compare(comparison, old, new);
    bodies::request(comparison, old, new);
    responses::compare(comparison, old, new);
    unrendered::callbacks(comparison, old, new);
}

/// Compares the id, the path, the tag and the server.
fn identity(comparison: &mut Comparison<'_>, old: Endpoint<'_>, new: Endpoint<'_>) {
    let subject = old.subject();
    let mut add = |code, was: &str, is: &str, tail: String| {
        let change = Change::new(code, &subject).was(was).is(is);
        comparison
            .findings
            .add(change.at(old.at(), new.at()), &tail);
    };
    let (was, is) = (&old.model.id, &new.model.id);
    if was != is {
        let tail = format!(" was renamed to `{is}`");
        add(Code::OperationRenamed, was, is, tail);
    }
    let is_moved = old.model.method != new.model.method
        || shape(&old.declared.path) != shape(&new.declared.path);
    if is_moved {
        let (was, is) = (old.label(), new.label());
        let tail = format!(" moved from `{was}` to `{is}`");
        add(Code::OperationMoved, &was, &is, tail);
    }
    let (was, is) = (&old.model.tag, &new.model.tag);
    if was != is {
        let tail = format!(": the tag changed from `{was}` to `{is}`");
        add(Code::OperationTagChanged, was, is, tail);
    }
    let (was, is) = (server(old), server(new));
    if was != is {
        let tail = format!(": the server changed from {was} to {is}");
        add(Code::OperationServerChanged, was, is, tail);
    }
}

fn server(endpoint: Endpoint<'_>) -> &str {
    let own = endpoint.model.server.as_deref();
    own.unwrap_or("the base URL")
}

/// Compares whether operations are deprecated or previews.
fn stability(comparison: &mut Comparison<'_>, old: Endpoint<'_>, new: Endpoint<'_>) {
    let deprecated = match (old.model.deprecated, new.model.deprecated) {
        (false, true) => Some((Code::OperationDeprecated, " is now deprecated")),
        (true, false) => Some((Code::OperationUndeprecated, " is no longer deprecated")),
        _ => None,
    };
    let preview = match (
        is_preview(&old.declared.extensions),
        is_preview(&new.declared.extensions),
    ) {
        (false, true) => Some((Code::OperationBecamePreview, " is now a preview")),
        (true, false) => Some((Code::OperationLeftPreview, " is no longer a preview")),
        _ => None,
    };
    for (code, tail) in deprecated.into_iter().chain(preview) {
        let change = Change::new(code, &old.subject()).at(old.at(), new.at());
        comparison.findings.add(change, tail);
    }
}

/// Whether extensions mark something as likely to change: `x-preview: true` and the like, with any
/// prefix, or a level of stability below stable.
fn is_preview(extensions: &IndexMap<String, Value>) -> bool {
    const WORDS: [&str; 4] = ["preview", "beta", "alpha", "experimental"];
    extensions.iter().any(|(key, value)| {
        let last = key.rsplit('-').next().unwrap_or_default();
        match value {
            Value::Bool(is_set) => *is_set && WORDS.contains(&last),
            Value::String(level) => {
                let endings = ["-stability", "-stability-level", "-maturity"];
                endings.iter().any(|ending| key.ends_with(ending))
                    && WORDS.contains(&level.to_ascii_lowercase().as_str())
            }
            _ => false,
        }
    })
}

/// Compares descriptions and error codes.
fn texts(comparison: &mut Comparison<'_>, old: Endpoint<'_>, new: Endpoint<'_>) {
    let text = |endpoint: Endpoint<'_>| {
        let summary = endpoint.model.summary.iter();
        let texts = summary.chain(&endpoint.model.description);
        texts.map(String::as_str).collect::<Vec<_>>().join("\n")
    };
    let subject = old.subject();
    let (was, is) = (text(old), text(new));
    values::description(
        &subject,
        (Some(&was), old.at()),
        (Some(&is), new.at()),
        &mut comparison.findings,
    );
    error_codes::compare(
        &subject,
        (&old.declared.extensions, old.at()),
        (&new.declared.extensions, new.at()),
        &mut comparison.findings,
    );
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
