use super::*;

/// The instant of a text, which it keeps.
fn instant(text: &str) -> String {
    let time: DateTime = text.parse().unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(time.to_string(), text);
    assert_eq!(serde_json::to_string(&time).unwrap(), format!("{text:?}"));
    canonical(&time)
}

#[test]
fn what_services_send_is_read_and_kept() {
    for (text, expected) in [
        ("2026-01-31T12:30:00Z", "2026-01-31T12:30:00Z"),
        ("2026-01-31T12:30:00.000Z", "2026-01-31T12:30:00Z"),
        ("2026-01-31T12:30:00+02:00", "2026-01-31T10:30:00Z"),
        ("2026-01-31T12:30:00+0200", "2026-01-31T10:30:00Z"),
        ("2026-01-31T12:30:00-03", "2026-01-31T15:30:00Z"),
        ("2026-01-31 12:30:00Z", "2026-01-31T12:30:00Z"),
        ("2026-01-31 12:30:00 UTC", "2026-01-31T12:30:00Z"),
        ("2026-01-31 12:30:00 +0100", "2026-01-31T11:30:00Z"),
        ("2026-01-31T12:30Z", "2026-01-31T12:30:00Z"),
        ("2026-01-31T12:30:00.1Z", "2026-01-31T12:30:00.100Z"),
        ("2026-01-31T12:30:00,5Z", "2026-01-31T12:30:00.500Z"),
        (
            "2026-01-31T12:30:00.1234567890123Z",
            "2026-01-31T12:30:00.123456789Z",
        ),
        ("Sun, 06 Nov 1994 08:49:37 GMT", "1994-11-06T08:49:37Z"),
        ("Sun, 6 Nov 1994 08:49:37 +0100", "1994-11-06T07:49:37Z"),
        ("2026-01-31", "2026-01-31T00:00:00Z"),
        ("2016-12-31T23:59:60Z", "2016-12-31T23:59:60Z"),
    ] {
        assert_eq!(instant(text), expected, "{text}");
    }
}

#[test]
fn a_failure_names_the_text_and_what_is_wrong_with_it() {
    for (text, reason) in [
        ("", "does not begin with a date"),
        ("tomorrow at noon", "does not begin with a date"),
        ("2026-13-31T12:30:00Z", "does not begin with a date"),
        ("2026-01-31T25:30:00Z", "has no time such as"),
        ("2026-01-31Tnoon", "has no time such as"),
        ("2026-01-31T12:30:00", "has no time zone"),
        ("2026-01-31T12:30:00 CEST", "has an unknown time zone"),
        ("2026-01-31T12:30:00+99:00", "has an unknown time zone"),
        ("2026-01-3é 12:30:00Z", "does not begin with a date"),
    ] {
        let error = text.parse::<DateTime>().unwrap_err().to_string();
        assert!(error.contains(reason) && error.contains(text), "{error}");
    }
}

#[test]
fn a_time_without_a_zone_is_an_instant_only_by_a_setting() {
    let text = "2026-01-31T12:30:00";
    assert!(text.parse::<DateTime>().is_err());
    assuming_utc(true, || {
        assert_eq!(instant(text), "2026-01-31T12:30:00Z");
        assert_eq!(instant("2026-01-31 12:30"), "2026-01-31T12:30:00Z");
    });
    assert!(text.parse::<DateTime>().is_err());
}

#[test]
fn values_compare_by_their_instants() {
    let [one, other]: [DateTime; 2] =
        ["2026-01-31T12:30:00+02:00", "2026-01-31T10:30:00Z"].map(|text| text.parse().unwrap());
    assert_eq!(one, other);
    assert_eq!(one, other.instant());
    assert_eq!(one.timestamp(), other.timestamp());
    assert_eq!(one.with_offset().offset().local_minus_utc(), 7200);
    assert_eq!(other.with_offset().offset().local_minus_utc(), 0);
    assert_eq!(one.to_text(), "2026-01-31T12:30:00+02:00");
    let made = DateTime::from(one.with_offset());
    assert_eq!(made.to_string(), "2026-01-31T10:30:00Z");
    assert_eq!(DateTime::default().timestamp(), 0);
    // A pointer and a length more than the instant.
    assert_eq!(size_of::<DateTime>(), 32);
}
