//! What is written, kept and refused.

use super::*;

fn files(list: &[(&str, &str)]) -> BTreeMap<RelativePath, String> {
    list.iter()
        .map(|(path, text)| (RelativePath::new(*path).unwrap(), (*text).to_owned()))
        .collect()
}

fn write(root: &Path, list: &[(&str, &str)]) -> Plan {
    let files = files(list);
    Output::new(root, &files, Manifest::default())
        .unwrap()
        .write()
        .unwrap()
}

fn check(root: &Path, list: &[(&str, &str)]) -> Vec<(String, &'static str)> {
    let files = files(list);
    let output = Output::new(root, &files, Manifest::default()).unwrap();
    let differences = output.check().unwrap();
    assert!(
        differences
            .iter()
            .all(|difference| !difference.diff.is_empty())
    );
    differences
        .into_iter()
        .map(|d| (d.path.to_string(), d.what))
        .collect()
}

fn overwrite(root: &Path, list: &[(&str, &str)]) -> Plan {
    let files = files(list);
    let output = Output::new(root, &files, Manifest::default()).unwrap();
    output.replace_edited(true).write().unwrap()
}

fn refused(root: &Path, list: &[(&str, &str)]) -> Diagnostic {
    let files = files(list);
    let output = Output::new(root, &files, Manifest::default());
    output.and_then(|output| output.write()).unwrap_err()
}

fn text(path: PathBuf) -> String {
    fs::read_to_string(path).unwrap()
}

const A: (&str, &str) = ("src/generated/a.rs", "a\n");
const B: (&str, &str) = ("src/generated/m/b.rs", "b\n");

#[test]
fn only_what_changed_is_written_and_what_is_stale_deleted() {
    let root = tempfile::tempdir().unwrap();
    let root = root.path();
    assert_eq!(write(root, &[A, B]).create.len(), 2);
    let before = fs::metadata(root.join(A.0)).unwrap().modified().unwrap();
    let plan = write(root, &[A]);
    assert_eq!((plan.unchanged, plan.delete.len()), (1, 1));
    assert_eq!(
        fs::metadata(root.join(A.0)).unwrap().modified().unwrap(),
        before
    );
    assert!(!root.join("src/generated/m").exists());
    assert!(write(root, &[A]).is_empty());
    assert_eq!(check(root, &[A]), []);
}

#[test]
fn every_kind_of_difference_is_reported() {
    let root = tempfile::tempdir().unwrap();
    let root = root.path();
    write(root, &[A, B]);
    fs::write(root.join(A.0), "edited\n").unwrap();
    fs::write(root.join("src/generated/own.rs"), "mine\n").unwrap();
    let found = check(root, &[A, ("src/generated/new.rs", "n\n")]);
    let expected = [
        ("src/generated/new.rs", "missing"),
        (A.0, "edited by hand"),
        (B.0, "stale"),
        (
            "src/generated/own.rs",
            "not rendered by sdkgen: move it elsewhere or delete it",
        ),
    ];
    assert_eq!(found, expected.map(|(path, what)| (path.to_owned(), what)));
    let plan = overwrite(root, &[A]);
    assert_eq!(plan.edited.len(), 1);
    assert!(
        root.join("src/generated/own.rs").exists(),
        "strays are not ours to delete"
    );
}

#[test]
fn files_of_others_are_not_replaced() {
    let root = tempfile::tempdir().unwrap();
    let root = root.path();
    fs::write(root.join("Cargo.toml"), "mine\n").unwrap();
    let wanted = files(&[A, ("Cargo.toml", "ours\n")]);
    let output = Output::new(root, &wanted, Manifest::default()).unwrap();
    let error = output.write().unwrap_err();
    assert!(error.message.ends_with("Cargo.toml"), "{error}");
    assert_eq!(
        fs::read_to_string(root.join("Cargo.toml")).unwrap(),
        "mine\n"
    );
    assert!(!root.join(A.0).exists());
}

