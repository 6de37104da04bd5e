//! `allOf`: several schemas that hold at once become one type.

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;
use openapiv3::{AdditionalProperties, AnySchema, ReferenceOr, Schema, SchemaData, SchemaKind};
use serde_json::Value;

use super::{
    Field, Struct, Type, TypeKind,
    fields::{NAMES, default_of, text_of},
    schema::{ITEM, Schemas, Site, alternatives, is_object, keywords, only_constrains},
};
use crate::{pointer::Pointer, resolve::component_name};

/// A schema and where it stands.
#[derive(Clone)]
pub(super) struct Part {
    schema: ReferenceOr<Schema>,
    site: Site,
}

/// A property of an object, wherever the object has it from.
pub(super) struct Property {
    pub(super) wire: String,
    pub(super) schema: ReferenceOr<Schema>,
    pub(super) required: bool,
    pub(super) site: Site,
}

/// The properties of an object.
pub(super) struct Properties {
    pub(super) listed: Vec<Property>,
    /// Whether others can be there, or some depend on which alternative it is.
    pub(super) has_more: bool,
}

/// What several schemas say together.
#[derive(Default)]
pub(super) struct Merged {
    types: BTreeSet<String>,
    format: Option<String>,
    enumeration: Option<Vec<Value>>,
    /// What the authors of listed values call them.
    names: IndexMap<String, Value>,
    items: Vec<Part>,
    properties: IndexMap<String, Vec<Part>>,
    required: Vec<String>,
    additional: Vec<Part>,
    /// Schemas that are lists of alternatives.
    unions: Vec<Part>,
}

