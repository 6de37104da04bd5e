//! Checks of everything that sdkgen renders and prints, for any document.

use std::collections::{BTreeMap, BTreeSet};

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag};

/// File contents by path relative to a folder, with `/` as separator.
pub type Files = BTreeMap<String, Vec<u8>>;

/// The faults of rendered files.
pub fn rendered(files: &Files) -> Vec<String> {
    let mut wrong = paths(files.keys().map(String::as_str));
    for (path, bytes) in files {
        // The runtime is the same for every document.
        if path.starts_with("src/runtime/") {
            continue;
        }
        let mut fault = |what: String| wrong.push(format!("{what} in {}", kind_of(path)));
        let Ok(text) = std::str::from_utf8(bytes) else {
            fault("bytes that are not UTF-8".to_owned());
            continue;
        };
        if let Some(one) = text.chars().find(|one| is_dangerous(*one)) {
            fault(raw(one));
        }
        if path.ends_with(".rs") {
            if let Err(error) = syn::parse_file(text) {
                fault(format!("text that is not Rust ({error})"));
            }
            if text.contains("fn evil") && tokens(text).contains("fn evil () { }") {
                fault("code of the description".to_owned());
            }
            let may_show_usage = path == "src/lib.rs";
            for what in documentation(text, may_show_usage) {
                fault(what);
            }
        } else if path.ends_with(".toml") {
            match text.parse::<toml::Table>() {
                Err(error) => fault(format!("text that is not TOML ({})", error.message())),
                Ok(table) => {
                    let dependencies = table.get("dependencies").and_then(toml::Value::as_table);
                    if dependencies.is_some_and(|all| all.contains_key("evil")) {
                        fault("a dependency of the description".to_owned());
                    }
                }
            }
        } else if path.ends_with(".json")
            && let Err(error) = serde_json::from_str::<serde_json::Value>(text)
        {
            fault(format!("text that is not JSON ({error})"));
        }
    }
    wrong
}

/// The name of a file in messages: the same for all files that one template renders.
fn kind_of(path: &str) -> &str {
    match path.strip_prefix("src/") {
        Some(rest) if rest.contains('/') => "rendered code",
        _ => path,
    }
}

fn tokens(text: &str) -> String {
    use quote::ToTokens;
    syn::parse_file(text).map_or_else(
        |_| String::new(),
        |file| file.into_token_stream().to_string(),
    )
}

/// Names that Windows reserves for devices, with any extension.
const DEVICES: &[&str] = &["con", "prn", "aux", "nul"];

/// The faults of the paths of rendered files.
fn paths<'a>(paths: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut seen = BTreeSet::new();
    for path in paths {
        if !seen.insert(path.to_lowercase()) {
            wrong.push(format!("two paths that differ in case alone: `{path}`"));
        }
        for step in path.split('/') {
            let stem = step.split('.').next().unwrap_or_default().to_lowercase();
            let is_port = stem.len() == 4
                && (stem.starts_with("com") || stem.starts_with("lpt"))
                && stem.ends_with(|one: char| one.is_ascii_digit());
            if DEVICES.contains(&stem.as_str()) || is_port {
                wrong.push(format!("a name that Windows reserves in a path: `{path}`"));
            }
            if step.len() > 200 || !step.chars().all(|one| one.is_ascii_graphic()) {
                wrong.push(format!(
                    "a step that file systems refuse in a path: `{path}`"
                ));
            }
        }
    }
    wrong
}

