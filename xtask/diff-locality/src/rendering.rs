//! Renders a tree in memory.

use std::collections::BTreeMap;

use sdkgen::{
    Compiled, Severity,
    measuring::surface::{self, Surface},
    measuring::{self, Owner},
    output::{self, GENERATED},
};

use super::{minimum::Part, tree::Tree};

/// The files of an SDK, its manifest and its surface.
#[derive(Debug)]
pub(super) struct Rendering {
    /// The text of each file, by path.
    pub(super) files: BTreeMap<String, String>,
    /// The calls of the contract test.
    pub(super) contract: BTreeMap<String, String>,
    /// The text of the manifest.
    pub(super) manifest: String,
    rendered: sdkgen::Rendered,
    compiled: Compiled,
}

/// Renders a tree as `cargo xtask regen` renders the description.
pub(super) fn render(tree: &Tree) -> Result<Rendering, String> {
    // JSON is parsed faster than YAML.
    let job = xtask::sdk().job.with_text(tree.root.to_string());
    let job = job.with_config_text("sdkgen.toml", tree.config());
    let sdkgen::Compilation {
        diagnostics,
        compiled,
    } = sdkgen::compile(&job);
    let Some(compiled) = compiled else {
        let errors = diagnostics
            .iter()
            .filter(|diagnostic| diagnostic.code.severity() == Severity::Error);
        let errors: Vec<String> = errors.map(ToString::to_string).collect();
        return Err(errors.join("\n"));
    };
    let fail = |diagnostic: sdkgen::Diagnostic| diagnostic.to_string();
    let rendered = sdkgen::render(&compiled).map_err(fail)?;
    let contract = sdkgen::render_contract(&compiled).map_err(fail)?;
    let mut manifest = measuring::origin(&compiled).clone();
    let hashes = rendered.files.iter();
    let hashes = hashes.map(|(path, text)| (path.clone(), output::hash(text)));
    manifest.files = hashes.collect();
    Ok(Rendering {
        files: texts(&rendered),
        contract: texts(&contract),
        manifest: serde_json::to_string_pretty(&manifest).map_err(|error| error.to_string())?,
        rendered,
        compiled,
    })
}

fn texts(rendered: &sdkgen::Rendered) -> BTreeMap<String, String> {
    let files = rendered.files.iter();
    files
        .map(|(path, text)| (path.to_string(), text.clone()))
        .collect()
}

impl Rendering {
    /// The public surface, linked to the description.
    pub(super) fn surface(&self) -> Result<Surface, String> {
        let mut surface =
            Surface::of(&self.rendered.files).map_err(|unreadable| unreadable.to_string())?;
        surface.link(&surface::links(&self.compiled));
        Ok(surface)
    }

    /// The file of a part; `None` if the part does not exist.
    pub(super) fn path(&self, part: &Part) -> Option<String> {
        let names = measuring::names(&self.compiled);
        let path = match part {
            Part::Models => format!("{GENERATED}/models/mod.rs"),
            Part::Model(name) => {
                let module = names.modules.get(&Owner::Component(name.clone()))?;
                format!("{GENERATED}/models/{}.rs", module.bare())
            }
            Part::Operation(id) => {
                let mut operations = measuring::api(&self.compiled).operations.iter();
                let operation = operations.find(|operation| operation.id == *id)?;
                let group = names.groups.get(&operation.tag)?.module.bare();
                let module = names.operations.get(id)?.method.bare();
                format!("{GENERATED}/{group}/{module}.rs")
            }
            Part::Group(tag) => {
                let group = names.groups.get(tag)?.module.bare();
                format!("{GENERATED}/{group}/mod.rs")
            }
        };
        Some(path)
    }
}
