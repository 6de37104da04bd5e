//! Long chains and circles of schemas, none of which may take more stack than there is.

use serde_json::{Map, Value, json};

use crate::{
    diagnostics::Code,
    job::{Compilation, Job, compile},
    model::{Api, Type, TypeId, TypeKind},
    openapi::Pointer,
};

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
    compile(&Job::from_text("chain.json", description.to_string()))
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
        let steps = steps(&api);
        assert!(steps >= COUNT, "{steps}");
    }
}

/// How many types it takes to get from the first schema to the end of the chain.
fn steps(api: &Api) -> usize {
    let start = Type::Named(TypeId(Pointer::root().join_all([
        "components",
        "schemas",
        "N0",
    ])));
    let mut next = Some(&start);
    let mut steps = 0;
    while let Some(ty) = next {
        steps += 1;
        next = match ty {
            Type::Array(inner) | Type::Map(inner) | Type::Nullable(inner) => Some(inner),
            Type::Named(id) => match &api.types[id].kind {
                TypeKind::Alias(ty) | TypeKind::Newtype(ty) => Some(ty),
                TypeKind::Struct(it) => it.fields.first().map(|field| &field.ty),
                TypeKind::Union(union) => union.variants.first().map(|variant| &variant.ty),
                _ => None,
            },
            _ => None,
        };
    }
    steps
}

/// States that are sets of schemas: each of `a` and `b` leads on, and `a` starts anew besides.
#[test]
fn more_sets_than_can_be_rendered_are_reported() {
    const COUNT: usize = 24;
    let compilation = compiled(COUNT, |index| {
        let state = |next: Vec<usize>| {
            let next = next.into_iter().filter(|next| *next < COUNT).map(to);
            let members: Vec<Value> = next.chain([json!({"properties": {}})]).collect();
            json!({"type": "object", "allOf": members, "description": "A state."})
        };
        let (a, b) = match index {
            0 => (vec![0, 1], vec![0]),
            _ => (vec![index + 1], vec![index + 1]),
        };
        json!({"type": "object", "properties": {"a": state(a), "b": state(b)}})
    });
    assert!(compilation.compiled.is_some());
    let said = compilation.diagnostics.iter();
    let said: Vec<String> = said.map(|said| said.message.clone()).collect();
    assert!(
        said.iter().any(|it| it.contains("too many times")),
        "{said:?}"
    );
}

/// Each schema extends the next one by a property: all fields together are the square of the length.
#[test]
fn what_a_chain_of_schemas_inherits_has_a_bound() {
    const COUNT: usize = 1500;
    let compilation = compiled(COUNT, |index| {
        if index == 0 {
            // It refers to all others, so that all of them are in use.
            let all = (1..COUNT).map(|index| (format!("x{index}"), to(index)));
            return json!({"type": "object", "properties": all.collect::<Map<String, Value>>()});
        }
        let own = json!({"properties": {format!("p{index}"): {"type": "string"}}});
        match index + 1 {
            COUNT => own,
            next => json!({"allOf": [to(next), own]}),
        }
    });
    let is_about = |index: usize| {
        let place = format!("#/components/schemas/N{index}");
        compilation.diagnostics.iter().any(move |diagnostic| {
            let found = diagnostic.place.as_ref().and_then(|it| it.pointer.as_ref());
            diagnostic.code == Code::Simplified && found == Some(&place)
        })
    };
    let api = &compilation
        .compiled
        .as_ref()
        .expect("the rest is there")
        .api;
    let mut fields = 0;
    for index in 0..COUNT {
        let id = TypeId(Pointer::root().join_all(["components", "schemas", &format!("N{index}")]));
        match &api.types.get(&id).map(|definition| &definition.kind) {
            Some(TypeKind::Struct(structure)) => fields += structure.fields.len(),
            Some(TypeKind::Alias(Type::FreeForm)) => assert!(is_about(index), "{index}"),
            _ => {}
        }
    }
    assert!((100_000..200_000).contains(&fields), "{fields}");
}

/// Each schema is a base that all before it extend: the variants of all unions are the square.
#[test]
fn what_a_chain_of_bases_is_extended_by_has_a_bound() {
    const COUNT: usize = 1000;
    let compilation = compiled(COUNT, |index| {
        let next = (index + 1 < COUNT).then(|| to(index + 1));
        json!({
            "type": "object",
            "allOf": next.into_iter().collect::<Vec<Value>>(),
            "discriminator": {"propertyName": "kind"},
            "properties": {"kind": {"type": "string"}},
        })
    });
    let said = |message: &str| {
        let mut all = compilation.diagnostics.iter();
        all.any(|diagnostic| diagnostic.message.contains(message))
    };
    assert!(said("`N999` is rendered without those that extend it"));
    let types = &compilation
        .compiled
        .as_ref()
        .expect("the rest is there")
        .api
        .types;
    let variants = types.values().map(|definition| match &definition.kind {
        TypeKind::Union(union) => union.variants.len(),
        _ => 0,
    });
    assert!(variants.sum::<usize>() < 102_000);
}
