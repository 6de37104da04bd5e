//! The bound on what the schemas of a description inherit in all.

use crate::spec::{Meaning, OwnParts};

/// The most members, properties, required names and listed values that schemas inherit through
/// `allOf`, counted for each schema that inherits them.
///
/// A struct repeats every field that it inherits, so in a chain of schemas that each extend the next
/// one they grow with the square of its length. The largest public descriptions inherit a tenth.
pub(super) const MOST_INHERITED: usize = 500_000;

/// What is left of the bound.
#[derive(Debug)]
pub(super) struct Budget(usize);

impl Default for Budget {
    fn default() -> Self {
        Self(MOST_INHERITED)
    }
}

impl Budget {
    /// Whether nothing more can be inherited.
    pub(super) fn is_spent(&self) -> bool {
        self.0 == 0
    }

    /// Takes off what a meaning has beyond what the schema itself declares.
    pub(super) fn spend(&mut self, meaning: &Meaning, own: OwnParts) {
        let inherited = meaning.weight.saturating_sub(own.weight);
        self.0 = self.0.saturating_sub(inherited);
    }
}
