//! Edits a YAML text and leaves all other lines unchanged.

use std::{collections::BTreeMap, ops::Range};

use serde_json::Value;

use crate::{
    document::locate::outline::{Held, Node, Outline},
    openapi::Pointer,
    slice::yaml::{self, Style},
};

/// An edit of one node.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Edit {
    /// Replaces the value at the pointer.
    Set(Pointer, Value),
    /// Adds a member to the mapping at the pointer.
    Insert(Pointer, String, Value, Position),
    /// Removes a member or an item.
    Remove(Pointer),
    /// Adds an item to the list at the pointer, after the item with this index, or first.
    InsertItem(Pointer, Option<usize>, Value),
}

/// The position of a new member in its mapping.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Position {
    /// In alphabetical order if the members are sorted, last otherwise.
    Sorted,
    /// After another member, or first.
    After(Option<String>),
}

impl Edit {
    pub(super) fn pointer(&self) -> Pointer {
        match self {
            Self::Set(at, _) | Self::Remove(at) | Self::InsertItem(at, ..) => at.clone(),
            Self::Insert(at, key, ..) => at.join(key.as_str()),
        }
    }
}

/// Applies edits to a text. `merged` is the resulting tree; mappings and lists in brackets are
/// rewritten from it as a whole. Returns the new text, and the nodes whose edits could not be applied.
pub(super) fn apply(text: &str, edits: &[Edit], merged: &Value) -> (String, Vec<Pointer>) {
    let Some(outline) = Outline::new(text) else {
        return (text.to_owned(), edits.iter().map(Edit::pointer).collect());
    };
    let mut editor = Editor {
        text,
        style: style(&outline),
        outline,
        patches: Vec::new(),
    };
    let mut unplaced = Vec::new();
    let mut in_brackets: BTreeMap<Pointer, Value> = BTreeMap::new();
    for edit in edits {
        let at = edit.pointer();
        match editor.brackets_around(edit) {
            Some(outer) => match find(merged, &outer) {
                Some(value) => drop(in_brackets.insert(outer, value.clone())),
                None => unplaced.push(at),
            },
            None if editor.apply(edit).is_none() => unplaced.push(at),
            None => {}
        }
    }
    for (at, value) in in_brackets {
        if editor.set(&at, &value, true).is_none() {
            unplaced.push(at);
        }
    }
    (editor.finish(), unplaced)
}

/// Looks up the node at a pointer.
pub(super) fn find<'v>(root: &'v Value, pointer: &Pointer) -> Option<&'v Value> {
    pointer.tokens().try_fold(root, |node, token| match node {
        Value::Array(items) => items.get(token.parse::<usize>().ok()?),
        other => other.get(token),
    })
}

struct Editor<'t> {
    text: &'t str,
    outline: Outline<'t>,
    style: Style,
    /// Ranges of bytes, and the texts that replace them.
    patches: Vec<(Range<usize>, String)>,
}

