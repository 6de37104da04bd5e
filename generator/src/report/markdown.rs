//! Renders a report as a comment on a pull request: verdict and counts first, then a table for each
//! operation or schema that changed, with long parts folded.

use std::{collections::BTreeMap, fmt::Write as _};

use super::{
    Cause, Entry, Impact, Report, fold, inline,
    summary::{headline, number, place_text, proposal_line},
};
use crate::surface::{Change, ItemView};

/// GitHub rejects comments of more than 65,536 characters. The rest is for the text around a report.
const LONGEST: usize = 58_000;

pub(super) fn render(report: &Report) -> String {
    let mut text = format!(
        "## {}\n\n{}\n\n{}",
        headline(report),
        inline::markdown(&proposal_line(report)),
        counts(report)
    );
    let end = end(report);
    let mut left_out = 0;
    for impact in Impact::ALL {
        let room = LONGEST.saturating_sub(text.len() + end.len());
        let (section, too_many) = section(report, impact, room);
        text.push_str(&section);
        left_out += too_many;
    }
    if left_out > 0 {
        // Writing to a text does not fail.
        let _ = writeln!(
            text,
            "\n{} here. `--format html` shows all of them.",
            number(left_out, "change does not fit", "changes do not fit")
        );
    }
    let changelog = changelog(report);
    if text.len() + changelog.len() + end.len() <= LONGEST {
        text.push_str(&changelog);
    }
    text.push_str(&end);
    text
}

fn counts(report: &Report) -> String {
    let counts = report.counts();
    format!(
        "| breaking | risky | compatible | docs |\n|--:|--:|--:|--:|\n| {} | {} | {} | {} |\n",
        counts.breaking, counts.risky, counts.compatible, counts.docs
    )
}

/// Renders the entries of one impact that fit, in a table for each subject, and returns how many do not
/// fit. Compatible changes and long sections are folded.
fn section(report: &Report, impact: Impact, room: usize) -> (String, usize) {
    let entries = report.entries.iter().filter(|it| it.impact() == impact);
    let mut groups: BTreeMap<(Cause, &str), Vec<&Entry>> = BTreeMap::new();
    let mut count = 0;
    for entry in entries {
        let group = groups.entry((entry.cause, &entry.about));
        group.or_default().push(entry);
        count += 1;
    }
    if count == 0 {
        return (String::new(), 0);
    }
    let heading = impact.heading();
    let is_folded = impact >= Impact::Compatible || count > 30;
    let (mut text, close) = match is_folded {
        true => (
            format!("\n<details><summary>{heading} ({count})</summary>\n"),
            "\n</details>\n",
        ),
        false => (format!("\n### {heading} ({count})\n"), ""),
    };
    let mut shown = 0;
    for ((cause, about), entries) in groups {
        let mut head = table_head(cause, about);
        for entry in entries {
            let row = row(entry);
            if text.len() + head.len() + row.len() + close.len() > room {
                continue;
            }
            // The head comes with the first row.
            text.push_str(&std::mem::take(&mut head));
            text.push_str(&row);
            shown += 1;
        }
    }
    if shown == 0 {
        return (String::new(), count);
    }
    text.push_str(close);
    (text, count - shown)
}

fn table_head(cause: Cause, about: &str) -> String {
    let because = match cause {
        Cause::Description => "",
        Cause::Generator => ", caused by the generator",
    };
    let about = inline::markdown_heading(about);
    format!("\n**{about}**{because}\n\n| change | on the wire | in Rust |\n|---|---|---|\n")
}

fn row(entry: &Entry) -> String {
    let mut change = inline::markdown_message(entry.message(), entry.names());
    if let Some(reason) = &entry.acknowledged {
        let _ = write!(change, "<br>acknowledged: {}", inline::markdown(reason));
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
            let mut text = wire.finding.impact.as_str().to_owned();
            if let Some(place) = wire.new.as_ref().or(wire.old.as_ref()) {
                let place = inline::markdown(&place_text(place));
                let _ = write!(text, "<br><sub>{place}</sub>");
            }
            let affected = wire.finding.operations.len();
            if affected > 1 {
                let _ = write!(text, "<br>affects {affected} operations");
            }
            text
        }
    };
    format!("| {change} | {wire} | {} |\n", rust(&entry.rust_by_cause()))
}

fn rust(changes: &[Vec<&Change>]) -> String {
    /// The changes that are shown unfolded.
    const SHOWN: usize = 3;
    /// The changes that can be unfolded.
    const FOLDED: usize = 20;
    if changes.is_empty() {
        return "–".to_owned();
    }
    let one = |group: &Vec<&Change>| {
        let Some(change) = group.first() else {
            return String::new();
        };
        let mut text = change.verdict.as_str().to_owned();
        if group.len() > 1 {
            let items = fold::items(group.iter().copied()).into_iter();
            let items: Vec<String> = items.map(inline::code).collect();
            let _ = write!(text, " in {}", items.join(", "));
        }
        for (mark, view) in [("−", &change.old), ("+", &change.new)] {
            if let Some(ItemView { signature, .. }) = view {
                let _ = write!(text, "<br>{mark} {}", inline::code(signature));
            }
        }
        text
    };
    let shown: Vec<String> = changes.iter().take(SHOWN).map(one).collect();
    let mut text = shown.join("<br>");
    if changes.len() > SHOWN {
        let rest: Vec<String> = changes.iter().skip(SHOWN).take(FOLDED).map(one).collect();
        let more = changes.len() - SHOWN;
        let beyond = match more.saturating_sub(FOLDED) {
            0 => String::new(),
            beyond => format!("<br>and {beyond} more"),
        };
        let rest = rest.join("<br>");
        let _ = write!(
            text,
            "<details><summary>{more} more</summary>{rest}{beyond}</details>"
        );
    }
    text
}

fn changelog(report: &Report) -> String {
    let changelog = &report.proposal.changelog;
    if changelog.is_empty() {
        return String::new();
    }
    // The fence is longer than any inside it.
    let longest = changelog.split(|letter| letter != '`').map(str::len).max();
    let fence = "`".repeat(longest.unwrap_or(0).max(2) + 1);
    format!(
        "\n<details><summary>Changelog</summary>\n\n{fence}markdown\n{changelog}{fence}\n\n</details>\n"
    )
}

/// The end of the report, for which space is reserved.
fn end(report: &Report) -> String {
    const STALE: usize = 20;
    let mut text = String::new();
    if !report.stale.is_empty() {
        let listed = report.stale.iter().take(STALE);
        let listed: Vec<String> = listed.map(|it| inline::code(it)).collect();
        let more = match report.stale.len().saturating_sub(STALE) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let listed = listed.join(", ");
        let _ = writeln!(
            text,
            "\nAcknowledged, but no longer present: {listed}{more}."
        );
    }
    let _ = writeln!(
        text,
        "\n<sub>{}: {} → {}, {}</sub>",
        inline::markdown(&report.new.name),
        short(&report.old.hash),
        short(&report.new.hash),
        inline::markdown(&report.new.generator)
    );
    text
}

fn short(hash: &str) -> &str {
    hash.get(..8).unwrap_or(hash)
}
