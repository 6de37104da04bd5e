//! Compares schemas from where they are used, each pair once a direction.

use std::{
    collections::{HashMap, VecDeque},
    hash::{DefaultHasher, Hash, Hasher},
};

use super::{
    bounds,
    code::FindingCode as Code,
    finding::{Direction, Impact, Owner, Subject},
    found::{Change, Found, Origin, PairKey},
    objects, unions, values,
    view::{Node, Schemas, View},
};
use crate::{openapi::Pointer, read::IgnoredParts};

/// How many uses of schemas that are merged from several are compared. The sets of schemas that merge
/// can be as many as 2 to the power of their number; a description with so many of them renders less
/// than it says too, which is reported.
const MOST_MERGED: usize = 10_000;

/// Two descriptions under comparison.
pub(super) struct Walk<'a> {
    pub(super) old: Schemas<'a>,
    pub(super) new: Schemas<'a>,
    pub(super) found: Found,
    /// What nothing is rendered of, on both sides.
    pub(super) unrendered: (&'a IgnoredParts, &'a IgnoredParts),
    /// Whether responses hold what their schemas require, as rendered code sees it.
    pub(super) trusts_required: bool,
    waiting: VecDeque<Pair>,
    /// How many pairs of schemas that are merged from several were met.
    merged: usize,
    /// Whether two components of different names are alike, by these.
    alike: HashMap<(&'a str, &'a str), bool>,
}

/// Two schemas that stand for the same thing.
struct Pair {
    number: usize,
    old: Node,
    new: Node,
    direction: Direction,
}

impl<'a> Walk<'a> {
    pub(super) fn new(
        old: Schemas<'a>,
        new: Schemas<'a>,
        unrendered: (&'a IgnoredParts, &'a IgnoredParts),
        trusts_required: bool,
    ) -> Self {
        Self {
            old,
            new,
            found: Found::default(),
            unrendered,
            trusts_required,
            waiting: VecDeque::new(),
            merged: 0,
            alike: HashMap::new(),
        }
    }

    /// Compares two schemas in use, now or when `settle` gets to them. What has been met before is
    /// only noted as being used here too, so that circles end.
    pub(super) fn visit(&mut self, old: Node, new: Node, direction: Direction) {
        if self.names(&old, &new, direction) == Same::Not {
            return;
        }
        let key = (self.old.key(&old), self.new.key(&new), Some(direction));
        self.enter(key, (old, new), direction);
    }

    /// Compares two schemas in use unless a pair of this key has been met before.
    fn enter(&mut self, key: PairKey, (old, new): (Node, Node), direction: Direction) {
        let is_merged = key.0.len() > 1 && key.1.len() > 1;
        if is_merged && self.merged >= MOST_MERGED {
            return;
        }
        self.merged += usize::from(is_merged);
        if let Some(number) = self.found.enter(key) {
            self.waiting.push_back(Pair {
                number,
                old,
                new,
                direction,
            });
        }
    }

    /// Compares all that waits, without recursion: schemas nest as deep as they like.
    pub(super) fn settle(&mut self) {
        while let Some(pair) = self.waiting.pop_front() {
            let origin = self.found.go(Origin::Pair(pair.number));
            self.compare(&pair);
            self.found.go(origin);
        }
    }

    fn compare(&mut self, pair: &Pair) {
        let (mut old, mut new) = (self.old.view(&pair.old), self.new.view(&pair.new));
        let direction = pair.direction;
        values::texts(&old, &new, &mut self.found);
        // What is a component on one side alone, or has something said beside it, is told of its use.
        let (old_site, new_site) = (pair.old.place(), pair.new.place());
        if differ(&old.outer, &new.outer) {
            (old.outer, new.outer) = (old_site.clone(), new_site.clone());
        }
        if differ(&old.home, &new.home) {
            (old.home, new.home) = (old_site, new_site);
        }
        values::deprecation(&old, &new, &mut self.found);
        self.nullability(&old, &new, direction);
        match unions::compare(self, (&pair.old, &old), (&pair.new, &new), direction) {
            unions::Outcome::Told => return,
            unions::Outcome::GoOn => {}
        }
        if !values::types(&old, &new, direction, &mut self.found) {
            return;
        }
        values::compare(&old, &new, direction, &mut self.found);
        bounds::compare(&old, &new, direction, &mut self.found);
        objects::compare(self, &old, &new, direction);
        if let (Some(old), Some(new)) = (&old.items, &new.items) {
            self.visit(old.clone(), new.clone(), direction);
        }
        if let (Some(old), Some(new)) = (&old.tuple, &new.tuple) {
            for (old, new) in old.iter().zip(new) {
                self.visit(old.clone(), new.clone(), direction);
            }
        }
    }

