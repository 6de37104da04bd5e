//! Schema keywords that have several meanings, or other ones in other dialects.

use openapiv3::{AdditionalProperties, AnySchema, Discriminator};
use serde_json::Value;

use super::{
    Dialect,
    cursor::Cursor,
    issues::Issues,
    reader::{Members, Reader},
    schema::Draft,
    values,
};
use crate::{
    diagnostics::{Code, Diagnostic},
    openapi::ComponentKind,
};

impl<'a> Reader<'a, '_> {
    /// Reads the names of required properties, and common mistakes in their place.
    pub(super) fn required(&mut self, at: &Cursor<'_, 'a>, any: &mut AnySchema, value: &'a Value) {
        match value {
            Value::Array(_) => any.required.extend(self.texts(at, value)),
            Value::Bool(_) => {
                let is_property = at.is_property_keyword();
                let message = match (is_property, value) {
                    (true, Value::Bool(true)) => {
                        "`required: true` belongs into the list `required` of the schema around the property; it is read as an entry there"
                    }
                    _ => {
                        "`required` must be a list of property names, found a boolean; it is ignored"
                    }
                };
                self.issues.warn(at, Code::RequiredMisused, message);
            }
            Value::String(name) if name == "true" || name == "false" => {
                self.issues.warn(
                    at,
                    Code::RequiredMisused,
                    format!(
                        "`required` must be a list of property names, found {value}; it is ignored"
                    ),
                );
            }
            Value::String(name) => {
                self.issues.warn(
                    at,
                    Code::RequiredMisused,
                    format!(
                        "`required` must be a list of property names; it is read as `[{name}]`"
                    ),
                );
                any.required.push(name.clone());
            }
            _ => {
                let found = super::values::describe(value);
                self.issues.warn(
                    at,
                    Code::RequiredMisused,
                    format!(
                        "`required` must be a list of property names, found {found}; it is ignored"
                    ),
                );
            }
        }
    }

    /// Reads the properties, and notes which of them have `required: true`.
    pub(super) fn properties(
        &mut self,
        at: &Cursor<'_, 'a>,
        draft: &mut Draft<'a>,
        value: &'a Value,
    ) {
        for (name, property) in values::members(&mut self.issues, at, value)
            .into_iter()
            .flatten()
        {
            if property.get("required") == Some(&Value::Bool(true))
                && property.get("$ref").is_none()
            {
                draft.flagged.push(name.clone());
            }
            let schema = self.boxed_schema(&at.step(name), property);
            draft.any.properties.insert(name.clone(), schema);
        }
    }

    /// The schema of all other properties.
    pub(super) fn additional(
        &mut self,
        at: &Cursor<'_, 'a>,
        any: &mut AnySchema,
        value: &'a Value,
    ) {
        any.additional_properties = match value {
            Value::Null => None,
            Value::Bool(allowed) => Some(AdditionalProperties::Any(*allowed)),
            Value::String(_) => Some(AdditionalProperties::Any(values::flag(
                &mut self.issues,
                at,
                value,
            ))),
            _ => Some(AdditionalProperties::Schema(Box::new(
                self.schema(at, value),
            ))),
        };
    }

    /// Reads the discriminator: the property, and the schemas of its values.
    pub(super) fn discriminator(
        &mut self,
        at: &Cursor<'_, 'a>,
        value: &'a Value,
    ) -> Option<Discriminator> {
        let mut discriminator = Discriminator::default();
        if let Value::String(name) = value {
            if self.dialect(at) != Dialect::Swagger2 {
                let message = format!(
                    "expected a discriminator object, found a string; it is read as `propertyName: {name}`"
                );
                self.issues.warn(at, Code::WrongShape, message);
            }
            discriminator.property_name.clone_from(name);
        }
        let members = match value {
            Value::String(_) => None,
            _ => Some(values::members(&mut self.issues, at, value)?),
        };
        for (key, value) in members.into_iter().flatten() {
            let at = &at.step(key);
            match key.as_str() {
                "propertyName" => {
                    discriminator.property_name =
                        values::text(&mut self.issues, at, value).unwrap_or_default();
                }
                "mapping" => {
                    for (ref at, tag, target) in values::entries(&mut self.issues, at, value) {
                        if let Some(target) = self.mapped(at, target) {
                            discriminator.mapping.insert(tag.to_owned(), target);
                        }
                    }
                }
                "defaultMapping" => self.issues.warn(
                    at,
                    Code::Lossy,
                    "`defaultMapping` is not supported; values with other tags are kept as JSON",
                ),
                _ if key.starts_with("x-") => {
                    discriminator.extensions.insert(key.clone(), value.clone());
                }
                _ => self
                    .issues
                    .unknown_key(at, key, &["propertyName", "mapping"]),
            }
        }
        if discriminator.property_name.is_empty() {
            self.issues.warn(
                at,
                Code::LeftOut,
                "the discriminator has no `propertyName`; it is ignored",
            );
            return None;
        }
        Some(discriminator)
    }

    /// Reads a target of a discriminator's mapping: the bare name of a schema, or a reference.
    fn mapped(&mut self, at: &Cursor<'_, 'a>, value: &'a Value) -> Option<String> {
        let Value::String(target) = value else {
            self.issues.misshapen(at, value, "the name of a schema");
            return None;
        };
        if self.links.declared(ComponentKind::Schema, target).is_some() {
            return Some(self.component_reference(ComponentKind::Schema, target));
        }
        match self.link(at, target, ComponentKind::Schema) {
            Ok(reference) => Some(reference),
            Err(miss) => {
                let message =
                    format!("unresolved schema `{target}`; values with this tag are kept as JSON");
                let mut diagnostic = Diagnostic::new(Code::DanglingSchema, message);
                diagnostic.help = miss.help.filter(|_| miss.code == Code::DanglingRef);
                self.issues.report(at, diagnostic);
                None
            }
        }
    }
}

