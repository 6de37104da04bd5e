//! The public surface of a rendered SDK: what callers can name, and what a change of it means for
//! them.
//!
//! A surface is read from rendered text alone. Modules may be private and handed on: items stand
//! under the paths that callers write. What macros of the runtime declare is known from a table, and
//! what an item sends and reads from its body, so that a change that compiles as before is found too.
//!
//! What cannot be seen in text is not seen: whether a type is `Send` or `Sync` follows from private
//! fields, blanket impls of other crates are not known, and of private functions nothing is followed
//! but constants and statics.

mod behaviour;
mod compare;
mod exports;
mod gate;
mod items;
mod links;
mod macros;
mod manifest;
mod modules;
mod read;
mod text;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

pub use compare::{Change, ChangeCode, ItemView, Verdict, compare};
pub use gate::Gate;
pub use links::links;
pub use manifest::Package;

use crate::{openapi::Pointer, output::RelativePath, parallel::in_parallel, rust::render::Files};
use behaviour::Aspects;
use items::Shape;
use read::Entry;

/// The public surface of a crate.
#[derive(Clone, Debug, Default)]
pub struct Surface {
    items: BTreeMap<Key, Item>,
    /// What the manifest says; nothing for code that goes into another crate.
    pub package: Package,
}

/// What items are kept under: a field and a method may share a path.
type Key = (String, Namespace);

/// What names of one kind must differ from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Namespace {
    Types,
    Values,
    Fields,
    Impls,
}

/// Something callers can see.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Item {
    /// Where callers find it: `models::User`, `models::User::with_name`; of an impl,
    /// `models::User: Clone`.
    pub path: String,
    /// What it is.
    pub kind: Kind,
    /// How it is declared, in one line and with the paths that callers write.
    pub signature: String,
    /// The features it needs.
    pub gate: Gate,
    /// The file it is declared in.
    pub file: String,
    /// The line, counted from 1.
    pub line: usize,
    /// A hash of its documentation; empty if it has none.
    pub docs: String,
    /// Whether it carries `#[deprecated]`.
    pub deprecated: bool,
    /// Whether it carries `#[must_use]`.
    pub must_use: bool,
    /// Whether it carries `#[non_exhaustive]`.
    pub non_exhaustive: bool,
    /// What of the description it was rendered from, once that was [linked](Surface::link).
    pub pointer: Option<Pointer>,
    /// Whether the pointer is its own, and not that of what it is a part of.
    is_linked: bool,
    /// What it is a part of.
    parent: Option<String>,
    shape: Shape,
    aspects: Aspects,
    /// What the description calls it, as far as the code says.
    wire: Option<String>,
}

/// The kinds of items.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Kind {
    /// A module.
    Module,
    /// A struct.
    Struct,
    /// An enum.
    Enum,
    /// A trait.
    Trait,
    /// A field of a struct or of a variant.
    Field,
    /// A variant.
    Variant,
    /// A function of a type or a trait.
    Method,
    /// A function.
    Function,
    /// A constant of a type or a trait.
    AssociatedConst,
    /// A type that a trait asks for.
    AssociatedType,
    /// A constant.
    Const,
    /// A static.
    Static,
    /// Another name for a type.
    Alias,
    /// Another path to an item, or a path to one of another crate.
    ReExport,
    /// A trait that a type implements, by hand, by a macro or derived.
    TraitImpl,
}

impl Kind {
    /// What it is called.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Module => "module",
            Self::Struct => "struct",
            Self::Enum => "enum",
            Self::Trait => "trait",
            Self::Field => "field",
            Self::Variant => "variant",
            Self::Method => "method",
            Self::Function => "function",
            Self::AssociatedConst => "associated constant",
            Self::AssociatedType => "associated type",
            Self::Const => "constant",
            Self::Static => "static",
            Self::Alias => "type alias",
            Self::ReExport => "re-export",
            Self::TraitImpl => "trait impl",
        }
    }

    fn namespace(self) -> Namespace {
        match self {
            Self::Module
            | Self::Struct
            | Self::Enum
            | Self::Trait
            | Self::Alias
            | Self::ReExport
            | Self::AssociatedType => Namespace::Types,
            Self::Variant
            | Self::Method
            | Self::Function
            | Self::AssociatedConst
            | Self::Const
            | Self::Static => Namespace::Values,
            Self::Field => Namespace::Fields,
            Self::TraitImpl => Namespace::Impls,
        }
    }
}

/// A file that is no Rust, or a manifest that is no TOML.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Unreadable {
    /// The file.
    pub file: String,
    /// The line at which the parser stopped, counted from 1; 0 if it does not say.
    pub line: usize,
    /// What the parser says.
    pub message: String,
}

impl std::fmt::Display for Unreadable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.message)
    }
}

impl std::error::Error for Unreadable {}

impl Surface {
    /// The surface of rendered files: of a whole crate, or of code that goes into another.
    ///
    /// # Errors
    /// A file that cannot be parsed.
    pub fn of(files: &Files) -> Result<Self, Unreadable> {
        let is_code = |path: &str| path.starts_with("src/") && path.ends_with(".rs");
        let texts = files.iter().map(|(path, text)| (path.to_string(), text));
        let texts: Vec<(String, &String)> = texts.filter(|(path, _)| is_code(path)).collect();
        let mut entries = BTreeMap::new();
        for of_share in in_parallel(&texts, read_all) {
            entries.extend(of_share?);
        }
        let manifest = RelativePath::new("Cargo.toml").ok();
        let manifest = manifest.and_then(|path| files.get(&path));
        let package = match manifest {
            Some(text) => Package::read(text)?,
            None => Package::default(),
        };
        let tree = modules::Tree::new(entries);
        let mut items = BTreeMap::new();
        for item in items::of(&tree) {
            let key = (item.path.clone(), item.kind.namespace());
            // Two impls can differ in what `cfg` leaves of them: the first one stands for both.
            items.entry(key).or_insert(item);
        }
        Ok(Self { items, package })
    }

    /// Everything callers can see, by path.
    pub fn items(&self) -> impl Iterator<Item = &Item> {
        self.items.values()
    }

    /// What has a path; if several things do, a type before a value and that before a field.
    pub fn get(&self, path: &str) -> Option<&Item> {
        let all = [
            Namespace::Types,
            Namespace::Values,
            Namespace::Fields,
            Namespace::Impls,
        ];
        let mut all = all.into_iter();
        all.find_map(|namespace| self.items.get(&(path.to_owned(), namespace)))
    }

    /// Says of each item what of the description it was rendered from; see [`links`]. What has no
    /// link of its own has that of what it is a part of.
    pub fn link(&mut self, links: &BTreeMap<String, Pointer>) {
        for item in self.items.values_mut() {
            let owner = item
                .parent
                .as_ref()
                .filter(|_| item.kind == Kind::TraitImpl);
            let mut path = Some(owner.unwrap_or(&item.path).as_str());
            let mut pointer = None;
            // No path has more steps than this.
            while let Some(own) = path.filter(|_| pointer.is_none()) {
                pointer = links.get(own);
                path = own.rsplit_once("::").map(|(parent, _)| parent);
            }
            item.is_linked = links.contains_key(&item.path);
            item.pointer = pointer.cloned();
        }
    }
}

fn read_all(texts: &[(String, &String)]) -> Result<Vec<(String, Vec<Entry>)>, Unreadable> {
    let read = |(path, text): &(String, &String)| match read::read(text) {
        Ok(entries) => Ok((path.clone(), entries)),
        Err((line, message)) => Err(Unreadable {
            file: path.clone(),
            line,
            message,
        }),
    };
    texts.iter().map(read).collect()
}
