//! Checks that an edit of the description changes only the files of the edited items, and compares the
//! number of changed lines with the minimum.
//!
//! Each edit of a catalogue is made in memory; the renderings before and after it are compared with the
//! minimum that the catalogue declares for it.

mod edits;
mod measure;
mod minimum;
mod rendering;
mod tree;

pub use edits::{Edit, edits};
pub use measure::Measured;
pub use minimum::{Minimum, Part};
use sdkgen::measuring::surface::Surface;
pub use tree::Tree;

/// A description and its rendering, with which edits of it are compared.
#[derive(Debug)]
pub struct Bench {
    tree: Tree,
    rendering: rendering::Rendering,
    surface: Surface,
}

/// Makes all edits and prints what each one changes; `false` if one cannot be made, or changes
/// unrelated files.
pub fn run() -> bool {
    let bench = match Bench::users_api() {
        Ok(bench) => bench,
        Err(error) => {
            eprintln!("{error}");
            return false;
        }
    };
    println!("each figure is followed by its minimum; manifest and contract have none");
    println!(
        "{:<66} {:>9} {:>9} {:>6} {:>9} {:>8} {:>8}",
        "edit", "files", "lines", "ratio", "reference", "manifest", "contract"
    );
    let (mut made, mut worst, mut succeeded) = (0_usize, 1.0_f64, true);
    for edit in edits() {
        made += 1;
        match bench.measure(edit) {
            Ok(measured) => {
                println!("{}", row(edit.name, &measured));
                for violation in &measured.violations {
                    println!("    violation: {violation}");
                }
                succeeded &= measured.violations.is_empty();
                worst = worst.max(measured.ratio());
            }
            Err(error) => {
                println!("{:<66} failed: {error}", edit.name);
                succeeded = false;
            }
        }
    }
    println!("diff-locality: {made} edits, worst {worst:.2} times the minimum");
    succeeded
}

fn row(name: &str, measured: &Measured) -> String {
    let beside = |count: usize, least: usize| format!("{count}/{least}");
    format!(
        "{name:<66} {:>9} {:>9} {:>6.2} {:>9} {:>8} {:>8}",
        beside(measured.files, measured.least_files),
        beside(measured.lines, measured.least_lines),
        measured.ratio(),
        beside(measured.reference, measured.least_reference),
        measured.manifest,
        measured.contract
    )
}

impl Bench {
    /// The description of the Users API.
    ///
    /// # Errors
    /// When it cannot be read or rendered.
    pub fn users_api() -> Result<Self, String> {
        let folder = xtask::root().join("spec");
        let Some(tree) = sdkgen::measuring::tree(&folder.join("users-api.yaml")) else {
            return Err("spec/users-api.yaml cannot be read: cargo xtask regen --check".to_owned());
        };
        let config = std::fs::read_to_string(folder.join("sdkgen.toml"))
            .map_err(|error| format!("cannot read spec/sdkgen.toml: {error}"))?;
        Self::new(Tree::new(tree, config))
    }

    fn new(tree: Tree) -> Result<Self, String> {
        let rendering = rendering::render(&tree)?;
        let surface = rendering.surface()?;
        Ok(Self {
            tree,
            rendering,
            surface,
        })
    }

    /// Makes an edit and compares what it changes with the minimum.
    ///
    /// # Errors
    /// When there is nothing to edit, or the edited description cannot be rendered.
    pub fn measure(&self, edit: &Edit) -> Result<Measured, String> {
        let Some(prepare) = edit.prepare else {
            return self.apply(edit);
        };
        let mut tree = self.tree.clone();
        prepare(&mut tree).ok_or("the description has no place for what is edited")?;
        Self::new(tree)?.apply(edit)
    }

    fn apply(&self, edit: &Edit) -> Result<Measured, String> {
        let mut tree = self.tree.clone();
        let nothing = || "the description has nothing that this could edit".to_owned();
        let least = (edit.apply)(&mut tree).ok_or_else(nothing)?;
        // As text, because the order of members matters.
        let (before, after) = (self.tree.root.to_string(), tree.root.to_string());
        if before == after {
            return Err("the edit changes nothing of the description".to_owned());
        }
        let edited = rendering::render(&tree)?;
        measure::measure((&self.rendering, &self.surface), &edited, &least)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn edits_are_many_and_have_names_of_their_own() {
        let names: BTreeSet<&str> = edits().map(|edit| edit.name).collect();
        assert_eq!(names.len(), edits().count());
        assert!(names.len() >= 45, "{}", names.len());
    }
}
