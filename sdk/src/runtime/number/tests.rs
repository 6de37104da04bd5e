use super::*;

fn written(number: impl Number) -> Result<String, String> {
    serde_json::to_string(&Written(&number)).map_err(|error| error.to_string())
}

#[test]
fn whole_numbers_have_no_fraction() {
    for (number, text) in [
        (80.0, "80"),
        (-3.0, "-3"),
        (0.0, "0"),
        (-0.0, "-0.0"),
        (0.1, "0.1"),
        (1e300, "1e+300"),
        (9_007_199_254_740_991.0, "9007199254740991"),
    ] {
        assert_eq!(written(number).as_deref(), Ok(text));
    }
    assert_eq!(written(1.5_f32).as_deref(), Ok("1.5"));
    assert_eq!(written(0.1_f32).as_deref(), Ok("0.1"));
    assert_eq!(written(2.0_f32).as_deref(), Ok("2"));
    assert_eq!(written(vec![Some(1.0), None]).as_deref(), Ok("[1,null]"));
    let map = BTreeMap::from([("a".to_owned(), 2.0)]);
    assert_eq!(written(map).as_deref(), Ok(r#"{"a":2}"#));
}

#[test]
fn what_json_has_no_number_for_is_an_error() {
    for number in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        assert!(written(number).unwrap_err().contains(NOT_FINITE));
        assert!(written(vec![1.0, number]).is_err());
    }
    assert!(written(f32::INFINITY).is_err());
}
