//! Files to disk: all or nothing as far as a file system allows.
//!
//! Every changed file is first written in full beside its destination, under a temporary name; only
//! when all are there are they renamed into place. A run that dies leaves each file either old or
//! new, and the manifest always lists at least the files that are there, so that the next run
//! heals what is left.

mod manifest;
mod plan;

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt, fs,
    io::Write,
    path::{Path, PathBuf},
};

use tempfile::TempPath;

pub use manifest::{Manifest, Options, RelativePath, hash};
pub use plan::{Difference, Plan};

use crate::{
    diagnostics::{Code, Diagnostic},
    parallel::in_parallel,
};

/// The folder of which every file is ours.
pub const GENERATED: &str = "src/generated";
const MANIFEST: &str = "src/generated/manifest.json";
const TEMPORARY: &str = ".sdkgen-";

/// The files of a rendering and where they belong.
#[derive(Debug)]
pub struct Output<'a> {
    root: &'a Path,
    files: &'a BTreeMap<RelativePath, String>,
    manifest: Manifest,
    known: Manifest,
}

impl<'a> Output<'a> {
    /// Looks at what is in the folder. `origin` is the manifest without its files.
    ///
    /// # Errors
    /// When the manifest of an earlier run cannot be read.
    pub fn new(
        root: &'a Path,
        files: &'a BTreeMap<RelativePath, String>,
        origin: Manifest,
    ) -> Result<Self, Diagnostic> {
        let path = root.join(MANIFEST);
        let known = match fs::read(&path) {
            Ok(bytes) => serde_json::from_slice(&bytes).map_err(|error| {
                failed("read", &path, &error)
                    .help("restore the file from version control, or delete it: then nothing stale is deleted")
            })?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Manifest::default(),
            Err(error) => return Err(failed("read", &path, &error)),
        };
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
        })
    }

    /// What writing would do.
    ///
    /// # Errors
    /// When a file is there but cannot be read.
    pub fn plan(&self) -> Result<Plan, Diagnostic> {
        let mut plan = Plan::default();
        for (path, text) in self.files {
            match self.read(path)? {
                None => plan.create.push(path.clone()),
                Some(found) if found == *text => plan.unchanged += 1,
                Some(found) => {
                    self.note_edit(path, &found, &mut plan);
                    plan.update.push(path.clone());
                }
            }
        }
        for path in self
            .known
            .files
            .keys()
            .filter(|path| !self.files.contains_key(*path))
        {
            if let Some(found) = self.read(path)? {
                self.note_edit(path, &found, &mut plan);
                plan.delete.push(path.clone());
            }
        }
        self.find_strays(&self.root.join(GENERATED), GENERATED, &mut plan)?;
        plan.stray.sort();
        Ok(plan)
    }

    /// Makes the folder hold the files, and deletes what an earlier run wrote and this one did not.
    ///
    /// # Errors
    /// When the file system refuses. Unless it refused a rename, everything is as it was.
    pub fn write(&self) -> Result<Plan, Diagnostic> {
        self.remove_leftovers(&self.root.join(GENERATED));
        // A run that died may have left files where only some of ours are, too.
        let folders: BTreeSet<PathBuf> = self
            .files
            .keys()
            .filter_map(|path| path.under(self.root).parent().map(Path::to_owned))
            .collect();
        folders
            .iter()
            .for_each(|folder| self.remove_leftovers(folder));
        let plan = self.plan()?;
        self.refuse_foreign(&plan)?;
        let manifest_text = to_text(&self.manifest);
        let is_recorded = self.known == self.manifest;
        if plan.is_empty() && is_recorded {
            return Ok(plan);
        }
        let changed: Vec<&RelativePath> = plan.create.iter().chain(&plan.update).collect();
        let stage_all = |share: &[&RelativePath]| -> Result<Vec<Staged>, Diagnostic> {
            let stage = |path: &&RelativePath| stage(&path.under(self.root), &self.files[*path]);
            share.iter().map(stage).collect()
        };
        let staged: Result<Vec<_>, _> = in_parallel(&changed, stage_all).into_iter().collect();
        let staged = staged?.into_iter().flatten();
        let manifest_path = self.root.join(MANIFEST);
        let final_manifest = stage(&manifest_path, &manifest_text)?;
        // Lists every file that may be there from now on.
        let mut interim = self.known.clone();
        for (path, hash) in &self.manifest.files {
            interim
                .files
                .entry(path.clone())
                .or_insert_with(|| hash.clone());
        }
        if interim != self.known {
            publish(stage(&manifest_path, &to_text(&interim))?)?;
        }
        for file in staged {
            publish(file)?;
        }
        for path in &plan.delete {
            let full = path.under(self.root);
            fs::remove_file(&full).map_err(|error| failed("delete", &full, &error))?;
            // Only an empty folder goes; whether it was empty does not matter here.
            let _ = full.parent().map(fs::remove_dir);
        }
        publish(final_manifest)?;
        Ok(plan)
    }

    /// Every difference between what is there and what should be.
    ///
    /// # Errors
    /// When a file is there but cannot be read.
    pub fn check(&self) -> Result<Vec<Difference>, Diagnostic> {
        let plan = self.plan()?;
        let mut differences = Vec::new();
        let mut differ = |path: &RelativePath, what, found: &str, wanted: &str| {
            let diff = similar::TextDiff::from_lines(found, wanted)
                .unified_diff()
                .header(
                    &format!("{path} (in the folder)"),
                    &format!("{path} (rendered)"),
                )
                .to_string();
            differences.push(Difference {
                path: path.clone(),
                what,
                diff,
            });
        };
        for path in &plan.create {
            differ(path, "missing", "", &self.files[path]);
        }
        for path in &plan.update {
            let what = if plan.edited.contains(path) {
                "edited by hand"
            } else {
                "out of date"
            };
            let found = self.read(path)?.unwrap_or_default();
            differ(path, what, &found, &self.files[path]);
        }
        for path in &plan.delete {
            let found = self.read(path)?.unwrap_or_default();
            differ(path, "stale", &found, "");
        }
        for path in &plan.stray {
            let found = fs::read_to_string(path.under(self.root)).unwrap_or_default();
            differ(
                path,
                "not rendered by sdkgen: move it elsewhere or delete it",
                &found,
                "",
            );
        }
        if differences.is_empty() && self.known != self.manifest {
            let path = RelativePath::trusted(MANIFEST.to_owned());
            let (found, wanted) = (to_text(&self.known), to_text(&self.manifest));
            let diff = similar::TextDiff::from_lines(&found, &wanted)
                .unified_diff()
                .to_string();
            differences.push(Difference {
                path,
                what: "out of date",
                diff,
            });
        }
        Ok(differences)
    }

    /// The text of a file; `None` if it is not there. Bytes that are no UTF-8 are replaced: they
    /// are none of ours in any case.
    fn read(&self, path: &RelativePath) -> Result<Option<String>, Diagnostic> {
        let full = path.under(self.root);
        match fs::read(&full) {
            Ok(bytes) => Ok(Some(String::from_utf8_lossy(&bytes).into_owned())),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(failed("read", &full, &error)),
        }
    }

    fn note_edit(&self, path: &RelativePath, found: &str, plan: &mut Plan) {
        let recorded = self.known.files.get(path);
        // After a run that died, a file can be newer than its record; then it is what is wanted.
        if recorded.is_some_and(|recorded| *recorded != hash(found)) {
            plan.edited.push(path.clone());
        }
    }

    /// A file that somebody else wrote where one of ours belongs is not replaced, unless it is in
    /// the folder that is all ours.
    fn refuse_foreign(&self, plan: &Plan) -> Result<(), Diagnostic> {
        let is_foreign = |path: &&RelativePath| {
            !self.known.files.contains_key(*path)
                && !path.as_str().starts_with(&format!("{GENERATED}/"))
        };
        let foreign: Vec<String> = plan
            .update
            .iter()
            .filter(is_foreign)
            .map(ToString::to_string)
            .collect();
        if foreign.is_empty() {
            return Ok(());
        }
        let message = format!("not written by sdkgen: {}", foreign.join(", "));
        Err(Diagnostic::new(Code::Output, message).help(
            "render into an empty folder, move these files away, or render the code alone with `--embedded`",
        ))
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
            if entry.path().is_dir() {
                self.find_strays(&entry.path(), path.as_str(), plan)?;
            } else if path.as_str() != MANIFEST
                && !entry_name.starts_with(TEMPORARY)
                && !self.files.contains_key(&path)
                && !self.known.files.contains_key(&path)
            {
                plan.stray.push(path);
            }
        }
        Ok(())
    }

    /// Deletes what a run that died left under temporary names. Failing at it harms nothing.
    fn remove_leftovers(&self, folder: &Path) {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            // A link may lead out of the folder.
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                self.remove_leftovers(&entry.path());
            } else if entry.file_name().to_string_lossy().starts_with(TEMPORARY) {
                let _ = fs::remove_file(entry.path());
            }
        }
    }
}

