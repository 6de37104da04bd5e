//! Why sdkgen calls a change breaking where cargo-semver-checks does not: what that tool does not look
//! at, and a caller that no longer compiles.

use std::collections::{BTreeMap, BTreeSet};

use sdkgen::surface::{Change, ChangeCode, Verdict};

use super::{
    callers::{self, Snippet},
    crates::Crates,
    pairs::Pair,
};

/// How many pairs are compiled at a time.
const BATCH: usize = 6;
/// How many findings of a pair are made into code.
const FINDINGS: usize = 40;
/// How often lines are taken out of a caller: a path that is gone hides what else is wrong.
const ROUNDS: usize = 5;

/// What was found out about a pair that only sdkgen calls breaking.
#[derive(Clone, Debug, Default)]
pub(super) struct Explanation {
    /// What cargo-semver-checks does not look at, for findings that were shown to break callers.
    pub(super) classes: BTreeSet<&'static str>,
    /// How many findings there are.
    pub(super) findings: usize,
    /// How many of them were shown to break callers.
    pub(super) shown: usize,
    /// The findings that were not, and why.
    pub(super) open: Vec<String>,
}

impl Explanation {
    pub(super) fn is_explained(&self) -> bool {
        !self.classes.is_empty() && self.open.is_empty()
    }
}

/// What cargo-semver-checks leaves out of which the finding is one, by its own list of limitations
/// and of lints.
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

/// Explains pairs, in their order.
pub(super) fn explain(pairs: &[&Pair<'_>], crates: &Crates) -> Result<Vec<Explanation>, String> {
    let mut all = Vec::new();
    for batch in pairs.chunks(BATCH) {
        let mut cases: Vec<Case<'_>> = batch.iter().map(|pair| Case::new(pair)).collect();
        // First what was never right, then what is no longer.
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

/// The errors of the callers, by line, with what the compiler says.
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
    /// What still compiles, as far as is known.
    snippets: Vec<Snippet>,
    /// What does not compile with the old crate, by finding.
    wrong: BTreeMap<usize, String>,
    /// What does not compile with the new one.
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

    /// Takes out the lines that do not compile; says how many.
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
            // Calls with values in the wrong places compile: that is what is wrong with them.
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
