//! What limits a value beside its type: the same list of keywords on both sides.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{
    code::FindingCode as Code,
    finding::Direction,
    found::{Change, Found},
    view::View,
};
use crate::spec::{Keywords, Spec};

/// The keywords that limit values. All that several schemas say holds at once.
#[derive(Clone, Default)]
pub(super) struct Bounds<'a> {
    lower: [Option<Bound>; 4],
    upper: [Option<Bound>; 4],
    /// In order, each once.
    multiple_of: Vec<f64>,
    unique: bool,
    pattern: BTreeSet<&'a str>,
    /// What values must not be, as JSON.
    not: BTreeSet<String>,
    /// Lists of properties of which one must be there, as JSON.
    choices: BTreeSet<String>,
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
    /// Adds those of one schema.
    pub(super) fn absorb(&mut self, keywords: &'a Keywords, spec: &Spec) {
        let exact = |number: f64| Bound {
            number,
            is_exclusive: false,
        };
        let count = |count: Option<usize>| count.map(|count| exact(count as f64));
        let limit = |number: Option<f64>, is_exclusive: bool| {
            number.map(|number| Bound {
                number,
                is_exclusive,
            })
        };
        // No list has fewer items than none.
        let least = |found: Option<usize>| count(found.filter(|found| *found > 0));
        let lower = [
            limit(keywords.minimum, keywords.exclusive_minimum),
            least(keywords.min_length),
            least(keywords.min_items),
            least(keywords.min_properties),
        ];
        let upper = [
            limit(keywords.maximum, keywords.exclusive_maximum),
            count(keywords.max_length),
            count(keywords.max_items),
            count(keywords.max_properties),
        ];
        for (own, other) in self.lower.iter_mut().zip(lower) {
            if rank(other, 1.0) > rank(*own, 1.0) {
                *own = other;
            }
        }
        for (own, other) in self.upper.iter_mut().zip(upper) {
            if rank(other, -1.0) > rank(*own, -1.0) {
                *own = other;
            }
        }
        self.multiple_of.extend(keywords.multiple_of);
        self.multiple_of.sort_by(f64::total_cmp);
        self.multiple_of.dedup();
        self.unique |= keywords.unique_items;
        self.pattern.extend(keywords.pattern.as_deref());
        let not = keywords.not.map(|not| spec.schema_json(not));
        self.not.extend(not.map(|not| plain(not).to_string()));
    }

    /// Adds that one of several lists of properties must be there.
    pub(super) fn choose(&mut self, lists: &[&'a [String]]) {
        let lists = lists
            .iter()
            .map(|list| list.iter().collect::<BTreeSet<_>>());
        let lists: BTreeSet<_> = lists.collect();
        self.choices.extend(serde_json::to_string(&lists).ok());
    }

    /// Says the same of integers, where a limit that is not reached is one that is reached next to
    /// it.
    pub(super) fn of_integers(&mut self) {
        let whole = |bound: &mut Option<Bound>, up: f64| {
            if let Some(bound) = bound {
                let number = (bound.number * up).ceil();
                let is_left = bound.is_exclusive && number == bound.number * up;
                // Zero has no sign.
                bound.number = (number + f64::from(u8::from(is_left))) * up + 0.0;
                bound.is_exclusive = false;
            }
        };
        whole(&mut self.lower[0], 1.0);
        whole(&mut self.upper[0], -1.0);
    }
}

/// A schema whose order says nothing, in one order.
fn plain(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let mut members: Vec<_> = members.into_iter().collect();
            members.sort_by(|a, b| a.0.cmp(&b.0));
            let members = members.into_iter().map(|(key, value)| {
                let mut value = plain(value);
                if let (true, Value::Array(items)) =
                    (matches!(key.as_str(), "required" | "enum"), &mut value)
                {
                    items.sort_by_cached_key(ToString::to_string);
                }
                (key, value)
            });
            Value::Object(members.collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(plain).collect()),
        other => other,
    }
}

