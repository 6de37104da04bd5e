//! Rendered crates on disk: documented as JSON and checked, many in one workspace, so that cargo
//! starts once and dependencies are compiled once.
//!
//! The name of a crate is a hash of its content, so that equal crates are built once, and results of
//! earlier runs stay valid.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use sdkgen::{Rendered, output};
use xtask::{compile, process::cargo, root};

use super::bases::CRATE;

/// A workspace of rendered crates.
pub(super) struct Crates {
    folder: PathBuf,
    jobs: Option<u16>,
}

/// A compiler error: the line in the root of the crate, and the message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct CompileError {
    pub(super) line: usize,
    pub(super) message: String,
}

impl Crates {
    /// Opens the workspace in a folder.
    pub(super) fn new(folder: &Path, jobs: Option<u16>) -> Result<Self, String> {
        let crates = Self {
            folder: folder.to_owned(),
            jobs,
        };
        for below in ["workspace", "docs"] {
            let path = folder.join(below);
            fs::create_dir_all(&path).map_err(|error| io_message(&path, &error))?;
        }
        // The versions that the workspace is tested with; cargo removes the unneeded ones.
        let lock = crates.workspace().join("Cargo.lock");
        fs::copy(root().join("Cargo.lock"), &lock).map_err(|error| io_message(&lock, &error))?;
        Ok(crates)
    }

    fn workspace(&self) -> PathBuf {
        self.folder.join("workspace")
    }

    /// Writes a rendered crate and returns its name.
    pub(super) fn add(&self, rendered: &Rendered) -> Result<String, String> {
        let files: BTreeMap<String, &String> = rendered
            .files
            .iter()
            .map(|(path, text)| (path.to_string(), text))
            .filter(|(path, _)| path.starts_with("src/") || path == "Cargo.toml")
            .collect();
        let mut all = String::new();
        for (path, text) in &files {
            let text = match path.as_str() {
                "Cargo.toml" => &manifest(text, CRATE),
                _ => *text,
            };
            all.push_str(&format!("{path}\0{text}\0"));
        }
        let name = format!("c{}", &output::hash(all)[..16]);
        let own = files.iter().map(|(path, text)| match path.as_str() {
            "Cargo.toml" => (path.clone(), manifest(text, &name)),
            _ => (path.clone(), (*text).clone()),
        });
        self.write(&name, own)?;
        Ok(name)
    }

    /// Writes a caller of a crate and returns its name.
    pub(super) fn add_caller(&self, text: &str, of: &str) -> Result<String, String> {
        let name = format!("k{}", &output::hash(format!("{of}\0{text}"))[..16]);
        let manifest = format!(
            "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[dependencies]\n\
             {CRATE} = {{ path = \"../{of}\", package = \"{of}\" }}\n"
        );
        let files = [("Cargo.toml", manifest), ("src/lib.rs", text.to_owned())];
        self.write(
            &name,
            files
                .map(|(path, text)| (path.to_owned(), text))
                .into_iter(),
        )?;
        Ok(name)
    }

    fn write(
        &self,
        name: &str,
        files: impl Iterator<Item = (String, String)>,
    ) -> Result<(), String> {
        let folder = self.workspace().join(name);
        let whole = folder.join("is-whole");
        if whole.exists() {
            return Ok(());
        }
        for (path, text) in files {
            let path = folder.join(path);
            let parent = path.parent().unwrap_or(&folder);
            fs::create_dir_all(parent).map_err(|error| io_message(parent, &error))?;
            fs::write(&path, text).map_err(|error| io_message(&path, &error))?;
        }
        fs::write(&whole, "").map_err(|error| io_message(&whole, &error))
    }

    /// Documents crates as JSON unless they are documented already. Those that do not compile stay
    /// undocumented.
    pub(super) fn document(&self, names: &BTreeSet<String>) -> Result<(), String> {
        let missing: Vec<&String> = names
            .iter()
            .filter(|name| !self.docs(name).exists())
            .collect();
        if missing.is_empty() {
            return Ok(());
        }
        self.members(missing.iter().map(|name| name.as_str()))?;
        // Like cargo-semver-checks: which public items are reachable depends on private ones.
        let flags = "-Z unstable-options --output-format=json --document-private-items \
                     --document-hidden-items --cap-lints=allow";
        let mut command = self.cargo("doc");
        command
            .args(["--no-deps", "--keep-going"])
            .env("RUSTDOCFLAGS", flags);
        let ended = command
            .output()
            .map_err(|error| format!("cannot run cargo: {error}"))?;
        for name in missing {
            let made = self.folder.join("target/doc").join(format!("{name}.json"));
            let Ok(text) = fs::read_to_string(&made) else {
                eprintln!("{name}: {}", String::from_utf8_lossy(&ended.stderr));
                continue;
            };
            // Both crates of a pair need the same name, but a target folder has one file per name.
            let docs = self.docs(name);
            fs::write(&docs, text.replace(name, CRATE))
                .map_err(|error| io_message(&docs, &error))?;
            let _ = fs::remove_file(made);
        }
        Ok(())
    }

    /// The documentation of a crate.
    pub(super) fn docs(&self, name: &str) -> PathBuf {
        self.folder.join("docs").join(format!("{name}.json"))
    }

