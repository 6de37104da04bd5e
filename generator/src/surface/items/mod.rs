//! Declarations to items, under the paths that callers write and with all names resolved.

mod impls;
mod names;

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Item, Kind,
    behaviour::{self, Aspects, Topic},
    exports::{self, Exports},
    gate::Gate,
    modules::{Target, Tree},
    read::{Entry, Form, Function, Marks, What},
    text::{Piece, Text},
};

/// What an item is made of, as far as it decides what callers can do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::surface) enum Shape {
    Plain,
    Function {
        qualifiers: String,
        generics: String,
        receiver: String,
        parameters: Vec<(String, String)>,
        output: String,
        /// Whether types that implement the trait may leave it out.
        is_optional: bool,
        /// Whether a trait asks for it.
        is_of_trait: bool,
    },
    /// What a field, an alias or a re-export is of.
    Typed(String),
    Value {
        ty: String,
        value: String,
    },
    Type {
        generics: String,
        form: Form,
        /// Whether callers can write its values down, field by field.
        is_open: bool,
    },
    Variant {
        form: Form,
        discriminant: String,
    },
    Trait(String),
}

/// Everything callers can see.
pub(in crate::surface) fn of(tree: &Tree) -> Vec<Item> {
    let exports = exports::find(tree);
    let mut builder = Builder {
        tree,
        exports: &exports,
        items: Vec::new(),
        members: BTreeMap::new(),
        types: BTreeMap::new(),
    };
    builder.modules();
    for id in 0..tree.declarations.len() {
        builder.declaration(id);
    }
    for module in 0..tree.modules.len() {
        for id in &tree.modules[module].impls {
            builder.of_impl(module, *id);
        }
    }
    builder.items
}

/// What is known of an item before its shape is.
struct Head<'a> {
    path: String,
    kind: Kind,
    parent: Option<String>,
    gate: Gate,
    marks: &'a Marks,
    module: usize,
}

struct Builder<'a> {
    tree: &'a Tree,
    exports: &'a Exports,
    items: Vec<Item>,
    /// The fields and variants of types, by type and name: their place among the items.
    members: BTreeMap<String, BTreeMap<String, usize>>,
    /// The types, by path: their place among the items.
    types: BTreeMap<String, usize>,
}

