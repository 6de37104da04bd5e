//! Updates a hand-edited description from one that somebody else publishes. Names, types and values
//! are taken over; sentences and comments are kept, and lines without a change stay as they are.

mod align;
mod edit;
mod merge;

use std::{
    collections::BTreeMap,
    fmt::{self, Write as _},
    path::Path,
};

use serde_json::Value;

use super::Slice;
use crate::{
    diagnostics::{Code, Diagnostic, Sink},
    document::{self, Sources},
    job::{Job, Refused},
    openapi::{Method, Pointer},
    parallel::with_deep_stack,
};
use merge::What;

/// The result of [`import`].
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Import {
    /// The updated text of the file.
    pub text: String,
    /// The changes, one for each operation, schema or other component.
    pub changes: Vec<Change>,
    /// New nodes that need a description, because texts of the other description are not copied.
    pub wordless: Vec<Pointer>,
    /// Nodes that still differ, because their text could not be edited safely.
    pub by_hand: Vec<Pointer>,
    /// What was not taken over, and why.
    pub notes: Vec<String>,
    /// Warnings about the imported description.
    pub warnings: Vec<Diagnostic>,
}

/// A change of an operation, a schema or another component.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Change {
    /// Whether it was added, removed or changed.
    pub action: Action,
    /// What it is, and its name.
    pub subject: String,
    /// The changes in it, one line each.
    pub details: Vec<String>,
}

/// What happened to an operation or a component.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Action {
    /// It is new.
    Added,
    /// It was removed.
    Removed,
    /// Its content changed.
    Changed,
}

/// Updates the description in a file from another, or from the part of it that a job selects.
/// Returns the new text and writes no file.
///
/// The file is OpenAPI 3.0 in YAML. Paths and components are compared; `info`, tags, servers and
/// security schemes are kept. The same thing in another form is not a change: an inline parameter
/// where the file has a component, or single failures where it has `default`.
///
/// # Errors
/// A description cannot be read; the error has all diagnostics.
pub fn import(file: &Path, incoming: &Job) -> Result<Import, Refused> {
    let text = text_of(file)?;
    let Slice { root: mut ours, .. } = Job::from_text(file, text.clone()).slice()?;
    let Slice {
        root: mut theirs,
        warnings,
        derived,
    } = incoming.slice()?;
    with_deep_stack(|| {
        merge::remove_defaults(&mut ours);
        merge::remove_defaults(&mut theirs);
        let notes = align::align(&ours, &mut theirs, &derived);
        let (merged, merge) = merge::merge(&ours, &theirs);
        let (updated, mut by_hand) = edit::apply(&text, &merge.edits, &merged);
        // Re-reads the edited text and reports what still differs.
        let mut read = Job::from_text(file, updated.clone()).slice()?.root;
        merge::remove_defaults(&mut read);
        let (_, rest) = merge::merge(&read, &merged);
        by_hand.extend(rest.done.into_iter().map(|(at, _)| at));
        by_hand.sort();
        by_hand.dedup();
        Ok(Import {
            text: updated,
            changes: changes(&merge.done, &ours, &merged),
            wordless: merge.wordless,
            by_hand,
            notes,
            warnings,
        })
    })
}

/// Reads a file and checks that it can be edited.
fn text_of(file: &Path) -> Result<String, Refused> {
    let mut sink = Sink::default();
    let document = document::load(file, &mut sink);
    if let Some(document) = &document {
        let version = document.root["openapi"].as_str().unwrap_or_default();
        let is_json = file
            .extension()
            .is_some_and(|ending| ending.eq_ignore_ascii_case("json"));
        if !version.starts_with("3.0") || is_json {
            let message = "only OpenAPI 3.0 in YAML can be updated by an import";
            let diagnostic = Diagnostic::new(Code::Dialect, message)
                .in_file(file.display().to_string())
                .help("convert the file with `sdkgen slice`");
            sink.push(diagnostic);
        }
    }
    match document.filter(|_| !sink.has_errors()) {
        Some(document) => Ok(document.text),
        None => {
            let sources = Sources::default();
            let diagnostics = sink.into_sorted(|pointers| sources.places(pointers));
            Err(Refused { diagnostics })
        }
    }
}

