//! A review: the results of all checks, and the report of what changed.

use std::{fmt::Write as _, time::Duration};

use sdkgen::{
    Diagnostic,
    report::{self, Limit},
};

use super::{Comparison, Drift, Nondeterminism, Size, Verdict, verdict};

/// The results of all checks of a change.
#[derive(Debug)]
#[non_exhaustive]
pub struct Review {
    /// The revision that the working tree was compared with.
    pub base: String,
    /// Committed files that differ from the rendered ones: of the SDK, the contract calls, the goldens.
    pub drift: Vec<Drift>,
    /// How a repeated rendering differed, if it did.
    pub nondeterminism: Option<Nondeterminism>,
    /// The size of the code at the revision and in the working tree.
    pub sizes: (Size, Size),
    /// CPU time of `cargo check` of the SDK at the revision and in the working tree; or why it is unknown.
    pub times: Result<(Duration, Duration), String>,
    /// What changed for callers.
    pub comparison: Comparison,
}

/// The result of one check.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Line {
    /// The name of the check.
    pub name: &'static str,
    /// Whether it passed; `None` if a person has to decide.
    pub is_good: Option<bool>,
    /// The result, in a sentence without its full stop.
    pub summary: String,
    /// The affected files or warnings.
    pub details: Vec<String>,
}

/// CI finds the comment that it has to replace by this line.
const MARK: &str = "<!-- cargo xtask review -->";
/// Maximum number of details per check.
const SHOWN: usize = 25;
/// Maximum number of characters per detail.
const LONGEST: usize = 300;
/// Maximum number of characters before the report, which needs the rest of a comment.
const ROOM: usize = 7_000;

impl Review {
    /// Makes a review of the results of checks.
    pub fn new(
        base: String,
        drift: Vec<Drift>,
        nondeterminism: Option<Nondeterminism>,
        sizes: (Size, Size),
        times: Result<(Duration, Duration), String>,
        comparison: Comparison,
    ) -> Self {
        Self {
            base,
            drift,
            nondeterminism,
            sizes,
            times,
            comparison,
        }
    }

    /// The exit status of the review.
    pub fn verdict(&self, fail_on: Limit) -> Verdict {
        match &self.nondeterminism {
            Some(_) => Verdict::Failed,
            None => verdict(&self.comparison.report, !self.drift.is_empty(), fail_on),
        }
    }

    /// The results in the order in which they are shown.
    pub fn lines(&self) -> Vec<Line> {
        vec![
            self.drift_line(),
            self.edits_line(),
            self.determinism_line(),
            self.warnings_line(),
            self.size_line(),
            self.time_line(),
        ]
    }

    /// For a terminal.
    pub fn text(&self, colour: bool) -> String {
        let mut text = format!(
            "The working tree against {}\n\n",
            report::one_line(&self.base, LONGEST)
        );
        for line in self.lines() {
            let word = word(line.is_good);
            // Writing to a `String` does not fail.
            let _ = writeln!(text, "{word:5} {}: {}", line.name, line.summary);
            for detail in shown(&line.details, usize::MAX) {
                let _ = writeln!(text, "        {detail}");
            }
        }
        for note in &self.comparison.notes {
            let _ = writeln!(text, "note  {}", report::one_line(note, LONGEST));
        }
        text.push('\n');
        text.push_str(&self.comparison.report.text(colour));
        text
    }

    /// For a comment on a pull request.
    pub fn markdown(&self) -> String {
        let mut text = format!(
            "{MARK}\n# Against {}\n\n| check | | |\n|---|---|---|\n",
            sentence(&self.base)
        );
        let lines = self.lines();
        for line in &lines {
            let word = match line.is_good {
                Some(false) => "**fails**",
                other => word(other),
            };
            let summary = sentence(&line.summary);
            let _ = writeln!(text, "| {} | {word} | {summary} |", line.name);
        }
        let mut notes = String::new();
        for note in self.comparison.notes.iter().take(SHOWN) {
            let note = format!("\nNote: {}.\n", sentence(note));
            if text.len() + notes.len() + note.len() < ROOM {
                notes.push_str(&note);
            }
        }
        for line in lines.iter().filter(|line| !line.details.is_empty()) {
            let count = line.details.len();
            let _ = writeln!(
                text,
                "\n<details><summary>{} ({count})</summary>\n",
                line.name
            );
            let room = ROOM.saturating_sub(text.len() + notes.len());
            // No detail may close the fence that encloses it.
            let details = shown(&line.details, room).join("\n").replace("```", "'''");
            let _ = writeln!(text, "```text\n{details}\n```\n\n</details>");
        }
        text.push_str(&notes);
        text.push('\n');
        text.push_str(&self.comparison.report.markdown());
        text
    }

