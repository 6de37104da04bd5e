//! Swagger 2.0, OpenAPI 3.1, descriptions of several files and descriptions with slips: on the wire
//! they are what they mean.

use workspace_tests::{modern, repairs, runtime::FilePart, swagger};

use crate::support::{answering, keeps, silent, wait};

#[test]
fn lists_of_swagger_have_their_formats() {
    let (client, recorder) = answering(200, "[]");
    let list = || ["a".to_owned(), "b c".to_owned()];
    let request = client
        .swagger()
        .list_items()
        .limit(5)
        .csv(list())
        .ssv(&["a".to_owned(), "b".to_owned()])
        .tsv(&["a".to_owned(), "b".to_owned()])
        .pipes(&[1, 2])
        .multi(["a".into(), "b".into()])
        .since(
            "2024-02-29T12:00:00Z"
                .parse::<workspace_tests::runtime::DateTime>()
                .unwrap(),
        )
        .x_ids(&[3, 4])
        .x_trace("t");
    wait(request.send()).unwrap();
    assert_eq!(
        recorder.line(),
        "GET /items?limit=5&csv=a,b%20c&ssv=a%20b&tsv=a%20b&pipes=1|2&multi=a&multi=b&since=2024-02-29T12%3A00%3A00Z"
    );
    assert_eq!(recorder.header("x-ids").as_deref(), Some("3,4"));
    assert_eq!(recorder.header("x-trace").as_deref(), Some("t"));
}

