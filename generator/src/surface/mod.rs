//! The public surface of a rendered SDK: the items that callers can name, and what changes of it mean for
//! them.
//!
//! A surface is read from rendered text alone. Items of private modules may be re-exported, so that they are
//! listed under the paths that callers write. A table lists what macros of the runtime declare. Bodies show
//! what an item sends and reads, so that changes are found that compile as before.
//!
//! Limits: auto traits such as `Send` and blanket impls of other crates are unknown, and bodies are not
//! followed into private functions, only into constants and statics.

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
    /// The manifest; empty for code that is rendered into another crate.
    pub package: Package,
}

/// Identifies items, because a field and a method may share a path.
type Key = (String, Namespace);

/// The namespace in which names are unique.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Namespace {
    Types,
    Values,
    Fields,
    Impls,
}

/// An item that callers can see.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Item {
    /// The path that callers write: `models::User`, `models::User::with_name`; of an impl,
    /// `models::User: Clone`.
    pub path: String,
    /// Its kind.
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
    /// The node of the description that it was rendered from, once the surface was [linked](Surface::link).
    pub pointer: Option<Pointer>,
    /// Whether the pointer is its own, and not that of its container.
    is_linked: bool,
    /// The path of its container.
    parent: Option<String>,
    shape: Shape,
    aspects: Aspects,
    /// Its name on the wire, if the code shows it.
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
    /// An associated type of a trait.
    AssociatedType,
    /// A constant.
    Const,
    /// A static.
    Static,
    /// A type alias.
    Alias,
    /// Another path to an item, or to an item of another crate.
    ReExport,
    /// A trait that a type implements, by hand, by a macro or derived.
    TraitImpl,
}

impl Kind {
    /// The name, as printed.
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

/// A file that is not valid Rust, or a manifest that is not valid TOML.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Unreadable {
    /// The file.
    pub file: String,
    /// The line of the error, counted from 1; 0 if it is unknown.
    pub line: usize,
    /// The message of the parser.
    pub message: String,
}

impl std::fmt::Display for Unreadable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.message)
    }
}

impl std::error::Error for Unreadable {}

impl Surface {
    /// Reads the surface of rendered files: of a whole crate, or of code that is rendered into another.
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
            // Two impls under different `cfg`s share a path; the first is kept.
            items.entry(key).or_insert(item);
        }
        Ok(Self { items, package })
    }

    /// All items, by path.
    pub fn items(&self) -> impl Iterator<Item = &Item> {
        self.items.values()
    }

    /// The item at a path; if there are several, a type rather than a value, and that rather than a field.
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

    /// Sets the node of the description that each item was rendered from; see `links`. An item without a link
    /// of its own has that of its container.
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
