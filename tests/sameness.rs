//! What must not make a difference: a description compared with itself, and the order of its maps.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use sdkgen::{Job, diff};
use serde_json::Value;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap()
        .to_owned()
}

/// A description and its configuration, if it has one.
struct Case {
    path: PathBuf,
    tree: Value,
    config: Option<String>,
}

impl Case {
    /// `None` for a text that is no description at all.
    fn read(path: &Path, config: &Path) -> Option<Self> {
        let mut sink = sdkgen::Sink::default();
        Some(Self {
            path: path.to_owned(),
            tree: sdkgen::load::load(path, &mut sink)?.root,
            config: fs::read_to_string(config).ok(),
        })
    }

    fn side(&self, tree: &Value) -> Option<diff::Side> {
        let config = self.config.clone().map(|text| ("sdkgen.toml", text));
        diff::Side::of_texts((&self.path, tree.to_string()), config).ok()
    }
}

/// Every golden description.
fn goldens() -> Vec<Case> {
    let targets = xtask::goldens().unwrap();
    let folders = targets.iter().map(|target| target.folder.parent().unwrap());
    let read =
        |folder: &Path| Case::read(&folder.join("spec.yaml"), &folder.join("sdkgen.toml")).unwrap();
    folders.map(read).collect()
}

/// Every golden description, and those that something is said about.
fn cases() -> Vec<Case> {
    let mut cases = goldens();
    for entry in fs::read_dir(root().join("tests/diagnostics")).unwrap() {
        let path = entry.unwrap().path();
        if path
            .extension()
            .is_some_and(|it| it == "yaml" || it == "json")
        {
            cases.extend(Case::read(&path, &path.with_extension("toml")));
        }
    }
    cases
}

/// The lists of a description, by their JSON Pointers.
fn lists(value: &Value, at: &str, found: &mut Vec<String>) {
    match value {
        Value::Array(items) => {
            if !items.is_empty() {
                found.push(at.to_owned());
            }
            for (index, item) in items.iter().enumerate() {
                lists(item, &format!("{at}/{index}"), found);
            }
        }
        Value::Object(members) => {
            for (key, member) in members {
                let key = key.replace('~', "~0").replace('/', "~1");
                lists(member, &format!("{at}/{key}"), found);
            }
        }
        _ => {}
    }
}

/// Puts a member of a list there once more; says which list.
fn duplicate(tree: &mut Value, random: &mut fastrand::Rng) -> Option<String> {
    let mut found = Vec::new();
    lists(tree, "", &mut found);
    let at = found.get(random.usize(..found.len().max(1)))?.clone();
    let list = tree.pointer_mut(&at)?.as_array_mut()?;
    let member = list[random.usize(..list.len())].clone();
    list.insert(random.usize(..=list.len()), member);
    Some(at)
}

#[test]
fn nothing_changes_between_a_description_and_itself() {
    let mut compared = 0;
    let mut wrong = Vec::new();
    for case in cases() {
        for seed in 0..16 {
            let mut random = fastrand::Rng::with_seed(seed);
            let (mut old, mut doubled) = (case.tree.clone(), None);
            if seed > 0 {
                doubled = duplicate(&mut old, &mut random);
            }
            let mut new = old.clone();
            xtask::review::shuffle(&mut new, seed);
            let (Some(old), Some(new)) = (case.side(&old), case.side(&new)) else {
                continue;
            };
            compared += 1;
            for finding in diff::compare(&old, &new) {
                let file = case.path.strip_prefix(root()).unwrap().display();
                let list = doubled.as_deref().unwrap_or("nothing");
                let message = &finding.message;
                wrong.push(format!("{file}, {list} doubled, seed {seed}: {message}"));
            }
        }
    }
    assert_eq!(wrong, [""; 0], "{}", wrong.join("\n"));
    assert!(compared > 1000, "{compared}");
}

/// What a description is rendered to.
fn render(case: &Case, job: &Job, tree: &Value) -> BTreeMap<String, String> {
    let config = case.config.clone().map(|text| ("sdkgen.toml", text));
    let path = case.path.with_extension("json");
    let compilation = sdkgen::compile_texts((&path, tree.to_string()), config);
    let rendered = sdkgen::render(job, &compilation.compiled.unwrap()).unwrap();
    let files = rendered.files.into_iter();
    files.map(|(path, text)| (path.to_string(), text)).collect()
}

#[test]
fn the_order_of_maps_means_nothing() {
    let mut wrong = Vec::new();
    for (case, target) in goldens().iter().zip(xtask::goldens().unwrap()) {
        let expected = render(case, &target.job, &case.tree);
        for seed in 1..=3 {
            let mut tree = case.tree.clone();
            xtask::review::shuffle(&mut tree, seed);
            let shuffled = render(case, &target.job, &tree);
            let names = expected.keys().chain(shuffled.keys());
            for path in names.filter(|path| expected.get(*path) != shuffled.get(*path)) {
                wrong.push(format!("{}, seed {seed}: {path}", target.name));
            }
        }
    }
    assert_eq!(wrong, [""; 0], "{}", wrong.join("\n"));
}
