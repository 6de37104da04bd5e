//! What operations and models send, as the templates write it.

use std::collections::BTreeMap;

use super::{pairs::found, surface};
use crate::{openapi::Pointer, surface::compare};

/// An operation as the templates write one.
fn operation(edits: &[(&str, &str)]) -> String {
    let mut text = r#"
        use crate::runtime::codegen as rt;
        static OPERATION: rt::Operation = rt::Operation {
            id: "getUser", method: rt::Method::GET, path: "/users/{id}", idempotent: true,
        };
        pub struct Users { client: rt::Client }
        impl Users {
            pub fn get_user(&self, id: impl rt::Param, org: impl rt::Param) -> GetUser {
                GetUser(rt::Call::json(&self.client, &OPERATION).path("id", id).path("org", org))
            }
        }
        pub struct GetUser(rt::Call<super::models::User>);
        impl GetUser {
            pub fn page_size(self, page_size: i32) -> Self { Self(self.0.query("pageSize", page_size)) }
            pub fn color(self, color: &str) -> Self {
                Self(self.0.parameter(rt::Parameter {
                    name: "color", place: rt::Place::Query, style: rt::Style::Form,
                    explode: true, allow_reserved: false,
                }, color))
            }
            pub fn body(self, body: &str) -> Self { Self(self.0.json_as("a/json", body)) }
        }
        rt::request!(GetUser -> super::models::User);
        rt::paged!(GetUser -> super::models::User, u8, PAGING);
        static PAGING: rt::Paging<u8, u8> = rt::Paging { entries: "entities", };
    "#
    .to_owned();
    for (from, to) in edits {
        assert!(text.contains(from), "{from}");
        text = text.replace(from, to);
    }
    text
}

#[test]
fn what_is_sent() {
    let old = operation(&[]);
    for (edits, expected) in [
        (
            &[("/users/{id}", "/people/{id}")][..],
            &["path-changed users::Users::get_user"][..],
        ),
        (
            &[("Method::GET", "Method::POST")],
            &["method-changed users::Users::get_user"],
        ),
        (
            &[("idempotent: true", "idempotent: false")],
            &["idempotency-changed users::Users::get_user"],
        ),
        (
            &[("\"getUser\"", "\"fetchUser\"")],
            &["operation-id-changed users::Users::get_user"],
        ),
        (
            &[("OPERATION)", "OPERATION).server(\"https://b.example\")")],
            &["server-changed users::Users::get_user"],
        ),
        (
            &[(
                "OPERATION)",
                "OPERATION).secured_by(&[&[&super::security::A]])",
            )],
            &["security-changed users::Users::get_user"],
        ),
        (
            &[("OPERATION)", "OPERATION).form()")],
            &["media-type-changed users::Users::get_user"],
        ),
        (
            &[("Call::json", "Call::json_lines")],
            &["response-reading-changed users::Users::get_user"],
        ),
        (
            &[("path(\"org\"", "path(\"tenant\"")],
            &["wire-name-changed users::Users::get_user"],
        ),
        (
            &[("\"pageSize\"", "\"size\"")],
            &["wire-name-changed users::GetUser::page_size"],
        ),
        (
            &[("name: \"color\"", "name: \"colour\"")],
            &["wire-name-changed users::GetUser::color"],
        ),
        (
            &[("explode: true", "explode: false")],
            &["parameter-style-changed users::GetUser::color"],
        ),
        (
            &[("query(", "header(")],
            &["parameter-style-changed users::GetUser::page_size"],
        ),
        (
            &[("\"a/json\"", "\"b/json\"")],
            &["media-type-changed users::GetUser::body"],
        ),
        (
            &[("\"entities\"", "\"items\"")],
            &["paging-changed users::GetUser::pages"],
        ),
        // Both are texts: calls compile, and each value goes where the other one did.
        (
            &[(
                "id: impl rt::Param, org: impl rt::Param",
                "org: impl rt::Param, id: impl rt::Param",
            )],
            &["arguments-reordered users::Users::get_user"],
        ),
        (
            &[
                ("id: impl rt::Param", "own: impl rt::Param"),
                ("\"id\", id", "\"id\", own"),
            ],
            &["argument-renamed users::Users::get_user"],
        ),
        (
            &[("super::models::User)", "super::models::Person)")],
            &[
                "trait-impl-changed users::GetUser: std::future::IntoFuture",
                "return-type-changed users::GetUser::send",
                "return-type-changed users::GetUser::send_blocking",
                "return-type-changed users::GetUser::send_with_response",
            ],
        ),
        (
            &[(
                "rt::paged!(GetUser -> super::models::User, u8, PAGING);",
                "",
            )],
            &[
                "item-removed users::GetUser::items",
                "item-removed users::GetUser::pages",
            ],
        ),
    ] {
        let new = operation(edits);
        let path = "src/generated/users/mod.rs";
        let pair = (surface(&[(path, &old)]), surface(&[(path, &new)]));
        let changes = found(&pair.0, &pair.1);
        assert_eq!(changes, expected, "{edits:?}");
    }
}