    fn drift_line(&self) -> Line {
        let summary = match self.drift.len() {
            0 => "the SDK, the contract calls and the goldens are up to date".to_owned(),
            count => format!(
                "{} out of date: run `cargo xtask regen` and `cargo xtask goldens`",
                files(count, "file is", "files are")
            ),
        };
        let detail = |drift: &Drift| format!("{}: {}", drift.path, drift.what);
        Line {
            name: "drift",
            is_good: Some(self.drift.is_empty()),
            summary,
            details: self.drift.iter().map(detail).collect(),
        }
    }

    fn edits_line(&self) -> Line {
        let is_edit = |drift: &&Drift| drift.what == "edited by hand";
        let edits = self.drift.iter().filter(is_edit).count();
        let summary = match edits {
            0 => "every rendered file matches its manifest".to_owned(),
            count => format!(
                "{} different from its manifest: rendered files were edited by hand",
                files(count, "file is", "files are")
            ),
        };
        Line {
            name: "hand edits",
            is_good: Some(edits == 0),
            summary,
            details: Vec::new(),
        }
    }

    fn determinism_line(&self) -> Line {
        let (summary, details) = match &self.nondeterminism {
            None => (
                "rendered three times, once from shuffled maps: the same bytes".to_owned(),
                Vec::new(),
            ),
            Some(Nondeterminism { how, files: all }) => (
                format!(
                    "{how}, {}",
                    files(all.len(), "file differs", "files differ")
                ),
                all.clone(),
            ),
        };
        Line {
            name: "determinism",
            is_good: Some(self.nondeterminism.is_none()),
            summary,
            details,
        }
    }

    fn warnings_line(&self) -> Line {
        let warnings = &self.comparison.report.warnings;
        let summary = match warnings.len() {
            0 => "no construct is newly ignored, simplified or repaired".to_owned(),
            count => format!("{} new", files(count, "warning is", "warnings are")),
        };
        Line {
            name: "ignored constructs",
            is_good: warnings.is_empty().then_some(true),
            summary,
            details: warnings.iter().map(warning).collect(),
        }
    }

    fn size_line(&self) -> Line {
        let (old, new) = self.sizes;
        let part = |old: usize, new: usize, what: &str| {
            let change = match new.cmp(&old) {
                std::cmp::Ordering::Equal => "±0".to_owned(),
                std::cmp::Ordering::Less => format!("−{}", grouped(old - new)),
                std::cmp::Ordering::Greater => format!("+{}", grouped(new - old)),
            };
            format!("{} {what} ({change})", grouped(new))
        };
        Line {
            name: "size",
            is_good: None,
            summary: [
                part(old.files, new.files, "files"),
                part(old.lines, new.lines, "lines"),
                part(old.bytes, new.bytes, "bytes"),
            ]
            .join(", "),
            details: Vec::new(),
        }
    }

    fn time_line(&self) -> Line {
        let summary = match &self.times {
            Err(why) => format!("not measured: {why}"),
            Ok((old, new)) => {
                let (old, new) = (old.as_secs_f64(), new.as_secs_f64());
                let change = match old > 0.0 {
                    true => format!(", {:+.0} %", (new - old) / old * 100.0),
                    false => String::new(),
                };
                format!("{new:.2} s of CPU time, was {old:.2} s{change}")
            }
        };
        Line {
            name: "cargo check",
            is_good: None,
            summary,
            details: Vec::new(),
        }
    }
}

fn word(is_good: Option<bool>) -> &'static str {
    match is_good {
        Some(true) => "ok",
        Some(false) => "FAILS",
        None => "note",
    }
}

/// As many details as fit, one per line, and the number of the others.
fn shown(details: &[String], room: usize) -> Vec<String> {
    let mut shown: Vec<String> = Vec::new();
    let mut length = 0;
    for detail in details.iter().take(SHOWN) {
        let detail = report::one_line(detail, LONGEST);
        length += detail.len() + 1;
        if length > room {
            break;
        }
        shown.push(detail);
    }
    if details.len() > shown.len() {
        shown.push(format!("and {} more", details.len() - shown.len()));
    }
    shown
}

/// A sentence for a cell or a heading.
fn sentence(text: &str) -> String {
    report::markdown_sentence(&report::one_line(text, LONGEST))
}

fn warning(warning: &Diagnostic) -> String {
    let place = warning.place.as_ref();
    let file = place.map_or("", |place| place.file.as_str());
    let line = place.and_then(|place| place.line);
    let line = line.map_or(String::new(), |line| format!(":{line}"));
    format!(
        "{} {file}{line}: {}",
        warning.code.as_str(),
        warning.message
    )
}

fn files(count: usize, one: &str, many: &str) -> String {
    match count {
        1 => format!("1 {one}"),
        count => format!("{count} {many}"),
    }
}

/// A number with separators of thousands.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_stand_apart() {
        for (number, expected) in [
            (0, "0"),
            (999, "999"),
            (1000, "1,000"),
            (1_234_567, "1,234,567"),
        ] {
            assert_eq!(grouped(number), expected);
        }
    }
}
