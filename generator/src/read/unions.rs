//! Keywords that join schemas: alternatives, tuples, patterns and conditions.

use openapiv3::{AdditionalProperties, AnySchema, ReferenceOr, Schema};
use serde_json::{Value, json};

use super::{
    cursor::Cursor,
    reader::{Members, Reader},
    schema::{Draft, anything},
    values,
};
use crate::diagnostics::Code;

/// The extension that marks a tuple: `allOf` holds the schemas of its items, in order.
pub(super) const TUPLE: &str = "x-sdkgen-tuple";

impl<'a> Reader<'a, '_> {
    /// Reads `anyOf` or `oneOf`: null among the members makes the schema nullable, and a single
    /// remaining member replaces the union.
    pub(super) fn union(
        &mut self,
        at: &Cursor<'_, 'a>,
        draft: &mut Draft<'a>,
        members: &'a Members,
        real: usize,
        key: &str,
        value: &'a Value,
    ) {
        let mut read = Vec::new();
        if let Value::Array(items) = value {
            let mut kept = Vec::new();
            let stand_ins = items.iter().filter(|item| is_nullable_object(item)).count();
            let references = items.iter().filter(|item| item.get("$ref").is_some());
            let has_stand_in = stand_ins == 1 && references.count() + 1 == items.len();
            for (index, item) in items.iter().enumerate() {
                if item.is_null() {
                    let at = &at.step(index);
                    self.issues.misshapen(at, item, "a schema");
                } else if is_null(item) {
                    draft.data.nullable = true;
                } else if has_stand_in && items.len() > 1 && is_nullable_object(item) {
                    draft.data.nullable = true;
                    let at = &at.step(index);
                    self.issues.warn(
                        at,
                        Code::WrongShape,
                        "the nullable object has no other keywords; it is read as null",
                    );
                } else {
                    kept.push((index, item));
                }
            }
            if items.is_empty() {
                let message = format!("`{key}` is empty; it is ignored");
                self.issues.warn(at, Code::WrongShape, message);
            }
            if let ([(index, only)], None) =
                (kept.as_slice(), has_discriminator(members).then_some(()))
            {
                self.sole_alternative(at, draft, members, real, (*index, only));
                return;
            }
            let list = at.target();
            for (position, (index, item)) in kept.into_iter().enumerate() {
                let at = &at.step(index);
                read.push(if position == index {
                    self.schema(at, item)
                } else {
                    {
                        let at = &self.builder.place(at, list.join(position.to_string()));
                        self.schema(at, item)
                    }
                });
            }
        } else {
            for (ref at, item) in self.items(at, value) {
                read.push(self.schema(at, item));
            }
            // A single schema in place of the list: an alternative that is alone is none.
            if !has_discriminator(members)
                && let Some(only) = read.pop()
            {
                match real {
                    1 => draft.sole = Some(only),
                    _ => draft.alternatives.push(only),
                }
                return;
            }
        }
        match key {
            "anyOf" => draft.any.any_of = read,
            _ => draft.any.one_of = read,
        }
    }

    /// Reads the only member of a union: the schema becomes that member, or adds its keywords to it.
    fn sole_alternative(
        &mut self,
        at: &Cursor<'_, 'a>,
        draft: &mut Draft<'a>,
        members: &'a Members,
        real: usize,
        (index, only): (usize, &'a Value),
    ) {
        let holder = at.target_parent();
        let at = &at.step(index);
        if real == 1 {
            draft.sole = Some({
                let at = &self.builder.place(at, holder);
                self.schema(at, only)
            });
        } else {
            let own = members
                .get("allOf")
                .and_then(Value::as_array)
                .map_or(0, Vec::len);
            let target = holder.join("allOf").join(own.to_string());
            let schema = {
                let at = &self.builder.place(at, target);
                self.schema(at, only)
            };
            draft.alternatives.push(schema);
        }
    }

    /// Reads the schemas of properties that are named by patterns.
    pub(super) fn patterns(
        &mut self,
        at: &Cursor<'_, 'a>,
        draft: &mut Draft<'a>,
        members: &'a Members,
        value: &'a Value,
    ) {
        let Some(patterns) = values::members(&mut self.issues, at, value) else {
            return;
        };
        let is_alone = patterns.len() == 1
            && !members
                .get("additionalProperties")
                .is_some_and(Value::is_object);
        if !is_alone && !patterns.is_empty() {
            self.issues.warn(at,
                Code::Lossy,
                "`patternProperties` is not checked; a property of any name may have a value of any of the schemas",
            );
        }
        let holder = at.target_parent();
        let target = holder.join("additionalProperties");
        // By pattern, for they become a list.
        let mut sorted: Vec<_> = patterns.iter().collect();
        sorted.sort_unstable_by_key(|(pattern, _)| *pattern);
        for (index, (pattern, schema)) in sorted.into_iter().enumerate() {
            let target = match is_alone {
                true => target.clone(),
                false => target.join("anyOf").join(index.to_string()),
            };
            let at = &at.step(pattern);
            let schema = {
                let at = &self.builder.place(at, target);
                self.schema(at, schema)
            };
            draft.patterns.push(schema);
        }
    }

    /// Reads the properties of `then`, `else` and `dependentSchemas` as optional; sdkgen supports nothing
    /// else of conditions.
    pub(super) fn conditional(
        &mut self,
        at: &Cursor<'_, 'a>,
        any: &mut AnySchema,
        members: &'a Members,
        key: &str,
        value: &'a Value,
    ) {
        let mut found = false;
        let holder = at.target_parent();
        let own = members.get("properties");
        let mut outcome = |reader: &mut Self, at: &Cursor<'_, 'a>, schema: &'a Value| {
            let Some(Value::Object(properties)) = schema.get("properties") else {
                return;
            };
            let at = &at.step("properties");
            for (name, property) in properties {
                let is_known = own.is_some_and(|own| own.get(name).is_some())
                    || any.properties.contains_key(name);
                if !is_known {
                    let target = holder.join("properties").join(name.as_str());
                    let at = &at.step(name);
                    let schema = {
                        let at = &reader.builder.place(at, target);
                        reader.boxed_schema(at, property)
                    };
                    any.properties.insert(name.clone(), schema);
                }
                found = true;
            }
        };
        if key == "dependentSchemas" {
            for (ref at, _, schema) in values::entries(&mut self.issues, at, value) {
                outcome(self, at, schema);
            }
        } else {
            outcome(self, at, value);
        }
        let message = match found {
            true => format!(
                "conditions are not supported; the properties of `{key}` are read as optional"
            ),
            false => format!("`{key}` is not supported; values are not checked against it"),
        };
        self.issues.warn(at, Code::Lossy, message);
    }

    /// Reads the items of a tuple into a draft.
    pub(super) fn tuple(&mut self, at: &Cursor<'_, 'a>, draft: &mut Draft<'a>) {
        let Some((key, items, rest)) = draft.tuple.take() else {
            return;
        };
        if !draft.types.allow("array") {
            let message =
                format!("`{key}` has no effect, because the type is not `array`; it is ignored");
            self.issues.warn(&at.step(key), Code::Ignored, message);
            return;
        }
        let is_closed = matches!(rest, None | Some(Value::Bool(false) | Value::Null));
        let mut read = Vec::new();
        let mut target = at.target();
        let several = draft.types.several().unwrap_or_default();
        let is_one_of_several = !several.is_empty();
        if let Some(branch) = several.iter().position(|name| *name == "array") {
            target = target.join("anyOf").join(branch.to_string());
        }
        let target = match (is_closed, draft.any.all_of.len()) {
            (true, _) if is_one_of_several => target.join("allOf"),
            (true, 0) => target.join("allOf"),
            (true, own) => target.join("allOf").join(own.to_string()).join("allOf"),
            (false, _) => target.join("items").join("anyOf"),
        };
        for (ref at, item) in self.items(&at.step(key), items) {
            let target = target.join(read.len().to_string());
            let schema = {
                let at = &self.builder.place(at, target);
                self.schema(at, item)
            };
            read.push(schema);
        }
        if draft.types.is_empty() {
            draft.types.add("array");
        }
        if is_closed {
            match is_one_of_several {
                true => draft.closed = read,
                false => closed_tuple(draft, read),
            }
            return;
        }
        self.issues.warn(
            &at.step(key),
            Code::Lossy,
            "tuples with further items are not supported; each item may have any of the schemas",
        );
        if let Some(rest @ Value::Object(_)) = rest {
            let rest_key = if key == "items" {
                "additionalItems"
            } else {
                "items"
            };
            let target = target.join(read.len().to_string());
            let at = &at.step(rest_key);
            let schema = {
                let at = &self.builder.place(at, target);
                self.schema(at, rest)
            };
            read.push(schema);
            draft.any.items = Some(boxed(any_of(read)));
        } else {
            draft.any.items = Some(boxed(ReferenceOr::Item(anything())));
        }
    }
}

