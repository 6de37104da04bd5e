//! Schemas as they are compared: references followed, and all that must hold at once put together.

use std::collections::{BTreeMap, HashMap, HashSet};

use indexmap::IndexMap;
use serde_json::Value;

use super::{
    bounds::Bounds,
    finding::{Owner, Subject},
};
use crate::{
    openapi::Pointer,
    spec::{Additional as Declared, Discriminator, Keywords, Schema, SchemaId, Spec},
};

/// A schema in use, and what a finding about it says it is about.
#[derive(Clone)]
pub(super) struct Part {
    id: SchemaId,
    pub(super) at: Pointer,
    pub(super) subject: Subject,
}

/// What a value must fit: one schema, or several that declare the same property.
#[derive(Clone)]
pub(super) struct Node {
    /// Never empty.
    parts: Vec<Part>,
    /// Whether it is called by its use, though it is a component.
    is_opened: bool,
}

impl Node {
    pub(super) fn new(id: SchemaId, at: Pointer, subject: Subject) -> Self {
        Self {
            parts: vec![Part { id, at, subject }],
            is_opened: false,
        }
    }

    fn ids(&self) -> Vec<SchemaId> {
        self.parts.iter().map(|part| part.id).collect()
    }

    /// What it is called where it is used, and where that is.
    pub(super) fn place(&self) -> (Subject, Pointer) {
        let site = self.site();
        (site.subject.clone(), site.at.clone())
    }

    /// Where it is used.
    pub(super) fn site(&self) -> &Part {
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
    fn absorb(&mut self, schema: &'a Schema) {
        self.read_only |= schema.read_only;
        self.write_only |= schema.write_only;
        self.deprecated |= schema.deprecated;
        self.default = self.default.or(schema.default.as_ref());
    }
}

/// What is said of properties that are not listed.
pub(super) enum Additional {
    Anything,
    Nothing,
    Schema(Node),
}

/// Everything that must hold of a value.
pub(super) struct View<'a> {
    /// Where it is used, or the component that is used there.
    pub(super) outer: (Subject, Pointer),
    /// What says it all, if it is one schema, or else where it is used.
    pub(super) home: (Subject, Pointer),
    pub(super) facts: Facts<'a>,
    pub(super) typ: Option<String>,
    pub(super) format: Option<String>,
    /// The values that are listed.
    pub(super) values: Vec<Value>,
    /// Whether values are listed, though it be that none is in all lists.
    pub(super) is_listed: bool,
    /// Whether others are as good.
    pub(super) is_open: bool,
    pub(super) bounds: Bounds<'a>,
    pub(super) properties: IndexMap<&'a str, Node>,
    pub(super) required: HashSet<&'a str>,
    pub(super) additional: Additional,
    pub(super) items: Option<Node>,
    pub(super) tuple: Option<Vec<Node>>,
    pub(super) alternatives: Vec<Node>,
    pub(super) discriminator: Option<&'a Discriminator>,
    /// What is made from the component, if that says how to tell which is which.
    pub(super) derived: BTreeMap<&'a str, Node>,
    /// What is said for people, by where it stands.
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

    /// Whether there is a component of a name.
    pub(super) fn has(self, name: &str) -> bool {
        self.spec.components.contains_key(name)
    }

    /// The schema of any value.
    pub(super) fn anything(self) -> SchemaId {
        self.spec.anything()
    }

    /// The name of the component that an entry of a mapping stands for; as written if it is none.
    pub(super) fn target(self, target: &Result<SchemaId, String>) -> String {
        match target {
            Ok(id) => self
                .spec
                .declared(*id)
                .component()
                .unwrap_or_default()
                .to_owned(),
            Err(written) => written.clone(),
        }
    }

    /// What identifies a node: the set of schemas it comes down to.
    pub(super) fn key(self, node: &Node) -> Vec<usize> {
        let ids = node
            .parts
            .iter()
            .map(|part| self.spec.resolve(part.id).index());
        let mut ids: Vec<usize> = ids.collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    }

