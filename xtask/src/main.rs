//! The project's own commands. Thin: each calls a library or another program.

mod bench;
mod calls;
mod corpus;
mod import;
mod standalone;
mod steps;

use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};
use sdkgen::Severity;
use xtask::{Outcome, write_or_check_all};

/// The project's own commands.
#[derive(Parser)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Render the SDK and the contract calls from spec/users-api.yaml; write only what changed.
    Regen {
        /// Write nothing; print every difference and fail if there is one.
        #[arg(long)]
        check: bool,
    },
    /// Render what the golden descriptions in tests/golden are expected to render to.
    Goldens {
        /// Write nothing; print every difference and fail if there is one.
        #[arg(long)]
        check: bool,
    },
    /// Bring spec/users-api.yaml up to date with the description the platform publishes: facts come
    /// over, our texts and comments stay.
    Import(import::Import),
    /// Call every operation through the SDK, behind Prism, which rejects what does not fit the
    /// description.
    Contract,
    /// Let two independent validators read the description.
    Validate,
    /// Measure generating and compiling the SDK, or what a call costs.
    Bench {
        /// What to measure, if not generating and compiling.
        what: Option<Bench>,
    },
    /// Make many calls through one client, at a server that lets one request in a hundred fail.
    Load {
        /// How many calls.
        #[arg(long, default_value_t = 50_000, value_parser = clap::value_parser!(u32).range(1..))]
        calls: u32,
        /// How many of them at a time.
        #[arg(long, default_value_t = 256, value_parser = clap::value_parser!(u32).range(1..))]
        concurrent: u32,
    },
    /// Run sdkgen on every description below folders, and compile some of what it renders.
    Corpus(corpus::Corpus),
    /// Render a crate that stands on its own, and build it with each of its features.
    Standalone,
    /// Show what a change of the description changes in the SDK.
    Diff {
        /// Make each edit of a catalogue in memory, and compare what it changes with the least it
        /// could.
        #[arg(long, required = true)]
        economy: bool,
    },
    /// Everything CI runs after the tests.
    Ci,
}

/// What `cargo xtask bench` can measure besides.
#[derive(Clone, Copy, ValueEnum)]
enum Bench {
    /// Time and allocations of a call, beside a hand-written one and one of progenitor's client.
    Calls,
}

fn main() -> ExitCode {
    let succeeded = match Cli::parse().command {
        Command::Regen { check } => {
            let outcome = write_or_check_all(&[xtask::sdk(), xtask::contract()], check);
            tell(&outcome, Severity::Warning, check, "cargo xtask regen")
        }
        Command::Goldens { check } => goldens(check),
        Command::Import(options) => import::import(&options),
        Command::Contract => steps::contract(),
        Command::Validate => steps::validate(),
        Command::Bench { what: None } => bench::run_all(),
        Command::Bench {
            what: Some(Bench::Calls),
        } => calls::compare(),
        Command::Load { calls, concurrent } => calls::load(calls, concurrent),
        Command::Corpus(args) => corpus::corpus(&args),
        Command::Standalone => standalone::standalone(),
        Command::Diff { economy: _ } => xtask::economy::economy(),
        Command::Ci => steps::ci(),
    };
    if succeeded {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn goldens(check: bool) -> bool {
    let targets = match xtask::goldens() {
        Ok(targets) => targets,
        Err(error) => {
            eprintln!("cannot read tests/golden: {error}");
            return false;
        }
    };
    let mut succeeded = true;
    for target in targets {
        let outcome = write_or_check_all(&[target], check);
        // The warnings of a golden description are in a file of its own.
        succeeded &= tell(&outcome, Severity::Error, check, "cargo xtask goldens");
    }
    succeeded
}

/// Prints what came of a command; `fix` is the command that makes right what `check` found wrong.
fn tell(outcome: &Outcome, least: Severity, check: bool, fix: &str) -> bool {
    for diagnostic in &outcome.diagnostics {
        if diagnostic.code.severity() >= least {
            eprintln!("{diagnostic}\n");
        }
    }
    print!("{}", outcome.report);
    if check && !outcome.report.is_empty() {
        eprintln!("to fix this: {fix}");
    }
    outcome.up_to_date
}
