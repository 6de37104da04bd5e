//! Renders a report as GitHub workflow commands, which annotate the lines of a pull request.

use std::fmt::Write as _;

use super::{Entry, Impact, Report};

/// The number of annotations that GitHub shows of a step.
const MAX_SHOWN: usize = 10;

pub(super) fn render(report: &Report, crate_folder: &str) -> String {
    let mut text = String::new();
    for (impact, command) in [(Impact::Breaking, "error"), (Impact::Risky, "warning")] {
        let entries = report.entries.iter();
        let entries: Vec<&Entry> = entries
            .filter(|entry| entry.impact() == impact && entry.acknowledged.is_none())
            .collect();
        // Every entry gets its first annotation before any gets a second one.
        let places: Vec<_> = entries
            .iter()
            .map(|entry| (entry, places(entry, crate_folder)))
            .collect();
        let firsts = places
            .iter()
            .map(|(entry, places)| line(command, entry, places.first()));
        let others = places.iter().flat_map(|(entry, places)| {
            let others = places.iter().skip(1);
            others.map(|place| line(command, entry, Some(place)))
        });
        let lines: Vec<String> = firsts.chain(others).collect();
        text.extend(lines.iter().take(MAX_SHOWN).map(String::as_str));
        if lines.len() > MAX_SHOWN {
            // Writing to a text does not fail.
            let _ = writeln!(
                text,
                "::notice::{} more {} annotations are in the report",
                lines.len() - MAX_SHOWN,
                impact.as_str()
            );
        }
    }
    text
}

/// The command that annotates a place with an entry, or that shows it without one.
fn line(command: &str, entry: &Entry, place: Option<&(String, usize)>) -> String {
    let title = property(&format!("{}: {}", entry.impact().as_str(), entry.code()));
    let message = message(entry.message());
    let place = match place {
        // Lines count from 1.
        Some((file, line)) => format!("file={},line={},", property(file), line.max(&1)),
        None => String::new(),
    };
    format!("::{command} {place}title={title}::{message}\n")
}

/// The lines in the new description and in the rendered code. What was removed is annotated at what it was
/// part of.
fn places(entry: &Entry, crate_folder: &str) -> Vec<(String, usize)> {
    let of_wire = entry.wire.as_ref().and_then(|wire| {
        let mut places = [&wire.new, &wire.near].into_iter().flatten();
        places
            .find_map(|place| (!place.file.is_empty()).then_some((place.file.clone(), place.line?)))
    });
    let in_crate = |(file, line): (&str, usize)| match crate_folder.trim_end_matches('/') {
        "" => (file.to_owned(), line),
        folder => (format!("{folder}/{file}"), line),
    };
    let present = entry.rust.iter().filter_map(|rust| {
        let view = rust.change.new.as_ref()?;
        Some((view.file.as_str(), view.line))
    });
    let removed = entry.rust.iter().filter_map(|rust| {
        let (file, line) = rust.near.as_ref()?;
        Some((file.as_str(), *line))
    });
    let of_rust = present.chain(removed).next().map(in_crate);
    of_wire.into_iter().chain(of_rust).collect()
}

fn message(text: &str) -> String {
    let is_command = |letter: char| {
        super::inline::is_directional(letter)
            || letter.is_control() && !matches!(letter, '\r' | '\n')
    };
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
        .replace(is_command, " ")
}

fn property(text: &str) -> String {
    message(text).replace(':', "%3A").replace(',', "%2C")
}
