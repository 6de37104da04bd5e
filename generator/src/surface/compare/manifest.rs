//! What is different between two manifests.

use std::collections::BTreeSet;

use super::{Change, ChangeCode, ItemView};
use crate::surface::Package;

/// The differences between two manifests; none where the code goes into another crate.
pub(super) fn compare(old: &Package, new: &Package, changes: &mut Vec<Change>) {
    if old.name.is_empty() || new.name.is_empty() {
        return;
    }
    let mut add = |code, item: String, views: (Option<ItemView>, Option<ItemView>), message| {
        changes.push(Change {
            code,
            verdict: ChangeCode::verdict(code),
            item,
            argument: None,
            old: views.0,
            new: views.1,
            message,
            difference: None,
        });
    };
    let plain = |key: &str, value: &str| {
        Some(ItemView {
            signature: format!("{key} = {value:?}"),
            file: "Cargo.toml".to_owned(),
            line: 0,
            pointer: None,
        })
    };
    if old.name != new.name {
        let message = format!("the crate `{}` was renamed to `{}`", old.name, new.name);
        let views = (plain("name", &old.name), plain("name", &new.name));
        add(
            ChangeCode::CrateRenamed,
            "crate name".to_owned(),
            views,
            message,
        );
    }
    if old.rust_version != new.rust_version {
        let (was, is) = (&old.rust_version, &new.rust_version);
        let message = format!("the required Rust version changed from {was:?} to {is:?}");
        let views = (plain("rust-version", was), plain("rust-version", is));
        add(
            ChangeCode::RustVersionChanged,
            "crate rust-version".to_owned(),
            views,
            message,
        );
    }
    let names: BTreeSet<&String> = old.features.keys().chain(new.features.keys()).collect();
    for name in names {
        let item = format!("feature {name}");
        let views = (view(old, name), view(new, name));
        match (old.features.get(name), new.features.get(name)) {
            (Some(_), None) => {
                let message = format!("the feature `{name}` was removed");
                add(ChangeCode::FeatureRemoved, item, views, message);
            }
            (None, Some(_)) => {
                let message = format!("the feature `{name}` was added");
                add(ChangeCode::FeatureAdded, item, views, message);
            }
            (Some(was), Some(is)) => {
                // What is gone altogether was said already; what is of other crates is no choice of
                // callers.
                let of_crate =
                    |list: &BTreeSet<String>, other: &BTreeSet<String>, package: &Package| {
                        let only = list
                            .difference(other)
                            .filter(|one| package.features.contains_key(*one));
                        only.cloned().collect::<Vec<_>>()
                    };
                let (less, more) = (of_crate(was, is, new), of_crate(is, was, new));
                if !less.is_empty() {
                    let message = format!(
                        "the feature `{name}` no longer enables `{}`",
                        less.join("`, `")
                    );
                    add(
                        ChangeCode::FeatureEnablesLess,
                        item.clone(),
                        views.clone(),
                        message,
                    );
                }
                if !more.is_empty() {
                    let message =
                        format!("the feature `{name}` also enables `{}`", more.join("`, `"));
                    add(ChangeCode::FeatureEnablesMore, item, views, message);
                }
            }
            (None, None) => {}
        }
    }
}

fn view(package: &Package, name: &str) -> Option<ItemView> {
    let enables = package.features.get(name)?;
    let list: Vec<String> = enables.iter().map(|one| format!("{one:?}")).collect();
    Some(ItemView {
        signature: format!("{name} = [{}]", list.join(", ")),
        file: "Cargo.toml".to_owned(),
        line: package.lines.get(name).copied().unwrap_or_default(),
        pointer: None,
    })
}
