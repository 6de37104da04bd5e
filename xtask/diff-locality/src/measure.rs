//! Compares what an edit changes with the minimum.

use std::collections::{BTreeMap, BTreeSet};

use sdkgen::{
    diagnostics::Pointer,
    measuring::surface::{self, Change, Surface},
};
use similar::{ChangeTag, TextDiff};

use super::{minimum::Minimum, rendering::Rendering};

/// The reference page.
const REFERENCE: &str = "docs/reference.md";

/// What an edit changes, with each minimum.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Measured {
    /// Number of changed, new or deleted code files; a moved one counts once.
    pub files: usize,
    /// The minimum of that.
    pub least_files: usize,
    /// Number of changed lines in them.
    pub lines: usize,
    /// The minimum of that.
    pub least_lines: usize,
    /// Number of changed lines of the reference page.
    pub reference: usize,
    /// The minimum of that.
    pub least_reference: usize,
    /// Number of changed lines of the manifest.
    pub manifest: usize,
    /// Number of changed lines of the contract test's calls and samples.
    pub contract: usize,
    /// Unrelated changes, and figures below their minimum.
    pub violations: Vec<String>,
}

impl Measured {
    /// The ratio of changed lines to the minimum.
    pub fn ratio(&self) -> f64 {
        match self.least_lines {
            0 if self.lines == 0 => 1.0,
            0 => f64::INFINITY,
            minimum => lossy(self.lines) / lossy(minimum),
        }
    }
}

/// Exact, because no file has that many lines.
fn lossy(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

/// Compares the renderings before and after an edit with the minimum.
pub(super) fn measure(
    (old, old_surface): (&Rendering, &Surface),
    new: &Rendering,
    minimum: &Minimum,
) -> Result<Measured, String> {
    let mut measured = Measured {
        least_lines: minimum.lines,
        least_reference: minimum.reference,
        manifest: changed_lines(&old.manifest, &new.manifest),
        contract: changed_in_all(&old.contract, &new.contract),
        ..Measured::default()
    };
    let mut expected: BTreeSet<(Option<String>, Option<String>)> = BTreeSet::new();
    for (from, to) in &minimum.files {
        expected.insert((old.path(from), new.path(to)));
    }
    measured.least_files = expected.len();
    let mut related: BTreeSet<&str> = BTreeSet::from([REFERENCE]);
    for (from, to) in &expected {
        let text = |files: &BTreeMap<String, String>, path: &Option<String>| -> String {
            let path = path.as_ref();
            let text = path.and_then(|path| files.get(path));
            text.cloned().unwrap_or_default()
        };
        related.extend(from.as_deref());
        related.extend(to.as_deref());
        let lines = changed_lines(&text(&old.files, from), &text(&new.files, to));
        measured.lines += lines;
        if lines > 0 || from != to {
            measured.files += 1;
        } else {
            let name = from.as_deref().unwrap_or("a file that is not there");
            let message = format!("{name} was expected to change and did not");
            measured.violations.push(message);
        }
    }
    let text = |files: &BTreeMap<String, String>| -> String {
        files.get(REFERENCE).cloned().unwrap_or_default()
    };
    measured.reference = changed_lines(&text(&old.files), &text(&new.files));
    let paths: BTreeSet<&String> = old.files.keys().chain(new.files.keys()).collect();
    for path in paths {
        let (before, after) = (old.files.get(path), new.files.get(path));
        if before == after || related.contains(path.as_str()) {
            continue;
        }
        let what = match (before, after) {
            (None, _) => "is new",
            (_, None) => "is gone",
            _ => "is changed",
        };
        let lines = changed_lines(
            before.map_or("", String::as_str),
            after.map_or("", String::as_str),
        );
        measured.files += 1;
        measured.lines += lines;
        let message = format!("{path} {what} in {lines} lines and has nothing to do with the edit");
        measured.violations.push(message);
    }
    impossible(&mut measured);
    if measured.files > 0 {
        let new_surface = new.surface()?;
        let changes = surface::compare(old_surface, &new_surface);
        let foreign = changes
            .iter()
            .filter(|change| !is_from(change, &minimum.nodes));
        measured.violations.extend(foreign.map(|change| {
            let code = change.code.as_str();
            format!("{code}: {}; that is not what was edited", change.message)
        }));
    }
    Ok(measured)
}

/// Fewer lines than the minimum mean that the minimum is wrong; the reference consists of rows only.
fn impossible(measured: &mut Measured) {
    if measured.lines < measured.least_lines {
        measured.violations.push(format!(
            "{} lines are changed, fewer than the declared minimum",
            measured.lines
        ));
    }
    if measured.reference != measured.least_reference {
        measured.violations.push(format!(
            "{} lines of {REFERENCE} are changed, not {}",
            measured.reference, measured.least_reference
        ));
    }
}

/// Whether a change comes from a node or one below it.
fn is_from(change: &Change, nodes: &[String]) -> bool {
    let views = [change.old.as_ref(), change.new.as_ref()];
    let pointers = views.into_iter().flatten();
    let mut pointers = pointers.filter_map(|view| view.pointer.as_ref());
    pointers.any(|pointer| nodes.iter().any(|node| is_within(pointer, node)))
}

fn is_within(pointer: &Pointer, node: &str) -> bool {
    let Some(node) = Pointer::parse(node) else {
        return false;
    };
    let mut steps = pointer.tokens();
    node.tokens().all(|step| steps.next() == Some(step))
}

fn changed_in_all(old: &BTreeMap<String, String>, new: &BTreeMap<String, String>) -> usize {
    let paths: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let text = |files: &'_ BTreeMap<String, String>, path: &String| -> String {
        files.get(path).cloned().unwrap_or_default()
    };
    let lines = |path| changed_lines(&text(old, path), &text(new, path));
    paths.into_iter().map(lines).sum()
}

/// The number of lines that a diff removes or adds.
fn changed_lines(old: &str, new: &str) -> usize {
    if old == new {
        return 0;
    }
    let diff = TextDiff::from_lines(old, new);
    let changes = diff.iter_all_changes();
    changes
        .filter(|change| change.tag() != ChangeTag::Equal)
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_are_replaced_count_twice() {
        assert_eq!(changed_lines("a\nb\n", "a\nb\n"), 0);
        assert_eq!(changed_lines("a\nb\n", "a\nc\n"), 2);
        assert_eq!(changed_lines("a\n", "a\nb\nc\n"), 2);
        assert_eq!(changed_lines("", "a\n"), 1);
    }

    #[test]
    fn what_is_in_a_node_is_of_it_and_its_neighbours_are_not() {
        let pointer = Pointer::root().join_all(["components", "schemas", "User", "properties"]);
        assert!(is_within(&pointer, "/components/schemas/User"));
        assert!(!is_within(&pointer, "/components/schemas/UserMe"));
        assert!(!is_within(
            &pointer,
            "/components/schemas/User/properties/id"
        ));
    }

    #[test]
    fn nothing_for_nothing_is_the_least_possible() {
        let mut measured = Measured::default();
        assert!((measured.ratio() - 1.0).abs() < f64::EPSILON);
        measured.lines = 3;
        assert!(measured.ratio().is_infinite());
        measured.least_lines = 2;
        assert!((measured.ratio() - 1.5).abs() < f64::EPSILON);
    }

    #[test]
    fn fewer_lines_than_the_least_are_a_fault_of_the_figures() {
        let mut measured = Measured {
            lines: 1,
            least_lines: 2,
            ..Measured::default()
        };
        impossible(&mut measured);
        assert_eq!(measured.violations.len(), 1);
    }
}
