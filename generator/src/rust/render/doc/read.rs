//! Parses the Markdown of a description into blocks.

use pulldown_cmark::{
    Alignment, CodeBlockKind, CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd,
    TextMergeStream,
};

use super::{
    inline::{Inline, STRUCK},
    links,
};
use crate::{diagnostics::printable, model::Api};

/// A block. Its text is inline Markdown as [`Inline`] writes it.
#[derive(Debug)]
pub(super) enum Block {
    Paragraph(String),
    Heading(u8, String),
    Code {
        language: String,
        text: String,
    },
    Quote(Vec<Block>),
    List {
        /// The first number of a numbered list.
        start: Option<u64>,
        /// Whether blank lines separate paragraphs in items.
        is_loose: bool,
        items: Vec<Vec<Block>>,
    },
    Table {
        alignments: Vec<Alignment>,
        /// The rows; the first is the header.
        rows: Vec<Vec<String>>,
    },
    Rule,
}

/// The form that a text is converted to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Blocks,
    /// Blocks that will be joined to one line.
    OneLine,
}

/// Maximum nesting of quotes and lists. Deeper ones are flattened to this level.
const MAX_DEPTH: usize = 12;

/// rustdoc's extensions, except smart punctuation, which changes characters.
const EXTENSIONS: Options = Options::ENABLE_TABLES
    .union(Options::ENABLE_FOOTNOTES)
    .union(Options::ENABLE_STRIKETHROUGH)
    .union(Options::ENABLE_TASKLISTS);

/// Parses a text.
pub(super) fn read(text: &str, api: &Api, shape: Shape) -> Vec<Block> {
    let text = dedented(&cleaned(text));
    let mut reader = Reader {
        api,
        inline: Inline::new(shape == Shape::OneLine),
        shape,
        levels: vec![Level::Blocks(Vec::new())],
        kept: Vec::new(),
        label: None,
        code: None,
        table: (Vec::new(), Vec::new()),
    };
    for event in TextMergeStream::new(Parser::new_ext(&text, EXTENSIONS)) {
        reader.event(event);
    }
    reader.finish()
}

/// Removes invisible characters and converts line breaks to `\n`.
fn cleaned(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\n' | '\r' | '\u{2028}' | '\u{2029}' | '\u{85}' => out.push('\n'),
            '\t' => out.push('\t'),
            '\u{b}' | '\u{c}' => out.push(' '),
            hidden if printable::is_invisible(hidden) => {}
            other => out.push(other),
        }
    }
    out
}

/// Removes invisible characters and line breaks from an address; character references can encode both.
fn in_one_piece(address: &str) -> String {
    cleaned(address).replace('\n', "")
}

/// Removes the indentation that all lines share. It comes from the file that contains the text, and
/// would turn the text into a code block.
fn dedented(text: &str) -> String {
    let lines = || text.lines().filter(|line| !line.trim().is_empty());
    let indent = |line: &str| line.len() - line.trim_start_matches([' ', '\t']).len();
    let Some(first) = lines().next() else {
        return String::new();
    };
    let mut common = &first[..indent(first)];
    for line in lines() {
        let same = common
            .bytes()
            .zip(line.bytes())
            .take_while(|(one, other)| one == other);
        common = &common[..same.count()];
    }
    let dedented = text
        .lines()
        .map(|line| line.strip_prefix(common).unwrap_or_default());
    let lines: Vec<&str> = dedented.collect();
    lines.join("\n")
}

struct Reader<'a> {
    api: &'a Api,
    shape: Shape,
    /// The current text.
    inline: Inline,
    levels: Vec<Level>,
    /// For every open quote, list and item, whether it is a level or was flattened.
    kept: Vec<bool>,
    /// The label of a footnote, to put before its first paragraph.
    label: Option<String>,
    /// The language and text of the current code block.
    code: Option<(String, String)>,
    /// The alignments and rows of the current table.
    table: (Vec<Alignment>, Vec<Vec<String>>),
}

/// An open container.
enum Level {
    Blocks(Vec<Block>),
    List(Block),
}

