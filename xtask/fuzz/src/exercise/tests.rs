#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::{os::unix::process::ExitStatusExt, process::ExitStatus, time::Duration};

use serde_json::json;

use super::{ended::crash, *};
use crate::case::Syntax;

/// A sandbox with a script in place of sdkgen.
fn sandbox(folder: &Path, script: &str) -> Sandbox {
    let program = folder.join("sdkgen");
    fs::write(&program, format!("#!/bin/sh\n{script}\n")).unwrap();
    let mut permissions = fs::metadata(&program).unwrap().permissions();
    std::os::unix::fs::PermissionsExt::set_mode(&mut permissions, 0o755);
    fs::set_permissions(&program, permissions).unwrap();
    Sandbox {
        program,
        limits: Limits {
            timeout: Duration::from_secs(60),
            cpu: None,
            memory: 1 << 32,
            has_prlimit: false,
        },
        folder: folder.join("case"),
    }
}

/// Runs steps on the smallest case.
fn run(sandbox: &Sandbox, steps: &[Step]) -> StepResults {
    let case = Case {
        spec: json!({"openapi": "3.0.3"}),
        syntax: Syntax::Json,
        text: None,
        config: None,
        overlay: None,
        include: None,
    };
    let base = Base {
        name: "b".to_owned(),
        spec: json!({}),
        config: None,
    };
    sandbox.run(&case, &base, steps, 0).unwrap()
}

/// The finds with a script in place of sdkgen.
fn found(script: &str, steps: &[Step]) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let shown = run(&sandbox(folder.path(), script), steps);
    shown.finds.iter().map(Find::signature).collect()
}

#[test]
fn crashes_are_distinguished() {
    let exit = |code: i32| ExitStatus::from_raw(code << 8);
    assert_eq!(crash(exit(0), ""), None);
    assert_eq!(crash(exit(1), "error[E0101]"), None);
    assert!(
        crash(exit(101), "thread 'main' panicked at a.rs:1:2:\nwhy\n")
            .unwrap()
            .ends_with("a.rs:1:2: why")
    );
    assert_eq!(
        crash(
            ExitStatus::from_raw(6),
            "thread 'main' has overflowed its stack"
        )
        .as_deref(),
        Some("stack overflow")
    );
    assert!(crash(ExitStatus::from_raw(9), "").is_some());
    assert!(crash(exit(2), "usage").is_some());
}

#[test]
fn a_program_that_behaves_is_clean() {
    let script = "case $1 in generate) for one; do case $one in --out=*) mkdir -p ${one#--out=}/src; echo 'struct A;' > ${one#--out=}/src/a.rs;; esac; done;;\n\
        check) case $3 in --format=json) echo '{}';; esac;; diff) echo '{\"entries\": []}';; esac";
    assert_eq!(found(script, Step::ALL), Vec::<String>::new());
}

#[test]
fn programs_that_misbehave_are_found() {
    let first = |script: &str, step: Step| {
        found(script, &[step])
            .into_iter()
            .next()
            .unwrap_or_default()
    };
    assert!(first("exit 101", Step::Check).starts_with("crash"));
    assert!(first("kill -6 $$", Step::Inspect).starts_with("crash"));
    assert_eq!(
        first("echo 'error[W0701]: x' >&2; exit 1", Step::Inspect),
        ""
    );
    assert!(first("exit 1", Step::Inspect).contains("without an error"));
    assert!(first("echo 'error[E0901]: x' >&2; exit 1", Step::Inspect).contains("E0901"));
    assert!(first("printf '\\033[31m'", Step::Inspect).contains("control character"));
    assert!(first("echo $$", Step::Inspect).contains("each time"));
    assert!(
        first(
            "mkdir -p whole again; echo 'error[E0101]: x' >&2; exit 1",
            Step::Whole
        )
        .contains("left files")
    );
    assert!(
        first(
            "mkdir -p embedded/src; echo struct > embedded/src/a.rs",
            Step::Embedded
        )
        .contains("not Rust")
    );
    assert!(
        first("echo '{\"entries\": [{\"code\": \"x\"}]}'", Step::Same)
            .contains("differs from itself: x")
    );
    assert!(
        first(
            "mkdir -p whole again; echo $$ > whole/a; echo $$ > again/a",
            Step::Whole
        )
        .contains("different bytes")
    );
}

#[test]
fn what_does_not_end_is_a_hang() {
    let folder = tempfile::tempdir().unwrap();
    let mut sandbox = sandbox(folder.path(), "exec sleep 30");
    sandbox.limits.timeout = Duration::from_millis(100);
    let shown = run(&sandbox, Step::ALL);
    assert_eq!(shown.finds.len(), 1);
    assert_eq!(shown.finds[0].kind, FindKind::Hang);
}
