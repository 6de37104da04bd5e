//! Writes inline Markdown and escapes it so that it is parsed as what it was written from.

use super::links;

/// Inline Markdown in lines separated by `\n`. Outside code spans, whitespace is only single spaces,
/// and no line begins with a mark that would start a block.
#[derive(Debug, Default)]
pub(super) struct Inline {
    text: String,
    open: Vec<Open>,
    /// Whether line breaks are written as spaces.
    pub(super) in_one_line: bool,
    /// Whether the text is in a heading or a cell, where no line can start a block.
    pub(super) starts_no_line: bool,
    /// Whether the text is in a cell, which `|` would end.
    pub(super) in_cell: bool,
}

/// An open span, and where its text begins.
#[derive(Debug)]
struct Open {
    at: usize,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    /// Text between two marks.
    Marked(&'static str),
    /// A link. Without a target only its text is written.
    Link(Option<String>),
    /// An address between `<` and `>`.
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

    /// Takes the text that was written, and closes all open spans.
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

    /// Opens a span between two marks.
    pub(super) fn open_marked(&mut self, mark: &'static str) {
        // `~~` inside `~~` could be read as a code fence.
        let is_nested = |open: &Open| matches!(open.kind, Kind::Marked(other) if other == mark);
        match mark == STRUCK && self.open.iter().any(is_nested) {
            true => self.push_open(Kind::Nothing),
            false => {
                self.text.push_str(mark);
                self.push_open(Kind::Marked(mark));
            }
        }
    }

    /// Opens a link; without a target only its text is written.
    pub(super) fn open_link(&mut self, target: Option<String>) {
        self.push_open(Kind::Link(target));
    }

    /// Opens an address between `<` and `>`.
    pub(super) fn open_address(&mut self, address: Option<String>) {
        self.push_open(Kind::Address(address));
    }

    fn push_open(&mut self, kind: Kind) {
        let at = self.text.len();
        self.open.push(Open { at, kind });
    }

    /// Closes the innermost span.
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
                    // A closing mark must not follow a space.
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
                    // `![` would start an image.
                    self.text.insert(at - 1, '\\');
                    at += 1;
                }
                self.text.insert(at, '[');
                self.text.push_str(&format!("]({target})"));
            }
        }
    }

    /// Adds a soft line break, which is shown as a space.
    pub(super) fn soft_break(&mut self) {
        if self.in_one_line {
            self.space();
        } else if !self.is_at_start() {
            self.text.truncate(self.text.trim_end_matches(' ').len());
            self.text.push('\n');
        }
    }

    /// Adds a hard line break.
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
            // Adjacent runs of backticks would be one run.
            self.text.push(' ');
        }
        let span = code_span(&code.replace('\t', " "));
        match self.in_cell {
            true => self.text.push_str(&span.replace('|', "\\|")),
            false => self.text.push_str(&span),
        }
    }

    /// Adds text and turns web addresses in it into links.
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

    /// Whether a character of plain text would be parsed as markup here.
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

    /// Adds a space, unless one precedes or the line begins here.
    fn space(&mut self) {
        if !self.is_at_start() && !self.text.ends_with(' ') {
            self.text.push(' ');
        }
    }

    /// Whether a line or an open span begins here.
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

/// The mark of strikethrough.
pub(super) const STRUCK: &str = "~~";

/// Removes spaces and line breaks from the end.
fn without_space(text: &str) -> &str {
    let mut text = text;
    loop {
        let shorter = text.trim_end_matches([' ', '\n']);
        // A single backslash at the end is a hard break; an escaped backslash is a pair.
        let backslashes = shorter.len() - shorter.trim_end_matches('\\').len();
        let shorter = &shorter[..shorter.len() - backslashes % 2];
        if shorter == text {
            return text;
        }
        text = shorter;
    }
}

/// Escapes the first word of each line if it would start a block.
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

/// Whether a word at the beginning of a line may start a list item, heading, rule, table row or fence,
/// or turn the previous line into a heading.
fn is_block_mark(word: &str) -> bool {
    number_of_item(word).is_some() || interrupts_paragraph(word)
}

/// Like [`is_block_mark`], for a line within a paragraph.
pub(super) fn interrupts_paragraph(word: &str) -> bool {
    let is_mark = |byte: u8| b"-+=:|#*_>".contains(&byte);
    let is_marks = !word.is_empty() && word.bytes().all(is_mark);
    // Some mail addresses between `<` and `>` would begin HTML.
    let mut marks = ["```", "~~~", ">", "<!", "<?", "</"].into_iter();
    is_marks || number_of_item(word) == Some(1) || marks.any(|mark| word.starts_with(mark))
}

/// The number of a list item's mark, such as `1.`.
fn number_of_item(word: &str) -> Option<u32> {
    let digits = word.strip_suffix(['.', ')'])?;
    let is_number =
        (1..=9).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| digits.parse().ok())?
}

/// Whether a text that begins with `&` may begin with a character reference.
pub(super) fn is_entity(text: &str) -> bool {
    let name = text[1..]
        .bytes()
        .take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'#');
    let length = name.count();
    length > 0 && text[1 + length..].starts_with(';')
}

/// Writes a code span with any text without line breaks.
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
