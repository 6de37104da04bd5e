//! Schemas of every dialect to `SchemaKind::Any`.

use openapiv3::{AnySchema, ReferenceOr, Schema, SchemaData, SchemaKind};
use serde_json::Value;

use super::{
    Dialect,
    cursor::Cursor,
    issues::Issues,
    reader::{Members, Reader},
    types::{self, Types},
    unions::TUPLE,
    values,
};
use crate::{
    diagnostics::Code,
    openapi::{ComponentKind, keywords},
};

/// A schema while it is read.
#[derive(Default)]
pub(super) struct Draft<'a> {
    pub(super) any: AnySchema,
    pub(super) data: SchemaData,
    pub(super) types: Types,
    /// The number of keywords that constrain values; the others are annotations.
    pub(super) assertions: usize,
    /// The key of a tuple's items, the items, and the schema of further items.
    pub(super) tuple: Option<(&'a str, &'a Value, Option<&'a Value>)>,
    /// The items of a tuple that is one of several types, in order.
    pub(super) closed: Vec<ReferenceOr<Schema>>,
    /// The only member of a union.
    pub(super) sole: Option<ReferenceOr<Schema>>,
    /// The only members of unions beside other keywords.
    pub(super) alternatives: Vec<ReferenceOr<Schema>>,
    /// Properties that have `required: true`.
    pub(super) flagged: Vec<String>,
    /// The schemas of properties that are named by patterns.
    pub(super) patterns: Vec<ReferenceOr<Schema>>,
}

/// The object that holds the keywords of a schema.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Holder {
    /// A schema.
    Schema,
    /// A parameter or header of Swagger 2.0, which has keywords of its own.
    Parameter,
}

/// The schema that permits any value.
pub(super) fn anything() -> Schema {
    Schema {
        schema_data: SchemaData::default(),
        schema_kind: SchemaKind::Any(AnySchema::default()),
    }
}

