//! Compares the alternatives of `oneOf` and `anyOf`, and discriminators.

use std::{
    collections::{BTreeMap, HashSet},
    ops::ControlFlow,
};

use super::{
    alternatives::Pairing,
    code::FindingCode as Code,
    comparison::Comparison,
    finding::{Direction, Location},
    findings::Change,
    merged::{Merged, Schemas},
    node::Node,
    values,
};
use crate::openapi::Pointer;

/// Compares alternatives; a schema without any is the only alternative of itself. Breaks if one side alone
/// is a union, so that nothing else of the two compares.
pub(super) fn compare<'a>(
    comparison: &mut Comparison<'a>,
    (old_node, old): (&Node, &Merged<'a>),
    (new_node, new): (&Node, &Merged<'a>),
    direction: Direction,
) -> ControlFlow<()> {
    discriminator(comparison, old, new);
    derived(comparison, old, new, direction);
    if old.alternatives.is_empty() && new.alternatives.is_empty() {
        return ControlFlow::Continue(());
    }
    let old_nodes = alternatives(old_node, old);
    let new_nodes = alternatives(new_node, new);
    let (old_schemas, new_schemas) = (comparison.old, comparison.new);
    let pairing = Pairing::of((old_schemas, &old_nodes), (new_schemas, &new_nodes));
    let are_unions = !old.alternatives.is_empty() && !new.alternatives.is_empty();
    if !are_unions && pairing.pairs.is_empty() {
        let codes = (Code::RequestTypeChanged, Code::ResponseTypeChanged);
        values::type_changed(old, new, direction, codes, &mut comparison.findings);
        return ControlFlow::Break(());
    }
    for (old, new) in pairing.pairs {
        comparison.visit(old.node.clone(), new.node.clone(), direction);
    }
    // A schema that becomes a union where it is used is reported at the use.
    let (old_at, new_at) = match are_unions {
        true => (&old.declared, &new.declared.at),
        false => (&old.used, &new.used.at),
    };
    let reporter = Reporter {
        location: old_at,
        new_at,
        direction,
    };
    for alternative in pairing.removed {
        let label = alternative.label(old_schemas);
        reporter.removed(comparison, &label, alternative.node);
    }
    for alternative in pairing.added {
        let label = alternative.label(new_schemas);
        reporter.added(comparison, &label, alternative.node);
    }
    match are_unions {
        true => ControlFlow::Continue(()),
        false => ControlFlow::Break(()),
    }
}

fn alternatives(node: &Node, merged: &Merged<'_>) -> Vec<Node> {
    match merged.alternatives.is_empty() {
        true => vec![node.clone()],
        false => merged.alternatives.clone(),
    }
}

/// Reports alternatives of one union.
struct Reporter<'l> {
    /// The old union.
    location: &'l Location,
    /// The node of the new union.
    new_at: &'l Pointer,
    direction: Direction,
}

impl Reporter<'_> {
    fn removed(&self, comparison: &mut Comparison<'_>, label: &str, node: &Node) {
        let codes = (
            Code::RequestAlternativeRemoved,
            Code::ResponseAlternativeRemoved,
        );
        let change = Change::directed(self.direction, codes, &self.location.subject)
            .was(label)
            .at(&node.location().at, self.new_at);
        let tail = format!(": the alternative `{label}` was removed");
        comparison.findings.add(change, &tail);
    }

    fn added(&self, comparison: &mut Comparison<'_>, label: &str, node: &Node) {
        let codes = (
            Code::RequestAlternativeAdded,
            Code::ResponseAlternativeAdded,
        );
        let change = Change::directed(self.direction, codes, &self.location.subject)
            .is(label)
            .at(&self.location.at, &node.location().at);
        let tail = format!(": the alternative `{label}` was added");
        comparison.findings.add(change, &tail);
    }
}

