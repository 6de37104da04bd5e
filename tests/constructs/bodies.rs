//! Bodies that are forms, of several parts, text, bytes, and JSON under other names.

use workspace_tests::{
    forms::{forms::SendPartsBodyKind, models::About},
    media::models::{Patch, Thing},
    runtime::FilePart,
};

use crate::support::{Recorder, answering, silent, wait};

fn texts(texts: [&str; 2]) -> [String; 2] {
    texts.map(str::to_owned)
}

#[test]
fn a_form_is_its_pairs() {
    let (client, recorder) = silent();
    let request = client
        .forms()
        .send_pairs("a b&ü")
        .count(3)
        .list(&texts(["x", "y z"]))
        .joined(&texts(["x", "y,z"]))
        .spaced(&texts(["x", "y"]))
        .deep(&About::new("d"))
        .json(&About::new("j"))
        .open("a/b?c");
    wait(request.send()).unwrap();
    assert_eq!(
        recorder.body(),
        "name=a%20b%26%C3%BC&count=3&list=x&list=y%20z&joined=x,y%2Cz&spaced=x%20y&deep%5Btext%5D=d\
         &json=%7B%22text%22%3A%22j%22%7D&open=a/b?c"
    );
    let form = "application/x-www-form-urlencoded";
    assert_eq!(recorder.header("content-type").as_deref(), Some(form));
}

#[test]
fn a_form_without_pairs_is_a_form() {
    let (client, recorder) = silent();
    wait(client.forms().send_optional_pairs().send()).unwrap();
    assert_eq!(recorder.body(), "");
    let form = "application/x-www-form-urlencoded";
    assert_eq!(recorder.header("content-type").as_deref(), Some(form));
    let (client, recorder) = silent();
    let map = [
        ("b".to_owned(), "2 2".to_owned()),
        ("a".to_owned(), "1".to_owned()),
    ]
    .into();
    wait(client.forms().send_map(&map).send()).unwrap();
    assert_eq!(recorder.body(), "a=1&b=2%202");
}

/// The parts of a body, without what is between them.
fn parts(recorder: &Recorder) -> Vec<String> {
    let content_type = recorder.header("content-type").unwrap();
    let boundary = content_type
        .strip_prefix("multipart/form-data; boundary=")
        .unwrap();
    let body = recorder.body();
    let inner = body.strip_suffix(&format!("--{boundary}--\r\n")).unwrap();
    let delimiter = format!("--{boundary}\r\n");
    inner
        .split(&delimiter)
        .filter(|part| !part.is_empty())
        .map(|part| part.strip_suffix("\r\n").unwrap().to_owned())
        .collect()
}

