//! A report for a comment on a pull request: verdict and counts first, then a table for each thing
//! that changed, long parts folded.

use std::{collections::BTreeMap, fmt::Write as _};

use super::{Cause, Entry, Gravity, Level, Report, Rust};
use crate::surface::ItemView;

/// GitHub refuses comments that are longer than 65,536 characters.
const LONGEST: usize = 60_000;

pub(super) fn render(report: &Report) -> String {
    let mut text = String::new();
    // Writing to a text does not fail.
    let _ = writeln!(text, "## {}\n", headline(report));
    let _ = writeln!(text, "{}\n", proposal_line(report));
    text.push_str(&counts(report));
    let mut is_cut = false;
    for gravity in Gravity::ALL {
        let section = section(report, gravity);
        if text.len() + section.len() > LONGEST {
            is_cut = true;
            continue;
        }
        text.push_str(&section);
    }
    if is_cut {
        text.push_str(
            "\nToo long for a comment: the whole report is in the artifacts of the run.\n",
        );
    }
    if !report.stale.is_empty() {
        let _ = writeln!(
            text,
            "\nAcknowledged, but not there any more: `{}`.",
            report.stale.join("`, `")
        );
    }
    if !report.proposal.changelog.is_empty()
        && text.len() + report.proposal.changelog.len() < LONGEST
    {
        let _ = writeln!(
            text,
            "\n<details><summary>For the changelog</summary>\n\n```markdown\n{}```\n\n</details>",
            report.proposal.changelog
        );
    }
    let _ = writeln!(
        text,
        "\n<sub>{} `{}` → `{}`, {}</sub>",
        code_free(&report.new.name),
        short(&report.old.hash),
        short(&report.new.hash),
        report.new.generator
    );
    text
}

/// The verdict in a line.
pub(super) fn headline(report: &Report) -> String {
    let counts = report.counts();
    let open = counts.breaking - counts.acknowledged;
    let number = |count: usize, one: &str, many: &str| match count {
        1 => format!("1 {one}"),
        count => format!("{count} {many}"),
    };
    if report.entries.is_empty() {
        return "Nothing changes for callers".to_owned();
    }
    match (open, counts.acknowledged) {
        (0, 0) if counts.risky + counts.compatible == 0 => {
            "Only words change for callers".to_owned()
        }
        (0, 0) => "Nothing breaks callers".to_owned(),
        (0, accepted) => format!(
            "{} callers; all acknowledged",
            number(accepted, "change breaks", "changes break")
        ),
        (open, 0) => format!("{} callers", number(open, "change breaks", "changes break")),
        (open, accepted) => format!(
            "{} callers, {accepted} more are acknowledged",
            number(open, "change breaks", "changes break")
        ),
    }
}

/// What version the changes ask for.
pub(super) fn proposal_line(report: &Report) -> String {
    let proposal = &report.proposal;
    match (proposal.level, &proposal.from, &proposal.to) {
        (Level::None, ..) => "No new version is needed.".to_owned(),
        (level, Some(from), Some(to)) => {
            format!("Next version: {from} → {to} ({}).", level.as_str())
        }
        (level, ..) => format!("Next version: {}.", level.as_str()),
    }
}

fn counts(report: &Report) -> String {
    let counts = report.counts();
    format!(
        "| breaking | risky | compatible | words |\n|--:|--:|--:|--:|\n| {} | {} | {} | {} |\n",
        counts.breaking, counts.risky, counts.compatible, counts.words
    )
}

/// Entries of one gravity, a table for each thing they are about. What is grave is open, the rest is
/// folded.
fn section(report: &Report, gravity: Gravity) -> String {
    let mut groups: BTreeMap<(Cause, &str), Vec<&Entry>> = BTreeMap::new();
    let mut count = 0;
    for entry in report.entries.iter().filter(|it| it.gravity() == gravity) {
        groups
            .entry((entry.cause, &entry.about))
            .or_default()
            .push(entry);
        count += 1;
    }
    if count == 0 {
        return String::new();
    }
    let mut text = String::new();
    let heading = match gravity {
        Gravity::Breaking => "Breaking",
        Gravity::Risky => "Compiles, and may surprise",
        Gravity::Compatible => "Compatible",
        Gravity::Words => "Words",
    };
    let is_folded = gravity >= Gravity::Compatible || count > 30;
    if is_folded {
        let _ = writeln!(text, "\n<details><summary>{heading} ({count})</summary>");
    } else {
        let _ = writeln!(text, "\n### {heading} ({count})");
    }
    for ((cause, about), entries) in groups {
        let because = match cause {
            Cause::Description => "",
            Cause::Generator => ", by the generator",
        };
        let _ = writeln!(
            text,
            "\n**{about}**{because}\n\n| change | on the wire | in Rust |\n|---|---|---|"
        );
        for entry in entries {
            text.push_str(&row(entry));
        }
    }
    if is_folded {
        text.push_str("\n</details>\n");
    }
    text
}

fn row(entry: &Entry) -> String {
    let mut change = cell(entry.message());
    if let Some(reason) = &entry.acknowledged {
        let _ = write!(change, "<br>acknowledged: {}", cell(reason));
    }
    let _ = write!(
        change,
        "<br><sub>{} · {}</sub>",
        entry.code(),
        entry.fingerprint
    );
    let wire = match &entry.wire {
        None => "–".to_owned(),
        Some(wire) => {
            let place = wire.new.as_ref().or(wire.old.as_ref());
            let place = place.map(super::text::place_text).unwrap_or_default();
            let reached = wire.finding.operations.len();
            let reached = match reached {
                0 | 1 => String::new(),
                count => format!("<br>reaches {count} operations"),
            };
            let impact = wire.finding.impact.as_str();
            format!("{impact}<br><sub>{}</sub>{reached}", cell(&place))
        }
    };
    format!("| {change} | {wire} | {} |\n", rust(&entry.rust))
}

fn rust(changes: &[Rust]) -> String {
    /// What a reader takes in at once.
    const SHOWN: usize = 3;
    if changes.is_empty() {
        return "–".to_owned();
    }
    let one = |Rust { change }: &Rust| {
        let mut text = change.verdict.as_str().to_owned();
        for (mark, view) in [("−", &change.old), ("+", &change.new)] {
            if let Some(ItemView { signature, .. }) = view {
                let _ = write!(text, "<br>{mark} <code>{}</code>", escaped(signature));
            }
        }
        text
    };
    let shown: Vec<String> = changes.iter().take(SHOWN).map(one).collect();
    let mut text = shown.join("<br>");
    if changes.len() > SHOWN {
        let rest: Vec<String> = changes.iter().skip(SHOWN).take(40).map(one).collect();
        let _ = write!(
            text,
            "<details><summary>{} more</summary>{}</details>",
            changes.len() - SHOWN,
            rest.join("<br>")
        );
    }
    text
}

/// A text that cannot end its cell.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace(['\n', '\r'], " ")
}

/// Code that is HTML within a table: pipes would part cells, angles would be tags.
fn escaped(code: &str) -> String {
    let mut text = String::new();
    for letter in code.chars() {
        match letter {
            '&' => text.push_str("&amp;"),
            '<' => text.push_str("&lt;"),
            '>' => text.push_str("&gt;"),
            '|' => text.push_str("&#124;"),
            '`' => text.push_str("&#96;"),
            '\n' | '\r' => text.push(' '),
            other => text.push(other),
        }
    }
    text
}

fn code_free(text: &str) -> String {
    text.replace(['`', '<', '>'], "")
}

fn short(hash: &str) -> &str {
    hash.get(..8).unwrap_or(hash)
}
