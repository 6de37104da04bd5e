use super::super::{tests::Person, *};

#[test]
fn a_tag_is_written_once() {
    let tagged = |person: &Person| {
        let mut text = Vec::new();
        let mut json = serde_json::Serializer::new(&mut text);
        serialize_tagged(person, &mut json, "name", &["person", "Ada"]).unwrap();
        String::from_utf8(text).unwrap()
    };
    let mut person = Person::default();
    assert_eq!(tagged(&person), r#"{"name":"person","version":0}"#);
    person.extra.insert("name", "Ada");
    assert_eq!(tagged(&person), r#"{"version":0,"name":"Ada"}"#);
    person.extra.insert("name", "robot");
    assert_eq!(tagged(&person), r#"{"name":"person","version":0}"#);
    person.extra.remove("name");
    person.name = Some("Ada".to_owned());
    assert_eq!(tagged(&person), r#"{"name":"Ada","version":0}"#);
    // Another variant's tag is not sent.
    person.name = Some("robot".to_owned());
    assert_eq!(tagged(&person), r#"{"name":"person","version":0}"#);
}