#[test]
fn parts_are_files_texts_and_json() {
    let (client, recorder) = silent();
    let file = FilePart::new("bytes")
        .with_file_name("a\"b.png")
        .with_content_type("image/png");
    let request = client
        .forms()
        .send_parts(file, "A title")
        .pictures(["1", "2"])
        .kind(SendPartsBodyKind::B)
        .size(3)
        .tags(&texts(["x", "y"]))
        .about(&About::new("t"))
        .list(&[About::new("l")])
        .date("2024-02-29".parse().unwrap());
    wait(request.send()).unwrap();
    let disposition = "Content-Disposition: form-data; name=";
    let text = |name: &str, value: &str| format!("{disposition}\"{name}\"\r\n\r\n{value}");
    let json = |name: &str, value: &str| {
        format!("{disposition}\"{name}\"\r\nContent-Type: application/json\r\n\r\n{value}")
    };
    let picture = |value: &str| {
        format!(
            "{disposition}\"pictures\"; filename=\"blob\"\r\nContent-Type: application/octet-stream\r\n\r\n{value}"
        )
    };
    assert_eq!(
        parts(&recorder),
        [
            format!(
                "{disposition}\"file\"; filename=\"a%22b.png\"\r\nContent-Type: image/png\r\n\r\nbytes"
            ),
            "Content-Disposition: form-data; name=\"title\"\r\nContent-Type: text/plain\r\n\r\nA title"
                .to_owned(),
            picture("1"),
            picture("2"),
            text("kind", "b"),
            text("size", "3"),
            text("tags", "x"),
            text("tags", "y"),
            json("about", r#"{"text":"t"}"#),
            json("list", r#"[{"text":"l"}]"#),
            text("date", "2024-02-29"),
        ]
    );
}

#[test]
fn parts_of_which_nothing_is_said_are_the_callers() {
    let (client, recorder) = silent();
    wait(client.forms().send_any_parts("--x--").send()).unwrap();
    assert_eq!(
        recorder.header("content-type").as_deref(),
        Some("multipart/mixed")
    );
    assert_eq!(recorder.body(), "--x--");
}

#[test]
fn text_and_xml_are_texts() {
    let (client, recorder) = answering(200, "é");
    assert_eq!(wait(client.media().put_text("ü").send()).unwrap(), "é");
    assert_eq!(
        (
            recorder.header("content-type").as_deref(),
            recorder.body().as_str()
        ),
        (Some("text/plain"), "ü")
    );
    assert_eq!(wait(client.media().put_xml("<t/>").send()).unwrap(), "é");
    assert_eq!(
        recorder.header("content-type").as_deref(),
        Some("application/xml")
    );
    let (client, _) = answering(200, vec![0xff]);
    assert!(
        wait(client.media().put_text("").send())
            .unwrap_err()
            .is_decode()
    );
}

#[test]
fn bytes_are_bytes() {
    let (client, recorder) = answering(200, vec![0, 255]);
    let media = client.media();
    let read = |stream: workspace_tests::runtime::ByteStream| wait(stream.collect()).unwrap();
    for (content_type, stream) in [
        (
            "application/octet-stream",
            wait(media.put_bytes("b").send()),
        ),
        ("image/png", wait(media.put_image("b").send())),
        ("application/json", wait(media.put_json_bytes("b").send())),
        (
            "application/octet-stream",
            wait(media.put_anything().body("b").send()),
        ),
    ] {
        assert_eq!(&*read(stream.unwrap()), [0, 255], "{content_type}");
    }
    drop(wait(media.put_image("b").send()).unwrap());
    assert_eq!(
        recorder.header("content-type").as_deref(),
        Some("image/png")
    );
    drop(wait(media.put_anything().send()).unwrap());
    assert_eq!(
        (recorder.header("content-type"), recorder.body()),
        (None, String::new())
    );
}

#[test]
fn json_has_other_names() {
    let (client, recorder) = answering(200, r#"{"name":"n"}"#);
    let media = client.media();
    let thing = Thing::new("n");
    let sent = || (recorder.header("content-type").unwrap(), recorder.body());
    assert_eq!(wait(media.put_vendor(&thing).send()).unwrap(), thing);
    assert_eq!(
        sent(),
        (
            "application/vnd.example.v2+json".into(),
            r#"{"name":"n"}"#.into()
        )
    );
    let patch = Patch::default().with_null_name().with_size(1);
    assert_eq!(wait(media.patch_vendor(&patch).send()).unwrap(), thing);
    assert_eq!(
        sent(),
        (
            "application/merge-patch+json".into(),
            r#"{"size":1,"name":null}"#.into()
        )
    );
    assert_eq!(wait(media.put_several(&thing).send()).unwrap(), thing);
    assert_eq!(sent().0, "application/json");
    assert_eq!(wait(media.put_described(&thing).send()).unwrap(), thing);
    assert_eq!(sent().0, "application/json");
    let any = serde_json::json!([1]);
    assert_eq!(wait(media.put_unsaid(&any).send()).unwrap()["name"], "n");
    assert_eq!(sent(), ("application/json".into(), "[1]".into()));
    let (client, recorder) = answering(200, "9007199254740993");
    assert_eq!(
        wait(client.media().put_scalar("s").send()).unwrap(),
        9_007_199_254_740_993
    );
    assert_eq!(recorder.body(), r#""s""#);
}