impl<'a> Reader<'a, '_> {
    /// Reads the schema at this node; it becomes a component if something else refers to it.
    pub(super) fn schema(&mut self, at: &Cursor<'_, 'a>, node: &'a Value) -> ReferenceOr<Schema> {
        match self.moved_if_referenced(at, node, ComponentKind::Schema) {
            Some(reference) => reference,
            None => self.schema_here(at, node),
        }
    }

    /// As [`schema`](Self::schema), in a box.
    pub(super) fn boxed_schema(
        &mut self,
        at: &Cursor<'_, 'a>,
        node: &'a Value,
    ) -> ReferenceOr<Box<Schema>> {
        match self.schema(at, node) {
            ReferenceOr::Item(schema) => ReferenceOr::Item(Box::new(schema)),
            ReferenceOr::Reference { reference } => ReferenceOr::Reference { reference },
        }
    }

    /// Reads the schema at this node in place.
    pub(super) fn schema_here(
        &mut self,
        at: &Cursor<'_, 'a>,
        node: &'a Value,
    ) -> ReferenceOr<Schema> {
        ReferenceOr::Item(match node {
            Value::Object(members) => return self.schema_of(at, members, Holder::Schema),
            Value::Bool(true) => anything(),
            Value::Bool(false) => nothing(),
            Value::String(name) => {
                self.issues.warn(
                    at,
                    Code::WrongShape,
                    format!("expected a schema, found the string {node}; it is read as the type"),
                );
                let mut draft = Draft::default();
                self.type_name(at, &mut draft, name);
                return self.finish(at, draft, None);
            }
            Value::Array(items) if items.len() == 1 => {
                self.issues.warn(
                    at,
                    Code::WrongShape,
                    "expected a schema, found an array; its only item is used",
                );
                let at = &at.step(0);
                let only = self.schema(at, &items[0]);
                return only;
            }
            _ => {
                let found = super::values::describe(node);
                self.issues.warn(
                    at,
                    Code::WrongShape,
                    format!("expected a schema, found {found}; any value is accepted"),
                );
                anything()
            }
        })
    }

    /// Reads the schema keywords among the members of an object.
    pub(super) fn schema_of(
        &mut self,
        at: &Cursor<'_, 'a>,
        members: &'a Members,
        holder: Holder,
    ) -> ReferenceOr<Schema> {
        let reference = ["$ref", "$dynamicRef", "$recursiveRef"]
            .into_iter()
            .find_map(|key| Some((key, members.get(key)?)));
        let Some((key, reference)) = reference else {
            let draft = self.draft(at, members, holder, None);
            return self.finish(at, draft, Some(members));
        };
        let Value::String(text) = reference else {
            self.issues.warn(
                &at.step(key),
                Code::WrongShape,
                format!("`{key}` must be a string; any value is accepted"),
            );
            return ReferenceOr::Item(anything());
        };
        let linked = match self.link(at, text, ComponentKind::Schema) {
            Ok(reference) => ReferenceOr::Reference { reference },
            Err(miss) => {
                report_missing_schema(&mut self.issues, at, key, miss);
                ReferenceOr::Item(anything())
            }
        };
        if members.len() == 1 {
            return linked;
        }
        self.beside_reference(at, members, key, linked)
    }

    /// Reads the keywords beside a reference. Since 3.1 all of them count; before that, annotations are
    /// read as they were meant, and assertions are ignored.
    fn beside_reference(
        &mut self,
        at: &Cursor<'_, 'a>,
        members: &'a Members,
        own: &'a str,
        linked: ReferenceOr<Schema>,
    ) -> ReferenceOr<Schema> {
        let counts = self.dialect(at) == Dialect::V31;
        let draft = if counts && members.keys().any(|key| types::is_assertion(key)) {
            {
                let at = &self.builder.place_below(at, &["allOf", "1"]);
                self.draft(at, members, Holder::Schema, Some(own))
            }
        } else {
            self.draft(at, members, Holder::Schema, Some(own))
        };
        let has_assertions = draft.assertions > 0;
        let described = draft.data != SchemaData::default();
        let mut rest = match self.finish(at, draft, Some(members)) {
            ReferenceOr::Item(rest) => rest,
            reference @ ReferenceOr::Reference { .. } => Schema {
                schema_data: SchemaData::default(),
                schema_kind: SchemaKind::Any(AnySchema {
                    all_of: vec![reference],
                    ..AnySchema::default()
                }),
            },
        };
        if !has_assertions && !described {
            return linked;
        }
        let mut all_of = vec![linked];
        if has_assertions {
            let mut stated = Schema {
                schema_data: SchemaData::default(),
                schema_kind: rest.schema_kind,
            };
            // What makes a tuple of the members of `allOf` belongs to them.
            if let Some(tuple) = rest.schema_data.extensions.swap_remove(TUPLE) {
                let extensions = &mut stated.schema_data.extensions;
                extensions.insert(TUPLE.to_owned(), tuple);
            }
            all_of.push(ReferenceOr::Item(stated));
        }
        ReferenceOr::Item(Schema {
            schema_data: rest.schema_data,
            schema_kind: SchemaKind::Any(AnySchema {
                all_of,
                ..AnySchema::default()
            }),
        })
    }

    /// Reads the keywords. `beside` is the reference they stand beside.
    fn draft(
        &mut self,
        at: &Cursor<'_, 'a>,
        members: &'a Members,
        holder: Holder,
        beside: Option<&'a str>,
    ) -> Draft<'a> {
        let mut draft = Draft::default();
        let ignores_assertions = beside.is_some() && self.dialect(at) != Dialect::V31;
        if let Some(value) = members.get("type").filter(|_| !ignores_assertions) {
            self.type_names(&at.step("type"), &mut draft, value);
        }
        let branches = draft.types.several();
        let assertions = members
            .keys()
            .filter(|key| types::is_assertion(key))
            .count();
        for (key, value) in members {
            if Some(key.as_str()) == beside || key == "type" && !ignores_assertions {
                continue;
            }
            if holder == Holder::Parameter && is_of_parameter(key) {
                continue;
            }
            if types::is_assertion(key) {
                if ignores_assertions {
                    let message = format!("`{key}` has no effect beside `$ref`; it is ignored");
                    self.issues.warn(&at.step(key), Code::Ignored, message);
                    continue;
                }
                draft.assertions += 1;
            }
            let branch = branches.as_ref().and_then(|branches| {
                branches
                    .iter()
                    .position(|branch| types::belongs(key, branch))
            });
            match branch {
                Some(index) => {
                    let index = index.to_string();
                    {
                        let at = &self.builder.place_below(at, &["anyOf", index.as_str()]);
                        let at = &at.step(key);
                        self.keyword(at, &mut draft, members, assertions, key, value);
                    };
                }
                None => {
                    let at = &at.step(key);
                    self.keyword(at, &mut draft, members, assertions, key, value);
                }
            }
        }
        if !draft.types.is_empty() {
            draft.assertions += 1;
        }
        draft
    }

    /// Reads one keyword, at its value.
    fn keyword(
        &mut self,
        at: &Cursor<'_, 'a>,
        draft: &mut Draft<'a>,
        members: &'a Members,
        assertions: usize,
        key: &'a str,
        value: &'a Value,
    ) {
        let Draft { any, data, .. } = draft;
        match key {
            "title" => data.title = values::text(&mut self.issues, at, value),
            "description" => data.description = values::text(&mut self.issues, at, value),
            "nullable" | "x-nullable" => data.nullable |= values::flag(&mut self.issues, at, value),
            "readOnly" => data.read_only = values::flag(&mut self.issues, at, value),
            "writeOnly" => data.write_only = values::flag(&mut self.issues, at, value),
            "deprecated" => data.deprecated = values::flag(&mut self.issues, at, value),
            "default" => data.default = Some(value.clone()).filter(|value| !value.is_null()),
            "discriminator" => data.discriminator = self.discriminator(at, value),
            "format" => any.format = values::text(&mut self.issues, at, value),
            "pattern" => any.pattern = values::text(&mut self.issues, at, value),
            "minLength" => any.min_length = values::count(&mut self.issues, at, value),
            "maxLength" => any.max_length = values::count(&mut self.issues, at, value),
            "multipleOf" | "divisibleBy" => {
                any.multiple_of = values::number(&mut self.issues, at, value)
            }
            "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" => {
                super::keywords::bound(&mut self.issues, at, any, key, value);
            }
            "minItems" => any.min_items = values::count(&mut self.issues, at, value),
            "maxItems" => any.max_items = values::count(&mut self.issues, at, value),
            "uniqueItems" => any.unique_items = Some(values::flag(&mut self.issues, at, value)),
            "minProperties" => any.min_properties = values::count(&mut self.issues, at, value),
            "maxProperties" => any.max_properties = values::count(&mut self.issues, at, value),
            "required" => self.required(at, any, value),
            "properties" => self.properties(at, draft, value),
            "additionalProperties" => self.additional(at, any, value),
            "patternProperties" => self.patterns(at, draft, members, value),
            "items" => match value {
                Value::Array(_) => draft.tuple = Some((key, value, members.get("additionalItems"))),
                // It says what follows the items of a tuple, which is read with them.
                _ if members.contains_key("prefixItems") => {}
                _ => any.items = Some(self.boxed_schema(at, value)),
            },
            "prefixItems" => draft.tuple = Some((key, value, members.get("items"))),
            "allOf" => {
                let all_of = &mut any.all_of;
                for (ref at, item) in self.items(at, value) {
                    all_of.push(self.schema(at, item));
                }
            }
            "anyOf" | "oneOf" => self.union(at, draft, members, assertions, key, value),
            "not" => any.not = Some(Box::new(self.schema(at, value))),
            "enum" => any.enumeration = super::finish::enum_values(&mut self.issues, at, value),
            "const" => any.enumeration = vec![value.clone()],
            "contentEncoding" | "contentMediaType" => {
                super::keywords::content_keyword(&mut self.issues, at, any, members, key, value)
            }
            "if" => {}
            "then" | "else" | "dependentSchemas" => self.conditional(at, any, members, key, value),
            _ if key.starts_with("x-") => {
                data.extensions.insert(key.to_owned(), value.clone());
            }
            _ if types::is_annotation(key) => {}
            _ if types::is_unsupported(key) => {
                self.issues.warn(
                    at,
                    Code::Lossy,
                    format!("`{key}` is not supported; values are not checked against it"),
                );
            }
            _ => self.issues.unknown_key(at, key, keywords::SCHEMA),
        }
    }
}

fn report_missing_schema<'a>(
    issues: &mut Issues<'_>,
    at: &Cursor<'_, 'a>,
    key: &'a str,
    miss: crate::diagnostics::Diagnostic,
) {
    if miss.code != Code::DanglingRef {
        issues.report(&at.step(key), miss);
        return;
    }
    let mut repaired = crate::diagnostics::Diagnostic::new(
        Code::DanglingSchema,
        format!("{}; any value is accepted", miss.message),
    );
    repaired.help = miss.help;
    issues.report(&at.step(key), repaired);
}

/// The schema that permits no value.
pub(super) fn nothing() -> Schema {
    let mut schema = anything();
    if let SchemaKind::Any(any) = &mut schema.schema_kind {
        any.not = Some(Box::new(ReferenceOr::Item(anything())));
    }
    schema
}

/// Whether a key is one of the parameter or header itself rather than of the schema in it.
fn is_of_parameter(key: &str) -> bool {
    key == "collectionFormat" || keywords::PARAMETER.contains(&key)
}
