use super::*;

#[test]
fn a_page_number_is_put_into_the_body() {
    for (body, path, expected) in [
        (r#"{"a":1}"#, "pageNumber", r#"{"a":1,"pageNumber":2}"#),
        (r#"{"pageNumber":1}"#, "pageNumber", r#"{"pageNumber":2}"#),
        ("{}", "paging.pageNumber", r#"{"paging":{"pageNumber":2}}"#),
        (r#"{"paging":null}"#, "paging.n", r#"{"paging":{"n":2}}"#),
    ] {
        let whole = with_value(body.as_bytes(), path, 2.into()).unwrap();
        assert_eq!(whole, expected, "{body}");
    }
    assert!(with_value(b"[]", "n", 2.into()).is_err());
    assert!(with_value(br#"{"a":1}"#, "a.n", 2.into()).is_err());
}
