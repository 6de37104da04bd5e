use super::*;

#[test]
fn values_are_found_by_their_path() {
    let page = br#"{"entities":[{"id":1},[],null],"pageCount":7,"paging":{"next":"c\"1","list":[]},"none":null,"x":-1}"#;
    for (path, found) in [
        ("pageCount", Found::Number(7)),
        ("paging.next", Found::Text("c\"1".to_owned())),
        ("paging", Found::Nothing),
        ("entities.id", Found::Nothing),
        ("pageCount.x", Found::Nothing),
        ("none", Found::Nothing),
        ("x", Found::Nothing),
        ("absent", Found::Nothing),
        ("", Found::Nothing),
    ] {
        assert_eq!(find(page, path), found, "{path}");
    }
    assert_eq!(length(find(page, "entities")), Some(3));
    assert_eq!(length(find(page, "paging.list")), Some(0));
    assert_eq!(length(find(b"[1,2]", "")), Some(2));
    assert_eq!(find(b"<html>", "entities"), Found::Nothing);
}

#[test]
fn names_on_a_path_may_contain_its_dots() {
    let page = br#"{"@odata.nextLink":"u","a":{"b":1,"b.c":{"d":true}},"a.b":2,"":0}"#;
    for (path, found) in [
        ("@odata.nextLink", Found::Text("u".to_owned())),
        ("a.b.c.d", Found::Flag(true)),
        ("a.b", Found::Number(2)),
        ("@odata", Found::Nothing),
        ("a.b.c", Found::Nothing),
    ] {
        assert_eq!(find(page, path), found, "{path}");
    }
}

#[test]
fn the_last_entry_of_a_list_is_looked_into() {
    let page = br#"{"data":[{"id":"a","to":{"x":1}},{"id":"b"}],"none":[],"other":{"id":"c"}}"#;
    for (list, path, found) in [
        ("data", "id", Found::Text("b".to_owned())),
        // What only an earlier entry has is not that of the last.
        ("data", "to.x", Found::Nothing),
        ("none", "id", Found::Nothing),
        ("other", "id", Found::Nothing),
        ("data.id", "id", Found::Nothing),
    ] {
        assert_eq!(find_last(page, list, path), found, "{list} {path}");
    }
    assert_eq!(
        find_last(br#"[1,"x"]"#, "", ""),
        Found::Text("x".to_owned())
    );
}

#[test]
fn lists_are_told_apart_by_what_is_in_them() {
    let lists: Vec<Found> = [
        "[1]",
        "[\"1\"]",
        "[[1]]",
        "[[],1]",
        "[1.0]",
        "[-1]",
        "[true]",
        "[null]",
        "[{\"a\":1}]",
        "[{\"a\":{}},1]",
        "[{\"b\":1}]",
        "[]",
        "[1,1]",
    ]
    .iter()
    .map(|list| find(list.as_bytes(), ""))
    .collect();
    for (at, one) in lists.iter().enumerate() {
        assert_eq!(
            lists.iter().filter(|other| *other == one).count(),
            1,
            "{at}"
        );
    }
    assert_eq!(find(b"[ {\"a\" : 1} ]", ""), find(b"[{\"a\":1}]", ""));
}

fn length(found: Found) -> Option<usize> {
    match found {
        Found::List { length, .. } => Some(length),
        _ => None,
    }
}