/// Makes the additional properties of those that are named by patterns.
pub(super) fn merge_pattern_properties<'a>(draft: &mut Draft<'a>) {
    let mut schemas = std::mem::take(&mut draft.patterns);
    if schemas.is_empty() {
        return;
    }
    if let Some(AdditionalProperties::Schema(others)) = draft.any.additional_properties.take() {
        schemas.push(*others);
    }
    let schema = Box::new(any_of(schemas));
    draft.any.additional_properties = Some(AdditionalProperties::Schema(schema));
}

/// Notes the items of a tuple, beside other schemas that the list must fit.
fn closed_tuple(draft: &mut Draft<'_>, items: Vec<ReferenceOr<Schema>>) {
    if items.is_empty() {
        return;
    }
    let Draft { any, data, .. } = draft;
    if any.all_of.is_empty() {
        any.all_of = items;
        data.extensions.insert(TUPLE.to_owned(), json!(true));
        return;
    }
    let mut inner = schema_with(AnySchema {
        typ: Some("array".to_owned()),
        ..AnySchema::default()
    });
    make_tuple(&mut inner, items);
    any.all_of.push(ReferenceOr::Item(inner));
}

/// Makes a tuple of the schema of a list.
pub(super) fn make_tuple(schema: &mut Schema, items: Vec<ReferenceOr<Schema>>) {
    schema
        .schema_data
        .extensions
        .insert(TUPLE.to_owned(), json!(true));
    if let openapiv3::SchemaKind::Any(any) = &mut schema.schema_kind {
        any.all_of = items;
    }
}

