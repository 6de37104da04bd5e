//! `allOf`, a base and what is made from it, maps.

use serde_json::json;
use workspace_tests::{all_of, inheritance, maps};

use crate::support::{answering, keeps, refuses, wait};

#[test]
fn members_are_one_type_with_what_each_requires() {
    use all_of::models::Dog;
    let dog: Dog =
        keeps(r#"{"born":"2020-02-29","good":true,"name":"Rex","owner":"Ann","tag":"t"}"#);
    assert_eq!((dog.name.as_str(), dog.tag.as_deref()), ("Rex", Some("t")));
    for missing in ["good", "name", "owner"] {
        let mut value = json!({"good": true, "name": "Rex", "owner": "Ann"});
        value.as_object_mut().unwrap().remove(missing);
        let error = refuses::<Dog>(&value.to_string());
        assert!(error.contains(missing), "{error}");
    }
}

#[test]
fn what_a_body_requires_besides_is_an_argument() {
    use all_of::{all_of::AddDogBody, models::Dog};
    let answer = r#"{"good":false,"name":"Rex","owner":"Ann"}"#;
    let (client, recorder) = answering(200, answer);
    let body: AddDogBody = keeps(r#"{"good":true,"name":"Rex","owner":"Ann","tag":"t"}"#);
    assert!(refuses::<AddDogBody>(answer).contains("tag"));
    let dog: Dog = wait(client.all_of().add_dog(&body).send()).unwrap();
    assert!(!dog.good);
    assert_eq!(recorder.line(), "POST /dogs");
    assert_eq!(
        recorder.body(),
        r#"{"good":true,"name":"Rex","owner":"Ann","tag":"t"}"#
    );
}

#[test]
fn members_only_of_constraints_and_words_leave_the_type() {
    use all_of::models::{Animal, DatedAnimal, Kennel, SameAnimal};
    let animal: Animal = SameAnimal::new("Rex");
    assert_eq!(serde_json::to_string(&animal).unwrap(), r#"{"name":"Rex"}"#);
    assert!(refuses::<DatedAnimal>(r#"{"name":"Rex"}"#).contains("born"));
    let text = r#"{"code":"AB","counts":{"a":1},"guests":[{"name":"Bo","until":"2024-01-01"}],"place":{"city":"Rome","street":"Via"},"rate":3}"#;
    let kennel: Kennel = keeps(text);
    let counts = kennel.counts.unwrap();
    assert_eq!(
        (kennel.code.as_deref(), kennel.rate, counts["a"]),
        (Some("AB"), Some(3_i32), 1)
    );
    assert_eq!(kennel.place.unwrap().city, "Rome");
    assert_eq!(kennel.guests.unwrap()[0].name, "Bo");
    // Null and what is read-only come from beside the reference.
    let kennel: Kennel = keeps(r#"{"keeper":null}"#);
    assert!(kennel.extra.is_null("keeper"));
}

#[test]
fn one_property_of_two_members_is_what_both_say() {
    use all_of::models::{Doubled, Narrowed, NarrowedSize};
    use workspace_tests::runtime::OpenEnum;
    let texts: Vec<&str> = NarrowedSize::VALUES.iter().map(|(_, text)| *text).collect();
    assert_eq!(texts, ["m", "l"]);
    let narrowed: Narrowed = keeps(r#"{"size":"m","weight":3}"#);
    assert_eq!(narrowed.weight, Some(3_i64));
    let doubled: Doubled = keeps(r#"{"it":{"name":"Rex"}}"#);
    assert_eq!(
        doubled.it.unwrap().name,
        "Rex",
        "the last declaration counts"
    );
}

#[test]
fn alternatives_beside_properties_are_properties() {
    use all_of::models::{Constrained, Either, Impossible, Open};
    let either: Either = keeps(r#"{"barks":true,"lives":9,"tag":"t"}"#);
    assert_eq!((either.barks, either.lives), (Some(true), Some(9)));
    keeps::<Constrained>(r#"{"b":"x"}"#);
    keeps::<Impossible>(r#"[1]"#);
    let open: Open = keeps(r#"{"tag":"t","a":1,"b":2}"#);
    assert_eq!(open.additional.get("b"), Some(&2_i32));
}

#[test]
fn a_base_is_read_as_what_its_tag_says() {
    use inheritance::models::{Car, Van, Vehicle};
    let text = r#"[{"bell":true,"type":"Bike","wheels":2},{"doors":3,"type":"car"},{"doors":5,"load":[{"type":"Bike"}],"spare":{"doors":2,"type":"van"},"tows":{"doors":1,"type":"car"},"type":"van"},{"type":"Vehicle","wheels":1},{"type":"rocket","stages":3}]"#;
    let (client, _) = answering(200, text);
    let vehicles = wait(client.inheritance().list_vehicles().send()).unwrap();
    assert_eq!(serde_json::to_string(&vehicles).unwrap(), text);
    let [
        Vehicle::Bike(bike),
        Vehicle::Car(car),
        Vehicle::Van(van),
        Vehicle::Vehicle(other),
        Vehicle::Unrecognized(json),
    ] = vehicles.as_slice()
    else {
        panic!("{vehicles:?}")
    };
    assert_eq!(
        (bike.bell, car.doors, other.wheels),
        (Some(true), 3, Some(1))
    );
    assert!(matches!(van.load.as_deref(), Some([Vehicle::Bike(_)])));
    assert!(matches!(van.tows, Some(Vehicle::Car(_))));
    assert_eq!(json["stages"], 3, "what is unknown is kept");
    // A value goes where its base is wanted.
    let (client, recorder) = answering(200, r#"{"doors":3,"type":"car"}"#);
    let car: Car = keeps(r#"{"doors":3,"type":"car"}"#);
    wait(client.inheritance().add_vehicle(&Vehicle::from(car)).send()).unwrap();
    assert_eq!(recorder.body(), r#"{"doors":3,"type":"car"}"#);
    assert_eq!(Van::new(2).doors, 2);
}

#[test]
fn bases_of_their_own_and_bases_of_nothing() {
    use inheritance::models::{Lonely, Machine, Payload};
    let machine: Machine =
        keeps(r#"{"inks":{"a":{"machine":"Machine"}},"machine":"Printer","pages":2}"#);
    let Machine::Printer(printer) = &machine else {
        panic!("{machine:?}")
    };
    assert!(matches!(
        printer.inks.as_ref().unwrap()["a"],
        Machine::Machine(_)
    ));
    let lonely: Lonely = keeps(r#"{"kind":"x","name":"n"}"#);
    assert_eq!(lonely.kind.as_deref(), Some("x"));
    let payload: Payload = keeps(r#"{"@type":"text","text":"t"}"#);
    assert!(matches!(payload, Payload::TextPayload(_)));
}

#[test]
fn an_error_in_what_the_tag_says_is_told_with_its_place() {
    use inheritance::models::Vehicle;
    let error =
        refuses::<Vehicle>(r#"{"type":"van","doors":1,"spare":{"type":"van","doors":"x"}}"#);
    assert!(
        error.contains("spare") && error.contains("doors"),
        "{error}"
    );
    let (client, _) = answering(200, r#"[{"type":"Bike"},{"type":"car"}]"#);
    let error = wait(client.inheritance().list_vehicles().send()).unwrap_err();
    assert!(error.is_decode(), "{error}");
    assert!(error.json_path() == Some("$[1]"), "{error:?}");
}

#[test]
fn maps_of_everything() {
    use maps::models::Maps;
    let text = r#"{"bounded":{"a":"b"},"counts":{"a":1},"empty":{"a":[null]},"free":{"x":{}},"freeToo":{"x":1},"holes":{"a":null,"b":"c"},"list":[{"a":"b"}],"lists":{"a":["b"],"c":[]},"maps":{"a":{"b":true}},"none":{},"objects":{"a":{"x":1.5}},"of":{"a":{"b":{}}},"untyped":{"a":0.5}}"#;
    let maps: Maps = keeps(text);
    assert_eq!(maps.counts.unwrap()["a"], 1_i32);
    assert_eq!(maps.holes.unwrap()["a"], None);
    assert_eq!(maps.objects.unwrap()["a"].x, Some(1.5));
    assert!(maps.of.unwrap().0["a"].0.contains_key("b"));
    assert!(maps.extra.is_empty());
}

#[test]
fn other_properties_have_the_type_said() {
    use maps::models::{Additional, Closed, Nullable, Open, Score};
    let score: Score = keeps(r#"{"name":"n","best":9007199254740993,"last":-1}"#);
    assert_eq!(score.additional["best"], 9_007_199_254_740_993);
    assert!(score.extra.is_empty());
    assert!(refuses::<Score>(r#"{"name":"n","best":"x"}"#).contains("expected i64"));
    // A null that the type does not have is kept all the same.
    let score: Score = keeps(r#"{"name":"n","worst":null}"#);
    assert!(score.additional.is_empty() && score.extra.is_null("worst"));
    let nullable: Nullable = keeps(r#"{"a":"x","b":null,"c":"y"}"#);
    assert_eq!(nullable.additional["b"], None);
    let named: Additional = keeps(r#"{"additional":"a","extra":"e","other":"2024-01-01"}"#);
    assert_eq!(
        (named.additional2.as_deref(), named.additional.len()),
        (Some("a"), 1)
    );
    for text in [r#"{"a":"x","b":[1]}"#, r#"{"b":{"c":null}}"#] {
        keeps::<Closed>(text);
        keeps::<Open>(text);
    }
}

#[test]
fn a_map_is_a_body() {
    let (client, recorder) = answering(200, "{}");
    let scores = [("a".to_owned(), maps::models::Score::new("n"))].into();
    wait(client.maps().exchange_maps(&scores).send()).unwrap();
    assert_eq!(recorder.body(), r#"{"a":{"name":"n"}}"#);
}
