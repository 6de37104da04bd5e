use serde_json::{Map, Value};

/// What the JSON of a type looks like.
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
        /// The properties that it must have.
        required: &'static [&'static str],
        /// The properties that it is described to have.
        known: &'static [&'static str],
        /// The properties that can have only these texts.
        fixed: &'static [(&'static str, &'static [&'static str])],
    },
}

#[allow(
    dead_code,
    reason = "rendered only for variants that a tag tells apart, and maps"
)]
impl Shape {
    /// An object of which nothing is known.
    pub(crate) const OBJECT: Self = Self::Object {
        required: &[],
        known: &[],
        fixed: &[],
    };
}

/// The places of the shapes that fit, best first; of those that fit alike, in their own order.
pub(super) fn best_first<'a>(shapes: impl Iterator<Item = &'a Shape>, json: &Value) -> Vec<usize> {
    let fits = shapes.map(|shape| shape.fit(json)).enumerate();
    let mut fits: Vec<_> = fits.filter_map(|(at, fit)| Some((fit?, at))).collect();
    fits.sort_by(|(one, _), (other, _)| other.cmp(one));
    fits.into_iter().map(|(_, at)| at).collect()
}

/// How well a shape fits; the greater, the better.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    Anything,
    Kind,
    /// An object: whether all is there that must be, and how many properties are known.
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
                // The more are known, the fewer are not.
                Fit::Object(has_required, found.count())
            }
            _ => return None,
        };
        Some(fit)
    }
}

/// Whether a property that can have only certain texts is there with another value. A null is taken
/// for a property that is not there.
fn is_ruled_out(fixed: &[(&str, &[&str])], members: &Map<String, Value>) -> bool {
    fixed.iter().any(|(name, texts)| match members.get(*name) {
        None | Some(Value::Null) => false,
        Some(Value::String(text)) => !texts.contains(&text.as_str()),
        Some(_) => true,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(shapes: &[Shape], json: &str) -> Vec<usize> {
        best_first(shapes.iter(), &serde_json::from_str(json).unwrap())
    }

    #[test]
    fn scalars_go_to_the_narrowest_shape() {
        let shapes = [
            Shape::Any,
            Shape::Text,
            Shape::Texts(&["a", "b"]),
            Shape::Number,
            Shape::Integer,
            Shape::Null,
            Shape::Bool,
            Shape::Array,
        ];
        for (json, expected) in [
            (r#""a""#, [2, 1, 0].as_slice()),
            (r#""c""#, &[1, 0]),
            ("1", &[4, 3, 0]),
            ("-1", &[4, 3, 0]),
            ("1.5", &[3, 0]),
            ("null", &[5, 0]),
            ("true", &[6, 0]),
            ("[1]", &[7, 0]),
            ("{}", &[0]),
        ] {
            assert_eq!(order(&shapes, json), expected, "{json}");
        }
    }

    const fn object(
        required: &'static [&'static str],
        known: &'static [&'static str],
        fixed: &'static [(&'static str, &'static [&'static str])],
    ) -> Shape {
        Shape::Object {
            required,
            known,
            fixed,
        }
    }

    #[test]
    fn objects_go_to_the_shape_that_explains_most_of_them() {
        let shapes = [
            object(&[], &["id"], &[]),
            object(&["id", "size"], &["id", "size"], &[]),
            object(&["id"], &["id", "kind", "name"], &[("kind", &["x", "y"])]),
            object(&[], &["id"], &[]),
        ];
        for (json, expected) in [
            // Complete before incomplete, even where the incomplete one knows as much.
            (r#"{"id":1}"#, [0, 2, 3, 1].as_slice()),
            (r#"{"id":1,"size":2}"#, &[1, 0, 2, 3]),
            (r#"{"id":1,"name":2,"kind":"y"}"#, &[2, 0, 3, 1]),
            // A fixed property with another value rules out; without a value it does not.
            (r#"{"id":1,"name":2,"kind":"z"}"#, &[0, 3, 1]),
            (r#"{"id":1,"name":2,"kind":3}"#, &[0, 3, 1]),
            (r#"{"id":1,"name":2,"kind":null}"#, &[2, 0, 3, 1]),
            ("{}", &[0, 3, 1, 2]),
            ("[]", &[]),
        ] {
            assert_eq!(order(&shapes, json), expected, "{json}");
        }
    }
}
