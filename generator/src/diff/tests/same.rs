//! What is no change, and what holds of findings whatever they are.

use super::*;

fn same(old: &str, new: &str) {
    let found = compare(&side(old), &side(new));
    assert_eq!(shown(&found), [""; 0]);
}

/// A description with all mappings turned round, and with `required` and enums in another order.
fn reordered(value: &serde_json::Value) -> serde_json::Value {
    use serde_json::Value;
    match value {
        Value::Object(members) => {
            let turned = members.iter().rev();
            Value::Object(
                turned
                    .map(|(key, value)| {
                        let mut value = reordered(value);
                        if let (true, Value::Array(items)) = (
                            matches!(key.as_str(), "required" | "enum" | "oneOf"),
                            &mut value,
                        ) {
                            items.reverse();
                        }
                        (key.clone(), value)
                    })
                    .collect(),
            )
        }
        Value::Array(items) => Value::Array(items.iter().map(reordered).collect()),
        other => other.clone(),
    }
}

#[test]
fn a_description_is_itself() {
    same(BASE, BASE);
}

#[test]
fn order_means_nothing() {
    let tree: serde_json::Value = serde_yaml::from_str(BASE).unwrap();
    let turned = reordered(&tree).to_string();
    assert!(turned.starts_with(r#"{"components""#));
    same(BASE, &turned);
    let tree: serde_json::Value = serde_yaml::from_str(sent::SENT).unwrap();
    same(sent::SENT, &reordered(&tree).to_string());
}

#[test]
fn names_of_path_parameters_mean_nothing() {
    let renamed = BASE
        .replace("/users/{userId}:", "/users/{id}:")
        .replace("name: userId, in: path", "name: id, in: path");
    assert_ne!(renamed, BASE);
    same(BASE, &renamed);
}

#[test]
fn a_schema_in_place_is_the_one_referred_to() {
    let address = "address: {$ref: '#/components/schemas/Address'}";
    let inline = "address: {type: object, required: [city], properties: {street: {type: string}, city: {type: string}}}";
    assert!(BASE.contains(address));
    same(BASE, &BASE.replace(address, inline));
    same(&BASE.replace(address, inline), BASE);
}

#[test]
fn what_is_shared_is_what_was_declared_in_place() {
    let shared = "- {$ref: '#/components/parameters/Language'}";
    let inline =
        "- {name: lang, in: query, description: A language., schema: {type: string, maxLength: 5}}";
    assert!(BASE.contains(shared));
    same(BASE, &BASE.replace(shared, inline));
}

#[test]
fn all_of_one_is_that_one_and_all_of_several_their_sum() {
    let address = "address: {$ref: '#/components/schemas/Address'}";
    let wrapped = "address: {allOf: [{$ref: '#/components/schemas/Address'}]}";
    same(BASE, &BASE.replace(address, wrapped));
    let declared = "    Address:
      type: object
      required: [city]
      properties:
        street: {type: string}
        city: {type: string}
";
    let split = "    Address:
      allOf:
        - {type: object, properties: {street: {type: string}}}
        - {type: object, required: [city], properties: {city: {type: string}}}
";
    assert!(BASE.contains(declared));
    same(BASE, &BASE.replace(declared, split));
}

#[test]
fn dialects_mean_nothing() {
    let swagger = r"
swagger: '2.0'
info: {title: A, version: '1'}
host: api.test
basePath: /v1
schemes: [https]
consumes: [application/json]
produces: [application/json]
securityDefinitions:
  key: {type: apiKey, in: header, name: X-Key}
security: [{key: []}]
paths:
  /things/{id}:
    put:
      operationId: putThing
      tags: [Things]
      parameters:
        - {name: id, in: path, required: true, type: string}
        - {name: kinds, in: query, type: array, collectionFormat: multi, items: {type: string}}
        - {name: limit, in: query, type: integer, format: int32, maximum: 9, default: 3}
        - {name: body, in: body, required: true, schema: {$ref: '#/definitions/Thing'}}
      responses:
        '200': {description: Done., schema: {$ref: '#/definitions/Thing'}, headers: {X-Left: {type: integer}}}
        '404': {$ref: '#/responses/Missing'}
responses:
  Missing: {description: None., schema: {type: object, properties: {code: {type: string}}}}
definitions:
  Thing:
    type: object
    required: [name]
    properties:
      name: {type: string, x-nullable: true}
      self: {$ref: '#/definitions/Thing'}
";
    let three = r"
openapi: 3.0.3
info: {title: A, version: '1'}
servers: [{url: 'https://api.test/v1'}]
security: [{key: []}]
paths:
  /things/{id}:
    put:
      operationId: putThing
      tags: [Things]
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
        - {name: kinds, in: query, schema: {type: array, items: {type: string}}}
        - {name: limit, in: query, schema: {type: integer, format: int32, maximum: 9, default: 3}}
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}
      responses:
        '200':
          description: Done.
          headers: {X-Left: {schema: {type: integer}}}
          content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}
        '404': {$ref: '#/components/responses/Missing'}
components:
  securitySchemes:
    key: {type: apiKey, in: header, name: X-Key}
  responses:
    Missing: {description: None., content: {application/json: {schema: {type: object, properties: {code: {type: string}}}}}}
  schemas:
    Thing:
      type: object
      required: [name]
      properties:
        name: {type: string, nullable: true}
        self: {$ref: '#/components/schemas/Thing'}
";
    same(swagger, three);
    let newer = three
        .replace("openapi: 3.0.3", "openapi: 3.1.0")
        .replace("type: string, nullable: true", "type: [string, 'null']");
    same(three, &newer);
    same(swagger, &newer);
}

