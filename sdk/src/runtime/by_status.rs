//! Operations whose responses differ by status.

#![allow(
    dead_code,
    reason = "rendered only for operations with several successes or typed failures"
)]

use bytes::Bytes;
use http::StatusCode;
use serde::de::{DeserializeOwned, Error as Custom};

use super::{Error, call_answers, decode_failure::Unreadable};

/// What is one of several things, by the status of the response.
pub(crate) trait ByStatus: Sized + 'static {
    /// What it can be.
    const CASES: &'static [Case<Self>];
}

/// What a response with some status is.
pub(crate) struct Case<T> {
    /// A status such as `200`, a range such as `2XX`, or `default`.
    pub(crate) status: &'static str,
    pub(crate) read: fn(CaseBody<'_>) -> Result<T, Unreadable>,
}

/// The body of a response whose status says how to read it.
#[derive(Clone, Copy)]
pub(crate) struct CaseBody<'a>(&'a Bytes);

impl CaseBody<'_> {
    pub(crate) fn json<T: DeserializeOwned>(self) -> Result<T, Unreadable> {
        Ok(serde_json::from_slice(self.0)?)
    }

    pub(crate) fn text(self) -> Result<String, Unreadable> {
        call_answers::text(self.0)
    }

    pub(crate) fn bytes(self) -> Result<Bytes, Unreadable> {
        Ok(self.0.clone())
    }
}

/// Reads a success. One of a status that the description does not have is taken for the first that it
/// has.
pub(super) fn read_success<T: ByStatus>(status: StatusCode, body: &Bytes) -> Result<T, Unreadable> {
    match case_of(status).or(T::CASES.first()) {
        Some(case) => (case.read)(CaseBody(body)),
        None => Err(Unreadable::Json(Custom::custom("there is no success"))),
    }
}

/// Reads what the service answered in place of a success; `None` if there is no answer, none of a
/// status that the description has, or one that is not what the description says.
pub(crate) fn read_failure<T: ByStatus>(error: &Error) -> Option<T> {
    // What a login service answers is no answer of the operation.
    if !error.is_status() || error.is_login() {
        return None;
    }
    let case = case_of(error.status()?)?;
    (case.read)(CaseBody(error.body()?)).ok()
}

/// The case of a status: by the very status, by its range, or the one for all others.
fn case_of<T: ByStatus>(status: StatusCode) -> Option<&'static Case<T>> {
    let range = |case: &&Case<T>| {
        let (first, rest) = case.status.split_at_checked(1)?;
        let is_range = rest.eq_ignore_ascii_case("xx");
        (is_range && status.as_str().starts_with(first)).then_some(())
    };
    let mut cases = T::CASES.iter();
    let find = |is_it: &dyn Fn(&&'static Case<T>) -> bool| T::CASES.iter().find(is_it);
    cases
        .find(|case| case.status == status.as_str())
        .or_else(|| find(&|case| range(case).is_some()))
        .or_else(|| find(&|case| case.status == "default"))
}

/// Gives a rendered type of failures its reading.
#[allow(unused_macros, reason = "rendered only for typed failures")]
macro_rules! failure {
    ($name:ty) => {
        impl $name {
            /// What the service answered in place of a success, read out of the error; `None` if it
            /// answered nothing of the kind.
            pub fn of(error: &$crate::runtime::Error) -> ::std::option::Option<Self> {
                $crate::runtime::codegen::read_failure(error)
            }
        }
    };
}

pub(crate) use failure;

#[cfg(test)]
#[allow(unreachable_pub, reason = "rendered types are public")]
mod tests {
    use http::Method;

    use super::{
        super::{
            Client, ClientBuilder,
            call::Call,
            operation::Operation,
            service::tests::SERVICE,
            testing::{Recorder, wait},
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
}
