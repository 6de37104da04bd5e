//! Renders a report for a terminal.

use std::fmt::Write as _;

use super::{
    Entry, Impact, Report, fold,
    inline::plain,
    summary::{headline, place_text, proposal_line},
};
use crate::surface::ItemView;

pub(super) fn render(report: &Report, colour: bool) -> String {
    let paint = Paint(colour);
    let mut text = String::new();
    // Writing to a text does not fail.
    let _ = writeln!(text, "{}\n", paint.heading(&headline(report)));
    for impact in Impact::ALL {
        let entries = report.entries.iter();
        let entries: Vec<&Entry> = entries.filter(|it| it.impact() == impact).collect();
        if entries.is_empty() {
            continue;
        }
        let heading = format!("{} ({})", impact.as_str(), entries.len());
        let _ = writeln!(text, "{}", paint.of(impact, &heading));
        for entry in entries {
            text.push_str(&entry_text(entry, paint));
        }
        text.push('\n');
    }
    for fingerprint in &report.stale {
        let _ = writeln!(
            text,
            "acknowledged, but no longer present: {}",
            plain(fingerprint)
        );
    }
    let proposal = proposal_line(report);
    let _ = writeln!(text, "{}", paint.heading(&proposal));
    text
}

fn entry_text(entry: &Entry, paint: Paint) -> String {
    let mut text = String::new();
    let _ = write!(
        text,
        "  {} {}",
        paint.heading(&plain(&entry.about)),
        plain(entry.message())
    );
    let _ = writeln!(text, " [{} {}]", entry.code(), entry.fingerprint);
    if let Some(reason) = &entry.acknowledged {
        let _ = writeln!(text, "      acknowledged: {}", plain(reason));
    }
    if entry.cause == super::Cause::Generator {
        text.push_str("      caused by the generator\n");
    }
    if let Some(wire) = &entry.wire {
        for (side, place) in [("old", &wire.old), ("new", &wire.new)] {
            if let Some(place) = place {
                let _ = writeln!(text, "      {side}: {}", plain(&place_text(place)));
            }
        }
    }
    let groups = entry.rust_by_cause();
    for group in groups.iter().take(SHOWN) {
        let Some(change) = group.first() else {
            continue;
        };
        let code = change.code.as_str();
        let items = fold::items(group.iter().copied()).join(", ");
        let _ = writeln!(
            text,
            "      {} {code} {}",
            change.verdict.as_str(),
            plain(&items)
        );
        for (mark, view) in [("-", &change.old), ("+", &change.new)] {
            if let Some(ItemView {
                signature,
                file,
                line,
                ..
            }) = view
            {
                let signature = plain(signature);
                let _ = writeln!(text, "        {mark} {signature}  ({file}:{line})");
            }
        }
    }
    if groups.len() > SHOWN {
        let _ = writeln!(text, "      and {} more in Rust", groups.len() - SHOWN);
    }
    text
}

/// How many changes in Rust are shown for one change of the description.
const SHOWN: usize = 6;

#[derive(Clone, Copy)]
struct Paint(bool);

impl Paint {
    fn of(self, impact: Impact, text: &str) -> String {
        self.with(
            match impact {
                Impact::Breaking => "1;31",
                Impact::Risky => "1;33",
                Impact::Compatible => "1;32",
                Impact::Docs => "1;34",
            },
            text,
        )
    }

    fn heading(self, text: &str) -> String {
        self.with("1", text)
    }

    fn with(self, code: &str, text: &str) -> String {
        match self.0 {
            true => format!("\u{1b}[{code}m{text}\u{1b}[0m"),
            false => text.to_owned(),
        }
    }
}
