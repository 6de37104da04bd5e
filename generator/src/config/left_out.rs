//! Names that the configuration may use although nothing is rendered of them.

use std::collections::BTreeSet;

/// The operations and components that were not selected.
#[derive(Debug, Default)]
pub(crate) struct LeftOut {
    /// The ids of operations and the names of components.
    pub(crate) names: BTreeSet<String>,
}

impl LeftOut {
    /// Whether a key of the configuration, `Schema.property` or an operationId, is about something
    /// that was not selected.
    pub(crate) fn is_about(&self, key: &str) -> bool {
        let ends = key.match_indices(['.', '[']).map(|(index, _)| index);
        ends.chain([key.len()])
            .any(|end| self.names.contains(&key[..end]))
    }

    /// Whether everything was selected.
    pub(crate) fn is_empty(&self) -> bool {
        self.names.is_empty()
    }
}
