//! Files to disk: all or nothing as far as a file system allows.
//!
//! Every changed file is first written in full beside its destination, under a temporary name; only
//! when all are there are they renamed into place. A run that dies leaves each file either old or
//! new, and the manifest lists what is there and what is on its way, so that the next run heals
//! what is left.
//!
//! A file belongs to sdkgen if its bytes are those that a manifest records for it. Everything else
//! belongs to the user: it is not deleted, and not replaced unless the caller asks for it.

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
pub(crate) use stage::{keep_text, refuse_input};

use crate::{
    diagnostics::{Code, Diagnostic},
    parallel::in_parallel,
};
use folder::{Found, look};

/// The folder for rendered code alone.
pub const GENERATED: &str = "src/generated";
const MANIFEST: &str = "src/generated/manifest.json";

/// The files of a rendering and where they belong.
#[derive(Clone, Debug)]
pub struct Output<'a> {
    root: &'a Path,
    files: &'a BTreeMap<RelativePath, String>,
    manifest: Manifest,
    known: Manifest,
    /// What the files were made from, which no file of ours may replace.
    inputs: Vec<PathBuf>,
    replaces_edited: bool,
}

impl<'a> Output<'a> {
    /// Looks at what is in the folder. `origin` is the manifest without its files.
    ///
    /// # Errors
    /// When the manifest of an earlier run cannot be read, or the folder is none.
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

    /// Names files that must not be replaced or deleted, whatever a manifest says of them.
    #[must_use]
    pub fn protect(mut self, inputs: impl IntoIterator<Item = PathBuf>) -> Self {
        self.inputs.extend(inputs);
        self
    }

    /// Lets [`write`](Self::write) replace rendered files that somebody edited since, and files among
    /// the rendered ones that no manifest records. Without it they are an error.
    #[must_use]
    pub fn replace_edited(mut self, replace: bool) -> Self {
        self.replaces_edited = replace;
        self
    }

    /// What writing would do.
    ///
    /// # Errors
    /// When a file is there but cannot be read, or something else stands in the place of one.
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
            // Nothing of ours has a hidden name or stands behind a link, whatever the manifest says.
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
            // A link is a stray itself; what it leads to is elsewhere, or here for the second time.
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

/// The manifest of an earlier run; an empty one if there is none.
fn read_manifest(root: &Path) -> Result<Manifest, Diagnostic> {
    let path = root.join(MANIFEST);
    match look(&path)? {
        Found::Nothing => Ok(Manifest::default()),
        Found::Other(found) => Err(folder::not_a("file", &path, found)),
        Found::File(bytes) => serde_json::from_slice(&bytes).map_err(|error| {
            failed("read", &path, &error).help(
                "restore the file from version control, or delete it: then nothing stale is deleted, and \
                 `--overwrite` replaces what is there",
            )
        }),
    }
}

fn to_text(manifest: &Manifest) -> String {
    // A map with string keys always has a JSON form.
    let text = serde_json::to_string_pretty(manifest).unwrap_or_default();
    text + "\n"
}

fn failed(what: &str, path: &Path, error: &dyn fmt::Display) -> Diagnostic {
    Diagnostic::new(
        Code::Output,
        format!("cannot {what} {}: {error}", path.display()),
    )
    .help("the output is as it was, or each of its files is either old or new; run again")
}
