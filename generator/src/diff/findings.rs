//! Collects findings, and records which operations lead to which pairs of schemas, so that each change
//! is reported once with all operations it affects.

use std::collections::{HashMap, VecDeque};

use indexmap::{IndexMap, map::Entry};

use super::{
    code::FindingCode,
    finding::{Direction, Finding, Location, Subject},
    impact::Impact,
};
use crate::openapi::Pointer;

/// The findings so far, and the graph of the pairs of schemas they were made at.
#[derive(Default)]
pub(super) struct Findings {
    findings: IndexMap<Key, Collected>,
    /// The numbers of the pairs that have been reached.
    pairs: HashMap<PairKey, usize>,
    /// For each pair, the pairs that it leads to.
    successors: Vec<Vec<usize>>,
    /// The operations and the pairs at which they enter the graph.
    entries: Vec<(usize, usize)>,
    origin: Origin,
    /// The ids of the operations, by the number in `Origin::Operation`.
    operations: Vec<String>,
}

/// Identifies a pair of schemas: the indices of the schemas on both sides, and the direction.
pub(super) type PairKey = (Vec<usize>, Vec<usize>, Direction);

/// What is being compared when a finding is made or a pair is reached.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Origin {
    /// The description as a whole.
    #[default]
    Api,
    /// An operation, by number.
    Operation(usize),
    /// A pair, by number.
    Pair(usize),
}

type Key = (
    Subject,
    FindingCode,
    Option<Direction>,
    Option<String>,
    Option<String>,
);

struct Collected {
    finding: Finding,
    origins: Vec<Origin>,
}

/// Builds a finding; [`Findings::add`] gives it its message.
pub(super) struct Change {
    code: FindingCode,
    impact: Impact,
    direction: Option<Direction>,
    subject: Subject,
    was: Option<String>,
    is: Option<String>,
    old: Option<Pointer>,
    new: Option<Pointer>,
}

impl Change {
    pub(super) fn new(code: FindingCode, subject: &Subject) -> Self {
        Self {
            code,
            impact: code.impact(),
            direction: None,
            subject: subject.clone(),
            was: None,
            is: None,
            old: None,
            new: None,
        }
    }

    /// A change in one direction, which selects one of two codes: of requests and of responses.
    pub(super) fn directed(
        direction: Direction,
        (request, response): (FindingCode, FindingCode),
        subject: &Subject,
    ) -> Self {
        let code = match direction {
            Direction::Request => request,
            Direction::Response => response,
        };
        let mut change = Self::new(code, subject);
        change.direction = Some(direction);
        change
    }

    pub(super) fn was(mut self, value: impl Into<String>) -> Self {
        self.was = Some(value.into());
        self
    }

    pub(super) fn is(mut self, value: impl Into<String>) -> Self {
        self.is = Some(value.into());
        self
    }

    /// Sets the old and the new value, either of which may be absent.
    pub(super) fn values(mut self, was: Option<String>, is: Option<String>) -> Self {
        self.was = was;
        self.is = is;
        self
    }

    pub(super) fn at(mut self, old: &Pointer, new: &Pointer) -> Self {
        self.old = Some(old.clone());
        self.new = Some(new.clone());
        self
    }

    /// Points to both sides of what changed.
    pub(super) fn between(self, old: &Location, new: &Location) -> Self {
        self.at(&old.at, &new.at)
    }

    pub(super) fn old_at(mut self, old: &Pointer) -> Self {
        self.old = Some(old.clone());
        self
    }

    pub(super) fn new_at(mut self, new: &Pointer) -> Self {
        self.new = Some(new.clone());
        self
    }

    /// Overrides the impact of the code if a condition holds.
    pub(super) fn impact_if(mut self, condition: bool, impact: Impact) -> Self {
        if condition {
            self.impact = impact;
        }
        self
    }
}

impl Findings {
    /// Adds a change, whose message is its subject followed by `tail`.
    pub(super) fn add(&mut self, change: Change, tail: &str) {
        let message = format!("{}{tail}", change.subject);
        self.add_with_message(change, message);
    }

    /// Adds a change with a message of its own.
    pub(super) fn add_with_message(&mut self, change: Change, message: String) {
        let Change {
            code,
            impact,
            direction,
            subject,
            was,
            is,
            old,
            new,
        } = change;
        let key = (subject.clone(), code, direction, was.clone(), is.clone());
        match self.findings.entry(key) {
            Entry::Occupied(mut known) => {
                let known = known.get_mut();
                // Of two impacts the worse one holds.
                known.finding.impact = known.finding.impact.min(impact);
                if known.origins.last() != Some(&self.origin) {
                    known.origins.push(self.origin);
                }
            }
            Entry::Vacant(vacant) => {
                let finding = Finding {
                    code,
                    impact,
                    direction,
                    subject,
                    message,
                    was,
                    is,
                    old,
                    new,
                    operations: Vec::new(),
                };
                vacant.insert(Collected {
                    finding,
                    origins: vec![self.origin],
                });
            }
        }
    }

    /// Attributes what follows to an operation, by its id.
    pub(super) fn enter_operation(&mut self, id: &str) {
        self.origin = Origin::Operation(self.operations.len());
        self.operations.push(id.to_owned());
    }

    /// Attributes what follows to a pair, by its number.
    pub(super) fn enter_pair(&mut self, number: usize) {
        self.origin = Origin::Pair(number);
    }

    /// Attributes what follows to the description as a whole.
    pub(super) fn leave(&mut self) {
        self.origin = Origin::Api;
    }

