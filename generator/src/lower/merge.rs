//! Merges schemas that apply together into one type.

use std::{collections::BTreeSet, sync::Arc};

use indexmap::IndexMap;

use super::{
    budget::MOST_INHERITED,
    fields::default_of,
    schema::{DeclarationContext, Schemas},
    worklist::{Item, Object},
};
use crate::{
    model::{Field, ITEM, Struct, Type, TypeKind},
    openapi::Pointer,
    spec::{Keywords, Meaning, OwnParts, Schema, SchemaId, Spec},
};

/// Schemas with their contexts.
pub(super) type Sources = Vec<(SchemaId, DeclarationContext)>;

/// The schemas that together describe one thing, such as a property.
pub(super) struct Combined {
    /// The schemas that state a type, or the last schema if none does. Never empty.
    pub(super) sources: Sources,
    /// Where a type merged from several is declared, or the context of the only one.
    pub(super) context: DeclarationContext,
}

impl Combined {
    fn ids(&self) -> Vec<SchemaId> {
        ids_of(&self.sources)
    }

    /// The schema, if it is the only one.
    pub(super) fn only(&self) -> Option<SchemaId> {
        match self.sources.as_slice() {
            [(only, _)] => Some(*only),
            _ => None,
        }
    }
}

/// A property of an object, whichever schema declares it.
pub(super) struct Property {
    pub(super) wire: String,
    pub(super) combined: Combined,
    pub(super) required: bool,
}

/// The properties of an object.
pub(super) struct Properties {
    pub(super) listed: Vec<Property>,
    /// Whether the object can have others, or has some that depend on an alternative.
    pub(super) has_more: bool,
}

/// What a schema with `allOf` amounts to.
enum AllOf {
    /// Any value: neither the members nor the other keywords state a type.
    Unrestricted,
    /// The one member that states a type, at this index.
    Only(usize, SchemaId),
    /// All that its members and its own keywords state.
    Merged,
}

impl<'a> Schemas<'a> {
    /// The type of a schema with `allOf`.
    pub(super) fn all_of(&mut self, id: SchemaId, context: &DeclarationContext) -> Type {
        let schema = self.spec.declared(id);
        match self.classify(id) {
            AllOf::Unrestricted => Type::Any,
            AllOf::Only(index, member) => self.lower(member, &context.part("allOf", index)),
            AllOf::Merged => self.merged(&[(id, context.clone())], schema, context),
        }
    }

    /// Decides from the `allOf` members and the keywords beside them.
    fn classify(&self, id: SchemaId) -> AllOf {
        let spec = self.spec;
        let keywords = &spec.declared(id).keywords;
        let members = keywords.all_of.iter().copied().enumerate();
        let mut members = members.filter(|(_, member)| !spec.only_restricts(*member));
        let (first, second) = (members.next(), members.next());
        let own_only_restricts = spec.keywords_beside_all_of_only_restrict(keywords);
        match (first, second) {
            (None, _) if own_only_restricts => AllOf::Unrestricted,
            (Some((index, only)), None) if own_only_restricts => {
                let is_merged = match adds_required(spec, keywords) {
                    // `required` does not restrict what is not an object.
                    true => !spec.is_component(only) || self.may_have_properties(only),
                    // It is one of the schemas that extend the base, and not the base itself.
                    false => spec.is_derived(id, only),
                };
                match is_merged {
                    true => AllOf::Merged,
                    false => AllOf::Only(index, only),
                }
            }
            _ => AllOf::Merged,
        }
    }

    /// Whether a schema describes an object or has `allOf` members, which may.
    pub(super) fn may_have_properties(&self, id: SchemaId) -> bool {
        let keywords = self.spec.keywords(id);
        keywords.is_object() || !keywords.all_of.is_empty()
    }

