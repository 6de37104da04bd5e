//! Compares the keywords that bound values beside their type.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{
    code::FindingCode as Code,
    finding::{Direction, Location},
    findings::{Change, Findings},
};
use crate::spec::{Keywords, Spec};

/// The keywords that bound values. The bounds of several schemas hold at once.
#[derive(Clone, Default)]
pub(super) struct Bounds<'a> {
    lower: [Option<Bound>; 4],
    upper: [Option<Bound>; 4],
    /// Sorted, without duplicates.
    multiple_of: Vec<f64>,
    unique: bool,
    pattern: BTreeSet<&'a str>,
    /// The schemas under `not`, as JSON.
    not: BTreeSet<String>,
    /// Lists of required properties of which one must hold, as JSON.
    required_choices: BTreeSet<String>,
}

/// A minimum or a maximum, which values must not reach if it is exclusive.
#[derive(Clone, Copy, PartialEq)]
struct Bound {
    number: f64,
    is_exclusive: bool,
}

const LOWER: [&str; 4] = ["minimum", "minLength", "minItems", "minProperties"];
const UPPER: [&str; 4] = ["maximum", "maxLength", "maxItems", "maxProperties"];

impl<'a> Bounds<'a> {
    /// Adds the bounds of one schema.
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
        // A minimum of 0 bounds nothing.
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
        self.not.extend(not.map(|not| canonical(not).to_string()));
    }

    /// Adds that one of several lists of properties is required.
    pub(super) fn require_one_of(&mut self, lists: &[&'a [String]]) {
        let lists = lists
            .iter()
            .map(|list| list.iter().collect::<BTreeSet<_>>());
        let lists: BTreeSet<_> = lists.collect();
        self.required_choices
            .extend(serde_json::to_string(&lists).ok());
    }

    /// Rounds bounds of numbers to the nearest integers within them, which are inclusive.
    pub(super) fn round_to_integers(&mut self) {
        let round = |bound: &mut Option<Bound>, up: f64| {
            if let Some(bound) = bound {
                let number = (bound.number * up).ceil();
                let is_excluded = bound.is_exclusive && number == bound.number * up;
                // Zero has no sign.
                bound.number = (number + f64::from(u8::from(is_excluded))) * up + 0.0;
                bound.is_exclusive = false;
            }
        };
        round(&mut self.lower[0], 1.0);
        round(&mut self.upper[0], -1.0);
    }
}

/// A schema with everything sorted whose order has no meaning.
fn canonical(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let mut members: Vec<_> = members.into_iter().collect();
            members.sort_by(|a, b| a.0.cmp(&b.0));
            let members = members.into_iter().map(|(key, value)| {
                let mut value = canonical(value);
                if let (true, Value::Array(items)) =
                    (matches!(key.as_str(), "required" | "enum"), &mut value)
                {
                    items.sort_by_cached_key(ToString::to_string);
                }
                (key, value)
            });
            Value::Object(members.collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(canonical).collect()),
        other => other,
    }
}

/// Ranks a bound by how much it excludes; `sign` is 1 for a minimum and -1 for a maximum.
fn rank(bound: Option<Bound>, sign: f64) -> (f64, bool) {
    bound.map_or((f64::NEG_INFINITY, false), |bound| {
        (bound.number * sign, bound.is_exclusive)
    })
}

