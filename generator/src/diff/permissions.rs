//! Compares what callers of an operation must be allowed to do.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{
    code::FindingCode as Code,
    found::Change,
    operations::{self, Endpoint},
    schemas::Walk,
};
use crate::model::Permissions;

/// Compares what callers must be allowed to do.
pub(super) fn compare(walk: &mut Walk<'_>, old: Endpoint<'_>, new: Endpoint<'_>) {
    let (was, is) = (needed(old), needed(new));
    let code = match (was.implies(&is), is.implies(&was)) {
        (true, true) => return,
        (true, false) => Code::PermissionsWidened,
        (false, true) => Code::PermissionsNarrowed,
        (false, false) => Code::PermissionsChanged,
    };
    let (was, is) = (was.to_string(), is.to_string());
    let tail = format!(" needs {is} now, needed {was}");
    let change = Change::new(code, &operations::subject(old)).was(was).is(is);
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
    // A bare list is one of which all are needed.
    let names = value.and_then(|value| value.get("permissions").unwrap_or(value).as_array());
    let names = names.into_iter().flatten().filter_map(Value::as_str);
    let names: BTreeSet<String> = names.map(str::to_owned).collect();
    let kind = value.and_then(|value| value.get("type")?.as_str());
    Needed {
        all: !kind.is_some_and(|kind| kind.eq_ignore_ascii_case("any")) || names.len() == 1,
        names,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
