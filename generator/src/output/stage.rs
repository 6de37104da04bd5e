//! Writes files under temporary names and renames them to their destinations.

use std::{
    fs,
    io::{ErrorKind, Read, Write},
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering},
    time::SystemTime,
};

use tempfile::TempPath;

use super::{failed, folder, manifest::hash};
use crate::diagnostics::{Code, Diagnostic};

const PREFIX: &str = ".sdkgen-";
/// Number of hexadecimal digits of a temporary file's number, and of the proof that follows it.
const DIGITS: usize = 16;

/// A file that is completely written under a temporary name.
pub(super) struct Staged {
    /// Closed, because there can be more files than a process may have open.
    file: TempPath,
    destination: PathBuf,
    /// Dropped after the file, so that a folder that was created for it goes with it.
    created: folder::Created,
}

/// Writes a text to a file atomically. Returns whether the content changed. Links are followed;
/// terminals, pipes and devices are written to directly.
///
/// # Errors
/// The file cannot be read or written; its content is unchanged then.
pub fn write_text(path: &Path, text: &str) -> Result<bool, Diagnostic> {
    match fs::metadata(path) {
        Ok(found) if found.is_dir() => return Err(folder::not_a("file", path, "a folder")),
        Ok(found) if !found.is_file() => {
            let write = || {
                let mut file = fs::OpenOptions::new().write(true).open(path)?;
                file.write_all(text.as_bytes())?;
                file.flush()
            };
            return write()
                .map(|()| true)
                .map_err(|error: std::io::Error| failed("write", path, &error));
        }
        Ok(found) => {
            let real = path
                .canonicalize()
                .map_err(|error| failed("read", path, &error))?;
            // A file of another length differs, and need not be read.
            if found.len() == text.len() as u64 && has_content(&real, text)? {
                return Ok(false);
            }
            return publish(stage(&real, text, "a text")?).map(|()| true);
        }
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(failed("read", path, &error)),
    }
    publish(stage(path, text, "a text")?).map(|()| true)
}

/// Whether the content of a file is this text.
fn has_content(path: &Path, text: &str) -> Result<bool, Diagnostic> {
    let mut bytes = Vec::with_capacity(text.len());
    fs::File::open(path)
        .and_then(|file| file.take(text.len() as u64 + 1).read_to_end(&mut bytes))
        .map_err(|error| failed("read", path, &error))?;
    Ok(bytes == text.as_bytes())
}

/// Saves a text in a new file in the system's temporary folder and returns its path.
///
/// # Errors
/// The file cannot be created or written.
pub(crate) fn save_text(text: &str) -> std::io::Result<PathBuf> {
    let mut builder = tempfile::Builder::new();
    // The name is random and the file is new, so that no link can be planted there.
    let mut file = builder.prefix("sdkgen-bug-").suffix(".rs").tempfile()?;
    file.write_all(text.as_bytes())?;
    file.flush()?;
    let (_, path) = file.keep().map_err(|kept| kept.error)?;
    Ok(path)
}

/// Refuses an output file that is one of the input files, also by another path.
///
/// # Errors
/// It is one of them.
pub(crate) fn refuse_input<'p>(
    out: &Path,
    mut inputs: impl Iterator<Item = &'p Path>,
) -> Result<(), Diagnostic> {
    let Ok(real) = out.canonicalize() else {
        return Ok(());
    };
    let is_out = |input: &&Path| input.canonicalize().is_ok_and(|input| input == real);
    match inputs.find(is_out).filter(|_| real.is_file()) {
        None => Ok(()),
        Some(input) => {
            let message = format!(
                "the output file {} is the input file {}",
                out.display(),
                input.display()
            );
            Err(Diagnostic::new(Code::Output, message)
                .help("nothing was written: choose another output file"))
        }
    }
}

