//! Edits of what values may be: listed, bounded, one of several.

use super::*;

#[test]
fn edits_of_values() {
    check(&[
        (
            "a value goes",
            &[("[active, inactive, deleted]", "[active, inactive]")],
            &[
                "breaking request-enum-value-removed: `User.state`: the value `deleted` is gone",
                "risky response-enum-value-removed: `User.state`: the value `deleted` is gone",
            ],
        ),
        (
            "a value comes",
            &[(
                "[active, inactive, deleted]",
                "[active, inactive, deleted, new]",
            )],
            &[
                "compatible request-enum-value-added: `User.state`: the value `new` is new",
                "risky response-enum-value-added: `User.state`: the value `new` is new",
            ],
        ),
        (
            "an enum opens",
            &[(
                "state: {type: string, enum: [active, inactive, deleted]}",
                "state: {anyOf: [{type: string, enum: [active, inactive, deleted]}, {type: string}]}",
            )],
            &[
                "compatible request-enum-opened: `User.state` may have values that are not listed now",
                "risky response-enum-opened: `User.state` may have values that are not listed now",
            ],
        ),
        (
            "a text becomes an enum",
            &[(
                "city: {type: string}",
                "city: {type: string, enum: [Rome, Oslo]}",
            )],
            &[
                "breaking request-enum-closed: `Address.city` may only have listed values now: `Rome`, `Oslo`",
                "compatible response-enum-closed: `Address.city` may only have listed values now: `Rome`, `Oslo`",
            ],
        ),
        (
            "bounds",
            &[("minimum: 0, maximum: 150", "minimum: 18, maximum: 200")],
            &[
                "breaking request-bound-narrowed: `User.age`: `minimum` is 18 now, was 0",
                "compatible request-bound-widened: `User.age`: `maximum` is 200 now, was 150",
                "compatible response-bound-narrowed: `User.age`: `minimum` is 18 now, was 0",
                "risky response-bound-widened: `User.age`: `maximum` is 200 now, was 150",
            ],
        ),
        (
            "a bound that values may not reach",
            &[(
                "minimum: 0, maximum: 150",
                "minimum: 0, exclusiveMinimum: true, maximum: 150",
            )],
            &[
                "breaking request-bound-narrowed: `User.age`: `minimum` is 1 now, was 0",
                "compatible response-bound-narrowed: `User.age`: `minimum` is 1 now, was 0",
            ],
        ),
        (
            "no length",
            &[("minLength: 1, ", "")],
            &[
                "compatible request-bound-widened: `NewUser.name`: `minLength` was 1, is not limited now",
            ],
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
                "breaking request-bound-narrowed: `NewUser.name`: `pattern` is `^[a-z0-9]+$` now, was `^[a-z]+$`",
            ],
        ),
        (
            "items",
            &[("maxItems: 10", "maxItems: 10, uniqueItems: true")],
            &[
                "breaking request-bound-narrowed: `NewUser.tags`: `uniqueItems` is true now, was false",
            ],
        ),
        (
            "multiples",
            &[("multipleOf: 10", "multipleOf: 5")],
            &[
                "compatible request-bound-widened: `User.step`: `multipleOf` is 5 now, was 10",
                "risky response-bound-widened: `User.step`: `multipleOf` is 5 now, was 10",
            ],
        ),
        (
            "the items of a list",
            &[(
                "maxItems: 10, items: {type: string}",
                "maxItems: 10, items: {type: integer}",
            )],
            &[
                "breaking request-type-changed: `NewUser.tags[]`: the type is `integer` now, was `string`",
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
            "breaking request-constant-changed: `Book.kind`: the only value is `b` now, was `a`",
            "breaking response-constant-changed: `Book.kind`: the only value is `b` now, was `a`",
            "breaking request-constant-changed: `Film.kind`: the only value is `b` now, was `a`",
            "breaking response-constant-changed: `Film.kind`: the only value is `b` now, was `a`",
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
                "compatible request-alternative-added: `Item`: the alternative `Address` is new",
                "risky response-alternative-added: `Item`: the alternative `Address` is new",
            ],
        ),
        (
            "one less",
            &[
                ("        - $ref: '#/components/schemas/Film'\n", ""),
                (", film: '#/components/schemas/Film'", ""),
            ],
            &[
                "breaking request-alternative-removed: `Item`: the alternative `Film` is gone",
                "risky response-alternative-removed: `Item`: the alternative `Film` is gone",
            ],
        ),
        (
            "another property tells",
            &[("propertyName: kind", "propertyName: pages")],
            &[
                "breaking discriminator-changed: `Item`: the discriminator is `pages` now, was `kind`",
            ],
        ),
        (
            "another value",
            &[(
                "film: '#/components/schemas/Film'",
                "movie: '#/components/schemas/Film'",
            )],
            &[
                "compatible discriminator-value-added: `Item`: `movie` stands for `Film` now",
                "breaking discriminator-value-removed: `Item`: `film` stands for `Film` no more",
            ],
        ),
        (
            "the values change places",
            &[(
                "{book: '#/components/schemas/Book', film: '#/components/schemas/Film'}",
                "{film: '#/components/schemas/Book', book: '#/components/schemas/Film'}",
            )],
            &[
                "breaking discriminator-value-changed: `Item`: `book` stands for `Film` now, stood for `Book`",
                "breaking discriminator-value-changed: `Item`: `film` stands for `Book` now, stood for `Film`",
            ],
        ),
        (
            "one of several where one was",
            &[(
                "address: {$ref: '#/components/schemas/Address'}",
                "address: {oneOf: [{$ref: '#/components/schemas/Address'}, {type: string}]}",
            )],
            &[
                "compatible request-alternative-added: `User.address`: the alternative `string` is new",
                "risky response-alternative-added: `User.address`: the alternative `string` is new",
            ],
        ),
        (
            "something else altogether",
            &[(
                "city: {type: string}",
                "city: {oneOf: [{type: integer}, {type: boolean}]}",
            )],
            &[
                "breaking request-type-changed: `Address.city`: the type is one of several now, was `string`",
                "breaking response-type-changed: `Address.city`: the type is one of several now, was `string`",
            ],
        ),
        (
            "what is made from a base",
            &[("price: {type: number}", "price: {type: string}")],
            &[
                "breaking response-type-changed: `Sold.price`: the type is `string` now, was `number`",
            ],
        ),
        (
            "one more is made from a base",
            &[(
                "    Sold:\n",
                "    Returned: {allOf: [{$ref: '#/components/schemas/Event'}]}\n    Sold:\n",
            )],
            &["risky response-alternative-added: `Event`: the alternative `Returned` is new"],
        ),
    ]);
}
