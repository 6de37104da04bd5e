//! Combines schemas: the one place that decides what `allOf` members, siblings of references, null
//! and alternatives mean together.

use std::{
    collections::{BTreeSet, HashSet},
    sync::Arc,
};

use indexmap::IndexMap;
use serde_json::Value;

use super::{
    Additional, SchemaId, Spec,
    schema::{Keywords, Schema},
};

/// The extensions that name the values of an enum.
pub(crate) const VALUE_NAMES: &[&str] = &["x-enum-varnames", "x-enumNames"];

/// What several schemas mean when they apply together.
///
/// Where several of them describe a property, the items or the additional properties, all are
/// listed; what those mean together is a [`Meaning`] again.
#[derive(Debug, Default)]
pub(crate) struct Meaning {
    /// All schemas that contribute, each after the members of its own `allOf`.
    pub(crate) sources: Vec<SchemaId>,
    pub(crate) types: BTreeSet<String>,
    /// The format that was stated last.
    pub(crate) format: Option<String>,
    /// The values that every `enum` lists; those of the last one if they have none in common.
    pub(crate) enumeration: Option<Vec<Value>>,
    /// Whether the lists of two `enum`s have no value in common.
    pub(crate) is_contradictory: bool,
    /// The names of the values, by extension.
    pub(crate) value_names: IndexMap<String, Value>,
    pub(crate) properties: IndexMap<String, Vec<SchemaId>>,
    /// The required properties in the order in which they are stated, with repetitions.
    pub(crate) required: Vec<String>,
    pub(crate) additional: Vec<SchemaId>,
    pub(crate) items: Vec<SchemaId>,
    /// The schemas that list alternatives.
    pub(crate) unions: Vec<SchemaId>,
    pub(crate) tuple: Option<SchemaId>,
    /// How many schemas, properties, required names and listed values were combined.
    pub(crate) weight: usize,
}

/// What a schema and the inline members of its `allOf` declare, without what it inherits.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct OwnParts {
    /// Their share of the [weight](Meaning::weight) of the schema's meaning.
    pub(crate) weight: usize,
    /// Whether a component is among the `allOf` members.
    pub(crate) inherits: bool,
}

impl Meaning {
    /// The type of all values; `None` if none is stated or the stated types exclude each other.
    pub(crate) fn typ(&self) -> Option<&str> {
        let mut types = self.types.iter().map(String::as_str);
        match (types.next(), types.next(), types.next()) {
            // Every integer is a number.
            (Some("integer"), Some("number"), None) => Some("integer"),
            (only, None, _) => only,
            _ => None,
        }
    }
}

impl Spec {
    /// What schemas mean when they apply together.
    pub(crate) fn meaning(&self, schemas: &[SchemaId]) -> Arc<Meaning> {
        let schemas: Vec<SchemaId> = schemas.iter().map(|id| self.resolve(*id)).collect();
        if let [only] = schemas.as_slice()
            && self.keywords(*only).all_of.is_empty()
        {
            // Looking it up would take as long, and keeping it would copy the description.
            return Arc::new(self.combined(&schemas));
        }
        self.meanings
            .get_or_compute(schemas, |schemas| self.combined(schemas))
    }

    /// The parts of a schema that are declared in it.
    pub(crate) fn own_parts(&self, id: SchemaId) -> OwnParts {
        let mut own = OwnParts::default();
        let mut waiting = vec![self.resolve(id)];
        while let Some(id) = waiting.pop() {
            let keywords = self.keywords(id);
            own.weight += keywords.weight();
            for member in &keywords.all_of {
                match self.inline(*member) {
                    Some(_) => waiting.push(*member),
                    None => own.inherits = true,
                }
            }
        }
        own
    }

    fn combined(&self, schemas: &[SchemaId]) -> Meaning {
        let mut meaning = Meaning::default();
        for id in self.flattened(schemas) {
            self.combine(&mut meaning, id);
            meaning.sources.push(id);
        }
        meaning
    }

