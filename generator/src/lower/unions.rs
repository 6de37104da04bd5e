//! Lowers `oneOf`, `anyOf` and discriminators to unions.

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;

use super::{
    fields::{names_of, only_text, scalar, text_of},
    schema::{DeclarationContext, Schemas},
};
use crate::{
    diagnostics::{Code, Diagnostic, Sink},
    model::{Scalar, ScalarValue, Struct, Type, TypeDef, TypeId, TypeKind, Union, Variant, plain},
    openapi::Pointer,
    spec::{Discriminator, Keywords, Schema, SchemaId, Spec},
};

/// The extensions of schemas with the value of the discriminator that selects them.
const DISCRIMINATOR_VALUES: [&str; 2] = ["x-discriminator-value", "x-ms-discriminator-value"];

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
        let mut bearing = self.type_bearing_members(members, keywords);
        // They make the schema nullable.
        bearing.retain(|(_, member)| !self.spec.keywords(*member).is_only_null());
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
            let listing: Vec<usize> = (0..items.len())
                .filter(|at| !items[*at].enumeration.is_empty())
                .collect();
            // Enums are open, so they hold any other string as well.
            if let ([only], false) = (listing.as_slice(), items.len() == 1) {
                let (index, member) = members[*only];
                let is_same = items.iter().all(|item| item.format.is_none());
                if spec.is_component(member) && is_same {
                    return Some(self.lower(member, &context.part("anyOf", index)));
                }
            }
            let listed = items.iter().flat_map(|item| &item.enumeration);
            let mut values: Vec<String> = Vec::new();
            let mut known = BTreeSet::new();
            for value in listed.filter_map(serde_json::Value::as_str) {
                if known.insert(value) {
                    values.push(value.to_owned());
                }
            }
            if !values.is_empty() {
                return Some(self.declare(context, schema, TypeKind::Enum(values)));
            }
            let is_secret = |item: &&Keywords| item.format.as_deref() == Some("password");
            return Some(match items.iter().any(is_secret) {
                true => Type::Secret,
                false => Type::String,
            });
        }
        if let Some(values) = constants(spec, members) {
            let are_flags = values
                .iter()
                .all(|value| matches!(value.value, Scalar::Bool(_)));
            return Some(match are_flags {
                true => Type::Bool,
                false => self.declare(context, schema, TypeKind::ScalarEnum(values)),
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
        let siblings: Vec<SchemaId> = members.iter().map(|(_, member)| *member).collect();
        for (index, member) in members {
            let (name, tags, context) = match spec.declared(*member).component() {
                Some(name) => {
                    let tags =
                        discriminator.map(|it| self.tags_of(*member, it, &siblings, &mut mapped));
                    (name.to_owned(), tags.unwrap_or_default(), context.clone())
                }
                None => {
                    let tags = discriminator
                        .map(|it| self.own_tags(*member, &it.property, &siblings))
                        .unwrap_or_default();
                    let name = name_of(spec, *member, tags.first().map(String::as_str), *index);
                    let context = context.child([keyword, index.to_string().as_str()], &name);
                    (name, tags, context)
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
        siblings: &[SchemaId],
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
                    tags.extend(self.tags_of_component(id, &discriminator.property, siblings));
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

    /// The values of a discriminator that select a component which no mapping names.
    fn tags_of_component(
        &mut self,
        id: SchemaId,
        property: &'a str,
        siblings: &[SchemaId],
    ) -> Vec<String> {
        let mut tags = self.own_tags(id, property, siblings);
        if tags.is_empty() {
            let name = self.spec.declared(id).component().unwrap_or_default();
            tags.push(name.to_owned());
        }
        tags
    }

    /// The values of a discriminator by which a schema identifies itself: the only one that its property can
    /// have, the several ones if no other alternative has any of them, or that of an extension.
    fn own_tags(
        &mut self,
        schema: SchemaId,
        property: &'a str,
        siblings: &[SchemaId],
    ) -> Vec<String> {
        let own = self.own_values(schema, property).to_vec();
        // What alternatives inherit from a base does not tell them apart.
        let is_shared = own.len() > 1
            && siblings.iter().any(|sibling| {
                let others = self.own_values(*sibling, property);
                *sibling != schema && others.iter().any(|value| own.contains(value))
            });
        if !own.is_empty() && !is_shared {
            return own;
        }
        let extensions = &self.spec.schema(schema).extensions;
        let declared = DISCRIMINATOR_VALUES
            .iter()
            .find_map(|key| text_of(extensions.get(*key)?));
        declared.into_iter().collect()
    }

    fn own_values(&mut self, schema: SchemaId, property: &'a str) -> &[String] {
        let spec = self.spec;
        let find = || {
            let constants = spec.constants(schema, property).unwrap_or_default();
            constants.iter().filter_map(text_of).collect()
        };
        // Each union that contains the schema needs them.
        self.own_values
            .entry((schema, property))
            .or_insert_with(find)
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
        let members: Vec<SchemaId> = spec.derived(id).iter().copied().chain([id]).collect();
        for member in &members {
            let name = spec.declared(*member).component().unwrap_or_default();
            let at = DeclarationContext::component(name).at;
            let tags = match mapped.get(member) {
                Some(tags) => tags.clone(),
                None => self.tags_of_component(*member, &discriminator.property, &members),
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

/// The values of alternatives that all list scalars, with the title of each that lists only one.
fn constants(spec: &Spec, members: &[(usize, SchemaId)]) -> Option<Vec<ScalarValue>> {
    let mut listed: Vec<ScalarValue> = Vec::new();
    for (_, member) in members {
        let schema = spec.schema(*member);
        let keywords = &schema.keywords;
        let is_plain = keywords.alternatives().is_none() && keywords.all_of.is_empty();
        if keywords.enumeration.is_empty() || !is_plain {
            return None;
        }
        let names = names_of(schema, keywords.enumeration.len());
        for (index, value) in keywords.enumeration.iter().enumerate() {
            let value = scalar(value)?;
            let name = match keywords.enumeration.len() {
                1 => schema.title.clone(),
                _ => names.get(index).cloned(),
            };
            if !listed.iter().any(|known| known.value == value) {
                listed.push(ScalarValue { value, name });
            }
        }
    }
    Some(listed)
}

/// Gives objects that always have the same value of a discriminator that value as a constant.
pub(super) fn fix_tags(types: &mut IndexMap<TypeId, TypeDef>) {
    let mut selected: BTreeMap<(TypeId, String), BTreeSet<String>> = BTreeMap::new();
    for definition in types.values() {
        let TypeKind::Union(union) = &definition.kind else {
            continue;
        };
        let Some(tag) = &union.tag else {
            continue;
        };
        for variant in union.variants.iter().filter(|it| !it.tags.is_empty()) {
            if let Type::Named(id) = plain(types, &variant.ty) {
                let tags = selected.entry((id.clone(), tag.clone())).or_default();
                tags.extend(variant.tags.iter().cloned());
            }
        }
    }
    for ((id, property), tags) in selected {
        let mut tags = tags.into_iter();
        let (Some(only), None) = (tags.next(), tags.next()) else {
            continue;
        };
        let Some(TypeKind::Struct(structure)) = types.get(&id).map(|found| &found.kind) else {
            continue;
        };
        let mut fields = structure.fields.iter();
        let Some(at) = fields.position(|field| field.wire == property) else {
            continue;
        };
        let is_text = match plain(types, &structure.fields[at].ty) {
            Type::String => true,
            Type::Named(id) => {
                let kind = types.get(id).map(|found| &found.kind);
                matches!(kind, Some(TypeKind::Enum(_)))
            }
            _ => false,
        };
        if let Some(definition) = types.get_mut(&id)
            && let TypeKind::Struct(structure) = &mut definition.kind
            && is_text
        {
            let constant = &mut structure.fields[at].constant;
            constant.get_or_insert(Scalar::Text(only));
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
        Some("string") if keywords.enumeration.is_empty() => match keywords.format.as_deref() {
            Some(format @ ("date-time" | "date" | "uuid")) => format.to_owned(),
            _ => "text".to_owned(),
        },
        Some("string") => "value".to_owned(),
        Some(typ) => typ.to_owned(),
    }
}
