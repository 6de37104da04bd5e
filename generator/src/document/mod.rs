//! Files to documents: YAML or JSON text to one tree with string keys.

mod depth;
mod files;
mod input;
pub(crate) mod locate;
#[cfg(feature = "overlays")]
pub(crate) mod overlay;
#[cfg(not(feature = "overlays"))]
#[path = "no_overlays.rs"]
pub(crate) mod overlay;
mod sources;
mod tree;

use std::path::{Path, PathBuf};

use serde::de::DeserializeSeed;
use serde_json::Value;

pub(crate) use files::{Attempt, Files};
pub(crate) use input::read_text;
pub(crate) use sources::Sources;
use tree::{Note, Tree};

use crate::{
    diagnostics::{Code, Diagnostic, Sink},
    openapi::Pointer,
};

/// A file as a tree, with the text it came from.
#[derive(Clone, Debug)]
pub(crate) struct Document {
    /// The file.
    pub path: PathBuf,
    /// Its text, for the positions in diagnostics.
    pub text: String,
    /// The tree. All keys are strings: YAML's `200:` is `"200"`.
    pub root: Value,
}

/// Reads a description; `None` if that failed, which is reported.
pub(crate) fn load(path: &Path, sink: &mut Sink) -> Option<Document> {
    match read(path, true) {
        Ok(text) => parse(path, text, sink),
        Err(diagnostic) => {
            sink.push(diagnostic);
            None
        }
    }
}

/// Reads an overlay; `None` if that failed, which is reported.
pub(crate) fn load_overlay(path: &Path, sink: &mut Sink) -> Option<Document> {
    let text = read(path, true).map_err(|error| {
        let message = error.message.replace("the description", "the overlay");
        let file = path.display().to_string();
        sink.push(Diagnostic::new(Code::FileNotRead, message).in_file(file));
    });
    // Problems of its keys have no pointer in the description, so that they are reported by file.
    let mut own = Sink::default();
    let document = parse_source(path, text.ok()?, 0, &mut own);
    let sources = crate::document::Sources::new(vec![Document {
        path: path.to_owned(),
        text: document
            .as_ref()
            .map_or_else(String::new, |document| document.text.clone()),
        root: Value::Null,
    }]);
    for diagnostic in own.into_sorted(|pointers| sources.places(pointers)) {
        sink.push(diagnostic);
    }
    document
}

/// Parses a description that is already in memory; `path` only names it. Texts named `.json`, and those
/// that are JSON, are parsed as JSON, all others as YAML.
pub(crate) fn parse(path: &Path, text: String, sink: &mut Sink) -> Option<Document> {
    parse_source(path, text, 0, sink)
}

/// The text of a file, which the caller names or the description.
fn read(path: &Path, is_named_by_caller: bool) -> Result<String, Diagnostic> {
    read_text(path, is_named_by_caller).map_err(|error| {
        let message = format!("cannot read the description: {error}");
        let help = match error.kind() {
            std::io::ErrorKind::NotFound => "check the path given with --spec",
            std::io::ErrorKind::InvalidData => "save the file as UTF-8",
            std::io::ErrorKind::InvalidInput => {
                "name a regular file; save the output of a pipe to one first"
            }
            _ => "check that the file is readable",
        };
        Diagnostic::new(Code::FileNotRead, message)
            .in_file(path.display().to_string())
            .help(help)
    })
}

/// Reads the text of the file that is `source` among those of the description.
pub(crate) fn parse_source(
    path: &Path,
    text: String,
    source: usize,
    sink: &mut Sink,
) -> Option<Document> {
    let file = path.display().to_string();
    let text = match text.strip_prefix('\u{feff}') {
        Some(rest) => rest.to_owned(),
        None => text,
    };
    let is_json = is_json(path, &text);
    let tree = Tree::new(&text, !is_json);
    let parsed = if is_json {
        let mut deserializer = serde_json::Deserializer::from_str(&text);
        tree.deserialize(&mut deserializer)
            .and_then(|root| deserializer.end().map(|()| root))
            .map_err(|error| {
                let message = strip_position(&error.to_string());
                (message, Some((error.line(), error.column())))
            })
    } else if let Some(at) = depth::too_deep(&text) {
        Err((TOO_DEEP.to_owned(), Some(at)))
    } else {
        tree.deserialize(serde_yaml::Deserializer::from_str(&text))
            .map_err(|error| {
                let at = error.location().map(|at| (at.line(), at.column()));
                (strip_position(&error.to_string()), at)
            })
    };
    match parsed {
        Ok(Value::Null) => {
            let help = "a description starts with `openapi: 3.0.x`";
            sink.push(
                Diagnostic::new(Code::Syntax, "the file is empty")
                    .in_file(file)
                    .help(help),
            );
            None
        }
        Ok(root) => {
            for (pointer, note) in tree.into_notes() {
                let pointer = pointer.in_source(source);
                sink.at(&pointer, key_diagnostic(&pointer, note));
            }
            Some(Document {
                path: path.to_owned(),
                text,
                root,
            })
        }
        Err((message, at)) => {
            let kind = if is_json { "JSON" } else { "YAML" };
            let mut diagnostic =
                Diagnostic::new(Code::Syntax, format!("not valid {kind}: {message}")).in_file(file);
            if let Some((line, column)) = at {
                diagnostic = diagnostic.at_line(line, column);
            }
            sink.push(diagnostic);
            None
        }
    }
}

