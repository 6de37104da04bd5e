//! A report as commands of GitHub's workflows, which show them on the lines of a pull request.

use std::fmt::Write as _;

use super::{Entry, Gravity, Report};

/// GitHub shows no more of a step.
const MOST: usize = 10;

pub(super) fn render(report: &Report, crate_folder: &str) -> String {
    let mut text = String::new();
    for (gravity, command) in [(Gravity::Breaking, "error"), (Gravity::Risky, "warning")] {
        let entries = report.entries.iter();
        let entries: Vec<&Entry> = entries
            .filter(|entry| entry.gravity() == gravity && entry.acknowledged.is_none())
            .collect();
        let mut written = 0;
        for entry in &entries {
            for (file, line) in places(entry, crate_folder) {
                if written == MOST {
                    break;
                }
                written += 1;
                let title = property(&format!("{}: {}", entry.gravity().as_str(), entry.code()));
                // Writing to a text does not fail.
                let _ = writeln!(
                    text,
                    "::{command} file={},line={line},title={title}::{}",
                    property(&file),
                    message(entry.message())
                );
            }
        }
    }
    text
}

/// The line of the new description and the rendered line, where there are such.
fn places(entry: &Entry, crate_folder: &str) -> Vec<(String, usize)> {
    let of_wire = entry.wire.as_ref().and_then(|wire| {
        let place = wire.new.as_ref()?;
        Some((place.file.clone(), place.line?))
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
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

fn property(text: &str) -> String {
    message(text).replace(':', "%3A").replace(',', "%2C")
}
