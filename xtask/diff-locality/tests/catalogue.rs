//! Edits of the description change only the files of the edited items. `cargo xtask diff-locality`
//! makes all of them; here are some of each kind.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use sdkgen_diff_locality::{Bench, Edit, Measured, Minimum, Part, Tree, edits};
use serde_json::Value;

fn measure(bench: &Bench, name: &str) -> Measured {
    let edit = edits().find(|edit| edit.name == name).unwrap();
    let measured = bench.measure(edit).unwrap();
    assert_eq!(measured.violations, Vec::<String>::new(), "{name}");
    measured
}

#[test]
fn an_edit_changes_the_files_of_what_it_edits() {
    let bench = Bench::users_api().unwrap();
    // The rendering is the same except for the manifest, which has the hash of the description.
    for name in [
        "turn the order of paths round",
        "turn the order of schemas round",
        "turn the order of all properties round",
    ] {
        let measured = measure(&bench, name);
        assert_eq!((measured.files, measured.lines), (0, 0), "{name}");
        assert_eq!((measured.reference, measured.manifest), (0, 2), "{name}");
    }
    let measured = measure(&bench, "add an optional property");
    assert_eq!((measured.files, measured.reference), (1, 0));
    assert!(
        (measured.ratio() - 1.0).abs() < f64::EPSILON,
        "{measured:?}"
    );
    // The operation, and the list of the operations of its tag.
    let measured = measure(&bench, "add an operation");
    assert_eq!((measured.files, measured.reference), (2, 1));
    assert!(measured.ratio() < 1.5, "{measured:?}");
}

#[test]
fn unrelated_changes_are_reported() {
    fn reword(tree: &mut Tree, name: &str) -> Option<()> {
        let schema = &mut tree.root["components"]["schemas"][name];
        schema["description"] = Value::from("Another sentence.");
        Some(())
    }
    let edit = Edit {
        name: "reword one schema and, undeclared, another",
        prepare: None,
        apply: |tree| {
            reword(tree, "Division")?;
            reword(tree, "Chat")?;
            let part = Part::Model("Division".to_owned());
            Some(Minimum {
                nodes: vec!["/components/schemas/Division".to_owned()],
                files: vec![(part.clone(), part)],
                lines: 2,
                reference: 1,
            })
        },
    };
    let measured = Bench::users_api().unwrap().measure(&edit).unwrap();
    let reported = |text: &str| {
        let mut all = measured.violations.iter();
        assert!(all.any(|one| one.contains(text)), "{text}: {measured:?}");
    };
    assert_eq!(measured.violations.len(), 3, "{measured:?}");
    reported("models/chat.rs is changed");
    reported("`models::Chat`");
    reported("0 lines of docs/reference.md are changed, not 1");
}
