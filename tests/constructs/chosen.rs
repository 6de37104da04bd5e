//! Alternatives that only their constants, enums, properties or scalars tell apart.

use serde_json::{Value, json};
use workspace_tests::chosen::models::{
    Choices, ChoicesClosed, ChoicesCodes, ChoicesDeep, ChoicesFailure, ChoicesLevel, ChoicesLists,
    ChoicesMixed, ChoicesReply, ChoicesTime, ChoicesTint, ChoicesVersion, Colour, Reading,
};

use crate::support::keeps;

/// The choices with one property, which survives a round trip.
fn choice(name: &str, value: Value) -> Choices {
    keeps(&json!({ name: value }).to_string())
}

macro_rules! chosen {
    ($name:ident: $value:tt is $pattern:pat) => {{
        let chosen = choice(stringify!($name), json!($value)).$name;
        assert!(matches!(&chosen, Some($pattern)), "{chosen:?}");
    }};
}

#[test]
fn constants_of_any_scalar_are_one_enum() {
    chosen!(level: 1 is ChoicesLevel::Low);
    chosen!(level: 2 is ChoicesLevel::High);
    chosen!(level: 3 is ChoicesLevel::Unrecognized(_));
    chosen!(codes: 200 is ChoicesCodes::N200);
    chosen!(codes: 7 is ChoicesCodes::Unrecognized(_));
    chosen!(mixed: "auto" is ChoicesMixed::Auto);
    chosen!(mixed: 5 is ChoicesMixed::N5);
    chosen!(mixed: false is ChoicesMixed::False);
    chosen!(mixed: true is ChoicesMixed::Unrecognized(_));
    chosen!(flag: false is false);
}

#[test]
fn texts_beside_an_enum_are_that_enum_and_null_is_no_alternative() {
    chosen!(named: "blue" is Colour::Blue);
    chosen!(named: "green" is Colour::Unrecognized(_));
    chosen!(tint: "red" is ChoicesTint::Red);
    chosen!(tint: "" is ChoicesTint::Empty);
    chosen!(tint: "zz" is ChoicesTint::Unrecognized(_));
    assert_eq!(choice("tint", Value::Null).tint, None);
    assert_eq!(choice("nothing", Value::Null).nothing, None);
}

#[test]
fn the_constants_of_properties_decide() {
    chosen!(failure: {"code": "r2"} is ChoicesFailure::ReadFailure(_));
    chosen!(failure: {"code": "w1"} is ChoicesFailure::WriteFailure(_));
    chosen!(version: {"text": "a", "v": 1} is ChoicesVersion::VersionOne(_));
    chosen!(version: {"v": 2} is ChoicesVersion::VersionTwo(_));
    chosen!(version: {"v": 9} is ChoicesVersion::Unrecognized(_));
    chosen!(reply: {"ok": true} is ChoicesReply::Accepted(_));
    chosen!(reply: {"ok": false} is ChoicesReply::Refused(_));
    chosen!(deep: {"in": {"kind": "two"}} is ChoicesDeep::InnerTwo(_));
    chosen!(deep: {"in": {"kind": "three"}} is ChoicesDeep::Unrecognized(_));
    chosen!(lists: [{"v": 2}, {"v": 2}] is ChoicesLists::VersionTwoList(_));
    chosen!(lists: [{"v": 1}, {"v": 2}] is ChoicesLists::Unrecognized(_));
}

#[test]
fn closed_objects_and_formats_decide() {
    chosen!(closed: {"a": "x"} is ChoicesClosed::Narrow(_));
    chosen!(closed: {"a": "x", "b": "y"} is ChoicesClosed::Wide(_));
    chosen!(closed: {"c": "x"} is ChoicesClosed::Unrecognized(_));
    chosen!(time: "2026-02-03" is ChoicesTime::Date(_));
    chosen!(time: "2026-02-03T04:05:06Z" is ChoicesTime::DateTime(_));
    chosen!(time: "tomorrow" is ChoicesTime::Unrecognized(_));
    chosen!(time: true is ChoicesTime::Boolean(true));
}

#[test]
fn required_constants_are_no_arguments() {
    let reading = serde_json::to_value(Reading::new(1.5)).unwrap();
    let expected = json!({"exact": true, "ok": false, "size": 2, "unit": "K", "value": 1.5});
    assert_eq!(reading, expected);
}

#[test]
fn a_variant_that_is_spelt_like_a_value_is_that_value() {
    use workspace_tests::enums::models::LightUnit;

    assert_eq!(LightUnit::MW.as_str(), "MW");
    assert_eq!(LightUnit::Mw.as_str(), "Mw");
    assert_eq!(LightUnit::KW.as_str(), "kW");
    assert_eq!(LightUnit::MW2.as_str(), "mW");
}
