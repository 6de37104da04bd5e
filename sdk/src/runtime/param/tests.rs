use super::*;

#[test]
fn values_read_as_the_wire_wants_them() {
    let noon = chrono::DateTime::from_timestamp_millis(1_700_000_000_120).unwrap();
    assert_eq!(noon.to_text(), "2023-11-14T22:13:20.120Z");
    assert_eq!(noon.date_naive().to_text(), "2023-11-14");
    assert_eq!(true.to_text(), "true");
    assert_eq!((-1.5f64).to_text(), "-1.5");
    assert_eq!(i64::MIN.to_text(), "-9223372036854775808");
    assert_eq!("a b".to_text(), "a b");
    assert_eq!(UnixTime(noon).to_text(), "1700000000");
    assert_eq!(Base64(vec![0xff, 1]).to_text(), "/wE=");
}

#[expect(
    clippy::needless_borrows_for_generic_args,
    reason = "callers write them all the same"
)]
#[test]
fn what_points_to_a_value_reads_as_the_value() {
    fn text(value: impl Param) -> String {
        value.to_text().into_owned()
    }
    let own = "a b".to_owned();
    assert_eq!(text(&&own), "a b");
    assert_eq!(text(&&*own), "a b");
    assert_eq!(text(Arc::<str>::from("a b")), "a b");
    assert_eq!(text(Rc::new(own.clone())), "a b");
    assert_eq!(text(Box::<str>::from("a b")), "a b");
    assert_eq!(text(Cow::Borrowed(&*own)), "a b");
    assert_eq!(text(&Cow::<str>::Owned(own.clone())), "a b");
    assert_eq!(text(&&7u8), "7");
    assert_eq!(text(Box::<dyn Param>::from(Box::new('x'))), "x");
    let noon = chrono::DateTime::from_timestamp_millis(1_700_000_000_000).unwrap();
    let east = chrono::FixedOffset::east_opt(3600).unwrap();
    assert_eq!(text(noon.with_timezone(&east)), "2023-11-14T22:13:20Z");
}

#[test]
fn lists_hand_out_their_values_as_texts() {
    fn texts(values: impl ParamList) -> Vec<String> {
        let mut texts = Vec::new();
        values.each(&mut |value| texts.push(value.to_text().into_owned()));
        texts
    }
    let own = vec!["a".to_owned(), "b".to_owned()];
    assert_eq!(texts(&own), ["a", "b"]);
    assert_eq!(texts([1, 2]), ["1", "2"]);
    assert_eq!(texts(own.iter().filter(|it| *it != "a")), ["b"]);
}

#[cfg(feature = "uuid")]
#[test]
fn a_uuid_is_written_with_hyphens() {
    assert_eq!(
        uuid::Uuid::nil().to_text(),
        "00000000-0000-0000-0000-000000000000"
    );
}
