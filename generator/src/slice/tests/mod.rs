//! Slices of small descriptions.

use std::path::PathBuf;

use serde_json::{Value, json};

use super::*;

/// A file of its own for each test.
fn file(name: &str, text: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, text).unwrap();
    (folder, path)
}

fn slice(root: &Value, include: &[&str]) -> Slice {
    let (_folder, path) = file("api.json", &root.to_string());
    let job = include
        .iter()
        .copied()
        .fold(Job::new(path), Job::with_include);
    let slice = job.slice().unwrap_or_else(|refused| panic!("{refused}"));
    // What comes of it comes of it again.
    for (syntax, name) in [(Syntax::Yaml, "api.yaml"), (Syntax::Json, "api.json")] {
        let text = slice.text(syntax);
        let (_folder, path) = file(name, &text);
        let again = Job::new(path)
            .slice()
            .unwrap_or_else(|refused| panic!("{refused}"));
        assert_eq!(again.text(syntax), text);
        assert_eq!(again.warnings, []);
    }
    slice
}

fn keys(value: &Value) -> Vec<&str> {
    value
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect()
}

fn answer(schema: Value) -> Value {
    json!({"200": {"description": "", "content": {"application/json": {"schema": schema}}}})
}

fn document(schema: Value, schemas: Value) -> Value {
    json!({
        "openapi": "3.1.0", "info": {"title": "T", "version": "1"},
        "paths": {"/a": {"get": {"operationId": "a", "responses": answer(schema)}}},
        "components": {"schemas": schemas},
    })
}

