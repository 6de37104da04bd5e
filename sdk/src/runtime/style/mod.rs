//! Parameters whose values are lists and objects, or stand in a style of their own: what OpenAPI's
//! `style` and `explode` make of a value, as OpenAPI 3.0.4 and 3.1.1 tell it in terms of RFC 6570.
//!
//! Where those leave a choice:
//! - `deepObject` goes as deep as the value does: `a[b][c]=1`; items of lists have their index, as in
//!   `a[0]=1` and `a[b][0]=1`. That is what Stripe documents.
//! - In an exploded object, a member that is a list is repeated (`tags=a&tags=b`), and one that is
//!   an object, or a list of those, goes as `deepObject` does.
//! - A list or object anywhere else inside of a value is JSON text.
//! - What has no value is left out: null, an empty list, an empty object. In a list, a null is an
//!   empty item.
//! - Exploded values in a cookie are cookies of their own.
//! - A value that could not be told from several, for it has the separator in it where that cannot be
//!   escaped, is refused.

mod encoding;
mod nested;

use std::borrow::Cow;

use serde_json::Value;

use encoding::{Encoding, Separator};

/// How a parameter is written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Parameter {
    /// The name on the wire.
    pub(crate) name: &'static str,
    /// Where it goes.
    pub(crate) place: Place,
    /// How lists and objects are written.
    pub(crate) style: Style,
    /// Whether the items of lists and the members of objects stand on their own.
    pub(crate) explode: bool,
    /// Whether characters that mean something in a URL may stand as they are, where they do not
    /// change what the URL leads to; what is percent-encoded already then stays so.
    pub(crate) allow_reserved: bool,
}

/// Where a parameter goes.
#[allow(
    dead_code,
    reason = "which of them are rendered depends on the description"
)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// Into the path, in place of its name in braces.
    Path,
    /// Into the query.
    Query,
    /// Into a header of its name.
    Header,
    /// Into the header `Cookie`.
    Cookie,
    /// Into a body that is a form.
    Form,
    /// Into a part of a multipart body.
    Part,
}

/// How lists and objects are written; the values of `style`, and JSON for parameters with `content`.
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

/// A name and a value, both encoded for their place.
pub(super) type Pair = (String, String);

/// The pairs that a parameter adds to a query, a form, a multipart body or the cookies; none where
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

/// The text of a parameter in a path, encoded, or in a header; `None` where there is no value.
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

/// The pairs of a form that is this object; `None` if the value is none.
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

    /// The items of a list, or the names and values of an object, in one text.
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
            // A separator in an item is encoded in a path, whatever the item is.
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

/// The text of a value that is no list and no object; of one that is, its JSON.
fn scalar(value: &Value) -> Cow<'_, str> {
    match value {
        Value::Null => "".into(),
        Value::String(text) => text.into(),
        other => other.to_string().into(),
    }
}

#[cfg(test)]
mod tests;
