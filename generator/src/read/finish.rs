//! A schema once all keywords are read: its type, its enum values, its default.

use std::collections::HashSet;

use openapiv3::{AnySchema, ReferenceOr, Schema, SchemaData, SchemaKind};
use serde_json::{Map, Value};

use super::{
    Dialect,
    cursor::Cursor,
    issues::Issues,
    reader::{Members, Reader},
    schema::Draft,
    types,
    unions::{make_tuple, schema_with},
};
use crate::diagnostics::Code;

impl<'a> Reader<'a, '_> {
    /// Makes a schema of a draft, whose keywords are in `members`.
    pub(super) fn finish(
        &mut self,
        at: &Cursor<'_, 'a>,
        mut draft: Draft<'a>,
        members: Option<&'a Members>,
    ) -> ReferenceOr<Schema> {
        draft.data.nullable |= draft.types.null;
        let mut seen: HashSet<&String> = draft.any.required.iter().collect();
        let flagged: Vec<String> = std::mem::take(&mut draft.flagged);
        let added: Vec<String> = flagged
            .iter()
            .filter(|name| seen.insert(name))
            .cloned()
            .collect();
        draft.any.required.extend(added);
        draft.any.all_of.append(&mut draft.alternatives);
        remove_null(&mut draft);
        narrow_types(&mut self.issues, at, &mut draft);
        self.tuple(at, &mut draft);
        super::unions::merge_pattern_properties(&mut draft);
        let several = draft.types.several();
        if several.is_none() {
            draft.any.typ = draft
                .types
                .single()
                .or_else(|| implied(&draft.any))
                .map(str::to_owned);
            convert_values(&mut self.issues, at, &mut draft.any);
            self.report_missing_items(at, &draft, members);
        }
        if draft.data.description.is_none() {
            draft.data.description.clone_from(&draft.data.title);
        }
        if let Some(several) = several {
            split(&mut draft, &several);
        } else {
            let typ = draft.any.typ.as_deref();
            convert_default(&mut self.issues, at, &mut draft.data.default, typ);
        }
        match draft.sole.take() {
            // The type is that of the only alternative; the default may be the schema's own.
            Some(sole) => {
                let mut schema = sole_with(sole, draft.data);
                if let ReferenceOr::Item(Schema {
                    schema_data,
                    schema_kind: SchemaKind::Any(any),
                }) = &mut schema
                {
                    let typ = any.typ.as_deref();
                    convert_default(&mut self.issues, at, &mut schema_data.default, typ);
                }
                schema
            }
            None => ReferenceOr::Item(Schema {
                schema_data: draft.data,
                schema_kind: SchemaKind::Any(draft.any),
            }),
        }
    }

    fn report_missing_items(
        &mut self,
        at: &Cursor<'_, 'a>,
        draft: &Draft<'a>,
        members: Option<&'a Members>,
    ) {
        let is_list = draft.types.single() == Some("array");
        let has_items = members.is_none_or(|members| {
            ["items", "prefixItems", "allOf", "anyOf", "oneOf"]
                .iter()
                .any(|key| members.contains_key(*key))
        });
        if is_list && !has_items && self.dialect(at) != Dialect::V31 {
            self.issues.warn(
                at,
                Code::MissingPart,
                "the array has no `items`; any value is accepted",
            );
        }
    }
}

/// Null among the values says that the schema is nullable.
fn remove_null<'a>(draft: &mut Draft<'a>) {
    let before = draft.any.enumeration.len();
    draft.any.enumeration.retain(|value| !value.is_null());
    if draft.any.enumeration.len() < before {
        draft.data.nullable = true;
        // Without another value or a type, null is the only value.
        if draft.any.enumeration.is_empty()
            && draft.types.is_empty()
            && implied(&draft.any).is_none()
        {
            draft.any.enumeration.push(Value::Null);
        }
    }
}

/// Removes types that no enum value has, and enum values that have none of the types.
fn narrow_types<'a>(issues: &mut Issues<'_>, at: &Cursor<'_, 'a>, draft: &mut Draft<'a>) {
    let values = &draft.any.enumeration;
    let Some(several) = draft.types.several().filter(|_| !values.is_empty()) else {
        return;
    };
    let mut lost = values.iter();
    let lost: Vec<String> = lost
        .by_ref()
        .filter(|value| !several.iter().any(|typ| fits(value, typ)))
        .map(|value| format!("enum value {value} has none of the declared types; it is ignored"))
        .collect();
    draft
        .types
        .narrow(|typ| values.iter().any(|value| fits(value, typ)));
    for message in lost {
        issues.warn(&at.step("enum"), Code::ValueMisfit, message);
    }
    if draft.types.several().is_none() {
        let typ = draft.types.single().unwrap_or_default();
        draft.any.enumeration.retain(|value| fits(value, typ));
    }
}

