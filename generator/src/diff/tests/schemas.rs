//! Edits of schemas and their properties, in both directions.

use super::*;

#[test]
fn edits_of_properties() {
    check(&[
        (
            "removed where it is read and written",
            &[("        street: {type: string}\n", "")],
            &[
                "breaking request-property-removed: `Address.street` is gone",
                "breaking response-property-removed: `Address.street` is gone",
            ],
        ),
        (
            "added",
            &[(
                "        street: {type: string}",
                "        street: {type: string}\n        zip: {type: string}",
            )],
            &[
                "compatible request-property-added: `Address.zip` is new",
                "compatible response-property-added: `Address.zip` is new",
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
                "breaking request-property-added-required: `Address.zip` is new, and required",
                "compatible response-property-added: `Address.zip` is new",
            ],
        ),
        (
            "required",
            &[(
                "      required: [city]\n",
                "      required: [city, street]\n",
            )],
            &[
                "breaking request-property-became-required: `Address.street` is required now",
                "compatible response-property-became-required: `Address.street` is required now",
            ],
        ),
        (
            "not required",
            &[("      required: [city]\n", "")],
            &[
                "compatible request-property-became-optional: `Address.city` is not required any more",
                "breaking response-property-became-optional: `Address.city` is not required any more",
            ],
        ),
        (
            "another type",
            &[("city: {type: string}", "city: {type: integer}")],
            &[
                "breaking request-type-changed: `Address.city`: the type is `integer` now, was `string`",
                "breaking response-type-changed: `Address.city`: the type is `integer` now, was `string`",
            ],
        ),
        (
            "every integer is a number",
            &[(
                "step: {type: integer, multipleOf",
                "step: {type: number, multipleOf",
            )],
            &[
                "compatible request-type-widened: `User.step`: the type is `number` now, was `integer`",
                "breaking response-type-widened: `User.step`: the type is `number` now, was `integer`",
            ],
        ),
        (
            "a number becomes an integer",
            &[("score: {type: number}", "score: {type: integer}")],
            &[
                "breaking request-type-narrowed: `User.score`: the type is `integer` now, was `number`",
                "compatible response-type-narrowed: `User.score`: the type is `integer` now, was `number`",
            ],
        ),
        (
            "any value",
            &[("city: {type: string}", "city: {}")],
            &[
                "compatible request-type-widened: `Address.city`: the type is any value now, was `string`",
                "breaking response-type-widened: `Address.city`: the type is any value now, was `string`",
            ],
        ),
        (
            "another format",
            &[("format: date}", "format: date-time}")],
            &[
                "breaking request-format-changed: `User.born`: the format is `date-time` now, was `date`",
                "breaking response-format-changed: `User.born`: the format is `date-time` now, was `date`",
            ],
        ),
        (
            "a format that is only a text",
            &[(
                "city: {type: string}",
                "city: {type: string, format: hostname}",
            )],
            &[
                "risky request-format-changed: `Address.city`: the format is `hostname` now, there was none",
                "risky response-format-changed: `Address.city`: the format is `hostname` now, there was none",
            ],
        ),
        (
            "null",
            &[(
                "city: {type: string}",
                "city: {type: string, nullable: true}",
            )],
            &[
                "compatible request-became-nullable: `Address.city` may be null now",
                "breaking response-became-nullable: `Address.city` may be null now",
            ],
        ),
        (
            "no null",
            &[(
                "coupon: {type: string, nullable: true}",
                "coupon: {type: string}",
            )],
            &[
                "breaking request-no-longer-nullable: `coupon` in the body of `putOrder` may not be null any more",
            ],
        ),
        (
            "read-only",
            &[(
                "city: {type: string}",
                "city: {type: string, readOnly: true}",
            )],
            &["breaking request-property-became-read-only: `Address.city` is read-only now"],
        ),
        (
            "not read-only, and required",
            &[("id: {type: string, readOnly: true}", "id: {type: string}")],
            &["breaking request-property-no-longer-read-only: `User.id` is not read-only any more"],
        ),
        (
            "write-only",
            &[(
                "city: {type: string}",
                "city: {type: string, writeOnly: true}",
            )],
            &["breaking response-property-became-write-only: `Address.city` is write-only now"],
        ),
        (
            "deprecated",
            &[(
                "city: {type: string}",
                "city: {type: string, deprecated: true}",
            )],
            &["risky property-deprecated: `Address.city` is deprecated now"],
        ),
        (
            "a default",
            &[(
                "city: {type: string}",
                "city: {type: string, default: Rome}",
            )],
            &[
                "risky request-default-changed: `Address.city`: the default is `Rome` now, there was none",
                "compatible response-default-changed: `Address.city`: the default is `Rome` now, there was none",
            ],
        ),
        (
            "no other properties",
            &[(
                "extras: {type: object, additionalProperties: {type: string}}",
                "extras: {type: object, additionalProperties: false}",
            )],
            &[
                "compatible response-additional-properties-closed: `extras` in the response 200 of `putOrder` has no properties beside the listed ones now",
            ],
        ),
        (
            "other properties of another type",
            &[(
                "additionalProperties: {type: string}",
                "additionalProperties: {type: integer}",
            )],
            &[
                "breaking response-type-changed: `extras{}` in the response 200 of `putOrder`: the type is `integer` now, was `string`",
            ],
        ),
        (
            "other properties",
            &[("      additionalProperties: false\n", "")],
            &[
                "compatible request-additional-properties-opened: `NewUser` may have properties that are not listed now",
            ],
        ),
        (
            "words",
            &[("description: A person.", "description: Somebody.")],
            &["words description-changed: `User`: the description reads differently"],
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
                "compatible request-became-nullable: `User.address` may be null now",
                "breaking response-became-nullable: `User.address` may be null now",
                "risky property-deprecated: `User.address` is deprecated now",
            ],
        ),
        (
            "a text in place of a reference",
            &[(
                "address: {$ref: '#/components/schemas/Address'}",
                "address: {type: string}",
            )],
            &[
                "breaking request-type-changed: `User.address`: the type is `string` now, was `object`",
                "breaking response-type-changed: `User.address`: the type is `string` now, was `object`",
            ],
        ),
        (
            "a reference in place of a text",
            &[(
                "name: {type: string}",
                "name: {$ref: '#/components/schemas/Address'}",
            )],
            &[
                "breaking request-type-changed: `User.name`: the type is `object` now, was `string`",
                "breaking response-type-changed: `User.name`: the type is `object` now, was `string`",
            ],
        ),
        (
            "a base with more properties",
            &[(
                "        type: {type: string}\n",
                "        type: {type: string}\n        at: {type: string}\n",
            )],
            &["compatible response-property-added: `Event.at` is new"],
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
            "breaking response-type-changed: `[1]` in the response 200 of `a`: the type is `string` now, was `integer`"
        ]
    );
    assert_eq!(
        shown(&compare(&old, &tuple("[{type: string}]"))),
        [
            "breaking response-type-changed: the response 200 of `a`: the type is a list of exactly 1 now, was a list of exactly 2"
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
        ["breaking schema-renamed: the schema `Address` is called `Location` now"]
    );
    let also_edited = renamed.replace("        street: {type: string}\n", "");
    assert_eq!(
        shown(&compare(&base, &side(&also_edited))),
        [
            "breaking schema-renamed: the schema `Address` is called `Location` now",
            "breaking request-property-removed: `Address.street` is gone",
            "breaking response-property-removed: `Address.street` is gone",
        ]
    );
    check(&[(
        "another schema",
        &[(
            "manager: {$ref: '#/components/schemas/User'}",
            "manager: {$ref: '#/components/schemas/Address'}",
        )],
        &["breaking schema-replaced: `User.manager` is a `Address` now, was a `User`"],
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
            "compatible request-property-became-optional: `Address.city` is not required any more",
            "risky response-property-became-optional: `Address.city` is not required any more",
            "compatible request-became-nullable: `Address.street` may be null now",
            "risky response-became-nullable: `Address.street` may be null now",
        ]
    );
}
