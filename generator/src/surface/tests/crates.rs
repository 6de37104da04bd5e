//! Whole crates: features, and what is handed on.

use super::{pairs::found, surface};

const MANIFEST: &str = "[package]\nname = \"a\"\nrust-version = \"1.85\"\n[features]\ndefault = [\"users\"]\nusers = []\ngroups = []\n";

#[test]
fn features_and_crates() {
    let lib = "mod hidden { #[cfg(feature = \"users\")] pub struct A { pub x: u8 } pub struct B; mod deep { pub struct C; } pub use deep::*; }\npub use hidden::*; pub use hidden::B as Other;";
    let edit = |text: &str, from: &str, to: &str| {
        assert!(text.contains(from), "{from}");
        text.replace(from, to)
    };
    let cases: &[(&str, &str, &str, &[&str])] = &[
        (
            "lib",
            "#[cfg(feature = \"users\")] ",
            "",
            &["feature-gate-widened A"],
        ),
        (
            "lib",
            "\"users\"",
            "\"groups\"",
            &["feature-gate-changed A"],
        ),
        (
            "lib",
            "cfg(feature = \"users\")",
            "cfg(any(feature = \"users\", feature = \"groups\"))",
            &["feature-gate-widened A"],
        ),
        (
            "lib",
            "pub struct B;",
            "#[cfg(feature = \"users\")] pub struct B;",
            &["feature-gate-changed B", "feature-gate-changed Other"],
        ),
        (
            "lib",
            "mod deep",
            "#[cfg(feature = \"users\")] mod deep",
            &["feature-gate-changed C"],
        ),
        ("lib", "pub use deep::*;", "", &["item-removed C"]),
        (
            "lib",
            "hidden::B as Other",
            "hidden::A as Other",
            &["re-export-changed Other", "feature-gate-changed Other"],
        ),
        (
            "manifest",
            "groups = []\n",
            "",
            &["feature-removed feature groups"],
        ),
        (
            "manifest",
            "groups = []\n",
            "groups = []\nmore = []\n",
            &["feature-added feature more"],
        ),
        (
            "manifest",
            "default = [\"users\"]",
            "default = []",
            &["feature-enables-less feature default"],
        ),
        (
            "manifest",
            "default = [\"users\"]",
            "default = [\"users\", \"groups\"]",
            &["feature-enables-more feature default"],
        ),
        (
            "manifest",
            "1.85",
            "1.90",
            &["rust-version-changed crate rust-version"],
        ),
        (
            "manifest",
            "name = \"a\"",
            "name = \"b\"",
            &["crate-renamed crate name"],
        ),
        ("manifest", "users = []", "users = [\"dep:x\"]", &[]),
    ];
    let old = surface(&[("src/lib.rs", lib), ("Cargo.toml", MANIFEST)]);
    for (file, from, to, expected) in cases {
        let (lib, manifest) = match *file {
            "lib" => (edit(lib, from, to), MANIFEST.to_owned()),
            _ => (lib.to_owned(), edit(MANIFEST, from, to)),
        };
        let new = surface(&[("src/lib.rs", &lib), ("Cargo.toml", &manifest)]);
        let mut changes = found(&old, &new);
        changes.sort();
        let mut expected = expected.to_vec();
        expected.sort_unstable();
        assert_eq!(changes, expected, "{from} {to}");
    }
}