    /// Records that what is being compared leads to a pair. Returns the number of the pair if this is
    /// the first time that it is reached.
    pub(super) fn reach(&mut self, key: PairKey) -> Option<usize> {
        let next = self.successors.len();
        let number = *self.pairs.entry(key).or_insert(next);
        if number == next {
            self.successors.push(Vec::new());
        }
        match self.origin {
            Origin::Api => {}
            Origin::Operation(operation) => self.entries.push((operation, number)),
            Origin::Pair(pair) => self.successors[pair].push(number),
        }
        (number == next).then_some(number)
    }

    /// All findings, by subject and code, each with the operations it affects.
    pub(super) fn finish(self) -> Vec<Finding> {
        let Self {
            findings,
            operations,
            ..
        } = self;
        let reaching = Operations::spread(&self.successors, &self.entries, operations.len());
        let finish = |collected: Collected| {
            let mut finding = collected.finding;
            let affected = reaching.union(&collected.origins);
            let ids = operations.iter().enumerate();
            let ids = ids.filter(|(number, _)| is_set(&affected, *number));
            finding.operations = ids.map(|(_, id)| id.clone()).collect();
            finding.operations.sort_unstable();
            finding.operations.dedup();
            finding
        };
        let mut findings: Vec<Finding> = findings.into_values().map(finish).collect();
        findings.sort_by(|a, b| {
            let key = |finding: &Finding| (finding.code, finding.direction);
            (&a.subject, key(a), &a.was, &a.is).cmp(&(&b.subject, key(b), &b.was, &b.is))
        });
        findings
    }
}

/// The operations that lead to each pair, as sets of bits.
struct Operations {
    /// The number of words that a set takes.
    words: usize,
    bits: Vec<u64>,
}

impl Operations {
    /// Propagates the operations along the graph until nothing changes. A pair is visited again only
    /// after more operations have reached it.
    fn spread(successors: &[Vec<usize>], entries: &[(usize, usize)], operations: usize) -> Self {
        let words = operations / 64 + 1;
        let mut spread = Self {
            words,
            bits: vec![0; words * successors.len()],
        };
        let mut is_queued = vec![false; successors.len()];
        let mut queue = VecDeque::new();
        for (operation, pair) in entries {
            set(spread.of_mut(*pair), *operation);
            if !std::mem::replace(&mut is_queued[*pair], true) {
                queue.push_back(*pair);
            }
        }
        while let Some(pair) = queue.pop_front() {
            is_queued[pair] = false;
            let own = spread.of(pair).to_vec();
            for next in &successors[pair] {
                let has_grown = unite(spread.of_mut(*next), &own);
                if has_grown && !std::mem::replace(&mut is_queued[*next], true) {
                    queue.push_back(*next);
                }
            }
        }
        spread
    }

    /// The operations that lead to any of these origins.
    fn union(&self, origins: &[Origin]) -> Vec<u64> {
        let mut union = vec![0; self.words];
        for origin in origins {
            match origin {
                Origin::Api => {}
                Origin::Operation(operation) => set(&mut union, *operation),
                Origin::Pair(pair) => {
                    unite(&mut union, self.of(*pair));
                }
            }
        }
        union
    }

    fn of(&self, pair: usize) -> &[u64] {
        &self.bits[pair * self.words..(pair + 1) * self.words]
    }

    fn of_mut(&mut self, pair: usize) -> &mut [u64] {
        &mut self.bits[pair * self.words..(pair + 1) * self.words]
    }
}

fn set(bits: &mut [u64], number: usize) {
    bits[number / 64] |= 1 << (number % 64);
}

fn is_set(bits: &[u64], number: usize) -> bool {
    bits[number / 64] >> (number % 64) & 1 == 1
}

/// Adds the bits of `others`. Returns whether any of them is new.
fn unite(bits: &mut [u64], others: &[u64]) -> bool {
    let mut has_grown = false;
    for (own, other) in bits.iter_mut().zip(others) {
        has_grown |= *other & !*own != 0;
        *own |= *other;
    }
    has_grown
}

#[cfg(test)]
mod tests {
    use super::{super::finding::Owner, *};

    fn pair(number: usize) -> PairKey {
        (vec![number], vec![number], Direction::Request)
    }

    #[test]
    fn a_change_in_a_circle_reaches_all_that_lead_into_it() {
        let mut findings = Findings::default();
        // Operations 0 and 129 enter at 0 and 2; 0 -> 1 -> 2 -> 0.
        findings.enter_operation("op000");
        assert_eq!(findings.reach(pair(0)), Some(0));
        findings.enter_pair(0);
        assert_eq!(findings.reach(pair(1)), Some(1));
        findings.enter_pair(1);
        assert_eq!(findings.reach(pair(2)), Some(2));
        let subject = Subject::of(Owner::Schema("A".to_owned()));
        findings.add(Change::new(FindingCode::SchemaRenamed, &subject), "");
        findings.enter_pair(2);
        assert_eq!(findings.reach(pair(0)), None);
        for number in 1..130 {
            findings.enter_operation(&format!("op{number:03}"));
        }
        assert_eq!(findings.reach(pair(2)), None);
        let all = findings.finish();
        assert_eq!(all.len(), 1);
        assert_eq!(all[0].operations, ["op000", "op129"]);
    }

    #[test]
    fn what_is_found_twice_is_reported_once() {
        let mut findings = Findings::default();
        let subject = Subject::of(Owner::Schema("A".to_owned()));
        for operation in ["b", "a"] {
            findings.enter_operation(operation);
            let change = Change::new(FindingCode::ResponseBoundWidened, &subject).was("1");
            findings.add(change, " changed");
        }
        let all = findings.finish();
        assert_eq!(all.len(), 1);
        assert_eq!(all[0].message, "`A` changed");
        assert_eq!(all[0].operations, ["a", "b"]);
    }
}
