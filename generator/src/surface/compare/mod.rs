//! What is different between two surfaces, and what that means for callers.
//!
//! The measure is the Cargo book's chapter on SemVer and the lints of cargo-semver-checks: nothing is
//! called less than they would. Types of fields and arguments, bounds and choices of features are
//! looked at besides, and so is what only shows on the wire.

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
    /// Of one argument, its name, where an item has several that can change.
    pub argument: Option<String>,
    /// What was there.
    pub old: Option<ItemView>,
    /// What is there.
    pub new: Option<ItemView>,
    /// What is the matter, naming names.
    pub message: String,
    /// The shortest run of code on either side that the difference is in, where it is in code that
    /// callers do not see.
    pub difference: Option<(String, String)>,
}

/// An item as a reader of changes wants it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ItemView {
    /// How it is declared.
    pub signature: String,
    /// The file it is declared in.
    pub file: String,
    /// The line, counted from 1.
    pub line: usize,
    /// What of the description it was rendered from, if the surface was linked.
    pub pointer: Option<Pointer>,
}

impl Change {
    /// What identifies the change from one run to the next, wherever it stands in a file.
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

/// The differences between two surfaces, the gravest first, then by item.
pub fn compare(old: &Surface, new: &Surface) -> Vec<Change> {
    let renames = Renames::find(old, new);
    let mut comparison = Comparison {
        old,
        new,
        renames: &renames,
        brings: new.package.brings(),
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
    /// Which features of the new crate each one brings along.
    brings: BTreeMap<String, BTreeSet<String>>,
    changes: Vec<Change>,
}

impl Comparison<'_> {
    fn items(&mut self) {
        let mut pairs: Vec<(&Item, &Item)> = Vec::new();
        let mut gone: Vec<&Item> = Vec::new();
        let mut met: BTreeSet<&Key> = BTreeSet::new();
        for ((path, namespace), item) in &self.old.items {
            let path = self.renames.path(path, item.kind);
            match self.new.items.get_key_value(&(path, *namespace)) {
                Some((key, found)) => {
                    met.insert(key);
                    pairs.push((item, found));
                }
                None => gone.push(item),
            }
        }
        let come = self.new.items.iter().filter(|(key, _)| !met.contains(key));
        let come: Vec<&Item> = come.map(|(_, item)| item).collect();
        // What is in something that came, went or changed its kind came and went with it.
        let turned = pairs.iter().filter(|(old, new)| old.kind != new.kind);
        let turned: Vec<_> = turned.copied().collect();
        let paths = |items: &[&Item], turned: Vec<&Item>| -> BTreeSet<String> {
            let all = items.iter().copied().chain(turned);
            all.filter(|item| item.kind != Kind::TraitImpl)
                .map(|item| item.path.clone())
                .collect()
        };
        let all_gone = paths(&gone, turned.iter().map(|(old, _)| *old).collect());
        let all_come = paths(&come, turned.iter().map(|(_, new)| *new).collect());
        for item in gone.iter().filter(|item| !is_within(item, &all_gone)) {
            self.gone(item);
        }
        for item in come.iter().filter(|item| !is_within(item, &all_come)) {
            self.come(item);
        }
        for (old, new) in pairs {
            self.pair(old, new);
        }
    }

    fn gone(&mut self, item: &Item) {
        let code = match item.kind {
            Kind::Field => ChangeCode::FieldRemoved,
            Kind::Variant => ChangeCode::VariantRemoved,
            Kind::TraitImpl if item.signature.starts_with("derive(") => ChangeCode::DeriveLost,
            Kind::TraitImpl => ChangeCode::TraitImplRemoved,
            _ => ChangeCode::ItemRemoved,
        };
        let message = format!("the {} `{}` is gone", item.kind.as_str(), item.path);
        self.say(code, Some(item), None, message);
    }

    fn come(&mut self, item: &Item) {
        let parent = item.parent.as_deref();
        let new_parent = parent.and_then(|path| self.new.get(path));
        let old_parent = parent.and_then(|path| self.old.get(&self.renames.back(path)));
        // What is taken as it was counts: that is what callers have written for.
        let was_closed = old_parent.is_some_and(|parent| parent.non_exhaustive || !is_open(parent));
        let is_asked_for = new_parent.is_some_and(|parent| parent.kind == Kind::Trait)
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
            _ if is_asked_for => ChangeCode::TraitItemRequired,
            _ => ChangeCode::ItemAdded,
        };
        let message = format!("the {} `{}` is new", item.kind.as_str(), item.path);
        self.say(code, None, Some(item), message);
    }

    fn pair(&mut self, old: &Item, new: &Item) {
        if self.renames.is_renamed(old) {
            let message = format!(
                "the {} `{}` is now called `{}`",
                old.kind.as_str(),
                old.path,
                new.path
            );
            self.say(ChangeCode::ItemRenamed, Some(old), Some(new), message);
        }
        if old.kind != new.kind {
            let (was, is) = (old.kind.as_str(), new.kind.as_str());
            let message = format!("`{}` was a {was} and is a {is}", old.path);
            return self.say(ChangeCode::KindChanged, Some(old), Some(new), message);
        }
        self.gates(old, new);
        let is_breaking = members::compare(old, new, self.renames, &mut self.changes);
        members::compare_aspects(old, new, self.renames, is_breaking, &mut self.changes);
    }

    fn gates(&mut self, old: &Item, new: &Item) {
        let is_same = |one: &Gate, other: &Gate| {
            one.is_wider(other, &self.brings) && other.is_wider(one, &self.brings)
        };
        if is_same(&old.gate, &new.gate) {
            return;
        }
        // A change of what it is in was said of that.
        let around = |surface: &Surface, item: &Item| -> Option<Gate> {
            let parent = item.parent.as_deref();
            let parent = parent.or_else(|| Some(item.path.rsplit_once("::")?.0))?;
            Some(surface.get(parent)?.gate.clone())
        };
        let outer = (around(self.old, old), around(self.new, new));
        if outer == (Some(old.gate.clone()), Some(new.gate.clone())) {
            return;
        }
        let code = match new.gate.is_wider(&old.gate, &self.brings) {
            true => ChangeCode::FeatureGateWidened,
            false => ChangeCode::FeatureGateChanged,
        };
        let message = format!(
            "the {} `{}` needs other features: before `{}`, now `{}`",
            old.kind.as_str(),
            old.path,
            old.gate,
            new.gate
        );
        self.say(code, Some(old), Some(new), message);
    }

    fn say(&mut self, code: ChangeCode, old: Option<&Item>, new: Option<&Item>, message: String) {
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

/// Whether callers can write values down field by field.
fn is_open(item: &Item) -> bool {
    match &item.shape {
        Shape::Type { is_open, .. } => *is_open,
        _ => true,
    }
}

/// Whether an item is in one of those that are listed.
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

/// A field with another name on the wire has setters that say the same: it is said once.
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
                .is_some_and(|said| of_fields.contains(&said));
        !is_consequence
    });
}
