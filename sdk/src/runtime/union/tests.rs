use serde_json::json;

use super::*;
use crate::runtime::{
    Extra,
    record::{Members, Writer, record},
};

#[derive(Clone, Default, PartialEq)]
struct Cat {
    lives: Option<i32>,
    friend: Option<Box<Pet>>,
    extra: Extra,
}

impl Record for Cat {
    const NAME: &'static str = "Cat";

    fn read<'de, A: MapAccess<'de>>(&mut self, name: &str, members: &mut Members<A, A::Error>) {
        match name {
            "lives" => members.optional(name, &mut self.lives),
            "friend" => members.optional(name, &mut self.friend),
            _ => members.keep(name),
        }
    }

    fn write<W: Writer>(&self, members: &mut W) {
        members.optional("lives", &self.lives);
        members.optional("friend", &self.friend);
    }

    fn extra(&self) -> &Extra {
        &self.extra
    }

    fn extra_mut(&mut self) -> &mut Extra {
        &mut self.extra
    }
}

record!(Cat);

#[derive(Clone, Debug, PartialEq)]
enum Pet {
    Cat(Box<Cat>),
    Names(Vec<String>),
    Unrecognized(Value),
}

impl Union for Pet {
    const NAME: &'static str = "Pet";
    const TAG: Option<&'static str> = Some("petType");
    const VARIANTS: &'static [Variant<Self>] = &[
        Variant {
            tags: &["cat", "Cat"],
            shape: Shape::object(&["petType"], &["petType", "lives", "friend"]),
            read: |json| read(json).map(|value| Self::Cat(Box::new(value))),
        },
        Variant {
            tags: &[],
            shape: Shape::Array(&Shape::Any),
            read: |json| read(json).map(Self::Names),
        },
    ];

    fn unrecognized(json: Value) -> Self {
        Self::Unrecognized(json)
    }

    fn is_unrecognized(&self) -> bool {
        matches!(self, Self::Unrecognized(_))
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Cat(value) => write_tagged(serializer, "petType", &["cat", "Cat"], &**value),
            Self::Names(value) => write(serializer, value),
            Self::Unrecognized(json) => write(serializer, json),
        }
    }
}

union!(Pet);

