//! Pairs of small sources, and exactly what is different between them.

use std::collections::BTreeMap;

use super::surface;
use crate::surface::{Surface, compare};

pub(super) fn found(old: &Surface, new: &Surface) -> Vec<String> {
    let changes = compare(old, new).into_iter();
    changes
        .map(|change| format!("{} {}", change.code.as_str(), change.item))
        .collect()
}

fn check(path: &str, pairs: &[(&str, &str, &[&str])]) {
    for (old, new, expected) in pairs {
        let (one, other) = (surface(&[(path, old)]), surface(&[(path, new)]));
        assert_eq!(found(&one, &other), *expected, "\n{old}\n{new}");
        assert_eq!(compare(&one, &one), []);
    }
}

#[test]
fn declarations() {
    check(
        "src/generated/models/mod.rs",
        &[
            // Nothing, or text alone.
            ("pub struct A { pub x: u8, }", "pub struct A{pub x:u8}", &[]),
            (
                "pub struct A; pub struct B;",
                "pub struct B; pub struct A;",
                &[],
            ),
            ("struct A;", "struct B;", &[]),
            (
                "/// One.\npub struct A;",
                "/// Two.\npub struct A;",
                &["docs-changed models::A"],
            ),
            (
                "/// One\n/// two.\npub struct A;",
                "/// One two.\npub struct A;",
                &[],
            ),
            (
                "#[derive(Clone, Default)] pub struct A;",
                "#[derive(Default, Clone)] pub struct A;",
                &[],
            ),
            (
                "pub fn f(a: u8) {}",
                "pub fn f(b: u8) {}",
                &["argument-renamed models::f"],
            ),
            // Items.
            (
                "pub struct A; pub struct B;",
                "pub struct A;",
                &["item-removed models::B"],
            ),
            (
                "pub struct A;",
                "pub struct A; pub struct B { pub x: u8 }",
                &["item-added models::B"],
            ),
            ("pub struct A;", "struct A;", &["item-removed models::A"]),
            (
                "pub struct A { pub x: u8 }",
                "pub enum A { X }",
                &["kind-changed models::A"],
            ),
            (
                "pub type A = u8;",
                "pub type A = u16;",
                &["alias-target-changed models::A"],
            ),
            (
                "pub type A = u8;",
                "pub struct A(pub u8);",
                &["kind-changed models::A"],
            ),
            (
                "pub const A: u8 = 1;",
                "pub const A: u8 = 2;",
                &["const-value-changed models::A"],
            ),
            (
                "pub const A: u8 = 1;",
                "pub const A: u16 = 1;",
                &["const-type-changed models::A"],
            ),
            (
                "pub static A: u8 = 1;",
                "pub const A: u8 = 1;",
                &["kind-changed models::A"],
            ),
            // Fields.
            (
                "pub struct A { pub x: u8 }",
                "pub struct A { pub x: u16 }",
                &["field-type-changed models::A::x"],
            ),
            (
                "pub struct A { pub x: u8 }",
                "pub struct A {}",
                &["field-removed models::A::x"],
            ),
            (
                "pub struct A { pub x: u8 }",
                "pub struct A { x: u8 }",
                &[
                    "private-field-added models::A",
                    "field-removed models::A::x",
                ],
            ),
            (
                "pub struct A {}",
                "pub struct A { pub x: u8 }",
                &["field-added-to-open-struct models::A::x"],
            ),
            (
                "#[non_exhaustive] pub struct A {}",
                "#[non_exhaustive] pub struct A { pub x: u8 }",
                &["field-added models::A::x"],
            ),
            (
                "pub struct A { y: u8 }",
                "pub struct A { y: u8, pub x: u8 }",
                &["field-added models::A::x"],
            ),
            (
                "pub struct A {}",
                "pub struct A { y: u8 }",
                &["private-field-added models::A"],
            ),
            (
                "#[non_exhaustive] pub struct A {}",
                "#[non_exhaustive] pub struct A { y: u8 }",
                &[],
            ),
            (
                "pub struct A { pub x: Option<B> }",
                "pub struct A { pub x: Option<Box<B>> }",
                &["boxing-changed models::A::x"],
            ),
            (
                "pub struct A { pub x: Vec<Box<B<u8>>> }",
                "pub struct A { pub x: Vec<B<u8>> }",
                &["boxing-changed models::A::x"],
            ),
            (
                "pub struct A(pub u8);",
                "pub struct A(pub u16);",
                &["field-type-changed models::A::0"],
            ),
            (
                "pub struct A(pub u8);",
                "pub struct A { pub x: u8 }",
                &[
                    "form-changed models::A",
                    "field-removed models::A::0",
                    "field-added-to-open-struct models::A::x",
                ],
            ),
            (
                "pub struct A<T> { x: T }",
                "pub struct A<T: Clone> { x: T }",
                &["generics-changed models::A"],
            ),
            // Variants.
            (
                "pub enum A { X, Y }",
                "pub enum A { X }",
                &["variant-removed models::A::Y"],
            ),
            (
                "pub enum A { X }",
                "pub enum A { X, Y }",
                &["variant-added-to-closed-enum models::A::Y"],
            ),
            (
                "#[non_exhaustive] pub enum A { X }",
                "#[non_exhaustive] pub enum A { Y, X }",
                &["variant-added models::A::Y"],
            ),
            (
                "pub enum A { X(u8) }",
                "pub enum A { X(u16) }",
                &["field-type-changed models::A::X::0"],
            ),
            (
                "pub enum A { X(B) }",
                "pub enum A { X(Box<B>) }",
                &["boxing-changed models::A::X::0"],
            ),
            (
                "pub enum A { X(u8) }",
                "pub enum A { X }",
                &["form-changed models::A::X", "field-removed models::A::X::0"],
            ),
            (
                "pub enum A { X = 1 }",
                "pub enum A { X = 2 }",
                &["discriminant-changed models::A::X"],
            ),
            // Traits.
            (
                "#[derive(Clone, Copy)] pub struct A;",
                "#[derive(Clone)] pub struct A;",
                &["derive-lost models::A: Copy"],
            ),
            (
                "#[derive(Clone)] pub struct A;",
                "#[derive(Clone, Eq)] pub struct A;",
                &["trait-impl-added models::A: Eq"],
            ),
            (
                "#[derive(Default)] pub struct A;",
                "pub struct A; impl ::std::default::Default for A {}",
                &[],
            ),
            (
                "pub struct A; impl Eq for A {}",
                "pub struct A;",
                &["trait-impl-removed models::A: Eq"],
            ),
            (
                "pub struct A; pub struct B; impl From<B> for A {}",
                "pub struct A; pub struct B;",
                &["trait-impl-removed models::A: From<models::B>"],
            ),
            (
                "pub struct A; impl FromStr for A { type Err = u8; }",
                "pub struct A; impl FromStr for A { type Err = u16; }",
                &["trait-impl-changed models::A: FromStr"],
            ),
            (
                "pub trait T { fn f(&self); }",
                "pub trait T { fn f(&self); fn g(&self); }",
                &["trait-item-required models::T::g"],
            ),
            (
                "pub trait T { fn f(&self); }",
                "pub trait T { fn f(&self); fn g(&self) {} }",
                &["item-added models::T::g"],
            ),
            (
                "pub trait T: Clone {}",
                "pub trait T: Clone + Send {}",
                &["trait-bounds-changed models::T"],
            ),
            // Marks.
            (
                "pub struct A { pub x: u8 }",
                "#[non_exhaustive] pub struct A { pub x: u8 }",
                &["non-exhaustive-added models::A"],
            ),
            (
                "pub struct A { x: u8 }",
                "#[non_exhaustive] pub struct A { x: u8 }",
                &[],
            ),
            (
                "#[non_exhaustive] pub enum A { X }",
                "pub enum A { X }",
                &["non-exhaustive-removed models::A"],
            ),
            (
                "pub struct A { pub x: u8 }",
                "pub struct A { #[deprecated] pub x: u8 }",
                &["became-deprecated models::A::x"],
            ),
            (
                "#[deprecated] pub struct A;",
                "pub struct A;",
                &["deprecation-removed models::A"],
            ),
            (
                "pub struct A;",
                "#[must_use] pub struct A;",
                &["must-use-added models::A"],
            ),
            (
                "#[must_use] pub struct A;",
                "pub struct A;",
                &["must-use-removed models::A"],
            ),
        ],
    );
}

