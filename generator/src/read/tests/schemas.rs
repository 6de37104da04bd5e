//! Keywords of every dialect.

use super::*;

#[test]
fn null_is_one_thing_however_it_is_spelt() {
    let text = "\
A: {type: string, nullable: true}
B: {type: [string, 'null']}
C: {type: string, x-nullable: true}
D: {type: string, enum: [a, null]}
E: {anyOf: [{type: string}, {type: 'null'}]}
F: {oneOf: [{type: 'null'}, {type: string}], description: d}
G: {anyOf: [{type: string}, {const: null}]}
H: {anyOf: [{enum: [null]}, {type: string}]}
I: {enum: [null]}
J: {type: [null, string]}
";
    let found = with_schemas(text);
    for name in ["A", "B", "C", "D", "E", "F", "G", "H", "J"] {
        let schema = found.schema(name);
        assert_eq!(schema["nullable"], true, "{name}: {schema}");
        assert_eq!(schema["type"], "string", "{name}: {schema}");
    }
    assert_eq!(found.schema("D")["enum"], json!(["a"]));
    assert_eq!(found.schema("F")["description"], "d");
    assert_eq!(found.schema("I"), json!({"nullable": true, "enum": [null]}));
    assert_eq!(found.codes(), []);
}

#[test]
fn a_reference_that_may_be_null_keeps_being_one() {
    let text = "\
A: {type: object}
B: {anyOf: [{$ref: '#/components/schemas/A'}, {type: 'null'}]}
C: {oneOf: [{$ref: '#/components/schemas/A'}, {type: object, nullable: true}]}
D: {oneOf: [{$ref: '#/components/schemas/A'}]}
E: {oneOf: [{$ref: '#/components/schemas/A'}, {type: 'null'}, {type: string}]}
F: {type: object, anyOf: [{$ref: '#/components/schemas/A'}, {type: 'null'}]}
";
    let found = with_schemas(text);
    let reference = json!({"$ref": "#/components/schemas/A"});
    let nullable = json!({"nullable": true, "allOf": [reference]});
    assert_eq!(found.schema("B"), nullable);
    assert_eq!(found.schema("C"), nullable);
    assert_eq!(found.schema("D"), reference);
    let union = json!({"nullable": true, "oneOf": [reference, {"type": "string"}]});
    assert_eq!(found.schema("E"), union);
    let typed = json!({"nullable": true, "type": "object", "allOf": [reference]});
    assert_eq!(found.schema("F"), typed);
}

#[test]
fn several_types_are_alternatives_with_their_own_keywords() {
    let text = "\
A:
  type: [string, integer, array, 'null']
  description: d
  maxLength: 3
  minimum: 1
  format: int32
  items: {type: object, properties: {x: {type: nope}}}
B: {type: [integer, number]}
C: {type: [string, integer], enum: [a, 1, b]}
";
    let found = with_schemas(text);
    let items = json!({"type": "object", "properties": {"x": {}}});
    let wanted = json!({"nullable": true, "description": "d", "anyOf": [
        {"type": "string", "maxLength": 3},
        {"type": "integer", "format": "int32", "minimum": 1.0},
        {"type": "array", "items": items},
    ]});
    assert_eq!(found.schema("A"), wanted);
    assert_eq!(found.schema("B"), json!({"type": "number"}));
    let values = json!({"anyOf": [
        {"type": "string", "enum": ["a", "b"]},
        {"type": "integer", "enum": [1]},
    ]});
    assert_eq!(found.schema("C"), values);
    assert_eq!(
        found.places(),
        [(
            Code::UnknownType,
            "#/components/schemas/A/items/properties/x/type"
        )]
    );
}

#[test]
fn what_became_an_alternative_is_traced_to_where_it_stood() {
    let text = "openapi: 3.1.0\ninfo: {title: A, version: '1'}\npaths: {}\ncomponents:\n  schemas:\n    A:\n      type: [string, object]\n      properties:\n        b: {type: string}\n    C:\n      anyOf:\n        - type: 'null'\n        - type: string\n        - type: integer\n";
    let mut sink = Sink::default();
    let document = document::parse("a.yaml".as_ref(), text.to_owned(), &mut sink).unwrap();
    let sources = read_all(document, Options::default(), &mut sink)
        .unwrap()
        .sources;
    let wanted = [
        "/components/schemas/A/anyOf/1/properties/b",
        "/components/schemas/C/anyOf/1",
    ]
    .map(|pointer| Pointer::parse(pointer).unwrap());
    let lines: Vec<_> = sources
        .places(&wanted)
        .iter()
        .map(|place| place.line)
        .collect();
    assert_eq!(lines, [Some(9), Some(14)]);
}