/// Groups changes by the operation or component that they belong to.
fn changes(done: &[(Pointer, What)], ours: &Value, merged: &Value) -> Vec<Change> {
    let mut found: BTreeMap<(Action, String), Vec<String>> = BTreeMap::new();
    for (at, what) in done {
        let tokens: Vec<&str> = at.tokens().collect();
        match (tokens.as_slice(), what) {
            (["paths"], _) | (["paths", _], _) => {
                let items: Vec<&str> = match tokens.get(1) {
                    Some(path) => vec![path],
                    None => keys(&ours["paths"]).chain(keys(&merged["paths"])).collect(),
                };
                for path in items {
                    for (tree, action) in [(ours, Action::Removed), (merged, Action::Added)] {
                        let other = if action == Action::Added {
                            ours
                        } else {
                            merged
                        };
                        let methods = keys(&tree["paths"][path]);
                        for method in methods.filter(|method| Method::of_key(method).is_some()) {
                            if other["paths"][path].get(method).is_none() {
                                let subject = operation(tree, path, method);
                                found.entry((action, subject)).or_default();
                            }
                        }
                    }
                }
            }
            (["paths", path, method, rest @ ..], what) => {
                let tree = if *what == What::Removed { ours } else { merged };
                note(&mut found, operation(tree, path, method), rest, what);
            }
            (["components", section, name, rest @ ..], what) => {
                let subject = format!("{} {name}", singular(section));
                note(&mut found, subject, rest, what);
            }
            (["components", section], What::Added | What::Removed) => {
                let (tree, action) = match what {
                    What::Added => (merged, Action::Added),
                    _ => (ours, Action::Removed),
                };
                for name in keys(&tree["components"][*section]) {
                    let subject = format!("{} {name}", singular(section));
                    found.entry((action, subject)).or_default();
                }
            }
            (rest, what) => note(&mut found, "the description".to_owned(), rest, what),
        }
    }
    let changes = found
        .into_iter()
        .map(|((action, subject), details)| Change {
            action,
            subject,
            details,
        });
    changes.collect()
}

fn keys(node: &Value) -> impl Iterator<Item = &str> {
    let members = node.as_object().into_iter().flatten();
    members.map(|(key, _)| key.as_str())
}

fn operation(tree: &Value, path: &str, method: &str) -> String {
    let id = tree["paths"][path][method]["operationId"].as_str();
    let id = id.unwrap_or("without an id");
    format!("operation {id} ({} {path})", method.to_ascii_uppercase())
}

fn singular(section: &str) -> &str {
    match section {
        "schemas" => "schema",
        "parameters" => "parameter",
        "responses" => "response",
        "requestBodies" => "request body",
        "headers" => "header",
        other => other,
    }
}

fn note(
    found: &mut BTreeMap<(Action, String), Vec<String>>,
    subject: String,
    rest: &[&str],
    what: &What,
) {
    let action = match (rest, what) {
        ([], What::Added) => Action::Added,
        ([], What::Removed) => Action::Removed,
        _ => Action::Changed,
    };
    let details = found.entry((action, subject)).or_default();
    let place = rest.join(" / ");
    match what {
        _ if rest.is_empty() && action != Action::Changed => {}
        What::Added => details.push(format!("+ {place}")),
        What::Removed => details.push(format!("- {place}")),
        What::Changed(change) if change.is_empty() => details.push(format!("~ {place}")),
        What::Changed(change) => details.push(format!("~ {place}: {change}")),
    }
}

impl fmt::Display for Import {
    /// The changes and what is left to do, as the command line prints them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.changes.is_empty() {
            f.write_str("nothing changed\n")?;
        }
        for (action, heading) in [
            (Action::Added, "added"),
            (Action::Removed, "removed"),
            (Action::Changed, "changed"),
        ] {
            let of_action = |change: &&Change| change.action == action;
            let mut changes = self.changes.iter().filter(of_action).peekable();
            if changes.peek().is_some() {
                writeln!(f, "{heading}:")?;
            }
            for change in changes {
                writeln!(f, "  {}", change.subject)?;
                for detail in &change.details {
                    writeln!(f, "    {detail}")?;
                }
            }
        }
        list(f, "needs a description:", &self.wordless)?;
        list(f, "to change by hand:", &self.by_hand)?;
        for note in &self.notes {
            writeln!(f, "note: {note}")?;
        }
        Ok(())
    }
}

fn list(f: &mut fmt::Formatter<'_>, heading: &str, pointers: &[Pointer]) -> fmt::Result {
    let mut text = String::new();
    for pointer in pointers {
        writeln!(text, "  {pointer}")?;
    }
    match text.is_empty() {
        true => Ok(()),
        false => write!(f, "{heading}\n{text}"),
    }
}

#[cfg(test)]
mod tests;
