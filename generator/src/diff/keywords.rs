//! What a schema says, keyword by keyword.

use std::sync::LazyLock;

use openapiv3::{AnySchema, ReferenceOr, Schema, SchemaKind};

/// The extension that tells a tuple: `allOf` holds the schemas of its items, in order.
const TUPLE: &str = "x-sdkgen-tuple";

/// The keywords of a schema; the normalized description has them all in one place.
pub(super) fn keywords(schema: &Schema) -> &AnySchema {
    static NONE: LazyLock<AnySchema> = LazyLock::new(AnySchema::default);
    match &schema.schema_kind {
        SchemaKind::Any(any) => any,
        _ => &NONE,
    }
}

pub(super) fn is_tuple(schema: &Schema) -> bool {
    schema.schema_data.extensions.contains_key(TUPLE)
}

/// Whether a schema is that of any value.
pub(super) fn is_anything(schema: &ReferenceOr<Schema>) -> bool {
    schema.as_item().is_some_and(|schema| {
        let any = keywords(schema);
        any.all_of.is_empty() && !says_something(any)
    })
}

/// Whether a schema says more than that others must hold as well.
pub(super) fn says_something(any: &AnySchema) -> bool {
    any.typ.is_some()
        || any.format.is_some()
        || !any.enumeration.is_empty()
        || !any.properties.is_empty()
        || !any.required.is_empty()
        || any.additional_properties.is_some()
        || any.items.is_some()
        || !any.one_of.is_empty()
        || !any.any_of.is_empty()
        || any.not.is_some()
        || any.pattern.is_some()
        || any.multiple_of.is_some()
        || any.minimum.is_some()
        || any.maximum.is_some()
        || any.min_length.is_some()
        || any.max_length.is_some()
        || any.min_items.is_some()
        || any.max_items.is_some()
        || any.unique_items.is_some()
        || any.min_properties.is_some()
        || any.max_properties.is_some()
}

/// Alternatives by their place. One that stands twice is one.
pub(super) fn distinct(members: &[ReferenceOr<Schema>]) -> Vec<(usize, &ReferenceOr<Schema>)> {
    let mut distinct: Vec<(usize, &ReferenceOr<Schema>)> = Vec::new();
    for (index, member) in members.iter().enumerate() {
        if !distinct.iter().any(|(_, known)| *known == member) {
            distinct.push((index, member));
        }
    }
    distinct
}
