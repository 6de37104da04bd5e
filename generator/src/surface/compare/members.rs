//! Compares an item with its counterpart in the new surface.

use super::{Change, ChangeCode, change, renames::Renames, wire};
use crate::surface::{Item, Kind, behaviour::Topic, items::Shape, text::difference};

/// Compares declarations. Returns whether callers must change their code.
pub(super) fn compare(
    old: &Item,
    new: &Item,
    renames: &Renames,
    changes: &mut Vec<Change>,
) -> bool {
    let mut pair = Pair {
        old,
        new,
        renames,
        changes,
        is_breaking: false,
    };
    pair.shapes();
    pair.marks();
    // The fields of a variant are items of their own.
    let has_other_fields =
        old.kind == Kind::Variant && renames.text(&old.signature) != new.signature;
    pair.is_breaking || has_other_fields
}

struct Pair<'a> {
    old: &'a Item,
    new: &'a Item,
    renames: &'a Renames,
    changes: &'a mut Vec<Change>,
    is_breaking: bool,
}

impl Pair<'_> {
    fn shapes(&mut self) {
        let (old, new) = (self.old, self.new);
        match (&old.shape, &new.shape) {
            (Shape::Typed(was), Shape::Typed(is)) => {
                let code = match old.kind {
                    Kind::Alias => ChangeCode::AliasTargetChanged,
                    Kind::ReExport => ChangeCode::ReExportChanged,
                    Kind::AssociatedType => ChangeCode::TraitBoundsChanged,
                    Kind::TraitImpl => ChangeCode::TraitImplChanged,
                    _ if unboxed(&self.renamed(was)) == unboxed(is) => ChangeCode::BoxingChanged,
                    _ => ChangeCode::FieldTypeChanged,
                };
                self.texts(code, "has another type", was, is);
            }
            (
                Shape::Value { ty: was, value },
                Shape::Value {
                    ty: is,
                    value: other,
                },
            ) => {
                self.texts(ChangeCode::ConstTypeChanged, "has another type", was, is);
                self.texts(
                    ChangeCode::ConstValueChanged,
                    "has another value",
                    value,
                    other,
                );
            }
            (
                Shape::Type {
                    generics: was,
                    form,
                    is_open,
                },
                Shape::Type {
                    generics: is,
                    form: other,
                    is_open: still,
                },
            ) => {
                self.texts(
                    ChangeCode::GenericsChanged,
                    "has other type parameters",
                    was,
                    is,
                );
                if form != other {
                    self.add(ChangeCode::FormChanged, "has another form of fields");
                } else if *is_open && !still && !old.non_exhaustive {
                    self.add(ChangeCode::PrivateFieldAdded, "has a private field");
                }
            }
            (
                Shape::Variant {
                    form,
                    discriminant: was,
                },
                Shape::Variant {
                    form: other,
                    discriminant: is,
                },
            ) => {
                if form != other {
                    self.add(ChangeCode::FormChanged, "has another form of fields");
                }
                self.texts(
                    ChangeCode::DiscriminantChanged,
                    "has another discriminant",
                    was,
                    is,
                );
            }
            (Shape::Trait(was), Shape::Trait(is)) => {
                self.texts(ChangeCode::TraitBoundsChanged, "has other bounds", was, is);
            }
            (Shape::Function { .. }, Shape::Function { .. }) => self.functions(),
            _ => {}
        }
    }

    fn functions(&mut self) {
        let (
            Shape::Function {
                qualifiers,
                generics,
                receiver,
                parameters,
                output,
                is_optional,
                ..
            },
            Shape::Function {
                qualifiers: new_qualifiers,
                generics: new_generics,
                receiver: new_receiver,
                parameters: new_parameters,
                output: new_output,
                is_optional: still_optional,
                is_of_trait,
            },
        ) = (&self.old.shape, &self.new.shape)
        else {
            return;
        };
        match (qualifiers.as_str(), new_qualifiers.as_str()) {
            (was, is) if was == is => {}
            (was, is) if is.strip_prefix("const").map(str::trim) == Some(was) => {
                self.add(ChangeCode::BecameConst, "can be called in constants");
            }
            (was, is) => {
                let what = format!("changed from `{was}` to `{is}`");
                self.add(ChangeCode::QualifiersChanged, &what);
            }
        }
        self.texts(
            ChangeCode::GenericsChanged,
            "has other type parameters",
            generics,
            new_generics,
        );
        self.texts(
            ChangeCode::ReceiverChanged,
            "takes `self` differently",
            receiver,
            new_receiver,
        );
        self.texts(
            ChangeCode::ReturnTypeChanged,
            "returns another type",
            output,
            new_output,
        );
        if *is_of_trait && *is_optional && !still_optional {
            self.add(
                ChangeCode::TraitItemRequired,
                "must be implemented by every type",
            );
        }
        let (was, is) = (parameters.len(), new_parameters.len());
        if was != is {
            let what = format!("takes {is} arguments instead of {was}");
            return self.add(ChangeCode::ParameterCountChanged, &what);
        }
        let pairs = || parameters.iter().zip(new_parameters);
        for ((name, old_type), (_, new_type)) in pairs() {
            let what = format!("takes another type as `{name}`");
            let before = self.changes.len();
            self.texts(ChangeCode::ParameterTypeChanged, &what, old_type, new_type);
            for change in self.changes.iter_mut().skip(before) {
                change.argument = Some(name.clone());
            }
        }
        let names = |list: &[(String, String)]| -> Vec<String> {
            list.iter().map(|(name, _)| name.clone()).collect()
        };
        let (old_names, new_names) = (names(parameters), names(new_parameters));
        if old_names != new_names {
            let mut sorted = (old_names.clone(), new_names.clone());
            sorted.0.sort();
            sorted.1.sort();
            let what = format!(
                "takes `{}` instead of `{}`",
                new_names.join(", "),
                old_names.join(", ")
            );
            match sorted.0 == sorted.1 {
                true => self.add(ChangeCode::ArgumentsReordered, &what),
                false => self.add(ChangeCode::ArgumentRenamed, &what),
            }
        }
    }

    fn marks(&mut self) {
        let (old, new) = (self.old, self.new);
        let was_open = super::is_open(old) || old.kind != Kind::Struct;
        match (old.non_exhaustive, new.non_exhaustive) {
            (false, true) if was_open => {
                self.add(ChangeCode::NonExhaustiveAdded, "is now `#[non_exhaustive]`");
            }
            (true, false) => {
                self.add(
                    ChangeCode::NonExhaustiveRemoved,
                    "is no longer `#[non_exhaustive]`",
                );
            }
            _ => {}
        }
        match (old.deprecated, new.deprecated) {
            (false, true) => self.add(ChangeCode::BecameDeprecated, "is now deprecated"),
            (true, false) => self.add(ChangeCode::DeprecationRemoved, "is no longer deprecated"),
            _ => {}
        }
        match (old.must_use, new.must_use) {
            (false, true) => self.add(ChangeCode::MustUseAdded, "must now be used"),
            (true, false) => self.add(ChangeCode::MustUseRemoved, "need no longer be used"),
            _ => {}
        }
        if old.docs != new.docs {
            self.add(ChangeCode::DocsChanged, "has other documentation");
        }
    }

    fn renamed(&self, text: &str) -> String {
        self.renames.text(text)
    }

    fn texts(&mut self, code: ChangeCode, what: &str, was: &str, is: &str) {
        if self.renamed(was) != is {
            let shown = |text: &str| match text {
                "" => "nothing".to_owned(),
                text => format!("`{text}`"),
            };
            let what = format!("{what}: before {}, now {}", shown(was), shown(is));
            self.add(code, &what);
        }
    }

    fn add(&mut self, code: ChangeCode, what: &str) {
        self.is_breaking |= code.verdict() == super::Verdict::Major;
        let message = format!("the {} `{}` {what}", self.old.kind.as_str(), self.old.path);
        self.changes
            .push(change(code, Some(self.old), Some(self.new), message));
    }
}

