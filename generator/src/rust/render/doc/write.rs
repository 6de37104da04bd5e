//! Blocks, written as lines of Markdown.

use pulldown_cmark::Alignment;

use super::{
    inline::{beginning_no_block, code_span},
    read::Block,
    wrap::wrap,
};

/// The narrowest a text inside lists and quotes is wrapped to.
const NARROWEST: usize = 40;

/// The lines of some blocks, a blank one between each and the next. Prose is as wide as said, code
/// and tables as wide as they are.
pub(super) fn lines(blocks: &[Block], width: usize) -> Vec<String> {
    all_lines(blocks, width, Gaps::Everywhere)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Gaps {
    Everywhere,
    /// Where the next block would be read as part of the one before, or the other way round.
    Needed,
}

fn all_lines(blocks: &[Block], width: usize, gaps: Gaps) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    // Of two lists in a row, the second has other marks, or they would be one.
    let mut is_second = false;
    for (index, block) in blocks.iter().enumerate() {
        let previous = index.checked_sub(1).map(|index| &blocks[index]);
        if let Some(previous) = previous
            && (gaps == Gaps::Everywhere || !ends_before(previous, block))
        {
            lines.push(String::new());
        }
        is_second = previous.is_some_and(|previous| follows_alike(previous, block)) && !is_second;
        lines.extend(lines_of(block, width, is_second));
    }
    lines
}

/// Whether a block ends where the next begins, without a blank line.
fn ends_before(block: &Block, next: &Block) -> bool {
    let interrupts = match next {
        Block::Code { .. } => true,
        Block::List { start, items, .. } => {
            start.is_none_or(|start| start == 1)
                && items.first().is_some_and(|item| !item.is_empty())
        }
        _ => false,
    };
    matches!(block, Block::Paragraph(_)) && interrupts
}

fn follows_alike(previous: &Block, block: &Block) -> bool {
    match (previous, block) {
        (Block::List { start: one, .. }, Block::List { start: other, .. }) => {
            one.is_some() == other.is_some()
        }
        _ => false,
    }
}

fn lines_of(block: &Block, width: usize, is_second: bool) -> Vec<String> {
    match block {
        Block::Paragraph(text) => {
            let lines = text.split('\n');
            lines.flat_map(|line| wrap(line, width)).collect()
        }
        Block::Heading(level, text) => vec![format!("{} {text}", "#".repeat(usize::from(*level)))],
        Block::Code { language, text } => code(language, text),
        Block::Quote(blocks) => {
            let lines = all_lines(blocks, narrower(width, 2), Gaps::Everywhere);
            let quoted = lines.iter().map(|line| prefixed("> ", line));
            match lines.is_empty() {
                true => vec![">".to_owned()],
                false => quoted.collect(),
            }
        }
        Block::List {
            start,
            is_loose,
            items,
        } => list(*start, *is_loose, items, width, is_second),
        Block::Table { alignments, rows } => table(alignments, rows),
        // Other marks could be read as an item, or make a heading of what is above.
        Block::Rule => vec!["___".to_owned()],
    }
}

fn list(
    start: Option<u64>,
    is_loose: bool,
    items: &[Vec<Block>],
    width: usize,
    is_second: bool,
) -> Vec<String> {
    let mut lines = Vec::new();
    let mut number = start;
    for (index, item) in items.iter().enumerate() {
        if index > 0 && is_loose {
            lines.push(String::new());
        }
        let mark = match (number, is_second) {
            (None, false) => "- ".to_owned(),
            (None, true) => "* ".to_owned(),
            (Some(number), false) => format!("{number}. "),
            (Some(number), true) => format!("{number}) "),
        };
        // No list can begin with a number of more than nine digits.
        number = number.map(|number| (number + 1).min(999_999_999));
        let gaps = if is_loose {
            Gaps::Everywhere
        } else {
            Gaps::Needed
        };
        let of_item = all_lines(item, narrower(width, mark.len()), gaps);
        let indent = " ".repeat(mark.len());
        let first = of_item.first().map_or("", String::as_str);
        lines.push(prefixed(&mark, first));
        lines.extend(of_item.iter().skip(1).map(|line| prefixed(&indent, line)));
    }
    lines
}