impl Reader<'_> {
    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            // The parser has resolved character references such as `&#x202e;`, so that the text must
            // be cleaned again.
            Event::Text(text) => match &mut self.code {
                Some((_, code)) => code.push_str(&cleaned(&text)),
                None => self.inline.text(&cleaned(&text).replace('\n', " ")),
            },
            Event::Code(code) => self.inline.code(&code),
            Event::InlineMath(text) | Event::DisplayMath(text) => self.inline.text(&text),
            Event::Html(html) | Event::InlineHtml(html) => {
                for (index, line) in html.split('\n').enumerate() {
                    if index > 0 {
                        self.inline.soft_break();
                    }
                    self.inline.text(line);
                }
            }
            Event::FootnoteReference(label) => self.inline.text(&format!("[^{label}]")),
            Event::TaskListMarker(is_done) => {
                self.inline.text(if is_done { "[x] " } else { "[ ] " });
            }
            Event::SoftBreak => self.inline.soft_break(),
            Event::HardBreak => self.inline.hard_break(),
            Event::Rule => self.add(Block::Rule),
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Emphasis => self.inline.open_marked("*"),
            Tag::Strong => self.inline.open_marked("**"),
            Tag::Strikethrough => self.inline.open_marked(STRUCK),
            Tag::Link {
                link_type,
                dest_url,
                ..
            } => {
                use pulldown_cmark::LinkType::{Autolink, Email};
                let address = in_one_piece(&dest_url);
                match link_type {
                    Autolink => {
                        let is_kept = links::target(&address, self.api).is_some()
                            && links::is_autolink(&address);
                        self.inline.open_address(is_kept.then_some(address));
                    }
                    Email => self.inline.open_address(Some(address)),
                    _ => self.inline.open_link(links::target(&address, self.api)),
                }
            }
            Tag::Image { dest_url, .. } => {
                let address = in_one_piece(&dest_url);
                self.inline.open_link(links::target(&address, self.api));
            }
            // These extensions are not enabled.
            Tag::Superscript | Tag::Subscript => self.inline.open_marked(""),
            Tag::Paragraph | Tag::HtmlBlock => {
                self.flush();
                if let Some(label) = self.label.take() {
                    self.inline.text(&label);
                }
                if self.is_item() && matches!(tag, Tag::Paragraph) {
                    self.loosen();
                }
            }
            Tag::Heading { .. } | Tag::TableCell => {
                if !matches!(tag, Tag::TableCell) {
                    self.flush();
                }
                self.inline.in_one_line = true;
                self.inline.starts_no_line = self.shape == Shape::Blocks;
                self.inline.in_cell = matches!(tag, Tag::TableCell) && self.shape == Shape::Blocks;
            }
            Tag::CodeBlock(kind) => {
                self.flush();
                let info = match kind {
                    CodeBlockKind::Fenced(info) => info,
                    CodeBlockKind::Indented => CowStr::Borrowed(""),
                };
                self.code = Some((language(&info).to_owned(), String::new()));
            }
            Tag::FootnoteDefinition(label) => {
                self.flush();
                self.label = Some(format!("[^{label}]: "));
            }
            Tag::BlockQuote(_) => self.open(Level::Blocks(Vec::new())),
            Tag::List(start) => self.open(Level::List(Block::List {
                start,
                is_loose: false,
                items: Vec::new(),
            })),
            Tag::Item => self.open(Level::Blocks(Vec::new())),
            Tag::Table(alignments) => {
                self.flush();
                self.table.0 = alignments;
            }
            Tag::TableHead | Tag::TableRow => self.table.1.push(Vec::new()),
            Tag::DefinitionList
            | Tag::DefinitionListTitle
            | Tag::DefinitionListDefinition
            | Tag::MetadataBlock(_) => self.flush(),
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Emphasis
            | TagEnd::Strong
            | TagEnd::Strikethrough
            | TagEnd::Superscript
            | TagEnd::Subscript
            | TagEnd::Link
            | TagEnd::Image => self.inline.close(),
            TagEnd::Paragraph
            | TagEnd::HtmlBlock
            | TagEnd::DefinitionList
            | TagEnd::DefinitionListTitle
            | TagEnd::DefinitionListDefinition
            | TagEnd::MetadataBlock(_) => self.flush(),
            TagEnd::FootnoteDefinition => {
                self.label = None;
                self.flush();
            }
            TagEnd::Heading(level) => {
                let text = self.take_line();
                if !text.is_empty() {
                    self.add(Block::Heading(number(level), text));
                }
            }
            TagEnd::TableCell => {
                let text = self.take_line();
                if let Some(row) = self.table.1.last_mut() {
                    row.push(text);
                }
            }
            TagEnd::CodeBlock => {
                if let Some((language, text)) = self.code.take() {
                    self.add(Block::Code { language, text });
                }
            }
            TagEnd::Table => {
                let (alignments, rows) = std::mem::take(&mut self.table);
                self.add(Block::Table { alignments, rows });
            }
            TagEnd::TableHead | TagEnd::TableRow => {}
            TagEnd::BlockQuote(_) | TagEnd::List(_) | TagEnd::Item => self.close(),
        }
    }

    /// Takes the text of a heading or a cell, and goes back to the ordinary treatment of lines.
    fn take_line(&mut self) -> String {
        let text = self.inline.take();
        self.inline.in_one_line = self.shape == Shape::OneLine;
        self.inline.starts_no_line = false;
        self.inline.in_cell = false;
        text
    }

    /// Ends the current paragraph.
    fn flush(&mut self) {
        let text = self.inline.take();
        if !text.is_empty() {
            self.add(Block::Paragraph(text));
        }
    }

    fn add(&mut self, block: Block) {
        self.flush_before(&block);
        // Lists contain only items, and an item is open whenever a block is added.
        if let Some(Level::Blocks(blocks)) = self.levels.last_mut() {
            blocks.push(block);
        }
    }

    fn flush_before(&mut self, block: &Block) {
        if !matches!(block, Block::Paragraph(_)) {
            self.flush();
        }
    }

    fn open(&mut self, level: Level) {
        self.flush();
        let is_item = matches!(self.levels.last(), Some(Level::List(_)));
        let is_kept = is_item || self.levels.len() < MAX_DEPTH;
        self.kept.push(is_kept);
        if is_kept {
            self.levels.push(level);
        }
    }

    fn close(&mut self) {
        self.flush();
        if self.kept.pop() != Some(true) {
            return;
        }
        match (self.levels.pop(), self.levels.last_mut()) {
            (Some(Level::Blocks(blocks)), Some(Level::List(Block::List { items, .. }))) => {
                items.push(blocks);
            }
            (Some(Level::Blocks(blocks)), Some(_)) => self.add(Block::Quote(blocks)),
            (Some(Level::List(list)), Some(_)) => self.add(list),
            _ => {}
        }
    }

    /// Whether the current container is a list item.
    fn is_item(&self) -> bool {
        matches!(
            self.levels.as_slice(),
            [.., Level::List(_), Level::Blocks(_)]
        )
    }

    fn loosen(&mut self) {
        if let [.., Level::List(Block::List { is_loose, .. }), _] = self.levels.as_mut_slice() {
            *is_loose = true;
        }
    }

    fn finish(mut self) -> Vec<Block> {
        self.flush();
        match self.levels.into_iter().next() {
            Some(Level::Blocks(blocks)) => blocks,
            _ => Vec::new(),
        }
    }
}