#[test]
fn constants_and_boolean_schemas() {
    let text = "\
A: {const: x}
B: true
C: false
D: {type: object, additionalProperties: false, properties: {a: true}}
E: {type: array, items: false}
";
    let found = with_schemas(text);
    assert_eq!(found.schema("A"), json!({"type": "string", "enum": ["x"]}));
    assert_eq!(found.schema("B"), json!({}));
    assert_eq!(found.schema("C"), json!({"not": {}}));
    assert_eq!(found.schema("D")["additionalProperties"], false);
    assert_eq!(found.schema("D")["properties"], json!({"a": {}}));
    assert_eq!(found.schema("E")["items"], json!({"not": {}}));
}

#[test]
fn tuples() {
    let text = "\
A: {type: array, prefixItems: [{type: string}, {type: integer}], items: false}
B: {prefixItems: [{type: string}]}
C: {type: array, items: [{type: string}]}
D: {type: array, prefixItems: [{type: string}], items: {type: integer}}
E: {type: array, prefixItems: [{type: string}], items: true}
";
    let found = with_schemas(text);
    let tuple = json!({"type": "array", "x-sdkgen-tuple": true, "allOf": [{"type": "string"}, {"type": "integer"}]});
    assert_eq!(found.schema("A"), tuple);
    let single = json!({"type": "array", "x-sdkgen-tuple": true, "allOf": [{"type": "string"}]});
    assert_eq!(found.schema("B"), single);
    assert_eq!(found.schema("C"), single);
    let mixed =
        json!({"type": "array", "items": {"anyOf": [{"type": "string"}, {"type": "integer"}]}});
    assert_eq!(found.schema("D"), mixed);
    assert_eq!(found.schema("E"), json!({"type": "array", "items": {}}));
    assert_eq!(found.codes(), [Code::Lossy, Code::Lossy]);
}

#[test]
fn patterns_of_names_are_additional_properties() {
    let text = "\
A: {patternProperties: {'^x': {type: string}}}
B: {patternProperties: {'^x': {type: string}, '^y': {type: integer}}, additionalProperties: false}
C: {additionalProperties: {type: boolean}, patternProperties: {'^x': {type: string}}}
";
    let found = with_schemas(text);
    let one = json!({"type": "object", "additionalProperties": {"type": "string"}});
    assert_eq!(found.schema("A"), one);
    let two = json!({"anyOf": [{"type": "string"}, {"type": "integer"}]});
    assert_eq!(found.schema("B")["additionalProperties"], two);
    let both = json!({"anyOf": [{"type": "string"}, {"type": "boolean"}]});
    assert_eq!(found.schema("C")["additionalProperties"], both);
    assert_eq!(found.codes(), [Code::Lossy, Code::Lossy]);
}

#[test]
fn texts_of_bytes_are_formats() {
    let text = "\
A: {type: string, contentEncoding: base64}
B: {type: string, contentMediaType: image/png, contentEncoding: base64url}
C: {type: string, contentMediaType: application/octet-stream}
D: {contentMediaType: image/png}
";
    let found = with_schemas(text);
    assert_eq!(found.schema("A")["format"], "byte");
    assert_eq!(found.schema("B")["format"], "base64url");
    assert_eq!(found.schema("C")["format"], "binary");
    assert_eq!(
        found.schema("D"),
        json!({"type": "string", "format": "binary"})
    );
}

#[test]
fn what_only_checks_is_dropped_with_a_warning() {
    let text = "\
A:
  type: object
  unevaluatedProperties: false
  propertyNames: {pattern: x}
  properties: {kind: {type: string}}
  if: {properties: {kind: {const: b}}}
  then: {properties: {b: {type: string}, kind: {type: integer}}, required: [b]}
  else: {required: [c]}
  dependentSchemas: {kind: {properties: {d: {type: string}}}}
";
    let found = with_schemas(text);
    let schema = found.schema("A");
    let properties =
        json!({"kind": {"type": "string"}, "b": {"type": "string"}, "d": {"type": "string"}});
    assert_eq!(schema["properties"], properties);
    assert_eq!(schema.get("required"), None);
    assert_eq!(found.codes(), [Code::Lossy; 5]);
}

#[test]
fn bounds_of_both_kinds() {
    let text = "\
A: {type: number, exclusiveMinimum: 1, maximum: 5, exclusiveMaximum: true}
B: {type: integer, minimum: 0, exclusiveMinimum: 2}
";
    let found = with_schemas(text);
    let a = json!({"type": "number", "minimum": 1.0, "exclusiveMinimum": true, "maximum": 5.0, "exclusiveMaximum": true});
    assert_eq!(found.schema("A"), a);
    assert_eq!(found.schema("B")["minimum"], 2.0);
}

