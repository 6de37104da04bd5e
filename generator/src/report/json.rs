//! Renders a report as JSON.

use serde_json::{Value, json};

use super::{About, Entry, Report, RustChange, WireChange};
use crate::{diagnostics::Diagnostic, surface::ItemView};

/// Increases when a key is removed or a value changes its meaning.
const FORMAT: u32 = 2;

pub(super) fn render(report: &Report) -> Value {
    let counts = report.counts();
    json!({
        "format": FORMAT,
        "old": about(&report.old),
        "new": about(&report.new),
        "counts": {
            "breaking": counts.breaking,
            "acknowledged": counts.acknowledged,
            "risky": counts.risky,
            "compatible": counts.compatible,
            "docs": counts.docs,
        },
        "proposal": {
            "level": report.proposal.level.as_str(),
            "from": report.proposal.from,
            "to": report.proposal.to,
            "changelog": report.proposal.changelog,
        },
        "entries": report.entries.iter().map(entry).collect::<Vec<_>>(),
        "stale": report.stale,
        "warnings": report.warnings.iter().map(warning).collect::<Vec<_>>(),
    })
}

fn warning(warning: &Diagnostic) -> Value {
    json!({
        "code": warning.code.as_str(),
        "message": warning.message,
        "place": warning.place,
    })
}

fn about(about: &About) -> Value {
    json!({
        "name": about.name,
        "version": about.version,
        "sha256": about.hash,
        "generator": about.generator,
    })
}

fn entry(entry: &Entry) -> Value {
    json!({
        "fingerprint": entry.fingerprint,
        "code": entry.code(),
        "gravity": entry.impact().as_str(),
        "about": entry.about,
        "message": entry.message(),
        "cause": entry.cause.as_str(),
        "acknowledged": entry.acknowledged,
        "wire": entry.wire.as_ref().map(wire),
        "rust": entry.rust.iter().map(rust).collect::<Vec<_>>(),
    })
}

fn wire(wire: &WireChange) -> Value {
    let finding = &wire.finding;
    json!({
        "code": finding.code.as_str(),
        "impact": finding.impact.as_str(),
        "direction": finding.direction.map(crate::diff::Direction::as_str),
        "was": finding.was,
        "is": finding.is,
        "old": wire.old,
        "new": wire.new,
        "operations": finding.operations,
    })
}

fn rust(rust: &RustChange) -> Value {
    let change = &rust.change;
    json!({
        "code": change.code.as_str(),
        "verdict": change.verdict.as_str(),
        "item": change.item,
        "message": change.message,
        "old": change.old.as_ref().map(view),
        "new": change.new.as_ref().map(view),
        "difference": change.difference.as_ref().map(|(was, is)| json!([was, is])),
    })
}

fn view(view: &ItemView) -> Value {
    json!({
        "signature": view.signature,
        "file": view.file,
        "line": view.line,
    })
}
