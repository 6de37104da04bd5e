//! The command line of sdkgen. Thin: every command is a call of the library.

use std::{path::PathBuf, process::ExitCode};

use clap::{Args, Parser, Subcommand, ValueEnum};
use sdkgen::{Compilation, Diagnostic, Job, inspect};

/// Renders an idiomatic Rust SDK from an OpenAPI description.
#[derive(Parser)]
#[command(version, about)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Render the SDK's code into a crate.
    Generate {
        #[command(flatten)]
        input: Input,
        /// The folder of the crate.
        #[arg(long)]
        out: PathBuf,
        /// The name of the crate, as the reference page tells it.
        #[arg(long, default_value = "sdk")]
        name: String,
        /// Write nothing; print every difference and fail if there is one.
        #[arg(long)]
        check: bool,
    },
    /// Read a description and say what is wrong with it.
    Check {
        #[command(flatten)]
        input: Input,
    },
    /// List operations and types.
    Inspect {
        #[command(flatten)]
        input: Input,
    },
}

#[derive(Args)]
struct Input {
    /// The description: OpenAPI 3 or Swagger 2.0, YAML or JSON.
    #[arg(long)]
    spec: PathBuf,
    /// An overlay to apply to the description; several are applied in their order.
    #[arg(long)]
    overlay: Vec<PathBuf>,
    /// Let the description refer to files outside its folder.
    #[arg(long)]
    allow_outside: bool,
    /// The configuration, usually `sdkgen.toml`.
    #[arg(long)]
    config: Option<PathBuf>,
    /// How to print results and diagnostics.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
}

impl Input {
    fn job(&self) -> Job {
        let mut job = Job::new(&self.spec);
        for overlay in &self.overlay {
            job = job.with_overlay(overlay);
        }
        if self.allow_outside {
            job = job.allow_outside();
        }
        match &self.config {
            Some(config) => job.with_config(config),
            None => job,
        }
    }

    fn report(&self, diagnostics: &[Diagnostic]) {
        match self.format {
            Format::Text => {
                for diagnostic in diagnostics {
                    eprintln!("{diagnostic}\n");
                }
            }
            Format::Json => {
                let list: Vec<_> = diagnostics.iter().map(Diagnostic::to_json).collect();
                eprintln!("{}", serde_json::Value::from(list));
            }
        }
    }
}

fn main() -> ExitCode {
    match Cli::parse().command {
        Command::Generate {
            input,
            out,
            name,
            check,
        } => generate(&input, &out, &name, check),
        Command::Check { input } => {
            let compilation = sdkgen::compile(&input.job());
            input.report(&compilation.diagnostics);
            if compilation.compiled.is_none() {
                return ExitCode::FAILURE;
            }
            println!("{}: no errors", input.spec.display());
            ExitCode::SUCCESS
        }
        Command::Inspect { input } => inspect(&input),
    }
}

fn generate(input: &Input, out: &std::path::Path, name: &str, check: bool) -> ExitCode {
    let job = input.job().with_crate_name(name);
    let Compilation {
        mut diagnostics,
        compiled,
    } = sdkgen::compile(&job);
    let outcome = compiled.map(|compiled| {
        let rendered = sdkgen::render(&job, &compiled)?;
        let output = rendered.output(out)?;
        if check {
            let differences = output.check()?;
            for difference in &differences {
                println!(
                    "{}: {}\n{}",
                    difference.path, difference.what, difference.diff
                );
            }
            return Ok(differences.is_empty());
        }
        println!("{}", output.write()?);
        Ok(true)
    });
    let succeeded = match outcome {
        None => false,
        Some(Ok(succeeded)) => succeeded,
        Some(Err(diagnostic)) => {
            diagnostics.push(diagnostic);
            false
        }
    };
    input.report(&diagnostics);
    if check && !succeeded {
        eprintln!("run `sdkgen generate` without --check to write the differences");
    }
    if succeeded {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn inspect(input: &Input) -> ExitCode {
    let compilation = sdkgen::compile(&input.job());
    input.report(&compilation.diagnostics);
    let Some(compiled) = compilation.compiled else {
        return ExitCode::FAILURE;
    };
    match input.format {
        Format::Text => print!("{}", inspect::to_table(&compiled)),
        Format::Json => println!("{:#}", inspect::to_json(&compiled)),
    }
    ExitCode::SUCCESS
}
