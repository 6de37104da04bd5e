//! What limits a value beside its type: the same list of keywords on both sides.

use openapiv3::AnySchema;

use super::{
    code::FindingCode as Code,
    finding::Direction,
    found::{Change, Found},
    view::View,
};

/// The keywords that limit values.
#[derive(Clone, Default)]
pub(super) struct Bounds<'a> {
    lower: [Option<Bound>; 4],
    upper: [Option<Bound>; 4],
    multiple_of: Option<f64>,
    unique: bool,
    pattern: Option<&'a str>,
    /// What values must not be, as JSON.
    not: Option<String>,
}

/// A least or greatest number, and whether values must differ from it.
#[derive(Clone, Copy, PartialEq)]
struct Bound {
    number: f64,
    is_exclusive: bool,
}

const LOWER: [&str; 4] = ["minimum", "minLength", "minItems", "minProperties"];
const UPPER: [&str; 4] = ["maximum", "maxLength", "maxItems", "maxProperties"];

impl<'a> Bounds<'a> {
    /// Adds those of one schema; what was there first holds.
    pub(super) fn absorb(&mut self, any: &'a AnySchema) {
        let exact = |number: f64| Bound {
            number,
            is_exclusive: false,
        };
        let count = |count: Option<usize>| count.map(|count| exact(count as f64));
        let limit = |number: Option<f64>, exclusive: Option<bool>| {
            number.map(|number| Bound {
                number,
                is_exclusive: exclusive.unwrap_or(false),
            })
        };
        // No list has fewer items than none.
        let least = |found: Option<usize>| count(found.filter(|found| *found > 0));
        let lower = [
            limit(any.minimum, any.exclusive_minimum),
            least(any.min_length),
            least(any.min_items),
            least(any.min_properties),
        ];
        let upper = [
            limit(any.maximum, any.exclusive_maximum),
            count(any.max_length),
            count(any.max_items),
            count(any.max_properties),
        ];
        for (own, other) in self.lower.iter_mut().zip(lower) {
            *own = own.or(other);
        }
        for (own, other) in self.upper.iter_mut().zip(upper) {
            *own = own.or(other);
        }
        self.multiple_of = self.multiple_of.or(any.multiple_of);
        self.unique |= any.unique_items.unwrap_or(false);
        self.pattern = self.pattern.or(any.pattern.as_deref());
        if let (None, Some(not)) = (&self.not, &any.not) {
            self.not = serde_json::to_string(not).ok();
        }
    }
}

/// Compares the bounds of two schemas.
pub(super) fn compare(old: &View<'_>, new: &View<'_>, direction: Direction, found: &mut Found) {
    let mut tell = |keyword: &str, sense: Sense, was: Option<String>, is: Option<String>| {
        let codes = match sense {
            Sense::Narrowed => (Code::RequestBoundNarrowed, Code::ResponseBoundNarrowed),
            Sense::Widened => (Code::RequestBoundWidened, Code::ResponseBoundWidened),
        };
        let tail = match (&was, &is) {
            (Some(was), Some(is)) => format!(": `{keyword}` is {is} now, was {was}"),
            (None, Some(is)) => format!(": `{keyword}` is {is} now, was not limited"),
            (Some(was), None) => format!(": `{keyword}` was {was}, is not limited now"),
            (None, None) => return,
        };
        let named = |value: Option<String>| value.map(|value| format!("{keyword} {value}"));
        let change = Change::directed(direction, codes, &old.home.0)
            .values(named(was), named(is))
            .at(&old.home.1, &new.home.1);
        found.add(change, &tail);
    };
    let (a, b) = (&old.bounds, &new.bounds);
    for (at, keyword) in LOWER.iter().enumerate() {
        limits(keyword, a.lower[at], b.lower[at], 1.0, &mut tell);
    }
    for (at, keyword) in UPPER.iter().enumerate() {
        limits(keyword, a.upper[at], b.upper[at], -1.0, &mut tell);
    }
    let is_multiple = |of: f64, number: f64| (number / of).fract().abs() < 1e-9;
    let number = |value: Option<f64>| value.map(|value| value.to_string());
    if a.multiple_of != b.multiple_of {
        let sense = match (a.multiple_of, b.multiple_of) {
            (_, None) => Sense::Widened,
            (Some(was), Some(is)) if is_multiple(is, was) => Sense::Widened,
            _ => Sense::Narrowed,
        };
        tell(
            "multipleOf",
            sense,
            number(a.multiple_of),
            number(b.multiple_of),
        );
    }
    let flag = |value: bool| Some(value.to_string());
    if a.unique != b.unique {
        let sense = Sense::of(b.unique);
        tell("uniqueItems", sense, flag(a.unique), flag(b.unique));
    }
    let shown = |pattern: Option<&str>| pattern.map(|pattern| format!("`{pattern}`"));
    if a.pattern != b.pattern {
        // Which of two patterns fits more cannot be told.
        let sense = Sense::of(b.pattern.is_some());
        tell("pattern", sense, shown(a.pattern), shown(b.pattern));
    }
    if a.not != b.not {
        let sense = Sense::of(b.not.is_some());
        let (was, is) = (shown(a.not.as_deref()), shown(b.not.as_deref()));
        tell("not", sense, was, is);
    }
}

/// Whether fewer values fit than before.
#[derive(Clone, Copy)]
enum Sense {
    Narrowed,
    Widened,
}

impl Sense {
    fn of(is_narrowed: bool) -> Self {
        match is_narrowed {
            true => Self::Narrowed,
            false => Self::Widened,
        }
    }
}

/// Compares two limits; `up` is 1 where values are above it, and -1 where they are below.
fn limits(
    keyword: &str,
    old: Option<Bound>,
    new: Option<Bound>,
    up: f64,
    tell: &mut impl FnMut(&str, Sense, Option<String>, Option<String>),
) {
    if old == new {
        return;
    }
    let rank = |bound: Option<Bound>| match bound {
        None => (f64::NEG_INFINITY, false),
        Some(bound) => (bound.number * up, bound.is_exclusive),
    };
    let is_narrowed = rank(new) > rank(old);
    let shown = |bound: Option<Bound>| {
        bound.map(|bound| match bound.is_exclusive {
            true => format!("{} (exclusive)", bound.number),
            false => bound.number.to_string(),
        })
    };
    tell(keyword, Sense::of(is_narrowed), shown(old), shown(new));
}
