//! Where the reader is, in the files and in what it builds, and how it says what it repairs.

use std::collections::{HashMap, HashSet, VecDeque};

use openapiv3::{Components, ReferenceOr};
use serde_json::{Map, Value};

use super::{
    Dialect,
    demand::Demand,
    links::{Kind, Links, Target},
    place::{self, Spot, Step},
    unrendered::Unrendered,
};
use crate::{
    diagnostics::{Code, Diagnostic, Sink},
    openapi::{Pointer, spelling::nearest},
    read::select::Sieve,
};

/// Mappings of a tree.
pub(super) type Members = Map<String, Value>;

/// Walks the files and builds the components; what it returns from its methods is the rest.
pub(super) struct Reader<'a, 's> {
    pub(super) links: Links<'a>,
    pub(super) components: Components,
    pub(super) origins: HashMap<Pointer, Pointer>,
    pub(super) unrendered: Unrendered,
    /// Media types of bodies and responses that name none, which Swagger 2.0 has at the root.
    pub(super) consumes: Vec<String>,
    pub(super) produces: Vec<String>,
    pub(super) sieve: &'s mut Sieve,
    pub(super) demand: Demand<'a>,
    /// Names of parameters that could not be read, which was said.
    pub(super) unread: HashSet<String>,
    /// Whether the operation that is read names the media types of its responses itself.
    pub(super) names_produces: bool,
    /// Whether what is read is a component that is read once more elsewhere, so that the types it
    /// declares must become components.
    pub(super) shares_schemas: bool,
    sink: &'s mut Sink,
    spot: Spot<'a>,
    /// Where in the result the node at `base` steps of the spot comes to stand.
    out: Pointer,
    base: usize,
    /// Names of components that were moved here from elsewhere, by address and kind.
    moved: HashMap<(*const Value, Kind), String>,
    taken: HashSet<(Kind, String)>,
    numbers: HashMap<(Kind, String), usize>,
    pending: VecDeque<Pending<'a>>,
}

/// A node that is to become a component.
pub(super) struct Pending<'a> {
    pub(super) kind: Kind,
    pub(super) name: String,
    pub(super) spot: Spot<'a>,
    pub(super) node: &'a Value,
}

impl<'a, 's> Reader<'a, 's> {
    pub(super) fn new(links: Links<'a>, sieve: &'s mut Sieve, sink: &'s mut Sink) -> Self {
        let demand = Demand::new(!sieve.is_empty());
        Self {
            sieve,
            demand,
            unread: HashSet::new(),
            names_produces: false,
            shares_schemas: false,
            links,
            components: Components::default(),
            origins: HashMap::new(),
            unrendered: Unrendered::default(),
            consumes: Vec::new(),
            produces: Vec::new(),
            sink,
            spot: Spot::default(),
            out: Pointer::root(),
            base: 0,
            moved: HashMap::new(),
            taken: HashSet::new(),
            numbers: HashMap::new(),
            pending: VecDeque::new(),
        }
    }

    /// The dialect of the file that is being read.
    pub(super) fn dialect(&self) -> Dialect {
        self.links.dialect(self.spot.file)
    }

    /// The file that is being read.
    pub(super) fn file(&self) -> usize {
        self.spot.file
    }

