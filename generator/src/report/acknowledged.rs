//! Reads acknowledgements: changes that were reviewed and accepted, in a file that is checked in.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use serde::Deserialize;

use super::Entry;
use crate::diagnostics::{Code, Diagnostic};

/// The acknowledged changes, by fingerprint.
///
/// ```toml
/// [[acknowledged]]
/// fingerprint = "0123456789ab"
/// reason = "Nobody has sent it since 2024."
/// ```
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Acknowledgements {
    #[serde(default)]
    acknowledged: Vec<Acknowledged>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Acknowledged {
    fingerprint: String,
    reason: String,
}

impl Acknowledgements {
    /// Reads a file. A missing file acknowledges nothing.
    ///
    /// # Errors
    /// A file that cannot be read or parsed, or an entry without a reason.
    pub fn load(path: &Path) -> Result<Self, Diagnostic> {
        let text = match crate::document::read_text(path, true) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Ok(Self::default());
            }
            Err(error) => return Err(misread(path, None, &error.to_string(), Code::FileNotRead)),
        };
        Self::parse(path, &text)
    }

    fn parse(path: &Path, text: &str) -> Result<Self, Diagnostic> {
        let read: Self = toml::from_str(text).map_err(|error| {
            let before = error.span().and_then(|span| text.get(..span.start));
            let line = before.map(|before| before.matches('\n').count() + 1);
            misread(path, line, error.message(), Code::ConfigSyntax)
        })?;
        let mut known = BTreeSet::new();
        for Acknowledged {
            fingerprint,
            reason,
        } in &read.acknowledged
        {
            let problem = if reason.trim().is_empty() {
                "without a reason"
            } else if !known.insert(fingerprint) {
                "twice"
            } else {
                continue;
            };
            let message = format!("`{fingerprint}` is acknowledged {problem}");
            return Err(misread(path, None, &message, Code::ConfigSyntax));
        }
        Ok(read)
    }

    /// Marks the acknowledged entries. Returns the fingerprints that no entry has.
    pub(super) fn apply(&self, entries: &mut [Entry]) -> Vec<String> {
        let mut left: BTreeMap<&str, (&str, bool)> = BTreeMap::new();
        for one in &self.acknowledged {
            left.insert(&one.fingerprint, (&one.reason, false));
        }
        for entry in entries {
            if let Some((reason, is_used)) = left.get_mut(entry.fingerprint.as_str()) {
                entry.acknowledged = Some((*reason).to_owned());
                *is_used = true;
            }
        }
        let stale = left.into_iter().filter(|(_, (_, is_used))| !is_used);
        stale
            .map(|(fingerprint, _)| fingerprint.to_owned())
            .collect()
    }
}

fn misread(path: &Path, line: Option<usize>, message: &str, code: Code) -> Diagnostic {
    let diagnostic = Diagnostic::new(code, message)
        .in_file(path.display().to_string())
        .help("list `[[acknowledged]]` entries, each with a `fingerprint` and a `reason`");
    match line {
        Some(line) => diagnostic.at_line(line, 1),
        None => diagnostic,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_has_a_reason() {
        let read = |text: &str| Acknowledgements::parse(Path::new("a.toml"), text);
        let good = "[[acknowledged]]\nfingerprint = 'ab'\nreason = 'Unused.'\n";
        assert_eq!(read(good).unwrap().acknowledged.len(), 1);
        assert!(read("").unwrap().acknowledged.is_empty());
        for (bad, said) in [
            (
                "[[acknowledged]]\nfingerprint = 'ab'\nreason = ' '\n",
                "without a reason",
            ),
            (
                "[[acknowledged]]\nfingerprint = 'ab'\nreason = 'A.'\n[[acknowledged]]\nfingerprint = 'ab'\nreason = 'B.'\n",
                "twice",
            ),
            ("[[acknowledged]]\nfingerprint = 'ab'\n", "missing field"),
            ("[[acknowledge]]\n", "unknown field"),
        ] {
            let error = read(bad).unwrap_err().to_string();
            assert!(error.contains(said) && error.contains("a.toml"), "{error}");
        }
        let second = "[[acknowledged]]\nfingerprint = 1\nreason = 'A.'\n";
        let error = read(second).unwrap_err();
        assert_eq!(error.place.and_then(|place| place.line), Some(2));
    }
}
