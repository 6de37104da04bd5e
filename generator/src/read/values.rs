//! Plain values: texts, flags, numbers, lists and mappings, and what is taken for them.

use heck::ToUpperCamelCase;
use serde_json::Value;

use super::{
    links::Kind,
    place::Spot,
    reader::{Members, Reader},
};
use crate::diagnostics::Code;

impl<'a> Reader<'a, '_> {
    /// A text; numbers and truth values are taken as they are written.
    pub(super) fn text(&mut self, value: &'a Value) -> Option<String> {
        match value {
            Value::String(text) => Some(text.clone()),
            Value::Number(_) | Value::Bool(_) => {
                self.say(
                    Code::NotText,
                    format!("{value} is read as the text \"{value}\""),
                );
                Some(value.to_string())
            }
            Value::Array(lines) if !lines.is_empty() && lines.iter().all(Value::is_string) => {
                self.say(
                    Code::NotText,
                    "a list of texts is read as one, line by line",
                );
                let lines: Vec<&str> = lines.iter().filter_map(Value::as_str).collect();
                Some(lines.join("\n"))
            }
            _ => {
                self.misshapen(value, "a text");
                None
            }
        }
    }

    /// A truth value; `false` if it is none.
    pub(super) fn flag(&mut self, value: &'a Value) -> bool {
        match value {
            Value::Bool(flag) => *flag,
            Value::String(text)
                if matches!(text.to_ascii_lowercase().as_str(), "true" | "false") =>
            {
                self.say(
                    Code::WrongShape,
                    format!("the text {value} is read as {text}"),
                );
                text.eq_ignore_ascii_case("true")
            }
            _ => {
                self.misshapen(value, "true or false");
                false
            }
        }
    }

    /// A number.
    pub(super) fn number(&mut self, value: &'a Value) -> Option<f64> {
        match value {
            Value::Number(number) => number.as_f64(),
            Value::String(text) if text.trim().parse::<f64>().is_ok_and(f64::is_finite) => {
                self.say(
                    Code::WrongShape,
                    format!("the text {value} is read as a number"),
                );
                text.trim().parse().ok()
            }
            _ => {
                self.misshapen(value, "a number");
                None
            }
        }
    }

    /// A number of things.
    pub(super) fn count(&mut self, value: &'a Value) -> Option<usize> {
        let number = self.number(value)?;
        if number < 0.0 {
            self.misshapen(value, "a number of things");
            return None;
        }
        // What is beyond any size is the largest one.
        Some(number as usize)
    }

    /// The members of a mapping.
    pub(super) fn members(&mut self, value: &'a Value) -> Option<&'a Members> {
        match value {
            Value::Object(members) => Some(members),
            _ => {
                self.misshapen(value, "a mapping");
                None
            }
        }
    }

    /// Reads each item of a list; what stands in place of a list is its only item.
    pub(super) fn each(&mut self, value: &'a Value, mut read: impl FnMut(&mut Self, &'a Value)) {
        match value {
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.enter_item(index);
                    read(self, item);
                    self.leave();
                }
            }
            Value::Null => self.misshapen(value, "a list"),
            only => {
                self.say(
                    Code::WrongShape,
                    "what must be a list is read as one of a single item",
                );
                self.at_further(&["0"], |reader| read(reader, only));
            }
        }
    }

    /// Reads each member of a mapping whose keys OpenAPI chose, extensions apart.
    pub(super) fn each_member(
        &mut self,
        value: &'a Value,
        mut read: impl FnMut(&mut Self, &'a str, &'a Value),
    ) {
        self.each_named(value, |reader, key, member| {
            if !key.starts_with("x-") {
                read(reader, key, member);
            }
        });
    }

    /// Reads each member of a mapping whose keys are names that the author chose: these may begin
    /// as extensions do.
    pub(super) fn each_named(
        &mut self,
        value: &'a Value,
        mut read: impl FnMut(&mut Self, &'a str, &'a Value),
    ) {
        for (key, member) in self.members(value).into_iter().flatten() {
            self.enter(key);
            read(self, key, member);
            self.leave();
        }
    }

    /// A list of texts.
    pub(super) fn texts(&mut self, value: &'a Value) -> Vec<String> {
        let mut texts = Vec::new();
        self.each(value, |reader, item| texts.extend(reader.text(item)));
        texts
    }

    /// Says that a value is not what it must be, and so is left out.
    pub(super) fn misshapen(&mut self, value: &Value, wanted: &str) {
        let found = describe(value);
        self.say(
            Code::WrongShape,
            format!("{found} stands where {wanted} must, and is left out"),
        );
    }
}

/// What kind of value it is.
pub(super) fn describe(value: &Value) -> &'static str {
    match value {
        Value::Null => "nothing",
        Value::Bool(_) => "a truth value",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "a mapping",
    }
}

/// What a component that stands elsewhere may be called, best first; `stem` is the name of the file if
/// that is not the description.
pub(super) fn names_for(
    spot: &Spot<'_>,
    node: &Value,
    kind: Kind,
    stem: Option<&str>,
) -> Vec<String> {
    let mut names = Vec::new();
    let keys = spot.keys();
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
    let is_status = kind == Kind::Response
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
            Kind::Schema => "Schema".to_owned(),
            other => other.section().to_upper_camel_case(),
        });
    }
    names
}

/// The keys that mean something to a reader, in order.
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
    use crate::{openapi::Pointer, read::place};

    fn names(pointer: &str, node: &Value) -> Vec<String> {
        // A tree that has the pointer, and nothing else.
        let pointer = Pointer::parse(pointer).unwrap();
        let mut root = node.clone();
        for token in pointer.tokens().rev() {
            root = json!({token: root});
        }
        let (steps, _) = place::lookup(&root, &pointer).unwrap();
        names_for(&Spot { file: 0, steps }, node, Kind::Schema, None)
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
