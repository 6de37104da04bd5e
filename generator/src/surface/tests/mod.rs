//! Surfaces of small sources and of everything that is rendered in this repository.

use std::{collections::BTreeMap, fs, path::Path};

use super::*;

mod crates;
mod linked;
mod macros_table;
mod pairs;
mod rendered;
mod wire;

/// The files of a folder that end in `.rs`, by their path below it.
pub(super) fn folder(path: &str) -> BTreeMap<String, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path);
    let mut found = BTreeMap::new();
    let mut open = vec![root.clone()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path
                .extension()
                .is_some_and(|ending| ending == "rs" || ending == "toml")
            {
                let name = path
                    .strip_prefix(&root)
                    .unwrap()
                    .to_string_lossy()
                    .replace('\\', "/");
                found.insert(name, fs::read_to_string(&path).unwrap());
            }
        }
    }
    found
}

/// The files of the runtime.
pub(super) fn runtime() -> BTreeMap<String, String> {
    folder("sdk/src/runtime")
}

/// The surface of files.
pub(super) fn surface(files: &[(&str, &str)]) -> Surface {
    let files = files
        .iter()
        .map(|(path, text)| (RelativePath::new(*path).unwrap(), (*text).to_owned()));
    Surface::of(&files.collect()).unwrap()
}
