//! Plain values of every kind on their way to the wire and back.

use serde_json::json;
use workspace_tests::{
    bodies, enums, merged_recursion, names, objects, recursion,
    runtime::{Extra, OpenEnum, Secret, YearMonth},
    scalars, trust,
};

use crate::support::{answering, wait};

#[test]
#[expect(deprecated, reason = "a deprecated parameter is sent like any other")]
fn parameters_of_every_type_reach_their_places() {
    let (client, recorder) = answering(200, "[\"a\"]");
    let day = "2024-02-29".parse().unwrap();
    let request = client
        .parameters()
        .get_things(-5, "first part/é", "s h", ["a", "b,c"])
        .kind("huge".into())
        .words(["x", "y"])
        .joined([1, 2, 3])
        .send2(false)
        .r#type("c d".into())
        .since(
            "2024-02-29T12:00:00.5Z"
                .parse::<workspace_tests::runtime::DateTime>()
                .unwrap(),
        )
        .day(day)
        .month(YearMonth::new(2024, 2).unwrap())
        .key(uuid::Uuid::nil())
        .ratio(0.25)
        .x_trace("t-1");
    assert_eq!(wait(request.send()).unwrap(), ["a"]);
    assert_eq!(
        recorder.sent(),
        "GET https://api.example.com/base/a/-5/b/first%20part%2F%C3%A9?shared=s%20h&ids=a&ids=b%2Cc\
         &kind=huge&words=x&words=y&joined=1,2,3&send=false&type=c%20d&since=2024-02-29T12%3A00%3A00.5Z\
         &day=2024-02-29&month=2024-02&key=00000000-0000-0000-0000-000000000000&ratio=0.25"
    );
    assert_eq!(recorder.header("x-trace").as_deref(), Some("t-1"));
    assert_eq!(
        recorder.header("authorization").as_deref(),
        Some("Bearer s3cr3t")
    );
    assert_eq!(recorder.header("content-type"), None);
}

#[test]
fn a_header_value_that_would_start_another_header_is_refused_unsent() {
    let (client, recorder) = answering(200, "[]");
    let no_ids: [&str; 0] = [];
    let request = client
        .parameters()
        .get_things(1, "a", "b", no_ids)
        .x_trace("a\r\nx: y");
    let error = wait(request.send()).unwrap_err();
    assert!(error.is_request(), "{error}");
    assert_eq!(recorder.count(), 0);
}

#[test]
fn enums_travel_as_their_texts() {
    use enums::models::{Color, LightMode, Order};
    let (client, recorder) = answering(
        200,
        r#"[{"color":"green","modes":["2","","new"],"state":null}]"#,
    );
    let request = client.enums().list_lights();
    let request = request
        .colors(["red".into(), "mauve & blue".into()])
        .order(Order::Ascending);
    let lights = wait(request.send()).unwrap();
    assert_eq!(
        recorder.sent(),
        "GET https://api.example.com/base/lights?colors=red&colors=mauve%20%26%20blue&order=ascending"
    );
    assert_eq!(lights[0].color, Some(Color::Green));
    let modes = lights[0].modes.as_deref().unwrap();
    assert!(modes[0].is_known() && modes[1].is_known() && !modes[2].is_known());
    assert!(lights[0].extra.is_null("state"));
    for (mode, text) in LightMode::VALUES {
        assert_eq!(serde_json::to_value(mode).unwrap(), json!(text));
        assert_eq!(&LightMode::from(*text), mode);
    }
    assert_eq!(LightMode::VALUES.len(), 13);
}

#[test]
fn explicit_nulls_are_sent_and_taken_back() {
    use bodies::models::ThingPatch;
    let (client, recorder) = answering(200, "[]");
    let changed = ThingPatch::new(7).with_null_title();
    let back = changed.clone().with_title("T");
    assert_eq!(back, ThingPatch::new(7).with_title("T"));
    wait(client.bodies().patch_things(&[changed, back]).send()).unwrap();
    assert_eq!(
        recorder.sent(),
        r#"PATCH https://api.example.com/base/things [{"version":7,"title":null},{"title":"T","version":7}]"#
    );
    assert_eq!(
        recorder.header("content-type").as_deref(),
        Some("application/json")
    );
}

