//! What has been found so far, and what leads to what, so that each change is told once together
//! with all operations it reaches.

use std::collections::{HashMap, VecDeque};

use indexmap::{IndexMap, map::Entry};

use super::{
    code::FindingCode,
    finding::{Direction, Finding, Impact, Subject},
};
use crate::openapi::Pointer;

/// Findings and the graph of the pairs they were made at.
#[derive(Default)]
pub(super) struct Found {
    findings: IndexMap<Key, Reached>,
    /// The pairs that have been met, by what identifies both halves.
    pairs: HashMap<PairKey, usize>,
    leads_to: Vec<Vec<usize>>,
    /// Where each operation enters the graph.
    starts: Vec<(usize, usize)>,
    here: Origin,
    /// The ids of the operations that are counted by `Origin::Operation`.
    pub(super) operations: Vec<String>,
}

/// What identifies two halves that are compared: the addresses of what they are made of.
pub(super) type PairKey = (Vec<usize>, Vec<usize>, Option<Direction>);

/// What led to what is being compared.
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

struct Reached {
    finding: Finding,
    origins: Vec<Origin>,
}

/// A finding in the making.
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

    /// Says which of two codes it is by the direction.
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

    /// Sets what was and what is, either of which may be nothing.
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

    pub(super) fn old(mut self, old: &Pointer) -> Self {
        self.old = Some(old.clone());
        self
    }

    pub(super) fn new_at(mut self, new: &Pointer) -> Self {
        self.new = Some(new.clone());
        self
    }

    /// Another impact than the code's, where a condition holds.
    pub(super) fn impact_if(mut self, condition: bool, impact: Impact) -> Self {
        if condition {
            self.impact = impact;
        }
        self
    }
}

impl Found {
    /// Notes a change, whose message is the subject followed by this.
    pub(super) fn add(&mut self, change: Change, tail: &str) {
        let message = format!("{}{tail}", change.subject);
        self.say(change, message);
    }

    /// Notes a change with a message of its own.
    pub(super) fn say(&mut self, change: Change, message: String) {
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
                if known.origins.last() != Some(&self.here) {
                    known.origins.push(self.here);
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
                vacant.insert(Reached {
                    finding,
                    origins: vec![self.here],
                });
            }
        }
    }

    /// Goes to what led to what comes next, and tells where it was before.
    pub(super) fn go(&mut self, origin: Origin) -> Origin {
        std::mem::replace(&mut self.here, origin)
    }

    /// Notes that a pair has been reached; its number if it is the first time.
    pub(super) fn enter(&mut self, key: PairKey) -> Option<usize> {
        let next = self.leads_to.len();
        let number = *self.pairs.entry(key).or_insert(next);
        if number == next {
            self.leads_to.push(Vec::new());
        }
        match self.here {
            Origin::Api => {}
            Origin::Operation(operation) => self.starts.push((operation, number)),
            Origin::Pair(pair) => self.leads_to[pair].push(number),
        }
        (number == next).then_some(number)
    }

    /// All findings, by subject and code, each with the operations it reaches.
    pub(super) fn finish(self) -> Vec<Finding> {
        let reached = Operations::spread(&self.leads_to, &self.starts, self.operations.len());
        let Self {
            findings,
            operations,
            ..
        } = self;
        let mut all: Vec<Finding> = findings
            .into_values()
            .map(
                |Reached {
                     mut finding,
                     origins,
                 }| {
                    let mut bits = vec![0_u64; reached.words];
                    for origin in origins {
                        match origin {
                            Origin::Api => {}
                            Origin::Operation(operation) => set(&mut bits, operation),
                            Origin::Pair(pair) => {
                                unite(&mut bits, reached.of(pair));
                            }
                        }
                    }
                    let own = operations.iter().enumerate();
                    let mut ids: Vec<String> = own
                        .filter(|(number, _)| bits[number / 64] >> (number % 64) & 1 == 1)
                        .map(|(_, id)| id.clone())
                        .collect();
                    ids.sort_unstable();
                    ids.dedup();
                    finding.operations = ids;
                    finding
                },
            )
            .collect();
        all.sort_by(|a, b| {
            let key = |finding: &Finding| (finding.code, finding.direction);
            (&a.subject, key(a), &a.was, &a.is).cmp(&(&b.subject, key(b), &b.was, &b.is))
        });
        all
    }
}

