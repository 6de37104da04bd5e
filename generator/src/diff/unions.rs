//! Compares alternatives and what tells them apart.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::{
    code::FindingCode as Code,
    finding::{Direction, Subject},
    found::Change,
    schemas::{Walk, alike},
    values,
    view::{Node, Schemas, View},
};
use crate::openapi::Pointer;

/// What is left to compare.
pub(super) enum Outcome {
    /// Nothing: one side is a union and the other is none.
    Told,
    /// What both sides say beside their alternatives.
    GoOn,
}

/// More alternatives than this that have neither name nor counterpart are not paired by likeness,
/// which takes a comparison of each with each.
const PAIRED: usize = 50;

/// Compares alternatives. A schema that is none of several is one of one.
pub(super) fn compare<'a>(
    walk: &mut Walk<'a>,
    (old_node, old): (&Node, &View<'a>),
    (new_node, new): (&Node, &View<'a>),
    direction: Direction,
) -> Outcome {
    discriminator(walk, old, new);
    derived(walk, old, new, direction);
    if old.alternatives.is_empty() && new.alternatives.is_empty() {
        return Outcome::GoOn;
    }
    let of = |node: &Node, view: &View<'a>| match view.alternatives.is_empty() {
        true => vec![node.clone()],
        false => view.alternatives.clone(),
    };
    let (was, is) = (of(old_node, old), of(new_node, new));
    let matched = Matched::of(walk, &was, &is);
    let both = !old.alternatives.is_empty() && !new.alternatives.is_empty();
    if !both && matched.pairs.is_empty() {
        let codes = (Code::RequestTypeChanged, Code::ResponseTypeChanged);
        let was_shown = values::described(old);
        let is_shown = values::described(new);
        values::type_changed(
            (old, &was_shown),
            (new, &is_shown),
            direction,
            codes,
            &mut walk.found,
        );
        return Outcome::Told;
    }
    for (a, b) in matched.pairs {
        walk.visit(was[a].clone(), is[b].clone(), direction);
    }
    // What becomes one of several where it is used says so there.
    let (subject, at) = match both {
        true => (&old.home, &new.home.1),
        false => (&old.outer, &new.outer.1),
    };
    for (label, index) in matched.removed {
        removed(walk, (&subject.0, at), &label, &was[index], direction);
    }
    for (label, index) in matched.added {
        added(walk, subject, &label, &is[index], direction);
    }
    match both {
        true => Outcome::GoOn,
        false => Outcome::Told,
    }
}

/// Which alternatives belong together.
#[derive(Default)]
struct Matched {
    pairs: Vec<(usize, usize)>,
    removed: Vec<(String, usize)>,
    added: Vec<(String, usize)>,
}