/// Compares the components that extend a base, which are alternatives if the base has a discriminator.
fn derived<'a>(
    comparison: &mut Comparison<'a>,
    old: &Merged<'a>,
    new: &Merged<'a>,
    direction: Direction,
) {
    let are_bases = old.alternatives.is_empty()
        && new.alternatives.is_empty()
        && old.discriminator.is_some()
        && new.discriminator.is_some();
    let reporter = Reporter {
        location: &old.declared,
        new_at: &new.declared.at,
        direction,
    };
    for (name, was) in &old.derived {
        match new.derived.get(name) {
            Some(is) => comparison.visit(was.clone(), is.clone(), direction),
            None if are_bases => reporter.removed(comparison, name, was),
            None => {}
        }
    }
    for (name, is) in &new.derived {
        if are_bases && !old.derived.contains_key(name) {
            reporter.added(comparison, name, is);
        }
    }
}

/// Compares discriminators: their properties, and which value maps to which schema.
fn discriminator<'a>(comparison: &mut Comparison<'a>, old: &Merged<'a>, new: &Merged<'a>) {
    let property = |merged: &Merged<'a>| merged.discriminator.map(|it| it.property.clone());
    let (was, is) = (property(old), property(new));
    let tail = match (&was, &is) {
        (None, None) => return,
        (Some(was), Some(is)) if was == is => return mappings(comparison, old, new),
        (Some(was), Some(is)) => format!(": the discriminator changed from `{was}` to `{is}`"),
        (None, Some(is)) => format!(": the discriminator `{is}` was added"),
        (Some(was), None) => format!(": the discriminator `{was}` was removed"),
    };
    let change = Change::new(Code::DiscriminatorChanged, &old.declared.subject);
    let (old_at, new_at) = discriminators(old, new);
    let change = change.values(was, is).at(&old_at, &new_at);
    comparison.findings.add(change, &tail);
}

fn discriminators(old: &Merged<'_>, new: &Merged<'_>) -> (Pointer, Pointer) {
    let at = |merged: &Merged<'_>| merged.declared.at.join("discriminator");
    (at(old), at(new))
}

fn mappings<'a>(comparison: &mut Comparison<'a>, old: &Merged<'a>, new: &Merged<'a>) {
    let (old_at, new_at) = discriminators(old, new);
    let before = mapping(comparison.old, old);
    let after = mapping(comparison.new, new);
    let old_targets: HashSet<&String> = before.values().collect();
    let new_targets: HashSet<&String> = after.values().collect();
    let change = |code| Change::new(code, &old.declared.subject).at(&old_at, &new_at);
    for (value, target) in &before {
        match after.get(value) {
            Some(other) if other == target => {}
            // The schema was renamed, which is reported of the schema.
            Some(other) if !comparison.new.has(target) && !comparison.old.has(other) => {}
            Some(other) => {
                let tail = format!(
                    ": the discriminator value `{value}` now maps to `{other}` instead of `{target}`"
                );
                let change = change(Code::DiscriminatorValueChanged)
                    .was(format!("{value}={target}"))
                    .is(format!("{value}={other}"));
                comparison.findings.add(change, &tail);
            }
            // The alternative was removed, and its value with it.
            None if !new_targets.contains(target) => {}
            None => {
                let tail =
                    format!(": the discriminator value `{value}` no longer maps to `{target}`");
                let change =
                    change(Code::DiscriminatorValueRemoved).was(format!("{value}={target}"));
                comparison.findings.add(change, &tail);
            }
        }
    }
    for (value, target) in &after {
        if !before.contains_key(value) && old_targets.contains(target) {
            let tail = format!(": the discriminator value `{value}` now maps to `{target}`");
            let change = change(Code::DiscriminatorValueAdded).is(format!("{value}={target}"));
            comparison.findings.add(change, &tail);
        }
    }
}

/// Which value maps to which component, explicitly or because it is the name of the component.
fn mapping<'a>(schemas: Schemas<'a>, merged: &Merged<'a>) -> BTreeMap<String, String> {
    let Some(discriminator) = merged.discriminator else {
        return BTreeMap::new();
    };
    let explicit = discriminator.mapping.iter();
    let mut mapping: BTreeMap<String, String> = explicit
        .map(|(value, target)| (value.clone(), schemas.mapping_target(target)))
        .collect();
    let named: HashSet<String> = mapping.values().cloned().collect();
    let alternatives = merged.alternatives.iter();
    let names = alternatives.filter_map(|node| schemas.name(node));
    for name in names.chain(merged.derived.keys().copied()) {
        if !named.contains(name) {
            mapping.insert(name.to_owned(), name.to_owned());
        }
    }
    mapping
}