    /// Runs `cargo check` on crates and returns the errors of those that have any.
    pub(super) fn check(
        &self,
        names: &BTreeSet<String>,
    ) -> Result<BTreeMap<String, Vec<CompileError>>, String> {
        if names.is_empty() {
            return Ok(BTreeMap::new());
        }
        self.members(names.iter().map(String::as_str))?;
        let mut command = self.cargo("check");
        command.args(["--lib", "--keep-going", "--message-format", "json"]);
        let ended = command
            .output()
            .map_err(|error| format!("cannot run cargo: {error}"))?;
        let (errors, finished) = read_messages(&String::from_utf8_lossy(&ended.stdout));
        match names
            .iter()
            .find(|name| !errors.contains_key(*name) && !finished.contains(*name))
        {
            Some(name) => Err(format!(
                "{name} was not checked:\n{}",
                String::from_utf8_lossy(&ended.stderr)
            )),
            None => Ok(errors),
        }
    }

    fn cargo(&self, subcommand: &str) -> Command {
        let mut command = cargo();
        command
            .args([subcommand, "--workspace", "--offline", "--quiet"])
            .current_dir(self.workspace())
            .env("CARGO_TARGET_DIR", self.folder.join("target"))
            .env("CARGO_INCREMENTAL", "0")
            // The JSON output of rustdoc is unstable; checks share the built dependencies.
            .env("RUSTC_BOOTSTRAP", "1")
            .env_remove("RUSTFLAGS")
            .stdin(Stdio::null());
        if let Some(jobs) = self.jobs {
            command.args(["--jobs", &jobs.to_string()]);
        }
        command
    }

    fn members<'a>(&self, names: impl Iterator<Item = &'a str>) -> Result<(), String> {
        let names: Vec<&str> = names.collect();
        let manifest = format!(
            "[workspace]\nresolver = \"3\"\nmembers = {names:?}\n\n[profile.dev]\ndebug = 0\n"
        );
        let path = self.workspace().join("Cargo.toml");
        fs::write(&path, manifest).map_err(|error| io_message(&path, &error))
    }
}

fn io_message(path: &Path, error: &std::io::Error) -> String {
    format!("cannot write {}: {error}", path.display())
}

/// The manifest of a crate under another name, as a member of a workspace, with only its operations on
/// by default: the features of the runtime do not depend on the description.
fn manifest(text: &str, name: &str) -> String {
    let has_groups = text
        .lines()
        .any(|line| line.starts_with("all-operations ="));
    // Blocking calls need no additional dependencies.
    let default = match has_groups {
        true => "\"all-operations\", \"blocking\"",
        false => "\"blocking\"",
    };
    let lines = text.lines().filter(|line| *line != "[workspace]");
    let lines = lines.map(|line| match line {
        _ if line.starts_with("name = ") => format!("name = {name:?}\n"),
        _ if line.starts_with("default = ") => format!("default = [{default}]\n"),
        _ => format!("{line}\n"),
    });
    lines.collect()
}

type Errors = BTreeMap<String, Vec<CompileError>>;

/// The errors in the output of cargo, by crate, and the finished crates.
fn read_messages(messages: &str) -> (Errors, BTreeSet<String>) {
    let (mut errors, mut finished) = (Errors::new(), BTreeSet::new());
    for (name, message) in compile::cargo_messages(messages) {
        let diagnostic = &message["message"];
        match message["reason"].as_str() {
            Some("compiler-artifact") => drop(finished.insert(name)),
            Some("compiler-message") if diagnostic["level"] == "error" => {
                let spans = diagnostic["spans"].as_array();
                let mut spans = spans.into_iter().flatten();
                let primary = spans.find(|span| span["is_primary"] == true);
                let line = primary.and_then(|span| span["line_start"].as_u64());
                let error = CompileError {
                    line: line
                        .and_then(|line| usize::try_from(line).ok())
                        .unwrap_or_default(),
                    message: diagnostic["message"]
                        .as_str()
                        .unwrap_or_default()
                        .to_owned(),
                };
                errors.entry(name).or_default().push(error);
            }
            _ => {}
        }
    }
    (errors, finished)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_is_that_of_a_member_with_its_operations() {
        let text = "[package]\nname = \"sdk\"\n\n[features]\ndefault = [\"gzip\", \"all-operations\"]\n\
                    all-operations = [\"a\"]\n\n[workspace]\n";
        let expected = "[package]\nname = \"c1\"\n\n[features]\ndefault = [\"all-operations\", \"blocking\"]\n\
                        all-operations = [\"a\"]\n\n";
        assert_eq!(manifest(text, "c1"), expected);
        let none = manifest("default = [\"gzip\"]\n", "c1");
        assert_eq!(none, "default = [\"blocking\"]\n");
    }

    #[test]
    fn errors_know_their_line() {
        let messages = r#"{"reason":"compiler-artifact","manifest_path":"/w/c1/Cargo.toml"}
{"reason":"compiler-message","manifest_path":"/w/k1/Cargo.toml","message":{"level":"warning","message":"w","spans":[]}}
{"reason":"compiler-message","manifest_path":"/w/k1/Cargo.toml","message":{"level":"error","message":"no","spans":[{"is_primary":false,"line_start":1},{"is_primary":true,"line_start":7}]}}
"#;
        let (errors, finished) = read_messages(messages);
        let error = CompileError {
            line: 7,
            message: "no".to_owned(),
        };
        assert_eq!(errors, Errors::from([("k1".to_owned(), vec![error])]));
        assert_eq!(finished, BTreeSet::from(["c1".to_owned()]));
    }
}
