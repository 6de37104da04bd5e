//! Long chains and circles of schemas, none of which may take more stack than there is.

use std::path::Path;

use serde_json::{Map, Value, json};

use crate::{Compilation, compile_texts};

/// Compiles a description whose schemas are `N0`, `N1`, and so on; an operation returns the first.
fn compiled(count: usize, schema: impl Fn(usize) -> Value) -> Compilation {
    let named = (0..count).map(|index| (format!("N{index}"), schema(index)));
    let description = json!({
        "openapi": "3.1.0",
        "info": {"title": "Chain", "version": "1"},
        "paths": {"/n": {"get": {"operationId": "n", "responses": {"200": {
            "description": "Ok",
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/N0"}}},
        }}}}},
        "components": {"schemas": named.collect::<Map<String, Value>>()},
    });
    compile_texts((Path::new("chain.json"), description.to_string()), None)
}

fn to(index: usize) -> Value {
    json!({"$ref": format!("#/components/schemas/N{index}")})
}

#[test]
fn chains_of_merged_schemas_are_as_long_as_they_like() {
    const COUNT: usize = 2000;
    let last = json!({"type": "object", "properties": {"a": {"type": "string"}}});
    let list = json!({"type": "array", "items": {"type": "string"}});
    type Link = fn(Value) -> Value;
    let chains: [(Link, &Value); 4] = [
        (
            |next| json!({"properties": {"p": {"allOf": [next, {"properties": {"x": {"type": "string"}}}]}}}),
            &last,
        ),
        (
            |next| json!({"type": "array", "items": {"allOf": [next, {"type": "array"}]}}),
            &list,
        ),
        (
            |next| json!({"type": "object", "additionalProperties": {"allOf": [next, {"format": "x"}]}}),
            &last,
        ),
        (
            |next| json!({"anyOf": [{"allOf": [next], "additionalProperties": false}, {"type": "integer"}]}),
            &last,
        ),
    ];
    for (link, last) in chains {
        let compilation = compiled(COUNT, |index| match index + 1 {
            COUNT => last.clone(),
            next => link(to(next)),
        });
        let api = compilation.compiled.expect("the chain ends").api;
        assert!(api.types.len() >= COUNT, "{}", api.types.len());
    }
}

/// States that are sets of schemas: each of `a` and `b` leads on, and `a` starts anew besides.
#[test]
fn more_sets_than_can_be_rendered_are_reported() {
    const COUNT: usize = 24;
    let compilation = compiled(COUNT, |index| {
        let next = |keeps: bool| {
            let mut members = vec![json!({"properties": {}})];
            members.extend((index > 0 && index + 1 < COUNT).then(|| to(index + 1)));
            members.extend(keeps.then(|| to(0)));
            members.extend((keeps && index == 0).then(|| to(1)));
            json!({"type": "object", "allOf": members, "description": "A state."})
        };
        json!({"type": "object", "properties": {"a": next(index == 0), "b": next(index == 0)}})
    });
    assert!(compilation.compiled.is_some());
    let said = compilation.diagnostics.iter();
    let said: Vec<String> = said.map(|said| said.message.clone()).collect();
    assert!(
        said.iter().any(|it| it.contains("over and over")),
        "{said:?}"
    );
}
