//! Schemas as they are compared: references resolved, and everything that must hold at once merged.

use std::collections::{BTreeMap, HashMap, HashSet};

use indexmap::IndexMap;
use serde_json::Value;

use super::{
    bounds::Bounds,
    finding::{Location, Owner, Subject},
    node::{Node, Part},
};
use crate::{
    openapi::Pointer,
    spec::{Additional as Declared, Discriminator, Keywords, Schema, SchemaId, Spec},
};

/// The annotations of a schema in use, and of the schemas it refers to.
#[derive(Clone, Copy, Default)]
pub(super) struct Annotations<'a> {
    pub(super) nullable: bool,
    pub(super) read_only: bool,
    pub(super) write_only: bool,
    pub(super) deprecated: bool,
    pub(super) default: Option<&'a Value>,
}

impl<'a> Annotations<'a> {
    fn absorb(&mut self, schema: &'a Schema) {
        self.read_only |= schema.read_only;
        self.write_only |= schema.write_only;
        self.deprecated |= schema.deprecated;
        self.default = self.default.or(schema.default.as_ref());
    }
}

/// Which properties an object may have that it does not list.
pub(super) enum Additional {
    Anything,
    Nothing,
    Schema(Node),
}

/// A schema in use, merged with all members of its `allOf`.
pub(super) struct Merged<'a> {
    /// The component that is used, or where an inline schema is used.
    pub(super) used: Location,
    /// The one schema that restricts values, or `used` if several do.
    pub(super) declared: Location,
    pub(super) annotations: Annotations<'a>,
    pub(super) typ: Option<String>,
    pub(super) format: Option<String>,
    /// The values of `enum`: those that are in all lists.
    pub(super) values: Vec<Value>,
    /// Whether there is an `enum`, even if no value is in all lists.
    pub(super) has_enum: bool,
    /// Whether values that the `enum` does not list are valid.
    pub(super) is_open: bool,
    pub(super) bounds: Bounds<'a>,
    pub(super) properties: IndexMap<&'a str, Node>,
    pub(super) required: HashSet<&'a str>,
    pub(super) additional: Additional,
    pub(super) items: Option<Node>,
    pub(super) tuple: Option<Vec<Node>>,
    pub(super) alternatives: Vec<Node>,
    pub(super) discriminator: Option<&'a Discriminator>,
    /// The components that extend this one, if its discriminator tells them apart.
    pub(super) derived: BTreeMap<&'a str, Node>,
    /// Descriptions, by the subject that they describe.
    pub(super) texts: HashMap<Subject, (Pointer, Option<&'a str>)>,
}

/// The schemas of a description.
#[derive(Clone, Copy)]
pub(super) struct Schemas<'a> {
    spec: &'a Spec,
}

impl<'a> Schemas<'a> {
    pub(super) fn new(spec: &'a Spec) -> Self {
        Self { spec }
    }

    /// Whether there is a component of this name.
    pub(super) fn has(self, name: &str) -> bool {
        self.spec.components.contains_key(name)
    }

    /// The schema that every value matches.
    pub(super) fn anything(self) -> SchemaId {
        self.spec.anything()
    }

    /// The component that an entry of a discriminator's mapping names; as written if there is none.
    pub(super) fn mapping_target(self, target: &Result<SchemaId, String>) -> String {
        match target {
            Ok(id) => {
                let component = self.spec.declared(*id).component();
                component.unwrap_or_default().to_owned()
            }
            Err(written) => written.clone(),
        }
    }

    /// Identifies a node by the set of schemas that it resolves to.
    pub(super) fn key(self, node: &Node) -> Vec<usize> {
        let ids = node.ids().into_iter();
        let mut indices: Vec<usize> = ids.map(|id| self.spec.resolve(id).index()).collect();
        indices.sort_unstable();
        indices.dedup();
        indices
    }

