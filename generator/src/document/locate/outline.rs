//! A YAML text as lines: which of them each node takes, and at which column it stands.

use std::ops::Range;

use indexmap::IndexMap;
use saphyr_parser::{Event, Marker, Parser, ScalarStyle};

use crate::openapi::Pointer;

/// A text and the nodes in it.
pub(crate) struct Outline<'t> {
    text: &'t str,
    /// The first byte of each line, and the end of the text.
    starts: Vec<usize>,
    root: Node,
}

/// A node: a member of a mapping stands at its key, an item of a list after its dash.
#[derive(Debug)]
pub(crate) struct Node {
    /// The line, counted from 0.
    line: usize,
    /// The column in characters, counted from 0.
    column: usize,
    /// What it is.
    pub(crate) held: Held,
    /// Whether it is a mapping or list in brackets.
    pub(crate) in_brackets: bool,
}

/// What a node is.
#[derive(Debug)]
pub(crate) enum Held {
    /// A scalar; where its text stands if that is in one line.
    Scalar(String, Option<Range<usize>>),
    /// A mapping.
    Mapping(IndexMap<String, Node>),
    /// A list.
    List(Vec<Node>),
    /// Another node again.
    Alias,
}

impl Node {
    fn child(&self, token: &str) -> Option<&Self> {
        match &self.held {
            Held::Mapping(members) => members.get(token),
            Held::List(items) => items.get(token.parse::<usize>().ok()?),
            Held::Scalar(..) | Held::Alias => None,
        }
    }

    /// The column at which members or items of it stand: a list's are those of its dashes.
    pub(crate) fn column(&self) -> usize {
        self.column
    }
}

impl<'t> Outline<'t> {
    /// The outline of a text; `None` if it is not YAML.
    pub(crate) fn new(text: &'t str) -> Option<Self> {
        let breaks = text.match_indices('\n').map(|(at, _)| at + 1);
        let mut starts: Vec<usize> = std::iter::once(0).chain(breaks).collect();
        if starts.last() != Some(&text.len()) {
            starts.push(text.len());
        }
        let mut builder = Builder {
            text,
            starts: &starts,
            open: Vec::new(),
            root: None,
        };
        for event in Parser::new_from_str(text) {
            let (event, span) = event.ok()?;
            builder.event(&event, span.start, span.end);
        }
        let root = builder.root?;
        Some(Self { text, starts, root })
    }

    /// The node a pointer leads to, and the steps to the outermost brackets it stands in.
    pub(crate) fn find(&self, pointer: &Pointer) -> Option<(&Node, Option<usize>)> {
        let mut node = &self.root;
        let mut brackets = node.in_brackets.then_some(0);
        for (index, token) in pointer.tokens().enumerate() {
            node = node.child(token)?;
            if node.in_brackets && brackets.is_none() {
                brackets = Some(index + 1);
            }
        }
        Some((node, brackets))
    }

    /// The bytes of the lines a member of a mapping takes, and what stands before its key.
    pub(crate) fn member(&self, node: &Node) -> (Range<usize>, &'t str) {
        let is_list = matches!(node.held, Held::List(_)) && !node.in_brackets;
        let end = self.end(node.line, node.column, is_list);
        let before = self.before(node);
        (self.bytes(node.line..end), before)
    }

    /// The bytes of the lines an item of a list takes, and the column of its dash. `None` if its
    /// dash stands elsewhere.
    pub(crate) fn item(&self, node: &Node) -> Option<(Range<usize>, usize)> {
        let dash = self.before(node).trim_end().strip_suffix('-')?;
        if !dash.trim().is_empty() {
            return None;
        }
        let column = dash.len();
        let end = self.end(node.line, column, false);
        Some((self.bytes(node.line..end), column))
    }

    /// Where the comment lines right above a node begin, which stand at its column.
    pub(crate) fn with_comments(&self, start: usize, column: usize) -> usize {
        let mut line = self.starts.partition_point(|known| *known < start);
        while let Some(above) = line.checked_sub(1) {
            let text = self.line(above);
            let is_comment = text.trim_start().starts_with('#');
            if !is_comment || indent(text) != Some(column) {
                break;
            }
            line = above;
        }
        self.starts[line]
    }

    fn before(&self, node: &Node) -> &'t str {
        let line = self.line(node.line);
        let at = line.char_indices().nth(node.column);
        &line[..at.map_or(line.len(), |(at, _)| at)]
    }

    /// The line after the last one that stands further in than a column.
    fn end(&self, first: usize, column: usize, is_list: bool) -> usize {
        let mut end = first + 1;
        for line in first + 1..self.starts.len() - 1 {
            let text = self.line(line);
            let belongs = match indent(text) {
                None => continue,
                Some(own) if own > column => true,
                // The dashes of a list may stand right below its key.
                Some(own) => is_list && own == column && text.trim_start().starts_with('-'),
            };
            if !belongs {
                break;
            }
            end = line + 1;
        }
        end
    }

    fn bytes(&self, lines: Range<usize>) -> Range<usize> {
        self.starts[lines.start]..self.starts[lines.end]
    }

    fn line(&self, line: usize) -> &'t str {
        &self.text[self.starts[line]..self.starts[line + 1]]
    }
}

/// How far a line stands in; `None` if it is blank.
fn indent(line: &str) -> Option<usize> {
    line.find(|c: char| !c.is_whitespace())
}

/// A key, and the line and column at which it stands.
type Key = (String, usize, usize);

