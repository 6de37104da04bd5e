//! Names as callers write them.

use super::Builder;
use crate::surface::{
    modules::Target,
    read::What,
    text::{Text, join, words},
};

/// The most aliases within each other that are seen through.
const DEEPEST_ALIAS: usize = 16;

/// What callers know by these names wherever it comes from.
const PRELUDE: &[&str] = &[
    "AsRef",
    "Box",
    "Clone",
    "Copy",
    "Debug",
    "Default",
    "Deserialize",
    "Display",
    "Drop",
    "Eq",
    "Error",
    "Fn",
    "FnMut",
    "FnOnce",
    "From",
    "FromStr",
    "Future",
    "Hash",
    "Into",
    "IntoIterator",
    "Iterator",
    "Option",
    "Ord",
    "PartialEq",
    "PartialOrd",
    "Send",
    "Serialize",
    "String",
    "Sync",
    "ToString",
    "TryFrom",
    "TryInto",
    "Unpin",
    "Vec",
];
impl Builder<'_> {
    pub(super) fn trait_name(&self, module: usize, path: &Text) -> String {
        self.text(module, path)
    }

    pub(super) fn text(&self, module: usize, text: &Text) -> String {
        join(&self.words(module, text))
    }

    pub(super) fn words(&self, module: usize, text: &Text) -> Vec<String> {
        words(text, |path| self.path(module, path, 0))
    }

    /// A path as callers write it.
    fn path(&self, module: usize, path: &[String], depth: usize) -> Vec<String> {
        let (id, rest) = match self.tree.resolve(module, path) {
            Target::Declaration(id, rest) => (id, rest),
            Target::Module(id) => {
                let paths = self
                    .exports
                    .modules
                    .get(&id)
                    .and_then(|paths| paths.first());
                return vec![paths.map_or_else(
                    || self.tree.modules[id].name.clone(),
                    |(path, _)| path.clone(),
                )];
            }
            Target::Absent(path) => return vec![short(&path)],
            Target::Foreign(path) => return vec![plain(&path)],
        };
        let declaration = &self.tree.declarations[id];
        if let Some((found, _)) = self.exports.paths.get(&id).and_then(|paths| paths.first()) {
            let steps = std::iter::once(found).chain(&rest);
            return vec![steps.map(String::as_str).collect::<Vec<_>>().join("::")];
        }
        match &declaration.entry.what {
            // Callers see what it stands for.
            What::Alias {
                parameters, target, ..
            } if parameters.is_empty() && rest.is_empty() && depth < DEEPEST_ALIAS => {
                words(target, |path| {
                    self.path(declaration.module, path, depth + 1)
                })
            }
            _ => {
                let steps = std::iter::once(&declaration.entry.name).chain(&rest);
                vec![steps.map(String::as_str).collect::<Vec<_>>().join("::")]
            }
        }
    }
}

/// The name of something of this crate whose file is not there: from the type on, or the last step.
pub(super) fn short(path: &[String]) -> String {
    let is_type = |step: &String| step.starts_with(char::is_uppercase);
    let start = path
        .iter()
        .position(is_type)
        .unwrap_or(path.len().saturating_sub(1));
    path[start..].join("::")
}

/// The path of something of another crate, in the shortest form that everyone knows.
pub(super) fn plain(path: &[String]) -> String {
    match path {
        [root, .., last]
            if matches!(root.as_str(), "std" | "core" | "alloc" | "serde")
                && PRELUDE.contains(&last.as_str()) =>
        {
            last.clone()
        }
        path => path.join("::"),
    }
}
