//! Compares the working tree of this repository with a revision.

mod base;
mod checks;
mod document;
mod findings;
mod shuffle;

pub use base::Base;
pub use checks::{Nondeterminism, Size};
pub use document::{DOCUMENT, document};
pub use findings::{Line, Review};
pub use shuffle::shuffle;

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use sdkgen::{
    Diagnostic,
    output::{Manifest, RelativePath},
    report::{Acknowledgements, Limit, Report, Side},
};

/// The working tree of a repository with the layout of this one.
#[derive(Clone, Debug)]
pub struct Project {
    /// Its root.
    pub root: PathBuf,
}

/// The path of the SDK from the root.
pub const CRATE: &str = "sdk";
const GENERATED: &str = "sdk/src/generated";
const ACKNOWLEDGED: &str = "spec/acknowledged.toml";

/// The comparison of a revision with the working tree.
#[derive(Debug)]
#[non_exhaustive]
pub struct Comparison {
    /// The changes and their causes.
    pub report: Report,
    /// Notes about the origin of the two sides, for readers of the report.
    pub notes: Vec<String>,
}

/// A committed file that differs from the rendered one.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Drift {
    /// Its path from the root.
    pub path: String,
    /// How it differs.
    pub what: &'static str,
}

impl Drift {
    /// A file that has to be rendered again.
    pub fn out_of_date(path: &str) -> Self {
        Self {
            path: path.to_owned(),
            what: "out of date",
        }
    }
}

/// The result of a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Success.
    Clean,
    /// A step failed, or rendering is not deterministic.
    Failed,
    /// Committed files are out of date.
    Drift,
    /// A change reaches the limit and is not acknowledged.
    OverLimit,
}

impl Verdict {
    /// The exit status.
    pub fn code(self) -> u8 {
        match self {
            Self::Clean => 0,
            Self::Failed => 1,
            Self::Drift => 3,
            Self::OverLimit => 4,
        }
    }
}

impl Project {
    /// The repository that this program was built from.
    pub fn here() -> Self {
        Self {
            root: crate::root(),
        }
    }

    /// Compares a revision with the working tree: both descriptions as this generator renders them,
    /// and the code committed at the revision with what this generator renders from the description
    /// there.
    ///
    /// # Errors
    /// When a side cannot be read.
    pub fn compare(&self, base: &Base) -> Result<Comparison, String> {
        let old = side(base.root())?;
        let new = side(&self.root)?;
        let to_text = |error: Diagnostic| error.below(&self.root).to_string();
        let acknowledgements =
            Acknowledgements::load(&self.root.join(ACKNOWLEDGED)).map_err(to_text)?;
        let committed = rendered(base.root())?;
        let surface = match committed.is_empty() {
            true => None,
            false => Some(sdkgen::report::read_surface(&committed).map_err(to_text)?),
        };
        let version = version(base.root());
        let report = Report::new(
            &old,
            &new,
            surface.as_ref(),
            &acknowledgements,
            version.as_deref(),
        );
        let notes = notes(base, &old);
        Ok(Comparison { report, notes })
    }

    /// The files of the SDK, and of the contract calls if there are any, that differ from the rendered
    /// ones.
    ///
    /// # Errors
    /// When they cannot be rendered.
    pub fn drift(&self) -> Result<Vec<Drift>, String> {
        let mut targets = vec![crate::sdk_in(&self.root)];
        let contract = crate::contract_in(&self.root);
        if contract.folder.exists() {
            targets.push(contract);
        }
        self.drift_of(&targets)
    }

    /// The files of some targets that differ from the rendered ones.
    ///
    /// # Errors
    /// When they cannot be rendered.
    pub fn drift_of(&self, targets: &[crate::Target]) -> Result<Vec<Drift>, String> {
        let outcome = crate::write_or_check_all(targets, true);
        if !outcome.up_to_date && outcome.differences.is_empty() {
            return Err(texts(outcome.diagnostics, &self.root));
        }
        let drift = |(path, what): (PathBuf, &'static str)| Drift {
            path: below(&path, &self.root),
            what,
        };
        Ok(outcome.differences.into_iter().map(drift).collect())
    }
}

