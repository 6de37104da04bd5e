//! The compiler's messages about incorrect calls: they name the type at fault, and what to do.
//!
//! Each file beside this one in `mistakes/` is compiled against the crate as the test itself is. What
//! stands in it after `//~` must be in what the compiler says; without such a line, it must compile.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
    time::SystemTime,
};

/// What no message may send a reader to.
const ASTRAY: &[&str] = &["OpenEnum", "is not an iterator", "others"];

#[test]
fn the_compiler_says_what_to_do() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/mistakes");
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    let library = library();
    let out = tempfile::tempdir().unwrap();
    let mut failures = String::new();
    for file in &files {
        let text = fs::read_to_string(file).unwrap();
        let expected: Vec<&str> = text
            .lines()
            .filter_map(|line| Some(line.trim().strip_prefix("//~")?.trim()))
            .collect();
        let (compiles, said) = compile(file, &library, out.path());
        let name = file.file_name().unwrap().to_string_lossy();
        if compiles != expected.is_empty() {
            failures += &format!("{name}: compiles: {compiles}\n{said}\n");
            continue;
        }
        for part in expected.iter().filter(|part| !said.contains(**part)) {
            failures += &format!("{name}: {part:?} is missing in\n{said}\n");
        }
        for part in ASTRAY.iter().filter(|part| said.contains(**part)) {
            failures += &format!("{name}: {part:?} is in\n{said}\n");
        }
    }
    assert!(files.len() > 5, "{files:?}");
    assert!(failures.is_empty(), "{failures}");
}

/// Whether a file compiles, and the compiler's messages.
fn compile(file: &Path, library: &Path, out: &Path) -> (bool, String) {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let mut command = Command::new(rustc);
    command
        .args(["--edition=2024", "--crate-type=lib", "--emit=metadata"])
        .arg("--extern")
        .arg(format!("genesys_cloud_users={}", library.display()))
        .arg("-L")
        .arg(format!(
            "dependency={}",
            library.parent().unwrap().display()
        ))
        .arg("--out-dir")
        .arg(out)
        .arg(file);
    let output = command.output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    // How much of a path is said depends on what else the crate's dependencies call so.
    let said = said
        .replace("std::option::", "")
        .replace("std::string::", "");
    (output.status.success(), said)
}

/// The crate as Cargo built it last, beside this test.
fn library() -> PathBuf {
    let deps = env::current_exe().unwrap().parent().unwrap().to_owned();
    let built = |path: &PathBuf| -> SystemTime { fs::metadata(path).unwrap().modified().unwrap() };
    fs::read_dir(deps)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            name.starts_with("libgenesys_cloud_users-") && name.ends_with(".rlib")
        })
        .max_by_key(built)
        .unwrap()
}
