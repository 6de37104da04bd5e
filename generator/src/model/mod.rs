//! The neutral model of an API: its operations and types under their wire names.

mod operation;
pub(crate) mod reach;
mod service;

use std::collections::BTreeSet;

use indexmap::IndexMap;

pub use operation::{
    Alternative, Body, BodyKind, Content, Operation, Pageable, Parameter, ParameterPlace,
    ParameterStyle, Response,
};
pub use service::{Scheme, SchemeKind, Server, ServerVariable};

use crate::{config::Pagination, openapi::Pointer};

/// The word that stands for the items of a list in the names of their types.
pub(crate) const ITEM: &str = "[]";

/// An API.
#[derive(Debug, Default)]
pub struct Api {
    /// Its name.
    pub title: String,
    /// Its version.
    pub version: String,
    /// Its description.
    pub description: Option<String>,
    /// The URL of its documentation.
    pub documentation: Option<String>,
    /// The groups of its operations, by name.
    pub groups: Vec<Group>,
    /// Its operations, by id.
    pub operations: Vec<Operation>,
    /// Every type that gets a name, by where it is declared.
    pub types: IndexMap<TypeId, TypeDef>,
    /// Its servers; the first is the default.
    pub servers: Vec<Server>,
    /// The security schemes, by name.
    pub schemes: IndexMap<String, Scheme>,
    /// The security requirements of operations that state none themselves.
    pub security: Security,
    /// The types that occur in requests, directly or within other types.
    pub request_types: BTreeSet<TypeId>,
}

/// Alternatives of schemes that are required together. An empty alternative permits anonymous calls;
/// without alternatives nothing is stated.
pub type Security = Vec<Vec<String>>;

impl Api {
    /// The type behind aliases and `Nullable`.
    pub fn plain<'a>(&'a self, ty: &'a Type) -> &'a Type {
        plain(&self.types, ty)
    }

    /// The union behind a type, if it is one.
    pub fn union<'a>(&'a self, ty: &'a Type) -> Option<(&'a TypeId, &'a Union)> {
        let Type::Named(id) = self.plain(ty) else {
            return None;
        };
        match &self.types.get(id)?.kind {
            TypeKind::Union(union) => Some((id, union)),
            _ => None,
        }
    }

    /// The struct behind a type, if it is one.
    pub fn structure<'a>(&'a self, ty: &'a Type) -> Option<(&'a TypeId, &'a Struct)> {
        let Type::Named(id) = self.plain(ty) else {
            return None;
        };
        match &self.types.get(id)?.kind {
            TypeKind::Struct(structure) => Some((id, structure)),
            _ => None,
        }
    }

    /// The type at the end of a path of properties, and the properties on the path. Names may contain
    /// the dots that separate them.
    pub fn walk<'a>(&'a self, ty: &'a Type, path: &str) -> Option<(Vec<Step>, &'a Type)> {
        let mut ty = ty;
        let mut steps = Vec::new();
        let mut rest = Some(path);
        while let Some(path) = rest {
            let (id, structure) = self.structure(ty)?;
            let index = structure.fields.iter().position(|field| {
                let after = path.strip_prefix(field.wire.as_str());
                after.is_some_and(|after| after.is_empty() || after.starts_with('.'))
            })?;
            let field = &structure.fields[index];
            ty = &field.ty;
            rest = path[field.wire.len()..].strip_prefix('.');
            steps.push(Step {
                structure: id.clone(),
                index,
                field: field.clone(),
            });
        }
        Some((steps, ty))
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
        // Types that contain themselves without an object in between were reported.
        for _ in 0..=self.types.len() {
            match ty {
                Type::Array(inner) | Type::Map(inner) => ty = self.plain(inner),
                _ => break,
            }
        }
        *ty == Type::Secret
    }
}

/// The type behind aliases and `Nullable`, among these types.
pub(crate) fn plain<'a>(types: &'a IndexMap<TypeId, TypeDef>, ty: &'a Type) -> &'a Type {
    let mut ty = ty;
    // No chain is longer than this, and cycles were reported.
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
    /// Its description.
    pub description: Option<String>,
}

/// The location of a type's declaration, which identifies it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TypeId(pub Pointer);

/// A type with a name of its own.
#[derive(Clone, Debug)]
pub struct TypeDef {
    /// The words of its name in the description: one for a component, more for a type declared inside
    /// another or inside an operation.
    pub words: Vec<String>,
    /// The component or operation that declares it.
    pub owner: Owner,
    /// Its description.
    pub description: Option<String>,
    /// Whether it is deprecated.
    pub deprecated: bool,
    /// Its kind.
    pub kind: TypeKind,
}

