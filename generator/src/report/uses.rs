//! Where operations use what is declared elsewhere: a parameter of their path, or of a component.

use std::collections::{BTreeMap, BTreeSet};

use super::Side;
use crate::{diff::Finding, openapi::Pointer};

/// The nodes that stand for a node that is declared elsewhere, each with the operation it is of.
#[derive(Default)]
pub(super) struct Uses(BTreeMap<Vec<String>, BTreeSet<(String, Vec<String>)>>);

impl Uses {
    /// Those of a description.
    pub(super) fn of(side: &Side) -> Self {
        let mut uses = Self::default();
        let compiled = side.description.compiled();
        for operation in compiled.into_iter().flat_map(|it| &it.api.operations) {
            for parameter in &operation.parameters {
                // A node below the operation, whether the parameter is listed there or not.
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

    /// The other nodes that a finding stands at, in the operations it reaches.
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
