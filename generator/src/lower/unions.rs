//! Lowers `oneOf`, `anyOf` and discriminators to unions.

use std::collections::BTreeSet;

use indexmap::IndexMap;

use super::{
    fields::only_text,
    schema::{DeclarationContext, Schemas},
};
use crate::{
    diagnostics::{Code, Diagnostic, Sink},
    model::{Struct, Type, TypeDef, TypeId, TypeKind, Union, Variant},
    openapi::Pointer,
    spec::{Discriminator, Keywords, Schema, SchemaId, Spec},
};

/// The values of a discriminator by component.
fn tags_by_component(discriminator: &Discriminator) -> IndexMap<SchemaId, Vec<String>> {
    let mut tags: IndexMap<SchemaId, Vec<String>> = IndexMap::new();
    for (tag, target) in &discriminator.mapping {
        if let Ok(target) = target {
            tags.entry(*target).or_default().push(tag.clone());
        }
    }
    // The mapping is a map, whose order has no effect.
    tags.values_mut().for_each(|tags| tags.sort_unstable());
    tags
}

impl<'a> Schemas<'a> {
    /// The type of a schema with alternatives.
    pub(super) fn one_of(&mut self, id: SchemaId, context: &DeclarationContext) -> Type {
        let schema = self.spec.declared(id);
        let keywords = &schema.keywords;
        let Some((keyword, members)) = keywords.alternatives() else {
            return self.plain(schema, keywords, context);
        };
        if !keywords.one_of.is_empty() && !keywords.any_of.is_empty() {
            self.simplified(
                "`anyOf` next to `oneOf` is not rendered",
                &context.at.join("anyOf"),
            );
        }
        let bearing = self.type_bearing_members(members, keywords);
        let bearing = self.distinct_alternatives(bearing, &context.at.join(keyword));
        if bearing.is_empty() {
            return self.plain(schema, keywords, context);
        }
        if !keywords.properties.is_empty() {
            return self.merged(&[(id, context.clone())], schema, context);
        }
        // An alternative without keywords accepts every value.
        let is_bare = |member: &SchemaId| {
            !self.spec.is_component(*member) && self.spec.is_unrestricted(*member)
        };
        if bearing.len() < members.len() && members.iter().any(is_bare) {
            return Type::Any;
        }
        if let [(index, only)] = bearing.as_slice() {
            return self.lower(*only, &context.part(keyword, *index));
        }
        if let Some(ty) = self.scalars(schema, &bearing, context) {
            return ty;
        }
        let union = self.union(schema, keyword, &bearing, context);
        match union.variants.as_slice() {
            [only] => only.ty.clone(),
            _ => self.declare(context, schema, TypeKind::Union(union)),
        }
    }

    /// The alternatives that state a type: not those that only restrict values, nor a bare `object`
    /// where the schema itself or all others are objects.
    fn type_bearing_members(
        &self,
        members: &[SchemaId],
        keywords: &Keywords,
    ) -> Vec<(usize, SchemaId)> {
        let bears = |member: SchemaId| !self.spec.only_restricts(member);
        let objects_bear = !keywords.is_object()
            && members
                .iter()
                .any(|member| bears(*member) && !self.may_have_properties(*member));
        let counts = |(_, member): &(usize, SchemaId)| {
            bears(*member) || objects_bear && self.may_have_properties(*member)
        };
        members.iter().copied().enumerate().filter(counts).collect()
    }

    /// The alternatives that equal none before them; the others are reported.
    fn distinct_alternatives(
        &mut self,
        alternatives: Vec<(usize, SchemaId)>,
        at: &Pointer,
    ) -> Vec<(usize, SchemaId)> {
        let ids: Vec<SchemaId> = alternatives.iter().map(|(_, id)| *id).collect();
        let distinct = self.spec.distinct(&ids);
        for (position, (index, _)) in alternatives.iter().enumerate() {
            if distinct.binary_search(&position).is_err() {
                let message = "this alternative is listed twice; the second is ignored";
                let diagnostic = Diagnostic::new(Code::ListedTwice, message);
                self.sink.at(&at.join(index.to_string()), diagnostic);
            }
        }
        let distinct = distinct.into_iter();
        distinct.map(|position| alternatives[position]).collect()
    }