    /// The component that a node is, whatever is said for people beside the reference.
    pub(super) fn name(self, node: &Node) -> Option<&'a str> {
        let [part] = node.parts.as_slice() else {
            return None;
        };
        self.spec.declared(self.named(part.id)?).component()
    }

    /// The component that a schema is, if it is one or nothing but an `allOf` of one.
    fn named(self, id: SchemaId) -> Option<SchemaId> {
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

    /// A node that is called by its use, and not by the name of the component that is used.
    pub(super) fn opened(self, node: &Node) -> Node {
        let parts = node.parts.iter().map(|part| match self.named(part.id) {
            Some(id) => Part {
                id,
                at: self.spec.at(id),
                subject: part.subject.clone(),
            },
            None => part.clone(),
        });
        Node {
            parts: parts.collect(),
            is_opened: true,
        }
    }

    /// What is said of a node where it is used.
    pub(super) fn facts(self, node: &Node) -> Facts<'a> {
        let mut facts = Facts::default();
        let mut seen = HashSet::new();
        let mut waiting: Vec<SchemaId> = node.ids();
        waiting.reverse();
        while let Some(id) = waiting.pop() {
            let id = self.spec.resolve(id);
            if seen.insert(id) {
                let schema = self.spec.declared(id);
                facts.absorb(schema);
                waiting.extend(schema.keywords.all_of.iter().rev());
            }
        }
        facts.nullable = self.spec.is_nullable(&node.ids());
        facts
    }

    /// Puts together what is said of a node.
    pub(super) fn view(self, node: &Node) -> View<'a> {
        let meaning = self.spec.meaning(&node.ids());
        let mut view = View {
            outer: node.place(),
            home: node.place(),
            facts: self.facts(node),
            typ: meaning.typ().map(str::to_owned),
            is_listed: meaning.enumeration.is_some(),
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
        };
        let mut homes = Vec::new();
        let mut seen = HashSet::new();
        let mut waiting: Vec<(Part, bool)> = node
            .parts
            .iter()
            .rev()
            .map(|part| (part.clone(), node.is_opened))
            .collect();
        while let Some((part, is_opened)) = waiting.pop() {
            let id = self.spec.resolve(part.id);
            if !seen.insert(id) {
                continue;
            }
            let schema = self.spec.declared(id);
            let name = schema.component().filter(|_| !is_opened);
            let Part { at, subject, .. } = match name {
                Some(name) => Part {
                    id,
                    at: self.spec.at(id),
                    subject: Subject::of(Owner::Schema(name.to_owned())),
                },
                None => part,
            };
            if seen.len() == 1 {
                view.outer = (subject.clone(), at.clone());
                if name.is_some() {
                    view.derived = self.derived(id);
                }
            }
            let keywords = &schema.keywords;
            if keywords.restricts_beside_all_of() {
                homes.push((subject.clone(), at.clone()));
            }
            let description = schema.description.as_deref();
            let text = view.texts.entry(subject.clone());
            let text = text.or_insert_with(|| (at.join("description"), None));
            text.1 = text.1.or(description);
            self.absorb(&mut view, keywords, &at, &subject);
            view.discriminator = view.discriminator.or(schema.discriminator.as_ref());
            let members = keywords.all_of.iter().enumerate().rev();
            waiting.extend(members.map(|(index, member)| {
                let part = Part {
                    id: *member,
                    at: at.join_all(["allOf", index.to_string().as_str()]),
                    subject: subject.clone(),
                };
                (part, false)
            }));
        }
        view.home = match homes.len() {
            1 => homes.swap_remove(0),
            _ => view.outer.clone(),
        };
        self.join_enums(&mut view);
        if view.typ.as_deref() == Some("integer") {
            view.bounds.of_integers();
        }
        view
    }

    /// What a value of a component can be besides.
    fn derived(self, base: SchemaId) -> BTreeMap<&'a str, Node> {
        let derived = self.spec.derived(base).iter();
        let nodes = derived.filter_map(|id| {
            let name = self.spec.declared(*id).component()?;
            let subject = Subject::of(Owner::Schema(name.to_owned()));
            Some((name, Node::new(*id, self.spec.at(*id), subject)))
        });
        nodes.collect()
    }

    /// Adds the parts of one schema, and what bounds its values.
    fn absorb(self, view: &mut View<'a>, keywords: &'a Keywords, at: &Pointer, subject: &Subject) {
        view.bounds.absorb(keywords, self.spec);
        view.required
            .extend(keywords.required.iter().map(String::as_str));
        for (name, property) in &keywords.properties {
            let at = at.join_all(["properties", name]);
            let node = Node::new(*property, at, subject.property(name));
            match view.properties.get_mut(name.as_str()) {
                Some(known) => known.parts.extend(node.parts),
                None => {
                    view.properties.insert(name, node);
                }
            }
        }
        match keywords.additional {
            Declared::Forbidden => view.additional = Additional::Nothing,
            Declared::Schema(values) if !self.is_anything(values) => {
                let at = at.join("additionalProperties");
                let node = Node::new(values, at, subject.step("{}"));
                match &mut view.additional {
                    Additional::Anything => view.additional = Additional::Schema(node),
                    Additional::Schema(known) => known.parts.extend(node.parts),
                    Additional::Nothing => {}
                }
            }
            _ => {}
        }
        if let Some(items) = keywords.items {
            let node = Node::new(items, at.join("items"), subject.step("[]"));
            match &mut view.items {
                Some(known) => known.parts.extend(node.parts),
                None => view.items = Some(node),
            }
        }
        if let Some(items) = &keywords.tuple {
            let items = items.iter().enumerate().map(|(index, item)| {
                let at = at.join_all(["allOf", index.to_string().as_str()]);
                Node::new(*item, at, subject.step(&format!("[{index}]")))
            });
            view.tuple = Some(items.collect());
        }
        let lists = [("oneOf", &keywords.one_of), ("anyOf", &keywords.any_of)];
        for (keyword, members) in lists {
            if let Some(lists) = self.lists(members) {
                view.bounds.choose(&lists);
                continue;
            }
            let is_inline = |member: &SchemaId| !self.spec.is_component(*member);
            // An alternative that stands twice is one.
            let mut distinct: Vec<(usize, &SchemaId)> = Vec::new();
            for (index, member) in members.iter().enumerate() {
                let mut known = distinct.iter();
                if !known.any(|(_, known)| self.spec.is_equal(**known, *member)) {
                    distinct.push((index, member));
                }
            }
            let own = distinct.iter().filter(|(_, member)| is_inline(member));
            let is_one_of_several = own.count() > 1;
            for (index, member) in distinct {
                let at = at.join_all([keyword, index.to_string().as_str()]);
                // What has no name of its own is told apart by its place.
                let subject = match is_one_of_several && is_inline(member) {
                    true => subject.step(&format!("<{}>", index + 1)),
                    false => subject.clone(),
                };
                view.alternatives.push(Node::new(*member, at, subject));
            }
        }
    }

    /// Whether an inline schema is that of any value.
    fn is_anything(self, id: SchemaId) -> bool {
        let keywords = &self.spec.declared(id).keywords;
        !self.spec.is_component(id)
            && keywords.all_of.is_empty()
            && !keywords.restricts_beside_all_of()
    }

    /// What alternatives list that state nothing but which properties must be there.
    fn lists(self, members: &[SchemaId]) -> Option<Vec<&'a [String]>> {
        let lists = members.iter().map(|member| {
            let keywords = self.spec.keywords(*member);
            let is_bare = Keywords {
                required: keywords.required.clone(),
                ..Keywords::default()
            } == *keywords;
            (is_bare && !keywords.required.is_empty()).then_some(keywords.required.as_slice())
        });
        let lists: Vec<_> = lists.collect::<Option<_>>()?;
        (!lists.is_empty()).then_some(lists)
    }

    /// Alternatives that are all texts are one list of values, which is open if one of them is any
    /// text: that is how enums are said to be open.
    fn join_enums(self, view: &mut View<'a>) {
        let mut values: Vec<Value> = Vec::new();
        let mut seen: HashSet<&str> = HashSet::new();
        let mut is_open = false;
        for node in &view.alternatives {
            let [part] = node.parts.as_slice() else {
                return;
            };
            let keywords = self.spec.keywords(part.id);
            let is_plain = keywords.typ.as_deref() == Some("string")
                && keywords.format.is_none()
                && keywords.pattern.is_none()
                && keywords.min_length.is_none()
                && keywords.max_length.is_none()
                && keywords.not.is_none()
                && keywords.all_of.is_empty()
                && keywords.alternatives().is_none();
            if !is_plain {
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
        view.alternatives.clear();
        view.typ = Some("string".to_owned());
        view.values = values;
        view.is_listed = true;
        view.is_open = is_open;
    }
}
