//! `cargo xtask fuzz`.

mod compiling;
mod runner;
mod scratch;
mod writing;

use std::{path::PathBuf, process::ExitCode, time::Duration};

use clap::Parser;
use scratch::Scratch;
use sdkgen_fuzz::{case::Base, exercise::Sandbox};
use xtask::{
    process::{self, Limits},
    root,
};

/// Run sdkgen on mutated descriptions, and report crashes, hangs, wrong output and code that does not
/// compile.
///
/// Each find is minimized and written to target/fuzz/finds, as files for tests/fuzz. Exit status: 0 no
/// finds; 1 finds, or the run failed.
#[derive(Parser)]
#[command(name = "cargo xtask fuzz")]
struct Options {
    /// Folders to search for descriptions, in addition to the goldens.
    folders: Vec<PathBuf>,
    /// Stop after this many minutes.
    #[arg(long, default_value_t = 10.0)]
    minutes: f64,
    /// Stop after this many runs.
    #[arg(long)]
    runs: Option<u64>,
    /// Seed of the mutations; the same seed, folders and sdkgen give the same runs.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Number of runs at a time.
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u16).range(1..))]
    jobs: u16,
    /// Repeat one run.
    #[arg(long, value_name = "SEED:RUN", value_parser = replay)]
    replay: Option<(u64, u64)>,
    /// Compile one out of this many rendered crates; 0 compiles none.
    #[arg(long, default_value_t = 15)]
    compile_every: u64,
    /// Limit of processor time for each process, in seconds.
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u64).range(1..))]
    timeout: u64,
    /// Limit of address space for each process, in MiB.
    #[arg(long, default_value_t = 2048, value_parser = clap::value_parser!(u64).range(64..))]
    memory: u64,
    /// Skip descriptions that are larger, in KiB.
    #[arg(long, default_value_t = 200)]
    largest: u64,
    /// Time limit for minimizing a find, in seconds.
    #[arg(long, default_value_t = 120)]
    shrink: u64,
    /// The program to run, instead of a build of this checkout with debug assertions.
    #[arg(long)]
    sdkgen: Option<PathBuf>,
}

/// The limit of elapsed time as a multiple of the limit of processor time.
const PATIENCE: u32 = 10;

fn replay(text: &str) -> Result<(u64, u64), String> {
    let parts = text.split_once(':').ok_or("expected SEED:RUN")?;
    let number = |text: &str| text.parse().map_err(|error| format!("`{text}`: {error}"));
    Ok((number(parts.0)?, number(parts.1)?))
}

fn main() -> ExitCode {
    match attempt(&Options::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

/// Returns whether there was no find.
fn attempt(options: &Options) -> Result<bool, String> {
    let bases = bases(options)?;
    let program = match &options.sdkgen {
        Some(program) => std::path::absolute(program).map_err(|error| error.to_string())?,
        None => process::build_sdkgen("checked")?,
    };
    let folder = process::target().join("fuzz");
    // A run often fails because the disk is full, so nothing may stay but finds and built dependencies.
    let _scratch = Scratch::new(
        ["work", "cases", "compile"]
            .map(|name| folder.join(name))
            .into(),
    );
    let mut limits = Limits::new(Duration::from_secs(options.timeout), options.memory << 20);
    if limits.has_prlimit {
        // A deadlock uses no processor time; on a busy machine, elapsed time alone proves no hang.
        limits.cpu = Some(options.timeout);
        limits.timeout *= PATIENCE;
    }
    if !limits.has_prlimit {
        eprintln!("prlimit is not installed: memory is not limited");
    }
    let sandbox = Sandbox {
        program,
        limits,
        folder: folder.join("work"),
    };
    eprintln!("{} descriptions, seed {}", bases.len(), options.seed);
    let settings = runner::Settings {
        seed: options.replay.map_or(options.seed, |(seed, _)| seed),
        only: options.replay.map(|(_, run)| run),
        time: Duration::from_secs_f64(options.minutes * 60.0),
        runs: options.runs.unwrap_or(u64::MAX),
        jobs: options.jobs.into(),
        compile_every: options.compile_every,
        shrink: Duration::from_secs(options.shrink),
        folder,
    };
    let summary = runner::run(&settings, &sandbox, &bases)?;
    println!("{summary}");
    Ok(summary.is_clean())
}

/// The goldens, and the descriptions below the folders, in the order of their paths.
fn bases(options: &Options) -> Result<Vec<Base>, String> {
    let mut folders = vec![root().join("tests/golden"), root().join("tests/fuzz")];
    folders.retain(|folder| folder.exists());
    let mut found = xtask::find::find(&folders)?;
    // Rendered files contain no descriptions.
    found.retain(|one| !one.path.iter().any(|step| step == "expected"));
    found.extend(xtask::find::find(&options.folders)?);
    found.retain(|one| one.size <= options.largest << 10);
    let mut bases = Vec::new();
    for one in &found {
        // Without a tree there is nothing to mutate; `cargo xtask corpus` runs such files unchanged.
        match Base::read(&one.path) {
            Ok(base) => bases.push(base),
            Err(error) => eprintln!("skipped: {error}"),
        }
    }
    match bases.is_empty() {
        true => Err("no description to mutate".to_owned()),
        false => Ok(bases),
    }
}
