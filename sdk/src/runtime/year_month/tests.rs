use super::*;

#[test]
fn reads_and_writes_the_iso_form() {
    let month: YearMonth = serde_json::from_str(r#""0987-02""#).unwrap();
    assert_eq!((month.year(), month.month()), (987, 2));
    assert_eq!(serde_json::to_string(&month).unwrap(), r#""0987-02""#);
}

#[test]
fn refuses_what_is_no_month() {
    for text in [
        "2024-13",
        "2024-00",
        "2024-2",
        "+024-02",
        "2024",
        "2024-02-01",
        "",
    ] {
        assert_eq!(text.parse::<YearMonth>(), Err(InvalidYearMonth), "{text}");
    }
}
