//! Compares the output folder with the rendered files, for `--check`.

use super::{
    Difference, MANIFEST, Output, RelativePath,
    folder::{Found, look},
    to_text,
};
use crate::diagnostics::{Diagnostic, printable::escaped_lines};

/// Maximum size of a file that is compared line by line.
const LARGEST: usize = 8 << 20;

impl Output<'_> {
    /// Compares the folder with the rendered files byte by byte.
    ///
    /// # Errors
    /// A file exists but cannot be read.
    pub fn check(&self) -> Result<Vec<Difference>, Diagnostic> {
        let plan = self.plan()?;
        let mut differences = Vec::new();
        let mut differ = |path: &RelativePath, what, wanted: &str| {
            let diff = match look(&path.under(self.root)) {
                Ok(Found::File(found)) => diff(path, &found, wanted),
                Ok(Found::Nothing) => diff(path, b"", wanted),
                Ok(Found::Other(found)) => format!("{path} is {found}\n"),
                Err(error) => format!("{}\n", error.message),
            };
            let path = path.clone();
            differences.push(Difference { path, what, diff });
        };
        for path in &plan.create {
            differ(path, "missing", &self.files[path]);
        }
        for path in &plan.update {
            let what = if plan.edited.contains(path) {
                "edited by hand"
            } else {
                "out of date"
            };
            differ(path, what, &self.files[path]);
        }
        for path in &plan.delete {
            differ(path, "stale", "");
        }
        for path in &plan.kept {
            differ(
                path,
                "stale and edited by hand: move it elsewhere or delete it",
                "",
            );
        }
        for path in &plan.stray {
            differ(
                path,
                "not rendered by sdkgen: move it elsewhere or delete it",
                "",
            );
        }
        if differences.is_empty() && self.known != self.manifest {
            let path = RelativePath::trusted(MANIFEST.to_owned());
            let (found, wanted) = (to_text(&self.known), to_text(&self.manifest));
            let diff = similar::TextDiff::from_lines(&found, &wanted)
                .unified_diff()
                .to_string();
            differences.push(Difference {
                path,
                what: "out of date",
                diff,
            });
        }
        Ok(differences)
    }
}

/// Returns a unified diff, or a sentence if the file is too large or not UTF-8.
fn diff(path: &RelativePath, found: &[u8], wanted: &str) -> String {
    if found.len() > LARGEST {
        return format!("{path} has {} bytes\n", found.len());
    }
    let Ok(found) = std::str::from_utf8(found) else {
        let at = found
            .iter()
            .zip(wanted.as_bytes())
            .position(|(found, wanted)| found != wanted);
        let at = at.unwrap_or(found.len().min(wanted.len()));
        return format!("{path} is not UTF-8; the first difference is at byte {at}\n");
    };
    let diff = similar::TextDiff::from_lines(found, wanted)
        .unified_diff()
        .header(
            &format!("{path} (in the folder)"),
            &format!("{path} (rendered)"),
        )
        .to_string();
    escaped_lines(&diff).into_owned()
}
