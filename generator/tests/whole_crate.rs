//! A whole crate by one call of the library, and by the command line.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::{fs, path::Path, process::Command};

use sdkgen::{Code, Job};

const SPEC: &str = r##"openapi: 3.0.3
info: {title: Two tags, version: 1.2.3}
servers: [{url: "https://{r}.example.com/v1/", variables: {r: {default: eu}}}]
paths:
  /users:
    get:
      operationId: getUsers
      tags: [User Admin]
      responses:
        "200": {description: A user., content: {application/json: {schema: {$ref: "#/components/schemas/User"}}}}
  /pets:
    get:
      operationId: getPet
      tags: [Mock]
      responses:
        "200": {description: A pet., content: {application/json: {schema: {$ref: "#/components/schemas/Pet"}}}}
components:
  schemas:
    User: {type: object, properties: {id: {type: string, format: uuid}, at: {$ref: "#/components/schemas/Shared"}}}
    Pet: {type: object, properties: {at: {$ref: "#/components/schemas/Shared"}}}
    Shared: {type: object, properties: {at: {type: string, format: date-time}}}
"##;

fn spec(root: &Path) -> std::path::PathBuf {
    let path = root.join("api.yaml");
    fs::write(&path, SPEC).unwrap();
    path
}

#[test]
fn one_call_renders_a_crate() {
    let root = tempfile::tempdir().unwrap();
    let out = root.path().join("out");
    let job = Job::new(spec(root.path())).with_crate_name("two-tags");
    let written = job.generate(&out).unwrap();
    assert_eq!((written.operations, written.types), (2, 3));
    assert!(written.warnings.is_empty() && written.plan.stray.is_empty());
    let text = |path: &str| fs::read_to_string(out.join(path)).unwrap();
    for path in [
        "README.md",
        ".gitignore",
        "docs/reference.md",
        "src/lib.rs",
        "src/runtime/mod.rs",
    ] {
        assert!(!text(path).is_empty(), "{path}");
    }
    let manifest: toml::Table = text("Cargo.toml").parse().unwrap();
    assert_eq!(manifest["package"]["version"].as_str(), Some("1.2.3"));
    let features = manifest["features"].as_table().unwrap();
    // The runtime has a feature `mock` already. Models hold UUIDs, so those are no choice.
    assert!(features.contains_key("mock-api") && features.contains_key("user-admin"));
    assert!(!features.contains_key("uuid"));
    assert!(manifest["dependencies"]["uuid"].get("optional").is_none());
    assert!(manifest.contains_key("workspace"));
    assert!(text("src/service.rs").contains("\"https://eu.example.com/v1\""));
    let models = text("src/generated/models/mod.rs");
    assert!(
        models.contains("#[cfg(feature = \"user-admin\")]\nmod user;"),
        "{models}"
    );
    assert!(
        models.contains("\nmod shared;") && !models.contains(")]\nmod shared;"),
        "{models}"
    );
    assert!(job.generate(&out).unwrap().plan.is_empty());
}

#[test]
fn what_is_left_out_leaves_no_trace() {
    let root = tempfile::tempdir().unwrap();
    let out = root.path().join("out");
    let job = Job::new(spec(root.path()));
    job.generate(&out).unwrap();
    let written = job.with_include("tag:Mock").generate(&out).unwrap();
    assert_eq!((written.operations, written.types), (1, 2));
    assert!(!out.join("src/generated/models/user.rs").exists());
    // One group needs no feature.
    let manifest: toml::Table = fs::read_to_string(out.join("Cargo.toml"))
        .unwrap()
        .parse()
        .unwrap();
    assert!(
        !manifest["features"]
            .as_table()
            .unwrap()
            .contains_key("all-operations")
    );
}

#[test]
fn refusals_are_returned() {
    let root = tempfile::tempdir().unwrap();
    let job = Job::new(spec(root.path()));
    let refused = |job: Job| {
        job.generate(root.path().join("out"))
            .unwrap_err()
            .diagnostics[0]
            .code
    };
    for name in [
        "2fast",
        "fn",
        "std",
        "a b",
        "",
        "é",
        "self",
        "../x", // Crates that rendered ones depend on.
        "serde",
        "serde-json",
        "http",
        "bytes",
        "reqwest",
        "tokio",
        "uuid",
        "oauth2",
        "futures-core",
    ] {
        assert_eq!(
            refused(job.clone().with_crate_name(name)),
            Code::CrateName,
            "{name}"
        );
    }
    assert_eq!(refused(job.with_exclude("tag:Nobody")), Code::Selector);
    assert_eq!(refused(Job::new("nowhere.yaml")), Code::FileNotRead);
    assert!(!root.path().join("out").exists());
}

#[test]
fn json_is_one_document_on_the_standard_output() {
    let root = tempfile::tempdir().unwrap();
    let spec = spec(root.path());
    let run = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sdkgen"));
        let output = command
            .args(arguments)
            .args(["--format", "json"])
            .output()
            .unwrap();
        assert!(output.stderr.is_empty(), "{output:?}");
        let document: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        (output.status.code(), document)
    };
    let (spec, out) = (spec.to_str().unwrap(), root.path().join("out"));
    let out = out.to_str().unwrap();
    let (code, document) = run(&["generate", "--spec", spec, "--dry-run"]);
    assert_eq!(
        (code, &document["diagnostics"]),
        (Some(0), &serde_json::json!([]))
    );
    assert!(document["result"]["files"].as_u64().unwrap() > 50);
    let (code, document) = run(&["generate", "--spec", spec, "--out", out, "--check"]);
    assert_eq!(code, Some(1));
    assert!(document["result"]["differences"].as_array().unwrap().len() > 50);
    let (code, document) = run(&["generate", "--spec", spec, "--out", out]);
    assert_eq!(
        (code, &document["result"]["written"]["unchanged"]),
        (Some(0), &0.into())
    );
    let (code, document) = run(&["check", "--spec", "nowhere.yaml"]);
    assert_eq!(
        (code, &document["result"]),
        (Some(1), &serde_json::Value::Null)
    );
    assert_eq!(document["diagnostics"][0]["code"], "E0101");
    let (code, document) = run(&["explain", "e0201"]);
    assert_eq!(
        (code, &document["result"][0]["code"]),
        (Some(0), &"E0201".into())
    );
}
