//! What once went wrong in `cargo xtask fuzz`, and what it starts from: the descriptions in
//! `tests/fuzz`, through all that sdkgen does.
//!
//! A find becomes a test by adding its file: `NAME.yaml` or `NAME.json`, with `NAME.toml` where it
//! needs a configuration and `NAME.overlay` where it needs an overlay. A description that is refused is as
//! good as one that renders; what must hold is that nothing panics, and that what comes out is right.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    thread,
};

use sdkgen::{
    Code, Job, Layout, Rendered, Severity,
    report::{Acknowledgements, Report, Side},
    slice::Syntax,
};
use sdkgen_fuzz::checks::{self, Files};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz")
}

/// The descriptions by name.
fn descriptions() -> BTreeMap<String, PathBuf> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        let ending = path.extension().unwrap_or_default().to_string_lossy();
        if ending == "yaml" || ending == "json" {
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            assert_eq!(found.insert(name, path.clone()), None, "{}", path.display());
        }
    }
    found
}

fn job(spec: &Path) -> Job {
    let mut job = Job::new(spec);
    let beside = |ending: &str| Some(spec.with_extension(ending)).filter(|path| path.exists());
    if let Some(config) = beside("toml") {
        job = job.with_config(config);
    }
    if let Some(overlay) = beside("overlay") {
        job = job.with_overlay(overlay);
    }
    job
}

/// Everything that is wrong with what sdkgen does with a description.
fn faults(spec: &Path) -> Vec<String> {
    let mut faults = Vec::new();
    for layout in [Layout::Crate, Layout::Embedded] {
        faults.extend(rendering(&job(spec).with_layout(layout)));
    }
    faults.extend(slicing(&job(spec)));
    faults.extend(comparing(&job(spec)));
    faults
}

/// Renders twice and looks at what comes out.
fn rendering(job: &Job) -> Vec<String> {
    let mut faults = Vec::new();
    let mut both = Vec::new();
    for _ in 0..2 {
        let compilation = sdkgen::compile(job);
        for diagnostic in &compilation.diagnostics {
            faults.extend(checks::printed(&diagnostic.to_string()));
        }
        let has_error = |one: &sdkgen::Diagnostic| one.severity == Severity::Error;
        if compilation.compiled.is_none() != compilation.diagnostics.iter().any(has_error) {
            faults.push("a refusal without an error, or an error without a refusal".to_owned());
        }
        let rendered = compilation
            .compiled
            .map(|compiled| sdkgen::render(&compiled));
        match rendered {
            Some(Ok(rendered)) => both.push(files(&rendered)),
            Some(Err(diagnostic)) if diagnostic.code == Code::CrateName => {}
            Some(Err(diagnostic)) => faults.push(diagnostic.to_string()),
            None => {}
        }
    }
    if let [one, other] = both.as_slice() {
        faults.extend(checks::rendered(one));
        let path = checks::difference(one, other);
        faults.extend(path.map(|path| format!("two runs render different bytes: {path}")));
    }
    faults
}

fn files(rendered: &Rendered) -> Files {
    let files = rendered.files.iter();
    files
        .map(|(path, text)| (path.to_string(), text.clone().into_bytes()))
        .collect()
}

/// Slices, and reads and slices what comes out.
fn slicing(job: &Job) -> Vec<String> {
    let Ok(slice) = job.slice() else {
        return Vec::new();
    };
    let text = slice.text(Syntax::Yaml);
    let scratch = tempfile::tempdir().unwrap();
    let spec = scratch.path().join("slice.yaml");
    fs::write(&spec, &text).unwrap();
    match Job::new(&spec).slice() {
        Err(refused) => vec![format!("a slice cannot be read: {refused}")],
        Ok(again) if again.text(Syntax::Yaml) != text => {
            vec!["a slice of a slice is another text".to_owned()]
        }
        Ok(_) => Vec::new(),
    }
}

/// Compares a description with itself.
fn comparing(job: &Job) -> Vec<String> {
    let (Ok(old), Ok(new)) = (Side::read(job), Side::read(job)) else {
        return Vec::new();
    };
    let report = Report::new(&old, &new, None, &Acknowledgements::default(), None);
    let found = report.entries.iter();
    found
        .map(|entry| format!("it differs from itself: {}", entry.code()))
        .collect()
}

#[test]
fn no_description_shows_a_fault() {
    let mut wrong = Vec::new();
    let descriptions = descriptions();
    assert!(descriptions.len() >= 5, "the seeds are somewhere");
    for (name, spec) in descriptions {
        // As much stack as the program's main thread has.
        let run = thread::Builder::new()
            .stack_size(8 << 20)
            .spawn(move || faults(&spec));
        match run.unwrap().join() {
            Ok(faults) => wrong.extend(faults.into_iter().map(|fault| format!("{name}: {fault}"))),
            Err(_) => wrong.push(format!("{name}: a panic")),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_file_belongs_to_a_description() {
    let known = descriptions();
    for entry in fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let ending = path
            .extension()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let is_known = ["yaml", "json", "toml", "overlay"].contains(&ending.as_str());
        assert!(
            is_known && known.contains_key(&name),
            "{} is read by no test",
            path.display()
        );
    }
}
