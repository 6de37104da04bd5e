//! Writes the normalized description as plain OpenAPI 3.0.3: without the `x-sdkgen-` marks that
//! normalizing leaves for later stages, without default values, and in the customary order.
//!
//! The one question about schemas here is which of them describe forms. It follows references and
//! `allOf` on the JSON, because it is about names of components in the text and not about meaning:
//! the order of properties is kept wherever a form can reach them.

use std::collections::HashSet;

use serde_json::{Map, Number, Value, json};

use super::shape::{Kind, Shape, members};
use crate::{
    diagnostics::{Code, Diagnostic, Sink},
    openapi::{ComponentKind, Pointer, reference::component_name},
};

/// Turns a serialized normalized description into plain OpenAPI 3.0.3. Adds a warning to the sink for
/// what 3.0 cannot express.
pub(super) fn plain(root: Value, sink: &mut Sink) -> Value {
    let mut forms = HashSet::new();
    find_forms(&root, &root, &mut forms);
    let mut writer = Writer {
        at: Pointer::root(),
        sink,
        forms,
        is_in_form: false,
    };
    writer.object(root, Kind::Document)
}

struct Writer<'s> {
    at: Pointer,
    sink: &'s mut Sink,
    /// The component schemas of forms. Their properties keep their order, because fields are sent in
    /// it.
    forms: HashSet<String>,
    is_in_form: bool,
}

impl Writer<'_> {
    fn object(&mut self, node: Value, kind: Kind) -> Value {
        // `additionalProperties` may be a boolean.
        let Value::Object(mut own) = node else {
            return node;
        };
        if let Some(mut reference) = own.remove("$ref") {
            encode(&mut reference);
            return json!({ "$ref": reference });
        }
        self.convert(&mut own, kind);
        let mut written = Map::new();
        for (key, shape) in members(kind) {
            let Some(value) = own.remove(*key).filter(|value| !value.is_null()) else {
                continue;
            };
            self.at.push(key);
            let value = self.member(value, *shape);
            self.at.pop();
            written.insert((*key).to_owned(), value);
        }
        let mut extensions: Vec<(String, Value)> = own.into_iter().collect();
        extensions.sort_by(|(a, _), (b, _)| a.cmp(b));
        let is_extension =
            |(key, value): &(String, Value)| key.starts_with("x-") && !value.is_null();
        written.extend(extensions.into_iter().filter(is_extension));
        Value::Object(written)
    }

    fn member(&mut self, value: Value, shape: Shape) -> Value {
        match (shape, value) {
            (Shape::One(kind), value) => self.object(value, kind),
            (Shape::List(kind), Value::Array(items)) => {
                let items = items.into_iter().enumerate().map(|(index, item)| {
                    self.at.push(index.to_string());
                    let item = self.object(item, kind);
                    self.at.pop();
                    item
                });
                Value::Array(items.collect())
            }
            (Shape::Map(kind), Value::Object(mut members)) => {
                if !self.is_in_form {
                    members.sort_keys();
                }
                self.each(members, kind)
            }
            (Shape::Ranked(kind), Value::Object(members)) => self.each(members, kind),
            (Shape::Values, Value::Object(mut members)) => {
                members.sort_keys();
                Value::Object(members)
            }
            (_, value) => value,
        }
    }

    fn each(&mut self, members: Map<String, Value>, kind: Kind) -> Value {
        let members = members.into_iter().map(|(name, member)| {
            // Paths and responses may have extensions among them.
            if name.starts_with("x-") && !allows_any_name(kind) {
                return (name, member);
            }
            let around = self.is_in_form;
            self.is_in_form |= match kind {
                Kind::Media => is_form(&name),
                Kind::Schema => self.forms.contains(&name) && self.at.tokens().len() == 2,
                _ => false,
            };
            self.at.push(name);
            let member = self.object(member, kind);
            self.is_in_form = around;
            (self.at.pop().unwrap_or_default(), member)
        });
        Value::Object(members.collect())
    }

    /// Replaces what normalizing expresses in its own way by what OpenAPI 3.0 has for it, and removes
    /// default values.
    fn convert(&mut self, own: &mut Map<String, Value>, kind: Kind) {
        match kind {
            Kind::Schema => self.schema(own),
            Kind::Discriminator => {
                let mapping = own.get_mut("mapping").and_then(Value::as_object_mut);
                mapping
                    .into_iter()
                    .for_each(|mapping| mapping.values_mut().for_each(encode));
            }
            Kind::Media => media(own),
            // A body without `content` would be read as one of JSON.
            Kind::Body => {
                own.entry("content").or_insert_with(|| json!({}));
            }
            Kind::License => license(own),
            Kind::Parameter => {
                let is_form = own
                    .get("in")
                    .is_some_and(|place| place == "query" || place == "cookie");
                let default = if is_form { "form" } else { "simple" };
                if own.get("style").is_some_and(|style| style == default) {
                    own.remove("style");
                }
            }
            Kind::Header => {
                // `simple` is the only style of headers.
                own.remove("style");
            }
            Kind::Encoding => {
                let is_form = own
                    .get("style")
                    .is_none_or(|style| style.is_null() || style == "form");
                let explodes = own.remove("explode") == Some(Value::Bool(true));
                if explodes != is_form {
                    own.insert("explode".to_owned(), json!(explodes));
                }
            }
            _ => {}
        }
    }

    fn schema(&mut self, own: &mut Map<String, Value>) {
        if own.remove("x-sdkgen-tuple").is_some() {
            let message = "OpenAPI 3.0 has no tuples: the array's items may have any of the schemas, in any order";
            self.sink
                .at(&self.at, Diagnostic::new(Code::Lossy, message));
            let items = own.remove("allOf").unwrap_or_default();
            own.insert("items".to_owned(), any_of(items));
        }
        // Normalizing uses the title as the description if there is none, and will do so again.
        if own.contains_key("title") && own.get("title") == own.get("description") {
            own.remove("description");
        }
        for key in ["minimum", "maximum", "multipleOf"] {
            if let Some(number) = own.get_mut(key) {
                make_whole(number);
            }
        }
        let holds_items = ["items", "allOf", "oneOf", "anyOf"];
        let is_list = own.get("type").is_some_and(|typ| typ == "array");
        if is_list && !holds_items.iter().any(|key| own.contains_key(*key)) {
            own.insert("items".to_owned(), json!({}));
        }
    }
}

