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
mod tests;
