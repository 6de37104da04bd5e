use super::*;

fn read(json: &str) -> Result<UnixTime, String> {
    serde_json::from_str(json).map_err(|error| error.to_string())
}

#[test]
fn integers_fractions_and_texts_are_read() {
    for (json, millis) in [
        ("1700000000", 1_700_000_000_000),
        ("-1", -1000),
        ("1700000000.12", 1_700_000_000_120),
        ("-0.5", -500),
        ("1.7e9", 1_700_000_000_000),
        (r#""1700000000""#, 1_700_000_000_000),
    ] {
        let time = read(json).unwrap();
        assert_eq!(DateTime::from(time).timestamp_millis(), millis, "{json}");
    }
}

#[test]
fn whole_seconds_are_written() {
    let time = read("1700000000.75").unwrap();
    assert_eq!(serde_json::to_string(&time).unwrap(), "1700000000");
    assert_eq!(time.to_string(), "1700000000");
    assert_eq!(serde_json::to_string(&UnixTime::default()).unwrap(), "0");
}

#[test]
fn what_is_no_time_is_refused() {
    for json in [
        "9223372036854775807",
        "18446744073709551615",
        "1e300",
        "-1e300",
        r#""soon""#,
        "null",
        "[1]",
    ] {
        assert!(read(json).is_err(), "{json}");
    }
}
