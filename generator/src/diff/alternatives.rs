//! Pairs the alternatives of two unions.

use std::{
    cmp::Reverse,
    collections::{HashMap, HashSet},
};

use super::{
    merged::{Merged, Schemas},
    node::Node,
    similarity::{are_similar, score},
};

/// With more unpaired alternatives than this on one side, none are paired by similarity, which compares
/// each with each.
const MAX_COMPARED: usize = 50;

/// An alternative of a union.
#[derive(Clone, Copy)]
pub(super) struct Alternative<'a, 'n> {
    position: usize,
    pub(super) node: &'n Node,
    /// The component that it refers to.
    name: Option<&'a str>,
}

impl<'a, 'n> Alternative<'a, 'n> {
    fn all(schemas: Schemas<'a>, nodes: &'n [Node]) -> Vec<Self> {
        let alternatives = nodes.iter().enumerate().map(|(position, node)| Self {
            position,
            node,
            name: schemas.name(node),
        });
        alternatives.collect()
    }

    /// What messages call it: its name, or else its type.
    pub(super) fn label(&self, schemas: Schemas<'a>) -> String {
        match self.name {
            Some(name) => name.to_owned(),
            None => {
                let typ = schemas.merge(self.node).typ;
                typ.unwrap_or_else(|| "any value".to_owned())
            }
        }
    }
}

/// The alternatives of two unions, paired.
pub(super) struct Pairing<'a, 'n> {
    schemas: (Schemas<'a>, Schemas<'a>),
    pub(super) pairs: Vec<(Alternative<'a, 'n>, Alternative<'a, 'n>)>,
    /// Alternatives of the old union without a counterpart.
    pub(super) removed: Vec<Alternative<'a, 'n>>,
    /// Alternatives of the new union without a counterpart.
    pub(super) added: Vec<Alternative<'a, 'n>>,
}

impl<'a, 'n> Pairing<'a, 'n> {
    /// Pairs alternatives by name first, and those that are left by what they have in common.
    pub(super) fn of(
        (old_schemas, old): (Schemas<'a>, &'n [Node]),
        (new_schemas, new): (Schemas<'a>, &'n [Node]),
    ) -> Self {
        let mut pairing = Self {
            schemas: (old_schemas, new_schemas),
            pairs: Vec::new(),
            removed: Alternative::all(old_schemas, old),
            added: Alternative::all(new_schemas, new),
        };
        pairing.pair_by_name();
        pairing.pair_by_similarity();
        pairing.pairs.sort_by_key(|(old, _)| old.position);
        pairing
    }

    /// Pairs the first alternatives of each name. Others of a paired name are dropped: a component that is
    /// listed twice, once with annotations beside its reference, is one alternative.
    fn pair_by_name(&mut self) {
        let mut by_name: HashMap<&str, Alternative<'a, 'n>> = HashMap::new();
        for alternative in &self.added {
            if let Some(name) = alternative.name {
                by_name.entry(name).or_insert(*alternative);
            }
        }
        let mut paired = HashSet::new();
        self.removed.retain(|old| {
            let counterpart = old.name.and_then(|name| by_name.get(name));
            if let Some(new) = counterpart
                && paired.insert(new.name)
            {
                self.pairs.push((*old, *new));
            }
            counterpart.is_none()
        });
        self.added.retain(|new| !paired.contains(&new.name));
    }

    /// Pairs alternatives that may be edited versions of one another, the most similar ones first, and of
    /// equally similar ones those that are listed first.
    fn pair_by_similarity(&mut self) {
        if self.removed.len().max(self.added.len()) > MAX_COMPARED {
            return;
        }
        let mut candidates = self.candidates();
        candidates.sort_by_key(|(score, old, new)| (Reverse(*score), old.position, new.position));
        let (mut paired_old, mut paired_new) = (HashSet::new(), HashSet::new());
        for (_, old, new) in candidates {
            if !paired_old.contains(&old.position) && !paired_new.contains(&new.position) {
                paired_old.insert(old.position);
                paired_new.insert(new.position);
                self.pairs.push((old, new));
            }
        }
        self.removed.retain(|it| !paired_old.contains(&it.position));
        self.added.retain(|it| !paired_new.contains(&it.position));
    }

    /// The pairs that are similar, with their scores.
    fn candidates(&self) -> Vec<(usize, Alternative<'a, 'n>, Alternative<'a, 'n>)> {
        let (old_schemas, new_schemas) = self.schemas;
        let merge = |schemas: Schemas<'a>, alternatives: &[Alternative<'a, 'n>]| {
            let merged = alternatives.iter().map(|it| schemas.merge(it.node));
            merged.collect::<Vec<Merged<'a>>>()
        };
        let old_merged = merge(old_schemas, &self.removed);
        let new_merged = merge(new_schemas, &self.added);
        let mut candidates = Vec::new();
        for (old, was) in self.removed.iter().zip(&old_merged) {
            for (new, is) in self.added.iter().zip(&new_merged) {
                if self.may_be_renamed(old, new) && are_similar(was, is) {
                    let score = score((old_schemas, was), (new_schemas, is));
                    candidates.push((score, *old, *new));
                }
            }
        }
        candidates
    }

    /// Whether one can be the other under a new name: a component that is still there is not renamed.
    fn may_be_renamed(&self, old: &Alternative<'a, 'n>, new: &Alternative<'a, 'n>) -> bool {
        let (old_schemas, new_schemas) = self.schemas;
        match (old.name, new.name) {
            (Some(was), Some(is)) => !new_schemas.has(was) && !old_schemas.has(is),
            _ => true,
        }
    }
}
