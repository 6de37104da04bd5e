//! Successes that can be had in several ways.

use serde_json::{Value, json};
use workspace_tests::streams::models::Question;

use crate::support::{Recorder, wait};

fn asked(recorder: &Recorder) -> Value {
    serde_json::from_str(&recorder.body()).unwrap()
}

#[test]
fn json_is_the_usual_answer() {
    let recorder = Recorder::new(200, r#"{"answer":"42"}"#);
    let request = recorder.client().streams().ask(&Question::new("?"));
    assert_eq!(wait(request.send()).unwrap().answer, "42");
    assert_eq!(asked(&recorder), json!({"text": "?"}));
}

#[test]
fn events_are_asked_for_by_their_method() {
    let events = "data: {\"piece\":\"4\"}\n\ndata: {\"piece\":\"2\"}\n\ndata: [DONE]\n\n";
    let recorder =
        Recorder::new(200, events).with_header("content-type", "text/event-stream; charset=utf-8");
    let request = recorder.client().streams().ask(&Question::new("?"));
    let mut stream = wait(request.send_events()).unwrap();
    let mut pieces = String::new();
    while let Some(event) = wait(stream.try_next()).unwrap() {
        pieces.push_str(&event.data.piece);
    }
    assert_eq!(pieces, "42");
    assert_eq!(
        recorder.header("accept").as_deref(),
        Some("text/event-stream")
    );
    assert_eq!(asked(&recorder), json!({"text": "?", "stream": true}));
}

#[test]
fn json_in_place_of_events_is_an_error_with_that_json() {
    let recorder =
        Recorder::new(200, r#"{"answer":"42"}"#).with_header("content-type", "application/json");
    let request = recorder.client().streams().ask(&Question::new("?"));
    let error = wait(request.send_events()).err().unwrap();
    assert!(
        error.is_decode() && error.to_string().contains("ask"),
        "{error}"
    );
    let answer: Value = error.json().unwrap().unwrap();
    assert_eq!(answer, json!({"answer": "42"}));
}

#[test]
fn lines_text_and_bytes_have_their_ways() {
    let recorder = Recorder::new(200, "{\"piece\":\"4\"}\n{\"piece\":\"2\"}\n");
    let ask = || recorder.client().streams().ask(&Question::new("?"));
    let mut lines = wait(ask().send_lines()).unwrap();
    assert_eq!(wait(lines.try_next()).unwrap().unwrap().piece, "4");
    assert_eq!(
        recorder.header("accept").as_deref(),
        Some("application/x-ndjson")
    );
    let recorder = Recorder::new(200, "forty-two");
    let ask = || recorder.client().streams().ask(&Question::new("?"));
    assert_eq!(wait(ask().send_text()).unwrap(), "forty-two");
    assert_eq!(recorder.header("accept").as_deref(), Some("text/plain"));
    let sound = wait(ask().send_bytes()).unwrap();
    assert_eq!(wait(sound.collect()).unwrap(), "forty-two");
    assert_eq!(recorder.header("accept").as_deref(), Some("audio/mpeg"));
    // Text and bytes are no streams of the switch.
    assert_eq!(asked(&recorder), json!({"text": "?"}));
}
