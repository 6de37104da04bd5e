//! The files of a description, and the positions of its nodes in them.

use std::collections::HashMap;

use crate::{
    diagnostics::{Excerpt, Place, printable},
    document::{
        Document,
        locate::{self, Position},
    },
    openapi::Pointer,
    output,
};

/// The files that were read, and the origins of the nodes of the typed description.
#[derive(Debug, Default)]
pub(crate) struct Sources {
    documents: Vec<Document>,
    origins: HashMap<Pointer, Pointer>,
}

impl Sources {
    /// Sources whose typed description is the first of them, node by node.
    pub(crate) fn new(documents: Vec<Document>) -> Self {
        Self {
            documents,
            origins: HashMap::new(),
        }
    }

    /// Adds where nodes came from: of the typed description from a file, or of the description
    /// from an overlay. What stands below a node came from below its origin.
    pub(crate) fn with_origins(mut self, origins: HashMap<Pointer, Pointer>) -> Self {
        self.origins.extend(origins);
        self
    }

    /// The positions of nodes, with lines where the text has the node.
    pub(crate) fn places(&self, pointers: &[Pointer]) -> Vec<Place> {
        let traced: Vec<Pointer> = pointers.iter().map(|pointer| self.trace(pointer)).collect();
        let mut places: Vec<Option<Place>> = vec![None; traced.len()];
        for (index, document) in self.documents.iter().enumerate() {
            let of_document: Vec<usize> = (0..traced.len())
                .filter(|at| traced[*at].source() == Some(index))
                .collect();
            if of_document.is_empty() {
                continue;
            }
            let wanted: Vec<&Pointer> = of_document.iter().map(|at| &traced[*at]).collect();
            let positions = locate::find_all(&document.path, &document.text, &wanted);
            let excerpts = excerpts(&document.text, &positions);
            for (at, position) in of_document.into_iter().zip(positions) {
                places[at] = Some(Place {
                    file: document.path.display().to_string(),
                    pointer: Some(traced[at].to_string()),
                    line: position.map(|(line, _)| line),
                    column: position.map(|(_, column)| column),
                    excerpt: position.and_then(|position| excerpts.get(&position).cloned()),
                });
            }
        }
        let nowhere = |(place, pointer): (Option<Place>, &Pointer)| {
            place.unwrap_or_else(|| Place {
                file: String::new(),
                pointer: Some(pointer.to_string()),
                line: None,
                column: None,
                excerpt: None,
            })
        };
        places.into_iter().zip(&traced).map(nowhere).collect()
    }

    /// SHA-256 of all files: of the only one, it is that of its text.
    pub(crate) fn hash(&self) -> String {
        match self.documents.as_slice() {
            [only] => output::hash(&only.text),
            several => {
                let hashes: Vec<String> = several
                    .iter()
                    .map(|document| output::hash(&document.text))
                    .collect();
                output::hash(hashes.join("\n"))
            }
        }
    }

    /// Where a node came from: a pointer into a file.
    fn trace(&self, pointer: &Pointer) -> Pointer {
        let in_file = match pointer.source() {
            Some(_) => pointer.clone(),
            None => self
                .origin(pointer)
                .unwrap_or_else(|| pointer.clone().in_source(0)),
        };
        self.origin(&in_file).unwrap_or(in_file)
    }

    /// What the nearest node above, or this one, came from, and the steps from there.
    fn origin(&self, pointer: &Pointer) -> Option<Pointer> {
        if self.origins.is_empty() {
            return None;
        }
        let mut above = pointer.clone();
        let mut below: Vec<String> = Vec::new();
        loop {
            if let Some(origin) = self.origins.get(&above) {
                return Some(origin.join_all(below.iter().rev().map(String::as_str)));
            }
            below.push(above.pop()?);
        }
    }
}

/// As many characters of a line are shown.
const WIDTH: usize = 100;