#[test]
fn each_change_of_a_component_is_told_once_a_direction_with_all_it_reaches() {
    let base = side(BASE);
    let edits = [("city: {type: string}", "city: {type: integer}")];
    let found = compare(&base, &side(&edited("city", &edits)));
    let reached: Vec<(Option<Direction>, Vec<&str>)> = found
        .iter()
        .map(|finding| {
            let operations = finding.operations.iter().map(String::as_str);
            (finding.direction, operations.collect())
        })
        .collect();
    assert_eq!(
        reached,
        [
            (Some(Direction::Request), vec!["updateUser"]),
            (
                Some(Direction::Response),
                vec!["createUser", "getUser", "getUsers"]
            ),
        ]
    );
}

#[test]
fn findings_lead_to_their_lines() {
    let (old, new) = (
        side(BASE),
        side(&edited(
            "state",
            &[(
                "enum: [active, inactive, deleted]",
                "enum: [active, inactive]",
            )],
        )),
    );
    let found = compare(&old, &new);
    let line = |side: &Side, pointer: &Option<crate::openapi::Pointer>| {
        let places = side.places(&[pointer.clone().unwrap()]);
        places[0].line.unwrap()
    };
    let wanted = 1 + BASE
        .lines()
        .position(|line| line.contains("state: {type: string"))
        .unwrap();
    assert_eq!(line(&old, &found[0].old), wanted);
    assert_eq!(line(&new, &found[0].new), wanted);
}

#[test]
fn fingerprints_are_unique_and_outlive_other_changes() {
    let base = side(BASE);
    let one = [("city: {type: string}", "city: {type: integer}")];
    let two = [
        ("city: {type: string}", "city: {type: integer}"),
        ("street: {type: string}", "road: {type: string}"),
        (
            "info: {title: Shop",
            "info: {x-more: [\n1,\n2], title: Shop",
        ),
    ];
    let prints = |edits: &[(&str, &str)]| -> std::collections::BTreeSet<String> {
        let found = compare(&base, &side(&edited("prints", edits)));
        let prints: std::collections::BTreeSet<String> =
            found.iter().map(Finding::fingerprint).collect();
        assert_eq!(prints.len(), found.len());
        prints
    };
    assert!(prints(&two).is_superset(&prints(&one)));
}

#[test]
fn what_the_configuration_says_of_one_side_alone_refuses_neither() {
    let config = "idempotent = ['putOrder', 'createUser', 'nowhere']";
    let old = with_config(BASE, config);
    assert!(old.compiled().is_none());
    assert!(!old.warnings.is_empty());
    assert_eq!(compare(&old, &side(BASE)), []);
    assert!(side(BASE).compiled().is_some());
}

#[test]
fn deep_nesting_and_wide_graphs_come_to_an_end() {
    let mut schemas = String::from("components:\n  schemas:\n");
    for number in 0..2000 {
        let (next, other) = ((number + 1) % 2000, (number * 7 + 3) % 2000);
        schemas.push_str(&format!(
            "    S{number}: {{type: object, properties: {{a: {{$ref: '#/components/schemas/S{next}'}}, b: {{$ref: '#/components/schemas/S{other}'}}, c: {{type: string}}}}}}\n"
        ));
    }
    let paths = "paths:\n  /a: {get: {operationId: a, responses: {'200': {description: A, content: {application/json: {schema: {$ref: '#/components/schemas/S0'}}}}}}}\n";
    let old = small(&format!("{paths}{schemas}"));
    let new = small(&format!(
        "{paths}{}",
        schemas.replace("c: {type: string}", "c: {type: integer}")
    ));
    let found = compare(&old, &new);
    assert_eq!(found.len(), 2000);
    assert!(found.iter().all(|finding| finding.operations == ["a"]));
}

#[test]
fn the_users_api_is_itself_and_one_edit_of_it_is_one_change() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../spec/users-api.yaml");
    let text = std::fs::read_to_string(path).unwrap();
    let wanted = "- analytics:userObservation:view\n";
    let edited = text.replacen(wanted, "- analytics:userObservation:admin\n", 1);
    assert_ne!(edited, text);
    let (old, new) = (side(&text), side(&edited));
    assert_eq!(compare(&old, &old), []);
    let found = compare(&old, &new);
    assert_eq!(
        shown(&found),
        [
            "breaking permissions-changed: `postAnalyticsUsersActivityQuery`: the required permissions changed from `analytics:userObservation:view` to `analytics:userObservation:admin`"
        ]
    );
}
