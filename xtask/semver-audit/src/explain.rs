//! Explains why only sdkgen calls a change breaking: by a class of changes that cargo-semver-checks does
//! not examine, and by a caller that no longer compiles.

use std::collections::{BTreeMap, BTreeSet};

use sdkgen::measuring::surface::{Change, ChangeCode, Verdict};

use super::{
    callers::{self, Snippet},
    crates::Crates,
    pairs::Pair,
};

/// Number of pairs that are compiled at a time.
const BATCH: usize = 6;
/// Maximum number of findings of a pair that become code.
const FINDINGS: usize = 40;
/// How often lines are removed from a caller: an unresolved path hides other errors.
const ROUNDS: usize = 5;

/// The explanation of a pair that only sdkgen calls breaking.
#[derive(Clone, Debug, Default)]
pub(super) struct Explanation {
    /// Classes that cargo-semver-checks does not examine, of findings that were shown to break callers.
    pub(super) classes: BTreeSet<&'static str>,
    /// Number of findings.
    pub(super) findings: usize,
    /// Number of findings that were shown to break callers.
    pub(super) shown: usize,
    /// The unexplained findings, with reasons.
    pub(super) open: Vec<String>,
}

impl Explanation {
    pub(super) fn is_explained(&self) -> bool {
        !self.classes.is_empty() && self.open.is_empty()
    }
}

/// The class of the finding, if cargo-semver-checks does not examine it according to its documented
/// limitations and lints.
fn blind_spot(code: ChangeCode) -> Option<&'static str> {
    Some(match code {
        ChangeCode::FieldTypeChanged | ChangeCode::BoxingChanged => "type of a field",
        ChangeCode::ConstTypeChanged => "type of a constant",
        ChangeCode::AliasTargetChanged => "target of an alias",
        ChangeCode::ParameterTypeChanged => "type of a parameter",
        ChangeCode::ReturnTypeChanged => "type of a result",
        ChangeCode::GenericsChanged | ChangeCode::TraitBoundsChanged => {
            "type parameters and bounds"
        }
        ChangeCode::TraitImplRemoved | ChangeCode::TraitImplChanged => {
            "impl of a trait that is not derived"
        }
        ChangeCode::ArgumentsReordered => "order of arguments",
        ChangeCode::FeatureRemoved
        | ChangeCode::FeatureEnablesLess
        | ChangeCode::FeatureGateChanged => "choice of features",
        _ => return None,
    })
}

/// Explains pairs, in the given order.
pub(super) fn explain(pairs: &[&Pair<'_>], crates: &Crates) -> Result<Vec<Explanation>, String> {
    let mut all = Vec::new();
    for batch in pairs.chunks(BATCH) {
        let mut cases: Vec<Case<'_>> = batch.iter().map(|pair| Case::new(pair)).collect();
        // First lines that never compiled, then lines that no longer compile.
        for is_new in [false, true] {
            for _ in 0..ROUNDS {
                let errors = check(&cases, crates, is_new)?;
                let dropped = cases.iter_mut().zip(&errors);
                if dropped
                    .map(|(case, lines)| case.take_out(lines, is_new))
                    .sum::<usize>()
                    == 0
                {
                    break;
                }
            }
        }
        all.extend(cases.iter().map(Case::explanation));
        eprintln!("explained: {} of {}", all.len(), pairs.len());
    }
    Ok(all)
}

/// The compiler errors of the callers, by line.
fn check(
    cases: &[Case<'_>],
    crates: &Crates,
    is_new: bool,
) -> Result<Vec<BTreeMap<usize, String>>, String> {
    let add = |case: &Case<'_>| {
        let of = if is_new {
            &case.pair.new
        } else {
            &case.pair.old
        };
        crates.add_caller(&callers::text(&case.snippets), of)
    };
    let names = cases.iter().map(add).collect::<Result<Vec<_>, _>>()?;
    let errors = crates.check(&names.iter().cloned().collect())?;
    let of_case = |name: &String| {
        let errors = errors.get(name).into_iter().flatten();
        errors
            .map(|error| (error.line, error.message.clone()))
            .collect()
    };
    Ok(names.iter().map(of_case).collect())
}

struct Case<'a> {
    pair: &'a Pair<'a>,
    findings: Vec<&'a Change>,
    /// Lines without a known error.
    snippets: Vec<Snippet>,
    /// Errors with the old crate, by finding.
    wrong: BTreeMap<usize, String>,
    /// Errors with the new crate, by finding.
    broken: BTreeMap<usize, String>,
}

impl<'a> Case<'a> {
    fn new(pair: &'a Pair<'a>) -> Self {
        let findings: Vec<&Change> = pair
            .changes
            .iter()
            .filter(|change| change.verdict == Verdict::Major)
            .collect();
        let old = &pair.base.rendered.surface;
        let snippets = findings.iter().enumerate().take(FINDINGS);
        let snippets = snippets.filter_map(|(index, change)| callers::snippet(old, index, change));
        Self {
            pair,
            snippets: snippets.collect(),
            findings,
            wrong: BTreeMap::new(),
            broken: BTreeMap::new(),
        }
    }

    /// Removes the lines that do not compile, and returns their number.
    fn take_out(&mut self, errors: &BTreeMap<usize, String>, is_new: bool) -> usize {
        let found: BTreeMap<usize, String> = errors
            .iter()
            .filter_map(|(line, message)| {
                let snippet = callers::at_line(&self.snippets, *line)?;
                Some((snippet.finding, format!("{message}: {}", snippet.line)))
            })
            .collect();
        self.snippets
            .retain(|snippet| !found.contains_key(&snippet.finding));
        let taken = found.len();
        let all = if is_new {
            &mut self.broken
        } else {
            &mut self.wrong
        };
        all.extend(found);
        taken
    }

    fn explanation(&self) -> Explanation {
        let mut explanation = Explanation {
            findings: self.findings.len(),
            ..Explanation::default()
        };
        for (index, finding) in self.findings.iter().enumerate() {
            let class = blind_spot(finding.code);
            // Calls with swapped arguments still compile, which makes the change dangerous.
            let is_silent = finding.code == ChangeCode::ArgumentsReordered;
            let is_shown = self.broken.contains_key(&index) || is_silent;
            explanation.shown += usize::from(is_shown);
            match (is_shown, class) {
                (true, Some(class)) => drop(explanation.classes.insert(class)),
                (true, None) => {
                    let code = finding.code.as_str();
                    explanation
                        .open
                        .push(format!("{code}: a lint should see {}", finding.item));
                }
                (false, _) => {
                    let why = match self.wrong.get(&index) {
                        Some(message) => format!("the caller is wrong: {message}"),
                        None if self.snippets.iter().any(|one| one.finding == index) => {
                            "its caller compiles with both".to_owned()
                        }
                        None => "no caller is known".to_owned(),
                    };
                    explanation.open.push(format!("{}: {why}", finding.message));
                }
            }
        }
        explanation
    }
}
