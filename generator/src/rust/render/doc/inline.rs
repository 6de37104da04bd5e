//! Inline Markdown, written so that it is read as what it was written from.

use super::links;

/// A run of inline Markdown: lines that `\n` parts. It has no whitespace but single spaces outside
/// code spans, and each line begins with something that begins no block.
#[derive(Debug, Default)]
pub(super) struct Inline {
    text: String,
    open: Vec<Open>,
    /// Whether line breaks are written as spaces.
    pub(super) in_one_line: bool,
    /// Whether it stands where no line can begin a block: in a heading, in a cell.
    pub(super) starts_no_line: bool,
    /// Whether `|` would end a cell.
    pub(super) in_cell: bool,
}

/// What was opened and not yet closed, and where its text begins.
#[derive(Debug)]
struct Open {
    at: usize,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    /// Text between two of these.
    Marked(&'static str),
    /// A link, or what would be one if it led somewhere.
    Link(Option<String>),
    /// An address that stands for itself, as it is written.
    Address(Option<String>),
    Nothing,
}

impl Inline {
    pub(super) fn new(in_one_line: bool) -> Self {
        Self {
            in_one_line,
            ..Self::default()
        }
    }

    /// Takes what was written. What is still open is closed.
    pub(super) fn take(&mut self) -> String {
        while !self.open.is_empty() {
            self.close();
        }
        let mut text = std::mem::take(&mut self.text);
        text.truncate(without_space(&text).len());
        match self.starts_no_line {
            true => text,
            false => beginning_no_block(&text),
        }
    }

    /// Begins text between two marks.
    pub(super) fn open_marked(&mut self, mark: &'static str) {
        // Marks of the same kind inside each other could pass for a fence.
        let is_nested = |open: &Open| matches!(open.kind, Kind::Marked(other) if other == mark);
        match mark == STRUCK && self.open.iter().any(is_nested) {
            true => self.push_open(Kind::Nothing),
            false => {
                self.text.push_str(mark);
                self.push_open(Kind::Marked(mark));
            }
        }
    }

    /// Begins the text of a link; without a target it is text alone.
    pub(super) fn open_link(&mut self, target: Option<String>) {
        self.push_open(Kind::Link(target));
    }

    /// Begins an address between `<` and `>`.
    pub(super) fn open_address(&mut self, address: Option<String>) {
        self.push_open(Kind::Address(address));
    }

    fn push_open(&mut self, kind: Kind) {
        let at = self.text.len();
        self.open.push(Open { at, kind });
    }

    /// Ends what was opened last.
    pub(super) fn close(&mut self) {
        let Some(Open { mut at, kind }) = self.open.pop() else {
            return;
        };
        match kind {
            Kind::Nothing | Kind::Link(None) | Kind::Address(None) => {}
            Kind::Marked(mark) => {
                let end = without_space(&self.text).len().max(at);
                if end == at {
                    self.text.truncate(at - mark.len());
                } else {
                    // A mark after a space would close nothing.
                    self.text.insert_str(end, mark);
                }
            }
            Kind::Address(Some(address)) => {
                self.text.truncate(at);
                self.text.push_str(&format!("<{address}>"));
            }
            Kind::Link(Some(target)) => {
                if self.text[at..].trim().is_empty() {
                    self.text.truncate(at);
                    if links::is_autolink(&target) {
                        self.text.push_str(&format!("<{target}>"));
                    }
                    return;
                }
                if self.text[..at].ends_with('!') {
                    // It would be an image.
                    self.text.insert(at - 1, '\\');
                    at += 1;
                }
                self.text.insert(at, '[');
                self.text.push_str(&format!("]({target})"));
            }
        }
    }

    /// Adds a line break of the source, which shows as a space.
    pub(super) fn soft_break(&mut self) {
        if self.in_one_line {
            self.space();
        } else if !self.is_at_start() {
            self.text.truncate(self.text.trim_end_matches(' ').len());
            self.text.push('\n');
        }
    }

    /// Adds a line break that shows as one.
    pub(super) fn hard_break(&mut self) {
        if self.in_one_line || self.is_at_start() {
            self.space();
        } else {
            self.text.truncate(self.text.trim_end_matches(' ').len());
            self.text.push_str("\\\n");
        }
    }

    /// Adds a code span.
    pub(super) fn code(&mut self, code: &str) {
        if self.text.ends_with('`') {
            // Two runs of backticks would be one.
            self.text.push(' ');
        }
        let span = code_span(&code.replace('\t', " "));
        match self.in_cell {
            true => self.text.push_str(&span.replace('|', "\\|")),
            false => self.text.push_str(&span),
        }
    }

    /// Adds text, whose addresses become links.
    pub(super) fn text(&mut self, text: &str) {
        let is_in_link =
            |open: &Open| matches!(open.kind, Kind::Link(Some(_)) | Kind::Address(Some(_)));
        if self.open.iter().any(is_in_link) {
            return self.plain(text);
        }
        let mut rest = text;
        while let Some((start, end)) = links::find_address(rest) {
            self.plain(&rest[..start]);
            self.text.push_str(&format!("<{}>", &rest[start..end]));
            rest = &rest[end..];
        }
        self.plain(rest);
    }

