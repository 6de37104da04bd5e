//! The shape of a description, checked piece by piece, innermost first.
//!
//! `openapiv3` reads a whole document or nothing, says little about where it failed, and drops keys
//! it does not know. Here each piece is read alone, its inner pieces taken out, so that every
//! misshapen piece is reported at its own place, and in linear time.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use crate::{
    diagnostics::{Code, Diagnostic, Sink},
    pointer::Pointer,
    resolve::nearest,
};

const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

const OPERATION_KEYS: [&str; 12] = [
    "tags",
    "summary",
    "description",
    "externalDocs",
    "operationId",
    "parameters",
    "requestBody",
    "responses",
    "callbacks",
    "deprecated",
    "security",
    "servers",
];
const PARAMETER_KEYS: [&str; 13] = [
    "name",
    "in",
    "description",
    "required",
    "deprecated",
    "allowEmptyValue",
    "style",
    "explode",
    "allowReserved",
    "schema",
    "example",
    "examples",
    "content",
];
const SCHEMA_KEYS: [&str; 35] = [
    "title",
    "multipleOf",
    "maximum",
    "exclusiveMaximum",
    "minimum",
    "exclusiveMinimum",
    "maxLength",
    "minLength",
    "pattern",
    "maxItems",
    "minItems",
    "uniqueItems",
    "maxProperties",
    "minProperties",
    "required",
    "enum",
    "type",
    "allOf",
    "oneOf",
    "anyOf",
    "not",
    "items",
    "properties",
    "additionalProperties",
    "description",
    "format",
    "default",
    "nullable",
    "discriminator",
    "readOnly",
    "writeOnly",
    "xml",
    "externalDocs",
    "example",
    "deprecated",
];

/// Reports every piece of the document that is not shaped as OpenAPI 3.0 says.
pub(super) fn check(root: &Value, sink: &mut Sink) {
    let mut shape = Shape { sink };
    let at = Pointer::root();
    let mut rest = shallow(root);
    if let Some(Value::Object(paths)) = root.get("paths") {
        for (path, item) in paths {
            shape.path_item(path, item, &at.join_all(["paths", path.as_str()]));
        }
        rest.insert("paths".to_owned(), json!({}));
    }
    if let Some(Value::Object(components)) = root.get("components") {
        let mut others = components.clone();
        for (section, check) in SECTIONS {
            if let Some(Value::Object(pieces)) = components.get(section) {
                for (name, piece) in pieces {
                    let at = at.join_all(["components", section, name.as_str()]);
                    check(&mut shape, piece, &at);
                }
                others.remove(section);
            }
        }
        rest.insert("components".to_owned(), Value::Object(others));
    }
    shape.read::<openapiv3::OpenAPI>(&Value::Object(rest), &at);
}

type Check = fn(&mut Shape<'_>, &Value, &Pointer);

const SECTIONS: [(&str, Check); 6] = [
    ("securitySchemes", |shape, piece, at| {
        shape.security_scheme(piece, at)
    }),
    ("schemas", |shape, piece, at| shape.schema(piece, at)),
    ("parameters", |shape, piece, at| shape.parameter(piece, at)),
    ("requestBodies", |shape, piece, at| {
        shape.request_body(piece, at)
    }),
    ("responses", |shape, piece, at| shape.response(piece, at)),
    ("headers", |shape, piece, at| shape.header(piece, at)),
];

struct Shape<'a> {
    sink: &'a mut Sink,
}

