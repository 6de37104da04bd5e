//! Compares what two schemas state about a value itself: types, formats, enums, defaults, descriptions.

use std::{collections::HashSet, ops::ControlFlow};

use serde_json::Value;

use super::{
    code::FindingCode as Code,
    finding::{Direction, Subject},
    findings::{Change, Findings},
    impact::Impact,
    merged::Merged,
};
use crate::openapi::Pointer;

/// Compares the descriptions of two schemas, and of the members of their `allOf`.
pub(super) fn texts(old: &Merged<'_>, new: &Merged<'_>, findings: &mut Findings) {
    for (subject, (old_at, was)) in &old.texts {
        // The schema in use may be declared elsewhere now.
        let counterpart = match new.texts.get(subject) {
            None if *subject == old.used.subject => new.texts.get(&new.used.subject),
            counterpart => counterpart,
        };
        if let Some((new_at, is)) = counterpart {
            description(subject, (*was, old_at), (*is, new_at), findings);
        }
    }
}

/// Compares two descriptions.
pub(super) fn description(
    subject: &Subject,
    (was, old_at): (Option<&str>, &Pointer),
    (is, new_at): (Option<&str>, &Pointer),
    findings: &mut Findings,
) {
    if was == is {
        return;
    }
    // Line breaks and indentation have no meaning.
    let normalized = |text: Option<&str>| {
        let words: Vec<&str> = text.unwrap_or_default().split_whitespace().collect();
        Some(words.join(" ")).filter(|text| !text.is_empty())
    };
    let (was, is) = (normalized(was), normalized(is));
    if was != is {
        let change = Change::new(Code::DescriptionChanged, subject)
            .values(was, is)
            .at(old_at, new_at);
        findings.add(change, ": the description changed");
    }
}

/// Compares `deprecated`.
pub(super) fn deprecation(old: &Merged<'_>, new: &Merged<'_>, findings: &mut Findings) {
    let (code, tail) = match (old.annotations.deprecated, new.annotations.deprecated) {
        (false, true) => (Code::PropertyDeprecated, " is now deprecated"),
        (true, false) => (Code::PropertyUndeprecated, " is no longer deprecated"),
        _ => return,
    };
    let change = Change::new(code, &old.used.subject).between(&old.used, &new.used);
    findings.add(change, tail);
}

