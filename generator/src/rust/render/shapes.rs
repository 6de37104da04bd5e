//! Renders what tells the alternatives of a union apart.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenStream;
use quote::quote;

use super::unions::scalar;
use crate::model::{Api, Field, Struct, Type, TypeId, TypeKind, Union, Variant};

/// Maximum number of objects in objects in which constants are looked for.
const DEPTH: usize = 4;
/// Maximum number of values of an enum that count as telling.
const MOST_VALUES: usize = 32;

/// The shapes of the variants of a union.
pub(super) fn shapes(api: &Api, union: &Union) -> Vec<TokenStream> {
    // An enum tells objects apart only if two of them have a property of that name.
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for variant in &union.variants {
        let structure = api.structure(&variant.ty);
        for field in structure.iter().flat_map(|(_, found)| &found.fields) {
            *counts.entry(&field.wire).or_default() += 1;
        }
    }
    let shared: BTreeSet<&str> = counts
        .into_iter()
        .filter_map(|(name, count)| (count > 1).then_some(name))
        .collect();
    let shape = |variant: &Variant| {
        let shapes = Shapes {
            api,
            shared: &shared,
            tag: match variant.tags.is_empty() {
                true => None,
                false => union.tag.as_deref(),
            },
        };
        shapes.of(&variant.ty, &mut Vec::new())
    };
    union.variants.iter().map(shape).collect()
}

#[derive(Clone, Copy)]
struct Shapes<'a> {
    api: &'a Api,
    /// The properties that several alternatives have.
    shared: &'a BTreeSet<&'a str>,
    /// The discriminator, whose value was compared before.
    tag: Option<&'a str>,
}

