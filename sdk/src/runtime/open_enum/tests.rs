#![allow(
    unreachable_pub,
    reason = "the macro is made for enums that are public"
)]

use super::*;

#[derive(Clone)]
enum Light {
    Red,
    Green,
    Unrecognized(Unrecognized),
}

impl OpenEnum for Light {
    const VALUES: &'static [(Self, &'static str)] = &[(Self::Red, "RED"), (Self::Green, "GREEN")];

    fn unrecognized(&self) -> Option<&Unrecognized> {
        match self {
            Self::Unrecognized(text) => Some(text),
            _ => None,
        }
    }
}

open_enum!(Light);

#[test]
fn an_unknown_value_survives_a_round_trip() {
    let lights: Vec<Light> = serde_json::from_str(r#"["RED","BLINKING \"2\""]"#).unwrap();
    assert!(matches!(lights[0], Light::Red));
    assert!(!lights[1].is_known());
    assert_eq!(lights[1].as_str(), "BLINKING \"2\"");
    assert_eq!(
        serde_json::to_string(&lights).unwrap(),
        r#"["RED","BLINKING \"2\""]"#
    );
}

#[test]
fn known_values_map_to_their_texts_and_back() {
    for (light, text) in Light::VALUES {
        assert_eq!(&Light::from(*text), light);
        assert_eq!(text.parse::<Light>().as_ref(), Ok(light));
        assert_eq!(light.as_str(), *text);
        assert!(light.is_known());
    }
    assert_ne!(Light::Red, Light::Green);
    assert_eq!(
        format!("{:>6}|{:?}", Light::Red, Light::Green),
        "   RED|\"GREEN\""
    );
}

#[test]
fn a_value_that_is_no_text_is_refused() {
    let refused = serde_json::from_str::<Light>("3").unwrap_err();
    assert!(refused.to_string().contains("expected a text"), "{refused}");
}
