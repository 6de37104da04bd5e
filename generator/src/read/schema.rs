//! Schemas of every dialect to `SchemaKind::Any`.

use openapiv3::{AnySchema, ReferenceOr, Schema, SchemaData, SchemaKind};
use serde_json::Value;

use super::{
    Dialect,
    links::Kind,
    reader::{Members, Reader},
    types::{self, Types},
};
use crate::{diagnostics::Code, openapi::keywords};

/// A schema while it is read.
#[derive(Default)]
pub(super) struct Draft<'a> {
    pub(super) any: AnySchema,
    pub(super) data: SchemaData,
    pub(super) types: Types,
    /// How many keywords say something about values, beside those that describe.
    pub(super) real: usize,
    /// The items of a tuple, whatever may follow them, and the key they stand under.
    pub(super) tuple: Option<(&'a str, &'a Value, Option<&'a Value>)>,
    /// The items of a tuple that is one of several types, in order.
    pub(super) closed: Vec<ReferenceOr<Schema>>,
    /// What the only member of a union says.
    pub(super) sole: Option<ReferenceOr<Schema>>,
    /// The only members of unions beside other keywords.
    pub(super) alternatives: Vec<ReferenceOr<Schema>>,
    /// Properties that say of themselves that they are required.
    pub(super) flagged: Vec<String>,
    /// The schemas of properties that are named by patterns.
    pub(super) patterns: Vec<ReferenceOr<Schema>>,
}

/// What the keywords of a schema stand in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Holder {
    /// A schema.
    Schema,
    /// A parameter or header of Swagger 2.0, which has keywords of its own.
    Parameter,
}

/// The schema without any keyword.
pub(super) fn anything() -> Schema {
    Schema {
        schema_data: SchemaData::default(),
        schema_kind: SchemaKind::Any(AnySchema::default()),
    }
}

