//! What writing would do, and how what is there differs.

use std::fmt;

use super::RelativePath;

/// What writing would do to each file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// Files that are not there yet.
    pub create: Vec<RelativePath>,
    /// Files whose content differs.
    pub update: Vec<RelativePath>,
    /// Files of an earlier run that are no longer rendered.
    pub delete: Vec<RelativePath>,
    /// Files that stay as they are.
    pub unchanged: usize,
    /// Those of `update` and `delete` that somebody changed since they were written.
    pub edited: Vec<RelativePath>,
    /// Files among ours that no run has written. They are never touched.
    pub stray: Vec<RelativePath>,
}

impl Plan {
    /// Whether nothing would change.
    pub fn is_empty(&self) -> bool {
        self.create.is_empty() && self.update.is_empty() && self.delete.is_empty()
    }
}

impl fmt::Display for Plan {
    /// A line that counts, after a line for each file that is not simply written.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for path in &self.edited {
            writeln!(f, "{path}: edited by hand since it was written, replaced")?;
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
