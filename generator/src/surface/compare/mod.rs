//! Compares two surfaces, and decides what each difference means for callers.
//!
//! Verdicts follow the Cargo book's chapter on SemVer and the lints of cargo-semver-checks, and are never
//! milder. Beyond those, types of fields and arguments, bounds, features and behaviour on the wire are
//! compared.

mod codes;
mod manifest;
mod members;
mod renames;
mod wire;

use std::collections::{BTreeMap, BTreeSet};

pub use codes::{ChangeCode, Verdict};
use renames::Renames;

use super::{Gate, Item, Key, Kind, Surface, items::Shape};
use crate::{openapi::Pointer, output};

/// A difference between two surfaces.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Change {
    /// The kind.
    pub code: ChangeCode,
    /// What it means for callers.
    pub verdict: Verdict,
    /// The path of the item, as callers write it: the old one, unless there was none.
    pub item: String,
    /// The name of the argument that changed, if an item has several.
    pub argument: Option<String>,
    /// The old item.
    pub old: Option<ItemView>,
    /// The new item.
    pub new: Option<ItemView>,
    /// The change, in a sentence.
    pub message: String,
    /// The shortest differing pieces of code on both sides, if callers do not see that code.
    pub difference: Option<(String, String)>,
}

/// An item as reports show it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ItemView {
    /// How it is declared.
    pub signature: String,
    /// The file it is declared in.
    pub file: String,
    /// The line, counted from 1.
    pub line: usize,
    /// The node of the description that it was rendered from, if the surface was linked.
    pub pointer: Option<Pointer>,
}

impl Change {
    /// Identifies the change from one run to the next, wherever it is in a file.
    pub fn fingerprint(&self) -> String {
        let signature = |view: &Option<ItemView>| match view {
            Some(view) => view.signature.clone(),
            None => String::new(),
        };
        let (from, to) = self.difference.clone().unwrap_or_default();
        let mut parts = vec![
            self.code.as_str().to_owned(),
            self.item.clone(),
            signature(&self.old),
            signature(&self.new),
            from,
            to,
        ];
        parts.extend(self.argument.clone());
        let mut hash = output::hash(parts.join("\0"));
        hash.truncate(12);
        hash
    }
}

/// The differences between two surfaces, the most serious first, then by item.
pub fn compare(old: &Surface, new: &Surface) -> Vec<Change> {
    let renames = Renames::find(old, new);
    let mut comparison = Comparison {
        old,
        new,
        renames: &renames,
        enabled_features: new.package.enabled_features(),
        changes: Vec::new(),
    };
    comparison.items();
    manifest::compare(&old.package, &new.package, &mut comparison.changes);
    let mut changes = comparison.changes;
    leave_out_consequences(&mut changes);
    changes.sort_by(|one, other| {
        let key = |change: &Change| (change.verdict, change.item.clone(), change.code);
        key(one).cmp(&key(other))
    });
    changes
}

struct Comparison<'a> {
    old: &'a Surface,
    new: &'a Surface,
    renames: &'a Renames,
    /// The features that each feature of the new crate enables.
    enabled_features: BTreeMap<String, BTreeSet<String>>,
    changes: Vec<Change>,
}