/// A type without any `Box`.
fn unboxed(ty: &str) -> String {
    let mut out = String::with_capacity(ty.len());
    // For each open angle bracket, whether it belongs to a `Box`.
    let mut open: Vec<bool> = Vec::new();
    let mut rest = ty;
    while let Some(first) = rest.chars().next() {
        let is_start = !out.ends_with(|before: char| before.is_alphanumeric() || before == '_');
        if is_start && let Some(inside) = rest.strip_prefix("Box<") {
            open.push(true);
            rest = inside;
            continue;
        }
        let is_arrow = out.ends_with('-');
        match first {
            '<' => open.push(false),
            '>' if !is_arrow && open.pop() == Some(true) => {
                rest = &rest[1..];
                continue;
            }
            _ => {}
        }
        out.push(first);
        rest = &rest[first.len_utf8()..];
    }
    out
}

/// Compares what items send and read. If callers must change their code anyway, they review what depends on
/// their arguments, so that it is not reported.
pub(super) fn compare_aspects(
    old: &Item,
    new: &Item,
    renames: &Renames,
    is_breaking: bool,
    changes: &mut Vec<Change>,
) {
    let keys = old.aspects.keys().chain(
        new.aspects
            .keys()
            .filter(|key| !old.aspects.contains_key(*key)),
    );
    let nothing = Vec::new();
    for key in keys {
        let (topic, _) = key;
        if is_breaking && matches!(topic, Topic::Body | Topic::WireName | Topic::Style) {
            continue;
        }
        let was = old.aspects.get(key).unwrap_or(&nothing);
        let was = renames.code(old, was);
        let is = new.aspects.get(key).unwrap_or(&nothing);
        if was == *is || wire::significant(old, key, &was) == wire::significant(new, key, is) {
            continue;
        }
        // An impl that was written by hand and is derived now has no code to compare.
        if old.kind == Kind::TraitImpl && (was.is_empty() || is.is_empty()) {
            continue;
        }
        if is_breaking && *topic == Topic::Member && literals(&was) == literals(is) {
            continue;
        }
        let (from, to) = difference(&was, is);
        let code = code_of(*topic, &was, is);
        let message = match (from.is_empty(), to.is_empty()) {
            (true, _) => format!("{}: `{to}` was added to `{}`", name_of(code), old.path),
            (_, true) => format!(
                "{}: `{from}` was removed from `{}`",
                name_of(code),
                old.path
            ),
            _ => format!(
                "{}: in `{}`, `{from}` became `{to}`",
                name_of(code),
                old.path
            ),
        };
        let mut found = change(code, Some(old), Some(new), message);
        found.difference = Some((from, to));
        let is_reported = |known: &Change| {
            known.code == code && known.item == found.item && known.difference == found.difference
        };
        // Reading and writing a member differ in the same way.
        if !changes
            .iter()
            .rev()
            .take(old.aspects.len() + new.aspects.len())
            .any(is_reported)
        {
            changes.push(found);
        }
    }
}