/// Converts enum values to the type, where their meaning is obvious, and removes the others.
fn convert_values<'a>(issues: &mut Issues<'_>, at: &Cursor<'_, 'a>, any: &mut AnySchema) {
    let Some(typ) = any.typ.clone() else {
        return;
    };
    if any.enumeration.iter().all(|value| fits(value, &typ)) {
        return;
    }
    let values = std::mem::take(&mut any.enumeration);
    if typ == "array" && values.iter().all(|value| !value.is_array()) {
        issues.warn(
            &at.step("enum"),
            Code::ValueMisfit,
            "the enum values are not arrays; they are read as the values of the items",
        );
        if let Some(ReferenceOr::Item(items)) = &mut any.items {
            state_values(issues, at, items, values);
        }
        return;
    }
    if values.iter().all(Value::is_string)
        && values.iter().all(|value| converted(value, &typ).is_none())
    {
        let message = format!(
            "the enum values are strings, but the type is `{typ}`; the type is read as `string`"
        );
        issues.warn(&at.step("enum"), Code::ValueMisfit, message);
        any.typ = Some("string".to_owned());
        any.enumeration = values;
        return;
    }
    for value in values {
        let message = match converted(&value, &typ) {
            Some(other) if other == value => {
                any.enumeration.push(value);
                continue;
            }
            Some(other) => {
                let message =
                    format!("enum value {value} is not of type `{typ}`; it is read as {other}");
                any.enumeration.push(other);
                message
            }
            None => format!("enum value {value} is not of type `{typ}`; it is ignored"),
        };
        issues.warn(&at.step("enum"), Code::ValueMisfit, message);
    }
}

/// Gives enum values to the items of a list that was read before, as if they had stood there.
fn state_values<'a>(
    issues: &mut Issues<'_>,
    at: &Cursor<'_, 'a>,
    items: &mut Schema,
    mut values: Vec<Value>,
) {
    let Schema {
        schema_data,
        schema_kind: SchemaKind::Any(items),
    } = items
    else {
        return;
    };
    if !items.enumeration.is_empty() {
        return;
    }
    let before = values.len();
    values.retain(|value| !value.is_null());
    schema_data.nullable |= values.len() < before;
    items.enumeration = values;
    if items.typ.is_none() {
        items.typ = implied(items).map(str::to_owned);
    }
    convert_values(issues, at, items);
    convert_default(issues, at, &mut schema_data.default, items.typ.as_deref());
}

fn convert_default<'a>(
    issues: &mut Issues<'_>,
    at: &Cursor<'_, 'a>,
    own: &mut Option<Value>,
    typ: Option<&str>,
) {
    let (Some(default), Some(typ)) = (&*own, typ) else {
        return;
    };
    if fits(default, typ) {
        return;
    }
    let (message, converted) = match converted(default, typ) {
        Some(other) => (
            format!("default {default} is not of type `{typ}`; it is read as {other}"),
            Some(other),
        ),
        None => (
            format!("default {default} is not of type `{typ}`; it is ignored"),
            None,
        ),
    };
    *own = converted;
    issues.warn(&at.step("default"), Code::ValueMisfit, message);
}

/// Makes one schema of each type.
fn split<'a>(draft: &mut Draft<'a>, types: &[&'static str]) {
    let whole = std::mem::take(&mut draft.any);
    let mut closed = std::mem::take(&mut draft.closed);
    let branches: Vec<ReferenceOr<Schema>> = types
        .iter()
        .map(|ty| {
            let mut schema = schema_with(branch(&whole, ty));
            if *ty == "array" && !closed.is_empty() {
                make_tuple(&mut schema, std::mem::take(&mut closed));
            }
            ReferenceOr::Item(schema)
        })
        .collect();
    let AnySchema {
        all_of,
        any_of,
        one_of,
        not,
        ..
    } = whole;
    draft.any = AnySchema {
        all_of,
        any_of,
        one_of,
        not,
        ..AnySchema::default()
    };
    if draft.any.any_of.is_empty() {
        draft.any.any_of = branches;
    } else {
        draft
            .any
            .all_of
            .push(ReferenceOr::Item(schema_with(AnySchema {
                any_of: branches,
                ..AnySchema::default()
            })));
    }
}

/// The values of an enum.
pub(super) fn enum_values<'a>(
    issues: &mut Issues<'_>,
    at: &Cursor<'_, 'a>,
    value: &'a Value,
) -> Vec<Value> {
    match value {
        Value::Array(values) => {
            if values.is_empty() {
                issues.warn(at, Code::WrongShape, "`enum` is empty; it is ignored");
            }
            values.clone()
        }
        Value::Null => {
            issues.misshapen(at, value, "an array");
            Vec::new()
        }
        Value::Object(values) => {
            issues.warn(
                at,
                Code::WrongShape,
                "`enum` must be an array, found an object; its keys are read as the values",
            );
            values.keys().map(|key| Value::from(key.as_str())).collect()
        }
        only => {
            issues.warn(
                at,
                Code::WrongShape,
                "`enum` must be an array; the value is read as its only item",
            );
            vec![only.clone()]
        }
    }
}

