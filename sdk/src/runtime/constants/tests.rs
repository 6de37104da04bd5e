use super::*;

#[test]
fn another_value_contradicts_and_none_does_not() {
    const OK: Constants = &[("ok", Scalar::Bool(true)), ("v", Scalar::Integer(1))];
    for (json, expected) in [
        (r#"{"ok":true,"v":1.0}"#, None),
        (r#"{"ok":false}"#, Some("ok")),
        (r#"{"a":{"ok":false},"v":2}"#, Some("v")),
        (r#"{"ok":null}"#, None),
        ("{}", None),
        ("[]", None),
        ("<html>", None),
    ] {
        assert_eq!(contradicted(json.as_bytes(), OK), expected, "{json}");
    }
    assert_eq!(contradicted(br#"{"ok":false}"#, &[]), None);
}
