//! Reads what callers see of a manifest: name, features, Rust version.

use std::collections::{BTreeMap, BTreeSet};

use toml::{Table, Value};

use super::Unreadable;

/// The parts of a manifest that callers see.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Package {
    /// The name of the crate; empty for code that goes into another crate.
    pub name: String,
    /// The minimum Rust version.
    pub rust_version: String,
    /// Its features, each with what it enables.
    pub features: BTreeMap<String, BTreeSet<String>>,
    /// The lines of the features, counted from 1.
    pub lines: BTreeMap<String, usize>,
}

impl Package {
    /// Reads a manifest.
    pub(super) fn read(text: &str) -> Result<Self, Unreadable> {
        let manifest: Table = text.parse().map_err(|error: toml::de::Error| Unreadable {
            file: "Cargo.toml".to_owned(),
            line: error.span().map_or(0, |span| line_at(text, span.start)),
            message: error.message().to_owned(),
        })?;
        let of_package = |key: &str| {
            let package = manifest.get("package").and_then(Value::as_table);
            let value = package.and_then(|package| package.get(key));
            value.and_then(Value::as_str).unwrap_or_default().to_owned()
        };
        let mut features = BTreeMap::new();
        let table = manifest.get("features").and_then(Value::as_table);
        for (name, enables) in table.into_iter().flatten() {
            let enables = enables.as_array().into_iter().flatten();
            let enables = enables.filter_map(Value::as_str).map(str::to_owned);
            features.insert(name.clone(), enables.collect());
        }
        let place = |name: &String| {
            let is_place = |line: &str| line.split('=').next().map(str::trim) == Some(name);
            Some((name.clone(), text.lines().position(is_place)? + 1))
        };
        Ok(Self {
            name: of_package("name"),
            rust_version: of_package("rust-version"),
            lines: features.keys().filter_map(place).collect(),
            features,
        })
    }

    /// The other features that each feature enables.
    pub(super) fn enabled_features(&self) -> BTreeMap<String, BTreeSet<String>> {
        let mut all = BTreeMap::new();
        for name in self.features.keys() {
            let mut brought = BTreeSet::new();
            let mut open = vec![name.as_str()];
            while let Some(next) = open.pop() {
                for feature in self.features.get(next).into_iter().flatten() {
                    // Entries with `dep:` or a slash are about other crates.
                    if self.features.contains_key(feature) && brought.insert(feature.clone()) {
                        open.push(feature);
                    }
                }
            }
            all.insert(name.clone(), brought);
        }
        all
    }
}

fn line_at(text: &str, offset: usize) -> usize {
    let before = text.bytes().take(offset);
    before.filter(|byte| *byte == b'\n').count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn features_enable_features() {
        let text = "[package]\nname = \"a\"\n[features]\ndefault = [\"all\"]\nall = [\"x\", \"dep:y\"]\nx = []\n";
        let package = Package::read(text).unwrap();
        assert_eq!((package.name.as_str(), package.lines["x"]), ("a", 6));
        let enabled = package.enabled_features();
        let default: Vec<&str> = enabled["default"].iter().map(String::as_str).collect();
        assert_eq!(default, ["all", "x"]);
        assert_eq!(Package::read("a = ").unwrap_err().line, 1);
    }
}