#[test]
fn bodies_and_forms_of_swagger_are_bodies() {
    use swagger::models::Item;
    let chair: Item = keeps(r#"{"id":1,"kind":"Chair","legs":4}"#);
    assert!(matches!(chair, Item::Chair(_)), "{chair:?}");
    let (client, recorder) = answering(201, r#"{"id":1,"kind":"Item","name":null}"#);
    let added = wait(client.swagger().add_item(&chair).send()).unwrap();
    assert_eq!(
        (recorder.line().as_str(), recorder.body().as_str()),
        ("POST /items", r#"{"id":1,"kind":"Chair","legs":4}"#)
    );
    let Item::Item(item) = added else {
        panic!("{added:?}")
    };
    assert!(item.extra.is_null("name"));
    let (client, recorder) = answering(200, r#""done""#);
    let list = || ["a".to_owned(), "b".to_owned()];
    let request = client
        .swagger()
        .fill_form(7, "n n")
        .tags(&list())
        .joined(&list())
        .note("!");
    assert_eq!(wait(request.send()).unwrap(), "done");
    assert_eq!(recorder.line(), "POST /items/7/form");
    assert_eq!(
        recorder.body(),
        "name=n%20n&tags=a&tags=b&joined=a,b&note=%21"
    );
    let (client, _) = silent();
    wait(client.swagger().delete_items(&list()).send()).unwrap();
}

#[test]
#[expect(deprecated, reason = "a deprecated operation is called like any other")]
fn files_of_swagger_are_bytes() {
    let (client, recorder) = answering(200, vec![0, 255]);
    let request = client
        .swagger()
        .add_file("f", FilePart::new("bytes"))
        .title("T");
    let answer = wait(request.send()).unwrap();
    assert_eq!(&*wait(answer.collect()).unwrap(), [0, 255]);
    assert!(
        recorder
            .header("content-type")
            .unwrap()
            .starts_with("multipart/form-data")
    );
    assert!(recorder.body().contains("name=\"file\"; filename=\"blob\""));
    let file = wait(client.swagger().get_file("f").send()).unwrap();
    assert_eq!(wait(file.collect()).unwrap().len(), 2);
    let (client, recorder) = answering(200, "plain");
    assert_eq!(
        wait(client.swagger().put_plain().body("text").send()).unwrap(),
        "plain"
    );
    assert_eq!(
        recorder.header("content-type").as_deref(),
        Some("text/plain")
    );
}

#[test]
fn what_3_1_says_in_other_words_is_read() {
    use modern::models::Thing;
    let text = r#"{"a":null,"b":null,"c":null,"d":null,"e":null,"f":7,"g":[0.5],"h":{"text":"t"},"i":{"level":3},"j":{"more":true,"text":"t"},"k":{"deep":"d"},"kind":"thing","l":{"found":true},"m":0.5,"n":["s",1],"p":"AQID","q":"AQID","r":"{}","s":{"x-a":1},"t":{"a":1,"b":"x"},"u":[1],"w":[null],"y":{"one":"x","three":3,"two":"y"},"z":[1]}"#;
    let thing: Thing = serde_json::from_str(text).unwrap();
    let value: serde_json::Value = serde_json::from_str(text).unwrap();
    assert_eq!(serde_json::to_value(&thing).unwrap(), value);
    for null in ["a", "b", "c", "d"] {
        assert!(thing.extra.is_null(null), "{null}");
    }
    assert_eq!(
        thing.n.as_ref().map(|pair| (pair.0.as_str(), pair.1)),
        Some(("s", 1_i32))
    );
    assert!(thing.j.as_ref().unwrap().more);
    assert_eq!(thing.k.as_ref().unwrap().deep.as_deref(), Some("d"));
    assert_eq!(thing.l.as_ref().unwrap().found, Some(true));
    assert_eq!(
        thing.p.as_ref().map(|bytes| bytes.0.as_slice()),
        Some(&[1, 2, 3][..])
    );
    assert_eq!(thing.s.as_ref().unwrap()["x-a"], 1);
    assert_eq!(thing.y.as_ref().unwrap().three, Some(3));
    assert_eq!(
        serde_json::to_string(&Thing::new()).unwrap(),
        r#"{"kind":"thing"}"#
    );
    let node: modern::models::Dynamic = keeps(r#"{"children":[{"children":[]}]}"#);
    assert_eq!(node.children.unwrap().len(), 1);
}

#[test]
fn operations_of_3_1_are_operations() {
    let (client, recorder) = answering(200, r#"{"kind":"thing"}"#);
    let thing = modern::models::Thing::new();
    wait(client.modern().exchange_thing(&thing).send()).unwrap();
    assert_eq!(recorder.line(), "POST /things");
    let (client, _) = answering(200, "{\"level\":3,\"text\":\"a\"}\n{}\n");
    let mut lines = wait(client.modern().read_log().send()).unwrap();
    assert_eq!(
        wait(lines.try_next()).unwrap().unwrap().text.as_deref(),
        Some("a")
    );
    assert!(wait(lines.try_next()).unwrap().is_some());
    assert!(wait(lines.try_next()).unwrap().is_none());
}

#[test]
fn references_lead_into_other_files_and_odd_places() {
    let pet = r#"{"basket":{"tag":{"name":"t"},"things":[{"size":1}]},"friends":[{"name":"Bo"}],"kind":"cat","name":"Rex"}"#;
    let (client, recorder) = answering(201, pet);
    let body = serde_json::from_str(pet).unwrap();
    let added = wait(client.files().add_pet(&body).send()).unwrap();
    assert_eq!(added, body);
    assert_eq!(
        (recorder.line().as_str(), recorder.body().as_str()),
        ("POST /pets", pet)
    );
    let (client, recorder) = answering(200, pet);
    let got = wait(client.files().get_pet(uuid::Uuid::nil()).send()).unwrap();
    assert_eq!(got, body, "both operations speak of one type");
    assert_eq!(
        recorder.line(),
        "GET /pets/00000000-0000-0000-0000-000000000000"
    );
    let odd = r#"{"chain":"end","id":7,"lost":[1],"pet":{"name":"p"},"shared":{"here":true},"slashed":{"y":"s"},"spaced":{"x":"s"},"tag":{"name":"n"},"thing":{"size":2},"whole":{"chain":"end","pet":{"name":"w"}}}"#;
    let (client, _) = answering(200, odd);
    let read = wait(client.files().get_odd_places().send()).unwrap();
    assert_eq!(serde_json::to_string(&read).unwrap(), odd);
    assert_eq!(
        (read.id, read.tag.unwrap().name.as_deref()),
        (Some(7_i32), Some("n"))
    );
    assert_eq!(read.whole.unwrap().pet.unwrap().name, "w");
}

#[test]
fn slips_are_read_as_what_was_meant() {
    use repairs::models::Item;
    let text = r#"{"any":[1],"bag":{"a":1},"big":9007199254740993,"codes":"1","count":1,"day":"2024-02-29","id":"6ba7b810-9dad-11d1-80b4-00c04fd430c8","list":[1,"a"],"lost":{},"merged":{"a":"x","kind":"k"},"name":"n","pair":["s",2],"part":0.5,"union":{"a":"x","kind":"Other"},"untyped":["s"],"what":7,"when":"2024-02-29T12:00:00Z","whole":3,"yes":true}"#;
    let item: Item = serde_json::from_str(text).unwrap();
    let value: serde_json::Value = serde_json::from_str(text).unwrap();
    assert_eq!(serde_json::to_value(&item).unwrap(), value);
    assert_eq!(
        (item.big, item.yes, item.part),
        (Some(9_007_199_254_740_993), Some(true), Some(0.5))
    );
    assert_eq!(item.day.unwrap().to_string(), "2024-02-29");
    assert_eq!(item.untyped.unwrap(), ["s"]);
    let twice: repairs::models::Twice = keeps(r#"{"a":7}"#);
    assert_eq!(twice.a, Some(7), "the last of two keys counts");
    let merged: repairs::models::Merged = keeps(r#"{"x":"y"}"#);
    assert_eq!(merged.x.as_deref(), Some("y"));
    let (client, recorder) = answering(200, r#"{"name":"n"}"#);
    let request = client.repairs().list_items(true).bare("b").old(3);
    assert_eq!(wait(request.send()).unwrap().name, "n");
    assert_eq!(recorder.line(), "GET /items?yes=true&bare=b&old=3");
    wait(client.repairs().get_item("i").send()).unwrap();
    wait(client.repairs().put_item("i").send()).unwrap();
    assert_eq!(recorder.line(), "PUT /items/i");
}
