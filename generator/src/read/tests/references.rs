//! References to wherever, and other files.

use super::*;

#[test]
fn what_is_no_component_becomes_one() {
    let text = r##"openapi: 3.1.0
info: {title: A, version: '1'}
paths:
  /users:
    get:
      responses:
        '200':
          description: ok
          content: {application/json: {schema: {type: object, title: user list}}}
  /again:
    get:
      responses:
        '200': {$ref: '#/paths/~1users/get/responses/200'}
        '400':
          description: bad
          content: {application/json: {schema: {$ref: '#/paths/~1users/get/responses/200/content/application~1json/schema'}}}
components:
  schemas:
    A:
      type: object
      properties: {b: {type: string, enum: [x]}, c: {$ref: '#/components/schemas/A/properties/b'}}
      $defs: {Inner: {type: integer}, Other: {$anchor: other, type: string}}
    D: {$ref: '#/components/schemas/A/$defs/Inner'}
    E: {$ref: '#other'}
    F: {$ref: '#/components/schemas/A%20b~1c'}
    'A b/c': {type: boolean}
definitions: {Old: {type: number}}
"##;
    let found = outcome(text);
    let responses = &found.root["paths"];
    let of = |path: &str| responses[path]["get"]["responses"]["200"].clone();
    assert_eq!(of("/users"), of("/again"));
    let response = of("/users")["$ref"].as_str().unwrap().to_owned();
    let response = found.at(&response[1..]);
    let schema = &response["content"]["application/json"]["schema"]["$ref"];
    assert_eq!(schema, "#/components/schemas/UserList");
    assert_eq!(found.schema("UserList")["type"], "object");
    let property = json!({"$ref": "#/components/schemas/AB"});
    assert_eq!(
        found.schema("A")["properties"],
        json!({"b": property, "c": property})
    );
    assert_eq!(found.schema("AB"), json!({"type": "string", "enum": ["x"]}));
    assert_eq!(
        found.schema("D"),
        json!({"$ref": "#/components/schemas/Inner"})
    );
    assert_eq!(found.schema("Inner"), json!({"type": "integer"}));
    assert_eq!(
        found.schema("E"),
        json!({"$ref": "#/components/schemas/Other"})
    );
    assert_eq!(
        found.schema("F"),
        json!({"$ref": "#/components/schemas/A b~1c"})
    );
    assert_eq!(found.codes(), []);
}

#[test]
fn references_that_lead_nowhere() {
    let text = "\
A: {type: object, properties: {x: {$ref: '#/components/schemas/Usr'}}}
User: {type: object}
C: {$ref: '#/definitions/User'}
D: {$ref: 5}
E: {$ref: User}
";
    let found = of_version("3.0.3", text);
    assert_eq!(found.schema("A")["properties"]["x"], json!({}));
    let reference = json!({"$ref": "#/components/schemas/User"});
    assert_eq!(found.schema("C"), reference);
    assert_eq!(found.schema("D"), json!({}));
    assert_eq!(found.schema("E"), reference);
    let dangling = found
        .said
        .iter()
        .find(|said| said.code == Code::DanglingSchema)
        .unwrap();
    assert_eq!(dangling.help.as_deref(), Some("did you mean `User`?"));
    assert!(
        found.codes().iter().all(|code| code.is_repair()),
        "{:?}",
        found.said
    );
}

#[test]
fn a_response_that_is_not_there_is_an_error() {
    let found = outcome(
        "openapi: 3.0.3\ninfo: {title: A, version: '1'}\npaths:\n  /a:\n    get:\n      responses: {'200': {$ref: '#/components/responses/None'}}\n",
    );
    let place = "#/paths/~1a/get/responses/200/$ref";
    assert_eq!(found.places(), [(Code::DanglingRef, place)]);
}

#[test]
fn a_reference_from_a_parameter_to_something_else_is_an_error() {
    let found = outcome(
        "openapi: 3.0.3\ninfo: {title: A, version: '1'}\npaths:\n  /a:\n    parameters: [{$ref: '#/components/schemas/B'}]\ncomponents: {schemas: {B: {type: string}}}\n",
    );
    let place = "#/paths/~1a/parameters/0/$ref";
    assert_eq!(found.places(), [(Code::ForeignRef, place)]);
}

