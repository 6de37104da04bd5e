//! Renders a report as a self-contained HTML page.

use askama::Template;

use super::{
    Cause, Entry, Impact, Report, fold,
    inline::{self, Piece},
    summary::{headline, place_text, proposal_line},
};
use crate::{
    diagnostics::printable,
    surface::{Change, ItemView},
};

#[derive(Template)]
#[template(path = "report/page.html")]
struct Page<'a> {
    headline: String,
    proposal: String,
    report: &'a Report,
    sections: Vec<Section<'a>>,
    tiles: Vec<Tile>,
}

struct Tile {
    name: &'static str,
    count: usize,
}

struct Section<'a> {
    impact: &'static str,
    heading: &'static str,
    is_open: bool,
    entries: Vec<View<'a>>,
}

struct View<'a> {
    entry: &'a Entry,
    about: Vec<Piece<'a>>,
    message: Vec<Piece<'a>>,
    is_by_generator: bool,
    impact: &'static str,
    was_at: String,
    is_at: String,
    operations: &'a [String],
    rust: Vec<RustView<'a>>,
}

struct RustView<'a> {
    verdict: &'static str,
    code: &'static str,
    items: Vec<&'a str>,
    old: Option<&'a ItemView>,
    new: Option<&'a ItemView>,
}

pub(super) fn render(report: &Report) -> String {
    let sections = Impact::ALL.into_iter().filter_map(|impact| {
        let entries = report.entries.iter();
        let entries: Vec<_> = entries
            .filter(|entry| entry.impact() == impact)
            .map(view)
            .collect();
        (!entries.is_empty()).then_some(Section {
            impact: impact.as_str(),
            heading: impact.heading(),
            is_open: impact <= Impact::Risky,
            entries,
        })
    });
    let tiles = Impact::ALL.map(|impact| Tile {
        name: impact.as_str(),
        count: report
            .entries
            .iter()
            .filter(|entry| entry.impact() == impact)
            .count(),
    });
    let page = Page {
        headline: headline(report),
        proposal: proposal_line(report),
        report,
        sections: sections.collect(),
        tiles: tiles.into_iter().collect(),
    };
    // A template that only inserts strings cannot fail.
    let page = page.render().unwrap_or_default();
    printable::escaped_lines(&page).into_owned()
}

fn view(entry: &Entry) -> View<'_> {
    let wire = entry.wire.as_ref();
    let place =
        |place: Option<&crate::diagnostics::Place>| place.map(place_text).unwrap_or_default();
    View {
        entry,
        about: inline::heading(&entry.about),
        message: inline::sentence(entry.message(), entry.names()),
        is_by_generator: entry.cause == Cause::Generator,
        impact: wire.map_or("", |wire| wire.finding.impact.as_str()),
        was_at: place(wire.and_then(|wire| wire.old.as_ref())),
        is_at: place(wire.and_then(|wire| wire.new.as_ref())),
        operations: wire.map_or(&[], |wire| &wire.finding.operations),
        rust: entry
            .rust_by_cause()
            .iter()
            .filter_map(|it| rust_view(it))
            .collect(),
    }
}

fn rust_view<'a>(group: &[&'a Change]) -> Option<RustView<'a>> {
    let change = group.first()?;
    Some(RustView {
        verdict: change.verdict.as_str(),
        code: change.code.as_str(),
        items: fold::items(group.iter().copied()),
        old: change.old.as_ref(),
        new: change.new.as_ref(),
    })
}
