//! Merged schemas, by what they are merged from.
//!
//! A property that several `allOf` members declare gets a schema of its own, merged from theirs. What
//! that schema declares may be merged in turn, and where a schema is merged into a part of itself this
//! would never end. There are only so many sets of schemas to merge, though: a set that was merged
//! before has its type already, at the place where it was merged first.

use std::collections::{BTreeSet, HashMap};

use super::schema::Site;
use crate::pointer::Pointer;

/// How deep merged schemas may nest in one another.
const DEEPEST: usize = 32;

/// How many schemas one schema may merge, at all depths: sets can be as many as 2 to the power of the
/// number of schemas.
const MOST: usize = 2_000;

/// The schemas that were merged from several.
#[derive(Debug, Default)]
pub(super) struct Blends {
    by_place: HashMap<Pointer, Blend>,
    scopes: HashMap<Pointer, Scope>,
}

/// A schema that was merged from several.
#[derive(Debug)]
struct Blend {
    /// The place of the description where merging began.
    scope: Pointer,
    /// The places of the description that its `allOf` members come from.
    sources: Vec<Pointer>,
    depth: usize,
}

/// What is merged below one place of the description. Sets of one scope share types; those of others
/// do not, so that an edit elsewhere renames nothing here.
#[derive(Debug, Default)]
struct Scope {
    first: HashMap<BTreeSet<Pointer>, Site>,
}

impl Blends {
    /// The site of the schema that is merged from `members`, which stand at these places: `site`, or
    /// where the same members were merged before. `None` if that leads too far.
    pub(super) fn site(
        &mut self,
        holder: &Pointer,
        site: &Site,
        members: impl Iterator<Item = Pointer>,
    ) -> Option<Site> {
        let sources: Vec<Pointer> = members.map(|member| self.source(member)).collect();
        let (scope, depth) = match self.above(holder) {
            Some((blend, _)) => (blend.scope.clone(), blend.depth + 1),
            None => (holder.clone(), 1),
        };
        let of_scope = self.scopes.entry(scope.clone()).or_default();
        let set: BTreeSet<Pointer> = sources.iter().cloned().collect();
        if let Some(first) = of_scope.first.get(&set) {
            return Some(first.clone());
        }
        if depth > DEEPEST || of_scope.first.len() >= MOST {
            return None;
        }
        of_scope.first.insert(set, site.clone());
        let blend = Blend {
            scope,
            sources,
            depth,
        };
        self.by_place.insert(site.at.clone(), blend);
        Some(site.clone())
    }

    /// The place of the description that a part of a merged schema comes from.
    fn source(&self, at: Pointer) -> Pointer {
        let Some((blend, steps)) = self.above(&at) else {
            return at;
        };
        let member = match steps.as_slice() {
            [keyword, index, ..] if keyword == "allOf" => index.parse().ok(),
            _ => None,
        };
        let source = member.and_then(|index: usize| blend.sources.get(index));
        source.map_or(at, |source| {
            source.join_all(steps[2..].iter().map(String::as_str))
        })
    }

    /// The innermost merged schema that a place is in, and the steps from there.
    fn above(&self, at: &Pointer) -> Option<(&Blend, Vec<String>)> {
        if self.by_place.is_empty() {
            return None;
        }
        let mut place = at.clone();
        let mut steps = Vec::new();
        loop {
            if let Some(blend) = self.by_place.get(&place) {
                steps.reverse();
                return Some((blend, steps));
            }
            steps.push(place.pop()?);
        }
    }
}
