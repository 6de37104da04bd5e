//! Small edits of a small description, and exactly what they are found to be.

use crate::job::Job;

use super::*;

mod operations;
mod parameters;
mod same;
mod schemas;
mod sent;
mod service;
mod together;
mod values;

const BASE: &str = include_str!("tests/base.yaml");

/// A name, edits as what stands once in the description and what comes in its place, and findings
/// as impact, code and message.
type Case = (
    &'static str,
    &'static [(&'static str, &'static str)],
    &'static [&'static str],
);

/// Checks that each edit gives what it should, and tells of all that do not.
fn check(cases: &[Case]) {
    check_of(BASE, cases);
}

fn check_of(text: &str, cases: &[Case]) {
    let base = side(text);
    let mut wrong = Vec::new();
    for (name, edits, expected) in cases {
        let edited = side(&edited_of(text, name, edits));
        let found = shown(&compare(&base, &edited));
        if found != *expected {
            wrong.push(format!("{name}: {found:#?} instead of {expected:#?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

fn edited(name: &str, edits: &[(&str, &str)]) -> String {
    edited_of(BASE, name, edits)
}

fn edited_of(text: &str, name: &str, edits: &[(&str, &str)]) -> String {
    let mut text = text.to_owned();
    for (old, new) in edits {
        assert_eq!(text.matches(old).count(), 1, "{name}: `{old}` stands once");
        text = text.replace(old, new);
    }
    text
}

fn side(text: &str) -> Side {
    with_config(text, "")
}

fn with_config(text: &str, config: &str) -> Side {
    let job = Job::from_text("api.yaml", text).with_config_text("sdkgen.toml", config);
    Side::read(&job).unwrap_or_else(|refused| panic!("{refused}"))
}

/// A description of nothing but some paths and components, indented as they are below the root.
fn small(body: &str) -> Side {
    side(&format!(
        "openapi: 3.0.3\ninfo: {{title: A, version: '1'}}\n{body}"
    ))
}

fn shown(findings: &[Finding]) -> Vec<String> {
    findings
        .iter()
        .map(|finding| {
            let Finding {
                impact,
                code,
                message,
                ..
            } = finding;
            format!("{} {}: {message}", impact.as_str(), code.as_str())
        })
        .collect()
}
