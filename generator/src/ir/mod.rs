//! The neutral model of an API: wire names, types, operations.
//!
//! Nothing here knows `openapiv3`, Rust identifiers or templates. Types are final once
//! `build` has returned: all passes have run.

mod bodies;
mod boxes;
mod lower;
mod order;
mod paging;
pub(crate) mod reach;
mod schema;

pub(crate) use schema::ITEM;

use std::collections::BTreeSet;

use indexmap::IndexMap;

pub(crate) use lower::build;

use crate::{config::Pagination, pointer::Pointer};

/// An API.
#[derive(Debug, Default)]
pub struct Api {
    /// Its name.
    pub title: String,
    /// Its version.
    pub version: String,
    /// The groups of its operations, by name.
    pub groups: Vec<Group>,
    /// Its operations, by id.
    pub operations: Vec<Operation>,
    /// Every type that gets a name, by where it is declared.
    pub types: IndexMap<TypeId, TypeDef>,
}

impl Api {
    /// What a type stands for, seen through its other names and whether or not it can be null.
    pub fn plain<'a>(&'a self, ty: &'a Type) -> &'a Type {
        let mut ty = ty;
        // No chain is longer than this; circular ones have been reported.
        for _ in 0..=2 * self.types.len() {
            ty = match ty {
                Type::Nullable(inner) => inner,
                Type::Named(id) => match self.types.get(id).map(|definition| &definition.kind) {
                    Some(TypeKind::Alias(target)) => target,
                    _ => return ty,
                },
                _ => return ty,
            };
        }
        ty
    }

    /// The object a type stands for, if it is one with listed properties.
    pub fn structure<'a>(&'a self, ty: &'a Type) -> Option<(&'a TypeId, &'a Struct)> {
        let Type::Named(id) = self.plain(ty) else {
            return None;
        };
        match &self.types.get(id)?.kind {
            TypeKind::Struct(structure) => Some((id, structure)),
            TypeKind::Enum(_) | TypeKind::Alias(_) => None,
        }
    }

    /// The names of all properties that hold secrets.
    pub fn secrets(&self) -> BTreeSet<&str> {
        let mut names = BTreeSet::new();
        for definition in self.types.values() {
            if let TypeKind::Struct(structure) = &definition.kind {
                let secret = structure.fields.iter();
                let secret = secret.filter(|field| self.is_secret(&field.ty));
                names.extend(secret.map(|field| field.wire.as_str()));
            }
        }
        names
    }

    fn is_secret(&self, ty: &Type) -> bool {
        let mut ty = self.plain(ty);
        // What holds itself with no object between has been reported.
        for _ in 0..=self.types.len() {
            match ty {
                Type::Array(inner) | Type::Map(inner) => ty = self.plain(inner),
                _ => break,
            }
        }
        *ty == Type::Secret
    }
}

/// Operations that share a tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// The tag.
    pub tag: String,
    /// What the description says of it.
    pub description: Option<String>,
}

/// The place where a type is declared, which identifies it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TypeId(pub Pointer);

/// A type with a name of its own.
#[derive(Clone, Debug)]
pub struct TypeDef {
    /// What the description calls it: one word for a component, more for a type declared inside
    /// another or inside an operation.
    pub words: Vec<String>,
    /// What it is declared in.
    pub owner: Owner,
    /// What the description says of it.
    pub description: Option<String>,
    /// Whether the description advises against it.
    pub deprecated: bool,
    /// What it is.
    pub kind: TypeKind,
}

/// What a type is declared in, directly or at some depth.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Owner {
    /// A component: a schema, or a parameter whose schema is declared in place.
    Component(String),
    /// An operation, by its id.
    Operation(String),
}

/// The kinds of named types.
#[derive(Clone, Debug)]
pub enum TypeKind {
    /// An object with listed properties.
    Struct(Struct),
    /// A set of texts.
    Enum(Vec<String>),
    /// Another name for a type.
    Alias(Type),
}

/// An object with listed properties.
#[derive(Clone, Debug, Default)]
pub struct Struct {
    /// The properties, by name.
    pub fields: Vec<Field>,
    /// The required properties in the order of the description, the order of constructor arguments.
    pub required: Vec<String>,
    /// Whether it is the body, or an item of the body, of a PATCH request, where leaving a
    /// property out and sending null differ.
    pub is_patch: bool,
}

/// A property.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its name on the wire.
    pub wire: String,
    /// Its type.
    pub ty: Type,
    /// What the description says of it.
    pub description: Option<String>,
    /// Whether the schema requires it.
    pub required: bool,
    /// Whether null is one of its values.
    pub nullable: bool,
    /// Whether the service alone sets it.
    pub read_only: bool,
    /// Whether the service never returns it.
    pub write_only: bool,
    /// Whether the description advises against it.
    pub deprecated: bool,
    /// The value the service assumes, as JSON.
    pub default: Option<String>,
    /// Whether it must sit behind a pointer for its struct to have a finite size.
    pub boxed: bool,
}