/// The only member of a union, with the annotations of the schema around it.
fn sole_with(sole: ReferenceOr<Schema>, around: SchemaData) -> ReferenceOr<Schema> {
    match sole {
        reference @ ReferenceOr::Reference { .. } if around == SchemaData::default() => reference,
        reference @ ReferenceOr::Reference { .. } => {
            let mut schema = schema_with(AnySchema {
                all_of: vec![reference],
                ..AnySchema::default()
            });
            schema.schema_data = around;
            ReferenceOr::Item(schema)
        }
        ReferenceOr::Item(mut schema) => {
            let own = &mut schema.schema_data;
            own.nullable |= around.nullable;
            own.read_only |= around.read_only;
            own.write_only |= around.write_only;
            own.deprecated |= around.deprecated;
            own.title = around.title.or(own.title.take());
            own.description = around.description.or(own.description.take());
            own.discriminator = around.discriminator.or(own.discriminator.take());
            own.default = around.default.or(own.default.take());
            own.extensions.extend(around.extensions);
            ReferenceOr::Item(schema)
        }
    }
}

/// The part of a schema of several types that applies to one of them.
fn branch(whole: &AnySchema, ty: &str) -> AnySchema {
    let mut branch = AnySchema {
        typ: Some(ty.to_owned()),
        enumeration: whole
            .enumeration
            .iter()
            .filter(|value| fits(value, ty))
            .cloned()
            .collect(),
        ..AnySchema::default()
    };
    let format = whole.format.clone();
    match ty {
        "string" => {
            branch.format = format.filter(|format| !types::is_numeric(format));
            branch.pattern.clone_from(&whole.pattern);
            branch.min_length = whole.min_length;
            branch.max_length = whole.max_length;
        }
        "number" | "integer" => {
            branch.format = format.filter(|format| types::is_numeric(format));
            branch.multiple_of = whole.multiple_of;
            branch.minimum = whole.minimum;
            branch.maximum = whole.maximum;
            branch.exclusive_minimum = whole.exclusive_minimum;
            branch.exclusive_maximum = whole.exclusive_maximum;
        }
        "object" => {
            branch.properties.clone_from(&whole.properties);
            branch.required.clone_from(&whole.required);
            branch
                .additional_properties
                .clone_from(&whole.additional_properties);
            branch.min_properties = whole.min_properties;
            branch.max_properties = whole.max_properties;
        }
        "array" => {
            branch.items.clone_from(&whole.items);
            branch.min_items = whole.min_items;
            branch.max_items = whole.max_items;
            branch.unique_items = whole.unique_items;
        }
        _ => {}
    }
    branch
}

/// The type that keywords imply where none is named.
fn implied(any: &AnySchema) -> Option<&'static str> {
    if !any.properties.is_empty() || any.additional_properties.is_some() {
        return Some("object");
    }
    if any.items.is_some() {
        return Some("array");
    }
    if !any.all_of.is_empty() || !any.any_of.is_empty() || !any.one_of.is_empty() {
        return None;
    }
    if !any.enumeration.is_empty() {
        let all = |typ: &&'static str| any.enumeration.iter().all(|value| fits(value, typ));
        return ["string", "integer", "number", "boolean"]
            .into_iter()
            .find(all);
    }
    match any.format.as_deref() {
        Some("int32" | "int64") => Some("integer"),
        Some("float" | "double") => Some("number"),
        Some("date" | "date-time" | "uuid" | "byte" | "binary" | "uri" | "email" | "password") => {
            Some("string")
        }
        _ if any.pattern.is_some() || any.min_length.is_some() || any.max_length.is_some() => {
            Some("string")
        }
        _ => None,
    }
}

/// Whether a value has a type.
fn fits(value: &Value, typ: &str) -> bool {
    match typ {
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64() || is_whole(value),
        "number" => value.is_number(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => true,
    }
}

fn is_whole(value: &Value) -> bool {
    value.as_f64().is_some_and(|number| number.fract() == 0.0)
}

/// Converts a value to a type, if its meaning is obvious.
fn converted(value: &Value, typ: &str) -> Option<Value> {
    if fits(value, typ) {
        return Some(value.clone());
    }
    match (typ, value) {
        ("string", Value::Number(_) | Value::Bool(_)) => Some(Value::from(value.to_string())),
        ("integer", Value::String(text)) => text.trim().parse::<i64>().ok().map(Value::from),
        ("number", Value::String(text)) => {
            let text = text.trim();
            if let Ok(whole) = text.parse::<i64>() {
                return Some(Value::from(whole));
            }
            let number = text.parse::<f64>().ok()?;
            serde_json::Number::from_f64(number).map(Value::Number)
        }
        ("boolean", Value::String(text)) => text
            .trim()
            .to_ascii_lowercase()
            .parse()
            .ok()
            .map(Value::Bool),
        ("array", Value::String(text)) if text.is_empty() || text == "[]" => {
            Some(Value::Array(Vec::new()))
        }
        ("object", Value::String(text)) if text.is_empty() || text == "{}" => {
            Some(Value::Object(Map::new()))
        }
        _ => None,
    }
}
