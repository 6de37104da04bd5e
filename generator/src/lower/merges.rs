//! Remembers merged schemas by the set of schemas that they were merged from.
//!
//! A property that several `allOf` members declare gets a type of its own, merged from theirs. The
//! properties of that type may be merged in turn, which would never end for a schema that is merged
//! into a part of itself. The number of sets is finite, though: a set that was merged before already
//! has a type, which is declared where it was merged first.

use std::collections::{BTreeSet, HashMap};

use super::schema::DeclarationContext;
use crate::{openapi::Pointer, spec::SchemaId};

/// How deep merged schemas may nest in one another.
const DEEPEST: usize = 32;

/// How many sets may be merged within one schema, at all depths: there can be 2 to the power of the
/// number of schemas.
const MOST: usize = 2_000;

/// The schemas that were merged from several.
#[derive(Debug, Default)]
pub(super) struct Merges {
    by_place: HashMap<Pointer, Level>,
    /// By the place where merging began, the context of each set that was merged below it. Each scope
    /// has its own types, so that an edit elsewhere renames nothing here.
    scopes: HashMap<Pointer, HashMap<BTreeSet<SchemaId>, DeclarationContext>>,
}

/// A schema that was merged from several.
#[derive(Clone, Debug)]
struct Level {
    /// The place where merging began.
    scope: Pointer,
    depth: usize,
}

impl Merges {
    /// The context of the schema that is merged from a set: `own`, or where the same set was merged
    /// before. `None` past the limits.
    pub(super) fn context(
        &mut self,
        holder: &Pointer,
        own: &DeclarationContext,
        set: BTreeSet<SchemaId>,
    ) -> Option<DeclarationContext> {
        let level = match self.above(holder) {
            Some(level) => Level {
                depth: level.depth + 1,
                ..level.clone()
            },
            None => Level {
                scope: holder.clone(),
                depth: 1,
            },
        };
        let merged = self.scopes.entry(level.scope.clone()).or_default();
        if let Some(first) = merged.get(&set) {
            return Some(first.clone());
        }
        if level.depth > DEEPEST || merged.len() >= MOST {
            return None;
        }
        merged.insert(set, own.clone());
        self.by_place.insert(own.at.clone(), level);
        Some(own.clone())
    }

    /// The innermost merged schema that contains a place.
    fn above(&self, at: &Pointer) -> Option<&Level> {
        if self.by_place.is_empty() {
            return None;
        }
        let mut place = at.clone();
        loop {
            if let Some(level) = self.by_place.get(&place) {
                return Some(level);
            }
            place.pop()?;
        }
    }
}