#[test]
fn what_stands_beside_a_reference_counts_as_its_dialect_says() {
    let text = "\
A: {type: object}
B: {$ref: '#/components/schemas/A', description: d, deprecated: true}
C: {$ref: '#/components/schemas/A', properties: {x: {type: nope}}, title: t}
D: {$ref: '#/components/schemas/A', example: 1}
";
    let new = of_version("3.1.0", text);
    let reference = json!({"$ref": "#/components/schemas/A"});
    let described = json!({"description": "d", "deprecated": true, "allOf": [reference]});
    assert_eq!(new.schema("B"), described);
    let rest = json!({"type": "object", "properties": {"x": {}}});
    let extended = json!({"title": "t", "description": "t", "allOf": [reference, rest]});
    assert_eq!(new.schema("C"), extended);
    assert_eq!(new.schema("D"), reference);
    let old = of_version("3.0.3", text);
    assert_eq!(old.schema("B"), described);
    assert_eq!(old.schema("C")["allOf"], json!([reference]));
    assert_eq!(
        old.places(),
        [(Code::Ignored, "#/components/schemas/C/properties")]
    );
}

#[test]
fn names_of_types_that_are_none() {
    let text = "\
A: {type: date}
B: {type: Int64}
C: {type: any}
D: {type: file}
E: {type: dict, properties: {x: {type: float}}}
F: string
";
    let found = of_version("3.0.3", text);
    assert_eq!(
        found.schema("A"),
        json!({"type": "string", "format": "date"})
    );
    assert_eq!(
        found.schema("B"),
        json!({"type": "integer", "format": "int64"})
    );
    assert_eq!(found.schema("C"), json!({}));
    assert_eq!(
        found.schema("D"),
        json!({"type": "string", "format": "binary"})
    );
    assert_eq!(found.schema("E")["properties"]["x"]["type"], "number");
    assert_eq!(found.schema("F"), json!({"type": "string"}));
    assert_eq!(
        found
            .codes()
            .iter()
            .filter(|code| **code == Code::UnknownType)
            .count(),
        6
    );
}

#[test]
fn types_that_keywords_imply() {
    let text = "\
A: {properties: {a: {}}}
B: {items: {type: string}}
C: {enum: [1, 2]}
D: {format: date-time}
E: {allOf: [{required: [a]}], enum: [x]}
";
    let found = of_version("3.0.3", text);
    assert_eq!(found.schema("A")["type"], "object");
    assert_eq!(found.schema("B")["type"], "array");
    assert_eq!(found.schema("C")["type"], "integer");
    assert_eq!(found.schema("D")["type"], "string");
    assert_eq!(found.schema("E").get("type"), None);
    assert_eq!(found.codes(), []);
}

#[test]
fn values_of_other_types_are_read_as_the_one_told() {
    let text = "\
A: {type: string, enum: [1, true, x, {}], default: 5}
B: {type: integer, enum: ['1', '2'], default: '2'}
C: {type: integer, enum: [low, high]}
D: {type: array, items: {type: string}, enum: [a, b]}
E: {type: boolean, default: maybe}
F: {type: string, enum: []}
G: {type: number, default: '4'}
";
    let found = of_version("3.0.3", text);
    let texts = json!({"type": "string", "enum": ["1", "true", "x"], "default": "5"});
    assert_eq!(found.schema("A"), texts);
    let whole = json!({"type": "integer", "enum": [1, 2], "default": 2});
    assert_eq!(found.schema("B"), whole);
    assert_eq!(
        found.schema("C"),
        json!({"type": "string", "enum": ["low", "high"]})
    );
    assert_eq!(found.schema("D")["items"]["enum"], json!(["a", "b"]));
    assert_eq!(found.schema("E"), json!({"type": "boolean"}));
    assert_eq!(found.schema("F"), json!({"type": "string"}));
    assert_eq!(found.schema("G")["default"], json!(4));
    assert!(
        found.codes().iter().all(|code| code.is_repair()),
        "{:?}",
        found.said
    );
}

#[test]
fn required_is_put_where_it_belongs() {
    let text = "\
A:
  type: object
  required: [a]
  properties:
    a: {type: string, required: true}
    b: {type: string, required: true}
    c: {type: string, required: false}
B: {type: object, required: name, properties: {name: {type: string}}}
C: {type: object, required: true}
";
    let found = of_version("3.0.3", text);
    assert_eq!(found.schema("A")["required"], json!(["a", "b"]));
    assert_eq!(found.schema("B")["required"], json!(["name"]));
    assert_eq!(found.schema("C").get("required"), None);
    assert_eq!(found.codes(), [Code::RequiredMisused; 5]);
}

