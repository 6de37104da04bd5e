//! Responses with values that do not fit their fields, and dates as services send them.

use chrono::Utc;
use serde_json::{Value, json};
use workspace_tests::{
    Result,
    runtime::{DateTime, Mismatch, Response},
    scalars::models::Scalars,
};

use crate::support::{Recorder, keeps, wait};

/// What a client makes of a body.
fn read(keeps: bool, assumes_utc: bool, body: &Value) -> Result<Response<Scalars>> {
    let recorder = Recorder::new(200, body.to_string());
    let builder = workspace_tests::builder()
        .keep_mismatches(keeps)
        .assume_utc(assumes_utc);
    let client = recorder.client_of(builder);
    let request = client.scalars().put_scalars(&Scalars::default());
    wait(request.send_with_response())
}

fn paths(response: &Response<Scalars>) -> Vec<&str> {
    let mismatches = response.mismatches().iter();
    mismatches.map(Mismatch::path).collect()
}

#[test]
fn one_odd_field_costs_that_field_and_goes_back_out() {
    let body = json!({
        "bool": "yes", "int32": 1, "dateTime": "tomorrow", "gaps": [1],
        "mapOfObjects": {"a": {"x": 5}, "b": {"x": "y"}}, "string": "kept",
    });
    let response = read(true, false, &body).unwrap();
    let expected = ["$.bool", "$.dateTime", "$.gaps", "$.mapOfObjects.a.x"];
    let mut found = paths(&response);
    found.sort_unstable();
    assert_eq!(found, expected);
    let reason = response.mismatches().iter().map(Mismatch::reason);
    let reason: Vec<&str> = reason.filter(|it| it.contains("tomorrow")).collect();
    assert!(
        reason[0].contains("does not begin with a date"),
        "{reason:?}"
    );
    let scalars = response.into_body();
    assert_eq!((scalars.int32, scalars.bool), (Some(1), None));
    assert_eq!(scalars.string.as_deref(), Some("kept"));
    assert_eq!(serde_json::to_value(&scalars).unwrap(), body);
}

#[test]
fn otherwise_it_is_an_error_with_its_place() {
    let body = json!({"int32": 1, "mapOfObjects": {"a": {"x": 5}}});
    let error = read(false, false, &body).unwrap_err();
    assert_eq!(error.json_path(), Some("$.mapOfObjects.a.x"));
    let error = read(false, false, &json!({"dateTime": "2026-01-31T12:30:00"})).unwrap_err();
    let cause = std::error::Error::source(&error).unwrap().to_string();
    assert!(
        cause.contains("'2026-01-31T12:30:00' has no time zone"),
        "{cause}"
    );
}

#[test]
fn an_empty_text_is_no_date() {
    let body = json!({"dateTime": "", "date": "", "int32": 2});
    let response = read(false, false, &body).unwrap();
    assert!(response.mismatches().is_empty());
    assert_eq!(response.body().date_time, None);
    assert_eq!(serde_json::to_value(response.body()).unwrap(), body);
}

#[test]
fn dates_go_back_as_they_came() {
    for text in [
        "2026-01-31T12:30:00+02:00",
        "2026-01-31T12:30:00.000+0000",
        "2026-01-31 12:30:00 UTC",
        "Sun, 06 Nov 1994 08:49:37 GMT",
        "2026-01-31",
    ] {
        let scalars: Scalars = keeps(&json!({ "dateTime": text }).to_string());
        assert!(scalars.date_time.is_some(), "{text}");
    }
}

#[test]
fn a_time_without_a_zone_is_an_instant_if_the_client_says_so() {
    let body = json!({"dateTime": "2026-01-31T12:30:00"});
    let response = read(false, true, &body).unwrap();
    let time: chrono::DateTime<Utc> = response.body().date_time.clone().unwrap().into();
    assert_eq!(time.to_rfc3339(), "2026-01-31T12:30:00+00:00");
    assert_eq!(serde_json::to_value(response.body()).unwrap(), body);
    let response = read(true, false, &body).unwrap();
    assert_eq!(paths(&response), ["$.dateTime"]);
}

#[test]
fn instants_of_chrono_are_taken_everywhere() {
    let time = chrono::DateTime::<Utc>::UNIX_EPOCH;
    let scalars = Scalars::default().with_date_time(time);
    assert_eq!(scalars.date_time, Some(DateTime::from(time)));
    let text = serde_json::to_string(&scalars).unwrap();
    assert_eq!(text, r#"{"dateTime":"1970-01-01T00:00:00Z"}"#);
}

/// The rendered field of `dateTime`, and the default of clients, with a configuration.
fn rendered(config: &str) -> (String, String) {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/golden/scalars/spec.yaml");
    let job = sdkgen::Job::new(path).with_config_text("sdkgen.toml", config);
    let compiled = sdkgen::compile(&job).compiled.unwrap();
    let rendered = sdkgen::render(&compiled).unwrap();
    let line = |start: &str| {
        let mut lines = rendered.files.values().flat_map(|text| text.lines());
        let found = lines.find(|line| line.trim_start().starts_with(start));
        found.unwrap().trim().to_owned()
    };
    (
        line("pub date_time:"),
        line("pub(crate) const KEEPS_MISMATCHES"),
    )
}

#[test]
fn the_configuration_chooses_types_of_dates_and_what_is_kept() {
    let keeps = |keeps: bool| format!("pub(crate) const KEEPS_MISMATCHES: bool = {keeps};");
    for (config, ty, is_kept) in [
        ("", "Option<rt::DateTime>", false),
        (
            "dates = \"chrono\"\nmismatches = \"keep\"",
            "Option<rt::Instant>",
            true,
        ),
        (
            "dates = \"text\"\nrequired_in_responses = \"tolerate\"",
            "Option<String>",
            true,
        ),
        (
            "required_in_responses = \"tolerate\"\nmismatches = \"refuse\"",
            "Option<rt::DateTime>",
            false,
        ),
    ] {
        let (field, constant) = rendered(config);
        assert_eq!(field, format!("pub date_time: {ty},"));
        assert_eq!(constant, keeps(is_kept), "{config}");
    }
}
