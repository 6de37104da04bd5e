//! The state of a comparison: both descriptions, the findings, and the pairs of schemas in the queue.

use std::{
    collections::{HashMap, VecDeque},
    hash::{DefaultHasher, Hash, Hasher},
};

use super::{
    code::FindingCode as Code,
    finding::{Direction, Owner, Subject},
    findings::{Change, Findings, PairKey},
    merged::Schemas,
    node::Node,
    similarity::are_similar,
};
use crate::{openapi::Pointer, read::IgnoredParts};

/// The number of pairs of merged schemas that are compared. Up to 2 to the power of their number of sets
/// of schemas can merge; such a description is not rendered completely either, which is reported.
const MAX_MERGED_PAIRS: usize = 10_000;

/// Two descriptions under comparison.
pub(super) struct Comparison<'a> {
    pub(super) old: Schemas<'a>,
    pub(super) new: Schemas<'a>,
    pub(super) findings: Findings,
    /// The parts of both sides that are not rendered.
    pub(super) unrendered: (&'a IgnoredParts, &'a IgnoredParts),
    /// Whether rendered code relies on required properties of responses.
    pub(super) trusts_required: bool,
    queue: VecDeque<SchemaPair>,
    merged_pairs: usize,
    /// Whether two components of different names are similar, by their names.
    similar: HashMap<(&'a str, &'a str), bool>,
}

/// Two schemas that describe the same value.
pub(super) struct SchemaPair {
    pub(super) number: usize,
    pub(super) old: Node,
    pub(super) new: Node,
    pub(super) direction: Direction,
}

/// How the components that two nodes refer to relate.
#[derive(Clone, Copy)]
enum Relation<'a> {
    /// It is the same component, or one of them is no component.
    Comparable,
    /// The component has another name.
    Renamed(&'a str, &'a str),
    /// Another component is used.
    Replaced {
        was: &'a str,
        is: &'a str,
        are_similar: bool,
    },
}

impl<'a> Comparison<'a> {
    pub(super) fn new(
        old: Schemas<'a>,
        new: Schemas<'a>,
        unrendered: (&'a IgnoredParts, &'a IgnoredParts),
        trusts_required: bool,
    ) -> Self {
        Self {
            old,
            new,
            findings: Findings::default(),
            unrendered,
            trusts_required,
            queue: VecDeque::new(),
            merged_pairs: 0,
            similar: HashMap::new(),
        }
    }

    /// Compares two schemas in use: reports that another component is used, and queues what is worth
    /// comparing. A pair that was queued before is only recorded as used here too, so that circles end.
    pub(super) fn visit(&mut self, old: Node, new: Node, direction: Direction) {
        let relation = self.relation(&old, &new);
        match relation {
            Relation::Comparable => self.enqueue(old, new, direction),
            Relation::Renamed(was, is) => {
                self.report_renamed(was, is);
                self.enqueue(old, new, direction);
            }
            Relation::Replaced {
                was,
                is,
                are_similar,
            } => {
                self.report_replaced(&old, &new, (was, is));
                if are_similar {
                    self.enqueue_inlined(&old, &new, direction);
                }
            }
        }
    }

    /// The pair of schemas to compare next.
    pub(super) fn next_pair(&mut self) -> Option<SchemaPair> {
        self.queue.pop_front()
    }

    fn relation(&mut self, old: &Node, new: &Node) -> Relation<'a> {
        let (was, is) = match (self.old.name(old), self.new.name(new)) {
            (Some(was), Some(is)) if was != is => (was, is),
            _ => return Relation::Comparable,
        };
        let (old_schemas, new_schemas) = (self.old, self.new);
        let known = self.similar.entry((was, is));
        let are_similar =
            *known.or_insert_with(|| are_similar(&old_schemas.merge(old), &new_schemas.merge(new)));
        let may_be_renamed = !self.new.has(was) && !self.old.has(is);
        match may_be_renamed && are_similar {
            true => Relation::Renamed(was, is),
            false => Relation::Replaced {
                was,
                is,
                are_similar,
            },
        }
    }

    fn report_renamed(&mut self, was: &str, is: &str) {
        let component = |name| Pointer::root().join_all(["components", "schemas", name]);
        let subject = Subject::of(Owner::Schema(was.to_owned()));
        let change = Change::new(Code::SchemaRenamed, &subject).was(was).is(is);
        let change = change.at(&component(was), &component(is));
        let message = format!("the schema `{was}` was renamed to `{is}`");
        self.findings.add_with_message(change, message);
    }

    fn report_replaced(&mut self, old: &Node, new: &Node, (was, is): (&str, &str)) {
        let (old, new) = (old.location(), new.location());
        let change = Change::new(Code::SchemaReplaced, &old.subject);
        let change = change.was(was).is(is).between(old, new);
        let tail = format!(": the schema changed from `{was}` to `{is}`");
        self.findings.add(change, &tail);
    }

    fn enqueue(&mut self, old: Node, new: Node, direction: Direction) {
        let key = (self.old.key(&old), self.new.key(&new), direction);
        self.enqueue_as(key, old, new, direction);
    }

    /// Queues the contents of two components. Neither component changed, so differences are reported at
    /// the use that switched from one to the other.
    fn enqueue_inlined(&mut self, old: &Node, new: &Node, direction: Direction) {
        let subject = &old.location().subject;
        let mut hasher = DefaultHasher::new();
        (&subject.owner, &subject.part).hash(&mut hasher);
        let (old, new) = (self.old.inlined(old), self.new.inlined(new));
        let mut key = (self.old.key(&old), self.new.key(&new), direction);
        // Once for each declaration that uses them: within one, the contents may lead back here forever.
        key.0.push(hasher.finish() as usize);
        self.enqueue_as(key, old, new, direction);
    }

    /// Queues a pair unless one of the same key was queued before.
    fn enqueue_as(&mut self, key: PairKey, old: Node, new: Node, direction: Direction) {
        let is_merged = key.0.len() > 1 && key.1.len() > 1;
        if is_merged && self.merged_pairs >= MAX_MERGED_PAIRS {
            return;
        }
        self.merged_pairs += usize::from(is_merged);
        if let Some(number) = self.findings.reach(key) {
            self.queue.push_back(SchemaPair {
                number,
                old,
                new,
                direction,
            });
        }
    }
}
