//! Edits of schemas and their properties, in both directions.

use super::*;

#[test]
fn edits_of_properties() {
    check(&[
        (
            "removed where it is read and written",
            &[("        street: {type: string}\n", "")],
            &[
                "breaking request-property-removed: `Address.street` was removed",
                "breaking response-property-removed: `Address.street` was removed",
            ],
        ),
        (
            "added",
            &[(
                "        street: {type: string}",
                "        street: {type: string}\n        zip: {type: string}",
            )],
            &[
                "compatible request-property-added: `Address.zip` was added",
                "compatible response-property-added: `Address.zip` was added",
            ],
        ),
        (
            "added, and required",
            &[
                ("      required: [city]\n", "      required: [city, zip]\n"),
                (
                    "        street: {type: string}",
                    "        street: {type: string}\n        zip: {type: string}",
                ),
            ],
            &[
                "breaking request-property-added-required: `Address.zip` was added and is required",
                "compatible response-property-added: `Address.zip` was added",
            ],
        ),
        (
            "required",
            &[(
                "      required: [city]\n",
                "      required: [city, street]\n",
            )],
            &[
                "breaking request-property-became-required: `Address.street` is now required",
                "compatible response-property-became-required: `Address.street` is now required",
            ],
        ),
        (
            "not required",
            &[("      required: [city]\n", "")],
            &[
                "compatible request-property-became-optional: `Address.city` is no longer required",
                "breaking response-property-became-optional: `Address.city` is no longer required",
            ],
        ),
        (
            "another type",
            &[("city: {type: string}", "city: {type: integer}")],
            &[
                "breaking request-type-changed: `Address.city`: the type changed from `string` to `integer`",
                "breaking response-type-changed: `Address.city`: the type changed from `string` to `integer`",
            ],
        ),
        (
            "every integer is a number",
            &[(
                "step: {type: integer, multipleOf",
                "step: {type: number, multipleOf",
            )],
            &[
                "compatible request-type-widened: `User.step`: the type changed from `integer` to `number`",
                "breaking response-type-widened: `User.step`: the type changed from `integer` to `number`",
            ],
        ),
        (
            "a number becomes an integer",
            &[("score: {type: number}", "score: {type: integer}")],
            &[
                "breaking request-type-narrowed: `User.score`: the type changed from `number` to `integer`",
                "compatible response-type-narrowed: `User.score`: the type changed from `number` to `integer`",
            ],
        ),
        (
            "any value",
            &[("city: {type: string}", "city: {}")],
            &[
                "compatible request-type-widened: `Address.city`: the type changed from `string` to any value",
                "breaking response-type-widened: `Address.city`: the type changed from `string` to any value",
            ],
        ),
        (
            "another format",
            &[("format: date}", "format: date-time}")],
            &[
                "breaking request-format-changed: `User.born`: the format changed from `date` to `date-time`",
                "breaking response-format-changed: `User.born`: the format changed from `date` to `date-time`",
            ],
        ),
        (
            "a format that is only a text",
            &[(
                "city: {type: string}",
                "city: {type: string, format: hostname}",
            )],
            &[
                "risky request-format-changed: `Address.city`: the format `hostname` was added",
                "risky response-format-changed: `Address.city`: the format `hostname` was added",
            ],
        ),
        (
            "null",
            &[(
                "city: {type: string}",
                "city: {type: string, nullable: true}",
            )],
            &[
                "compatible request-became-nullable: `Address.city` is now nullable",
                "breaking response-became-nullable: `Address.city` is now nullable",
            ],
        ),
        (
            "no null",
            &[(
                "coupon: {type: string, nullable: true}",
                "coupon: {type: string}",
            )],
            &[
                "breaking request-no-longer-nullable: `coupon` in the body of `putOrder` is no longer nullable",
            ],
        ),
        (
            "read-only",
            &[(
                "city: {type: string}",
                "city: {type: string, readOnly: true}",
            )],
            &["breaking request-property-became-read-only: `Address.city` is now read-only"],
        ),
        (
            "not read-only, and required",
            &[("id: {type: string, readOnly: true}", "id: {type: string}")],
            &["breaking request-property-no-longer-read-only: `User.id` is no longer read-only"],
        ),
        (
            "write-only",
            &[(
                "city: {type: string}",
                "city: {type: string, writeOnly: true}",
            )],
            &["breaking response-property-became-write-only: `Address.city` is now write-only"],
        ),
        (
            "deprecated",
            &[(
                "city: {type: string}",
                "city: {type: string, deprecated: true}",
            )],
            &["risky property-deprecated: `Address.city` is now deprecated"],
        ),
        (
            "a default",
            &[(
                "city: {type: string}",
                "city: {type: string, default: Rome}",
            )],
            &[
                "risky request-default-changed: `Address.city`: the default `Rome` was added",
                "compatible response-default-changed: `Address.city`: the default `Rome` was added",
            ],
        ),
        (
            "no other properties",
            &[(
                "extras: {type: object, additionalProperties: {type: string}}",
                "extras: {type: object, additionalProperties: false}",
            )],
            &[
                "compatible response-additional-properties-closed: `extras` in the response 200 of `putOrder` no longer permits properties that are not listed",
            ],
        ),
        (
            "other properties of another type",
            &[(
                "additionalProperties: {type: string}",
                "additionalProperties: {type: integer}",
            )],
            &[
                "breaking response-type-changed: `extras{}` in the response 200 of `putOrder`: the type changed from `string` to `integer`",
            ],
        ),
        (
            "other properties",
            &[("      additionalProperties: false\n", "")],
            &[
                "compatible request-additional-properties-opened: `NewUser` now permits properties that are not listed",
            ],
        ),
        (
            "words",
            &[("description: A person.", "description: Somebody.")],
            &["docs description-changed: `User`: the description changed"],
        ),
    ]);
}

