//! Compares what two schemas say of a value itself: types, formats, listed values, defaults, texts.

use std::collections::HashSet;

use serde_json::Value;

use super::{
    code::FindingCode as Code,
    finding::{Direction, Impact, Subject},
    found::{Change, Found},
    view::View,
};
use crate::openapi::Pointer;

/// Compares texts for people, each under the schema it stands in.
pub(super) fn texts(old: &View<'_>, new: &View<'_>, found: &mut Found) {
    for (subject, (old_at, was)) in &old.texts {
        // What is used may be declared elsewhere by now.
        let counterpart = match new.texts.get(subject) {
            None if *subject == old.outer.0 => new.texts.get(&new.outer.0),
            counterpart => counterpart,
        };
        if let Some((new_at, is)) = counterpart {
            description(subject, (*was, old_at), (*is, new_at), found);
        }
    }
}

/// Compares two texts for people.
pub(super) fn description(
    subject: &Subject,
    (was, old_at): (Option<&str>, &Pointer),
    (is, new_at): (Option<&str>, &Pointer),
    found: &mut Found,
) {
    if was == is {
        return;
    }
    let plain = |text: Option<&str>| {
        let words: Vec<&str> = text.unwrap_or_default().split_whitespace().collect();
        Some(words.join(" ")).filter(|text| !text.is_empty())
    };
    let (was, is) = (plain(was), plain(is));
    // How a text is broken into lines is nobody's concern.
    if was != is {
        let change = Change::new(Code::DescriptionChanged, subject)
            .values(was, is)
            .at(old_at, new_at);
        found.add(change, ": the description reads differently");
    }
}

/// Compares whether the description advises against a schema.
pub(super) fn deprecation(old: &View<'_>, new: &View<'_>, found: &mut Found) {
    if old.facts.deprecated == new.facts.deprecated {
        return;
    }
    let (code, tail) = match new.facts.deprecated {
        true => (Code::PropertyDeprecated, " is deprecated now"),
        false => (Code::PropertyUndeprecated, " is not deprecated any more"),
    };
    let change = Change::new(code, &old.outer.0).at(&old.outer.1, &new.outer.1);
    found.add(change, tail);
}

/// Compares types, and tells whether it makes sense to go on.
pub(super) fn types(
    old: &View<'_>,
    new: &View<'_>,
    direction: Direction,
    found: &mut Found,
) -> bool {
    let lengths = |view: &View<'_>| view.tuple.as_ref().map(Vec::len);
    let (was, is) = (old.typ.as_deref(), new.typ.as_deref());
    if was == is && lengths(old) == lengths(new) {
        return true;
    }
    let codes = match (was, is) {
        (None, Some(_)) | (Some("number"), Some("integer")) => {
            (Code::RequestTypeNarrowed, Code::ResponseTypeNarrowed)
        }
        (Some(_), None) | (Some("integer"), Some("number")) => {
            (Code::RequestTypeWidened, Code::ResponseTypeWidened)
        }
        _ => (Code::RequestTypeChanged, Code::ResponseTypeChanged),
    };
    let (was, is) = (described(old), described(new));
    type_changed((old, &was), (new, &is), direction, codes, found);
    // Every integer is a number: what else is said of them compares.
    matches!(
        (old.typ.as_deref(), new.typ.as_deref()),
        (Some("integer" | "number"), Some("integer" | "number"))
    )
}

