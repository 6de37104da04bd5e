//! Each folder of `golden` holds a description, its configuration and what they render to; there is a
//! test for each folder. The library of this package compiles the rendered code.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use sdkgen::Severity;

// A test for each folder, with its name: calls `check`.
include!(concat!(env!("OUT_DIR"), "/tests.rs"));

fn check(name: &str) {
    let targets = xtask::goldens().unwrap();
    let target = targets.iter().find(|target| target.name == name).unwrap();
    let outcome = xtask::write_or_check(target, true);
    for diagnostic in &outcome.diagnostics {
        assert_eq!(
            diagnostic.code.severity(),
            Severity::Warning,
            "{diagnostic}"
        );
    }
    assert!(
        outcome.up_to_date,
        "{}\nif this is right: cargo xtask goldens",
        outcome.report
    );
}

#[test]
fn every_golden_has_a_test() {
    let targets = xtask::goldens().unwrap();
    let names: Vec<&str> = targets.iter().map(|target| target.name.as_str()).collect();
    assert_eq!(names, TESTED, "the build script lists other folders");
}