    /// The schemas and all members of their `allOf`, each once and after its own members.
    fn flattened(&self, schemas: &[SchemaId]) -> Vec<SchemaId> {
        enum Step {
            Open(SchemaId),
            Close(SchemaId),
        }
        let mut flattened = Vec::new();
        let mut seen = HashSet::new();
        let mut stack: Vec<Step> = schemas.iter().rev().map(|id| Step::Open(*id)).collect();
        while let Some(step) = stack.pop() {
            match step {
                Step::Close(id) => flattened.push(id),
                Step::Open(id) => {
                    let id = self.resolve(id);
                    if seen.insert(id) {
                        stack.push(Step::Close(id));
                        let members = self.keywords(id).all_of.iter().rev();
                        stack.extend(members.map(|member| Step::Open(*member)));
                    }
                }
            }
        }
        flattened
    }

    /// Adds the keywords of one schema.
    fn combine(&self, meaning: &mut Meaning, id: SchemaId) {
        let schema = self.declared(id);
        let keywords = &schema.keywords;
        meaning.weight += keywords.weight();
        if let Some(typ) = &keywords.typ {
            meaning.types.insert(typ.clone());
        } else if keywords.is_object() {
            meaning.types.insert("object".to_owned());
        }
        if keywords.format.is_some() {
            meaning.format.clone_from(&keywords.format);
        }
        if !keywords.enumeration.is_empty() {
            let listed = &keywords.enumeration;
            let common = meaning.enumeration.as_ref().map(|known| {
                let common = known.iter().filter(|value| listed.contains(value));
                common.cloned().collect::<Vec<_>>()
            });
            for key in VALUE_NAMES {
                if let Some(names) = schema.extensions.get(*key) {
                    meaning.value_names.insert((*key).to_owned(), names.clone());
                }
            }
            // Lists that share no value are a mistake of the description.
            meaning.is_contradictory |= common.as_ref().is_some_and(Vec::is_empty);
            meaning.enumeration = Some(match common {
                Some(common) if !common.is_empty() => common,
                _ => listed.clone(),
            });
        }
        meaning.items.extend(keywords.items);
        for (name, property) in &keywords.properties {
            let sources = meaning.properties.entry(name.clone()).or_default();
            sources.push(*property);
        }
        meaning.required.extend(keywords.required.iter().cloned());
        if let Additional::Schema(values) = keywords.additional
            && !self.only_restricts(values)
        {
            meaning.additional.push(values);
        }
        if let Some((_, members)) = keywords.alternatives()
            && !members.iter().all(|member| self.only_restricts(*member))
        {
            meaning.unions.push(id);
        }
        if keywords.tuple.is_some() {
            meaning.tuple = Some(id);
        }
    }

    /// Whether an inline schema states no type, so that it at most restricts values of a type that is
    /// stated elsewhere. False for components.
    pub(crate) fn only_restricts(&self, id: SchemaId) -> bool {
        let only_restrict = |schema: &Schema| self.keywords_only_restrict(&schema.keywords);
        self.inline(id).is_some_and(only_restrict)
    }

    /// Like [`only_restricts`](Self::only_restricts), for keywords.
    pub(crate) fn keywords_only_restrict(&self, keywords: &Keywords) -> bool {
        keywords.all_of.is_empty() && self.keywords_beside_all_of_only_restrict(keywords)
    }

    /// Like [`only_restricts`](Self::only_restricts), for keywords other than `allOf`.
    pub(crate) fn keywords_beside_all_of_only_restrict(&self, keywords: &Keywords) -> bool {
        let states_type = keywords.typ.as_deref().is_some_and(|typ| typ != "object")
            || !keywords.properties.is_empty()
            || keywords.additional != Additional::Unspecified
            || keywords.items.is_some()
            || !keywords.enumeration.is_empty()
            || keywords.format.is_some()
            || keywords.tuple.is_some();
        let members = keywords
            .alternatives()
            .map_or(&[][..], |(_, members)| members);
        !states_type && members.iter().all(|member| self.only_restricts(*member))
    }

