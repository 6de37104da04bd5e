//! Bringing a description that people edit up to date with one that somebody else publishes: facts
//! come over, sentences and comments stay, and every line that says nothing new stays as it is.

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

/// What came of [`import`].
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Import {
    /// The text of the file, brought up to date.
    pub text: String,
    /// What changed, operation by operation and schema by schema.
    pub changes: Vec<Change>,
    /// What is new and needs words: the texts of others are left out.
    pub wordless: Vec<Pointer>,
    /// What differs still, because it stands where it cannot be changed safely.
    pub by_hand: Vec<Pointer>,
    /// What was left aside, and why.
    pub notes: Vec<String>,
    /// What there is to say of the description that was imported.
    pub warnings: Vec<Diagnostic>,
}

/// A change of an operation, a schema or another component.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Change {
    /// What is done to it.
    pub action: Action,
    /// What it is and how it is called.
    pub subject: String,
    /// What changed in it, a line each.
    pub details: Vec<String>,
}

/// What is done to an operation or a component.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Action {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// It is another.
    Changed,
}

/// Brings the description in a file up to date with another, or with what a job selects of it.
/// Writes nothing.
///
/// The file is OpenAPI 3.0 in YAML. Paths and components are compared; what describes the
/// description, servers and security schemes stay as they are. What the other says in another way
/// (a parameter in place where the file has a component, failures one by one where it has `default`)
/// is no change.
///
/// # Errors
/// Everything there is to say of a description that cannot be read.
pub fn import(file: &Path, incoming: &Job) -> Result<Import, Refused> {
    let text = text_of(file)?;
    let Slice { root: mut ours, .. } = Job::from_text(file, text.clone()).slice()?;
    let Slice {
        root: mut theirs,
        warnings,
    } = incoming.slice()?;
    with_deep_stack(|| {
        merge::without_defaults(&mut ours);
        merge::without_defaults(&mut theirs);
        let notes = align::align(&ours, &mut theirs);
        let (merged, merge) = merge::merge(&ours, &theirs);
        let (updated, mut by_hand) = edit::apply(&text, &merge.edits, &merged);
        // What the text says now is what it was to say, or is told.
        let mut read = Job::from_text(file, updated.clone()).slice()?.root;
        merge::without_defaults(&mut read);
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

/// The text of a file that can be edited.
fn text_of(file: &Path) -> Result<String, Refused> {
    let mut sink = Sink::default();
    let document = document::load(file, &mut sink);
    if let Some(document) = &document {
        let version = document.root["openapi"].as_str().unwrap_or_default();
        let is_json = file
            .extension()
            .is_some_and(|ending| ending.eq_ignore_ascii_case("json"));
        if !version.starts_with("3.0") || is_json {
            let message = "only a description in YAML, of OpenAPI 3.0, can be brought up to date";
            let diagnostic = Diagnostic::new(Code::Dialect, message)
                .in_file(file.display().to_string())
                .help("`sdkgen slice` makes one of any description");
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

/// The changes by what they are of.
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
    /// What changed and what is left to do, as the command line prints it.
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
        list(f, "needs words of our own:", &self.wordless)?;
        list(f, "to be changed by hand:", &self.by_hand)?;
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
