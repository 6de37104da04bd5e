//! Absences that the architecture rests on: what a folder must not mention, what no file may hold.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
};

use xtask::root;

/// Files with an ending below a folder, as path and text.
fn files(folder: &str, ending: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_symlink() {
                continue;
            } else if path.is_dir() {
                folders.push(path);
            } else if path.to_string_lossy().ends_with(ending) {
                let text = fs::read_to_string(&path).unwrap();
                let name = path
                    .strip_prefix(root())
                    .unwrap()
                    .to_string_lossy()
                    .into_owned();
                found.push((name, text));
            }
        }
    }
    assert!(!found.is_empty(), "nothing in {folder}");
    found
}

/// Lines of code: without comments, and without unit tests, which may look over the fence.
fn code(text: &str) -> impl Iterator<Item = &str> {
    let production = text.split("#[cfg(test)]").next().unwrap_or_default();
    production
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
}

fn nowhere(files: &[(String, String)], words: &[&str]) {
    for (name, text) in files {
        for line in code(text) {
            for word in words {
                assert!(!line.contains(word), "{name} mentions {word}: {line}");
            }
        }
    }
}

#[test]
fn the_runtime_knows_no_api() {
    let runtime = files("sdk/src/runtime", ".rs");
    nowhere(
        &runtime,
        &[
            "genesys",
            "Genesys",
            "purecloud",
            "generated",
            "ININ",
            "inin-",
        ],
    );
}

#[test]
fn rendered_code_knows_one_module_of_the_runtime() {
    for (name, text) in files("sdk/src/generated", ".rs") {
        for line in code(&text).filter(|line| line.contains("crate::")) {
            assert_eq!(line, "use crate::runtime::codegen as rt;", "{name}");
        }
    }
}

/// The first segments of all paths that begin with `root`: `model` and `openapi` of
/// `use crate::{model::Api, openapi::Pointer};` for the root `crate::`.
fn imported(code: &str, root: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut rest = code;
    while let Some((_, after)) = rest.split_once(root) {
        rest = after;
        let Some(list) = after.strip_prefix('{') else {
            found.extend(first_word(after));
            continue;
        };
        // The members of the list itself: what is nested deeper belongs to one of them.
        let mut depth = 0_usize;
        let mut start = 0;
        for (at, character) in list.char_indices() {
            match character {
                '{' => depth += 1,
                '}' if depth > 0 => depth -= 1,
                ',' if depth == 0 => {
                    found.extend(first_word(&list[start..at]));
                    start = at + 1;
                }
                '}' => {
                    found.extend(first_word(&list[start..at]));
                    break;
                }
                _ => {}
            }
        }
    }
    found
}

fn first_word(path: &str) -> Option<String> {
    let path = path.trim_start();
    let end = path.find(|c: char| !c.is_alphanumeric() && c != '_');
    let word = &path[..end.unwrap_or(path.len())];
    (!word.is_empty()).then(|| word.to_owned())
}

#[test]
fn imports_are_found() {
    let code = "use crate::{\n    a::{B, c::{D}},\n    e,\n    f::G,\n};\nlet h = crate::i::j();";
    assert_eq!(
        Vec::from_iter(imported(code, "crate::")),
        ["a", "e", "f", "i"]
    );
}

#[test]
fn each_room_imports_only_from_those_above_it() {
    let root = fs::read_to_string(root().join("generator/src/lib.rs")).unwrap();
    let rooms: Vec<&str> = root
        .lines()
        .filter_map(|line| line.trim_start_matches("pub ").strip_prefix("mod "))
        .map(|room| room.trim_end_matches(';'))
        .collect();
    assert!(rooms.len() > 10, "{rooms:?}");
    let mut seen = 0;
    for (name, text) in files("generator/src", ".rs") {
        let inside = name.strip_prefix("generator/src/").unwrap();
        let room = inside.split('/').next().unwrap().trim_end_matches(".rs");
        let is_test = inside.contains("/tests/") || inside.ends_with("tests.rs");
        // The program is another crate, and the root joins the rooms.
        if is_test || matches!(room, "lib" | "main" | "cli") {
            continue;
        }
        let own = rooms.iter().position(|other| *other == room);
        let own = own.unwrap_or_else(|| panic!("{name} is in no room"));
        let code: Vec<&str> = code(&text).collect();
        for import in imported(&code.join("\n"), "crate::") {
            // Of rendered crates.
            if import == "runtime" {
                continue;
            }
            seen += 1;
            let above = rooms.iter().position(|other| *other == import);
            assert!(
                above.is_some_and(|above| above <= own),
                "{name} imports from {import}"
            );
        }
    }
    assert!(seen > 200, "{seen}");
}

