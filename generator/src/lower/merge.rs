//! Several schemas that hold at once become one type.

use std::{collections::BTreeSet, sync::Arc};

use indexmap::IndexMap;

use super::{
    budget::MOST_INHERITED,
    fields::{default_of, text_of},
    schema::{Schemas, Site},
    worklist::{Item, Object},
};
use crate::{
    model::{Field, ITEM, Struct, Type, TypeKind},
    openapi::Pointer,
    spec::{Keywords, Meaning, OwnParts, Schema, SchemaId},
};

/// Schemas with the sites where they stand.
pub(super) type Sources = Vec<(SchemaId, Site)>;

/// What several schemas say of one thing, such as a property.
pub(super) struct Combined {
    /// The schemas that state a type; the last of all if none does. At least one.
    pub(super) sources: Sources,
    /// Where a type of several of them is declared, or where the only one stands.
    pub(super) site: Site,
}

impl Combined {
    fn ids(&self) -> Vec<SchemaId> {
        ids_of(&self.sources)
    }

    /// The schema that says it all.
    pub(super) fn only(&self) -> Option<SchemaId> {
        match self.sources.as_slice() {
            [(only, _)] => Some(*only),
            _ => None,
        }
    }
}

/// A property of an object, whichever schema the object has it from.
pub(super) struct Property {
    pub(super) wire: String,
    pub(super) combined: Combined,
    pub(super) required: bool,
}

/// The properties of an object.
pub(super) struct Properties {
    pub(super) listed: Vec<Property>,
    /// Whether the object can have others, or which it has depends on an alternative.
    pub(super) has_more: bool,
}

impl<'a> Schemas<'a> {
    /// The type of a schema with `allOf`.
    pub(super) fn all_of(&mut self, id: SchemaId, site: &Site) -> Type {
        let spec = self.spec;
        let keywords = &spec.declared(id).keywords;
        let members = keywords.all_of.iter().copied().enumerate();
        let members: Vec<(usize, SchemaId)> = members
            .filter(|(_, member)| !spec.only_restricts(*member))
            .collect();
        let own_only_restricts = spec.keywords_beside_all_of_only_restrict(keywords);
        let adds_required = !keywords.required.is_empty()
            || keywords.all_of.iter().any(|member| {
                !spec.is_component(*member) && !spec.keywords(*member).required.is_empty()
            });
        if own_only_restricts && !adds_required || members.is_empty() {
            match members.as_slice() {
                [] if own_only_restricts => return Type::Any,
                // It is one of the values that the base can have, and not the base itself.
                [(_, only)] if spec.derived(*only).contains(&id) => {}
                [(index, only)] => return self.lower(*only, &site.part("allOf", *index)),
                _ => {}
            }
        } else if own_only_restricts
            && let [(index, only)] = members.as_slice()
            && spec.is_component(*only)
            && !self.may_have_properties(*only)
        {
            // `required` says nothing of what is not an object.
            return self.lower(*only, &site.part("allOf", *index));
        }
        self.merged(&[(id, site.clone())], spec.declared(id), site)
    }

    /// Whether a schema is one of objects, or made of others that may be.
    pub(super) fn may_have_properties(&self, id: SchemaId) -> bool {
        let keywords = self.spec.keywords(id);
        keywords.is_object() || !keywords.all_of.is_empty()
    }

    /// The type of all that schemas and the members of their `allOf` say. What describes the type
    /// is taken from `described`.
    pub(super) fn merged(
        &mut self,
        sources: &[(SchemaId, Site)],
        described: &Schema,
        site: &Site,
    ) -> Type {
        let ids = ids_of(sources);
        let Some(meaning) = self.meaning_within_budget(&ids, site) else {
            return Type::FreeForm;
        };
        if !meaning.properties.is_empty() {
            let object = Object {
                sources: sources.to_vec(),
                meaning,
                described: described.description_alone(),
            };
            return self.wait_for_object(object, site);
        }
        if let ([union], None, [], []) = (
            meaning.unions.as_slice(),
            &meaning.enumeration,
            meaning.items.as_slice(),
            meaning.additional.as_slice(),
        ) {
            return match ids.as_slice() {
                // The schema is the union: all else it says restricts.
                [only] if only == union => self.one_of(*union, site),
                _ => self.lower(*union, &self.site_of(*union, sources)),
            };
        }
        if !meaning.unions.is_empty() {
            let message = "alternatives that hold together with others are kept as JSON values";
            self.simplified(message, &site.at);
            return Type::Any;
        }
        if let Some(tuple) = meaning.tuple
            && let Some(items) = &self.spec.declared(tuple).keywords.tuple
        {
            let site = self.site_of(tuple, sources);
            return self.tuple(items, &site);
        }
        if meaning.types.len() > 1 && meaning.typ().is_none() {
            let types: Vec<&str> = meaning.types.iter().map(String::as_str).collect();
            let message = format!(
                "no value is {} at once: any value is taken",
                types.join(" and ")
            );
            self.simplified(message, &site.at.join("allOf"));
            return Type::Any;
        }
        let own = site.child(["items"], ITEM);
        if let Some(items) = self.combined(&meaning.items, "items", sources, site, &own) {
            return Type::Array(Box::new(self.lower_combined_value(&items)));
        }
        let keywords = Keywords {
            typ: meaning.typ().map(str::to_owned),
            format: meaning.format.clone(),
            enumeration: meaning.enumeration.clone().unwrap_or_default(),
            ..Keywords::default()
        };
        let own = site.child(["additionalProperties"], "value");
        let what = "additionalProperties";
        if keywords.enumeration.is_empty()
            && matches!(keywords.typ.as_deref(), None | Some("object"))
            && let Some(values) = self.combined(&meaning.additional, what, sources, site, &own)
        {
            return Type::Map(Box::new(self.lower_combined_value(&values)));
        }
        let mut described = described.clone();
        described.extensions.extend(meaning.value_names.clone());
        self.plain(&described, &keywords, site)
    }

