//! Runs `cargo check` on rendered crates: several in one workspace, with one target folder.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Stdio,
};

use serde_json::Value;

use crate::{process::cargo, root};

/// A folder of crates that are compiled together.
#[derive(Clone, Debug)]
pub struct Workspace {
    folder: PathBuf,
    target: PathBuf,
}

impl Workspace {
    /// Empties the folder and makes a workspace of it. Its crates are built into `target`.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn new(folder: PathBuf, target: PathBuf) -> Result<Self, String> {
        // If this fails, the files of an earlier run only take space.
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder)
            .map_err(|error| format!("cannot create {}: {error}", folder.display()))?;
        // The versions that the runtime is tested with, which cargo has downloaded already.
        fs::copy(root().join("Cargo.lock"), folder.join("Cargo.lock"))
            .map_err(|error| format!("cannot copy Cargo.lock: {error}"))?;
        Ok(Self { folder, target })
    }

    /// The folder of a member.
    pub fn member(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Turns a crate that was rendered into the member's folder into a member: its manifest must not
    /// declare another workspace.
    ///
    /// # Errors
    /// When its manifest cannot be read or written.
    pub fn adopt(&self, name: &str) -> Result<(), String> {
        let path = self.member(name).join("Cargo.toml");
        let text = fs::read_to_string(&path).map_err(|error| error.to_string())?;
        let manifest = text.replace("\n[workspace]\n", "\n");
        fs::write(&path, manifest).map_err(|error| error.to_string())
    }

    /// Compiles members and returns the first error of each that has one.
    ///
    /// # Errors
    /// When cargo cannot be run.
    pub fn check(&self, members: &[String]) -> Result<BTreeMap<String, String>, String> {
        check(&self.folder, members, &self.target)
    }
}

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
    let stderr = String::from_utf8_lossy(&output.stderr);
    Ok(verdicts(
        &String::from_utf8_lossy(&output.stdout),
        &stderr,
        members,
    ))
}

/// The messages that cargo prints as JSON, each with the name of the folder of the crate that it is
/// about.
pub fn cargo_messages(printed: &str) -> impl Iterator<Item = (String, Value)> {
    let messages = printed
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok());
    messages.map(|message: Value| {
        let manifest = Path::new(message["manifest_path"].as_str().unwrap_or_default());
        let folder = manifest.parent().and_then(Path::file_name);
        let name = folder.unwrap_or_default().to_string_lossy().into_owned();
        (name, message)
    })
}

/// The first error of each member. A member that was not finished has one even if cargo reports none.
fn verdicts(messages: &str, stderr: &str, members: &[String]) -> BTreeMap<String, String> {
    let mut errors: BTreeMap<String, String> = BTreeMap::new();
    let mut finished = Vec::new();
    for (name, message) in cargo_messages(messages) {
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
            let last = stderr.lines().find(|line| line.starts_with("error"));
            errors.insert(name.clone(), last.unwrap_or("not compiled").to_owned());
        }
    }
    errors
}

#[cfg(test)]
mod tests {
    use super::*;

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
