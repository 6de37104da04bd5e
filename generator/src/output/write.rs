//! From a plan to files.

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
    /// Makes the folder hold the files, and deletes what an earlier run wrote, this one did not, and
    /// nobody changed since.
    ///
    /// # Errors
    /// When the file system refuses, another process writes to the folder, or files would be replaced
    /// that an earlier run did not write as they are. Unless a rename was refused, everything is as it
    /// was.
    pub fn write(&self) -> Result<Plan, Diagnostic> {
        let plan = self.plan()?;
        // Where there is nothing to do, a folder that cannot be written to is fine.
        if plan.is_empty() && self.known == self.manifest {
            let is_clean = self.leftovers().is_empty() && !Lock::is_there(self.root);
            // Another run that goes on needs what it has there.
            if !is_clean && let Ok(_lock) = Lock::take(self.root) {
                self.remove_leftovers();
            }
            return Ok(plan);
        }
        self.refuse_others(&plan)?;
        let _lock = Lock::take(self.root)?;
        // What another process wrote until now counts.
        let current = Self {
            known: read_manifest(self.root)?,
            ..self.clone()
        };
        current.write_locked()
    }

    fn write_locked(&self) -> Result<Plan, Diagnostic> {
        let plan = self.plan()?;
        self.refuse_others(&plan)?;
        self.remove_leftovers();
        let changed: Vec<&RelativePath> = plan.create.iter().chain(&plan.update).collect();
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

    /// What may be there from now on: should this run die, the next one must know what is its own.
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
        // Where `A.rs` and `a.rs` are one file, this is the new one.
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
        // Only an empty folder goes; whether it was empty does not matter here.
        let _ = full.parent().map(fs::remove_dir);
        Ok(())
    }

    /// Refuses to replace what sdkgen did not write as it is.
    fn refuse_others(&self, plan: &Plan) -> Result<(), Diagnostic> {
        self.refuse_inputs(plan)?;
        let names = |paths: &[&RelativePath]| {
            const MOST: usize = 20;
            let shown = paths.iter().take(MOST).map(ToString::to_string);
            let mut names: Vec<String> = shown.collect();
            if paths.len() > MOST {
                names.push(format!("{} more", paths.len() - MOST));
            }
            names.join(", ")
        };
        let (among_ours, elsewhere): (Vec<&RelativePath>, Vec<&RelativePath>) =
            plan.foreign.iter().partition(|path| path.is_generated());
        if !elsewhere.is_empty() {
            let message = format!("not written by sdkgen: {}", names(&elsewhere));
            return Err(Diagnostic::new(Code::Output, message).help(
                "render into an empty folder, move these files away, or render the code alone with `--embedded`",
            ));
        }
        let edited: Vec<&RelativePath> = plan.edited.iter().chain(among_ours).collect();
        if edited.is_empty() || self.replaces_edited {
            return Ok(());
        }
        let message = format!("edited since sdkgen wrote it: {}", names(&edited));
        Err(Diagnostic::new(Code::Edited, message).help(
            "nothing was written: undo the edits or move them elsewhere, or give `--overwrite` to replace them; \
             `--check` shows the differences",
        ))
    }

    /// The description and its like may stand in the output folder, in no place of ours.
    fn refuse_inputs(&self, plan: &Plan) -> Result<(), Diagnostic> {
        let inputs: BTreeMap<PathBuf, &Path> = self
            .inputs
            .iter()
            .filter_map(|input| Some((input.canonicalize().ok()?, input.as_path())))
            .collect();
        for path in plan.update.iter().chain(&plan.delete) {
            let real = path.under(self.root).canonicalize();
            if let Some(input) = real.ok().and_then(|real| inputs.get(&real)) {
                let message = format!(
                    "{path} would replace {}, which it is made from",
                    input.display()
                );
                return Err(Diagnostic::new(Code::Output, message)
                    .help("nothing was written: give another output folder"));
            }
        }
        Ok(())
    }

    /// What runs that died left under temporary names, among the rendered files and in the folders
    /// where only some are ours.
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

    /// Deletes them. The lock is held, so that none is of a run that goes on. Failing harms nothing.
    fn remove_leftovers(&self) {
        for path in self.leftovers() {
            let _ = fs::remove_file(path);
        }
    }
}
