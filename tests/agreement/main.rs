//! The comparison of descriptions, the rendered code and JSON Schema agree on what has changed.
//!
//! Descriptions are mutated by seed. A rewrite keeps the meaning, so [`diff`] must report nothing. A
//! change of a keyword must be reported for the wire where a validator accepts other JSON, and for
//! Rust exactly where the rendered code is other code.
//!
//! `AGREEMENT_SEEDS=200` tries 200 seeds instead of the few of the default run.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod changes;
mod judge;
mod places;
mod rewrites;
mod samples;

use std::{collections::BTreeMap, fs};

use fastrand::Rng;
use sdkgen::{
    Job, diff,
    measuring::surface,
    report::{self, Acknowledgements, Impact, Report, Side},
};
use serde_json::Value;

const TOGETHER: &str = include_str!("together.yaml");

/// Goldens of more bytes take too long.
const LARGEST: u64 = 4_500;

/// Each description takes one in so many kinds of mutations with a seed.
const SHARES: u64 = 7;

/// A description to mutate, and the configuration that it is rendered with.
struct Base {
    name: String,
    tree: Value,
    config: Option<String>,
}

/// A description with what is rendered from it.
struct Rendered {
    base: Base,
    side: Side,
    code: BTreeMap<String, String>,
}

impl Base {
    fn job(&self, tree: &Value) -> Job {
        let job = Job::from_text("spec.json", tree.to_string())
            .with_layout(sdkgen::Layout::Embedded)
            .with_crate_name("agreement");
        self.config
            .iter()
            .fold(job, |job, text| job.with_config_text("sdkgen.toml", text))
    }

    /// A version of the description, ready to compare; `None` if it is refused.
    fn side(&self, tree: &Value) -> Option<Side> {
        Side::read(&self.job(tree)).ok()
    }

    fn is_modern(&self) -> bool {
        self.tree["openapi"] != "3.0.3"
    }
}

/// A description full of `allOf` in OpenAPI 3.1, and the small goldens in plain 3.0.
fn bases() -> Vec<Rendered> {
    let mut bases = vec![Base {
        name: "together".to_owned(),
        tree: serde_yaml(TOGETHER),
        config: None,
    }];
    for golden in xtask::goldens().unwrap() {
        let folder = golden.folder.parent().unwrap();
        let spec = folder.join("spec.yaml");
        if fs::metadata(&spec).unwrap().len() > LARGEST {
            continue;
        }
        let Ok(slice) = Job::new(spec).slice() else {
            continue;
        };
        bases.push(Base {
            name: golden.name,
            tree: slice.root,
            config: fs::read_to_string(folder.join("sdkgen.toml")).ok(),
        });
    }
    // A configuration that refers to another file fits no description in memory.
    let rendered = bases.into_iter().filter_map(|base| {
        let side = base.side(&base.tree)?;
        let code = code(&base, &base.tree)?;
        Some(Rendered { base, side, code })
    });
    rendered.collect()
}

fn serde_yaml(text: &str) -> Value {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("spec.yaml");
    fs::write(&path, text).unwrap();
    sdkgen::measuring::tree(&path).unwrap()
}

/// The seeds to try.
fn seeds() -> std::ops::Range<u64> {
    let wanted = std::env::var("AGREEMENT_SEEDS").ok();
    0..wanted.map_or(1, |text| text.parse().unwrap())
}

/// The mutations that are tried on a description with a seed: each kind in turn, so that one seed
/// tries every kind on some descriptions. The first description takes all of them.
fn share<T>(all: &[T], number: usize, seed: u64) -> impl Iterator<Item = &T> {
    let offset = number as u64 + seed;
    let kinds = (0_u64..).zip(all);
    let is_due = move |kind: u64| number == 0 || (kind + offset).is_multiple_of(SHARES);
    kinds.filter_map(move |(kind, one)| is_due(kind).then_some(one))
}

/// What is on one side and not on the other, for messages.
fn shown(old: &Value, new: &Value, at: &str) -> String {
    let text = |root: &Value| root.pointer(at).map_or_else(String::new, Value::to_string);
    format!("\n  was {}\n  is  {}", text(old), text(new))
}

/// Disagreements that are faults of sdkgen, not yet mended: part of the message, and the reason.
const KNOWN: &[(&str, &str)] = &[(
    "models::Bird",
    "an alternative that only a mapping names is rendered and not compared",
)];

