//! Library calls on threads with little stack, with what nests as deep as the parsers let it.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs;

use sdkgen::{
    Job, diff,
    report::{Acknowledgements, Report, Side},
    slice::Syntax,
};
use serde_json::{Map, Value, json};

/// The stack of threads that set no size: the default of the standard library.
const STACK: usize = 2 << 20;
/// The number of schemas that each refer to the next.
const ROW: usize = 3000;

/// Schemas that hold each other in a row, and one that nests them in place.
fn description(description: &str) -> Value {
    let next = |at: usize| json!({"$ref": format!("#/components/schemas/A{}", at + 1)});
    let mut schemas = Map::new();
    for at in 0..ROW {
        let schema = match at % 4 {
            0 => {
                json!({"type": "object", "required": ["n"], "properties": {"n": next(at)}, "description": description})
            }
            1 => json!({"type": "array", "items": next(at)}),
            2 => json!({"type": "object", "additionalProperties": next(at)}),
            _ => json!({"oneOf": [next(at), {"type": "string"}]}),
        };
        schemas.insert(format!("A{at}"), schema);
    }
    let last = json!({"type": "object", "properties": {"v": {"type": "string"}}});
    schemas.insert(format!("A{ROW}"), last);
    let mut nested = json!({"type": "string"});
    for _ in 0..50 {
        nested = json!({"type": "object", "required": ["a"], "properties": {"a": nested}});
    }
    schemas.insert("Nested".to_owned(), nested);
    let content = |name: &str| {
        let reference = format!("#/components/schemas/{name}");
        json!({"application/json": {"schema": {"$ref": reference}}})
    };
    json!({
        "openapi": "3.0.3",
        "info": {"title": "A", "version": "1"},
        "paths": {"/a": {"post": {
            "operationId": "postA",
            "requestBody": {"content": content("Nested")},
            "responses": {"200": {"description": "d", "content": content("A0")}},
        }}},
        "components": {"schemas": schemas},
    })
}

fn everything() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    fs::write(at("a.json"), description("One.").to_string()).unwrap();
    fs::write(at("b.json"), description("Other.").to_string()).unwrap();
    let mut update = json!({"x-last": 1});
    for _ in 0..100 {
        update = json!({"x-a": update});
    }
    let actions = json!([{"target": "$..[?@.v]", "update": update}]);
    let overlay = json!({"overlay": "1.0.0", "actions": actions});
    fs::write(at("o.json"), overlay.to_string()).unwrap();
    let job = Job::new(at("a.json")).with_overlay(at("o.json"));
    let compiled = sdkgen::compile(&job).compiled.unwrap();
    assert!(!compiled.to_table().is_empty());
    assert!(compiled.to_json().is_object());
    let rendered = sdkgen::render(&compiled).unwrap();
    let contract = sdkgen::render_contract(&compiled).unwrap();
    assert!(!contract.files.is_empty());
    drop((compiled, rendered, contract));
    let slice = job.slice().unwrap();
    for syntax in [Syntax::Yaml, Syntax::Json] {
        assert!(!slice.text(syntax).is_empty());
    }
    drop(slice);
    let other = Job::new(at("b.json"));
    let (old, new) = (
        diff::Side::read(&job).unwrap(),
        diff::Side::read(&other).unwrap(),
    );
    drop(diff::compare(&old, &new));
    let (old, new) = (Side::of(&job, old).unwrap(), Side::of(&other, new).unwrap());
    let report = Report::new(&old, &new, None, &Acknowledgements::default(), None);
    assert!(!report.text(false).is_empty() && report.json().is_object());
    assert!(!report.html().is_empty() && !report.markdown().is_empty());
    assert!(!other.generate(at("out")).unwrap().plan.create.is_empty());
}

#[test]
fn two_megabytes_are_enough_for_everything() {
    let thread = std::thread::Builder::new().stack_size(STACK);
    thread.spawn(everything).unwrap().join().unwrap();
}
