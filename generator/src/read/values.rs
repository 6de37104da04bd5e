//! Plain values: strings, booleans, numbers, arrays and objects, and obvious misspellings of them; and
//! the names of components that the description does not declare.
//!
//! Identifiers are named in `rust/names`. These names are made here, because they must be free among
//! those of the description's own components before anything is lowered, and become part of the result
//! as if the author had chosen them.

use heck::ToUpperCamelCase;
use serde_json::Value;

use super::{
    cursor::Cursor,
    issues::Issues,
    node_path::NodePath,
    reader::{Members, Reader},
};
use crate::{diagnostics::Code, openapi::ComponentKind};

/// Reads a string; numbers and booleans are taken as they are written.
pub(super) fn text<'a>(
    issues: &mut Issues<'_>,
    at: &Cursor<'_, 'a>,
    value: &'a Value,
) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(_) | Value::Bool(_) => {
            issues.warn(
                at,
                Code::NotText,
                format!("expected a string, found {value}; it is read as \"{value}\""),
            );
            Some(value.to_string())
        }
        Value::Array(lines) if !lines.is_empty() && lines.iter().all(Value::is_string) => {
            issues.warn(
                at,
                Code::NotText,
                "expected a string, found an array of strings; they are joined by line breaks",
            );
            let lines: Vec<&str> = lines.iter().filter_map(Value::as_str).collect();
            Some(lines.join("\n"))
        }
        _ => {
            issues.misshapen(at, value, "a string");
            None
        }
    }
}

/// Reads a boolean; anything else is `false`.
pub(super) fn flag(issues: &mut Issues<'_>, at: &Cursor<'_, '_>, value: &Value) -> bool {
    match value {
        Value::Bool(flag) => *flag,
        Value::String(text) if matches!(text.to_ascii_lowercase().as_str(), "true" | "false") => {
            issues.warn(
                at,
                Code::WrongShape,
                format!("expected a boolean, found the string {value}; it is read as {text}"),
            );
            text.eq_ignore_ascii_case("true")
        }
        _ => {
            issues.misshapen(at, value, "a boolean");
            false
        }
    }
}

/// Reads a number.
pub(super) fn number(issues: &mut Issues<'_>, at: &Cursor<'_, '_>, value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) if text.trim().parse::<f64>().is_ok_and(f64::is_finite) => {
            issues.warn(
                at,
                Code::WrongShape,
                format!("expected a number, found the string {value}; it is read as a number"),
            );
            text.trim().parse().ok()
        }
        _ => {
            issues.misshapen(at, value, "a number");
            None
        }
    }
}

/// Reads a non-negative integer.
pub(super) fn count(issues: &mut Issues<'_>, at: &Cursor<'_, '_>, value: &Value) -> Option<usize> {
    let number = number(issues, at, value)?;
    if number < 0.0 {
        issues.warn(
            at,
            Code::WrongShape,
            format!("expected a non-negative number, found {value}; it is ignored"),
        );
        return None;
    }
    // The conversion saturates, so that what is beyond any size is the largest one.
    Some(number as usize)
}

/// The members of a mapping.
pub(super) fn members<'a>(
    issues: &mut Issues<'_>,
    at: &Cursor<'_, 'a>,
    value: &'a Value,
) -> Option<&'a Members> {
    let members = value.as_object();
    if members.is_none() {
        issues.misshapen(at, value, "an object");
    }
    members
}

/// The members of a mapping whose keys OpenAPI defines, without extensions.
pub(super) fn fields<'c, 'a>(
    issues: &mut Issues<'_>,
    at: &'c Cursor<'c, 'a>,
    value: &'a Value,
) -> impl Iterator<Item = (Cursor<'c, 'a>, &'a str, &'a Value)> + use<'c, 'a> {
    entries(issues, at, value).filter(|(_, key, _)| !key.starts_with("x-"))
}

/// The members of a mapping whose keys are names that the author chose: these may begin as extensions
/// do.
pub(super) fn entries<'c, 'a>(
    issues: &mut Issues<'_>,
    at: &'c Cursor<'c, 'a>,
    value: &'a Value,
) -> impl Iterator<Item = (Cursor<'c, 'a>, &'a str, &'a Value)> + use<'c, 'a> {
    let members = members(issues, at, value).into_iter().flatten();
    members.map(|(key, member)| (at.step(key.as_str()), key.as_str(), member))
}

