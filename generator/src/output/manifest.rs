//! What a folder of rendered files is made of.

use std::{
    collections::{BTreeMap, BTreeSet},
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
        // Windows drops dots and blanks at the end of a name, so that `.. ` is `..`.
        let is_step = |step: &str| !step.is_empty() && !step.ends_with(['.', ' ']);
        let is_odd = |c: char| c.is_control() || matches!(c, '\\' | ':');
        if path.split('/').all(is_step) && !path.contains(is_odd) {
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

    /// The folder that holds the file, as a path of its own; empty for the output folder.
    pub(super) fn folder(&self) -> &str {
        self.0.rsplit_once('/').map_or("", |(folder, _)| folder)
    }

    /// Whether it is in the folder for rendered code alone.
    pub(super) fn is_generated(&self) -> bool {
        let below = self.0.strip_prefix(super::GENERATED);
        below.is_some_and(|below| below.starts_with('/'))
    }

    /// Whether it, or a folder on the way to it, has a name under which tools keep files of their own.
    /// One such file is rendered.
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

/// What a tree was made from, and what it holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The generator and its version.
    pub generator: String,
    /// SHA-256 of the description.
    pub description: String,
    /// SHA-256 of the configuration; empty if there was none.
    pub configuration: String,
    /// What was asked for besides; `None` in manifests of versions that did not record it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub options: Option<Options>,
    /// SHA-256 of each file.
    pub files: BTreeMap<RelativePath, String>,
    /// SHA-256 of what was about to be written to files when the run that wrote them died. Empty
    /// unless one did.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub pending: BTreeMap<RelativePath, BTreeSet<String>>,
}

impl Manifest {
    /// The files that are there, or may be after a run that died, in order.
    pub(super) fn paths(&self) -> impl Iterator<Item = &RelativePath> {
        let more = self.pending.keys();
        let more = more.filter(|path| !self.files.contains_key(*path));
        self.files.keys().chain(more)
    }

    /// Whether bytes are what a run wrote to a file; `None` if none wrote to it.
    ///
    /// Version control may have turned the ends of lines into those of Windows.
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

/// The bytes with `\n` in place of `\r\n`.
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

/// What a tree depends on besides description and configuration.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Options {
    /// What was rendered: `crate`, `embedded` or `contract`.
    pub layout: String,
    /// The name of the crate.
    #[serde(rename = "crate")]
    pub crate_name: String,
    /// The selectors of operations that were given beside the configuration.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub include: Vec<String>,
    /// Those of operations that were left out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exclude: Vec<String>,
    /// The names of the overlays, without their folders; the hash of the description covers them.
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
    fn manifests_of_before_can_be_read() {
        let old = r#"{"generator": "g", "description": "d", "configuration": "", "files": {}}"#;
        let read: Manifest = serde_json::from_str(old).unwrap();
        assert_eq!((read.generator.as_str(), &read.options), ("g", &None));
        let with_options = Manifest {
            options: Some(Options {
                layout: "crate".to_owned(),
                include: vec!["tag:Users".to_owned()],
                ..Options::default()
            }),
            ..read
        };
        let text = serde_json::to_string(&with_options).unwrap();
        assert!(!text.contains("exclude"), "{text}");
        assert_eq!(
            serde_json::from_str::<Manifest>(&text).unwrap(),
            with_options
        );
    }
}
