//! The committed SDK is what the description renders to, whenever and however it is rendered.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::path::{Path, PathBuf};

use sdkgen::{Compiled, Job, output::GENERATED};
use serde_json::Value;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap()
        .to_owned()
}

fn job() -> Job {
    Job::new(root().join("spec/users-api.yaml"))
        .with_config(root().join("spec/sdkgen.toml"))
        .with_crate_name("genesys-cloud-users")
        .with_layout(sdkgen::Layout::Embedded)
}

fn compile(spec: &str) -> Compiled {
    let config = std::fs::read_to_string(root().join("spec/sdkgen.toml")).unwrap();
    let job = job()
        .with_text(spec)
        .with_config_text("sdkgen.toml", config);
    let compilation = sdkgen::compile(&job);
    assert!(
        compilation.diagnostics.is_empty(),
        "{:?}",
        compilation.diagnostics
    );
    compilation.compiled.unwrap()
}

fn render(spec: &str) -> std::collections::BTreeMap<String, String> {
    let rendered = sdkgen::render(&compile(spec)).unwrap();
    rendered
        .files
        .into_iter()
        .map(|(path, text)| (path.to_string(), text))
        .collect()
}

fn description() -> Value {
    let path = root().join("spec/users-api.yaml");
    sdkgen::measuring::tree(&path).unwrap()
}

#[test]
fn the_committed_sdk_is_what_regen_renders() {
    let compilation = sdkgen::compile(&job());
    assert!(
        compilation.diagnostics.is_empty(),
        "{:?}",
        compilation.diagnostics
    );
    let rendered = sdkgen::render(&compilation.compiled.unwrap()).unwrap();
    let differences = rendered
        .output(&root().join("sdk"))
        .unwrap()
        .check()
        .unwrap();
    let paths: Vec<_> = differences
        .iter()
        .map(|d| (d.path.to_string(), d.what))
        .collect();
    assert_eq!(paths, [], "run `cargo xtask regen`");
}

#[test]
fn every_operation_and_schema_of_the_platform_is_there() {
    let description = description();
    let operations: usize = description["paths"]
        .as_object()
        .unwrap()
        .values()
        .map(|item| item.as_object().unwrap().len())
        .sum();
    let schemas = description["components"]["schemas"].as_object().unwrap();
    let properties: usize = schemas
        .iter()
        .filter(|(name, _)| *name != "ErrorBody")
        .map(|(_, schema)| schema["properties"].as_object().unwrap().len())
        .sum();
    // The platform's 220 schemas, and its error body.
    assert_eq!((operations, schemas.len(), properties), (92, 221, 1309));
}

#[test]
fn rendering_twice_gives_the_same_bytes() {
    let description = description().to_string();
    assert!(render(&description) == render(&description));
}

#[test]
fn the_order_of_maps_means_nothing() {
    let mut description = description();
    let expected = render(&description.to_string());
    for seed in 1..=3 {
        xtask::review::shuffle(&mut description, seed);
        let shuffled = render(&description.to_string());
        for (path, text) in &expected {
            assert!(
                shuffled.get(path) == Some(text),
                "seed {seed}: {path} differs"
            );
        }
        assert_eq!(shuffled.len(), expected.len());
    }
}

#[test]
fn a_new_optional_parameter_changes_the_operation_and_nothing_else() {
    let mut description = description();
    let before = render(&description.to_string());
    let operation = &mut description["paths"]["/api/v2/users/{userId}/queues"]["get"];
    let parameter =
        serde_json::json!({"name": "color", "in": "query", "schema": {"type": "string"}});
    operation["parameters"]
        .as_array_mut()
        .unwrap()
        .push(parameter);
    let after = render(&description.to_string());
    assert_eq!(
        changed(&before, &after),
        [format!("{GENERATED}/users/get_user_queues.rs")]
    );
}

#[test]
fn a_new_property_changes_its_model_and_nothing_else() {
    let mut description = description();
    let before = render(&description.to_string());
    let schema = &mut description["components"]["schemas"]["Division"];
    schema["properties"]["color"] = serde_json::json!({"type": "string"});
    let after = render(&description.to_string());
    assert_eq!(
        changed(&before, &after),
        [format!("{GENERATED}/models/division.rs")]
    );
    let (old, new) = (
        &before[&changed(&before, &after)[0]],
        &after[&changed(&before, &after)[0]],
    );
    let removed = old
        .lines()
        .filter(|line| !new.lines().any(|other| other == *line))
        .count();
    assert_eq!(removed, 0, "adding takes nothing away");
}

fn changed(
    before: &std::collections::BTreeMap<String, String>,
    after: &std::collections::BTreeMap<String, String>,
) -> Vec<String> {
    assert_eq!(before.len(), after.len());
    let differs = |path: &&String| before.get(*path) != after.get(*path);
    after.keys().filter(differs).cloned().collect()
}