/// Which operations reach which pair, as bits.
struct Operations {
    words: usize,
    bits: Vec<u64>,
}

impl Operations {
    /// Hands the operations on along the graph until nothing changes. A pair is looked at again only
    /// when more operations have reached it.
    fn spread(leads_to: &[Vec<usize>], starts: &[(usize, usize)], operations: usize) -> Self {
        let words = operations / 64 + 1;
        let mut spread = Self {
            words,
            bits: vec![0; words * leads_to.len()],
        };
        let mut waits = vec![false; leads_to.len()];
        let mut waiting = VecDeque::new();
        for (operation, pair) in starts {
            let from = pair * words;
            set(&mut spread.bits[from..from + words], *operation);
            if !std::mem::replace(&mut waits[*pair], true) {
                waiting.push_back(*pair);
            }
        }
        while let Some(pair) = waiting.pop_front() {
            waits[pair] = false;
            let own = spread.of(pair).to_vec();
            for next in &leads_to[pair] {
                let from = next * words;
                let grew = unite(&mut spread.bits[from..from + words], &own);
                if grew && !std::mem::replace(&mut waits[*next], true) {
                    waiting.push_back(*next);
                }
            }
        }
        spread
    }

    fn of(&self, pair: usize) -> &[u64] {
        &self.bits[pair * self.words..(pair + 1) * self.words]
    }
}

fn set(bits: &mut [u64], number: usize) {
    bits[number / 64] |= 1 << (number % 64);
}

/// Adds bits to others, and tells whether there were new ones.
fn unite(bits: &mut [u64], others: &[u64]) -> bool {
    let mut grew = false;
    for (own, other) in bits.iter_mut().zip(others) {
        grew |= *other & !*own != 0;
        *own |= *other;
    }
    grew
}

#[cfg(test)]
mod tests {
    use super::{super::finding::Owner, *};

    fn pair(number: usize) -> PairKey {
        (vec![number], vec![number], None)
    }

    #[test]
    fn a_change_in_a_circle_reaches_all_that_lead_into_it() {
        let mut found = Found {
            operations: (0..130).map(|number| format!("op{number:03}")).collect(),
            ..Found::default()
        };
        // Operations 0 and 129 enter at 0 and 2; 0 -> 1 -> 2 -> 0.
        found.go(Origin::Operation(0));
        assert_eq!(found.enter(pair(0)), Some(0));
        found.go(Origin::Pair(0));
        assert_eq!(found.enter(pair(1)), Some(1));
        found.go(Origin::Pair(1));
        assert_eq!(found.enter(pair(2)), Some(2));
        let subject = Subject::of(Owner::Schema("A".to_owned()));
        found.add(Change::new(FindingCode::SchemaRenamed, &subject), "");
        found.go(Origin::Pair(2));
        assert_eq!(found.enter(pair(0)), None);
        found.go(Origin::Operation(129));
        assert_eq!(found.enter(pair(2)), None);
        let all = found.finish();
        assert_eq!(all.len(), 1);
        assert_eq!(all[0].operations, ["op000", "op129"]);
    }

    #[test]
    fn what_is_found_twice_is_told_once() {
        let mut found = Found {
            operations: vec!["b".to_owned(), "a".to_owned()],
            ..Found::default()
        };
        let subject = Subject::of(Owner::Schema("A".to_owned()));
        for operation in 0..2 {
            found.go(Origin::Operation(operation));
            let change = Change::new(FindingCode::ResponseBoundWidened, &subject).was("1");
            found.add(change, " changed");
        }
        let all = found.finish();
        assert_eq!(all.len(), 1);
        assert_eq!(all[0].message, "`A` changed");
        assert_eq!(all[0].operations, ["a", "b"]);
    }
}
