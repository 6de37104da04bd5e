#![allow(unreachable_pub, reason = "rendered types are public")]

use http::Method;

use super::{
    super::{
        Client, ClientBuilder,
        call::Call,
        operation::Operation,
        service::tests::SERVICE,
        tests::{Recorder, wait},
    },
    *,
};

static OPERATION: Operation = Operation {
    id: "getThing",
    method: Method::GET,
    path: "/things",
    idempotent: true,
};

#[derive(Debug, PartialEq)]
enum Thing {
    Number(Box<i32>),
    Nothing,
    Text(String),
    Bytes(Bytes),
}

impl ByStatus for Thing {
    const CASES: &'static [Case<Self>] = &[
        Case {
            status: "200",
            read: |body| body.json().map(|number| Self::Number(Box::new(number))),
        },
        Case {
            status: "2XX",
            read: |body| body.text().map(Self::Text),
        },
        Case {
            status: "204",
            read: |_| Ok(Self::Nothing),
        },
    ];
}

#[derive(Debug, PartialEq)]
enum Failure {
    Missing(Vec<i32>),
    Other(String),
    Server(Bytes),
}

impl ByStatus for Failure {
    const CASES: &'static [Case<Self>] = &[
        Case {
            status: "404",
            read: |body| body.json().map(Self::Missing),
        },
        Case {
            status: "default",
            read: |body| body.text().map(Self::Other),
        },
        Case {
            status: "5xx",
            read: |body| body.bytes().map(Self::Server),
        },
    ];
}

failure!(Failure);

#[derive(Debug, PartialEq)]
struct OnlyMissing(i32);

impl ByStatus for OnlyMissing {
    const CASES: &'static [Case<Self>] = &[Case {
        status: "404",
        read: |body| body.json().map(Self),
    }];
}

failure!(OnlyMissing);

fn client(status: u16, body: &'static str) -> Client {
    Recorder::answering(status, body).client(ClientBuilder::new(&SERVICE))
}

fn thing(status: u16, body: &'static str) -> Result<Thing, Error> {
    wait(Call::by_status(&client(status, body), &OPERATION).send())
}

fn failure(status: u16, body: &'static str) -> Error {
    thing(status, body).unwrap_err()
}

#[test]
fn the_nearest_case_is_taken() {
    assert_eq!(thing(200, "7").unwrap(), Thing::Number(Box::new(7)));
    assert_eq!(thing(204, "").unwrap(), Thing::Nothing);
    assert_eq!(thing(202, "a").unwrap(), Thing::Text("a".to_owned()));
    assert_eq!(
        Failure::of(&failure(404, "[1]")),
        Some(Failure::Missing(vec![1]))
    );
    assert_eq!(
        Failure::of(&failure(501, "a")),
        Some(Failure::Server("a".into()))
    );
    assert_eq!(
        Failure::of(&failure(400, "a")),
        Some(Failure::Other("a".to_owned()))
    );
}

#[test]
fn a_success_without_a_case_is_taken_for_the_first() {
    let call = Call::<OnlyMissing>::by_status(&client(200, "1"), &OPERATION);
    assert_eq!(wait(call.send()).unwrap(), OnlyMissing(1));
}

#[test]
fn what_is_no_such_failure_is_none() {
    assert_eq!(OnlyMissing::of(&failure(404, "1")), Some(OnlyMissing(1)));
    assert_eq!(OnlyMissing::of(&failure(404, "x")), None);
    assert_eq!(OnlyMissing::of(&failure(400, "1")), None);
    assert_eq!(OnlyMissing::of(&Error::config("no answer")), None);
    let undecodable = thing(200, "x").unwrap_err();
    assert_eq!(Failure::of(&undecodable), None);
}

#[test]
fn a_body_that_does_not_fit_its_case_is_told_and_kept() {
    let error = failure(200, "[1]");
    assert!(error.is_decode());
    assert_eq!(error.body().unwrap(), "[1]");
    let recorder = Recorder::answering(202, Bytes::from_static(b"\xff"));
    let client = recorder.client(ClientBuilder::new(&SERVICE));
    let error = wait(Call::<Thing>::by_status(&client, &OPERATION).send()).unwrap_err();
    assert!(error.is_decode());
    assert!(
        format!("{error:?}").contains("not text in UTF-8"),
        "{error:?}"
    );
}
