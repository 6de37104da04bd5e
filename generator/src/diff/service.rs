//! Compares the API as a whole: its texts, its servers and its security schemes.

use std::collections::BTreeMap;

use super::{
    comparison::Comparison,
    finding::{Owner, Subject},
    security, servers,
    side::Side,
    values,
};
use crate::openapi::Pointer;

/// Compares everything but operations.
pub(super) fn compare(comparison: &mut Comparison<'_>, old: &Side, new: &Side) {
    texts(comparison, old, new);
    servers::compare(comparison, old, new);
    security::schemes(comparison, old, new);
}

fn texts(comparison: &mut Comparison<'_>, old: &Side, new: &Side) {
    let at = Pointer::root().join("info");
    let (was, is) = (old.api(), new.api());
    let whole = Subject::of(Owner::Api);
    for (subject, was, is) in [
        (&whole.part("title"), Some(&was.title), Some(&is.title)),
        (&whole, was.description.as_ref(), is.description.as_ref()),
    ] {
        let (was, is) = (was.map(String::as_str), is.map(String::as_str));
        values::description(subject, (was, &at), (is, &at), &mut comparison.findings);
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
            values::description(&subject, (was, &at), (*is, &at), &mut comparison.findings);
        }
    }
}
