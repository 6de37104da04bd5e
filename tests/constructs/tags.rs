//! Discriminators, in all the ways that descriptions have them.

use workspace_tests::tags::models::{
    Abe, Animal, Barge, Base, Counts, Event, FreePlan, Inline, Invoke, Loop, Numbered, One, Other,
    PaidPlan, Pet, Plan, Second, Task, Tug, Vessel, Yacht,
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
    // Without a tag its shape tells what it is, and it is sent as it came.
    assert!(matches!(keeps(r#"{"song":"x"}"#), Event::Play(_)));
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
    assert_eq!(*abe, Abe::new().with_size(1));
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

#[test]
fn every_value_of_a_members_enum_selects_it() {
    assert!(matches!(
        keeps(r#"{"depth":1,"type":"find"}"#),
        Task::Find(_)
    ));
    assert!(matches!(keeps(r#"{"type":"find_again"}"#), Task::Find(_)));
    assert!(matches!(keeps(r#"{"type":"Find"}"#), Task::Unrecognized(_)));
    assert_eq!(
        serde_json::to_string(&Task::from(Invoke::new("x"))).unwrap(),
        r#"{"name":"x","type":"invoke"}"#
    );
}

#[test]
fn without_the_discriminator_the_shape_decides_and_none_is_added() {
    assert!(matches!(
        keeps(r#"{"id":1,"price":"2"}"#),
        Plan::PaidPlan(_)
    ));
    assert!(matches!(keeps(r#"{"id":1}"#), Plan::FreePlan(_)));
    assert!(matches!(
        keeps(r#"{"id":1,"price":"2","view":"paid"}"#),
        Plan::PaidPlan(_)
    ));
    assert!(matches!(
        keeps(r#"{"id":1,"view":"other"}"#),
        Plan::Unrecognized(_)
    ));
    let plan = Plan::from(FreePlan::new(1));
    let text = serde_json::to_string(&plan).unwrap();
    assert_eq!(text, r#"{"view":"free","id":1}"#);
}

#[test]
fn a_variant_never_has_the_tag_of_another() {
    let mut paid = PaidPlan::new(1, "2");
    paid.view = Some("free".to_owned());
    let text = serde_json::to_string(&Plan::from(paid)).unwrap();
    assert_eq!(text, r#"{"view":"paid","id":1,"price":"2"}"#);
}

#[test]
fn extensions_name_the_value_of_a_discriminator() {
    assert!(matches!(
        keeps(r#"{"hull":"SAIL","masts":2}"#),
        Vessel::Yacht(_)
    ));
    assert!(matches!(
        keeps(r#"{"hull":"STEAM","power":2}"#),
        Vessel::Tug(_)
    ));
    assert!(matches!(
        keeps(r#"{"hull":"Barge","load":2}"#),
        Vessel::Barge(_)
    ));
    let alone = serde_json::to_string(&Tug::new().with_power(3)).unwrap();
    assert_eq!(alone, r#"{"hull":"STEAM","power":3}"#);
    let text = serde_json::to_string(&Vessel::from(Yacht::new())).unwrap();
    assert_eq!(text, r#"{"hull":"SAIL"}"#);
    assert_eq!(Barge::new().hull.as_str(), "Barge");
}
