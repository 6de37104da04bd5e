//! Edits of what is said of the API as a whole: servers, logins, texts.

use super::*;

#[test]
fn edits_of_servers_and_texts() {
    check(&[
        (
            "another base URL",
            &[(
                "- url: https://api.shop.test/v1",
                "- url: https://api.shop.test/v2",
            )],
            &[
                "risky base-url-changed: the base URL is `https://api.shop.test/v2` now, was `https://api.shop.test/v1`",
            ],
        ),
        (
            "one more server",
            &[(
                "- url: https://api.shop.test/v1",
                "- url: https://api.shop.test/v1\n  - url: https://test.shop.test/v1",
            )],
            &["compatible server-added: the server `https://test.shop.test/v1` is new"],
        ),
        (
            "one server less",
            &[(
                "  - url: https://{region}.shop.test/v1\n    variables:\n      region: {default: eu, enum: [eu, us]}\n",
                "",
            )],
            &["risky server-removed: the server `https://{region}.shop.test/v1` is gone"],
        ),
        (
            "values of a variable",
            &[("enum: [eu, us]", "enum: [eu, ap]")],
            &[
                "risky server-variable-changed: the server `https://{region}.shop.test/v1`: `region` may be `ap` now",
                "risky server-variable-changed: the server `https://{region}.shop.test/v1`: `region` may not be `us` any more",
            ],
        ),
        (
            "the default of a variable",
            &[("default: eu,", "default: us,")],
            &[
                "risky server-variable-changed: the server `https://{region}.shop.test/v1`: `region` is `us` now, was `eu`",
            ],
        ),
        (
            "words",
            &[
                ("Sells things.", "Sells more."),
                ("People.", "Persons."),
                ("title: Shop", "title: The shop"),
            ],
            &[
                "words description-changed: the API: the description reads differently",
                "words description-changed: the group `Users`: the description reads differently",
                "words description-changed: the title: the description reads differently",
            ],
        ),
        ("another version", &[("version: '1'", "version: '2'")], &[]),
        (
            "how a text is broken into lines",
            &[(
                "description: Sells things.",
                "description: 'Sells\n\n   things.'",
            )],
            &[],
        ),
    ]);
}

#[test]
fn edits_of_logins() {
    check(&[
        (
            "a scheme goes and one comes",
            &[
                ("    key: {type: apiKey,", "    token: {type: apiKey,"),
                ("- key: []", "- token: []"),
            ],
            &[
                "breaking security-scheme-removed: the security scheme `key` is gone",
                "compatible security-scheme-added: the security scheme `token` is new",
                "compatible security-alternative-added: `createUser` accepts `token` now",
                "breaking security-alternative-removed: `createUser` does not accept `key` any more",
            ],
        ),
        (
            "a scheme works differently",
            &[("in: header, name: X-Key", "in: query, name: X-Key")],
            &[
                "breaking security-scheme-changed: the security scheme `key` is an API key, `X-Key` in the query now, was an API key, `X-Key` in the header",
            ],
        ),
        (
            "another token URL",
            &[("login.shop.test/token", "login.shop.test/v2/token")],
            &[
                "breaking security-scheme-changed: the security scheme `oauth` is OAuth 2 (client credentials at https://login.shop.test/v2/token) now, was OAuth 2 (client credentials at https://login.shop.test/token)",
            ],
        ),
        (
            "scopes of a scheme",
            &[(
                "scopes: {read: Read, write: Write}",
                "scopes: {read: Read, write: Write, admin: All}",
            )],
            &[
                "compatible security-scheme-scope-added: the security scheme `oauth`: the scope `admin` is new",
            ],
        ),
        (
            "one more scope for all",
            &[(
                "security:\n  - oauth: [read]",
                "security:\n  - oauth: [read, write]",
            )],
            &["breaking security-scope-added: the API needs the scope `write` of `oauth` now"],
        ),
        (
            "one scope less for one",
            &[("- oauth: [read, write]", "- oauth: [read]")],
            &[
                "compatible security-scope-removed: `createUser` does not need the scope `write` of `oauth` any more",
            ],
        ),
        (
            "no login for one",
            &[(
                "operationId: deleteUser",
                "operationId: deleteUser\n      security: []",
            )],
            &["compatible security-became-optional: `deleteUser` needs no login any more"],
        ),
        (
            "a login that may be left out",
            &[("        - key: []", "        - key: []\n        - {}")],
            &["compatible security-became-optional: `createUser` needs no login any more"],
        ),
        (
            "the general login, written at an operation",
            &[(
                "operationId: deleteUser",
                "operationId: deleteUser\n      security: [{oauth: [read]}]",
            )],
            &[],
        ),
    ]);
}

#[test]
fn a_login_where_none_was() {
    let none = BASE.replace("security:\n  - oauth: [read]\n", "");
    assert_ne!(none, BASE);
    let found = compare(&side(&none), &side(BASE));
    assert_eq!(
        shown(&found),
        ["breaking security-became-required: the API needs a login now: `oauth`"]
    );
    let with_own_left_out = [
        "deleteUser",
        "getUser",
        "getUsers",
        "putOrder",
        "updateUser",
    ];
    assert_eq!(found[0].operations, with_own_left_out);
}
