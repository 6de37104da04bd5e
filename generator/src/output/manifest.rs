//! The manifest of an output folder: what was rendered from what, with the hash of every file.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// A path inside the output folder: relative, separated by `/`, without `.` and `..`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RelativePath(String);

impl RelativePath {
    /// Validates a path.
    ///
    /// # Errors
    /// The path is absolute, could leave the folder, or has characters that some file system refuses.
    pub fn new(path: impl Into<String>) -> Result<Self, String> {
        let path = path.into();
        // Windows drops dots and spaces at the end of a name, so that `.. ` means `..`.
        let is_step = |step: &str| !step.is_empty() && !step.ends_with(['.', ' ']);
        let is_odd = |c: char| c.is_control() || matches!(c, '\\' | ':');
        if path.split('/').all(is_step) && !path.contains(is_odd) {
            Ok(Self(path))
        } else {
            Err(format!("{path:?} is not a relative path"))
        }
    }

    /// A path that needs no validation: a constant, or one that was found in the folder.
    pub(super) fn trusted(path: String) -> Self {
        Self(path)
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// The path of the file's folder; empty for the output folder.
    pub(super) fn folder(&self) -> &str {
        self.0.rsplit_once('/').map_or("", |(folder, _)| folder)
    }

    /// Whether the file is in the folder that holds only rendered code.
    pub(super) fn is_generated(&self) -> bool {
        let below = self.0.strip_prefix(super::GENERATED);
        below.is_some_and(|below| below.starts_with('/'))
    }

    /// Whether the file or one of its folders is hidden. `.gitignore` does not count, because it is
    /// rendered.
    pub(super) fn is_hidden(&self) -> bool {
        self.0 != ".gitignore" && self.0.split('/').any(|step| step.starts_with('.'))
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

/// What rendered files were made from, and their hashes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The generator and its version.
    pub generator: String,
    /// SHA-256 of the description.
    pub description: String,
    /// SHA-256 of the configuration; empty without one.
    pub configuration: String,
    /// The options of the job; `None` in manifests of versions that did not record them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub options: Option<Options>,
    /// SHA-256 of each file.
    pub files: BTreeMap<RelativePath, String>,
    /// SHA-256 of the contents that a run was about to write when it was killed. Empty after a
    /// complete run.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub pending: BTreeMap<RelativePath, BTreeSet<String>>,
}

impl Manifest {
    /// The files that a run wrote, or may have written before it was killed.
    pub(super) fn paths(&self) -> impl Iterator<Item = &RelativePath> {
        let more = self.pending.keys();
        let more = more.filter(|path| !self.files.contains_key(*path));
        self.files.keys().chain(more)
    }

    /// Whether a file's bytes are those that a run wrote; `None` if no run wrote this file.
    ///
    /// Line endings do not count, because version control may have converted them.
    pub(super) fn owns(&self, path: &RelativePath, bytes: &[u8]) -> Option<bool> {
        let (file, pending) = (self.files.get(path), self.pending.get(path));
        if file.is_none() && pending.is_none() {
            return None;
        }
        let is_known = |hash: String| {
            file.is_some_and(|known| *known == hash)
                || pending.is_some_and(|known| known.contains(&hash))
        };
        Some(is_known(hash(bytes)) || is_known(hash(without_returns(bytes))))
    }
}

/// Replaces `\r\n` with `\n`.
fn without_returns(bytes: &[u8]) -> Vec<u8> {
    let mut rest = bytes.iter().copied().peekable();
    let mut plain = Vec::with_capacity(bytes.len());
    while let Some(byte) = rest.next() {
        if byte != b'\r' || rest.peek() != Some(&b'\n') {
            plain.push(byte);
        }
    }
    plain
}

/// What rendered files depend on besides description and configuration.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Options {
    /// The layout: `crate`, `embedded` or `contract`.
    pub layout: String,
    /// The name of the crate.
    #[serde(rename = "crate")]
    pub crate_name: String,
    /// The selectors of included operations, without those of the configuration.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub include: Vec<String>,
    /// The selectors of excluded operations, without those of the configuration.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exclude: Vec<String>,
    /// The file names of the overlays. The hash of the description covers their content.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub overlays: Vec<String>,
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
        for path in [
            "", "/a", "../a", "a/../b", "a//b", "a\\b", "c:a", ".", ".. /a", ". ./a", "a/b.", "a\n",
        ] {
            assert!(RelativePath::new(path).is_err(), "{path}");
        }
    }

    #[test]
    fn manifests_of_earlier_versions_can_be_read() {
        let old = r#"{"generator": "g", "description": "d", "configuration": "", "files": {}}"#;
        let read: Manifest = serde_json::from_str(old).unwrap();
        assert_eq!((read.generator.as_str(), &read.options), ("g", &None));
        let with_options = Manifest {
            options: Some(Options {
                layout: "crate".to_owned(),
                include: vec!["tag:Users".to_owned(), "tag:\u{2068}".to_owned()],
                ..Options::default()
            }),
            ..read
        };
        let text = super::super::to_text(&with_options);
        assert!(!text.contains("exclude"), "{text}");
        assert!(text.contains(r#""tag:\u2068""#), "{text}");
        assert_eq!(
            serde_json::from_str::<Manifest>(&text).unwrap(),
            with_options
        );
    }
}
