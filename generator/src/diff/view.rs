//! Schemas as they are compared: references followed, and all that must hold at once put together.

use std::collections::{BTreeMap, HashMap, HashSet};

use indexmap::IndexMap;
use openapiv3::{
    AdditionalProperties, AnySchema, Components, Discriminator, ReferenceOr, Schema, SchemaData,
};
use serde_json::Value;

use super::{
    bases::Bases,
    bounds::Bounds,
    finding::{Owner, Subject},
    keywords::{distinct, is_anything, is_tuple, keywords, says_something},
    values,
};
use crate::{pointer::Pointer, resolve::component_name};

/// No chain of references is longer than this, unless it is a circle, which has been reported.
pub(super) const LONGEST_CHAIN: usize = 64;

/// A schema, or the reference to one.
#[derive(Clone, Copy)]
pub(super) enum Link<'a> {
    Item(&'a Schema),
    Reference(&'a str),
}

impl<'a> From<&'a ReferenceOr<Schema>> for Link<'a> {
    fn from(schema: &'a ReferenceOr<Schema>) -> Self {
        match schema {
            ReferenceOr::Item(item) => Self::Item(item),
            ReferenceOr::Reference { reference } => Self::Reference(reference),
        }
    }
}

impl<'a> From<&'a ReferenceOr<Box<Schema>>> for Link<'a> {
    fn from(schema: &'a ReferenceOr<Box<Schema>>) -> Self {
        match schema {
            ReferenceOr::Item(item) => Self::Item(item),
            ReferenceOr::Reference { reference } => Self::Reference(reference),
        }
    }
}

/// A schema in use, and what a finding about it says it is about.
#[derive(Clone)]
pub(super) struct Part<'a> {
    link: Link<'a>,
    pub(super) at: Pointer,
    pub(super) subject: Subject,
}

/// What a value must fit: one schema, or several that declare the same property.
#[derive(Clone)]
pub(super) struct Node<'a> {
    /// Never empty.
    parts: Vec<Part<'a>>,
}

impl<'a> Node<'a> {
    pub(super) fn new(link: impl Into<Link<'a>>, at: Pointer, subject: Subject) -> Self {
        let link = link.into();
        Self {
            parts: vec![Part { link, at, subject }],
        }
    }

    /// What it is called where it is used, and where that is.
    pub(super) fn place(&self) -> (Subject, Pointer) {
        let site = self.site();
        (site.subject.clone(), site.at.clone())
    }

    /// Where it is used.
    pub(super) fn site(&self) -> &Part<'a> {
        &self.parts[0]
    }
}

/// What is said of a value where it is used, which the schema it refers to may add to.
#[derive(Clone, Copy, Default)]
pub(super) struct Facts<'a> {
    pub(super) nullable: bool,
    pub(super) read_only: bool,
    pub(super) write_only: bool,
    pub(super) deprecated: bool,
    pub(super) default: Option<&'a Value>,
}

impl<'a> Facts<'a> {
    fn absorb(&mut self, data: &'a SchemaData) {
        self.read_only |= data.read_only;
        self.write_only |= data.write_only;
        self.deprecated |= data.deprecated;
        self.default = self.default.or(data.default.as_ref());
    }
}

/// What is said of properties that are not listed.
pub(super) enum Additional<'a> {
    Anything,
    Nothing,
    Schema(Node<'a>),
}

/// Everything that must hold of a value.
pub(super) struct View<'a> {
    /// Where it is used, or the component that is used there.
    pub(super) outer: (Subject, Pointer),
    /// What says it all, if it is one schema, or else where it is used.
    pub(super) home: (Subject, Pointer),
    pub(super) facts: Facts<'a>,
    pub(super) typ: Option<&'a str>,
    pub(super) format: Option<&'a str>,
    /// The values that are listed.
    pub(super) values: Vec<&'a Value>,
    /// Whether values are listed, though it be that none is in all lists.
    pub(super) is_listed: bool,
    /// Whether others are as good.
    pub(super) is_open: bool,
    pub(super) bounds: Bounds<'a>,
    pub(super) properties: IndexMap<&'a str, Node<'a>>,
    pub(super) required: HashSet<&'a str>,
    pub(super) additional: Additional<'a>,
    pub(super) items: Option<Node<'a>>,
    pub(super) tuple: Option<Vec<Node<'a>>>,
    pub(super) alternatives: Vec<Node<'a>>,
    pub(super) discriminator: Option<&'a Discriminator>,
    /// What is made from the component, if that says how to tell which is which.
    pub(super) derived: BTreeMap<&'a str, Node<'a>>,
    /// What is said for people, by where it stands.
    pub(super) texts: HashMap<Subject, (Pointer, Option<&'a str>)>,
}