/// A schema of some keywords.
pub(super) fn schema_with(any: AnySchema) -> Schema {
    let mut schema = anything();
    schema.schema_kind = openapiv3::SchemaKind::Any(any);
    schema
}

/// One of several schemas; a single one is itself.
fn any_of(mut schemas: Vec<ReferenceOr<Schema>>) -> ReferenceOr<Schema> {
    if schemas.len() == 1 {
        return schemas.remove(0);
    }
    schemas.dedup();
    ReferenceOr::Item(schema_with(AnySchema {
        any_of: schemas,
        ..AnySchema::default()
    }))
}

fn boxed(schema: ReferenceOr<Schema>) -> ReferenceOr<Box<Schema>> {
    match schema {
        ReferenceOr::Item(schema) => ReferenceOr::Item(Box::new(schema)),
        ReferenceOr::Reference { reference } => ReferenceOr::Reference { reference },
    }
}

/// Whether a schema has a discriminator that is kept: one that names a property.
fn has_discriminator(members: &Members) -> bool {
    members.get("discriminator").is_some_and(names_property)
}

/// Whether a discriminator names a property, in any of the ways that are read.
pub(super) fn names_property(discriminator: &Value) -> bool {
    let name = match discriminator {
        Value::String(_) => Some(discriminator),
        Value::Object(members) => members.get("propertyName"),
        _ => None,
    };
    name.is_some_and(|name| match name {
        Value::String(name) => !name.is_empty(),
        Value::Array(lines) => {
            let is_empty = lines.len() < 2 && lines.first().is_none_or(|line| line == "");
            !is_empty && lines.iter().all(Value::is_string)
        }
        other => other.is_number() || other.is_boolean(),
    })
}

/// Whether a schema permits null alone.
fn is_null(schema: &Value) -> bool {
    let Value::Object(members) = schema else {
        return false;
    };
    let is_only_null = |list: &Value| match list {
        Value::Array(items) => {
            matches!(items.as_slice(), [item] if item.is_null() || item == "null")
        }
        single => single == "null",
    };
    if members.get("type").is_some_and(is_only_null) {
        return true;
    }
    if members.contains_key("const") {
        return members["const"].is_null();
    }
    if let Some(Value::Array(values)) = members.get("enum") {
        return !values.is_empty() && values.iter().all(Value::is_null);
    }
    false
}

/// Whether a schema is `nullable` and nothing else: beside references, some generators of 3.0 write
/// null so.
fn is_nullable_object(schema: &Value) -> bool {
    schema.as_object().is_some_and(|members| {
        members.get("nullable") == Some(&Value::Bool(true))
            && members
                .iter()
                .all(|(key, value)| key == "nullable" || key == "type" && value == "object")
    })
}
