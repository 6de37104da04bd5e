//! Who may: the credentials that go with each operation, and where it goes.

use workspace_tests::{Client, runtime::ClientBuilder};

use crate::support::{Recorder, wait};

/// What one request shows of who sends it.
#[derive(Debug, Default, PartialEq)]
struct Shown {
    authorization: Option<String>,
    key: Option<String>,
    cookie: Option<String>,
    query: Option<String>,
}

/// Sends a request with these credentials and says what it showed, or why it was not sent.
macro_rules! shown {
    ($builder:expr, $operation:ident) => {{
        let recorder = Recorder::new(204, "");
        let client = recorder.client_of($builder);
        match wait(client.vault().$operation().send()) {
            Ok(()) => Ok(shown_by(&recorder)),
            Err(error) => {
                assert_eq!(recorder.count(), 0, "{error}");
                Err(error.to_string())
            }
        }
    }};
}

fn shown_by(recorder: &Recorder) -> Shown {
    let line = recorder.line();
    Shown {
        authorization: recorder.header("authorization"),
        key: recorder.header("x-key"),
        cookie: recorder.header("cookie"),
        query: line.split_once('?').map(|(_, query)| query.to_owned()),
    }
}

fn builder() -> ClientBuilder {
    workspace_tests::secured_builder()
}

fn authorization(value: &str) -> Shown {
    Shown {
        authorization: Some(value.to_owned()),
        ..Shown::default()
    }
}

#[test]
fn the_first_alternative_that_is_complete_is_shown() {
    let key = Shown {
        key: Some("k".to_owned()),
        ..Shown::default()
    };
    assert_eq!(shown!(builder().header_key("k"), get_usual), Ok(key));
    let basic = authorization("Basic dTpw");
    assert_eq!(
        shown!(builder().basic_credential("u", "p"), get_usual),
        Ok(basic)
    );
    let both = builder().header_key("k").basic_credential("u", "p");
    let shown = shown!(both, get_usual).unwrap();
    assert_eq!(
        (shown.key.as_deref(), shown.authorization),
        (Some("k"), None)
    );
    let refused = shown!(builder().bearer("t"), get_usual).unwrap_err();
    assert!(
        refused.contains("headerKey") && refused.contains("basic"),
        "{refused}"
    );
}

#[test]
fn what_is_open_to_all_is_shown_nothing() {
    let all = || {
        builder()
            .header_key("k")
            .basic_credential("u", "p")
            .query_key("q")
    };
    assert_eq!(shown!(all(), get_none), Ok(Shown::default()));
    assert_eq!(shown!(all(), get_optional), Ok(Shown::default()));
    assert_eq!(
        shown!(all().bearer("t"), get_optional),
        Ok(authorization("Bearer t"))
    );
}

#[test]
fn schemes_that_go_together_go_together() {
    let both = Shown {
        query: Some("key=q%20q".to_owned()),
        cookie: Some("session=c".to_owned()),
        ..Shown::default()
    };
    let complete = builder().query_key("q q").cookie_key("c");
    assert_eq!(shown!(complete, get_both), Ok(both));
    let refused = shown!(builder().query_key("q"), get_both).unwrap_err();
    assert!(refused.contains("cookieKey"), "{refused}");
}

#[test]
fn every_kind_of_scheme() {
    assert_eq!(
        shown!(builder().oauth("t"), get_either),
        Ok(authorization("Bearer t"))
    );
    assert_eq!(
        shown!(builder().digest("d"), get_either),
        Ok(authorization("Digest d"))
    );
    assert_eq!(
        shown!(builder().open_id("o"), get_either),
        Ok(authorization("Bearer o"))
    );
    // A transport of the caller's own shows a certificate if it has one.
    assert_eq!(
        shown!(builder().header_key("k"), get_either),
        Ok(Shown::default())
    );
    // A requirement of a scheme that is not declared is no choice.
    let basic = authorization("Basic dTpw");
    assert_eq!(
        shown!(builder().basic_credential("u", "p"), get_unknown),
        Ok(basic)
    );
    // A general credential serves every scheme of its kind.
    assert_eq!(
        shown!(builder().bearer_token("g"), get_either),
        Ok(authorization("Bearer g"))
    );
}

#[test]
fn operations_go_to_servers_of_their_own() {
    let recorder = Recorder::new(204, "");
    let client = recorder.client_of(builder().header_key("k"));
    let sent = |line: &str| assert_eq!(recorder.line(), line);
    wait(client.vault().get_elsewhere().send()).unwrap();
    sent("GET https://elsewhere.example.com/v2/elsewhere");
    wait(client.vault().post_elsewhere().send()).unwrap();
    sent("POST https://a.upload.example.com/elsewhere");
    wait(client.vault().put_elsewhere().send()).unwrap();
    sent("PUT https://eu.example.com:8443/relative/elsewhere");
    assert_eq!(recorder.header("x-key").as_deref(), Some("k"));
    // A client that was told where to go goes there.
    let told: Client = recorder.client_of(
        builder()
            .header_key("k")
            .base_url("https://test.example.com"),
    );
    wait(told.vault().get_elsewhere().send()).unwrap();
    sent("GET https://test.example.com/elsewhere");
}
