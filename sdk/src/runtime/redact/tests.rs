use super::*;

#[test]
fn secrets_are_blotted_out_wherever_they_stand() {
    let text =
        br#"{"name":"x","newPassword":"1","list":[{"pin":"2","inner":{"accessToken":{"a":"3"}}}]}"#;
    let told: Value = serde_json::from_str(&body(text, &["pin"])).unwrap();
    let blotted = "(redacted)";
    let expected = serde_json::json!({
        "name": "x",
        "newPassword": blotted,
        "list": [{"pin": blotted, "inner": {"accessToken": blotted}}],
    });
    assert_eq!(told, expected);
}

#[test]
fn other_bodies_are_told_by_their_size_and_long_ones_are_cut() {
    assert_eq!(
        body(b"grant_type=x&secret=y", &[]),
        "(21 bytes that are not JSON)"
    );
    assert_eq!(body(b"\"s3cr3t\"", &[]), "(8 bytes of a bare value)");
    let long = serde_json::to_vec(&["\u{fc}".repeat(20_000)]).unwrap();
    let told = body(&long, &[]);
    assert!(told.len() <= LIMIT + 2 && told.ends_with(".."));
}
