//! The resolved description: the contents of a normalized document, without references.
//!
//! [`build`] makes it once from `openapiv3::OpenAPI`. Schemas live in an arena and point to each
//! other by [`SchemaId`]; parameters, bodies, responses and headers are shared by `Arc`, each use
//! with the place where it is listed and the component that declares it. What several schemas mean
//! together is a [`Meaning`], which [`Spec::meaning`] alone computes.

mod build;
mod json;
mod meaning;
mod memo;
mod operation;
mod schema;
mod security;
mod structure;

pub(crate) use build::build;
pub(crate) use meaning::{Meaning, OwnParts, VALUE_NAMES};
pub(crate) use operation::{
    Body, Encoding, Header, MediaType, Operation, Parameter, Response, Use, Value,
};
pub(crate) use schema::{Additional, Discriminator, Keywords, Schema, SchemaId, Step};
pub(crate) use security::{Flow, Flows, Requirement, SecurityScheme, SecuritySchemeKind};

use std::collections::BTreeMap;

use indexmap::IndexMap;

/// A description whose references are resolved.
#[derive(Debug, Default)]
pub(crate) struct Spec {
    pub(crate) title: String,
    pub(crate) version: String,
    pub(crate) description: Option<String>,
    /// The URL of its documentation.
    pub(crate) documentation: Option<String>,
    pub(crate) tags: Vec<Tag>,
    pub(crate) servers: Vec<Server>,
    /// The requirements of operations that state none themselves.
    pub(crate) security: Option<Vec<Requirement>>,
    pub(crate) security_schemes: IndexMap<String, SecurityScheme>,
    /// All paths as they are declared, also those without operations.
    pub(crate) paths: Vec<String>,
    /// In the order of paths, and of [`Method`] within a path.
    pub(crate) operations: Vec<Operation>,
    /// The schemas that are components, by name.
    pub(crate) components: IndexMap<String, SchemaId>,
    schemas: Vec<Schema>,
    anything: SchemaId,
    meanings: memo::Memo,
    /// The components that extend each base, by name. A base has a discriminator and no alternatives
    /// of its own.
    derived: BTreeMap<SchemaId, Vec<SchemaId>>,
}

/// A group of operations.
#[derive(Clone, Debug)]
pub(crate) struct Tag {
    pub(crate) name: String,
    pub(crate) description: Option<String>,
}

/// A server of an API.
#[derive(Clone, Debug)]
pub(crate) struct Server {
    /// The URL, with variables in braces.
    pub(crate) url: String,
    pub(crate) description: Option<String>,
    pub(crate) variables: Vec<ServerVariable>,
}

/// A variable of a server's URL.
#[derive(Clone, Debug)]
pub(crate) struct ServerVariable {
    pub(crate) name: String,
    pub(crate) default: String,
    /// The permitted values; empty if any value is permitted.
    pub(crate) values: Vec<String>,
    pub(crate) description: Option<String>,
}
