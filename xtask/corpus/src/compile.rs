//! Rendered crates through `cargo check`, a batch at a time, in one workspace and one target folder.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Stdio,
    time::{Duration, Instant},
};

use serde_json::Value;
use xtask::{find::Found, process::cargo, root};

use super::{
    make, progress,
    run::{self, Settings},
};

/// How many crates cargo is given at a time: enough to keep it busy, few enough to bound memory.
const BATCH: usize = 10;

/// What came of compiling a crate.
#[derive(Clone, Debug)]
pub(super) struct Compiled {
    /// The description.
    pub(super) spec: PathBuf,
    /// The crate's folder.
    pub(super) folder: PathBuf,
    /// What the compiler said first, if it was not content.
    pub(super) error: Option<String>,
    /// How long the whole batch took.
    pub(super) batch: Duration,
}

/// Renders and compiles; results come in the order of the descriptions.
pub(super) fn all(
    settings: &Settings,
    folder: &Path,
    sample: &[&Found],
) -> Result<Vec<Compiled>, String> {
    let mut compiled = Vec::new();
    if sample.is_empty() {
        return Ok(compiled);
    }
    let workspace = folder.join("compile");
    // What an earlier sample left is in nobody's way but takes room.
    let _ = fs::remove_dir_all(&workspace);
    make(&workspace)?;
    // The versions that the runtime is tested with, which also are there without a network.
    fs::copy(root().join("Cargo.lock"), workspace.join("Cargo.lock"))
        .map_err(|error| format!("cannot copy Cargo.lock: {error}"))?;
    for (number, batch) in sample.chunks(BATCH).enumerate() {
        let name = |index: usize, one: &Found| crate_name(number * BATCH + index, &one.path);
        let start = Instant::now();
        let mut members = Vec::new();
        let mut errors = BTreeMap::new();
        for (index, one) in batch.iter().enumerate() {
            let name = name(index, one);
            match render(settings, &one.path, &workspace.join(&name), &name) {
                Ok(()) => members.push(name),
                Err(error) => drop(errors.insert(name, error)),
            }
        }
        errors.extend(check(&workspace, &members, &folder.join("target"))?);
        for (index, one) in batch.iter().enumerate() {
            let name = name(index, one);
            compiled.push(Compiled {
                spec: one.path.clone(),
                folder: workspace.join(&name),
                error: errors.remove(&name),
                batch: start.elapsed(),
            });
        }
        progress("compiled", compiled.len(), sample.len(), BATCH);
    }
    Ok(compiled)
}

/// A name that is unique, and tells where the description comes from.
fn crate_name(index: usize, spec: &Path) -> String {
    let mut words = String::new();
    for part in spec
        .iter()
        .rev()
        .take(3)
        .collect::<Vec<_>>()
        .into_iter()
        .rev()
    {
        let part = part.to_string_lossy();
        let plain = part.chars().map(|one| {
            if one.is_ascii_alphanumeric() {
                one
            } else {
                '-'
            }
        });
        words.push('-');
        words.extend(plain);
    }
    words.truncate(60);
    format!("c{index}{}", words.trim_end_matches('-'))
}

fn render(settings: &Settings, spec: &Path, out: &Path, name: &str) -> Result<(), String> {
    let mut command = run::limited(settings);
    command
        .args(["generate", "--name", name, "--spec"])
        .arg(spec)
        .arg("--out")
        .arg(out);
    let ended = run::end(settings, "compile", command).map_err(|error| error.to_string())?;
    if !ended.status.is_some_and(|status| status.success()) {
        let otherwise = match ended.status {
            Some(_) => "sdkgen failed",
            None => "sdkgen took too long",
        };
        return Err(ended.err.lines().next().unwrap_or(otherwise).to_owned());
    }
    // A member must not be a workspace of its own.
    let path = out.join("Cargo.toml");
    let text = fs::read_to_string(&path).map_err(|error| error.to_string())?;
    let manifest = text.replace("\n[workspace]\n", "\n");
    fs::write(&path, manifest).map_err(|error| error.to_string())
}

