//! Documentation: sanitizes all texts of a description that become Markdown.
//!
//! A text is parsed as CommonMark with rustdoc's extensions and written anew from the result. So
//! rustdoc shows what the author meant, and finds no code to run, no HTML and no links to Rust items.

mod inline;
mod links;
mod read;
mod wrap;
mod write;

#[cfg(test)]
mod tests;

use std::fmt;

use crate::{diagnostics::printable, model::Api};

/// Maximum width of a line of documentation, without the comment marker.
const WIDTH: usize = 92;

/// The documentation of an item, written as `///` or `//!` lines.
#[derive(Clone, Debug, Default)]
pub(super) struct DocText {
    paragraphs: Vec<Vec<String>>,
    inner: bool,
}

impl DocText {
    /// Creates documentation of the enclosing module, as `//!` lines.
    pub(super) fn inner() -> Self {
        Self {
            paragraphs: Vec::new(),
            inner: true,
        }
    }

    /// Adds a text of the description with its Markdown.
    pub(super) fn text(&mut self, api: &Api, text: Option<&str>) -> &mut Self {
        let mut blocks = read::read(text.unwrap_or_default(), api, read::Shape::Blocks);
        write::sink_headings(&mut blocks);
        let lines = write::lines(&blocks, WIDTH);
        if !lines.is_empty() {
            self.paragraphs.push(lines);
        }
        self
    }

    /// Adds a text of the description in one line.
    pub(super) fn line(&mut self, api: &Api, text: Option<&str>) -> &mut Self {
        let line = inline(api, text.unwrap_or_default());
        match line.is_empty() {
            true => self,
            false => self.markdown(line),
        }
    }

    /// Adds Markdown that sdkgen wrote: headings, lists of one level, and lines of prose. It may
    /// contain texts of a description only as [`inline`] or [`code`] return them.
    pub(super) fn markdown(&mut self, markdown: impl AsRef<str>) -> &mut Self {
        let lines = markdown.as_ref().lines();
        self.paragraphs
            .push(lines.flat_map(wrap::own_line).collect());
        self
    }

    pub(super) fn is_empty(&self) -> bool {
        self.paragraphs.is_empty()
    }
}

impl fmt::Display for DocText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mark = if self.inner { "//!" } else { "///" };
        for (index, paragraph) in self.paragraphs.iter().enumerate() {
            if index > 0 {
                writeln!(f, "{mark}")?;
            }
            for line in paragraph {
                match line.is_empty() {
                    true => writeln!(f, "{mark}")?,
                    false => writeln!(f, "{mark} {line}")?,
                }
            }
        }
        Ok(())
    }
}

/// Converts a text of the description to one line of Markdown.
pub(super) fn inline(api: &Api, text: &str) -> String {
    write::in_one_line(&read::read(text, api, read::Shape::OneLine))
}

/// Converts a name or value of the description to a code span.
pub(super) fn code(name: &str) -> String {
    let words: Vec<&str> = name.split_whitespace().collect();
    match words.is_empty() {
        true => inline::code_span(&format!("\"{}\"", printable::escaped(name))),
        false => inline::code_span(&printable::escaped(&words.join(" "))),
    }
}

/// Like [`code`], for a cell of a table.
pub(super) fn code_in_cell(name: &str) -> String {
    code(name).replace('|', "\\|")
}
