//! A report for a terminal.

use std::fmt::Write as _;

use super::{Entry, Impact, Report, Rust, inline::plain};
use crate::{diagnostics::Place, surface::ItemView};

pub(super) fn render(report: &Report, colour: bool) -> String {
    let paint = Paint(colour);
    let mut text = String::new();
    // Writing to a text does not fail.
    let _ = writeln!(
        text,
        "{}\n",
        paint.heading(&super::markdown::headline(report))
    );
    for gravity in Impact::ALL {
        let entries = report.entries.iter();
        let entries: Vec<&Entry> = entries.filter(|it| it.gravity() == gravity).collect();
        if entries.is_empty() {
            continue;
        }
        let heading = format!("{} ({})", gravity.as_str(), entries.len());
        let _ = writeln!(text, "{}", paint.of(gravity, &heading));
        for entry in entries {
            text.push_str(&entry_text(entry, paint));
        }
        text.push('\n');
    }
    for fingerprint in &report.stale {
        let _ = writeln!(
            text,
            "acknowledged, but not there any more: {}",
            plain(fingerprint)
        );
    }
    let proposal = super::markdown::proposal_line(report);
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
        text.push_str("      because of the generator\n");
    }
    if let Some(wire) = &entry.wire {
        for (word, place) in [("was", &wire.old), ("is", &wire.new)] {
            if let Some(place) = place {
                let _ = writeln!(text, "      {word} at {}", plain(&place_text(place)));
            }
        }
    }
    for Rust { change, .. } in entry.rust.iter().take(SHOWN) {
        let code = change.code.as_str();
        let _ = writeln!(
            text,
            "      {} {code} {}",
            change.verdict.as_str(),
            plain(&change.item)
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
    if entry.rust.len() > SHOWN {
        let _ = writeln!(text, "      and {} more in Rust", entry.rust.len() - SHOWN);
    }
    text
}

/// Changes in Rust that are shown of one change of the description.
const SHOWN: usize = 6;

/// `file:line:column`, as editors open it.
pub(super) fn place_text(place: &Place) -> String {
    let mut text = place.file.clone();
    for number in [place.line, place.column].into_iter().flatten() {
        let _ = write!(text, ":{number}");
    }
    text
}

#[derive(Clone, Copy)]
struct Paint(bool);

impl Paint {
    fn of(self, gravity: Impact, text: &str) -> String {
        self.with(
            match gravity {
                Impact::Breaking => "1;31",
                Impact::Risky => "1;33",
                Impact::Compatible => "1;32",
                Impact::Words => "1;34",
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