/// Makes a file hold a text, at once; says whether it did not before.
///
/// # Errors
/// When it cannot be read or written; it is as it was then.
pub fn write_text(path: &Path, text: &str) -> Result<bool, Diagnostic> {
    match fs::read(path) {
        Ok(found) if found == text.as_bytes() => return Ok(false),
        Ok(_) => {}
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        Err(error) => return Err(failed("read", path, &error)),
    }
    publish(stage(path, text)?).map(|()| true)
}

/// Writes a file in full, beside its destination.
fn stage(destination: &Path, text: &str) -> Result<Staged, Diagnostic> {
    let folder = destination.parent().unwrap_or(Path::new(""));
    let folder = match folder.as_os_str().is_empty() {
        true => Path::new("."),
        false => folder,
    };
    fs::create_dir_all(folder).map_err(|error| failed("create", folder, &error))?;
    let mut builder = tempfile::Builder::new();
    builder.prefix(TEMPORARY);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // What `open` would ask for; the umask takes its share. Temporary files are private
        // by default, which these must not stay.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let mut file = builder
        .tempfile_in(folder)
        .map_err(|error| failed("write to", folder, &error))?;
    file.write_all(text.as_bytes())
        .and_then(|()| file.flush())
        .map_err(|error| failed("write", destination, &error))?;
    Ok(Staged {
        file: file.into_temp_path(),
        destination: destination.to_owned(),
    })
}

