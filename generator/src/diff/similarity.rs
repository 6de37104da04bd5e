//! How much two schemas have in common: whether one may be an edited version of the other.

use std::collections::HashSet;

use super::{
    merged::{Merged, Schemas},
    values,
};

/// Whether one schema may be an edited version of the other: both have the same type, and at least
/// half of the properties or values that they list.
pub(super) fn are_similar(old: &Merged<'_>, new: &Merged<'_>) -> bool {
    if old.typ != new.typ || old.alternatives.is_empty() != new.alternatives.is_empty() {
        return false;
    }
    let is_half = |shared: usize, a: usize, b: usize| 2 * shared >= a.max(b);
    let (a, b) = (&old.properties, &new.properties);
    if !a.is_empty() || !b.is_empty() {
        let shared = a.keys().filter(|name| b.contains_key(*name)).count();
        return shared > 0 && is_half(shared, a.len(), b.len());
    }
    let (a, b) = (&old.values, &new.values);
    let known: HashSet<String> = a.iter().map(values::key).collect();
    let shared = b.iter().filter(|value| known.contains(&values::key(value)));
    is_half(shared.count(), a.len(), b.len())
}

/// Scores what two similar schemas share that tells them from others: constants, enums, format, the
/// type of list items, and names of properties.
pub(super) fn score<'a>(
    (old_schemas, old): (Schemas<'a>, &Merged<'a>),
    (new_schemas, new): (Schemas<'a>, &Merged<'a>),
) -> usize {
    let enumeration = |merged: &Merged<'a>| -> HashSet<String> {
        merged.values.iter().map(values::key).collect()
    };
    let (old_constants, new_constants) = (constants(old_schemas, old), constants(new_schemas, new));
    let shared_constants = old_constants.intersection(&new_constants);
    let same_items = items(old_schemas, old) == items(new_schemas, new);
    let names: HashSet<&str> = old.properties.keys().copied().collect();
    let shared_names = new.properties.keys().filter(|name| names.contains(*name));
    1000 * shared_constants.count()
        + 100 * usize::from(enumeration(old) == enumeration(new))
        + 10 * usize::from(old.format == new.format)
        + 10 * usize::from(same_items)
        + shared_names.count().min(9)
}

/// The properties that have one possible value, each with that value.
fn constants<'a>(schemas: Schemas<'a>, merged: &Merged<'a>) -> HashSet<(String, String)> {
    let properties = merged.properties.iter();
    let constants =
        properties.filter_map(|(name, node)| match schemas.merge(node).values.as_slice() {
            [only] => Some(((*name).to_owned(), values::key(only))),
            _ => None,
        });
    constants.collect()
}

/// The type and the format of list items.
fn items<'a>(
    schemas: Schemas<'a>,
    merged: &Merged<'a>,
) -> Option<(Option<String>, Option<String>)> {
    let items = schemas.merge(merged.items.as_ref()?);
    Some((items.typ, items.format))
}