#[test]
fn functions() {
    let pairs: &[(&str, &str, &[&str])] = &[
        (
            "pub fn f(&self) {}",
            "pub fn f(&self, a: u8) {}",
            &["method-parameter-count-changed users::A::f"],
        ),
        (
            "pub fn f(&self, a: u8) {}",
            "pub fn f(&self, a: u16) {}",
            &["parameter-type-changed users::A::f"],
        ),
        (
            "pub fn f(&self, a: impl Into<String>) {}",
            "pub fn f(&self, a: String) {}",
            &["parameter-type-changed users::A::f"],
        ),
        (
            "pub fn f(&self) -> u8 {}",
            "pub fn f(&self) -> u16 {}",
            &["return-type-changed users::A::f"],
        ),
        (
            "pub fn f(&self) {}",
            "pub fn f(&self) -> u16 {}",
            &["return-type-changed users::A::f"],
        ),
        (
            "pub fn f(&self) {}",
            "pub fn f(self) {}",
            &["receiver-changed users::A::f"],
        ),
        ("pub fn f(self) {}", "pub fn f(mut self) {}", &[]),
        (
            "pub fn f(&self) {}",
            "pub async fn f(&self) {}",
            &["qualifiers-changed users::A::f"],
        ),
        (
            "pub fn f(&self) {}",
            "pub const fn f(&self) {}",
            &["became-const users::A::f"],
        ),
        (
            "pub const fn f(&self) {}",
            "pub fn f(&self) {}",
            &["qualifiers-changed users::A::f"],
        ),
        (
            "pub fn f<T: Copy>(&self, a: T) {}",
            "pub fn f<T>(&self, a: T) {}",
            &["generics-changed users::A::f"],
        ),
        ("pub fn f(&self) {}", "", &["item-removed users::A::f"]),
        (
            "pub fn f(&self) {}",
            "fn f(&self) {}",
            &["item-removed users::A::f"],
        ),
        ("", "pub fn f(&self) {}", &["item-added users::A::f"]),
        (
            "pub fn f(&self, a: u8, b: u8) {}",
            "pub fn f(&self, b: u8, a: u8) {}",
            &["arguments-reordered users::A::f"],
        ),
        (
            "pub const B: u8 = 1;",
            "pub const B: u8 = 2;",
            &["const-value-changed users::A::B"],
        ),
        (
            "pub fn f(&self) { g(1) }",
            "pub fn f(&self) { g(2) }",
            &["behaviour-changed users::A::f"],
        ),
        (
            "#[deprecated] pub fn f(&self) { }",
            "pub fn f(&self) { }",
            &["deprecation-removed users::A::f"],
        ),
        (
            "pub fn new(a: u8, b: u8) -> Self { Self { a, b } }",
            "pub fn new(a: u8, b: u8) -> Self { Self { a: b, b: a } }",
            &["behaviour-changed users::A::new"],
        ),
        (
            "pub fn new(a: u8) -> Self { Self { a } }",
            "pub fn new(a: u8) -> Self { Self { a: a, } }",
            &[],
        ),
    ];
    for (old, new, expected) in pairs {
        let of = |member: &str| format!("pub struct A {{ x: u8 }} impl A {{ {member} }}");
        check(
            "src/generated/users/mod.rs",
            &[(&of(old), &of(new), expected)],
        );
    }
}

