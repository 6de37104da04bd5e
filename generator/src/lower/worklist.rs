//! Schemas whose types have a name before they are lowered, so that neither circles nor long chains of
//! schemas take more stack than there is.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    sync::Arc,
};

use super::{
    merge::Sources,
    schema::{DeclarationContext, Schemas},
};
use crate::{
    model::{Type, TypeId, TypeKind},
    spec::{Meaning, Schema, SchemaId},
};

/// How deep lowering goes into schemas inside schemas before one waits for its turn.
const DEEPEST: usize = 32;

/// What is being lowered, and what is still to lower.
#[derive(Default)]
pub(super) struct Worklist {
    /// The places that are being lowered, each inside the one before, and whether one of their parts
    /// leads back.
    open: BTreeMap<TypeId, bool>,
    waiting: VecDeque<(Waiting, DeclarationContext)>,
    /// What waits or waited.
    named: BTreeSet<TypeId>,
}

/// What has a type at a context.
pub(super) enum Item {
    /// A schema that stands there.
    Schema(SchemaId),
    /// Several schemas that hold at once.
    Several(Sources),
}

/// An object that is merged from several schemas.
pub(super) struct Object {
    pub(super) sources: Sources,
    pub(super) meaning: Arc<Meaning>,
    /// What describes it.
    pub(super) described: Schema,
}

enum Waiting {
    Item(Item),
    Object(Box<Object>),
}

impl Schemas<'_> {
    /// The type of what stands at a context: a name where it is being lowered already or waits, or where
    /// it is better to wait.
    pub(super) fn in_place(&mut self, item: Item, context: &DeclarationContext) -> Type {
        let id = context.id();
        // Met before, by way of another schema that takes its properties over.
        if self.types.contains_key(&id) || self.worklist.named.contains(&id) {
            return Type::Named(id);
        }
        if let Some(leads_back) = self.worklist.open.get_mut(&id) {
            *leads_back = true;
            return Type::Named(id);
        }
        match self.worklist.open.len() >= DEEPEST {
            true => self.wait(Waiting::Item(item), context),
            false => self.open(item, context).0,
        }
    }

    /// The type of a merged object. It waits, for its properties may lead back to it.
    pub(super) fn wait_for_object(&mut self, object: Object, context: &DeclarationContext) -> Type {
        self.wait(Waiting::Object(Box::new(object)), context)
    }

    /// Lowers all that waits.
    pub(super) fn finish(&mut self) {
        while let Some((waiting, context)) = self.worklist.waiting.pop_front() {
            match waiting {
                Waiting::Object(object) => self.declare_merged(*object, &context),
                Waiting::Item(item) => {
                    let (ty, described) = self.open(item, &context);
                    self.alias(&described, &context, ty);
                }
            }
        }
    }

    /// Lowers a schema, and all that waits for it.
    pub(super) fn lower_whole(&mut self, id: SchemaId, context: &DeclarationContext) -> Type {
        let ty = self.lower(id, context);
        self.finish();
        ty
    }

    fn wait(&mut self, waiting: Waiting, context: &DeclarationContext) -> Type {
        let id = context.id();
        if !self.types.contains_key(&id) && self.worklist.named.insert(id.clone()) {
            self.worklist.waiting.push_back((waiting, context.clone()));
        }
        Type::Named(id)
    }

    /// The type of what stands at a context, and the schema that describes it.
    fn open(&mut self, item: Item, context: &DeclarationContext) -> (Type, Schema) {
        self.worklist.open.insert(context.id(), false);
        let (ty, described) = match item {
            Item::Schema(id) => {
                let described = self.spec.declared(id).description_alone();
                (self.lower_item(id, context), described)
            }
            Item::Several(sources) => {
                let described = Schema::default();
                (self.merged(&sources, &described, context), described)
            }
        };
        match self.worklist.open.remove(&context.id()) {
            Some(true) => (self.alias(&described, context, ty), described),
            _ => (ty, described),
        }
    }

    /// Declares a name for a type, unless it is that name or the name is another's already.
    fn alias(&mut self, described: &Schema, context: &DeclarationContext, ty: Type) -> Type {
        let id = context.id();
        if ty != Type::Named(id.clone()) && !self.types.contains_key(&id) {
            self.declare(context, described, TypeKind::Alias(ty));
        }
        Type::Named(id)
    }
}

#[cfg(test)]
mod tests;