#[test]
fn the_tag_decides() {
    let pet: Pet = serde_json::from_str(r#"{"lives":9,"petType":"Cat"}"#).unwrap();
    let Pet::Cat(cat) = &pet else {
        panic!("{pet:?} is no cat");
    };
    assert_eq!(cat.lives, Some(9));
    // The tag that came is kept, whichever of a variant's it is.
    assert_eq!(
        serde_json::to_value(&pet).unwrap(),
        json!({"lives": 9, "petType": "Cat"})
    );
}

#[test]
fn a_variant_made_by_hand_gets_its_tag_first() {
    let cat = Cat {
        lives: Some(7),
        ..Cat::default()
    };
    let text = serde_json::to_string(&Pet::Cat(Box::new(cat))).unwrap();
    assert_eq!(text, r#"{"petType":"cat","lives":7}"#);
}

#[test]
fn what_is_not_known_is_kept_and_sent_back() {
    for text in [
        r#"{"lives":9,"petType":"dragon"}"#,
        r#"[1,"a"]"#,
        r#""text""#,
        "null",
        "-0.5",
        "18446744073709551615",
        "true",
    ] {
        let pet: Pet = serde_json::from_str(text).unwrap();
        assert!(matches!(pet, Pet::Unrecognized(_)), "{text}");
        assert_eq!(serde_json::to_string(&pet).unwrap(), text);
    }
}

#[test]
fn what_has_no_tag_is_told_by_its_shape() {
    let pet: Pet = serde_json::from_str(r#"{"lives":9}"#).unwrap();
    assert!(matches!(pet, Pet::Cat(_)), "{pet:?}");
    let pet: Pet = serde_json::from_str(r#"["Tom"]"#).unwrap();
    assert_eq!(pet, Pet::Names(vec!["Tom".to_owned()]));
}

#[test]
fn an_error_in_the_tagged_variant_leads_to_its_place() {
    type Pets = std::collections::BTreeMap<String, Vec<Pet>>;
    for (text, path) in [
        (
            r#"{"all": [[], {"petType":"cat","lives":"secret"}]}"#,
            "$.all[1].lives",
        ),
        // Within a union within a union, last in its object.
        (
            r#"{"all": [{"petType":"cat","friend":{"petType":"Cat", "lives":1.5}}], "b":[]}"#,
            "$.all[0].friend.lives",
        ),
    ] {
        let error = serde_json::from_str::<Pets>(text).unwrap_err();
        let (found, message) = json_path::of_error(text.as_bytes(), &error);
        assert_eq!(found, path, "{error}");
        assert!(message.starts_with("invalid type: "), "{message}");
        assert!(
            message.contains("expected i32 at line 1 column "),
            "{message}"
        );
    }
    let broken = serde_json::from_str::<Pets>(r#"{"all":[{"petType":"cat""#).unwrap_err();
    assert!(broken.is_eof(), "{broken}");
}

/// A union of two objects that fit alike, of which the first is no fit in the end.
#[derive(Debug)]
enum Knot {
    Wrong,
    Right(Box<Loose>),
    Unrecognized(Value),
}

#[derive(Debug, Default)]
struct Loose {
    inner: Option<Box<Knot>>,
    end: Option<String>,
    extra: Extra,
}

impl Union for Knot {
    const NAME: &'static str = "Knot";
    const TAG: Option<&'static str> = None;
    const VARIANTS: &'static [Variant<Self>] = &[
        Variant {
            tags: &[],
            shape: Shape::object(&[], &["inner", "end"]),
            read: |json| {
                let _: Loose = read(json)?;
                Err(de::Error::custom("wrong in the end")).map(|()| Self::Wrong)
            },
        },
        Variant {
            tags: &[],
            shape: Shape::object(&[], &["inner", "end"]),
            read: |json| read(json).map(|value| Self::Right(Box::new(value))),
        },
    ];

    fn unrecognized(json: Value) -> Self {
        Self::Unrecognized(json)
    }

    fn is_unrecognized(&self) -> bool {
        matches!(self, Self::Unrecognized(_))
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Wrong => serializer.serialize_unit(),
            Self::Right(loose) => record::serialize(&**loose, serializer),
            Self::Unrecognized(json) => write(serializer, json),
        }
    }
}

union!(Knot);

impl<'de> Deserialize<'de> for Loose {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        record::deserialize(deserializer)
    }
}

impl Record for Loose {
    const NAME: &'static str = "Loose";

    fn read<'de, A: MapAccess<'de>>(&mut self, name: &str, members: &mut Members<A, A::Error>) {
        match name {
            "inner" => members.optional(name, &mut self.inner),
            "end" => members.optional(name, &mut self.end),
            _ => members.keep(name),
        }
    }

    fn write<W: Writer>(&self, members: &mut W) {
        members.optional("inner", &self.inner);
        members.optional("end", &self.end);
    }

    fn extra(&self) -> &Extra {
        &self.extra
    }

    fn extra_mut(&mut self) -> &mut Extra {
        &mut self.extra
    }
}

#[test]
fn ambiguous_values_within_values_take_bounded_time_and_lose_nothing() {
    for depth in [3, 60] {
        let text = format!(
            r#"{}{{}}{}"#,
            r#"{"inner":"#.repeat(depth),
            "}".repeat(depth)
        );
        let began = std::time::Instant::now();
        let knot: Knot = serde_json::from_str(&text).unwrap();
        // Unbounded, depth 60 would take centuries.
        assert!(began.elapsed().as_secs() < 20);
        assert_eq!(serde_json::to_string(&knot).unwrap(), text);
        if depth == 3 {
            assert!(matches!(knot, Knot::Right(_)), "{knot:?}");
        }
    }
    // What one value has spent, the next one has again.
    let knots: Vec<Knot> = serde_json::from_str(r#"[{"end":"a"},{"end":"b"}]"#).unwrap();
    assert!(matches!(knots.as_slice(), [Knot::Right(_), Knot::Right(_)]));
}
