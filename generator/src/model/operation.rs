//! Operations in the model: what they take and what they give.

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
    /// Pairs that stand in every query of it.
    pub fixed_query: Vec<(String, String)>,
    /// A line of description.
    pub summary: Option<String>,
    /// The description at length.
    pub description: Option<String>,
    /// Whether the description advises against it.
    pub deprecated: bool,
    /// Its parameters: those of the path in the order of the path, then the others as declared, then
    /// the fields of a form.
    pub parameters: Vec<Parameter>,
    /// The request body.
    pub body: Option<Body>,
    /// What successes carry, at least one.
    pub success_responses: Vec<Response>,
    /// The type of all successes together, where they differ.
    pub success_type: Option<TypeId>,
    /// What failures carry.
    pub failure_responses: Vec<Response>,
    /// The type of all failures together, where they differ.
    pub failure_type: Option<TypeId>,
    /// What the caller must be allowed to do.
    pub permissions: Option<Permissions>,
    /// What it needs, where that is not what all need.
    pub security: Option<Security>,
    /// Where it is reached, where that is not where all are.
    pub server: Option<String>,
    /// Whether sending it twice does what sending it once does.
    pub idempotent: bool,
    /// How it pages.
    pub pagination: Option<Paging>,
    /// Where it is declared.
    pub pointer: Pointer,
}

impl Operation {
    /// The success to expect.
    pub fn success(&self) -> &Response {
        &self.success_responses[0]
    }

    /// The type of the JSON that a success carries, if that is what it carries, whatever its status.
    pub fn json(&self) -> Option<&Type> {
        match (&self.success_type, &self.success().content) {
            (None, Content::Json(ty)) => Some(ty),
            _ => None,
        }
    }
}

/// A parameter.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// Its name on the wire.
    pub name: String,
    /// Where it goes.
    pub place: ParameterPlace,
    /// How its value is written.
    pub style: ParameterStyle,
    /// Whether each value of a list, or each property of an object, stands for itself.
    pub explode: bool,
    /// Whether characters that mean something in a URL are left as they are.
    pub allow_reserved: bool,
    /// Of a part: its media type, where the description says one.
    pub media_type: Option<String>,
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
    /// Where it is declared: there, or where a reference there leads.
    pub declared: Pointer,
}

impl Parameter {
    /// What it stands for on the wire: place and name identify a parameter.
    pub fn key(&self) -> (ParameterPlace, Cow<'_, str>) {
        let name = match self.place {
            // HTTP tells the names of headers apart without regard to case.
            ParameterPlace::Header => self.name.to_ascii_lowercase().into(),
            _ => self.name.as_str().into(),
        };
        (self.place, name)
    }
}

/// Where a parameter goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ParameterPlace {
    /// Into the path.
    Path,
    /// Into the query.
    Query,
    /// Into a header.
    Header,
    /// Into a cookie.
    Cookie,
    /// Into a body that is a form.
    Form,
    /// Into a body of several parts.
    Part,
}

impl ParameterPlace {
    /// What a description writes under `in`.
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

/// How the value of a parameter is written.
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
    /// Its type; of no meaning where its fields are parameters.
    pub ty: Type,
    /// Whether it must be given.
    pub required: bool,
    /// What the description says of it.
    pub description: Option<String>,
}

impl Body {
    /// Whether a request takes it as one value, and not field by field.
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

/// What a status means, and what a response with it carries.
#[derive(Clone, Debug)]
pub struct Response {
    /// The status or range, as declared; `default` for all others.
    pub status: String,
    /// What the response carries.
    pub content: Content,
    /// What the description says of it.
    pub description: String,
    /// The headers it has, with what the description says of them.
    pub headers: Vec<(String, Option<String>)>,
}

/// What a response carries.
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
    /// Server-sent events, whose data is this.
    Events(Type),
    /// A stream of JSON values.
    JsonLines(Type),
}

impl Content {
    /// The type of what it is made of, if it has one.
    pub fn ty(&self) -> Option<&Type> {
        match self {
            Self::Json(ty) | Self::Events(ty) | Self::JsonLines(ty) => Some(ty),
            Self::Empty | Self::Text | Self::Binary => None,
        }
    }
}