    /// What schemas mean together; `None`, which is reported, if they inherit something and the
    /// schemas before them have used up what the description can inherit.
    fn meaning_within_budget(&mut self, ids: &[SchemaId], site: &Site) -> Option<Arc<Meaning>> {
        let own = match ids {
            [only] => self.spec.own_parts(*only),
            // Whatever is merged of several schemas is declared elsewhere.
            _ => OwnParts {
                weight: 0,
                inherits: true,
            },
        };
        if own.inherits && self.budget.is_spent() {
            let message = format!(
                "the schemas of this description inherit more than {MOST_INHERITED} parts through `allOf` in all: this one is kept as a JSON object"
            );
            self.simplified(message, &site.at);
            return None;
        }
        let meaning = self.spec.meaning(ids);
        self.budget.spend(&meaning, own);
        Some(meaning)
    }

    /// The properties of an object, with all schemas it is made of. `None` if it has none.
    pub(super) fn properties(&mut self, id: SchemaId, site: &Site) -> Option<Properties> {
        let site = match self.spec.is_component(id) {
            true => self.site_of(id, &[]),
            false => site.clone(),
        };
        let id = self.spec.resolve(id);
        let meaning = self.meaning_within_budget(&[id], &site)?;
        if meaning.properties.is_empty() {
            return None;
        }
        let sources = [(id, site.clone())];
        let required: BTreeSet<&String> = meaning.required.iter().collect();
        let properties = meaning.properties.iter().filter_map(|(wire, parts)| {
            let own = site.child(["properties", wire], wire);
            Some(Property {
                wire: wire.clone(),
                combined: self.combined(parts, wire, &sources, &site, &own)?,
                required: required.contains(wire),
            })
        });
        let listed = properties.collect();
        Some(Properties {
            listed,
            has_more: !meaning.additional.is_empty() || !meaning.unions.is_empty(),
        })
    }

