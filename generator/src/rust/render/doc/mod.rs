//! Documentation: every text of a description that becomes Markdown goes through here.
//!
//! A text is read as CommonMark with the extensions that rustdoc knows, and written anew from what
//! was read. So rustdoc finds in it what its author meant, and neither code to run, nor HTML, nor
//! links to Rust items.

mod inline;
mod links;
mod read;
mod wrap;
mod write;

#[cfg(test)]
mod tests;

use std::fmt;

use crate::{diagnostics::printable, model::Api};

/// The width of the text of a documentation line.
const WIDTH: usize = 92;

/// Documentation of an item, laid out as `///` or `//!` lines.
#[derive(Clone, Debug, Default)]
pub(super) struct DocText {
    paragraphs: Vec<Vec<String>>,
    inner: bool,
}

impl DocText {
    /// Documentation of what holds it, as `//!` lines.
    pub(super) fn inner() -> Self {
        Self {
            paragraphs: Vec::new(),
            inner: true,
        }
    }

    /// Adds a text of the description, whose Markdown is kept.
    pub(super) fn text(&mut self, api: &Api, text: Option<&str>) -> &mut Self {
        let mut blocks = read::read(text.unwrap_or_default(), api, read::Shape::Blocks);
        write::sink_headings(&mut blocks);
        let lines = write::lines(&blocks, WIDTH);
        if !lines.is_empty() {
            self.paragraphs.push(lines);
        }
        self
    }

    /// Adds a text of the description that is one line, whatever it holds.
    pub(super) fn line(&mut self, api: &Api, text: Option<&str>) -> &mut Self {
        let line = inline(api, text.unwrap_or_default());
        match line.is_empty() {
            true => self,
            false => self.markdown(line),
        }
    }

    /// Adds Markdown of our own: headings, lists of one level, and lines of prose. Texts of a
    /// description may stand in it as [`inline`] or [`code`] give them.
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

/// A text of the description in one line of Markdown, its blocks in a row.
pub(super) fn inline(api: &Api, text: &str) -> String {
    write::in_one_line(&read::read(text, api, read::Shape::OneLine))
}

/// A name or value of the description as a code span.
pub(super) fn code(name: &str) -> String {
    let words: Vec<&str> = name.split_whitespace().collect();
    match words.is_empty() {
        true => inline::code_span(&format!("\"{}\"", printable::escaped(name))),
        false => inline::code_span(&printable::escaped(&words.join(" "))),
    }
}

/// The same in a cell of a table.
pub(super) fn code_in_cell(name: &str) -> String {
    code(name).replace('|', "\\|")
}
