//! What a folder of rendered files is made of.

use std::{
    collections::BTreeMap,
    fmt,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// A path inside the output folder: relative, with `/`, without `..`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RelativePath(String);

impl RelativePath {
    /// Checks a path.
    ///
    /// # Errors
    /// Why it cannot be one.
    pub fn new(path: impl Into<String>) -> Result<Self, String> {
        let path = path.into();
        let is_step = |step: &str| !matches!(step, "" | "." | "..");
        if path.split('/').all(is_step) && !path.contains(['\\', ':', '\0']) {
            Ok(Self(path))
        } else {
            Err(format!("{path:?} is no relative path"))
        }
    }

    /// The path of a file that was found in the folder.
    pub(super) fn trusted(path: String) -> Self {
        Self(path)
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    pub(super) fn under(&self, root: &Path) -> PathBuf {
        root.join(&self.0)
    }
}

impl fmt::Display for RelativePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for RelativePath {
    type Error = String;

    fn try_from(path: String) -> Result<Self, String> {
        Self::new(path)
    }
}

impl From<RelativePath> for String {
    fn from(path: RelativePath) -> Self {
        path.0
    }
}

/// What a tree was made from, and what it holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The generator and its version.
    pub generator: String,
    /// SHA-256 of the description.
    pub description: String,
    /// SHA-256 of the configuration; empty if there was none.
    pub configuration: String,
    /// SHA-256 of each file.
    pub files: BTreeMap<RelativePath, String>,
}

/// SHA-256 in hexadecimal.
pub fn hash(bytes: impl AsRef<[u8]>) -> String {
    use fmt::Write as _;
    let mut text = String::new();
    for byte in Sha256::digest(bytes) {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_that_leave_the_folder_are_refused() {
        for path in ["", "/a", "../a", "a/../b", "a//b", "a\\b", "c:a", "."] {
            assert!(RelativePath::new(path).is_err(), "{path}");
        }
    }
}
