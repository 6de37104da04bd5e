//! What must not make a difference: a description compared with itself, and the order of its maps.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use sdkgen::{Job, diff};
use serde_json::Value;
use xtask::root;

/// A description and its configuration, if it has one.
struct Case {
    path: PathBuf,
    tree: Value,
    config: Option<String>,
}

impl Case {
    /// `None` for a text that is no description at all.
    fn read(path: &Path, config: &Path) -> Option<Self> {
        Some(Self {
            path: path.to_owned(),
            tree: sdkgen::measuring::tree(path)?,
            config: fs::read_to_string(config).ok(),
        })
    }

    /// The job with a tree in place of the description, and the configuration of the case.
    fn job(&self, job: &Job, tree: &Value) -> Job {
        let job = job.clone().with_text(tree.to_string());
        self.config
            .iter()
            .fold(job, |job, text| job.with_config_text("sdkgen.toml", text))
    }

    fn side(&self, tree: &Value) -> Option<diff::Side> {
        diff::Side::read(&self.job(&Job::new(&self.path), tree)).ok()
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
        for seed in 0..8 {
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
    assert!(compared > 500, "{compared}");
}

/// What a description is rendered to; `None` if it refers to other files.
fn render(case: &Case, job: &Job, tree: &Value) -> Option<BTreeMap<String, String>> {
    let compiled = sdkgen::compile(&case.job(job, tree)).compiled?;
    let rendered = sdkgen::render(&compiled).unwrap();
    let files = rendered.files.into_iter();
    Some(files.map(|(path, text)| (path.to_string(), text)).collect())
}

/// Puts every map into another order, but those of the properties of forms: fields are sent in it.
fn shuffle(tree: &mut Value, seed: u64) {
    let mut ordered = BTreeSet::new();
    let mut waiting = Vec::new();
    forms(tree, "", &mut waiting);
    let mut seen = BTreeSet::new();
    while let Some(at) = waiting.pop() {
        let Some(schema) = tree.pointer(&at).filter(|_| seen.insert(at.clone())) else {
            continue;
        };
        if let Some(target) = schema.get("$ref").and_then(Value::as_str) {
            waiting.extend(target.strip_prefix('#').map(str::to_owned));
        }
        for index in 0..schema["allOf"].as_array().map_or(0, Vec::len) {
            waiting.push(format!("{at}/allOf/{index}"));
        }
        ordered.insert(format!("{at}/properties"));
    }
    let original = tree.clone();
    xtask::review::shuffle(tree, seed);
    for at in ordered {
        let order = original.pointer(&at).and_then(Value::as_object);
        let properties = tree.pointer_mut(&at).and_then(Value::as_object_mut);
        if let (Some(order), Some(properties)) = (order, properties) {
            let mut shuffled = std::mem::take(properties);
            let again = order.keys().map(|key| (key.clone(), shuffled[key].take()));
            properties.extend(again);
        }
    }
}

/// The schemas of forms, by their JSON Pointers.
fn forms(value: &Value, at: &str, found: &mut Vec<String>) {
    let Value::Object(members) = value else {
        if let Value::Array(items) = value {
            for (index, item) in items.iter().enumerate() {
                forms(item, &format!("{at}/{index}"), found);
            }
        }
        return;
    };
    for (key, member) in members {
        let is_form = key.starts_with("multipart/") || key.contains("form-urlencoded");
        let at = format!("{at}/{}", key.replace('~', "~0").replace('/', "~1"));
        if is_form {
            found.push(format!("{at}/schema"));
        }
        forms(member, &at, found);
    }
}

/// Renders a description in several orders; says which files differ.
fn differences(name: &str, case: &Case, job: &Job) -> Option<Vec<String>> {
    let expected = render(case, job, &case.tree)?;
    let mut wrong = Vec::new();
    for seed in 1..=3 {
        let mut tree = case.tree.clone();
        shuffle(&mut tree, seed);
        let shuffled = render(case, job, &tree)?;
        let names: BTreeSet<&String> = expected.keys().chain(shuffled.keys()).collect();
        let differing = names
            .into_iter()
            .filter(|path| expected.get(*path) != shuffled.get(*path));
        wrong.extend(differing.map(|path| format!("{name}, seed {seed}: {path}")));
    }
    Some(wrong)
}

#[test]
fn the_order_of_maps_means_nothing() {
    let mut wrong = Vec::new();
    let mut left_out = Vec::new();
    for (case, target) in goldens().iter().zip(xtask::goldens().unwrap()) {
        match differences(&target.name, case, &target.job) {
            Some(found) => wrong.extend(found),
            None => left_out.push(target.name),
        }
    }
    assert_eq!(wrong, [""; 0], "{}", wrong.join("\n"));
    assert_eq!(left_out, ["files"], "what is made of several files");
}

/// What maps can hold whose order is easily taken for one.
const ORDERED: &str = r##"
openapi: 3.1.0
info: {title: Order, version: "1"}
paths:
  /things:
    post:
      operationId: makeThing
      parameters:
        - {name: either, in: query, content: {text/plain: {schema: {type: string}}, application/json: {schema: {type: array, items: {type: integer}}}}}
        - {name: given, in: query, schema: {type: object, default: {b: 1, a: {d: 2, c: 3}}}}
      requestBody:
        content:
          application/json; v=2: {schema: {type: object, properties: {second: {type: string}}}}
          application/json; v=1: {schema: {type: object, properties: {first: {type: string}}}}
      responses:
        "200": {description: Ok, content: {application/json;profile=b: {schema: {$ref: "#/components/schemas/Thing"}}, application/json;profile=a: {schema: {type: string}}}}
        "404": {description: No, content: {application/json: {schema: {$ref: "#/components/schemas/Loop"}}}}
        default: {description: No, content: {text/plain: {}, application/json: {schema: {$ref: "#/components/schemas/Animal"}}}}
components:
  schemas:
    Thing:
      type: object
      properties:
        settings: {type: object, default: {z: 1, y: {x: 2, w: 3}}, properties: {z: {type: integer}}}
        either:
          oneOf:
            - {type: object, properties: {kind: {enum: [circle], type: string}, shape: {enum: [round], type: string}}}
            - {type: object, properties: {shape: {enum: [flat], type: string}, kind: {enum: [square], type: string}}}
    Loop:
      type: object
      properties:
        b: {allOf: [{$ref: "#/components/schemas/Loop"}, {properties: {b: {properties: {x: {type: string}}}}}]}
        a: {allOf: [{$ref: "#/components/schemas/Loop"}, {properties: {b: {properties: {x: {type: string}}}, a: {properties: {y: {type: string}}}}}]}
    Deep: {type: array, items: {type: array, items: {allOf: [{$ref: "#/components/schemas/Chain"}, {type: array}]}}}
    Chain: {type: array, items: {allOf: [{$ref: "#/components/schemas/Deep"}, {type: array}]}}
    Animal:
      oneOf: [{$ref: "#/components/schemas/Dog"}, {$ref: "#/components/schemas/Cat"}]
      discriminator: {propertyName: is, mapping: {wolf: "#/components/schemas/Dog", hound: "#/components/schemas/Dog", cat: "#/components/schemas/Cat"}}
    Dog: {type: object, required: [is], properties: {is: {type: string}, deep: {$ref: "#/components/schemas/Deep"}, chain: {$ref: "#/components/schemas/Chain"}}}
    Cat: {type: object, required: [is], properties: {is: {type: string}}}
"##;

#[test]
fn maps_whose_order_is_easily_taken_for_one_have_none() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("order.yaml");
    fs::write(&path, ORDERED).unwrap();
    let case = Case::read(&path, &folder.path().join("sdkgen.toml")).unwrap();
    let job = Job::new(&path).with_layout(sdkgen::Layout::Embedded);
    assert_eq!(differences("order", &case, &job), Some(Vec::new()));
}