impl<'a> Reader<'a, '_> {
    /// The items of a list; a value in place of a list is its only item.
    pub(super) fn items<'c>(
        &mut self,
        at: &'c Cursor<'c, 'a>,
        value: &'a Value,
    ) -> Vec<(Cursor<'c, 'a>, &'a Value)> {
        match value {
            Value::Array(items) => {
                let items = items.iter().enumerate();
                items.map(|(index, item)| (at.step(index), item)).collect()
            }
            Value::Null => {
                self.issues.misshapen(at, value, "an array");
                Vec::new()
            }
            only => {
                self.issues.warn(
                    at,
                    Code::WrongShape,
                    format!(
                        "expected an array, found {}; it is read as an array of one item",
                        describe(only)
                    ),
                );
                vec![(self.builder.place_below(at, &["0"]), only)]
            }
        }
    }

    /// The texts of a list.
    pub(super) fn texts(&mut self, at: &Cursor<'_, 'a>, value: &'a Value) -> Vec<String> {
        let mut texts = Vec::new();
        for (at, item) in self.items(at, value) {
            texts.extend(text(&mut self.issues, &at, item));
        }
        texts
    }
}

/// The JSON type of a value, with its article.
pub(super) fn describe(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

/// Candidate names for a node that becomes a component, best first. `stem` is the name of its file, if
/// that is not the description.
pub(super) fn names_for(
    path: &NodePath<'_>,
    node: &Value,
    kind: ComponentKind,
    stem: Option<&str>,
) -> Vec<String> {
    let mut names = Vec::new();
    let keys = path.keys();
    let container = keys.len().checked_sub(2).and_then(|at| keys[at]);
    let last = keys.last().copied().flatten();
    let is_declared = matches!(
        container,
        None | Some(
            "$defs"
                | "definitions"
                | "schemas"
                | "parameters"
                | "responses"
                | "requestBodies"
                | "headers"
                | "securitySchemes"
                | "components"
        )
    );
    let is_status = kind == ComponentKind::Response
        && last.is_some_and(|key| key.as_bytes()[..].first().is_some_and(u8::is_ascii_digit));
    if let (true, false, Some(name)) = (is_declared, is_status, last) {
        names.push(name.to_owned());
    }
    if let Some(title) = node.get("title").and_then(Value::as_str)
        && title.len() < 60
    {
        names.push(title.to_upper_camel_case());
    }
    let words: Vec<&str> = words(&keys);
    if !words.is_empty() {
        names.push(words.join(" ").to_upper_camel_case());
    }
    if let Some(stem) = stem {
        names.push(format!("{stem} {}", words.join(" ")).to_upper_camel_case());
    }
    names.retain(|name| !name.is_empty());
    if names.is_empty() {
        names.push(match kind {
            ComponentKind::Schema => "Schema".to_owned(),
            other => other.section().to_upper_camel_case(),
        });
    }
    names
}

/// The keys that say something about the node, in order.
fn words<'k>(keys: &[Option<&'k str>]) -> Vec<&'k str> {
    let mut words = Vec::new();
    let mut is_name = false;
    for key in keys {
        let Some(key) = *key else {
            is_name = false;
            continue;
        };
        match key {
            _ if is_name => {
                is_name = false;
                if !key.contains('/') || key.starts_with('/') {
                    words.push(key);
                }
            }
            "properties" | "paths" | "components" | "schemas" | "definitions" | "$defs"
            | "content" | "responses" | "parameters" | "headers" | "requestBodies" | "examples"
            | "patternProperties" => {
                is_name = key != "components";
                if key == "responses" {
                    words.push("response");
                }
            }
            "items" => words.push("item"),
            "additionalProperties" => words.push("value"),
            "requestBody" => words.push("body"),
            "schema" | "allOf" | "anyOf" | "oneOf" => {}
            other => words.push(other),
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{openapi::Pointer, read::node_path};

    fn names(pointer: &str, node: &Value) -> Vec<String> {
        // A tree that has the pointer, and nothing else.
        let pointer = Pointer::parse(pointer).unwrap();
        let mut root = node.clone();
        for token in pointer.tokens().rev() {
            root = json!({token: root});
        }
        let (steps, _) = node_path::lookup(&root, &pointer).unwrap();
        names_for(
            &NodePath { file: 0, steps },
            node,
            ComponentKind::Schema,
            None,
        )
    }

    #[test]
    fn names_are_made_of_the_words_on_the_way() {
        let none = json!({});
        assert_eq!(
            names(
                "/paths/~1users~1{id}/get/responses/200/content/application~1json/schema",
                &none
            ),
            ["UsersIdGetResponse200"]
        );
        assert_eq!(
            names("/components/schemas/User/properties/address", &none),
            ["UserAddress"]
        );
        assert_eq!(names("/components/schemas/A/$defs/B", &none), ["B", "AB"]);
        assert_eq!(
            names("/definitions/B", &json!({"title": "the b"})),
            ["B", "TheB", "B"]
        );
        assert_eq!(names("", &json!({"title": "A pet"})), ["APet"]);
        assert_eq!(names("", &none), ["Schema"]);
    }
}
