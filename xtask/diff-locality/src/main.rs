//! `cargo xtask diff-locality`: makes every edit of the catalogue and prints what each one changes.

use std::process::ExitCode;

use clap::Parser;

/// Make each edit of a catalogue in memory, and compare what it changes with the minimum.
#[derive(Parser)]
#[command(bin_name = "cargo xtask diff-locality")]
struct Cli {}

fn main() -> ExitCode {
    let Cli {} = Cli::parse();
    match sdkgen_diff_locality::run() {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    }
}