/// Compiles the crates; what comes back is the first error of each that has one.
fn check(
    workspace: &Path,
    members: &[String],
    target: &Path,
) -> Result<BTreeMap<String, String>, String> {
    if members.is_empty() {
        return Ok(BTreeMap::new());
    }
    let manifest = format!(
        "[workspace]\nresolver = \"3\"\nmembers = {members:?}\n\n[profile.dev]\ndebug = 0\n"
    );
    fs::write(workspace.join("Cargo.toml"), manifest).map_err(|error| error.to_string())?;
    let mut command = cargo();
    command
        .args([
            "check",
            "--workspace",
            "--lib",
            "--keep-going",
            "--offline",
            "--quiet",
        ])
        .args(["--message-format", "json"])
        .current_dir(workspace)
        .env("CARGO_TARGET_DIR", target)
        .env("CARGO_INCREMENTAL", "0")
        .stdin(Stdio::null());
    let output = command
        .output()
        .map_err(|error| format!("cannot run cargo: {error}"))?;
    let said = String::from_utf8_lossy(&output.stderr);
    Ok(verdicts(
        &String::from_utf8_lossy(&output.stdout),
        &said,
        members,
    ))
}

/// The errors in what cargo says. A crate that was not finished has one, whatever cargo says of it.
fn verdicts(messages: &str, said: &str, members: &[String]) -> BTreeMap<String, String> {
    let mut errors: BTreeMap<String, String> = BTreeMap::new();
    let mut finished = Vec::new();
    for line in messages.lines() {
        let Ok(message) = serde_json::from_str::<Value>(line) else {
            continue;
        };
        let manifest = Path::new(message["manifest_path"].as_str().unwrap_or_default());
        let folder = manifest.parent().and_then(Path::file_name);
        let name = folder.unwrap_or_default().to_string_lossy().into_owned();
        if !members.contains(&name) {
            continue;
        }
        match message["reason"].as_str() {
            Some("compiler-artifact") => finished.push(name),
            Some("compiler-message") if message["message"]["level"] == "error" => {
                let rendered = message["message"]["rendered"].as_str().unwrap_or_default();
                let head: Vec<&str> = rendered.lines().take(2).map(str::trim).collect();
                errors.entry(name).or_insert_with(|| head.join(" "));
            }
            _ => {}
        }
    }
    for name in members {
        if !finished.contains(name) && !errors.contains_key(name) {
            let last = said.lines().find(|line| line.starts_with("error"));
            errors.insert(
                name.clone(),
                last.unwrap_or("it was not compiled").to_owned(),
            );
        }
    }
    errors
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_crate_names() {
        let name = crate_name(
            3,
            Path::new("APIs/github.com/api.github.com/1.1.4/openapi.json"),
        );
        assert_eq!(name, "c3-api-github-com-1-1-4-openapi-json");
        let long = crate_name(0, Path::new(&format!("a/{}", "xé".repeat(80))));
        assert!(
            long.is_ascii() && long.len() < 64 && !long.ends_with('-'),
            "{long}"
        );
    }

    #[test]
    fn only_what_was_finished_without_errors_is_compiled() {
        let members = ["good", "bad", "lost"].map(str::to_owned);
        let messages = r#"{"reason":"compiler-artifact","manifest_path":"/w/good/Cargo.toml"}
{"reason":"compiler-artifact","manifest_path":"/other/Cargo.toml"}
{"reason":"compiler-message","manifest_path":"/w/bad/Cargo.toml","message":{"level":"warning","rendered":"w"}}
{"reason":"compiler-message","manifest_path":"/w/bad/Cargo.toml","message":{"level":"error","rendered":"error[E1]: x\n  --> src/a.rs:1:1\n more"}}
{"reason":"compiler-message","manifest_path":"/w/bad/Cargo.toml","message":{"level":"error","rendered":"error: second"}}
"#;
        let errors = verdicts(messages, "note\nerror: no space left\n", &members);
        let expected = [
            ("bad", "error[E1]: x --> src/a.rs:1:1"),
            ("lost", "error: no space left"),
        ];
        let found: Vec<(&str, &str)> = errors
            .iter()
            .map(|(a, b)| (a.as_str(), b.as_str()))
            .collect();
        assert_eq!(found, expected);
    }
}
