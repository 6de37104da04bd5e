//! What identifies an entry: by it a change is accepted, so that it covers what was seen and nothing
//! else.

use std::collections::BTreeSet;

use super::{Entry, Rust};
use crate::{diff::Finding, output};

/// The fingerprint of a finding and of what it does in Rust. What is graver there than on the wire is
/// part of it: whoever accepts a harmless change accepts no break that comes to stand beside it.
pub(super) fn of_finding(finding: &Finding, rust: &[Rust]) -> String {
    let is_graver = |rust: &&Rust| rust.impact() < finding.impact;
    let graver: BTreeSet<[&str; 3]> = rust
        .iter()
        .filter(is_graver)
        .map(|Rust { change, .. }| {
            let argument = change.argument.as_deref();
            [
                change.code.as_str(),
                &change.item,
                argument.unwrap_or_default(),
            ]
        })
        .collect();
    let own = finding.fingerprint();
    if graver.is_empty() {
        return own;
    }
    let parts = graver.into_iter().flatten();
    hash(std::iter::once(own.as_str()).chain(parts))
}

/// Leaves out what is there twice, and gives another fingerprint to what only has the same one: no
/// change hides another. The order of the entries decides, so it is to be the same each time.
pub(super) fn tell_apart(entries: &mut Vec<Entry>) {
    let mut known: BTreeSet<String> = BTreeSet::new();
    let mut kept: Vec<Entry> = Vec::with_capacity(entries.len());
    for mut entry in std::mem::take(entries) {
        if known.contains(&entry.fingerprint) {
            let is_same = |one: &&Entry| one.is_same(&entry);
            if kept.iter().any(|one| is_same(&one)) {
                continue;
            }
            let own = entry.fingerprint.clone();
            let cause = entry.cause.as_str();
            while known.contains(&entry.fingerprint) {
                entry.fingerprint = hash([&entry.fingerprint, &own, cause, entry.message()]);
            }
        }
        known.insert(entry.fingerprint.clone());
        kept.push(entry);
    }
    *entries = kept;
}

fn hash<'a>(parts: impl IntoIterator<Item = &'a str>) -> String {
    let parts: Vec<&str> = parts.into_iter().collect();
    let mut hash = output::hash(parts.join("\0"));
    hash.truncate(12);
    hash
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        report::Cause,
        surface::{Change, ChangeCode, Verdict},
    };

    fn entry(item: &str, cause: Cause) -> Entry {
        Entry {
            fingerprint: "0123456789ab".to_owned(),
            about: String::new(),
            message: String::new(),
            wire: None,
            rust: vec![Rust::from(Change {
                code: ChangeCode::DocsChanged,
                verdict: Verdict::Patch,
                item: item.to_owned(),
                argument: None,
                old: None,
                new: None,
                message: String::new(),
                difference: None,
            })],
            cause,
            acknowledged: None,
        }
    }

    #[test]
    fn only_what_is_there_twice_is_left_out() {
        let mut entries = vec![
            entry("a", Cause::Description),
            entry("a", Cause::Description),
            entry("b", Cause::Description),
            entry("a", Cause::Generator),
            entry("c", Cause::Description),
        ];
        tell_apart(&mut entries);
        let fingerprints: BTreeSet<_> = entries.iter().map(|it| &it.fingerprint).collect();
        assert_eq!((entries.len(), fingerprints.len()), (4, 4));
        assert_eq!(entries[0].fingerprint, "0123456789ab");
    }
}