/// Whether a disagreement has a known cause.
fn is_known(disagreement: &str) -> bool {
    KNOWN.iter().any(|(part, _)| disagreement.contains(part))
}

/// The first of some places, in an order drawn by seed, where an edit applies and changes something.
fn edited(
    tree: &Value,
    rng: &mut Rng,
    edit: impl Fn(&mut Value, &str, &mut Rng) -> Option<()>,
) -> Option<(Value, String)> {
    let mut places = places::schemas(tree);
    rng.shuffle(&mut places);
    places.into_iter().find_map(|at| {
        let mut edited = tree.clone();
        edit(&mut edited, &at, rng)?;
        // Equality of trees ignores the order of maps.
        let (before, after) = (tree.to_string(), edited.to_string());
        (before != after).then_some((edited, at))
    })
}

#[test]
fn a_rewrite_that_keeps_the_meaning_is_no_change() {
    let mut wrong = Vec::new();
    let mut compared = BTreeMap::new();
    for (number, rendered) in bases().into_iter().enumerate() {
        let base = &rendered.base;
        for seed in seeds() {
            for rewrite in share(rewrites::ALL, number, seed) {
                let mut rng = Rng::with_seed(seed);
                let Some((new, at)) = edited(&base.tree, &mut rng, rewrite.apply) else {
                    continue;
                };
                let findings = match rewrite.keeps_names {
                    true => entries(&rendered, &new),
                    false => findings(base, &base.tree, &new)
                        .map(|found| found.into_iter().map(|one| one.message).collect()),
                };
                let Some(findings) = findings else {
                    continue;
                };
                *compared.entry(rewrite.name).or_insert(0) += 1;
                if !findings.is_empty() && !is_known(&findings.join("; ")) {
                    wrong.push(format!(
                        "{}, {} at {at}, seed {seed}: {}{}",
                        base.name,
                        rewrite.name,
                        findings.join("; "),
                        shown(&base.tree, &new, &at),
                    ));
                }
            }
        }
    }
    assert_eq!(wrong, [""; 0], "{}", wrong.join("\n"));
    assert_eq!(compared.len(), rewrites::ALL.len(), "{compared:#?}");
}

/// What is reported for the wire; `None` if either description is refused.
fn findings(base: &Base, old: &Value, new: &Value) -> Option<Vec<diff::Finding>> {
    let side = |tree| diff::Side::read(&base.job(tree)).ok();
    Some(diff::compare(&side(old)?, &side(new)?))
}

/// What is reported for the wire and for Rust.
fn entries(old: &Rendered, new: &Value) -> Option<Vec<String>> {
    let new = old.base.side(new)?;
    let report = Report::new(&old.side, &new, None, &Acknowledgements::default(), None);
    let messages = report
        .entries
        .iter()
        .map(|entry| entry.message().to_owned());
    Some(messages.collect())
}

#[test]
fn a_change_of_a_keyword_is_reported_where_it_makes_a_difference() {
    let mut wrong = Vec::new();
    let mut compared = BTreeMap::new();
    for (number, rendered) in bases().into_iter().enumerate() {
        let base = &rendered.base;
        for seed in seeds() {
            for mutation in share(changes::ALL, number, seed) {
                let mut rng = Rng::with_seed(seed);
                let is_modern = base.is_modern();
                let apply = |tree: &mut Value, at: &str, rng: &mut Rng| {
                    (mutation.apply)(tree.pointer_mut(at)?.as_object_mut()?, rng, is_modern)
                };
                let Some((new, at)) = edited(&base.tree, &mut rng, apply) else {
                    continue;
                };
                let Some(disagreements) = disagreements(&rendered, &new) else {
                    continue;
                };
                *compared.entry(mutation.name).or_insert(0) += 1;
                for disagreement in disagreements.iter().filter(|one| !is_known(one)) {
                    wrong.push(format!(
                        "{}, {} at {at}, seed {seed}: {disagreement}{}",
                        base.name,
                        mutation.name,
                        shown(&base.tree, &new, &at),
                    ));
                }
            }
        }
    }
    assert_eq!(wrong, [""; 0], "{}", wrong.join("\n"));
    assert_eq!(compared.len(), changes::ALL.len(), "{compared:#?}");
}

