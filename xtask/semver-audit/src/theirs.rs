//! Runs cargo-semver-checks on two crates.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use xtask::root;

use xtask::process::{cargo, run};

/// The version whose verdicts are compared: it reads the rustdoc JSON of Rust 1.95 and neighbouring
/// versions.
pub(super) const VERSION: &str = "0.51.0";

/// The verdict of cargo-semver-checks: the violated lints that require a major version; empty if the
/// change is not breaking.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Theirs {
    pub(super) lints: Vec<String>,
}

impl Theirs {
    pub(super) fn is_breaking(&self) -> bool {
        !self.lints.is_empty()
    }
}

/// The program, which is installed if it is missing.
pub(super) fn program() -> Result<PathBuf, String> {
    let folder = root().join("target/tools/semver");
    let program = folder.join("bin").join(format!(
        "cargo-semver-checks{}",
        std::env::consts::EXE_SUFFIX
    ));
    let says = Command::new(&program)
        .args(["semver-checks", "--version"])
        .output();
    if says.is_ok_and(|says| String::from_utf8_lossy(&says.stdout).contains(VERSION)) {
        return Ok(program);
    }
    println!(
        "installing cargo-semver-checks {VERSION} into target/tools, which takes some minutes"
    );
    let mut install = cargo();
    install
        .args([
            "install",
            "cargo-semver-checks",
            "--locked",
            "--version",
            VERSION,
            "--root",
        ])
        .arg(&folder)
        // It runs for a second per pair but takes minutes to build, so optimizing it is not worthwhile.
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1")
        .env("CARGO_PROFILE_RELEASE_LTO", "off")
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
        .env("CARGO_PROFILE_RELEASE_DEBUG", "0")
        // An interrupted installation continues where it stopped.
        .env("CARGO_TARGET_DIR", root().join("target/tools/semver-build"));
    match run(&mut install) {
        true => Ok(program),
        false => Err("cargo-semver-checks cannot be installed".to_owned()),
    }
}

/// Compares two crates by their JSON documentation, or reads the result of an earlier run.
pub(super) fn compare(
    program: &Path,
    (old, new): (&Path, &Path),
    remembered: &Path,
) -> Result<Theirs, String> {
    if let Some(theirs) = recall(remembered) {
        return Ok(theirs);
    }
    let mut command = Command::new(program);
    command
        .args([
            "semver-checks",
            "--release-type",
            "minor",
            "--color",
            "never",
        ])
        .arg("--baseline-rustdoc")
        .arg(old)
        .arg("--current-rustdoc")
        .arg(new)
        .current_dir(root())
        .stdin(Stdio::null());
    let ended = command
        .output()
        .map_err(|error| format!("cannot run cargo-semver-checks: {error}"))?;
    let stdout = String::from_utf8_lossy(&ended.stdout);
    let lints = failures(&stdout);
    // 100: it completed, and lints are violated.
    match (ended.status.code(), lints.is_empty()) {
        (Some(0), true) | (Some(100), false) => {}
        _ => {
            let errors = String::from_utf8_lossy(&ended.stderr);
            return Err(format!(
                "cargo-semver-checks ended with {}:\n{stdout}{errors}",
                ended.status
            ));
        }
    }
    let theirs = Theirs { lints };
    fs::write(remembered, format!("{}\n", theirs.lints.join("\n")))
        .map_err(|error| format!("cannot write {}: {error}", remembered.display()))?;
    Ok(theirs)
}

/// The result of an earlier run for the same two crates.
pub(super) fn recall(remembered: &Path) -> Option<Theirs> {
    let text = fs::read_to_string(remembered).ok()?;
    let lines = text.lines().filter(|line| !line.is_empty());
    Some(Theirs {
        lints: lines.map(str::to_owned).collect(),
    })
}

/// The violated lints in a report.
fn failures(report: &str) -> Vec<String> {
    let heads = report
        .lines()
        .filter_map(|line| line.strip_prefix("--- failure "));
    let names = heads.filter_map(|head| head.split(':').next());
    names.map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lints_are_read_from_a_report() {
        let report = "\n--- failure struct_missing: pub struct removed ---\n\nDescription:\nA struct\n\
                      --- warning enum_missing: no ---\n--- failure method_parameter_count_changed: a: b ---\n";
        assert_eq!(
            failures(report),
            ["struct_missing", "method_parameter_count_changed"]
        );
        assert!(
            !Theirs {
                lints: failures("Checked\n")
            }
            .is_breaking()
        );
    }
}