impl<'a> Shapes<'a> {
    /// The shape of an alternative. `within` are the unions that it is part of.
    fn of(self, ty: &'a Type, within: &mut Vec<&'a TypeId>) -> TokenStream {
        match self.api.plain(ty) {
            Type::String
            | Type::Secret
            | Type::Date
            | Type::YearMonth
            | Type::Uuid
            | Type::Base64
            | Type::Base64Url
            | Type::File => quote!(rt::Shape::Text),
            Type::DateTime | Type::Instant => quote!(rt::Shape::DateTime),
            Type::Bool => quote!(rt::Shape::Bool),
            Type::Int32 | Type::Int64 | Type::Uint64 | Type::UnixTime => {
                quote!(rt::Shape::Integer)
            }
            Type::Float | Type::Double => quote!(rt::Shape::Number),
            Type::Any | Type::Nullable(_) => quote!(rt::Shape::Any),
            Type::Array(items) => {
                let items = self.constants(items, DEPTH);
                let items = items.unwrap_or_else(|| quote!(rt::Shape::Any));
                quote!(rt::Shape::Array(&#items))
            }
            Type::Tuple(_) => quote!(rt::Shape::Array(&rt::Shape::Any)),
            Type::FreeForm | Type::Map(_) => quote!(rt::Shape::OBJECT),
            Type::Named(id) => match self.api.types.get(id).map(|definition| &definition.kind) {
                Some(TypeKind::Struct(structure)) => self.object(structure),
                Some(TypeKind::Newtype(inner)) if !within.contains(&id) => {
                    within.push(id);
                    self.of(inner, within)
                }
                Some(TypeKind::Union(inner)) if !within.contains(&id) && within.len() < DEPTH => {
                    self.union(id, inner, within)
                }
                _ => self
                    .values(ty, usize::MAX)
                    .unwrap_or_else(|| quote!(rt::Shape::Any)),
            },
        }
    }

    fn union(self, id: &'a TypeId, union: &'a Union, within: &mut Vec<&'a TypeId>) -> TokenStream {
        // A value without one of the nested union's tags does not match it.
        let are_tagged = union
            .variants
            .iter()
            .all(|variant| !variant.tags.is_empty());
        if let (Some(tag), true) = (&union.tag, are_tagged) {
            let tags = union.variants.iter().flat_map(|variant| &variant.tags);
            return quote!(
                rt::Shape::object(&[#tag], &[#tag])
                    .telling(&[(#tag, rt::Shape::Tag(&[#(#tags),*]))])
                    .others(rt::Others::Typed)
            );
        }
        within.push(id);
        let variants = union.variants.iter();
        let shapes: Vec<TokenStream> = variants.map(|it| self.of(&it.ty, within)).collect();
        within.pop();
        quote!(rt::Shape::OneOf(&[#(#shapes),*]))
    }

    fn object(self, structure: &'a Struct) -> TokenStream {
        let fields = structure.fields.iter();
        let known: Vec<&str> = fields.clone().map(|field| field.wire.as_str()).collect();
        let required = fields
            .clone()
            .filter(|field| field.required && !field.write_only);
        let required: Vec<&str> = required.map(|field| field.wire.as_str()).collect();
        let telling = fields.filter(|field| self.tag != Some(&field.wire));
        let telling = telling.filter_map(|field| {
            let name = &field.wire;
            let listed = match self.shared.contains(name.as_str()) {
                true => self.values(&field.ty, MOST_VALUES),
                false => None,
            };
            let shape = self.constant(field, DEPTH).or(listed)?;
            Some(quote!((#name, #shape)))
        });
        let telling: Vec<TokenStream> = telling.collect();
        let telling = match telling.is_empty() {
            true => quote!(),
            false => quote!(.telling(&[#(#telling),*])),
        };
        let others = match (&structure.additional, structure.is_closed) {
            (Some(_), _) => quote!(.others(rt::Others::Typed)),
            (None, true) => quote!(.others(rt::Others::Forbidden)),
            (None, false) => quote!(),
        };
        quote!(rt::Shape::object(&[#(#required),*], &[#(#known),*]) #telling #others)
    }

    /// The shape of a property with a constant, itself or at any depth of required properties and items.
    fn constant(self, field: &'a Field, depth: usize) -> Option<TokenStream> {
        if let Some(value) = &field.constant {
            let value = scalar(value);
            return Some(quote!(rt::Shape::Scalars(&[#value])));
        }
        match self.api.plain(&field.ty) {
            Type::Named(_) if !field.required => None,
            ty => self.constants(ty, depth),
        }
    }

    /// The shape of a type with constants; `None` if it has none.
    fn constants(self, ty: &'a Type, depth: usize) -> Option<TokenStream> {
        let depth = depth.checked_sub(1)?;
        match self.api.plain(ty) {
            Type::Array(items) => {
                let items = self.constants(items, depth)?;
                Some(quote!(rt::Shape::Array(&#items)))
            }
            Type::Named(id) => match &self.api.types.get(id)?.kind {
                TypeKind::Struct(structure) => {
                    let telling = structure.fields.iter().filter_map(|field| {
                        let name = &field.wire;
                        let shape = self.constant(field, depth).filter(|_| field.required)?;
                        Some(quote!((#name, #shape)))
                    });
                    let telling: Vec<TokenStream> = telling.collect();
                    let object = quote!(rt::Shape::OBJECT.telling(&[#(#telling),*]));
                    (!telling.is_empty()).then_some(object)
                }
                _ => self.values(ty, 1),
            },
            _ => None,
        }
    }

    /// The shape of an enum with at most so many values.
    fn values(self, ty: &'a Type, most: usize) -> Option<TokenStream> {
        let Type::Named(id) = self.api.plain(ty) else {
            return None;
        };
        match &self.api.types.get(id)?.kind {
            TypeKind::Enum(values) if values.len() <= most => {
                Some(quote!(rt::Shape::Texts(&[#(#values),*])))
            }
            TypeKind::ScalarEnum(values) if values.len() <= most => {
                let values = values.iter().map(|value| scalar(&value.value));
                Some(quote!(rt::Shape::Scalars(&[#(#values),*])))
            }
            _ => None,
        }
    }
}
