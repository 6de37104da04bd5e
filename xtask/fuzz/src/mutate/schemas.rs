//! Mutations of schemas.

use fastrand::Rng;
use serde_json::{Map, Value, json};

use super::{draw, draw_object, object, one};
use crate::{
    texts,
    tree::{self, Role},
};

const COMBINATORS: &[&str] = &["allOf", "oneOf", "anyOf"];

const TYPES: &[&str] = &[
    "string", "integer", "number", "boolean", "array", "object", "null", "file",
];

/// References to all named schemas, in the section of the document's dialect.
fn named(document: &Value) -> Vec<String> {
    let sections = ["/components/schemas", "/definitions"];
    let found = sections.iter().flat_map(|section| {
        let members = document.pointer(section).and_then(Value::as_object);
        let names = members.into_iter().flat_map(Map::keys);
        names.map(move |name| {
            let name = name.replace('~', "~0").replace('/', "~1");
            format!("#{section}/{name}")
        })
    });
    found.collect()
}

/// A reference to a named schema, to any other schema, or to nothing.
fn reference(document: &Value, rng: &mut Rng) -> Value {
    let text = match rng.u8(0..16) {
        0 => one(tree::nodes(document), rng).map(|(path, _)| tree::reference(&path)),
        1..=3 => draw(document, Role::Schema, rng).map(|path| tree::reference(&path)),
        4 => one(
            [
                "",
                "#",
                "#/",
                "#/components",
                "#/components/schemas/",
                "#/components/schemas/None",
                "#/components/schemas/~2",
                "#/components/schemas/%zz",
                "Pet",
                "./spec.yaml",
                "spec.json#/components/schemas/A",
                "../../../../etc/passwd",
                "/dev/zero",
                "http://127.0.0.1:1/x",
                "file:///etc/passwd",
                "#anchor",
                "#/paths/~1/get",
                "con",
            ],
            rng,
        )
        .map(str::to_owned),
        _ => one(named(document), rng),
    };
    json!({"$ref": text.unwrap_or_else(|| "#/components/schemas/A".to_owned())})
}

/// Some schema of the document, or a new one.
fn some_schema(document: &Value, rng: &mut Rng) -> Value {
    match rng.u8(0..10) {
        0..=2 => reference(document, rng),
        3..=5 => draw(document, Role::Schema, rng)
            .and_then(|path| tree::get(document, &path).cloned())
            .unwrap_or(Value::Bool(true)),
        6 => one(
            [
                json!({}),
                json!(true),
                json!(false),
                Value::Null,
                json!([]),
                json!("string"),
            ],
            rng,
        )
        .unwrap_or_default(),
        7 => json!({"type": one(TYPES.iter().copied(), rng), "nullable": rng.bool()}),
        8 => json!({"type": "object", "properties": {texts::name(rng): {"type": "string"}}}),
        _ => json!({"type": "array", "items": reference(document, rng)}),
    }
}

/// Replaces a schema by another.
pub(super) fn swap(document: &mut Value, rng: &mut Rng) {
    let other = some_schema(document, rng);
    if let Some(path) = draw(document, Role::Schema, rng)
        && let Some(schema) = tree::get_mut(document, &path)
    {
        *schema = other;
    }
}

/// Replaces a schema by a reference.
pub(super) fn refer(document: &mut Value, rng: &mut Rng) {
    let other = reference(document, rng);
    if let Some(path) = draw(document, Role::Schema, rng)
        && let Some(schema) = tree::get_mut(document, &path)
    {
        *schema = other;
    }
}

/// Puts a reference beside other keywords.
pub(super) fn siblings(document: &mut Value, rng: &mut Rng) {
    let other = reference(document, rng);
    if let Some(schema) = draw_object(document, Role::Schema, rng) {
        schema.insert("$ref".to_owned(), other["$ref"].clone());
    }
}

