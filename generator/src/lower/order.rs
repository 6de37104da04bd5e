//! Sorts everything whose order in the description has no meaning, so that moving a schema or a
//! property changes no byte of the output.

use crate::model::{Api, TypeKind};

/// Sorts types, properties, groups and operations by name. Enum values, parameters and `required`
/// are lists, whose order has a meaning.
pub(super) fn sort(api: &mut Api) {
    api.types.sort_unstable_keys();
    for definition in api.types.values_mut() {
        if let TypeKind::Struct(structure) = &mut definition.kind {
            structure.fields.sort_by(|a, b| a.wire.cmp(&b.wire));
        }
    }
    api.groups.sort_by(|a, b| a.tag.cmp(&b.tag));
    api.operations.sort_by(|a, b| a.id.cmp(&b.id));
}
