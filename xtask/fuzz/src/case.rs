//! A case: the complete input of one run, as trees and as files.

use std::{
    fs,
    path::{Path, PathBuf},
};

use fastrand::Rng;
use serde_json::Value;

use crate::{lines, mutate::mutate, settings, tree};

/// A document to mutate.
#[derive(Clone, Debug)]
pub struct Base {
    /// Its path, below the folder it was found in.
    pub name: String,
    /// The document.
    pub spec: Value,
    /// Its configuration.
    pub config: Option<Value>,
}

impl Base {
    /// Reads a document and its optional configuration: the TOML file of the same name, or the
    /// `sdkgen.toml` beside it.
    ///
    /// # Errors
    /// When a file cannot be read or parsed.
    pub fn read(path: &Path) -> Result<Self, String> {
        let fail = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
        let text = fs::read_to_string(path).map_err(|error| fail(&error))?;
        let spec = match text.trim_start().starts_with('{') {
            true => serde_json::from_str(&text).map_err(|error| fail(&error))?,
            false => serde_yaml::from_str(&text).map_err(|error| fail(&error))?,
        };
        let beside = [
            path.with_extension("toml"),
            path.with_file_name("sdkgen.toml"),
        ];
        let config = match beside.iter().find_map(|path| fs::read_to_string(path).ok()) {
            Some(text) => Some(toml::from_str(&text).map_err(|error| fail(&error))?),
            None => None,
        };
        Ok(Self {
            name: path.display().to_string(),
            spec,
            config,
        })
    }
}

/// How a document is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Syntax {
    /// YAML, block style.
    Yaml,
    /// JSON with unescaped characters.
    Json,
    /// JSON with all other characters than ASCII escaped.
    Ascii,
}

/// The steps that make a case from a base. Each has its own seed, so that leaving one out does not
/// change the others.
#[derive(Clone, Debug)]
pub struct Recipe {
    /// The index of the base.
    pub base: usize,
    /// One mutation for each seed.
    pub mutations: Vec<u64>,
    /// One change of the configuration for each seed.
    pub settings: Vec<u64>,
    /// Seed of the overlay, if there is one.
    pub overlay: Option<u64>,
    /// Seed of the selector, if there is one.
    pub selector: Option<u64>,
    /// How the document is written.
    pub syntax: Syntax,
    /// Seed of edits of the written text.
    pub edits: Option<u64>,
    /// Random bits that choose the steps and whether the crate is compiled.
    pub draws: u64,
}

impl Recipe {
    /// The recipe of a run.
    pub fn new(seed: u64, run: u64, bases: usize) -> Self {
        // Neighbouring seeds and runs must be independent.
        let mut rng =
            Rng::with_seed(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ run.rotate_left(32));
        let mut rng = Rng::with_seed(rng.u64(..) ^ run);
        let many = |rng: &mut Rng, count: usize| (0..count).map(|_| rng.u64(..)).collect();
        // Most mutants should still render.
        let count = match rng.u8(0..10) {
            0..=5 => rng.usize(1..=4),
            6..=8 => rng.usize(4..=12),
            _ => rng.usize(12..=60),
        };
        let settings = if rng.u8(0..5) == 0 {
            rng.usize(1..=3)
        } else {
            0
        };
        Self {
            base: rng.usize(0..bases.max(1)),
            mutations: many(&mut rng, count),
            settings: many(&mut rng, settings),
            overlay: (rng.u8(0..6) == 0).then(|| rng.u64(..)),
            selector: (rng.u8(0..8) == 0).then(|| rng.u64(..)),
            syntax: rng
                .choice([Syntax::Yaml, Syntax::Json, Syntax::Ascii])
                .unwrap_or(Syntax::Yaml),
            edits: (rng.u8(0..8) == 0).then(|| rng.u64(..)),
            draws: rng.u64(..),
        }
    }

    /// Makes the case.
    pub fn make(&self, base: &Base) -> Case {
        let mut spec = base.spec.clone();
        for seed in &self.mutations {
            mutate(&mut spec, &mut Rng::with_seed(*seed));
        }
        let mut config = base.config.clone();
        for seed in &self.settings {
            config = Some(settings::configure(
                config,
                &spec,
                &mut Rng::with_seed(*seed),
            ));
        }
        let draw = |seed: Option<u64>| seed.map(Rng::with_seed);
        let overlay = draw(self.overlay).map(|mut rng| settings::overlay(&spec, &mut rng));
        let include = draw(self.selector).map(|mut rng| {
            let ids: Vec<String> = tree::with_role(&spec, tree::Role::Operation)
                .iter()
                .filter_map(|path| tree::get(&spec, path)?.get("operationId")?.as_str())
                .map(str::to_owned)
                .collect();
            // Arguments of programs cannot contain this character.
            settings::selector(&ids, &mut rng).replace('\0', "")
        });
        let mut case = Case {
            spec,
            syntax: self.syntax,
            text: None,
            config,
            overlay,
            include,
        };
        if let Some(mut rng) = draw(self.edits) {
            case.text = Some(lines::edit(&case.text(), case.syntax, &mut rng));
        }
        case
    }
}

