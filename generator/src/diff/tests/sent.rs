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
                    "risky request-field-media-type-changed: `content` in the body (multipart/form-data) of `storeFile`: the media type changed from `image/png` to `image/jpeg`",
                ],
            ),
            (
                "a media type where none was said",
                &[(
                    "labels: {style: form, explode: true}",
                    "labels: {style: form, explode: true}\n              note: {contentType: text/html}",
                )],
                &[
                    "risky request-field-media-type-changed: `note` in the body (multipart/form-data) of `storeFile`: the media type changed from `text/plain` to `text/html`",
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
                    "risky request-field-style-changed: `labels` in the body (multipart/form-data) of `storeFile`: the style changed from `form` to `pipeDelimited`",
                ],
            ),
            (
                "a style in place of JSON",
                &[(
                    "labels: {style: form, explode: true}",
                    "labels: {style: form, explode: true}\n              meta: {style: deepObject}",
                )],
                &[
                    "risky request-field-style-changed: `meta` in the body (multipart/form-data) of `storeFile`: the style changed from `JSON` to `deepObject`",
                ],
            ),
            (
                "no explode",
                &[("explode: true", "explode: false")],
                &[
                    "risky request-field-explode-changed: `labels` in the body (multipart/form-data) of `storeFile` now joins all values behind one name (no `explode`)",
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
                    "risky request-field-explode-changed: `tags` in the body (application/x-www-form-urlencoded) of `nameFile` now repeats its name for each value (`explode`)",
                ],
            ),
            (
                "no reserved characters",
                &[("name: {allowReserved: true}", "name: {explode: true}")],
                &[
                    "risky request-field-reserved-changed: `name` in the body (application/x-www-form-urlencoded) of `nameFile` now escapes reserved characters (no `allowReserved`)",
                ],
            ),
            (
                "the name of a field",
                &[("note: {type: string}", "remark: {type: string}")],
                &[
                    "breaking request-property-removed: `note` in the body (multipart/form-data) of `storeFile` was removed",
                    "compatible request-property-added: `remark` in the body (multipart/form-data) of `storeFile` was added",
                ],
            ),
            (
                "a header of a field",
                &[(
                    "X-Sum: {schema: {type: string}}",
                    "X-Size: {schema: {type: string}}",
                )],
                &[
                    "risky request-field-header-changed: `content` in the body (multipart/form-data) of `storeFile`: the header `X-Size` was added; headers of form fields are not sent",
                    "risky request-field-header-changed: `content` in the body (multipart/form-data) of `storeFile`: the header `X-Sum` was removed; headers of form fields are not sent",
                ],
            ),
            (
                "the type of a header of a field",
                &[(
                    "X-Sum: {schema: {type: string}}",
                    "X-Sum: {schema: {type: integer}}",
                )],
                &[
                    "risky request-field-header-changed: `content` in the body (multipart/form-data) of `storeFile`: the header `X-Sum` changed; headers of form fields are not sent",
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
                    "risky request-parameter-reserved-changed: the parameter `path` of `findFiles` now escapes reserved characters (no `allowReserved`)",
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
                    "breaking response-type-changed: the header `X-Range` of response 200 of `findFiles`: the type changed from `string` to `integer`",
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
                    "compatible webhook-added: the webhook `fileKept` was added; webhooks are not generated",
                    "compatible webhook-removed: the webhook `fileStored` was removed; webhooks are not generated",
                ],
            ),
            (
                "another webhook",
                &[(
                    "      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/File'}}}}\n      responses: {'204': {description: Heard.}}\n",
                    "      responses: {'204': {description: Heard.}}\n",
                )],
                &[
                    "compatible webhook-changed: the webhook `fileStored` changed; webhooks are not generated",
                ],
            ),
            (
                "a callback comes and one goes",
                &[("        onFailed:\n", "        onError:\n")],
                &[
                    "compatible callback-added: the callback `onError` of `storeFile` was added; callbacks are not generated",
                    "compatible callback-removed: the callback `onFailed` of `storeFile` was removed; callbacks are not generated",
                ],
            ),
            (
                "a shared callback is another",
                &[("'{$request.query.stored}'", "'{$request.query.done}'")],
                &[
                    "compatible callback-changed: the callback `onStored` of `storeFile` changed; callbacks are not generated",
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
                    "compatible response-link-changed: the link `file` of response 200 of `findFiles` changed; links are not generated",
                ],
            ),
            (
                "a link of a shared response comes and one goes",
                &[(
                    "all: {operationId: findFiles}",
                    "every: {operationId: findFiles}",
                )],
                &[
                    "compatible response-link-removed: the link `all` of the shared response `Missing` was removed; links are not generated",
                    "compatible response-link-added: the link `every` of the shared response `Missing` was added; links are not generated",
                ],
            ),
        ],
    );
}