struct Staged {
    /// Not open any more: there can be more files than a process may have open.
    file: TempPath,
    destination: PathBuf,
}

fn publish(staged: Staged) -> Result<(), Diagnostic> {
    let Staged { file, destination } = staged;
    file.persist(&destination)
        .map(drop)
        .map_err(|error| failed("replace", &destination, &error.error))
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

#[cfg(test)]
mod tests {
    use super::*;

    fn files(list: &[(&str, &str)]) -> BTreeMap<RelativePath, String> {
        list.iter()
            .map(|(path, text)| (RelativePath::new(*path).unwrap(), (*text).to_owned()))
            .collect()
    }

    fn write(root: &Path, list: &[(&str, &str)]) -> Plan {
        let files = files(list);
        Output::new(root, &files, Manifest::default())
            .unwrap()
            .write()
            .unwrap()
    }

    fn check(root: &Path, list: &[(&str, &str)]) -> Vec<(String, &'static str)> {
        let files = files(list);
        let output = Output::new(root, &files, Manifest::default()).unwrap();
        let differences = output.check().unwrap();
        assert!(
            differences
                .iter()
                .all(|difference| !difference.diff.is_empty())
        );
        differences
            .into_iter()
            .map(|d| (d.path.to_string(), d.what))
            .collect()
    }

    const A: (&str, &str) = ("src/generated/a.rs", "a\n");
    const B: (&str, &str) = ("src/generated/m/b.rs", "b\n");

    #[test]
    fn only_what_changed_is_written_and_what_is_stale_deleted() {
        let root = tempfile::tempdir().unwrap();
        let root = root.path();
        assert_eq!(write(root, &[A, B]).create.len(), 2);
        let before = fs::metadata(root.join(A.0)).unwrap().modified().unwrap();
        let plan = write(root, &[A]);
        assert_eq!((plan.unchanged, plan.delete.len()), (1, 1));
        assert_eq!(
            fs::metadata(root.join(A.0)).unwrap().modified().unwrap(),
            before
        );
        assert!(!root.join("src/generated/m").exists());
        assert!(write(root, &[A]).is_empty());
        assert_eq!(check(root, &[A]), []);
    }

    #[test]
    fn every_kind_of_difference_is_reported() {
        let root = tempfile::tempdir().unwrap();
        let root = root.path();
        write(root, &[A, B]);
        fs::write(root.join(A.0), "edited\n").unwrap();
        fs::write(root.join("src/generated/own.rs"), "mine\n").unwrap();
        let found = check(root, &[A, ("src/generated/new.rs", "n\n")]);
        let expected = [
            ("src/generated/new.rs", "missing"),
            (A.0, "edited by hand"),
            (B.0, "stale"),
            (
                "src/generated/own.rs",
                "not rendered by sdkgen: move it elsewhere or delete it",
            ),
        ];
        assert_eq!(found, expected.map(|(path, what)| (path.to_owned(), what)));
        let plan = write(root, &[A]);
        assert_eq!(plan.edited.len(), 1);
        assert!(
            root.join("src/generated/own.rs").exists(),
            "strays are not ours to delete"
        );
    }

    #[test]
    fn files_of_others_are_not_replaced() {
        let root = tempfile::tempdir().unwrap();
        let root = root.path();
        fs::write(root.join("Cargo.toml"), "mine\n").unwrap();
        let wanted = files(&[A, ("Cargo.toml", "ours\n")]);
        let output = Output::new(root, &wanted, Manifest::default()).unwrap();
        let error = output.write().unwrap_err();
        assert!(error.message.ends_with("Cargo.toml"), "{error}");
        assert_eq!(
            fs::read_to_string(root.join("Cargo.toml")).unwrap(),
            "mine\n"
        );
        assert!(!root.join(A.0).exists());
    }

    #[test]
    fn leftovers_of_a_run_that_died_are_healed() {
        let root = tempfile::tempdir().unwrap();
        let root = root.path();
        write(root, &[A]);
        fs::write(root.join("src/generated/.sdkgen-x"), "half").unwrap();
        fs::remove_file(root.join(A.0)).unwrap();
        assert_eq!(write(root, &[A]).create.len(), 1);
        assert!(!root.join("src/generated/.sdkgen-x").exists());
        assert_eq!(check(root, &[A]), []);
    }

    #[test]
    fn a_failure_while_staging_changes_nothing() {
        let root = tempfile::tempdir().unwrap();
        let root = root.path();
        write(root, &[A]);
        // A file where a folder is needed stands for any refusal of the file system.
        fs::write(root.join("blocked"), "").unwrap();
        let wanted = files(&[("src/generated/a.rs", "new\n"), ("blocked/x.rs", "x\n")]);
        let output = Output::new(root, &wanted, Manifest::default()).unwrap();
        let error = output.write().unwrap_err();
        assert_eq!(error.code, Code::Output);
        assert_eq!(fs::read_to_string(root.join(A.0)).unwrap(), "a\n");
        assert_eq!(fs::read_dir(root.join("src/generated")).unwrap().count(), 2);
    }

    #[cfg(unix)]
    #[test]
    fn files_are_readable_by_others() {
        use std::os::unix::fs::PermissionsExt;
        let root = tempfile::tempdir().unwrap();
        write(root.path(), &[A]);
        let mode = fs::metadata(root.path().join(A.0))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o444, 0o444);
    }
}
