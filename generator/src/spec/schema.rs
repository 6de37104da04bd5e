//! Schemas in an arena.

use std::collections::{BTreeMap, HashMap, HashSet};

use indexmap::IndexMap;
use serde_json::Value;

use super::Spec;
use crate::{
    diagnostics::{Code, Diagnostic, Sink},
    openapi::Pointer,
};

/// The maximum number of pairs of a base and a schema that extends it.
const MOST_DERIVED: usize = 100_000;

/// A schema of a [`Spec`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct SchemaId(u32);

/// One schema: its keywords, with ids in place of other schemas.
///
/// A bare reference is the id of its target. A reference with siblings became an `allOf` when the
/// document was read.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Schema {
    pub(super) origin: Origin,
    /// The target, if this component is an alias. Everything else is empty then.
    pub(crate) alias_of: Option<SchemaId>,
    pub(crate) title: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) default: Option<Value>,
    pub(crate) nullable: bool,
    pub(crate) read_only: bool,
    pub(crate) write_only: bool,
    pub(crate) deprecated: bool,
    pub(crate) discriminator: Option<Discriminator>,
    pub(crate) extensions: IndexMap<String, Value>,
    pub(crate) keywords: Keywords,
}

/// The keywords that restrict values.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Keywords {
    pub(crate) typ: Option<String>,
    pub(crate) format: Option<String>,
    pub(crate) enumeration: Vec<Value>,
    pub(crate) pattern: Option<String>,
    pub(crate) multiple_of: Option<f64>,
    pub(crate) minimum: Option<f64>,
    pub(crate) maximum: Option<f64>,
    pub(crate) exclusive_minimum: bool,
    pub(crate) exclusive_maximum: bool,
    pub(crate) min_length: Option<usize>,
    pub(crate) max_length: Option<usize>,
    pub(crate) min_items: Option<usize>,
    pub(crate) max_items: Option<usize>,
    pub(crate) unique_items: bool,
    pub(crate) min_properties: Option<usize>,
    pub(crate) max_properties: Option<usize>,
    pub(crate) properties: IndexMap<String, SchemaId>,
    pub(crate) required: Vec<String>,
    pub(crate) additional: Additional,
    pub(crate) items: Option<SchemaId>,
    /// The schemas of the items of a tuple.
    pub(crate) tuple: Option<Vec<SchemaId>>,
    pub(crate) all_of: Vec<SchemaId>,
    pub(crate) one_of: Vec<SchemaId>,
    pub(crate) any_of: Vec<SchemaId>,
    pub(crate) not: Option<SchemaId>,
}

/// The value of `additionalProperties`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Additional {
    /// It is missing: other properties may have any value.
    #[default]
    Unspecified,
    /// `true`.
    Any,
    /// `false`.
    Forbidden,
    Schema(SchemaId),
}

/// The property that selects an alternative.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Discriminator {
    pub(crate) property: String,
    /// The component that each value selects, or the text of the entry if it names no component.
    pub(crate) mapping: IndexMap<String, Result<SchemaId, String>>,
}

/// Where a schema is declared.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) enum Origin {
    /// A component of that name.
    Component(String),
    /// The schema of a media type, a parameter or a header.
    Root(Pointer),
    /// A part of another schema.
    Part(SchemaId, Step),
    #[default]
    Unknown,
}

/// The step from a schema to one of its parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Step {
    /// A property, by its index.
    Property(usize),
    Additional,
    Items,
    /// An item of a tuple.
    Prefix(usize),
    AllOf(usize),
    OneOf(usize),
    AnyOf(usize),
    Not,
}

impl SchemaId {
    /// A number that no other schema of the description has.
    pub(crate) fn index(self) -> usize {
        self.0 as usize
    }
}

impl Schema {
    /// The name of the component, if it is one.
    pub(crate) fn component(&self) -> Option<&str> {
        match &self.origin {
            Origin::Component(name) => Some(name),
            _ => None,
        }
    }

    /// The schema that contains this one, and the step to it.
    pub(crate) fn parent(&self) -> Option<(SchemaId, Step)> {
        match self.origin {
            Origin::Part(parent, step) => Some((parent, step)),
            _ => None,
        }
    }

    /// The description and the deprecation, without keywords.
    pub(crate) fn description_alone(&self) -> Self {
        Self {
            description: self.description.clone(),
            deprecated: self.deprecated,
            ..Self::default()
        }
    }
}

impl Keywords {
    /// The keyword and members of `oneOf`, or else of `anyOf`.
    pub(crate) fn alternatives(&self) -> Option<(&'static str, &[SchemaId])> {
        if !self.one_of.is_empty() {
            Some(("oneOf", &self.one_of))
        } else if !self.any_of.is_empty() {
            Some(("anyOf", &self.any_of))
        } else {
            None
        }
    }

