//! Writes schemas as OpenAPI does.

use serde_json::{Map, Value, json};

use super::{Additional, SchemaId, Spec};

impl Spec {
    /// A schema as JSON, without annotations; components are references.
    pub(crate) fn schema_json(&self, id: SchemaId) -> Value {
        let schema = self.declared(id);
        if let Some(name) = schema.component() {
            return json!({ "$ref": format!("#/components/schemas/{}", crate::openapi::reference::escape(name)) });
        }
        let keywords = &schema.keywords;
        let list = |ids: &[SchemaId]| -> Option<Value> {
            let items = ids.iter().map(|id| self.schema_json(*id));
            (!ids.is_empty()).then(|| items.collect())
        };
        let properties = keywords.properties.iter();
        let properties: Map<String, Value> = properties
            .map(|(name, property)| (name.clone(), self.schema_json(*property)))
            .collect();
        let additional = match keywords.additional {
            Additional::Unspecified => None,
            Additional::Any => Some(json!(true)),
            Additional::Forbidden => Some(json!(false)),
            Additional::Schema(values) => Some(self.schema_json(values)),
        };
        let flag = |set: bool| set.then(|| json!(true));
        let filled = |values: &[Value]| (!values.is_empty()).then(|| json!(values));
        let members = [
            ("type", keywords.typ.as_ref().map(|it| json!(it))),
            ("format", keywords.format.as_ref().map(|it| json!(it))),
            ("nullable", flag(schema.nullable)),
            ("enum", filled(&keywords.enumeration)),
            ("pattern", keywords.pattern.as_ref().map(|it| json!(it))),
            ("multipleOf", keywords.multiple_of.map(|it| json!(it))),
            ("minimum", keywords.minimum.map(|it| json!(it))),
            ("exclusiveMinimum", flag(keywords.exclusive_minimum)),
            ("maximum", keywords.maximum.map(|it| json!(it))),
            ("exclusiveMaximum", flag(keywords.exclusive_maximum)),
            ("minLength", keywords.min_length.map(|it| json!(it))),
            ("maxLength", keywords.max_length.map(|it| json!(it))),
            ("minItems", keywords.min_items.map(|it| json!(it))),
            ("maxItems", keywords.max_items.map(|it| json!(it))),
            ("uniqueItems", flag(keywords.unique_items)),
            ("minProperties", keywords.min_properties.map(|it| json!(it))),
            ("maxProperties", keywords.max_properties.map(|it| json!(it))),
            (
                "required",
                (!keywords.required.is_empty()).then(|| json!(keywords.required)),
            ),
            (
                "properties",
                (!properties.is_empty()).then_some(Value::Object(properties)),
            ),
            ("additionalProperties", additional),
            ("items", keywords.items.map(|items| self.schema_json(items))),
            ("prefixItems", keywords.tuple.as_deref().and_then(list)),
            ("allOf", list(&keywords.all_of)),
            ("oneOf", list(&keywords.one_of)),
            ("anyOf", list(&keywords.any_of)),
            ("not", keywords.not.map(|not| self.schema_json(not))),
        ];
        let members = members.into_iter();
        let members = members.filter_map(|(key, value)| Some((key.to_owned(), value?)));
        Value::Object(members.collect())
    }
}
