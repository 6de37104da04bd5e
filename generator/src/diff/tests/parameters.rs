//! Edits of parameters.

use super::*;

#[test]
fn edits_of_parameters() {
    check(&[
        (
            "required",
            &[(
                "{name: pageSize, in: query,",
                "{name: pageSize, in: query, required: true,",
            )],
            &[
                "breaking request-parameter-became-required: the parameter `pageSize` of `getUsers` is required now",
            ],
        ),
        (
            "removed",
            &[(
                "        - {name: X-Trace, in: header, schema: {type: string}}\n",
                "",
            )],
            &[
                "breaking request-parameter-removed: the header parameter `X-Trace` of `getUsers` is gone",
            ],
        ),
        (
            "added",
            &[(
                "        - {name: X-Trace,",
                "        - {name: order, in: query, schema: {type: string}}\n        - {name: X-Trace,",
            )],
            &["compatible request-parameter-added: the parameter `order` of `getUsers` is new"],
        ),
        (
            "added, and required",
            &[(
                "        - {name: X-Trace,",
                "        - {name: order, in: query, required: true, schema: {type: string}}\n        - {name: X-Trace,",
            )],
            &[
                "breaking request-parameter-added-required: the parameter `order` of `getUsers` is new, and required",
            ],
        ),
        (
            "moved",
            &[("{name: X-Trace, in: header,", "{name: X-Trace, in: query,")],
            &[
                "breaking request-parameter-moved: the header parameter `X-Trace` of `getUsers` goes to the query now, went to the header",
            ],
        ),
        (
            "the case of a header",
            &[("{name: X-Trace,", "{name: x-trace,")],
            &[],
        ),
        (
            "a header that is set elsewhere",
            &[(
                "        - {name: X-Trace,",
                "        - {name: Accept, in: header, schema: {type: string}}\n        - {name: X-Trace,",
            )],
            &[],
        ),
        (
            "another type",
            &[(
                "{name: X-Trace, in: header, schema: {type: string}}",
                "{name: X-Trace, in: header, schema: {type: integer}}",
            )],
            &[
                "breaking request-type-changed: the header parameter `X-Trace` of `getUsers`: the type is `integer` now, was `string`",
            ],
        ),
        (
            "another format",
            &[(
                "{name: pageNumber, in: query, schema: {type: integer, format: int32}}",
                "{name: pageNumber, in: query, schema: {type: integer, format: int64}}",
            )],
            &[
                "breaking request-format-changed: the parameter `pageNumber` of `getUsers`: the format is `int64` now, was `int32`",
            ],
        ),
        (
            "another style",
            &[(
                "{name: state, in: query, schema",
                "{name: state, in: query, style: pipeDelimited, schema",
            )],
            &[
                "breaking request-parameter-style-changed: the parameter `state` of `getUsers` is written in style `pipeDelimited` now, was in `form`",
            ],
        ),
        (
            "no explode",
            &[(
                "{name: state, in: query, schema",
                "{name: state, in: query, explode: false, schema",
            )],
            &[
                "breaking request-parameter-explode-changed: the parameter `state` of `getUsers` has all values behind one name now (no `explode`)",
            ],
        ),
        (
            "no explode of one value",
            &[(
                "{name: pageNumber, in: query,",
                "{name: pageNumber, in: query, explode: false,",
            )],
            &[],
        ),
        (
            "another default",
            &[("default: 25", "default: 50")],
            &[
                "risky request-default-changed: the parameter `pageSize` of `getUsers`: the default is `50` now, was `25`",
            ],
        ),
        (
            "a lower limit",
            &[("maximum: 100", "maximum: 50")],
            &[
                "breaking request-bound-narrowed: the parameter `pageSize` of `getUsers`: `maximum` is 50 now, was 100",
            ],
        ),
        (
            "no limit",
            &[(" maximum: 100,", "")],
            &[
                "compatible request-bound-widened: the parameter `pageSize` of `getUsers`: `maximum` was 100, is not limited now",
            ],
        ),
        (
            "values of the items",
            &[("enum: [active, deleted]", "enum: [active, gone]")],
            &[
                "compatible request-enum-value-added: `[]` in the parameter `state` of `getUsers`: the value `gone` is new",
                "breaking request-enum-value-removed: `[]` in the parameter `state` of `getUsers`: the value `deleted` is gone",
            ],
        ),
        (
            "deprecated",
            &[(
                "{name: pageNumber, in: query,",
                "{name: pageNumber, in: query, deprecated: true,",
            )],
            &[
                "risky request-parameter-deprecated: the parameter `pageNumber` of `getUsers` is deprecated now",
            ],
        ),
        (
            "words",
            &[("description: A language.", "description: The language.")],
            &[
                "words description-changed: the shared parameter `Language`: the description reads differently",
            ],
        ),
        (
            "a shared parameter",
            &[("maxLength: 5", "maxLength: 2")],
            &[
                "breaking request-bound-narrowed: the shared parameter `Language`: `maxLength` is 2 now, was 5",
            ],
        ),
        (
            "a parameter of the path",
            &[(
                "in: path, required: true, schema: {type: string}",
                "in: path, required: true, schema: {type: string, format: uuid}",
            )],
            &[
                "breaking request-format-changed: the path parameter `userId` of `deleteUser`: the format is `uuid` now, there was none",
            ],
        ),
    ]);
}

#[test]
fn a_shared_parameter_is_told_once_for_all_operations() {
    let base = side(BASE);
    let text = edited("lang", &[("maxLength: 5", "maxLength: 2")]);
    let found = compare(&base, &side(&text));
    assert_eq!(found[0].operations, ["getUser", "getUsers"]);
}