#[test]
fn the_files_of_a_room_import_in_one_direction() {
    let rooms = [
        "config", "diff", "document", "job", "model", "openapi", "output", "report", "slice",
        "spec", "surface",
    ];
    for room in rooms {
        let folder = format!("generator/src/{room}/");
        let mut imports: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (name, text) in files(&folder, ".rs") {
            let file = name.strip_prefix(&folder).unwrap();
            let file = file.strip_suffix(".rs").unwrap();
            if file.contains('/') || matches!(file, "mod" | "tests") {
                continue;
            }
            let code: Vec<&str> = code(&text).collect();
            imports.insert(file.to_owned(), imported(&code.join("\n"), "super::"));
        }
        assert!(imports.len() > 1, "{room}: {imports:?}");
        // What imports from no remaining file can be taken away; files in a circle remain.
        while let Some(leaf) = imports
            .iter()
            .find(|(_, from)| !from.iter().any(|file| imports.contains_key(file)))
            .map(|(file, _)| file.clone())
        {
            imports.remove(&leaf);
        }
        let circle: Vec<&String> = imports.keys().collect();
        assert!(circle.is_empty(), "{room}: {circle:?} import in a circle");
    }
}

#[test]
fn the_model_is_neutral() {
    let model = [
        files("generator/src/model", ".rs"),
        files("generator/src/lower", ".rs"),
    ]
    .concat();
    assert!(model.len() > 5, "the model is somewhere");
    nowhere(&model, &["openapiv3", "Ident", "askama", "quote", "rust"]);
}

#[test]
fn the_typed_document_is_read_once_and_resolved_once() {
    let others: Vec<_> = files("generator/src", ".rs")
        .into_iter()
        .filter(|(name, _)| !name.contains("/read/") && !name.contains("/spec/build/"))
        .collect();
    nowhere(&others, &["openapiv3"]);
}

#[test]
fn only_load_and_output_and_the_configuration_touch_files() {
    for (name, text) in files("generator/src", ".rs") {
        let may = [
            "document/files.rs",
            "document/input.rs",
            "output/folder.rs",
            "output/lock.rs",
            "output/mod.rs",
            "output/stage.rs",
            "output/write.rs",
        ];
        let may = may.map(|file| format!("generator/src/{file}"));
        if !may.contains(&name) && !name.contains("/tests/") && !name.ends_with("/tests.rs") {
            nowhere(&[(name, text)], &["std::fs", "fs::", "std::net", "env::"]);
        }
    }
}

#[test]
fn names_are_made_in_one_place() {
    for (name, text) in files("generator/src", ".rs") {
        // What is referred to in an odd place becomes a component, whose name in the description is
        // made with its reference.
        if !name.starts_with("generator/src/rust/names/") && !name.ends_with("read/values.rs") {
            nowhere(
                &[(name, text)],
                &["heck::", "to_snake_case", "to_upper_camel_case"],
            );
        }
    }
    for (name, text) in files("templates", ".j2") {
        for word in ["==", "|upper", "|lower", "|replace"] {
            assert!(!text.contains(word), "{name} decides: {word}");
        }
    }
}

#[test]
fn written_files_can_be_read() {
    for folder in ["generator", "sdk", "xtask", "tests"] {
        for (name, text) in files(folder, ".rs") {
            if !name.contains("/generated/") {
                let lines = text.lines().count();
                assert!(lines <= 530, "{name} has {lines} lines");
            }
        }
    }
}

