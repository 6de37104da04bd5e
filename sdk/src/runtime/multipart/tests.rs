use super::{
    super::body::tests::{read, stream_of},
    *,
};

fn of(parts: Vec<Part>) -> Multipart {
    let mut multipart = Multipart {
        boundary: "b".repeat(9),
        parts: Vec::new(),
    };
    parts.into_iter().for_each(|part| multipart.add(part));
    multipart
}

fn file(body: impl Into<Body>) -> Part {
    let file = FilePart::new(body).with_file_name("a.txt");
    file.with_content_type("text/plain")
        .into_part("file")
        .unwrap()
}

const WRITTEN: &str = "--bbbbbbbbb\r\n\
    Content-Disposition: form-data; name=\"note\"\r\n\r\n\
    two\nlines\r\n\
    --bbbbbbbbb\r\n\
    Content-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\
    Content-Type: text/plain\r\n\r\n\
    abc\r\n\
    --bbbbbbbbb--\r\n";

#[test]
fn parts_are_written_as_the_standard_has_it() {
    let multipart = of(vec![Part::text("note", "two\nlines").unwrap(), file("abc")]);
    let expected = "multipart/form-data; boundary=bbbbbbbbb";
    assert_eq!(multipart.content_type(), expected);
    let body = multipart.body();
    assert_eq!(body.as_bytes().unwrap(), WRITTEN);
    assert_eq!(
        of(Vec::new()).body().as_bytes().unwrap(),
        "--bbbbbbbbb--\r\n"
    );
}

#[test]
fn a_stream_stays_one() {
    let parts = |body| vec![Part::text("note", "two\nlines").unwrap(), file(body)];
    let multipart = of(parts(stream_of(&["a", "bc"]).with_length(3)));
    let body = multipart.body();
    assert_eq!(body.as_bytes(), None);
    assert_eq!(body.length(), Some(WRITTEN.len() as u64));
    assert!(!multipart.is_spent());
    assert_eq!(read(body).unwrap(), WRITTEN);
    assert!(multipart.is_spent());
    assert_eq!(of(parts(stream_of(&["abc"]))).body().length(), None);
}

#[test]
fn names_cannot_break_out_of_their_quotes() {
    let file = FilePart::new("x").with_file_name("a\"b\r\nX: y\\");
    let part = file.into_part("na\"me\u{fc}").unwrap();
    assert_eq!(
        part.head,
        "Content-Disposition: form-data; name=\"na%22me\u{fc}\"; \
         filename=\"a%22b%0D%0AX: y\\\"\r\nContent-Type: application/octet-stream\r\n\r\n"
    );
    let file = FilePart::new("x").with_content_type("text/plain\r\nX: y");
    assert!(file.into_part("f").is_err());
    let unnamed = FilePart::from("x").into_part("f").unwrap();
    assert!(unnamed.head.contains("filename=\"blob\""));
}

#[test]
fn the_boundary_stands_in_no_part() {
    let mut multipart = Multipart::default();
    let first = multipart.boundary.clone();
    assert_eq!(first.len(), "part-".len() + 32);
    assert_ne!(first, Multipart::default().boundary);
    multipart.add(Part::text("a", "harmless").unwrap());
    assert_eq!(multipart.boundary, first);
    multipart.add(Part::text("b", &format!("\r\n--{first}--")).unwrap());
    assert_ne!(multipart.boundary, first);
    let body = multipart.body();
    let text = std::str::from_utf8(body.as_bytes().unwrap()).unwrap();
    assert_eq!(text.matches(&multipart.boundary).count(), 3);
    assert!(multipart.content_type().ends_with(&multipart.boundary));
}
