//! Operations in the model, with their parameters, bodies and responses.

use std::borrow::Cow;

use super::{Paging, Permissions, Security, Type, TypeId};
use crate::openapi::Pointer;

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
    /// Fixed pairs of its query.
    pub fixed_query: Vec<(String, String)>,
    /// Its summary.
    pub summary: Option<String>,
    /// Its description.
    pub description: Option<String>,
    /// Whether it is deprecated.
    pub deprecated: bool,
    /// Its parameters: those of the path in the order of the path, then the others as declared, then
    /// the fields of a form.
    pub parameters: Vec<Parameter>,
    /// The request body.
    pub body: Option<Body>,
    /// The success responses, at least one.
    pub success_responses: Vec<Response>,
    /// The enum of all success responses, if their contents differ.
    pub success_type: Option<TypeId>,
    /// Other contents that the only success can have, by their media types.
    pub alternatives: Vec<Alternative>,
    /// The failure responses.
    pub failure_responses: Vec<Response>,
    /// The enum of all failure responses, if their contents differ.
    pub failure_type: Option<TypeId>,
    /// The permissions that a caller needs.
    pub permissions: Option<Permissions>,
    /// Its security requirements, if they are not those of the API.
    pub security: Option<Security>,
    /// The URL of its server, if it is not that of the API.
    pub server: Option<String>,
    /// Whether it is idempotent.
    pub idempotent: bool,
    /// What `x-ms-pageable` says of its pages.
    pub pageable: Option<Pageable>,
    /// Its pagination.
    pub pagination: Option<Paging>,
    /// Where it is declared.
    pub pointer: Pointer,
}

impl Operation {
    /// The first success response.
    pub fn success(&self) -> &Response {
        &self.success_responses[0]
    }

    /// The type of the JSON body of every success response, if they share one.
    pub fn json(&self) -> Option<&Type> {
        match (&self.success_type, &self.success().content) {
            (None, Content::Json(ty)) => Some(ty),
            _ => None,
        }
    }
}

/// A content that a caller can ask for instead of the usual one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alternative {
    /// Its media type, as declared.
    pub media_type: String,
    /// The content.
    pub content: Content,
    /// The boolean property of the JSON body that asks for it.
    pub switch: Option<String>,
}

/// Paging as Azure's extension `x-ms-pageable` declares it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pageable {
    /// The response property with the entries.
    pub items: String,
    /// The response property with the URL of the next page; `None` if there is only one page.
    pub next: Option<String>,
}

/// A parameter.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// Its name on the wire.
    pub name: String,
    /// Its location.
    pub place: ParameterPlace,
    /// Its style.
    pub style: ParameterStyle,
    /// Whether each item of a list, or each property of an object, is a pair of its own.
    pub explode: bool,
    /// Whether reserved characters of URLs are sent unencoded.
    pub allow_reserved: bool,
    /// The media type of a part, if it is declared.
    pub media_type: Option<String>,
    /// Whether it is required.
    pub required: bool,
    /// Its type.
    pub ty: Type,
    /// Its description.
    pub description: Option<String>,
    /// Whether it is deprecated.
    pub deprecated: bool,
    /// Its default, as JSON.
    pub default: Option<String>,
    /// Where the operation or its path lists it.
    pub pointer: Pointer,
    /// Where it is declared: there, or at the target of a reference.
    pub declared: Pointer,
}

impl Parameter {
    /// Its location and name, which identify a parameter on the wire.
    pub fn key(&self) -> (ParameterPlace, Cow<'_, str>) {
        let name = match self.place {
            // The names of headers are case-insensitive.
            ParameterPlace::Header => self.name.to_ascii_lowercase().into(),
            _ => self.name.as_str().into(),
        };
        (self.place, name)
    }
}

/// The location of a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ParameterPlace {
    /// The path.
    Path,
    /// The query.
    Query,
    /// A header.
    Header,
    /// A cookie.
    Cookie,
    /// A form body.
    Form,
    /// A multipart body.
    Part,
}

impl ParameterPlace {
    /// The value of `in` in a description.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Query => "query",
            Self::Header => "header",
            Self::Cookie => "cookie",
            Self::Form => "form",
            Self::Part => "part",
        }
    }
}

/// The serialization style of a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParameterStyle {
    /// Pairs: `name=1,2` or `name=1&name=2`.
    Form,
    /// Values alone: `1,2`.
    Simple,
    /// `.1.2`.
    Label,
    /// `;name=1,2`.
    Matrix,
    /// `name=1%202`.
    Space,
    /// `name=1|2`.
    Pipe,
    /// `name[property]=1`.
    DeepObject,
    /// JSON text.
    Json,
}

/// A request body.
#[derive(Clone, Debug)]
pub struct Body {
    /// How it is written.
    pub kind: BodyKind,
    /// Its media type.
    pub media_type: String,
    /// Its type; unused if its fields are parameters.
    pub ty: Type,
    /// Whether it is required.
    pub required: bool,
    /// Its description.
    pub description: Option<String>,
}

impl Body {
    /// Whether a request takes it as one value instead of field by field.
    pub fn is_one_value(&self) -> bool {
        !matches!(self.kind, BodyKind::Form | BodyKind::Multipart)
    }
}

/// How a request body is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodyKind {
    /// As JSON.
    Json,
    /// As a form whose fields are parameters.
    Form,
    /// As a form made of a value.
    FormValue,
    /// In parts, which are parameters.
    Multipart,
    /// As text.
    Text,
    /// As bytes.
    Binary,
}

/// A response: what its status means, and its content.
#[derive(Clone, Debug)]
pub struct Response {
    /// The status or range, as declared; `default` for all others.
    pub status: String,
    /// Its content.
    pub content: Content,
    /// Its description.
    pub description: String,
    /// Its headers and their descriptions.
    pub headers: Vec<(String, Option<String>)>,
}

/// The content of a response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// Nothing.
    Empty,
    /// JSON.
    Json(Type),
    /// Text.
    Text,
    /// Bytes.
    Binary,
    /// Server-sent events with data of this type.
    Events(Type),
    /// A stream of JSON values.
    JsonLines(Type),
}

impl Content {
    /// The type of the body or of its items, if it has one.
    pub fn ty(&self) -> Option<&Type> {
        match self {
            Self::Json(ty) | Self::Events(ty) | Self::JsonLines(ty) => Some(ty),
            Self::Empty | Self::Text | Self::Binary => None,
        }
    }
}
