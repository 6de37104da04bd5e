//! `cargo xtask corpus`: runs sdkgen on many descriptions, each in a separate process, and compiles a
//! sample of the results.

mod beside;
mod compile;
mod report;
mod run;
mod sample;

use std::{
    fs,
    io::IsTerminal,
    path::{Path, PathBuf},
    process::ExitCode,
    time::{Duration, Instant},
};

use clap::Parser;
use xtask::{
    find::{self, Found},
    process::{self, Limits},
    root,
};

use report::Report;

/// Run sdkgen on every description below the given folders, and compile a sample of the results.
#[derive(Parser)]
#[command(bin_name = "cargo xtask corpus")]
struct Corpus {
    /// Folders to search for descriptions.
    #[arg(required = true)]
    folders: Vec<PathBuf>,
    /// Only descriptions whose path contains this text.
    #[arg(long)]
    only: Option<String>,
    /// Number of rendered crates to compile.
    #[arg(long, default_value_t = 0)]
    compile: usize,
    /// Generate and compile only what this file lists. Each line is a path, or words that a path
    /// contains (the last matching path is used); `#` starts a comment.
    #[arg(long, conflicts_with_all = ["compile", "only"])]
    compile_only: Option<PathBuf>,
    /// Seed for the sample that is compiled.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Time limit for each description, in seconds.
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..))]
    timeout: u64,
    /// Address space limit for each description, in MiB.
    #[arg(long, default_value_t = 4096, value_parser = clap::value_parser!(u64).range(64..))]
    memory: u64,
    /// Number of descriptions to process at a time.
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u16).range(1..))]
    jobs: u16,
    /// The program to run, instead of a release build of this checkout.
    #[arg(long)]
    sdkgen: Option<PathBuf>,
    /// Another program to run on the same descriptions under the same limits: a command to which the
    /// path of each is appended, such as `openapi-to-rust generate --dry-run`.
    #[arg(long, value_name = "COMMAND")]
    beside: Option<String>,
    /// Format of the printed results, which are also written to target/corpus/results.json.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    Text,
    Json,
}

fn main() -> ExitCode {
    match attempt(&Corpus::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

/// Runs the command; returns whether no description panicked, timed out or failed to compile.
fn attempt(args: &Corpus) -> Result<bool, String> {
    let start = Instant::now();
    let mut found = find::find(&args.folders)?;
    if let Some(only) = &args.only {
        found.retain(|one| one.path.to_string_lossy().contains(only.as_str()));
    }
    if let Some(list) = &args.compile_only {
        let text = fs::read_to_string(list)
            .map_err(|error| format!("cannot read {}: {error}", list.display()))?;
        found = sample::listed(&text, &found)?;
    }
    if found.is_empty() {
        return Err("found no description".to_owned());
    }
    let folder = root().join("target/corpus");
    make(&folder)?;
    let settings = run::Settings {
        program: program(args)?,
        limits: Limits::new(Duration::from_secs(args.timeout), args.memory << 20),
        jobs: args.jobs.into(),
        scratch: folder.join("scratch"),
    };
    make(&settings.scratch)?;
    let once = |worker: usize, spec: &Path| run::once(&settings, worker, spec);
    let generating = Instant::now();
    let results = run::all(&settings, &found, "generated from", &once)?;
    let generating = generating.elapsed();
    let beside = args.beside.as_deref();
    let beside = beside.map(|command| beside::run(&settings, command, &found));
    let beside = beside.transpose()?;
    let wanted = match &args.compile_only {
        Some(_) => usize::MAX,
        None => args.compile,
    };
    let generated: Vec<&Found> = found
        .iter()
        .zip(&results)
        .filter(|(_, result)| result.is_generated())
        .map(|(one, _)| one)
        .collect();
    let sample = sample::stratified(&generated, wanted, args.seed);
    let compiled = compile::all(&settings, &folder, &sample)?;
    let report = Report {
        found: &found,
        results: &results,
        compiled: &compiled,
        elapsed: start.elapsed(),
    };
    let data = report.to_json();
    let path = folder.join("results.json");
    fs::write(&path, format!("{data:#}\n"))
        .map_err(|error| format!("cannot write {}: {error}", path.display()))?;
    match args.format {
        Format::Text => {
            if let Some(beside) = beside {
                println!("{beside}");
                println!("sdkgen: {:.1} s", generating.as_secs_f64());
            }
            print!("{report}");
        }
        Format::Json => println!("{data:#}"),
    }
    Ok(report.is_clean())
}

/// The program to run, built first if none was given.
fn program(args: &Corpus) -> Result<PathBuf, String> {
    if let Some(program) = &args.sdkgen {
        return Ok(program.clone());
    }
    process::build_sdkgen("release")
}

fn make(folder: &Path) -> Result<(), String> {
    fs::create_dir_all(folder)
        .map_err(|error| format!("cannot create {}: {error}", folder.display()))
}

/// Reports progress: on a terminal by updating one line, otherwise by a new line now and then.
fn progress(what: &str, done: usize, all: usize, every: usize) {
    if std::io::stderr().is_terminal() {
        eprint!("\r{what}: {done} of {all}");
        if done == all {
            eprintln!();
        }
    } else if done.is_multiple_of(every) || done == all {
        eprintln!("{what}: {done} of {all}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_without_descriptions_is_not_clean() {
        let folder = std::env::temp_dir().join(format!("sdkgen-corpus-{}", std::process::id()));
        make(&folder).unwrap();
        let args = Corpus {
            folders: vec![folder.clone()],
            only: None,
            compile: 0,
            compile_only: None,
            seed: 1,
            timeout: 1,
            memory: 64,
            jobs: 1,
            sdkgen: Some("sdkgen".into()),
            beside: None,
            format: Format::Text,
        };
        assert!(attempt(&args).unwrap_err().contains("found no description"));
        fs::remove_dir(folder).unwrap();
    }
}