    /// The type that schemas and their `allOf` members mean together; `described` documents it.
    pub(super) fn merged(
        &mut self,
        sources: &[(SchemaId, DeclarationContext)],
        described: &Schema,
        context: &DeclarationContext,
    ) -> Type {
        let ids = ids_of(sources);
        let Some(meaning) = self.meaning_within_budget(&ids, context) else {
            return Type::FreeForm;
        };
        if !meaning.properties.is_empty() {
            let object = Object {
                sources: sources.to_vec(),
                meaning,
                described: described.description_alone(),
            };
            return self.wait_for_object(object, context);
        }
        if !meaning.unions.is_empty() {
            return self.merged_alternatives(&meaning, sources, context);
        }
        if let Some(tuple) = meaning.tuple
            && let Some(items) = &self.spec.declared(tuple).keywords.tuple
        {
            let context = self.context_of(tuple, sources);
            return self.tuple(items, &context);
        }
        if meaning.types.len() > 1 && meaning.typ().is_none() {
            let types: Vec<&str> = meaning.types.iter().map(String::as_str).collect();
            let message = format!(
                "no value is both {}; any value is accepted",
                types.join(" and ")
            );
            self.simplified(message, &context.at.join("allOf"));
            return Type::Any;
        }
        let own = context.child(["items"], ITEM);
        if let Some(items) = self.combined(&meaning.items, "items", sources, context, &own) {
            return Type::Array(Box::new(self.lower_combined_value(&items)));
        }
        self.merged_map_or_scalar(&meaning, sources, described, context)
    }

    /// The type of alternatives: their union if they apply alone, JSON values otherwise.
    fn merged_alternatives(
        &mut self,
        meaning: &Meaning,
        sources: &[(SchemaId, DeclarationContext)],
        context: &DeclarationContext,
    ) -> Type {
        let is_alone = meaning.enumeration.is_none()
            && meaning.items.is_empty()
            && meaning.additional.is_empty();
        match (meaning.unions.as_slice(), sources) {
            // The schema is the union: all its other keywords restrict.
            ([union], [(only, _)]) if is_alone && only == union => self.one_of(*union, context),
            ([union], _) if is_alone => self.lower(*union, &self.context_of(*union, sources)),
            _ => {
                let message = "alternatives combined with other schemas are kept as JSON values";
                self.simplified(message, &context.at);
                Type::Any
            }
        }
    }

    fn merged_map_or_scalar(
        &mut self,
        meaning: &Meaning,
        sources: &[(SchemaId, DeclarationContext)],
        described: &Schema,
        context: &DeclarationContext,
    ) -> Type {
        let keywords = Keywords {
            typ: meaning.typ().map(str::to_owned),
            format: meaning.format.clone(),
            enumeration: meaning.enumeration.clone().unwrap_or_default(),
            ..Keywords::default()
        };
        let own = context.child(["additionalProperties"], "value");
        let what = "additionalProperties";
        if keywords.enumeration.is_empty()
            && matches!(keywords.typ.as_deref(), None | Some("object"))
            && let Some(values) = self.combined(&meaning.additional, what, sources, context, &own)
        {
            return Type::Map(Box::new(self.lower_combined_value(&values)));
        }
        let mut described = described.clone();
        described.extensions.extend(meaning.value_names.clone());
        self.plain(&described, &keywords, context)
    }

    /// What schemas mean together; `None`, which is reported, if they inherit anything after the
    /// budget of the description is spent.
    fn meaning_within_budget(
        &mut self,
        ids: &[SchemaId],
        context: &DeclarationContext,
    ) -> Option<Arc<Meaning>> {
        let own = match ids {
            [only] => self.spec.own_parts(*only),
            // A merge of several schemas declares nothing itself.
            _ => OwnParts {
                weight: 0,
                inherits: true,
            },
        };
        if own.inherits && self.budget.is_spent() {
            self.report_budget(context);
            return None;
        }
        let meaning = self.spec.meaning(ids);
        self.budget.spend(&meaning, own);
        Some(meaning)
    }

