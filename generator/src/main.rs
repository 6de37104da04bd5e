//! The command line of sdkgen: parses arguments, calls the library and prints what it returns.

#[path = "cli/diff.rs"]
mod diff;

use std::{
    io::{ErrorKind, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::{Args, Parser, Subcommand, ValueEnum};
use sdkgen::{
    Code, Compilation, Compiled, Diagnostic, Job, Layout, Rendered,
    diagnostics::printable,
    output::{self, Plan},
    slice::Syntax,
};
use serde_json::{Value, json};

/// Large descriptions make millions of small allocations, which the system allocator is slow at.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Renders an idiomatic Rust SDK from an OpenAPI description.
///
/// Exit status: 0 success; 1 invalid input, or a difference found by `--check`; 2 usage; 4 over
/// `--fail-on` (`diff` only); 101 bug in sdkgen.
#[derive(Parser)]
#[command(version, about)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Render an SDK: a crate that builds on its own.
    Generate {
        #[command(flatten)]
        input: Input,
        /// Folder to write the crate to.
        #[arg(long, required_unless_present = "dry_run")]
        out: Option<PathBuf>,
        /// Name of the crate.
        #[arg(long, default_value = "sdk")]
        name: String,
        /// Render only `src/generated` and `docs/reference.md`, into a crate that has its own
        /// manifest, `lib.rs` and runtime.
        #[arg(long)]
        embedded: bool,
        /// Write nothing; print how the folder differs from what would be rendered, and fail if it
        /// does.
        #[arg(long)]
        check: bool,
        /// Write nothing; print the number and size of the files that would be rendered.
        #[arg(long, conflicts_with = "check")]
        dry_run: bool,
        /// Replace rendered files even if they were edited after sdkgen wrote them.
        #[arg(long, conflicts_with_all = ["check", "dry_run"])]
        overwrite: bool,
    },
    /// Validate an OpenAPI document and report problems.
    Check {
        #[command(flatten)]
        input: Input,
    },
    /// List operations and types with their names in Rust.
    Inspect {
        #[command(flatten)]
        input: Input,
    },
    /// Extract operations and the components they need into an OpenAPI 3.0.3 document.
    ///
    /// The output is sorted, so that two slices can be compared line by line.
    Slice {
        /// OpenAPI document: OpenAPI 3 or Swagger 2.0, YAML or JSON.
        file: PathBuf,
        /// Include the operations with this tag; short for `--include tag:TAG`. Can be repeated.
        #[arg(long)]
        tag: Vec<String>,
        /// Include only operations that match this selector, as for `generate`. Can be repeated.
        #[arg(long)]
        include: Vec<String>,
        /// Exclude operations that match this selector; wins over `--include`. Can be repeated.
        #[arg(long)]
        exclude: Vec<String>,
        /// OpenAPI Overlay to apply first. Can be repeated; applied in the given order.
        #[arg(long)]
        overlay: Vec<PathBuf>,
        /// Allow `$ref`s to files outside the document's folder.
        #[arg(long)]
        allow_outside: bool,
        /// File to write. Default: standard output.
        #[arg(long)]
        out: Option<PathBuf>,
        /// Syntax of the output. Default: JSON if the file name ends in `.json`, YAML otherwise.
        #[arg(long, value_enum)]
        format: Option<SliceFormat>,
    },
    /// Compare two OpenAPI documents and report what changed for callers, on the wire and in Rust.
    Diff(diff::Diff),
    /// Explain a diagnostic code: what it means, an example, and what to do.
    Explain {
        /// Diagnostic code, such as E0201. Default: list all codes.
        code: Option<String>,
        /// Output format.
        #[arg(long, value_enum, default_value = "text")]
        format: Format,
    },
}

#[derive(Args)]
struct Input {
    /// OpenAPI document: OpenAPI 3 or Swagger 2.0, YAML or JSON.
    #[arg(long)]
    spec: PathBuf,
    /// OpenAPI Overlay to apply first. Can be repeated; applied in the given order.
    #[arg(long)]
    overlay: Vec<PathBuf>,
    /// Allow `$ref`s to files outside the document's folder.
    #[arg(long)]
    allow_outside: bool,
    /// Configuration file, usually `sdkgen.toml`.
    #[arg(long)]
    config: Option<PathBuf>,
    /// Include only operations that match this selector: `tag:Users`, `path:/users/**`,
    /// `operation:getUser`, `GET /users/{id}`. Can be repeated.
    #[arg(long)]
    include: Vec<String>,
    /// Exclude operations that match this selector; wins over `--include`. Can be repeated.
    #[arg(long)]
    exclude: Vec<String>,
    /// Output format: `json` prints one document, `{diagnostics, result}`, to standard output.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum SliceFormat {
    Yaml,
    Json,
}

/// What a command prints, and whether it succeeded.
struct CommandOutput {
    diagnostics: Vec<Diagnostic>,
    /// The result as text for `--format text` and as data for `--format json`.
    result: Option<(String, Value)>,
    succeeded: bool,
}

/// What `generate` does with the rendered files.
enum Destination {
    Write(PathBuf),
    Check(PathBuf),
    DryRun,
}

fn main() -> ExitCode {
    let (output, format) = match Cli::parse().command {
        Command::Generate {
            input,
            out,
            name,
            embedded,
            check,
            dry_run,
            overwrite,
        } => {
            let layout = if embedded {
                Layout::Embedded
            } else {
                Layout::Crate
            };
            let mut job = input.job().with_crate_name(name).with_layout(layout);
            if overwrite {
                job = job.overwrite();
            }
            let to = match out {
                Some(out) if check => Destination::Check(out),
                Some(out) if !dry_run => Destination::Write(out),
                _ => Destination::DryRun,
            };
            (generate(&job, &to), input.format)
        }
        Command::Check { input } => {
            let name = input.spec.display().to_string();
            let result = |compiled: &Compiled| {
                let (operations, types) = (compiled.operations(), compiled.types());
                let data = json!({"operations": operations, "types": types});
                (format!("{name}: no errors\n"), data)
            };
            (compile(&input.job(), result), input.format)
        }
        Command::Inspect { input } => {
            let result = |compiled: &Compiled| (compiled.to_table(), compiled.to_json());
            (compile(&input.job(), result), input.format)
        }
        Command::Slice {
            file,
            tag,
            include,
            exclude,
            overlay,
            allow_outside,
            out,
            format,
        } => {
            let tags = tag.iter().map(|tag| format!("tag:{tag}"));
            let input = Input {
                spec: file,
                overlay,
                allow_outside,
                config: None,
                include: tags.chain(include).collect(),
                exclude,
                format: Format::Text,
            };
            (slice(&input.job(), out.as_deref(), format), Format::Text)
        }
        Command::Diff(diff) => return diff::run(&diff),
        Command::Explain { code, format } => (explain(code.as_deref()), format),
    };
    print(output, format)
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
        if let Some(config) = &self.config {
            job = job.with_config(config);
        }
        let included = self.include.iter();
        let job = included.fold(job, Job::with_include);
        let excluded = self.exclude.iter();
        excluded.fold(job, Job::with_exclude)
    }
}

