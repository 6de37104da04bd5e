use serde_json::{Map, Value};

/// The shape of the JSON of a type.
pub(crate) enum Shape {
    /// Anything.
    Any,
    /// Null.
    Null,
    /// A text.
    Text,
    /// One of these texts.
    Texts(&'static [&'static str]),
    /// A number without a fraction.
    Integer,
    /// A number.
    Number,
    /// A boolean.
    Bool,
    /// An array.
    Array,
    /// An object.
    Object {
        /// The required properties.
        required: &'static [&'static str],
        /// The declared properties.
        known: &'static [&'static str],
        /// The properties that permit only these texts.
        fixed: &'static [(&'static str, &'static [&'static str])],
    },
}

#[allow(
    dead_code,
    reason = "rendered only for variants that a tag tells apart, and maps"
)]
impl Shape {
    /// An object without declared properties.
    pub(crate) const OBJECT: Self = Self::Object {
        required: &[],
        known: &[],
        fixed: &[],
    };
}

/// The indexes of the shapes that match, the best first, and equal ones in their order.
pub(super) fn best_first<'a>(shapes: impl Iterator<Item = &'a Shape>, json: &Value) -> Vec<usize> {
    let fits = shapes.map(|shape| shape.fit(json)).enumerate();
    let mut fits: Vec<_> = fits.filter_map(|(at, fit)| Some((fit?, at))).collect();
    fits.sort_by(|(one, _), (other, _)| other.cmp(one));
    fits.into_iter().map(|(_, at)| at).collect()
}

/// How well a shape matches; greater is better.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    Anything,
    Kind,
    /// An object: whether all required properties are present, and how many are declared.
    Object(bool, usize),
    Value,
}

impl Shape {
    fn fit(&self, json: &Value) -> Option<Fit> {
        let fit = match (self, json) {
            (Self::Any, _) => Fit::Anything,
            (Self::Text, Value::String(_))
            | (Self::Number, Value::Number(_))
            | (Self::Null, Value::Null)
            | (Self::Bool, Value::Bool(_))
            | (Self::Array, Value::Array(_)) => Fit::Kind,
            (Self::Texts(texts), Value::String(text)) if texts.contains(&text.as_str()) => {
                Fit::Value
            }
            (Self::Integer, Value::Number(number)) if !number.is_f64() => Fit::Value,
            (
                Self::Object {
                    required,
                    known,
                    fixed,
                },
                Value::Object(members),
            ) => {
                if is_ruled_out(fixed, members) {
                    return None;
                }
                let has_required = required.iter().all(|name| members.contains_key(*name));
                let found = known.iter().filter(|name| members.contains_key(**name));
                // More declared properties mean fewer undeclared ones.
                Fit::Object(has_required, found.count())
            }
            _ => return None,
        };
        Some(fit)
    }
}

/// Whether a property that permits only certain texts has another value. Null counts as absent.
fn is_ruled_out(fixed: &[(&str, &[&str])], members: &Map<String, Value>) -> bool {
    fixed.iter().any(|(name, texts)| match members.get(*name) {
        None | Some(Value::Null) => false,
        Some(Value::String(text)) => !texts.contains(&text.as_str()),
        Some(_) => true,
    })
}

#[cfg(test)]
mod tests;
