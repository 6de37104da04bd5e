//! Edits of what values may be: listed, bounded, one of several.

use super::*;

#[test]
fn edits_of_values() {
    check(&[
        (
            "a value goes",
            &[("[active, inactive, deleted]", "[active, inactive]")],
            &[
                "breaking request-enum-value-removed: `User.state`: the value `deleted` was removed",
                "risky response-enum-value-removed: `User.state`: the value `deleted` was removed",
            ],
        ),
        (
            "a value comes",
            &[(
                "[active, inactive, deleted]",
                "[active, inactive, deleted, new]",
            )],
            &[
                "compatible request-enum-value-added: `User.state`: the value `new` was added",
                "risky response-enum-value-added: `User.state`: the value `new` was added",
            ],
        ),
        (
            "an enum opens",
            &[(
                "state: {type: string, enum: [active, inactive, deleted]}",
                "state: {anyOf: [{type: string, enum: [active, inactive, deleted]}, {type: string}]}",
            )],
            &[
                "compatible request-enum-opened: `User.state` now permits values that are not listed",
                "risky response-enum-opened: `User.state` now permits values that are not listed",
            ],
        ),
        (
            "a text becomes an enum",
            &[(
                "city: {type: string}",
                "city: {type: string, enum: [Rome, Oslo]}",
            )],
            &[
                "breaking request-enum-closed: `Address.city` is now restricted to `Rome`, `Oslo`",
                "compatible response-enum-closed: `Address.city` is now restricted to `Rome`, `Oslo`",
            ],
        ),
        (
            "bounds",
            &[("minimum: 0, maximum: 150", "minimum: 18, maximum: 200")],
            &[
                "breaking request-bound-narrowed: `User.age`: `minimum` changed from 0 to 18",
                "compatible request-bound-widened: `User.age`: `maximum` changed from 150 to 200",
                "compatible response-bound-narrowed: `User.age`: `minimum` changed from 0 to 18",
                "risky response-bound-widened: `User.age`: `maximum` changed from 150 to 200",
            ],
        ),
        (
            "a bound that values may not reach",
            &[(
                "minimum: 0, maximum: 150",
                "minimum: 0, exclusiveMinimum: true, maximum: 150",
            )],
            &[
                "breaking request-bound-narrowed: `User.age`: `minimum` changed from 0 to 1",
                "compatible response-bound-narrowed: `User.age`: `minimum` changed from 0 to 1",
            ],
        ),
        (
            "no length",
            &[("minLength: 1, ", "")],
            &["compatible request-bound-widened: `NewUser.name`: `minLength` 1 was removed"],
        ),
        (
            "a length of nothing",
            &[("city: {type: string}", "city: {type: string, minLength: 0}")],
            &[],
        ),
        (
            "another pattern",
            &[("'^[a-z]+$'", "'^[a-z0-9]+$'")],
            &[
                "breaking request-bound-narrowed: `NewUser.name`: `pattern` changed from `^[a-z]+$` to `^[a-z0-9]+$`",
            ],
        ),
        (
            "items",
            &[("maxItems: 10", "maxItems: 10, uniqueItems: true")],
            &[
                "breaking request-bound-narrowed: `NewUser.tags`: `uniqueItems` changed from false to true",
            ],
        ),
        (
            "multiples",
            &[("multipleOf: 10", "multipleOf: 5")],
            &[
                "compatible request-bound-widened: `User.step`: `multipleOf` changed from 10 to 5",
                "risky response-bound-widened: `User.step`: `multipleOf` changed from 10 to 5",
            ],
        ),
        (
            "the items of a list",
            &[(
                "maxItems: 10, items: {type: string}",
                "maxItems: 10, items: {type: integer}",
            )],
            &[
                "breaking request-type-changed: `NewUser.tags[]`: the type changed from `string` to `integer`",
            ],
        ),
    ]);
    let constant = |value: &str| {
        side(&BASE.replace(
            "kind: {type: string}",
            &format!("kind: {{type: string, enum: [{value}]}}"),
        ))
    };
    assert_eq!(
        shown(&compare(&constant("a"), &constant("b"))),
        [
            "breaking request-constant-changed: `Book.kind`: the only value changed from `a` to `b`",
            "breaking response-constant-changed: `Book.kind`: the only value changed from `a` to `b`",
            "breaking request-constant-changed: `Film.kind`: the only value changed from `a` to `b`",
            "breaking response-constant-changed: `Film.kind`: the only value changed from `a` to `b`",
        ]
    );
}

#[test]
fn edits_of_alternatives() {
    check(&[
        (
            "one more",
            &[(
                "        - $ref: '#/components/schemas/Film'",
                "        - $ref: '#/components/schemas/Film'\n        - $ref: '#/components/schemas/Address'",
            )],
            &[
                "compatible request-alternative-added: `Item`: the alternative `Address` was added",
                "risky response-alternative-added: `Item`: the alternative `Address` was added",
            ],
        ),
        (
            "one less",
            &[
                ("        - $ref: '#/components/schemas/Film'\n", ""),
                (", film: '#/components/schemas/Film'", ""),
            ],
            &[
                "breaking request-alternative-removed: `Item`: the alternative `Film` was removed",
                "risky response-alternative-removed: `Item`: the alternative `Film` was removed",
            ],
        ),
        (
            "another property tells",
            &[("propertyName: kind", "propertyName: pages")],
            &[
                "breaking discriminator-changed: `Item`: the discriminator changed from `kind` to `pages`",
            ],
        ),
        (
            "another value",
            &[(
                "film: '#/components/schemas/Film'",
                "movie: '#/components/schemas/Film'",
            )],
            &[
                "compatible discriminator-value-added: `Item`: the discriminator value `movie` now maps to `Film`",
                "breaking discriminator-value-removed: `Item`: the discriminator value `film` no longer maps to `Film`",
            ],
        ),
        (
            "the values change places",
            &[(
                "{book: '#/components/schemas/Book', film: '#/components/schemas/Film'}",
                "{film: '#/components/schemas/Book', book: '#/components/schemas/Film'}",
            )],
            &[
                "breaking discriminator-value-changed: `Item`: the discriminator value `book` now maps to `Film` instead of `Book`",
                "breaking discriminator-value-changed: `Item`: the discriminator value `film` now maps to `Book` instead of `Film`",
            ],
        ),
        (
            "one of several where one was",
            &[(
                "address: {$ref: '#/components/schemas/Address'}",
                "address: {oneOf: [{$ref: '#/components/schemas/Address'}, {type: string}]}",
            )],
            &[
                "compatible request-alternative-added: `User.address`: the alternative `string` was added",
                "risky response-alternative-added: `User.address`: the alternative `string` was added",
            ],
        ),
        (
            "something else altogether",
            &[(
                "city: {type: string}",
                "city: {oneOf: [{type: integer}, {type: boolean}]}",
            )],
            &[
                "breaking request-type-changed: `Address.city`: the type changed from `string` to one of several",
                "breaking response-type-changed: `Address.city`: the type changed from `string` to one of several",
            ],
        ),
        (
            "what is made from a base",
            &[("price: {type: number}", "price: {type: string}")],
            &[
                "breaking response-type-changed: `Sold.price`: the type changed from `number` to `string`",
            ],
        ),
        (
            "one more is made from a base",
            &[(
                "    Sold:\n",
                "    Returned: {allOf: [{$ref: '#/components/schemas/Event'}]}\n    Sold:\n",
            )],
            &["risky response-alternative-added: `Event`: the alternative `Returned` was added"],
        ),
    ]);
}