#[test]
fn a_change_names_both_sides_and_is_known_again() {
    let one = surface(&[("src/lib.rs", "pub struct A { pub x: u8 }")]);
    let other = surface(&[("src/lib.rs", "\n\npub struct A {\n pub x: Option<u8> }")]);
    let [change] = compare(&one, &other).try_into().unwrap();
    assert_eq!(
        change.message,
        "the field `A::x` has another type: before `u8`, now `Option<u8>`"
    );
    let (old, new) = (change.old.clone().unwrap(), change.new.clone().unwrap());
    assert_eq!((old.signature.as_str(), old.line), ("x: u8", 1));
    assert_eq!((new.signature.as_str(), new.line), ("x: Option<u8>", 4));
    let moved = surface(&[("src/lib.rs", "\n\n\n\npub struct A { pub x: Option<u8> }")]);
    assert_eq!(compare(&one, &moved)[0].fingerprint(), change.fingerprint());
}

#[test]
fn what_is_no_rust_is_placed() {
    let path = crate::output::RelativePath::new("src/lib.rs").unwrap();
    let files = BTreeMap::from([(path, "struct A;\nstruct ;\n".to_owned())]);
    let refused = Surface::of(&files).unwrap_err();
    assert_eq!((refused.file.as_str(), refused.line), ("src/lib.rs", 2));
}
