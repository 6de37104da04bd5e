//! Lets only one run at a time write to a folder.
//!
//! The operating system locks a file that names the process which holds the lock. The run deletes the
//! file when it ends. A run that is killed leaves the file behind but loses the lock, so that the next
//! run can take both over.

use std::{
    fs::{self, File, OpenOptions},
    io::{Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

use fs4::TryLockError;

use super::{failed, folder};
use crate::diagnostics::{Code, Diagnostic};

/// Name of the lock file in the output folder.
const LOCK: &str = ".sdkgen-lock";
/// Content of the lock file before the process ID.
const HEAD: &str = "sdkgen, process ";

/// The right to write to a folder, until it is dropped.
#[derive(Debug)]
pub(super) struct Lock {
    path: PathBuf,
    file: File,
    /// The folders that were created for the lock. They are deleted again if they stay empty.
    _created: folder::Created,
}

impl Lock {
    /// Takes the lock of a folder, which is created if it does not exist.
    ///
    /// # Errors
    /// Another process holds the lock, or the folder is not writable.
    pub(super) fn take(root: &Path) -> Result<Self, Diagnostic> {
        let created = folder::create(root)?;
        let path = root.join(LOCK);
        // The previous holder may delete the file after this process opened it and before it locked
        // it; then the lock is on a deleted file, and is tried again.
        for _ in 0..100 {
            if let Some(mut file) = open(&path)? {
                match fs4::FileExt::try_lock(&file) {
                    Err(TryLockError::WouldBlock) => return Err(already_locked(root, &mut file)),
                    // Some network file systems have no locks; the run goes on without one.
                    Err(TryLockError::Error(_)) => {}
                    Ok(()) if !is_at(&file, &path) => continue,
                    Ok(()) => {}
                }
                refuse_foreign(&mut file, &path)?;
                let mut lock = Self {
                    path,
                    file,
                    _created: created,
                };
                // If this fails, the lock is dropped, and its file deleted.
                lock.claim()?;
                return Ok(lock);
            }
        }
        Err(failed(
            "lock",
            root,
            &"another process keeps replacing the lock",
        ))
    }
}

impl Lock {
    /// Writes the ID of this process into the lock file.
    fn claim(&mut self) -> Result<(), Diagnostic> {
        let write = |file: &mut File| {
            file.set_len(0)?;
            file.seek(SeekFrom::Start(0))?;
            writeln!(file, "{HEAD}{}", std::process::id())
        };
        write(&mut self.file).map_err(|error| failed("write", &self.path, &error))
    }

    /// Whether a folder has a lock file, of a run that is active or was killed.
    pub(super) fn exists(root: &Path) -> bool {
        root.join(LOCK).is_file()
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // While the file is open this process holds the lock, so that the file is its own.
        let _ = fs::remove_file(&self.path);
    }
}

/// Opens or creates the file; `None` if another process created or deleted it in between.
fn open(path: &Path) -> Result<Option<File>, Diagnostic> {
    let mut options = OpenOptions::new();
    options.read(true).write(true);
    let opened = match fs::symlink_metadata(path) {
        Ok(metadata) if !metadata.is_file() => {
            let found = folder::describe(metadata.file_type());
            return Err(folder::not_a("file", path, found));
        }
        Ok(_) => options.open(path),
        Err(_) => options.create_new(true).open(path),
    };
    match opened {
        Ok(file) => Ok(Some(file)),
        Err(error) => match error.kind() {
            std::io::ErrorKind::AlreadyExists | std::io::ErrorKind::NotFound => Ok(None),
            _ => Err(failed("create", path, &error)),
        },
    }
}

/// Refuses a file that is not a lock file of sdkgen.
fn refuse_foreign(file: &mut File, path: &Path) -> Result<(), Diagnostic> {
    let found = text(file);
    if HEAD.starts_with(&found) || found.starts_with(HEAD) {
        return Ok(());
    }
    let message = format!("{} is not a lock file of sdkgen", path.display());
    Err(Diagnostic::new(Code::Output, message)
        .help("sdkgen needs this name for its lock file: move the file away"))
}

fn already_locked(root: &Path, file: &mut File) -> Diagnostic {
    let found = text(file);
    let process = found.strip_prefix(HEAD).map(str::trim);
    let who = match process.filter(|own| own.bytes().all(|byte| byte.is_ascii_digit())) {
        Some(number) if !number.is_empty() => format!("another sdkgen (process {number})"),
        _ => "another sdkgen".to_owned(),
    };
    let message = format!("{who} is writing to {}", root.display());
    Diagnostic::new(Code::Output, message)
        .help("nothing was written: run again after the other process has ended")
}

/// Reads the start of the file; a lock file has no more. Returns an empty text on systems that refuse
/// to read a locked file.
fn text(file: &mut File) -> String {
    let mut bytes = Vec::new();
    let _ = file.take(64).read_to_end(&mut bytes);
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Whether an open file is still the file that the path names.
fn is_at(file: &File, path: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        match (file.metadata(), fs::symlink_metadata(path)) {
            (Ok(own), Ok(there)) => own.dev() == there.dev() && own.ino() == there.ino(),
            _ => false,
        }
    }
    #[cfg(not(unix))]
    {
        let _ = file;
        path.exists()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_process_at_a_time_and_no_file_is_left() {
        let root = tempfile::tempdir().unwrap();
        let lock = Lock::take(root.path()).unwrap();
        let refused = Lock::take(root.path()).unwrap_err();
        let process = format!("(process {})", std::process::id());
        assert!(refused.message.contains(&process), "{refused}");
        drop(lock);
        assert_eq!(fs::read_dir(root.path()).unwrap().count(), 0);
        drop(Lock::take(root.path()).unwrap());
    }

    #[test]
    fn the_lock_of_a_killed_run_is_taken_over() {
        let root = tempfile::tempdir().unwrap();
        for left in ["", "sdkgen, pro", "sdkgen, process 4194305\n"] {
            fs::write(root.path().join(LOCK), left).unwrap();
            drop(Lock::take(root.path()).unwrap());
            assert!(!root.path().join(LOCK).exists());
        }
    }

    #[test]
    fn a_file_of_that_name_that_is_not_a_lock_is_kept() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join(LOCK);
        fs::write(&path, "notes\n").unwrap();
        assert!(Lock::take(root.path()).is_err());
        assert_eq!(fs::read_to_string(&path).unwrap(), "notes\n");
        fs::remove_file(&path).unwrap();
        fs::create_dir(&path).unwrap();
        assert!(Lock::take(root.path()).is_err());
    }

    #[test]
    fn folders_that_were_created_for_the_lock_are_deleted_with_it() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("new/newer");
        drop(Lock::take(&folder).unwrap());
        assert_eq!(fs::read_dir(root.path()).unwrap().count(), 0);
    }
}
