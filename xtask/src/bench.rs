//! Time and size of generating and compiling the SDK, in one run with the time that this machine
//! currently takes for a fixed piece of work, so that runs on different machines compare.

use std::{
    fs,
    path::Path,
    time::{Duration, Instant, SystemTime},
};

use xtask::{review::Size, root};

use xtask::process::{cargo, run};

const ROUNDS: usize = 5;
/// The fixed piece of work: as many bytes are hashed.
const YARDSTICK_BYTES: usize = 256 << 20;

/// Measures and prints; returns whether everything could be measured.
pub(crate) fn run_all() -> bool {
    measure().is_some()
}

fn measure() -> Option<()> {
    println!("medians of {ROUNDS} rounds");
    let generate = median(ROUNDS, || {
        let start = Instant::now();
        let outcome = xtask::write_or_check(&xtask::sdk(), true);
        let elapsed = start.elapsed();
        outcome.up_to_date.then_some(elapsed)
    })?;
    let profile = if cfg!(debug_assertions) {
        "debug"
    } else {
        "release"
    };
    println!(
        "generate: {:.3} s wall ({profile} build of sdkgen)",
        generate.as_secs_f64()
    );
    let size = Size::of_sdk(&root()).ok()?;
    println!("rendered: {} files, {} lines", size.files, size.lines);
    let sdk = check_sdk(&root(), ROUNDS)?;
    let bytes = vec![0; YARDSTICK_BYTES];
    let yardstick = median(ROUNDS, || {
        let start = Instant::now();
        std::hint::black_box(sdkgen::output::hash(&bytes));
        Some(start.elapsed())
    })?;
    let ratio = sdk.as_secs_f64() / yardstick.as_secs_f64();
    println!(
        "SHA-256 of 256 MiB, the yardstick: {:.2} s",
        yardstick.as_secs_f64()
    );
    println!(
        "cargo check of the SDK alone: {:.2} CPU s, {ratio:.2} yardsticks",
        sdk.as_secs_f64()
    );
    Some(())
}

/// CPU time of `cargo check` for the SDK of a checkout, without its dependencies: the median of some
/// rounds.
pub(crate) fn check_sdk(root: &Path, rounds: usize) -> Option<Duration> {
    let check = || {
        let mut command = cargo();
        command
            .current_dir(root)
            .args(["check", "--quiet", "--package", "genesys-cloud-users"])
            .env("CARGO_TARGET_DIR", xtask::root().join("target/bench"))
            .env("CARGO_INCREMENTAL", "0");
        command
    };
    run(&mut check()).then_some(())?;
    median(rounds, || {
        let source = root.join("sdk/src/lib.rs");
        let source = fs::File::options().append(true).open(source).ok()?;
        // Cargo checks files again that are newer than its last check.
        source.set_modified(SystemTime::now()).ok()?;
        let before = cpu_of_children()?;
        run(&mut check()).then_some(())?;
        Some(cpu_of_children()? - before)
    })
}

/// User and system time of the child processes that have ended, from Linux's /proc.
fn cpu_of_children() -> Option<Duration> {
    let Ok(stat) = fs::read_to_string("/proc/self/stat") else {
        eprintln!("the CPU time of programs is read from /proc, which is not here");
        return None;
    };
    // The second field is the program's name in parentheses and may hold spaces; user and system
    // time of children are fields 16 and 17, in hundredths of a second.
    let after_name = &stat[stat.rfind(')')? + 1..];
    let ticks: Vec<u64> = after_name
        .split_whitespace()
        .skip(13)
        .take(2)
        .filter_map(|field| field.parse().ok())
        .collect();
    Some(Duration::from_millis(ticks.iter().sum::<u64>() * 10))
}

fn median(rounds: usize, mut once: impl FnMut() -> Option<Duration>) -> Option<Duration> {
    let mut times: Vec<Duration> = (0..rounds).map(|_| once()).collect::<Option<_>>()?;
    times.sort();
    times.get(rounds / 2).copied()
}