    /// The schemas that state a type, each once.
    pub(crate) fn type_bearing(&self, schemas: &[SchemaId]) -> Vec<SchemaId> {
        let mut bearing = schemas.to_vec();
        bearing.retain(|id| !self.only_restricts(*id));
        let distinct = self.distinct(&bearing).into_iter();
        distinct.map(|position| bearing[position]).collect()
    }

    /// Whether the schemas together permit null: at least one permits it and none forbids it. A schema
    /// with `nullable: true` permits null regardless of its `allOf` members, which is how OpenAPI 3.0
    /// makes a reference nullable.
    pub(crate) fn is_nullable(&self, schemas: &[SchemaId]) -> bool {
        let mut is_permitted = false;
        let mut seen = HashSet::new();
        // Chains of `allOf` have no bound on their length, so nothing here recurses.
        let mut waiting = schemas.to_vec();
        while let Some(id) = waiting.pop() {
            let schema = self.schema(id);
            let keywords = &schema.keywords;
            if schema.nullable {
                is_permitted = true;
            } else if !seen.insert(self.resolve(id)) {
                // It was visited before.
            } else if !keywords.all_of.is_empty() {
                waiting.extend(&keywords.all_of);
            } else if let Some((_, members)) = keywords.alternatives() {
                if !members.iter().any(|member| self.schema(*member).nullable) {
                    return false;
                }
                is_permitted = true;
            } else if keywords.typ.is_some() || !self.keywords_only_restrict(keywords) {
                // Keywords such as `required` restrict objects and do not apply to null.
                return false;
            }
        }
        is_permitted
    }

    /// The values that a schema permits for a property, if the schema lists them.
    pub(crate) fn constants(&self, schema: SchemaId, property: &str) -> Option<Vec<Value>> {
        let mut own = Meaning::default();
        for source in self.flattened(&[schema]) {
            if let Some(declared) = self.keywords(source).properties.get(property) {
                for part in self.flattened(&[*declared]) {
                    self.combine(&mut own, self.resolve(part));
                }
            }
        }
        own.enumeration
    }
}

#[cfg(test)]
mod tests {
    use openapiv3::{AnySchema, Components, OpenAPI, ReferenceOr, Schema, SchemaData, SchemaKind};

    use crate::{diagnostics::Sink, spec};

    /// Components that each have only the next one in `allOf`; the last is nullable.
    fn chain(length: usize) -> OpenAPI {
        let schemas = (0..length).map(|index| {
            let next = format!("#/components/schemas/N{}", index + 1);
            let is_last = index + 1 == length;
            let all_of = (!is_last).then_some(ReferenceOr::Reference { reference: next });
            let schema = Schema {
                schema_data: SchemaData {
                    nullable: is_last,
                    ..SchemaData::default()
                },
                schema_kind: SchemaKind::Any(AnySchema {
                    all_of: all_of.into_iter().collect(),
                    ..AnySchema::default()
                }),
            };
            (format!("N{index}"), ReferenceOr::Item(schema))
        });
        OpenAPI {
            components: Some(Components {
                schemas: schemas.collect(),
                ..Components::default()
            }),
            ..OpenAPI::default()
        }
    }

    #[test]
    fn long_chains_take_no_stack() {
        let spec = spec::build(chain(100_000), &mut Sink::default());
        let is_nullable = std::thread::scope(|scope| {
            let thread = std::thread::Builder::new().stack_size(256 << 10);
            let ask = || spec.is_nullable(&[spec.components["N0"]]);
            thread.spawn_scoped(scope, ask).unwrap().join().unwrap()
        });
        assert!(is_nullable);
    }
}