#[test]
fn leftovers_of_a_run_that_died_are_healed() {
    let root = tempfile::tempdir().unwrap();
    let root = root.path();
    write(root, &[A]);
    let leave = |path: &str, folder: &str| {
        let staged = stage::stage(&root.join(path), "half", folder).unwrap();
        std::mem::forget(staged);
    };
    let number = || {
        let folders = [root.to_owned(), root.join("src/generated")];
        let entries = folders
            .iter()
            .flat_map(|folder| fs::read_dir(folder).unwrap());
        entries.count()
    };
    let before = number();
    leave("src/generated/a.rs", "src/generated");
    assert_eq!(check(root, &[A]), [], "no stray");
    write(root, &[A]);
    assert_eq!(number(), before, "where nothing else is to be done");
    leave("src/generated/new.rs", "src/generated");
    leave("Cargo.toml", "");
    fs::write(root.join(".sdkgen-lock"), "sdkgen, process 1\n").unwrap();
    fs::remove_file(root.join(A.0)).unwrap();
    let plan = write(root, &[A, ("own.toml", "")]);
    assert_eq!(plan.create.len(), 2);
    assert_eq!(number(), before + 1);
    assert_eq!(check(root, &[A, ("own.toml", "")]), []);
}

#[test]
fn a_failure_while_staging_changes_nothing() {
    let root = tempfile::tempdir().unwrap();
    let root = root.path();
    write(root, &[A]);
    // A name that fits and a temporary one that does not stand for any refusal of the file system.
    let mut left = 4089 - root.as_os_str().len();
    let mut long = String::new();
    while left > 120 {
        long += &("x".repeat(100) + "/");
        left -= 101;
    }
    long += &("x".repeat(left - 5) + "/y.rs");
    let error = refused(root, &[("src/generated/a.rs", "new\n"), (&long, "x\n")]);
    assert_eq!(error.code, Code::Output);
    assert_eq!(fs::read_to_string(root.join(A.0)).unwrap(), "a\n");
    assert_eq!(fs::read_dir(root.join("src/generated")).unwrap().count(), 2);
}

#[cfg(unix)]
#[test]
fn files_are_readable_by_others() {
    use std::os::unix::fs::PermissionsExt;
    let root = tempfile::tempdir().unwrap();
    write(root.path(), &[A]);
    let mode = fs::metadata(root.path().join(A.0))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o444, 0o444);
}

#[test]
fn files_that_only_look_like_ours_stay() {
    let root = tempfile::tempdir().unwrap();
    let root = root.path();
    write(root, &[A, B, ("Cargo.toml", "")]);
    let own = [
        ".sdkgen-notes",
        "src/.sdkgen-",
        "src/generated/.sdkgen-0123456789abcdef0123456789abcdef",
        "src/generated/m/.sdkgen-x",
    ];
    for name in own {
        fs::write(root.join(name), "mine").unwrap();
    }
    // A temporary file of ours that somebody moved elsewhere is theirs.
    let staged = stage::stage(&root.join(A.0), "half", "src/generated").unwrap();
    std::mem::forget(staged);
    let entries = fs::read_dir(root.join("src/generated")).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let moved = names
        .into_iter()
        .find(|name| stage::is_temporary(name, "src/generated"))
        .unwrap();
    fs::rename(root.join("src/generated").join(&moved), root.join(&moved)).unwrap();
    write(root, &[A, ("Cargo.toml", "new")]);
    for name in own.into_iter().chain([moved.as_str()]) {
        assert!(root.join(name).exists(), "{name}");
    }
}

#[test]
fn what_was_edited_is_neither_deleted_nor_replaced_unasked() {
    let root = tempfile::tempdir().unwrap();
    let root = root.path();
    write(root, &[A, B, ("docs/c.md", "c\n")]);
    for path in [A.0, B.0, "docs/c.md"] {
        fs::write(root.join(path), "mine\n").unwrap();
    }
    let new = ("src/generated/a.rs", "new\n");
    let error = refused(root, &[new, B]);
    assert_eq!(error.code, Code::Edited);
    assert!(
        error
            .message
            .ends_with("src/generated/a.rs, src/generated/m/b.rs"),
        "{error}"
    );
    assert_eq!(text(root.join(A.0)), "mine\n");
    // What is stale stays, and is no longer ours.
    let plan = overwrite(root, &[new]);
    assert_eq!(
        (plan.edited.len(), plan.kept.len(), plan.delete.len()),
        (1, 2, 0)
    );
    let codes: Vec<Code> = plan.warnings().iter().map(|said| said.code).collect();
    assert_eq!(codes, [Code::Kept, Code::Kept]);
    assert_eq!(text(root.join(A.0)), "new\n");
    assert_eq!(text(root.join(B.0)), "mine\n");
    assert_eq!(text(root.join("docs/c.md")), "mine\n");
    let again = write(root, &[new]);
    assert!(again.is_empty() && again.kept.is_empty());
    assert_eq!(
        refused(root, &[new, ("docs/c.md", "c\n")]).code,
        Code::Output
    );
}

