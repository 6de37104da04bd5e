//! Schemas whose types have a name before they are lowered, so that neither circles nor long chains of
//! schemas take more stack than there is.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use openapiv3::{ReferenceOr, Schema};

use super::{
    Type, TypeId, TypeKind,
    merge::Merged,
    schema::{Schemas, Site},
};

/// How deep lowering goes into schemas inside schemas before one waits for its turn.
const DEEPEST: usize = 32;

/// What is being lowered, and what is still to lower.
#[derive(Default)]
pub(super) struct Worklist {
    /// The places that are being lowered, each inside the one before, and whether one of their parts
    /// leads back.
    open: BTreeMap<TypeId, bool>,
    waiting: VecDeque<Waiting>,
    /// What waits or waited.
    named: BTreeSet<TypeId>,
}

enum Waiting {
    Schema(Box<Schema>, Site),
    Object(Box<Schema>, Box<Merged>, Site),
}

impl Schemas<'_> {
    /// The type of a schema that stands in place: a name where it is being lowered already or waits,
    /// or where it is better to wait.
    pub(super) fn in_place(&mut self, schema: &Schema, site: &Site) -> Type {
        let id = TypeId(site.at.clone());
        // Met before, by way of another schema that takes its properties over.
        if self.types.contains_key(&id) || self.worklist.named.contains(&id) {
            return Type::Named(id);
        }
        if let Some(leads_back) = self.worklist.open.get_mut(&id) {
            *leads_back = true;
            return Type::Named(id);
        }
        if self.worklist.open.len() >= DEEPEST {
            let waiting = Waiting::Schema(Box::new(schema.clone()), site.clone());
            return self.wait(id, waiting);
        }
        self.open(schema, site, id)
    }

    /// The type of an object that is merged from several schemas. It waits, for its properties may
    /// lead back to it.
    pub(super) fn merged_object(&mut self, schema: &Schema, merged: Merged, site: &Site) -> Type {
        let object = Waiting::Object(Box::new(schema.clone()), Box::new(merged), site.clone());
        self.wait(TypeId(site.at.clone()), object)
    }

    /// Lowers all that waits.
    pub(super) fn finish(&mut self) {
        while let Some(waiting) = self.worklist.waiting.pop_front() {
            match waiting {
                Waiting::Object(schema, merged, site) => {
                    self.declare_merged(&schema, *merged, &site);
                }
                Waiting::Schema(schema, site) => {
                    let id = TypeId(site.at.clone());
                    let ty = self.open(&schema, &site, id.clone());
                    self.alias(&schema, &site, id, ty);
                }
            }
        }
    }

    fn wait(&mut self, id: TypeId, waiting: Waiting) -> Type {
        if !self.types.contains_key(&id) && self.worklist.named.insert(id.clone()) {
            self.worklist.waiting.push_back(waiting);
        }
        Type::Named(id)
    }

    fn open(&mut self, schema: &Schema, site: &Site, id: TypeId) -> Type {
        self.worklist.open.insert(id.clone(), false);
        let ty = self.lower_item(schema, site);
        match self.worklist.open.remove(&id) {
            Some(true) => self.alias(schema, site, id, ty),
            _ => ty,
        }
    }

    /// Declares a name for a type, unless it is that name or the name is another's already.
    fn alias(&mut self, schema: &Schema, site: &Site, id: TypeId, ty: Type) -> Type {
        if ty != Type::Named(id.clone()) && !self.types.contains_key(&id) {
            self.declare(site, schema, TypeKind::Alias(ty));
        }
        Type::Named(id)
    }

    /// Lowers a schema, and all that waits for it.
    pub(super) fn lower_whole(&mut self, schema: &ReferenceOr<Schema>, site: &Site) -> Type {
        let ty = self.lower(schema, site);
        self.finish();
        ty
    }
}

#[cfg(test)]
mod tests;
