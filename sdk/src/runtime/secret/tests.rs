use super::*;

#[test]
fn debug_hides_the_text_and_the_wire_carries_it() {
    let secret = Secret::new("hunter2");
    assert_eq!(format!("{secret:?}"), "Secret(..)");
    assert_eq!(serde_json::to_string(&secret).unwrap(), r#""hunter2""#);
    assert_eq!(
        serde_json::from_str::<Secret>(r#""hunter2""#).unwrap(),
        secret
    );
}