#[test]
fn without_a_manifest_nothing_is_known_to_be_ours() {
    let root = tempfile::tempdir().unwrap();
    let root = root.path();
    write(root, &[A, B]);
    fs::remove_file(root.join(MANIFEST)).unwrap();
    assert_eq!(
        refused(root, &[("src/generated/a.rs", "new\n")]).code,
        Code::Edited
    );
    let plan = overwrite(root, &[("src/generated/a.rs", "new\n")]);
    assert_eq!((plan.foreign.len(), plan.stray.len()), (1, 1));
    assert!(root.join(B.0).exists());
}

#[test]
fn version_control_may_change_the_ends_of_lines() {
    let root = tempfile::tempdir().unwrap();
    let root = root.path();
    write(root, &[A, B]);
    fs::write(root.join(A.0), "a\r\n").unwrap();
    fs::write(root.join(B.0), "b\r\n").unwrap();
    assert_eq!(
        check(root, &[A]),
        [(A.0.to_owned(), "out of date"), (B.0.to_owned(), "stale")],
        "bytes are compared"
    );
    let plan = write(root, &[A]);
    assert_eq!(
        (plan.update.len(), plan.delete.len(), plan.edited.len()),
        (1, 1, 0)
    );
}

#[test]
fn bytes_that_are_no_text_differ_from_what_replaces_them() {
    let root = tempfile::tempdir().unwrap();
    let root = root.path();
    let file = ("src/generated/a.rs", "caf\u{fffd}\n");
    write(root, &[file]);
    fs::write(root.join(file.0), b"caf\xe9\n").unwrap();
    assert_eq!(
        check(root, &[file]),
        [(file.0.to_owned(), "edited by hand")]
    );
    assert_eq!(overwrite(root, &[file]).update.len(), 1);
    fs::write(root.join(file.0), b"caf\xef\xbf\xbd\n\x1b[2J").unwrap();
    let wanted = files(&[file]);
    let output = Output::new(root, &wanted, Manifest::default()).unwrap();
    let diff = &output.check().unwrap()[0].diff;
    assert!(diff.contains("\\u{1b}[2J"), "{diff}");
}

#[test]
fn a_run_that_died_knows_its_own() {
    let root = tempfile::tempdir().unwrap();
    let root = root.path();
    write(root, &[A, B]);
    // As a run leaves it that died after it had replaced one file of two.
    let new = files(&[
        ("src/generated/a.rs", "a2\n"),
        ("src/generated/m/b.rs", "b2\n"),
    ]);
    let output = Output::new(root, &new, Manifest::default()).unwrap();
    let changed: Vec<&RelativePath> = new.keys().collect();
    fs::write(root.join(MANIFEST), to_text(&output.interim(&changed))).unwrap();
    fs::write(root.join(A.0), "a2\n").unwrap();
    // The next one dies at once.
    let third = files(&[
        ("src/generated/a.rs", "a3\n"),
        ("src/generated/m/b.rs", "b3\n"),
    ]);
    let output = Output::new(root, &third, Manifest::default()).unwrap();
    fs::write(root.join(MANIFEST), to_text(&output.interim(&changed))).unwrap();
    let plan = write(root, &[B]);
    assert_eq!(
        (plan.delete.len(), plan.kept.len(), plan.edited.len()),
        (1, 0, 0)
    );
    assert!(!text(root.join(MANIFEST)).contains("pending"));
}

/// A manifest that somebody made up: it lists files with the hashes they have.
fn forge(root: &Path, list: &[(&str, &str)]) {
    let listed = list.iter().map(|(path, text)| {
        let path = RelativePath::trusted((*path).to_owned());
        (path, hash(text))
    });
    let manifest = Manifest {
        files: listed.collect(),
        ..Manifest::default()
    };
    fs::create_dir_all(root.join(GENERATED)).unwrap();
    fs::write(root.join(MANIFEST), to_text(&manifest)).unwrap();
}

#[test]
fn a_forged_manifest_deletes_no_hidden_file() {
    let root = tempfile::tempdir().unwrap();
    let root = root.path();
    let hidden = (".git/config", "[core]\n");
    fs::create_dir(root.join(".git")).unwrap();
    fs::write(root.join(hidden.0), hidden.1).unwrap();
    forge(root, &[hidden]);
    assert_eq!(write(root, &[A]).kept.len(), 1);
    assert!(root.join(hidden.0).exists());
}

