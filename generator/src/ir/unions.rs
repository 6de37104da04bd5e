//! `oneOf`, `anyOf` and discriminators: one of several types.

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;
use openapiv3::{AnySchema, Discriminator, ReferenceOr, Schema};

use super::{
    Struct, Type, TypeDef, TypeId, TypeKind, Union, Variant,
    fields::only_text,
    schema::{Schemas, Site, alternatives, is_object, keywords, only_constrains},
};
use crate::{
    diagnostics::{Code, Diagnostic, Sink},
    resolve::component_name,
};

/// The components that others take over and that tell them apart by a property: a value of such a
/// component can be any of those.
#[derive(Debug, Default)]
pub(super) struct Bases {
    /// By base, every component made from it, directly or not.
    derived: BTreeMap<String, BTreeSet<String>>,
}

impl Bases {
    /// Finds them.
    pub(super) fn find(components: &IndexMap<String, ReferenceOr<Schema>>) -> Self {
        let mut children: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        let names: BTreeMap<String, &str> = components
            .keys()
            .map(|name| (name.clone(), name.as_str()))
            .collect();
        for (name, schema) in components {
            let ReferenceOr::Item(schema) = schema else {
                continue;
            };
            for parent in references(&keywords(schema).all_of) {
                if let Some(parent) = names.get(&parent) {
                    children.entry(parent).or_default().push(name);
                }
            }
        }
        let mut derived = BTreeMap::new();
        for (name, schema) in components {
            let ReferenceOr::Item(schema) = schema else {
                continue;
            };
            let Some(discriminator) = &schema.schema_data.discriminator else {
                continue;
            };
            if alternatives(keywords(schema)).is_some() {
                continue;
            }
            let mut found: BTreeSet<String> = BTreeSet::new();
            let mut open: Vec<&str> = children.get(name.as_str()).cloned().unwrap_or_default();
            let mapped = discriminator.mapping.values();
            let mapped = mapped.filter_map(|target| names.get(&target_name(target)).copied());
            open.extend(mapped);
            while let Some(next) = open.pop() {
                if next != name && found.insert(next.to_owned()) {
                    open.extend(children.get(next).into_iter().flatten());
                }
            }
            if !found.is_empty() {
                derived.insert(name.clone(), found);
            }
        }
        Self { derived }
    }

    /// Whether a component is one.
    pub(super) fn has(&self, name: &str) -> bool {
        self.derived.contains_key(name)
    }

    /// Whether a component is made from a base, directly or not.
    pub(super) fn is_made_from(&self, name: &str, base: &str) -> bool {
        let derived = self.derived.get(base);
        derived.is_some_and(|derived| derived.contains(name))
    }
}

/// The components that some of these schemas refer to.
fn references(members: &[ReferenceOr<Schema>]) -> impl Iterator<Item = String> {
    members.iter().filter_map(|member| match member {
        ReferenceOr::Reference { reference } => component_name(reference, "schemas"),
        ReferenceOr::Item(_) => None,
    })
}

/// The component that an entry of a mapping leads to, which may be written as a reference or as a
/// bare name.
fn target_name(target: &str) -> String {
    component_name(target, "schemas").unwrap_or_else(|| {
        let last = target.rsplit(['/', '#']).next().unwrap_or(target);
        last.to_owned()
    })
}

/// The values of a discriminator by the component they stand for.
fn tags_by_component(discriminator: &Discriminator) -> BTreeMap<String, Vec<String>> {
    let mut tags: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (tag, target) in &discriminator.mapping {
        tags.entry(target_name(target))
            .or_default()
            .push(tag.clone());
    }
    // The mapping is a map: its order means nothing.
    tags.values_mut().for_each(|tags| tags.sort_unstable());
    tags
}