/// Escapes `%` in a reference, which is a URI fragment.
fn encode(reference: &mut Value) {
    if let Value::String(text) = reference
        && text.starts_with("#/")
        && text.contains('%')
    {
        *text = text.replace('%', "%25");
    }
}

fn is_form(media_type: &str) -> bool {
    media_type.starts_with("multipart/") || media_type == "application/x-www-form-urlencoded"
}

/// Finds the component schemas of forms, and those in their `allOf`.
fn find_forms(root: &Value, node: &Value, forms: &mut HashSet<String>) {
    match node {
        Value::Array(items) => items.iter().for_each(|item| find_forms(root, item, forms)),
        Value::Object(members) => {
            for (key, member) in members {
                match is_form(key) {
                    true => add_form(root, &member["schema"], forms),
                    false => find_forms(root, member, forms),
                }
            }
        }
        _ => {}
    }
}

fn add_form(root: &Value, schema: &Value, forms: &mut HashSet<String>) {
    let name = schema["$ref"].as_str();
    if let Some(name) = name.and_then(|name| component_name(name, ComponentKind::Schema))
        && forms.insert(name.clone())
    {
        add_form(root, &root["components"]["schemas"][&name], forms);
    }
    for part in schema["allOf"].as_array().into_iter().flatten() {
        add_form(root, part, forms);
    }
}

/// Whether names of members of this kind may begin with `x-` without being extensions.
fn allows_any_name(kind: Kind) -> bool {
    !matches!(kind, Kind::PathItem | Kind::Response)
}

/// Writes the schema of a streamed media type. A reader takes an array there as the list of items,
/// and anything else as the schema of one item; so items that are arrays themselves, or may be by
/// reference, are wrapped in an array.
fn media(own: &mut Map<String, Value>) {
    if own.remove("x-sdkgen-items").is_none() {
        return;
    }
    let Some(schema) = own.get_mut("schema") else {
        return;
    };
    let is_list = schema.get("type").is_some_and(|typ| typ == "array");
    if is_list || schema.get("$ref").is_some() {
        let item = schema.take();
        *schema = json!({"type": "array", "items": item});
    }
}

/// Replaces the SPDX identifier that licenses may have since OpenAPI 3.1 by a URL.
fn license(own: &mut Map<String, Value>) {
    let Some(Value::String(identifier)) = own.remove("x-identifier") else {
        return;
    };
    let is_valid = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.');
    if !own.contains_key("url") && !identifier.is_empty() && identifier.chars().all(is_valid) {
        let url = format!("https://spdx.org/licenses/{identifier}.html");
        own.insert("url".to_owned(), Value::String(url));
    }
}

fn any_of(schemas: Value) -> Value {
    let Value::Array(schemas) = schemas else {
        return json!({});
    };
    let mut seen = HashSet::new();
    let mut schemas: Vec<Value> = schemas
        .into_iter()
        .filter(|schema| seen.insert(schema.to_string()))
        .collect();
    match schemas.len() {
        1 => schemas.remove(0),
        _ => json!({ "anyOf": schemas }),
    }
}

/// Writes a bound that is a whole number without a fraction; normalizing holds bounds as floats.
fn make_whole(number: &mut Value) {
    // The largest float up to which every whole number is exact.
    const LARGEST: f64 = 9_007_199_254_740_992.0;
    if let Some(float) = number.as_f64()
        && float.fract() == 0.0
        && float.abs() <= LARGEST
    {
        *number = Value::Number(Number::from(float as i64));
    }
}