#[test]
fn circles_are_named_once_with_their_way() {
    let text = "\
A: {$ref: '#/components/schemas/B'}
B: {allOf: [{$ref: '#/components/schemas/C'}]}
C: {$ref: '#/components/schemas/A'}
D: {$ref: '#/components/schemas/A'}
E: {$ref: '#/components/schemas/E'}
F: {$ref: '#/components/schemas/G/properties/x'}
G: {type: object, properties: {x: {$ref: '#/components/schemas/G/properties/x'}}}
";
    let found = of_version("3.0.3", text);
    let circles: Vec<&str> = found
        .said
        .iter()
        .filter(|said| said.code == Code::CyclicRef)
        .map(|said| said.message.as_str())
        .collect();
    let chain = "circular reference `#/components/schemas/A`: `#/components/schemas/A` -> `#/components/schemas/B` -> `#/components/schemas/C`, and back";
    assert!(circles.contains(&chain), "{circles:#?}");
    assert!(
        circles
            .iter()
            .any(|text| text.contains("`#/components/schemas/E`"))
    );
    assert!(
        circles
            .iter()
            .any(|text| text.contains("properties/x` refers to itself"))
    );
}

#[test]
fn a_type_that_holds_itself_is_no_circle() {
    let found =
        with_schemas("A: {type: object, properties: {a: {$ref: '#/components/schemas/A'}}}\n");
    assert_eq!(found.codes(), []);
}

#[test]
fn long_chains_and_many_references_take_linear_time() {
    let mut schemas = String::new();
    for at in 0..20_000 {
        schemas.push_str(&format!(
            "A{at}: {{$ref: '#/components/schemas/A{}'}}\n",
            at + 1
        ));
        schemas.push_str(&format!(
            "B{at}: {{$ref: '#/components/schemas/A20000/$defs/C'}}\n"
        ));
    }
    schemas.push_str("A20000: {type: object, $defs: {C: {type: string}}}\n");
    let began = std::time::Instant::now();
    let found = with_schemas(&schemas);
    assert!(began.elapsed().as_secs() < 30, "{:?}", began.elapsed());
    assert_eq!(found.schema("A0")["$ref"], "#/components/schemas/A20000");
    assert_eq!(found.schema("B7")["$ref"], "#/components/schemas/C");
}

#[test]
fn names_that_are_taken_get_a_number() {
    let mut text = "A: {type: object, $defs: {B: {type: string}}}\nB: {$ref: '#/components/schemas/A/$defs/B'}\nAB: {type: integer}\n".to_owned();
    for at in 0..3 {
        text.push_str(&format!(
            "C{at}: {{type: object, title: t, properties: {{x: {{title: same, type: string}}}}}}\n"
        ));
        text.push_str(&format!(
            "D{at}: {{$ref: '#/components/schemas/C{at}/properties/x'}}\n"
        ));
    }
    let found = with_schemas(&text);
    assert_eq!(
        found.schema("B"),
        json!({"$ref": "#/components/schemas/AB2"})
    );
    assert_eq!(found.schema("AB2"), json!({"type": "string"}));
    let names: Vec<Value> = (0..3)
        .map(|at| found.schema(&format!("D{at}"))["$ref"].clone())
        .collect();
    assert_eq!(
        names,
        ["Same", "C1X", "C2X"].map(|name| json!(format!("#/components/schemas/{name}")))
    );
}

fn folder(files: &[(&str, &str)]) -> (tempfile::TempDir, Outcome) {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let mut sink = Sink::default();
    let document = document::load(&folder.path().join(files[0].0), &mut sink).unwrap();
    let options = Options {
        on_disk: true,
        ..Options::default()
    };
    let found = finished(read_all(document, options, &mut sink), sink);
    (folder, found)
}

#[test]
fn other_files_are_read() {
    let (_folder, found) = folder(&[
        (
            "a.yaml",
            "openapi: 3.0.3\ninfo: {title: A, version: '1'}\npaths:\n  /pets: {$ref: 'paths/pets.yaml#/pets'}\ncomponents: {schemas: {Owner: {type: object, properties: {pet: {$ref: 'schemas/pet.json'}}}}}\n",
        ),
        (
            "paths/pets.yaml",
            "pets:\n  get:\n    parameters: [{$ref: '../parameters.yaml#/Limit'}]\n    responses:\n      '200':\n        description: ok\n        content: {application/json: {schema: {type: array, items: {$ref: ../schemas/pet.json}}}}\n",
        ),
        (
            "parameters.yaml",
            "Limit: {name: limit, in: query, schema: {type: int}}\n",
        ),
        (
            "schemas/pet.json",
            r##"{"type": "object", "properties": {"owner": {"$ref": "../a.yaml#/components/schemas/Owner"}, "parent": {"$ref": "#"}, "size": {"$ref": "#/definitions/Size"}}, "definitions": {"Size": {"type": "integer"}}}"##,
        ),
    ]);
    assert_eq!(
        found.schema("Owner")["properties"]["pet"]["$ref"],
        "#/components/schemas/Pet"
    );
    let pet = found.schema("Pet");
    assert_eq!(
        pet["properties"]["owner"]["$ref"],
        "#/components/schemas/Owner"
    );
    assert_eq!(
        pet["properties"]["parent"]["$ref"],
        "#/components/schemas/Pet"
    );
    assert_eq!(
        pet["properties"]["size"]["$ref"],
        "#/components/schemas/Size"
    );
    let get = found.at("/paths/~1pets/get");
    assert_eq!(
        get["parameters"],
        json!([{"$ref": "#/components/parameters/Limit"}])
    );
    let schema = &get["responses"]["200"]["content"]["application/json"]["schema"];
    assert_eq!(schema["items"]["$ref"], "#/components/schemas/Pet");
    assert_eq!(found.codes(), [Code::UnknownType]);
    let place = found.said[0].place.as_ref().unwrap();
    assert!(place.file.ends_with("parameters.yaml"), "{place:?}");
    assert_eq!(place.pointer.as_deref(), Some("#/Limit/schema/type"));
    assert_eq!(place.line, Some(1));
}

