//! Properties and values of enums.

use std::collections::BTreeSet;

use serde_json::Value;

use super::schema::{DeclarationContext, Schemas};
use crate::{
    config,
    diagnostics::{Code, Diagnostic},
    model::{Field, Scalar, ScalarValue, Type, TypeKind},
    openapi::Pointer,
    spec::{Keywords, Schema, SchemaId, VALUE_NAMES},
};

impl Schemas<'_> {
    /// A field for a property that has its own context.
    pub(super) fn field(
        &mut self,
        wire: &str,
        property: SchemaId,
        required: bool,
        context: &DeclarationContext,
    ) -> Field {
        let ty = self.lower(property, context);
        let mut field = self.field_of_type(wire, ty, &[property], required, context);
        if let Some(schema) = self.spec.inline(property) {
            field.description.clone_from(&schema.description);
            field.read_only = schema.read_only;
            field.write_only = schema.write_only;
            field.deprecated = schema.deprecated;
            field.default = default_of(schema);
        }
        field
    }

    /// A field of a type, without description, default or flags.
    pub(super) fn field_of_type(
        &mut self,
        wire: &str,
        ty: Type,
        schemas: &[SchemaId],
        required: bool,
        context: &DeclarationContext,
    ) -> Field {
        let mut ty = ty;
        if self.config.is_secret(&config::key(&context.words)) {
            ty = self.secret(ty, context);
        }
        // Any value includes null.
        let nullable = ty != Type::Any && self.spec.is_nullable(schemas);
        let constant = match nullable {
            true => None,
            false => self.constant(schemas),
        };
        Field {
            wire: wire.to_owned(),
            nullable,
            ty,
            description: None,
            required,
            read_only: false,
            write_only: false,
            deprecated: false,
            default: None,
            constant,
            boxed: false,
            is_recursive: false,
        }
    }

    /// The only value that schemas permit together.
    fn constant(&self, schemas: &[SchemaId]) -> Option<Scalar> {
        let has_few_parts = |id: &SchemaId| {
            // A property that is an object is no constant, and what it inherits need not be combined.
            let keywords = self.spec.keywords(*id);
            !keywords.is_object() && keywords.all_of.len() <= 4
        };
        if !schemas.iter().all(has_few_parts) {
            return None;
        }
        let combined;
        let values = match schemas {
            [only] if self.spec.keywords(*only).all_of.is_empty() => {
                self.spec.keywords(*only).enumeration.as_slice()
            }
            _ => {
                combined = self.spec.meaning(schemas);
                combined.enumeration.as_deref().unwrap_or_default()
            }
        };
        match values {
            [only] => scalar(only),
            _ => None,
        }
    }

    fn secret(&mut self, ty: Type, context: &DeclarationContext) -> Type {
        match ty {
            Type::String | Type::Secret => Type::Secret,
            Type::Map(values) => Type::Map(Box::new(self.secret(*values, context))),
            Type::Array(items) => Type::Array(Box::new(self.secret(*items, context))),
            other => {
                let key = config::key(&context.words);
                let message = format!("`{key}` is not a string, so it cannot be a secret");
                self.config.misfit("secrets", &key, message, self.sink);
                other
            }
        }
    }

    /// The type of an `enum`; `None`, which is reported, if its values are not scalars.
    pub(super) fn enumeration(
        &mut self,
        schema: &Schema,
        keywords: &Keywords,
        context: &DeclarationContext,
    ) -> Option<Type> {
        let at = context.at.join("enum");
        let values = &keywords.enumeration;
        if values.iter().all(Value::is_string) {
            let values: Vec<String> = values
                .iter()
                .filter_map(Value::as_str)
                .map(str::to_owned)
                .collect();
            let values = self.distinct(values.iter(), &at);
            return Some(self.declare(context, schema, TypeKind::Enum(values)));
        }
        if values.iter().all(Value::is_boolean) {
            return Some(Type::Bool);
        }
        let scalars: Option<Vec<Scalar>> = values.iter().map(scalar).collect();
        let Some(scalars) = scalars else {
            self.simplified(
                "the `enum` contains objects, lists or null; its values are not rendered",
                &at,
            );
            return None;
        };
        let names = names_of(schema, scalars.len());
        let mut listed: Vec<ScalarValue> = Vec::new();
        for (index, value) in scalars.into_iter().enumerate() {
            if listed.iter().any(|known| known.value == value) {
                let message = format!("`{}` is listed twice; the second is ignored", values[index]);
                self.sink
                    .at(&at, Diagnostic::new(Code::ListedTwice, message));
                continue;
            }
            let name = names.get(index).cloned();
            listed.push(ScalarValue { value, name });
        }
        Some(self.declare(context, schema, TypeKind::ScalarEnum(listed)))
    }

    /// The distinct items of a list; reports duplicates.
    pub(super) fn distinct<'i>(
        &mut self,
        items: impl Iterator<Item = &'i String>,
        at: &Pointer,
    ) -> Vec<String> {
        let mut distinct: Vec<String> = Vec::new();
        let mut known = BTreeSet::new();
        for item in items {
            if known.insert(item) {
                distinct.push(item.clone());
            } else {
                let message = format!("`{item}` is listed twice; the second is ignored");
                self.sink
                    .at(at, Diagnostic::new(Code::ListedTwice, message));
            }
        }
        distinct
    }
}

/// The only string that a schema permits.
pub(super) fn only_text(schema: &Schema) -> Option<&str> {
    match schema.keywords.enumeration.as_slice() {
        [Value::String(only)] => Some(only),
        _ => None,
    }
}

/// The default as JSON, with sorted object members.
pub(super) fn default_of(schema: &Schema) -> Option<String> {
    let mut default = schema.default.clone()?;
    default.sort_all_objects();
    Some(default.to_string())
}

/// A scalar as the text of a tag.
pub(super) fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

pub(super) fn scalar(value: &Value) -> Option<Scalar> {
    match value {
        Value::String(text) => Some(Scalar::Text(text.clone())),
        Value::Bool(value) => Some(Scalar::Bool(*value)),
        Value::Number(number) => match (number.as_i64(), number.as_u64()) {
            (Some(integer), _) => Some(Scalar::Integer(integer.into())),
            (None, Some(integer)) => Some(Scalar::Integer(integer.into())),
            (None, None) => number.as_f64().map(whole_or_not),
        },
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// JSON does not distinguish 1 from 1.0.
fn whole_or_not(number: f64) -> Scalar {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if number.fract() == 0.0 && number.abs() < EXACT {
        Scalar::Integer(number as i128)
    } else {
        Scalar::Number(number)
    }
}

/// The names that an extension gives to the values of an enum, if it names each of them.
pub(super) fn names_of(schema: &Schema, count: usize) -> Vec<String> {
    let extensions = &schema.extensions;
    VALUE_NAMES
        .iter()
        .filter_map(|key| extensions.get(*key)?.as_array())
        .filter(|names| names.len() == count)
        .find_map(|names| {
            names
                .iter()
                .map(|name| name.as_str().map(str::to_owned))
                .collect()
        })
        .unwrap_or_default()
}
