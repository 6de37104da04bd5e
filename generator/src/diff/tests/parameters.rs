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
                "breaking request-parameter-became-required: the parameter `pageSize` of `getUsers` is now required",
            ],
        ),
        (
            "removed",
            &[(
                "        - {name: X-Trace, in: header, schema: {type: string}}\n",
                "",
            )],
            &[
                "breaking request-parameter-removed: the header parameter `X-Trace` of `getUsers` was removed",
            ],
        ),
        (
            "added",
            &[(
                "        - {name: X-Trace,",
                "        - {name: order, in: query, schema: {type: string}}\n        - {name: X-Trace,",
            )],
            &["compatible request-parameter-added: the parameter `order` of `getUsers` was added"],
        ),
        (
            "added, and required",
            &[(
                "        - {name: X-Trace,",
                "        - {name: order, in: query, required: true, schema: {type: string}}\n        - {name: X-Trace,",
            )],
            &[
                "breaking request-parameter-added-required: the parameter `order` of `getUsers` was added and is required",
            ],
        ),
        (
            "moved",
            &[("{name: X-Trace, in: header,", "{name: X-Trace, in: query,")],
            &[
                "breaking request-parameter-moved: the header parameter `X-Trace` of `getUsers` moved from the header to the query",
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
                "breaking request-type-changed: the header parameter `X-Trace` of `getUsers`: the type changed from `string` to `integer`",
            ],
        ),
        (
            "another format",
            &[(
                "{name: pageNumber, in: query, schema: {type: integer, format: int32}}",
                "{name: pageNumber, in: query, schema: {type: integer, format: int64}}",
            )],
            &[
                "breaking request-format-changed: the parameter `pageNumber` of `getUsers`: the format changed from `int32` to `int64`",
            ],
        ),
        (
            "another style",
            &[(
                "{name: state, in: query, schema",
                "{name: state, in: query, style: pipeDelimited, schema",
            )],
            &[
                "breaking request-parameter-style-changed: the parameter `state` of `getUsers`: the style changed from `form` to `pipeDelimited`",
            ],
        ),
        (
            "no explode",
            &[(
                "{name: state, in: query, schema",
                "{name: state, in: query, explode: false, schema",
            )],
            &[
                "breaking request-parameter-explode-changed: the parameter `state` of `getUsers` now joins all values behind one name (no `explode`)",
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
                "risky request-default-changed: the parameter `pageSize` of `getUsers`: the default changed from `25` to `50`",
            ],
        ),
        (
            "a lower limit",
            &[("maximum: 100", "maximum: 50")],
            &[
                "breaking request-bound-narrowed: the parameter `pageSize` of `getUsers`: `maximum` changed from 100 to 50",
            ],
        ),
        (
            "no limit",
            &[(" maximum: 100,", "")],
            &[
                "compatible request-bound-widened: the parameter `pageSize` of `getUsers`: `maximum` 100 was removed",
            ],
        ),
        (
            "values of the items",
            &[("enum: [active, deleted]", "enum: [active, gone]")],
            &[
                "compatible request-enum-value-added: `[]` in the parameter `state` of `getUsers`: the value `gone` was added",
                "breaking request-enum-value-removed: `[]` in the parameter `state` of `getUsers`: the value `deleted` was removed",
            ],
        ),
        (
            "deprecated",
            &[(
                "{name: pageNumber, in: query,",
                "{name: pageNumber, in: query, deprecated: true,",
            )],
            &[
                "risky request-parameter-deprecated: the parameter `pageNumber` of `getUsers` is now deprecated",
            ],
        ),
        (
            "words",
            &[("description: A language.", "description: The language.")],
            &["docs description-changed: the shared parameter `Language`: the description changed"],
        ),
        (
            "a shared parameter",
            &[("maxLength: 5", "maxLength: 2")],
            &[
                "breaking request-bound-narrowed: the shared parameter `Language`: `maxLength` changed from 5 to 2",
            ],
        ),
        (
            "a parameter of the path",
            &[(
                "in: path, required: true, schema: {type: string}",
                "in: path, required: true, schema: {type: string, format: uuid}",
            )],
            &[
                "breaking request-format-changed: the path parameter `userId` of `deleteUser`: the format `uuid` was added",
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
