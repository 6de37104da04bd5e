//! Work folders that do not outlive a run.

use std::{fs, path::PathBuf};

/// Folders that are removed when this is dropped, however the run ends.
pub(crate) struct Scratch {
    folders: Vec<PathBuf>,
}

impl Scratch {
    /// Removes what a run that was killed left in the folders, and everything in them in the end.
    pub(crate) fn new(folders: Vec<PathBuf>) -> Self {
        let scratch = Self { folders };
        scratch.remove();
        scratch
    }

    fn remove(&self) {
        for folder in &self.folders {
            // The folder is usually missing at first. What cannot be removed is only in the way.
            let _ = fs::remove_dir_all(folder);
        }
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        self.remove();
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
mod tests {
    use super::*;

    #[test]
    fn folders_are_removed_before_a_run_and_after_one_that_panics() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("work");
        let fill = || {
            fs::create_dir_all(folder.join("0/logs")).unwrap();
            fs::write(folder.join("0/spec.yaml"), "openapi: 3.0.3\n").unwrap();
        };
        fill();
        let run = std::panic::catch_unwind(|| {
            let _scratch = Scratch::new(vec![folder.clone()]);
            let was_empty = !folder.exists();
            fill();
            assert!(!was_empty, "the run fails");
        });
        assert!(run.is_err() && !folder.exists());
        assert!(root.path().exists());
    }
}
