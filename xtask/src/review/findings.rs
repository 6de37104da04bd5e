//! A review: what was checked, what came of it, and the report of what changed.

use std::{fmt::Write as _, time::Duration};

use sdkgen::{
    Diagnostic,
    report::{self, Limit},
};

use super::{Comparison, Drift, Size, Unequal, Verdict, verdict};

/// All that a reviewer asks of a change before reading it.
#[derive(Debug)]
#[non_exhaustive]
pub struct Review {
    /// What the working tree was compared with.
    pub base: String,
    /// Committed files that are not what is rendered: of the SDK, the contract calls, the goldens.
    pub drift: Vec<Drift>,
    /// Whether rendering gives the same bytes each time.
    pub unequal: Option<Unequal>,
    /// How much code was committed, and how much there is.
    pub sizes: (Size, Size),
    /// What `cargo check` of the SDK took and takes, in CPU time; or why that is not known.
    pub times: Result<(Duration, Duration), String>,
    /// What changed for callers.
    pub comparison: Comparison,
}

/// What one of the checks found.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Line {
    /// What was checked.
    pub name: &'static str,
    /// Whether it is as it should be; `None` where that is for people to say.
    pub is_good: Option<bool>,
    /// What came of it, in a sentence without its stop.
    pub said: String,
    /// What it is about, one by one.
    pub details: Vec<String>,
}

/// By this line the comment is found again when it is to be replaced.
const MARK: &str = "<!-- cargo xtask review -->";
/// As many details are shown of a check.
const SHOWN: usize = 25;
/// As much of each.
const LONGEST: usize = 300;
/// As many characters may stand before the report, which leaves that much of a comment.
const ROOM: usize = 7_000;

impl Review {
    /// A review of what was found.
    pub fn new(
        base: String,
        drift: Vec<Drift>,
        unequal: Option<Unequal>,
        sizes: (Size, Size),
        times: Result<(Duration, Duration), String>,
        comparison: Comparison,
    ) -> Self {
        Self {
            base,
            drift,
            unequal,
            sizes,
            times,
            comparison,
        }
    }

    /// How it ends.
    pub fn verdict(&self, fail_on: Limit) -> Verdict {
        match &self.unequal {
            Some(_) => Verdict::Failed,
            None => verdict(&self.comparison.report, !self.drift.is_empty(), fail_on),
        }
    }

    /// The checks, in the order they are read in.
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
            // Writing to a text does not fail.
            let _ = writeln!(text, "{word:5} {}: {}", line.name, line.said);
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
            let said = sentence(&line.said);
            let _ = writeln!(text, "| {} | {word} | {said} |", line.name);
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
            // What a fence encloses cannot end it: no detail has a line of its own that is one.
            let details = shown(&line.details, room).join("\n").replace("```", "'''");
            let _ = writeln!(text, "```text\n{details}\n```\n\n</details>");
        }
        text.push_str(&notes);
        text.push('\n');
        text.push_str(&self.comparison.report.markdown());
        text
    }

    fn drift_line(&self) -> Line {
        let said = match self.drift.len() {
            0 => "the SDK, the contract calls and the goldens are what is rendered".to_owned(),
            count => format!(
                "{} not what is rendered: run `cargo xtask regen` and `cargo xtask goldens`",
                files(count, "file is", "files are")
            ),
        };
        let detail = |drift: &Drift| format!("{}: {}", drift.path, drift.what);
        Line {
            name: "drift",
            is_good: Some(self.drift.is_empty()),
            said,
            details: self.drift.iter().map(detail).collect(),
        }
    }

    fn edits_line(&self) -> Line {
        let is_edit = |drift: &&Drift| drift.what == "edited by hand";
        let edits = self.drift.iter().filter(is_edit).count();
        let said = match edits {
            0 => "every rendered file is as its manifest says".to_owned(),
            count => format!(
                "{} other than its manifest says: somebody edited what is rendered",
                files(count, "file is", "files are")
            ),
        };
        Line {
            name: "hand edits",
            is_good: Some(edits == 0),
            said,
            details: Vec::new(),
        }
    }

    fn determinism_line(&self) -> Line {
        let (said, details) = match &self.unequal {
            None => (
                "rendered three times, once from shuffled maps: the same bytes".to_owned(),
                Vec::new(),
            ),
            Some(Unequal { how, files: all }) => (
                format!(
                    "{how}, {}",
                    files(all.len(), "file differs", "files differ")
                ),
                all.clone(),
            ),
        };
        Line {
            name: "determinism",
            is_good: Some(self.unequal.is_none()),
            said,
            details,
        }
    }

    fn warnings_line(&self) -> Line {
        let warnings = &self.comparison.report.warnings;
        let said = match warnings.len() {
            0 => "nothing is ignored, simplified or repaired that was not before".to_owned(),
            count => format!(
                "{} not there before",
                files(count, "warning was", "warnings were")
            ),
        };
        Line {
            name: "ignored constructs",
            is_good: warnings.is_empty().then_some(true),
            said,
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
            said: [
                part(old.files, new.files, "files"),
                part(old.lines, new.lines, "lines"),
                part(old.bytes, new.bytes, "bytes"),
            ]
            .join(", "),
            details: Vec::new(),
        }
    }

    fn time_line(&self) -> Line {
        let said = match &self.times {
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
            said,
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

/// Details, each in a line, as many as there is room for, and how many are left.
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

/// What is said in a cell or a heading.
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

/// A number with its thousands apart.
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
