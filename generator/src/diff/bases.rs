//! Which schemas are made from which.

use std::collections::{HashMap, HashSet};

use openapiv3::{Components, ReferenceOr};

use super::keywords::keywords;
use crate::resolve::component_name;

/// What is made from each schema, by name.
#[derive(Default)]
pub(super) struct Bases(HashMap<String, Vec<String>>);

impl Bases {
    pub(super) fn of(components: &Components) -> Self {
        let mut bases: HashMap<String, Vec<String>> = HashMap::new();
        for (name, schema) in &components.schemas {
            let members = schema.as_item().map(|schema| &keywords(schema).all_of);
            for member in members.into_iter().flatten() {
                if let ReferenceOr::Reference { reference } = member
                    && let Some(base) = component_name(reference, "schemas")
                {
                    bases.entry(base).or_default().push(name.clone());
                }
            }
        }
        Self(bases)
    }

    /// What is made from a schema, from what is made from that, and so on, each once.
    pub(super) fn below(&self, base: &str) -> Vec<&str> {
        let mut found: Vec<&str> = Vec::new();
        let mut seen = HashSet::from([base]);
        let mut waiting = vec![base];
        while let Some(base) = waiting.pop() {
            for name in self.0.get(base).into_iter().flatten() {
                if seen.insert(name) {
                    found.push(name);
                    waiting.push(name);
                }
            }
        }
        found
    }
}
