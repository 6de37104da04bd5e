//! Joins the changes of the description and the changes in Rust that they cause.

use std::collections::BTreeMap;

use super::{
    Cause, Entry, Impact, RustChange, Side, WireChange, fingerprints, fold,
    uses::{Uses, steps},
};
use crate::{
    diagnostics::Place,
    diff::{self, Finding},
    openapi::Pointer,
    surface::{self, Change, ChangeCode, Surface, Verdict},
};

/// The depth of operations and components. Nodes above them belong to no subject.
const OWNER_DEPTH: usize = 3;

/// The changes from one side to the other, each once.
pub(super) fn entries(old: &Side, new: &Side) -> Vec<Entry> {
    let findings = join_directions(diff::compare(&old.description, &new.description));
    let changes = surface::compare(&old.surface, &new.surface);
    let places = Places::of(&findings, old, new);
    let uses = (Uses::of(old), Uses::of(new));
    let index = Index::of(&findings, &uses, |_| true);
    // A break must not hide under a finding about documentation.
    let without_docs = Index::of(&findings, &uses, |finding| finding.impact != Impact::Docs);
    let mut of_findings: Vec<Vec<RustChange>> = vec![Vec::new(); findings.len()];
    let mut unmatched: Vec<Change> = Vec::new();
    for change in changes {
        let index = match change.verdict {
            Verdict::Patch => &index,
            _ => &without_docs,
        };
        match index.finding_of(&change, &findings) {
            Some(at) => of_findings[at].push(RustChange::from(change)),
            None => unmatched.push(change),
        }
    }
    let with_rust = findings.into_iter().zip(of_findings);
    let mut entries: Vec<Entry> = with_rust
        .map(|(finding, rust)| Entry {
            fingerprint: fingerprints::of_finding(&finding, &rust),
            about: about(&finding),
            message: finding.message.clone(),
            rust,
            cause: Cause::Description,
            acknowledged: None,
            wire: Some(WireChange {
                old: places.in_old(&finding),
                new: places.in_new(&finding),
                near: None,
                finding,
            }),
        })
        .collect();
    entries.extend(by_item(unmatched, Cause::Description));
    entries
}

/// Joins findings that differ in their direction only. The more serious one is kept.
fn join_directions(findings: Vec<Finding>) -> Vec<Finding> {
    let mut known: BTreeMap<(String, Option<Pointer>, Option<Pointer>), usize> = BTreeMap::new();
    let mut kept: Vec<Finding> = Vec::new();
    for finding in findings {
        let key = (
            finding.message.clone(),
            finding.old.clone(),
            finding.new.clone(),
        );
        match known.get(&key) {
            Some(at) => {
                let one = &mut kept[*at];
                let mut operations = std::mem::take(&mut one.operations);
                operations.extend(finding.operations.iter().cloned());
                operations.sort();
                operations.dedup();
                if finding.impact < one.impact {
                    *one = finding;
                }
                one.operations = operations;
            }
            None => {
                known.insert(key, kept.len());
                kept.push(finding);
            }
        }
    }
    kept
}

/// The changes between the surfaces that two generators render of the same description.
pub(super) fn of_generator(old: &Surface, new: &Surface) -> Vec<Entry> {
    by_item(surface::compare(old, new), Cause::Generator)
}

fn by_item(changes: Vec<Change>, cause: Cause) -> Vec<Entry> {
    let groups = fold::fold(changes, |change| change);
    let entries = groups.into_iter().filter_map(|group| {
        let first = group.first()?;
        Some(Entry {
            fingerprint: first.fingerprint(),
            about: format!("`{}`", fold::type_of(&first.item)),
            message: fold::message(&group),
            wire: None,
            rust: group.into_iter().map(RustChange::from).collect(),
            cause,
            acknowledged: None,
        })
    });
    entries.collect()
}

/// The heading of the entry of a finding.
fn about(finding: &Finding) -> String {
    match finding.subject.owner.parts() {
        ("api", _) => "the API".to_owned(),
        (kind, name) => format!("{kind} `{name}`"),
    }
}

/// The findings by their nodes, on either side.
struct Index {
    old: BTreeMap<Vec<String>, Vec<usize>>,
    new: BTreeMap<Vec<String>, Vec<usize>>,
}

