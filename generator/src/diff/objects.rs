//! Compares the properties of two objects.

use std::collections::BTreeSet;

use super::{
    code::FindingCode as Code,
    comparison::Comparison,
    finding::Direction,
    findings::Change,
    impact::Impact,
    merged::{Additional, Annotations, Merged},
    node::Node,
};

/// Compares the properties that objects list, and those that they permit or require besides.
pub(super) fn compare<'a>(
    comparison: &mut Comparison<'a>,
    old: &Merged<'a>,
    new: &Merged<'a>,
    direction: Direction,
) {
    let objects = Objects {
        old,
        new,
        direction,
    };
    for (name, was) in &old.properties {
        match new.properties.get(name) {
            Some(is) => objects.property(comparison, name, was, is),
            None => objects.removed(comparison, name, was),
        }
    }
    for (name, is) in &new.properties {
        if !old.properties.contains_key(name) {
            objects.added(comparison, name, is);
        }
    }
    objects.required_unlisted(comparison);
    objects.additional(comparison);
}

/// Two objects under comparison.
struct Objects<'m, 'a> {
    old: &'m Merged<'a>,
    new: &'m Merged<'a>,
    direction: Direction,
}

impl<'a> Objects<'_, 'a> {
    /// Compares a property that both list.
    fn property(&self, comparison: &mut Comparison<'a>, name: &str, old: &Node, new: &Node) {
        let was_hidden = self.is_hidden(comparison.old.annotations(old));
        let is_hidden = self.is_hidden(comparison.new.annotations(new));
        match (was_hidden, is_hidden) {
            (true, true) => {}
            (false, true) => self.hidden(comparison, old, new),
            (true, false) => self.shown(comparison, name, old, new),
            (false, false) => {
                self.required(comparison, name, old, new);
                comparison.visit(old.clone(), new.clone(), self.direction);
            }
        }
    }

    /// Whether values in this direction never have a property.
    fn is_hidden(&self, annotations: Annotations<'a>) -> bool {
        match self.direction {
            Direction::Request => annotations.read_only,
            Direction::Response => annotations.write_only,
        }
    }

    fn hidden(&self, comparison: &mut Comparison<'a>, old: &Node, new: &Node) {
        let codes = (
            Code::RequestPropertyBecameReadOnly,
            Code::ResponsePropertyBecameWriteOnly,
        );
        let tail = match self.direction {
            Direction::Request => " is now read-only",
            Direction::Response => " is now write-only",
        };
        let change = self.change(codes, old, new);
        comparison.findings.add(change, tail);
    }

    fn shown(&self, comparison: &mut Comparison<'a>, name: &str, old: &Node, new: &Node) {
        let codes = (
            Code::RequestPropertyNoLongerReadOnly,
            Code::ResponsePropertyNoLongerWriteOnly,
        );
        let tail = match self.direction {
            Direction::Request => " is no longer read-only",
            Direction::Response => " is no longer write-only",
        };
        let must_be_sent = self.direction == Direction::Request && self.new.required.contains(name);
        let change = self.change(codes, old, new);
        let change = change.impact_if(must_be_sent, Impact::Breaking);
        comparison.findings.add(change, tail);
    }

    /// Compares whether a listed property is required.
    fn required(&self, comparison: &mut Comparison<'a>, name: &str, old: &Node, new: &Node) {
        let was_required = self.old.required.contains(name);
        let is_required = self.new.required.contains(name);
        if was_required == is_required {
            return;
        }
        // A field that may be absent anyway is read as before.
        let may_be_absent = !comparison.trusts_required && self.direction == Direction::Response;
        let (codes, tail) = required_changed(is_required);
        let change = self.change(codes, old, new);
        let change = change.impact_if(was_required && may_be_absent, Impact::Risky);
        comparison.findings.add(change, tail);
    }

    fn change(&self, codes: (Code, Code), old: &Node, new: &Node) -> Change {
        let (old, new) = (old.location(), new.location());
        Change::directed(self.direction, codes, &old.subject).between(old, new)
    }

    fn removed(&self, comparison: &mut Comparison<'a>, name: &str, old: &Node) {
        if self.is_hidden(comparison.old.annotations(old)) {
            return;
        }
        let codes = (Code::RequestPropertyRemoved, Code::ResponsePropertyRemoved);
        let old = old.location();
        let change = Change::directed(self.direction, codes, &old.subject)
            .was(name)
            .between(old, &self.new.declared);
        comparison.findings.add(change, " was removed");
    }

    fn added(&self, comparison: &mut Comparison<'a>, name: &str, new: &Node) {
        if self.is_hidden(comparison.new.annotations(new)) {
            return;
        }
        let must_be_sent = self.direction == Direction::Request && self.new.required.contains(name);
        let (request, tail) = match must_be_sent {
            true => (
                Code::RequestPropertyAddedRequired,
                " was added and is required",
            ),
            false => (Code::RequestPropertyAdded, " was added"),
        };
        let codes = (request, Code::ResponsePropertyAdded);
        let new = new.location();
        let change = Change::directed(self.direction, codes, &new.subject)
            .is(name)
            .between(&self.old.declared, new);
        comparison.findings.add(change, tail);
    }

    /// Compares which properties are required though neither object lists them.
    fn required_unlisted(&self, comparison: &mut Comparison<'a>) {
        let is_unlisted = |name: &&str| {
            !self.old.properties.contains_key(name) && !self.new.properties.contains_key(name)
        };
        let required = |merged: &Merged<'a>| -> BTreeSet<&'a str> {
            merged
                .required
                .iter()
                .copied()
                .filter(is_unlisted)
                .collect()
        };
        let (before, after) = (required(self.old), required(self.new));
        for name in before.symmetric_difference(&after) {
            let (codes, tail) = required_changed(after.contains(name));
            let subject = self.old.declared.subject.property(name);
            let change = Change::directed(self.direction, codes, &subject)
                .between(&self.old.declared, &self.new.declared);
            comparison.findings.add(change, tail);
        }
    }

    /// Compares `additionalProperties`.
    fn additional(&self, comparison: &mut Comparison<'a>) {
        let opened = (
            Code::RequestAdditionalPropertiesOpened,
            Code::ResponseAdditionalPropertiesOpened,
        );
        let closed = (
            Code::RequestAdditionalPropertiesClosed,
            Code::ResponseAdditionalPropertiesClosed,
        );
        let (codes, tail) = match (&self.old.additional, &self.new.additional) {
            (Additional::Schema(old), Additional::Schema(new)) => {
                return comparison.visit(old.clone(), new.clone(), self.direction);
            }
            (Additional::Anything, Additional::Anything)
            | (Additional::Nothing, Additional::Nothing) => return,
            (_, Additional::Nothing) => {
                (closed, " no longer permits properties that are not listed")
            }
            (Additional::Nothing, _) => (opened, " now permits properties that are not listed"),
            (Additional::Schema(_), Additional::Anything) => {
                (opened, " now permits unlisted properties of any type")
            }
            (Additional::Anything, Additional::Schema(_)) => {
                (closed, " now permits unlisted properties of one type only")
            }
        };
        let change = Change::directed(self.direction, codes, &self.old.declared.subject)
            .between(&self.old.declared, &self.new.declared);
        comparison.findings.add(change, tail);
    }
}

/// The codes and the message tail for a property that became required or optional.
fn required_changed(is_required: bool) -> ((Code, Code), &'static str) {
    match is_required {
        true => (
            (
                Code::RequestPropertyBecameRequired,
                Code::ResponsePropertyBecameRequired,
            ),
            " is now required",
        ),
        false => (
            (
                Code::RequestPropertyBecameOptional,
                Code::ResponsePropertyBecameOptional,
            ),
            " is no longer required",
        ),
    }
}