#[test]
fn regenerating_builds_little_more_than_the_generator() {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let tree = std::process::Command::new(cargo)
        .args(["tree", "--offline", "--locked", "--prefix", "none"])
        .args(["--package", "xtask", "--edges", "normal,build"])
        .current_dir(root())
        .output()
        .unwrap();
    let tree = String::from_utf8(tree.stdout).unwrap();
    let packages: BTreeSet<&str> = tree
        .lines()
        .filter_map(|line| line.split(' ').next())
        .collect();
    assert!(packages.contains("sdkgen"), "{tree}");
    // The measuring tools; what only the program and overlays need; the SDK and its dependencies.
    for package in [
        "sdkgen-corpus",
        "sdkgen-diff-locality",
        "sdkgen-semver-audit",
        "genesys-cloud-users",
        "mimalloc",
        "regex",
        "reqwest",
        "serde_json_path",
        "tokio",
    ] {
        assert!(!packages.contains(package), "{package} is built for regen");
    }
    // One version serves the macros and the generator.
    let versions = tree.lines().filter(|line| line.starts_with("syn v"));
    let versions: BTreeSet<&str> = versions.map(|line| line.trim_end_matches(" (*)")).collect();
    assert_eq!(versions.len(), 1, "{versions:?}");
}

#[test]
fn nothing_is_allowed_wholesale() {
    for folder in ["generator", "sdk", "xtask", "templates"] {
        let ending = if folder == "templates" { ".j2" } else { ".rs" };
        for (name, text) in files(folder, ending) {
            for line in text
                .lines()
                .filter(|line| line.contains("allow(") || line.contains("expect("))
            {
                let is_blanket = line.contains("clippy::all") || line.contains("allow(warnings");
                assert!(!is_blanket, "{name}: {line}");
            }
        }
    }
}

#[test]
fn the_table_of_constructs_names_what_is_there_and_all_of_it() {
    let table = fs::read_to_string(root().join("docs/constructs.md")).unwrap();
    let mut goldens = BTreeSet::new();
    // What stands between backticks: every other piece.
    for code in table.split('`').skip(1).step_by(2) {
        if let Some(golden) = code.strip_prefix("golden/") {
            goldens.insert(golden.to_owned());
        } else if let Some(case) = code.strip_prefix("diagnostics/") {
            let snapshot = format!("tests/diagnostics/snapshots/{case}.snap");
            assert!(root().join(&snapshot).is_file(), "{code} is no case");
        }
    }
    let targets = xtask::goldens().unwrap();
    let found: BTreeSet<String> = targets.into_iter().map(|target| target.name).collect();
    assert_eq!(goldens, found, "docs/constructs.md and tests/golden differ");
}

#[test]
fn the_promises_of_security_name_tests_that_exist() {
    let mut tests = std::collections::BTreeSet::new();
    for folder in ["generator", "sdk", "tests", "xtask"] {
        for (_, text) in files(folder, ".rs") {
            tests.extend(test_functions(&text));
        }
    }
    assert!(tests.contains("the_promises_of_security_name_tests_that_exist"));
    let text = fs::read_to_string(root().join("SECURITY.md")).unwrap();
    let (promises, gaps) = text.split_once("## Not promised yet").unwrap();
    let mut rows = 0;
    for row in promises
        .lines()
        .filter(|line| line.starts_with("| ") && !line.starts_with("| promise"))
    {
        let cells: Vec<&str> = row.trim_matches('|').rsplitn(2, '|').collect();
        let named: Vec<&str> = cells[0].split('`').skip(1).step_by(2).collect();
        assert!(!named.is_empty(), "no test holds this promise: {row}");
        for name in named {
            assert!(tests.contains(name), "no test is called {name}: {row}");
        }
        rows += 1;
    }
    assert!(rows > 10, "the promises are somewhere");
    // What has a test is promised.
    for name in gaps.split('`').skip(1).step_by(2) {
        assert!(!tests.contains(name), "a gap has a test: {name}");
    }
}

/// The names of functions that are tests.
fn test_functions(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut is_test = false;
    for line in text.lines().map(str::trim_start) {
        if line.starts_with("#[test]") || line.starts_with("#[tokio::test") {
            is_test = true;
        } else if let Some((_, rest)) = line
            .split_once("fn ")
            .filter(|_| is_test && !line.starts_with("//"))
        {
            found.push(rest.split(['(', '<']).next().unwrap_or_default().to_owned());
            is_test = false;
        }
    }
    found
}
