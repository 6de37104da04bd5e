use std::{borrow::Cow, rc::Rc, sync::Arc};

use super::{Base64, Base64Url, Secret, UnixTime, YearMonth, number::NOT_FINITE};

/// A value of a path, query or header parameter: a text, a number, a boolean, a date, a UUID
/// (feature `uuid`), an enum of this crate, or a reference or pointer to one of them.
///
/// `Option` does not implement it: call the parameter's setter only if there is a value.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be sent as the value of a parameter",
    label = "expected a text, a number, a boolean, a date, a UUID or an enum of this crate",
    note = "unwrap an `Option` first, for example with `let Some(id) = id else {{ .. }}` or `id.ok_or(..)?`; where an optional parameter has no value, do not call its setter",
    note = "a value of any other type can be sent as text: `&value.to_string()`"
)]
pub trait Param {
    /// The value as text, before any percent-encoding.
    fn to_text(&self) -> Cow<'_, str>;

    /// Why the value cannot be sent, if it cannot.
    #[doc(hidden)]
    fn defect(&self) -> Option<&'static str> {
        None
    }
}

/// The values of a query parameter: an array, a `Vec` or any other iterator over [`Param`]s.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be sent as the list of values of a parameter",
    label = "expected a list of texts or other values: `[a, b]`, a `Vec` or an iterator",
    note = "put a single value in brackets: `[value]`",
    note = "unwrap an `Option` first, also inside of the list: `list.into_iter().flatten()` leaves out what is `None`"
)]
pub trait ParamList {
    /// The values in their order.
    fn each(self, take: &mut dyn FnMut(&dyn Param));
}

/// A list of values of one type that a parameter takes: an array, a `Vec` or any other iterator over
/// them.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a list of `{T}`",
    label = "expected a list of `{T}`: `[a, b]`, a `Vec` or an iterator",
    note = "put a single value in brackets: `[value]`",
    note = "a text becomes a value of an enum of this crate with `.into()`, a reference to a value becomes one with `.cloned()` on the iterator"
)]
pub trait ListOf<T>: ParamList {}

// `do_not_recommend` makes the compiler name these traits and not the bounds of their only impls.
#[diagnostic::do_not_recommend]
impl<I: IntoIterator<Item: Param>> ParamList for I {
    fn each(self, take: &mut dyn FnMut(&dyn Param)) {
        for value in self {
            take(&value);
        }
    }
}

#[diagnostic::do_not_recommend]
impl<T: Param, I: IntoIterator<Item = T>> ListOf<T> for I {}

impl<P: Param + ?Sized> Param for &P {
    fn to_text(&self) -> Cow<'_, str> {
        (**self).to_text()
    }

    fn defect(&self) -> Option<&'static str> {
        (**self).defect()
    }
}

macro_rules! pointers {
    ($($type:ty),*) => {$(
        // Keeps the compiler's list of implementors short.
        #[diagnostic::do_not_recommend]
        impl<P: Param + ?Sized> Param for $type {
            fn to_text(&self) -> Cow<'_, str> {
                (**self).to_text()
            }

            fn defect(&self) -> Option<&'static str> {
                (**self).defect()
            }
        }
    )*};
}

pointers!(&mut P, Box<P>, Rc<P>, Arc<P>);

impl<P: Param + ToOwned + ?Sized> Param for Cow<'_, P> {
    fn to_text(&self) -> Cow<'_, str> {
        (**self).to_text()
    }

    fn defect(&self) -> Option<&'static str> {
        (**self).defect()
    }
}

macro_rules! texts {
    ($($type:ty),*) => {$(
        impl Param for $type {
            fn to_text(&self) -> Cow<'_, str> {
                Cow::Borrowed(self)
            }
        }
    )*};
}

texts!(str, String);

impl Param for Secret {
    fn to_text(&self) -> Cow<'_, str> {
        self.expose().into()
    }
}

macro_rules! displayed {
    ($($type:ty),*) => {$(
        #[diagnostic::do_not_recommend]
        impl Param for $type {
            fn to_text(&self) -> Cow<'_, str> {
                self.to_string().into()
            }
        }
    )*};
}

// `NaiveDate` displays as ISO 8601, which is RFC 3339's full-date.
displayed!(
    bool,
    char,
    i8,
    i16,
    i32,
    i64,
    i128,
    isize,
    u8,
    u16,
    u32,
    u64,
    u128,
    usize,
    chrono::NaiveDate,
    YearMonth,
    Base64,
    Base64Url,
    UnixTime
);

#[cfg(feature = "uuid")]
displayed!(uuid::Uuid);

macro_rules! numbers {
    ($($type:ty),*) => {$(
        #[diagnostic::do_not_recommend]
        impl Param for $type {
            fn to_text(&self) -> Cow<'_, str> {
                self.to_string().into()
            }

            fn defect(&self) -> Option<&'static str> {
                (!self.is_finite()).then_some(NOT_FINITE)
            }
        }
    )*};
}

numbers!(f32, f64);

impl<Z: chrono::TimeZone> Param for chrono::DateTime<Z> {
    fn to_text(&self) -> Cow<'_, str> {
        self.to_utc()
            .to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true)
            .into()
    }
}

#[cfg(test)]
mod tests;