impl Editor<'_> {
    /// The outermost bracketed mapping or list around an edit.
    fn brackets_around(&self, edit: &Edit) -> Option<Pointer> {
        let around = match edit {
            Edit::Set(at, _) | Edit::Remove(at) => at.parent()?,
            Edit::Insert(at, ..) | Edit::InsertItem(at, ..) => at.clone(),
        };
        let (_, brackets) = self.outline.find(&around)?;
        let steps = around.tokens().take(brackets?);
        Some(Pointer::root().join_all(steps))
    }

    fn apply(&mut self, edit: &Edit) -> Option<()> {
        match edit {
            Edit::Set(at, value) => self.set(at, value, false),
            Edit::Remove(at) => self.remove(at),
            Edit::Insert(at, key, value, position) => {
                // The text may have the key with its default value, which slices leave out.
                let own = at.join(key.as_str());
                match self.outline.find(&own) {
                    Some(_) => self.set(&own, value, false),
                    None => self.insert(at, key, value, position),
                }
            }
            Edit::InsertItem(at, after, value) => self.insert_item(at, *after, value),
        }
    }

    fn set(&mut self, at: &Pointer, value: &Value, in_brackets: bool) -> Option<()> {
        let (node, _) = self.outline.find(at)?;
        let is_scalar = !value.is_object() && !value.is_array();
        let is_line = |text: &str| !text.contains('\n');
        if let Held::Scalar(_, Some(range)) = &node.held
            && is_scalar
            && value.as_str().is_none_or(is_line)
        {
            self.patches.push((range.clone(), yaml::inline(value)));
            return Some(());
        }
        let key = at.tokens().next_back()?;
        let holder = self.outline.find(&at.parent()?)?.0;
        if matches!(holder.held, Held::List(_)) {
            let (range, column) = self.outline.item(node)?;
            let written = match in_brackets {
                true => format!("{:column$}- {}\n", "", yaml::inline(value)),
                false => self.style.item(value, column),
            };
            self.patches.push((range, written));
            return Some(());
        }
        let (range, before) = self.outline.member(node);
        let written = match in_brackets {
            true => format!("{}: {}\n", yaml::scalar(key), yaml::inline(value)),
            false => {
                let written = self.style.entry(key, value, node.column());
                written.trim_start_matches(' ').to_owned()
            }
        };
        self.patches.push((range, format!("{before}{written}")));
        Some(())
    }

    fn remove(&mut self, at: &Pointer) -> Option<()> {
        let (node, _) = self.outline.find(at)?;
        let holder = self.outline.find(&at.parent()?)?.0;
        let (range, column) = if matches!(holder.held, Held::List(_)) {
            self.outline.item(node)?
        } else {
            let (range, before) = self.outline.member(node);
            // The first member of a list's item is on the same line as the dash.
            if !before.trim().is_empty() {
                return None;
            }
            (range, node.column())
        };
        let start = self.outline.with_comments(range.start, column);
        self.patches.push((start..range.end, String::new()));
        Some(())
    }

    fn insert(
        &mut self,
        at: &Pointer,
        key: &str,
        value: &Value,
        position: &Position,
    ) -> Option<()> {
        let (holder, _) = self.outline.find(at)?;
        let Held::Mapping(members) = &holder.held else {
            return None;
        };
        let (_, first) = members.first()?;
        let written = self.style.entry(key, value, first.column());
        let last = || members.last().map(|(_, node)| node);
        let after = match position {
            Position::After(None) => None,
            Position::After(Some(name)) => members.get(name).or_else(last),
            Position::Sorted if members.keys().is_sorted() => {
                let before = members.keys().rposition(|known| known.as_str() < key);
                before.and_then(|index| members.get_index(index).map(|(_, node)| node))
            }
            Position::Sorted => last(),
        };
        let (range, before) = self.outline.member(after.unwrap_or(first));
        // Nothing can be inserted between a dash and the member that follows it.
        let position = match after.is_none() && before.trim().is_empty() {
            true => self.outline.with_comments(range.start, first.column()),
            false => range.end,
        };
        self.push_lines(position, written);
        Some(())
    }

    fn insert_item(&mut self, at: &Pointer, after: Option<usize>, value: &Value) -> Option<()> {
        let (holder, _) = self.outline.find(at)?;
        let Held::List(items) = &holder.held else {
            return None;
        };
        let (range, column) = self.outline.item(items.get(after.unwrap_or(0))?)?;
        let position = match after {
            Some(_) => range.end,
            None => self.outline.with_comments(range.start, column),
        };
        let written = self.style.item(value, column);
        self.push_lines(position, written);
        Some(())
    }

    fn push_lines(&mut self, position: usize, mut written: String) {
        let is_end = position == self.text.len();
        if is_end && !self.text.is_empty() && !self.text.ends_with('\n') {
            written.insert(0, '\n');
        }
        self.patches.push((position..position, written));
    }

    fn finish(mut self) -> String {
        // Insertions come before replacements at the same position.
        self.patches
            .sort_by_key(|(range, _)| (range.start, range.end));
        let has_returns = self.text.contains("\r\n");
        let mut out = String::with_capacity(self.text.len());
        let mut at = 0;
        for (range, written) in self.patches {
            // A patch inside a range that was replaced is obsolete.
            if range.start < at {
                continue;
            }
            out.push_str(&self.text[at..range.start]);
            match has_returns {
                true => out.push_str(&written.replace('\n', "\r\n")),
                false => out.push_str(&written),
            }
            at = range.end;
        }
        out.push_str(&self.text[at..]);
        out
    }
}

/// Detects the layout of a text; what it does not show gets the default.
fn style(outline: &Outline<'_>) -> Style {
    let mut found = DetectedStyle::default();
    if let Some((root, _)) = outline.find(&Pointer::root()) {
        detect(root, &mut found);
    }
    let default = Style::default();
    Style {
        indent: found.indent.unwrap_or(default.indent),
        indents_lists: found.indents_lists.unwrap_or(default.indents_lists),
        flow: found
            .lists
            .into_iter()
            .filter(|(_, (in_line, below))| in_line > below)
            .map(|(key, _)| key)
            .collect(),
    }
}

#[derive(Default)]
struct DetectedStyle {
    indent: Option<usize>,
    indents_lists: Option<bool>,
    /// By key, the number of its lists that are in one line, and of those that are not.
    lists: BTreeMap<String, (usize, usize)>,
}

fn detect(node: &Node, found: &mut DetectedStyle) {
    match &node.held {
        Held::Mapping(members) if !node.in_brackets => {
            for (key, member) in members {
                match &member.held {
                    Held::Mapping(inner) if !member.in_brackets => {
                        if let Some((_, first)) = inner.first() {
                            let step = first.column().saturating_sub(member.column());
                            found.indent.get_or_insert(step.max(1));
                        }
                    }
                    Held::List(items) if !items.is_empty() => {
                        let count = found.lists.entry(key.clone()).or_default();
                        if member.in_brackets {
                            count.0 += 1;
                        } else {
                            count.1 += 1;
                            let further = items[0].column() > member.column() + 2;
                            found.indents_lists.get_or_insert(further);
                        }
                    }
                    _ => {}
                }
                detect(member, found);
            }
        }
        Held::List(items) if !node.in_brackets => items.iter().for_each(|item| detect(item, found)),
        _ => {}
    }
}