/// How much a limit leaves out; `up` is 1 where values are above it, and -1 where they are below.
fn rank(bound: Option<Bound>, up: f64) -> (f64, bool) {
    bound.map_or((f64::NEG_INFINITY, false), |bound| {
        (bound.number * up, bound.is_exclusive)
    })
}

/// Compares the bounds of two schemas.
pub(super) fn compare(old: &View<'_>, new: &View<'_>, direction: Direction, found: &mut Found) {
    let mut tell = |keyword: &str, sense: Sense, was: Option<String>, is: Option<String>| {
        let codes = match sense {
            Sense::Narrowed => (Code::RequestBoundNarrowed, Code::ResponseBoundNarrowed),
            Sense::Widened => (Code::RequestBoundWidened, Code::ResponseBoundWidened),
            // Whichever is worse for callers.
            Sense::Other => (Code::RequestBoundNarrowed, Code::ResponseBoundWidened),
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
    if a.multiple_of != b.multiple_of {
        let is_multiple = |of: f64, number: f64| {
            let times = number / of;
            (times - times.round()).abs() < 1e-9
        };
        // What fits the ones fits the others.
        let implies = |some: &[f64], others: &[f64]| {
            let mut others = others.iter();
            others.all(|other| some.iter().any(|one| is_multiple(*other, *one)))
        };
        let sense = Sense::between(
            implies(&a.multiple_of, &b.multiple_of),
            implies(&b.multiple_of, &a.multiple_of),
        );
        let (was, is) = (joined(&a.multiple_of), joined(&b.multiple_of));
        tell("multipleOf", sense, was, is);
    }
    let flag = |value: bool| Some(value.to_string());
    if a.unique != b.unique {
        let sense = Sense::between(a.unique, b.unique);
        tell("uniqueItems", sense, flag(a.unique), flag(b.unique));
    }
    let quoted = |texts: Vec<String>| {
        let texts = texts.into_iter();
        joined(&texts.map(|text| format!("`{text}`")).collect::<Vec<_>>())
    };
    if a.pattern != b.pattern {
        // Which of two patterns fits more cannot be told.
        let sense = Sense::between(
            a.pattern.is_superset(&b.pattern),
            b.pattern.is_superset(&a.pattern),
        );
        let texts = |texts: &BTreeSet<&str>| texts.iter().map(ToString::to_string).collect();
        tell(
            "pattern",
            sense,
            quoted(texts(&a.pattern)),
            quoted(texts(&b.pattern)),
        );
    }
    for (keyword, was, is) in [("not", &a.not, &b.not), ("anyOf", &a.choices, &b.choices)] {
        if was != is {
            let sense = Sense::between(was.is_superset(is), is.is_superset(was));
            let texts = |texts: &BTreeSet<String>| texts.iter().cloned().collect();
            tell(keyword, sense, quoted(texts(was)), quoted(texts(is)));
        }
    }
}

/// Values that hold at once; `None` if there are none.
fn joined<T: ToString>(values: &[T]) -> Option<String> {
    let texts: Vec<String> = values.iter().map(ToString::to_string).collect();
    (!texts.is_empty()).then(|| texts.join(" and "))
}

/// Whether fewer values fit than before.
#[derive(Clone, Copy)]
enum Sense {
    Narrowed,
    Widened,
    /// Some that fitted do not, and others do.
    Other,
}

impl Sense {
    /// By whether all that fitted the old fits the new, and the other way round.
    fn between(old_fits_new: bool, new_fits_old: bool) -> Self {
        match (old_fits_new, new_fits_old) {
            (true, _) => Self::Widened,
            (false, true) => Self::Narrowed,
            (false, false) => Self::Other,
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
    let is_narrowed = rank(new, up) > rank(old, up);
    let shown = |bound: Option<Bound>| {
        bound.map(|bound| match bound.is_exclusive {
            true => format!("{} (exclusive)", bound.number),
            false => bound.number.to_string(),
        })
    };
    let sense = Sense::between(!is_narrowed, is_narrowed);
    tell(keyword, sense, shown(old), shown(new));
}
