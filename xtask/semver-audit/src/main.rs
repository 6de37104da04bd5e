//! `cargo xtask semver-audit`: compares what sdkgen calls breaking with what cargo-semver-checks does.
//!
//! Descriptions are edited in many ways, both sides are rendered, and both tools are asked. What only
//! cargo-semver-checks calls breaking is missed. What only sdkgen does has to be explained: that tool
//! does not look there, and code written for the old crate does not compile with the new one.

mod bases;
mod callers;
mod crates;
mod explain;
mod mutations;
mod pairs;
mod report;
mod theirs;

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::Parser;
use xtask::root;

use crates::Crates;
use explain::Explanation;
use pairs::Pair;
use theirs::Theirs;

/// How many pairs are documented at a time.
const BATCH: usize = 8;

/// Compare what sdkgen calls breaking with what cargo-semver-checks does, for descriptions that were
/// edited in many ways.
#[derive(Parser)]
#[command(bin_name = "cargo xtask semver-audit")]
struct Audit {
    /// Number of pairs of descriptions.
    #[arg(long, default_value_t = 200)]
    pairs: usize,
    /// Seed of the choice of pairs.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Only edits whose name contains this text.
    #[arg(long)]
    only: Option<String>,
    /// Number of jobs that cargo runs at a time.
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..))]
    jobs: Option<u16>,
    /// The cargo-semver-checks program; by default, one is installed into target/tools.
    #[arg(long, value_name = "PROGRAM")]
    semver_checks: Option<PathBuf>,
    /// Folders of further descriptions to edit.
    #[arg(long)]
    corpus: Vec<PathBuf>,
}

/// The outcome of a pair.
#[derive(Clone, Debug)]
enum Outcome {
    /// Both call it breaking, or neither does.
    Agreed,
    /// Only cargo-semver-checks calls it breaking.
    Missed,
    /// Only sdkgen does.
    Extra(Explanation),
    /// The new crate cannot be documented: it does not compile.
    Broken,
}

/// A pair, and what both tools say of it.
struct Compared<'a> {
    pair: &'a Pair<'a>,
    theirs: Theirs,
    outcome: Outcome,
}

fn main() -> ExitCode {
    match attempt(&Audit::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

/// Runs the command; returns whether nothing was missed and every extra finding is explained.
fn attempt(args: &Audit) -> Result<bool, String> {
    let program = match &args.semver_checks {
        Some(program) => program.clone(),
        None => theirs::program()?,
    };
    let folder = root().join("target/semver-audit");
    let crates = Crates::new(&folder, args.jobs)?;
    let bases = bases::all(args.seed, &args.corpus)?;
    eprintln!("descriptions: {}", bases.len());
    let wanted = (args.pairs, args.seed, args.only.as_deref());
    let pairs = pairs::choose(&bases, wanted, &crates)?;
    eprintln!("pairs: {}", pairs.len());
    let mut compared = Vec::new();
    for batch in pairs.chunks(BATCH) {
        for one in compare(batch, &program, &crates, &folder)? {
            println!("{}", report::line(&one, compared.len() + 1, pairs.len()));
            compared.push(one);
        }
    }
    let is_extra = |one: &&mut Compared<'_>| matches!(one.outcome, Outcome::Extra(_));
    let extra: Vec<&mut Compared<'_>> = compared.iter_mut().filter(is_extra).collect();
    let of_extra: Vec<&Pair<'_>> = extra.iter().map(|one| one.pair).collect();
    let explanations = explain::explain(&of_extra, &crates)?;
    for (one, explanation) in extra.into_iter().zip(explanations) {
        one.outcome = Outcome::Extra(explanation);
    }
    let (text, succeeded) = report::summary(&compared);
    print!("{text}");
    Ok(succeeded)
}

/// Asks cargo-semver-checks about pairs of which no earlier run has.
fn compare<'a>(
    batch: &'a [Pair<'a>],
    program: &Path,
    crates: &Crates,
    folder: &Path,
) -> Result<Vec<Compared<'a>>, String> {
    // Another program may say something else.
    let of = sdkgen::output::hash(format!("{} {}", theirs::VERSION, program.display()));
    let memory = folder.join("theirs").join(&of[..12]);
    fs::create_dir_all(&memory)
        .map_err(|error| format!("cannot create {}: {error}", memory.display()))?;
    let remembered = |pair: &Pair<'_>| memory.join(format!("{}-{}", pair.old, pair.new));
    let is_open = |pair: &&Pair<'_>| pair.old != pair.new && !remembered(pair).exists();
    let open: Vec<&Pair<'_>> = batch.iter().filter(is_open).collect();
    let names: BTreeSet<String> = open
        .iter()
        .flat_map(|pair| [pair.old.clone(), pair.new.clone()])
        .collect();
    crates.document(&names)?;
    let mut compared = Vec::new();
    for pair in batch {
        let (old, new) = (crates.docs(&pair.old), crates.docs(&pair.new));
        let is_known = pair.old == pair.new || remembered(pair).exists();
        let is_documented = old.exists() && new.exists();
        let theirs = match (pair.old == pair.new, is_known || is_documented) {
            (false, true) => theirs::compare(program, (&old, &new), &remembered(pair))?,
            // Of one crate there is nothing to say.
            _ => Theirs::default(),
        };
        let outcome = match (pair.is_major(), theirs.is_breaking()) {
            _ if !is_known && !is_documented => Outcome::Broken,
            (true, false) => Outcome::Extra(Explanation::default()),
            (false, true) => Outcome::Missed,
            _ => Outcome::Agreed,
        };
        compared.push(Compared {
            pair,
            theirs,
            outcome,
        });
    }
    // Of the old ones there are few, and many pairs have them; the rest would fill the disk.
    for pair in batch.iter().filter(|pair| pair.old != pair.new) {
        let _ = fs::remove_file(crates.docs(&pair.new));
    }
    Ok(compared)
}