fn code_of(topic: Topic, was: &[String], is: &[String]) -> ChangeCode {
    match topic {
        Topic::OperationId => ChangeCode::OperationIdChanged,
        Topic::HttpMethod => ChangeCode::MethodChanged,
        Topic::UrlPath => ChangeCode::PathChanged,
        Topic::Idempotency => ChangeCode::IdempotencyChanged,
        Topic::Server => ChangeCode::ServerChanged,
        Topic::Security => ChangeCode::SecurityChanged,
        Topic::MediaType => ChangeCode::MediaTypeChanged,
        Topic::Response => ChangeCode::ResponseReadingChanged,
        Topic::WireName => ChangeCode::WireNameChanged,
        Topic::Style => ChangeCode::ParameterStyleChanged,
        Topic::Tag => ChangeCode::UnionTagChanged,
        Topic::Status => ChangeCode::StatusChanged,
        Topic::Paging => ChangeCode::PagingChanged,
        Topic::BaseUrl => ChangeCode::BaseUrlChanged,
        Topic::LoginUrl => ChangeCode::LoginUrlChanged,
        Topic::Redaction => ChangeCode::RedactionChanged,
        Topic::Member if differ_in_literals(was, is) => ChangeCode::WireNameChanged,
        Topic::Member | Topic::Body => ChangeCode::BehaviourChanged,
    }
}

fn name_of(code: ChangeCode) -> String {
    code.as_str().replace('-', " ")
}

/// The literals in a text.
fn literals(words: &[String]) -> Vec<&String> {
    words.iter().filter(|word| is_literal(word)).collect()
}

/// Whether two texts differ in literals only.
fn differ_in_literals(was: &[String], is: &[String]) -> bool {
    let mut pairs = was.iter().zip(is);
    let is_value = |(one, other): (&String, &String)| is_literal(one) && is_literal(other);
    was.len() == is.len() && pairs.all(|pair| pair.0 == pair.1 || is_value(pair))
}

fn is_literal(word: &str) -> bool {
    word.starts_with(|first: char| first == '"' || first.is_ascii_digit())
        || matches!(word, "true" | "false")
}
