use std::cmp::Reverse;

use serde_json::{Map, Value};

use super::{
    super::{number, scalar_enum::Scalar},
    is_one_of,
};

/// What a schema says of the JSON of its values, as far as that tells alternatives apart.
pub(crate) enum Shape {
    /// Anything.
    Any,
    /// Null.
    Null,
    /// A text.
    Text,
    /// A text that is a date and time by RFC 3339. Fields are read more generously.
    DateTime,
    /// One of these texts.
    Texts(&'static [&'static str]),
    /// One of these values of a discriminator, as texts.
    Tag(&'static [&'static str]),
    /// One of these scalars.
    Scalars(&'static [Scalar]),
    /// A number without a fraction.
    Integer,
    /// A number.
    Number,
    /// A boolean.
    Bool,
    /// An array, and what its items are.
    Array(&'static Self),
    /// An object.
    Object(Object),
    /// A value of one of several shapes.
    OneOf(&'static [Self]),
}

/// What a schema says of objects.
pub(crate) struct Object {
    /// The required properties.
    required: &'static [&'static str],
    /// The declared properties.
    known: &'static [&'static str],
    /// The properties whose values tell something: constants, enums, objects that contain some.
    telling: &'static [(&'static str, Shape)],
    /// Whether other properties than the declared ones are declared, permitted or forbidden.
    others: Others,
}

/// What a schema says of properties that it does not declare.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Others {
    /// They have a type of their own.
    Typed,
    /// They may be there.
    Permitted,
    /// They may not be there.
    Forbidden,
}

#[allow(
    dead_code,
    reason = "which of these a union needs depends on its alternatives"
)]
impl Shape {
    /// An object without declared properties.
    pub(crate) const OBJECT: Self = Self::object(&[], &[]);

    /// An object with required and declared properties, which may have others.
    pub(crate) const fn object(
        required: &'static [&'static str],
        known: &'static [&'static str],
    ) -> Self {
        Self::Object(Object {
            required,
            known,
            telling: &[],
            others: Others::Permitted,
        })
    }

    /// The same object, with what the values of properties tell.
    pub(crate) const fn telling(self, telling: &'static [(&'static str, Self)]) -> Self {
        match self {
            Self::Object(object) => Self::Object(Object { telling, ..object }),
            other => other,
        }
    }

    /// The same object, with what is said of properties that are not declared.
    pub(crate) const fn others(self, others: Others) -> Self {
        match self {
            Self::Object(object) => Self::Object(Object { others, ..object }),
            other => other,
        }
    }
}

/// The indexes of the shapes that match, the best first, and equal ones in their order.
pub(super) fn best_first<'a>(shapes: impl Iterator<Item = &'a Shape>, json: &Value) -> Vec<usize> {
    let fits = shapes.map(|shape| shape.fit(json)).enumerate();
    let mut fits: Vec<_> = fits.filter_map(|(at, fit)| Some((fit?, at))).collect();
    fits.sort_by(|(one, _), (other, _)| other.cmp(one));
    fits.into_iter().map(|(_, at)| at).collect()
}

/// How well a shape matches; greater is better.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    Anything,
    Kind,
    Object(ObjectFit),
    Value,
}

/// How well an object matches. The first difference decides.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct ObjectFit {
    /// How many values are not among those that their enums list. Enums can be extended by the service,
    /// so this does not rule the shape out.
    unlisted: Reverse<usize>,
    has_required: bool,
    required: usize,
    unknown: Reverse<usize>,
    absent: Reverse<usize>,
}

impl Shape {
    /// How well a value matches; `None` if a constant or a kind rules it out.
    fn fit(&self, json: &Value) -> Option<Fit> {
        let fit = match (self, json) {
            (Self::Any, _) => Fit::Anything,
            (Self::Text, Value::String(_))
            | (Self::Number, Value::Number(_))
            | (Self::Null, Value::Null)
            | (Self::Bool, Value::Bool(_)) => Fit::Kind,
            (Self::DateTime, Value::String(text)) => {
                chrono::DateTime::parse_from_rfc3339(text).ok()?;
                Fit::Kind
            }
            (Self::Texts(texts), Value::String(text)) if texts.contains(&text.as_str()) => {
                Fit::Value
            }
            (Self::Scalars(scalars), json) if scalars.iter().any(|scalar| scalar.is(json)) => {
                Fit::Value
            }
            (Self::Integer, Value::Number(number)) if !number.is_f64() => Fit::Value,
            (Self::Integer, Value::Number(number)) => {
                number::whole(number.as_f64()?)?;
                Fit::Kind
            }
            (Self::Array(_), Value::Array(_)) => {
                self.unlisted(json)?;
                Fit::Kind
            }
            (Self::Object(object), Value::Object(members)) => Fit::Object(object.fit(members)?),
            (Self::OneOf(shapes), json) => {
                return shapes.iter().filter_map(|shape| shape.fit(json)).max();
            }
            _ => return None,
        };
        Some(fit)
    }

    /// How many values, at any depth, are not among those that their enums list; `None` if a constant has
    /// another value. Kinds are not compared: decoding does that.
    fn unlisted(&self, json: &Value) -> Option<usize> {
        let is_listed = match self {
            Self::Texts(texts) => json.as_str().is_some_and(|text| texts.contains(&text)),
            Self::Scalars(scalars) => scalars.iter().any(|scalar| scalar.is(json)),
            Self::Tag(tags) => return is_one_of(json, tags).then_some(0),
            Self::Array(items) => {
                let Value::Array(values) = json else {
                    return Some(0);
                };
                let mut values = values.iter().filter(|value| !value.is_null());
                return values.try_fold(0, |sum, value| Some(sum + items.unlisted(value)?));
            }
            Self::Object(object) => {
                let Value::Object(members) = json else {
                    return Some(0);
                };
                return object.unlisted(members);
            }
            Self::Any
            | Self::Null
            | Self::Text
            | Self::DateTime
            | Self::Integer
            | Self::Number
            | Self::Bool
            | Self::OneOf(_) => true,
        };
        let is_constant = matches!(self, Self::Texts([_]) | Self::Scalars([_]));
        match (is_listed, is_constant) {
            (true, _) => Some(0),
            (false, true) => None,
            (false, false) => Some(1),
        }
    }
}

impl Object {
    fn fit(&self, members: &Map<String, Value>) -> Option<ObjectFit> {
        let unlisted = self.unlisted(members)?;
        let is_there = |name: &&&str| members.contains_key(**name);
        let required = self.required.iter().filter(is_there).count();
        let known = self.known.iter().filter(is_there).count();
        let unknown = match self.others {
            Others::Typed => 0,
            Others::Permitted | Others::Forbidden => members.len() - known,
        };
        Some(ObjectFit {
            unlisted: Reverse(unlisted),
            has_required: required == self.required.len(),
            required,
            unknown: Reverse(unknown),
            absent: Reverse(self.known.len() - known),
        })
    }

    /// See [`Shape::unlisted`]. Null counts as absent.
    fn unlisted(&self, members: &Map<String, Value>) -> Option<usize> {
        if self.others == Others::Forbidden
            && members
                .keys()
                .any(|name| !self.known.contains(&name.as_str()))
        {
            return None;
        }
        let mut telling = self.telling.iter();
        telling.try_fold(0, |sum, (name, shape)| match members.get(*name) {
            None | Some(Value::Null) => Some(sum),
            Some(value) => Some(sum + shape.unlisted(value)?),
        })
    }
}

#[cfg(test)]
mod tests;