#[test]
#[expect(deprecated, reason = "a deprecated operation is called like any other")]
fn an_optional_body_can_be_left_out() {
    let (client, recorder) = answering(200, "whatever a success without a body holds");
    wait(client.bodies().add_texts().send()).unwrap();
    assert_eq!(recorder.sent(), "POST https://api.example.com/base/things");
    assert_eq!(recorder.header("content-length").as_deref(), Some("0"));
    let (client, recorder) = answering(200, "");
    wait(client.bodies().add_texts().body(&["a".to_owned()]).send()).unwrap();
    assert_eq!(
        recorder.sent(),
        r#"POST https://api.example.com/base/things ["a"]"#
    );
}

#[test]
fn types_declared_in_place_are_values_like_any_other() {
    use bodies::bodies::{PutInlineBody, PutInlineBodyB};
    let (client, recorder) = answering(200, r#"{"ok":true,"more":1}"#);
    let mut inner = PutInlineBodyB::default();
    inner.c = Some(i64::MAX);
    let body = PutInlineBody::new("x").with_b(inner);
    let answer = wait(client.bodies().put_inline(&body).send()).unwrap();
    assert_eq!(
        recorder.sent(),
        r#"PUT https://api.example.com/base/things {"a":"x","b":{"c":9223372036854775807}}"#
    );
    assert_eq!(
        (answer.ok, answer.extra.get("more")),
        (Some(true), Some(&json!(1)))
    );
}

#[test]
fn every_scalar_survives_a_round_trip() {
    let text = r#"{"any":[1,{"a":null}],"bool":true,"bytes":"AQID","date":"2024-02-29","dateTime":"2024-02-29T12:00:00.125Z","double":1e-7,"float":0.5,"free":{"x":[]},"gaps":["a",null],"holes":{"a":null,"b":"2024-01-01"},"int":9007199254740993,"int32":-2147483648,"int64":-9223372036854775808,"listOfDates":["2024-01-01"],"mapOfInts":{"a":1},"mapOfLists":{"a":["b"]},"mapOfObjects":{"k":{"x":"y","z":1}},"month":"2024-02","names":["n"],"number":3.25,"password":"hunter2","string":"\u0000\"é","uuid":"6ba7b810-9dad-11d1-80b4-00c04fd430c8"}"#;
    let value: serde_json::Value = serde_json::from_str(text).unwrap();
    assert_eq!(
        value.as_object().unwrap().len(),
        23,
        "every property has a value"
    );
    let scalars: scalars::models::Scalars = serde_json::from_str(text).unwrap();
    assert_eq!(scalars.extra, Extra::default());
    assert_eq!(
        scalars.password.as_ref().map(Secret::expose),
        Some("hunter2")
    );
    assert!(!format!("{scalars:?}").contains("hunter2"));
    assert_eq!(serde_json::to_value(&scalars).unwrap(), value);
}

#[test]
fn recursive_values_are_read_to_any_sensible_depth() {
    let mut text = "{}".to_owned();
    for _ in 0..50 {
        text = format!(r#"{{"boss":{text},"desks":{{"first":{{"owner":{{}}}}}}}}"#);
    }
    let person: recursion::models::Person = serde_json::from_str(&text).unwrap();
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(serde_json::to_value(&person).unwrap(), value);
}

#[test]
fn what_is_merged_into_a_part_of_itself_adds_its_properties_at_each_level() {
    use merged_recursion::models::Tree;
    let value = json!({
        "required": {"parent": {"name": "a", "parent": {"name": "b", "parent": {"name": "c"}}}},
        "items": {"broader": [{"id": "1", "broader": [{"id": "2", "broader": [{"id": "3"}]}]}]},
        "map": {"size": 1, "x": {"label": "2", "size": 2, "y": {"label": "3", "size": 3}}},
        "sibling": {"next": {"name": "a", "next": {"name": "b", "next": {"name": "c"}}}},
        "left": {"right": {"l": "1", "left": {"r": "2", "right": {"l": "3"}}}},
        "alternative": "text",
        "override": {"next": {"name": "1", "next": {"depth": 2, "name": "2", "next": {"depth": 3}}}},
        "chain": {"link": {"inner": "1", "outer": "2", "link": {"inner": "3", "outer": "4"}}},
        "lists": [[[[], []]]],
        "maps": {"a": {"b": {"c": {"d": {}}}}},
        "token": ["a", {"b": ["c", {"d": "e"}]}],
        "closed": 5,
        "tuple": [[[null, "c"], "b"], "a"],
    });
    let tree: Tree = serde_json::from_value(value.clone()).unwrap();
    assert_eq!(serde_json::to_value(&tree).unwrap(), value);
    assert!(tree.extra.is_empty());
    let parent = tree.required.unwrap().parent.unwrap();
    let third = parent.parent.unwrap().parent.unwrap();
    assert_eq!(third.name.as_deref(), Some("c"));
    let first = &tree.items.unwrap().broader.unwrap()[0];
    let second = &first.broader.as_ref().unwrap()[0];
    let third = &second.broader.as_ref().unwrap()[0];
    assert_eq!(third.id.as_deref(), Some("3"));
    let right = tree.left.unwrap().right.unwrap();
    let left = right.left.unwrap();
    assert_eq!(
        (right.l.as_deref(), left.r.as_deref()),
        (Some("1"), Some("2"))
    );
    assert_eq!(left.right.unwrap().l.as_deref(), Some("3"));
    let second = tree.r#override.unwrap().next.unwrap().next.unwrap();
    assert_eq!(second.depth, Some(2));
    assert_eq!(second.next.unwrap().depth, Some(3));
    let first = tree.chain.unwrap().link.unwrap();
    let second = first.link.unwrap();
    assert_eq!(
        (second.inner.as_deref(), second.outer.as_deref()),
        (Some("3"), Some("4"))
    );
    let map = tree.map.unwrap();
    assert!(format!("{map:?}").contains("label: \"3\""), "{map:?}");
}

#[test]
fn trusted_properties_are_values_and_must_be_there() {
    use trust::models::{Account, AccountKind};
    // What only the service or only the caller writes need not be there, required or not.
    let text = r#"{"id":"1","kind":"big","owner":{"name":"A"},"since":"2024-01-01T00:00:00Z","closed":null,"tags":[]}"#;
    let account: Account = serde_json::from_str(text).unwrap();
    assert_eq!(
        (account.id.as_str(), &account.kind),
        ("1", &AccountKind::Big)
    );
    assert_eq!(account.owner.name, "A");
    let value: serde_json::Value = serde_json::from_str(text).unwrap();
    assert_eq!(serde_json::to_value(&account).unwrap(), value);
    for missing in ["id", "kind", "owner", "since", "closed", "tags"] {
        let mut value = value.clone();
        value.as_object_mut().unwrap().remove(missing);
        let error = serde_json::from_value::<Account>(value)
            .unwrap_err()
            .to_string();
        assert!(error.contains(missing), "{error}");
    }
}

#[test]
fn awkward_names_keep_their_wire_names() {
    let text = r#"{"fooBar":"1","foo_bar":"2","foo-bar":"3","":"4","🦀":"5","2fa":"6","$ref":"7"}"#;
    let named: names::models::String2 = serde_json::from_str(text).unwrap();
    assert_eq!(named.extra, Extra::default());
    assert_eq!(
        named.foo_bar.as_deref(),
        Some("2"),
        "the exact name has the first choice"
    );
    let value: serde_json::Value = serde_json::from_str(text).unwrap();
    assert_eq!(serde_json::to_value(&named).unwrap(), value);
    let (client, recorder) = answering(200, "{}");
    wait(client.second_group().second().send()).unwrap();
    assert_eq!(recorder.sent(), "GET https://api.example.com/base/second");
}

#[test]
fn read_only_properties_have_no_setter_but_travel_both_ways() {
    let text = r#"{"id":"1","name":"n","note":null,"parent":{"x":1}}"#;
    let thing: objects::models::Thing = serde_json::from_str(text).unwrap();
    assert_eq!(thing.id.as_deref(), Some("1"));
    let value: serde_json::Value = serde_json::from_str(text).unwrap();
    assert_eq!(serde_json::to_value(&thing).unwrap(), value);
}