    /// One type for alternatives that are all strings or all numbers.
    fn scalars(
        &mut self,
        schema: &Schema,
        members: &[(usize, SchemaId)],
        context: &DeclarationContext,
    ) -> Option<Type> {
        let spec = self.spec;
        let items: Vec<&Keywords> = members.iter().map(|(_, id)| spec.keywords(*id)).collect();
        let all = |types: &[&str]| {
            items.iter().all(|item| {
                item.alternatives().is_none()
                    && item.all_of.is_empty()
                    && item.typ.as_deref().is_some_and(|typ| types.contains(&typ))
            })
        };
        if all(&["string"]) {
            let listed = items.iter().flat_map(|item| &item.enumeration);
            let mut values: Vec<String> = Vec::new();
            let mut known = BTreeSet::new();
            for value in listed.filter_map(serde_json::Value::as_str) {
                if known.insert(value) {
                    values.push(value.to_owned());
                }
            }
            if !values.is_empty() {
                // Enums are open, so they hold any other string as well.
                return Some(self.declare(context, schema, TypeKind::Enum(values)));
            }
            let is_secret = |item: &&Keywords| item.format.as_deref() == Some("password");
            return Some(match items.iter().any(is_secret) {
                true => Type::Secret,
                false => Type::String,
            });
        }
        if items.iter().any(|item| !item.enumeration.is_empty()) {
            return None;
        }
        let is_unsigned = |item: &&Keywords| item.format.as_deref() == Some("uint64");
        match () {
            () if all(&["integer"]) => {
                match items
                    .iter()
                    .copied()
                    .filter(|item| is_unsigned(item))
                    .count()
                {
                    0 => Some(Type::Int64),
                    count if count == items.len() => Some(Type::Uint64),
                    // No integer type that JSON is read into holds both.
                    _ => None,
                }
            }
            () if all(&["integer", "number"]) => Some(Type::Double),
            () if all(&["boolean"]) => Some(Type::Bool),
            () => None,
        }
    }

    fn union(
        &mut self,
        schema: &'a Schema,
        keyword: &str,
        members: &[(usize, SchemaId)],
        context: &DeclarationContext,
    ) -> Union {
        let spec = self.spec;
        let discriminator = schema.discriminator.as_ref();
        let mut variants: Vec<Variant> = Vec::new();
        let mut mapped = discriminator.map(tags_by_component).unwrap_or_default();
        for (index, member) in members {
            let (name, tags, context) = match spec.declared(*member).component() {
                Some(name) => {
                    let tags = discriminator.map(|it| self.tags_of(*member, it, &mut mapped));
                    (name.to_owned(), tags.unwrap_or_default(), context.clone())
                }
                None => {
                    let tag = discriminator.and_then(|it| self.own_tag(*member, &it.property));
                    let name = name_of(spec, *member, tag.as_deref(), *index);
                    let context = context.child([keyword, index.to_string().as_str()], &name);
                    (name, tag.into_iter().collect(), context)
                }
            };
            let ty = self.lower(*member, &context);
            add(&mut variants, Variant { name, ty, tags });
        }
        // Every schema that the mapping names is an alternative, listed or not.
        mapped.sort_by_key(|id, _| spec.declared(*id).component());
        for (id, tags) in mapped {
            let name = spec.declared(id).component().unwrap_or_default().to_owned();
            let ty = self.lower(id, context);
            add(&mut variants, Variant { name, ty, tags });
        }
        Union {
            tag: discriminator.map(|discriminator| discriminator.property.clone()),
            variants,
        }
    }

    /// The values of a discriminator that select a component, which may itself be a union. Removes
    /// the entries that it uses from the mapping.
    fn tags_of(
        &mut self,
        component: SchemaId,
        discriminator: &'a Discriminator,
        mapped: &mut IndexMap<SchemaId, Vec<String>>,
    ) -> Vec<String> {
        let spec = self.spec;
        let mut tags: Vec<String> = Vec::new();
        let mut seen: BTreeSet<SchemaId> = BTreeSet::new();
        let mut open = vec![component];
        while let Some(id) = open.pop() {
            if !seen.insert(id) {
                continue;
            }
            let schema = spec.schema(id);
            let inner = schema.keywords.alternatives().into_iter();
            let inner = inner.flat_map(|(_, members)| members).copied();
            let inner: Vec<SchemaId> = inner.filter(|member| spec.is_component(*member)).collect();
            match mapped.swap_remove(&id) {
                Some(listed) => tags.extend(listed),
                None if inner.is_empty() => {
                    let own = self.own_tag(id, &discriminator.property);
                    let name = spec.declared(id).component().unwrap_or_default();
                    tags.push(own.unwrap_or_else(|| name.to_owned()));
                }
                None => {}
            }
            let own = schema.discriminator.as_ref();
            if let Some(own) = own.filter(|own| own.property == discriminator.property) {
                let mut mapped: Vec<String> = own.mapping.keys().cloned().collect();
                mapped.sort_unstable();
                tags.extend(mapped);
            }
            open.extend(inner);
        }
        tags
    }

