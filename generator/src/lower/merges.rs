//! Merged schemas, by what they are merged from.
//!
//! A property that several `allOf` members declare gets a type of its own, merged from theirs. What
//! that type declares may be merged in turn, and where a schema is merged into a part of itself this
//! would never end. There are only so many sets of schemas to merge, though: a set that was merged
//! before has its type already, at the place where it was merged first.

use std::collections::{BTreeSet, HashMap};

use super::schema::DeclarationContext;
use crate::{openapi::Pointer, spec::SchemaId};

/// How deep merged schemas may nest in one another.
const DEEPEST: usize = 32;

/// How many schemas one schema may merge, at all depths: sets can be as many as 2 to the power of the
/// number of schemas.
const MOST: usize = 2_000;

/// The schemas that were merged from several.
#[derive(Debug, Default)]
pub(super) struct Merges {
    by_place: HashMap<Pointer, Level>,
    /// By the place where merging began, the context of each set that was merged below it. Sets of other
    /// scopes have types of their own, so that an edit elsewhere renames nothing here.
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
    /// before. `None` if that leads too far.
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

    /// The innermost merged schema that a place is in.
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