impl Builder<'_> {
    fn add(&mut self, head: Head<'_>, signature: String, shape: Shape) -> &mut Item {
        let marks = head.marks;
        self.items.push(Item {
            path: head.path,
            kind: head.kind,
            signature,
            gate: head.gate,
            file: self.tree.modules[head.module].file.clone(),
            line: marks.line,
            docs: marks.docs.clone(),
            deprecated: marks.deprecated,
            must_use: marks.must_use,
            non_exhaustive: marks.non_exhaustive,
            pointer: None,
            is_linked: false,
            parent: head.parent,
            shape,
            aspects: Aspects::new(),
            wire: None,
        });
        let last = self.items.len() - 1;
        let item = &mut self.items[last];
        if matches!(item.kind, Kind::Struct | Kind::Enum) {
            self.types.insert(item.path.clone(), last);
        }
        item
    }

    fn modules(&mut self) {
        for (id, paths) in &self.exports.modules {
            let marks = &self.tree.modules[*id].marks;
            for (path, gate) in paths {
                let head = Head {
                    path: path.clone(),
                    kind: Kind::Module,
                    parent: None,
                    gate: gate.clone(),
                    marks,
                    module: *id,
                };
                self.add(head, format!("mod {}", last(path)), Shape::Plain);
            }
        }
        for foreign in &self.exports.foreign {
            let head = Head {
                path: foreign.path.clone(),
                kind: Kind::ReExport,
                parent: None,
                gate: foreign.marks.gate.clone(),
                marks: &foreign.marks,
                module: 0,
            };
            let signature = format!("use {}", foreign.target);
            let item = self.add(head, signature, Shape::Typed(foreign.target.clone()));
            item.file.clone_from(&foreign.file);
        }
    }

    fn declaration(&mut self, id: usize) {
        let Some(paths) = self.exports.paths.get(&id) else {
            return;
        };
        let declaration = &self.tree.declarations[id];
        let entry = &declaration.entry;
        let ((path, gate), others) = match paths.split_first() {
            Some((first, others)) => (first, others),
            None => return,
        };
        for (other, gate) in others {
            let head = Head {
                path: other.clone(),
                kind: Kind::ReExport,
                parent: None,
                gate: gate.clone(),
                marks: &entry.marks,
                module: declaration.module,
            };
            self.add(head, format!("use {path}"), Shape::Typed(path.clone()));
        }
        self.entry(entry, path, None, gate, declaration.module);
    }

    fn entry(
        &mut self,
        entry: &Entry,
        path: &str,
        parent: Option<&str>,
        gate: &Gate,
        module: usize,
    ) {
        let name = last(path).to_owned();
        let head = |kind| Head {
            path: path.to_owned(),
            kind,
            parent: parent.map(str::to_owned),
            gate: gate.clone(),
            marks: &entry.marks,
            module,
        };
        match &entry.what {
            What::Type {
                kind,
                generics,
                form,
                members,
                derives,
            } => {
                let generics = self.text(module, generics);
                let is_open = members.iter().all(|member| member.is_public);
                let word = if *kind == Kind::Enum {
                    "enum"
                } else {
                    "struct"
                };
                let signature = format!("{word} {name}{generics}");
                let shape = Shape::Type {
                    generics,
                    form: *form,
                    is_open,
                };
                self.add(head(*kind), signature, shape);
                for derive in derives {
                    let derived = self.trait_name(module, derive);
                    let mut head = head(Kind::TraitImpl);
                    head.path = format!("{path}: {derived}");
                    head.parent = Some(path.to_owned());
                    let item = self.add(
                        head,
                        format!("derive({derived})"),
                        Shape::Typed(String::new()),
                    );
                    item.docs = String::new();
                    (item.deprecated, item.must_use, item.non_exhaustive) = (false, false, false);
                }
                self.members_of(members, path, gate, module);
            }
            What::Alias {
                generics, target, ..
            } => {
                let (generics, target) = (self.text(module, generics), self.text(module, target));
                let signature = format!("type {name}{generics} = {target}");
                self.add(
                    head(Kind::Alias),
                    signature,
                    Shape::Typed(format!("{generics}{target}")),
                );
            }
            What::Field(ty) => {
                let ty = self.text(module, ty);
                self.add(head(Kind::Field), format!("{name}: {ty}"), Shape::Typed(ty));
            }
            What::Variant {
                form,
                discriminant,
                members,
            } => {
                let discriminant = self.text(module, discriminant);
                let shape = Shape::Variant {
                    form: *form,
                    discriminant,
                };
                let types = members.iter().filter_map(|member| match &member.what {
                    What::Field(ty) => Some(self.text(module, ty)),
                    _ => None,
                });
                let types: Vec<String> = types.collect();
                let signature = match form {
                    Form::Unit => name,
                    Form::Tuple => format!("{name}({})", types.join(", ")),
                    Form::Named => format!("{name} {{ .. }}"),
                };
                self.add(head(Kind::Variant), signature, shape);
                self.members_of(members, path, gate, module);
            }
            What::Value { kind, ty, value } => {
                let (ty, value) = (self.text(module, ty), self.text(module, value));
                let word = if *kind == Kind::Static {
                    "static"
                } else {
                    "const"
                };
                let signature = format!("{word} {name}: {ty}");
                self.add(head(*kind), signature, Shape::Value { ty, value });
            }
            What::Function(function) => {
                let kind = if parent.is_some() {
                    Kind::Method
                } else {
                    Kind::Function
                };
                self.function(function, head(kind), false);
            }
            What::Trait { generics, members } => {
                let generics = self.text(module, generics);
                let signature = format!("trait {name}{generics}");
                self.add(head(Kind::Trait), signature, Shape::Trait(generics));
                self.members_of(members, path, gate, module);
            }
            What::Associated(bounds) => {
                let bounds = self.text(module, bounds);
                let signature = format!("type {name}{bounds}");
                self.add(head(Kind::AssociatedType), signature, Shape::Typed(bounds));
            }
            What::Module(_) | What::Use { .. } | What::Impl(_) => {}
        }
    }

    fn members_of(&mut self, members: &[Entry], path: &str, gate: &Gate, module: usize) {
        for member in members.iter().filter(|member| member.is_public) {
            let gate = gate.and(&member.marks.gate);
            let full = format!("{path}::{}", member.name);
            let place = self.items.len();
            match &member.what {
                What::Function(function) => {
                    let head = Head {
                        path: full,
                        kind: Kind::Method,
                        parent: Some(path.to_owned()),
                        gate,
                        marks: &member.marks,
                        module,
                    };
                    self.function(function, head, true);
                }
                _ => self.entry(member, &full, Some(path), &gate, module),
            }
            let of_type = self.members.entry(path.to_owned()).or_default();
            of_type.insert(member.name.clone(), place);
        }
    }

    fn function(&mut self, function: &Function, head: Head<'_>, is_of_trait: bool) {
        let module = head.module;
        let generics = self.text(module, &function.generics);
        let receiver = function.receiver.as_ref().map(|own| self.text(module, own));
        let parameters = function.parameters.iter();
        let parameters = parameters.map(|(name, ty)| (name.clone(), self.text(module, ty)));
        let parameters: Vec<(String, String)> = parameters.collect();
        let output = self.text(module, &function.output);
        let listed = parameters.iter().map(|(name, ty)| format!("{name}: {ty}"));
        let listed: Vec<String> = receiver.iter().cloned().chain(listed).collect();
        let qualifiers = match function.qualifiers.as_str() {
            "" => String::new(),
            words => format!("{words} "),
        };
        let mut signature = format!(
            "{qualifiers}fn {}{generics}({})",
            last(&head.path),
            listed.join(", ")
        );
        if !output.is_empty() {
            signature.push_str(&format!(" -> {output}"));
        }
        let body = self.body(module, &function.body, &parameters);
        let shape = Shape::Function {
            qualifiers: function.qualifiers.clone(),
            generics,
            receiver: receiver.unwrap_or_default(),
            parameters,
            output,
            is_optional: function.has_body,
            is_of_trait,
        };
        let item = self.add(head, signature, shape);
        let about = |wanted| {
            let mut found = body.iter().filter(move |((topic, _), _)| *topic == wanted);
            // Of two names neither is that of the method.
            let only = found.next().filter(|_| found.next().is_none());
            only.and_then(|(_, words)| first_literal(words))
        };
        item.wire = about(Topic::OperationId).or_else(|| about(Topic::WireName));
        item.aspects = body;
    }

    /// What a body is about, and what the constants it mentions are.
    fn body(&self, module: usize, body: &Text, parameters: &[(String, String)]) -> Aspects {
        let mut aspects = Aspects::new();
        let words = behaviour::by_position(&self.words(module, body), parameters);
        if self.tree.modules[module].file.starts_with("src/runtime/") {
            behaviour::add(&words, "", Topic::Body, &mut aspects);
            return aspects;
        }
        behaviour::collect(&words, "", Topic::Body, &mut aspects);
        let mut seen = BTreeSet::new();
        let mut open = self.mentioned(module, body);
        while let Some(id) = open.pop() {
            let declaration = &self.tree.declarations[id];
            let What::Value { ty, value, .. } = &declaration.entry.what else {
                continue;
            };
            if self.exports.paths.contains_key(&id) || !seen.insert(id) {
                continue;
            }
            let (from, name) = (declaration.module, &declaration.entry.name);
            let topic = behaviour::topic_of_value(name, &self.words(from, ty));
            let value_words = self.words(from, value);
            match topic {
                Topic::Body => behaviour::collect(&value_words, name, topic, &mut aspects),
                topic => behaviour::add(&value_words, name, topic, &mut aspects),
            }
            open.extend(self.mentioned(from, value));
        }
        aspects
    }

    /// The constants and statics that a text names, which are known by their capitals.
    fn mentioned(&self, module: usize, text: &Text) -> Vec<usize> {
        let mut found = Vec::new();
        for piece in text {
            if let Piece::Path(path) = piece
                && path
                    .last()
                    .is_some_and(|name| !name.contains(char::is_lowercase))
                && let Target::Declaration(id, rest) = self.tree.resolve(module, path)
                && rest.is_empty()
            {
                found.push(id);
            }
        }
        found
    }
}

fn last(path: &str) -> &str {
    path.rsplit("::").next().unwrap_or(path)
}

/// The first value that stands in a text as it is.
fn first_literal(words: &[String]) -> Option<String> {
    let is_literal = |word: &&String| {
        word.starts_with(['"', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9'])
            || matches!(word.as_str(), "true" | "false")
    };
    words.iter().find(is_literal).cloned()
}
