//! Parameters in every place, style and shape, as OpenAPI and RFC 6570 have them.

use serde_json::json;
use workspace_tests::styles::{
    models::{Color, Filter},
    styles::GetQueryUnion,
};

use crate::support::{silent, wait};

fn color() -> Color {
    Color::new(100, 200)
}

fn list() -> [String; 2] {
    ["x y".to_owned(), "z,&/".to_owned()]
}

#[test]
fn paths_have_three_styles() {
    let (client, recorder) = silent();
    let styles = client.styles();
    wait(styles.get_simple("a b", &list(), &color(), &color()).send()).unwrap();
    assert_eq!(
        recorder.line(),
        "GET /simple/a%20b/x%20y,z%2C%26%2F/G,200,R,100/G=200,R=100"
    );
    wait(
        styles
            .get_label("a.b", &list(), &list(), &color(), &color())
            .send(),
    )
    .unwrap();
    assert_eq!(
        recorder.line(),
        "GET /label/.a.b/.x%20y,z%2C%26%2F/.x%20y.z%2C%26%2F/.G,200,R,100/.G=200.R=100"
    );
    wait(
        styles
            .get_matrix("a;b", &list(), &list(), &color(), &color())
            .send(),
    )
    .unwrap();
    assert_eq!(
        recorder.line(),
        "GET /matrix/;id=a%3Bb/;list=x%20y,z%2C%26%2F/;exploded=x%20y;exploded=z%2C%26%2F/;object=G,200,R,100/;G=200;R=100"
    );
}

#[test]
fn a_path_that_would_lead_elsewhere_is_refused_unsent() {
    let (client, recorder) = silent();
    for id in ["", ".", ".."] {
        let request = client.styles().get_simple(id, &list(), &color(), &color());
        assert!(wait(request.send()).unwrap_err().is_request(), "{id:?}");
    }
    let nothing = client.styles().get_simple("a", &[], &color(), &color());
    assert!(wait(nothing.send()).unwrap_err().is_request());
    assert_eq!(recorder.count(), 0);
}

/// What one setter makes of the query.
macro_rules! query {
    ($($setter:ident($value:expr) => $expected:literal;)*) => {$(
        let (client, recorder) = silent();
        wait(client.styles().get_query().$setter($value).send()).unwrap();
        assert_eq!(recorder.line(), concat!("GET /query", $expected), stringify!($setter));
    )*};
}

#[test]
fn queries_have_every_style() {
    let filter = Filter::default()
        .with_name("a&b")
        .with_color(color())
        .with_tags(["x".to_owned(), "y z".to_owned()]);
    let map = [("k[]".to_owned(), "v".to_owned())].into();
    query! {
        text("a b&c=d/é") => "?text=a%20b%26c%3Dd%2F%C3%A9";
        form(["a", "b,c"]) => "?form=a&form=b%2Cc";
        form([""; 0]) => "";
        object(&color()) => "?G=200&R=100";
        joined_object(&color()) => "?joinedObject=G,200,R,100";
        space(&["a".to_owned(), "b".to_owned()]) => "?space=a%20b";
        pipe(&["a".to_owned(), "b".to_owned()]) => "?pipe=a|b";
        deep(&Filter::default()) => "";
        deep(&filter) => "?deep%5Bcolor%5D%5BG%5D=200&deep%5Bcolor%5D%5BR%5D=100&deep%5Bname%5D=a%26b&deep%5Btags%5D%5B0%5D=x&deep%5Btags%5D%5B1%5D=y%20z";
        map(&map) => "?map%5Bk%5B%5D%5D=v";
        reserved("a/b?c=d&e#f ü") => "?reserved=a/b?c=d%26e%23f%20%C3%BC";
        empty(true) => "?empty=true";
        free(&json!({"a": 1, "b": null})) => "?a=1";
        free(&json!([1, "x"])) => "?free=1&free=x";
        nullable("") => "?nullable=";
        json(&Filter::default().with_name("n")) => "?json=%7B%22name%22%3A%22n%22%7D";
        union(&GetQueryUnion::Integer(7)) => "?union=7";
        union(&GetQueryUnion::Text("a b".to_owned())) => "?union=a%20b";
        objects(&[color()]) => "?objects=%5B%7B%22G%22%3A200%2C%22R%22%3A100%7D%5D";
    }
}

#[test]
fn a_joined_list_keeps_its_commas_apart() {
    let (client, recorder) = silent();
    wait(client.styles().get_query().joined(["a", "b,c"]).send()).unwrap();
    // RFC 6570 has the separators as they are; wherever both come from one value that was joined
    // before, they cannot be told apart.
    assert!(
        ["GET /query?joined=a,b%2Cc", "GET /query?joined=a%2Cb%2Cc"]
            .contains(&recorder.line().as_str()),
        "{}",
        recorder.line()
    );
}

#[test]
fn what_cannot_be_told_apart_is_refused() {
    let (client, recorder) = silent();
    let request = client.styles().get_headers("a\r\nb");
    assert!(wait(request.send()).unwrap_err().is_request());
    let name = json!([{"deep": {"er": 1}}]);
    wait(client.styles().get_query().free(&name).send()).unwrap();
    assert_eq!(recorder.count(), 1, "an object in a list is JSON");
    assert_eq!(
        recorder.line(),
        "GET /query?free=%7B%22deep%22%3A%7B%22er%22%3A1%7D%7D"
    );
}

#[test]
fn headers_are_simple() {
    let (client, recorder) = silent();
    let request = client
        .styles()
        .get_headers("a,b")
        .x_list(&[1, 2])
        .x_object(&color())
        .x_exploded(&color())
        .x_json(&color());
    wait(request.send()).unwrap();
    for (name, expected) in [
        ("x-text", "a,b"),
        ("x-list", "1,2"),
        ("x-object", "G,200,R,100"),
        ("x-exploded", "G=200,R=100"),
        ("x-json", r#"{"G":200,"R":100}"#),
        // Declared by the description, set by the client alone.
        ("authorization", "Bearer s3cr3t"),
    ] {
        assert_eq!(recorder.header(name).as_deref(), Some(expected), "{name}");
    }
    let (client, recorder) = silent();
    wait(client.styles().get_headers("t").send()).unwrap();
    assert_eq!(recorder.header("x-list"), None);
}

#[test]
fn cookies_share_one_header() {
    let (client, recorder) = silent();
    let request = client
        .styles()
        .get_cookies("s;1")
        .count(2)
        .list(&["a".to_owned(), "b".to_owned()])
        .object(&color());
    wait(request.send()).unwrap();
    let cookies = recorder.header("cookie").unwrap();
    let mut cookies: Vec<&str> = cookies.split("; ").collect();
    cookies.sort_unstable();
    assert_eq!(cookies[0], "count=2");
    assert!(
        cookies[1].starts_with("list=a") && cookies[1].ends_with('b'),
        "{cookies:?}"
    );
    assert!(cookies[2].starts_with("object=G"), "{cookies:?}");
    assert_eq!(cookies[3], "session=s%3B1");
}
