//! Computes the fingerprints by which changes are acknowledged, so that an acknowledgement covers what a
//! reviewer saw and nothing else.

use std::collections::BTreeSet;

use super::{Entry, RustChange};
use crate::{diff::Finding, output};

/// The fingerprint of a finding and its changes in Rust. Changes that are more serious in Rust than on the
/// wire are part of it: acknowledging a harmless change does not acknowledge a break that joins it later.
pub(super) fn of_finding(finding: &Finding, rust: &[RustChange]) -> String {
    let is_more_serious = |rust: &&RustChange| rust.impact() < finding.impact;
    let more_serious: BTreeSet<[&str; 3]> = rust
        .iter()
        .filter(is_more_serious)
        .map(|RustChange { change, .. }| {
            let argument = change.argument.as_deref();
            [
                change.code.as_str(),
                &change.item,
                argument.unwrap_or_default(),
            ]
        })
        .collect();
    let own = finding.fingerprint();
    if more_serious.is_empty() {
        return own;
    }
    let parts = more_serious.into_iter().flatten();
    hash(std::iter::once(own.as_str()).chain(parts))
}

/// Removes duplicates, and changes fingerprints that different entries share, so that no change hides
/// another. The result depends on the order of the entries.
pub(super) fn make_unique(entries: &mut Vec<Entry>) {
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
            rust: vec![RustChange::from(Change {
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
    fn only_duplicates_are_removed() {
        let mut entries = vec![
            entry("a", Cause::Description),
            entry("a", Cause::Description),
            entry("b", Cause::Description),
            entry("a", Cause::Generator),
            entry("c", Cause::Description),
        ];
        make_unique(&mut entries);
        let fingerprints: BTreeSet<_> = entries.iter().map(|it| &it.fingerprint).collect();
        assert_eq!((entries.len(), fingerprints.len()), (4, 4));
        assert_eq!(entries[0].fingerprint, "0123456789ab");
    }
}
