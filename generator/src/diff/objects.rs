//! Compares the properties of two objects.

use std::collections::BTreeSet;

use super::{
    code::FindingCode as Code,
    finding::{Direction, Impact},
    found::Change,
    schemas::Walk,
    view::{Additional, Facts, Node, View},
};

/// Compares properties, listed and not.
pub(super) fn compare<'a>(
    walk: &mut Walk<'a>,
    old: &View<'a>,
    new: &View<'a>,
    direction: Direction,
) {
    let both = Both {
        old,
        new,
        direction,
    };
    for (name, was) in &old.properties {
        match new.properties.get(name) {
            Some(is) => both.property(walk, name, was, is),
            None => both.removed(walk, name, was),
        }
    }
    for (name, is) in &new.properties {
        if !old.properties.contains_key(name) {
            both.added(walk, name, is);
        }
    }
    both.unlisted(walk);
    both.additional(walk);
}

/// Two objects under comparison.
struct Both<'v, 'a> {
    old: &'v View<'a>,
    new: &'v View<'a>,
    direction: Direction,
}

impl<'a> Both<'_, 'a> {
    /// Compares what an object says of a property, and then the property.
    fn property(&self, walk: &mut Walk<'a>, name: &str, old: &Node, new: &Node) {
        let is_hidden = |facts| self.is_hidden(facts);
        let was_hidden = is_hidden(walk.old.facts(old));
        let hides = is_hidden(walk.new.facts(new));
        let required = self.new.required.contains(name);
        let change = |codes| {
            let site = old.site();
            Change::directed(self.direction, codes, &site.subject).at(&site.at, &new.site().at)
        };
        match (was_hidden, hides) {
            (true, true) => {}
            (false, true) => {
                let codes = (
                    Code::RequestPropertyBecameReadOnly,
                    Code::ResponsePropertyBecameWriteOnly,
                );
                let tail = match self.direction {
                    Direction::Request => " is read-only now",
                    Direction::Response => " is write-only now",
                };
                walk.found.add(change(codes), tail);
            }
            (true, false) => {
                let codes = (
                    Code::RequestPropertyNoLongerReadOnly,
                    Code::ResponsePropertyNoLongerWriteOnly,
                );
                let tail = match self.direction {
                    Direction::Request => " is not read-only any more",
                    Direction::Response => " is not write-only any more",
                };
                let must_be_given = required && self.direction == Direction::Request;
                let change = change(codes).impact_if(must_be_given, Impact::Breaking);
                walk.found.add(change, tail);
            }
            (false, false) => {
                match (self.old.required.contains(name), required) {
                    (false, true) => {
                        let codes = (
                            Code::RequestPropertyBecameRequired,
                            Code::ResponsePropertyBecameRequired,
                        );
                        walk.found.add(change(codes), " is required now");
                    }
                    (true, false) => {
                        let codes = (
                            Code::RequestPropertyBecameOptional,
                            Code::ResponsePropertyBecameOptional,
                        );
                        // Fields that may be missing anyway are read as before.
                        let is_read =
                            !walk.trusts_required && self.direction == Direction::Response;
                        let change = change(codes).impact_if(is_read, Impact::Risky);
                        walk.found.add(change, " is not required any more");
                    }
                    _ => {}
                }
                walk.visit(old.clone(), new.clone(), self.direction);
            }
        }
    }

    fn removed(&self, walk: &mut Walk<'a>, name: &str, old: &Node) {
        if self.is_hidden(walk.old.facts(old)) {
            return;
        }
        let codes = (Code::RequestPropertyRemoved, Code::ResponsePropertyRemoved);
        let site = old.site();
        let change = Change::directed(self.direction, codes, &site.subject)
            .was(name)
            .at(&site.at, &self.new.home.1);
        walk.found.add(change, " is gone");
    }

    fn added(&self, walk: &mut Walk<'a>, name: &str, new: &Node) {
        if self.is_hidden(walk.new.facts(new)) {
            return;
        }
        let (request, tail) = match self.new.required.contains(name) {
            true if self.direction == Direction::Request => {
                (Code::RequestPropertyAddedRequired, " is new, and required")
            }
            _ => (Code::RequestPropertyAdded, " is new"),
        };
        let codes = (request, Code::ResponsePropertyAdded);
        let site = new.site();
        let change = Change::directed(self.direction, codes, &site.subject)
            .is(name)
            .at(&self.old.home.1, &site.at);
        walk.found.add(change, tail);
    }

    /// Compares which properties must be there that are not listed.
    fn unlisted(&self, walk: &mut Walk<'a>) {
        let of = |view: &View<'a>| -> BTreeSet<&'a str> {
            let required = view.required.iter().copied();
            let is_listed = |name: &&str| {
                [self.old, self.new]
                    .iter()
                    .any(|it| it.properties.contains_key(name))
            };
            required.filter(|name| !is_listed(name)).collect()
        };
        let (before, after) = (of(self.old), of(self.new));
        let mut tell = |name: &str, codes, tail| {
            let subject = self.old.home.0.property(name);
            let change = Change::directed(self.direction, codes, &subject);
            let change = change.at(&self.old.home.1, &self.new.home.1);
            walk.found.add(change, tail);
        };
        for name in after.difference(&before) {
            let codes = (
                Code::RequestPropertyBecameRequired,
                Code::ResponsePropertyBecameRequired,
            );
            tell(name, codes, " is required now");
        }
        for name in before.difference(&after) {
            let codes = (
                Code::RequestPropertyBecameOptional,
                Code::ResponsePropertyBecameOptional,
            );
            tell(name, codes, " is not required any more");
        }
    }

    /// Whether values in this direction never have a property.
    fn is_hidden(&self, facts: Facts<'a>) -> bool {
        match self.direction {
            Direction::Request => facts.read_only,
            Direction::Response => facts.write_only,
        }
    }

    /// Compares what is said of properties that are not listed.
    fn additional(&self, walk: &mut Walk<'a>) {
        let (old, new) = (self.old, self.new);
        let (opens, tail) = match (&old.additional, &new.additional) {
            (Additional::Schema(old), Additional::Schema(new)) => {
                return walk.visit(old.clone(), new.clone(), self.direction);
            }
            (Additional::Anything, Additional::Anything)
            | (Additional::Nothing, Additional::Nothing) => return,
            (_, Additional::Nothing) => (false, " has no properties beside the listed ones now"),
            (Additional::Nothing, _) => (true, " may have properties that are not listed now"),
            (Additional::Schema(_), Additional::Anything) => {
                (true, " may have other properties of any type now")
            }
            (Additional::Anything, Additional::Schema(_)) => {
                (false, " may only have other properties of one type now")
            }
        };
        let codes = match opens {
            true => (
                Code::RequestAdditionalPropertiesOpened,
                Code::ResponseAdditionalPropertiesOpened,
            ),
            false => (
                Code::RequestAdditionalPropertiesClosed,
                Code::ResponseAdditionalPropertiesClosed,
            ),
        };
        let change =
            Change::directed(self.direction, codes, &old.home.0).at(&old.home.1, &new.home.1);
        walk.found.add(change, tail);
    }
}
