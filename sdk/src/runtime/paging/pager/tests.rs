use super::*;

#[test]
fn a_page_number_is_put_into_the_body() {
    for (body, path, expected) in [
        (r#"{"a":1}"#, "pageNumber", r#"{"a":1,"pageNumber":2}"#),
        (r#"{"pageNumber":1}"#, "pageNumber", r#"{"pageNumber":2}"#),
        ("{}", "paging.pageNumber", r#"{"paging":{"pageNumber":2}}"#),
        (r#"{"paging":null}"#, "paging.n", r#"{"paging":{"n":2}}"#),
    ] {
        let whole = with_number(body.as_bytes(), path, 2).unwrap();
        assert_eq!(whole, expected, "{body}");
    }
    assert!(with_number(b"[]", "n", 2).is_err());
    assert!(with_number(br#"{"a":1}"#, "a.n", 2).is_err());
}
