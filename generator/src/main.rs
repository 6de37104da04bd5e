//! The command line of sdkgen. Thin: every command is a call of the library.

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

/// A description of tens of megabytes is millions of small values.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Renders an idiomatic Rust SDK from an OpenAPI description.
///
/// Ends with 0 when it did what it was asked to; with 1 when the description, the configuration or
/// the output kept it from doing so, or when `--check` found a difference; with 2 when the command
/// line is wrong; with 4 when `diff` found a change that is too grave; with 101 when it met a defect
/// of its own.
#[derive(Parser)]
#[command(version, about)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Render a crate that builds on its own.
    Generate {
        #[command(flatten)]
        input: Input,
        /// The folder of the crate.
        #[arg(long, required_unless_present = "dry_run")]
        out: Option<PathBuf>,
        /// The name of the crate.
        #[arg(long, default_value = "sdk")]
        name: String,
        /// Render code alone, for a crate that has manifest, root and runtime.
        #[arg(long)]
        embedded: bool,
        /// Write nothing; print every difference and fail if there is one.
        #[arg(long)]
        check: bool,
        /// Write nothing and compare nothing; say how much was rendered.
        #[arg(long, conflicts_with = "check")]
        dry_run: bool,
        /// Replace rendered files even if they were edited since sdkgen wrote them.
        #[arg(long, conflicts_with_all = ["check", "dry_run"])]
        overwrite: bool,
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
    /// Cut a part out of a description, as a description of its own: OpenAPI 3.0.3 with the
    /// operations that are selected and what they need, always in the same order.
    Slice {
        /// The description: OpenAPI 3 or Swagger 2.0, YAML or JSON.
        file: PathBuf,
        /// Keep the operations of this tag. Can be repeated.
        #[arg(long)]
        tag: Vec<String>,
        /// Keep only what this selects, as for `generate`. Can be repeated.
        #[arg(long)]
        include: Vec<String>,
        /// Leave out what this selects, whatever includes it. Can be repeated.
        #[arg(long)]
        exclude: Vec<String>,
        /// An overlay to apply to the description first; several are applied in their order.
        #[arg(long)]
        overlay: Vec<PathBuf>,
        /// Let the description refer to files outside its folder.
        #[arg(long)]
        allow_outside: bool,
        /// The file to write; the standard output if none is given.
        #[arg(long)]
        out: Option<PathBuf>,
        /// How to write it; JSON if the file is called so, YAML otherwise.
        #[arg(long, value_enum)]
        format: Option<SliceFormat>,
    },
    /// Say what a change of a description means for those who call the SDK, on the wire and in Rust.
    Diff(diff::Diff),
    /// Explain a code of a diagnostic: what it means, what causes it, what to do.
    Explain {
        /// The code, such as E0201; all of them if none is given.
        code: Option<String>,
        /// How to print it.
        #[arg(long, value_enum, default_value = "text")]
        format: Format,
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
    /// Render only what this selects: `tag:Users`, `path:/users/**`, `operation:getUser`,
    /// `GET /users/{id}`. Can be repeated.
    #[arg(long)]
    include: Vec<String>,
    /// Leave out what this selects, whatever includes it. Can be repeated.
    #[arg(long)]
    exclude: Vec<String>,
    /// How to print results and diagnostics: `json` is one document, `{diagnostics, result}`, on
    /// the standard output.
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

/// What a command comes to.
struct Outcome {
    diagnostics: Vec<Diagnostic>,
    /// For people and for programs; `None` if there is none.
    result: Option<(String, Value)>,
    succeeded: bool,
}

/// What is to be done with what was rendered.
enum Destination {
    Write(PathBuf),
    Compare(PathBuf),
    Nowhere,
}

fn main() -> ExitCode {
    let (outcome, format) = match Cli::parse().command {
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
                Some(out) if check => Destination::Compare(out),
                Some(out) if !dry_run => Destination::Write(out),
                _ => Destination::Nowhere,
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
            (read(&input.job(), result), input.format)
        }
        Command::Inspect { input } => {
            let result = |compiled: &Compiled| (compiled.to_table(), compiled.to_json());
            (read(&input.job(), result), input.format)
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
    print(outcome, format)
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

fn read(job: &Job, result: impl FnOnce(&Compiled) -> (String, Value)) -> Outcome {
    let Compilation {
        diagnostics,
        compiled,
    } = sdkgen::compile(job);
    let result = compiled.as_ref().map(result);
    Outcome {
        diagnostics,
        succeeded: result.is_some(),
        result,
    }
}

fn generate(job: &Job, to: &Destination) -> Outcome {
    let Compilation {
        mut diagnostics,
        compiled,
    } = sdkgen::compile(job);
    let settled = compiled.map(|compiled| {
        let rendered = sdkgen::render(&compiled)?;
        let settled = settle(&rendered, to, &mut diagnostics);
        // The process ends in a moment: taking large ones apart would only take time.
        std::mem::forget((rendered, compiled));
        settled
    });
    let (result, succeeded) = match settled {
        None => (None, false),
        Some(Ok((result, succeeded))) => (Some(result), succeeded),
        Some(Err(diagnostic)) => {
            diagnostics.push(diagnostic);
            (None, false)
        }
    };
    Outcome {
        diagnostics,
        result,
        succeeded,
    }
}

fn settle(
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
        Destination::Nowhere => Ok(((format!("{files} files, {bytes} bytes\n"), size), true)),
        Destination::Write(out) => {
            let plan = rendered.output(out)?.write()?;
            diagnostics.extend(plan.warnings());
            let mut data = size;
            data["written"] = plan_data(&plan);
            let shown = format!("{plan}\n");
            Ok(((printable::escaped_lines(&shown).into_owned(), data), true))
        }
        Destination::Compare(out) => {
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
                text.push_str("run `sdkgen generate` without --check to write the differences\n");
            }
            let mut data = size;
            data["differences"] = Value::from(list);
            Ok(((text, data), differences.is_empty()))
        }
    }
}

fn slice(job: &Job, out: Option<&Path>, format: Option<SliceFormat>) -> Outcome {
    let is_json = |path: &Path| {
        path.extension()
            .is_some_and(|ending| ending.eq_ignore_ascii_case("json"))
    };
    let syntax = match format {
        Some(SliceFormat::Json) => Syntax::Json,
        None if out.is_some_and(is_json) => Syntax::Json,
        Some(SliceFormat::Yaml) | None => Syntax::Yaml,
    };
    let refused = |diagnostics| Outcome {
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
    Outcome {
        succeeded: result.is_some(),
        result: result.map(|text| (text, Value::Null)),
        diagnostics,
    }
}

fn explain(wanted: Option<&str>) -> Outcome {
    let codes = match wanted {
        None => Code::ALL.to_vec(),
        Some(text) => Code::find(text).into_iter().collect(),
    };
    if let (Some(text), []) = (wanted, codes.as_slice()) {
        let _ = writeln!(
            std::io::stderr(),
            "`{text}` is no code of sdkgen; `sdkgen explain` lists them all"
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
    Outcome {
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

fn print(outcome: Outcome, format: Format) -> ExitCode {
    let Outcome {
        diagnostics,
        result,
        succeeded,
    } = outcome;
    let told = match format {
        Format::Text => {
            let said = diagnostics
                .iter()
                .map(|diagnostic| format!("{diagnostic}\n\n"));
            let told = write(std::io::stderr().lock(), said);
            told.and(write(
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
    if succeeded && told.is_ok() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// Writes texts. A reader that has seen enough, such as `head`, is no error; a full disk is.
fn write(mut to: impl Write, texts: impl IntoIterator<Item = String>) -> Result<(), ()> {
    let all = || {
        for text in texts {
            to.write_all(text.as_bytes())?;
        }
        to.flush()
    };
    match all() {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            // Where even this cannot be told, the exit code says it.
            let _ = writeln!(std::io::stderr(), "cannot write the results: {error}");
            Err(())
        }
        _ => Ok(()),
    }
}