impl Shape<'_> {
    fn path_item(&mut self, path: &str, item: &Value, at: &Pointer) {
        if path.starts_with("x-") {
            return;
        }
        if !path.starts_with('/') {
            let message = format!("the path `{path}` does not start with a slash");
            self.misshapen(at, message);
        }
        let mut rest = shallow(item);
        for (key, member) in shallow(item) {
            let at = at.join(key.as_str());
            if METHODS.contains(&key.as_str()) {
                self.operation(&member, &at);
                rest.remove(&key);
            } else if key == "parameters" {
                self.each(&member, &at, Self::parameter);
                rest.insert(key, json!([]));
            } else if !matches!(key.as_str(), "summary" | "description" | "servers" | "$ref")
                && !key.starts_with("x-")
            {
                let methods = METHODS.join(", ");
                let message = format!("`{key}` is no method: those are {methods}");
                self.misshapen(&at, message);
            }
        }
        let item = if item.is_object() {
            Value::Object(rest)
        } else {
            item.clone()
        };
        self.read_unless_reference::<openapiv3::PathItem>(&item, at);
    }

    fn operation(&mut self, operation: &Value, at: &Pointer) {
        self.know_keys(operation, &OPERATION_KEYS, at);
        let mut rest = shallow(operation);
        if let Some(parameters) = operation.get("parameters") {
            self.each(parameters, &at.join("parameters"), Self::parameter);
            if parameters.is_array() {
                rest.insert("parameters".to_owned(), json!([]));
            }
        }
        if let Some(body) = operation.get("requestBody") {
            self.request_body(body, &at.join("requestBody"));
            rest.remove("requestBody");
        }
        if let Some(Value::Object(responses)) = operation.get("responses") {
            for (status, response) in responses {
                let at = at.join_all(["responses", status.as_str()]);
                if !is_status(status) && !status.starts_with("x-") {
                    let message = format!("`{status}` is no status: write 200, 2XX or default");
                    self.misshapen(&at, message);
                }
                self.response(response, &at);
            }
            rest.insert("responses".to_owned(), json!({}));
        }
        let operation = if operation.is_object() {
            Value::Object(rest)
        } else {
            operation.clone()
        };
        self.read::<openapiv3::Operation>(&operation, at);
    }

    fn parameter(&mut self, parameter: &Value, at: &Pointer) {
        let known = ["path", "query", "header", "cookie"];
        let place = parameter
            .get("in")
            .and_then(Value::as_str)
            .unwrap_or_default();
        if parameter.get("$ref").is_none() && !known.contains(&place) {
            let message = format!("`in` of a parameter is one of {}", known.join(", "));
            return self.misshapen(&at.join("in"), message);
        }
        self.know_keys(parameter, &PARAMETER_KEYS, at);
        let rest = self.without_schema(parameter, at);
        self.read_unless_reference::<openapiv3::Parameter>(&rest, at);
    }

    fn header(&mut self, header: &Value, at: &Pointer) {
        let rest = self.without_schema(header, at);
        self.read_unless_reference::<openapiv3::Header>(&rest, at);
    }

    fn request_body(&mut self, body: &Value, at: &Pointer) {
        self.know_keys(body, &["description", "content", "required"], at);
        let rest = self.without_content(body, at);
        self.read_unless_reference::<openapiv3::RequestBody>(&rest, at);
    }

    fn response(&mut self, response: &Value, at: &Pointer) {
        self.know_keys(
            response,
            &["description", "headers", "content", "links"],
            at,
        );
        let mut rest = self.without_content(response, at);
        if let Some(Value::Object(headers)) = response.get("headers") {
            for (name, header) in headers {
                self.header(header, &at.join_all(["headers", name.as_str()]));
            }
            rest["headers"] = json!({});
        }
        self.read_unless_reference::<openapiv3::Response>(&rest, at);
    }

    fn schema(&mut self, schema: &Value, at: &Pointer) {
        self.know_keys(schema, &SCHEMA_KEYS, at);
        let mut rest = shallow(schema);
        if let Some(Value::Object(properties)) = schema.get("properties") {
            for (name, property) in properties {
                self.schema(property, &at.join_all(["properties", name.as_str()]));
            }
            rest.insert("properties".to_owned(), json!({}));
        }
        for key in ["allOf", "oneOf", "anyOf"] {
            if let Some(members) = schema.get(key) {
                self.each(members, &at.join(key), Self::schema);
                if members.is_array() {
                    rest.insert(key.to_owned(), json!([]));
                }
            }
        }
        for key in ["items", "not", "additionalProperties"] {
            if let Some(inner @ Value::Object(_)) = schema.get(key) {
                self.schema(inner, &at.join(key));
                rest.insert(key.to_owned(), json!({}));
            }
        }
        let schema = if schema.is_object() {
            Value::Object(rest)
        } else {
            schema.clone()
        };
        self.read_unless_reference::<openapiv3::Schema>(&schema, at);
    }

    fn without_schema(&mut self, holder: &Value, at: &Pointer) -> Value {
        let mut rest = self.without_content(holder, at);
        if let Some(schema) = holder.get("schema") {
            self.schema(schema, &at.join("schema"));
            rest["schema"] = json!({});
        }
        rest
    }

    fn without_content(&mut self, holder: &Value, at: &Pointer) -> Value {
        let mut rest = holder.clone();
        if let Some(Value::Object(content)) = holder.get("content") {
            for (media_type, media) in content {
                let of_media = at.join_all(["content", media_type.as_str()]);
                self.know_keys(
                    media,
                    &["schema", "example", "examples", "encoding"],
                    &of_media,
                );
                if let Some(schema) = media.get("schema") {
                    let at = at.join_all(["content", media_type.as_str(), "schema"]);
                    self.schema(schema, &at);
                    rest["content"][media_type]["schema"] = json!({});
                }
            }
        }
        rest
    }

    fn each(&mut self, list: &Value, at: &Pointer, check: fn(&mut Self, &Value, &Pointer)) {
        for (index, item) in list.as_array().into_iter().flatten().enumerate() {
            check(self, item, &at.join(index.to_string()));
        }
    }

    /// Warns of keys that OpenAPI 3.0 does not know: a typo changes the meaning of what it is in.
    fn know_keys(&mut self, piece: &Value, known: &[&str], at: &Pointer) {
        for key in piece
            .as_object()
            .into_iter()
            .flat_map(|members| members.keys())
        {
            if known.contains(&key.as_str()) || key.starts_with("x-") || key == "$ref" {
                continue;
            }
            let message = format!("the key `{key}` is not known to OpenAPI 3.0 and ignored");
            let mut diagnostic = Diagnostic::new(Code::UnknownKey, message);
            if let Some(near) = nearest(key, known.iter().copied()) {
                diagnostic = diagnostic.help(format!("did you mean `{near}`?"));
            }
            self.sink.at(&at.join(key.as_str()), diagnostic);
        }
    }

    fn security_scheme(&mut self, scheme: &Value, at: &Pointer) {
        self.read_unless_reference::<openapiv3::SecurityScheme>(scheme, at);
    }

    fn read_unless_reference<T: DeserializeOwned>(&mut self, piece: &Value, at: &Pointer) {
        match piece.get("$ref") {
            Some(Value::String(_)) => {}
            Some(_) => self.misshapen(&at.join("$ref"), "a `$ref` is a text".to_owned()),
            None => self.read::<T>(piece, at),
        }
    }

    fn read<T: DeserializeOwned>(&mut self, piece: &Value, at: &Pointer) {
        if let Err(error) = serde_path_to_error::deserialize::<_, T>(piece) {
            let mut place = at.clone();
            for segment in error.path() {
                match segment {
                    serde_path_to_error::Segment::Map { key } => place.push(key.clone()),
                    serde_path_to_error::Segment::Seq { index } => place.push(index.to_string()),
                    _ => {}
                }
            }
            let message = error.inner().to_string();
            let is_number_for_text = message.contains("expected a string")
                && (message.contains("floating point") || message.contains("integer"));
            let mut diagnostic =
                Diagnostic::new(Code::Shape, format!("not what OpenAPI 3.0 says: {message}"));
            if is_number_for_text {
                diagnostic = diagnostic.help("write it in quotes, so that it is a text");
            }
            self.sink.at(&place, diagnostic);
        }
    }

    fn misshapen(&mut self, at: &Pointer, message: String) {
        self.sink.at(at, Diagnostic::new(Code::Shape, message));
    }
}

/// The members of an object; none of anything else.
fn shallow(value: &Value) -> Map<String, Value> {
    value.as_object().cloned().unwrap_or_default()
}

fn is_status(text: &str) -> bool {
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    match text.len() {
        3 => {
            let (first, rest) = text.split_at(1);
            matches!(first, "1" | "2" | "3" | "4" | "5") && (digits(rest) || rest == "XX")
        }
        _ => text == "default",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statuses_are_told_from_typos() {
        for status in ["200", "404", "2XX", "default"] {
            assert!(is_status(status), "{status}");
        }
        for typo in ["2oo", "OK", "2xx", "20", "2000", "600", "1X0"] {
            assert!(!is_status(typo), "{typo}");
        }
    }
}
