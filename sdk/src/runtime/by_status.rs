//! Operations whose responses differ by status.

#![allow(
    dead_code,
    reason = "rendered only for operations with several successes or typed failures"
)]

use bytes::Bytes;
use http::StatusCode;
use serde::de::{DeserializeOwned, Error as Custom};

use super::{Error, call_answers, decode_failure::Unreadable, lenient};

/// A type with one variant per status of the response.
pub(crate) trait ByStatus: Sized + 'static {
    /// The cases.
    const CASES: &'static [Case<Self>];
}

/// The case of one status.
pub(crate) struct Case<T> {
    /// A status such as `200`, a range such as `2XX`, or `default`.
    pub(crate) status: &'static str,
    pub(crate) read: fn(CaseBody<'_>) -> Result<T, Unreadable>,
}

/// Decodes a body by the status of its response.
#[derive(Clone, Copy)]
pub(crate) struct CaseBody<'a>(&'a Bytes);

impl CaseBody<'_> {
    pub(crate) fn json<T: DeserializeOwned>(self) -> Result<T, Unreadable> {
        Ok(lenient::from_slice(self.0)?)
    }

    pub(crate) fn text(self) -> Result<String, Unreadable> {
        call_answers::text(self.0)
    }

    pub(crate) fn bytes(self) -> Result<Bytes, Unreadable> {
        Ok(self.0.clone())
    }
}

/// Decodes a success. An undeclared status is decoded as the first declared one.
pub(super) fn read_success<T: ByStatus>(status: StatusCode, body: &Bytes) -> Result<T, Unreadable> {
    match case_of(status).or(T::CASES.first()) {
        Some(case) => (case.read)(CaseBody(body)),
        None => Err(Unreadable::Json(Custom::custom("there is no success"))),
    }
}

/// Decodes an error response; `None` if there is no response, its status is not declared, or its
/// body does not match the description.
pub(crate) fn read_failure<T: ByStatus>(error: &Error) -> Option<T> {
    if error.is_contradiction() {
        // The status says nothing, so the body decides: the default is the most likely.
        let body = CaseBody(error.body()?);
        let (default, others): (Vec<_>, Vec<_>) =
            T::CASES.iter().partition(|case| case.status == "default");
        let mut cases = default.into_iter().chain(others);
        return cases.find_map(|case| (case.read)(body).ok());
    }
    // A response of the login service is not the operation's.
    if !error.is_status() || error.is_login() {
        return None;
    }
    let case = case_of(error.status()?)?;
    (case.read)(CaseBody(error.body()?)).ok()
}

/// The case of a status: by its code, by its range, or the default.
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

/// Implements the decoding of a rendered error type.
#[allow(unused_macros, reason = "rendered only for typed failures")]
macro_rules! failure {
    ($name:ty) => {
        impl $name {
            /// Decodes the error response from an error; `None` if there is no response, or none
            /// that the description declares.
            pub fn of(error: &$crate::runtime::Error) -> ::std::option::Option<Self> {
                $crate::runtime::codegen::read_failure(error)
            }
        }
    };
}

pub(crate) use failure;

#[cfg(test)]
mod tests;
