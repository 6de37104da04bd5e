//! The targets of references: in other files, in sections, and at anchors.

use std::{
    collections::{HashMap, HashSet},
    rc::Rc,
};

use serde_json::Value;

use super::{
    Dialect,
    node_path::{self, NodePath, Step},
    referenced_files::{Opened, identity, mapped, percent_decoded, references},
};
use crate::{
    diagnostics::{Code, Diagnostic},
    document::{Attempt, Document},
    openapi::{ComponentKind, Pointer, spelling::nearest_within},
};

/// The target of a reference.
pub(super) type Target<'a> = (Rc<NodePath<'a>>, &'a Value);

/// All files, and the references between them.
pub(super) struct Links<'a> {
    documents: &'a [Document],
    opened: Opened,
    attempts: &'a [Attempt],
    /// The attempts whose outcome something that was read depends on; `None` if that is not recorded.
    used: Option<Used<'a>>,
    dialects: Vec<Dialect>,
    anchors: HashMap<(usize, &'a str), NodePath<'a>>,
    ids: HashMap<&'a str, NodePath<'a>>,
    targets: HashMap<(usize, &'a str), Result<Target<'a>, Diagnostic>>,
    /// Nodes outside of `components` that something refers to, by address.
    referenced: HashSet<*const Value>,
    /// The work that may still be spent on suggestions for unresolved names.
    patience: usize,
}

/// The attempts at files that the references read so far depend on.
#[derive(Default)]
struct Used<'a> {
    attempts: HashSet<usize>,
    /// The references that were followed to find them.
    followed: HashSet<(usize, &'a str)>,
}

impl<'a> Links<'a> {
    /// Indexes the references of all files. `records_use` has the files recorded that the references which
    /// are read lead to.
    pub(super) fn new(
        documents: &'a [Document],
        (opened, attempts): (Opened, &'a [Attempt]),
        root: Dialect,
        records_use: bool,
    ) -> Self {
        let dialect = |document: &Document| Dialect::of(&document.root).ok().map(|(it, _)| it);
        let mut links = Self {
            documents,
            opened,
            attempts,
            used: None,
            dialects: documents
                .iter()
                .map(|document| dialect(document).unwrap_or(root))
                .collect(),
            anchors: HashMap::new(),
            ids: HashMap::new(),
            targets: HashMap::new(),
            referenced: HashSet::new(),
            patience: 20_000_000,
        };
        let mut far: Vec<(usize, &'a str)> = Vec::new();
        for (file, document) in documents.iter().enumerate() {
            node_path::scan(&document.root, &mut |steps, members| {
                let path = || NodePath {
                    file,
                    steps: steps.to_vec(),
                };
                if let Some(id) = identity(members) {
                    links.ids.entry(id).or_insert_with(path);
                }
                for key in ["$anchor", "$dynamicAnchor"] {
                    if let Some(Value::String(anchor)) = members.get(key) {
                        links.anchors.entry((file, anchor)).or_insert_with(path);
                    }
                }
                let mapped = mapped(members).filter(|target| target.contains(['#', '/', '.']));
                far.extend(
                    references(members)
                        .chain(mapped)
                        .filter(|reference| links.direct(file, reference).is_none())
                        .map(|reference| (file, reference)),
                );
            });
        }
        for (file, reference) in far {
            if let Ok((path, node)) = links.follow(file, reference)
                && links.component(&path).is_none()
            {
                links.referenced.insert(std::ptr::from_ref(node));
            }
        }
        links.used = records_use.then(Used::default);
        links
    }

    /// The attempts at files that something depends on; `None` if it was not recorded.
    pub(super) fn into_used(self) -> Option<HashSet<usize>> {
        self.used.map(|used| used.attempts)
    }

    /// The dialect of a file; that of the description if it names none.
    pub(super) fn dialect(&self, file: usize) -> Dialect {
        self.dialects[file]
    }

    /// The name of a file other than the description, without its ending.
    pub(super) fn stem(&self, file: usize) -> Option<&'a str> {
        let document = self.documents.get(file).filter(|_| file > 0)?;
        document.path.file_stem()?.to_str()
    }

    /// Whether something refers to this node, which is no component.
    pub(super) fn is_referenced(&self, node: &Value) -> bool {
        !self.referenced.is_empty() && self.referenced.contains(&std::ptr::from_ref(node))
    }

    /// The component that a reference such as `#/components/schemas/User` names, without a walk: nearly all
    /// references are written so.
    pub(super) fn direct(
        &self,
        file: usize,
        reference: &'a str,
    ) -> Option<(ComponentKind, &'a str)> {
        if file != 0 || reference.contains(['%', '~']) {
            return None;
        }
        let mut steps = reference.strip_prefix("#/")?.split('/');
        let root = &self.documents[0].root;
        let (kind, section, name) = match self.dialects[0] {
            Dialect::Swagger2 => {
                let section = steps.next()?;
                let kind = ComponentKind::of_swagger_section(section)?;
                (kind, root.get(section)?, steps.next()?)
            }
            Dialect::V30 | Dialect::V31 => {
                let components =
                    (steps.next()? == "components").then(|| root.get("components"))??;
                let section = steps.next()?;
                let kind = ComponentKind::of_section(section)?;
                (kind, components.get(section)?, steps.next()?)
            }
        };
        (steps.next().is_none() && section.get(name).is_some()).then_some((kind, name))
    }

    /// The component of a kind that the description declares under a name, and its path.
    pub(super) fn declared(
        &self,
        kind: ComponentKind,
        name: &'a str,
    ) -> Option<(NodePath<'a>, &'a Value)> {
        let mut steps = match self.dialects[0] {
            Dialect::Swagger2 => Vec::new(),
            Dialect::V30 | Dialect::V31 => vec![Step::Key("components")],
        };
        let holder = match steps.is_empty() {
            true => &self.documents[0].root,
            false => self.documents[0].root.get("components")?,
        };
        let is_old = steps.is_empty();
        let sections: &[&'static str] = match kind {
            ComponentKind::Schema if is_old => &["definitions"],
            ComponentKind::SecurityScheme if is_old => &["securityDefinitions"],
            ComponentKind::RequestBody => &["requestBodies", "parameters"],
            _ => &[kind.section()],
        };
        let found = sections
            .iter()
            .find_map(|section| Some((*section, holder.get(section)?.get(name)?)));
        let (section, node) = found?;
        steps.extend([Step::Key(section), Step::Key(name)]);
        Some((NodePath { file: 0, steps }, node))
    }

    /// The kinds and names of all declared components, in order.
    pub(super) fn all_declared(&self) -> Vec<(ComponentKind, &'a str)> {
        let root = &self.documents[0].root;
        let holder = match self.dialects[0] {
            Dialect::Swagger2 => Some(root),
            Dialect::V30 | Dialect::V31 => root.get("components"),
        };
        let mut all = Vec::new();
        for (section, members) in holder.and_then(Value::as_object).into_iter().flatten() {
            let kind = match self.dialects[0] {
                Dialect::Swagger2 => ComponentKind::of_swagger_section(section),
                Dialect::V30 | Dialect::V31 => ComponentKind::of_section(section),
            };
            let names = members.as_object().into_iter().flatten();
            if let Some(kind) = kind.filter(|kind| *kind != ComponentKind::PathItem) {
                all.extend(names.map(|(name, _)| (kind, name.as_str())));
            }
        }
        all
    }

    /// The component at a path, if there is one.
    pub(super) fn component(&self, path: &NodePath<'a>) -> Option<(ComponentKind, &'a str)> {
        if path.file != 0 {
            return None;
        }
        match (self.dialects[0], path.steps.as_slice()) {
            (Dialect::Swagger2, [Step::Key(section), Step::Key(name)]) => {
                Some((ComponentKind::of_swagger_section(section)?, name))
            }
            (
                Dialect::V30 | Dialect::V31,
                [Step::Key("components"), Step::Key(section), Step::Key(name)],
            ) => Some((ComponentKind::of_section(section)?, name)),
            _ => None,
        }
    }

    /// Follows bare `$ref`s until a component or an inline node.
    ///
    /// # Errors
    /// The reference is unresolved, circular, or leads to a file that is not read.
    pub(super) fn target(
        &mut self,
        file: usize,
        reference: &'a str,
    ) -> Result<Target<'a>, Diagnostic> {
        self.record_files(file, reference);
        self.follow(file, reference)
    }

    /// The target of a reference and its file, without recording that it is used.
    pub(super) fn peek(&mut self, file: usize, reference: &'a str) -> Option<(usize, &'a Value)> {
        let (path, node) = self.follow(file, reference).ok()?;
        Some((path.file, node))
    }

    /// Records the files that following a reference leads through.
    fn record_files(&mut self, file: usize, reference: &'a str) {
        let mut at = (file, reference);
        while let Some(used) = &mut self.used {
            if !used.followed.insert(at) {
                return;
            }
            let name = at.1.split('#').next().unwrap_or_default();
            let attempt = self.opened.get(&(at.0, name.to_owned()));
            used.attempts.extend(attempt);
            match self.find(at.0, at.1) {
                Ok((path, node)) => match sole_reference(node) {
                    Some(next) if self.component(&path).is_none() => at = (path.file, next),
                    _ => return,
                },
                Err(_) => return,
            }
        }
    }

    fn follow(&mut self, file: usize, reference: &'a str) -> Result<Target<'a>, Diagnostic> {
        let mut passed: Vec<(usize, &'a str)> = Vec::new();
        let mut passed_set: HashSet<(usize, &'a str)> = HashSet::new();
        let mut at = (file, reference);
        let found = loop {
            if let Some(known) = self.targets.get(&at) {
                break known.clone();
            }
            if !passed_set.insert(at) {
                let start = passed.iter().position(|known| *known == at).unwrap_or(0);
                let chain: Vec<&str> = passed[start..].iter().map(|(_, text)| *text).collect();
                break Err(circle(reference, &chain));
            }
            passed.push(at);
            match self.find(at.0, at.1) {
                Err(miss) => break Err(miss),
                Ok((path, node)) => match sole_reference(node) {
                    Some(next) if self.component(&path).is_none() => at = (path.file, next),
                    _ => break Ok((Rc::new(path), node)),
                },
            }
        };
        for key in passed {
            self.targets.insert(key, found.clone());
        }
        found
    }

    /// The node a reference names.
    fn find(
        &mut self,
        file: usize,
        reference: &str,
    ) -> Result<(NodePath<'a>, &'a Value), Diagnostic> {
        let (name, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        let base = self.base(file, name)?;
        let (_, node) = self.node(&base);
        let fragment = percent_decoded(fragment);
        let found = match Pointer::parse(&fragment) {
            Some(pointer) => node_path::lookup(node, &pointer)
                .ok_or_else(|| self.dangling(node, reference, &pointer)),
            None => match self.anchors.get(&(base.file, fragment.as_str())) {
                Some(path) => {
                    let path = path.clone();
                    return Ok(self.node(&path));
                }
                None => Err(Diagnostic::new(
                    Code::DanglingRef,
                    format!("`{reference}` is neither a JSON Pointer nor the name of an anchor"),
                )
                .help("write it like `#/components/schemas/Name`")),
            },
        };
        let (steps, node) = found?;
        let mut path = base;
        path.steps.extend(steps);
        Ok((path, node))
    }

    fn node(&self, path: &NodePath<'a>) -> (NodePath<'a>, &'a Value) {
        let mut node = &self.documents[path.file].root;
        for step in &path.steps {
            let next = match step {
                Step::Key(key) => node.get(*key),
                Step::Index(index) => node.get(*index),
            };
            node = next.unwrap_or(&Value::Null);
        }
        (path.clone(), node)
    }

    /// The node that the part of a reference before its `#` names.
    fn base(&self, file: usize, name: &str) -> Result<NodePath<'a>, Diagnostic> {
        let root_of = |file| NodePath {
            file,
            steps: Vec::new(),
        };
        if name.is_empty() {
            return Ok(root_of(file));
        }
        if let Some(path) = self.ids.get(name) {
            return Ok(path.clone());
        }
        // An identity is mostly written in full, and referred to by its last part.
        let own = self.documents[file].root.as_object().and_then(identity);
        if let Some((folder, _)) = own.and_then(|id| id.rsplit_once('/'))
            && let Some(path) = self.ids.get(format!("{folder}/{name}").as_str())
        {
            return Ok(path.clone());
        }
        let attempt = self.opened.get(&(file, name.to_owned()));
        match attempt.map(|attempt| &self.attempts[*attempt].found) {
            Some(Ok(file)) => Ok(root_of(*file)),
            Some(Err(miss)) => Err(miss.clone()),
            None => {
                let message =
                    format!("`{name}` is a URL, and sdkgen reads nothing from the network");
                Err(Diagnostic::new(Code::ForeignRef, message)
                    .help("save a copy beside the description and refer to that file"))
            }
        }
    }

    fn dangling(&mut self, root: &Value, reference: &str, pointer: &Pointer) -> Diagnostic {
        let diagnostic = Diagnostic::new(
            Code::DanglingRef,
            format!("unresolved reference `{reference}`"),
        );
        let parent = pointer
            .parent()
            .and_then(|parent| node_path::lookup(root, &parent));
        let (Some((_, Value::Object(siblings))), Some(wanted)) =
            (parent, pointer.tokens().next_back())
        else {
            return diagnostic;
        };
        // Searching many names for each of many typos would take long.
        let names = siblings.keys().map(String::as_str);
        match nearest_within(wanted, names, &mut self.patience) {
            Some(name) => diagnostic.help(format!("did you mean `{name}`?")),
            None => diagnostic,
        }
    }
}

/// The reference, if a node has no other members.
fn sole_reference(node: &Value) -> Option<&str> {
    let members = node.as_object()?;
    match members.len() {
        1 => members.get("$ref")?.as_str(),
        _ => None,
    }
}

/// The diagnostic about references that lead in a circle. `chain` lists them, each once.
pub(super) fn circle(reference: &str, chain: &[&str]) -> Diagnostic {
    const SHOWN: usize = 8;
    let mut steps: Vec<String> = chain
        .iter()
        .take(SHOWN)
        .map(|step| format!("`{step}`"))
        .collect();
    if chain.len() > SHOWN {
        steps.push(format!("{} more", chain.len() - SHOWN));
    }
    let message = match steps.as_slice() {
        [_] => format!("`{reference}` refers to itself"),
        _ => format!(
            "circular reference `{reference}`: {}, and back",
            steps.join(" -> ")
        ),
    };
    Diagnostic::new(Code::CyclicRef, message)
        .help("declare one of these schemas in place, not as a reference")
}
