//! Compares what is said of an API as a whole: where it is, how to log in, what it is called.

use std::collections::BTreeMap;

use super::{
    Side,
    finding::{Owner, Subject},
    schemas::Walk,
    security, servers, values,
};
use crate::openapi::Pointer;

/// Compares two APIs but for their operations.
pub(super) fn compare(walk: &mut Walk<'_>, old: &Side, new: &Side) {
    texts(walk, old, new);
    servers::compare(walk, old, new);
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
