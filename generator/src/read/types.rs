//! The names of types, and which keyword belongs to which.

use serde_json::Value;

use super::{cursor::Cursor, reader::Reader, schema::Draft};
use crate::diagnostics::Code;

/// The types of a schema.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Types {
    names: Vec<&'static str>,
    /// Whether null was among them.
    pub(super) null: bool,
}

impl Types {
    /// Whether none was named, not even null.
    pub(super) fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// The only one there is.
    pub(super) fn single(&self) -> Option<&'static str> {
        match self.names.as_slice() {
            [only] => Some(only),
            _ => None,
        }
    }

    /// All, if there are more than one.
    pub(super) fn several(&self) -> Option<Vec<&'static str>> {
        (self.names.len() > 1).then(|| self.names.clone())
    }

    /// Whether values of a type are allowed, be it because none was named.
    pub(super) fn allow(&self, name: &str) -> bool {
        self.names.is_empty() || self.names.contains(&name)
    }

    /// Keeps the types that fulfil a condition, unless none does.
    pub(super) fn narrow(&mut self, holds: impl Fn(&str) -> bool) {
        if self.names.iter().any(|name| holds(name)) {
            self.names.retain(|name| holds(name));
        }
    }

    /// Adds a type.
    pub(super) fn add(&mut self, name: &'static str) {
        match name {
            // Every integer is a number.
            "integer" if self.names.contains(&"number") => {}
            "number" if self.names.contains(&"integer") => {
                self.names.retain(|known| *known != "integer");
                self.names.push(name);
            }
            _ if !self.names.contains(&name) => self.names.push(name),
            _ => {}
        }
    }
}

impl<'a> Reader<'a, '_> {
    /// Reads the value of `type`.
    pub(super) fn type_names(
        &mut self,
        at: &Cursor<'_, 'a>,
        draft: &mut Draft<'a>,
        value: &'a Value,
    ) {
        match value {
            Value::String(name) => self.type_name(at, draft, name),
            Value::Array(names) => {
                for (index, name) in names.iter().enumerate() {
                    let at = &at.step(index);
                    match name {
                        Value::String(name) => self.type_name(at, draft, name),
                        Value::Null => draft.types.null = true,
                        other => self.issues.misshapen(at, other, "the name of a type"),
                    }
                }
            }
            other => self.issues.misshapen(at, other, "the name of a type"),
        }
    }

    /// Reads the name of a type; corrects obvious misspellings.
    pub(super) fn type_name(&mut self, at: &Cursor<'_, 'a>, draft: &mut Draft<'a>, name: &str) {
        if let Some(known) = STANDARD.iter().find(|known| **known == name) {
            draft.types.add(known);
            return;
        }
        let lower = name.trim().to_ascii_lowercase();
        match lower.as_str() {
            "null" | "nil" => {
                draft.types.null = true;
                return;
            }
            // The one name that Swagger 2.0 has beside those of JSON.
            "file" => {
                draft.types.add("string");
                draft.any.format = Some("binary".to_owned());
                if self.dialect(at) != super::Dialect::Swagger2 {
                    self.issues.warn(
                        at,
                        Code::UnknownType,
                        "type `file` belongs to Swagger 2.0; it is read as a binary string",
                    );
                }
                return;
            }
            _ => {}
        }
        let Some((meant, format)) = meant(&lower) else {
            let message = format!("unknown type `{name}`; any value is accepted");
            self.issues.warn(at, Code::UnknownType, message);
            return;
        };
        let shown = match format {
            Some(format) => format!("{meant} ({format})"),
            None => meant.to_owned(),
        };
        let message = format!("unknown type `{name}`; it is read as {shown}");
        self.issues.warn(at, Code::UnknownType, message);
        draft.types.add(meant);
        if let Some(format) = format {
            draft.any.format = Some(format.to_owned());
        }
    }
}

const STANDARD: [&str; 6] = ["string", "object", "array", "integer", "boolean", "number"];