struct Builder<'a> {
    text: &'a str,
    starts: &'a [usize],
    /// Mappings and lists that are not closed yet, each with the key whose value comes next.
    open: Vec<(Node, Option<Key>)>,
    root: Option<Node>,
}

impl Builder<'_> {
    fn event(&mut self, event: &Event<'_>, start: Marker, end: Marker) {
        let node = |held, in_brackets| Node {
            line: start.line() - 1,
            column: start.col(),
            held,
            in_brackets,
        };
        match event {
            Event::Scalar(text, style, ..) => {
                let is_plain = !matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
                let range = (is_plain && start.line() == end.line())
                    .then(|| self.byte(start)..self.byte(end));
                let range = range.map(|range| {
                    let text = self.text[range.clone()].trim_end();
                    range.start..range.start + text.len()
                });
                self.close(node(Held::Scalar(text.to_string(), range), false));
            }
            Event::Alias(_) => self.close(node(Held::Alias, false)),
            Event::MappingStart(..) => {
                let in_brackets = self.text[self.byte(start)..].starts_with('{');
                self.open
                    .push((node(Held::Mapping(IndexMap::new()), in_brackets), None));
            }
            Event::SequenceStart(..) => {
                let in_brackets = self.text[self.byte(start)..].starts_with('[');
                self.open
                    .push((node(Held::List(Vec::new()), in_brackets), None));
            }
            Event::MappingEnd | Event::SequenceEnd => {
                if let Some((node, _)) = self.open.pop() {
                    self.close(node);
                }
            }
            _ => {}
        }
    }

    /// Puts a node that is complete into what it stands in.
    fn close(&mut self, mut node: Node) {
        let Some((holder, key)) = self.open.last_mut() else {
            self.root.get_or_insert(node);
            return;
        };
        match (&mut holder.held, key.take()) {
            (Held::Mapping(_), None) => {
                // A key that is no scalar cannot be a pointer's token.
                let name = match node.held {
                    Held::Scalar(name, _) => name,
                    _ => String::new(),
                };
                *key = Some((name, node.line, node.column));
            }
            (Held::Mapping(members), Some((name, line, column))) => {
                (node.line, node.column) = (line, column);
                members.insert(name, node);
            }
            (Held::List(items), _) => items.push(node),
            (Held::Scalar(..) | Held::Alias, _) => {}
        }
    }

    fn byte(&self, at: Marker) -> usize {
        let start = self.starts.get(at.line() - 1).copied();
        let start = start.unwrap_or(self.text.len());
        let step = self.text[start..].char_indices().nth(at.col());
        step.map_or(self.text.len(), |(step, _)| start + step)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const YAML: &str = "\
# Top.
a: 1 # one
b:
  # Own.
  - x: 'é'
    y: >-
      # no comment

      text
  - [p, {q: r}]
# Of c.
c:
- 1
- \"2\"

d: {}
";

    fn shown(pointer: &str) -> (String, String) {
        let outline = Outline::new(YAML).unwrap();
        let (node, _) = outline.find(&Pointer::parse(pointer).unwrap()).unwrap();
        let (range, before) = outline.member(node);
        let start = outline.with_comments(range.start, node.column());
        (YAML[start..range.end].to_owned(), before.to_owned())
    }

    #[test]
    fn a_member_takes_its_lines_and_the_comments_above() {
        assert_eq!(shown("/a").0, "# Top.\na: 1 # one\n");
        assert_eq!(shown("/c").0, "# Of c.\nc:\n- 1\n- \"2\"\n");
        assert_eq!(
            shown("/b/0/x"),
            ("  - x: 'é'\n".to_owned(), "  - ".to_owned())
        );
        assert_eq!(
            shown("/b/0/y").0,
            "    y: >-\n      # no comment\n\n      text\n"
        );
        assert_eq!(shown("/d").0, "d: {}\n");
    }

    #[test]
    fn an_item_takes_its_lines() {
        let outline = Outline::new(YAML).unwrap();
        let item = |pointer: &str| {
            let (node, _) = outline.find(&Pointer::parse(pointer).unwrap()).unwrap();
            let (range, column) = outline.item(node).unwrap();
            (YAML[range].to_owned(), column)
        };
        assert!(item("/b/0").0.starts_with("  - x") && item("/b/0").0.ends_with("text\n"));
        assert_eq!(item("/b/1"), ("  - [p, {q: r}]\n".to_owned(), 2));
        assert_eq!(item("/c/1"), ("- \"2\"\n".to_owned(), 0));
    }

    #[test]
    fn scalars_in_one_line_and_brackets_are_told() {
        let outline = Outline::new(YAML).unwrap();
        let text = |pointer: &str| {
            let (node, _) = outline.find(&Pointer::parse(pointer).unwrap())?;
            match &node.held {
                Held::Scalar(text, range) => {
                    Some((text.clone(), range.clone().map(|own| &YAML[own])))
                }
                _ => None,
            }
        };
        assert_eq!(text("/a"), Some(("1".to_owned(), Some("1"))));
        assert_eq!(text("/b/0/x"), Some(("é".to_owned(), Some("'é'"))));
        assert_eq!(text("/b/0/y").unwrap().1, None);
        assert_eq!(text("/c/1"), Some(("2".to_owned(), Some("\"2\""))));
        let brackets = |pointer: &str| outline.find(&Pointer::parse(pointer).unwrap()).unwrap().1;
        assert_eq!(brackets("/b/1/1/q"), Some(2));
        assert_eq!(brackets("/b/0/x"), None);
        assert!(outline.find(&Pointer::parse("/b/2").unwrap()).is_none());
    }
}
