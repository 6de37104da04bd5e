//! The schemas of parameters, headers and form fields, and the array formats of Swagger 2.0.

use openapiv3::{ParameterSchemaOrContent, ReferenceOr, Schema};
use serde_json::Value;

use super::{
    Dialect,
    cursor::Cursor,
    reader::{Members, Reader},
    schema::{Holder, anything},
};
use crate::diagnostics::Code;

/// How an array is written into one string.
pub(super) struct ListStyle {
    pub(super) style: Option<&'static str>,
    pub(super) explode: bool,
}

impl<'a> Reader<'a, '_> {
    /// How an array is written, if `collectionFormat` or its default in Swagger 2.0 decides that.
    pub(super) fn list_style(
        &mut self,
        at: &Cursor<'_, 'a>,
        members: &'a Members,
        place: &str,
    ) -> Option<ListStyle> {
        let format = members.get("collectionFormat");
        let is_old = self.dialect(at) == Dialect::Swagger2;
        let is_list = members.get("type").is_some_and(|typ| typ == "array");
        if !is_list || !(is_old || format.is_some()) {
            return None;
        }
        let has_form = !matches!(place, "path" | "header");
        let format = format.and_then(Value::as_str).unwrap_or("csv");
        let (style, explode) = match format {
            "csv" => (None, false),
            "multi" if has_form => (Some("form"), true),
            "ssv" if has_form => (Some("spaceDelimited"), false),
            "tsv" if has_form => {
                self.issues.warn(
                    &at.step("collectionFormat"),
                    Code::Lossy,
                    "`collectionFormat: tsv` is not supported; values are separated by spaces",
                );
                (Some("spaceDelimited"), false)
            }
            "pipes" if has_form => (Some("pipeDelimited"), false),
            _ => {
                let message =
                    format!("unsupported `collectionFormat: {format}`; it is read as `csv`");
                self.issues
                    .warn(&at.step("collectionFormat"), Code::ValueMisfit, message);
                (None, false)
            }
        };
        let style = style.or(has_form.then_some("form"));
        Some(ListStyle { style, explode })
    }

    /// The values of a parameter or header: by a schema, by a media type, or by keywords of its own.
    pub(super) fn schema_or_content(
        &mut self,
        at: &Cursor<'_, 'a>,
        members: &'a Members,
        name: &str,
    ) -> ParameterSchemaOrContent {
        if let Some(schema) = members.get("schema").filter(|schema| !schema.is_null()) {
            let schema = self.schema(&at.step("schema"), schema);
            return ParameterSchemaOrContent::Schema(schema);
        }
        if let Some(content @ Value::Object(media)) = members.get("content")
            && !media.is_empty()
        {
            let content = self.content(&at.step("content"), content);
            return ParameterSchemaOrContent::Content(content);
        }
        ParameterSchemaOrContent::Schema(self.inline_schema(at, members, name))
    }

    /// The schema that the keywords of a parameter or header make.
    pub(super) fn inline_schema(
        &mut self,
        at: &Cursor<'_, 'a>,
        members: &'a Members,
        name: &str,
    ) -> ReferenceOr<Schema> {
        let type_keywords = [
            "type",
            "enum",
            "format",
            "items",
            "oneOf",
            "anyOf",
            "allOf",
            "properties",
        ];
        let has_type = type_keywords.iter().any(|key| members.contains_key(*key));
        if !has_type {
            self.issues.warn(
                at,
                Code::MissingPart,
                format!("`{name}` has no schema; it is read as a string"),
            );
            let mut schema = anything();
            if let openapiv3::SchemaKind::Any(any) = &mut schema.schema_kind {
                any.typ = Some("string".to_owned());
            }
            return ReferenceOr::Item(schema);
        }
        if self.dialect(at) != Dialect::Swagger2 {
            self.issues.warn(
                at,
                Code::Misplaced,
                format!("the schema keywords of `{name}` belong into its `schema`; they are read as that"),
            );
        }
        {
            let at = &self.builder.place_below(at, &["schema"]);
            self.schema_of(at, members, Holder::Parameter)
        }
    }
}