/// The type and format that an unknown type name obviously means.
fn meant(name: &str) -> Option<(&'static str, Option<&'static str>)> {
    Some(match name {
        "string" | "str" | "text" | "char" | "varchar" | "enum" | "varying" => ("string", None),
        "date" => ("string", Some("date")),
        "datetime" | "date-time" | "timestamp" | "date_time" => ("string", Some("date-time")),
        "time" => ("string", Some("time")),
        "uuid" | "guid" => ("string", Some("uuid")),
        "uri" | "url" => ("string", Some("uri")),
        "email" => ("string", Some("email")),
        "password" => ("string", Some("password")),
        "byte" | "base64" => ("string", Some("byte")),
        "binary" | "blob" => ("string", Some("binary")),
        "integer" | "int" | "number(int)" | "short" => ("integer", None),
        "int32" => ("integer", Some("int32")),
        "int64" | "long" | "bigint" => ("integer", Some("int64")),
        "number" | "decimal" | "numeric" | "bigdecimal" => ("number", None),
        "float" => ("number", Some("float")),
        "double" => ("number", Some("double")),
        "boolean" | "bool" => ("boolean", None),
        "object" | "dict" | "dictionary" | "map" | "hash" | "hashmap" | "struct" | "json" => {
            ("object", None)
        }
        "array" | "list" | "set" => ("array", None),
        _ => return None,
    })
}

/// Whether a keyword constrains values of one type alone. In a schema of several types it goes with that
/// type.
pub(super) fn belongs(key: &str, ty: &str) -> bool {
    match key {
        "pattern" | "minLength" | "maxLength" | "contentEncoding" | "contentMediaType" => {
            ty == "string"
        }
        "multipleOf" | "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" => {
            matches!(ty, "number" | "integer")
        }
        "items" | "prefixItems" | "minItems" | "maxItems" | "uniqueItems" => ty == "array",
        "properties"
        | "required"
        | "additionalProperties"
        | "patternProperties"
        | "minProperties"
        | "maxProperties"
        | "then"
        | "else"
        | "dependentSchemas" => ty == "object",
        _ => false,
    }
}

/// Whether a format is one of numbers; all others are of texts.
pub(super) fn is_numeric(format: &str) -> bool {
    matches!(
        format,
        "int8"
            | "int16"
            | "int32"
            | "int64"
            | "uint8"
            | "uint16"
            | "uint32"
            | "uint64"
            | "float"
            | "double"
            | "decimal"
            | "integer"
            | "long"
    )
}

/// Whether a keyword is an assertion: it constrains values. The others describe the schema.
pub(super) fn is_assertion(key: &str) -> bool {
    !matches!(
        key,
        "title"
            | "description"
            | "summary"
            | "nullable"
            | "readOnly"
            | "writeOnly"
            | "deprecated"
            | "default"
            | "$ref"
            | "$dynamicRef"
            | "$recursiveRef"
    ) && !key.starts_with("x-")
        && !is_annotation(key)
}

/// Whether a keyword is an annotation that changes nothing in an SDK.
pub(super) fn is_annotation(key: &str) -> bool {
    matches!(
        key,
        "example"
            | "examples"
            | "xml"
            | "externalDocs"
            | "$schema"
            | "$id"
            | "$comment"
            | "$anchor"
            | "$dynamicAnchor"
            | "$recursiveAnchor"
            | "$defs"
            | "definitions"
            | "$vocabulary"
            | "additionalItems"
            | "summary"
            | "contentSchema"
            | "$ref"
            | "$dynamicRef"
            | "$recursiveRef"
            | "id"
    )
}

/// Whether a keyword is an assertion that sdkgen does not support: checking it is left to the service.
pub(super) fn is_unsupported(key: &str) -> bool {
    matches!(
        key,
        "unevaluatedProperties"
            | "unevaluatedItems"
            | "propertyNames"
            | "contains"
            | "minContains"
            | "maxContains"
            | "dependentRequired"
            | "dependencies"
    )
}