#[test]
fn only_what_is_selected_and_reached_is_there() {
    let by_name = |name: &str| json!({"$ref": format!("#/definitions/{name}")});
    let operation = |tag: &str, schema: &str| {
        json!({"tags": [tag], "x-kept": {"b": 1, "a": 2}, "operationId": schema, "responses": {
            "200": {"description": "", "schema": by_name(schema)}, "404": {"$ref": "#/responses/Gone"},
        }})
    };
    let root = json!({
        "swagger": "2.0", "info": {"title": "T", "version": "1"}, "host": "h",
        "tags": [{"name": "Z"}, {"name": "B"}],
        "paths": {
            "/z": {"delete": operation("B", "Cat"), "get": operation("B", "Base")},
            "/a": {"get": operation("A", "Lost"), "post": operation("B", "Cat")},
        },
        "responses": {"Gone": {"description": "g"}, "Unused": {"description": ""}},
        "definitions": {
            "Lost": {}, "Cat": {"properties": {"b": {"type": "string"}, "a": by_name("Inner")}, "required": ["b", "a"]},
            "Inner": {}, "Base": {"discriminator": "kind", "properties": {"kind": {"type": "string"}}},
            "Derived": {"allOf": [by_name("Base")]}, "Unused": {},
        },
    });
    let root = slice(&root, &["tag:B"]).root;
    assert_eq!(
        keys(&root),
        ["openapi", "info", "servers", "tags", "paths", "components"]
    );
    assert_eq!(root["openapi"], "3.0.3");
    assert_eq!(root["tags"], json!([{"name": "B"}]));
    assert_eq!(keys(&root["paths"]), ["/a", "/z"]);
    assert_eq!(keys(&root["paths"]["/a"]), ["post"]);
    assert_eq!(keys(&root["paths"]["/z"]), ["get", "delete"]);
    let operation = &root["paths"]["/z"]["get"];
    assert_eq!(
        keys(operation),
        ["operationId", "tags", "responses", "x-kept"]
    );
    assert_eq!(operation["x-kept"].to_string(), r#"{"b":1,"a":2}"#);
    assert_eq!(keys(&root["components"]), ["responses", "schemas"]);
    assert_eq!(keys(&root["components"]["responses"]), ["Gone"]);
    let schemas = &root["components"]["schemas"];
    assert_eq!(keys(schemas), ["Base", "Cat", "Derived", "Inner"]);
    let cat = json!({
        "type": "object", "required": ["b", "a"],
        "properties": {"a": {"$ref": "#/components/schemas/Inner"}, "b": {"type": "string"}},
    });
    assert_eq!(schemas["Cat"].to_string(), cat.to_string());
}

#[test]
fn what_later_dialects_say_is_said_in_the_words_of_3_0() {
    let schemas = json!({
        "A": {
            "title": "An a", "type": ["object", "null"], "exclusiveMinimum": 3,
            "properties": {"s": {"type": ["string", "integer"]}, "l": {"type": "array"}, "c": {"const": "x"}},
        },
    });
    let made = slice(
        &document(json!({"$ref": "#/components/schemas/A"}), schemas),
        &[],
    );
    assert_eq!(made.warnings, []);
    let expected = json!({
        "title": "An a", "type": "object", "nullable": true, "minimum": 3, "exclusiveMinimum": true,
        "properties": {
            "c": {"type": "string", "enum": ["x"]},
            "l": {"type": "array", "items": {}},
            "s": {"anyOf": [{"type": "string"}, {"type": "integer"}]},
        },
    });
    assert_eq!(made.root["components"]["schemas"]["A"], expected);
}

#[test]
fn what_3_0_cannot_say_is_told() {
    let tuple = json!({"type": "array", "prefixItems": [{"type": "string"}, {"type": "integer"}], "items": false});
    let made = slice(&document(tuple, json!({})), &[]);
    assert_eq!(made.warnings.len(), 1);
    assert_eq!(made.warnings[0].code, Code::Lossy);
    let pointer = made.warnings[0].place.as_ref().unwrap().pointer.clone();
    assert_eq!(
        pointer.as_deref(),
        Some("#/paths/~1a/get/responses/200/content/application~1json/schema")
    );
    let schema = &made.root["paths"]["/a"]["get"]["responses"]["200"]["content"]["application/json"]
        ["schema"];
    let expected =
        json!({"type": "array", "items": {"anyOf": [{"type": "string"}, {"type": "integer"}]}});
    assert_eq!(*schema, expected);
    assert!(!made.root.to_string().contains("x-sdkgen"));
}

#[test]
fn streams_licenses_and_encodings_keep_their_meaning() {
    let root = json!({
        "openapi": "3.2.0",
        "info": {"title": "T", "version": "1", "license": {"name": "M", "identifier": "MIT"}},
        "paths": {"/a": {"post": {
            "operationId": "a",
            "requestBody": {"content": {"multipart/form-data": {
                "schema": {"type": "object", "properties": {"f": {"type": "array", "items": {"type": "string"}}}},
                "encoding": {"f": {"style": "form", "explode": false}, "g": {"style": "form"}, "h": {"style": "pipeDelimited"}},
            }}},
            "responses": {"200": {"description": "", "content": {"text/event-stream": {"itemSchema": {"$ref": "#/components/schemas/E"}}}}},
        }}},
        "components": {"schemas": {"E": {"type": "object"}}},
    });
    let root = slice(&root, &[]).root;
    assert_eq!(
        root["info"]["license"]["url"],
        "https://spdx.org/licenses/MIT.html"
    );
    let operation = &root["paths"]["/a"]["post"];
    let encoding = &operation["requestBody"]["content"]["multipart/form-data"]["encoding"];
    let expected = json!({
        "f": {"style": "form", "explode": false}, "g": {"style": "form"}, "h": {"style": "pipeDelimited"},
    });
    assert_eq!(*encoding, expected);
    let schema = &operation["responses"]["200"]["content"]["text/event-stream"]["schema"];
    assert_eq!(
        *schema,
        json!({"type": "array", "items": {"$ref": "#/components/schemas/E"}})
    );
}

#[test]
fn what_cannot_be_read_or_selected_is_an_error() {
    let (_folder, path) = file("api.json", &document(json!({}), json!({})).to_string());
    let refused = Job::new(&path)
        .with_include("tag:None")
        .slice()
        .unwrap_err();
    assert_eq!(refused.diagnostics[0].code, Code::Selector);
    let refused = Job::new(path.join("none")).slice().unwrap_err();
    assert_eq!(refused.diagnostics[0].code, Code::FileNotRead);
}