/// Compiles the description, and makes the result from it if there was no error.
fn compile(job: &Job, result: impl FnOnce(&Compiled) -> (String, Value)) -> CommandOutput {
    let Compilation {
        diagnostics,
        compiled,
    } = sdkgen::compile(job);
    let result = compiled.as_ref().map(result);
    CommandOutput {
        diagnostics,
        succeeded: result.is_some(),
        result,
    }
}

fn generate(job: &Job, to: &Destination) -> CommandOutput {
    let Compilation {
        mut diagnostics,
        compiled,
    } = sdkgen::compile(job);
    let outcome = compiled.map(|compiled| {
        let rendered = sdkgen::render(&compiled)?;
        let outcome = write_or_check(&rendered, to, &mut diagnostics);
        // The process is about to exit; freeing large descriptions would only take time.
        std::mem::forget((rendered, compiled));
        outcome
    });
    let (result, succeeded) = match outcome {
        None => (None, false),
        Some(Ok((result, succeeded))) => (Some(result), succeeded),
        Some(Err(diagnostic)) => {
            diagnostics.push(diagnostic);
            (None, false)
        }
    };
    CommandOutput {
        diagnostics,
        result,
        succeeded,
    }
}

/// Writes the files, or compares them with the folder. Returns the result, and whether the command
/// succeeded: with `--check` a difference is a failure.
fn write_or_check(
    rendered: &Rendered,
    to: &Destination,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<((String, Value), bool), Diagnostic> {
    let (files, bytes) = (
        rendered.files.len(),
        rendered.files.values().map(String::len).sum::<usize>(),
    );
    let size = json!({"files": files, "bytes": bytes});
    match to {
        Destination::DryRun => Ok(((format!("{files} files, {bytes} bytes\n"), size), true)),
        Destination::Write(out) => {
            let plan = rendered.output(out)?.write()?;
            diagnostics.extend(plan.warnings());
            let mut data = size;
            data["written"] = plan_data(&plan);
            let shown = format!("{plan}\n");
            Ok(((printable::escaped_lines(&shown).into_owned(), data), true))
        }
        Destination::Check(out) => {
            let differences = rendered.output(out)?.check()?;
            let mut text = String::new();
            let mut list = Vec::new();
            for difference in &differences {
                let sdkgen::output::Difference { path, what, diff } = difference;
                let shown = format!("{path}: {what}\n{diff}\n");
                text.push_str(&printable::escaped_lines(&shown));
                list.push(json!({"path": path, "what": what, "diff": diff}));
            }
            if !differences.is_empty() {
                text.push_str("run `sdkgen generate` without `--check` to update the folder\n");
            }
            let mut data = size;
            data["differences"] = Value::from(list);
            Ok(((text, data), differences.is_empty()))
        }
    }
}

fn slice(job: &Job, out: Option<&Path>, format: Option<SliceFormat>) -> CommandOutput {
    let is_json = |path: &Path| {
        path.extension()
            .is_some_and(|ending| ending.eq_ignore_ascii_case("json"))
    };
    let syntax = match format {
        Some(SliceFormat::Json) => Syntax::Json,
        None if out.is_some_and(is_json) => Syntax::Json,
        Some(SliceFormat::Yaml) | None => Syntax::Yaml,
    };
    let refused = |diagnostics| CommandOutput {
        diagnostics,
        result: None,
        succeeded: false,
    };
    if let Some(Err(diagnostic)) = out.map(|out| job.refuse_input(out)) {
        return refused(vec![diagnostic]);
    }
    let slice = match job.slice() {
        Ok(slice) => slice,
        Err(error) => return refused(error.diagnostics),
    };
    let text = slice.text(syntax);
    let mut diagnostics = slice.warnings;
    let result = match out {
        None => Some(text),
        Some(path) => match output::write_text(path, &text) {
            Ok(true) => Some(format!("wrote {}\n", path.display())),
            Ok(false) => Some(format!("{} is up to date\n", path.display())),
            Err(diagnostic) => {
                diagnostics.push(diagnostic);
                None
            }
        },
    };
    CommandOutput {
        succeeded: result.is_some(),
        result: result.map(|text| (text, Value::Null)),
        diagnostics,
    }
}

fn explain(wanted: Option<&str>) -> CommandOutput {
    let codes = match wanted {
        None => Code::ALL.to_vec(),
        Some(text) => Code::find(text).into_iter().collect(),
    };
    if let (Some(text), []) = (wanted, codes.as_slice()) {
        let _ = writeln!(
            std::io::stderr(),
            "unknown diagnostic code `{text}`; `sdkgen explain` lists all codes"
        );
    }
    let (mut text, mut list) = (String::new(), Vec::new());
    for code in &codes {
        let (name, title, explanation) = (code.as_str(), code.title(), code.explain());
        if wanted.is_none() {
            text.push_str(&format!("{name}: {title}\n"));
        } else {
            let example = explanation.example.replace('\n', "\n    ");
            text.push_str(&format!(
                "{name}: {title}\n\n{}\n\n    {example}\n\n{}\n",
                explanation.means, explanation.remedy
            ));
        }
        list.push(json!({
            "code": name,
            "severity": code.severity(),
            "title": title,
            "means": explanation.means,
            "example": explanation.example,
            "remedy": explanation.remedy,
        }));
    }
    let succeeded = !codes.is_empty();
    CommandOutput {
        diagnostics: Vec::new(),
        result: succeeded.then(|| (text, Value::from(list))),
        succeeded,
    }
}

fn plan_data(plan: &Plan) -> Value {
    json!({
        "created": plan.create,
        "updated": plan.update,
        "deleted": plan.delete,
        "unchanged": plan.unchanged,
        "edited": plan.edited,
        "foreign": plan.foreign,
        "kept": plan.kept,
        "stray": plan.stray,
    })
}

fn print(output: CommandOutput, format: Format) -> ExitCode {
    let CommandOutput {
        diagnostics,
        result,
        succeeded,
    } = output;
    let printed = match format {
        Format::Text => {
            let diagnostics = diagnostics
                .iter()
                .map(|diagnostic| format!("{diagnostic}\n\n"));
            let printed = write(std::io::stderr().lock(), diagnostics);
            printed.and(write(
                std::io::stdout().lock(),
                result.map(|(text, _)| text),
            ))
        }
        Format::Json => {
            let list: Vec<Value> = diagnostics.iter().map(Diagnostic::to_json).collect();
            let result = result.map(|(_, data)| data);
            let document = json!({"diagnostics": list, "result": result});
            let document = format!("{document:#}\n");
            let document = printable::escaped_json(&document).into_owned();
            write(std::io::stdout().lock(), [document])
        }
    };
    if succeeded && printed.is_ok() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// Writes texts. A closed pipe is not an error, because a reader such as `head` stops early.
fn write(mut to: impl Write, texts: impl IntoIterator<Item = String>) -> Result<(), ()> {
    let all = || {
        for text in texts {
            to.write_all(text.as_bytes())?;
        }
        to.flush()
    };
    match all() {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            // If standard error fails as well, the exit status still reports the failure.
            let _ = writeln!(std::io::stderr(), "cannot write the results: {error}");
            Err(())
        }
        _ => Ok(()),
    }
}