    fn report_budget(&mut self, context: &DeclarationContext) {
        let message = format!(
            "the schemas of this description inherit more than {MOST_INHERITED} parts through `allOf` in total; what this schema inherits is not rendered"
        );
        self.simplified(message, &context.at);
    }

    /// The properties of an object, with all schemas it is made of. `None` if it has none.
    pub(super) fn properties(
        &mut self,
        id: SchemaId,
        context: &DeclarationContext,
    ) -> Option<Properties> {
        let context = match self.spec.is_component(id) {
            true => self.context_of(id, &[]),
            false => context.clone(),
        };
        let id = self.spec.resolve(id);
        let meaning = self.meaning_within_budget(&[id], &context)?;
        if meaning.properties.is_empty() {
            return None;
        }
        let sources = [(id, context.clone())];
        let required: BTreeSet<&String> = meaning.required.iter().collect();
        let properties = meaning.properties.iter().filter_map(|(wire, parts)| {
            let own = context.child(["properties", wire], wire);
            Some(Property {
                wire: wire.clone(),
                combined: self.combined(parts, wire, &sources, &context, &own)?,
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
    pub(super) fn declare_merged(&mut self, object: Object, context: &DeclarationContext) {
        let Object {
            sources,
            meaning,
            described,
        } = object;
        let sources = sources.as_slice();
        // The first merge of some schemas names the type for all later ones.
        let mut fields = Vec::with_capacity(meaning.properties.len());
        let required: BTreeSet<&String> = meaning.required.iter().collect();
        for (wire, parts) in sorted(&meaning.properties) {
            let is_required = required.contains(wire);
            fields.extend(self.merged_field(wire, parts, is_required, sources, context));
        }
        self.add_alternatives(&meaning.unions, &mut fields, sources, context);
        let own = context.child(["additionalProperties"], "value");
        let what = "additionalProperties";
        let additional = self.combined(&meaning.additional, what, sources, context, &own);
        let additional = additional.map(|values| self.lower_combined_value(&values));
        let declared: BTreeSet<&str> = fields.iter().map(|field| field.wire.as_str()).collect();
        let mut seen = BTreeSet::new();
        let mut listed: Vec<String> = Vec::new();
        // Several schemas may require the same name.
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
            // A closed member of `allOf` would forbid the properties of the others.
            is_closed: false,
        };
        self.declare(context, &described, TypeKind::Struct(structure));
    }

    /// The field of a property that one or more schemas declare.
    fn merged_field(
        &mut self,
        wire: &str,
        parts: &[SchemaId],
        required: bool,
        sources: &[(SchemaId, DeclarationContext)],
        context: &DeclarationContext,
    ) -> Option<Field> {
        let own = context.child(["properties", wire], wire);
        let combined = self.combined(parts, wire, sources, context, &own)?;
        let mut field = match combined.sources.as_slice() {
            [(only, context)] => self.field(wire, *only, required, context),
            _ => {
                let ty = self.lower_combined(&combined);
                let ids = combined.ids();
                self.field_of_type(wire, ty, &ids, required, &combined.context)
            }
        };
        // A schema without a type can still document the property.
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

    /// Combines the schemas of one part of `holder`; a type merged from several is declared at `own`.
    /// `None` if there are none.
    fn combined(
        &mut self,
        parts: &[SchemaId],
        what: &str,
        known: &[(SchemaId, DeclarationContext)],
        holder: &DeclarationContext,
        own: &DeclarationContext,
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
                    self.merges.context(&holder.at, own, set)
                }
            };
            if let Some(own) = merged {
                let sources = bearing.iter().enumerate().map(|(index, part)| {
                    let context = match self.spec.is_component(*part) {
                        true => self.context_of(*part, &[]),
                        false => own.part("allOf", index),
                    };
                    (*part, context)
                });
                return Some(Combined {
                    sources: sources.collect(),
                    context: own,
                });
            }
            let message = match are_components {
                true => {
                    format!("`{what}` is declared more than once; the last declaration is used")
                }
                false => format!(
                    "`{what}` is declared more than once, by schemas that merge into one another too many times; only the last declaration is used"
                ),
            };
            let at = self.declaration_of(last, what, known);
            self.simplified(message, &at);
        }
        let context = self.context_of(last, known);
        Some(Combined {
            sources: vec![(last, context.clone())],
            context,
        })
    }

    /// Where a property with this schema is declared: not at the schema, if that is a component.
    fn declaration_of(
        &self,
        property: SchemaId,
        wire: &str,
        known: &[(SchemaId, DeclarationContext)],
    ) -> Pointer {
        let meaning = self.spec.meaning(&ids_of(known));
        let declares = |id: &&SchemaId| {
            let properties = &self.spec.declared(**id).keywords.properties;
            properties.get(wire) == Some(&property)
        };
        match meaning.sources.iter().rev().find(declares) {
            Some(id) => self
                .context_of(*id, known)
                .at
                .join_all(["properties", wire]),
            None => self.context_of(property, known).at,
        }
    }

    /// The type of combined schemas.
    pub(super) fn lower_combined(&mut self, combined: &Combined) -> Type {
        match combined.sources.as_slice() {
            [(only, context)] => self.lower(*only, context),
            several => self.in_place(Item::Several(several.to_vec()), &combined.context),
        }
    }

    /// Like [`lower_combined`](Self::lower_combined), but wraps nullable types in `Nullable`.
    fn lower_combined_value(&mut self, combined: &Combined) -> Type {
        let ty = self.lower_combined(combined);
        match ty != Type::Any && self.spec.is_nullable(&combined.ids()) {
            true => Type::Nullable(Box::new(ty)),
            false => ty,
        }
    }

    /// Adds the properties of alternatives as optional fields.
    fn add_alternatives(
        &mut self,
        unions: &[SchemaId],
        fields: &mut Vec<Field>,
        sources: &[(SchemaId, DeclarationContext)],
        context: &DeclarationContext,
    ) {
        let mut known: BTreeSet<String> = fields.iter().map(|field| field.wire.clone()).collect();
        for union in unions {
            let Some((keyword, members)) = self.spec.declared(*union).keywords.alternatives()
            else {
                continue;
            };
            let mut added = false;
            for member in members {
                if self.budget.is_spent() {
                    self.report_budget(context);
                    break;
                }
                let meaning = self.spec.meaning(&[*member]);
                // The schema's own alternatives are its own parts.
                if self.spec.is_component(*union) {
                    self.budget.spend(&meaning, OwnParts::default());
                }
                for (wire, parts) in sorted(&meaning.properties) {
                    if !known.insert(wire.clone()) {
                        continue;
                    }
                    fields.extend(self.merged_field(wire, parts, false, sources, context));
                    added = true;
                }
            }
            if added {
                let message = format!(
                    "the properties of all `{keyword}` alternatives are rendered as optional fields"
                );
                let at = self.context_of(*union, sources).at.join(keyword);
                self.simplified(message, &at);
            }
        }
    }
}

/// Whether `required` stands beside `allOf` or in one of its inline members.
fn adds_required(spec: &Spec, keywords: &Keywords) -> bool {
    let mut inline = keywords.all_of.iter().filter_map(|id| spec.inline(*id));
    !keywords.required.is_empty() || inline.any(|member| !member.keywords.required.is_empty())
}

/// Properties by name.
fn sorted(properties: &IndexMap<String, Vec<SchemaId>>) -> Vec<(&String, &Vec<SchemaId>)> {
    let mut sorted: Vec<_> = properties.iter().collect();
    sorted.sort_unstable_by_key(|(wire, _)| *wire);
    sorted
}

fn ids_of(sources: &[(SchemaId, DeclarationContext)]) -> Vec<SchemaId> {
    sources.iter().map(|(id, _)| *id).collect()
}
