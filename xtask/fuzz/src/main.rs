//! `cargo xtask fuzz`.

mod compiling;
mod runner;
mod scratch;
mod writing;

use std::{path::PathBuf, process::ExitCode, time::Duration};

use clap::Parser;
use scratch::Scratch;
use sdkgen_fuzz::{case::Base, exercise::Lab};
use xtask::{
    process::{self, Limits},
    root,
};

/// Runs sdkgen on mutants of descriptions and reports crashes, hangs, defects and code that does not
/// compile.
///
/// Each find is shrunk and written to target/fuzz/finds, as files that tests/fuzz takes. Exit status:
/// 0 without a find, 1 with one.
#[derive(Parser)]
#[command(name = "cargo xtask fuzz")]
struct Options {
    /// Folders to look for descriptions in, besides the goldens.
    folders: Vec<PathBuf>,
    /// Stop after so many minutes.
    #[arg(long, default_value_t = 10.0)]
    minutes: f64,
    /// Stop after so many runs.
    #[arg(long)]
    runs: Option<u64>,
    /// Chooses the mutations; the same seed, folders and sdkgen give the same runs.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many runs at a time.
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u16).range(1..))]
    jobs: u16,
    /// Repeat one run, given as SEED:RUN.
    #[arg(long, value_name = "SEED:RUN", value_parser = replay)]
    replay: Option<(u64, u64)>,
    /// Compile one rendered crate out of so many; 0 compiles none.
    #[arg(long, default_value_t = 15)]
    compile_every: u64,
    /// The seconds of processor time that a process may take.
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u64).range(1..))]
    timeout: u64,
    /// The MiB of address space that a process may use.
    #[arg(long, default_value_t = 2048, value_parser = clap::value_parser!(u64).range(64..))]
    memory: u64,
    /// Leave out descriptions of more than so many KiB.
    #[arg(long, default_value_t = 200)]
    largest: u64,
    /// The seconds that shrinking a find may take.
    #[arg(long, default_value_t = 120)]
    shrink: u64,
    /// The program to run, instead of a build of this checkout with debug assertions.
    #[arg(long)]
    sdkgen: Option<PathBuf>,
}

/// How many times as long as its processor time a process may take on the clock.
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

/// Whether there was no find.
fn attempt(options: &Options) -> Result<bool, String> {
    let bases = bases(options)?;
    let program = match &options.sdkgen {
        Some(program) => std::path::absolute(program).map_err(|error| error.to_string())?,
        None => process::build_sdkgen("checked")?,
    };
    let folder = process::target().join("fuzz");
    // A full disk is a common reason to fail, so that nothing may stay but finds and dependencies.
    let _scratch = Scratch::new(["work", "cases", "compile"].map(|name| folder.join(name)).into());
    let mut limits = Limits::new(Duration::from_secs(options.timeout), options.memory << 20);
    if limits.has_prlimit {
        // What waits for ever uses no processor; what waits for a busy machine is no find.
        limits.cpu = Some(options.timeout);
        limits.timeout *= PATIENCE;
    }
    if !limits.has_prlimit {
        eprintln!("prlimit is not installed: memory is not limited");
    }
    let lab = Lab {
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
    let summary = runner::run(&settings, &lab, &bases)?;
    println!("{summary}");
    Ok(summary.is_clean())
}

/// The goldens, and the descriptions below the folders, in the order of their paths.
fn bases(options: &Options) -> Result<Vec<Base>, String> {
    let mut folders = vec![root().join("tests/golden"), root().join("tests/fuzz")];
    folders.retain(|folder| folder.exists());
    let mut found = xtask::find::find(&folders)?;
    // What goldens render to is no description.
    found.retain(|one| !one.path.iter().any(|step| step == "expected"));
    found.extend(xtask::find::find(&options.folders)?);
    found.retain(|one| one.size <= options.largest << 10);
    let mut bases = Vec::new();
    for one in &found {
        // What cannot be read as a tree has nothing to mutate; `cargo xtask corpus` runs it as it is.
        match Base::read(&one.path) {
            Ok(base) => bases.push(base),
            Err(error) => eprintln!("left out: {error}"),
        }
    }
    match bases.is_empty() {
        true => Err("there is no description to mutate".to_owned()),
        false => Ok(bases),
    }
}