/// The input of sdkgen.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    /// The document.
    pub spec: Value,
    /// How it is written.
    pub syntax: Syntax,
    /// Written in place of the tree, for what a tree cannot express: anchors, repeated keys.
    pub text: Option<Vec<u8>>,
    /// The configuration.
    pub config: Option<Value>,
    /// An overlay.
    pub overlay: Option<Value>,
    /// A selector.
    pub include: Option<String>,
}

impl Case {
    /// The text of the document.
    pub fn text(&self) -> Vec<u8> {
        match &self.text {
            Some(text) => text.clone(),
            None => write(&self.spec, self.syntax).into_bytes(),
        }
    }

    /// The name of the document's file.
    pub fn file(&self) -> &'static str {
        match self.syntax {
            Syntax::Yaml => "spec.yaml",
            Syntax::Json | Syntax::Ascii => "spec.json",
        }
    }

    /// Writes the files of the case into an empty folder.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn write(&self, folder: &Path) -> std::io::Result<()> {
        for (name, text) in self.files() {
            fs::write(folder.join(name), text)?;
        }
        Ok(())
    }

    /// The files of the case.
    pub fn files(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let mut files = vec![(self.file().into(), self.text())];
        if let Some(config) = &self.config {
            let mut config = config.clone();
            drop_nulls(&mut config);
            let text = toml::to_string(&config).unwrap_or_else(|error| format!("# {error}\n"));
            files.push(("sdkgen.toml".into(), text.into_bytes()));
        }
        if let Some(overlay) = &self.overlay {
            files.push((
                "overlay.json".into(),
                write(overlay, Syntax::Ascii).into_bytes(),
            ));
        }
        files
    }

    /// The options that name the files and the selector, for the commands that take them.
    pub fn options(&self) -> Vec<String> {
        let mut options = Vec::new();
        if self.config.is_some() {
            options.push("--config=sdkgen.toml".to_owned());
        }
        if self.overlay.is_some() {
            options.push("--overlay=overlay.json".to_owned());
        }
        if let Some(include) = &self.include {
            options.push(format!("--include={include}"));
        }
        options
    }

    /// Its size in bytes, which shrinking reduces.
    pub fn size(&self) -> usize {
        let parts = self.files().into_iter().map(|(_, text)| text.len() + 1);
        parts.sum::<usize>() + self.include.as_ref().map_or(0, |include| include.len() + 1)
    }
}

/// TOML has no null.
fn drop_nulls(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.retain(|_, member| !member.is_null());
            members.values_mut().for_each(drop_nulls);
        }
        Value::Array(items) => {
            items.retain(|item| !item.is_null());
            items.iter_mut().for_each(drop_nulls);
        }
        _ => {}
    }
}

/// The text of a tree.
pub fn write(value: &Value, syntax: Syntax) -> String {
    match syntax {
        Syntax::Yaml => serde_yaml::to_string(value).unwrap_or_default(),
        Syntax::Json => format!("{value:#}\n"),
        Syntax::Ascii => {
            let mut text = String::new();
            for one in format!("{value:#}\n").chars() {
                match one {
                    ' '..='~' | '\n' => text.push(one),
                    other => {
                        let mut units = [0; 2];
                        for unit in other.encode_utf16(&mut units) {
                            text.push_str(&format!("\\u{unit:04x}"));
                        }
                    }
                }
            }
            text
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
mod tests {
    use serde_json::json;

    use super::*;

    fn base() -> Base {
        Base {
            name: "base".to_owned(),
            spec: json!({"openapi": "3.0.3", "info": {"title": "T", "version": "1"}, "paths": {"/a": {"get": {
                "operationId": "a", "responses": {"200": {"description": "d"}}}}}}),
            config: None,
        }
    }

    #[test]
    fn a_run_can_be_made_again() {
        let mut different = 0;
        for run in 0..40 {
            let made = || Recipe::new(3, run, 1).make(&base());
            assert_eq!(made().files(), made().files());
            different += usize::from(made().spec != Recipe::new(4, run, 1).make(&base()).spec);
        }
        assert!(different > 30, "{different}");
    }

    #[test]
    fn every_syntax_reads_as_what_was_written() {
        let value = json!({"a\u{0}\u{202e}😀": ["\u{1b}[31m", "é", "null", "1", "\u{85}\n \t", "- x: y"], "b": {"c": null}});
        for syntax in [Syntax::Yaml, Syntax::Json, Syntax::Ascii] {
            let text = write(&value, syntax);
            let read: Value = match syntax {
                Syntax::Yaml => serde_yaml::from_str(&text).unwrap(),
                _ => serde_json::from_str(&text).unwrap(),
            };
            assert_eq!(read, value, "{syntax:?}");
        }
        assert!(write(&value, Syntax::Ascii).is_ascii());
    }
}
