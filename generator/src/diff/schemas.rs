//! Compares pairs of schemas in the queue, each once for each direction.

use super::{
    bounds,
    code::FindingCode as Code,
    comparison::{Comparison, SchemaPair},
    finding::{Direction, Location, Owner, Subject},
    findings::Change,
    impact::Impact,
    merged::Merged,
    objects, unions, values,
};

/// Compares all pairs in the queue, and those that they lead to. A queue instead of recursion bounds the
/// stack, however deep schemas nest.
pub(super) fn compare_queued(comparison: &mut Comparison<'_>) {
    while let Some(pair) = comparison.next_pair() {
        comparison.findings.enter_pair(pair.number);
        compare(comparison, &pair);
    }
    comparison.findings.leave();
}

fn compare(comparison: &mut Comparison<'_>, pair: &SchemaPair) {
    let direction = pair.direction;
    let mut old = comparison.old.merge(&pair.old);
    let mut new = comparison.new.merge(&pair.new);
    values::texts(&old, &new, &mut comparison.findings);
    // A component on one side alone, or with keywords beside its reference, is named by its use.
    let (old_use, new_use) = (pair.old.location(), pair.new.location());
    if are_different_uses(&old.used, &new.used) {
        (old.used, new.used) = (old_use.clone(), new_use.clone());
    }
    if are_different_uses(&old.declared, &new.declared) {
        (old.declared, new.declared) = (old_use.clone(), new_use.clone());
    }
    values::deprecation(&old, &new, &mut comparison.findings);
    nullability(comparison, &old, &new, direction);
    if unions::compare(comparison, (&pair.old, &old), (&pair.new, &new), direction).is_break()
        || values::types(&old, &new, direction, &mut comparison.findings).is_break()
    {
        return;
    }
    values::compare(&old, &new, direction, &mut comparison.findings);
    bounds::compare(
        (&old.bounds, &old.declared),
        (&new.bounds, &new.declared),
        direction,
        &mut comparison.findings,
    );
    objects::compare(comparison, &old, &new, direction);
    if let (Some(old), Some(new)) = (&old.items, &new.items) {
        comparison.visit(old.clone(), new.clone(), direction);
    }
    if let (Some(old), Some(new)) = (&old.tuple, &new.tuple) {
        for (old, new) in old.iter().zip(new) {
            comparison.visit(old.clone(), new.clone(), direction);
        }
    }
}

/// Whether two locations are neither the same nor one component under two names.
fn are_different_uses(old: &Location, new: &Location) -> bool {
    let is_component =
        |subject: &Subject| matches!(subject.owner, Owner::Schema(_)) && subject.path.is_empty();
    old != new && !(is_component(&old.subject) && is_component(&new.subject))
}

fn nullability<'a>(
    comparison: &mut Comparison<'a>,
    old: &Merged<'a>,
    new: &Merged<'a>,
    direction: Direction,
) {
    let (codes, tail) = match (old.annotations.nullable, new.annotations.nullable) {
        (false, true) => (
            (Code::RequestBecameNullable, Code::ResponseBecameNullable),
            " is now nullable",
        ),
        (true, false) => (
            (
                Code::RequestNoLongerNullable,
                Code::ResponseNoLongerNullable,
            ),
            " is no longer nullable",
        ),
        _ => return,
    };
    let subject = &old.used.subject;
    // A field that may be absent anyway reads null as absent.
    let is_property = subject.path.contains('.') && !subject.path.ends_with([']', '}']);
    let may_be_absent =
        !comparison.trusts_required && is_property && direction == Direction::Response;
    let change = Change::directed(direction, codes, subject)
        .between(&old.used, &new.used)
        .impact_if(may_be_absent && new.annotations.nullable, Impact::Risky);
    comparison.findings.add(change, tail);
}
