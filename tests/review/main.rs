//! Comparing a working tree with a revision, and what documents say of the reports.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod schema;

use std::{fs, path::Path, process::Command};

use sdkgen::{
    Code, Diagnostic, Job,
    report::{Acknowledgements, Cause, Impact, Report, Side},
};
use xtask::review::{Base, Drift, Project, Review, Size, Verdict, verdict};

const OLD: &str = include_str!("old.yaml");
const NEW: &str = include_str!("new.yaml");

#[test]
fn the_document_shows_what_the_command_prints() {
    let (found, wanted) = xtask::review::document(&xtask::root()).unwrap();
    assert_eq!(found, wanted, "run `cargo xtask goldens`");
}

#[test]
fn reports_fit_their_schema() {
    let text = fs::read_to_string(xtask::root().join("docs/report.schema.json")).unwrap();
    let schema: serde_json::Value = serde_json::from_str(&text).unwrap();
    let side = |name: &str| Side::read(&Job::new(xtask::root().join("tests/review").join(name)));
    let (old, new) = (side("old.yaml").unwrap(), side("new.yaml").unwrap());
    let none = Acknowledgements::default();
    let forth = Report::new(&old, &new, None, &none, Some("0.1.0")).json();
    let back = Report::new(&new, &old, None, &none, None).json();
    for report in [&forth, &back] {
        assert!(report["entries"].as_array().unwrap().len() > 4);
        assert_eq!(schema::misfits(&schema, report, true), [""; 0]);
    }
    // The check itself can fail.
    let mut wrong = forth.clone();
    wrong["entries"][0]["gravity"] = "grave".into();
    wrong["entries"][0]["color"] = "red".into();
    wrong["counts"].as_object_mut().unwrap().remove("risky");
    wrong["new"]["sha256"] = "none".into();
    let misfits = schema::misfits(&schema, &wrong, true);
    assert_eq!(misfits.len(), 4, "{misfits:#?}");
    // A program that reads reports by the schema takes those of a later version.
    let mut later = forth.clone();
    later["entries"][0]["color"] = "red".into();
    assert_eq!(schema::misfits(&schema, &later, false), [""; 0]);
}

/// A repository of its own, with one commit of an SDK of the old description.
struct Repository {
    project: Project,
    _folder: tempfile::TempDir,
}

impl Repository {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        let repository = Self {
            project: Project { root },
            _folder: folder,
        };
        repository.write("spec/users-api.yaml", OLD);
        repository.write("spec/sdkgen.toml", "");
        repository.write("sdk/Cargo.toml", "[package]\nversion.workspace = true\n");
        repository.write("Cargo.toml", "[workspace.package]\nversion = \"1.2.3\"\n");
        repository.regenerate();
        repository.git(&["init", "--quiet"]);
        repository.commit();
        repository
    }

    fn root(&self) -> &Path {
        &self.project.root
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.root().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.root().join(path)).unwrap()
    }

    fn regenerate(&self) {
        let outcome = xtask::write_or_check(&xtask::sdk_in(self.root()), false);
        assert!(outcome.up_to_date, "{:?}", outcome.diagnostics);
    }

    fn commit(&self) {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--no-verify", "--message", "A state."]);
    }

    fn git(&self, arguments: &[&str]) {
        let mut command = Command::new("git");
        command.current_dir(self.root());
        for setting in [
            "user.name=A",
            "user.email=a@example.com",
            "commit.gpgsign=false",
            "core.autocrlf=false",
        ] {
            command.args(["-c", setting]);
        }
        let status = command.args(arguments).status().unwrap();
        assert!(status.success(), "git {arguments:?}");
    }

    fn report(&self) -> Report {
        let base = Base::check_out(self.root(), None).unwrap();
        self.project.compare(&base).unwrap().report
    }

    fn verdict(&self) -> Verdict {
        let has_drift = !self.project.drift().unwrap().is_empty();
        verdict(&self.report(), has_drift, Impact::Breaking.into())
    }
}

