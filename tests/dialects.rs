//! The description of the Users API, said in the other dialects, renders to the same files byte by
//! byte. The conversions write what an author of each dialect would, not what is nearest to ours.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::BTreeMap;

use sdkgen::Job;
use serde_json::Value;
use xtask::root;

#[path = "dialects/convert.rs"]
mod convert;

use convert::{modern, swagger};

fn description() -> Value {
    let path = root().join("spec/users-api.yaml");
    sdkgen::measuring::tree(&path).unwrap()
}

/// What a description renders to, under one file name whatever the dialect: the headers of rendered
/// files tell it. The manifest, which has the hash of the description, is not among them.
fn render(spec: String) -> BTreeMap<String, String> {
    let config = std::fs::read_to_string(root().join("spec/sdkgen.toml")).unwrap();
    // As the SDK is: the root of a whole crate lists the variables of servers, which 2.0 has not.
    let job = Job::from_text("users-api.yaml", spec)
        .with_config_text("sdkgen.toml", config)
        .with_crate_name("genesys-cloud-users")
        .with_layout(sdkgen::Layout::Embedded);
    let compilation = sdkgen::compile(&job);
    assert!(
        compilation.diagnostics.is_empty(),
        "{:#?}",
        compilation.diagnostics
    );
    let rendered = sdkgen::render(&compilation.compiled.unwrap()).unwrap();
    let files = rendered.files.into_iter();
    files.map(|(path, text)| (path.to_string(), text)).collect()
}

fn assert_renders_alike(converted: &Value) {
    let text = std::fs::read_to_string(root().join("spec/users-api.yaml")).unwrap();
    let (expected, found) = (render(text), render(converted.to_string()));
    let paths = |files: &BTreeMap<String, String>| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(paths(&found), paths(&expected));
    assert!(expected.len() > 300, "the whole API is rendered");
    for (path, expected) in &expected {
        let found = &found[path];
        let differing = expected.lines().zip(found.lines()).find(|(a, b)| a != b);
        assert_eq!(differing, None, "{path}");
        assert!(expected == found, "{path} differs in length");
    }
}

#[test]
fn as_json() {
    assert_renders_alike(&description());
}

#[test]
fn as_openapi_3_1() {
    let converted = modern(description());
    let text = converted.to_string();
    // The conversion must have something to convert.
    assert!(text.contains(r#""openapi":"3.1.0""#) && !text.contains(r#""nullable""#));
    assert!(text.contains(r#""type":["#) && text.contains(r#""const":"#));
    assert_renders_alike(&converted);
}

#[test]
fn as_swagger_2() {
    let converted = swagger(&description());
    let text = converted.to_string();
    for gone in [
        "#/components",
        r#""schemas""#,
        r#""requestBody""#,
        r#""content""#,
        r#""style""#,
    ] {
        assert!(!text.contains(gone), "{gone} is not of Swagger 2.0");
    }
    assert!(text.contains(r#""collectionFormat":"multi""#) && text.contains(r#""in":"body""#));
    assert_renders_alike(&converted);
}
