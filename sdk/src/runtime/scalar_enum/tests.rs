#![allow(
    unreachable_pub,
    reason = "the macro is made for enums that are public"
)]

use super::*;
use crate::runtime::Param;

#[derive(Clone)]
enum Level {
    One,
    TwoAndAHalf,
    Auto,
    On,
    Most,
    Unset,
    Unrecognized(UnrecognizedScalar),
}

impl ScalarEnum for Level {
    const VALUES: &'static [(Self, Scalar)] = &[
        (Self::One, Scalar::Integer(1)),
        (Self::TwoAndAHalf, Scalar::Number(2.5)),
        (Self::Auto, Scalar::Text("auto")),
        (Self::On, Scalar::Bool(true)),
        (Self::Most, Scalar::Integer(18446744073709551615)),
        (Self::Unset, Scalar::Null),
    ];

    fn unrecognized(&self) -> Option<&UnrecognizedScalar> {
        match self {
            Self::Unrecognized(value) => Some(value),
            _ => None,
        }
    }
}

scalar_enum!(Level);

#[test]
fn known_values_and_unknown_ones_survive_a_round_trip() {
    let text = r#"[1,2.5,"auto",true,18446744073709551615,null,3,false,"1",-9007199254740993,0.1]"#;
    let levels: Vec<Level> = serde_json::from_str(text).unwrap();
    assert_eq!(levels.iter().filter(|level| level.is_known()).count(), 6);
    assert!(matches!(levels[0], Level::One) && matches!(levels[5], Level::Unset));
    assert_eq!(serde_json::to_string(&levels).unwrap(), text);
    for (level, _) in Level::VALUES {
        assert_eq!(&Level::from_json(level.value()), level);
    }
}

#[test]
fn numbers_are_compared_by_what_they_count() {
    let one: Level = serde_json::from_str("1.0").unwrap();
    assert!(matches!(one, Level::One));
    assert_eq!(Level::from(7), Level::from(7.0));
    assert_ne!(Level::from(7), Level::from(8));
    assert_ne!(Level::from(1), Level::from("1"));
    assert_eq!(Level::from(true), Level::On);
    assert_ne!(
        Level::from(9_007_199_254_740_993),
        Level::from(9_007_199_254_740_992)
    );
}

#[test]
fn values_print_as_the_wire_has_them() {
    assert_eq!(
        format!(
            "{}|{:>5}|{:?}|{:?}",
            Level::Auto,
            Level::One,
            Level::Auto,
            Level::from(2)
        ),
        r#"auto|    1|"auto"|2"#
    );
    assert_eq!(Level::TwoAndAHalf.to_text(), "2.5");
    assert_eq!(Level::Unset.to_text(), "");
}

#[test]
fn what_is_no_scalar_is_refused() {
    let refused = serde_json::from_str::<Level>("[1]").unwrap_err();
    assert!(
        refused.to_string().contains("a number, a boolean"),
        "{refused}"
    );
}
