//! The sentences that reports of all formats share.

use std::fmt::Write as _;

use super::{Level, Report};
use crate::diagnostics::Place;

/// The verdict, in one line.
pub(super) fn headline(report: &Report) -> String {
    let counts = report.counts();
    let open = counts.breaking - counts.acknowledged;
    if report.entries.is_empty() {
        return "Nothing changes for callers".to_owned();
    }
    match (open, counts.acknowledged) {
        (0, 0) if counts.risky + counts.compatible == 0 => {
            "Only documentation changes for callers".to_owned()
        }
        (0, 0) => "Nothing breaks callers".to_owned(),
        (0, accepted) => format!(
            "{} callers; all acknowledged",
            number(accepted, "change breaks", "changes break")
        ),
        (open, 0) => format!("{} callers", number(open, "change breaks", "changes break")),
        (open, accepted) => format!(
            "{} callers, {accepted} more acknowledged",
            number(open, "change breaks", "changes break")
        ),
    }
}

/// The version that the changes require.
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

/// `file:line:column`, as editors open it.
pub(super) fn place_text(place: &Place) -> String {
    let mut text = place.file.clone();
    for number in [place.line, place.column].into_iter().flatten() {
        let _ = write!(text, ":{number}");
    }
    text
}

/// A count with its noun and verb, in the singular or the plural.
pub(super) fn number(count: usize, one: &str, many: &str) -> String {
    match count {
        1 => format!("1 {one}"),
        count => format!("{count} {many}"),
    }
}
