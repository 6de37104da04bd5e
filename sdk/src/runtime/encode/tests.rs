use super::*;

#[test]
fn a_value_cannot_leave_its_place() {
    let mut path = "/users/{userId}/skills/{skillId}".to_owned();
    fill(&mut path, "skillId", "a/b?c#d%e ü").unwrap();
    fill(&mut path, "userId", "{skillId}").unwrap();
    assert_eq!(
        path,
        "/users/%7BskillId%7D/skills/a%2Fb%3Fc%23d%25e%20%C3%BC"
    );
}

#[test]
fn values_that_name_another_resource_are_refused() {
    for value in ["", ".", ".."] {
        let refused = fill(&mut "/users/{id}".to_owned(), "id", value).unwrap_err();
        assert!(refused.contains("another resource"), "{refused}");
    }
    assert!(fill(&mut "/users/{id}".to_owned(), "id", "...").is_ok());
    for encoded in ["", "..", "a/../b", "%2E%2e", "a/."] {
        assert!(fill_encoded(&mut "/users/{id}".to_owned(), "id", encoded).is_err());
    }
    let mut path = "/files/{path}".to_owned();
    fill_encoded(&mut path, "path", "a/b.c").unwrap();
    assert_eq!(path, "/files/a/b.c");
    assert!(fill(&mut "/users".to_owned(), "id", "1").is_err());
}

#[test]
fn query_pairs_are_joined_and_encoded() {
    let mut query = String::new();
    append(&mut query, "expand", "a,b");
    append(&mut query, "q 64", "x&y=z+1");
    assert_eq!(query, "expand=a%2Cb&q%2064=x%26y%3Dz%2B1");
}

#[test]
fn paths_that_lead_elsewhere_are_refused() {
    for path in ["/", "/a/b.c/..d/%2ex", "//a", "/a//b", "/ü"] {
        assert_eq!(check_path(path), Ok(()), "{path}");
    }
    for path in [
        "",
        "a",
        "/a/..",
        "/./a",
        "/a/%2E%2e/b",
        "/a/.%2e",
        "/a\\..\\b",
        "/a?b",
        "/a#b",
        "/a\n",
    ] {
        assert!(check_path(path).is_err(), "{path}");
    }
}

#[test]
fn a_replaced_pair_stands_once() {
    let mut query = "page=1&size=2&page=7".to_owned();
    replace(&mut query, "page", "a&b");
    assert_eq!(query, "size=2&page=a%26b");
    let mut empty = String::new();
    replace(&mut empty, "p q", "1");
    assert_eq!(empty, "p%20q=1");
    assert_eq!(names(&query), ["size", "page"]);
    assert!(names("").is_empty());
}

#[test]
fn values_are_found_in_links() {
    let link = "/api/v2/groups?pageSize=2&after=a%2Bb+c%3D%3D&flag#x?after=no";
    assert_eq!(value_in(link, "after").as_deref(), Some("a+b c=="));
    assert_eq!(value_in(link, "flag"), None);
    assert_eq!(value_in("/api?x=1", "after"), None);
    assert_eq!(value_in("/api", "after"), None);
}
