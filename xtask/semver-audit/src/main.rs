//! `cargo xtask semver-audit`: compares which changes sdkgen and cargo-semver-checks call breaking.
//!
//! Descriptions are edited in many ways, both versions are rendered, and both tools judge them. A pair
//! that only cargo-semver-checks calls breaking is missed. One that only sdkgen calls breaking must be
//! explained: cargo-semver-checks does not examine such changes, and code that was written for the old
//! crate does not compile with the new one.

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

/// Number of pairs that are documented at a time.
const BATCH: usize = 8;

/// Compare which changes sdkgen and cargo-semver-checks call breaking, for descriptions that were edited
/// in many ways.
#[derive(Parser)]
#[command(bin_name = "cargo xtask semver-audit")]
struct Audit {
    /// Number of pairs of descriptions.
    #[arg(long, default_value_t = 200)]
    pairs: usize,
    /// Seed for choosing the pairs.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Only edits whose name contains this text.
    #[arg(long)]
    only: Option<String>,
    /// Number of parallel jobs of cargo.
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..))]
    jobs: Option<u16>,
    /// The cargo-semver-checks program [default: installed into target/tools].
    #[arg(long, value_name = "PROGRAM")]
    semver_checks: Option<PathBuf>,
    /// Folders of additional descriptions to edit.
    #[arg(long)]
    corpus: Vec<PathBuf>,
}

/// Whether both tools agree about a pair.
#[derive(Clone, Debug)]
enum Agreement {
    /// Both call it breaking, or neither does.
    Agreed,
    /// Only cargo-semver-checks calls it breaking.
    Missed,
    /// Only sdkgen calls it breaking.
    Extra(Explanation),
    /// The new crate does not compile, so it cannot be documented.
    Broken,
}

/// A pair with the verdicts of both tools.
struct Compared<'a> {
    pair: &'a Pair<'a>,
    theirs: Theirs,
    agreement: Agreement,
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
    let is_extra = |one: &&mut Compared<'_>| matches!(one.agreement, Agreement::Extra(_));
    let extra: Vec<&mut Compared<'_>> = compared.iter_mut().filter(is_extra).collect();
    let of_extra: Vec<&Pair<'_>> = extra.iter().map(|one| one.pair).collect();
    let explanations = explain::explain(&of_extra, &crates)?;
    for (one, explanation) in extra.into_iter().zip(explanations) {
        one.agreement = Agreement::Extra(explanation);
    }
    let (text, succeeded) = report::summary(&compared);
    print!("{text}");
    Ok(succeeded)
}

/// Runs cargo-semver-checks on pairs that no earlier run has compared.
fn compare<'a>(
    batch: &'a [Pair<'a>],
    program: &Path,
    crates: &Crates,
    folder: &Path,
) -> Result<Vec<Compared<'a>>, String> {
    // Another version may return other verdicts.
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
            // Equal crates need no comparison.
            _ => Theirs::default(),
        };
        let agreement = match (pair.is_major(), theirs.is_breaking()) {
            _ if !is_known && !is_documented => Agreement::Broken,
            (true, false) => Agreement::Extra(Explanation::default()),
            (false, true) => Agreement::Missed,
            _ => Agreement::Agreed,
        };
        compared.push(Compared {
            pair,
            theirs,
            agreement,
        });
    }
    // Few old crates are shared by many pairs; keeping the new ones would fill the disk.
    for pair in batch.iter().filter(|pair| pair.old != pair.new) {
        let _ = fs::remove_file(crates.docs(&pair.new));
    }
    Ok(compared)
}