/// Compares the bounds of two schemas.
pub(super) fn compare(
    (old, old_location): (&Bounds<'_>, &Location),
    (new, new_location): (&Bounds<'_>, &Location),
    direction: Direction,
    findings: &mut Findings,
) {
    let mut differences = Vec::new();
    for (index, keyword) in LOWER.into_iter().enumerate() {
        differences.extend(limit(keyword, old.lower[index], new.lower[index], 1.0));
    }
    for (index, keyword) in UPPER.into_iter().enumerate() {
        differences.extend(limit(keyword, old.upper[index], new.upper[index], -1.0));
    }
    differences.extend(multiple_of(&old.multiple_of, &new.multiple_of));
    differences.extend(unique_items(old.unique, new.unique));
    differences.extend(constraints("pattern", &old.pattern, &new.pattern));
    differences.extend(constraints("not", &old.not, &new.not));
    let choices = (&old.required_choices, &new.required_choices);
    differences.extend(constraints("anyOf", choices.0, choices.1));
    for difference in differences {
        let change = Change::directed(direction, difference.effect.codes(), &old_location.subject)
            .between(old_location, new_location);
        difference.report(change, findings);
    }
}

/// A keyword that differs.
struct Difference {
    keyword: &'static str,
    effect: Effect,
    /// The old value; `None` if the keyword was absent.
    was: Option<String>,
    /// The new value; `None` if the keyword is absent.
    is: Option<String>,
}

impl Difference {
    fn report(self, change: Change, findings: &mut Findings) {
        let keyword = self.keyword;
        let tail = match (&self.was, &self.is) {
            (Some(was), Some(is)) => format!(": `{keyword}` changed from {was} to {is}"),
            (None, Some(is)) => format!(": `{keyword}` {is} was added"),
            (Some(was), None) => format!(": `{keyword}` {was} was removed"),
            (None, None) => return,
        };
        let named = |value: Option<String>| value.map(|value| format!("{keyword} {value}"));
        findings.add(change.values(named(self.was), named(self.is)), &tail);
    }
}

/// What a difference does to the set of valid values.
#[derive(Clone, Copy)]
enum Effect {
    Narrows,
    Widens,
    /// Some values are no longer valid, and others are now.
    Shifts,
}

impl Effect {
    /// The effect, by whether all old values are valid now, and whether all new ones were before.
    fn of(is_superset: bool, is_subset: bool) -> Self {
        match (is_superset, is_subset) {
            (true, _) => Self::Widens,
            (false, true) => Self::Narrows,
            (false, false) => Self::Shifts,
        }
    }

    /// The codes for requests and for responses.
    fn codes(self) -> (Code, Code) {
        match self {
            Self::Narrows => (Code::RequestBoundNarrowed, Code::ResponseBoundNarrowed),
            Self::Widens => (Code::RequestBoundWidened, Code::ResponseBoundWidened),
            // Whichever is worse for callers.
            Self::Shifts => (Code::RequestBoundNarrowed, Code::ResponseBoundWidened),
        }
    }
}

/// Compares two limits; `sign` is 1 for a minimum and -1 for a maximum.
fn limit(
    keyword: &'static str,
    old: Option<Bound>,
    new: Option<Bound>,
    sign: f64,
) -> Option<Difference> {
    let is_narrowed = rank(new, sign) > rank(old, sign);
    let shown = |bound: Bound| match bound.is_exclusive {
        true => format!("{} (exclusive)", bound.number),
        false => bound.number.to_string(),
    };
    (old != new).then(|| Difference {
        keyword,
        effect: Effect::of(!is_narrowed, is_narrowed),
        was: old.map(shown),
        is: new.map(shown),
    })
}

fn multiple_of(old: &[f64], new: &[f64]) -> Option<Difference> {
    let is_multiple = |number: f64, of: f64| {
        let times = number / of;
        (times - times.round()).abs() < 1e-9
    };
    // Whether multiples of all of `some` are multiples of all `others`.
    let implies = |some: &[f64], others: &[f64]| {
        let mut others = others.iter();
        others.all(|other| some.iter().any(|one| is_multiple(*one, *other)))
    };
    (old != new).then(|| Difference {
        keyword: "multipleOf",
        effect: Effect::of(implies(old, new), implies(new, old)),
        was: joined(old.iter().map(f64::to_string)),
        is: joined(new.iter().map(f64::to_string)),
    })
}

fn unique_items(old: bool, new: bool) -> Option<Difference> {
    (old != new).then(|| Difference {
        keyword: "uniqueItems",
        effect: Effect::of(old, new),
        was: Some(old.to_string()),
        is: Some(new.to_string()),
    })
}

/// Compares constraints that all hold at once, such as patterns, as texts: whether one implies another
/// cannot be decided.
fn constraints<T: Ord + AsRef<str>>(
    keyword: &'static str,
    old: &BTreeSet<T>,
    new: &BTreeSet<T>,
) -> Option<Difference> {
    let quoted = |texts: &BTreeSet<T>| {
        let texts = texts.iter();
        joined(texts.map(|text| format!("`{}`", text.as_ref())))
    };
    (old != new).then(|| Difference {
        keyword,
        effect: Effect::of(old.is_superset(new), new.is_superset(old)),
        was: quoted(old),
        is: quoted(new),
    })
}

/// Values that hold at once; `None` if there are none.
fn joined(values: impl Iterator<Item = String>) -> Option<String> {
    let values: Vec<String> = values.collect();
    (!values.is_empty()).then(|| values.join(" and "))
}
