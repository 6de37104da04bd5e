//! Operations whose ids, paths and parameters need mending, and names that are taken.

use workspace_tests::collisions::models::{Properties, Values};

use crate::support::{answering, keeps, silent, wait};

macro_rules! sends {
    ($($call:expr => $expected:literal;)*) => {$({
        let (client, recorder) = silent();
        let call: fn(&workspace_tests::Client) -> _ = $call;
        wait(call(&client).send()).unwrap();
        assert_eq!(recorder.line(), $expected);
    })*};
}

#[test]
fn missing_and_doubled_ids_are_made_of_method_and_path() {
    sends! {
        |client| client.operations().get_users_by_user_id_posts() => "GET /taken";
        |client| client.operations().get_users_by_user_id_posts2("u") => "GET /users/u/posts";
        |client| client.operations().post_users_by_user_id_posts("u") => "POST /users/u/posts";
        |client| client.operations().same() => "GET /first";
        |client| client.operations().get_second() => "GET /second";
        |client| client.operations().list_all() => "GET /case/one";
        |client| client.operations().list_all2() => "GET /case/two";
    }
}

#[test]
fn paths_are_sent_as_they_can_be() {
    sends! {
        |client| client.operations().get_twin() => "GET /twins";
        |client| client.operations().get_twin_slash() => "GET /twins/";
        |client| client.operations().get_same_a("1") => "GET /same/1";
        |client| client.operations().put_same_b("1") => "PUT /same/1";
        |client| client.operations().get_fixed().more("m") => "GET /query?action=go&flag=&more=m";
        |client| client.operations().get_filled("k k") => "GET /query?kind=k%20k";
        |client| client.operations().get_fragment() => "GET /fragment";
        |client| client.operations().get_expanded().q("1").r("2") => "GET /expand?q=1&r=2";
        |client| client.operations().get_open() => "GET /open/%7Bid";
        |client| client.operations().get_odd() => "GET /a%20b/%C3%BC/(x)";
        |client| client.operations().get_twice(1, "2") => "GET /twice/1/of/2";
        |client| client.operations().get_file2("a", "b", "c/d") => "GET /files/a.b/c/d";
        |client| client.operations().get_missing("m") => "GET /missing/m";
        |client| client.operations().get_extra().q("text") => "GET /extra?q=text";
    }
}

#[test]
fn one_name_in_several_places_is_several_arguments() {
    let (client, recorder) = silent();
    let request = client.operations().post_places("p", "the body");
    wait(request.id2("q").id3("h").body("b").send()).unwrap();
    assert_eq!(recorder.line(), "POST /places/p?id=q&body=b");
    assert_eq!(recorder.header("id").as_deref(), Some("h"));
    assert_eq!(recorder.body(), r#""the body""#);
}

#[test]
fn every_method_is_sent() {
    sends! {
        |client| client.operations().method_options() => "OPTIONS /methods";
        |client| client.operations().method_trace() => "TRACE /methods";
        |client| client.operations().method_put() => "PUT /methods";
        |client| client.operations().method_post() => "POST /methods";
        |client| client.operations().method_patch() => "PATCH /methods";
    }
    let (client, recorder) = silent();
    let body = serde_json::from_str(r#"{"a":[1]}"#).unwrap();
    wait(client.operations().method_delete().body(&body).send()).unwrap();
    assert_eq!(
        (recorder.line().as_str(), recorder.body().as_str()),
        ("DELETE /methods", r#"{"a":[1]}"#)
    );
    // A response to HEAD has no body, whatever the description says.
    let (client, recorder) = answering(200, "");
    wait(client.operations().method_head().send()).unwrap();
    assert_eq!(recorder.line(), "HEAD /methods");
    let (client, _) = answering(200, r#""text""#);
    assert_eq!(
        wait(client.operations().method_get().send()).unwrap(),
        "text"
    );
}

#[test]
fn names_that_are_taken_keep_their_wire_names() {
    let (client, recorder) = answering(
        200,
        r#"{"a":{"value":"x"},"c":[{"inner":{}}],"f":{"value":"y"},"g":"<"}"#,
    );
    let request = client
        .two_words()
        .get_one()
        .send2("1")
        .send3("2")
        .self2("3")
        .rt2("4")
        .models2("5")
        .filter_name("6")
        .filter_name2("7")
        .dollar_top(8);
    let all = wait(request.send()).unwrap();
    assert_eq!(
        recorder.line(),
        "GET /one?send=1&Send=2&self=3&rt=4&models=5&filter%5Bname%5D=6&filter.name=7&%24top=8"
    );
    assert_eq!(all.g, Some(Values::Less));
    assert_eq!(all.c.unwrap().len(), 1);
    wait(silent().0.two_words2().get_two().send()).unwrap();
    wait(silent().0.r#match().r#match().send()).unwrap();
}

#[test]
fn properties_and_values_that_rust_makes_one_stay_several() {
    use workspace_tests::runtime::OpenEnum;
    let text = r#"{"":"1","$id":"2","1":"3","@id":"4","New":"5","a":null,"aB":"6","a-b":"7","a_b":"8","async":"9","crate":"10","default":"11","extra":"12","gen":"13","new":"14","null_a":"15","self":"16","type":"17","with_a":"18","🦀":"19"}"#;
    let properties: Properties = serde_json::from_str(text).unwrap();
    assert!(properties.extra.is_null("a"));
    assert_eq!(
        properties.extra.iter().count(),
        1,
        "every property has a field"
    );
    assert_eq!(
        properties.a_b.as_deref(),
        Some("8"),
        "the exact name has the first choice"
    );
    let value: serde_json::Value = serde_json::from_str(text).unwrap();
    assert_eq!(serde_json::to_value(&properties).unwrap(), value);
    assert_eq!(Values::VALUES.len(), 19);
    for (value, text) in Values::VALUES {
        assert_eq!(&Values::from(*text), value, "{text:?}");
        keeps::<Values>(&serde_json::to_string(text).unwrap());
    }
}
