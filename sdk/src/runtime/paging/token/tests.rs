use super::*;

#[test]
fn tokens_survive_being_written_down() {
    for place in [
        Place::Start,
        Place::Number(3),
        Place::Offset(50),
        Place::Cursor("a:b=".to_owned()),
        Place::Link("/users?page=2".to_owned()),
    ] {
        let token = PageToken(place);
        assert_eq!(token.to_string().parse(), Ok(token));
    }
    for text in [
        "", "page", "page:", "page:-1", "start:1", "cursor:", "link:x", "x:1",
    ] {
        assert!(text.parse::<PageToken>().is_err(), "{text}");
    }
    assert_eq!(
        format!("{:?}", PageToken(Place::Cursor("s".into()))),
        "PageToken(cursor..)"
    );
}