    fn plain(&mut self, text: &str) {
        let mut characters = text.char_indices().peekable();
        while let Some((at, character)) = characters.next() {
            let rest = &text[at..];
            if matches!(character, ' ' | '\t' | '\n' | '\u{b}' | '\u{c}') {
                self.space();
                continue;
            }
            let next = characters.peek().map(|(_, next)| *next);
            if self.is_markup(character, next, rest) {
                self.text.push('\\');
            }
            self.text.push(character);
        }
    }

    /// Whether a character of plain text would be read as markup where it is to stand.
    fn is_markup(&self, character: char, next: Option<char>, rest: &str) -> bool {
        let is_inside_word = || {
            let previous = self.text.chars().next_back();
            let is_letter = |other: Option<char>| other.is_some_and(char::is_alphanumeric);
            is_letter(previous) && is_letter(next)
        };
        match character {
            '\\' | '`' | '*' | '[' | ']' | '<' | '>' | '~' => true,
            '_' => !is_inside_word(),
            '|' => self.in_cell,
            '#' => self.starts_no_line && !self.in_cell,
            '&' => is_entity(rest),
            _ => false,
        }
    }

    /// Adds one space, unless there is one or nothing to part.
    fn space(&mut self) {
        if !self.is_at_start() && !self.text.ends_with(' ') {
            self.text.push(' ');
        }
    }

    /// Whether a line begins here, or what was opened last.
    fn is_at_start(&self) -> bool {
        let is_opened = |open: &Open| {
            let shows = !matches!(
                open.kind,
                Kind::Nothing | Kind::Link(None) | Kind::Address(None)
            );
            shows && open.at == self.text.len()
        };
        self.text.is_empty() || self.text.ends_with('\n') || self.open.last().is_some_and(is_opened)
    }
}

/// The mark of text that is struck out.
pub(super) const STRUCK: &str = "~~";

/// The text without the space and the breaks at its end.
fn without_space(text: &str) -> &str {
    let mut text = text;
    loop {
        let shorter = text.trim_end_matches([' ', '\n']);
        // An odd backslash is a break; all others stand in pairs or before something.
        let backslashes = shorter.len() - shorter.trim_end_matches('\\').len();
        let shorter = &shorter[..shorter.len() - backslashes % 2];
        if shorter == text {
            return text;
        }
        text = shorter;
    }
}

/// The lines, each with its first word escaped if that would begin a block.
pub(super) fn beginning_no_block(text: &str) -> String {
    let lines = text.split('\n').map(|line| {
        let word = line.split(' ').next().unwrap_or_default();
        let digits = word.bytes().take_while(u8::is_ascii_digit).count();
        let begins_block = is_block_mark(word) && !word.starts_with('`');
        let (number, mark) = line.split_at(digits);
        match begins_block {
            true => format!("{number}\\{mark}"),
            false => line.to_owned(),
        }
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Whether a word at the beginning of a line may begin a block, or make something else of the line
/// before: a number or mark of an item, of a heading, of a rule, of a row, of a fence.
fn is_block_mark(word: &str) -> bool {
    number_of_item(word).is_some() || interrupts_paragraph(word)
}

/// Whether a word at the beginning of a line may do so within a paragraph.
pub(super) fn interrupts_paragraph(word: &str) -> bool {
    let is_mark = |byte: u8| b"-+=:|#*_>".contains(&byte);
    let is_marks = !word.is_empty() && word.bytes().all(is_mark);
    let mut fences = ["```", "~~~", ">"].into_iter();
    is_marks || number_of_item(word) == Some(1) || fences.any(|mark| word.starts_with(mark))
}

/// The number of a word that is the mark of a numbered item.
fn number_of_item(word: &str) -> Option<u32> {
    let digits = word.strip_suffix(['.', ')'])?;
    let is_number =
        (1..=9).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| digits.parse().ok())?
}

/// Whether a text that begins with `&` begins with what could be an entity.
pub(super) fn is_entity(text: &str) -> bool {
    let name = text[1..]
        .bytes()
        .take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'#');
    let length = name.count();
    length > 0 && text[1 + length..].starts_with(';')
}

/// A code span that holds any text without line breaks.
pub(super) fn code_span(code: &str) -> String {
    let mut runs = vec![0];
    for byte in code.bytes() {
        match (byte, runs.last_mut()) {
            (b'`', Some(run)) => *run += 1,
            _ => runs.push(0),
        }
    }
    let length = (1..).find(|length| !runs.contains(length)).unwrap_or(1);
    let fence = "`".repeat(length);
    let is_spaced = code.starts_with(' ') && code.ends_with(' ') && !code.trim().is_empty();
    let needs_space = code.starts_with('`') || code.ends_with('`') || is_spaced;
    let space = if needs_space { " " } else { "" };
    format!("{fence}{space}{code}{space}{fence}")
}
