//! Checks of the rendered code that do not depend on its meaning: size and determinism.

use std::{collections::BTreeMap, path::Path};

use sdkgen::output::RelativePath;

use super::{Project, code_below, shuffle, texts};

/// The size of rendered code.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Size {
    /// Rust files.
    pub files: usize,
    /// Their lines.
    pub lines: usize,
    /// Their bytes.
    pub bytes: usize,
}

impl Size {
    /// The size of the committed rendered code of an SDK.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub fn of_sdk(root: &Path) -> Result<Self, String> {
        let mut size = Self::default();
        for text in code_below(&root.join(super::GENERATED))?.values() {
            size.files += 1;
            size.lines += text.lines().count();
            size.bytes += text.len();
        }
        Ok(size)
    }
}

/// A repeated rendering with different bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Nondeterminism {
    /// How the repetition differed from the first rendering.
    pub how: &'static str,
    /// The files that differ.
    pub files: Vec<String>,
}

type Files = BTreeMap<RelativePath, String>;

impl Project {
    /// Renders again, and once more with every map of the description in another order.
    ///
    /// # Errors
    /// When the description cannot be rendered.
    pub fn determinism(&self) -> Result<Option<Nondeterminism>, String> {
        let first = self.render(None)?;
        let again = self.render(None)?;
        if let Some(nondeterminism) = nondeterminism("rendered a second time", &first, &again) {
            return Ok(Some(nondeterminism));
        }
        let shuffled = self.render(Some(1))?;
        Ok(nondeterminism(
            "rendered from shuffled maps",
            &first,
            &shuffled,
        ))
    }

    fn render(&self, seed: Option<u64>) -> Result<Files, String> {
        let job = crate::sdk_in(&self.root).job;
        let compilation = match seed {
            None => sdkgen::compile(&job),
            Some(seed) => self.compile_shuffled(seed)?,
        };
        let Some(compiled) = compilation.compiled else {
            return Err(texts(compilation.diagnostics, &self.root));
        };
        let rendered = sdkgen::render(&compiled);
        rendered
            .map(|rendered| rendered.files)
            .map_err(|bug| bug.to_string())
    }

    fn compile_shuffled(&self, seed: u64) -> Result<sdkgen::Compilation, String> {
        let path = self.root.join("spec/users-api.yaml");
        let Some(mut tree) = sdkgen::measuring::tree(&path) else {
            return Err(format!("{} cannot be read", path.display()));
        };
        shuffle(&mut tree, seed);
        let job = crate::sdk_in(&self.root).job.with_text(tree.to_string());
        Ok(sdkgen::compile(&job))
    }
}

fn nondeterminism(how: &'static str, first: &Files, other: &Files) -> Option<Nondeterminism> {
    let all = first.keys().chain(other.keys());
    let mut files: Vec<String> = all
        .filter(|path| first.get(*path) != other.get(*path))
        .map(ToString::to_string)
        .collect();
    files.sort();
    files.dedup();
    (!files.is_empty()).then_some(Nondeterminism { how, files })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_that_differ_or_are_missing_are_named_once() {
        let files = |list: &[(&str, &str)]| -> Files {
            let files = list.iter();
            files
                .map(|(path, text)| (RelativePath::new(*path).unwrap(), (*text).to_owned()))
                .collect()
        };
        let first = files(&[("a", "1"), ("b", "1"), ("c", "1")]);
        assert_eq!(nondeterminism("again", &first, &first), None);
        let other = files(&[("b", "2"), ("c", "1"), ("d", "1")]);
        let found = nondeterminism("again", &first, &other).unwrap();
        assert_eq!(found.files, ["a", "b", "d"]);
    }
}
