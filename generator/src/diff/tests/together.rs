//! What holds at once, what is told apart, and what is written in two ways.

use super::*;

const TOGETHER: &str = include_str!("together.yaml");

#[test]
fn edits_of_what_holds_at_once() {
    check_of(
        TOGETHER,
        &[
            (
                "a bound behind another",
                &[("maxLength: 50", "maxLength: 20")],
                &[
                    "breaking request-bound-narrowed: `Thing.word`: `maxLength` changed from 50 to 20",
                ],
            ),
            (
                "a bound that another one hides",
                &[("maxLength: 100", "maxLength: 90")],
                &[],
            ),
            (
                "a bound that was hidden",
                &[("maxLength: 100", "maxLength: 10")],
                &[
                    "breaking request-bound-narrowed: `Thing.word`: `maxLength` changed from 50 to 10",
                ],
            ),
            (
                "one of two patterns",
                &[("'z$'", "'y$'")],
                &[
                    "breaking request-bound-narrowed: `Thing.word`: `pattern` changed from `^a` and `z$` to `^a` and `y$`",
                ],
            ),
            (
                "a value that only one of two lists has",
                &[("enum: [a, b, c]", "enum: [a, b, d]")],
                &[],
            ),
            (
                "a value that both lists had",
                &[("enum: [a, b, c]", "enum: [a, c]")],
                &["breaking request-enum-value-removed: `Thing.word`: the value `b` was removed"],
            ),
            (
                "a fact beside a reference",
                &[("pattern: 'z$'}]", "pattern: 'z$', readOnly: true}]")],
                &["breaking request-property-became-read-only: `Thing.word` is now read-only"],
            ),
            (
                "an exclusive limit of integers that is the same",
                &[("minimum: 1,", "minimum: 0, exclusiveMinimum: true,")],
                &[],
            ),
            (
                "a multiple of more",
                &[("multipleOf: 0.3", "multipleOf: 0.1")],
                &[
                    "compatible request-bound-widened: `Thing.count`: `multipleOf` changed from 0.3 to 0.1",
                ],
            ),
            (
                "numbers written otherwise",
                &[
                    ("enum: [1, 2]", "enum: [1.0, 2.0]"),
                    ("default: 1}", "default: 1.0}"),
                ],
                &[],
            ),
            (
                "alternatives without names in another order",
                &[
                    (
                        "enum: [one]}, v: {type: string}",
                        "enum: [two]}, v: {type: string, nullable: false}",
                    ),
                    (
                        "enum: [two]}, v: {type: string}}}\n        holder",
                        "enum: [one]}, v: {type: string}}}\n        holder",
                    ),
                ],
                &[],
            ),
            (
                "the same of both alternatives without names",
                &[
                    (
                        "enum: [one]}, v: {type: string}",
                        "enum: [one]}, v: {type: string, maxLength: 3}",
                    ),
                    (
                        "enum: [two]}, v: {type: string}",
                        "enum: [two]}, v: {type: string, maxLength: 3}",
                    ),
                ],
                &[
                    "breaking request-bound-narrowed: `Thing.several<1>.v`: `maxLength` 3 was added",
                    "breaking request-bound-narrowed: `Thing.several<2>.v`: `maxLength` 3 was added",
                ],
            ),
            (
                "names that look like steps",
                &[
                    ("a.b: {type: string}", "a.b: {type: string, maxLength: 3}"),
                    ("{b: {type: string}}", "{b: {type: string, maxLength: 3}}"),
                ],
                &[
                    "breaking request-bound-narrowed: `Thing.\"a.b\"`: `maxLength` 3 was added",
                    "breaking request-bound-narrowed: `Thing.a.b`: `maxLength` 3 was added",
                ],
            ),
            (
                "a schema that must not hold, in another order",
                &[(
                    "{required: [x, y], type: object}",
                    "{type: object, required: [y, x]}",
                )],
                &[],
            ),
            (
                "one of several properties must be there",
                &[(
                    "r: {type: string}}}",
                    "r: {type: string}}, anyOf: [{required: [l]}, {required: [r]}]}",
                )],
                &[
                    "breaking request-bound-narrowed: `Thing.choice`: `anyOf` `[[\"l\"],[\"r\"]]` was added",
                ],
            ),
            (
                "a property that is required and not listed",
                &[("required: [word]", "required: [word, lost]")],
                &["breaking request-property-became-required: `Thing.lost` is now required"],
            ),
            (
                "a tag of what is made from a base",
                &[(
                    "{propertyName: is}",
                    "{propertyName: is, mapping: {dog: '#/components/schemas/Dog'}}",
                )],
                &[
                    "compatible discriminator-value-added: `Pet`: the discriminator value `dog` now maps to `Dog`",
                    "breaking discriminator-value-removed: `Pet`: the discriminator value `Dog` no longer maps to `Dog`",
                ],
            ),
            (
                "what is made from what is made from a base",
                &[("{age: {type: integer}}", "{age: {type: string}}")],
                &[
                    "breaking response-type-changed: `Pup.age`: the type changed from `integer` to `string`",
                ],
            ),
            (
                "one of two ways of the same schemes",
                &[(
                    "[{login: [read]}, {key: [], login: [write]}]",
                    "[{login: [read]}, {login: [write]}]",
                )],
                &["compatible security-alternative-added: the API now accepts `login` for `write`"],
            ),
            (
                "a flow",
                &[(
                    "      flows:\n",
                    "      flows:\n        password: {tokenUrl: 'https://a.test/token', scopes: {}}\n",
                )],
                &[
                    "compatible security-scheme-flow-added: the security scheme `login` is now also OAuth 2, by password at `https://a.test/token`",
                ],
            ),
            (
                "a bare list of permissions",
                &[("[see]", "[see, do]")],
                &[
                    "breaking permissions-narrowed: `useOther`: the required permissions changed from `see` to all of `do`, `see`",
                ],
            ),
            (
                "a server with a slash behind it",
                &[("'https://a.test'}]", "'https://a.test/'}]")],
                &[],
            ),
            (
                "two of one name go",
                &[(
                    "        - {name: id, in: query, schema: {type: string}}\n        - {name: id, in: header, schema: {type: string}}\n",
                    "",
                )],
                &[
                    "breaking request-parameter-removed: the header parameter `id` of `sendThing` was removed",
                    "breaking request-parameter-removed: the parameter `id` of `sendThing` was removed",
                ],
            ),
            (
                "how a union is joined",
                &[("explode: true", "explode: false")],
                &[
                    "breaking request-parameter-explode-changed: the parameter `mixed` of `sendThing` now joins all values behind one name (no `explode`)",
                ],
            ),
            (
                "how a text would be joined",
                &[("style: form, schema", "style: spaceDelimited, schema")],
                &[],
            ),
            (
                "a parameter of another media type",
                &[(
                    "content: {application/json: {schema: {type: object}}}",
                    "content: {application/xml: {schema: {type: object}}}",
                )],
                &[
                    "breaking request-parameter-style-changed: the parameter `shape` of `sendThing`: the style changed from `JSON` to `application/xml`",
                ],
            ),
            (
                "a header is deprecated",
                &[(
                    "{X-Left: {schema: {type: integer}}}",
                    "{X-Left: {deprecated: true, schema: {type: integer}}}",
                )],
                &[
                    "compatible response-header-deprecated: the header `X-Left` of response 200 of `sendThing` is now deprecated",
                ],
            ),
            (
                "a media type with a parameter goes",
                &[(
                    "            application/json; v=2: {schema: {type: string}}\n",
                    "",
                )],
                &[
                    "breaking response-media-type-removed: the response 200 of `sendThing`: the media type `application/json; v=2` was removed",
                ],
            ),
            (
                "a media type with a parameter is of another schema",
                &[(
                    "v=2: {schema: {type: string}}",
                    "v=2: {schema: {type: integer}}",
                )],
                &[
                    "breaking response-type-changed: the response 200 of `sendThing`: the type changed from `string` to `integer`",
                ],
            ),
            (
                "a body that was of a schema may be anything",
                &[(
                    "requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Used'}}}}",
                    "requestBody: {content: {application/json: {}}}",
                )],
                &[
                    "compatible request-type-widened: the body of `useIt`: the type changed from `object` to any value",
                ],
            ),
            (
                "a schema in the place of another",
                &[(
                    "requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Used'}}}}",
                    "requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Other'}}}}",
                )],
                &[
                    "breaking schema-replaced: the body of `useIt`: the schema changed from `Used` to `Other`",
                    "breaking request-type-changed: `v` in the body of `useIt`: the type changed from `string` to `integer`",
                ],
            ),
            (
                "a schema in the place of another, behind a text",
                &[(
                    "allOf: [{$ref: '#/components/schemas/Used'}]",
                    "allOf: [{$ref: '#/components/schemas/Other'}]",
                )],
                &[
                    "breaking schema-replaced: `Thing.holder`: the schema changed from `Used` to `Other`",
                    "breaking request-type-changed: `Thing.holder.v`: the type changed from `string` to `integer`",
                ],
            ),
            (
                "two lists that have no value in common",
                &[("enum: [a, b], pattern", "enum: [z], pattern")],
                &[
                    "breaking request-enum-value-removed: `Thing.word`: the value `a` was removed",
                    "breaking request-enum-value-removed: `Thing.word`: the value `b` was removed",
                ],
            ),
        ],
    );
}
