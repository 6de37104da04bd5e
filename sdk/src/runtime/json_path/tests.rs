use std::collections::BTreeMap;

use super::*;

type Numbers = BTreeMap<String, Vec<BTreeMap<String, i32>>>;

fn path_of_failure(text: &str) -> String {
    let error = serde_json::from_str::<Numbers>(text).unwrap_err();
    path_at(text.as_bytes(), error.line(), error.column())
}

#[test]
fn the_path_leads_to_the_value_that_does_not_fit() {
    for (text, path) in [
        (r#"{"a":[{"x":1},{"y":"text"}]}"#, "$.a[1].y"),
        (r#"{"a":[{"x":1},{"y":"}],\"{"}]}"#, "$.a[1].y"),
        (r#"{"a":[{"x":1,"y":{"z":1}}]}"#, "$.a[0].y"),
        (r#"{"a":[],"b":[{}, 7]}"#, "$.b[1]"),
        (r#"{"a":[],"b":null}"#, "$.b"),
        (r#"{"a":{"x":[]}}"#, "$.a"),
        (r#"{"a b":[{"ü":1.5}]}"#, r#"$["a b"][0]["ü"]"#),
        (r#"{"\u0061":[{"x":true}]}"#, "$.a[0].x"),
        (
            "{\n  \"a\": [\n    {\"x\": 1},\n    {\"x\": false}\n  ]\n}",
            "$.a[1].x",
        ),
        ("[]", "$"),
        ("\"text\"", "$"),
        ("", "$"),
        ("<html>", "$"),
        (r#"{"a":[{"x":1}"#, "$.a[0]"),
    ] {
        assert_eq!(path_of_failure(text), path, "{text}");
    }
}

#[test]
fn a_value_read_a_second_time_keeps_its_place() {
    let inner = r#"{"x":[{"y":"(a)"}]}"#;
    let error = serde_json::from_str::<Numbers>(inner).unwrap_err();
    let message = within(inner.as_bytes(), &error);
    // Twice over, for values within values.
    let outer = r#"{"b":0}"#;
    let error = <serde_json::Error as serde::de::Error>::custom(message);
    assert!(error.to_string().ends_with("(in the value, at $.x[0].y)"));
    let (path, message) = of_error(outer.as_bytes(), &error);
    assert_eq!(path, "$.x[0].y");
    assert_eq!(message, r#"invalid type: string "(a)", expected i32"#);
}

#[test]
fn any_place_in_any_text_has_a_path() {
    let text = br#"{"a\"":[1,{"b":"\\"}],"c":"\"#;
    for line in 0..3 {
        for column in 0..40 {
            assert!(path_at(text, line, column).starts_with('$'));
        }
    }
    assert_eq!(path_at(b"]}]}", 1, 4), "$");
}
