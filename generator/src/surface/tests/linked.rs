//! From description to surface and back: rendered code and the places it comes from.

use crate::{
    job::{Job, compile, render},
    surface::{Surface, compare, links},
};

const SPEC: &str = r##"
openapi: 3.0.3
info: {title: Pets, version: "1"}
servers: [{url: "https://api.example.com"}]
security: [{key: []}]
paths:
  /pets/{petId}:
    patch:
      operationId: updatePet
      tags: [Pets]
      parameters:
        - {name: petId, in: path, required: true, schema: {type: string}}
        - {name: dryRun, in: query, schema: {type: boolean}}
      requestBody:
        content: {application/json: {schema: {$ref: "#/components/schemas/Pet"}}}
      responses:
        "200":
          description: The pet.
          content: {application/json: {schema: {$ref: "#/components/schemas/Pet"}}}
components:
  securitySchemes:
    key: {type: apiKey, in: header, name: X-Key}
  schemas:
    Pet:
      type: object
      properties:
        name: {type: string}
        type: {type: string, enum: [cat, dog]}
        note: {type: string, nullable: true}
        friend: {$ref: "#/components/schemas/Pet"}
"##;

fn linked(spec: &str) -> Surface {
    let job = Job::from_text("spec.yaml", spec).with_crate_name("pets");
    let compiled = compile(&job).compiled.unwrap();
    let rendered = render(&compiled).unwrap();
    let mut surface = Surface::of(&rendered.files).unwrap();
    let links = links(&compiled);
    for (path, pointer) in &links {
        // Some setters are not rendered: nobody could use them.
        let is_there = surface.get(path).is_some();
        assert!(
            is_there || path.contains("::with_") || path.ends_with("_source"),
            "{path} {pointer}"
        );
    }
    surface.link(&links);
    surface
}

#[test]
fn items_know_where_they_come_from() {
    let surface = linked(SPEC);
    for (path, pointer) in [
        ("pets::Pets::update_pet", "#/paths/~1pets~1{petId}/patch"),
        ("pets::UpdatePet", "#/paths/~1pets~1{petId}/patch"),
        ("pets::UpdatePet::send", "#/paths/~1pets~1{petId}/patch"),
        (
            "pets::UpdatePet::dry_run",
            "#/paths/~1pets~1{petId}/patch/parameters/1",
        ),
        (
            "pets::UpdatePet::body",
            "#/paths/~1pets~1{petId}/patch/requestBody",
        ),
        ("models::Pet", "#/components/schemas/Pet"),
        ("models::Pet: Clone", "#/components/schemas/Pet"),
        (
            "models::Pet::type",
            "#/components/schemas/Pet/properties/type",
        ),
        (
            "models::Pet::with_null_note",
            "#/components/schemas/Pet/properties/note",
        ),
        (
            "models::PetType::Cat",
            "#/components/schemas/Pet/properties/type/enum",
        ),
        ("ClientBuilder::key", "#/components/securitySchemes/key"),
        ("Client::pets", "#/tags"),
    ] {
        let item = surface
            .get(path)
            .unwrap_or_else(|| panic!("{path} is not there"));
        assert_eq!(
            item.pointer.as_ref().map(ToString::to_string).as_deref(),
            Some(pointer),
            "{path}"
        );
    }
}

#[test]
fn changes_of_a_description_are_changes_of_the_surface() {
    let old = linked(SPEC);
    for (from, to, expected) in [
        (
            "[cat, dog]",
            "[cat, dog, fox]",
            &["variant-added models::PetType::Fox"][..],
        ),
        (
            "type: boolean",
            "type: integer",
            &["parameter-type-changed pets::UpdatePet::dry_run"],
        ),
        (
            "name: dryRun",
            "name: dry_run",
            &["wire-name-changed pets::UpdatePet::dry_run"],
        ),
        (
            "name: X-Key",
            "name: X-Api-Key",
            &[
                "security-changed Client::builder",
                "security-changed ClientBuilder::key",
            ],
        ),
        (
            "//api.example",
            "//api2.example",
            &["base-url-changed Client::builder"],
        ),
        (
            "operationId: updatePet",
            "operationId: patchPet",
            &[
                "item-renamed pets::Pets::update_pet",
                "item-renamed pets::UpdatePet",
                "operation-id-changed pets::Pets::update_pet",
            ],
        ),
        (
            "- {name: dryRun, in: query, schema: {type: boolean}}",
            "- {name: dryRun, in: query, required: true, schema: {type: boolean}}",
            &[
                "method-parameter-count-changed pets::Pets::update_pet",
                "item-removed pets::UpdatePet::dry_run",
            ],
        ),
    ] {
        assert!(SPEC.contains(from), "{from}");
        let new = linked(&SPEC.replace(from, to));
        let changes = compare(&old, &new).into_iter();
        let changes = changes.map(|change| format!("{} {}", change.code.as_str(), change.item));
        let changes: Vec<String> = changes
            .filter(|change| !change.starts_with("docs-"))
            .collect();
        assert_eq!(changes, expected, "{from}");
    }
}