impl Matched {
    /// By name first, then by what they list, then by type.
    fn of<'a>(walk: &Walk<'a>, old: &[Node], new: &[Node]) -> Self {
        let mut matched = Self::default();
        let mut by_name: HashMap<&str, usize> = HashMap::new();
        for (at, node) in new.iter().enumerate() {
            if let Some(name) = walk.new.name(node) {
                by_name.entry(name).or_insert(at);
            }
        }
        let mut taken = vec![false; new.len()];
        let mut left = Vec::new();
        for (at, node) in old.iter().enumerate() {
            let found = walk.old.name(node).and_then(|name| by_name.get(name));
            match found {
                Some(found) if !taken[*found] => {
                    taken[*found] = true;
                    matched.pairs.push((at, *found));
                }
                // A component that stands twice, by itself and with words beside it, is one.
                Some(_) => {}
                None => left.push(at),
            }
        }
        for (at, node) in new.iter().enumerate() {
            let first = walk.new.name(node).and_then(|name| by_name.get(name));
            taken[at] |= first.is_some_and(|first| taken[*first]);
        }
        let others: Vec<usize> = (0..new.len()).filter(|at| !taken[*at]).collect();
        let views = |schemas: Schemas<'a>, nodes: &[Node], which: &[usize]| {
            let views = which.iter().map(|at| schemas.view(&nodes[*at]));
            views.collect::<Vec<View<'a>>>()
        };
        let (old_views, new_views) = (views(walk.old, old, &left), views(walk.new, new, &others));
        let mut is_left = vec![true; left.len()];
        if left.len().max(others.len()) <= PAIRED {
            let mut likely = Vec::new();
            for (position, at) in left.iter().enumerate() {
                for (order, other) in others.iter().enumerate() {
                    let names = (walk.old.name(&old[*at]), walk.new.name(&new[*other]));
                    let may_be = match names {
                        // What is still there under its name is not the other.
                        (Some(was), Some(is)) => !walk.new.has(was) && !walk.old.has(is),
                        _ => true,
                    };
                    let views = (&old_views[position], &new_views[order]);
                    if may_be && alike(views.0, views.1) {
                        likely.push((likeness(walk, views), position, order));
                    }
                }
            }
            // The likest first, and of equal ones those that stand first.
            likely.sort_by_key(|(likeness, position, order)| {
                (std::cmp::Reverse(*likeness), *position, *order)
            });
            for (_, position, order) in likely {
                let other = others[order];
                if is_left[position] && !taken[other] {
                    taken[other] = true;
                    is_left[position] = false;
                    matched.pairs.push((left[position], other));
                }
            }
            matched.pairs.sort_unstable();
        }
        let label = |name: Option<&str>, view: &View<'_>| {
            let known = name.or(view.typ.as_deref());
            known.unwrap_or("any value").to_owned()
        };
        for (position, at) in left.iter().enumerate() {
            if is_left[position] {
                let label = label(walk.old.name(&old[*at]), &old_views[position]);
                matched.removed.push((label, *at));
            }
        }
        for (other, view) in others.iter().zip(&new_views) {
            if !taken[*other] {
                let label = label(walk.new.name(&new[*other]), view);
                matched.added.push((label, *other));
            }
        }
        matched
    }
}

/// How much two alternatives that are alike have in common that tells them from others: values of
/// which there is but one, format, bounds, and what lists hold.
fn likeness<'a>(walk: &Walk<'a>, (old, new): (&View<'a>, &View<'a>)) -> usize {
    let constants = |schemas: Schemas<'a>, view: &View<'a>| {
        let properties = view.properties.iter();
        let constants =
            properties.filter_map(|(name, node)| match schemas.view(node).values.as_slice() {
                [only] => Some((name.to_string(), values::key(only))),
                _ => None,
            });
        constants.collect::<HashSet<_>>()
    };
    let listed =
        |view: &View<'a>| -> HashSet<String> { view.values.iter().map(values::key).collect() };
    let items = |schemas: Schemas<'a>, view: &View<'a>| {
        let items = view.items.as_ref().map(|items| schemas.view(items));
        items.map(|items| (items.typ, items.format))
    };
    let of_constants = constants(walk.old, old);
    let shared = of_constants.intersection(&constants(walk.new, new)).count();
    let names: HashSet<&str> = old.properties.keys().copied().collect();
    let properties = new.properties.keys().filter(|name| names.contains(*name));
    1000 * shared
        + 100 * usize::from(listed(old) == listed(new))
        + 10 * usize::from(old.format == new.format)
        + 10 * usize::from(items(walk.old, old) == items(walk.new, new))
        + properties.count().min(9)
}

/// Compares what is made from a base, which the discriminator of the base makes alternatives.
fn derived<'a>(walk: &mut Walk<'a>, old: &View<'a>, new: &View<'a>, direction: Direction) {
    let are_bases = old.alternatives.is_empty()
        && new.alternatives.is_empty()
        && old.discriminator.is_some()
        && new.discriminator.is_some();
    for (name, was) in &old.derived {
        match new.derived.get(name) {
            Some(is) => walk.visit(was.clone(), is.clone(), direction),
            None if are_bases => removed(walk, (&old.home.0, &new.home.1), name, was, direction),
            None => {}
        }
    }
    for (name, is) in &new.derived {
        if are_bases && !old.derived.contains_key(name) {
            added(walk, &old.home, name, is, direction);
        }
    }
}