    fn nullability(&mut self, old: &View<'a>, new: &View<'a>, direction: Direction) {
        let codes = match (old.facts.nullable, new.facts.nullable) {
            (false, true) => (Code::RequestBecameNullable, Code::ResponseBecameNullable),
            (true, false) => (
                Code::RequestNoLongerNullable,
                Code::ResponseNoLongerNullable,
            ),
            _ => return,
        };
        let tail = match new.facts.nullable {
            true => " may be null now",
            false => " may not be null any more",
        };
        let subject = &old.outer.0;
        // Where fields may be missing anyway, null is read as that.
        let is_property = subject.path.contains('.') && !subject.path.ends_with([']', '}']);
        let is_read = !self.trusts_required && is_property && direction == Direction::Response;
        let change = Change::directed(direction, codes, subject)
            .at(&old.outer.1, &new.outer.1)
            .impact_if(is_read && new.facts.nullable, Impact::Risky);
        self.found.add(change, tail);
    }

    /// Tells of a component in place of another, and whether the two are worth comparing.
    fn names(&mut self, old: &Node, new: &Node, direction: Direction) -> Same {
        let (Some(was), Some(is)) = (self.old.name(old), self.new.name(new)) else {
            return Same::Maybe;
        };
        if was == is {
            return Same::Maybe;
        }
        let is_alike = match self.alike.get(&(was, is)) {
            Some(known) => *known,
            None => {
                let is_alike = alike(&self.old.view(old), &self.new.view(new));
                self.alike.insert((was, is), is_alike);
                is_alike
            }
        };
        let is_renamed = !self.new.has(was) && !self.old.has(is) && is_alike;
        if is_renamed {
            let subject = Subject::of(Owner::Schema(was.to_owned()));
            let change = Change::new(Code::SchemaRenamed, &subject).was(was).is(is);
            let change = change.at(&component(was), &component(is));
            let message = format!("the schema `{was}` is called `{is}` now");
            self.found.say(change, message);
        } else {
            let subject = &old.site().subject;
            let change = Change::new(Code::SchemaReplaced, subject).was(was).is(is);
            let change = change.at(&old.site().at, &new.site().at);
            let tail = format!(" is a `{is}` now, was a `{was}`");
            self.found.add(change, &tail);
        }
        match (is_alike, is_renamed) {
            (true, true) => Same::Maybe,
            // Neither of the two has changed: what differs between them is told of what uses them.
            (true, false) => {
                let subject = &old.site().subject;
                let mut hasher = DefaultHasher::new();
                (&subject.owner, &subject.part).hash(&mut hasher);
                let (old, new) = (self.old.opened(old), self.new.opened(new));
                let mut key = (self.old.key(&old), self.new.key(&new), Some(direction));
                // Once for each that declares a use; what it declares may lead back here for ever.
                key.0.push(hasher.finish() as usize);
                self.enter(key, (old, new), direction);
                Same::Not
            }
            (false, _) => Same::Not,
        }
    }
}

/// Whether two subjects are not the same, nor one component under two names.
fn differ((old, _): &(Subject, Pointer), (new, _): &(Subject, Pointer)) -> bool {
    let is_whole =
        |subject: &Subject| matches!(subject.owner, Owner::Schema(_)) && subject.path.is_empty();
    old != new && !(is_whole(old) && is_whole(new))
}

/// Whether two schemas may be versions of one.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Same {
    Maybe,
    Not,
}

fn component(name: &str) -> Pointer {
    Pointer::root().join_all(["components", "schemas", name])
}

/// Whether one schema may be the other, edited: at least half of what they list is the same.
pub(super) fn alike(old: &View<'_>, new: &View<'_>) -> bool {
    if old.typ != new.typ || old.alternatives.len().min(1) != new.alternatives.len().min(1) {
        return false;
    }
    let half = |shared: usize, a: usize, b: usize| 2 * shared >= a.max(b);
    let (a, b) = (&old.properties, &new.properties);
    let shared = a.keys().filter(|name| b.contains_key(*name)).count();
    if !a.is_empty() || !b.is_empty() {
        return shared > 0 && half(shared, a.len(), b.len());
    }
    let (a, b) = (&old.values, &new.values);
    let known: std::collections::HashSet<String> = a.iter().map(values::key).collect();
    let shared = b.iter().filter(|value| known.contains(&values::key(value)));
    half(shared.count(), a.len(), b.len())
}
