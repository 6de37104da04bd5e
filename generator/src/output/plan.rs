//! The plan of a write, and the differences that a check finds.

use std::fmt;

use super::RelativePath;
use crate::diagnostics::{Code, Diagnostic};

/// What [`Output::write`](super::Output::write) does with each file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// Files that do not exist yet.
    pub create: Vec<RelativePath>,
    /// Files whose content differs.
    pub update: Vec<RelativePath>,
    /// Files that are no longer rendered and were not edited.
    pub delete: Vec<RelativePath>,
    /// Number of files whose content is the same.
    pub unchanged: usize,
    /// Files of `update` that were edited after sdkgen wrote them.
    pub edited: Vec<RelativePath>,
    /// Files of `update` that no manifest records.
    pub foreign: Vec<RelativePath>,
    /// Files that an earlier run wrote, that are no longer rendered and that were edited. They are
    /// not touched, and the new manifest no longer lists them.
    pub kept: Vec<RelativePath>,
    /// Files in the folder of rendered code that no manifest records. They are never touched.
    pub stray: Vec<RelativePath>,
}

impl Plan {
    /// Whether no file changes.
    pub fn is_empty(&self) -> bool {
        self.create.is_empty() && self.update.is_empty() && self.delete.is_empty()
    }

    /// Warnings about edited files that are no longer rendered.
    pub fn warnings(&self) -> Vec<Diagnostic> {
        let kept = self.kept.iter().map(|path| {
            let message = format!(
                "{path} is no longer rendered, but was edited after sdkgen wrote it, so it is kept"
            );
            Diagnostic::new(Code::Kept, message)
                .help("delete it if you do not need it; sdkgen no longer tracks it")
        });
        kept.collect()
    }
}

impl fmt::Display for Plan {
    /// One line for each file that needs attention or is worth naming, then a line of totals.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for path in &self.edited {
            writeln!(f, "{path}: edited by hand, replaced")?;
        }
        for path in &self.foreign {
            writeln!(f, "{path}: not in the manifest, replaced")?;
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
            // Long lists are only counted.
            for path in paths.iter().filter(|_| paths.len() <= 20) {
                writeln!(f, "{path}: {what}")?;
            }
        }
        for path in &self.stray {
            writeln!(f, "{path}: not rendered by sdkgen, ignored")?;
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

/// A file that differs from what is rendered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The file.
    pub path: RelativePath,
    /// What is wrong with it, in a few words.
    pub what: &'static str,
    /// A unified diff from the file to what is rendered.
    pub diff: String,
}