/// The schemas of a description, by name.
#[derive(Clone, Copy)]
pub(super) struct Schemas<'a> {
    components: Option<&'a Components>,
    bases: &'a Bases,
}

impl<'a> Schemas<'a> {
    pub(super) fn new(components: Option<&'a Components>, bases: &'a Bases) -> Self {
        Self { components, bases }
    }

    /// Whether there is a schema of a name.
    pub(super) fn has(self, name: &str) -> bool {
        self.components
            .is_some_and(|components| components.schemas.contains_key(name))
    }

    /// What identifies a node: the set of schemas it comes down to.
    pub(super) fn key(self, node: &Node<'a>) -> Vec<usize> {
        let addresses = node.parts.iter().map(|part| match self.follow(part.link) {
            Some((schema, _)) => std::ptr::from_ref(schema) as usize,
            None => 0,
        });
        let mut addresses: Vec<usize> = addresses.collect();
        addresses.sort_unstable();
        addresses.dedup();
        addresses
    }

    /// The component that a node is, whatever is said for people beside the reference.
    pub(super) fn name(self, node: &Node<'a>) -> Option<&'a str> {
        let [part] = node.parts.as_slice() else {
            return None;
        };
        let mut link = part.link;
        for _ in 0..LONGEST_CHAIN {
            let (schema, name) = self.follow(link)?;
            if name.is_some() {
                return name;
            }
            let any = keywords(schema);
            match any.all_of.as_slice() {
                [only] if !says_something(any) => link = only.into(),
                _ => return None,
            }
        }
        None
    }

    /// A node that is called by its use, and not by the name of the component that is used.
    pub(super) fn opened(self, node: &Node<'a>) -> Node<'a> {
        let opened = |part: &Part<'a>| {
            let mut link = part.link;
            for _ in 0..LONGEST_CHAIN {
                let (schema, name) = self.follow(link)?;
                if let Some(name) = name {
                    return Some(Part {
                        link: Link::Item(schema),
                        at: Pointer::root().join_all(["components", "schemas", name]),
                        subject: part.subject.clone(),
                    });
                }
                let any = keywords(schema);
                match any.all_of.as_slice() {
                    [only] if !says_something(any) => link = only.into(),
                    _ => return None,
                }
            }
            None
        };
        let parts = node.parts.iter();
        Node {
            parts: parts
                .map(|part| opened(part).unwrap_or_else(|| part.clone()))
                .collect(),
        }
    }

    /// What is said of a node where it is used.
    pub(super) fn facts(self, node: &Node<'a>) -> Facts<'a> {
        let mut facts = Facts::default();
        for part in &node.parts {
            let mut seen = HashSet::new();
            let mut waiting = vec![part.link];
            while let Some(link) = waiting.pop() {
                let Some((schema, _)) = self.follow(link) else {
                    continue;
                };
                if !seen.insert(std::ptr::from_ref(schema)) {
                    continue;
                }
                facts.absorb(&schema.schema_data);
                if !is_tuple(schema) {
                    let members = keywords(schema).all_of.iter().rev();
                    waiting.extend(members.map(Link::from));
                }
            }
        }
        facts.nullable = self.is_nullable(node);
        facts
    }

    /// Whether all that is said of a node lets null be: it says so itself, or all that it puts
    /// together do.
    fn is_nullable(self, node: &Node<'a>) -> bool {
        let mut seen = HashSet::new();
        let mut waiting: Vec<Link<'a>> = node.parts.iter().map(|part| part.link).collect();
        let mut lets = false;
        while let Some(link) = waiting.pop() {
            let Some((schema, _)) = self.follow(link) else {
                continue;
            };
            if !seen.insert(std::ptr::from_ref(schema)) {
                continue;
            }
            let members = &keywords(schema).all_of;
            match (
                schema.schema_data.nullable,
                members.is_empty() || is_tuple(schema),
            ) {
                (true, _) => lets = true,
                // What lists no types lets through what the others do.
                (false, true) if !says_something(keywords(schema)) => {}
                (false, true) => return false,
                (false, false) => waiting.extend(members.iter().map(Link::from)),
            }
        }
        lets
    }

    /// Puts together what is said of a node.
    pub(super) fn view(self, node: &Node<'a>) -> View<'a> {
        let mut view = View {
            outer: node.place(),
            home: node.place(),
            facts: self.facts(node),
            typ: None,
            format: None,
            values: Vec::new(),
            is_listed: false,
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
        };
        let mut homes = Vec::new();
        let mut seen = HashSet::new();
        let mut waiting: Vec<Part<'a>> = node.parts.iter().rev().cloned().collect();
        while let Some(part) = waiting.pop() {
            let Some((schema, name)) = self.follow(part.link) else {
                continue;
            };
            if !seen.insert(std::ptr::from_ref(schema)) {
                continue;
            }
            let Part { at, subject, .. } = match name {
                Some(name) => Part {
                    link: part.link,
                    at: Pointer::root().join_all(["components", "schemas", name]),
                    subject: Subject::of(Owner::Schema(name.to_owned())),
                },
                None => part,
            };
            if seen.len() == 1 {
                view.outer = (subject.clone(), at.clone());
                if let (Some(name), Some(_)) = (name, &schema.schema_data.discriminator) {
                    view.derived = self.derived(name);
                }
            }
            let any = keywords(schema);
            if says_something(any) {
                homes.push((subject.clone(), at.clone()));
            }
            let description = schema.schema_data.description.as_deref();
            let text = view.texts.entry(subject.clone());
            let text = text.or_insert_with(|| (at.join("description"), None));
            text.1 = text.1.or(description);
            self.absorb(&mut view, schema, any, &at, &subject);
            if !is_tuple(schema) {
                let members = any.all_of.iter().enumerate().rev();
                waiting.extend(members.map(|(index, member)| Part {
                    link: member.into(),
                    at: at.join_all(["allOf", index.to_string().as_str()]),
                    subject: subject.clone(),
                }));
            }
        }
        view.home = match homes.len() {
            1 => homes.swap_remove(0),
            _ => view.outer.clone(),
        };
        self.join_enums(&mut view);
        if view.typ == Some("integer") {
            view.bounds.of_integers();
        }
        view
    }

    /// What is made from a component.
    fn derived(self, base: &str) -> BTreeMap<&'a str, Node<'a>> {
        let names = self.bases.below(base).into_iter();
        let nodes = names.filter_map(|name| {
            let (name, schema) = self.components?.schemas.get_key_value(name)?;
            let at = Pointer::root().join_all(["components", "schemas", name]);
            let subject = Subject::of(Owner::Schema(name.clone()));
            Some((name.as_str(), Node::new(schema, at, subject)))
        });
        nodes.collect()
    }

    /// Adds what one schema says.
    fn absorb(
        self,
        view: &mut View<'a>,
        schema: &'a Schema,
        any: &'a AnySchema,
        at: &Pointer,
        subject: &Subject,
    ) {
        view.typ = match (view.typ, any.typ.as_deref()) {
            // What is both is the narrower one.
            (Some("number"), Some("integer")) => Some("integer"),
            (known, other) => known.or(other),
        };
        view.format = view.format.or(any.format.as_deref());
        let listed = any.enumeration.iter();
        match view.is_listed {
            _ if any.enumeration.is_empty() => {}
            false => {
                view.values = listed.collect();
                view.is_listed = true;
            }
            // What both list.
            true => {
                let listed: HashSet<String> = listed.map(values::key).collect();
                view.values
                    .retain(|value| listed.contains(&values::key(value)));
            }
        }
        view.bounds.absorb(any);
        view.required
            .extend(any.required.iter().map(String::as_str));
        for (name, property) in &any.properties {
            let at = at.join_all(["properties", name]);
            let node = Node::new(property, at, subject.property(name));
            match view.properties.get_mut(name.as_str()) {
                Some(known) => known.parts.extend(node.parts),
                None => {
                    view.properties.insert(name, node);
                }
            }
        }
        match &any.additional_properties {
            Some(AdditionalProperties::Any(false)) => view.additional = Additional::Nothing,
            Some(AdditionalProperties::Schema(schema)) if !is_anything(schema) => {
                let at = at.join("additionalProperties");
                let node = Node::new(schema.as_ref(), at, subject.step("{}"));
                match &mut view.additional {
                    Additional::Anything => view.additional = Additional::Schema(node),
                    Additional::Schema(known) => known.parts.extend(node.parts),
                    Additional::Nothing => {}
                }
            }
            _ => {}
        }
        if let Some(items) = &any.items {
            let node = Node::new(items, at.join("items"), subject.step("[]"));
            match &mut view.items {
                Some(known) => known.parts.extend(node.parts),
                None => view.items = Some(node),
            }
        }
        if is_tuple(schema) {
            let items = any.all_of.iter().enumerate();
            let items = items.map(|(index, item)| {
                let at = at.join_all(["allOf", index.to_string().as_str()]);
                Node::new(item, at, subject.step(&format!("[{index}]")))
            });
            view.tuple = Some(items.collect());
        }
        for (keyword, members) in [("oneOf", &any.one_of), ("anyOf", &any.any_of)] {
            if let Some(lists) = self.lists(members) {
                view.bounds.choose(&lists);
                continue;
            }
            let distinct = distinct(members);
            let own = distinct.iter().filter(|(_, it)| it.as_item().is_some());
            let is_one_of_several = own.count() > 1;
            for (index, member) in distinct {
                let at = at.join_all([keyword, index.to_string().as_str()]);
                // What has no name of its own is told apart by its place.
                let subject = match is_one_of_several && member.as_item().is_some() {
                    true => subject.step(&format!("<{}>", index + 1)),
                    false => subject.clone(),
                };
                view.alternatives.push(Node::new(member, at, subject));
            }
        }
        let discriminator = schema.schema_data.discriminator.as_ref();
        view.discriminator = view.discriminator.or(discriminator);
    }

    /// What alternatives list that say nothing but which properties must be there.
    fn lists(self, members: &'a [ReferenceOr<Schema>]) -> Option<Vec<&'a [String]>> {
        let lists = members.iter().map(|member| {
            let (schema, _) = self.follow(member.into())?;
            let any = keywords(schema);
            let is_bare = AnySchema {
                required: any.required.clone(),
                ..AnySchema::default()
            } == *any;
            (is_bare && !any.required.is_empty()).then_some(any.required.as_slice())
        });
        let lists: Vec<_> = lists.collect::<Option<_>>()?;
        (!lists.is_empty()).then_some(lists)
    }

    /// Alternatives that are all texts are one list of values, which is open if one of them is any
    /// text: that is how enums are said to be open.
    fn join_enums(self, view: &mut View<'a>) {
        let mut values: Vec<&'a Value> = Vec::new();
        let mut seen: HashSet<&str> = HashSet::new();
        let mut is_open = false;
        for node in &view.alternatives {
            let [part] = node.parts.as_slice() else {
                return;
            };
            let Some((schema, _)) = self.follow(part.link) else {
                return;
            };
            let any = keywords(schema);
            let is_plain = any.typ.as_deref() == Some("string")
                && any.format.is_none()
                && any.pattern.is_none()
                && any.min_length.is_none()
                && any.max_length.is_none()
                && any.not.is_none()
                && any.all_of.is_empty()
                && any.one_of.is_empty()
                && any.any_of.is_empty();
            if !is_plain {
                return;
            }
            is_open |= any.enumeration.is_empty();
            let texts = any.enumeration.iter();
            values.extend(texts.filter(|value| value.as_str().is_some_and(|it| seen.insert(it))));
        }
        if values.is_empty() {
            return;
        }
        view.alternatives.clear();
        view.typ = Some("string");
        view.values = values;
        view.is_listed = true;
        view.is_open = is_open;
    }

    /// The component that a reference names.
    fn component(self, reference: &str) -> Option<(&'a String, &'a ReferenceOr<Schema>)> {
        let schemas = &self.components?.schemas;
        // Nearly all names are written as they are, and references are followed by the thousand.
        match reference.strip_prefix("#/components/schemas/") {
            Some(name) if !name.contains(['~', '/']) => schemas.get_key_value(name),
            _ => schemas.get_key_value(&component_name(reference, "schemas")?),
        }
    }

    /// What a link leads to in the end, and its name if that is a component.
    fn follow(self, link: Link<'a>) -> Option<(&'a Schema, Option<&'a str>)> {
        let mut link = link;
        let mut name = None;
        for _ in 0..LONGEST_CHAIN {
            match link {
                Link::Item(schema) => return Some((schema, name)),
                Link::Reference(reference) => {
                    let (found, next) = self.component(reference)?;
                    name = Some(found.as_str());
                    link = next.into();
                }
            }
        }
        None
    }
}
