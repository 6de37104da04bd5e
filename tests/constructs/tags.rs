//! Discriminators, in all the ways that descriptions have them.

use workspace_tests::tags::models::{
    Abe, Animal, Base, Counts, Event, Inline, Loop, Numbered, One, Other, Pet, Second,
};

use crate::support::keeps;

#[test]
fn the_value_of_a_member_stands_in_what_it_is_made_of() {
    assert!(matches!(keeps(r#"{"kind":"cat","lives":9}"#), Pet::Cat(_)));
    assert!(matches!(keeps(r#"{"kind":"dog","name":"x"}"#), Pet::Dog(_)));
    assert!(matches!(
        keeps(r#"{"kind":"Cat","lives":9}"#),
        Pet::Unrecognized(_)
    ));
}

#[test]
fn a_member_that_is_one_of_several_has_the_tags_of_all() {
    let Animal::Pet(Pet::Dog(dog)) = keeps(r#"{"kind":"dog","name":"x"}"#) else {
        panic!("no dog");
    };
    assert_eq!(dog.name.as_deref(), Some("x"));
    assert!(matches!(
        keeps(r#"{"fins":2,"kind":"fish"}"#),
        Animal::Fish(_)
    ));
    // Named by the mapping alone.
    assert!(matches!(
        keeps(r#"{"wings":2,"kind":"bird"}"#),
        Animal::Bird(_)
    ));
}

#[test]
fn tags_can_be_numbers() {
    assert!(matches!(keeps(r#"{"a":"x","n":1}"#), Numbered::First(_)));
    assert!(matches!(keeps(r#"{"a":"x","n":2}"#), Numbered::Second(_)));
    assert!(matches!(
        keeps(r#"{"a":"x","n":3}"#),
        Numbered::Unrecognized(_)
    ));
    let second = Numbered::from(Second::new(2));
    let written = serde_json::to_string(&second).unwrap();
    assert_eq!(written, r#"{"n":2}"#);
}

#[test]
fn members_without_properties_are_tagged_too() {
    let pause = serde_json::to_string(&Event::Pause(Default::default())).unwrap();
    assert_eq!(pause, r#"{"k":"Pause"}"#);
    let counts = Counts::from([("a".to_owned(), 1)]);
    let written = serde_json::to_string(&Event::Counts(counts)).unwrap();
    assert_eq!(written, r#"{"k":"Counts","a":1}"#);
    assert!(matches!(keeps(r#"{"k":"Pause"}"#), Event::Pause(_)));
    // Without a tag it is not known what it is.
    assert!(matches!(keeps(r#"{"song":"x"}"#), Event::Unrecognized(_)));
}

#[test]
fn members_that_no_tag_stands_for_are_told_by_shape() {
    let text = r#"{"height":1,"t":"any"}"#;
    assert!(matches!(keeps(text), Inline::High(_)));
    let text = r#"{"t":"any","width":1}"#;
    assert!(matches!(keeps(text), Inline::Wide(_)));
}

#[test]
fn members_that_add_nothing_to_their_base_are_members() {
    let Base::Abe(abe) = keeps(r#"{"size":1,"t":"Abe"}"#) else {
        panic!("no Abe");
    };
    assert_eq!(*abe, Abe::new("Abe").with_size(1));
    assert!(matches!(keeps(r#"{"size":1,"t":"Zed"}"#), Base::Zed(_)));
    assert!(matches!(
        keeps(r#"{"more":true,"t":"own-name"}"#),
        Base::Named(_)
    ));
    assert!(matches!(keeps(r#"{"size":1,"t":"Base"}"#), Base::Base(_)));
}

#[test]
fn unions_that_lead_to_one_another_end() {
    assert!(matches!(keeps("1"), Other::Integer(1)));
    assert!(matches!(keeps(r#""a""#), Other::Text(_)));
    assert!(matches!(keeps("1"), One::Other(Other::Integer(1))));
    // What is none of the inner alternatives can be one of the outer.
    assert!(matches!(keeps("[1]"), One::Unrecognized(_)));
    assert!(matches!(keeps("true"), Loop::Boolean(true)));
}