impl Schemas<'_> {
    /// The type of a schema with alternatives.
    pub(super) fn one_of(&mut self, schema: &Schema, any: &AnySchema, site: &Site) -> Type {
        let Some((keyword, members)) = alternatives(any) else {
            return self.plain(schema, any, site);
        };
        if !any.one_of.is_empty() && !any.any_of.is_empty() {
            self.simplified(
                "`anyOf` beside `oneOf` is not rendered",
                &site.at.join("anyOf"),
            );
        }
        let mut telling = self.telling(members, any);
        // An alternative that stands twice is one.
        let mut distinct: Vec<&ReferenceOr<Schema>> = Vec::with_capacity(telling.len());
        telling.retain(|(index, member)| {
            let is_new = !distinct.contains(member);
            if is_new {
                distinct.push(member);
            } else {
                let message = "this alternative stands twice; the second is left out";
                let at = site.at.join_all([keyword, index.to_string().as_str()]);
                self.sink
                    .at(&at, Diagnostic::new(Code::ListedTwice, message));
            }
            is_new
        });
        if telling.is_empty() {
            return self.plain(schema, any, site);
        }
        if !any.properties.is_empty() {
            return self.merged(schema, site);
        }
        // One alternative that says nothing takes whatever the others do not.
        if telling.len() < members.len() && members.iter().any(says_nothing) {
            return Type::Any;
        }
        if let [(index, only)] = telling.as_slice() {
            return self.lower(only, &site.part(keyword, *index));
        }
        if let Some(ty) = self.scalars(schema, &telling, site) {
            return ty;
        }
        let union = self.union(schema, keyword, &telling, site);
        match union.variants.as_slice() {
            [only] => only.ty.clone(),
            _ => self.declare(site, schema, TypeKind::Union(union)),
        }
    }

    /// The alternatives that say what a value is. Those that only restrict it do not; nor does one
    /// that says it is any object, where the schema or all others say as much.
    fn telling<'m>(
        &self,
        members: &'m [ReferenceOr<Schema>],
        any: &AnySchema,
    ) -> Vec<(usize, &'m ReferenceOr<Schema>)> {
        let of_objects = |member: &ReferenceOr<Schema>| {
            self.item(member).is_some_and(|item| {
                let any = keywords(item);
                is_object(any) || !any.all_of.is_empty()
            })
        };
        let tells = |member: &ReferenceOr<Schema>| !only_constrains(member);
        let objects_tell = !is_object(any)
            && members
                .iter()
                .any(|member| tells(member) && !of_objects(member));
        let counts = |(_, member): &(usize, &ReferenceOr<Schema>)| {
            tells(member) || objects_tell && of_objects(member)
        };
        members.iter().enumerate().filter(counts).collect()
    }

    /// One type for alternatives that are all texts or all numbers.
    fn scalars(
        &mut self,
        schema: &Schema,
        members: &[(usize, &ReferenceOr<Schema>)],
        site: &Site,
    ) -> Option<Type> {
        let items: Option<Vec<&Schema>> = members
            .iter()
            .map(|(_, member)| self.item(member))
            .collect();
        let items = items?;
        let all = |types: &[&str]| {
            items.iter().all(|item| {
                let any = keywords(item);
                alternatives(any).is_none()
                    && any.all_of.is_empty()
                    && any.typ.as_deref().is_some_and(|typ| types.contains(&typ))
            })
        };
        if all(&["string"]) {
            let listed = items.iter().flat_map(|item| &keywords(item).enumeration);
            let mut values: Vec<String> = Vec::new();
            let mut known = BTreeSet::new();
            for value in listed.filter_map(serde_json::Value::as_str) {
                if known.insert(value) {
                    values.push(value.to_owned());
                }
            }
            if !values.is_empty() {
                // Enums are open, so one of them holds any other text as well.
                return Some(self.declare(site, schema, TypeKind::Enum(values)));
            }
            let is_secret = |item: &&Schema| keywords(item).format.as_deref() == Some("password");
            return Some(match items.iter().any(is_secret) {
                true => Type::Secret,
                false => Type::String,
            });
        }
        let any_lists = items
            .iter()
            .any(|item| !keywords(item).enumeration.is_empty());
        if any_lists {
            return None;
        }
        let is_unsigned = |item: &&Schema| keywords(item).format.as_deref() == Some("uint64");
        match () {
            () if all(&["integer"]) => {
                match items.iter().filter(|item| is_unsigned(item)).count() {
                    0 => Some(Type::Int64),
                    count if count == items.len() => Some(Type::Uint64),
                    // No type of Rust's that JSON is read into holds both.
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
        schema: &Schema,
        keyword: &str,
        members: &[(usize, &ReferenceOr<Schema>)],
        site: &Site,
    ) -> Union {
        let discriminator = schema.schema_data.discriminator.as_ref();
        let mut variants: Vec<Variant> = Vec::new();
        let mut mapped = discriminator.map(tags_by_component).unwrap_or_default();
        for (index, member) in members {
            let (name, tags) = match member {
                ReferenceOr::Reference { reference } => {
                    let name = component_name(reference, "schemas").unwrap_or_default();
                    let tags = discriminator.map(|it| self.tags_of(&name, it, &mut mapped));
                    (name, tags.unwrap_or_default())
                }
                ReferenceOr::Item(item) => {
                    let tag = discriminator.and_then(|it| self.own_tag(member, &it.property_name));
                    let name = name_of(item, tag.as_deref(), *index);
                    (name, tag.into_iter().collect())
                }
            };
            let index = index.to_string();
            let site = match member {
                ReferenceOr::Item(_) => site.child([keyword, index.as_str()], &name),
                ReferenceOr::Reference { .. } => site.clone(),
            };
            let ty = self.lower(member, &site);
            add(&mut variants, Variant { name, ty, tags });
        }
        // What a mapping names is an alternative, listed or not.
        for (name, tags) in mapped {
            if self.components.contains_key(&name) {
                let ty = Type::Named(TypeId(Site::component(&name).at));
                add(&mut variants, Variant { name, ty, tags });
            }
        }
        Union {
            tag: discriminator.map(|discriminator| discriminator.property_name.clone()),
            variants,
        }
    }

    /// The values of a discriminator that stand for a component, which may itself be one of several.
    /// Takes what it uses out of the mapping.
    fn tags_of(
        &self,
        name: &str,
        discriminator: &Discriminator,
        mapped: &mut BTreeMap<String, Vec<String>>,
    ) -> Vec<String> {
        let mut tags: Vec<String> = Vec::new();
        let mut seen: BTreeSet<String> = BTreeSet::new();
        let mut open = vec![name.to_owned()];
        while let Some(name) = open.pop() {
            if !seen.insert(name.clone()) {
                continue;
            }
            let component = self.components.get(&name);
            let item = component.and_then(|it| self.item(it));
            let inner = item.and_then(|item| alternatives(keywords(item)));
            let inner: Vec<String> =
                inner.map_or_else(Vec::new, |(_, of)| references(of).collect());
            match mapped.remove(&name) {
                Some(listed) => tags.extend(listed),
                None if inner.is_empty() => {
                    let property = &discriminator.property_name;
                    let own = component.and_then(|it| self.own_tag(it, property));
                    tags.push(own.unwrap_or_else(|| name.clone()));
                }
                None => {}
            }
            let own = item.and_then(|item| item.schema_data.discriminator.as_ref());
            if let Some(own) = own.filter(|own| own.property_name == discriminator.property_name) {
                let mut mapped: Vec<String> = own.mapping.keys().cloned().collect();
                mapped.sort_unstable();
                tags.extend(mapped);
            }
            open.extend(inner);
        }
        tags
    }

    /// Declares a component that others take over, as the union of itself and all those.
    pub(super) fn declare_base(&mut self, name: &str, schema: &Schema, site: &Site) {
        let Some(discriminator) = &schema.schema_data.discriminator else {
            return;
        };
        let own = Site {
            at: site.at.join("base"),
            words: vec![name.to_owned(), "base".to_owned()],
            owner: site.owner.clone(),
        };
        let ty = self.merged(schema, &own);
        if ty != Type::Named(TypeId(own.at.clone())) {
            // Without properties of its own a base is any object.
            let structure = TypeKind::Struct(Struct::default());
            self.declare(&own, schema, structure);
        }
        let mapped = tags_by_component(discriminator);
        let mut variants = Vec::new();
        let derived = self.bases.derived.get(name).cloned().unwrap_or_default();
        for member in derived.iter().map(String::as_str).chain([name]) {
            let site = Site::component(member);
            let tag = || {
                let component = self.components.get(member)?;
                self.own_tag(component, &discriminator.property_name)
            };
            let tags = match mapped.get(member) {
                Some(tags) => tags.clone(),
                None => vec![tag().unwrap_or_else(|| member.to_owned())],
            };
            let at = match self.bases.has(member) {
                true => site.at.join("base"),
                false => site.at,
            };
            variants.push(Variant {
                name: member.to_owned(),
                ty: Type::Named(TypeId(at)),
                tags,
            });
        }
        let definition = TypeDef {
            words: site.words.clone(),
            owner: site.owner.clone(),
            description: schema.schema_data.description.clone(),
            deprecated: schema.schema_data.deprecated,
            kind: TypeKind::Union(Union {
                tag: Some(discriminator.property_name.clone()),
                variants,
            }),
        };
        self.types.insert(TypeId(site.at.clone()), definition);
    }
}

/// Adds an alternative, or its tags to the one that has the same type.
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

/// Leaves each tag of a union to one type: the first that has it.
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
                        format!("`{tag}` stands for two of the alternatives; the first has it");
                    sink.at(&id.0, Diagnostic::new(Code::Simplified, message));
                }
                is_new
            });
        }
    }
}