/// Wraps a schema in a combinator.
pub(super) fn wrap(document: &mut Value, rng: &mut Rng) {
    let others: Vec<Value> = (0..rng.usize(0..3))
        .map(|_| some_schema(document, rng))
        .collect();
    let Some(path) = draw(document, Role::Schema, rng) else {
        return;
    };
    let Some(schema) = tree::get_mut(document, &path) else {
        return;
    };
    let inner = schema.take();
    *schema = match rng.u8(0..8) {
        0 => json!({"not": inner}),
        1 => json!({"type": "array", "items": inner}),
        2 => json!({"type": "object", "additionalProperties": inner}),
        _ => {
            let mut members = others;
            let at = rng.usize(0..=members.len());
            members.insert(at, inner);
            json!({one(COMBINATORS.iter().copied(), rng).unwrap_or("allOf"): members})
        }
    };
}

/// Wraps a schema many times.
pub(super) fn nest(document: &mut Value, rng: &mut Rng) {
    let Some(path) = draw(document, Role::Schema, rng) else {
        return;
    };
    let Some(schema) = tree::get_mut(document, &path) else {
        return;
    };
    let kind = rng.u8(0..5);
    for _ in 0..rng.usize(2..25) {
        let inner = schema.take();
        *schema = match kind {
            0 => json!({"allOf": [inner]}),
            1 => json!({"oneOf": [inner, {"type": "string"}]}),
            2 => json!({"type": "array", "items": inner}),
            3 => json!({"type": "object", "properties": {"next": inner}}),
            _ => json!({"anyOf": [inner], "properties": {"a": {}}}),
        };
    }
}

/// Makes a named schema recursive.
pub(super) fn circle(document: &mut Value, rng: &mut Rng) {
    let Some(text) = one(named(document), rng) else {
        return;
    };
    let itself = json!({"$ref": text});
    let around = match rng.u8(0..6) {
        0 => itself,
        1 => json!({"allOf": [itself, {"properties": {"more": {"type": "string"}}}]}),
        2 => json!({"oneOf": [itself, {"type": "string"}]}),
        3 => json!({"type": "array", "items": itself}),
        4 => json!({"type": "object", "additionalProperties": itself}),
        _ => json!({"type": "object", "required": ["self"], "properties": {"self": itself}}),
    };
    let Some(schema) = document.pointer_mut(&text[1..]) else {
        return;
    };
    match (rng.u8(0..4), schema.as_object_mut()) {
        (0, _) | (_, None) => *schema = around,
        (1, Some(members)) => {
            let combinator = one(COMBINATORS.iter().copied(), rng).unwrap_or("allOf");
            let list = members.entry(combinator).or_insert_with(|| json!([]));
            if let Some(list) = list.as_array_mut() {
                list.push(around);
            }
        }
        (_, Some(_)) => {
            if let Some(properties) = object(schema, "properties") {
                let key = one(properties.keys().cloned().collect::<Vec<_>>(), rng);
                properties.insert(key.unwrap_or_else(|| "again".to_owned()), around);
            }
        }
    }
}

/// Changes the type of a schema.
pub(super) fn retype(document: &mut Value, rng: &mut Rng) {
    let Some(schema) = draw_object(document, Role::Schema, rng) else {
        return;
    };
    let kind = |rng: &mut Rng| one(TYPES.iter().copied(), rng).unwrap_or("string");
    let value = match rng.u8(0..10) {
        0..=3 => json!(kind(rng)),
        4 => json!([kind(rng), "null"]),
        5 => json!([kind(rng), kind(rng), kind(rng)]),
        6 => json!([]),
        7 => json!(texts::name(rng)),
        8 => one(
            [
                Value::Null,
                json!(1),
                json!({}),
                json!(["null"]),
                json!([["string"]]),
            ],
            rng,
        )
        .unwrap_or_default(),
        _ => {
            schema.insert("nullable".to_owned(), json!(rng.bool()));
            return;
        }
    };
    schema.insert("type".to_owned(), value);
}

