//! One run at a time writes to a folder.
//!
//! The lock is the operating system's, on a file that names the process that holds it. The file goes
//! when the run ends. A run that is killed leaves the file and loses the lock, so that the next run
//! takes over both.

use std::{
    fs::{self, File, OpenOptions},
    io::{Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

use fs4::TryLockError;

use super::{failed, folder};
use crate::diagnostics::{Code, Diagnostic};

/// The name of the file, in the output folder.
const LOCK: &str = ".sdkgen-lock";
/// What the file says before the number of the process.
const HEAD: &str = "sdkgen, process ";

/// The right to write to a folder, until it is dropped.
#[derive(Debug)]
pub(super) struct Lock {
    path: PathBuf,
    /// The output folder, if it was made for the lock: it goes again if nothing was written.
    made: Option<PathBuf>,
    _file: File,
}

impl Lock {
    /// Takes the lock of a folder, which is made if it is not there.
    ///
    /// # Errors
    /// Another process writes to the folder, or it cannot be written to.
    pub(super) fn take(root: &Path) -> Result<Self, Diagnostic> {
        let made = (!root.exists()).then(|| root.to_owned());
        fs::create_dir_all(root).map_err(|error| failed("create", root, &error))?;
        let path = root.join(LOCK);
        // The one who held it may delete the file between our opening and locking it; so often in a
        // row that nobody can.
        for _ in 0..100 {
            if let Some(mut file) = open(&path)? {
                match fs4::FileExt::try_lock(&file) {
                    Err(TryLockError::WouldBlock) => return Err(taken(root, &mut file)),
                    // Some network file systems have no locks; a run there is no worse than without.
                    Err(TryLockError::Error(_)) => {}
                    Ok(()) if !is_at(&file, &path) => continue,
                    Ok(()) => {}
                }
                claim(&mut file, &path)?;
                let _file = file;
                return Ok(Self { path, made, _file });
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
    /// Whether a run holds the lock of a folder, or died with it.
    pub(super) fn is_there(root: &Path) -> bool {
        root.join(LOCK).is_file()
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Before the file is closed, which gives up the lock: nobody else can have it now.
        let _ = fs::remove_file(&self.path);
        // Refused by the system unless it is empty.
        let _ = self.made.as_ref().map(fs::remove_dir);
    }
}

/// Opens the file, or makes it; `None` if somebody was faster.
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

/// Writes our own number into a file that is ours to write.
fn claim(file: &mut File, path: &Path) -> Result<(), Diagnostic> {
    let found = text(file);
    if !HEAD.starts_with(&found) && !found.starts_with(HEAD) {
        let message = format!("{} is not a lock of sdkgen", path.display());
        return Err(Diagnostic::new(Code::Output, message)
            .help("sdkgen would use the name for a moment: move the file away"));
    }
    let write = |file: &mut File| {
        file.set_len(0)?;
        file.seek(SeekFrom::Start(0))?;
        writeln!(file, "{HEAD}{}", std::process::id())
    };
    write(file).map_err(|error| failed("write", path, &error))
}

fn taken(root: &Path, file: &mut File) -> Diagnostic {
    let found = text(file);
    let process = found.strip_prefix(HEAD).map(str::trim);
    let who = match process.filter(|own| own.bytes().all(|byte| byte.is_ascii_digit())) {
        Some(number) if !number.is_empty() => format!("another sdkgen (process {number})"),
        _ => "another sdkgen".to_owned(),
    };
    let message = format!("{who} is writing to {}", root.display());
    Diagnostic::new(Code::Output, message)
        .help("nothing was written: run again when the other process has ended")
}

/// The first bytes of the file, which is all a lock has. Where it is locked, some systems refuse.
fn text(file: &mut File) -> String {
    let mut bytes = Vec::new();
    let _ = file.take(64).read_to_end(&mut bytes);
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Whether the file is still the one at the path.
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
    fn one_at_a_time_and_nothing_is_left() {
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
    fn what_a_dead_run_left_is_taken_over() {
        let root = tempfile::tempdir().unwrap();
        for left in ["", "sdkgen, pro", "sdkgen, process 4194305\n"] {
            fs::write(root.path().join(LOCK), left).unwrap();
            drop(Lock::take(root.path()).unwrap());
            assert!(!root.path().join(LOCK).exists());
        }
    }

    #[test]
    fn a_file_of_that_name_that_is_no_lock_stays() {
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
    fn a_folder_that_was_made_for_the_lock_goes_with_it() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("new");
        drop(Lock::take(&folder).unwrap());
        assert!(!folder.exists());
    }
}
