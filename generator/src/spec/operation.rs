//! Operations and their parts.

use std::{ops::Deref, sync::Arc};

use indexmap::IndexMap;

use super::{Requirement, SchemaId, Server};
use crate::openapi::{Method, ParameterIn, Pointer, Status, Style};

/// An operation.
#[derive(Debug)]
pub(crate) struct Operation {
    pub(crate) method: Method,
    /// The path as it is declared.
    pub(crate) path: String,
    /// Where it is declared.
    pub(crate) at: Pointer,
    pub(crate) operation_id: Option<String>,
    pub(crate) tags: Vec<String>,
    pub(crate) summary: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) deprecated: bool,
    /// The parameters of its path item.
    pub(crate) path_parameters: Vec<Use<Parameter>>,
    pub(crate) parameters: Vec<Use<Parameter>>,
    pub(crate) body: Option<Use<Body>>,
    /// By status, as declared.
    pub(crate) responses: Vec<(Status, Use<Response>)>,
    pub(crate) security: Option<Vec<Requirement>>,
    pub(crate) path_servers: Vec<Server>,
    pub(crate) servers: Vec<Server>,
    pub(crate) extensions: IndexMap<String, serde_json::Value>,
}

/// A use of a parameter, body, response or header, which a component may declare.
#[derive(Debug)]
pub(crate) struct Use<T> {
    /// Where the operation or its path lists it.
    pub(crate) listed: Pointer,
    /// Where it is declared: there, or where the component is.
    pub(crate) declared: Pointer,
    /// The component that declares it.
    pub(crate) component: Option<String>,
    pub(crate) item: Arc<T>,
}

impl<T> Clone for Use<T> {
    fn clone(&self) -> Self {
        Self {
            listed: self.listed.clone(),
            declared: self.declared.clone(),
            component: self.component.clone(),
            item: Arc::clone(&self.item),
        }
    }
}

impl<T> Deref for Use<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.item
    }
}

/// A parameter.
#[derive(Debug)]
pub(crate) struct Parameter {
    pub(crate) name: String,
    pub(crate) place: ParameterIn,
    pub(crate) style: Style,
    pub(crate) explode: Option<bool>,
    pub(crate) allow_reserved: bool,
    pub(crate) required: bool,
    pub(crate) description: Option<String>,
    pub(crate) deprecated: bool,
    pub(crate) value: Value,
}

/// The values of a parameter or a header.
#[derive(Debug)]
pub(crate) enum Value {
    Schema(SchemaId),
    /// By media type.
    Content(IndexMap<String, MediaType>),
}

/// A request body.
#[derive(Debug)]
pub(crate) struct Body {
    pub(crate) description: Option<String>,
    pub(crate) required: bool,
    pub(crate) content: IndexMap<String, MediaType>,
}

/// The content of a media type.
#[derive(Debug)]
pub(crate) struct MediaType {
    pub(crate) schema: Option<SchemaId>,
    /// Whether the schema describes one value of a sequence.
    pub(crate) is_sequence: bool,
    /// How fields of a form are written, by name.
    pub(crate) encoding: IndexMap<String, Encoding>,
}

/// How a field of a form is written.
#[derive(Clone, Debug)]
pub(crate) struct Encoding {
    pub(crate) content_type: Option<String>,
    pub(crate) style: Option<Style>,
    pub(crate) explode: bool,
    pub(crate) allow_reserved: bool,
}

/// A response.
#[derive(Debug)]
pub(crate) struct Response {
    pub(crate) description: String,
    pub(crate) headers: IndexMap<String, Use<Header>>,
    pub(crate) content: IndexMap<String, MediaType>,
    pub(crate) extensions: IndexMap<String, serde_json::Value>,
}

/// A header of a response.
#[derive(Debug)]
pub(crate) struct Header {
    pub(crate) description: Option<String>,
    pub(crate) required: bool,
    pub(crate) deprecated: bool,
    pub(crate) value: Value,
}