#[test]
fn edits_beside_and_in_place_of_references() {
    check(&[
        (
            "null beside a reference",
            &[(
                "address: {$ref: '#/components/schemas/Address'}",
                "address: {allOf: [{$ref: '#/components/schemas/Address'}], nullable: true, deprecated: true}",
            )],
            &[
                "compatible request-became-nullable: `User.address` is now nullable",
                "breaking response-became-nullable: `User.address` is now nullable",
                "risky property-deprecated: `User.address` is now deprecated",
            ],
        ),
        (
            "a text in place of a reference",
            &[(
                "address: {$ref: '#/components/schemas/Address'}",
                "address: {type: string}",
            )],
            &[
                "breaking request-type-changed: `User.address`: the type changed from `object` to `string`",
                "breaking response-type-changed: `User.address`: the type changed from `object` to `string`",
            ],
        ),
        (
            "a reference in place of a text",
            &[(
                "name: {type: string}",
                "name: {$ref: '#/components/schemas/Address'}",
            )],
            &[
                "breaking request-type-changed: `User.name`: the type changed from `string` to `object`",
                "breaking response-type-changed: `User.name`: the type changed from `string` to `object`",
            ],
        ),
        (
            "a base with more properties",
            &[(
                "        type: {type: string}\n",
                "        type: {type: string}\n        at: {type: string}\n",
            )],
            &["compatible response-property-added: `Event.at` was added"],
        ),
    ]);
}

#[test]
fn tuples_are_compared_item_by_item() {
    let tuple = |items: &str| {
        side(&format!(
            "openapi: 3.1.0\ninfo: {{title: A, version: '1'}}\npaths:\n  /a: {{get: {{operationId: a, responses: {{'200': {{description: A, content: {{application/json: {{schema: {{type: array, prefixItems: {items}, items: false}}}}}}}}}}}}}}\n"
        ))
    };
    let old = tuple("[{type: string}, {type: integer}]");
    assert_eq!(
        shown(&compare(&old, &tuple("[{type: string}, {type: string}]"))),
        [
            "breaking response-type-changed: `[1]` in the response 200 of `a`: the type changed from `integer` to `string`"
        ]
    );
    assert_eq!(
        shown(&compare(&old, &tuple("[{type: string}]"))),
        [
            "breaking response-type-changed: the response 200 of `a`: the type changed from a list of exactly 2 to a list of exactly 1"
        ]
    );
}

#[test]
fn edits_of_names() {
    let renamed = BASE
        .replace("schemas/Address'", "schemas/Location'")
        .replace("    Address:\n", "    Location:\n");
    let base = side(BASE);
    assert_eq!(
        shown(&compare(&base, &side(&renamed))),
        ["breaking schema-renamed: the schema `Address` was renamed to `Location`"]
    );
    let also_edited = renamed.replace("        street: {type: string}\n", "");
    assert_eq!(
        shown(&compare(&base, &side(&also_edited))),
        [
            "breaking schema-renamed: the schema `Address` was renamed to `Location`",
            "breaking request-property-removed: `Address.street` was removed",
            "breaking response-property-removed: `Address.street` was removed",
        ]
    );
    check(&[(
        "another schema",
        &[(
            "manager: {$ref: '#/components/schemas/User'}",
            "manager: {$ref: '#/components/schemas/Address'}",
        )],
        &["breaking schema-replaced: `User.manager`: the schema changed from `User` to `Address`"],
    )]);
}

#[test]
fn what_responses_lack_is_tolerated_where_the_configuration_says_so() {
    let tolerate = "required_in_responses = 'tolerate'";
    let edits = [
        ("      required: [city]\n", ""),
        (
            "street: {type: string}",
            "street: {type: string, nullable: true}",
        ),
    ];
    let found = compare(
        &with_config(BASE, tolerate),
        &with_config(&edited("tolerated", &edits), tolerate),
    );
    assert_eq!(
        shown(&found),
        [
            "compatible request-property-became-optional: `Address.city` is no longer required",
            "risky response-property-became-optional: `Address.city` is no longer required",
            "compatible request-became-nullable: `Address.street` is now nullable",
            "risky response-became-nullable: `Address.street` is now nullable",
        ]
    );
}