/// A bound of numbers: exclusive ones are flags up to 3.0, and numbers after that.
pub(super) fn bound<'a>(
    issues: &mut Issues<'_>,
    at: &Cursor<'_, 'a>,
    any: &mut AnySchema,
    key: &str,
    value: &'a Value,
) {
    let is_lower = key.ends_with("inimum");
    let (limit, exclusive) = match is_lower {
        true => (&mut any.minimum, &mut any.exclusive_minimum),
        false => (&mut any.maximum, &mut any.exclusive_maximum),
    };
    if !key.starts_with("exclusive") {
        let number = values::number(issues, at, value);
        // A stricter bound of the other kind may have been read before.
        if limit.is_none() {
            *limit = number;
        }
    } else if value.is_boolean() {
        *exclusive = value.as_bool();
    } else if let Some(number) = values::number(issues, at, value) {
        *limit = Some(number);
        *exclusive = Some(true);
    }
}

/// Reads `contentEncoding` and `contentMediaType`: binary strings and base64 are formats of 3.0.
pub(super) fn content_keyword<'a>(
    issues: &mut Issues<'_>,
    at: &Cursor<'_, 'a>,
    any: &mut AnySchema,
    members: &'a Members,
    key: &str,
    value: &'a Value,
) {
    let text = values::text(issues, at, value)
        .unwrap_or_default()
        .to_ascii_lowercase();
    let format = if key == "contentEncoding" {
        match text.as_str() {
            "base64" => Some("byte"),
            "base64url" => Some("base64url"),
            "binary" => Some("binary"),
            _ => None,
        }
    } else if members.contains_key("contentEncoding") {
        return;
    } else {
        let is_binary = ["image/", "audio/", "video/"]
            .iter()
            .any(|kind| text.starts_with(kind))
            || matches!(
                text.as_str(),
                "application/octet-stream" | "application/pdf" | "application/zip"
            );
        is_binary.then_some("binary")
    };
    match format {
        Some(format) => {
            any.format.get_or_insert_with(|| format.to_owned());
        }
        None => issues.warn(
            at,
            Code::Lossy,
            format!("`{key}: {text}` is not supported; values are not decoded"),
        ),
    }
}