/// A type in use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Type {
    /// Any text.
    String,
    /// A text that must not be logged.
    Secret,
    /// true or false.
    Bool,
    /// An integer of 32 bits.
    Int32,
    /// An integer of 64 bits.
    Int64,
    /// A number of single precision.
    Float,
    /// A number of double precision.
    Double,
    /// A point in time.
    DateTime,
    /// A day.
    Date,
    /// A month of a year.
    YearMonth,
    /// A UUID.
    Uuid,
    /// Any JSON value.
    Any,
    /// An object of which nothing is said.
    FreeForm,
    /// A value or null, as an item of a list or map or as a whole body.
    Nullable(Box<Type>),
    /// A list.
    Array(Box<Type>),
    /// An object used as a map.
    Map(Box<Type>),
    /// A type with a name.
    Named(TypeId),
}

/// An operation.
#[derive(Clone, Debug)]
pub struct Operation {
    /// Its id.
    pub id: String,
    /// Its tag.
    pub tag: String,
    /// The HTTP method, in capitals.
    pub method: &'static str,
    /// The path template.
    pub path: String,
    /// A line of description.
    pub summary: Option<String>,
    /// The description at length.
    pub description: Option<String>,
    /// Whether the description advises against it.
    pub deprecated: bool,
    /// Its parameters: those of the path in the order of the path, then the others as declared.
    pub parameters: Vec<Parameter>,
    /// The request body.
    pub body: Option<Body>,
    /// What a success carries.
    pub success: Success,
    /// What failures carry.
    pub failures: Vec<Failure>,
    /// What the caller must be allowed to do.
    pub permissions: Option<Permissions>,
    /// Whether sending it twice does what sending it once does.
    pub idempotent: bool,
    /// How it pages.
    pub pagination: Option<Paging>,
    /// Where it is declared.
    pub pointer: Pointer,
}

/// A parameter.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// Its name on the wire.
    pub name: String,
    /// Where it goes.
    pub place: ParameterPlace,
    /// Whether it must be given.
    pub required: bool,
    /// Its type.
    pub ty: Type,
    /// What the description says of it.
    pub description: Option<String>,
    /// Whether the description advises against it.
    pub deprecated: bool,
    /// The value the service assumes, as JSON.
    pub default: Option<String>,
    /// Where the operation or its path lists it.
    pub pointer: Pointer,
}

impl Parameter {
    /// Whether both stand for the same thing on the wire: name and place identify a parameter.
    pub fn is_same(&self, other: &Self) -> bool {
        let same_place =
            std::mem::discriminant(&self.place) == std::mem::discriminant(&other.place);
        same_place && self.name == other.name
    }
}

/// Where a parameter goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParameterPlace {
    /// Into the path.
    Path,
    /// Into the query; `exploded` repeats the name for each value of a list.
    Query {
        /// Whether each value of a list has a pair of its own.
        exploded: bool,
    },
    /// Into a header.
    Header,
}

impl ParameterPlace {
    /// What a description writes under `in`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Query { .. } => "query",
            Self::Header => "header",
        }
    }
}

/// A request body.
#[derive(Clone, Debug)]
pub struct Body {
    /// Its type.
    pub ty: Type,
    /// Whether it must be given.
    pub required: bool,
    /// What the description says of it.
    pub description: Option<String>,
}

/// What a success carries.
#[derive(Clone, Debug)]
pub struct Success {
    /// The status or range, as declared.
    pub status: String,
    /// The type of the body; `None` if there is none.
    pub ty: Option<Type>,
    /// What the description says of it.
    pub description: String,
}

/// What a failure carries.
#[derive(Clone, Debug)]
pub struct Failure {
    /// The status or range, as declared; `default` for all others.
    pub status: String,
    /// The type of the body, if it is JSON.
    pub ty: Option<Type>,
    /// What the description says of it.
    pub description: String,
}

/// How an operation hands out a long list, page by page.
#[derive(Clone, Debug)]
pub struct Paging {
    /// What leads from page to page; everything it names is there.
    pub declared: Pagination,
    /// The properties that lead from a response to its entries; none where it is the list itself.
    pub steps: Vec<Step>,
    /// The type of an entry.
    pub entry: Type,
}

/// A property on the way into a value.
#[derive(Clone, Debug)]
pub struct Step {
    /// The object that has it.
    pub structure: TypeId,
    /// Its place among the properties of the object.
    pub index: usize,
    /// The property.
    pub field: Field,
}

/// What a caller must be allowed to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Permissions {
    /// Whether all are needed, or any one.
    pub all: bool,
    /// The permissions.
    pub names: Vec<String>,
}