impl Index {
    /// Indexes the findings that pass a filter.
    fn of(findings: &[Finding], uses: &(Uses, Uses), filter: impl Fn(&Finding) -> bool) -> Self {
        let mut index = Self {
            old: BTreeMap::new(),
            new: BTreeMap::new(),
        };
        let rendered = findings.iter().enumerate();
        let rendered = rendered.filter(|(_, finding)| finding.code.is_rendered());
        for (at, finding) in rendered.filter(|found| filter(found.1)) {
            for (side, pointer, uses) in [
                (&mut index.old, &finding.old, &uses.0),
                (&mut index.new, &finding.new, &uses.1),
            ] {
                if let Some(node) = pointer.as_ref().map(steps) {
                    for used in uses.of_finding(finding, &node) {
                        side.entry(used).or_default().push(at);
                    }
                    side.entry(node).or_default().push(at);
                }
            }
        }
        index
    }

    /// The finding nearest to the node that an item was rendered from: at it, above it or below it.
    fn finding_of(&self, change: &Change, findings: &[Finding]) -> Option<usize> {
        let of = |view: &Option<surface::ItemView>| Some(steps(view.as_ref()?.pointer.as_ref()?));
        let (old, new) = (of(&change.old), of(&change.new));
        let sides = [(&self.old, old), (&self.new, new)];
        let is_of_response = matches!(
            change.code,
            ChangeCode::ReturnTypeChanged | ChangeCode::ResponseReadingChanged
        );
        let found = sides.iter().filter_map(|(side, steps)| {
            let steps = steps.as_ref()?;
            // The result of an operation depends on its responses, whatever else of it has changed.
            let responses = (is_of_response && steps.len() == OWNER_DEPTH)
                .then(|| [steps.as_slice(), &["responses".to_owned()]].concat());
            responses
                .and_then(|responses| below(side, &responses))
                .or_else(|| above(side, steps))
                .or_else(|| below(side, steps))
        });
        // The deepest node is the most specific; of several findings there, the most serious one.
        let (_, candidates) = found.max_by_key(|(depth, _)| *depth)?;
        let mut candidates = candidates.to_vec();
        candidates.sort_by_key(|at| (findings[*at].impact, *at));
        candidates.first().copied()
    }
}

/// The findings at a node, or at its nearest ancestor that has some.
fn above<'i>(
    side: &'i BTreeMap<Vec<String>, Vec<usize>>,
    steps: &[String],
) -> Option<(usize, &'i [usize])> {
    (OWNER_DEPTH..=steps.len()).rev().find_map(|depth| {
        let found = side.get(&steps[..depth])?;
        Some((depth, found.as_slice()))
    })
}

/// The findings at the first descendant of an operation, a component or a node below them.
fn below<'i>(
    side: &'i BTreeMap<Vec<String>, Vec<usize>>,
    steps: &[String],
) -> Option<(usize, &'i [usize])> {
    if steps.len() < OWNER_DEPTH {
        return None;
    }
    let (first, found) = side.range(steps.to_vec()..).next()?;
    first
        .starts_with(steps)
        .then_some((steps.len(), found.as_slice()))
}

/// The places of all findings, looked up at once, which reads each text once.
struct Places {
    old: BTreeMap<Pointer, Place>,
    new: BTreeMap<Pointer, Place>,
}

impl Places {
    fn of(findings: &[Finding], old: &Side, new: &Side) -> Self {
        let look_up = |side: &Side, pointers: Vec<Pointer>| {
            let places = side.places(&pointers);
            pointers.into_iter().zip(places).collect()
        };
        let of_old = findings.iter().filter_map(|finding| finding.old.clone());
        let of_new = findings.iter().filter_map(|finding| finding.new.clone());
        Self {
            old: look_up(old, of_old.collect()),
            new: look_up(new, of_new.collect()),
        }
    }

    fn in_old(&self, finding: &Finding) -> Option<Place> {
        self.old.get(finding.old.as_ref()?).cloned()
    }

    fn in_new(&self, finding: &Finding) -> Option<Place> {
        self.new.get(finding.new.as_ref()?).cloned()
    }
}
