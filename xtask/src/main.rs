//! The project's own commands. Thin: each calls a library or another program.

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
    /// Render what the golden descriptions in tests/golden are expected to render to, and the report
    /// in docs/reviewing.md.
    Goldens {
        /// Write nothing; print every difference and fail if there is one.
        #[arg(long)]
        check: bool,
    },
    /// Bring spec/users-api.yaml up to date with the description the platform publishes: facts come
    /// over, our texts and comments stay.
    Import(import::Import),
    /// Say what the working tree means for callers, beside a revision: on the wire and in Rust.
    ///
    /// Ends with 0 when nothing is in the way, with 1 when something cannot be read, with 3 when the
    /// committed SDK is not what is rendered, with 4 when a change is as grave as `--fail-on` says
    /// and not acknowledged in spec/acknowledged.toml.
    Diff(reviewing::Diff),
    /// Check everything a reviewer asks of a change, and say what it means for callers: drift, hand
    /// edits, determinism, what is newly ignored, size, time of `cargo check`, and `cargo xtask diff`.
    ///
    /// Ends as `cargo xtask diff` does, and with 1 when rendering does not give the same bytes each
    /// time.
    Review(reviewing::Review),
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
    /// Make many calls through one client: at a server that lets one request in a hundred fail, and
    /// at servers with a rate limit.
    Load(calls::Load),
    /// Run sdkgen on every description below folders, and compile some of what it renders.
    #[command(disable_help_flag = true)]
    Corpus(tools::Arguments),
    /// Render a crate that stands on its own, and build it with each of its features.
    Standalone,
    /// Compare what sdkgen calls breaking with what cargo-semver-checks does, for descriptions that
    /// were edited in many ways.
    #[command(visible_alias = "verdicts", disable_help_flag = true)]
    SemverAudit(tools::Arguments),
    /// Make each edit of a catalogue in memory, and show what it changes beside the least it could.
    #[command(disable_help_flag = true)]
    DiffLocality(tools::Arguments),
    /// Run sdkgen on mutants of descriptions, and report crashes, hangs, defects and code that does
    /// not compile.
    #[command(disable_help_flag = true)]
    Fuzz(tools::Arguments),
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
    let mut succeeded = document(check);
    for target in targets {
        let outcome = write_or_check_all(&[target], check);
        // The warnings of a golden description are in a file of its own.
        succeeded &= tell(&outcome, Severity::Error, check, "cargo xtask goldens");
    }
    succeeded
}

/// Writes what docs/reviewing.md shows, or says that it shows something else.
fn document(check: bool) -> bool {
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