#[test]
fn a_change_is_drift_until_it_is_rendered_and_grave_until_it_is_acknowledged() {
    let repository = Repository::new();
    assert_eq!(repository.verdict(), Verdict::Clean);
    let untouched = repository.report();
    assert!(untouched.entries.is_empty(), "{:#?}", untouched.entries);

    repository.write("spec/users-api.yaml", NEW);
    assert_eq!(repository.verdict(), Verdict::Drift);
    repository.regenerate();
    assert_eq!(repository.verdict(), Verdict::OverLimit);

    let report = repository.report();
    assert_eq!(report.proposal.to.as_deref(), Some("2.0.0"));
    let mut accepted = String::new();
    for entry in &report.entries {
        assert_eq!(entry.cause, Cause::Description, "{entry:#?}");
        if let Some(wire) = &entry.wire {
            for place in [&wire.old, &wire.new].into_iter().flatten() {
                assert_eq!(place.file, "spec/users-api.yaml");
            }
        }
        if entry.impact() == Impact::Breaking {
            let fingerprint = &entry.fingerprint;
            accepted.push_str("[[acknowledged]]\n");
            accepted.push_str(&format!(
                "fingerprint = '{fingerprint}'\nreason = 'So be it.'\n"
            ));
        }
    }
    assert!(!accepted.is_empty());
    repository.write("spec/acknowledged.toml", &accepted);
    assert_eq!(repository.verdict(), Verdict::Clean);
    // Once it is committed there is nothing left to acknowledge.
    repository.commit();
    assert_eq!(
        repository.report().stale.len(),
        accepted.matches("[[").count()
    );
}

#[test]
fn what_another_generator_rendered_is_told_apart() {
    let repository = Repository::new();
    let model = "sdk/src/generated/models/user_queue.rs";
    let text = repository.read(model).replace("pub name: ", "pub title: ");
    repository.write(model, &text);
    let drift = repository.project.drift().unwrap();
    let drift: Vec<_> = drift.iter().map(|it| (it.path.as_str(), it.what)).collect();
    assert_eq!(drift, [(model, "edited by hand")]);
    repository.commit();
    repository.regenerate();
    let report = repository.report();
    assert!(!report.entries.is_empty());
    for entry in &report.entries {
        assert_eq!(entry.cause, Cause::Generator, "{entry:#?}");
        assert!(entry.wire.is_none() && entry.about.contains("models::UserQueue"));
    }
}

#[test]
fn a_revision_is_checked_out_beside_the_working_tree() {
    let repository = Repository::new();
    repository.write("spec/users-api.yaml", NEW);
    repository.write("new.txt", "not added\n");
    let base = Base::check_out(repository.root(), Some("HEAD")).unwrap();
    let read = fs::read_to_string(base.root().join("spec/users-api.yaml")).unwrap();
    assert_eq!(read, OLD);
    assert!(!base.root().join("new.txt").exists());
    assert!(base.name().starts_with("HEAD ("));
    assert_eq!(repository.read("spec/users-api.yaml"), NEW);
    let folder = base.root().to_owned();
    drop(base);
    assert!(!folder.exists());
    for revision in ["no-such", "--help", ""] {
        let error = Base::check_out(repository.root(), Some(revision)).unwrap_err();
        assert!(error.contains("is no revision"), "{error}");
    }
    let sizes = Size::of_sdk(repository.root()).unwrap();
    assert!(sizes.files > 3 && sizes.lines > sizes.files && sizes.bytes > sizes.lines);
}

#[test]
fn a_review_fits_a_comment_and_calls_nobody() {
    let repository = Repository::new();
    let base = Base::check_out(repository.root(), None).unwrap();
    let mut comparison = repository.project.compare(&base).unwrap();
    let hostile = "@octocat https://evil.test </details> ```\n```\n\u{1b}[31m".repeat(500);
    for _ in 0..100 {
        let warning = Diagnostic::new(Code::MissingOperationId, hostile.clone());
        comparison.report.warnings.push(warning);
        comparison.notes.push(hostile.clone());
    }
    let drift = vec![Drift::out_of_date(&hostile); 100];
    let size = Size::of_sdk(repository.root()).unwrap();
    let times = Err(String::new());
    let review = Review::new(hostile, drift, None, (size, size), times, comparison);
    let text = review.markdown();
    let (head, _) = text.split_once("\n## ").unwrap();
    assert!(head.len() < 7_500, "{}", head.len());
    let fences = head.lines().filter(|line| line.starts_with("```"));
    assert_eq!(fences.count(), 4, "{head}");
    let outside: String = head.split("\n```").step_by(2).collect();
    for bad in ["@", "://", "\u{1b}"] {
        assert!(!outside.contains(bad), "{outside}");
    }
    assert!(!review.text(false).contains('\u{1b}'));
}

#[test]
fn rendering_gives_the_same_bytes_each_time() {
    let repository = Repository::new();
    assert_eq!(repository.project.determinism().unwrap(), None);
}

#[test]
fn what_keeps_a_side_from_being_read_is_told_with_its_place() {
    let repository = Repository::new();
    repository.write("spec/users-api.yaml", "openapi: [\n");
    let base = Base::check_out(repository.root(), None).unwrap();
    let error = repository.project.compare(&base).unwrap_err();
    assert!(error.contains("--> spec/users-api.yaml:"), "{error}");
}
