//! Edits of operations: what they are called, where they are, who may call them, what they give.

use super::*;

#[test]
fn edits_of_operations() {
    check(&[
        (
            "renamed",
            &[("operationId: getUsers", "operationId: listUsers")],
            &["breaking operation-renamed: `getUsers` was renamed to `listUsers`"],
        ),
        (
            "moved",
            &[("  /orders:\n", "  /v2/orders:\n")],
            &["breaking operation-moved: `putOrder` moved from `PUT /orders` to `PUT /v2/orders`"],
        ),
        (
            "another method",
            &[(
                "    put:\n      operationId: putOrder",
                "    post:\n      operationId: putOrder",
            )],
            &["breaking operation-moved: `putOrder` moved from `PUT /orders` to `POST /orders`"],
        ),
        (
            "removed and added",
            &[
                ("  /orders:\n", "  /v2/orders:\n"),
                ("operationId: putOrder", "operationId: replaceOrder"),
            ],
            &[
                "breaking operation-removed: the operation `putOrder` (`PUT /orders`) was removed",
                "compatible operation-added: the operation `replaceOrder` (`PUT /v2/orders`) was added",
            ],
        ),
        (
            "another tag",
            &[("tags: [Orders]", "tags: [Sales]")],
            &[
                "breaking operation-tag-changed: `putOrder`: the tag changed from `Orders` to `Sales`",
            ],
        ),
        (
            "deprecated",
            &[(
                "operationId: deleteUser",
                "operationId: deleteUser\n      deprecated: true",
            )],
            &["risky operation-deprecated: `deleteUser` is now deprecated"],
        ),
        (
            "a preview",
            &[(
                "operationId: deleteUser",
                "operationId: deleteUser\n      x-vendor-preview: true",
            )],
            &["risky operation-became-preview: `deleteUser` is now a preview"],
        ),
        (
            "a level of stability",
            &[(
                "operationId: deleteUser",
                "operationId: deleteUser\n      x-stability-level: beta",
            )],
            &["risky operation-became-preview: `deleteUser` is now a preview"],
        ),
        (
            "a server of its own",
            &[(
                "operationId: deleteUser",
                "operationId: deleteUser\n      servers: [{url: 'https://slow.shop.test'}]",
            )],
            &[
                "risky operation-server-changed: `deleteUser`: the server changed from the base URL to https://slow.shop.test",
            ],
        ),
        (
            "words",
            &[("summary: List users", "summary: List all users")],
            &["docs description-changed: `getUsers`: the description changed"],
        ),
        (
            "one permission of several is no longer enough",
            &[("['user:view', 'user:admin']", "['user:admin']")],
            &[
                "breaking permissions-narrowed: `getUsers`: the required permissions changed from any of `user:admin`, `user:view` to `user:admin`",
            ],
        ),
        (
            "all permissions are needed",
            &[("type: ANY, permissions", "type: ALL, permissions")],
            &[
                "breaking permissions-narrowed: `getUsers`: the required permissions changed from any of `user:admin`, `user:view` to all of `user:admin`, `user:view`",
            ],
        ),
        (
            "one more permission will do",
            &[(
                "['user:view', 'user:admin']",
                "['user:view', 'user:admin', 'user:list']",
            )],
            &[
                "compatible permissions-widened: `getUsers`: the required permissions changed from any of `user:admin`, `user:view` to any of `user:admin`, `user:list`, `user:view`",
            ],
        ),
        (
            "other permissions",
            &[("['user:view', 'user:admin']", "['user:list']")],
            &[
                "breaking permissions-changed: `getUsers`: the required permissions changed from any of `user:admin`, `user:view` to `user:list`",
            ],
        ),
        (
            "no permission",
            &[(
                "      x-vendor-requires-permissions: {type: ANY, permissions: ['user:view', 'user:admin']}\n",
                "",
            )],
            &[
                "compatible permissions-widened: `getUsers`: the required permissions changed from any of `user:admin`, `user:view` to no permission",
            ],
        ),
        (
            "error codes",
            &[(
                "{not.found: It is not there.}",
                "{user.not.found: It is not there.}",
            )],
            &[
                "risky error-code-added: the shared response `NotFound`: the error code `user.not.found` was added",
                "risky error-code-removed: the shared response `NotFound`: the error code `not.found` was removed",
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
            &["breaking request-body-became-required: the body of `createUser` is now required"],
        ),
        (
            "a body is optional",
            &[(
                "        required: true\n        content:\n          application/json: {schema: {$ref: '#/components/schemas/User'}}",
                "        content:\n          application/json: {schema: {$ref: '#/components/schemas/User'}}",
            )],
            &[
                "compatible request-body-became-optional: the body of `updateUser` is no longer required",
            ],
        ),
        (
            "no body",
            &[(
                "      requestBody:\n        required: true\n        content:\n          application/json: {schema: {$ref: '#/components/schemas/User'}}\n",
                "",
            )],
            &["breaking request-body-removed: the body of `updateUser` was removed"],
        ),
        (
            "a body",
            &[(
                "operationId: deleteUser",
                "operationId: deleteUser\n      requestBody: {content: {application/json: {schema: {type: object}}}}",
            )],
            &["compatible request-body-added: the body of `deleteUser` was added"],
        ),
        (
            "a body that must be given",
            &[(
                "operationId: deleteUser",
                "operationId: deleteUser\n      requestBody: {required: true, content: {application/json: {schema: {type: object}}}}",
            )],
            &[
                "breaking request-body-added-required: the body of `deleteUser` was added and is required",
            ],
        ),
        (
            "other media types of a body",
            &[("application/xml: {schema", "application/cbor: {schema")],
            &[
                "compatible request-media-type-added: the body of `createUser`: the media type `application/cbor` was added",
                "breaking request-media-type-removed: the body of `createUser`: the media type `application/xml` was removed",
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
                "breaking response-media-type-removed: the response 201 of `createUser`: the media type `text/plain` was removed",
            ],
        ),
        (
            "another success",
            &[("'204': {description: Gone.}", "'202': {description: Gone.}")],
            &[
                "risky success-status-added: `deleteUser`: the success status 202 was added",
                "breaking success-status-removed: `deleteUser`: the success status 204 was removed",
            ],
        ),
        (
            "another failure",
            &[(
                "'204': {description: Gone.}",
                "'204': {description: Gone.}\n        '409': {description: Busy.}",
            )],
            &["compatible error-status-added: `deleteUser`: the error status 409 was added"],
        ),
        (
            "one failure less",
            &[(
                "            application/json: {schema: {$ref: '#/components/schemas/UserPage'}}\n        '404': {$ref: '#/components/responses/NotFound'}",
                "            application/json: {schema: {$ref: '#/components/schemas/UserPage'}}",
            )],
            &["risky error-status-removed: `getUsers`: the error status 404 was removed"],
        ),
        (
            "something where nothing was",
            &[(
                "'204': {description: Done.}",
                "'204': {description: Done., content: {text/plain: {schema: {type: string}}}}",
            )],
            &["risky response-body-added: the response 204 of `updateUser` now has a body"],
        ),
        (
            "nothing where something was",
            &[(
                "          description: A page.\n          headers:\n            X-Total: {required: true, schema: {type: integer}}\n          content:\n            application/json: {schema: {$ref: '#/components/schemas/UserPage'}}",
                "          description: A page.\n          headers:\n            X-Total: {required: true, schema: {type: integer}}",
            )],
            &[
                "breaking response-body-removed: the response 200 of `getUsers` no longer has a body",
            ],
        ),
        (
            "a header goes and one comes",
            &[("X-Total:", "X-Count:")],
            &[
                "compatible response-header-added: the header `X-Count` of response 200 of `getUsers` was added",
                "breaking response-header-removed: the header `X-Total` of response 200 of `getUsers` was removed",
            ],
        ),
        ("the case of a header", &[("X-Total:", "X-TOTAL:")], &[]),
        (
            "a header may be missing",
            &[("X-Total: {required: true, schema", "X-Total: {schema")],
            &[
                "risky response-header-became-optional: the header `X-Total` of response 200 of `getUsers` may now be absent",
            ],
        ),
        (
            "the type of a header",
            &[(
                "X-Total: {required: true, schema: {type: integer}}",
                "X-Total: {required: true, schema: {type: string}}",
            )],
            &[
                "breaking response-type-changed: the header `X-Total` of response 200 of `getUsers`: the type changed from `integer` to `string`",
            ],
        ),
        (
            "what a shared response says",
            &[(
                "description: It is not there.",
                "description: Nothing is there.",
            )],
            &["docs description-changed: the shared response `NotFound`: the description changed"],
        ),
        (
            "a property of a shared response",
            &[("              status: {type: integer}\n", "")],
            &[
                "breaking response-property-removed: `status` in the shared response `NotFound` was removed",
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
        ["compatible pagination-appeared: `getUsers` is now paginated by `page`"]
    );
    assert_eq!(
        found(page, none),
        ["breaking pagination-disappeared: `getUsers` is no longer paginated, was by `page`"]
    );
    let offset = "style = 'offset'\noffset = 'pageNumber'\nsize = 'pageSize'\nitems = 'entities'\n";
    assert_eq!(
        found(page, offset),
        [
            "breaking pagination-style-changed: `getUsers`: the pagination style changed from `page` to `offset`"
        ]
    );
    let turned = "style = 'page'\nnumber = 'pageSize'\nsize = 'pageNumber'\nitems = 'entities'\n";
    assert_eq!(
        found(page, turned),
        [
            "breaking pagination-parameters-changed: `getUsers`: the pagination parameters changed from `pageNumber`, `pageSize` to `pageSize`, `pageNumber`"
        ]
    );
    let counted = format!("{page}count = 'pageCount'\n");
    assert_eq!(
        found(page, &counted),
        [
            "breaking pagination-envelope-changed: `getUsers`: the fields of a page changed from `entities` to `entities`, `pageCount`"
        ]
    );
}
