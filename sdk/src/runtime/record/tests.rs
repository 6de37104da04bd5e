use super::*;

#[derive(Clone, Default, PartialEq)]
pub(super) struct Person {
    pub(super) manager: Option<Box<Person>>,
    pub(super) name: Option<String>,
    pub(super) version: i32,
    pub(super) extra: Extra,
}

impl Record for Person {
    const NAME: &'static str = "Person";
    const REQUIRED: &'static [&'static str] = &["version"];

    fn read<'de, A: MapAccess<'de>>(&mut self, name: &str, members: &mut Members<A, A::Error>) {
        match name {
            "manager" => members.optional(name, &mut self.manager),
            "name" => members.optional(name, &mut self.name),
            "version" => members.required(name, &mut self.version),
            _ => members.keep(name),
        }
    }

    fn write<W: Writer>(&self, members: &mut W) {
        members.optional("manager", &self.manager);
        members.optional("name", &self.name);
        members.required("version", &self.version);
    }

    fn extra(&self) -> &Extra {
        &self.extra
    }

    fn extra_mut(&mut self) -> &mut Extra {
        &mut self.extra
    }
}

record!(Person);

#[test]
fn nothing_is_lost_between_reading_and_writing() {
    let text = r#"{"manager":{"version":2,"shoe":{"size":[43]}},"version":1,"name":null}"#;
    let person: Person = serde_json::from_str(text).unwrap();
    assert_eq!(person.version, 1);
    assert_eq!(person.name, None);
    assert!(person.extra.is_null("name"));
    let value: serde_json::Value = serde_json::from_str(text).unwrap();
    assert_eq!(serde_json::to_value(&person).unwrap(), value);
    assert_eq!(serde_json::from_value::<Person>(value).unwrap(), person);
}

#[test]
fn absent_null_and_value_are_three_things() {
    let mut person = Person::default();
    assert_eq!(serde_json::to_string(&person).unwrap(), r#"{"version":0}"#);
    person.extra.set_null("name");
    assert_eq!(
        serde_json::to_string(&person).unwrap(),
        r#"{"version":0,"name":null}"#
    );
    person.name = Some("Ada".to_owned());
    assert_eq!(
        serde_json::to_string(&person).unwrap(),
        r#"{"name":"Ada","version":0}"#
    );
}

#[test]
fn escaped_names_find_their_fields() {
    let person: Person = serde_json::from_str("{\"n\\u0061me\":\"Ada\",\"version\":1}").unwrap();
    assert_eq!(person.name.as_deref(), Some("Ada"));
}

#[test]
fn debug_shows_what_is_there() {
    let mut person = Person::default();
    person.extra.set_null("name");
    assert_eq!(
        format!("{person:?}"),
        r#"Person { version: 0, name: Null }"#
    );
}

#[test]
fn a_wrong_type_inside_is_an_error() {
    let text = r#"{"version":1,"manager":{"version":"x"}}"#;
    let error = serde_json::from_str::<Person>(text).unwrap_err();
    assert!(error.to_string().contains("invalid type"), "{error}");
}

#[test]
fn a_missing_required_property_is_named() {
    let error = serde_json::from_str::<Person>(r#"{"name":"Ada"}"#).unwrap_err();
    assert!(
        error.to_string().contains("missing field `version`"),
        "{error}"
    );
}

#[test]
fn what_is_no_object_is_refused_by_name() {
    let error = serde_json::from_str::<Person>("[]").unwrap_err();
    assert!(
        error.to_string().contains("expected an object (Person)"),
        "{error}"
    );
}