/// The component or operation that declares a type, at any depth.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Owner {
    /// A component: a schema, or a parameter with an inline schema.
    Component(String),
    /// An operation, by its id.
    Operation(String),
}

/// The kinds of named types.
#[derive(Clone, Debug)]
pub enum TypeKind {
    /// An object with listed properties.
    Struct(Struct),
    /// A set of strings.
    Enum(Vec<String>),
    /// A set of scalars that are not all strings.
    ScalarEnum(Vec<ScalarValue>),
    /// One of several types.
    Union(Union),
    /// The content of several responses, by status.
    Responses(ResponseEnum),
    /// An alias of a type.
    Alias(Type),
    /// A newtype around another type, where an alias would be a cycle.
    Newtype(Type),
}

/// A value of an enum.
#[derive(Clone, Debug, PartialEq)]
pub struct ScalarValue {
    /// The value.
    pub value: Scalar,
    /// Its name in the description, if it has one.
    pub name: Option<String>,
}

/// A JSON scalar.
#[derive(Clone, Debug, PartialEq)]
pub enum Scalar {
    /// A string.
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
    /// The property that selects the type, on the wire.
    pub tag: Option<String>,
    /// The types, in the order of the description.
    pub variants: Vec<Variant>,
}

/// A type of a union.
#[derive(Clone, Debug)]
pub struct Variant {
    /// Its name in the description.
    pub name: String,
    /// The type.
    pub ty: Type,
    /// The values of the union's tag that select it; the first is the one to write.
    pub tags: Vec<String>,
}

/// The success responses or the failure responses of an operation whose content depends on the
/// status.
#[derive(Clone, Debug)]
pub struct ResponseEnum {
    /// Whether they are failure responses.
    pub are_failures: bool,
    /// The responses.
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
    /// The type of properties that are not listed, if it is declared.
    pub additional: Option<Type>,
    /// Whether no other properties than the listed ones are permitted.
    pub is_closed: bool,
}

/// A property.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its name on the wire.
    pub wire: String,
    /// Its type.
    pub ty: Type,
    /// Its description.
    pub description: Option<String>,
    /// Whether the schema requires it.
    pub required: bool,
    /// Whether null is one of its values.
    pub nullable: bool,
    /// Whether it is read-only.
    pub read_only: bool,
    /// Whether it is write-only.
    pub write_only: bool,
    /// Whether it is deprecated.
    pub deprecated: bool,
    /// Its default, as JSON.
    pub default: Option<String>,
    /// Its only value, if no other is possible.
    pub constant: Option<Scalar>,
    /// Whether it is boxed, so that its struct has a finite and small size.
    pub boxed: bool,
    /// Whether it closes a cycle of structs, so that no finite value could exist if it were required.
    pub is_recursive: bool,
}

/// A type in use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Type {
    /// A string.
    String,
    /// A string that must not be logged.
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
    /// A point in time that keeps its text.
    DateTime,
    /// A point in time alone.
    Instant,
    /// A point in time, as the seconds since 1970.
    UnixTime,
    /// Bytes as a base64 string.
    Base64,
    /// Bytes as a base64url string.
    Base64Url,
    /// A file: raw bytes in a body or a part of one.
    File,
    /// A day.
    Date,
    /// A month of a year.
    YearMonth,
    /// A UUID.
    Uuid,
    /// Any JSON value.
    Any,
    /// An object without declared properties.
    FreeForm,
    /// A value or null, as an item of a list or map or as a whole body.
    Nullable(Box<Type>),
    /// A list.
    Array(Box<Type>),
    /// An object used as a map.
    Map(Box<Type>),
    /// A list of fixed length, each item with its own type.
    Tuple(Vec<Type>),
    /// A type with a name.
    Named(TypeId),
}

/// The pagination of an operation.
#[derive(Clone, Debug)]
pub struct Paging {
    /// The declared style; everything that it names exists.
    pub declared: Pagination,
    /// The path of properties from a response to its entries; empty if the response is the list.
    pub steps: Vec<Step>,
    /// The type of an entry.
    pub entry: Type,
}

/// A property on a path into a value.
#[derive(Clone, Debug)]
pub struct Step {
    /// The object that has it.
    pub structure: TypeId,
    /// Its index among the properties of the object.
    pub index: usize,
    /// The property.
    pub field: Field,
}

/// The permissions that a caller needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Permissions {
    /// Whether all are needed, or any one of them.
    pub all: bool,
    /// The permissions.
    pub names: Vec<String>,
}