/// Whether a character must be escaped in source and output: control characters and bidirectional
/// controls.
pub fn is_dangerous(one: char) -> bool {
    (one.is_control() && one != '\n' && one != '\t')
        || matches!(one, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The faults of the documentation in Rust source.
fn documentation(source: &str, may_show_usage: bool) -> BTreeSet<String> {
    let mut wrong = BTreeSet::new();
    for text in comments(source) {
        let (mut usages, mut runs) = (0, Vec::new());
        for event in Parser::new(&text) {
            if let Event::Start(Tag::CodeBlock(kind)) = event {
                match kind {
                    CodeBlockKind::Indented => runs.push("indented".to_owned()),
                    CodeBlockKind::Fenced(info) if &*info == "no_run" => usages += 1,
                    CodeBlockKind::Fenced(info) if is_run(&info) => runs.push(format!("`{info}`")),
                    CodeBlockKind::Fenced(_) => {}
                }
            }
        }
        if usages > usize::from(may_show_usage) {
            runs.push("`no_run`".to_owned());
        }
        if !runs.is_empty() {
            wrong.insert(format!("a code block that rustdoc compiles ({})", runs[0]));
        }
        let html = Parser::new_ext(&text, Options::all())
            .any(|event| matches!(event, Event::Html(_) | Event::InlineHtml(_)));
        if html {
            wrong.insert("raw HTML in documentation".to_owned());
        }
    }
    wrong
}

/// Whether rustdoc compiles a code block with this info string: an empty one, or only known words.
fn is_run(info: &str) -> bool {
    const KNOWN: &[&str] = &[
        "rust",
        "no_run",
        "should_panic",
        "compile_fail",
        "test_harness",
        "standalone_crate",
        "standalone",
    ];
    let mut words = info
        .split([',', ' ', '\t'])
        .map(str::trim)
        .filter(|word| !word.is_empty())
        .peekable();
    let (mut has_rust, mut has_other, mut ignored) = (false, false, false);
    for word in words.by_ref() {
        ignored |= word.starts_with("ignore");
        has_rust |= KNOWN.contains(&word);
        let is_known = KNOWN.contains(&word)
            || word.starts_with("edition")
            || word.starts_with("ignore")
            || (word.starts_with('E') && word.len() == 5);
        has_other |= !is_known;
    }
    !ignored && (!has_other || has_rust)
}

/// The documentation comments of a source file, one text for each item, as rustdoc reads them.
fn comments(source: &str) -> Vec<String> {
    let mut found: Vec<(&str, Vec<String>)> = Vec::new();
    let mut open = false;
    for line in source.lines() {
        let line = line.trim_start();
        let kind = ["///", "//!"]
            .into_iter()
            .find(|kind| line.starts_with(kind));
        let comment = match kind {
            Some("///") if line.starts_with("////") => None,
            Some(kind) => Some((kind, line[3..].to_owned())),
            None => attribute(line).map(|text| ("///", text)),
        };
        match (comment, found.last_mut()) {
            (Some((kind, text)), Some((last, lines))) if open && *last == kind => lines.push(text),
            (Some((kind, text)), _) => found.push((kind, vec![text])),
            _ => {}
        }
        open = kind.is_some() || attribute(line).is_some();
    }
    found
        .into_iter()
        .map(|(_, lines)| unindent(&lines))
        .collect()
}

/// The text of a line that is a `doc` attribute with a literal.
fn attribute(line: &str) -> Option<String> {
    let literal = line.strip_prefix("#[doc = ")?.strip_suffix(']')?;
    syn::parse_str::<syn::LitStr>(literal)
        .ok()
        .map(|literal| literal.value())
}

fn unindent(lines: &[String]) -> String {
    let all: Vec<&str> = lines.iter().flat_map(|line| line.split('\n')).collect();
    let indents = all.iter().filter(|line| !line.trim().is_empty());
    let least = indents
        .map(|line| line.len() - line.trim_start_matches(' ').len())
        .min();
    let cut = |line: &&str| {
        line.get(least.unwrap_or(0)..)
            .unwrap_or_default()
            .to_owned()
    };
    all.iter().map(cut).collect::<Vec<_>>().join("\n")
}

/// A character in printed text that a terminal would interpret.
pub fn printed(text: &str) -> Option<String> {
    let one = text.chars().find(|one| is_dangerous(*one))?;
    Some(format!("{} in the output", raw(one)))
}

/// A character in printed YAML that YAML does not permit. Bidirectional controls are harmless there,
/// because programs read it.
pub fn printed_yaml(text: &str) -> Option<String> {
    let one = text
        .chars()
        .find(|one| one.is_control() && is_dangerous(*one))?;
    Some(format!("{} in the output", raw(one)))
}

/// The name of a character.
fn raw(one: char) -> String {
    let class = if one.is_control() {
        "control character"
    } else {
        "direction control"
    };
    format!("raw {class} `U+{:04X}`", u32::from(one))
}

/// The first difference of two folders: a path that one lacks, or whose bytes differ.
pub fn difference(one: &Files, other: &Files) -> Option<String> {
    let paths: BTreeSet<&String> = one.keys().chain(other.keys()).collect();
    paths
        .into_iter()
        .find(|path| one.get(*path) != other.get(*path))
        .cloned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(path: &str, text: &str) -> Vec<String> {
        rendered(&Files::from([(path.to_owned(), text.as_bytes().to_vec())]))
    }

    #[test]
    fn code_that_rustdoc_would_run_is_found() {
        for text in [
            "/// ```\n/// panic!()\n/// ```\nstruct A;",
            "/// ~~~\n/// panic!()\n/// ~~~\nstruct A;",
            "/// Text:\n///\n///     panic!()\nstruct A;",
            "/// -     panic!()\nstruct A;",
            "/// ```rust,should_panic\n/// 1\n/// ```\nstruct A;",
            "#[doc = \"```\\npanic!()\\n```\"]\nstruct A;",
            "//! ```no_run\n//! x\n//! ```\n",
        ] {
            let found = wrong("src/generated/a.rs", text);
            assert!(
                found.iter().any(|one| one.contains("rustdoc")),
                "{text}: {found:?}"
            );
        }
    }

    #[test]
    fn harmless_documentation_is_not() {
        for text in [
            "/// ```text\n/// panic!()\n/// ```\nstruct A;",
            "/// ```json ignore\n/// {}\n/// ```\nstruct A;",
            "/// A list:\n/// - one\n/// - two\n///   more `<b>`\nstruct A;",
            "//// ```\nstruct A;",
        ] {
            assert_eq!(
                wrong("src/generated/a.rs", text),
                Vec::<String>::new(),
                "{text}"
            );
        }
        assert_eq!(
            wrong("src/lib.rs", "//! ```no_run\n//! x\n//! ```\n"),
            Vec::<String>::new()
        );
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (path, text, expected) in [
            ("src/a/b.rs", "struct", "not Rust"),
            ("src/a/b.rs", "// \u{202e}\nstruct A;", "U+202E"),
            ("src/a/b.rs", "/// <b>\nstruct A;", "raw HTML"),
            ("src/a/b.rs", "fn evil() {}", "code of the description"),
            ("src/a/con/mod.rs", "", "Windows"),
            ("src/a/com1.rs", "", "Windows"),
            ("src/a/\u{e9}.rs", "", "file systems"),
            ("Cargo.toml", "a = ", "not TOML"),
            ("Cargo.toml", "[dependencies]\nevil = '1'", "a dependency"),
            ("src/a/m.json", "{", "not JSON"),
        ] {
            let found = wrong(path, text);
            assert!(
                found.iter().any(|one| one.contains(expected)),
                "{text}: {found:?}"
            );
        }
        let twice = Files::from([("a.rs".to_owned(), vec![]), ("A.rs".to_owned(), vec![])]);
        assert!(rendered(&twice)[0].contains("case"));
    }

    #[test]
    fn a_terminal_gets_no_commands() {
        assert_eq!(printed("é 日本\n\t"), None);
        assert_eq!(
            printed("a\u{1b}[31m").as_deref(),
            Some("raw control character `U+001B` in the output")
        );
    }

    #[test]
    fn folders_are_compared_both_ways() {
        let one = Files::from([("a".to_owned(), vec![1])]);
        let two = Files::from([("a".to_owned(), vec![1]), ("b".to_owned(), vec![2])]);
        assert_eq!(difference(&one, &one), None);
        assert_eq!(difference(&one, &two).as_deref(), Some("b"));
        assert_eq!(difference(&two, &one).as_deref(), Some("b"));
    }
}