    /// This node.
    pub(super) fn here(&self) -> Spot<'a> {
        self.spot.clone()
    }

    /// The index of this node, if it is an item of a list.
    pub(super) fn last_index(&self) -> Option<usize> {
        match self.spot.steps.last()? {
            Step::Key(_) => None,
            Step::Index(index) => Some(*index),
        }
    }

    /// Goes to a member; `leave` goes back.
    pub(super) fn enter(&mut self, key: &'a str) {
        self.spot.steps.push(Step::Key(key));
    }

    pub(super) fn enter_item(&mut self, index: usize) {
        self.spot.steps.push(Step::Index(index));
    }

    pub(super) fn leave(&mut self) {
        self.spot.steps.pop();
    }

    /// Reads a member.
    pub(super) fn within<T>(&mut self, key: &'a str, read: impl FnOnce(&mut Self) -> T) -> T {
        self.enter(key);
        let read = read(self);
        self.leave();
        read
    }

    /// Where in the result this node comes to stand.
    pub(super) fn target_pointer(&self) -> Pointer {
        place::extend(self.out.clone(), &self.spot.steps[self.base..])
    }

    /// Reads this node, or what is below it, as what stands some steps further in the result.
    pub(super) fn at_further<T>(&mut self, steps: &[&str], read: impl FnOnce(&mut Self) -> T) -> T {
        let out = self.target_pointer().join_all(steps.iter().copied());
        self.standing_at(out, read)
    }

    /// Reads this node as what stands elsewhere in the result.
    pub(super) fn standing_at<T>(&mut self, out: Pointer, read: impl FnOnce(&mut Self) -> T) -> T {
        self.origins.insert(out.clone(), self.spot.pointer());
        let out = std::mem::replace(&mut self.out, out);
        let base = std::mem::replace(&mut self.base, self.spot.steps.len());
        let read = read(self);
        self.out = out;
        self.base = base;
        read
    }

    /// Reads a node elsewhere in the files as what stands at a place of the result.
    pub(super) fn elsewhere<T>(
        &mut self,
        spot: Spot<'a>,
        out: Pointer,
        read: impl FnOnce(&mut Self) -> T,
    ) -> T {
        let own = std::mem::replace(&mut self.spot, spot);
        let plain = self.spot.file == 0 && place::extend(Pointer::root(), &self.spot.steps) == out;
        let read = if plain {
            let out = std::mem::replace(&mut self.out, Pointer::root());
            let base = std::mem::replace(&mut self.base, 0);
            let read = read(self);
            self.out = out;
            self.base = base;
            read
        } else {
            self.standing_at(out, read)
        };
        self.spot = own;
        read
    }

    /// Says something about this node.
    pub(super) fn say(&mut self, code: Code, message: impl Into<String>) {
        self.report(Diagnostic::new(code, message));
    }

    /// Says something about a member of this node.
    pub(super) fn say_of(&mut self, key: &'a str, code: Code, message: impl Into<String>) {
        self.report_of(key, Diagnostic::new(code, message));
    }

    /// Reports something about a member of this node.
    pub(super) fn report_of(&mut self, key: &'a str, diagnostic: Diagnostic) {
        self.within(key, |reader| reader.report(diagnostic));
    }

    /// Reports something about what stands somewhere in the result.
    pub(super) fn report_at(&mut self, at: &Pointer, diagnostic: Diagnostic) {
        self.sink.at(at, diagnostic);
    }

    /// Reports something about this node.
    pub(super) fn report(&mut self, diagnostic: Diagnostic) {
        self.sink.at(&self.spot.pointer(), diagnostic);
    }

    /// Whether this is a keyword of the schema of a property.
    pub(super) fn is_property_keyword(&self) -> bool {
        let steps = &self.spot.steps;
        steps
            .len()
            .checked_sub(3)
            .is_some_and(|at| steps[at] == Step::Key("properties"))
    }

    /// Warns that OpenAPI does not know the key of this node: a typo changes the meaning of what it
    /// is in.
    pub(super) fn unknown(&mut self, key: &'a str, known: &[&str]) {
        let message = format!("the key `{key}` is not known to OpenAPI and ignored");
        let mut diagnostic = Diagnostic::new(Code::UnknownKey, message);
        if let Some(near) = nearest(key, known.iter().copied()) {
            diagnostic = diagnostic.help(format!("did you mean `{near}`?"));
        }
        self.report(diagnostic);
    }

    /// Lets the names of components be taken by those that have them.
    pub(super) fn reserve(&mut self, kind: Kind, name: &str) {
        self.taken.insert((kind, name.to_owned()));
    }

    /// Whether a component has this name.
    pub(super) fn is_taken(&self, kind: Kind, name: &str) -> bool {
        self.taken.contains(&(kind, name.to_owned()))
    }

    /// Has a node read, after all else, as a component.
    pub(super) fn queue(&mut self, pending: Pending<'a>) {
        self.pending.push_back(pending);
    }

    /// The next node that is to become a component.
    pub(super) fn next_pending(&mut self) -> Option<Pending<'a>> {
        self.pending.pop_front()
    }

    /// The reference to what `reference` leads to, which becomes a component if it is none yet.
    ///
    /// # Errors
    /// Why it leads to nothing that can stand here.
    pub(super) fn link(&mut self, reference: &'a str, kind: Kind) -> Result<String, Diagnostic> {
        if let Some((found, name)) = self.links.direct(self.spot.file, reference)
            && found == kind
        {
            return Ok(self.component_reference(kind, name));
        }
        let (spot, node) = match self.links.target(self.spot.file, reference) {
            Ok(target) => target,
            Err(miss) => return self.meant(reference, kind).ok_or(miss),
        };
        match self.links.component(&spot) {
            Some((found, name)) if found == kind => Ok(self.component_reference(kind, name)),
            Some((found, _)) if kind == Kind::Schema => {
                Ok(self.link_into(reference, &spot, node, found))
            }
            _ => Ok(self.move_here(&spot, node, kind)),
        }
    }

    /// What a reference leads to through components that are but references.
    pub(super) fn end_of(&mut self, reference: &'a str) -> Option<Target<'a>> {
        /// No longer chains are followed.
        const LONGEST: usize = 64;
        let mut found = self.links.target(self.file(), reference).ok()?;
        for _ in 0..LONGEST {
            let Some(Value::String(next)) = found.1.get("$ref") else {
                break;
            };
            found = self.links.target(found.0.file, next).ok()?;
        }
        Some(found)
    }

    /// Makes a component of a node that is none, and gives the reference to it.
    pub(super) fn move_here(&mut self, spot: &Spot<'a>, node: &'a Value, kind: Kind) -> String {
        let address = (std::ptr::from_ref(node), kind);
        if let Some(name) = self.moved.get(&address) {
            return place::reference(kind.section(), name);
        }
        let name = self.free_name(
            kind,
            super::values::names_for(spot, node, kind, self.links.stem(spot.file)),
        );
        let reference = place::reference(kind.section(), &name);
        self.moved.insert(address, name.clone());
        self.pending.push_back(Pending {
            kind,
            name,
            spot: spot.clone(),
            node,
        });
        reference
    }

    /// This node as a component, if something refers to it.
    pub(super) fn moved_if_referenced<T>(
        &mut self,
        node: &'a Value,
        kind: Kind,
    ) -> Option<ReferenceOr<T>> {
        if !self.links.is_referenced(node) {
            return None;
        }
        let spot = self.spot.clone();
        let reference = self.move_here(&spot, node, kind);
        Some(ReferenceOr::Reference { reference })
    }

    /// The component that a reference to a place of another dialect, or a bare name, means.
    fn meant(&mut self, reference: &'a str, kind: Kind) -> Option<String> {
        let name = reference.rsplit(['/', '#']).next()?;
        // What names a file is meant as one.
        let is_local = reference.starts_with('#') || !reference.contains(['/', '.', '#']);
        if self.spot.file != 0 || !is_local || !self.is_taken(kind, name) {
            return None;
        }
        let meant = self.component_reference(kind, name);
        self.say(
            Code::Misplaced,
            format!("`{reference}` leads nowhere and is read as `{meant}`"),
        );
        Some(meant)
    }

    /// A schema is wanted and what holds one was named.
    fn link_into(
        &mut self,
        reference: &'a str,
        spot: &Spot<'a>,
        node: &'a Value,
        found: Kind,
    ) -> String {
        let mut inner = spot.clone();
        let mut held = node;
        let mut into = |key: &'a str, value: &'a Value| {
            inner.steps.push(Step::Key(key));
            held = value;
        };
        if let Some(schema) = node.get("schema") {
            into("schema", schema);
        } else if let Some((media, content)) = node
            .get("content")
            .and_then(Value::as_object)
            .and_then(|content| content.iter().min_by_key(|(media, _)| *media))
            && let Some(schema) = content.get("schema")
        {
            into("content", content);
            into(media, content);
            into("schema", schema);
        }
        self.say(
            Code::Misplaced,
            format!(
                "`{reference}` leads to the section `{}` where a schema must be: its schema is taken",
                found.section()
            ),
        );
        self.move_here(&inner, held, Kind::Schema)
    }

    /// The first of the names that is free, or the last with a number.
    fn free_name(&mut self, kind: Kind, candidates: Vec<String>) -> String {
        let mut last = String::new();
        for candidate in candidates {
            if self.taken.insert((kind, candidate.clone())) {
                return candidate;
            }
            last = candidate;
        }
        let mut number = self
            .numbers
            .get(&(kind, last.clone()))
            .copied()
            .unwrap_or(2);
        loop {
            let name = format!("{last}{number}");
            number += 1;
            if self.taken.insert((kind, name.clone())) {
                self.numbers.insert((kind, last), number);
                return name;
            }
        }
    }
}
