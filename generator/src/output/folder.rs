//! The output folder as it is on disk. Nothing here follows a link below the root: what stands
//! behind one belongs to somebody else.

use std::{
    collections::BTreeSet,
    fs::{self, FileType, Metadata},
    io::{self, Read},
    path::Path,
};

use super::{RelativePath, failed};
use crate::diagnostics::{Code, Diagnostic};

/// The largest file that is read. No rendered file comes near it.
const LARGEST: u64 = 256 << 20;

/// What stands at a path.
#[derive(Debug)]
pub(super) enum Found {
    Nothing,
    File(Vec<u8>),
    /// A link, a folder, a pipe, a device or a file beyond the limit; in words.
    Other(&'static str),
}

/// Looks at a path whose folder has been checked.
///
/// # Errors
/// A file that cannot be read.
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

/// Refuses paths that lead through something other than real folders below the root, which itself
/// may be a link: the caller named it.
///
/// # Errors
/// The first part that is a link or a file.
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

/// Whether a path leads through real folders alone.
pub(super) fn is_inside(root: &Path, path: &RelativePath) -> bool {
    folders_of(path.as_str()).all(|folder| {
        // What is not there is in nobody's way.
        !matches!(stat(&root.join(folder)), Ok(Some(metadata)) if !metadata.is_dir())
    })
}

/// The error for something of another kind where a file or a folder belongs.
pub(super) fn not_a(wanted: &str, full: &Path, found: &str) -> Diagnostic {
    let message = format!("{} is {found}, not a {wanted}", full.display());
    Diagnostic::new(Code::Output, message).help(
        "nothing was written: sdkgen follows no link inside the output folder and replaces nothing but files; \
         move it away, or give another folder",
    )
}

/// What a file type is called.
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

/// All folders on the way to a path, the outermost first.
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
