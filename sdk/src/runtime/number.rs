//! Numbers that are written as JSON without a needless fraction, and not at all if JSON has none.

#![allow(
    dead_code,
    reason = "rendered only for numbers that need not be integers"
)]

use std::collections::BTreeMap;

use serde::{Serialize, Serializer, ser::Error};

/// Every integer up to this one has a `f64` of its own.
const LARGEST_EXACT: f64 = 9_007_199_254_740_992.0;

/// A number that can have a fraction, or a list or map of them.
pub(crate) trait Number {
    /// Serializes the number: a whole one without a fraction.
    ///
    /// # Errors
    /// It is not finite, so that JSON cannot express it.
    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error>;
}

/// Serializes a [`Number`].
#[derive(Debug)]
pub(crate) struct Written<'a, N: ?Sized>(pub(crate) &'a N);

impl<N: Number + ?Sized> Serialize for Written<'_, N> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.write(serializer)
    }
}

/// The message about a number that is not finite.
pub(crate) const NOT_FINITE: &str = "NaN and infinite numbers cannot be sent";

/// The integer that a number is, if it is one. The negative zero is none.
pub(crate) fn whole(number: f64) -> Option<i64> {
    let is_whole = number.fract() == 0.0 && number.abs() < LARGEST_EXACT;
    (is_whole && !(number == 0.0 && number.is_sign_negative())).then_some(number as i64)
}

impl Number for f64 {
    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match whole(*self) {
            Some(integer) => serializer.serialize_i64(integer),
            None if self.is_finite() => serializer.serialize_f64(*self),
            None => Err(S::Error::custom(NOT_FINITE)),
        }
    }
}

impl Number for f32 {
    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match whole(f64::from(*self)) {
            Some(integer) => serializer.serialize_i64(integer),
            None if self.is_finite() => serializer.serialize_f32(*self),
            None => Err(S::Error::custom(NOT_FINITE)),
        }
    }
}

impl<N: Number> Number for Option<N> {
    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Some(number) => number.write(serializer),
            None => serializer.serialize_unit(),
        }
    }
}

impl<N: Number> Number for Vec<N> {
    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter().map(Written))
    }
}

impl<N: Number> Number for BTreeMap<String, N> {
    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter().map(|(name, number)| (name, Written(number))))
    }
}

#[cfg(test)]
mod tests;
