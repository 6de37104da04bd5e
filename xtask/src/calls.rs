//! Programs that call through the SDK: what a call costs, and what many calls at once come to.

use std::{env::consts::EXE_SUFFIX, process::Command};

use clap::{Args, ValueEnum};
use xtask::root;

use xtask::process::{cargo, run};

/// How many calls, and what they meet.
#[derive(Args)]
pub(crate) struct Load {
    /// How many calls, at the server with faults.
    #[arg(long, default_value_t = 50_000, value_parser = clap::value_parser!(u32).range(1..))]
    calls: u32,
    /// How many of them at a time.
    #[arg(long, default_value_t = 256, value_parser = clap::value_parser!(u32).range(1..))]
    concurrent: u32,
    /// How many reads, at the server with a rate limit; 16, 50, 100 and 400 of them at a time.
    #[arg(long, default_value_t = 900, value_parser = clap::value_parser!(u32).range(1..))]
    reads: u32,
    /// How many requests the rate limit allows in each window.
    #[arg(long, default_value_t = 300, value_parser = clap::value_parser!(u32).range(1..))]
    allowed: u32,
    /// How many seconds a window lasts.
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..))]
    window: u32,
    /// Run one of the two alone.
    #[arg(long)]
    only: Option<Scenario>,
}

/// What calls meet.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Scenario {
    /// One request in a hundred fails.
    Faults,
    /// The service allows so many requests in each window.
    Limit,
}

/// Compares a call of the SDK with a hand-written one and with one of progenitor's client.
pub(crate) fn compare() -> bool {
    build(
        "bench-calls",
        &["--manifest-path", "tests/bench-calls/Cargo.toml"],
    ) && run(&mut program("bench-calls", "bench-calls"))
}

/// Makes many calls through one client, at a server that injects faults and at one with a rate limit.
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