/// Writes a file in full beside its destination. `label` goes into the proof in its temporary name.
pub(super) fn stage(destination: &Path, text: &str, label: &str) -> Result<Staged, Diagnostic> {
    let parent = destination.parent().unwrap_or(Path::new(""));
    let parent = match parent.as_os_str().is_empty() {
        true => Path::new("."),
        false => parent,
    };
    let created = folder::create(parent)?;
    let name = temporary_name(label);
    let mut builder = tempfile::Builder::new();
    // Without random bytes `tempfile` fails if the name exists; it never opens an existing file.
    builder.prefix(&name).rand_bytes(0);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // The mode that `open` asks for, reduced by the umask. `tempfile` would make the file
        // private, and it keeps its mode when it is renamed.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let mut file = builder
        .tempfile_in(parent)
        .map_err(|error| failed("write to", parent, &error))?;
    file.write_all(text.as_bytes())
        .and_then(|()| file.flush())
        .map_err(|error| failed("write", destination, &error))?;
    Ok(Staged {
        file: file.into_temp_path(),
        destination: destination.to_owned(),
        created,
    })
}

/// Renames a staged file to its destination.
pub(super) fn publish(staged: Staged) -> Result<(), Diagnostic> {
    let Staged {
        file,
        destination,
        created: _created,
    } = staged;
    file.persist(&destination)
        .map(drop)
        .map_err(|error| failed("replace", &destination, &error.error))
}

/// Finds the temporary files that killed runs left in a folder, and below it if `deep`. `label` is
/// the folder's path in the output folder.
///
/// Only regular files count whose names prove that sdkgen created them in that folder.
pub(super) fn leftovers(folder: &Path, label: &str, deep: bool) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let (Ok(kind), Some(name)) = (entry.file_type(), name.to_str()) else {
            continue;
        };
        if kind.is_dir() && deep {
            let label = format!("{label}/{name}");
            found.extend(leftovers(&entry.path(), &label, deep));
        } else if kind.is_file() && is_temporary(name, label) {
            found.push(entry.path());
        }
    }
    found
}

/// Whether sdkgen gave this name to a temporary file in the folder with that label.
pub(super) fn is_temporary(name: &str, label: &str) -> bool {
    let Some(digits) = name.strip_prefix(PREFIX) else {
        return false;
    };
    digits.len() == 2 * DIGITS
        && digits.is_char_boundary(DIGITS)
        && proof(&digits[..DIGITS], label) == digits[DIGITS..]
}

fn temporary_name(label: &str) -> String {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    let now = now.unwrap_or_default().as_nanos();
    let mut number = hash(format!("{} {count} {now}", std::process::id()));
    number.truncate(DIGITS);
    let proof = proof(&number, label);
    format!("{PREFIX}{number}{proof}")
}

/// The second half of a temporary name: a hash, so that no other file has such a name by chance.
fn proof(number: &str, label: &str) -> String {
    let mut proof = hash(format!("temporary file of sdkgen {number} {label}"));
    proof.truncate(DIGITS);
    proof
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_with_a_valid_proof_are_temporary() {
        let name = temporary_name("src/generated");
        assert!(is_temporary(&name, "src/generated"));
        assert!(!is_temporary(&name, "src"), "it was moved there");
        let zeros = format!(".sdkgen-{}", "0".repeat(32));
        let accents = format!(".sdkgen-{}é{}", "0".repeat(15), "0".repeat(15));
        for other in [".sdkgen-", ".sdkgen-notes", &name[..20], &zeros, &accents] {
            assert!(!is_temporary(other, "src/generated"), "{other}");
        }
        assert_ne!(temporary_name("a"), temporary_name("a"));
    }

    #[cfg(unix)]
    #[test]
    fn a_text_is_written_through_links_and_to_devices() {
        let root = tempfile::tempdir().unwrap();
        let (file, link) = (root.path().join("file"), root.path().join("link"));
        fs::write(&file, "old").unwrap();
        std::os::unix::fs::symlink(&file, &link).unwrap();
        assert_eq!(write_text(&link, "new"), Ok(true));
        assert_eq!(write_text(&link, "new"), Ok(false));
        assert_eq!(fs::read_to_string(&file).unwrap(), "new");
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        let null = root.path().join("null");
        std::os::unix::fs::symlink("/dev/null", &null).unwrap();
        assert_eq!(write_text(&null, "new"), Ok(true));
        assert!(!fs::metadata("/dev/null").unwrap().is_file());
        assert!(write_text(root.path(), "new").is_err());
        assert_eq!(fs::read_dir(root.path()).unwrap().count(), 3);
    }
}
