use serde_json::json;

use super::*;

fn parameter(place: Place, style: Style, explode: bool) -> Parameter {
    Parameter {
        name: "color",
        place,
        style,
        explode,
        allow_reserved: false,
    }
}

/// What a parameter adds, as it stands on the wire.
fn written(parameter: &Parameter, value: &Value) -> Result<Option<String>, String> {
    if matches!(parameter.place, Place::Path | Place::Header) {
        return text(parameter, value);
    }
    let pairs: Vec<_> = pairs(parameter, value)?
        .into_iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    Ok((!pairs.is_empty()).then(|| pairs.join("&")))
}

/// One row of the tables of OpenAPI: an empty text, a text, a list, an object.
#[track_caller]
fn row(place: Place, style: Style, explode: bool, expected: [Option<&str>; 4]) {
    let values = [
        json!(""),
        json!("blue"),
        json!(["blue", "black", "brown"]),
        // Members stand in the order of their names.
        json!({"B": 150, "G": 200, "R": 100}),
    ];
    for (value, expected) in values.iter().zip(expected) {
        let parameter = parameter(place, style, explode);
        let found = written(&parameter, value).unwrap();
        assert_eq!(found.as_deref(), expected, "{parameter:?} {value}");
    }
}

#[test]
fn the_tables_of_openapi() {
    use Place::{Cookie, Form, Header, Path, Query};
    let empty = Some("color=");
    let blue = Some("color=blue");
    row(
        Path,
        Style::Matrix,
        false,
        [
            Some(";color"),
            Some(";color=blue"),
            Some(";color=blue,black,brown"),
            Some(";color=B,150,G,200,R,100"),
        ],
    );
    row(
        Path,
        Style::Matrix,
        true,
        [
            Some(";color"),
            Some(";color=blue"),
            Some(";color=blue;color=black;color=brown"),
            Some(";B=150;G=200;R=100"),
        ],
    );
    row(
        Path,
        Style::Label,
        false,
        [
            Some("."),
            Some(".blue"),
            Some(".blue,black,brown"),
            Some(".B,150,G,200,R,100"),
        ],
    );
    row(
        Path,
        Style::Label,
        true,
        [
            Some("."),
            Some(".blue"),
            Some(".blue.black.brown"),
            Some(".B=150.G=200.R=100"),
        ],
    );
    for place in [Path, Header] {
        row(
            place,
            Style::Simple,
            false,
            [
                Some(""),
                Some("blue"),
                Some("blue,black,brown"),
                Some("B,150,G,200,R,100"),
            ],
        );
        row(
            place,
            Style::Simple,
            true,
            [
                Some(""),
                Some("blue"),
                Some("blue,black,brown"),
                Some("B=150,G=200,R=100"),
            ],
        );
    }
    for place in [Query, Form, Cookie] {
        row(
            place,
            Style::Form,
            false,
            [
                empty,
                blue,
                Some("color=blue,black,brown"),
                Some("color=B,150,G,200,R,100"),
            ],
        );
        for style in [Style::Form, Style::Space, Style::Pipe, Style::Tab] {
            row(
                place,
                style,
                true,
                [
                    empty,
                    blue,
                    Some("color=blue&color=black&color=brown"),
                    Some("B=150&G=200&R=100"),
                ],
            );
        }
    }
    row(
        Query,
        Style::Space,
        false,
        [
            empty,
            blue,
            Some("color=blue%20black%20brown"),
            Some("color=B%20150%20G%20200%20R%20100"),
        ],
    );
    row(
        Query,
        Style::Pipe,
        false,
        [
            empty,
            blue,
            Some("color=blue|black|brown"),
            Some("color=B|150|G|200|R|100"),
        ],
    );
    row(
        Query,
        Style::Tab,
        false,
        [
            empty,
            blue,
            Some("color=blue%09black%09brown"),
            Some("color=B%09150%09G%09200%09R%09100"),
        ],
    );
    for explode in [false, true] {
        row(
            Query,
            Style::DeepObject,
            explode,
            [
                empty,
                blue,
                Some("color%5B0%5D=blue&color%5B1%5D=black&color%5B2%5D=brown"),
                Some("color%5BB%5D=150&color%5BG%5D=200&color%5BR%5D=100"),
            ],
        );
        row(
            Place::Part,
            Style::DeepObject,
            explode,
            [
                empty,
                blue,
                Some("color[0]=blue&color[1]=black&color[2]=brown"),
                Some("color[B]=150&color[G]=200&color[R]=100"),
            ],
        );
        row(
            Place::Part,
            Style::Json,
            explode,
            [
                Some(r#"color="""#),
                Some(r#"color="blue""#),
                Some(r#"color=["blue","black","brown"]"#),
                Some(r#"color={"B":150,"G":200,"R":100}"#),
            ],
        );
    }
    row(
        Place::Part,
        Style::Space,
        false,
        [
            empty,
            blue,
            Some("color=blue black brown"),
            Some("color=B 150 G 200 R 100"),
        ],
    );
}

#[test]
fn the_examples_of_rfc_6570() {
    let list = json!(["red", "green", "blue"]);
    let keys = json!({"comma": ",", "dot": ".", "semi": ";"});
    let named = |name, style, explode| Parameter {
        name,
        ..parameter(Place::Path, style, explode)
    };
    for (parameter, value, expected) in [
        (
            named("hello", Style::Simple, false),
            json!("Hello World!"),
            "Hello%20World%21",
        ),
        (named("half", Style::Simple, false), json!("50%"), "50%25"),
        (
            named("list", Style::Label, false),
            list.clone(),
            ".red,green,blue",
        ),
        (
            named("list", Style::Label, true),
            list.clone(),
            ".red.green.blue",
        ),
        (
            named("keys", Style::Simple, false),
            keys.clone(),
            "comma,%2C,dot,.,semi,%3B",
        ),
        (
            named("keys", Style::Simple, true),
            keys.clone(),
            "comma=%2C,dot=.,semi=%3B",
        ),
        (
            named("keys", Style::Label, true),
            keys.clone(),
            ".comma=%2C.dot=..semi=%3B",
        ),
        (
            named("half", Style::Matrix, false),
            json!("50%"),
            ";half=50%25",
        ),
        (named("empty", Style::Matrix, false), json!(""), ";empty"),
        (
            named("keys", Style::Matrix, false),
            keys.clone(),
            ";keys=comma,%2C,dot,.,semi,%3B",
        ),
        (
            named("keys", Style::Matrix, true),
            keys.clone(),
            ";comma=%2C;dot=.;semi=%3B",
        ),
    ] {
        let found = written(&parameter, &value).unwrap();
        assert_eq!(found.as_deref(), Some(expected), "{parameter:?}");
    }
}

#[test]
fn what_has_no_value_is_left_out() {
    for place in [
        Place::Path,
        Place::Query,
        Place::Header,
        Place::Cookie,
        Place::Form,
    ] {
        for explode in [false, true] {
            let (style, deep) = match place {
                Place::Path => (Style::Matrix, Style::Label),
                Place::Header => (Style::Simple, Style::Simple),
                _ => (Style::Form, Style::DeepObject),
            };
            for style in [style, deep] {
                let parameter = parameter(place, style, explode);
                for value in [json!(null), json!([]), json!({}), json!({"a": null})] {
                    let found = written(&parameter, &value).unwrap();
                    assert_eq!(found, None, "{parameter:?} {value}");
                }
            }
        }
    }
    let list = json!(["a", null, "b"]);
    for (style, explode, expected) in [
        (Style::Form, false, "color=a,,b"),
        (Style::Form, true, "color=a&color=&color=b"),
        (
            Style::DeepObject,
            true,
            "color%5B0%5D=a&color%5B1%5D=&color%5B2%5D=b",
        ),
    ] {
        let found = written(&parameter(Place::Query, style, explode), &list).unwrap();
        assert_eq!(found.as_deref(), Some(expected));
    }
}

#[test]
fn values_within_values() {
    let value = json!({"a": {"b": [1, {"c": true}], "d e": "x&y"}, "list": [1, 2.5], "n": null});
    for (style, explode, expected) in [
        (
            Style::DeepObject,
            true,
            "color%5Ba%5D%5Bb%5D%5B0%5D=1&color%5Ba%5D%5Bb%5D%5B1%5D%5Bc%5D=true\
             &color%5Ba%5D%5Bd%20e%5D=x%26y&color%5Blist%5D%5B0%5D=1&color%5Blist%5D%5B1%5D=2.5",
        ),
        (
            Style::Form,
            true,
            "a%5Bb%5D%5B0%5D=1&a%5Bb%5D%5B1%5D%5Bc%5D=true&a%5Bd%20e%5D=x%26y&list=1&list=2.5",
        ),
        (
            Style::Form,
            false,
            "color=a,%7B%22b%22%3A%5B1%2C%7B%22c%22%3Atrue%7D%5D%2C%22d%20e%22%3A%22x%26y%22%7D,\
             list,%5B1%2C2.5%5D",
        ),
    ] {
        let found = written(&parameter(Place::Query, style, explode), &value).unwrap();
        assert_eq!(found.as_deref(), Some(expected));
    }
    let form = form(&json!({"a": [1, 2], "b": {"c": [3]}, "d": "e f", "g": null})).unwrap();
    let form: Vec<_> = form
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    assert_eq!(form, ["a=1", "a=2", "b%5Bc%5D%5B0%5D=3", "d=e%20f"]);
    assert_eq!(super::form(&json!([1])), None);
}

#[test]
fn each_place_has_its_own_characters() {
    let text = json!("a/b?c#d&e+f=g,h%41%zü \"[|]\"");
    for (place, style, allow_reserved, expected) in [
        (
            Place::Path,
            Style::Simple,
            false,
            "a%2Fb%3Fc%23d%26e%2Bf%3Dg%2Ch%2541%25z%C3%BC%20%22%5B%7C%5D%22",
        ),
        (
            Place::Path,
            Style::Simple,
            true,
            "a/b%3Fc%23d&e+f=g,h%41%25z%C3%BC%20%22[%7C]%22",
        ),
        (
            Place::Query,
            Style::Form,
            true,
            "color=a/b?c%23d%26e%2Bf=g,h%41%25z%C3%BC%20%22[%7C]%22",
        ),
        (
            Place::Cookie,
            Style::Form,
            false,
            "color=a/b?c#d&e+f=g%2Ch%2541%25z%C3%BC%20%22[|]%22",
        ),
        (
            Place::Header,
            Style::Simple,
            false,
            "a/b?c#d&e+f=g,h%41%zü \"[|]\"",
        ),
    ] {
        let parameter = Parameter {
            allow_reserved,
            ..parameter(place, style, false)
        };
        let found = written(&parameter, &text).unwrap();
        assert_eq!(found.as_deref(), Some(expected), "{parameter:?}");
    }
}

#[test]
fn separators_inside_values_are_no_separators() {
    for (place, style, value, expected) in [
        (
            Place::Query,
            Style::Form,
            json!(["a,b", "c"]),
            "color=a%2Cb,c",
        ),
        (
            Place::Query,
            Style::Pipe,
            json!(["a|b", "c"]),
            "color=a%7Cb|c",
        ),
        (
            Place::Cookie,
            Style::Form,
            json!(["a,b", "c"]),
            "color=a%2Cb,c",
        ),
        (
            Place::Path,
            Style::Matrix,
            json!(["a,b;d", "c"]),
            ";color=a%2Cb%3Bd,c",
        ),
    ] {
        let found = written(&parameter(place, style, false), &value).unwrap();
        assert_eq!(found.as_deref(), Some(expected));
    }
    let reserved = Parameter {
        allow_reserved: true,
        ..parameter(Place::Query, Style::Form, false)
    };
    let found = written(&reserved, &json!(["a,b/", "c"])).unwrap();
    assert_eq!(found.as_deref(), Some("color=a%2Cb/,c"));
    let reserved = Parameter {
        allow_reserved: true,
        ..parameter(Place::Path, Style::Matrix, false)
    };
    let found = written(&reserved, &json!("a;b=c")).unwrap();
    assert_eq!(found.as_deref(), Some(";color=a%3Bb=c"));
    for (place, style, value) in [
        (Place::Query, Style::Space, json!(["a b", "s3cr3t"])),
        (Place::Query, Style::Tab, json!(["a\tb", "s3cr3t"])),
        (Place::Header, Style::Simple, json!(["a,b", "s3cr3t"])),
        (Place::Part, Style::Form, json!({"s3cr3t": "a,b"})),
        (Place::Query, Style::Matrix, json!("s3cr3t")),
        (Place::Header, Style::DeepObject, json!("s3cr3t")),
    ] {
        let refused = written(&parameter(place, style, false), &value).unwrap_err();
        assert!(
            refused.starts_with("the parameter `color` cannot be sent: "),
            "{refused}"
        );
        assert!(!refused.contains("s3cr3t"), "{refused}");
    }
}
