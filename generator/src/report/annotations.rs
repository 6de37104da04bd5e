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
        let lines = entries.iter().flat_map(|entry| {
            let title = property(&format!("{}: {}", entry.gravity().as_str(), entry.code()));
            let message = message(entry.message());
            let places = places(entry, crate_folder).into_iter();
            places.map(move |(file, line)| {
                let file = property(&file);
                format!("::{command} file={file},line={line},title={title}::{message}\n")
            })
        });
        let lines: Vec<String> = lines.collect();
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

/// The line of the new description and the rendered line, where there are such.
fn places(entry: &Entry, crate_folder: &str) -> Vec<(String, usize)> {
    let of_wire = entry.wire.as_ref().and_then(|wire| {
        let place = wire.new.as_ref()?;
        (!place.file.is_empty()).then_some((place.file.clone(), place.line?))
    });
    let of_rust = entry.rust.iter().find_map(|rust| {
        let view = rust.change.new.as_ref()?;
        let file = match crate_folder.trim_end_matches('/') {
            "" => view.file.clone(),
            folder => format!("{folder}/{}", view.file),
        };
        Some((file, view.line))
    });
    of_wire.into_iter().chain(of_rust).collect()
}

fn message(text: &str) -> String {
    let is_command = |letter: char| letter.is_control() && !matches!(letter, '\r' | '\n');
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
        .replace(is_command, " ")
}

fn property(text: &str) -> String {
    message(text).replace(':', "%3A").replace(',', "%2C")
}
