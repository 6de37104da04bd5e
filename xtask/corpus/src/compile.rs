//! Runs `cargo check` on rendered crates in batches, in one workspace and one target folder.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use xtask::{compile::Workspace, find::Found};

use super::{progress, run::Settings};

/// The number of crates in a batch: enough to keep cargo busy, few enough to bound memory.
const BATCH: usize = 10;

/// The result of compiling a crate.
#[derive(Clone, Debug)]
pub(super) struct Compiled {
    /// The description.
    pub(super) spec: PathBuf,
    /// The crate's folder.
    pub(super) folder: PathBuf,
    /// The first error of the compiler, if any.
    pub(super) error: Option<String>,
    /// The duration of the whole batch.
    pub(super) batch: Duration,
}

/// Renders and compiles descriptions; the results have their order.
pub(super) fn all(
    settings: &Settings,
    folder: &Path,
    sample: &[&Found],
) -> Result<Vec<Compiled>, String> {
    let mut compiled = Vec::new();
    if sample.is_empty() {
        return Ok(compiled);
    }
    let workspace = Workspace::new(folder.join("compile"), folder.join("target"))?;
    for (number, batch) in sample.chunks(BATCH).enumerate() {
        let name = |index: usize, one: &Found| crate_name(number * BATCH + index, &one.path);
        let start = Instant::now();
        let mut members = Vec::new();
        let mut errors = BTreeMap::new();
        for (index, one) in batch.iter().enumerate() {
            let name = name(index, one);
            match render(settings, &workspace, &one.path, &name) {
                Ok(()) => members.push(name),
                Err(error) => drop(errors.insert(name, error)),
            }
        }
        errors.extend(workspace.check(&members)?);
        for (index, one) in batch.iter().enumerate() {
            let name = name(index, one);
            compiled.push(Compiled {
                spec: one.path.clone(),
                folder: workspace.member(&name),
                error: errors.remove(&name),
                batch: start.elapsed(),
            });
        }
        progress("compiled", compiled.len(), sample.len(), BATCH);
    }
    Ok(compiled)
}

/// A unique name that shows the origin of the description.
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

fn render(settings: &Settings, to: &Workspace, spec: &Path, name: &str) -> Result<(), String> {
    let mut command = settings.command();
    command
        .args(["generate", "--name", name, "--spec"])
        .arg(spec)
        .arg("--out")
        .arg(to.member(name));
    let ended = settings.end("compile", command);
    let ended = ended.map_err(|error| error.to_string())?;
    if !ended.status.is_some_and(|status| status.success()) {
        let otherwise = match ended.status {
            Some(_) => "sdkgen failed",
            None => "sdkgen took too long",
        };
        return Err(ended.err.lines().next().unwrap_or(otherwise).to_owned());
    }
    to.adopt(name)
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
}
