//! Failures that come with the status of a success.

use workspace_tests::refusals::{models::Refused, refusals::PostFailure};

use crate::support::{answering, wait};

#[test]
fn a_success_that_contradicts_its_constant_is_an_error_with_the_answer() {
    let (client, _) = answering(200, r#"{"ok":false,"error":"no_such_channel"}"#);
    let error = wait(client.refusals().post().send()).unwrap_err();
    assert!(error.is_contradiction() && error.is_decode(), "{error}");
    assert_eq!(error.status().map(|status| status.as_u16()), Some(200));
    assert_eq!(error.json_path(), Some("$.ok"));
    match PostFailure::of(&error) {
        Some(PostFailure::Other(refused)) => assert_eq!(refused.error, "no_such_channel"),
        other => panic!("{other:?}"),
    }
    let error = wait(client.refusals().react().send()).unwrap_err();
    let refused: Refused = error.json().unwrap().unwrap();
    assert_eq!(refused.error, "no_such_channel");
}

#[test]
fn a_failure_without_the_constant_is_read_as_the_one_that_fits() {
    let (client, _) = answering(200, r#"{"ok":false,"channel":"c"}"#);
    let error = wait(client.refusals().post().send()).unwrap_err();
    assert!(matches!(
        PostFailure::of(&error),
        Some(PostFailure::NotFound(_))
    ));
}

#[test]
fn a_success_with_its_constants_is_one() {
    let (client, _) = answering(200, r#"{"at":"now","kind":"reaction","ok":true}"#);
    assert_eq!(wait(client.refusals().post().send()).unwrap().at, "now");
    assert!(wait(client.refusals().react().send()).is_ok());
    let (client, _) = answering(200, r#"{"kind":"other","ok":true}"#);
    let error = wait(client.refusals().react().send()).unwrap_err();
    assert_eq!(error.json_path(), Some("$.kind"));
}

#[test]
fn no_body_is_no_value_where_there_need_not_be_one() {
    let (client, _) = answering(204, "");
    wait(client.outcomes().delete_thing("a").send()).unwrap();
    assert_eq!(wait(client.outcomes().get_maybe().send()).unwrap(), None);
    let (client, _) = answering(200, "\"x\"");
    let name = wait(client.outcomes().get_maybe().send()).unwrap();
    assert_eq!(name.as_deref(), Some("x"));
    // What must be there is missed.
    let (client, _) = answering(200, "");
    let error = wait(client.refusals().post().send()).unwrap_err();
    assert!(error.is_decode(), "{error}");
}
