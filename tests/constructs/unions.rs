//! `oneOf` and `anyOf`.

use workspace_tests::unions::models::{
    Ambiguous, Anything, Both, Brush, Circle, Event, Gallery, Loop, Pen, Shape, Tool, Tree,
};

use crate::support::{answering, keeps, refuses, wait};

#[test]
fn a_tag_tells_by_mapping_and_is_written() {
    let text = r#"[{"kind":"circle","radius":1.5},{"kind":"disc","radius":2.5},{"kind":"square","side":3.5},{"points":[0.5],"kind":"path"},{"kind":"star","arms":[5]}]"#;
    let shapes: Vec<Shape> = serde_json::from_str(text).unwrap();
    let [
        Shape::Circle(circle),
        Shape::Circle(disc),
        Shape::Square(_),
        Shape::Path(path),
        Shape::Unrecognized(star),
    ] = shapes.as_slice()
    else {
        panic!("{shapes:?}")
    };
    assert_eq!(
        (circle.radius, disc.kind.as_str(), path.points.as_deref()),
        (1.5, "disc", Some(&[0.5][..]))
    );
    assert_eq!(star["arms"][0], 5);
    assert_eq!(
        serde_json::to_string(&shapes).unwrap(),
        text,
        "what came goes back as it came"
    );
    // A record without the property gets it from the union.
    let mut path = workspace_tests::unions::models::Path::default();
    path.points = Some(vec![0.25]);
    let written = serde_json::to_string(&Shape::from(path)).unwrap();
    assert_eq!(written, r#"{"kind":"path","points":[0.25]}"#);
}

#[test]
fn unions_are_bodies_and_responses() {
    let (client, recorder) = answering(200, r#"["a","b"]"#);
    let shapes = [Shape::from(Circle::new("circle", 1.5))];
    let answer = wait(client.unions().add_shapes(&shapes).send()).unwrap();
    assert_eq!(recorder.body(), r#"[{"kind":"circle","radius":1.5}]"#);
    assert_eq!(serde_json::to_string(&answer).unwrap(), r#"["a","b"]"#);
    assert!(matches!(
        answer,
        workspace_tests::unions::unions::AddShapesResponse::Names(_)
    ));
    let (client, _) = answering(200, r#"{"shapes":[{"kind":"circle"}]}"#);
    let error = wait(client.unions().get_gallery().send()).unwrap_err();
    assert_eq!(error.json_path(), Some("$.shapes[0]"), "{error:?}");
    assert!(format!("{error:?} {error}").contains("radius"), "{error:?}");
}

#[test]
fn a_tag_that_is_known_is_that_type_and_no_other() {
    assert!(refuses::<Shape>(r#"{"kind":"circle","side":1}"#).contains("radius"));
    // Without a mapping the names tell, or the only value of the property.
    let pen: Tool = keeps(r#"{"ink":"blue","type":"Pen"}"#);
    assert!(matches!(pen, Tool::Pen(_)));
    let brush: Tool = keeps(r#"{"type":"flat-brush","width":3}"#);
    assert!(matches!(brush, Tool::Brush(_)));
    let other: Tool = keeps(r#"{"type":"Crayon","wax":true}"#);
    assert!(matches!(other, Tool::Unrecognized(_)));
    assert_eq!(Tool::from(Brush::new()), keeps(r#"{"type":"flat-brush"}"#));
    // The first of two that share a tag has it.
    let ambiguous: Ambiguous = keeps(r#"{"ink":"x","type":"flat-brush"}"#);
    assert!(matches!(ambiguous, Ambiguous::Pen(_)));
    assert!(matches!(keeps(r#"["a"]"#), Loop::StringList(_)));
    assert!(
        matches!(keeps(r#"{"type":"flat-brush"}"#), Both::Pen(_)),
        "`oneOf` counts"
    );
}

#[test]
fn without_a_tag_the_shape_tells() {
    let drawn: Event = keeps(r#"{"event":"drawn","shape":{"kind":"square","side":1.5}}"#);
    assert!(matches!(&drawn, Event::Drawn(drawn) if matches!(drawn.shape, Shape::Square(_))));
    let erased: Event = keeps(r#"{"at":"2024-01-01T00:00:00Z","event":"erased"}"#);
    assert!(matches!(erased, Event::Erased(_)));
    let moved: Event = keeps(r#"{"moved":true}"#);
    assert!(matches!(moved, Event::Option3(_)));
    // A value that a property cannot have rules its type out.
    let other: Event = keeps(r#"{"event":"sold","price":1}"#);
    assert!(matches!(other, Event::Unrecognized(_)), "{other:?}");
    let list: Event = keeps(r#"[1,null]"#);
    assert!(matches!(list, Event::Unrecognized(_)));
}

#[test]
fn unions_hold_unions() {
    let shape: Anything = keeps(r#"{"kind":"circle","radius":1.5}"#);
    let tool: Anything = keeps(r#"{"ink":"x","type":"Pen"}"#);
    let names: Anything = keeps(r#"["a"]"#);
    assert!(
        matches!(&shape, Anything::Shape(Shape::Circle(_))),
        "{shape:?}"
    );
    assert!(matches!(&tool, Anything::Tool(Tool::Pen(_))), "{tool:?}");
    assert!(
        matches!(&names, Anything::Names(names) if names == &["a"]),
        "{names:?}"
    );
    let tree: Tree = keeps(r#"{"left":"a","right":["b",{"left":[]}]}"#);
    assert!(matches!(tree, Tree::Fork(_)));
}

#[test]
fn unions_in_place_lists_and_maps() {
    let text = r#"{"anything":["x"],"byName":{"a":{"type":"Pen"},"b":{"type":"?"}},"color":"mauve","cycle":"leaf","events":[{"moved":false}],"only":{"kind":"square","side":1.5},"ratio":0.5,"same":"any text","shapes":[],"size":7,"sizes":["s"],"tool":{"type":"flat-brush"},"vague":[1],"owner":null}"#;
    let gallery: Gallery = keeps(text);
    assert!(gallery.extra.is_null("owner"));
    assert_eq!(gallery.only.as_ref().unwrap().side, 1.5);
    assert_eq!(gallery.color, Some("mauve".into()));
    assert!(matches!(
        gallery.by_name.as_ref().unwrap()["b"],
        Tool::Unrecognized(_)
    ));
    for size in ["7", "\"7\"", "true", "1.5", "[]"] {
        keeps::<Gallery>(&format!(r#"{{"shapes":[],"size":{size}}}"#));
    }
    use workspace_tests::unions::models::{GallerySize, GallerySizes};
    assert!(matches!(keeps(r#""7""#), GallerySize::Text(_)));
    assert!(matches!(keeps("7"), GallerySize::Integer(7)));
    assert!(matches!(keeps("true"), GallerySize::Boolean(true)));
    assert!(matches!(keeps("7.5"), GallerySize::Unrecognized(_)));
    assert!(matches!(keeps(r#"["7"]"#), GallerySizes::StringList(_)));
}

#[test]
fn a_type_of_the_union_is_one_of_it() {
    let pen = Pen::new("Pen").with_ink("red");
    let gallery = Gallery::new([]).with_tool(pen.into());
    let text = serde_json::to_string(&gallery).unwrap();
    assert_eq!(text, r#"{"shapes":[],"tool":{"ink":"red","type":"Pen"}}"#);
}