    /// Whether a component has a discriminator and others that extend it.
    pub(super) fn is_base(&self, id: SchemaId) -> bool {
        !self.spec.derived(id).is_empty()
    }

    /// Declares a base as the union of itself and all components that extend it.
    pub(super) fn declare_base(&mut self, name: &str, id: SchemaId, context: &DeclarationContext) {
        let spec = self.spec;
        let schema = spec.declared(id);
        let Some(discriminator) = &schema.discriminator else {
            return;
        };
        let own = DeclarationContext {
            at: context.at.join("base"),
            words: vec![name.to_owned(), "base".to_owned()],
            owner: context.owner.clone(),
        };
        let sources = [(id, own.clone())];
        let ty = self.merged(&sources, schema, &own);
        if ty != Type::Named(own.id()) {
            // A base without properties is any object.
            let structure = TypeKind::Struct(Struct::default());
            self.declare(&own, schema, structure);
        }
        let mapped = tags_by_component(discriminator);
        let mut variants = Vec::new();
        for member in spec.derived(id).iter().chain([&id]) {
            let name = spec.declared(*member).component().unwrap_or_default();
            let at = DeclarationContext::component(name).at;
            let tags = match mapped.get(member) {
                Some(tags) => tags.clone(),
                None => {
                    let tag = self.own_tag(*member, &discriminator.property);
                    vec![tag.unwrap_or_else(|| name.to_owned())]
                }
            };
            let at = match self.is_base(*member) {
                true => at.join("base"),
                false => at,
            };
            variants.push(Variant {
                name: name.to_owned(),
                ty: Type::Named(TypeId(at)),
                tags,
            });
        }
        let kind = TypeKind::Union(Union {
            tag: Some(discriminator.property.clone()),
            variants,
        });
        self.declare(context, schema, kind);
    }
}

/// Adds a variant, or its tags to the variant of the same type.
fn add(variants: &mut Vec<Variant>, variant: Variant) {
    let Some(known) = variants.iter_mut().find(|known| known.ty == variant.ty) else {
        return variants.push(variant);
    };
    for tag in variant.tags {
        if !known.tags.contains(&tag) {
            known.tags.push(tag);
        }
    }
}

/// Leaves each tag of a union to the first variant that has it.
pub(super) fn distinguish_tags(types: &mut IndexMap<TypeId, TypeDef>, sink: &mut Sink) {
    for (id, definition) in types {
        let TypeKind::Union(union) = &mut definition.kind else {
            continue;
        };
        let mut known: BTreeSet<String> = BTreeSet::new();
        for variant in &mut union.variants {
            variant.tags.retain(|tag| {
                let is_new = known.insert(tag.clone());
                if !is_new {
                    let message =
                        format!("`{tag}` selects two of the alternatives; the first is used");
                    sink.at(&id.0, Diagnostic::new(Code::Simplified, message));
                }
                is_new
            });
        }
    }
}

/// The name of an inline alternative.
fn name_of(spec: &Spec, id: SchemaId, tag: Option<&str>, index: usize) -> String {
    let schema = spec.declared(id);
    let keywords = &schema.keywords;
    let title = schema.title.as_deref();
    if let Some(title) = title.filter(|title| title.chars().count() <= 40).or(tag) {
        return title.to_owned();
    }
    let constants = keywords
        .properties
        .iter()
        .filter_map(|(wire, property)| Some((wire, only_text(spec.inline(*property)?)?)));
    if let Some((_, value)) = constants.min_by_key(|(wire, _)| *wire) {
        return value.to_owned();
    }
    match keywords.typ.as_deref() {
        Some("array") => match keywords.items.map(|items| spec.declared(items)) {
            Some(items) => match (items.component(), items.keywords.typ.as_deref()) {
                (Some(name), _) => format!("{name} list"),
                (None, Some(typ)) if typ != "array" => format!("{typ} list"),
                (None, _) => "list".to_owned(),
            },
            None => "list".to_owned(),
        },
        Some("object") if keywords.properties.is_empty() && keywords.all_of.is_empty() => {
            "object".to_owned()
        }
        Some("object") | None => match keywords.enumeration.is_empty() {
            true => format!("option {}", index + 1),
            false => "value".to_owned(),
        },
        Some("string") if keywords.enumeration.is_empty() => "text".to_owned(),
        Some("string") => "value".to_owned(),
        Some(typ) => typ.to_owned(),
    }
}
