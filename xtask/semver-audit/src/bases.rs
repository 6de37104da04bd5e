//! The descriptions to mutate, and their rendered crates.

use std::{
    fs,
    path::{Path, PathBuf},
};

use sdkgen::{Job, Rendered, measuring::surface::Surface, output};
use serde_json::Value;
use xtask::{find, root};

/// Number of operations in a slice of a large description: a few are enough to show the effect of an
/// edit, in a fraction of the time.
const OPERATIONS: usize = 3;
/// Number of slices of the Users API.
const SLICES: usize = 16;
/// The name of every rendered crate.
pub(super) const CRATE: &str = "sdk";

/// The configuration for slices of the Users API and of other descriptions: `spec/sdkgen.toml` without
/// the entries for operations or schemas, which a slice may lack.
const CONFIG: &str = "required_in_responses = \"tolerate\"\nsetters = \"all\"\n";
const PERMISSIONS: &str = "permissions_extension = \"x-inin-requires-permissions\"\n";

/// A description and its rendered crate.
pub(super) struct Base {
    /// Its name in the report.
    pub(super) name: String,
    /// The description, in plain OpenAPI 3.0.
    pub(super) tree: Value,
    config: String,
    /// Its rendered crate.
    pub(super) rendered: Side,
}

/// A rendered crate and its surface.
pub(super) struct Side {
    pub(super) files: Rendered,
    pub(super) surface: Surface,
}

impl Base {
    /// A description with the first configuration that sdkgen accepts for it.
    fn new(name: String, tree: Value, configs: &[String]) -> Option<Self> {
        let mut configs = configs.iter();
        configs.find_map(|config| {
            let rendered = render(&tree, config)?;
            Some(Self {
                name: name.clone(),
                tree: tree.clone(),
                config: config.clone(),
                rendered,
            })
        })
    }

    /// Renders an edited description, unless it is refused.
    pub(super) fn render(&self, tree: &Value) -> Option<Side> {
        render(tree, &self.config)
    }
}

/// Slices of the Users API, the golden descriptions, and slices of the descriptions in folders.
pub(super) fn all(seed: u64, folders: &[PathBuf]) -> Result<Vec<Base>, String> {
    let general = [format!("{CONFIG}{PERMISSIONS}"), CONFIG.to_owned()];
    let mut bases = Vec::new();
    let users = root().join("spec/users-api.yaml");
    bases.extend(slices(&users, "users", seed, SLICES, &general));
    let goldens = xtask::goldens().map_err(|error| format!("cannot read tests/golden: {error}"))?;
    for golden in goldens {
        let folder = root().join("tests/golden").join(&golden.name);
        let Some(tree) = slice(&Job::new(folder.join("spec.yaml"))) else {
            continue;
        };
        let mut configs = general.to_vec();
        if let Ok(own) = fs::read_to_string(folder.join("sdkgen.toml")) {
            configs.insert(0, own);
        }
        bases.extend(Base::new(golden.name, tree, &configs));
    }
    for (index, found) in find::find(folders)?.iter().enumerate() {
        bases.extend(slices(
            &found.path,
            &format!("corpus-{index}"),
            seed,
            1,
            &general,
        ));
    }
    match bases.is_empty() {
        true => Err("no description can be rendered".to_owned()),
        false => Ok(bases),
    }
}

fn slices(path: &Path, name: &str, seed: u64, wanted: usize, configs: &[String]) -> Vec<Base> {
    let Some(whole) = slice(&Job::new(path)) else {
        return Vec::new();
    };
    let mut ids = operation_ids(&whole);
    ids.sort_by_cached_key(|id| output::hash(format!("{seed} {id}")));
    let chunks = ids.chunks(OPERATIONS).take(wanted).enumerate();
    let bases = chunks.filter_map(|(index, ids)| {
        let job = ids.iter().fold(Job::new(path), |job, id| {
            job.with_include(format!("operation:{id}"))
        });
        Base::new(format!("{name}-{}", index + 1), slice(&job)?, configs)
    });
    bases.collect()
}

fn slice(job: &Job) -> Option<Value> {
    Some(job.slice().ok()?.root)
}

fn operation_ids(tree: &Value) -> Vec<String> {
    let paths = tree.get("paths").and_then(Value::as_object);
    let items = paths.into_iter().flat_map(|paths| paths.values());
    let operations = items
        .filter_map(Value::as_object)
        .flat_map(|item| item.values());
    let ids = operations.filter_map(|operation| operation.get("operationId")?.as_str());
    ids.map(str::to_owned).collect()
}

fn render(tree: &Value, config: &str) -> Option<Side> {
    let job = Job::from_text("spec.json", tree.to_string())
        .with_config_text("sdkgen.toml", config)
        .with_crate_name(CRATE);
    let files = sdkgen::render(&sdkgen::compile(&job).compiled?).ok()?;
    let surface = Surface::of(&files.files).ok()?;
    Some(Side { files, surface })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slice_of_the_users_api_is_a_crate() {
        let path = root().join("spec/users-api.yaml");
        let general = [format!("{CONFIG}{PERMISSIONS}")];
        let bases = slices(&path, "users", 1, 1, &general);
        let [base] = bases.as_slice() else {
            panic!("there is no slice");
        };
        assert_eq!(operation_ids(&base.tree).len(), OPERATIONS);
        let files = &base.rendered.files.files;
        assert!(files.keys().any(|path| path.to_string() == "Cargo.toml"));
        assert!(base.rendered.surface.get("users::Users").is_some());
        assert!(base.render(&Value::Null).is_none());
    }
}
