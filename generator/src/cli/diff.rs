//! `sdkgen diff`: two descriptions to what changed for callers.

use std::{io::IsTerminal, path::PathBuf, process::ExitCode};

use clap::{
    Args, ValueEnum,
    builder::{PossibleValuesParser, TypedValueParser},
};
use sdkgen::{
    Diagnostic, Job, Layout,
    diagnostics::printable,
    output,
    report::{Acknowledgements, Limit, Report, Side},
};

/// Ends with 0 when nothing is as grave as `--fail-on` says, with 4 when something is that nobody
/// has acknowledged, with 1 when a description cannot be read, with 2 when the command line is
/// wrong. 3 is drift, which only `cargo xtask diff` knows of: what is committed is not what is
/// rendered.
#[derive(Args)]
pub(crate) struct Diff {
    /// The description as it was.
    old: PathBuf,
    /// The description as it is.
    new: PathBuf,
    /// The configuration of the new description, and of the old one if that has none of its own.
    #[arg(long)]
    config: Option<PathBuf>,
    /// The configuration of the old description.
    #[arg(long)]
    old_config: Option<PathBuf>,
    /// Let descriptions refer to files outside their folders.
    #[arg(long)]
    allow_outside: bool,
    /// The name of the crate.
    #[arg(long, default_value = "sdk")]
    name: String,
    /// The version that the crate has; the one to come is proposed.
    #[arg(long)]
    crate_version: Option<String>,
    /// The folder of the crate, for the lines of annotations.
    #[arg(long, default_value = "")]
    crate_folder: String,
    /// A file of changes that are accepted.
    #[arg(long)]
    acknowledged: Option<PathBuf>,
    /// What to fail on.
    #[arg(long, default_value = "never", value_parser = limit())]
    fail_on: Limit,
    /// How to print the report.
    #[arg(long, value_enum, default_value = "text")]
    format: ReportFormat,
    /// Where to write it, if not to the standard output.
    #[arg(long)]
    out: Option<PathBuf>,
}

/// How grave a change must be to fail.
fn limit() -> impl TypedValueParser<Value = Limit> {
    PossibleValuesParser::new(Limit::WORDS).try_map(|word| word.parse::<Limit>())
}

/// How a report is printed.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReportFormat {
    Text,
    Markdown,
    Json,
    Html,
    /// Annotations of GitHub's workflows.
    Github,
}

/// The exit code for a change that is too grave.
const GRAVE: u8 = 4;

/// Runs the command.
pub(crate) fn run(diff: &Diff) -> ExitCode {
    match report(diff) {
        Ok(report) => {
            say(&report.warnings);
            let text = rendered(&report, diff);
            let written = match &diff.out {
                Some(path) => match output::write_text(path, &text) {
                    Ok(_) => Ok(()),
                    Err(diagnostic) => return fail(&[diagnostic]),
                },
                None => super::write(std::io::stdout().lock(), [text]),
            };
            if written.is_err() {
                return ExitCode::FAILURE;
            }
            match report.fails(diff.fail_on) {
                true => ExitCode::from(GRAVE),
                false => ExitCode::SUCCESS,
            }
        }
        Err(diagnostics) => fail(&diagnostics),
    }
}

fn report(diff: &Diff) -> Result<Report, Vec<Diagnostic>> {
    if let Some(out) = &diff.out {
        let jobs = [(&diff.old, &diff.old_config), (&diff.new, &diff.config)];
        for (spec, config) in jobs {
            let job = config.iter().fold(Job::new(spec), Job::with_config);
            job.refuse_input(out).map_err(|refused| vec![refused])?;
        }
        // The list of accepted changes is read as well.
        if let Some(list) = &diff.acknowledged {
            let refused = Job::new(list).refuse_input(out);
            refused.map_err(|refused| vec![refused])?;
        }
    }
    let acknowledgements = match &diff.acknowledged {
        Some(path) => Acknowledgements::load(path).map_err(|diagnostic| vec![diagnostic])?,
        None => Acknowledgements::default(),
    };
    let job = |spec: &PathBuf, config: Option<&PathBuf>| {
        let mut job = Job::new(spec)
            .with_crate_name(&diff.name)
            .with_layout(Layout::Crate);
        if diff.allow_outside {
            job = job.allow_outside();
        }
        match config {
            Some(config) => job.with_config(config),
            None => job,
        }
    };
    let side = |job: Job| Side::read(&job).map_err(|refused| refused.diagnostics);
    let old_config = diff.old_config.as_ref().or(diff.config.as_ref());
    let old = side(job(&diff.old, old_config))?;
    let new = side(job(&diff.new, diff.config.as_ref()))?;
    let version = diff.crate_version.as_deref();
    Ok(Report::new(&old, &new, None, &acknowledgements, version))
}

fn rendered(report: &Report, diff: &Diff) -> String {
    match diff.format {
        ReportFormat::Text => report.text(diff.out.is_none() && std::io::stdout().is_terminal()),
        ReportFormat::Markdown => report.markdown(),
        ReportFormat::Json => {
            let document = format!("{:#}\n", report.json());
            printable::escaped_json(&document).into_owned()
        }
        ReportFormat::Html => report.html(),
        ReportFormat::Github => report.annotations(&diff.crate_folder),
    }
}

fn fail(diagnostics: &[Diagnostic]) -> ExitCode {
    say(diagnostics);
    ExitCode::FAILURE
}

/// Prints diagnostics where they are in nobody's way who reads the report.
fn say(diagnostics: &[Diagnostic]) {
    let said = diagnostics.iter().map(|said| format!("{said}\n\n"));
    let _ = super::write(std::io::stderr().lock(), said);
}