impl<'a> Reader<'a, '_> {
    /// The schema at this node, or the component it becomes because something else refers to it.
    pub(super) fn schema(&mut self, node: &'a Value) -> ReferenceOr<Schema> {
        match self.moved_if_referenced(node, Kind::Schema) {
            Some(reference) => reference,
            None => self.schema_here(node),
        }
    }

    /// As [`schema`](Self::schema), in a box.
    pub(super) fn boxed_schema(&mut self, node: &'a Value) -> ReferenceOr<Box<Schema>> {
        match self.schema(node) {
            ReferenceOr::Item(schema) => ReferenceOr::Item(Box::new(schema)),
            ReferenceOr::Reference { reference } => ReferenceOr::Reference { reference },
        }
    }

    /// The schema at this node.
    pub(super) fn schema_here(&mut self, node: &'a Value) -> ReferenceOr<Schema> {
        ReferenceOr::Item(match node {
            Value::Object(members) => return self.schema_of(members, Holder::Schema),
            Value::Bool(true) => anything(),
            Value::Bool(false) => nothing(),
            Value::String(name) => {
                self.say(
                    Code::WrongShape,
                    format!("the text {node} stands where a schema must, and is read as its type"),
                );
                let mut draft = Draft::default();
                self.type_name(&mut draft, name);
                return self.finish(draft, None);
            }
            Value::Array(items) if items.len() == 1 => {
                self.say(
                    Code::WrongShape,
                    "a list stands where a schema must: its only item is taken",
                );
                self.enter_item(0);
                let only = self.schema(&items[0]);
                self.leave();
                return only;
            }
            _ => {
                let found = super::values::describe(node);
                self.say(
                    Code::WrongShape,
                    format!("{found} stands where a schema must, and is read as any value"),
                );
                anything()
            }
        })
    }

    /// The schema that some members of a mapping make.
    pub(super) fn schema_of(
        &mut self,
        members: &'a Members,
        holder: Holder,
    ) -> ReferenceOr<Schema> {
        let reference = ["$ref", "$dynamicRef", "$recursiveRef"]
            .into_iter()
            .find_map(|key| Some((key, members.get(key)?)));
        let Some((key, reference)) = reference else {
            let draft = self.draft(members, holder, None);
            return self.finish(draft, Some(members));
        };
        let Value::String(text) = reference else {
            self.say_of(
                key,
                Code::WrongShape,
                format!("`{key}` is a text: the schema is read as any value"),
            );
            return ReferenceOr::Item(anything());
        };
        let linked = match self.link(text, Kind::Schema) {
            Ok(reference) => ReferenceOr::Reference { reference },
            Err(miss) => {
                self.report_missing_schema(key, miss);
                ReferenceOr::Item(anything())
            }
        };
        if members.len() == 1 {
            return linked;
        }
        self.beside_reference(members, key, linked)
    }

    /// A reference that is not alone. Since 3.1 whatever stands beside it counts; before that, what
    /// describes is taken as it was meant, and all else means nothing.
    fn beside_reference(
        &mut self,
        members: &'a Members,
        own: &'a str,
        linked: ReferenceOr<Schema>,
    ) -> ReferenceOr<Schema> {
        let counts = self.dialect() == Dialect::V31;
        let draft = if counts && members.keys().any(|key| types::is_real(key)) {
            self.at_further(&["allOf", "1"], |reader| {
                reader.draft(members, Holder::Schema, Some(own))
            })
        } else {
            self.draft(members, Holder::Schema, Some(own))
        };
        let is_real = draft.real > 0;
        let described = draft.data != SchemaData::default();
        let rest = match self.finish(draft, Some(members)) {
            ReferenceOr::Item(rest) => rest,
            reference @ ReferenceOr::Reference { .. } => Schema {
                schema_data: SchemaData::default(),
                schema_kind: SchemaKind::Any(AnySchema {
                    all_of: vec![reference],
                    ..AnySchema::default()
                }),
            },
        };
        if !is_real && !described {
            return linked;
        }
        let mut all_of = vec![linked];
        if is_real {
            all_of.push(ReferenceOr::Item(Schema {
                schema_data: SchemaData::default(),
                schema_kind: rest.schema_kind,
            }));
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
        members: &'a Members,
        holder: Holder,
        beside: Option<&'a str>,
    ) -> Draft<'a> {
        let mut draft = Draft::default();
        let ignores_real = beside.is_some() && self.dialect() != Dialect::V31;
        if let Some(value) = members.get("type").filter(|_| !ignores_real) {
            self.within("type", |reader| reader.type_names(&mut draft, value));
        }
        let branches = draft.types.several();
        let real = members.keys().filter(|key| types::is_real(key)).count();
        for (key, value) in members {
            if Some(key.as_str()) == beside || key == "type" && !ignores_real {
                continue;
            }
            if holder == Holder::Parameter && is_of_parameter(key) {
                continue;
            }
            if types::is_real(key) {
                if ignores_real {
                    let message = format!("`{key}` beside `$ref` means nothing and is ignored");
                    self.say_of(key, Code::Ignored, message);
                    continue;
                }
                draft.real += 1;
            }
            let branch = branches.as_ref().and_then(|branches| {
                branches
                    .iter()
                    .position(|branch| types::belongs(key, branch))
            });
            match branch {
                Some(index) => {
                    let index = index.to_string();
                    self.at_further(&["anyOf", index.as_str()], |reader| {
                        reader.enter(key);
                        reader.keyword(&mut draft, members, real, key, value);
                        reader.leave();
                    });
                }
                None => {
                    self.enter(key);
                    self.keyword(&mut draft, members, real, key, value);
                    self.leave();
                }
            }
        }
        if !draft.types.is_empty() {
            draft.real += 1;
        }
        draft
    }

    /// Reads one keyword, at its value.
    fn keyword(
        &mut self,
        draft: &mut Draft<'a>,
        members: &'a Members,
        real: usize,
        key: &'a str,
        value: &'a Value,
    ) {
        let Draft { any, data, .. } = draft;
        match key {
            "title" => data.title = self.text(value),
            "description" => data.description = self.text(value),
            "nullable" | "x-nullable" => data.nullable |= self.flag(value),
            "readOnly" => data.read_only = self.flag(value),
            "writeOnly" => data.write_only = self.flag(value),
            "deprecated" => data.deprecated = self.flag(value),
            "default" => data.default = Some(value.clone()).filter(|value| !value.is_null()),
            "discriminator" => data.discriminator = self.discriminator(value),
            "format" => any.format = self.text(value),
            "pattern" => any.pattern = self.text(value),
            "minLength" => any.min_length = self.count(value),
            "maxLength" => any.max_length = self.count(value),
            "multipleOf" | "divisibleBy" => any.multiple_of = self.number(value),
            "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" => {
                self.bound(any, key, value);
            }
            "minItems" => any.min_items = self.count(value),
            "maxItems" => any.max_items = self.count(value),
            "uniqueItems" => any.unique_items = Some(self.flag(value)),
            "minProperties" => any.min_properties = self.count(value),
            "maxProperties" => any.max_properties = self.count(value),
            "required" => self.required(any, value),
            "properties" => self.properties(draft, value),
            "additionalProperties" => self.additional(any, value),
            "patternProperties" => self.patterns(draft, members, value),
            "items" => match value {
                Value::Array(_) => draft.tuple = Some((key, value, members.get("additionalItems"))),
                // It says what follows the items of a tuple, which is read with them.
                _ if members.contains_key("prefixItems") => {}
                _ => any.items = Some(self.boxed_schema(value)),
            },
            "prefixItems" => draft.tuple = Some((key, value, members.get("items"))),
            "allOf" => {
                let all_of = &mut any.all_of;
                self.each(value, |reader, item| all_of.push(reader.schema(item)));
            }
            "anyOf" | "oneOf" => self.union(draft, members, real, key, value),
            "not" => any.not = Some(Box::new(self.schema(value))),
            "enum" => any.enumeration = self.values(value),
            "const" => any.enumeration = vec![value.clone()],
            "contentEncoding" | "contentMediaType" => {
                self.content_keyword(any, members, key, value)
            }
            "if" => {}
            "then" | "else" | "dependentSchemas" => self.conditional(any, members, key, value),
            _ if key.starts_with("x-") => {
                data.extensions.insert(key.to_owned(), value.clone());
            }
            _ if types::is_silent(key) => {}
            _ if types::is_lossy(key) => {
                self.say(
                    Code::Lossy,
                    format!("`{key}` is left out: values are not checked against it"),
                );
            }
            _ => self.unknown(key, keywords::SCHEMA),
        }
    }

    fn report_missing_schema(&mut self, key: &'a str, miss: crate::diagnostics::Diagnostic) {
        if miss.code != Code::DanglingRef {
            self.report_of(key, miss);
            return;
        }
        let mut repaired = crate::diagnostics::Diagnostic::new(
            Code::DanglingSchema,
            format!("{}: any value is taken", miss.message),
        );
        repaired.help = miss.help;
        self.report_of(key, repaired);
    }
}

/// The schema that no value fits.
pub(super) fn nothing() -> Schema {
    let mut schema = anything();
    if let SchemaKind::Any(any) = &mut schema.schema_kind {
        any.not = Some(Box::new(ReferenceOr::Item(anything())));
    }
    schema
}

/// Keys of parameters and headers that are no keywords of the schema which stands among them.
fn is_of_parameter(key: &str) -> bool {
    key == "collectionFormat" || keywords::PARAMETER.contains(&key)
}