fn narrower(width: usize, by: usize) -> usize {
    width.saturating_sub(by).max(NARROWEST)
}

fn prefixed(prefix: &str, line: &str) -> String {
    let whole = format!("{prefix}{line}");
    whole.trim_end_matches(' ').to_owned()
}

/// A fenced block whose text cannot end it.
fn code(language: &str, text: &str) -> Vec<String> {
    let longest = text
        .split(|one| one != '`')
        .map(str::len)
        .max()
        .unwrap_or(0);
    let fence = "`".repeat((longest + 1).max(3));
    let mut lines = vec![format!("{fence}{language}")];
    let text = text.strip_suffix('\n').unwrap_or(text);
    // Tabs would be as wide as the reader's tool has them, and linters dislike them in comments.
    let text = text.replace('\t', "    ");
    lines.extend(text.split('\n').map(|line| line.trim_end().to_owned()));
    lines.push(fence);
    lines
}

fn table(alignments: &[Alignment], rows: &[Vec<String>]) -> Vec<String> {
    let row = |cells: &[String]| {
        let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
        format!("| {} |", cells.join(" | "))
    };
    let columns = rows.first().map_or(0, Vec::len);
    let rules = (0..columns).map(|column| match alignments.get(column) {
        Some(Alignment::Left) => ":--",
        Some(Alignment::Center) => ":-:",
        Some(Alignment::Right) => "--:",
        Some(Alignment::None) | None => "---",
    });
    let rules = format!("|{}|", rules.collect::<Vec<_>>().join("|"));
    let mut rows = rows.iter().map(|cells| row(cells));
    let head = rows.next();
    head.into_iter().chain([rules]).chain(rows).collect()
}

/// Puts headings below those that rendered documentation has of its own.
pub(super) fn sink_headings(blocks: &mut [Block]) {
    if has_top_heading(blocks) {
        deepen(blocks);
    }
}

fn has_top_heading(blocks: &[Block]) -> bool {
    blocks.iter().any(|block| match block {
        Block::Heading(level, _) => *level == 1,
        Block::Quote(blocks) => has_top_heading(blocks),
        Block::List { items, .. } => items.iter().any(|item| has_top_heading(item)),
        _ => false,
    })
}

fn deepen(blocks: &mut [Block]) {
    for block in blocks {
        match block {
            Block::Heading(level, _) => *level = (*level + 1).min(6),
            Block::Quote(blocks) => deepen(blocks),
            Block::List { items, .. } => items.iter_mut().for_each(|item| deepen(item)),
            _ => {}
        }
    }
}

/// Blocks in one line: what stood in lines of its own is parted by spaces.
pub(super) fn in_one_line(blocks: &[Block]) -> String {
    let mut parts = Vec::new();
    for block in blocks {
        let part = match block {
            Block::Paragraph(text) | Block::Heading(_, text) => text.clone(),
            Block::Code { text, .. } => {
                let words: Vec<&str> = text.split_whitespace().collect();
                match words.is_empty() {
                    true => String::new(),
                    false => code_span(&words.join(" ")),
                }
            }
            Block::Quote(blocks) => in_one_line(blocks),
            Block::List { start, items, .. } => {
                let mut number = *start;
                let items = items.iter().map(|item| {
                    let mark = number.map_or("-".to_owned(), |number| format!("{number}."));
                    number = number.map(|number| number.saturating_add(1));
                    format!("{mark} {}", in_one_line(item))
                });
                items.collect::<Vec<_>>().join(" ")
            }
            Block::Table { rows, .. } => {
                let rows = rows.iter().map(|cells| cells.join(" \\| "));
                rows.collect::<Vec<_>>().join(" ")
            }
            Block::Rule => String::new(),
        };
        parts.push(part);
    }
    parts.retain(|part| !part.is_empty());
    beginning_no_block(&parts.join(" "))
}