impl Comparison<'_> {
    fn items(&mut self) {
        let mut pairs: Vec<(&Item, &Item)> = Vec::new();
        let mut removed: Vec<&Item> = Vec::new();
        let mut matched: BTreeSet<&Key> = BTreeSet::new();
        for ((path, namespace), item) in &self.old.items {
            let path = self.renames.path(path, item.kind);
            match self.new.items.get_key_value(&(path, *namespace)) {
                Some((key, found)) => {
                    matched.insert(key);
                    pairs.push((item, found));
                }
                None => removed.push(item),
            }
        }
        let added = self
            .new
            .items
            .iter()
            .filter(|(key, _)| !matched.contains(key));
        let added: Vec<&Item> = added.map(|(_, item)| item).collect();
        // Members of an item that was added, removed or changed its kind are not reported.
        let changed_kind = pairs.iter().filter(|(old, new)| old.kind != new.kind);
        let changed_kind: Vec<_> = changed_kind.copied().collect();
        let paths = |items: &[&Item], containers: Vec<&Item>| -> BTreeSet<String> {
            let all = items.iter().copied().chain(containers);
            all.filter(|item| item.kind != Kind::TraitImpl)
                .map(|item| item.path.clone())
                .collect()
        };
        let all_removed = paths(&removed, changed_kind.iter().map(|(old, _)| *old).collect());
        let all_added = paths(&added, changed_kind.iter().map(|(_, new)| *new).collect());
        for item in removed.iter().filter(|item| !is_within(item, &all_removed)) {
            self.removed(item);
        }
        for item in added.iter().filter(|item| !is_within(item, &all_added)) {
            self.added(item);
        }
        for (old, new) in pairs {
            self.pair(old, new);
        }
    }

    fn removed(&mut self, item: &Item) {
        let code = match item.kind {
            Kind::Field => ChangeCode::FieldRemoved,
            Kind::Variant => ChangeCode::VariantRemoved,
            Kind::TraitImpl if item.signature.starts_with("derive(") => ChangeCode::DeriveLost,
            Kind::TraitImpl => ChangeCode::TraitImplRemoved,
            _ => ChangeCode::ItemRemoved,
        };
        let message = format!("the {} `{}` was removed", item.kind.as_str(), item.path);
        self.add(code, Some(item), None, message);
    }

    fn added(&mut self, item: &Item) {
        let parent = item.parent.as_deref();
        let new_parent = parent.and_then(|path| self.new.get(path));
        let old_parent = parent.and_then(|path| self.old.get(&self.renames.back(path)));
        // Callers wrote their code for the old type, so that is the one that counts.
        let was_closed = old_parent.is_some_and(|parent| parent.non_exhaustive || !is_open(parent));
        let is_required = new_parent.is_some_and(|parent| parent.kind == Kind::Trait)
            && match &item.shape {
                Shape::Function { is_optional, .. } => !is_optional,
                Shape::Value { value, .. } => value.is_empty(),
                _ => true,
            };
        let code = match item.kind {
            Kind::Field if was_closed => ChangeCode::FieldAdded,
            Kind::Field => ChangeCode::FieldAddedToOpen,
            Kind::Variant if old_parent.is_some_and(|parent| parent.non_exhaustive) => {
                ChangeCode::VariantAdded
            }
            Kind::Variant => ChangeCode::VariantAddedToClosed,
            Kind::TraitImpl => ChangeCode::TraitImplAdded,
            _ if is_required => ChangeCode::TraitItemRequired,
            _ => ChangeCode::ItemAdded,
        };
        let message = format!("the {} `{}` was added", item.kind.as_str(), item.path);
        self.add(code, None, Some(item), message);
    }

    fn pair(&mut self, old: &Item, new: &Item) {
        if self.renames.is_renamed(old) {
            let message = format!(
                "the {} `{}` was renamed to `{}`",
                old.kind.as_str(),
                old.path,
                new.path
            );
            self.add(ChangeCode::ItemRenamed, Some(old), Some(new), message);
        }
        if old.kind != new.kind {
            let (was, is) = (old.kind.as_str(), new.kind.as_str());
            let message = format!("`{}` changed from a {was} to a {is}", old.path);
            return self.add(ChangeCode::KindChanged, Some(old), Some(new), message);
        }
        self.gates(old, new);
        let is_breaking = members::compare(old, new, self.renames, &mut self.changes);
        members::compare_aspects(old, new, self.renames, is_breaking, &mut self.changes);
    }

    fn gates(&mut self, old: &Item, new: &Item) {
        let is_same = |one: &Gate, other: &Gate| {
            one.is_wider(other, &self.enabled_features)
                && other.is_wider(one, &self.enabled_features)
        };
        if is_same(&old.gate, &new.gate) {
            return;
        }
        // A change of the container is reported with the container.
        let around = |surface: &Surface, item: &Item| -> Option<Gate> {
            let parent = item.parent.as_deref();
            let parent = parent.or_else(|| Some(item.path.rsplit_once("::")?.0))?;
            Some(surface.get(parent)?.gate.clone())
        };
        let outer = (around(self.old, old), around(self.new, new));
        if outer == (Some(old.gate.clone()), Some(new.gate.clone())) {
            return;
        }
        let code = match new.gate.is_wider(&old.gate, &self.enabled_features) {
            true => ChangeCode::FeatureGateWidened,
            false => ChangeCode::FeatureGateChanged,
        };
        let message = format!(
            "the {} `{}` requires other features: before `{}`, now `{}`",
            old.kind.as_str(),
            old.path,
            old.gate,
            new.gate
        );
        self.add(code, Some(old), Some(new), message);
    }

    fn add(&mut self, code: ChangeCode, old: Option<&Item>, new: Option<&Item>, message: String) {
        self.changes.push(change(code, old, new, message));
    }
}

fn change(code: ChangeCode, old: Option<&Item>, new: Option<&Item>, message: String) -> Change {
    let item = old.or(new).map(|item| item.path.clone());
    Change {
        code,
        verdict: code.verdict(),
        item: item.unwrap_or_default(),
        argument: None,
        old: old.map(view),
        new: new.map(view),
        message,
        difference: None,
    }
}

fn view(item: &Item) -> ItemView {
    ItemView {
        signature: item.signature.clone(),
        file: item.file.clone(),
        line: item.line,
        pointer: item.pointer.clone(),
    }
}

/// Whether callers can construct values field by field.
fn is_open(item: &Item) -> bool {
    match &item.shape {
        Shape::Type { is_open, .. } => *is_open,
        _ => true,
    }
}

/// Whether an item is inside one of those that are listed.
fn is_within(item: &Item, listed: &BTreeSet<String>) -> bool {
    let mut path = match &item.parent {
        Some(parent) => Some(parent.as_str()),
        None => item.path.rsplit_once("::").map(|(parent, _)| parent),
    };
    // No path has more steps than this.
    while let Some(own) = path {
        if listed.contains(own) {
            return true;
        }
        path = own.rsplit_once("::").map(|(parent, _)| parent);
    }
    false
}

/// Removes changes of setters whose field has another name on the wire, which is reported once.
fn leave_out_consequences(changes: &mut Vec<Change>) {
    let parent = |change: &Change| {
        change
            .item
            .rsplit_once("::")
            .map(|(parent, _)| parent.to_owned())
    };
    let of_fields: BTreeSet<_> = changes
        .iter()
        .filter(|change| change.code == ChangeCode::WireNameChanged)
        .filter_map(|change| Some((parent(change)?, change.difference.clone()?)))
        .collect();
    changes.retain(|change| {
        let is_consequence = change.code == ChangeCode::BehaviourChanged
            && parent(change)
                .zip(change.difference.clone())
                .is_some_and(|difference| of_fields.contains(&difference));
        !is_consequence
    });
}
