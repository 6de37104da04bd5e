//! Diagnostics of writing: output folders that cannot be written, and files that somebody edited.

use std::fs;

use sdkgen::Job;

use crate::{
    VALID,
    folders::{files, write},
    support::{generate, snapshot, within},
};

/// Output that cannot be written: over an earlier one that is spoilt in some way.
macro_rules! unwritable {
    ($($name:ident($out:literal) { $($file:literal: $text:expr),* })*) => {
        pub(crate) const UNWRITABLE: &[&str] = &[$(stringify!($name)),*];

        $(
            #[test]
            #[cfg_attr(not(unix), ignore)]
            fn $name() {
                let root = tempfile::tempdir().unwrap();
                $(write(root.path(), $file, $text.as_ref());)*
                write(root.path(), "spec.yaml", VALID.as_ref());
                let before = files(root.path());
                let job = Job::new(root.path().join("spec.yaml"));
                let diagnostics = generate(&job, &root.path().join($out));
                assert_eq!(files(root.path()), before, "a write that failed left something");
                snapshot(stringify!($name), &within(diagnostics, root.path()));
            }
        )*
    };
}

unwritable! {
    output_is_a_file("sdk") { "sdk": "" }
    output_folder_is_a_file("sdk") { "sdk/src/generated/models": "" }
    output_file_is_a_folder("sdk") { "sdk/src/generated/models/mod.rs/": "" }
    output_manifest_is_broken("sdk") { "sdk/src/generated/manifest.json": "{" }
    output_manifest_leaves_the_folder("sdk") {
        "sdk/src/generated/manifest.json": r#"{
            "generator": "", "description": "", "configuration": "", "files": {"../victim": ""}
        }"#,
        "victim": "not ours\n"
    }
}

/// A failure after some files were staged: the folder of others cannot be made.
#[cfg(unix)]
#[test]
fn output_folder_cannot_be_made() {
    let root = tempfile::tempdir().unwrap();
    write(root.path(), "spec.yaml", VALID.as_ref());
    let job = Job::new(root.path().join("spec.yaml"));
    let sdk = root.path().join("sdk");
    let folder = sdk.join("src/generated/models");
    assert_eq!(generate(&job, &sdk), []);
    fs::remove_dir_all(&folder).unwrap();
    fs::remove_dir_all(sdk.join("src/generated/api")).unwrap();
    // Nothing is there to be read, and nothing can be made: we may run as root, whom permissions
    // would not stop.
    std::os::unix::fs::symlink(root.path().join("nowhere"), &folder).unwrap();
    let before = files(&sdk);
    let diagnostics = generate(&job, &sdk);
    assert_eq!(files(&sdk), before, "a write that failed left something");
    snapshot(
        "output_folder_cannot_be_made",
        &within(diagnostics, root.path()),
    );
}

/// What somebody edited is neither replaced nor deleted.
#[test]
fn output_edited() {
    let root = tempfile::tempdir().unwrap();
    write(root.path(), "spec.yaml", VALID.as_ref());
    let (spec, sdk) = (root.path().join("spec.yaml"), root.path().join("sdk"));
    let job = Job::new(&spec).with_layout(sdkgen::Layout::Embedded);
    assert_eq!(generate(&job, &sdk), []);
    write(&sdk, "docs/reference.md", b"mine\n");
    let before = files(&sdk);
    snapshot("output_edited", &within(generate(&job, &sdk), root.path()));
    assert_eq!(files(&sdk), before);
    // No longer rendered under this name.
    let manifest = sdk.join("src/generated/manifest.json");
    let text = fs::read_to_string(&manifest).unwrap();
    fs::write(&manifest, text.replace("docs/reference.md", "docs/old.md")).unwrap();
    fs::rename(sdk.join("docs/reference.md"), sdk.join("docs/old.md")).unwrap();
    snapshot(
        "output_stale_and_edited",
        &within(generate(&job, &sdk), root.path()),
    );
    assert_eq!(fs::read(sdk.join("docs/old.md")).unwrap(), b"mine\n");
}