/// Tells that a type is another.
pub(super) fn type_changed(
    (old, was): (&View<'_>, &str),
    (new, is): (&View<'_>, &str),
    direction: Direction,
    codes: (Code, Code),
    found: &mut Found,
) {
    let change = Change::directed(direction, codes, &old.home.0)
        .was(was)
        .is(is)
        .at(&old.home.1, &new.home.1);
    found.add(change, &format!(": the type is {is} now, was {was}"));
}

/// The type of a value, in words.
pub(super) fn described(view: &View<'_>) -> String {
    match (view.typ.as_deref(), &view.tuple) {
        (_, Some(items)) => format!("a list of exactly {}", items.len()),
        (Some(typ), None) => format!("`{typ}`"),
        (None, None) if !view.alternatives.is_empty() => "one of several".to_owned(),
        (None, None) => "any value".to_owned(),
    }
}

/// Compares formats, listed values and defaults.
pub(super) fn compare(old: &View<'_>, new: &View<'_>, direction: Direction, found: &mut Found) {
    format(old, new, direction, found);
    enumeration(old, new, direction, found);
    default(old, new, direction, found);
}

fn format(old: &View<'_>, new: &View<'_>, direction: Direction, found: &mut Found) {
    if old.format == new.format {
        return;
    }
    let (was, is) = (old.format.as_deref(), new.format.as_deref());
    let tail = match (was, is) {
        (Some(was), Some(is)) => format!(": the format is `{is}` now, was `{was}`"),
        (None, Some(is)) => format!(": the format is `{is}` now, there was none"),
        (Some(was), None) => format!(": the format was `{was}`, there is none now"),
        (None, None) => return,
    };
    let codes = (Code::RequestFormatChanged, Code::ResponseFormatChanged);
    let is_same_type = kind(old.typ.as_deref(), was) == kind(new.typ.as_deref(), is);
    let change = Change::directed(direction, codes, &old.home.0)
        .values(was.map(str::to_owned), is.map(str::to_owned))
        .at(&old.home.1, &new.home.1)
        .impact_if(is_same_type, Impact::Risky);
    found.add(change, &tail);
}

/// Formats that are read as the same type have the same kind.
fn kind<'a>(typ: Option<&'a str>, format: Option<&'a str>) -> &'a str {
    match (typ, format.unwrap_or_default()) {
        (
            Some("string"),
            format
            @ ("date-time" | "date" | "password" | "uuid" | "year-month" | "byte" | "binary"),
        ) => format,
        (Some("integer"), "int32" | "int16" | "int8" | "uint16" | "uint8") => "int32",
        (Some("integer"), "uint64") => "uint64",
        (Some("integer"), "unix-time" | "unixtime" | "timestamp") => "unix-time",
        (Some("number"), "float") => "float",
        (typ, _) => typ.unwrap_or_default(),
    }
}

fn enumeration(old: &View<'_>, new: &View<'_>, direction: Direction, found: &mut Found) {
    let change =
        |codes| Change::directed(direction, codes, &old.home.0).at(&old.home.1, &new.home.1);
    if let ([was], [is]) = (old.values.as_slice(), new.values.as_slice())
        && key(was) != key(is)
        && !(old.is_open || new.is_open)
    {
        let (was, is) = (shown(was), shown(is));
        let codes = (Code::RequestConstantChanged, Code::ResponseConstantChanged);
        let tail = format!(": the only value is `{is}` now, was `{was}`");
        found.add(change(codes).was(was).is(is), &tail);
        return;
    }
    let is_open = |view: &View<'_>| view.is_open || !view.is_listed;
    match (is_open(old), is_open(new)) {
        (false, true) => {
            let codes = (Code::RequestEnumOpened, Code::ResponseEnumOpened);
            found.add(change(codes), " may have values that are not listed now");
        }
        (true, false) => {
            let codes = (Code::RequestEnumClosed, Code::ResponseEnumClosed);
            let listed: Vec<String> = new.values.iter().map(shown).collect();
            let tail = format!(
                " may only have listed values now: `{}`",
                listed.join("`, `")
            );
            let mut listed = listed;
            // The order of values means nothing.
            listed.sort_unstable();
            found.add(change(codes).is(listed.join(", ")), &tail);
        }
        _ => {}
    }
    if !old.is_listed || !new.is_listed || old.values == new.values {
        return;
    }
    let listed = |view: &View<'_>| -> HashSet<String> { view.values.iter().map(key).collect() };
    let (before, after) = (listed(old), listed(new));
    for value in &old.values {
        if !after.contains(&key(value)) {
            let value = shown(value);
            let codes = (
                Code::RequestEnumValueRemoved,
                Code::ResponseEnumValueRemoved,
            );
            let tail = format!(": the value `{value}` is gone");
            found.add(change(codes).was(value), &tail);
        }
    }
    for value in &new.values {
        if !before.contains(&key(value)) {
            let value = shown(value);
            let codes = (Code::RequestEnumValueAdded, Code::ResponseEnumValueAdded);
            let tail = format!(": the value `{value}` is new");
            found.add(change(codes).is(value), &tail);
        }
    }
}

fn default(old: &View<'_>, new: &View<'_>, direction: Direction, found: &mut Found) {
    if old.facts.default.map(key) == new.facts.default.map(key) {
        return;
    }
    let (was, is) = (old.facts.default.map(shown), new.facts.default.map(shown));
    let tail = match (&was, &is) {
        (Some(was), Some(is)) => format!(": the default is `{is}` now, was `{was}`"),
        (None, Some(is)) => format!(": the default is `{is}` now, there was none"),
        (Some(was), None) => format!(": the default was `{was}`, there is none now"),
        (None, None) => return,
    };
    let codes = (Code::RequestDefaultChanged, Code::ResponseDefaultChanged);
    let change = Change::directed(direction, codes, &old.outer.0)
        .values(was, is)
        .at(&old.outer.1, &new.outer.1);
    found.add(change, &tail);
}

/// A value in a way that equal ones share: `1.0` is `1`.
pub(super) fn key(value: &Value) -> String {
    /// Every integer up to it is a number of its own.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    match value.as_f64() {
        Some(number) if number.fract() == 0.0 && number.abs() < EXACT => format!("{number}"),
        _ => value.to_string(),
    }
}

/// A value as people write it.
fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