/// Whether a text is read as JSON and not as YAML: because of its name, or because it is JSON, of which
/// YAML allows nearly all but not all.
pub(crate) fn is_json(path: &Path, text: &str) -> bool {
    let is_named = path
        .extension()
        .is_some_and(|ending| ending.eq_ignore_ascii_case("json"));
    is_named
        || text.trim_start().starts_with('{')
            && serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok()
}

const TOO_DEEP: &str = "nested too deeply";

/// Removes the position from a parser's message, because it is reported separately, and replaces the
/// parsers' terms by plain words.
fn strip_position(message: &str) -> String {
    if message.starts_with("repetition limit") {
        return tree::TOO_MUCH.to_owned();
    }
    if message.starts_with("recursion limit") {
        return TOO_DEEP.to_owned();
    }
    let message = match message.split_once(" at line ") {
        Some((before, after)) => {
            let digits = |text: &str| {
                text.find(|c: char| !c.is_ascii_digit())
                    .unwrap_or(text.len())
            };
            let after = &after[digits(after)..];
            let after = after.strip_prefix(" column ").unwrap_or(after);
            format!("{before}{}", &after[digits(after)..])
        }
        None => message.to_owned(),
    };
    message.replace("invalid type: enum", "a tag such as `!include`")
}

fn key_diagnostic(pointer: &Pointer, note: Note) -> Diagnostic {
    let key = pointer.tokens().next_back().unwrap_or_default();
    match note {
        Note::Duplicate => {
            let message = format!("duplicate key `{key}`; the last entry is used");
            Diagnostic::new(Code::DuplicateKey, message)
                .help("merge the two entries or remove one; the position is that of the last")
        }
        Note::Merge => {
            let message = "the merge key `<<` has no mapping to merge; it is ignored";
            Diagnostic::new(Code::WrongShape, message)
        }
        Note::KeyIsNoText => {
            let message =
                format!("the unquoted key is read as the value {key}; its spelling is lost");
            Diagnostic::new(Code::NotText, message).help("write the key in quotes")
        }
        Note::Rounded => {
            let message = "the number does not fit into 64 bits; it is rounded";
            Diagnostic::new(Code::ValueMisfit, message).help("write it in quotes if it is a string")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Sources;

    fn read(name: &str, text: &str) -> (Option<Value>, Vec<Diagnostic>) {
        let mut sink = Sink::default();
        let document = parse(Path::new(name), text.to_owned(), &mut sink);
        let root = document.as_ref().map(|document| document.root.clone());
        let sources = Sources::new(document.into_iter().collect());
        (root, sink.into_sorted(|pointers| sources.places(pointers)))
    }

    #[test]
    fn merge_keys_are_applied() {
        let text = "base: &base {a: 1, b: 2}\nx:\n  b: 3\n  <<: *base\n  c: 4\ny:\n  <<: [*base, {d: 5}]\n";
        let (root, diagnostics) = read("a.yaml", text);
        assert_eq!(diagnostics, []);
        let root = root.unwrap();
        assert_eq!(root["x"].to_string(), r#"{"b":3,"a":1,"c":4}"#);
        assert_eq!(root["y"].to_string(), r#"{"a":1,"b":2,"d":5}"#);
    }

    #[test]
    fn what_is_too_deep_or_too_much_is_refused_at_once() {
        let deep = 100_000;
        let nested = |open: &str, close: &str| open.repeat(deep) + &close.repeat(deep);
        let aliases = "*a, ".repeat(10_000);
        let much = format!("a: &a [{}]\nb: [{aliases}]\n", "x, ".repeat(10_000));
        let began = std::time::Instant::now();
        for (name, text) in [
            ("a.json", nested("[", "]")),
            ("a.json", nested("{\"a\":", "}")),
            ("a.yaml", nested("[", "]")),
            ("a.yaml", nested("{a: ", "}")),
            ("a.yaml", nested("- ", "")),
            ("a.yaml", nested("? ", "")),
            ("a.yaml", much),
        ] {
            let (root, diagnostics) = read(name, &text);
            assert!(root.is_none());
            assert_eq!(diagnostics[0].code, Code::Syntax);
        }
        // Hours if it were read to the end; the machine may be busy.
        assert!(began.elapsed().as_secs() < 120, "{:?}", began.elapsed());
    }

    #[test]
    fn yaml_keys_become_strings() {
        let (document, diagnostics) = read(
            "a.yaml",
            "responses:
  200: {}
  true: 1
  1.10: 2
",
        );
        let expected = serde_json::json!({"responses": {"200": {}, "true": 1, "1.1": 2}});
        assert_eq!(document.unwrap(), expected);
        let odd: Vec<_> = diagnostics
            .iter()
            .map(|d| d.place.as_ref().unwrap().line)
            .collect();
        assert_eq!(
            odd,
            [Some(1), Some(3)],
            "keys whose spelling is lost are reported"
        );
    }

    #[test]
    fn numbers_keep_their_spelling_or_it_is_said() {
        let (root, diagnostics) = read(
            "a.yaml",
            "a: {0x10: 1, 17: 2, +5: 3, 1: 4}\nb: 99999999999999999999\n99999999999999999999: 5\n",
        );
        let wanted = serde_json::json!({"a": {"16": 1, "17": 2, "5": 3, "1": 4}, "b": 1e20, "99999999999999999999": 5});
        assert_eq!(root.unwrap(), wanted);
        let places: Vec<_> = diagnostics
            .iter()
            .map(|said| (said.code, said.place.as_ref().unwrap().pointer.as_deref()))
            .collect();
        let wanted = [
            (Code::NotText, Some("#/a/16")),
            (Code::NotText, Some("#/a/5")),
            (Code::ValueMisfit, Some("#/b")),
        ];
        assert_eq!(places, wanted);
    }

    #[test]
    fn json_is_json_whatever_the_file_is_called() {
        let text = "{\"a\": {\"b\": \"\\ud83d\\ude00\",\n\t\"b\": 1}}";
        for name in ["a.yaml", "a", "a.json"] {
            let (root, diagnostics) = read(name, text);
            assert_eq!(root, Some(serde_json::json!({"a": {"b": 1}})), "{name}");
            let place = diagnostics[0].place.as_ref().unwrap();
            assert_eq!((place.line, place.column), (Some(2), Some(2)), "{name}");
        }
        assert!(read("a.yaml", "{a: 1}").0.is_some());
    }

    #[test]
    fn a_key_that_stands_twice_is_reported_in_both_syntaxes() {
        for (name, text) in [
            ("a.yaml", "a:\n  b: 1\n  b: 2\n"),
            ("a.json", "{\"a\":{\"b\":1,\n\"b\":2}}"),
        ] {
            let (_, diagnostics) = read(name, text);
            assert_eq!(diagnostics.len(), 1, "{name}");
            assert_eq!(diagnostics[0].code, Code::DuplicateKey);
            let place = diagnostics[0].place.as_ref().unwrap();
            assert_eq!(place.pointer.as_deref(), Some("#/a/b"));
        }
    }

    #[test]
    fn broken_text_is_reported_with_its_line() {
        for (name, text) in [("a.yaml", "a: 1\nb: [\n"), ("a.json", "{\n \"a\": }")] {
            let (document, diagnostics) = read(name, text);
            assert!(document.is_none());
            assert_eq!(diagnostics[0].code, Code::Syntax);
            assert!(
                diagnostics[0]
                    .place
                    .as_ref()
                    .unwrap()
                    .line
                    .is_some_and(|line| line >= 2)
            );
            assert!(
                !diagnostics[0].message.contains("at line"),
                "{}",
                diagnostics[0].message
            );
        }
    }

    #[test]
    fn nothing_but_one_json_value_is_json() {
        let (document, diagnostics) = read("a.json", "{} {}");
        assert!(document.is_none() && diagnostics[0].code == Code::Syntax);
    }
}
