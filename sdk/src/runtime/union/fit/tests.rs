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
