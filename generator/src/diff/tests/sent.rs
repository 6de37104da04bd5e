//! Edits of how forms are written, and of what nothing is rendered of.

use super::*;

pub(super) const SENT: &str = include_str!("sent.yaml");

#[test]
fn edits_of_forms() {
    check_of(
        SENT,
        &[
            (
                "another media type",
                &[("contentType: image/png", "contentType: image/jpeg")],
                &[
                    "risky request-field-media-type-changed: `content` in the body (multipart/form-data) of `storeFile` is of `image/jpeg` now, was of `image/png`",
                ],
            ),
            (
                "a media type where none was said",
                &[(
                    "labels: {style: form, explode: true}",
                    "labels: {style: form, explode: true}\n              note: {contentType: text/html}",
                )],
                &[
                    "risky request-field-media-type-changed: `note` in the body (multipart/form-data) of `storeFile` is of `text/html` now, was of `text/plain`",
                ],
            ),
            (
                "the media types that they have anyway",
                &[(
                    "labels: {style: form, explode: true}",
                    "labels: {style: form, explode: true}\n              note: {contentType: Text/Plain}\n              meta: {contentType: application/json}",
                )],
                &[],
            ),
            (
                "another style",
                &[("labels: {style: form,", "labels: {style: pipeDelimited,")],
                &[
                    "risky request-field-style-changed: `labels` in the body (multipart/form-data) of `storeFile` is written in style `pipeDelimited` now, was in `form`",
                ],
            ),
            (
                "a style in place of JSON",
                &[(
                    "labels: {style: form, explode: true}",
                    "labels: {style: form, explode: true}\n              meta: {style: deepObject}",
                )],
                &[
                    "risky request-field-style-changed: `meta` in the body (multipart/form-data) of `storeFile` is written in style `deepObject` now, was in `JSON`",
                ],
            ),
            (
                "no explode",
                &[("explode: true", "explode: false")],
                &[
                    "risky request-field-explode-changed: `labels` in the body (multipart/form-data) of `storeFile` has all values behind one name now (no `explode`)",
                ],
            ),
            (
                "nothing said where that means the same",
                &[("              labels: {style: form, explode: true}\n", "")],
                &[],
            ),
            (
                "nothing said where that means something else",
                &[("              tags: {explode: false}\n", "")],
                &[
                    "risky request-field-explode-changed: `tags` in the body (application/x-www-form-urlencoded) of `nameFile` repeats its name for each value now (`explode`)",
                ],
            ),
            (
                "no reserved characters",
                &[("name: {allowReserved: true}", "name: {explode: true}")],
                &[
                    "risky request-field-reserved-changed: `name` in the body (application/x-www-form-urlencoded) of `nameFile` is sent with reserved characters escaped now (no `allowReserved`)",
                ],
            ),
            (
                "the name of a field",
                &[("note: {type: string}", "remark: {type: string}")],
                &[
                    "breaking request-property-removed: `note` in the body (multipart/form-data) of `storeFile` is gone",
                    "compatible request-property-added: `remark` in the body (multipart/form-data) of `storeFile` is new",
                ],
            ),
            (
                "a header of a field",
                &[(
                    "X-Sum: {schema: {type: string}}",
                    "X-Size: {schema: {type: string}}",
                )],
                &[
                    "risky request-field-header-changed: `content` in the body (multipart/form-data) of `storeFile`: the header `X-Size` is new; the SDK sends no headers of fields",
                    "risky request-field-header-changed: `content` in the body (multipart/form-data) of `storeFile`: the header `X-Sum` is gone; the SDK sends no headers of fields",
                ],
            ),
            (
                "the type of a header of a field",
                &[(
                    "X-Sum: {schema: {type: string}}",
                    "X-Sum: {schema: {type: integer}}",
                )],
                &[
                    "risky request-field-header-changed: `content` in the body (multipart/form-data) of `storeFile`: the header `X-Sum` is another now; the SDK sends no headers of fields",
                ],
            ),
        ],
    );
}

#[test]
fn edits_of_reserved_characters_and_headers() {
    check_of(
        SENT,
        &[
            (
                "a parameter is escaped",
                &[("in: query, allowReserved: true,", "in: query,")],
                &[
                    "risky request-parameter-reserved-changed: the parameter `path` of `findFiles` is sent with reserved characters escaped now (no `allowReserved`)",
                ],
            ),
            (
                "a parameter that has nothing to escape",
                &[(
                    "name: depth, in: query,",
                    "name: depth, in: query, allowReserved: true,",
                )],
                &[],
            ),
            (
                "the type of a header that tells its media type",
                &[(
                    "content: {text/plain: {schema: {type: string}}}",
                    "content: {text/plain: {schema: {type: integer}}}",
                )],
                &[
                    "breaking response-type-changed: the header `X-Range` of response 200 of `findFiles`: the type is `integer` now, was `string`",
                ],
            ),
        ],
    );
}

#[test]
fn edits_of_what_nothing_is_rendered_of() {
    check_of(
        SENT,
        &[
            (
                "a webhook comes and one goes",
                &[("  fileStored:\n", "  fileKept:\n")],
                &[
                    "compatible webhook-added: the webhook `fileKept` is new; the SDK has nothing of webhooks",
                    "compatible webhook-removed: the webhook `fileStored` is gone; the SDK has nothing of webhooks",
                ],
            ),
            (
                "another webhook",
                &[(
                    "      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/File'}}}}\n      responses: {'204': {description: Heard.}}\n",
                    "      responses: {'204': {description: Heard.}}\n",
                )],
                &[
                    "compatible webhook-changed: the webhook `fileStored` is another now; the SDK has nothing of webhooks",
                ],
            ),
            (
                "a callback comes and one goes",
                &[("        onFailed:\n", "        onError:\n")],
                &[
                    "compatible callback-added: the callback `onError` of `storeFile` is new; the SDK has nothing of callbacks",
                    "compatible callback-removed: the callback `onFailed` of `storeFile` is gone; the SDK has nothing of callbacks",
                ],
            ),
            (
                "a shared callback is another",
                &[("'{$request.query.stored}'", "'{$request.query.done}'")],
                &[
                    "compatible callback-changed: the callback `onStored` of `storeFile` is another now; the SDK has nothing of callbacks",
                ],
            ),
            (
                "the words of a callback",
                &[("description: What went wrong.", "description: What failed.")],
                &[],
            ),
            (
                "another dialect",
                &[("openapi: 3.1.0", "openapi: 3.0.3")],
                &[],
            ),
            (
                "a link is another",
                &[(
                    "file: {operationId: storeFile,",
                    "file: {operationId: nameFile,",
                )],
                &[
                    "compatible response-link-changed: the link `file` of response 200 of `findFiles` is another now; the SDK has nothing of links",
                ],
            ),
            (
                "a link of a shared response comes and one goes",
                &[(
                    "all: {operationId: findFiles}",
                    "every: {operationId: findFiles}",
                )],
                &[
                    "compatible response-link-removed: the link `all` of the shared response `Missing` is gone; the SDK has nothing of links",
                    "compatible response-link-added: the link `every` of the shared response `Missing` is new; the SDK has nothing of links",
                ],
            ),
        ],
    );
}
