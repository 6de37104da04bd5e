//! Listed values and formats.

use chrono::DateTime;
use serde_json::json;
use workspace_tests::{
    runtime::{Base64, OpenEnum, ScalarEnum, UnixTime},
    values::models::{Formats, Level, Listed, ListedKind, Mixed, Priority, Scale},
};

use crate::support::{answering, keeps, refuses, wait};

#[test]
fn listed_values_of_every_kind_survive() {
    let text = r#"{"few":8,"flag":true,"kind":"listed","level":10,"mixed":2.5,"modes":[1,"two",3],"priority":-1,"scale":0.5,"structured":{"a":1},"text":"b","twice":2,"version":"2","nothing":null}"#;
    let listed: Listed = keeps(text);
    assert_eq!(listed.level, Level::N10);
    assert_eq!(listed.priority, Some(Priority::Low));
    assert_eq!(listed.scale, Some(Scale::Half));
    assert_eq!(listed.mixed, Some(Mixed::N25));
    assert!(listed.extra.is_null("nothing"));
    // Values that are not listed are kept, whatever they are.
    let other = r#"{"kind":"other","level":11,"mixed":"manual","scale":0.125}"#;
    let listed: Listed = keeps(other);
    assert!(!listed.kind.is_known() && !listed.level.is_known());
    assert_eq!(listed.level.value(), json!(11));
    assert!(refuses::<Level>("[1]").contains("a number"));
}

#[test]
fn numbers_are_one_however_they_are_written() {
    assert_eq!(serde_json::from_str::<Scale>("1").unwrap(), Scale::Whole);
    assert_eq!(serde_json::from_str::<Level>("2.0").unwrap(), Level::N2);
    assert_eq!(Mixed::from(true), Mixed::True);
    assert_eq!(Mixed::from("auto"), Mixed::Auto);
    assert_ne!(Mixed::from("1"), Mixed::N1);
    let values: Vec<_> = Scale::VALUES
        .iter()
        .map(|(value, _)| value.value())
        .collect();
    assert_eq!(values, [json!(0.5), json!(1), json!(2.5), json!(-1)]);
}

#[test]
fn the_only_value_is_no_argument() {
    let listed = Listed::new(Level::N1);
    assert_eq!(listed.kind, ListedKind::Listed);
    assert_eq!(
        serde_json::to_string(&listed).unwrap(),
        r#"{"kind":"listed","level":1}"#
    );
}

#[test]
fn every_format_survives() {
    let text = r#"{"any":[null],"binary":"text","boolean":true,"byte":"AQID","bytes":["/w=="],"date":"2024-02-29","dateTime":"2024-02-29T12:00:00.125Z","decimal":0.5,"decimalText":"0.10","double":1e-7,"duration":"P1D","email":"a@b.c","float":0.5,"hostname":"a.b","int16":-32768,"int32":-2147483648,"int64":-9223372036854775808,"int8":-128,"integer":9007199254740993,"ipv4":"127.0.0.1","ipv6":"::1","number":3.25,"password":"hunter2","regex":"^a","time":"12:00:00Z","times":{"a":0},"uint32":4294967295,"uint64":18446744073709551615,"uint8":255,"unixTime":1700000000,"unknown":"x","uri":"https://a.b","uuid":"6ba7b810-9dad-11d1-80b4-00c04fd430c8","yearMonth":"2024-02"}"#;
    let formats: Formats = keeps(text);
    assert!(formats.extra.is_empty(), "every property has a field");
    assert_eq!(formats.byte, Some(Base64(vec![1, 2, 3])));
    assert_eq!(formats.uint64, Some(u64::MAX));
    let time = DateTime::from(formats.unix_time.unwrap());
    assert_eq!(time.timestamp(), 1_700_000_000);
    assert!(!format!("{formats:?}").contains("hunter2"));
    // Other spellings of bytes and times.
    let formats: Formats =
        serde_json::from_str(r#"{"int32":1,"byte":"_w","unixTime":1.5}"#).unwrap();
    assert_eq!(formats.byte, Some(Base64(vec![255])));
    assert!(refuses::<Formats>(r#"{"int32":2147483648}"#).contains("expected i32"));
}

#[test]
fn values_stand_in_every_place() {
    let (client, recorder) = answering(200, r#"{"kind":"listed","level":1}"#);
    let at = DateTime::from_timestamp(1_700_000_000, 999_000_000).unwrap();
    let request = client
        .values()
        .put_values(Level::N10, &Formats::new(1))
        .scale(Scale::Half)
        .levels([Level::N1, Level::from(7)])
        .at(UnixTime(at))
        .bytes(Base64(vec![0xff, 0xfe]))
        .count(u64::MAX)
        .x_mode(Mixed::True);
    wait(request.send()).unwrap();
    assert_eq!(
        recorder.line(),
        "PUT /values/10?scale=0.5&levels=1&levels=7&at=1700000000&bytes=%2F%2F4%3D&count=18446744073709551615"
    );
    assert_eq!(recorder.header("x-mode").as_deref(), Some("true"));
    assert_eq!(recorder.body(), r#"{"int32":1}"#);
}

#[test]
fn values_may_be_words_that_rust_has() {
    use workspace_tests::texts::models::{Level, Nul, NulY};

    for text in [
        "ok",
        "err",
        "some",
        "none",
        "self",
        "default",
        "x\u{202a}y",
        "a`b|c",
    ] {
        let level: Level = text.parse().unwrap();
        assert!(
            workspace_tests::runtime::OpenEnum::is_known(&level),
            "{text}"
        );
        assert_eq!(level.as_str(), text);
    }
    assert_eq!(Level::from("err"), Level::Err);
    // Names that are one to rustc.
    let text = "{\"e\u{301}\":\"a\",\"y\":\"err\",\"é\":\"b\",\"ω\":\"d\",\"\u{2126}\":\"c\"}";
    let nul: Nul = keeps(text);
    assert_eq!(
        (nul.é.as_deref(), nul.é2.as_deref()),
        (Some("b"), Some("a"))
    );
    assert_eq!(
        (nul.ω.as_deref(), nul.ω2.as_deref()),
        (Some("d"), Some("c"))
    );
    assert_eq!(nul.y, Some(NulY::Err));
}
