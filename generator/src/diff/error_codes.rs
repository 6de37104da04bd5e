//! Compares the error codes that extensions of an operation or a response list.

use std::collections::BTreeSet;

use indexmap::IndexMap;
use serde_json::Value;

use super::{
    code::FindingCode as Code,
    finding::Subject,
    findings::{Change, Findings},
};
use crate::openapi::Pointer;

type Extensions = IndexMap<String, Value>;

/// Compares the error codes that two sides list.
pub(super) fn compare(
    subject: &Subject,
    (old, old_at): (&Extensions, &Pointer),
    (new, new_at): (&Extensions, &Pointer),
    findings: &mut Findings,
) {
    let (old, new) = (listed(old), listed(new));
    for removed in old.difference(&new) {
        let change = Change::new(Code::ErrorCodeRemoved, subject).was(*removed);
        let tail = format!(": the error code `{removed}` was removed");
        findings.add(change.at(old_at, new_at), &tail);
    }
    for added in new.difference(&old) {
        let change = Change::new(Code::ErrorCodeAdded, subject).is(*added);
        let tail = format!(": the error code `{added}` was added");
        findings.add(change.at(old_at, new_at), &tail);
    }
}

/// The codes under every extension whose name ends in `-error-codes`: the keys of a mapping, or a list.
fn listed(extensions: &Extensions) -> BTreeSet<&str> {
    let mut codes = BTreeSet::new();
    let lists = extensions
        .iter()
        .filter(|(key, _)| key.ends_with("-error-codes"));
    for (_, list) in lists {
        match list {
            Value::Object(members) => codes.extend(members.keys().map(String::as_str)),
            Value::Array(items) => codes.extend(items.iter().filter_map(Value::as_str)),
            _ => {}
        }
    }
    codes
}
