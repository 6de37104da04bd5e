//! The neutral model of an API: its operations and types under their wire names. Data, and questions
//! that the data answers.

mod operation;
pub(crate) mod reach;
mod service;

use std::collections::BTreeSet;

use indexmap::IndexMap;

pub use operation::{
    Body, BodyKind, Content, Operation, Parameter, ParameterPlace, ParameterStyle, Response,
};
pub use service::{Scheme, SchemeKind, Server, ServerVariable};

use crate::{config::Pagination, openapi::Pointer};

/// The word for what a list holds, where it stands in the place of a name.
pub(crate) const ITEM: &str = "[]";

/// An API.
#[derive(Debug, Default)]
pub struct Api {
    /// Its name.
    pub title: String,
    /// Its version.
    pub version: String,
    /// What the description says of it.
    pub description: Option<String>,
    /// Where its documentation is, if the description says.
    pub documentation: Option<String>,
    /// The groups of its operations, by name.
    pub groups: Vec<Group>,
    /// Its operations, by id.
    pub operations: Vec<Operation>,
    /// Every type that gets a name, by where it is declared.
    pub types: IndexMap<TypeId, TypeDef>,
    /// Where it is reached, the first being the one to use.
    pub servers: Vec<Server>,
    /// The ways to show who one is, by name.
    pub schemes: IndexMap<String, Scheme>,
    /// What operations need that do not say otherwise.
    pub security: Security,
    /// The types that callers make values of: those of requests, and what they are made of.
    pub request_types: BTreeSet<TypeId>,
}

/// Alternatives, each of schemes that go together; an alternative without any needs no login, and
/// no alternative at all says nothing.
pub type Security = Vec<Vec<String>>;

impl Api {
    /// What a type stands for, seen through its other names and whether or not it can be null.
    pub fn plain<'a>(&'a self, ty: &'a Type) -> &'a Type {
        plain(&self.types, ty)
    }

    /// The union a type stands for, if it is one.
    pub fn union<'a>(&'a self, ty: &'a Type) -> Option<(&'a TypeId, &'a Union)> {
        let Type::Named(id) = self.plain(ty) else {
            return None;
        };
        match &self.types.get(id)?.kind {
            TypeKind::Union(union) => Some((id, union)),
            _ => None,
        }
    }

    /// The object a type stands for, if it is one with listed properties.
    pub fn structure<'a>(&'a self, ty: &'a Type) -> Option<(&'a TypeId, &'a Struct)> {
        let Type::Named(id) = self.plain(ty) else {
            return None;
        };
        match &self.types.get(id)?.kind {
            TypeKind::Struct(structure) => Some((id, structure)),
            _ => None,
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

/// What a type stands for among these, seen through its other names and whether or not it can be
/// null.
pub(crate) fn plain<'a>(types: &'a IndexMap<TypeId, TypeDef>, ty: &'a Type) -> &'a Type {
    let mut ty = ty;
    // No chain is longer than this; circular ones have been reported.
    for _ in 0..=2 * types.len() {
        ty = match ty {
            Type::Nullable(inner) => inner,
            Type::Named(id) => match types.get(id).map(|definition| &definition.kind) {
                Some(TypeKind::Alias(target)) => target,
                _ => return ty,
            },
            _ => return ty,
        };
    }
    ty
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
    /// A set of values not all of which are texts.
    ScalarEnum(Vec<ScalarValue>),
    /// One of several types.
    Union(Union),
    /// What a response carries, by its status.
    Responses(ResponseEnum),
    /// Another name for a type.
    Alias(Type),
    /// A type of its own around another, where a mere name would be a circle.
    Newtype(Type),
}

/// A value of an enum.
#[derive(Clone, Debug, PartialEq)]
pub struct ScalarValue {
    /// The value.
    pub value: Scalar,
    /// What the description calls it, where it does.
    pub name: Option<String>,
}

/// A JSON value without parts.
#[derive(Clone, Debug, PartialEq)]
pub enum Scalar {
    /// A text.
    Text(String),
    /// A whole number.
    Integer(i128),
    /// Any other number.
    Number(f64),
    /// true or false.
    Bool(bool),
}

/// One of several types.
#[derive(Clone, Debug)]
pub struct Union {
    /// The property that tells which, on the wire.
    pub tag: Option<String>,
    /// The types, in the order of the description.
    pub variants: Vec<Variant>,
}

/// A type of a union.
#[derive(Clone, Debug)]
pub struct Variant {
    /// What it is called, as the description has it.
    pub name: String,
    /// The type.
    pub ty: Type,
    /// The values of the union's tag that stand for it, the first being the one to write.
    pub tags: Vec<String>,
}

/// What the responses of an operation carry, where that depends on the status.
#[derive(Clone, Debug)]
pub struct ResponseEnum {
    /// Whether they are failures.
    pub are_failures: bool,
    /// The statuses.
    pub responses: Vec<Response>,
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
    /// The type of properties that are not listed, where the description says one.
    pub additional: Option<Type>,
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
    /// Whether it sits behind a pointer, so that its struct has a finite size, and a small one.
    pub boxed: bool,
    /// Whether it is one that closes a circle of structs: no finite value could hold it if it had to
    /// be there.
    pub is_recursive: bool,
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
    /// An integer of 64 bits without a sign.
    Uint64,
    /// A number of single precision.
    Float,
    /// A number of double precision.
    Double,
    /// A point in time.
    DateTime,
    /// A point in time, as the seconds since 1970.
    UnixTime,
    /// Bytes, as a text in base64.
    Base64,
    /// Bytes, as a text in base64 with the alphabet for URLs.
    Base64Url,
    /// A file: bytes as they are, in a body or a part of one.
    File,
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
    /// A list of so many values, each of its own type.
    Tuple(Vec<Type>),
    /// A type with a name.
    Named(TypeId),
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