/// A model, an enum and a union as the templates write them.
fn models(edits: &[(&str, &str)]) -> String {
    let mut text = r#"
        use crate::runtime::codegen as rt;
        #[derive(Clone)] #[non_exhaustive]
        pub struct User { pub name: Option<String>, pub light: Option<Light>, pub extra: rt::Extra }
        impl User {
            pub fn with_name(mut self, name: impl Into<String>) -> Self {
                self.name = Some(name.into()); self.extra.remove("name"); self
            }
        }
        impl rt::Record for User {
            const NAME: &'static str = "User";
            fn read<'de, A: rt::MapAccess<'de>>(&mut self, name: &str, members: &mut rt::Members<A, A::Error>) {
                match name {
                    "name" => members.optional(name, &mut self.name),
                    "light" => members.optional(name, &mut self.light),
                    _ => members.keep(name),
                }
            }
            fn write<W: rt::Writer>(&self, members: &mut W) {
                members.optional("name", &self.name);
                members.optional("light", &self.light);
            }
        }
        rt::record!(User);
        #[derive(Clone)] #[non_exhaustive]
        pub enum Light { Red, Green, Unrecognized(rt::Unrecognized) }
        impl rt::OpenEnum for Light {
            const VALUES: &'static [(Self, &'static str)] = &[(Self::Red, "RED"), (Self::Green, "GREEN")];
        }
        rt::open_enum!(Light);
        #[derive(Clone)] #[non_exhaustive]
        pub enum Shape { Circle(Box<User>), Unrecognized(rt::JsonValue) }
        impl rt::Union for Shape {
            const NAME: &'static str = "Shape";
            const TAG: Option<&'static str> = Some("kind");
            const VARIANTS: &'static [rt::Variant<Self>] = &[rt::Variant {
                tags: &["circle"], shape: rt::Shape::OBJECT,
                read: |json| rt::read(json).map(|value| Self::Circle(Box::new(value))),
            }];
            fn write<S: rt::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match self {
                    Self::Circle(value) => rt::write_tagged(serializer, "kind", "circle", &**value),
                    Self::Unrecognized(json) => rt::write(serializer, json),
                }
            }
        }
        rt::union!(Shape);
    "#
    .to_owned();
    for (from, to) in edits {
        assert!(text.contains(from), "{from}");
        text = text.replace(from, to);
    }
    text
}