/// What stands at the positions, in one pass over the text however long its lines are.
fn excerpts(text: &str, positions: &[Option<Position>]) -> HashMap<Position, Excerpt> {
    let mut wanted: Vec<Position> = positions.iter().flatten().copied().collect();
    wanted.sort_unstable();
    wanted.dedup();
    let mut found = HashMap::with_capacity(wanted.len());
    let mut wanted = wanted.into_iter().peekable();
    for (index, line) in text.lines().enumerate() {
        if wanted.peek().is_none() {
            break;
        }
        // Where the last position of the line was found: the next one is not before it.
        let (mut column, mut offset) = (1, 0);
        while let Some((_, wanted_column)) = wanted.next_if(|(line, _)| *line == index + 1) {
            let steps = line[offset..].char_indices().nth(wanted_column - column);
            offset += steps.map_or(line.len() - offset, |(at, _)| at);
            column = wanted_column;
            found.insert((index + 1, column), excerpt(line, column, offset));
        }
    }
    found
}

fn excerpt(line: &str, column: usize, offset: usize) -> Excerpt {
    // A long line is shown from a little before the place.
    let mut start = 0;
    let mut indent = column - 1;
    if column > WIDTH / 2 {
        indent = WIDTH / 4;
        let back = line[..offset].char_indices().rev().nth(indent - 1);
        start = back.map_or(0, |(at, _)| at);
    }
    let shown: String = line[start..].chars().take(WIDTH).collect();
    let mut text = printable::in_columns(&shown).into_owned();
    text.truncate(text.trim_end().len());
    Excerpt { text, indent }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(name: &str, text: &str) -> Document {
        Document {
            path: name.into(),
            text: text.to_owned(),
            root: serde_json::Value::Null,
        }
    }

    fn pointer(text: &str) -> Pointer {
        Pointer::parse(text).unwrap()
    }

    #[test]
    fn the_longest_way_known_leads_back() {
        let documents = vec![
            document("a.yaml", "a:\n  b: 1\n"),
            document("b.yaml", "x:\n  y:\n    z: 1\n"),
        ];
        let origins = HashMap::from([
            (pointer("/a/c"), pointer("/x").in_source(1)),
            (pointer("/a/c/d"), pointer("/x/y").in_source(1)),
        ]);
        let sources = Sources::new(documents).with_origins(origins);
        let wanted = ["/a/b", "/a/c/y", "/a/c/d/z", "/q"].map(pointer);
        let places = sources.places(&wanted);
        let shown: Vec<_> = places
            .iter()
            .map(|place| (place.file.as_str(), place.pointer.as_deref(), place.line))
            .collect();
        assert_eq!(
            shown,
            [
                ("a.yaml", Some("#/a/b"), Some(2)),
                ("b.yaml", Some("#/x/y"), Some(2)),
                ("b.yaml", Some("#/x/y/z"), Some(3)),
                ("a.yaml", Some("#/q"), Some(1)),
            ]
        );
    }

    #[test]
    fn the_hash_covers_all_files() {
        let one = || Sources::new(vec![document("a", "1"), document("b", "2")]);
        let other = Sources::new(vec![document("a", "1"), document("b", "3")]);
        assert_eq!(one().hash(), one().hash());
        assert_ne!(one().hash(), other.hash());
        let single = Sources::new(vec![document("a", "1")]);
        assert_eq!(single.hash(), output::hash("1"));
    }

    #[test]
    fn a_long_line_is_cut_around_the_place() {
        let text = format!(
            "{{\"é\": 1, {}\"wanted\": 2, {}}}",
            "  ".repeat(5000),
            "3".repeat(500)
        );
        let positions = locate::find_all("a.json".as_ref(), &text, &[&pointer("/wanted")]);
        let found = excerpts(&text, &positions);
        let excerpt = &found[&positions[0].unwrap()];
        assert!(excerpt.text.chars().count() <= WIDTH);
        let shown: String = excerpt.text.chars().skip(excerpt.indent).take(8).collect();
        assert_eq!(shown, "\"wanted\"");
    }
}
