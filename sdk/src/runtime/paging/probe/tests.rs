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
