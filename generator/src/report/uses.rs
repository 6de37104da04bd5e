//! Maps parameters that are declared elsewhere, in a path item or a component, to the operations that use them.

use std::collections::{BTreeMap, BTreeSet};

use super::Side;
use crate::{diff::Finding, openapi::Pointer};

/// For each declaration, the operations that use it and the nodes at which they do.
#[derive(Default)]
pub(super) struct Uses(BTreeMap<Vec<String>, BTreeSet<(String, Vec<String>)>>);

impl Uses {
    /// The uses in a description.
    pub(super) fn of(side: &Side) -> Self {
        let mut uses = Self::default();
        let compiled = side.description.compiled();
        for operation in compiled.into_iter().flat_map(|it| &it.api.operations) {
            for parameter in &operation.parameters {
                // A node below the operation, even if the parameter is listed in the path item.
                let own = operation.pointer.join_all(["parameters", &parameter.name]);
                for used in [&parameter.pointer, &own] {
                    for declared in [&parameter.pointer, &parameter.declared] {
                        if used != declared {
                            let uses = uses.0.entry(steps(declared)).or_default();
                            uses.insert((operation.id.clone(), steps(used)));
                        }
                    }
                }
            }
        }
        uses
    }

    /// The nodes of a finding in the operations that it affects.
    pub(super) fn of_finding(&self, finding: &Finding, at: &[String]) -> BTreeSet<Vec<String>> {
        let mut found = BTreeSet::new();
        for depth in 0..=at.len() {
            let (node, below) = at.split_at(depth);
            for (operation, used) in self.0.get(node).into_iter().flatten() {
                if finding.operations.binary_search(operation).is_ok() {
                    found.insert([used, below].concat());
                }
            }
        }
        found
    }
}

/// The steps from the root to a node.
pub(super) fn steps(pointer: &Pointer) -> Vec<String> {
    pointer.tokens().map(str::to_owned).collect()
}