#[test]
fn what_models_send() {
    let old = models(&[]);
    for (edits, expected) in [
        (
            &[("\"name\"", "\"title\"")][..],
            &["wire-name-changed models::User::name"][..],
        ),
        (
            &[("\"RED\"", "\"red\"")],
            &["wire-name-changed models::Light::Red"],
        ),
        (
            &[("\"kind\"", "\"type\"")],
            &[
                "union-tag-changed models::Shape",
                "union-tag-changed models::Shape::Circle",
            ],
        ),
        (
            &[("\"circle\"", "\"round\"")],
            &["union-tag-changed models::Shape::Circle"],
        ),
        (
            &[("Shape::OBJECT", "Shape::Any")],
            &["behaviour-changed models::Shape::Circle"],
        ),
        (
            &[("members.optional(\"light\"", "members.required(\"light\"")],
            &["behaviour-changed models::User::light"],
        ),
        (
            &[("members.keep(name)", "members.drop(name)")],
            &["behaviour-changed models::User"],
        ),
        (
            &[
                ("Red, Green", "Green, Red"),
                (
                    "(Self::Red, \"RED\"), (Self::Green, \"GREEN\")",
                    "(Self::Green, \"GREEN\"), (Self::Red, \"RED\")",
                ),
            ],
            &[],
        ),
        // What a printer makes of a long line is the same.
        (
            &[(
                "\"light\" => members.optional(name, &mut self.light),",
                "\"light\" => { members.optional(name, &mut self.light,) }",
            )],
            &[],
        ),
        (
            &[("rt::record!(User);", "")],
            &[
                "trait-impl-removed models::User: Debug",
                "trait-impl-removed models::User: Deserialize<'de>",
                "trait-impl-removed models::User: Serialize",
            ][..],
        ),
        // Other names in Rust.
        (
            &[
                ("pub name:", "pub title:"),
                ("self.name", "self.title"),
                ("with_name(", "with_title("),
                ("name: impl", "title: impl"),
                ("Some(name", "Some(title"),
            ],
            &[
                "item-renamed models::User::name",
                "item-renamed models::User::with_name",
                "argument-renamed models::User::with_name",
            ],
        ),
        (&[("Red", "Crimson")], &["item-renamed models::Light::Red"]),
        (
            &[("Shape {", "Form {"), ("union!(Shape)", "union!(Form)")],
            &["item-renamed models::Shape"],
        ),
        (
            &[
                ("User {", "Person {"),
                ("record!(User)", "record!(Person)"),
                ("Box<User>", "Box<Person>"),
            ],
            &["item-renamed models::User"],
        ),
    ] {
        let path = "src/generated/models/mod.rs";
        let pair = (surface(&[(path, &old)]), surface(&[(path, &models(edits))]));
        assert_eq!(found(&pair.0, &pair.1), expected, "{edits:?}");
    }
}

#[test]
fn places_in_the_description_find_what_was_renamed() {
    let path = "src/generated/users/mod.rs";
    let new = operation(&[
        ("\"getUser\"", "\"fetchUser\""),
        ("get_user", "fetch_user"),
        ("GetUser", "FetchUser"),
    ]);
    let mut pair = (
        surface(&[(path, &operation(&[]))]),
        surface(&[(path, &new)]),
    );
    let expected = [
        "item-renamed users::GetUser",
        "item-renamed users::Users::get_user",
        "operation-id-changed users::Users::get_user",
    ];
    // Method and path of the call say the same.
    assert_eq!(found(&pair.0, &pair.1), expected);
    let at = Pointer::root().join_all(["paths", "/users/{id}", "get"]);
    pair.0.link(&BTreeMap::from([(
        "users::Users::get_user".to_owned(),
        at.clone(),
    )]));
    pair.1.link(&BTreeMap::from([(
        "users::Users::fetch_user".to_owned(),
        at.clone(),
    )]));
    assert_eq!(found(&pair.0, &pair.1), expected);
    let change = &compare(&pair.0, &pair.1)[1];
    assert_eq!(change.old.as_ref().unwrap().pointer.as_ref(), Some(&at));
    assert_eq!(
        change.message,
        "the method `users::Users::get_user` was renamed to `users::Users::fetch_user`"
    );
}

#[test]
fn the_service_is_part_of_the_client() {
    let old = r#"
        use crate::runtime::codegen as rt;
        pub struct Client;
        mod models { pub(crate) const SECRETS: &[&str] = &["password"]; }
        mod security { pub(crate) const REQUIRED: &[&[&rt::Scheme]] = &[&[&KEY]]; }
        static SERVICE: Service = Service {
            base_url: "https://a.example", token_url: "https://b.example",
            secrets: models::SECRETS, security: security::REQUIRED,
        };
        impl Client { pub fn builder() -> u8 { Self::for_service(&SERVICE) } }
    "#;
    for (from, to, expected) in [
        ("a.example", "c.example", "base-url-changed Client::builder"),
        (
            "b.example",
            "c.example",
            "login-url-changed Client::builder",
        ),
        ("&[&[&KEY]]", "&[]", "security-changed Client::builder"),
        (
            "\"password\"",
            "\"password\", \"pin\"",
            "redaction-changed Client::builder",
        ),
    ] {
        let one = surface(&[("src/lib.rs", old)]);
        let other = surface(&[("src/lib.rs", &old.replace(from, to))]);
        assert_eq!(found(&one, &other), [expected]);
    }
}
