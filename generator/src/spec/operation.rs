//! Operations as plain endpoints.

use std::{ops::Deref, sync::Arc};

use indexmap::IndexMap;

use super::{Requirement, SchemaId, Server};
use crate::pointer::Pointer;

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

/// The methods of a path item, in the order in which they are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Method {
    Get,
    Put,
    Post,
    Delete,
    Options,
    Head,
    Patch,
    Trace,
}

impl Method {
    /// As HTTP spells it.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Put => "PUT",
            Self::Post => "POST",
            Self::Delete => "DELETE",
            Self::Options => "OPTIONS",
            Self::Head => "HEAD",
            Self::Patch => "PATCH",
            Self::Trace => "TRACE",
        }
    }

    /// As the key of a path item.
    pub(crate) fn key(self) -> &'static str {
        match self {
            Self::Get => "get",
            Self::Put => "put",
            Self::Post => "post",
            Self::Delete => "delete",
            Self::Options => "options",
            Self::Head => "head",
            Self::Patch => "patch",
            Self::Trace => "trace",
        }
    }

    pub(crate) fn of_key(key: &str) -> Option<Self> {
        Some(match key {
            "get" => Self::Get,
            "put" => Self::Put,
            "post" => Self::Post,
            "delete" => Self::Delete,
            "options" => Self::Options,
            "head" => Self::Head,
            "patch" => Self::Patch,
            "trace" => Self::Trace,
            _ => return None,
        })
    }
}

/// Something an operation uses, which a component may declare.
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

/// What a parameter says under `in`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ParameterIn {
    Path,
    Query,
    Header,
    Cookie,
}

/// What a parameter or a part of a form says under `style`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    Simple,
    Label,
    Matrix,
    Form,
    SpaceDelimited,
    PipeDelimited,
    DeepObject,
}

impl Style {
    /// As OpenAPI spells it.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Simple => "simple",
            Self::Label => "label",
            Self::Matrix => "matrix",
            Self::Form => "form",
            Self::SpaceDelimited => "spaceDelimited",
            Self::PipeDelimited => "pipeDelimited",
            Self::DeepObject => "deepObject",
        }
    }

    /// Whether values are exploded unless `explode` says otherwise.
    pub(crate) fn explodes(self) -> bool {
        matches!(self, Self::Form | Self::DeepObject)
    }
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

/// What a media type carries.
#[derive(Debug)]
pub(crate) struct MediaType {
    pub(crate) schema: Option<SchemaId>,
    /// Whether the schema is that of one of many values that come one after another.
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

/// The status of a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    Code(u16),
    /// All statuses with that first digit.
    Range(u16),
    Default,
}

impl Status {
    pub(crate) fn is_success(self) -> bool {
        match self {
            Self::Code(code) => (200..300).contains(&code),
            Self::Range(digit) => digit == 2,
            Self::Default => false,
        }
    }
}

impl std::fmt::Display for Status {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Code(code) => write!(f, "{code}"),
            Self::Range(digit) => write!(f, "{digit}XX"),
            Self::Default => f.write_str("default"),
        }
    }
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