    /// Whether null is the only value.
    pub(crate) fn is_only_null(&self) -> bool {
        matches!(self.enumeration.as_slice(), [Value::Null])
    }

    /// Whether any keyword except `allOf` restricts values.
    pub(crate) fn restricts_beside_all_of(&self) -> bool {
        // Every keyword is named, so that the compiler reports one that is missing here.
        let Self {
            typ,
            format,
            enumeration,
            pattern,
            multiple_of,
            minimum,
            maximum,
            exclusive_minimum,
            exclusive_maximum,
            min_length,
            max_length,
            min_items,
            max_items,
            unique_items,
            min_properties,
            max_properties,
            properties,
            required,
            additional,
            items,
            tuple,
            all_of: _,
            one_of,
            any_of,
            not,
        } = self;
        let flags = *exclusive_minimum || *exclusive_maximum || *unique_items;
        let texts = typ.is_some() || format.is_some() || pattern.is_some();
        let numbers = multiple_of.is_some() || minimum.is_some() || maximum.is_some();
        let sizes = [
            min_length,
            max_length,
            min_items,
            max_items,
            min_properties,
            max_properties,
        ];
        flags
            || texts
            || numbers
            || sizes.into_iter().any(Option::is_some)
            || !enumeration.is_empty()
            || !properties.is_empty()
            || !required.is_empty()
            || *additional != Additional::Unspecified
            || items.is_some()
            || tuple.is_some()
            || !one_of.is_empty()
            || !any_of.is_empty()
            || not.is_some()
    }

    /// How much work it is to combine the keywords with others: how many names and values are listed,
    /// and one for the schema.
    pub(super) fn weight(&self) -> usize {
        1 + self.properties.len() + self.required.len() + self.enumeration.len()
    }

    /// Whether the type or the keywords describe an object.
    pub(crate) fn is_object(&self) -> bool {
        self.typ.as_deref() == Some("object")
            || self.typ.is_none()
                && (!self.properties.is_empty() || self.additional != Additional::Unspecified)
    }
}

impl Spec {
    /// The schema, or the target of an alias.
    pub(crate) fn schema(&self, id: SchemaId) -> &Schema {
        &self.schemas[self.resolve(id).0 as usize]
    }

    /// The schema itself, even if it is an alias.
    pub(crate) fn declared(&self, id: SchemaId) -> &Schema {
        &self.schemas[id.0 as usize]
    }

    /// The keywords of a schema, or of the target of an alias.
    pub(crate) fn keywords(&self, id: SchemaId) -> &Keywords {
        &self.schema(id).keywords
    }

    /// Follows aliases to a schema that is not one.
    pub(crate) fn resolve(&self, id: SchemaId) -> SchemaId {
        let mut id = id;
        // Cycles were reported and removed when the document was read.
        for _ in 0..=self.components.len() {
            match self.schemas[id.0 as usize].alias_of {
                Some(target) => id = target,
                None => break,
            }
        }
        id
    }

    /// Whether a schema is a component, which is always used by reference.
    pub(crate) fn is_component(&self, id: SchemaId) -> bool {
        self.declared(id).component().is_some()
    }

    /// The schema, unless it is a component: the annotations of an inline schema document its use.
    pub(crate) fn inline(&self, id: SchemaId) -> Option<&Schema> {
        Some(self.declared(id)).filter(|schema| schema.component().is_none())
    }

    /// The schema that permits every value, used where none is declared.
    pub(crate) fn anything(&self) -> SchemaId {
        self.anything
    }

    /// Where a schema is declared in the normalized description.
    pub(crate) fn at(&self, id: SchemaId) -> Pointer {
        let mut steps = Vec::new();
        let mut id = id;
        let mut pointer = loop {
            match &self.declared(id).origin {
                Origin::Component(name) => {
                    break Pointer::root().join_all(["components", "schemas", name]);
                }
                Origin::Root(pointer) => break pointer.clone(),
                Origin::Unknown => break Pointer::root(),
                Origin::Part(parent, step) => {
                    steps.push((*parent, *step));
                    id = *parent;
                }
            }
        };
        for (parent, step) in steps.into_iter().rev() {
            let keywords = &self.declared(parent).keywords;
            let (keyword, index) = step.keyword();
            pointer.push(keyword);
            match (step, index) {
                (Step::Property(index), _) => {
                    let name = keywords.properties.get_index(index);
                    pointer.push(name.map_or("", |(name, _)| name.as_str()));
                }
                (_, Some(index)) => pointer.push(index.to_string()),
                (_, None) => {}
            }
        }
        pointer
    }

