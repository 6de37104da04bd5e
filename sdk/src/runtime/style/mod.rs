//! Serializes parameters by OpenAPI's `style` and `explode`, as OpenAPI 3.0.4 and 3.1.1 define them
//! in terms of RFC 6570.
//!
//! Where those leave cases undefined:
//! - `deepObject` goes as deep as the value does: `a[b][c]=1`; items of lists have their index, as in
//!   `a[0]=1` and `a[b][0]=1`. That is what Stripe documents.
//! - In an exploded object, a member that is a list is repeated (`tags=a&tags=b`), and one that is
//!   an object, or a list of those, goes as `deepObject` does.
//! - Any other list or object inside a value is JSON text.
//! - Null, empty lists and empty objects are omitted. In a list, null is an empty item.
//! - Exploded values in a cookie are cookies of their own.
//! - A value that contains the separator is refused where the separator cannot be escaped, because it
//!   would be read as several values.

mod encoding;
mod nested;

use std::borrow::Cow;

use serde_json::Value;

use encoding::{Encoding, Separator};

/// How a parameter is serialized.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Parameter {
    /// The name on the wire.
    pub(crate) name: &'static str,
    /// Its location.
    pub(crate) place: Place,
    /// How lists and objects are serialized.
    pub(crate) style: Style,
    /// OpenAPI's `explode`.
    pub(crate) explode: bool,
    /// OpenAPI's `allowReserved`: whether reserved characters are not encoded, unless they would
    /// change the structure of the URL; percent-encoded triplets are kept.
    pub(crate) allow_reserved: bool,
}

/// The location of a parameter.
#[allow(
    dead_code,
    reason = "which of them are rendered depends on the description"
)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// The path, replacing its name in braces.
    Path,
    /// The query.
    Query,
    /// A header of its name.
    Header,
    /// The header `Cookie`.
    Cookie,
    /// A form body.
    Form,
    /// A part of a multipart body.
    Part,
}

/// How lists and objects are serialized: the values of `style`, and JSON for parameters with
/// `content`.
#[allow(
    dead_code,
    reason = "which of them are rendered depends on the description"
)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    /// `color=blue,black`, exploded `color=blue&color=black`.
    Form,
    /// `blue,black`.
    Simple,
    /// `.blue,black`, exploded `.blue.black`.
    Label,
    /// `;color=blue,black`, exploded `;color=blue;color=black`.
    Matrix,
    /// As [`Form`](Self::Form), with spaces.
    Space,
    /// As [`Form`](Self::Form), with pipes.
    Pipe,
    /// As [`Form`](Self::Form), with tabs.
    Tab,
    /// `color[R]=100&color[G]=200`.
    DeepObject,
    /// The JSON text of the value.
    Json,
}

/// A name and a value, both encoded for their location.
pub(super) type Pair = (String, String);

/// The pairs that a parameter adds to a query, a form, a multipart body or the cookies; none if
/// there is no value. Texts of parts are not encoded.
///
/// # Errors
/// Why the value cannot be written in this style, without the value.
pub(super) fn pairs(parameter: &Parameter, value: &Value) -> Result<Vec<Pair>, String> {
    let encoding = parameter.encoding();
    let name = || encoding.name(parameter.name);
    let defect = |defect| parameter.defect(defect);
    let one = |text: String| vec![(name(), text)];
    match (parameter.style, value) {
        (_, Value::Null) => Ok(Vec::new()),
        (Style::Json, _) => Ok(one(encoding.value(&value.to_string()))),
        (Style::Label | Style::Matrix, _) => Err(defect("its style is one of paths")),
        (Style::DeepObject, _) => Ok(nested::pairs(name(), value, &encoding)),
        (_, Value::Array(items)) if parameter.explode => {
            let values = items.iter().map(|item| encoding.value(&scalar(item)));
            Ok(values.map(|value| (name(), value)).collect())
        }
        (_, Value::Object(members)) if parameter.explode => Ok(nested::members(members, &encoding)),
        (_, Value::Array(_) | Value::Object(_)) => {
            let joined = parameter
                .joined(value, parameter.separator())
                .map_err(defect)?;
            Ok(joined.into_iter().flat_map(one).collect())
        }
        _ => Ok(one(encoding.value(&scalar(value)))),
    }
}