/// Adds a discriminator with an odd mapping.
pub(super) fn discriminate(document: &mut Value, rng: &mut Rng) {
    let names = named(document);
    let targets: Vec<Value> = (0..4)
        .map(|_| reference(document, rng)["$ref"].clone())
        .collect();
    let paths = tree::with_role(document, Role::Schema)
        .into_iter()
        .filter(|path| {
            let schema = tree::get(document, path);
            rng.u8(0..6) == 0
                || schema.is_some_and(|one| one.get("oneOf").or(one.get("anyOf")).is_some())
        });
    let paths: Vec<_> = paths.collect();
    let properties: Vec<String> = tree::nodes(document)
        .into_iter()
        .filter_map(|(path, _)| match path.as_slice() {
            [.., tree::Step::Key(above), tree::Step::Key(own)] if above == "properties" => {
                Some(own.clone())
            }
            _ => None,
        })
        .collect();
    let Some(schema) = rng
        .choice(paths)
        .and_then(|path| tree::get_mut(document, &path))
    else {
        return;
    };
    let mut mapping = Map::new();
    for target in targets.into_iter().take(rng.usize(0..=4)) {
        let key = match rng.u8(0..3) {
            0 => texts::name(rng),
            1 => "1".to_owned(),
            _ => one(names.clone(), rng)
                .unwrap_or_default()
                .split('/')
                .next_back()
                .unwrap_or_default()
                .to_owned(),
        };
        let target = match rng.u8(0..6) {
            0 => json!(texts::name(rng)),
            1 => json!(target.as_str().unwrap_or_default().split('/').next_back()),
            2 => one(
                [Value::Null, json!(1), json!([]), json!({"$ref": target})],
                rng,
            )
            .unwrap_or_default(),
            _ => target,
        };
        mapping.insert(key, target);
    }
    let property = match rng.u8(0..3) {
        0 => texts::name(rng),
        _ => one(properties, rng).unwrap_or_else(|| "kind".to_owned()),
    };
    if let Some(members) = schema.as_object_mut() {
        let discriminator = match rng.u8(0..8) {
            0 => json!(property),
            1 => json!({"mapping": mapping}),
            2 => json!({"propertyName": property}),
            3 => {
                json!({"propertyName": property, "mapping": mapping, "defaultMapping": names.first()})
            }
            _ => json!({"propertyName": property, "mapping": mapping}),
        };
        members.insert("discriminator".to_owned(), discriminator);
    }
}

fn scalar(rng: &mut Rng) -> Value {
    match rng.u8(0..14) {
        0..=5 => json!(texts::name(rng)),
        6 => json!(rng.i64(..)),
        7 => json!(rng.i8(-3..3)),
        8 => json!(rng.f64() * 1e300),
        9 => json!(rng.bool()),
        10 => Value::Null,
        11 => json!([texts::name(rng)]),
        12 => json!({texts::name(rng): 1}),
        _ => one(
            [
                json!(u64::MAX),
                json!(-0.0),
                json!(1.0),
                json!(1e-300),
                json!("1"),
                json!(""),
            ],
            rng,
        )
        .unwrap_or_default(),
    }
}

/// Gives a schema an enum, a const, a default or an example of odd values.
pub(super) fn enumerate(document: &mut Value, rng: &mut Rng) {
    let Some(schema) = draw_object(document, Role::Schema, rng) else {
        return;
    };
    match rng.u8(0..8) {
        0 => drop(schema.insert("const".to_owned(), scalar(rng))),
        1 => drop(schema.insert("default".to_owned(), scalar(rng))),
        2 => drop(schema.insert("example".to_owned(), scalar(rng))),
        3 => {
            let names: Vec<Value> = (0..3).map(|_| scalar(rng)).collect();
            schema.insert("x-enum-varnames".to_owned(), json!(names));
        }
        4 => {
            let values: Vec<Value> = (0..4).map(|_| json!(texts::hostile(rng))).collect();
            schema.insert("enum".to_owned(), json!(values));
            schema.insert("type".to_owned(), json!("string"));
        }
        _ => {
            let mut values: Vec<Value> = (0..rng.usize(0..6)).map(|_| scalar(rng)).collect();
            if let Some(Value::Array(old)) = schema.get("enum") {
                values.extend(old.iter().cloned());
            }
            rng.shuffle(&mut values);
            schema.insert("enum".to_owned(), json!(values));
        }
    }
}

/// Changes what a schema requires.
pub(super) fn require(document: &mut Value, rng: &mut Rng) {
    let Some(schema) = draw_object(document, Role::Schema, rng) else {
        return;
    };
    let properties = schema.get("properties").and_then(Value::as_object);
    let mut names: Vec<Value> = properties
        .into_iter()
        .flat_map(Map::keys)
        .map(|name| json!(name))
        .collect();
    match rng.u8(0..5) {
        0 => names.push(json!(texts::name(rng))),
        1 => names = vec![scalar(rng)],
        2 => names.extend(names.clone()),
        _ => {}
    }
    let value = match rng.u8(0..8) {
        0 => json!(true),
        1 => json!("id"),
        _ => json!(names),
    };
    schema.insert("required".to_owned(), value);
}

