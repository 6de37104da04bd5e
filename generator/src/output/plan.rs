//! What writing would do, and how what is there differs.

use std::fmt;

use super::RelativePath;
use crate::diagnostics::{Code, Diagnostic};

/// What writing would do to each file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// Files that are not there yet.
    pub create: Vec<RelativePath>,
    /// Files whose content differs.
    pub update: Vec<RelativePath>,
    /// Files that are no longer rendered and as an earlier run wrote them.
    pub delete: Vec<RelativePath>,
    /// Files that stay as they are.
    pub unchanged: usize,
    /// Those of `update` that somebody changed since they were written.
    pub edited: Vec<RelativePath>,
    /// Those of `update` that no earlier run has written.
    pub foreign: Vec<RelativePath>,
    /// Files that an earlier run wrote, that are no longer rendered and that somebody changed. They
    /// are not touched, and belong to that somebody from now on.
    pub kept: Vec<RelativePath>,
    /// Files among ours that no run has written. They are never touched.
    pub stray: Vec<RelativePath>,
}

impl Plan {
    /// Whether nothing would change.
    pub fn is_empty(&self) -> bool {
        self.create.is_empty() && self.update.is_empty() && self.delete.is_empty()
    }

    /// What there is to say of files that are not as sdkgen wrote them.
    pub fn warnings(&self) -> Vec<Diagnostic> {
        let kept = self.kept.iter().map(|path| {
            let message = format!(
                "{path} is no longer rendered and was edited since sdkgen wrote it: it stays"
            );
            Diagnostic::new(Code::Kept, message)
                .help("delete it if nothing of it is needed; sdkgen does not look at it again")
        });
        kept.collect()
    }
}

impl fmt::Display for Plan {
    /// A line that counts, after a line for each file that is not simply written.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for path in &self.edited {
            writeln!(f, "{path}: edited by hand since it was written, replaced")?;
        }
        for path in &self.foreign {
            writeln!(f, "{path}: not recorded as written by sdkgen, replaced")?;
        }
        for path in &self.kept {
            writeln!(f, "{path}: edited by hand and no longer rendered, kept")?;
        }
        let listed = [
            ("created", &self.create),
            ("updated", &self.update),
            ("deleted", &self.delete),
        ];
        for (what, paths) in listed {
            // A whole SDK is counted; a handful of files is worth naming.
            for path in paths.iter().filter(|_| paths.len() <= 20) {
                writeln!(f, "{path}: {what}")?;
            }
        }
        for path in &self.stray {
            writeln!(f, "{path}: not rendered by sdkgen, left alone")?;
        }
        write!(
            f,
            "{} created, {} updated, {} deleted, {} unchanged",
            self.create.len(),
            self.update.len(),
            self.delete.len(),
            self.unchanged
        )
    }
}

/// A file that is not what it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The file.
    pub path: RelativePath,
    /// What is the matter, in a few words.
    pub what: &'static str,
    /// From what is there to what should be, as a unified diff.
    pub diff: String,
}
