//! Edits of operations: what they are called, where they are, who may call them, what they give.

use super::*;

#[test]
fn edits_of_operations() {
    check(&[
        (
            "renamed",
            &[("operationId: getUsers", "operationId: listUsers")],
            &["breaking operation-renamed: `getUsers` is called `listUsers` now"],
        ),
        (
            "moved",
            &[("  /orders:\n", "  /v2/orders:\n")],
            &["breaking operation-moved: `putOrder` is `PUT /v2/orders` now, was `PUT /orders`"],
        ),
        (
            "another method",
            &[(
                "    put:\n      operationId: putOrder",
                "    post:\n      operationId: putOrder",
            )],
            &["breaking operation-moved: `putOrder` is `POST /orders` now, was `PUT /orders`"],
        ),
        (
            "removed and added",
            &[
                ("  /orders:\n", "  /v2/orders:\n"),
                ("operationId: putOrder", "operationId: replaceOrder"),
            ],
            &[
                "breaking operation-removed: the operation `putOrder` (`PUT /orders`) is gone",
                "compatible operation-added: the operation `replaceOrder` (`PUT /v2/orders`) is new",
            ],
        ),
        (
            "another tag",
            &[("tags: [Orders]", "tags: [Sales]")],
            &[
                "breaking operation-tag-changed: `putOrder` belongs to `Sales` now, belonged to `Orders`",
            ],
        ),
        (
            "deprecated",
            &[(
                "operationId: deleteUser",
                "operationId: deleteUser\n      deprecated: true",
            )],
            &["risky operation-deprecated: `deleteUser` is deprecated now"],
        ),
        (
            "a preview",
            &[(
                "operationId: deleteUser",
                "operationId: deleteUser\n      x-vendor-preview: true",
            )],
            &["risky operation-became-preview: `deleteUser` is a preview now"],
        ),
        (
            "a level of stability",
            &[(
                "operationId: deleteUser",
                "operationId: deleteUser\n      x-stability-level: beta",
            )],
            &["risky operation-became-preview: `deleteUser` is a preview now"],
        ),
        (
            "a server of its own",
            &[(
                "operationId: deleteUser",
                "operationId: deleteUser\n      servers: [{url: 'https://slow.shop.test'}]",
            )],
            &[
                "risky operation-server-changed: `deleteUser` is reached at https://slow.shop.test now, was at the base URL",
            ],
        ),
        (
            "words",
            &[("summary: List users", "summary: List all users")],
            &["words description-changed: `getUsers`: the description reads differently"],
        ),
        (
            "one permission of several is no longer enough",
            &[("['user:view', 'user:admin']", "['user:admin']")],
            &[
                "breaking permissions-narrowed: `getUsers` needs `user:admin` now, needed any of `user:admin`, `user:view`",
            ],
        ),
        (
            "all permissions are needed",
            &[("type: ANY, permissions", "type: ALL, permissions")],
            &[
                "breaking permissions-narrowed: `getUsers` needs all of `user:admin`, `user:view` now, needed any of `user:admin`, `user:view`",
            ],
        ),
        (
            "one more permission will do",
            &[(
                "['user:view', 'user:admin']",
                "['user:view', 'user:admin', 'user:list']",
            )],
            &[
                "compatible permissions-widened: `getUsers` needs any of `user:admin`, `user:list`, `user:view` now, needed any of `user:admin`, `user:view`",
            ],
        ),
        (
            "other permissions",
            &[("['user:view', 'user:admin']", "['user:list']")],
            &[
                "breaking permissions-changed: `getUsers` needs `user:list` now, needed any of `user:admin`, `user:view`",
            ],
        ),
        (
            "no permission",
            &[(
                "      x-vendor-requires-permissions: {type: ANY, permissions: ['user:view', 'user:admin']}\n",
                "",
            )],
            &[
                "compatible permissions-widened: `getUsers` needs no permission now, needed any of `user:admin`, `user:view`",
            ],
        ),
        (
            "error codes",
            &[(
                "{not.found: It is not there.}",
                "{user.not.found: It is not there.}",
            )],
            &[
                "risky error-code-added: the shared response `NotFound`: the error code `user.not.found` is new",
                "risky error-code-removed: the shared response `NotFound`: the error code `not.found` is gone",
            ],
        ),
    ]);
}

