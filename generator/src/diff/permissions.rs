//! Compares the permissions that operations require.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{
    code::FindingCode as Code, comparison::Comparison, endpoint::Endpoint, findings::Change,
};
use crate::model::Permissions;

/// Compares the permissions that two operations require.
pub(super) fn compare(comparison: &mut Comparison<'_>, old: Endpoint<'_>, new: Endpoint<'_>) {
    let (was, is) = (required(old), required(new));
    let code = match (was.implies(&is), is.implies(&was)) {
        (true, true) => return,
        (true, false) => Code::PermissionsWidened,
        (false, true) => Code::PermissionsNarrowed,
        (false, false) => Code::PermissionsChanged,
    };
    let (was, is) = (was.to_string(), is.to_string());
    let tail = format!(": the required permissions changed from {was} to {is}");
    let change = Change::new(code, &old.subject()).was(was).is(is);
    comparison
        .findings
        .add(change.at(old.at(), new.at()), &tail);
}

/// Permissions of which all or any are required.
struct Required {
    all: bool,
    names: BTreeSet<String>,
}

impl Required {
    /// Whether callers that fulfil this requirement fulfil the other one.
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

impl std::fmt::Display for Required {
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

/// The permissions of the configured extension, or of one whose name ends in `-requires-permissions`.
fn required(endpoint: Endpoint<'_>) -> Required {
    if let Some(Permissions { all, names }) = &endpoint.model.permissions {
        return Required {
            all: *all || names.len() == 1,
            names: names.iter().cloned().collect(),
        };
    }
    let extensions = endpoint.declared.extensions.iter();
    let mut named = extensions.filter(|(key, _)| key.ends_with("-requires-permissions"));
    let value = named.next().map(|(_, value)| value);
    // Of a bare list all are required.
    let names = value.and_then(|value| value.get("permissions").unwrap_or(value).as_array());
    let names = names.into_iter().flatten().filter_map(Value::as_str);
    let names: BTreeSet<String> = names.map(str::to_owned).collect();
    let kind = value.and_then(|value| value.get("type")?.as_str());
    Required {
        all: !kind.is_some_and(|kind| kind.eq_ignore_ascii_case("any")) || names.len() == 1,
        names,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn permissions_imply_others() {
        let required = |all, names: &[&str]| Required {
            all,
            names: names.iter().map(|name| (*name).to_owned()).collect(),
        };
        let implies = |a: Required, b: Required| (a.implies(&b), b.implies(&a));
        assert_eq!(
            implies(required(true, &["a", "b"]), required(true, &["a"])),
            (true, false)
        );
        assert_eq!(
            implies(required(false, &["a"]), required(false, &["a", "b"])),
            (true, false)
        );
        assert_eq!(
            implies(required(true, &["a", "b"]), required(false, &["a", "b"])),
            (true, false)
        );
        assert_eq!(
            implies(required(true, &["a"]), required(true, &["b"])),
            (false, false)
        );
        assert_eq!(
            implies(required(true, &[]), required(true, &["b"])),
            (false, true)
        );
    }
}