impl Schemas<'_> {
    /// The type of a schema with `allOf`.
    pub(super) fn all_of(&mut self, schema: &Schema, any: &AnySchema, site: &Site) -> Type {
        let says_more = |member: &&(usize, &ReferenceOr<Schema>)| !only_constrains(member.1);
        let members: Vec<(usize, &ReferenceOr<Schema>)> = any.all_of.iter().enumerate().collect();
        let members: Vec<_> = members.iter().filter(says_more).collect();
        let own_only_constrains = {
            let mut own = any.clone();
            own.all_of.clear();
            only_constrains(&item(own))
        };
        let adds_required = !any.required.is_empty()
            || any.all_of.iter().any(|member| {
                matches!(member, ReferenceOr::Item(item) if !keywords(item).required.is_empty())
            });
        if own_only_constrains && !adds_required || members.is_empty() {
            match members.as_slice() {
                [] if own_only_constrains => return Type::Any,
                [] => {}
                [(_, only)] if self.takes_base(only, site) => {}
                [(index, only)] => return self.lower(only, &site.part("allOf", *index)),
                _ => {}
            }
        } else if own_only_constrains
            && let [(index, only @ ReferenceOr::Reference { .. })] = members.as_slice()
            && !self.item(only).is_some_and(|item| {
                let any = keywords(item);
                is_object(any) || !any.all_of.is_empty()
            })
        {
            // What is required of something that is no object says nothing.
            return self.lower(only, &site.part("allOf", *index));
        }
        self.merged(schema, site)
    }

    /// Whether a component takes over a base and adds nothing: it is one of those that a value of
    /// the base can be, and not the base itself.
    fn takes_base(&self, member: &ReferenceOr<Schema>, site: &Site) -> bool {
        let ReferenceOr::Reference { reference } = member else {
            return false;
        };
        let base = component_name(reference, "schemas");
        match (site.words.as_slice(), base) {
            ([name], Some(base)) => {
                site.at == Site::component(name).at && self.bases.is_made_from(name, &base)
            }
            _ => false,
        }
    }

    /// The type of all that a schema and its parts say.
    pub(super) fn merged(&mut self, schema: &Schema, site: &Site) -> Type {
        let merged = self.collect(schema, site);
        if !merged.properties.is_empty() {
            return self.merged_object(schema, merged, site);
        }
        if let ([union], None, [], []) = (
            merged.unions.as_slice(),
            &merged.enumeration,
            merged.items.as_slice(),
            merged.additional.as_slice(),
        ) {
            let union = union.clone();
            return match union.site.at == site.at {
                // The schema is the union: all else it says constrains.
                true => self.one_of(schema, keywords(schema), site),
                false => self.lower(&union.schema, &union.site),
            };
        }
        if !merged.unions.is_empty() {
            let message = "alternatives that hold together with others are kept as JSON values";
            self.simplified(message, &site.at);
            return Type::Any;
        }
        if merged.types.len() > 1 {
            let numbers = BTreeSet::from(["integer".to_owned(), "number".to_owned()]);
            if merged.types != numbers {
                let types: Vec<&str> = merged.types.iter().map(String::as_str).collect();
                let message = format!(
                    "no value is {} at once: any value is taken",
                    types.join(" and ")
                );
                self.simplified(message, &site.at.join("allOf"));
                return Type::Any;
            }
        }
        let typ = merged.types.first().cloned();
        let blend = AnySchema {
            typ,
            format: merged.format,
            enumeration: merged.enumeration.unwrap_or_default(),
            ..AnySchema::default()
        };
        if !merged.items.is_empty() {
            let own = site.child(["items"], ITEM);
            if let Some(items) = self.of_all(&merged.items, "items", site, &own) {
                let ty = self.lower_value(&items.schema, &items.site);
                return Type::Array(Box::new(ty));
            }
        }
        if blend.enumeration.is_empty() && matches!(blend.typ.as_deref(), None | Some("object")) {
            let own = site.child(["additionalProperties"], "value");
            let keyword = "additionalProperties";
            if let Some(values) = self.of_all(&merged.additional, keyword, site, &own) {
                let ty = self.lower_value(&values.schema, &values.site);
                return Type::Map(Box::new(ty));
            }
        }
        let mut of_blend = Schema {
            schema_data: schema.schema_data.clone(),
            schema_kind: SchemaKind::Any(AnySchema::default()),
        };
        of_blend.schema_data.extensions.extend(merged.names);
        self.plain(&of_blend, &blend, site)
    }

    /// The properties of an object with all it is made of. `None` if it is none with listed
    /// properties.
    pub(super) fn properties(
        &mut self,
        schema: &ReferenceOr<Schema>,
        site: &Site,
    ) -> Option<Properties> {
        let merged = self.collect(self.item(schema)?, &self.site_of(schema, site));
        if merged.properties.is_empty() {
            return None;
        }
        let required: BTreeSet<&String> = merged.required.iter().collect();
        let site = self.site_of(schema, site);
        let properties = merged.properties.iter().filter_map(|(wire, parts)| {
            let own = site.child(["properties", wire], wire);
            let all = self.of_all(parts, wire, &site, &own)?;
            Some(Property {
                wire: wire.clone(),
                schema: all.schema,
                required: required.contains(wire),
                site: all.site,
            })
        });
        let listed = properties.collect();
        Some(Properties {
            listed,
            has_more: !merged.additional.is_empty() || !merged.unions.is_empty(),
        })
    }

    /// Where a schema stands that is met at a site: there, or where the component is.
    fn site_of(&self, schema: &ReferenceOr<Schema>, site: &Site) -> Site {
        match schema {
            ReferenceOr::Item(_) => site.clone(),
            ReferenceOr::Reference { reference } => component_name(reference, "schemas")
                .map_or_else(|| site.clone(), |name| Site::component(&name)),
        }
    }

    /// Declares the type of an object that is merged from several schemas.
    pub(super) fn declare_merged(&mut self, schema: &Schema, mut merged: Merged, site: &Site) {
        // What is merged first names the type of all that is merged from the same schemas.
        merged.properties.sort_unstable_keys();
        let mut fields = Vec::with_capacity(merged.properties.len());
        let required: BTreeSet<&String> = merged.required.iter().collect();
        for (wire, parts) in &merged.properties {
            fields.push(self.blended_field(wire, parts, required.contains(wire), site));
        }
        self.add_alternatives(&merged.unions, &mut fields, site);
        let own = site.child(["additionalProperties"], "value");
        let additional = self.of_all(&merged.additional, "additionalProperties", site, &own);
        let additional = additional.map(|part| self.lower_value(&part.schema, &part.site));
        let declared: BTreeSet<&str> = fields.iter().map(|field| field.wire.as_str()).collect();
        let mut seen = BTreeSet::new();
        let mut listed: Vec<String> = Vec::new();
        // The same name may well be required by several parts.
        for name in &merged.required {
            if declared.contains(name.as_str()) && seen.insert(name) {
                listed.push(name.clone());
            }
        }
        let structure = Struct {
            fields,
            required: listed,
            is_patch: false,
            additional,
        };
        self.declare(site, schema, TypeKind::Struct(structure));
    }

    /// A property that one or more parts declare.
    fn blended_field(&mut self, wire: &str, parts: &[Part], required: bool, site: &Site) -> Field {
        let own = site.child(["properties", wire], wire);
        let Some(all) = self.of_all(parts, wire, site, &own) else {
            unreachable!("a property has a part that declares it");
        };
        let mut field = self.field(wire, &all.schema, required, &all.site);
        // A part that says no type can still say what the property is for.
        for part in parts.iter().rev() {
            if let ReferenceOr::Item(item) = &part.schema {
                let data = &item.schema_data;
                field.description = field.description.or_else(|| data.description.clone());
                field.read_only |= data.read_only;
                field.write_only |= data.write_only;
                field.deprecated |= data.deprecated;
                field.default = field.default.or_else(|| default_of(data));
            }
        }
        field
    }

    /// What several parts of the schema at `holder` say of one thing, which stands at `own` if it takes
    /// more than one of them to say it. `None` if there is no part.
    fn of_all(&mut self, parts: &[Part], what: &str, holder: &Site, own: &Site) -> Option<Part> {
        match telling(parts).as_slice() {
            [] => parts.last().cloned(),
            [only] => Some((*only).clone()),
            several => self.blend(several, what, holder, own),
        }
    }

    /// One schema for several that hold at once, or the last of them if that would lead too far, which
    /// is reported.
    fn blend(&mut self, parts: &[&Part], what: &str, holder: &Site, own: &Site) -> Option<Part> {
        let last = *parts.last()?;
        let mut schemas = parts.iter().map(|part| &part.schema);
        if schemas.all(|schema| matches!(schema, ReferenceOr::Reference { .. })) {
            let message = format!(
                "`{what}` is declared more than once; the type of the last declaration is taken"
            );
            self.simplified(message, &last.site.at);
            return Some(last.clone());
        }
        let places = parts
            .iter()
            .map(|part| self.site_of(&part.schema, &part.site).at);
        let places: Vec<Pointer> = places.collect();
        let Some(site) = self.blends.site(&holder.at, own, places.into_iter()) else {
            let message = format!(
                "`{what}` is declared more than once, by schemas that are merged with one another over and over: the type of the last declaration is taken, without what the others say"
            );
            self.simplified(message, &last.site.at);
            return Some(last.clone());
        };
        let schema = ReferenceOr::Item(Schema {
            schema_data: SchemaData {
                nullable: parts.iter().all(|part| self.is_nullable(&part.schema)),
                ..SchemaData::default()
            },
            schema_kind: SchemaKind::Any(AnySchema {
                all_of: parts.iter().map(|part| part.schema.clone()).collect(),
                ..AnySchema::default()
            }),
        });
        Some(Part { schema, site })
    }

    /// The value of a discriminator by which a schema says itself what it is: the only one that its
    /// property can have.
    pub(super) fn own_tag(&self, schema: &ReferenceOr<Schema>, property: &str) -> Option<String> {
        let nowhere = Site::component("");
        let mut merged = self.collect(self.item(schema)?, &nowhere);
        let parts = merged.properties.swap_remove(property)?;
        let mut of_property = Merged::default();
        for part in &parts {
            take(&mut of_property, self.item(&part.schema)?, part);
        }
        match of_property.enumeration?.as_slice() {
            [only] => text_of(only),
            _ => None,
        }
    }

    /// Adds what alternatives declare as properties that may be there or not.
    fn add_alternatives(&mut self, unions: &[Part], fields: &mut Vec<Field>, site: &Site) {
        let mut known: BTreeMap<String, usize> = BTreeMap::new();
        for (index, field) in fields.iter().enumerate() {
            known.insert(field.wire.clone(), index);
        }
        for union in unions {
            let ReferenceOr::Item(schema) = &union.schema else {
                continue;
            };
            let Some((keyword, members)) = alternatives(keywords(schema)) else {
                continue;
            };
            let mut added = false;
            for (index, member) in members.iter().enumerate() {
                let Some(item) = self.item(member).cloned() else {
                    continue;
                };
                let part = self.site_of(member, &union.site.part(keyword, index));
                let mut merged = self.collect(&item, &part);
                merged.properties.sort_unstable_keys();
                for (wire, parts) in merged.properties {
                    if known.contains_key(&wire) {
                        continue;
                    }
                    let field = self.blended_field(&wire, &parts, false, site);
                    known.insert(wire, fields.len());
                    fields.push(field);
                    added = true;
                }
            }
            if added {
                let message = format!(
                    "the alternatives of `{keyword}` are rendered as properties that may all be there or not"
                );
                self.simplified(message, &union.site.at.join(keyword));
            }
        }
    }

    /// All that a schema says, with the schemas it is made of, the innermost first.
    fn collect(&self, schema: &Schema, site: &Site) -> Merged {
        let mut merged = Merged::default();
        let mut seen: BTreeSet<String> = BTreeSet::new();
        // Steps still to take; a schema comes after the ones it is made of.
        enum Step {
            Open(Part),
            Take(Part),
        }
        let whole = Part {
            schema: ReferenceOr::Item(schema.clone()),
            site: site.clone(),
        };
        let mut stack = vec![Step::Open(whole)];
        while let Some(step) = stack.pop() {
            match step {
                Step::Take(part) => {
                    if let ReferenceOr::Item(schema) = &part.schema {
                        take(&mut merged, schema, &part);
                    }
                }
                Step::Open(part) => match &part.schema {
                    ReferenceOr::Reference { reference } => {
                        let name = component_name(reference, "schemas");
                        let found = name.and_then(|name| Some((self.components.get(&name)?, name)));
                        if let Some((schema, name)) = found
                            && seen.insert(name.clone())
                        {
                            stack.push(Step::Open(Part {
                                schema: schema.clone(),
                                site: Site::component(&name),
                            }));
                        }
                    }
                    ReferenceOr::Item(schema) => {
                        let site = part.site.clone();
                        let members = &keywords(schema).all_of;
                        let members: Vec<Step> = members
                            .iter()
                            .enumerate()
                            .rev()
                            .map(|(index, member)| {
                                Step::Open(Part {
                                    schema: member.clone(),
                                    site: site.part("allOf", index),
                                })
                            })
                            .collect();
                        stack.push(Step::Take(part));
                        stack.extend(members);
                    }
                },
            }
        }
        merged
    }
}

