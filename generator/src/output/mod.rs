//! Writes rendered files to a folder, all or nothing as far as a file system allows.
//!
//! Every changed file is first written in full beside its destination, under a temporary name; only
//! when all are complete are they renamed into place. A run that is killed leaves each file either
//! old or new, and the manifest lists both the hashes of existing files and those of files that are
//! about to be replaced, so that the next run can finish the work.
//!
//! sdkgen owns a file if the manifest records the hash of its bytes. Everything else belongs to the
//! user: it is never deleted, and replaced only if the caller asks for it.

mod differences;
mod folder;
mod lock;
mod manifest;
mod plan;
mod stage;
mod write;

#[cfg(test)]
mod tests;

use std::{
    collections::BTreeMap,
    fmt, fs,
    path::{Path, PathBuf},
};

pub use manifest::{Manifest, Options, RelativePath, hash};
pub use plan::{Difference, Plan};
pub use stage::write_text;
pub(crate) use stage::{refuse_input, save_text};

use crate::{
    diagnostics::{Code, Diagnostic, printable::escaped_json},
    parallel::in_parallel,
};
use folder::{Found, look};

/// The folder that holds only rendered code.
pub const GENERATED: &str = "src/generated";
const MANIFEST: &str = "src/generated/manifest.json";

/// Rendered files, and the folder that they are written to or compared with.
#[derive(Clone, Debug)]
pub struct Output<'a> {
    root: &'a Path,
    files: &'a BTreeMap<RelativePath, String>,
    manifest: Manifest,
    /// The manifest that an earlier run left in the folder.
    known: Manifest,
    /// The files that the job reads. No rendered file may replace them.
    inputs: Vec<PathBuf>,
    replaces_edited: bool,
}

impl<'a> Output<'a> {
    /// Checks the folder and reads the manifest in it. `origin` is the new manifest without its
    /// list of files.
    ///
    /// # Errors
    /// The manifest of an earlier run cannot be read, or `root` is not a folder.
    pub fn new(
        root: &'a Path,
        files: &'a BTreeMap<RelativePath, String>,
        origin: Manifest,
    ) -> Result<Self, Diagnostic> {
        let manifest_path = RelativePath::trusted(MANIFEST.to_owned());
        let all = files.keys().chain([&manifest_path]);
        folder::require_folders(root, all)?;
        let known = read_manifest(root)?;
        let listed: Vec<_> = files.iter().collect();
        let hash_all = |share: &[(&RelativePath, &String)]| -> Vec<_> {
            let hashes = share
                .iter()
                .map(|(path, text)| ((*path).clone(), hash(text)));
            hashes.collect()
        };
        let hashes = in_parallel(&listed, hash_all);
        let manifest = Manifest {
            files: hashes.into_iter().flatten().collect(),
            ..origin
        };
        Ok(Self {
            root,
            files,
            manifest,
            known,
            inputs: Vec::new(),
            replaces_edited: false,
        })
    }

    /// Adds files that must not be replaced or deleted, even if a manifest records them.
    #[must_use]
    pub fn protect(mut self, inputs: impl IntoIterator<Item = PathBuf>) -> Self {
        self.inputs.extend(inputs);
        self
    }

    /// Sets whether [`write`](Self::write) replaces rendered files that were edited after they were
    /// written, and files in [`GENERATED`] that no manifest records. By default they are an error.
    #[must_use]
    pub fn replace_edited(mut self, replace: bool) -> Self {
        self.replaces_edited = replace;
        self
    }

    /// Returns what [`write`](Self::write) would do.
    ///
    /// # Errors
    /// A file exists but cannot be read, or something other than a file has the path of one.
    pub fn plan(&self) -> Result<Plan, Diagnostic> {
        let mut plan = Plan::default();
        for (path, text) in self.files {
            let full = path.under(self.root);
            match look(&full)? {
                Found::Nothing => plan.create.push(path.clone()),
                Found::File(found) if found == text.as_bytes() => plan.unchanged += 1,
                Found::File(found) => {
                    match self.known.owns(path, &found) {
                        Some(true) => {}
                        Some(false) => plan.edited.push(path.clone()),
                        None => plan.foreign.push(path.clone()),
                    }
                    plan.update.push(path.clone());
                }
                Found::Other(found) => return Err(folder::not_a("file", &full, found)),
            }
        }
        for path in self.known.paths() {
            if self.files.contains_key(path) {
                continue;
            }
            // sdkgen writes no hidden files and follows no links, so that a manifest that lists
            // such a path was tampered with.
            let is_ours = !path.is_hidden() && folder::is_inside(self.root, path);
            match look(&path.under(self.root))? {
                Found::Nothing => {}
                Found::File(found) if is_ours && self.known.owns(path, &found) == Some(true) => {
                    plan.delete.push(path.clone());
                }
                Found::File(_) | Found::Other(_) => plan.kept.push(path.clone()),
            }
        }
        self.find_strays(&self.root.join(GENERATED), GENERATED, &mut plan)?;
        plan.stray.sort();
        Ok(plan)
    }

    fn find_strays(&self, folder: &Path, name: &str, plan: &mut Plan) -> Result<(), Diagnostic> {
        let entries = match fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(failed("read", folder, &error)),
        };
        for entry in entries {
            let entry = entry.map_err(|error| failed("read", folder, &error))?;
            let entry_name = entry.file_name().to_string_lossy().into_owned();
            let path = RelativePath::trusted(format!("{name}/{entry_name}"));
            // A link counts as a stray file; its target is not visited.
            let kind = entry
                .file_type()
                .map_err(|error| failed("read", &entry.path(), &error))?;
            if kind.is_dir() {
                self.find_strays(&entry.path(), path.as_str(), plan)?;
            } else if path.as_str() != MANIFEST
                && !stage::is_temporary(&entry_name, name)
                && !self.files.contains_key(&path)
                && !self.known.files.contains_key(&path)
            {
                plan.stray.push(path);
            }
        }
        Ok(())
    }
}

/// Reads the manifest of an earlier run; returns an empty one if there is none.
fn read_manifest(root: &Path) -> Result<Manifest, Diagnostic> {
    let path = root.join(MANIFEST);
    match look(&path)? {
        Found::Nothing => Ok(Manifest::default()),
        Found::Other(found) => Err(folder::not_a("file", &path, found)),
        Found::File(bytes) => serde_json::from_slice(&bytes).map_err(|error| {
            failed("read", &path, &error).help(
                "restore the file from version control, or delete it and use `--overwrite`; without a \
                 manifest, files that are no longer rendered are not deleted",
            )
        }),
    }
}

fn to_text(manifest: &Manifest) -> String {
    // A map with string keys always has a JSON form.
    let text = serde_json::to_string_pretty(manifest).unwrap_or_default();
    escaped_json(&text).into_owned() + "\n"
}

fn failed(what: &str, path: &Path, error: &dyn fmt::Display) -> Diagnostic {
    Diagnostic::new(
        Code::Output,
        format!("cannot {what} {}: {error}", path.display()),
    )
    .help("no file is half written; solve the problem and run again")
}
