//! Programs that call through the SDK: what a call costs, and what many calls at once come to.

use std::{env::consts::EXE_SUFFIX, process::Command};

use xtask::root;

use xtask::process::{cargo, run};

/// Compares a call of the SDK with a hand-written one and with one of progenitor's client.
pub(crate) fn compare() -> bool {
    build(
        "bench-calls",
        &["--manifest-path", "tests/bench-calls/Cargo.toml"],
    ) && run(&mut program("bench-calls", "bench-calls"))
}

/// Makes many calls through one client, at a server that injects faults.
pub(crate) fn load(calls: u32, concurrent: u32) -> bool {
    build("load", &["--package", "workspace-tests", "--bin", "load"])
        && run(program("load", "load")
            .arg(calls.to_string())
            .arg(concurrent.to_string()))
}

/// Builds with optimizations, apart from what others build: neither replaces the other's work.
fn build(folder: &str, what: &[&str]) -> bool {
    let mut command = cargo();
    command
        .args(["build", "--release"])
        .args(what)
        .env("CARGO_TARGET_DIR", root().join("target").join(folder));
    run(&mut command)
}

/// A program that [`build`] made. What it calls is on this machine, where no proxy finds it.
fn program(folder: &str, name: &str) -> Command {
    let release = root().join("target").join(folder).join("release");
    let mut command = Command::new(release.join(format!("{name}{EXE_SUFFIX}")));
    command
        .current_dir(root())
        .env("NO_PROXY", "127.0.0.1")
        .env("no_proxy", "127.0.0.1");
    command
}