/// Adds what one schema says by itself.
fn take(merged: &mut Merged, schema: &Schema, part: &Part) {
    let any = keywords(schema);
    if let Some(typ) = &any.typ {
        merged.types.insert(typ.clone());
    } else if is_object(any) {
        merged.types.insert("object".to_owned());
    }
    if any.format.is_some() {
        merged.format.clone_from(&any.format);
    }
    if !any.enumeration.is_empty() {
        let listed = &any.enumeration;
        let both = merged.enumeration.as_ref().map(|known| {
            let both = known.iter().filter(|value| listed.contains(value));
            both.cloned().collect::<Vec<_>>()
        });
        for key in NAMES {
            if let Some(names) = schema.schema_data.extensions.get(*key) {
                merged.names.insert((*key).to_owned(), names.clone());
            }
        }
        // Lists without a common value are a slip of the description's; the narrower one counts.
        merged.enumeration = Some(match both {
            Some(both) if !both.is_empty() => both,
            _ => listed.clone(),
        });
    }
    if let Some(items) = &any.items {
        merged.items.push(Part {
            schema: items.clone().unbox(),
            site: part.site.child(["items"], ITEM),
        });
    }
    for (wire, property) in &any.properties {
        let site = part.site.child(["properties", wire], wire);
        let schema = property.clone().unbox();
        let parts = merged.properties.entry(wire.clone()).or_default();
        parts.push(Part { schema, site });
    }
    merged.required.extend(any.required.iter().cloned());
    if let Some(AdditionalProperties::Schema(values)) = &any.additional_properties
        && !only_constrains(values)
    {
        merged.additional.push(Part {
            schema: (**values).clone(),
            site: part.site.child(["additionalProperties"], "value"),
        });
    }
    if let Some((_, members)) = alternatives(any)
        && !members.iter().all(only_constrains)
    {
        merged.unions.push(part.clone());
    }
}

/// Those that say something, each once.
fn telling(parts: &[Part]) -> Vec<&Part> {
    let mut telling: Vec<&Part> = Vec::new();
    for part in parts {
        let is_known = telling.iter().any(|known| known.schema == part.schema);
        if !is_known && !only_constrains(&part.schema) {
            telling.push(part);
        }
    }
    telling
}

fn item(any: AnySchema) -> ReferenceOr<Schema> {
    ReferenceOr::Item(Schema {
        schema_data: SchemaData::default(),
        schema_kind: SchemaKind::Any(any),
    })
}
