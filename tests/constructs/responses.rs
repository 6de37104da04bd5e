//! What comes back: by status, as a stream, page by page.

use workspace_tests::{
    Error,
    outcomes::outcomes::{
        GetJobBytesOutcome, PatchJobResponse4xx, PutJobOutcome, StartJobFailure, StartJobOutcome,
    },
    runtime::Body,
};

use crate::support::{Recorder, answering, silent, wait};

fn start(status: u16, body: &str) -> Result<StartJobOutcome, Error> {
    let (client, _) = answering(status, body);
    wait(client.outcomes().start_job().send())
}

#[test]
fn successes_are_told_by_their_status() {
    let ok = start(200, r#"{"value":7}"#).unwrap();
    assert!(
        matches!(&ok, StartJobOutcome::Ok(result) if result.value == 7),
        "{ok:?}"
    );
    let accepted = start(202, r#"{"id":"j"}"#).unwrap();
    assert!(
        matches!(&accepted, StartJobOutcome::Accepted(job) if job.id == "j"),
        "{accepted:?}"
    );
    let nothing = start(204, "").unwrap();
    assert!(matches!(nothing, StartJobOutcome::NoContent), "{nothing:?}");
    let other = start(299, "as text").unwrap();
    assert!(
        matches!(&other, StartJobOutcome::Success(text) if text == "as text"),
        "{other:?}"
    );
    let error = start(202, r#"{"id":7}"#).unwrap_err();
    assert_eq!(
        (error.is_decode(), error.json_path()),
        (true, Some("$.id")),
        "{error:?}"
    );
}

#[test]
fn failures_are_told_by_their_status() {
    let failure = |status, body: &str| StartJobFailure::of(&start(status, body).unwrap_err());
    let invalid = failure(400, r#"{"fields":["a"]}"#).unwrap();
    assert!(matches!(&invalid, StartJobFailure::BadRequest(invalid) if invalid.fields == ["a"]));
    let missing = failure(404, r#"{"id":"x"}"#).unwrap();
    assert!(
        matches!(&missing, StartJobFailure::NotFound(missing) if missing.id.as_deref() == Some("x"))
    );
    let conflict = failure(409, "not now").unwrap();
    assert!(matches!(&conflict, StartJobFailure::Conflict(text) if text == "not now"));
    let problem = failure(501, r#"{"title":"t","status":501}"#).unwrap();
    assert!(
        matches!(&problem, StartJobFailure::ServerError(problem) if problem.status == Some(501))
    );
    let other = failure(418, r#"["a"]"#).unwrap();
    assert!(matches!(&other, StartJobFailure::Other(list) if list == &["a"]));
    // What does not decode is no failure of that type, and is in the error all the same.
    let error = start(400, "<html>").unwrap_err();
    assert!(StartJobFailure::of(&error).is_none());
    assert_eq!(error.body().map(|body| &**body), Some(b"<html>".as_slice()));
}

#[test]
fn outcomes_of_one_type_are_that_type() {
    for status in [200, 203] {
        let (client, _) = answering(status, r#"{"id":"j"}"#);
        assert_eq!(wait(client.outcomes().get_job("j").send()).unwrap().id, "j");
    }
    let (client, _) = answering(200, r#"{"value":1}"#);
    assert_eq!(
        wait(client.outcomes().delete_job("j").send())
            .unwrap()
            .value,
        1
    );
    let (client, _) = answering(204, "");
    let outcome = wait(client.outcomes().put_job("j").send()).unwrap();
    assert!(matches!(outcome, PutJobOutcome::NoContent));
    let (client, _) = answering(200, vec![0xff, 0]);
    let outcome = wait(client.outcomes().get_job_bytes("j").send()).unwrap();
    assert!(
        matches!(&outcome, GetJobBytesOutcome::Ok(bytes) if bytes[..] == [0xff, 0]),
        "{outcome:?}"
    );
}

#[test]
fn redirects_and_single_failures_are_errors_that_tell() {
    let recorder = Recorder::new(302, "").with_header("Location", "/elsewhere");
    let error = wait(recorder.client().outcomes().patch_job("j").send()).unwrap_err();
    assert_eq!(
        (error.status().unwrap().as_u16(), error.location()),
        (302, Some("/elsewhere"))
    );
    let (client, _) = answering(422, r#"{"why":"so"}"#);
    let error = wait(client.outcomes().patch_job("j").send()).unwrap_err();
    let why: PatchJobResponse4xx = error.json().unwrap().unwrap();
    assert_eq!(why.why.as_deref(), Some("so"));
    // No success is declared: any will do.
    let (client, _) = answering(200, "anything");
    wait(client.outcomes().patch_job("j").send()).unwrap();
}

#[test]
fn headers_come_with_the_response() {
    let recorder = Recorder::new(200, r#"{"value":1}"#).with_header("X-Cost", "12");
    let request = recorder.client().outcomes().start_job();
    let response = wait(request.send_with_response()).unwrap();
    assert_eq!(response.header_as::<u32>("x-cost"), Some(12));
    assert_eq!(response.header_as::<u32>("x-left"), None);
}

#[test]
fn events_are_read_one_by_one() {
    let text = ": hello\nid: 1\nevent: tick\ndata: {\"count\":\ndata: 1}\n\ndata: {\"count\":2}\r\n\r\ndata: [DONE]\n\n";
    let (client, recorder) = answering(200, text);
    let mut events = wait(client.streams().listen_events().send()).unwrap();
    let first = wait(events.try_next()).unwrap().unwrap();
    assert_eq!(
        (first.event.as_str(), first.id.as_deref(), first.data.count),
        ("tick", Some("1"), 1)
    );
    let second = wait(events.try_next()).unwrap().unwrap();
    assert_eq!((second.event.as_str(), second.data.count), ("message", 2));
    assert!(wait(events.try_next()).unwrap().is_none());
    assert!(
        recorder
            .header("accept")
            .unwrap()
            .starts_with("text/event-stream")
    );
    let (client, _) = answering(200, "data: a\ndata: b\n\n");
    let mut events = wait(client.streams().listen_plain().send()).unwrap();
    assert_eq!(wait(events.try_next()).unwrap().unwrap().data, "a\nb");
    let (client, _) = answering(200, r#"{"count":3}"#);
    assert_eq!(
        wait(client.streams().listen_or_not().send()).unwrap().count,
        3
    );
}

#[test]
fn lines_are_read_one_by_one() {
    let text = "{\"count\":1}\n\n{\"count\":2}";
    let (client, _) = answering(200, text);
    let mut lines = wait(client.streams().read_lines().send()).unwrap();
    let mut counts = Vec::new();
    while let Some(tick) = wait(lines.try_next()).unwrap() {
        counts.push(tick.count);
    }
    assert_eq!(counts, [1, 2]);
    let mut lines = wait(client.streams().read_list_lines().send()).unwrap();
    assert_eq!(wait(lines.try_next()).unwrap().unwrap().count, 1);
    let (client, _) = answering(200, "\u{1e}1\n\u{1e}-2\n");
    let mut numbers = wait(client.streams().read_sequence().send()).unwrap();
    assert_eq!(wait(numbers.try_next()).unwrap(), Some(1));
    assert_eq!(wait(numbers.try_next()).unwrap(), Some(-2));
    assert_eq!(wait(numbers.try_next()).unwrap(), None);
}

#[test]
fn files_go_and_come_as_they_are() {
    let (client, _) = answering(200, vec![0x50, 0x4b, 0]);
    let mut file = wait(client.streams().download().send()).unwrap();
    assert_eq!(
        wait(file.next_chunk()).unwrap().as_deref(),
        Some(&[0x50, 0x4b, 0][..])
    );
    assert!(wait(file.next_chunk()).unwrap().is_none());
    let (client, _) = answering(404, r#"{"count":0}"#);
    let error = wait(client.streams().download().send()).unwrap_err();
    assert!(error.is_not_found(), "{error:?}");
    let (client, recorder) = silent();
    wait(client.streams().upload(Body::from(vec![b'a', b'b'])).send()).unwrap();
    assert_eq!(
        (
            recorder.header("content-type").as_deref(),
            recorder.body().as_str()
        ),
        (Some("application/zip"), "ab")
    );
}

/// The names of all entries that a paged request gives.
macro_rules! names {
    ($request:expr) => {{
        let mut items = $request.items();
        let mut names = Vec::new();
        while let Some(thing) = wait(items.try_next()).unwrap() {
            names.push(thing.name);
        }
        names
    }};
}

#[test]
fn paging_is_found_by_its_shape() {
    let page = r#"{"items":[{"name":"a"}],"meta":{"totalPages":1,"total":1}}"#;
    let (client, recorder) = answering(200, page);
    assert_eq!(names!(client.detected().list_pages()), ["a"]);
    assert_eq!(names!(client.detected().list_by_offset()), ["a"]);
    assert_eq!(
        recorder.count(),
        2,
        "the number of pages ends one, the number of entries the other"
    );
    let (client, _) = answering(200, r#"{"items":[{"name":"b"}]}"#);
    assert_eq!(names!(client.detected().list_by_cursor()), ["b"]);
    let (client, _) = answering(200, r#"{"value":[{"name":"c"}]}"#);
    assert_eq!(names!(client.detected().list_by_url()), ["c"]);
    let (client, _) = answering(200, r#"[{"name":"d"}]"#);
    assert_eq!(names!(client.detected().list_by_link()), ["d"]);
}

#[test]
fn paging_that_is_found_can_be_turned_off() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/golden/detected/spec.yaml");
    let paged = |config: &str| {
        let job = sdkgen::Job::new(path).with_config_text("sdkgen.toml", config);
        let compiled = sdkgen::compile(&job).compiled.unwrap();
        let operations = sdkgen::measuring::api(&compiled).operations.iter();
        let paged = operations.filter(|operation| operation.pagination.is_some());
        paged
            .map(|operation| operation.id.clone())
            .collect::<Vec<_>>()
    };
    let found = [
        "listAfterEntry",
        "listByCursor",
        "listByLastId",
        "listByLink",
        "listByOffset",
        "listByUrl",
        "listContinued",
        "listFromOne",
        "listPageable",
        "listPages",
        "searchByCursor",
    ];
    assert_eq!(
        paged("[pagination.listWithoutPages]\nstyle = \"none\"\n"),
        found
    );
    assert_eq!(paged("").len(), found.len() + 1);
    assert_eq!(paged("detect_pagination = false\n"), [""; 0]);
}
