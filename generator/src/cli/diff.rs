//! `sdkgen diff`: reports what changed for callers between two descriptions.

use std::{io::IsTerminal, path::PathBuf, process::ExitCode};

use clap::{
    Args, ValueEnum,
    builder::{PossibleValue, PossibleValuesParser, TypedValueParser},
};
use sdkgen::{
    Diagnostic, Job, Layout,
    diagnostics::printable,
    output,
    report::{Acknowledgements, Limit, Report, Side},
};

/// Exit status: 0 no change reaches `--fail-on`, or all that do are acknowledged; 1 invalid input; 2 usage;
/// 4 a change reaches `--fail-on`; 101 bug in sdkgen. `cargo xtask diff` also has 3: the committed SDK is not
/// what is rendered.
#[derive(Args)]
pub(crate) struct Diff {
    /// The old OpenAPI document.
    old: PathBuf,
    /// The new OpenAPI document.
    new: PathBuf,
    /// The configuration of the new document, and of the old one without `--old-config`.
    #[arg(long)]
    config: Option<PathBuf>,
    /// The configuration of the old document.
    #[arg(long)]
    old_config: Option<PathBuf>,
    /// Allow documents to reference files outside their folders.
    #[arg(long)]
    allow_outside: bool,
    /// The name of the crate.
    #[arg(long, default_value = "sdk")]
    name: String,
    /// The current version of the crate, from which the next one is proposed.
    #[arg(long)]
    crate_version: Option<String>,
    /// The folder of the crate in the repository, for annotations.
    #[arg(long, default_value = "")]
    crate_folder: String,
    /// The file of acknowledged changes.
    #[arg(long)]
    acknowledged: Option<PathBuf>,
    /// The least serious impact that fails.
    #[arg(long, default_value = "never", value_parser = limit())]
    fail_on: Limit,
    /// The format of the report.
    #[arg(long, value_enum, default_value = "text")]
    format: ReportFormat,
    /// The file to write the report to, instead of standard output.
    #[arg(long)]
    out: Option<PathBuf>,
}

/// Parses a limit, also by its former name.
fn limit() -> impl TypedValueParser<Value = Limit> {
    let names = Limit::NAMES.map(|name| {
        let aliases = Limit::ALIASES.into_iter();
        let aliases = aliases.filter_map(|(alias, current)| (current == name).then_some(alias));
        PossibleValue::new(name).aliases(aliases)
    });
    PossibleValuesParser::new(names).try_map(|name| name.parse::<Limit>())
}

/// The format of a report.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReportFormat {
    Text,
    Markdown,
    Json,
    Html,
    /// GitHub workflow commands.
    Github,
}

/// The exit status for a change that reaches `--fail-on`.
const LIMIT_REACHED: u8 = 4;

/// Runs the command.
pub(crate) fn run(diff: &Diff) -> ExitCode {
    match report(diff) {
        Ok(report) => {
            print(&report.warnings);
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
                true => ExitCode::from(LIMIT_REACHED),
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
        // The file of acknowledged changes is input as well.
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
    print(diagnostics);
    ExitCode::FAILURE
}

/// Prints diagnostics to standard error, apart from the report.
fn print(diagnostics: &[Diagnostic]) {
    let texts = diagnostics
        .iter()
        .map(|diagnostic| format!("{diagnostic}\n\n"));
    let _ = super::write(std::io::stderr().lock(), texts);
}