    /// The components that extend a base: those that have it among their `allOf`, directly or through
    /// others, and those that its mapping names. Empty unless the component has a discriminator and
    /// no alternatives of its own.
    pub(crate) fn derived(&self, base: SchemaId) -> &[SchemaId] {
        self.derived.get(&base).map_or(&[], Vec::as_slice)
    }

    pub(super) fn add(&mut self, origin: Origin) -> SchemaId {
        // More than four billion schemas do not fit into memory.
        let id = SchemaId(u32::try_from(self.schemas.len()).unwrap_or(u32::MAX));
        self.schemas.push(Schema {
            origin,
            ..Schema::default()
        });
        id
    }

    pub(super) fn declared_mut(&mut self, id: SchemaId) -> &mut Schema {
        &mut self.schemas[id.0 as usize]
    }

    /// Finds the components that others are derived from.
    ///
    /// In a chain of bases every later schema extends every earlier one, so the number of pairs grows
    /// with the square of its length. Past [`MOST_DERIVED`] pairs, a base is treated as an ordinary
    /// object, which is reported.
    pub(super) fn find_derived(&mut self, sink: &mut Sink) {
        let mut children: HashMap<SchemaId, Vec<SchemaId>> = HashMap::new();
        for child in self.components.values() {
            for parent in &self.declared(*child).keywords.all_of {
                if self.is_component(*parent) {
                    children.entry(*parent).or_default().push(*child);
                }
            }
        }
        // By name, so that the order of the description does not decide which bases fit the bound.
        let mut bases: Vec<(&String, SchemaId)> = Vec::new();
        bases.extend(self.components.iter().map(|(name, id)| (name, *id)));
        bases.sort_unstable();
        let mut derived = BTreeMap::new();
        let mut left = MOST_DERIVED;
        // Attempts that fail take time too.
        let mut work = 10 * MOST_DERIVED;
        for (name, base) in bases {
            let schema = self.declared(base);
            let Some(discriminator) = &schema.discriminator else {
                continue;
            };
            if schema.keywords.alternatives().is_some() {
                continue;
            }
            let mapped = discriminator.mapping.values().flatten().copied();
            let Some(mut found) = reachable(base, mapped, &children, left.min(work)) else {
                work = work.saturating_sub(left);
                let message = format!(
                    "the schemas of this description extend bases more than {MOST_DERIVED} times in total; `{name}` is rendered without those that extend it"
                );
                sink.at(&self.at(base), Diagnostic::new(Code::Simplified, message));
                continue;
            };
            left -= found.len();
            found.sort_by_key(|id| self.declared(*id).component());
            if !found.is_empty() {
                derived.insert(base, found);
            }
        }
        self.derived = derived;
    }

    /// Whether a component is derived from a base.
    pub(crate) fn is_derived(&self, id: SchemaId, base: SchemaId) -> bool {
        let name = |id: SchemaId| self.declared(id).component();
        // They are sorted by name.
        let found = self
            .derived(base)
            .binary_search_by_key(&name(id), |it| name(*it));
        found.is_ok_and(|at| self.derived(base)[at] == id)
    }
}

/// The components that extend a base, some others or one of those found, each once; `None` if they
/// are more than a limit.
fn reachable(
    base: SchemaId,
    others: impl Iterator<Item = SchemaId>,
    children: &HashMap<SchemaId, Vec<SchemaId>>,
    limit: usize,
) -> Option<Vec<SchemaId>> {
    let children = |id| children.get(&id).into_iter().flatten().copied();
    let mut found = Vec::new();
    let mut seen = HashSet::from([base]);
    let mut open: Vec<SchemaId> = children(base).chain(others).collect();
    while let Some(next) = open.pop() {
        if seen.insert(next) {
            if found.len() == limit {
                return None;
            }
            found.push(next);
            open.extend(children(next));
        }
    }
    Some(found)
}

impl Step {
    /// The keyword of a part, and the index in its list.
    pub(crate) fn keyword(self) -> (&'static str, Option<usize>) {
        match self {
            Self::Property(_) => ("properties", None),
            Self::Additional => ("additionalProperties", None),
            Self::Items => ("items", None),
            Self::Prefix(index) => ("prefixItems", Some(index)),
            Self::AllOf(index) => ("allOf", Some(index)),
            Self::OneOf(index) => ("oneOf", Some(index)),
            Self::AnyOf(index) => ("anyOf", Some(index)),
            Self::Not => ("not", None),
        }
    }
}
