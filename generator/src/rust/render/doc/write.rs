//! Writes blocks as lines of Markdown.

use pulldown_cmark::Alignment;

use super::{
    inline::{beginning_no_block, code_span},
    read::Block,
    wrap::wrap,
};

/// Minimum width to which text in lists and quotes is wrapped.
const MIN_WIDTH: usize = 40;

/// Writes blocks, separated by blank lines. Prose is wrapped to the width; code and tables are not.
pub(super) fn lines(blocks: &[Block], width: usize) -> Vec<String> {
    all_lines(blocks, width, Gaps::Everywhere)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Gaps {
    Everywhere,
    /// Only between blocks that would be parsed as one otherwise.
    Needed,
}

fn all_lines(blocks: &[Block], width: usize, gaps: Gaps) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    // Adjacent lists need different marks, or they would be parsed as one.
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

/// Whether the next block ends this one without a blank line.
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
        // `***` and `---` could be read as a list item or as the underline of a heading.
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
        // Numbers of list items have at most nine digits.
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
    width.saturating_sub(by).max(MIN_WIDTH)
}

fn prefixed(prefix: &str, line: &str) -> String {
    let whole = format!("{prefix}{line}");
    whole.trim_end_matches(' ').to_owned()
}

/// Writes a fenced code block. The fence is longer than any run of backticks in the text.
fn code(language: &str, text: &str) -> Vec<String> {
    let longest = text
        .split(|one| one != '`')
        .map(str::len)
        .max()
        .unwrap_or(0);
    let fence = "`".repeat((longest + 1).max(3));
    let mut lines = vec![format!("{fence}{language}")];
    let text = text.strip_suffix('\n').unwrap_or(text);
    // Clippy refuses tabs in documentation comments.
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

/// Lowers headings by one level if one of them is on the level of sdkgen's own headings.
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

/// Writes blocks in one line, separated by spaces.
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