fn says_nothing(schema: &ReferenceOr<Schema>) -> bool {
    match schema {
        ReferenceOr::Item(item) => *keywords(item) == AnySchema::default(),
        ReferenceOr::Reference { .. } => false,
    }
}

/// What to call an alternative that has no name.
fn name_of(item: &Schema, tag: Option<&str>, index: usize) -> String {
    let any = keywords(item);
    let title = item.schema_data.title.as_deref();
    if let Some(title) = title.filter(|title| title.chars().count() <= 40).or(tag) {
        return title.to_owned();
    }
    let constants = any.properties.iter().filter_map(|(wire, property)| {
        let value = only_text(property.as_item()?)?;
        Some((wire, value))
    });
    if let Some((_, value)) = constants.min_by_key(|(wire, _)| *wire) {
        return value.to_owned();
    }
    match any.typ.as_deref() {
        Some("array") => {
            let items = any.items.clone().map(ReferenceOr::unbox);
            match items {
                Some(ReferenceOr::Reference { reference }) => {
                    format!(
                        "{} list",
                        component_name(&reference, "schemas").unwrap_or_default()
                    )
                }
                Some(ReferenceOr::Item(item)) => match keywords(&item).typ.as_deref() {
                    Some(typ) if typ != "array" => format!("{typ} list"),
                    _ => "list".to_owned(),
                },
                None => "list".to_owned(),
            }
        }
        Some("object") if any.properties.is_empty() && any.all_of.is_empty() => "object".to_owned(),
        Some("object") | None => match any.enumeration.is_empty() {
            true => format!("option {}", index + 1),
            false => "value".to_owned(),
        },
        Some("string") if any.enumeration.is_empty() => "text".to_owned(),
        Some("string") => "value".to_owned(),
        Some(typ) => typ.to_owned(),
    }
}
