//! The commands of this repository. Each calls a library or another program.

mod bench;
mod calls;
mod import;
mod reviewing;
mod standalone;
mod steps;
mod tools;

use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};
use sdkgen::Severity;
use xtask::{RenderReport, write_or_check_all};

/// The commands of this repository.
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
    /// Render the golden descriptions in tests/golden, and the report in docs/reviewing.md.
    Goldens {
        /// Write nothing; print every difference and fail if there is one.
        #[arg(long)]
        check: bool,
    },
    /// Update spec/users-api.yaml from the description the platform publishes: facts are copied, our
    /// texts and comments stay.
    Import(import::Import),
    /// Report what changed for callers since a revision, on the wire and in Rust.
    ///
    /// Exit status: 0 success; 1 unreadable input; 3 the committed SDK is out of date; 4 a change
    /// reaches `--fail-on` and is not acknowledged in spec/acknowledged.toml.
    Diff(reviewing::Diff),
    /// Run the checks of a reviewer: drift, hand edits, determinism, newly ignored constructs, size,
    /// time of `cargo check`, and `cargo xtask diff`.
    ///
    /// Exit status: as `cargo xtask diff`; also 1 if rendering twice gives different bytes.
    Review(reviewing::Review),
    /// Call every operation through the SDK against Prism, which rejects requests and responses that
    /// do not match the description.
    Contract,
    /// Validate the description with Redocly and openapi-spec-validator.
    Validate,
    /// Measure generating and compiling the SDK, or the cost of a call.
    Bench {
        /// What to measure instead of generating and compiling.
        what: Option<Bench>,
    },
    /// Make many calls through one client: to a server that fails one request in a hundred, and to
    /// servers with a rate limit.
    Load(calls::Load),
    /// Run sdkgen on every description below the given folders, and compile a sample of the results.
    #[command(disable_help_flag = true)]
    Corpus(tools::Arguments),
    /// Render a self-contained crate, and build it with each of its features.
    Standalone,
    /// Compare which changes sdkgen and cargo-semver-checks call breaking, for descriptions that were
    /// edited in many ways.
    #[command(visible_alias = "verdicts", disable_help_flag = true)]
    SemverAudit(tools::Arguments),
    /// Make each edit of a catalogue in memory, and compare what it changes with the minimum.
    #[command(disable_help_flag = true)]
    DiffLocality(tools::Arguments),
    /// Run sdkgen on mutated descriptions, and report crashes, hangs, wrong output and code that does
    /// not compile.
    #[command(disable_help_flag = true)]
    Fuzz(tools::Arguments),
    /// Run all checks that CI runs after the tests.
    Ci,
}

/// Other benchmarks of `cargo xtask bench`.
#[derive(Clone, Copy, ValueEnum)]
enum Bench {
    /// Time and allocations of a call, compared with a hand-written one and progenitor's client.
    Calls,
}

fn main() -> ExitCode {
    let succeeded = match Cli::parse().command {
        Command::Regen { check } => {
            let outcome = write_or_check_all(&[xtask::sdk(), xtask::contract()], check);
            report(&outcome, Severity::Warning, check, "cargo xtask regen")
        }
        Command::Goldens { check } => goldens(check),
        Command::Import(options) => import::import(&options),
        Command::Diff(options) if options.economy => {
            return tools::DIFF_LOCALITY.run(&tools::Arguments::default());
        }
        Command::Diff(options) => return reviewing::diff(&options),
        Command::Review(options) => return reviewing::review(&options),
        Command::Contract => steps::contract(),
        Command::Validate => steps::validate(),
        Command::Bench { what: None } => bench::run_all(),
        Command::Bench {
            what: Some(Bench::Calls),
        } => calls::compare(),
        Command::Load(options) => calls::load(&options),
        Command::Corpus(arguments) => return tools::CORPUS.run(&arguments),
        Command::Standalone => standalone::standalone(),
        Command::SemverAudit(arguments) => return tools::SEMVER_AUDIT.run(&arguments),
        Command::DiffLocality(arguments) => return tools::DIFF_LOCALITY.run(&arguments),
        Command::Fuzz(arguments) => return tools::FUZZ.run(&arguments),
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
    let mut succeeded = write_or_check_document(check);
    for target in targets {
        let outcome = write_or_check_all(&[target], check);
        // A golden has its warnings in a file.
        succeeded &= report(&outcome, Severity::Error, check, "cargo xtask goldens");
    }
    succeeded
}

/// Writes the rendered parts of docs/reviewing.md, or reports that they are out of date.
fn write_or_check_document(check: bool) -> bool {
    let path = xtask::root().join(xtask::review::DOCUMENT);
    match xtask::review::document(&xtask::root()) {
        Ok((found, wanted)) if found == wanted => true,
        Ok(_) if check => {
            eprintln!(
                "{} is out of date\nto fix this: cargo xtask goldens",
                path.display()
            );
            false
        }
        Ok((_, wanted)) => match sdkgen::output::write_text(&path, &wanted) {
            Ok(_) => true,
            Err(diagnostic) => {
                eprintln!("{diagnostic}");
                false
            }
        },
        Err(trouble) => {
            eprintln!("{trouble}");
            false
        }
    }
}

/// Prints diagnostics of at least a severity, then what was written or differs; `fix` is the command
/// that removes the differences. Returns whether everything is up to date.
fn report(outcome: &RenderReport, least: Severity, check: bool, fix: &str) -> bool {
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
