//! Reads the output folder. Nothing here follows a link below the root: its target belongs to
//! somebody else.

use std::{
    collections::BTreeSet,
    fs::{self, FileType, Metadata},
    io::{self, Read},
    path::{Path, PathBuf},
};

use super::{RelativePath, failed};
use crate::diagnostics::{Code, Diagnostic};

/// Maximum size of a file that is read. No rendered file comes near it.
const LARGEST: u64 = 256 << 20;

/// What a path names.
#[derive(Debug)]
pub(super) enum Found {
    Nothing,
    File(Vec<u8>),
    /// A link, a folder, a pipe, a device or a file over the size limit, as text for messages.
    Other(&'static str),
}

/// Reads what a path names. The caller has checked the path's folders.
///
/// # Errors
/// The file cannot be read.
pub(super) fn look(full: &Path) -> Result<Found, Diagnostic> {
    let Some(metadata) = stat(full)? else {
        return Ok(Found::Nothing);
    };
    if !metadata.is_file() {
        return Ok(Found::Other(describe(metadata.file_type())));
    }
    let mut bytes = Vec::new();
    let file = fs::File::open(full).map_err(|error| failed("read", full, &error))?;
    file.take(LARGEST + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| failed("read", full, &error))?;
    match bytes.len() as u64 > LARGEST {
        true => Ok(Found::Other("a file of more than 256 MiB")),
        false => Ok(Found::File(bytes)),
    }
}

/// Folders that were created. Dropping this deletes those that are empty.
#[derive(Debug, Default)]
pub(super) struct Created(Vec<PathBuf>);

/// Creates a folder and its parents, as far as they do not exist.
///
/// # Errors
/// A folder cannot be created; those above it are deleted again.
pub(super) fn create(folder: &Path) -> Result<Created, Diagnostic> {
    let mut created = Created::default();
    created.add(folder)?;
    Ok(created)
}

impl Created {
    /// Creates another folder and its parents, as far as they do not exist.
    ///
    /// # Errors
    /// A folder cannot be created.
    pub(super) fn add(&mut self, folder: &Path) -> Result<(), Diagnostic> {
        let missing = folder
            .ancestors()
            .take_while(|path| !path.as_os_str().is_empty() && !path.exists());
        let mut missing: Vec<&Path> = missing.collect();
        missing.reverse();
        for path in missing {
            match fs::create_dir(path) {
                Ok(()) => self.0.push(path.to_owned()),
                // Somebody else created it in between.
                Err(_) if path.is_dir() => {}
                Err(error) => return Err(failed("create", path, &error)),
            }
        }
        Ok(())
    }
}

impl Drop for Created {
    fn drop(&mut self) {
        for path in self.0.iter().rev() {
            // Fails, as it should, unless the folder is empty.
            let _ = fs::remove_dir(path);
        }
    }
}

/// Requires that all existing parents of the paths are real folders, not links or files. The root
/// itself may be a link, because the caller named it.
///
/// # Errors
/// A parent is something other than a folder; the error names the first.
pub(super) fn require_folders<'p>(
    root: &Path,
    paths: impl Iterator<Item = &'p RelativePath>,
) -> Result<(), Diagnostic> {
    if let Ok(metadata) = fs::metadata(root)
        && !metadata.is_dir()
    {
        return Err(not_a("folder", root, describe(metadata.file_type())));
    }
    let folders: BTreeSet<&str> = paths.flat_map(|path| folders_of(path.as_str())).collect();
    for folder in folders {
        let full = root.join(folder);
        if let Some(metadata) = stat(&full)?
            && !metadata.is_dir()
        {
            return Err(not_a("folder", &full, describe(metadata.file_type())));
        }
    }
    Ok(())
}

/// Whether all existing parents of a path are real folders.
pub(super) fn is_inside(root: &Path, path: &RelativePath) -> bool {
    folders_of(path.as_str()).all(|folder| {
        // A parent that does not exist is created later.
        !matches!(stat(&root.join(folder)), Ok(Some(metadata)) if !metadata.is_dir())
    })
}

/// Makes the error for a path that is not the file or folder it should be.
pub(super) fn not_a(wanted: &str, full: &Path, found: &str) -> Diagnostic {
    let message = format!("{} is {found}, not a {wanted}", full.display());
    Diagnostic::new(Code::Output, message).help(
        "nothing was written: sdkgen does not follow links inside the output folder and replaces only files; \
         move it away, or choose another output folder",
    )
}

/// Names a file type, for messages.
pub(super) fn describe(kind: FileType) -> &'static str {
    if kind.is_symlink() {
        "a link"
    } else if kind.is_dir() {
        "a folder"
    } else if kind.is_file() {
        "a file"
    } else {
        "a pipe, a socket or a device"
    }
}

/// Returns all parents of a path, the outermost first.
fn folders_of(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/').map(|(end, _)| &path[..end])
}

fn stat(full: &Path) -> Result<Option<Metadata>, Diagnostic> {
    use io::ErrorKind::{NotADirectory, NotFound};
    match fs::symlink_metadata(full) {
        Ok(metadata) => Ok(Some(metadata)),
        Err(error) if matches!(error.kind(), NotFound | NotADirectory) => Ok(None),
        Err(error) => Err(failed("read", full, &error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn created_folders_go_unless_something_is_in_them() {
        let root = tempfile::tempdir().unwrap();
        let (kept, deep) = (root.path().join("a/b"), root.path().join("a/b/c/d"));
        drop(create(&deep).unwrap());
        assert_eq!(fs::read_dir(root.path()).unwrap().count(), 0);
        let created = create(&deep).unwrap();
        fs::write(kept.join("file"), "").unwrap();
        drop(created);
        assert!(kept.is_dir() && !kept.join("c").exists());
        drop(create(&kept).unwrap());
        assert!(kept.is_dir(), "it existed before");
        let mut created = create(&root.path().join("new")).unwrap();
        created.add(&root.path().join("new/newer")).unwrap();
        drop(created);
        assert!(!root.path().join("new").exists());
    }

    #[test]
    fn a_folder_that_cannot_be_created_leaves_none_above_it() {
        let root = tempfile::tempdir().unwrap();
        let name = "x".repeat(300);
        assert!(create(&root.path().join("a/b").join(name)).is_err());
        assert_eq!(fs::read_dir(root.path()).unwrap().count(), 0);
    }
}