/// The result of a comparison. Drift is worse than any change, because the report describes the rendered
/// code and not the committed one.
pub fn verdict(report: &Report, has_drift: bool, fail_on: Limit) -> Verdict {
    match has_drift {
        true => Verdict::Drift,
        false if report.fails(fail_on) => Verdict::OverLimit,
        false => Verdict::Clean,
    }
}

fn side(root: &Path) -> Result<Side, String> {
    match Side::read(&crate::sdk_in(root).job) {
        Ok(side) => Ok(side.below(root)),
        Err(refused) => Err(texts(refused.diagnostics, root)),
    }
}

/// The committed code, by the paths that it is rendered to.
fn rendered(root: &Path) -> Result<BTreeMap<RelativePath, String>, String> {
    let mut files = BTreeMap::new();
    for (path, text) in code_below(&root.join(GENERATED))? {
        let path = RelativePath::new(format!("src/generated/{path}"))?;
        files.insert(path, text);
    }
    Ok(files)
}

/// Rust files below a folder, by their paths from there; none if the folder does not exist.
fn code_below(folder: &Path) -> Result<BTreeMap<String, String>, String> {
    let cannot_read = |path: &Path, error| format!("cannot read {}: {error}", path.display());
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(inner) = folders.pop() {
        let entries = match fs::read_dir(&inner) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
            Err(error) => return Err(cannot_read(&inner, error)),
        };
        for entry in entries {
            let path = entry.map_err(|error| cannot_read(&inner, error))?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let text = fs::read_to_string(&path);
                let text = text.map_err(|error| cannot_read(&path, error))?;
                found.insert(below(&path, folder), text);
            }
        }
    }
    Ok(found)
}

/// The version of the SDK: its own, or that of the workspace.
fn version(root: &Path) -> Option<String> {
    let read = |path: &str| -> Option<toml::Table> {
        let text = fs::read_to_string(root.join(path)).ok()?;
        text.parse().ok()
    };
    let manifest = read("sdk/Cargo.toml")?;
    let own = manifest.get("package")?.get("version")?;
    if let Some(version) = own.as_str() {
        return Some(version.to_owned());
    }
    let workspace = read("Cargo.toml")?;
    let shared = workspace.get("workspace")?.get("package")?.get("version")?;
    Some(shared.as_str()?.to_owned())
}

fn notes(base: &Base, old: &Side) -> Vec<String> {
    let mut notes = Vec::new();
    let path = base.root().join(GENERATED).join("manifest.json");
    let manifest = fs::read(path).ok();
    let manifest: Option<Manifest> = manifest.and_then(|text| serde_json::from_slice(&text).ok());
    let name = base.name();
    match manifest {
        None => notes.push(format!(
            "{name} has no rendered SDK: changes of the generator are unknown"
        )),
        Some(manifest) => {
            if manifest.description != old.about().hash {
                notes.push(format!(
                    "the SDK of {name} was not rendered from its description: their differences are reported as changes of the generator"
                ));
            }
            if manifest.generator != old.about().generator {
                notes.push(format!(
                    "the SDK of {name} was rendered by {}; this is {}",
                    manifest.generator,
                    old.about().generator
                ));
            }
        }
    }
    notes
}

fn texts(diagnostics: Vec<Diagnostic>, root: &Path) -> String {
    let texts = diagnostics.into_iter();
    let texts: Vec<String> = texts.map(|one| one.below(root).to_string()).collect();
    texts.join("\n\n")
}

/// A path relative to a folder, with `/`.
fn below(path: &Path, folder: &Path) -> String {
    let path = path.strip_prefix(folder).unwrap_or(path);
    path.to_string_lossy().replace('\\', "/")
}