fn number(level: HeadingLevel) -> u8 {
    match level {
        HeadingLevel::H1 => 1,
        HeadingLevel::H2 => 2,
        HeadingLevel::H3 => 3,
        HeadingLevel::H4 => 4,
        HeadingLevel::H5 => 5,
        HeadingLevel::H6 => 6,
    }
}

/// The language of a code block, or `text` if it is not in [`LANGUAGES`]: rustdoc would run a block
/// with some other language as a test.
fn language(info: &str) -> &'static str {
    let is_end = |one: char| !(one.is_ascii_alphanumeric() || "+#-_".contains(one));
    let name = info.trim_start().split(is_end).next().unwrap_or_default();
    let known = LANGUAGES
        .iter()
        .find(|known| known.eq_ignore_ascii_case(name));
    known.copied().unwrap_or("text")
}

/// Languages in the documentation of APIs. rustdoc neither runs them nor gives them a meaning of its
/// own.
const LANGUAGES: &[&str] = &[
    "bash",
    "c",
    "c#",
    "console",
    "cpp",
    "cs",
    "csharp",
    "css",
    "csv",
    "curl",
    "diff",
    "go",
    "graphql",
    "html",
    "http",
    "ini",
    "java",
    "javascript",
    "js",
    "json",
    "json5",
    "jsonc",
    "jsonl",
    "jsx",
    "kotlin",
    "lua",
    "markdown",
    "md",
    "ndjson",
    "perl",
    "php",
    "plaintext",
    "powershell",
    "properties",
    "protobuf",
    "py",
    "python",
    "r",
    "rb",
    "ruby",
    "scala",
    "sh",
    "shell",
    "sql",
    "swift",
    "text",
    "toml",
    "ts",
    "tsx",
    "txt",
    "typescript",
    "xml",
    "yaml",
    "yml",
    "zsh",
];
