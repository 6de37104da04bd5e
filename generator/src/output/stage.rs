//! Files under temporary names, and how they come to stand in their places.

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
/// How many hexadecimal digits the number of a temporary file has, and how many prove it.
const DIGITS: usize = 16;

/// A file that is complete, under another name.
pub(super) struct Staged {
    /// Not open any more: there can be more files than a process may have open.
    file: TempPath,
    destination: PathBuf,
}

/// Makes a file hold a text, at once; says whether it did not before. A link is followed, and what is
/// no file, such as a terminal or a pipe, is written to as it is.
///
/// # Errors
/// When it cannot be read or written; it is as it was then.
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
            // One that is not as long is not read, however large it is.
            if found.len() == text.len() as u64 && holds(&real, text)? {
                return Ok(false);
            }
            return publish(stage(&real, text, "a text")?).map(|()| true);
        }
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(failed("read", path, &error)),
    }
    publish(stage(path, text, "a text")?).map(|()| true)
}

fn holds(path: &Path, text: &str) -> Result<bool, Diagnostic> {
    let mut bytes = Vec::with_capacity(text.len());
    fs::File::open(path)
        .and_then(|file| file.take(text.len() as u64 + 1).read_to_end(&mut bytes))
        .map_err(|error| failed("read", path, &error))?;
    Ok(bytes == text.as_bytes())
}

/// Keeps a text in a file of its own among the temporary ones, for people to look at.
///
/// # Errors
/// The file cannot be made or written.
pub(crate) fn keep_text(text: &str) -> std::io::Result<PathBuf> {
    let mut builder = tempfile::Builder::new();
    // A new file under a name that nobody can guess: there is no link to follow.
    let mut file = builder.prefix("sdkgen-bug-").suffix(".rs").tempfile()?;
    file.write_all(text.as_bytes())?;
    file.flush()?;
    let (_, path) = file.keep().map_err(|kept| kept.error)?;
    Ok(path)
}

/// Refuses to write a file that is one of those that are read, under whatever name.
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
            let message = format!("{} is {}, which is read", out.display(), input.display());
            Err(Diagnostic::new(Code::Output, message)
                .help("nothing was written: give another file"))
        }
    }
}

/// Writes a file in full, beside its destination. `label` is what its temporary name is proved by.
pub(super) fn stage(destination: &Path, text: &str, label: &str) -> Result<Staged, Diagnostic> {
    let folder = destination.parent().unwrap_or(Path::new(""));
    let folder = match folder.as_os_str().is_empty() {
        true => Path::new("."),
        false => folder,
    };
    fs::create_dir_all(folder).map_err(|error| failed("create", folder, &error))?;
    let name = temporary_name(label);
    let mut builder = tempfile::Builder::new();
    // It fails rather than opens what is there.
    builder.prefix(&name).rand_bytes(0);
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

/// Puts a file in its place.
pub(super) fn publish(staged: Staged) -> Result<(), Diagnostic> {
    let Staged { file, destination } = staged;
    file.persist(&destination)
        .map(drop)
        .map_err(|error| failed("replace", &destination, &error.error))
}

/// The temporary files that a run that died left in a folder, and below it if `deep`. `label` is the
/// folder's path in the output folder.
///
/// Only regular files are meant whose names prove that sdkgen gave them in that folder.
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

/// Whether a file name is one that sdkgen gives to temporary files in the folder of that label.
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

/// What follows the number in the name: nobody calls a file of theirs so by chance.
fn proof(number: &str, label: &str) -> String {
    let mut proof = hash(format!("temporary file of sdkgen {number} {label}"));
    proof.truncate(DIGITS);
    proof
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_that_prove_themselves_are_temporary() {
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
    fn a_text_goes_where_a_link_leads_and_into_devices() {
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
