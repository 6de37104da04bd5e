//! Numbers as they come and go.

use std::collections::BTreeMap;

use workspace_tests::numbers::models::{Numbers, NumbersAmount, NumbersChoice};

use crate::support::{answering, keeps, refuses, wait};

fn written(numbers: &Numbers) -> String {
    serde_json::to_string(numbers).unwrap()
}

#[test]
fn whole_numbers_are_written_without_a_fraction() {
    let numbers = Numbers::new(80.0)
        .with_single(0.5)
        .with_list([Some(1.0), None, Some(2.5)])
        .with_map(BTreeMap::from([("a".to_owned(), 3.0)]))
        .with_amount(NumbersAmount::Number(12.0));
    assert_eq!(
        written(&numbers),
        r#"{"amount":12,"list":[1,null,2.5],"map":{"a":3},"port":80,"single":0.5}"#
    );
}

#[test]
fn integers_are_read_however_they_are_spelt() {
    let text =
        r#"{"port":12,"count":12.0,"total":1e3,"unsigned":7.0,"counts":[1.0,2],"choice":3.0}"#;
    let numbers: Numbers = serde_json::from_str(text).unwrap();
    assert_eq!(numbers.count, Some(12));
    assert_eq!(numbers.total, Some(1000));
    assert_eq!(numbers.unsigned, Some(7));
    assert_eq!(numbers.counts, Some(vec![1, 2]));
    assert!(matches!(numbers.choice, Some(NumbersChoice::Integer(3))));
    assert_eq!(
        written(&numbers),
        r#"{"choice":3,"count":12,"counts":[1,2],"port":12,"total":1000,"unsigned":7}"#
    );
    refuses::<Numbers>(r#"{"port":12,"count":12.5}"#);
    refuses::<Numbers>(r#"{"port":12,"count":3000000000.0}"#);
    keeps::<Numbers>(r#"{"port":0.1,"total":9223372036854775807}"#);
}

#[test]
fn a_number_beyond_single_precision_is_an_error() {
    let error = refuses::<Numbers>(r#"{"port":1,"single":1e39}"#);
    assert!(error.contains("single precision"), "{error}");
    keeps::<Numbers>(r#"{"port":1,"single":1.5}"#);
}

#[test]
fn what_is_no_number_of_json_is_never_sent() {
    let (client, recorder) = answering(200, r#"{"port":1}"#);
    let numbers = || client.numbers();
    let fine = Numbers::new(1.0);
    let list = Numbers::new(1.0).with_list([Some(f64::INFINITY)]);
    let sends = [
        wait(numbers().set_numbers(f64::NAN, &fine).send()),
        wait(numbers().set_numbers(1.0, &Numbers::new(f64::NAN)).send()),
        wait(numbers().set_numbers(1.0, &list).send()),
        wait(numbers().set_numbers(1.0, &fine).near([f64::NAN]).send()),
        wait(
            numbers()
                .set_numbers(1.0, &fine)
                .x_scale(f32::INFINITY)
                .send(),
        ),
    ];
    for sent in sends {
        let error = sent.unwrap_err();
        assert!(format!("{error:?}").contains("NaN"), "{error:?}");
    }
    assert_eq!(recorder.count(), 0);
    wait(numbers().set_numbers(2.0, &fine).near([1.0, 1.5]).send()).unwrap();
    assert_eq!(recorder.count(), 1);
}
