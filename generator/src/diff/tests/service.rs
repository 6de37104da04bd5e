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
                "risky base-url-changed: the base URL changed from `https://api.shop.test/v1` to `https://api.shop.test/v2`",
            ],
        ),
        (
            "one more server",
            &[(
                "- url: https://api.shop.test/v1",
                "- url: https://api.shop.test/v1\n  - url: https://test.shop.test/v1",
            )],
            &["compatible server-added: the server `https://test.shop.test/v1` was added"],
        ),
        (
            "one server less",
            &[(
                "  - url: https://{region}.shop.test/v1\n    variables:\n      region: {default: eu, enum: [eu, us]}\n",
                "",
            )],
            &["risky server-removed: the server `https://{region}.shop.test/v1` was removed"],
        ),
        (
            "values of a variable",
            &[("enum: [eu, us]", "enum: [eu, ap]")],
            &[
                "compatible server-variable-value-added: the server `https://{region}.shop.test/v1`: `region` now accepts `ap`",
                "breaking server-variable-value-removed: the server `https://{region}.shop.test/v1`: `region` no longer accepts `us`",
            ],
        ),
        (
            "any value of a variable",
            &[("{default: eu, enum: [eu, us]}", "{default: eu}")],
            &[
                "compatible server-variable-opened: the server `https://{region}.shop.test/v1`: `region` now accepts any value",
            ],
        ),
        (
            "one more variable",
            &[(
                "region: {default: eu, enum: [eu, us]}",
                "region: {default: eu, enum: [eu, us]}\n      port: {default: '443'}",
            )],
            &[
                "compatible server-variable-added: the server `https://{region}.shop.test/v1`: the variable `port` was added",
            ],
        ),
        (
            "another variable",
            &[("      region: {default", "      area: {default")],
            &[
                "compatible server-variable-added: the server `https://{region}.shop.test/v1`: the variable `area` was added",
                "breaking server-variable-removed: the server `https://{region}.shop.test/v1`: the variable `region` was removed",
            ],
        ),
        (
            "the default of a variable",
            &[("default: eu,", "default: us,")],
            &[
                "risky server-variable-changed: the server `https://{region}.shop.test/v1`: the default of `region` changed from `eu` to `us`",
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
                "docs description-changed: the API: the description changed",
                "docs description-changed: the group `Users`: the description changed",
                "docs description-changed: the title: the description changed",
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
fn values_of_a_variable_are_listed() {
    let any = side(&edited(
        "any",
        &[("{default: eu, enum: [eu, us]}", "{default: eu}")],
    ));
    assert_eq!(
        shown(&compare(&any, &side(BASE))),
        [
            "breaking server-variable-closed: the server `https://{region}.shop.test/v1`: `region` is now restricted to `eu`, `us`"
        ]
    );
}

/// The first servers are one pair, so that a variable of the base URL is not lost with its braces.
#[test]
fn edits_of_the_first_server_and_of_those_of_operations() {
    let of = |servers: &str, own: &str| {
        small(&format!(
            "servers: [{servers}]\npaths:\n  /a:\n    servers: [{own}]\n    get: {{operationId: getA, responses: {{'200': {{description: A.}}}}}}\n"
        ))
    };
    let plain = "{url: 'https://eu.a.test'}";
    let region =
        "{url: 'https://{region}.a.test', variables: {region: {default: eu, enum: [eu, us]}}}";
    let us = "{url: 'https://{region}.a.test', variables: {region: {default: us, enum: [us]}}}";
    let slow = "{url: 'https://slow.a.test'}";
    let found = |old: &Side, new: &Side| shown(&compare(old, new));
    assert_eq!(
        found(&of(region, slow), &of(plain, slow)),
        [
            "breaking server-variable-removed: the server `https://{region}.a.test`: the variable `region` was removed"
        ]
    );
    assert_eq!(
        found(&of(plain, slow), &of(region, slow)),
        [
            "compatible server-variable-added: the server `https://eu.a.test`: the variable `region` was added"
        ]
    );
    assert_eq!(
        found(&of(region, slow), &of(us, slow)),
        [
            "risky base-url-changed: the base URL changed from `https://eu.a.test` to `https://us.a.test`",
            "breaking server-variable-value-removed: the server `https://{region}.a.test`: `region` no longer accepts `eu`",
        ]
    );
    let two = |first: &str, second: &str| of(plain, &format!("{first}, {second}"));
    assert_eq!(found(&two(region, slow), &two(region, slow)), [""; 0]);
    assert_eq!(
        found(&two(slow, region), &two(slow, us)),
        [
            "risky server-variable-changed: the server `https://{region}.a.test` of `getA`: the default of `region` changed from `eu` to `us`",
            "breaking server-variable-value-removed: the server `https://{region}.a.test` of `getA`: `region` no longer accepts `eu`",
        ]
    );
    assert_eq!(
        found(&two(slow, region), &of(plain, slow)),
        ["risky server-removed: the server `https://{region}.a.test` of `getA` was removed"]
    );
    assert_eq!(
        found(&of(plain, slow), &two(slow, region)),
        ["compatible server-added: the server `https://{region}.a.test` of `getA` was added"]
    );
    // What is reached without servers of its own is told by where that is.
    let elsewhere = "risky operation-server-changed: `getA`: the server changed from https://slow.a.test to the base URL";
    assert_eq!(found(&two(slow, region), &of(plain, "")), [elsewhere]);
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
                "breaking security-scheme-removed: the security scheme `key` was removed",
                "compatible security-scheme-added: the security scheme `token` was added",
                "compatible security-alternative-added: `createUser` now accepts `token`",
                "breaking security-alternative-removed: `createUser` no longer accepts `key`",
            ],
        ),
        (
            "a scheme works differently",
            &[("in: header, name: X-Key", "in: query, name: X-Key")],
            &[
                "breaking security-scheme-changed: the security scheme `key` changed from an API key, `X-Key` in the header to an API key, `X-Key` in the query",
            ],
        ),
        (
            "another token URL",
            &[("login.shop.test/token", "login.shop.test/v2/token")],
            &[
                "breaking security-scheme-changed: the security scheme `oauth` changed from OAuth 2, by client credentials at `https://login.shop.test/token` to OAuth 2, by client credentials at `https://login.shop.test/v2/token`",
            ],
        ),
        (
            "scopes of a scheme",
            &[(
                "scopes: {read: Read, write: Write}",
                "scopes: {read: Read, write: Write, admin: All}",
            )],
            &[
                "compatible security-scheme-scope-added: the security scheme `oauth`: the scope `admin` was added",
            ],
        ),
        (
            "one more scope for all",
            &[(
                "security:\n  - oauth: [read]",
                "security:\n  - oauth: [read, write]",
            )],
            &["breaking security-scope-added: the API now requires the scope `write` of `oauth`"],
        ),
        (
            "one scope less for one",
            &[("- oauth: [read, write]", "- oauth: [read]")],
            &[
                "compatible security-scope-removed: `createUser` no longer requires the scope `write` of `oauth`",
            ],
        ),
        (
            "no login for one",
            &[(
                "operationId: deleteUser",
                "operationId: deleteUser\n      security: []",
            )],
            &[
                "compatible security-became-optional: `deleteUser` no longer requires authentication",
            ],
        ),
        (
            "a login that may be left out",
            &[("        - key: []", "        - key: []\n        - {}")],
            &[
                "compatible security-became-optional: `createUser` no longer requires authentication",
            ],
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
        ["breaking security-became-required: the API now requires authentication: `oauth`"]
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
