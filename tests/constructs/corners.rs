//! What is rare.

use serde_json::json;
use workspace_tests::corners::{
    corners::SendCornersFailure,
    models::{Color, Corners, CornersListOrObject, CornersTextOrObject, Node, NodeChoice, Update},
};

use crate::support::{answering, keeps, silent, wait};

#[test]
fn what_holds_itself_in_a_tuple_is_finite() {
    let text = r#"{"choice":[{"kids":["c",null]},3],"kids":["a",{"kids":["b",null]}],"pair":[{"kids":["d",null]},"red"]}"#;
    let node: Node = keeps(text);
    let (name, inner) = *node.kids.unwrap();
    assert_eq!((name.as_str(), inner.is_some()), ("a", true));
    assert!(matches!(node.choice, Some(NodeChoice::List(_))));
    let (_, color) = *node.pair.unwrap();
    assert_eq!(color, Color::Red);
}

#[test]
fn objects_of_which_nothing_is_said_are_alternatives() {
    let both = r#"{"textOrObject":{"a":1}}"#;
    let corners: Corners = keeps(both);
    let Some(CornersTextOrObject::Object(object)) = corners.text_or_object else {
        panic!("{corners:?}");
    };
    assert_eq!(object["a"], 1);
    keeps::<Corners>(r#"{"textOrObject":"a"}"#);
    keeps::<Corners>(r#"{"numberOrObject":{"a":1}}"#);
    let corners: Corners = keeps(r#"{"listOrObject":["a"]}"#);
    assert!(matches!(
        corners.list_or_object,
        Some(CornersListOrObject::StringList(_))
    ));
    keeps::<Corners>(r#"{"anything":[1]}"#);
    // Among objects it says nothing.
    let corners: Corners = keeps(r#"{"thing":{"name":"x","other":1}}"#);
    assert_eq!(corners.thing.unwrap().name.as_deref(), Some("x"));
}

#[test]
fn values_keep_what_they_are() {
    let text = r#"{"huge":18446744073709551615,"level":2,"signedOrNot":18446744073709551614,"token":"--__AQ"}"#;
    let corners: Corners = keeps(text);
    assert_eq!(corners.token.unwrap().0, [0xfb, 0xef, 0xff, 1]);
    assert!(format!("{:?}", corners.level).contains('2'));
    let list = r#"{"lists":[{"a":"x","b":"y"}],"maps":{"a":1,"b":"c"}}"#;
    let corners: Corners = keeps(list);
    let items = corners.lists.unwrap();
    assert_eq!(
        (items[0].a.as_deref(), items[0].b.as_deref()),
        (Some("x"), Some("y"))
    );
}

#[test]
fn marks_in_a_path_say_how_values_are_written() {
    let (client, recorder) = silent();
    let call = client.corners().read_file("a b", "c/d e", "json", &7);
    let call = call.text("plain").ids(["a,b", "c"]).both(&["x".to_owned()]);
    wait(call.send()).unwrap();
    assert_eq!(
        recorder.line(),
        "GET /files/a%20b/c/d%20e.json;page=7?text=plain&ids=a%2Cb,c&both=%5B%22x%22%5D"
    );
    let none: [&str; 0] = [];
    wait(
        client
            .corners()
            .read_file("a", "b", "c", &1)
            .ids(none)
            .send(),
    )
    .unwrap();
    assert_eq!(recorder.line(), "GET /files/a/b.c;page=1");
}

#[test]
fn a_query_that_stands_in_the_path_is_sent_as_it_is_meant() {
    let (client, recorder) = silent();
    wait(client.corners().find_fixed().x("1").send()).unwrap();
    assert_eq!(recorder.line(), "GET /find?kind=a%2Cb%20c&x=1");
}

#[test]
fn a_relative_server_of_an_operation_is_relative_to_the_usual_one() {
    let (client, recorder) = answering(200, "{}");
    wait(client.corners().send_corners(&Corners::default()).send()).unwrap();
    assert_eq!(recorder.line(), "POST https://api.example.com/v2/values");
}

#[test]
fn failures_are_texts_where_they_are() {
    let (client, _) = answering(403, "no way");
    let error = wait(client.corners().send_corners(&Corners::default()).send()).unwrap_err();
    let failure = SendCornersFailure::of(&error);
    assert!(matches!(failure, Some(SendCornersFailure::ClientError(text)) if text == "no way"));
}

#[test]
fn lines_of_a_list_by_another_name_are_its_items() {
    let (client, _) = answering(200, "{\"name\":\"a\"}\n{\"name\":\"b\"}\n");
    let mut lines = wait(client.corners().read_lines().send()).unwrap();
    let first: Update = wait(lines.try_next()).unwrap().unwrap();
    assert_eq!(first.name.as_deref(), Some("a"));
}

#[test]
fn forms_have_the_fields_of_all_members() {
    let (client, recorder) = silent();
    let tags = ["a,b".to_owned(), "c".to_owned()];
    wait(client.corners().send_form().name("x y").tags(&tags).send()).unwrap();
    assert_eq!(recorder.body(), "name=x%20y&tags=a%2Cb,c");
}

#[test]
fn parts_have_the_types_that_are_said() {
    let (client, recorder) = silent();
    let call = client
        .corners()
        .send_parts()
        .table("a,b")
        .picture("p")
        .pictures(["q"]);
    wait(call.send()).unwrap();
    let body = recorder.body();
    let table = "name=\"table\"\r\nContent-Type: text/csv\r\n\r\na,b";
    assert!(body.contains(table), "{body}");
    assert_eq!(body.matches("Content-Type: image/png").count(), 2, "{body}");
}

#[test]
fn a_patch_by_another_name_can_send_nulls() {
    let (client, recorder) = silent();
    let update = Update::default().with_null_name();
    wait(client.corners().patch_alias(&update).send()).unwrap();
    assert_eq!(recorder.body(), json!({"name": null}).to_string());
}