    /// Declares the type of an object that is merged from several schemas.
    pub(super) fn declare_merged(&mut self, object: Object, site: &Site) {
        let Object {
            sources,
            meaning,
            described,
        } = object;
        let sources = sources.as_slice();
        // What is merged first names the type of all that is merged from the same schemas.
        let mut fields = Vec::with_capacity(meaning.properties.len());
        let required: BTreeSet<&String> = meaning.required.iter().collect();
        for (wire, parts) in sorted(&meaning.properties) {
            let is_required = required.contains(wire);
            fields.extend(self.merged_field(wire, parts, is_required, sources, site));
        }
        self.add_alternatives(&meaning.unions, &mut fields, sources, site);
        let own = site.child(["additionalProperties"], "value");
        let what = "additionalProperties";
        let additional = self.combined(&meaning.additional, what, sources, site, &own);
        let additional = additional.map(|values| self.lower_combined_value(&values));
        let declared: BTreeSet<&str> = fields.iter().map(|field| field.wire.as_str()).collect();
        let mut seen = BTreeSet::new();
        let mut listed: Vec<String> = Vec::new();
        // The same name may well be required by several schemas.
        for name in &meaning.required {
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
        self.declare(site, &described, TypeKind::Struct(structure));
    }

    /// A property that one or more schemas declare.
    fn merged_field(
        &mut self,
        wire: &str,
        parts: &[SchemaId],
        required: bool,
        sources: &[(SchemaId, Site)],
        site: &Site,
    ) -> Option<Field> {
        let own = site.child(["properties", wire], wire);
        let combined = self.combined(parts, wire, sources, site, &own)?;
        let mut field = match combined.sources.as_slice() {
            [(only, site)] => self.field(wire, *only, required, site),
            _ => {
                let ty = self.lower_combined(&combined);
                let ids = combined.ids();
                self.field_of_type(wire, ty, &ids, required, &combined.site)
            }
        };
        // A schema that states no type can still say what the property is for.
        for part in parts.iter().rev() {
            if let Some(schema) = self.spec.inline(*part) {
                field.description = field.description.or_else(|| schema.description.clone());
                field.read_only |= schema.read_only;
                field.write_only |= schema.write_only;
                field.deprecated |= schema.deprecated;
                field.default = field.default.or_else(|| default_of(schema));
            }
        }
        Some(field)
    }

    /// What several schemas say of one thing, a part of what stands at `holder`, which is declared at
    /// `own` if it takes more than one of them to say it. `None` if there are none.
    fn combined(
        &mut self,
        parts: &[SchemaId],
        what: &str,
        known: &[(SchemaId, Site)],
        holder: &Site,
        own: &Site,
    ) -> Option<Combined> {
        let mut bearing = self.spec.type_bearing(parts);
        if bearing.is_empty() {
            bearing.extend(parts.last());
        }
        let last = *bearing.last()?;
        if bearing.len() > 1 {
            let are_components = bearing.iter().all(|part| self.spec.is_component(*part));
            let merged = match are_components {
                true => None,
                false => {
                    let set = bearing
                        .iter()
                        .map(|part| self.spec.resolve(*part))
                        .collect();
                    self.merges.site(&holder.at, own, set)
                }
            };
            if let Some(own) = merged {
                let sources = bearing.iter().enumerate().map(|(index, part)| {
                    let site = match self.spec.is_component(*part) {
                        true => self.site_of(*part, &[]),
                        false => own.part("allOf", index),
                    };
                    (*part, site)
                });
                return Some(Combined {
                    sources: sources.collect(),
                    site: own,
                });
            }
            let message = match are_components {
                true => format!(
                    "`{what}` is declared more than once; the type of the last declaration is taken"
                ),
                false => format!(
                    "`{what}` is declared more than once, by schemas that are merged with one another over and over: the type of the last declaration is taken, without what the others say"
                ),
            };
            let at = self.declaration_of(last, what, known);
            self.simplified(message, &at);
        }
        let site = self.site_of(last, known);
        Some(Combined {
            sources: vec![(last, site.clone())],
            site,
        })
    }

    /// Where a property that has a schema is declared, which is elsewhere for a component.
    fn declaration_of(
        &self,
        property: SchemaId,
        wire: &str,
        known: &[(SchemaId, Site)],
    ) -> Pointer {
        let meaning = self.spec.meaning(&ids_of(known));
        let declares = |id: &&SchemaId| {
            let properties = &self.spec.declared(**id).keywords.properties;
            properties.get(wire) == Some(&property)
        };
        match meaning.sources.iter().rev().find(declares) {
            Some(id) => self.site_of(*id, known).at.join_all(["properties", wire]),
            None => self.site_of(property, known).at,
        }
    }

    /// The type of what several schemas say of one thing.
    pub(super) fn lower_combined(&mut self, combined: &Combined) -> Type {
        match combined.sources.as_slice() {
            [(only, site)] => self.lower(*only, site),
            several => self.in_place(Item::Several(several.to_vec()), &combined.site),
        }
    }

    /// As [`lower_combined`](Self::lower_combined), wrapped in `Nullable` where null is a value.
    fn lower_combined_value(&mut self, combined: &Combined) -> Type {
        let ty = self.lower_combined(combined);
        match ty != Type::Any && self.spec.is_nullable(&combined.ids()) {
            true => Type::Nullable(Box::new(ty)),
            false => ty,
        }
    }

    /// The value of a discriminator by which a schema identifies itself: the only one that its
    /// property can have.
    pub(super) fn own_tag(&mut self, schema: SchemaId, property: &'a str) -> Option<String> {
        let spec = self.spec;
        let find = || match spec.constants(schema, property)?.as_slice() {
            [only] => text_of(only),
            _ => None,
        };
        // Each union that a schema is an alternative of asks for it.
        let known = self.own_tags.entry((schema, property));
        known.or_insert_with(find).clone()
    }

    /// Adds what alternatives declare as properties that may be there or not.
    fn add_alternatives(
        &mut self,
        unions: &[SchemaId],
        fields: &mut Vec<Field>,
        sources: &[(SchemaId, Site)],
        site: &Site,
    ) {
        let mut known: BTreeSet<String> = fields.iter().map(|field| field.wire.clone()).collect();
        for union in unions {
            let Some((keyword, members)) = self.spec.declared(*union).keywords.alternatives()
            else {
                continue;
            };
            let mut added = false;
            for member in members {
                let meaning = self.spec.meaning(&[*member]);
                for (wire, parts) in sorted(&meaning.properties) {
                    if !known.insert(wire.clone()) {
                        continue;
                    }
                    fields.extend(self.merged_field(wire, parts, false, sources, site));
                    added = true;
                }
            }
            if added {
                let message = format!(
                    "the alternatives of `{keyword}` are rendered as properties that may all be there or not"
                );
                let at = self.site_of(*union, sources).at.join(keyword);
                self.simplified(message, &at);
            }
        }
    }
}

/// Properties by name.
fn sorted(properties: &IndexMap<String, Vec<SchemaId>>) -> Vec<(&String, &Vec<SchemaId>)> {
    let mut sorted: Vec<_> = properties.iter().collect();
    sorted.sort_unstable_by_key(|(wire, _)| *wire);
    sorted
}

fn ids_of(sources: &[(SchemaId, Site)]) -> Vec<SchemaId> {
    sources.iter().map(|(id, _)| *id).collect()
}
