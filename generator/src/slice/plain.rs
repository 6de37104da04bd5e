//! The normalized description as plain OpenAPI 3.0.3: without the marks normalizing leaves for later
//! stages, without what is said by default, and in the customary order.

use std::collections::HashSet;

use serde_json::{Map, Number, Value, json};

use super::shape::{Kind, Shape, members};
use crate::{
    diagnostics::{Code, Diagnostic, Sink},
    openapi::{ComponentKind, Pointer, reference::component_name},
};

/// Makes a plain tree of a serialized description. What 3.0 cannot say is in the sink.
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
    /// The schemas of forms, whose fields are sent in the order of their properties.
    forms: HashSet<String>,
    is_in_form: bool,
}

impl Writer<'_> {
    fn object(&mut self, node: Value, kind: Kind) -> Value {
        // Additional properties may be a truth value.
        let Value::Object(mut own) = node else {
            return node;
        };
        if let Some(mut reference) = own.remove("$ref") {
            encode(&mut reference);
            return json!({ "$ref": reference });
        }
        self.settle(&mut own, kind);
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
            // Extensions may stand among paths and responses.
            if name.starts_with("x-") && !may_start_as_extensions(kind) {
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

    /// Says in the words of 3.0 what normalizing says in its own.
    fn settle(&mut self, own: &mut Map<String, Value>, kind: Kind) {
        match kind {
            Kind::Schema => self.schema(own),
            Kind::Discriminator => {
                let mapping = own.get_mut("mapping").and_then(Value::as_object_mut);
                mapping
                    .into_iter()
                    .for_each(|mapping| mapping.values_mut().for_each(encode));
            }
            Kind::Media => media(own),
            Kind::License => license(own),
            Kind::Parameter => {
                let is_form = own
                    .get("in")
                    .is_some_and(|place| place == "query" || place == "cookie");
                let usual = if is_form { "form" } else { "simple" };
                if own.get("style").is_some_and(|style| style == usual) {
                    own.remove("style");
                }
            }
            Kind::Header => {
                // There is no other.
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
            let message =
                "OpenAPI 3.0 has no tuples: which item of the list has which schema is lost";
            self.sink
                .at(&self.at, Diagnostic::new(Code::Lossy, message));
            let items = own.remove("allOf").unwrap_or_default();
            own.insert("items".to_owned(), any_of(items));
        }
        // Normalizing takes a title where a description is missing, and will again.
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

/// Writes a reference to a component as a fragment of a URI, in which `%` begins a code.
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

/// Finds the components that are schemas of forms, or parts of such.
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

/// Whether members of that kind have names that the author chose without any limit.
fn may_start_as_extensions(kind: Kind) -> bool {
    !matches!(kind, Kind::PathItem | Kind::Response)
}

/// A stream of items is a list of them to OpenAPI 3.0, or what one of them is: a list is told from its
/// items by saying it.
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

/// Since 3.1 a license may be told by its identifier; before that by an address.
fn license(own: &mut Map<String, Value>) {
    let Some(Value::String(identifier)) = own.remove("x-identifier") else {
        return;
    };
    let is_one = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.');
    if !own.contains_key("url") && !identifier.is_empty() && identifier.chars().all(is_one) {
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

/// Bounds are kept as floating-point numbers; whole ones are written without a fraction.
fn make_whole(number: &mut Value) {
    // Beyond this not every whole number is one of floating point.
    const LARGEST: f64 = 9_007_199_254_740_992.0;
    if let Some(float) = number.as_f64()
        && float.fract() == 0.0
        && float.abs() <= LARGEST
    {
        *number = Value::Number(Number::from(float as i64));
    }
}