/// The encoded text of a parameter in a path, or its text in a header; `None` if there is no value.
///
/// # Errors
/// Why the value cannot be written in this style, without the value.
pub(super) fn text(parameter: &Parameter, value: &Value) -> Result<Option<String>, String> {
    let encoding = parameter.encoding();
    let defect = |defect| parameter.defect(defect);
    let is_compound = value.is_array() || value.is_object();
    match parameter.style {
        _ if value.is_null() => Ok(None),
        Style::Json => Ok(Some(encoding.value(&value.to_string()))),
        Style::DeepObject => Err(defect("its style is one of queries")),
        Style::Matrix => Ok(parameter.matrix(value)),
        Style::Label if is_compound => {
            let separator = match parameter.explode {
                true => Separator::Dot,
                false => Separator::Comma,
            };
            let joined = parameter.joined(value, separator).map_err(defect)?;
            Ok(joined.map(|joined| format!(".{joined}")))
        }
        Style::Label => Ok(Some(format!(".{}", encoding.value(&scalar(value))))),
        _ if is_compound => parameter
            .joined(value, parameter.separator())
            .map_err(defect),
        _ => Ok(Some(encoding.value(&scalar(value)))),
    }
}

/// The pairs of an object as a form; `None` if the value is not an object.
pub(super) fn form(value: &Value) -> Option<Vec<Pair>> {
    let members = value.as_object()?;
    Some(nested::members(members, &Encoding::Strict))
}

impl Parameter {
    fn encoding(&self) -> Encoding {
        match self.place {
            Place::Path if self.allow_reserved => Encoding::ReservedInPath,
            Place::Query | Place::Form if self.allow_reserved => Encoding::ReservedInQuery,
            Place::Path | Place::Query | Place::Form => Encoding::Strict,
            Place::Cookie => Encoding::Cookie,
            Place::Header | Place::Part => Encoding::Plain,
        }
    }

    fn separator(&self) -> Separator {
        match self.style {
            Style::Space => Separator::Space,
            Style::Pipe => Separator::Pipe,
            Style::Tab => Separator::Tab,
            _ => Separator::Comma,
        }
    }

    /// Joins the items of a list, or the names and values of an object, into one text.
    fn joined(&self, value: &Value, separator: Separator) -> Result<Option<String>, &'static str> {
        let encoding = self.encoding();
        let item = |text: &str| encoding.item(text, separator);
        let mut parts = Vec::new();
        match value {
            Value::Array(items) => {
                for value in items {
                    parts.push(item(&scalar(value))?);
                }
            }
            Value::Object(members) => {
                for (name, value) in members.iter().filter(|(_, value)| !value.is_null()) {
                    let (name, value) = (item(name)?, item(&scalar(value))?);
                    if self.explode {
                        parts.push(format!("{name}={value}"));
                    } else {
                        parts.extend([name, value]);
                    }
                }
            }
            _ => parts.push(item(&scalar(value))?),
        }
        let joined = parts.join(encoding.separator(separator));
        Ok((!parts.is_empty()).then_some(joined))
    }

    /// RFC 6570's path-style parameters: an empty value has no equals sign. A semicolon in a value
    /// would start another one.
    fn matrix(&self, value: &Value) -> Option<String> {
        let encoding = self.encoding();
        let named = |name: &str, value: &str| match value {
            "" => format!(";{name}"),
            _ => format!(";{name}={}", value.replace(';', "%3B")),
        };
        let name = encoding.name(self.name);
        let text = match value {
            Value::Array(items) if self.explode => {
                let values = items.iter().map(|item| encoding.value(&scalar(item)));
                values.map(|value| named(&name, &value)).collect()
            }
            Value::Object(members) if self.explode => {
                let members = members.iter().filter(|(_, value)| !value.is_null());
                let encoded = |(name, value): (&String, &Value)| {
                    named(&encoding.name(name), &encoding.value(&scalar(value)))
                };
                members.map(encoded).collect()
            }
            // In a path, separators in items are always encoded.
            _ => match self.joined(value, Separator::Comma) {
                Ok(Some(joined)) => named(&name, &joined),
                _ => String::new(),
            },
        };
        Some(text).filter(|text| !text.is_empty())
    }

    fn defect(&self, why: &str) -> String {
        format!("the parameter `{}` cannot be sent: {why}", self.name)
    }
}

/// The text of a scalar; the JSON of a list or an object.
fn scalar(value: &Value) -> Cow<'_, str> {
    match value {
        Value::Null => "".into(),
        Value::String(text) => text.into(),
        other => other.to_string().into(),
    }
}

#[cfg(test)]
mod tests;
