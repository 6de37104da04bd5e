//! Names the types of some schemas before it lowers them, so that neither cycles nor long chains of
//! schemas overflow the stack.

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

/// How deep lowering recurses into nested schemas before it queues them.
const DEEPEST: usize = 32;

/// The schemas that are being lowered and those that are queued.
#[derive(Default)]
pub(super) struct Worklist {
    /// The places that are being lowered, each inside the one before, and whether one of their parts
    /// refers back to it.
    open: BTreeMap<TypeId, bool>,
    waiting: VecDeque<(Waiting, DeclarationContext)>,
    /// Everything that is or was queued.
    named: BTreeSet<TypeId>,
}

/// What a type is made from.
pub(super) enum Item {
    /// One schema.
    Schema(SchemaId),
    /// Several schemas that apply together.
    Several(Sources),
}

/// An object that is merged from several schemas.
pub(super) struct Object {
    pub(super) sources: Sources,
    pub(super) meaning: Arc<Meaning>,
    /// Documents it.
    pub(super) described: Schema,
}

enum Waiting {
    Item(Item),
    Object(Box<Object>),
}

impl Schemas<'_> {
    /// The type of an item: only its name, if the item is being lowered or is queued already, or is
    /// nested so deep that it has to be queued.
    pub(super) fn in_place(&mut self, item: Item, context: &DeclarationContext) -> Type {
        let id = context.id();
        // It was met before, through another schema that inherits its properties.
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

    /// The type of a merged object. It is queued, because its properties may refer back to it.
    pub(super) fn wait_for_object(&mut self, object: Object, context: &DeclarationContext) -> Type {
        self.wait(Waiting::Object(Box::new(object)), context)
    }

    /// Lowers everything that is queued.
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

    /// Lowers a schema and everything that this queues.
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

    /// The type of an item, and the schema that documents it.
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

    /// Declares an alias for a type, unless the type has this name or the name is taken.
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
