//! Rendered crates on disk: documented as JSON and checked, many in one workspace, so that cargo
//! starts once and what they depend on is compiled once.
//!
//! A crate is called after what is in it. Equal ones are one crate, and what was made of one in an
//! earlier run is still right.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use sdkgen::{Rendered, output};
use serde_json::Value;
use xtask::{compile, process::cargo, root};

use super::bases::CRATE;

/// A workspace of rendered crates.
pub(super) struct Crates {
    folder: PathBuf,
    jobs: Option<u16>,
}

/// An error of the compiler: the line of the crate's root that it is about, and what it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct CompileError {
    pub(super) line: usize,
    pub(super) message: String,
}

impl Crates {
    /// The workspace below a folder.
    pub(super) fn new(folder: &Path, jobs: Option<u16>) -> Result<Self, String> {
        let crates = Self {
            folder: folder.to_owned(),
            jobs,
        };
        for below in ["workspace", "docs"] {
            let path = folder.join(below);
            fs::create_dir_all(&path).map_err(|error| said_of(&path, &error))?;
        }
        // The versions that the workspace is tested with; cargo leaves out those that are not needed.
        let lock = crates.workspace().join("Cargo.lock");
        fs::copy(root().join("Cargo.lock"), &lock).map_err(|error| said_of(&lock, &error))?;
        Ok(crates)
    }

    fn workspace(&self) -> PathBuf {
        self.folder.join("workspace")
    }

    /// Writes a rendered crate; the answer is its name.
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

    /// Writes a caller of a crate; the answer is its name.
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
            fs::create_dir_all(parent).map_err(|error| said_of(parent, &error))?;
            fs::write(&path, text).map_err(|error| said_of(&path, &error))?;
        }
        fs::write(&whole, "").map_err(|error| said_of(&whole, &error))
    }

    /// Makes the documentation of crates as JSON, of those that have none. Those that do not compile still
    /// have none then.
    pub(super) fn document(&self, names: &BTreeSet<String>) -> Result<(), String> {
        let missing: Vec<&String> = names
            .iter()
            .filter(|name| !self.docs(name).exists())
            .collect();
        if missing.is_empty() {
            return Ok(());
        }
        self.members(missing.iter().map(|name| name.as_str()))?;
        // As cargo-semver-checks does it: private items decide what of the public ones can be reached.
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
            // Both of a pair must be called the same, and one target folder has one file a name.
            let docs = self.docs(name);
            fs::write(&docs, text.replace(name, CRATE)).map_err(|error| said_of(&docs, &error))?;
            let _ = fs::remove_file(made);
        }
        Ok(())
    }

    /// The documentation of a crate.
    pub(super) fn docs(&self, name: &str) -> PathBuf {
        self.folder.join("docs").join(format!("{name}.json"))
    }

    /// Checks crates; what comes back are the errors of those that have any.
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
            // The JSON of rustdoc is not stable; what is checked shares its dependencies.
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
        fs::write(&path, manifest).map_err(|error| said_of(&path, &error))
    }
}

fn said_of(path: &Path, error: &std::io::Error) -> String {
    format!("cannot write {}: {error}", path.display())
}

/// The manifest of a crate under another name, as a member of a workspace, with nothing on by default
/// but its operations: what the features of the runtime bring does not depend on the description.
fn manifest(text: &str, name: &str) -> String {
    let has_groups = text
        .lines()
        .any(|line| line.starts_with("all-operations ="));
    // Blocking calls need no crate that the others do not.
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

/// The errors in what cargo says, by crate, and the crates that were finished.
fn read_messages(messages: &str) -> (Errors, BTreeSet<String>) {
    let (mut errors, mut finished) = (Errors::new(), BTreeSet::new());
    for (name, message) in compile::cargo_messages(messages) {
        let said = &message["message"];
        match message["reason"].as_str() {
            Some("compiler-artifact") => drop(finished.insert(name)),
            Some("compiler-message") if said["level"] == "error" => {
                let spans = said["spans"].as_array();
                let mut spans = spans.into_iter().flatten();
                let primary = spans.find(|span| span["is_primary"] == true);
                let line = primary.and_then(|span| span["line_start"].as_u64());
                let error = CompileError {
                    line: line
                        .and_then(|line| usize::try_from(line).ok())
                        .unwrap_or_default(),
                    message: said["message"].as_str().unwrap_or_default().to_owned(),
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
