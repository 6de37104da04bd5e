//! Runs the programs that measure the cost of a call and of many concurrent calls.

use std::{env::consts::EXE_SUFFIX, process::Command};

use clap::{Args, ValueEnum};
use xtask::root;

use xtask::process::{cargo, run};

/// How many calls to make, and to which server.
#[derive(Args)]
pub(crate) struct Load {
    /// Number of calls to the server with faults.
    #[arg(long, default_value_t = 50_000, value_parser = clap::value_parser!(u32).range(1..))]
    calls: u32,
    /// Number of them at a time.
    #[arg(long, default_value_t = 256, value_parser = clap::value_parser!(u32).range(1..))]
    concurrent: u32,
    /// Number of reads from the server with a rate limit; 16, 50, 100 and 400 of them at a time.
    #[arg(long, default_value_t = 900, value_parser = clap::value_parser!(u32).range(1..))]
    reads: u32,
    /// Number of requests that the rate limit allows in each window.
    #[arg(long, default_value_t = 300, value_parser = clap::value_parser!(u32).range(1..))]
    allowed: u32,
    /// Length of a window, in seconds.
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..))]
    window: u32,
    /// Run only one of the two.
    #[arg(long)]
    only: Option<Scenario>,
}

/// What the server does to calls.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Scenario {
    /// One request in a hundred fails.
    Faults,
    /// The server limits the number of requests in each window.
    Limit,
}

/// Compares a call of the SDK with a hand-written call and with progenitor's client.
pub(crate) fn compare() -> bool {
    build(
        "bench-calls",
        &["--manifest-path", "tests/bench-calls/Cargo.toml"],
    ) && run(&mut program("bench-calls", "bench-calls"))
}

/// Makes many calls through one client, to a server that injects faults and to one with a rate limit.
pub(crate) fn load(options: &Load) -> bool {
    let figures = |figures: &[u32]| -> Vec<String> { figures.iter().map(u32::to_string).collect() };
    let is_meant = |scenario| options.only.is_none_or(|only| only == scenario);
    build("load", &["--package", "workspace-tests", "--bin", "load"])
        && (!is_meant(Scenario::Faults)
            || run(program("load", "load").args(figures(&[options.calls, options.concurrent]))))
        && (!is_meant(Scenario::Limit)
            || run(program("load", "load").arg("limit").args(figures(&[
                options.reads,
                options.allowed,
                options.window,
            ]))))
}

/// Builds with optimizations in a separate target folder, so that other builds stay cached.
fn build(folder: &str, what: &[&str]) -> bool {
    let mut command = cargo();
    command
        .args(["build", "--release"])
        .args(what)
        .env("CARGO_TARGET_DIR", root().join("target").join(folder));
    run(&mut command)
}

/// A program that [`build`] built. It calls a server on this machine, so no proxy may be used.
fn program(folder: &str, name: &str) -> Command {
    let release = root().join("target").join(folder).join("release");
    let mut command = Command::new(release.join(format!("{name}{EXE_SUFFIX}")));
    command
        .current_dir(root())
        .env("NO_PROXY", "127.0.0.1")
        .env("no_proxy", "127.0.0.1");
    command
}