#[test]
fn addresses_and_missing_files_are_errors() {
    let (_folder, found) = folder(&[(
        "a.yaml",
        "openapi: 3.0.3\ninfo: {title: A, version: '1'}\npaths: {}\ncomponents:\n  schemas:\n    A: {$ref: 'https://example.com/a.yaml#/A'}\n    B: {$ref: 'b.yaml'}\n    C: {$ref: '../c.yaml'}\n    D: {$ref: './d.yaml#/A'}\n",
    )]);
    assert_eq!(
        found.places(),
        [
            (Code::ForeignRef, "#/components/schemas/A/$ref"),
            (Code::FileNotRead, "#/components/schemas/B/$ref"),
            (Code::ForeignRef, "#/components/schemas/C/$ref"),
            (Code::FileNotRead, "#/components/schemas/D/$ref"),
        ]
    );
}

#[test]
fn a_schema_is_found_by_its_identity() {
    let text = "\
A: {$id: 'https://example.com/schemas/a.json', type: object}
B: {$ref: 'https://example.com/schemas/a.json'}
";
    let found = with_schemas(text);
    assert_eq!(found.schema("B"), json!({"$ref": "#/components/schemas/A"}));
}

#[test]
fn a_schema_is_taken_out_of_what_holds_it() {
    let text = "openapi: 3.0.3\ninfo: {title: A, version: '1'}\npaths: {}\ncomponents:\n  parameters: {Limit: {name: limit, in: query, schema: {type: integer}}}\n  schemas: {A: {type: object, properties: {x: {$ref: '#/components/parameters/Limit'}}}}\n";
    let found = outcome(text);
    let name = found.schema("A")["properties"]["x"]["$ref"]
        .as_str()
        .unwrap()[1..]
        .to_owned();
    assert_eq!(found.at(&name), json!({"type": "integer"}));
    assert_eq!(found.codes(), [Code::Misplaced]);
}

#[test]
fn mappings_lead_to_schemas_or_it_is_said() {
    let (_folder, found) = folder(&[
        (
            "a.yaml",
            "openapi: 3.1.0\ninfo: {title: A, version: '1'}\npaths: {}\ncomponents:\n  schemas:\n    Dog: {type: object}\n    com.Cow: {type: object}\n    P:\n      oneOf: [{$ref: cat.yml}, {$ref: '#/components/schemas/Dog'}, {$ref: '#/components/schemas/com.Cow'}]\n      discriminator: {propertyName: k, mapping: {c: cat.yml, d: Dog, w: com.Cow, n: Nope, m: '#/components/schemas/Nope', f: none.yml, o: '#/definitions/Dog'}}\n",
        ),
        (
            "cat.yml",
            "{type: object, properties: {k: {type: string}}}\n",
        ),
    ]);
    let mapping = &found.schema("P")["discriminator"]["mapping"];
    let schema = |name: &str| format!("#/components/schemas/{name}");
    assert_eq!(
        *mapping,
        json!({"c": schema("Cat"), "d": schema("Dog"), "w": schema("com.Cow"), "o": schema("Dog")})
    );
    let at = |tag: &str| format!("#/components/schemas/P/discriminator/mapping/{tag}");
    let places: Vec<(Code, String)> = found
        .places()
        .into_iter()
        .map(|(code, place)| (code, place.to_owned()))
        .collect();
    for wanted in [
        (Code::DanglingSchema, at("n")),
        (Code::DanglingSchema, at("m")),
        (Code::DanglingSchema, at("f")),
        (Code::Misplaced, at("o")),
    ] {
        assert!(places.contains(&wanted), "{wanted:?} {:#?}", found.said);
    }
    assert_eq!(places.len(), 4);
}
