//! What the cases share: running sdkgen, and snapshots of its diagnostics.

use std::path::{Path, PathBuf};

use sdkgen::{Code, Compilation, Diagnostic, Job, Severity};

/// What `sdkgen generate` does, and says.
pub(crate) fn generate(job: &Job, out: &Path) -> Vec<Diagnostic> {
    let Compilation {
        mut diagnostics,
        compiled,
    } = sdkgen::compile(job);
    let outcome = compiled.map(|compiled| sdkgen::render(&compiled)?.output(out)?.write());
    match outcome {
        Some(Ok(plan)) => diagnostics.extend(plan.warnings()),
        Some(Err(diagnostic)) => diagnostics.push(diagnostic),
        None => {}
    }
    diagnostics
}

/// The diagnostics of a description of which no API must come.
pub(crate) fn refused(job: &Job) -> Vec<Diagnostic> {
    let Compilation {
        diagnostics,
        compiled,
    } = sdkgen::compile(job);
    assert!(
        compiled.is_none(),
        "an error must not give an API: {diagnostics:#?}"
    );
    assert!(
        diagnostics.iter().any(is_error),
        "a refusal must be explained: {diagnostics:#?}"
    );
    diagnostics
}

/// The diagnostics of a description of which an API must come.
pub(crate) fn accepted(job: &Job) -> Vec<Diagnostic> {
    let Compilation {
        diagnostics,
        compiled,
    } = sdkgen::compile(job);
    assert!(
        compiled.is_some(),
        "a warning must not keep an API back: {diagnostics:#?}"
    );
    assert!(!diagnostics.iter().any(is_error), "{diagnostics:#?}");
    diagnostics
}

pub(crate) fn is_error(diagnostic: &Diagnostic) -> bool {
    diagnostic.severity == Severity::Error
}

/// How a diagnostic of a kind starts.
pub(crate) fn label(code: Code) -> String {
    let severity = match code.severity() {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    format!("{severity}[{}]: ", code.as_str())
}

pub(crate) fn case(name: &str) -> Job {
    let folder = tests().join("diagnostics");
    let file =
        |ending: &str| Some(folder.join(name).with_extension(ending)).filter(|path| path.exists());
    let spec = file("yaml")
        .or_else(|| file("json"))
        .expect("a case has a description");
    let mut job = Job::new(spec);
    if let Some(config) = file("toml") {
        job = job.with_config(config);
    }
    if let Some(overlay) = file("overlay") {
        job = job.with_overlay(overlay);
    }
    job
}

pub(crate) fn snapshot(name: &str, diagnostics: &[Diagnostic]) {
    let shown: Vec<String> = within(diagnostics.to_vec(), &tests())
        .iter()
        .map(Diagnostic::to_string)
        .collect();
    settings().bind(|| insta::assert_snapshot!(name, shown.join("\n\n")));
}

pub(crate) fn settings() -> insta::Settings {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(snapshots());
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings
}

/// The diagnostics with paths that start at a folder, so that it does not matter where that is.
pub(crate) fn within(mut diagnostics: Vec<Diagnostic>, folder: &Path) -> Vec<Diagnostic> {
    let folder = format!("{}{}", folder.display(), std::path::MAIN_SEPARATOR);
    let shorten = |text: &mut String| {
        *text = text
            .replace(&folder, "")
            .replace(std::path::MAIN_SEPARATOR, "/")
    };
    for diagnostic in &mut diagnostics {
        shorten(&mut diagnostic.message);
        if let Some(place) = &mut diagnostic.place {
            shorten(&mut place.file);
        }
    }
    diagnostics
}

pub(crate) fn tests() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

pub(crate) fn snapshots() -> PathBuf {
    tests().join("diagnostics").join("snapshots")
}