/// Compares types. Breaks if the values have nothing in common that could be compared.
pub(super) fn types(
    old: &Merged<'_>,
    new: &Merged<'_>,
    direction: Direction,
    findings: &mut Findings,
) -> ControlFlow<()> {
    let length = |merged: &Merged<'_>| merged.tuple.as_ref().map(Vec::len);
    let (was, is) = (old.typ.as_deref(), new.typ.as_deref());
    if was == is && length(old) == length(new) {
        return ControlFlow::Continue(());
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
    type_changed(old, new, direction, codes, findings);
    // Every integer is a number: their other keywords compare.
    match (was, is) {
        (Some("integer" | "number"), Some("integer" | "number")) => ControlFlow::Continue(()),
        _ => ControlFlow::Break(()),
    }
}

/// Reports that a type changed.
pub(super) fn type_changed(
    old: &Merged<'_>,
    new: &Merged<'_>,
    direction: Direction,
    codes: (Code, Code),
    findings: &mut Findings,
) {
    let (was, is) = (type_name(old), type_name(new));
    let tail = format!(": the type changed from {was} to {is}");
    let change = Change::directed(direction, codes, &old.declared.subject)
        .was(was)
        .is(is)
        .between(&old.declared, &new.declared);
    findings.add(change, &tail);
}

/// The type of a value as messages name it. Fingerprints depend on these texts.
fn type_name(merged: &Merged<'_>) -> String {
    match (merged.typ.as_deref(), &merged.tuple) {
        (_, Some(items)) => format!("a list of exactly {}", items.len()),
        (Some(typ), None) => format!("`{typ}`"),
        (None, None) if !merged.alternatives.is_empty() => "one of several".to_owned(),
        (None, None) => "any value".to_owned(),
    }
}

/// Compares formats, enums and defaults.
pub(super) fn compare(
    old: &Merged<'_>,
    new: &Merged<'_>,
    direction: Direction,
    findings: &mut Findings,
) {
    format(old, new, direction, findings);
    enumeration(old, new, direction, findings);
    default(old, new, direction, findings);
}

fn format(old: &Merged<'_>, new: &Merged<'_>, direction: Direction, findings: &mut Findings) {
    let (was, is) = (old.format.as_deref(), new.format.as_deref());
    if was == is {
        return;
    }
    let Some(tail) = changed("format", was, is) else {
        return;
    };
    let codes = (Code::RequestFormatChanged, Code::ResponseFormatChanged);
    let is_same_type =
        rendered_type(old.typ.as_deref(), was) == rendered_type(new.typ.as_deref(), is);
    let change = Change::directed(direction, codes, &old.declared.subject)
        .values(was.map(str::to_owned), is.map(str::to_owned))
        .between(&old.declared, &new.declared)
        .impact_if(is_same_type, Impact::Risky);
    findings.add(change, &tail);
}

/// The message tail for a keyword that changed; `None` if neither side has it.
fn changed(keyword: &str, was: Option<&str>, is: Option<&str>) -> Option<String> {
    match (was, is) {
        (Some(was), Some(is)) => Some(format!(": the {keyword} changed from `{was}` to `{is}`")),
        (None, Some(is)) => Some(format!(": the {keyword} `{is}` was added")),
        (Some(was), None) => Some(format!(": the {keyword} `{was}` was removed")),
        (None, None) => None,
    }
}

/// Identifies the type that a type and a format are rendered as.
fn rendered_type<'a>(typ: Option<&'a str>, format: Option<&'a str>) -> &'a str {
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

fn enumeration(old: &Merged<'_>, new: &Merged<'_>, direction: Direction, findings: &mut Findings) {
    let change = |codes| {
        Change::directed(direction, codes, &old.declared.subject)
            .between(&old.declared, &new.declared)
    };
    if let ([was], [is]) = (old.values.as_slice(), new.values.as_slice())
        && key(was) != key(is)
        && !(old.is_open || new.is_open)
    {
        let (was, is) = (shown(was), shown(is));
        let codes = (Code::RequestConstantChanged, Code::ResponseConstantChanged);
        let tail = format!(": the only value changed from `{was}` to `{is}`");
        findings.add(change(codes).was(was).is(is), &tail);
        return;
    }
    let permits_unlisted = |merged: &Merged<'_>| merged.is_open || !merged.has_enum;
    match (permits_unlisted(old), permits_unlisted(new)) {
        (false, true) => {
            let codes = (Code::RequestEnumOpened, Code::ResponseEnumOpened);
            findings.add(change(codes), " now permits values that are not listed");
        }
        (true, false) => {
            let codes = (Code::RequestEnumClosed, Code::ResponseEnumClosed);
            let mut listed: Vec<String> = new.values.iter().map(shown).collect();
            let tail = format!(" is now restricted to `{}`", listed.join("`, `"));
            // The order of values has no meaning.
            listed.sort_unstable();
            findings.add(change(codes).is(listed.join(", ")), &tail);
        }
        _ => {}
    }
    if !old.has_enum || !new.has_enum {
        return;
    }
    let removed = (
        Code::RequestEnumValueRemoved,
        Code::ResponseEnumValueRemoved,
    );
    for value in missing_from(&new.values, &old.values) {
        let tail = format!(": the value `{value}` was removed");
        findings.add(change(removed).was(value), &tail);
    }
    let added = (Code::RequestEnumValueAdded, Code::ResponseEnumValueAdded);
    for value in missing_from(&old.values, &new.values) {
        let tail = format!(": the value `{value}` was added");
        findings.add(change(added).is(value), &tail);
    }
}

/// The values that a list lacks.
fn missing_from(list: &[Value], values: &[Value]) -> Vec<String> {
    let listed: HashSet<String> = list.iter().map(key).collect();
    let missing = values.iter().filter(|value| !listed.contains(&key(value)));
    missing.map(shown).collect()
}

fn default(old: &Merged<'_>, new: &Merged<'_>, direction: Direction, findings: &mut Findings) {
    let (was, is) = (old.annotations.default, new.annotations.default);
    if was.map(key) == is.map(key) {
        return;
    }
    let (was, is) = (was.map(shown), is.map(shown));
    let Some(tail) = changed("default", was.as_deref(), is.as_deref()) else {
        return;
    };
    let codes = (Code::RequestDefaultChanged, Code::ResponseDefaultChanged);
    let change = Change::directed(direction, codes, &old.used.subject)
        .values(was, is)
        .between(&old.used, &new.used);
    findings.add(change, &tail);
}

/// A text that equal values share: `1.0` equals `1`.
pub(super) fn key(value: &Value) -> String {
    /// Up to this number, every integer has a representation of its own.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    match value.as_f64() {
        Some(number) if number.fract() == 0.0 && number.abs() < EXACT => format!("{number}"),
        _ => value.to_string(),
    }
}

/// A value as messages show it: strings without quotes.
fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
