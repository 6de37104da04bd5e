//! Judges rendered text by other means than it was rendered by: what rustdoc would make of it.

use pulldown_cmark::{BrokenLink, CodeBlockKind, CowStr, Event, Options, Parser, Tag};

/// The documentation comments of Rust text, each as the Markdown that rustdoc reads.
pub(crate) fn comments(rust: &str) -> Vec<String> {
    let mut comments: Vec<(&str, String)> = Vec::new();
    let mut goes_on = false;
    for line in rust.lines() {
        let line = line.trim_start();
        let mark = ["///", "//!"]
            .into_iter()
            .find(|mark| line.starts_with(mark));
        let Some(mark) = mark else {
            goes_on = false;
            continue;
        };
        let text = &line[mark.len()..];
        let text = text.strip_prefix(' ').unwrap_or(text);
        match comments
            .last_mut()
            .filter(|(last, _)| goes_on && *last == mark)
        {
            Some((_, comment)) => {
                comment.push('\n');
                comment.push_str(text);
            }
            None => comments.push((mark, text.to_owned())),
        }
        goes_on = true;
    }
    comments.into_iter().map(|(_, comment)| comment).collect()
}

/// What rustdoc would find in a text and must not: code to run, HTML, images, links that lead nowhere
/// on the web. Code blocks that begin with `own` are ours.
pub(crate) fn faults(markdown: &str, own: Option<&str>) -> Vec<String> {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_SMART_PUNCTUATION;
    let mut faults = Vec::new();
    // Links to items have no target in the text; a name of the description must not make one.
    let mut items = |link: BrokenLink<'_>| {
        let name = link.reference.to_string();
        Some((CowStr::from(format!("item:{name}")), CowStr::from("")))
    };
    let parser = Parser::new_with_broken_link_callback(markdown, options, Some(&mut items));
    let mut runs: Option<String> = None;
    for event in parser {
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Indented)) => runs = Some("indented".into()),
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) if is_run(&info) => {
                runs = Some(format!("`{info}`"));
            }
            Event::Text(code) if runs.is_some() => {
                let is_own = own.is_some_and(|own| code.starts_with(own));
                let info = runs.take().unwrap_or_default();
                if !is_own {
                    faults.push(format!("code that is run ({info}): {code:?}"));
                }
            }
            Event::End(_) => {
                if let Some(info) = runs.take() {
                    faults.push(format!("code that is run ({info}), without text"));
                }
            }
            Event::Html(html) | Event::InlineHtml(html) => faults.push(format!("HTML: {html:?}")),
            Event::Start(Tag::Image { dest_url, .. }) => {
                faults.push(format!("an image: {dest_url}"))
            }
            Event::FootnoteReference(label) => faults.push(format!("a footnote: {label}")),
            Event::Start(Tag::Link { dest_url, .. }) if leads_astray(&dest_url) => {
                faults.push(format!("a link: {dest_url}"));
            }
            _ => {}
        }
    }
    faults
}

/// Whether rustdoc compiles code of a fence that says this. Words that mean something to it count as
/// such, even if others stand beside them.
fn is_run(info: &str) -> bool {
    let words: Vec<&str> = info
        .split([',', ' ', '\t'])
        .filter(|word| !word.is_empty())
        .collect();
    let means_something = |word: &&str| {
        let prefixes = [
            "rust",
            "no_run",
            "should_panic",
            "compile_fail",
            "ignore",
            "edition",
        ];
        let others = ["test_harness", "standalone", "custom", ".", "{", "E0"];
        let mut all = prefixes.iter().chain(&others);
        all.any(|prefix| {
            word.to_ascii_lowercase()
                .starts_with(&prefix.to_ascii_lowercase())
        })
    };
    words.is_empty() || words.iter().any(means_something)
}

/// Whether a link of a description got through that is no address of the web: a script, or a link to
/// an item that the description names.
fn leads_astray(target: &str) -> bool {
    const SCRIPTS: &[&str] = &["javascript:", "data:", "vbscript:", "file:"];
    let scheme = target.to_ascii_lowercase();
    let is_script = SCRIPTS.iter().any(|script| scheme.starts_with(script));
    is_script
        || matches!(
            target,
            "Hostile" | "item:Hostile" | "item:`Hostile`" | "Hostile::x"
        )
}

/// Characters that must not stand in a rendered file as they are.
pub(crate) fn hidden(text: &str) -> Vec<char> {
    let is_hidden = |one: &char| {
        one.is_control() && *one != '\n'
            || matches!(u32::from(*one), 0x61c | 0x200e | 0x200f | 0x2028..=0x202e | 0x2066..=0x2069 | 0xfeff)
    };
    text.chars().filter(is_hidden).collect()
}