/// Tells of an alternative that is gone from what stands at `at` now.
fn removed<'a>(
    walk: &mut Walk<'a>,
    (subject, at): (&Subject, &Pointer),
    label: &str,
    node: &Node,
    direction: Direction,
) {
    let codes = (
        Code::RequestAlternativeRemoved,
        Code::ResponseAlternativeRemoved,
    );
    let change = Change::directed(direction, codes, subject)
        .was(label)
        .at(&node.site().at, at);
    let tail = format!(": the alternative `{label}` is gone");
    walk.found.add(change, &tail);
}

/// Tells of an alternative of what stood at `at`.
fn added<'a>(
    walk: &mut Walk<'a>,
    (subject, at): &(Subject, Pointer),
    label: &str,
    node: &Node,
    direction: Direction,
) {
    let codes = (
        Code::RequestAlternativeAdded,
        Code::ResponseAlternativeAdded,
    );
    let change = Change::directed(direction, codes, subject)
        .is(label)
        .at(at, &node.site().at);
    let tail = format!(": the alternative `{label}` is new");
    walk.found.add(change, &tail);
}

/// Compares the property that tells alternatives apart, and its values.
fn discriminator<'a>(walk: &mut Walk<'a>, old: &View<'a>, new: &View<'a>) {
    let subject = &old.home.0;
    let at = |change: Change| {
        change.at(
            &old.home.1.join("discriminator"),
            &new.home.1.join("discriminator"),
        )
    };
    let name = |view: &View<'a>| view.discriminator.map(|found| found.property.clone());
    let (was, is) = (name(old), name(new));
    if was != is {
        let tail = match (&was, &is) {
            (Some(was), Some(is)) => format!(": the discriminator is `{is}` now, was `{was}`"),
            (None, Some(is)) => format!(": the discriminator is `{is}` now, there was none"),
            (Some(was), None) => format!(": the discriminator was `{was}`, there is none now"),
            (None, None) => return,
        };
        let change = Change::new(Code::DiscriminatorChanged, subject).values(was, is);
        walk.found.add(at(change), &tail);
        return;
    }
    let (before, after) = (mapping(walk.old, old), mapping(walk.new, new));
    let known: HashSet<&String> = before.values().collect();
    let kept: HashSet<&String> = after.values().collect();
    for (value, target) in &before {
        match after.get(value) {
            Some(other) if other == target => {}
            // The schema was renamed, which is told of it.
            Some(other) if !walk.new.has(target) && !walk.old.has(other) => {}
            Some(other) => {
                let tail = format!(": `{value}` stands for `{other}` now, stood for `{target}`");
                let change = Change::new(Code::DiscriminatorValueChanged, subject);
                let change = change
                    .was(format!("{value}={target}"))
                    .is(format!("{value}={other}"));
                walk.found.add(at(change), &tail);
            }
            // With its alternative goes what stands for it.
            None if !kept.contains(target) => {}
            None => {
                let tail = format!(": `{value}` stands for `{target}` no more");
                let change = Change::new(Code::DiscriminatorValueRemoved, subject);
                let change = change.was(format!("{value}={target}"));
                walk.found.add(at(change), &tail);
            }
        }
    }
    for (value, target) in &after {
        if !before.contains_key(value) && known.contains(target) {
            let tail = format!(": `{value}` stands for `{target}` now");
            let change = Change::new(Code::DiscriminatorValueAdded, subject);
            let change = change.is(format!("{value}={target}"));
            walk.found.add(at(change), &tail);
        }
    }
}

/// Which value stands for which schema, whether that is written or goes by its name.
fn mapping<'a>(schemas: Schemas<'a>, view: &View<'a>) -> BTreeMap<String, String> {
    let Some(discriminator) = view.discriminator else {
        return BTreeMap::new();
    };
    let mut mapping: BTreeMap<String, String> = BTreeMap::new();
    for (value, target) in &discriminator.mapping {
        let target = schemas.target(target);
        mapping.insert(value.clone(), target);
    }
    let named: HashSet<String> = mapping.values().cloned().collect();
    let alternatives = view.alternatives.iter();
    let names = alternatives.filter_map(|node| schemas.name(node));
    for name in names.chain(view.derived.keys().copied()) {
        if !named.contains(name) {
            mapping.insert(name.to_owned(), name.to_owned());
        }
    }
    mapping
}
