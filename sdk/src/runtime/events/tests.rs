use super::*;

fn events(text: &str, size: usize) -> Vec<Event<String>> {
    let mut parser = Parser::default();
    let mut events = Vec::new();
    for piece in text.as_bytes().chunks(size) {
        parser.lines.pending.push(piece);
        while let Some(event) = parser.next(1000).unwrap() {
            events.push(event);
        }
    }
    events
}

fn event(event: &str, id: Option<&str>, retry: Option<u64>, data: &str) -> Event<String> {
    Event {
        event: event.to_owned(),
        id: id.map(str::to_owned),
        retry: retry.map(Duration::from_millis),
        data: data.to_owned(),
    }
}

#[test]
fn events_are_read_as_the_standard_has_it() {
    let text = "\u{feff}data: one\r\n\r\n\
        : a comment\nevent: add\nid: 7\ndata:two\ndata\ndata:  three\n\n\
        event: lost\n\n\
        retry: 250\rretry: soon\rid: a\0b\rother: x\rdata\r\r\
        id\ndata: \u{fc}\n\n\
        data: \u{feff}x\n\n\
        data: incomplete\n";
    let expected = [
        event("message", None, None, "one"),
        event("add", Some("7"), None, "two\n\n three"),
        event("message", Some("7"), Some(250), ""),
        event("message", None, Some(250), "\u{fc}"),
        event("message", None, Some(250), "\u{feff}x"),
    ];
    for size in 1..40 {
        assert_eq!(events(text, size), expected, "in pieces of {size}");
    }
}

#[test]
fn what_is_no_utf8_is_replaced() {
    let mut parser = Parser::default();
    parser.lines.pending.push(b"data: a\xffb\n\n");
    let event = parser.next(1000).unwrap().unwrap();
    assert_eq!(event.data, "a\u{fffd}b");
}

#[test]
fn neither_line_nor_event_grows_without_end() {
    let long_line = format!("data: {}", "x".repeat(100));
    let long_event = format!("data: {}\n", "x".repeat(30)).repeat(4);
    for text in [long_line, long_event] {
        let mut parser = Parser::default();
        parser.lines.pending.push(text.as_bytes());
        assert!(parser.next(100).unwrap_err().is_too_large());
    }
    let many_events = "data: x\n\n".repeat(100);
    let mut parser = Parser::default();
    parser.lines.pending.push(many_events.as_bytes());
    let events = std::iter::from_fn(|| parser.next(100).unwrap());
    assert_eq!(events.count(), 100);
}

#[test]
fn a_text_is_taken_as_it_is() {
    assert_eq!(as_text::<String>("{".to_owned()).unwrap(), "{");
    assert_eq!(as_text::<i32>("1".to_owned()).unwrap_err(), "1");
}