/// Adds a keyword that holds a schema, a name or a flag.
pub(super) fn keyword(document: &mut Value, rng: &mut Rng) {
    let (first, second) = (some_schema(document, rng), some_schema(document, rng));
    let Some(schema) = draw_object(document, Role::Schema, rng) else {
        return;
    };
    let (key, value) = match rng.u8(0..24) {
        0..=2 => ("additionalProperties", first),
        3 => ("additionalProperties", json!(rng.bool())),
        4 => (
            "patternProperties",
            json!({"^x-": first, texts::name(rng): second}),
        ),
        5 => ("propertyNames", first),
        6 => ("prefixItems", json!([first, second])),
        7 => ("items", json!([first, second])),
        8 => ("items", first),
        9 => ("not", first),
        10 => ("if", first),
        11 => ("contains", first),
        12 => ("$defs", json!({texts::name(rng): first, "A": second})),
        13 => ("dependentSchemas", json!({"a": first})),
        14 => ("unevaluatedProperties", first),
        15 => ("readOnly", json!(true)),
        16 => ("writeOnly", json!(true)),
        17 => ("deprecated", json!(true)),
        18 => ("xml", json!({"name": texts::name(rng), "attribute": true})),
        19 => ("$dynamicRef", json!("#node")),
        20 => ("$dynamicAnchor", json!("node")),
        21 => ("$id", json!(texts::url(rng))),
        22 => ("contentEncoding", json!("base64")),
        _ => ("format", json!(one(texts::FORMATS.iter().copied(), rng))),
    };
    schema.insert(key.to_owned(), value);
}

/// Sets a bound to a large or negative number, or to another value.
pub(super) fn bound(document: &mut Value, rng: &mut Rng) {
    let keys = [
        "minimum",
        "maximum",
        "exclusiveMinimum",
        "exclusiveMaximum",
        "multipleOf",
        "minLength",
        "maxLength",
        "minItems",
        "maxItems",
        "minProperties",
        "maxProperties",
    ];
    let values = [
        json!(0),
        json!(-1),
        json!(u64::MAX),
        json!(i64::MIN),
        json!(1e308),
        json!(-1e308),
        json!(1e-308),
        json!(0.1),
        json!(true),
        json!("1"),
        Value::Null,
        json!(9_007_199_254_740_993_i64),
    ];
    if let Some(schema) = draw_object(document, Role::Schema, rng) {
        let key = one(keys, rng).unwrap_or("minimum");
        schema.insert(key.to_owned(), one(values, rng).unwrap_or_default());
        if rng.u8(0..4) == 0 {
            schema.insert("pattern".to_owned(), json!(texts::hostile(rng)));
        }
    }
}

/// Adds members to a combinator, or repeats one.
pub(super) fn combine(document: &mut Value, rng: &mut Rng) {
    let other = some_schema(document, rng);
    if let Some(schema) = draw_object(document, Role::Schema, rng) {
        let combinator = one(COMBINATORS.iter().copied(), rng).unwrap_or("allOf");
        let list = schema.entry(combinator).or_insert_with(|| json!([]));
        if let Some(list) = list.as_array_mut() {
            match list.first().cloned() {
                Some(first) if rng.bool() => list.push(first),
                _ => list.push(other),
            }
        }
    }
}

/// Adds a property with a name like another one, or with a special meaning.
pub(super) fn property(document: &mut Value, rng: &mut Rng) {
    let value = some_schema(document, rng);
    let Some(path) = draw(document, Role::Schema, rng) else {
        return;
    };
    if let Some(schema) = tree::get_mut(document, &path)
        && let Some(properties) = object(schema, "properties")
    {
        let near = one(properties.keys().cloned().collect::<Vec<_>>(), rng).unwrap_or_default();
        let name = match rng.u8(0..5) {
            0 => near.to_uppercase(),
            1 => format!("{near}_"),
            2 => format!("{near}\u{301}"),
            _ => texts::name(rng),
        };
        properties.insert(name, value);
    }
}