    /// The component that a node refers to, whatever annotations stand beside the reference.
    pub(super) fn name(self, node: &Node) -> Option<&'a str> {
        let [part] = node.parts.as_slice() else {
            return None;
        };
        self.spec.declared(self.component(part.id)?).component()
    }

    /// The component that a schema is, or that it wraps in an `allOf` of one member.
    fn component(self, id: SchemaId) -> Option<SchemaId> {
        let mut id = self.spec.resolve(id);
        let mut seen = HashSet::new();
        while seen.insert(id) {
            let schema = self.spec.declared(id);
            if schema.component().is_some() {
                return Some(id);
            }
            match schema.keywords.all_of.as_slice() {
                [only] if !schema.keywords.restricts_beside_all_of() => {
                    id = self.spec.resolve(*only);
                }
                _ => return None,
            }
        }
        None
    }

    /// The contents of the component that a node refers to, as if they stood where it is used.
    pub(super) fn inlined(self, node: &Node) -> Node {
        let parts = node.parts.iter().map(|part| match self.component(part.id) {
            Some(id) => Part {
                id,
                location: Location {
                    at: self.spec.at(id),
                    subject: part.location.subject.clone(),
                },
            },
            None => part.clone(),
        });
        Node {
            parts: parts.collect(),
            is_inlined: true,
        }
    }

    /// The annotations of a node.
    pub(super) fn annotations(self, node: &Node) -> Annotations<'a> {
        let mut annotations = Annotations::default();
        let mut seen = HashSet::new();
        let mut stack: Vec<SchemaId> = node.ids();
        stack.reverse();
        while let Some(id) = stack.pop() {
            let id = self.spec.resolve(id);
            if seen.insert(id) {
                let schema = self.spec.declared(id);
                annotations.absorb(schema);
                stack.extend(schema.keywords.all_of.iter().rev());
            }
        }
        annotations.nullable = self.spec.is_nullable(&node.ids());
        annotations
    }

    /// Merges everything that values of a node must match.
    pub(super) fn merge(self, node: &Node) -> Merged<'a> {
        let mut merged = self.without_keywords(node);
        let mut restricting = Vec::new();
        let mut seen = HashSet::new();
        let mut stack: Vec<(Part, bool)> = node
            .parts
            .iter()
            .rev()
            .map(|part| (part.clone(), node.is_inlined))
            .collect();
        while let Some((part, is_inlined)) = stack.pop() {
            let id = self.spec.resolve(part.id);
            if !seen.insert(id) {
                continue;
            }
            let schema = self.spec.declared(id);
            let component = schema.component().filter(|_| !is_inlined);
            let location = match component {
                Some(name) => Location {
                    at: self.spec.at(id),
                    subject: Subject::of(Owner::Schema(name.to_owned())),
                },
                None => part.location,
            };
            if seen.len() == 1 {
                merged.used = location.clone();
                if component.is_some() {
                    merged.derived = self.derived(id);
                }
            }
            if schema.keywords.restricts_beside_all_of() {
                restricting.push(location.clone());
            }
            self.absorb(&mut merged, schema, &location);
            let members = schema.keywords.all_of.iter().enumerate().rev();
            stack.extend(members.map(|(index, member)| {
                let at = location.at.join_all(["allOf", index.to_string().as_str()]);
                let subject = location.subject.clone();
                let location = Location { subject, at };
                (
                    Part {
                        id: *member,
                        location,
                    },
                    false,
                )
            }));
        }
        merged.declared = match restricting.len() {
            1 => restricting.swap_remove(0),
            _ => merged.used.clone(),
        };
        self.join_enums(&mut merged);
        if merged.typ.as_deref() == Some("integer") {
            merged.bounds.round_to_integers();
        }
        merged
    }

    /// What the schemas of a node mean together, before their other keywords are added.
    fn without_keywords(self, node: &Node) -> Merged<'a> {
        let meaning = self.spec.meaning(&node.ids());
        Merged {
            used: node.location().clone(),
            declared: node.location().clone(),
            annotations: self.annotations(node),
            typ: meaning.typ().map(str::to_owned),
            has_enum: meaning.enumeration.is_some(),
            values: match meaning.is_contradictory {
                true => Vec::new(),
                false => meaning.enumeration.clone().unwrap_or_default(),
            },
            format: meaning.format.clone(),
            is_open: false,
            bounds: Bounds::default(),
            properties: IndexMap::new(),
            required: HashSet::new(),
            additional: Additional::Anything,
            items: None,
            tuple: None,
            alternatives: Vec::new(),
            discriminator: None,
            derived: BTreeMap::new(),
            texts: HashMap::new(),
        }
    }

    /// The components that extend a base whose discriminator tells them apart.
    fn derived(self, base: SchemaId) -> BTreeMap<&'a str, Node> {
        let derived = self.spec.derived(base).iter();
        let nodes = derived.filter_map(|id| {
            let name = self.spec.declared(*id).component()?;
            let subject = Subject::of(Owner::Schema(name.to_owned()));
            Some((name, Node::new(*id, self.spec.at(*id), subject)))
        });
        nodes.collect()
    }

    /// Adds the keywords of one schema but for its `allOf`.
    fn absorb(self, merged: &mut Merged<'a>, schema: &'a Schema, location: &Location) {
        let Location { subject, at } = location;
        let keywords = &schema.keywords;
        let text = merged.texts.entry(subject.clone());
        let text = text.or_insert_with(|| (at.join("description"), None));
        text.1 = text.1.or(schema.description.as_deref());
        merged.discriminator = merged.discriminator.or(schema.discriminator.as_ref());
        merged.bounds.absorb(keywords, self.spec);
        merged
            .required
            .extend(keywords.required.iter().map(String::as_str));
        for (name, property) in &keywords.properties {
            let at = at.join_all(["properties", name]);
            let node = Node::new(*property, at, subject.property(name));
            match merged.properties.get_mut(name.as_str()) {
                Some(known) => known.parts.extend(node.parts),
                None => {
                    merged.properties.insert(name, node);
                }
            }
        }
        self.absorb_additional(merged, keywords, location);
        if let Some(items) = keywords.items {
            let node = Node::new(items, at.join("items"), subject.step("[]"));
            match &mut merged.items {
                Some(known) => known.parts.extend(node.parts),
                None => merged.items = Some(node),
            }
        }
        if let Some(items) = &keywords.tuple {
            let items = items.iter().enumerate().map(|(index, item)| {
                let at = at.join_all(["allOf", index.to_string().as_str()]);
                Node::new(*item, at, subject.step(&format!("[{index}]")))
            });
            merged.tuple = Some(items.collect());
        }
        self.absorb_alternatives(merged, "oneOf", &keywords.one_of, location);
        self.absorb_alternatives(merged, "anyOf", &keywords.any_of, location);
    }

    fn absorb_additional(
        self,
        merged: &mut Merged<'a>,
        keywords: &'a Keywords,
        Location { subject, at }: &Location,
    ) {
        let is_unrestricted = |id| !self.spec.is_component(id) && self.spec.is_unrestricted(id);
        match keywords.additional {
            Declared::Forbidden => merged.additional = Additional::Nothing,
            Declared::Schema(values) if !is_unrestricted(values) => {
                let at = at.join("additionalProperties");
                let node = Node::new(values, at, subject.step("{}"));
                match &mut merged.additional {
                    Additional::Anything => merged.additional = Additional::Schema(node),
                    Additional::Schema(known) => known.parts.extend(node.parts),
                    Additional::Nothing => {}
                }
            }
            _ => {}
        }
    }

    fn absorb_alternatives(
        self,
        merged: &mut Merged<'a>,
        keyword: &str,
        members: &'a [SchemaId],
        Location { subject, at }: &Location,
    ) {
        if let Some(lists) = self.required_lists(members) {
            merged.bounds.require_one_of(&lists);
            return;
        }
        let distinct = self.spec.distinct(members);
        let is_inline = |index: &usize| !self.spec.is_component(members[*index]);
        let has_several_inline = distinct.iter().copied().filter(is_inline).count() > 1;
        for index in distinct {
            let at = at.join_all([keyword, index.to_string().as_str()]);
            // Several alternatives without names are told apart by their position.
            let subject = match has_several_inline && is_inline(&index) {
                true => subject.step(&format!("<{}>", index + 1)),
                false => subject.clone(),
            };
            let node = Node::new(members[index], at, subject);
            merged.alternatives.push(node);
        }
    }

    /// The lists of required properties, if that is all that the alternatives state.
    fn required_lists(self, members: &[SchemaId]) -> Option<Vec<&'a [String]>> {
        let lists = members.iter().map(|member| {
            let keywords = self.spec.keywords(*member);
            let only_requires = Keywords {
                required: keywords.required.clone(),
                ..Keywords::default()
            } == *keywords;
            (only_requires && !keywords.required.is_empty()).then_some(keywords.required.as_slice())
        });
        let lists: Vec<_> = lists.collect::<Option<_>>()?;
        (!lists.is_empty()).then_some(lists)
    }

    /// Joins alternatives that are all strings into one enum. It is open if one of them permits any
    /// string, which is how descriptions write open enums.
    fn join_enums(self, merged: &mut Merged<'a>) {
        let mut values: Vec<Value> = Vec::new();
        let mut seen: HashSet<&str> = HashSet::new();
        let mut is_open = false;
        for node in &merged.alternatives {
            let [part] = node.parts.as_slice() else {
                return;
            };
            let keywords = self.spec.keywords(part.id);
            if !is_plain_string(keywords) {
                return;
            }
            is_open |= keywords.enumeration.is_empty();
            let texts = keywords.enumeration.iter();
            let new = texts.filter(|value| value.as_str().is_some_and(|it| seen.insert(it)));
            values.extend(new.cloned());
        }
        if values.is_empty() {
            return;
        }
        merged.alternatives.clear();
        merged.typ = Some("string".to_owned());
        merged.values = values;
        merged.has_enum = true;
        merged.is_open = is_open;
    }
}

/// Whether a schema states the type `string` and at most an `enum` beside it.
fn is_plain_string(keywords: &Keywords) -> bool {
    keywords.typ.as_deref() == Some("string")
        && keywords.format.is_none()
        && keywords.pattern.is_none()
        && keywords.min_length.is_none()
        && keywords.max_length.is_none()
        && keywords.not.is_none()
        && keywords.all_of.is_empty()
        && keywords.alternatives().is_none()
}
