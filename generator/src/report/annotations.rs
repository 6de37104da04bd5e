//! A report as commands of GitHub's workflows, which show them on the lines of a pull request.

use std::fmt::Write as _;

use super::{Entry, Impact, Report};

/// GitHub shows no more of a step.
const MOST: usize = 10;

pub(super) fn render(report: &Report, crate_folder: &str) -> String {
    let mut text = String::new();
    for (gravity, command) in [(Impact::Breaking, "error"), (Impact::Risky, "warning")] {
        let entries = report.entries.iter();
        let entries: Vec<&Entry> = entries
            .filter(|entry| entry.gravity() == gravity && entry.acknowledged.is_none())
            .collect();
        // Each has one line before any has two.
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
        text.extend(lines.iter().take(MOST).map(String::as_str));
        if lines.len() > MOST {
            // Writing to a text does not fail.
            let _ = writeln!(
                text,
                "::notice::{} more {} places are in the report",
                lines.len() - MOST,
                gravity.as_str()
            );
        }
    }
    text
}

/// A command that shows an entry, at a place if there is one.
fn line(command: &str, entry: &Entry, place: Option<&(String, usize)>) -> String {
    let title = property(&format!("{}: {}", entry.gravity().as_str(), entry.code()));
    let message = message(entry.message());
    let place = match place {
        // No file has a line before its first.
        Some((file, line)) => format!("file={},line={},", property(file), line.max(&1)),
        None => String::new(),
    };
    format!("::{command} {place}title={title}::{message}\n")
}

/// The line of the new description and the rendered line, where there are such; of what is gone,
/// those of what it was part of.
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
    let still_there = entry.rust.iter().filter_map(|rust| {
        let view = rust.change.new.as_ref()?;
        Some((view.file.as_str(), view.line))
    });
    let gone = entry.rust.iter().filter_map(|rust| {
        let (file, line) = rust.near.as_ref()?;
        Some((file.as_str(), *line))
    });
    let of_rust = still_there.chain(gone).next().map(in_crate);
    of_wire.into_iter().chain(of_rust).collect()
}

fn message(text: &str) -> String {
    let is_command = |letter: char| {
        super::inline::is_turning(letter) || letter.is_control() && !matches!(letter, '\r' | '\n')
    };
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
        .replace(is_command, " ")
}

fn property(text: &str) -> String {
    message(text).replace(':', "%3A").replace(',', "%2C")
}