#[test]
fn shapes_that_are_meant_otherwise() {
    let text = "\
A: {allOf: {type: object}}
B: {type: object, properties: null}
C: {type: string, minLength: '3', nullable: 'true', description: 5}
D: {type: array}
E: {discriminator: kind, oneOf: [{type: object}, {type: string}]}
F: {oneOf: []}
G: [1, 2]
H: {type: object, additionalProperties: 'false'}
I: {enum: {a: 1, b: 2}}
";
    let found = of_version("3.0.3", text);
    assert_eq!(found.schema("A")["allOf"], json!([{"type": "object"}]));
    assert_eq!(found.schema("B"), json!({"type": "object"}));
    let c = json!({"type": "string", "minLength": 3, "nullable": true, "description": "5"});
    assert_eq!(found.schema("C"), c);
    assert_eq!(
        found.schema("E")["discriminator"],
        json!({"propertyName": "kind"})
    );
    assert_eq!(found.schema("F"), json!({}));
    assert_eq!(found.schema("G"), json!({}));
    assert_eq!(found.schema("H")["additionalProperties"], false);
    assert_eq!(found.schema("I")["enum"], json!(["a", "b"]));
    assert_eq!(found.codes().len(), 11, "{:?}", found.said);
    assert!(found.codes().iter().all(|code| code.is_repair()));
}

#[test]
fn unknown_keywords_are_answered_with_the_nearest() {
    let found = with_schemas("A: {type: string, minLenght: 1}\n");
    assert_eq!(
        found.places(),
        [(Code::UnknownKey, "#/components/schemas/A/minLenght")]
    );
    assert_eq!(
        found.said[0].help.as_deref(),
        Some("did you mean `minLength`?")
    );
}

#[test]
fn order_and_extensions_are_kept() {
    let found =
        with_schemas("A: {type: object, x-order: [1], properties: {z: {}, a: {}, m: {}}}\n");
    let schema = found.schema("A");
    assert_eq!(schema["x-order"], json!([1]));
    let names: Vec<&String> = schema["properties"].as_object().unwrap().keys().collect();
    assert_eq!(names, ["z", "a", "m"]);
}

#[test]
fn a_tuple_may_be_one_of_several_types() {
    let text = "\
A: {type: [array, string], prefixItems: [{type: string}, {type: nope}]}
B: {type: [string, array], prefixItems: [{type: string}], items: {type: integer}}
C: {type: string, prefixItems: [{type: integer}]}
";
    let found = with_schemas(text);
    let tuple = json!({"type": "array", "x-sdkgen-tuple": true, "allOf": [{"type": "string"}, {}]});
    assert_eq!(
        found.schema("A"),
        json!({"anyOf": [tuple, {"type": "string"}]})
    );
    let items = json!({"anyOf": [{"type": "string"}, {"type": "integer"}]});
    assert_eq!(
        found.schema("B"),
        json!({"anyOf": [{"type": "string"}, {"type": "array", "items": items}]})
    );
    assert_eq!(found.schema("C"), json!({"type": "string"}));
    let places = [
        (
            Code::UnknownType,
            "#/components/schemas/A/prefixItems/1/type",
        ),
        (Code::Lossy, "#/components/schemas/B/prefixItems"),
        (Code::Ignored, "#/components/schemas/C/prefixItems"),
    ];
    for place in places {
        assert!(
            found.places().contains(&place),
            "{place:?} {:?}",
            found.said
        );
    }
    assert_eq!(found.said.len(), places.len());
}

#[test]
fn types_that_no_listed_value_has_are_not_meant() {
    let text = "\
A: {type: [string, integer], enum: [x, y]}
B: {type: [string, integer, boolean], enum: [x, 1, [2]]}
";
    let found = with_schemas(text);
    assert_eq!(
        found.schema("A"),
        json!({"type": "string", "enum": ["x", "y"]})
    );
    let values = json!({"anyOf": [
        {"type": "string", "enum": ["x"]},
        {"type": "integer", "enum": [1]},
    ]});
    assert_eq!(found.schema("B"), values);
    let place = (Code::ValueMisfit, "#/components/schemas/B/enum");
    assert_eq!(found.places(), [place]);
}

#[test]
fn a_free_form_object_that_may_be_null_is_no_null() {
    let text = "\
A: {type: object}
B: {anyOf: [{type: string}, {type: object, nullable: true}]}
C: {oneOf: [{$ref: '#/components/schemas/A'}, {type: object, nullable: true}]}
";
    let found = of_version("3.0.3", text);
    let object = json!({"type": "object", "nullable": true});
    assert_eq!(
        found.schema("B"),
        json!({"anyOf": [{"type": "string"}, object]})
    );
    let reference = json!({"$ref": "#/components/schemas/A"});
    assert_eq!(
        found.schema("C"),
        json!({"nullable": true, "allOf": [reference]})
    );
    let place = (Code::WrongShape, "#/components/schemas/C/oneOf/1");
    assert_eq!(found.places(), [place]);
}