#[test]
fn edits_of_bodies_and_responses() {
    check(&[
        (
            "a body is required",
            &[(
                "      requestBody:\n        content:",
                "      requestBody:\n        required: true\n        content:",
            )],
            &["breaking request-body-became-required: the body of `createUser` is required now"],
        ),
        (
            "a body is optional",
            &[(
                "        required: true\n        content:\n          application/json: {schema: {$ref: '#/components/schemas/User'}}",
                "        content:\n          application/json: {schema: {$ref: '#/components/schemas/User'}}",
            )],
            &[
                "compatible request-body-became-optional: the body of `updateUser` is not required any more",
            ],
        ),
        (
            "no body",
            &[(
                "      requestBody:\n        required: true\n        content:\n          application/json: {schema: {$ref: '#/components/schemas/User'}}\n",
                "",
            )],
            &["breaking request-body-removed: the body of `updateUser` is gone"],
        ),
        (
            "a body",
            &[(
                "operationId: deleteUser",
                "operationId: deleteUser\n      requestBody: {content: {application/json: {schema: {type: object}}}}",
            )],
            &["compatible request-body-added: the body of `deleteUser` is new"],
        ),
        (
            "a body that must be given",
            &[(
                "operationId: deleteUser",
                "operationId: deleteUser\n      requestBody: {required: true, content: {application/json: {schema: {type: object}}}}",
            )],
            &[
                "breaking request-body-added-required: the body of `deleteUser` is new, and required",
            ],
        ),
        (
            "other media types of a body",
            &[("application/xml: {schema", "application/cbor: {schema")],
            &[
                "compatible request-media-type-added: the body of `createUser` may be of `application/cbor` now",
                "breaking request-media-type-removed: the body of `createUser` is not of `application/xml` any more",
            ],
        ),
        (
            "a parameter of a media type",
            &[(
                "application/xml: {schema",
                "application/xml; charset=utf-8: {schema",
            )],
            &[],
        ),
        (
            "no text any more",
            &[("            text/plain: {schema: {type: string}}\n", "")],
            &[
                "breaking response-media-type-removed: the response 201 of `createUser` is not of `text/plain` any more",
            ],
        ),
        (
            "another success",
            &[("'204': {description: Gone.}", "'202': {description: Gone.}")],
            &[
                "risky success-status-added: `deleteUser`: the success 202 is new",
                "breaking success-status-removed: `deleteUser`: the success 204 is gone",
            ],
        ),
        (
            "another failure",
            &[(
                "'204': {description: Gone.}",
                "'204': {description: Gone.}\n        '409': {description: Busy.}",
            )],
            &["compatible error-status-added: `deleteUser`: the failure 409 is new"],
        ),
        (
            "one failure less",
            &[(
                "            application/json: {schema: {$ref: '#/components/schemas/UserPage'}}\n        '404': {$ref: '#/components/responses/NotFound'}",
                "            application/json: {schema: {$ref: '#/components/schemas/UserPage'}}",
            )],
            &["risky error-status-removed: `getUsers`: the failure 404 is gone"],
        ),
        (
            "something where nothing was",
            &[(
                "'204': {description: Done.}",
                "'204': {description: Done., content: {text/plain: {schema: {type: string}}}}",
            )],
            &["risky response-body-added: the response 204 of `updateUser` carries something now"],
        ),
        (
            "nothing where something was",
            &[(
                "          description: A page.\n          headers:\n            X-Total: {required: true, schema: {type: integer}}\n          content:\n            application/json: {schema: {$ref: '#/components/schemas/UserPage'}}",
                "          description: A page.\n          headers:\n            X-Total: {required: true, schema: {type: integer}}",
            )],
            &[
                "breaking response-body-removed: the response 200 of `getUsers` carries nothing any more",
            ],
        ),
        (
            "a header goes and one comes",
            &[("X-Total:", "X-Count:")],
            &[
                "compatible response-header-added: the header `X-Count` of response 200 of `getUsers` is new",
                "breaking response-header-removed: the header `X-Total` of response 200 of `getUsers` is gone",
            ],
        ),
        ("the case of a header", &[("X-Total:", "X-TOTAL:")], &[]),
        (
            "a header may be missing",
            &[("X-Total: {required: true, schema", "X-Total: {schema")],
            &[
                "risky response-header-became-optional: the header `X-Total` of response 200 of `getUsers` may be missing now",
            ],
        ),
        (
            "the type of a header",
            &[(
                "X-Total: {required: true, schema: {type: integer}}",
                "X-Total: {required: true, schema: {type: string}}",
            )],
            &[
                "breaking response-type-changed: the header `X-Total` of response 200 of `getUsers`: the type is `string` now, was `integer`",
            ],
        ),
        (
            "what a shared response says",
            &[(
                "description: It is not there.",
                "description: Nothing is there.",
            )],
            &[
                "words description-changed: the shared response `NotFound`: the description reads differently",
            ],
        ),
        (
            "a property of a shared response",
            &[("              status: {type: integer}\n", "")],
            &[
                "breaking response-property-removed: `status` in the shared response `NotFound` is gone",
            ],
        ),
    ]);
}

#[test]
fn edits_of_paging() {
    let paged = |style: &str| with_config(BASE, &format!("[pagination.getUsers]\n{style}"));
    let page = "style = 'page'\nnumber = 'pageNumber'\nsize = 'pageSize'\nitems = 'entities'\n";
    let none = "style = 'none'\n";
    let found = |old: &str, new: &str| shown(&compare(&paged(old), &paged(new)));
    assert_eq!(
        found(none, page),
        ["compatible pagination-appeared: `getUsers` hands out its list in pages now, by `page`"]
    );
    assert_eq!(
        found(page, none),
        [
            "breaking pagination-disappeared: `getUsers` does not hand out its list in pages any more, did by `page`"
        ]
    );
    let offset = "style = 'offset'\noffset = 'pageNumber'\nsize = 'pageSize'\nitems = 'entities'\n";
    assert_eq!(
        found(page, offset),
        [
            "breaking pagination-style-changed: `getUsers` turns pages by `offset` now, did by `page`"
        ]
    );
    let turned = "style = 'page'\nnumber = 'pageSize'\nsize = 'pageNumber'\nitems = 'entities'\n";
    assert_eq!(
        found(page, turned),
        [
            "breaking pagination-parameters-changed: `getUsers` selects pages by `pageSize`, `pageNumber` now, did by `pageNumber`, `pageSize`"
        ]
    );
    let counted = format!("{page}count = 'pageCount'\n");
    assert_eq!(
        found(page, &counted),
        [
            "breaking pagination-envelope-changed: `getUsers` has pages in `entities`, `pageCount` now, had them in `entities`"
        ]
    );
}
