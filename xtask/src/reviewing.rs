//! `cargo xtask diff` and `cargo xtask review`: the impact of a change, for people and for CI.

use std::{
    io::{IsTerminal, Write},
    path::PathBuf,
    process::ExitCode,
};

use clap::{
    Args, ValueEnum,
    builder::{PossibleValue, PossibleValuesParser, TypedValueParser},
};
use sdkgen::{
    output,
    report::{Limit, Report},
};
use xtask::review::{self as lib, Base, CRATE, Drift, Project, Size, Verdict};

use crate::bench;

/// Options of `cargo xtask diff`.
#[derive(Args)]
pub(crate) struct Diff {
    /// Old name of `cargo xtask diff-locality`.
    #[arg(long, conflicts_with_all = ["base", "format", "out", "fail_on"])]
    pub(crate) economy: bool,
    /// The revision to compare the working tree with [default: `origin/main`, else `HEAD`].
    #[arg(long)]
    base: Option<String>,
    /// Format of the report.
    #[arg(long, value_enum, default_value = "text")]
    format: ReportFormat,
    /// Write it to this file instead of the standard output.
    #[arg(long)]
    out: Option<PathBuf>,
    /// Fail on changes of at least this impact that are not acknowledged.
    #[arg(long, default_value = "breaking", value_parser = limit())]
    fail_on: Limit,
}

/// Options of `cargo xtask review`.
#[derive(Args)]
pub(crate) struct Review {
    /// The revision to compare the working tree with [default: `origin/main`, else `HEAD`].
    #[arg(long)]
    base: Option<String>,
    /// Skip the check that takes minutes: the time of `cargo check`.
    #[arg(long)]
    quick: bool,
    /// Format of the review.
    #[arg(long, value_enum, default_value = "text")]
    format: ReviewFormat,
    /// Write it to this file instead of the standard output.
    #[arg(long)]
    out: Option<PathBuf>,
    /// Also write the complete report to this file, as HTML.
    #[arg(long)]
    html: Option<PathBuf>,
    /// Also print annotations for GitHub Actions on the standard output.
    #[arg(long, requires = "out")]
    annotations: bool,
    /// Fail on changes of at least this impact that are not acknowledged.
    #[arg(long, default_value = "breaking", value_parser = limit())]
    fail_on: Limit,
}

/// The impact from which a change fails the command.
fn limit() -> impl TypedValueParser<Value = Limit> {
    let names = Limit::NAMES.map(|name| {
        let aliases = Limit::ALIASES.into_iter();
        let aliases = aliases.filter_map(|(alias, current)| (current == name).then_some(alias));
        PossibleValue::new(name).aliases(aliases)
    });
    PossibleValuesParser::new(names).try_map(|name| name.parse::<Limit>())
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ReportFormat {
    Text,
    Markdown,
    Json,
    Html,
    /// Annotations for GitHub Actions.
    Github,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ReviewFormat {
    Text,
    Markdown,
}

/// Runs `cargo xtask diff`.
pub(crate) fn diff(options: &Diff) -> ExitCode {
    end(try_diff(options))
}

/// Runs `cargo xtask review`.
pub(crate) fn review(options: &Review) -> ExitCode {
    end(try_review(options))
}

fn try_diff(options: &Diff) -> Result<Verdict, String> {
    let project = Project::here();
    let base = Base::check_out(&project.root, options.base.as_deref())?;
    let drift = project.drift()?;
    let comparison = project.compare(&base)?;
    let report = &comparison.report;
    let text = match options.format {
        ReportFormat::Text => report.text(is_terminal(options.out.as_ref())),
        ReportFormat::Markdown => report.markdown(),
        ReportFormat::Json => format!("{:#}\n", report.json()),
        ReportFormat::Html => report.html(),
        ReportFormat::Github => report.annotations(CRATE),
    };
    write(&text, options.out.as_ref())?;
    for note in &comparison.notes {
        eprintln!("note: {note}");
    }
    for Drift { path, what, .. } in &drift {
        eprintln!("{path}: {what}");
    }
    if !drift.is_empty() {
        eprintln!("to fix this: cargo xtask regen");
    }
    for warning in &report.warnings {
        eprintln!("{warning}\n");
    }
    Ok(lib::verdict(report, !drift.is_empty(), options.fail_on))
}

fn try_review(options: &Review) -> Result<Verdict, String> {
    let project = Project::here();
    let base = Base::check_out(&project.root, options.base.as_deref())?;
    let mut drift = project.drift()?;
    let goldens = xtask::goldens().map_err(|error| format!("cannot read tests/golden: {error}"))?;
    for target in goldens {
        drift.extend(project.drift_of(std::slice::from_ref(&target))?);
    }
    let (document, wanted) = lib::document(&project.root)?;
    if document != wanted {
        drift.push(Drift::out_of_date(lib::DOCUMENT));
    }
    let nondeterminism = project.determinism()?;
    let sizes = (Size::of_sdk(base.root())?, Size::of_sdk(&project.root)?);
    let comparison = project.compare(&base)?;
    let times = match options.quick {
        true => Err("left out by --quick".to_owned()),
        false => times(&base, &project),
    };
    let review = lib::Review::new(base.name(), drift, nondeterminism, sizes, times, comparison);
    let text = match options.format {
        ReviewFormat::Text => review.text(is_terminal(options.out.as_ref())),
        ReviewFormat::Markdown => review.markdown(),
    };
    write(&text, options.out.as_ref())?;
    let report: &Report = &review.comparison.report;
    if options.html.is_some() {
        write(&report.html(), options.html.as_ref())?;
    }
    if options.annotations {
        write(&report.annotations(CRATE), None)?;
    }
    Ok(review.verdict(options.fail_on))
}

/// CPU time of `cargo check` of the SDK, at the revision and in the working tree.
fn times(
    base: &Base,
    project: &Project,
) -> Result<(std::time::Duration, std::time::Duration), String> {
    const ROUNDS: usize = 3;
    let check = |root: &std::path::Path, whose: &str| {
        bench::check_sdk(root, ROUNDS).ok_or_else(|| format!("{whose} does not compile"))
    };
    let old = check(base.root(), "the old SDK")?;
    Ok((old, check(&project.root, "the SDK")?))
}

fn is_terminal(out: Option<&PathBuf>) -> bool {
    out.is_none() && std::io::stdout().is_terminal()
}

fn write(text: &str, out: Option<&PathBuf>) -> Result<(), String> {
    match out {
        Some(path) => output::write_text(path, text)
            .map(drop)
            .map_err(|error| error.to_string()),
        None => {
            // The reader may close the pipe early.
            let _ = std::io::stdout().write_all(text.as_bytes());
            Ok(())
        }
    }
}

fn end(verdict: Result<Verdict, String>) -> ExitCode {
    let verdict = verdict.unwrap_or_else(|trouble| {
        eprintln!("{trouble}");
        Verdict::Failed
    });
    ExitCode::from(verdict.code())
}