/// In what the report of a change does not agree with the validator or with the rendered code.
fn disagreements(old: &Rendered, changed: &Value) -> Option<Vec<String>> {
    let base = &old.base;
    let new = base.side(changed)?;
    let report = Report::new(&old.side, &new, None, &Acknowledgements::default(), None);
    // A report joins findings that differ in nothing but the direction, which is needed here.
    let wire = findings(base, &base.tree, changed)?;
    let is_code = |change: &surface::Change| change.verdict != surface::Verdict::Patch;
    let mut rust = report.entries.iter().flat_map(|entry| &entry.rust);
    let has_rust = rust.any(|rust| is_code(&rust.change));
    let mut wrong = Vec::new();
    let on_surface = surface::compare(old.side.surface(), new.surface());
    if has_rust != on_surface.iter().any(is_code) {
        wrong.push("the report and the surface differ about Rust".to_owned());
    }
    if has_rust && wire.iter().all(|finding| finding.impact == Impact::Docs) {
        let messages: Vec<&str> = report.entries.iter().map(report::Entry::message).collect();
        wrong.push(format!("Rust alone has changed: {}", messages.join("; ")));
    }
    let is_same_code = old.code == code(base, changed)?;
    if is_same_code && has_rust {
        wrong.push("the code is the same and reported as another".to_owned());
    }
    if !is_same_code && report.entries.is_empty() {
        wrong.push("the code is another and nothing is reported".to_owned());
    }
    for difference in judge::differences(&base.tree, changed) {
        let goes = |finding: &&diff::Finding| match finding.direction {
            Some(diff::Direction::Request) => !difference.is_response,
            Some(diff::Direction::Response) => difference.is_response,
            None => true,
        };
        // Descriptions grow by properties, which is no break although schemas that did not list them
        // accepted any value.
        let is_property = |finding: &&diff::Finding| {
            let code = finding.code.as_str();
            code.ends_with("-property-added") || code.ends_with("-property-removed")
        };
        let grave =
            |finding: &&diff::Finding| finding.impact <= Impact::Risky || is_property(finding);
        let (lost, gained) = (&difference.lost, &difference.gained);
        // Callers meet what requests no longer accept, and what responses did not have.
        let (met, unmet) = match difference.is_response {
            true => (gained, lost),
            false => (lost, gained),
        };
        let at = &difference.at;
        if let Some(value) = met
            && !wire.iter().any(|one| goes(&one) && grave(&one))
        {
            wrong.push(format!(
                "{at} breaks callers with {value}, which is not reported"
            ));
        }
        if let Some(value) = unmet
            && !wire.iter().any(|one| goes(&one))
        {
            wrong.push(format!("{at} differs in {value}, which is not reported"));
        }
    }
    Some(wrong)
}

/// The rendered code without its documentation, by path.
fn code(base: &Base, tree: &Value) -> Option<BTreeMap<String, String>> {
    let compiled = sdkgen::compile(&base.job(tree)).compiled?;
    let files = sdkgen::render(&compiled).ok()?.files;
    let code = files
        .into_iter()
        .filter(|(path, _)| path.to_string().ends_with(".rs"));
    let words = |text: String| {
        let lines = text
            .lines()
            .map(str::trim)
            .filter(|line| !line.starts_with("//"));
        lines.collect::<Vec<_>>().join("\n")
    };
    Some(
        code.map(|(path, text)| (path.to_string(), words(text)))
            .collect(),
    )
}

/// Only the last format of an `allOf` is rendered, so only its changes may be reported.
#[test]
fn the_last_of_two_formats_counts_on_the_wire_and_in_rust() {
    let old = bases().swap_remove(0);
    let reported = |index: usize, format: &str| {
        let mut new = old.base.tree.clone();
        new["components"]["schemas"]["Moment"]["allOf"][index]["format"] = format.into();
        let new = old.base.side(&new).unwrap();
        let report = Report::new(&old.side, &new, None, &Acknowledgements::default(), None);
        let entries = report.entries.iter();
        let on_wire = entries.clone().filter(|entry| entry.wire.is_some()).count();
        let in_rust = entries.filter(|entry| !entry.rust.is_empty()).count();
        (on_wire > 0, in_rust > 0)
    };
    assert_eq!(reported(0, "date"), (false, false));
    assert_eq!(reported(1, "date"), (true, true));
}
