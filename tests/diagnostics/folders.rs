//! What is in a folder, and how to put something there.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// The names of the files in a folder that have one of the endings.
pub(crate) fn names(folder: &Path, endings: &[&str]) -> BTreeSet<String> {
    let entries = fs::read_dir(folder).expect("the folder can be read");
    let mut names = BTreeSet::new();
    for entry in entries {
        let path = entry.expect("the folder can be read").path();
        let text = |part: Option<&std::ffi::OsStr>| {
            part.unwrap_or_default().to_string_lossy().into_owned()
        };
        if endings.contains(&text(path.extension()).as_str()) {
            let name = text(path.file_stem());
            assert!(names.insert(name.clone()), "two cases are called {name}");
        }
    }
    names
}

/// Writes a file, or makes a folder if the name ends in a slash.
pub(crate) fn write(root: &Path, name: &str, bytes: &[u8]) {
    let path = root.join(name);
    if name.ends_with('/') {
        fs::create_dir_all(path).expect("a folder can be made");
        return;
    }
    let folder = path.parent().expect("it is inside the root");
    fs::create_dir_all(folder).expect("a folder can be made");
    fs::write(path, bytes).expect("a file can be written");
}

/// The content of every file in a folder, at any depth.
pub(crate) fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).expect("the folder can be read") {
        let path = entry.expect("the folder can be read").path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.is_file() {
            let bytes = fs::read(&path).expect("the file can be read");
            found.insert(path, bytes);
        }
    }
    found
}
