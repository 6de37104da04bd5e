use super::super::*;

#[derive(Clone, Default, PartialEq)]
struct Scores {
    best: Option<(String, i32)>,
    additional: BTreeMap<String, i32>,
    extra: Extra,
}

impl Record for Scores {
    const NAME: &'static str = "Scores";

    fn read<'de, A: MapAccess<'de>>(&mut self, name: &str, members: &mut Members<A, A::Error>) {
        match name {
            "best" => members.optional(name, &mut self.best),
            _ => members.additional(name, &mut self.additional),
        }
    }

    fn write<W: Writer>(&self, members: &mut W) {
        members.optional("best", &self.best);
        members.additional(&self.additional);
    }

    fn extra(&self) -> &Extra {
        &self.extra
    }

    fn extra_mut(&mut self) -> &mut Extra {
        &mut self.extra
    }
}

record!(Scores);

#[test]
fn properties_without_a_field_keep_their_type() {
    let text = r#"{"best":["Ada",3],"Ada":3,"Bob":-1,"Cyd":null}"#;
    let mut scores: Scores = serde_json::from_str(text).unwrap();
    assert_eq!(scores.best, Some(("Ada".to_owned(), 3)));
    assert_eq!(scores.additional["Bob"], -1);
    assert!(scores.extra.is_null("Cyd") && !scores.additional.contains_key("Cyd"));
    assert_eq!(serde_json::to_string(&scores).unwrap(), text);
    assert_eq!(
        format!("{scores:?}"),
        r#"Scores { best: ("Ada", 3), Ada: 3, Bob: -1, Cyd: Null }"#
    );
    scores.additional.insert("Cyd".to_owned(), 5);
    let text = r#"{"best":["Ada",3],"Ada":3,"Bob":-1,"Cyd":5}"#;
    assert_eq!(serde_json::to_string(&scores).unwrap(), text);
    let refused = serde_json::from_str::<Scores>(r#"{"Ada":"x"}"#).unwrap_err();
    assert!(refused.to_string().contains("expected i32"), "{refused}");
}

#[derive(Default)]
struct Notes(BTreeMap<String, serde_json::Value>, Extra);

impl Record for Notes {
    const NAME: &'static str = "Notes";

    fn read<'de, A: MapAccess<'de>>(&mut self, name: &str, members: &mut Members<A, A::Error>) {
        members.additional(name, &mut self.0);
    }

    fn write<W: Writer>(&self, members: &mut W) {
        members.additional(&self.0);
    }

    fn extra(&self) -> &Extra {
        &self.1
    }

    fn extra_mut(&mut self) -> &mut Extra {
        &mut self.1
    }
}

record!(Notes);

#[test]
fn a_null_stays_where_the_type_has_room_for_it() {
    let notes: Notes = serde_json::from_str(r#"{"a":null,"b":1}"#).unwrap();
    assert_eq!(notes.0["a"], serde_json::Value::Null);
    assert!(notes.1.is_empty());
}
