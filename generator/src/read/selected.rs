//! What was selected: the operations that pass the filter, and the components they require.

use openapiv3::Components;
use serde_json::Value;

use super::{
    builder::Builder, links::Links, required::RequiredComponents, select::OperationFilter,
};
use crate::openapi::ComponentKind;

/// Answers whether a part of the description was selected.
///
/// Operations are selected by the filter, components by the operations that require them. Which files
/// the selection depends on follows from the references that are read, so [`Links`] records it.
pub(super) struct Selected<'a, 's> {
    filter: &'s mut OperationFilter,
    /// `None` without selectors: all components are read.
    required: Option<RequiredComponents<'a>>,
}

impl<'a, 's> Selected<'a, 's> {
    pub(super) fn new(filter: &'s mut OperationFilter) -> Self {
        Self {
            required: (!filter.is_empty()).then(RequiredComponents::default),
            filter,
        }
    }

    /// Whether the whole description is selected.
    pub(super) fn is_everything(&self) -> bool {
        self.required.is_none()
    }

    /// Whether an operation is selected. The method is in lower case.
    pub(super) fn keeps(&mut self, method: &str, path: &str, operation: &Value) -> bool {
        self.filter.keeps(method, path, operation)
    }

    /// Whether webhooks are selected: a selector that includes names operations, which they are not.
    pub(super) fn keeps_webhooks(&self) -> bool {
        !self.filter.has_includes()
    }

    /// Whether a declared component is read where it stands, and not when something requires it.
    pub(super) fn keeps_component(&self, kind: ComponentKind) -> bool {
        self.is_everything() || kind == ComponentKind::SecurityScheme
    }

    /// Notes that something selected requires a component, and queues it the first time.
    pub(super) fn require(
        &mut self,
        kind: ComponentKind,
        name: &'a str,
        links: &mut Links<'a>,
        builder: &mut Builder<'a>,
    ) {
        if let Some(required) = &mut self.required {
            required.require(kind, name, links, builder);
        }
    }

    /// Notes that all paths were read, and whether none was selected.
    pub(super) fn finish_paths(&mut self, is_empty: bool) {
        self.filter.finish_paths(is_empty);
    }

    /// Notes which components were not required, and puts the others in the order in which the
    /// description declares them.
    pub(super) fn finish_components(&mut self, links: &Links<'a>, components: &mut Components) {
        let Some(required) = &self.required else {
            return;
        };
        for name in required.missing(links) {
            self.filter.leave_out(name);
        }
        super::required::restore_order(links, components);
    }
}