#[cfg(unix)]
#[test]
fn no_link_below_the_root_is_followed() {
    use std::os::unix::fs::symlink;
    let outside = tempfile::tempdir().unwrap();
    let victim = outside.path().join("x.rs");
    fs::write(&victim, "mine\n").unwrap();
    // Stale files behind a link.
    let root = tempfile::tempdir().unwrap();
    forge(
        root.path(),
        &[("docs/x.rs", "mine\n"), ("src/generated/l", "mine\n")],
    );
    symlink(outside.path(), root.path().join("docs")).unwrap();
    symlink(&victim, root.path().join("src/generated/l")).unwrap();
    assert_eq!(write(root.path(), &[A]).kept.len(), 2);
    assert!(victim.exists());
    // Folders of rendered files that are links.
    for link in ["src/generated", "src", "docs"] {
        let root = tempfile::tempdir().unwrap();
        let link = root.path().join(link);
        fs::create_dir_all(link.parent().unwrap()).unwrap();
        symlink(outside.path(), &link).unwrap();
        let error = refused(root.path(), &[A, ("docs/x.rs", "ours\n")]);
        assert!(error.message.contains("is a link, not a folder"), "{error}");
    }
    // A rendered file that is a link, which may lead to what never ends.
    for target in [&victim, Path::new("/dev/zero"), Path::new("a.rs")] {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir_all(root.path().join(GENERATED)).unwrap();
        symlink(target, root.path().join(A.0)).unwrap();
        let error = refused(root.path(), &[A]);
        assert!(error.message.contains("is a link, not a file"), "{error}");
    }
    assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 1);
    assert_eq!(text(victim), "mine\n");
    // The root may be one: the caller named it.
    let real = tempfile::tempdir().unwrap();
    let link = outside.path().join("root");
    symlink(real.path(), &link).unwrap();
    assert_eq!(write(&link, &[A]).create.len(), 1);
    // Links in circles are strays.
    symlink(".", real.path().join("src/generated/loop")).unwrap();
    symlink("/dev/zero", real.path().join("src/generated/zero")).unwrap();
    let found = check(real.path(), &[A]);
    assert_eq!(found.len(), 2, "{found:?}");
}

#[test]
fn two_runs_at_once_are_told_apart() {
    let root = tempfile::tempdir().unwrap();
    let root = root.path();
    write(root, &[A]);
    let lock = lock::Lock::take(root).unwrap();
    let error = refused(root, &[A, B]);
    assert!(
        error.message.starts_with("another sdkgen (process"),
        "{error}"
    );
    assert!(!root.join(B.0).exists());
    // Where nothing is to be done, nothing is locked.
    assert!(write(root, &[A]).is_empty());
    drop(lock);
    assert_eq!(write(root, &[A, B]).create.len(), 1);
    assert_eq!(fs::read_dir(root).unwrap().count(), 1);
}

#[test]
fn names_that_differ_in_case_are_one_file_on_some_systems() {
    let root = tempfile::tempdir().unwrap();
    let root = root.path();
    let upper = ("src/generated/A.rs", "old\n");
    write(root, &[upper]);
    let has_case = !root.join(A.0).exists();
    write(root, &[A]);
    assert_eq!(text(root.join(A.0)), "a\n");
    assert_eq!(root.join(upper.0).exists(), !has_case);
}

#[test]
fn a_description_in_a_place_of_ours_is_not_replaced() {
    let root = tempfile::tempdir().unwrap();
    let root = root.path();
    write(root, &[A, B]);
    for list in [&[("src/generated/a.rs", "new\n"), B][..], &[B]] {
        let files = files(list);
        let output = Output::new(root, &files, Manifest::default()).unwrap();
        let error = output.protect([root.join(A.0)]).write().unwrap_err();
        assert!(error.message.contains("the input file"), "{error}");
    }
    assert_eq!(text(root.join(A.0)), "a\n");
}

#[test]
fn a_dump_goes_to_a_new_file_each_time() {
    let (one, other) = (save_text("1").unwrap(), save_text("2").unwrap());
    assert_ne!(one, other);
    assert_eq!(text(one.clone()), "1");
    for path in [one, other] {
        fs::remove_file(path).unwrap();
    }
}
