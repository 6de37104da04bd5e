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
        Shape::Array(&Shape::Any),
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
    telling: &'static [(&'static str, Shape)],
) -> Shape {
    Shape::object(required, known).telling(telling)
}

#[test]
fn objects_go_to_the_shape_that_explains_most_of_them() {
    const TELLING: &[(&str, Shape)] = &[("kind", Shape::Texts(&["x"]))];
    let shapes = [
        object(&[], &["id"], &[]),
        object(&["id", "size"], &["id", "size"], &[]),
        object(&["id"], &["id", "kind", "name"], TELLING),
        object(&[], &["id"], &[]),
    ];
    for (json, expected) in [
        // More required properties win, and complete ones before incomplete ones.
        (r#"{"id":1}"#, [2, 0, 3, 1].as_slice()),
        (r#"{"id":1,"size":2}"#, &[1, 2, 0, 3]),
        (r#"{"id":1,"name":2,"kind":"x"}"#, &[2, 0, 3, 1]),
        // A constant with another value rules out; without a value it does not.
        (r#"{"id":1,"name":2,"kind":"z"}"#, &[0, 3, 1]),
        (r#"{"id":1,"name":2,"kind":3}"#, &[0, 3, 1]),
        (r#"{"id":1,"name":2,"kind":null}"#, &[2, 0, 3, 1]),
        ("{}", &[0, 3, 1, 2]),
        ("[]", &[]),
    ] {
        assert_eq!(order(&shapes, json), expected, "{json}");
    }
}

#[test]
fn constants_of_every_type_and_at_any_depth_rule_out() {
    const ONE: Shape = Shape::Scalars(&[Scalar::Integer(1)]);
    const YES: Shape = Shape::Scalars(&[Scalar::Bool(true)]);
    const ENTRY: Shape = object(&[], &[], &[("v", ONE)]);
    const LIST: Shape = Shape::Array(&ENTRY);
    const INNER: &[(&str, Shape)] = &[("in", object(&[], &[], &[("list", LIST)]))];
    let shapes = [
        ONE,
        object(&["ok"], &["ok"], &[("ok", YES)]),
        object(&["in"], &["in"], INNER),
        LIST,
    ];
    for (json, expected) in [
        ("1", [0].as_slice()),
        ("1.0", &[0]),
        ("2", &[]),
        (r#"{"ok":true}"#, &[1, 2]),
        (r#"{"ok":false}"#, &[2]),
        (r#"{"in":{"list":[{"v":1},{}]}}"#, &[2, 1]),
        (r#"{"in":{"list":[{"v":1},{"v":2}]}}"#, &[1]),
        (r#"[{"v":1}]"#, &[3]),
        (r#"[{"v":1},{"v":"1"}]"#, &[]),
    ] {
        assert_eq!(order(&shapes, json), expected, "{json}");
    }
}

#[test]
fn values_that_enums_do_not_list_only_count_against_a_shape() {
    const LOW: &[(&str, Shape)] = &[("code", Shape::Texts(&["a1", "a2"]))];
    const HIGH: &[(&str, Shape)] = &[("code", Shape::Texts(&["b1", "b2"]))];
    let shapes = [
        object(&["code"], &["code"], LOW),
        object(&["code"], &["code"], HIGH),
    ];
    assert_eq!(order(&shapes, r#"{"code":"b1"}"#), [1, 0]);
    assert_eq!(order(&shapes, r#"{"code":"c"}"#), [0, 1]);
}

#[test]
fn closed_objects_have_no_other_properties() {
    let shapes = [
        Shape::object(&[], &["a"]).others(Others::Forbidden),
        Shape::object(&[], &["a", "b"]).others(Others::Forbidden),
        Shape::object(&[], &["a"]).others(Others::Typed),
    ];
    assert_eq!(order(&shapes, r#"{"a":1}"#), [0, 2, 1]);
    assert_eq!(order(&shapes, r#"{"a":1,"b":1}"#), [1, 2]);
    assert_eq!(order(&shapes, r#"{"c":1}"#), [2]);
}

#[test]
fn a_union_fits_as_its_best_alternative() {
    const INNER: &[Shape] = &[Shape::Bool, Shape::Texts(&["a"])];
    let shapes = [Shape::Text, Shape::OneOf(INNER)];
    assert_eq!(order(&shapes, r#""a""#), [1, 0]);
    assert_eq!(order(&shapes, r#""b""#), [0]);
    assert_eq!(order(&shapes, "true"), [1]);
}
