//! Writes the structs a person would write by hand: serde's derives, every property of the schema
//! as an `Option`, enums that tolerate values to come.

use std::collections::{BTreeSet, VecDeque};

use serde_json::Value;

/// Rust text of the schemas `roots`, and of those they refer to.
pub(crate) fn write(description: &Value, roots: &[&str]) -> Result<String, String> {
    let mut script = Script {
        schemas: &description["components"]["schemas"],
        text: String::new(),
        written: BTreeSet::new(),
        open: Vec::new(),
        later: roots.iter().map(|&root| root.to_owned()).collect(),
    };
    while let Some(name) = script.later.pop_front() {
        script.schema(&name)?;
    }
    Ok(script.text)
}

struct Script<'a> {
    schemas: &'a Value,
    text: String,
    written: BTreeSet<String>,
    /// The structs that hold the one being written, each in a field of the one before. A field of
    /// their type is boxed: no struct can hold itself.
    open: Vec<String>,
    /// Schemas met in lists, which hold nothing inside themselves.
    later: VecDeque<String>,
}

impl Script<'_> {
    fn schema(&mut self, name: &str) -> Result<(), String> {
        if !self.written.insert(name.to_owned()) {
            return Ok(());
        }
        self.open.push(name.to_owned());
        let properties = self.schemas[name]["properties"]
            .as_object()
            .ok_or_else(|| format!("the schema {name} is not an object with properties"))?;
        let mut fields = String::new();
        for (property, schema) in properties {
            let owned_name = format!("{name}{}", pascal(property));
            let kind = self.field(schema, &owned_name)?;
            let field = snake(property);
            fields.push_str(&format!(
                "#[serde(rename = {property:?})] pub(crate) {field}: Option<{kind}>,\n"
            ));
        }
        self.text.push_str(&format!(
            "#[derive(Clone, Debug, serde::Deserialize)]\npub(crate) struct {name} {{\n{fields}}}\n"
        ));
        self.open.pop();
        Ok(())
    }

    /// The type of a field; `name` is for an enum declared right there.
    fn field(&mut self, schema: &Value, name: &str) -> Result<String, String> {
        let Some(target) = target(schema) else {
            return self.value(schema, name);
        };
        if self.open.iter().any(|open| open == target) {
            return Ok(format!("Box<{target}>"));
        }
        self.schema(target)?;
        Ok(target.to_owned())
    }

    fn value(&mut self, schema: &Value, name: &str) -> Result<String, String> {
        if let Some(target) = target(schema) {
            self.later.push_back(target.to_owned());
            return Ok(target.to_owned());
        }
        if let Some(values) = schema["enum"].as_array() {
            self.text.push_str(&enumeration(name, values));
            return Ok(name.to_owned());
        }
        let format = schema["format"].as_str();
        let kind = match (schema["type"].as_str(), format) {
            (Some("string"), Some("date-time")) => "chrono::DateTime<chrono::Utc>".to_owned(),
            (Some("string"), None) => "String".to_owned(),
            (Some("boolean"), _) => "bool".to_owned(),
            (Some("integer"), Some("int64")) => "i64".to_owned(),
            (Some("integer"), _) => "i32".to_owned(),
            (Some("number"), _) => "f64".to_owned(),
            (Some("array"), _) => format!("Vec<{}>", self.value(&schema["items"], name)?),
            (Some("object"), _) if schema["additionalProperties"].is_object() => {
                let value = self.value(&schema["additionalProperties"], name)?;
                format!("std::collections::HashMap<String, {value}>")
            }
            _ => return Err(format!("no type is known for {name}: {schema}")),
        };
        Ok(kind)
    }
}

/// The schema that a reference names, bare or wrapped in an `allOf` of its own.
fn target(schema: &Value) -> Option<&str> {
    let reference = schema
        .get("$ref")
        .or_else(|| schema["allOf"].get(0)?.get("$ref"))?;
    reference.as_str()?.rsplit('/').next()
}

fn enumeration(name: &str, values: &[Value]) -> String {
    let mut variants = String::new();
    for value in values.iter().filter_map(Value::as_str) {
        let variant = pascal(value);
        variants.push_str(&format!("#[serde(rename = {value:?})] {variant},\n"));
    }
    format!(
        "#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]\n\
         pub(crate) enum {name} {{\n{variants}#[serde(other)] Unknown,\n}}\n"
    )
}

/// `routingStatus` and `OFF_QUEUE` as names of types and variants.
fn pascal(text: &str) -> String {
    let mut name = String::new();
    for word in text.split(|c: char| !c.is_ascii_alphanumeric()) {
        let is_shouted = !word.contains(|c: char| c.is_ascii_lowercase());
        for (index, character) in word.chars().enumerate() {
            name.push(match index {
                0 => character.to_ascii_uppercase(),
                _ if is_shouted => character.to_ascii_lowercase(),
                _ => character,
            });
        }
    }
    name
}

/// `routingStatus` as the name of a field.
fn snake(text: &str) -> String {
    let mut name = String::new();
    for character in text.chars() {
        if character.is_ascii_uppercase() && !name.is_empty() {
            name.push('_');
        }
        name.push(character.to_ascii_lowercase());
    }
    match name.as_str() {
        "type" => "r#type".to_owned(),
        _ => name,
    }
}
