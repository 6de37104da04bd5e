//! Carries out a plan: stages, renames and deletes files.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use super::{
    GENERATED, MANIFEST, Manifest, Output, Plan, RelativePath, failed, folder,
    lock::Lock,
    read_manifest,
    stage::{Staged, leftovers, publish, stage},
    to_text,
};
use crate::{
    diagnostics::{Code, Diagnostic},
    parallel::in_parallel,
};

impl Output<'_> {
    /// Writes the files to the folder, and deletes files that an earlier run wrote, that are no longer
    /// rendered and that nobody edited.
    ///
    /// # Errors
    /// The file system fails, another process writes to the folder, or files would be replaced that
    /// sdkgen does not own. Unless a rename or a deletion failed, nothing was changed.
    pub fn write(&self) -> Result<Plan, Diagnostic> {
        let plan = self.plan()?;
        // If there is nothing to do, the folder need not be writable.
        if plan.is_empty() && self.known == self.manifest {
            let is_clean = self.leftovers().is_empty() && !Lock::exists(self.root);
            // The temporary files may belong to an active run, which holds the lock then.
            if !is_clean && let Ok(_lock) = Lock::take(self.root) {
                self.remove_leftovers();
            }
            return Ok(plan);
        }
        self.refuse_foreign(&plan)?;
        let _lock = Lock::take(self.root)?;
        // Another process may have written before this one got the lock.
        let current = Self {
            known: read_manifest(self.root)?,
            ..self.clone()
        };
        current.write_locked()
    }

    fn write_locked(&self) -> Result<Plan, Diagnostic> {
        let plan = self.plan()?;
        self.refuse_foreign(&plan)?;
        self.remove_leftovers();
        let changed: Vec<&RelativePath> = plan.create.iter().chain(&plan.update).collect();
        // Dropped after all staged files: if one cannot be staged, no empty folder is left.
        let mut folders = folder::Created::default();
        for path in &changed {
            folders.add(&self.root.join(path.folder()))?;
        }
        let stage_all = |share: &[&RelativePath]| -> Result<Vec<Staged>, Diagnostic> {
            let stage = |path: &&RelativePath| {
                stage(&path.under(self.root), &self.files[*path], path.folder())
            };
            share.iter().map(stage).collect()
        };
        let staged: Result<Vec<_>, _> = in_parallel(&changed, stage_all).into_iter().collect();
        let staged = staged?.into_iter().flatten();
        let manifest_path = self.root.join(MANIFEST);
        let final_manifest = stage(&manifest_path, &to_text(&self.manifest), GENERATED)?;
        let interim = self.interim(&changed);
        if interim != self.known {
            publish(stage(&manifest_path, &to_text(&interim), GENERATED)?)?;
        }
        for file in staged {
            publish(file)?;
        }
        for path in &plan.delete {
            self.delete(path)?;
        }
        publish(final_manifest)?;
        Ok(plan)
    }

    /// The manifest while files are being replaced. If this run is killed, the next one recognizes
    /// both old and new files as its own.
    pub(super) fn interim(&self, changed: &[&RelativePath]) -> Manifest {
        let mut interim = self.known.clone();
        for path in changed {
            let Some(hash) = self.manifest.files.get(*path) else {
                continue;
            };
            if self.known.files.get(*path) != Some(hash) {
                let pending = interim.pending.entry((*path).clone()).or_default();
                pending.insert(hash.clone());
            }
        }
        interim
    }

    fn delete(&self, path: &RelativePath) -> Result<(), Diagnostic> {
        let full = path.under(self.root);
        // On file systems that ignore case, the stale `A.rs` may be the new `a.rs`.
        let is_new = |new: &RelativePath| {
            let new = new.under(self.root);
            matches!((new.canonicalize(), full.canonicalize()), (Ok(a), Ok(b)) if a == b)
        };
        let lower = path.as_str().to_lowercase();
        let mut alike = self
            .files
            .keys()
            .filter(|new| new.as_str().to_lowercase() == lower);
        if alike.any(is_new) {
            return Ok(());
        }
        fs::remove_file(&full).map_err(|error| failed("delete", &full, &error))?;
        // Fails, as it should, unless the folder is empty.
        let _ = full.parent().map(fs::remove_dir);
        Ok(())
    }

    /// Refuses to replace files that sdkgen does not own.
    fn refuse_foreign(&self, plan: &Plan) -> Result<(), Diagnostic> {
        self.refuse_inputs(plan)?;
        let names = |paths: &[&RelativePath]| {
            const MAX_NAMES: usize = 20;
            let shown = paths.iter().take(MAX_NAMES).map(ToString::to_string);
            let mut names: Vec<String> = shown.collect();
            if paths.len() > MAX_NAMES {
                names.push(format!("{} more", paths.len() - MAX_NAMES));
            }
            names.join(", ")
        };
        let (in_generated, elsewhere): (Vec<&RelativePath>, Vec<&RelativePath>) =
            plan.foreign.iter().partition(|path| path.is_generated());
        if !elsewhere.is_empty() {
            let message = format!(
                "would replace files that sdkgen did not write: {}",
                names(&elsewhere)
            );
            return Err(Diagnostic::new(Code::Output, message).help(
                "nothing was written: choose an empty folder, move these files away, or render only the code \
                 with `--embedded`",
            ));
        }
        let edited: Vec<&RelativePath> = plan.edited.iter().chain(in_generated).collect();
        if edited.is_empty() || self.replaces_edited {
            return Ok(());
        }
        let message = format!(
            "would replace files that were edited after sdkgen wrote them: {}",
            names(&edited)
        );
        Err(Diagnostic::new(Code::Edited, message).help(
            "nothing was written: undo the edits or move them elsewhere, or use `--overwrite` to replace the \
             files; `--check` shows the differences",
        ))
    }

    /// Refuses to replace or delete files that the job reads. They may be in the output folder, but
    /// not under the path of a rendered file.
    fn refuse_inputs(&self, plan: &Plan) -> Result<(), Diagnostic> {
        let inputs: BTreeMap<PathBuf, &Path> = self
            .inputs
            .iter()
            .filter_map(|input| Some((input.canonicalize().ok()?, input.as_path())))
            .collect();
        for path in plan.update.iter().chain(&plan.delete) {
            let real = path.under(self.root).canonicalize();
            if let Some(input) = real.ok().and_then(|real| inputs.get(&real)) {
                let message = format!("{path} would replace the input file {}", input.display());
                return Err(Diagnostic::new(Code::Output, message)
                    .help("nothing was written: choose another output folder"));
            }
        }
        Ok(())
    }

    /// Finds the temporary files of killed runs: anywhere below [`GENERATED`], and directly in the
    /// other folders that have rendered files.
    fn leftovers(&self) -> Vec<PathBuf> {
        let mut found = leftovers(&self.root.join(GENERATED), GENERATED, true);
        let paths = self.files.keys().chain(self.known.paths());
        let folders: BTreeSet<&str> = paths
            .filter(|path| !path.is_generated() && folder::is_inside(self.root, path))
            .map(RelativePath::folder)
            .collect();
        for folder in folders {
            found.extend(leftovers(&self.root.join(folder), folder, false));
        }
        found
    }

    /// Deletes the temporary files of killed runs. The caller holds the lock, so that none belongs to
    /// an active run. A file that cannot be deleted does no harm.
    fn remove_leftovers(&self) {
        for path in self.leftovers() {
            let _ = fs::remove_file(path);
        }
    }
}
