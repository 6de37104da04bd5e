//! Files to documents: YAML or JSON text to one tree with string keys.

use std::{
    cell::RefCell,
    fmt,
    path::{Path, PathBuf},
};

use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use crate::{
    diagnostics::{Code, Diagnostic, Place, Sink},
    locate,
    pointer::Pointer,
};

/// A description as a tree, with the text it came from.
#[derive(Debug)]
pub struct Document {
    /// The file.
    pub path: PathBuf,
    /// Its text, for the positions in diagnostics.
    pub text: String,
    /// The tree. All keys are strings: YAML's `200:` is `"200"`.
    pub root: Value,
}

impl Document {
    /// The places of nodes, with their lines where the text tells.
    pub fn places(&self, pointers: &[Pointer]) -> Vec<Place> {
        let positions = locate::find_all(&self.text, pointers);
        let place = |(pointer, at): (&Pointer, Option<locate::Position>)| Place {
            file: self.path.display().to_string(),
            pointer: Some(pointer.to_string()),
            line: at.map(|(line, _)| line),
            column: at.map(|(_, column)| column),
        };
        pointers.iter().zip(positions).map(place).collect()
    }
}

/// Reads a description. `None` means that what is wrong is in the sink.
pub fn load(path: &Path, sink: &mut Sink) -> Option<Document> {
    let file = path.display().to_string();
    match std::fs::read_to_string(path) {
        Ok(text) => parse(path, text, sink),
        Err(error) => {
            let message = format!("cannot read the description: {error}");
            let help = match error.kind() {
                std::io::ErrorKind::NotFound => "check the path given with --spec",
                std::io::ErrorKind::InvalidData => "save the file as UTF-8",
                _ => "check that the file is readable",
            };
            sink.push(
                Diagnostic::new(Code::FileNotRead, message)
                    .in_file(file)
                    .help(help),
            );
            None
        }
    }
}

/// Reads a description from a text that is already in memory; `path` only names it, and by its
/// ending tells JSON from YAML.
pub fn parse(path: &Path, text: String, sink: &mut Sink) -> Option<Document> {
    let file = path.display().to_string();
    let text = match text.strip_prefix('\u{feff}') {
        Some(rest) => rest.to_owned(),
        None => text,
    };
    let tree = Tree::default();
    let is_json = path
        .extension()
        .is_some_and(|ending| ending.eq_ignore_ascii_case("json"));
    let parsed = if is_json {
        let mut deserializer = serde_json::Deserializer::from_str(&text);
        tree.deserialize(&mut deserializer)
            .and_then(|root| deserializer.end().map(|()| root))
            .map_err(|error| {
                let message = strip_position(&error.to_string());
                (message, Some((error.line(), error.column())))
            })
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
            let document = Document {
                path: path.to_owned(),
                text,
                root,
            };
            for pointer in tree.duplicates.into_inner() {
                let key = pointer.tokens().next_back().unwrap_or_default();
                let message = format!("the key `{key}` stands twice in one mapping");
                sink.at(
                    &pointer,
                    Diagnostic::new(Code::DuplicateKey, message)
                        .help("merge the two entries or remove one; the place is that of the last"),
                );
            }
            for (pointer, what) in tree.odd_keys.into_inner() {
                if !is_json {
                    sink.at(&pointer, odd_key(&pointer, what));
                }
            }
            Some(document)
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

/// Takes the position out of a parser's message, which is reported apart, and says in plain words
/// what the parsers say in theirs.
fn strip_position(message: &str) -> String {
    if message.starts_with("repetition limit") {
        return "aliases expand to too much".to_owned();
    }
    if message.starts_with("recursion limit") {
        return "nested too deeply".to_owned();
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

fn odd_key(pointer: &Pointer, kind: OddKey) -> Diagnostic {
    let key = pointer.tokens().next_back().unwrap_or_default();
    match kind {
        OddKey::Merge => {
            let message = "the merge key `<<` is not supported yet";
            Diagnostic::new(Code::Unsupported, message).help("write the members out")
        }
        OddKey::NotText => {
            let message = format!("a key is read as the value {key}, so its spelling is lost");
            Diagnostic::new(Code::Syntax, message).help("write the key in quotes")
        }
    }
}

/// What may be wrong with a key in YAML.
#[derive(Clone, Copy, PartialEq, Eq)]
enum OddKey {
    Merge,
    NotText,
}

/// Builds the tree and notes keys that stand twice, which neither parser does.
#[derive(Default)]
struct Tree {
    at: RefCell<Pointer>,
    duplicates: RefCell<Vec<Pointer>>,
    odd_keys: RefCell<Vec<(Pointer, OddKey)>>,
}

impl Tree {
    fn within<T>(&self, token: String, read: impl FnOnce() -> T) -> T {
        self.at.borrow_mut().push(token);
        let value = read();
        self.at.borrow_mut().pop();
        value
    }
}

impl<'de> DeserializeSeed<'de> for &Tree {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for &Tree {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a mapping, a sequence or a scalar without a tag")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        self.deserialize(deserializer)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i128<E: de::Error>(self, value: i128) -> Result<Value, E> {
        self.visit_f64(value as f64)
    }

    fn visit_u128<E: de::Error>(self, value: u128) -> Result<Value, E> {
        self.visit_f64(value as f64)
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value)
            .map(Value::Number)
            .ok_or_else(|| E::custom("a number that is not finite"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(value) =
            self.within(values.len().to_string(), || access.next_element_seed(self))?
        {
            values.push(value);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut members = Map::new();
        while let Some(Key(key, is_text)) = access.next_key()? {
            let odd = match key.as_str() {
                "<<" => Some(OddKey::Merge),
                _ if !is_text => Some(OddKey::NotText),
                _ => None,
            };
            if let Some(odd) = odd {
                let at = self.at.borrow().join(key.as_str());
                self.odd_keys.borrow_mut().push((at, odd));
            }
            let value = self.within(key.clone(), || access.next_value_seed(self))?;
            if members.contains_key(&key) {
                let at = self.at.borrow().join(key.as_str());
                self.duplicates.borrow_mut().push(at);
            }
            members.insert(key, value);
        }
        Ok(Value::Object(members))
    }
}

/// A key of any scalar type, as text; the flag says that it was written as one, or as a whole
/// number, such as a status.
struct Key(String, bool);

impl<'de> de::Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct KeyVisitor;

        macro_rules! displayed {
            ($($method:ident($type:ty) $is_text:literal)*) => {$(
                fn $method<E>(self, value: $type) -> Result<Key, E> {
                    Ok(Key(value.to_string(), $is_text))
                }
            )*};
        }

        impl Visitor<'_> for KeyVisitor {
            type Value = Key;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a scalar as key")
            }

            displayed! {
                visit_bool(bool) false
                visit_i64(i64) true
                visit_u64(u64) true
                visit_f64(f64) false
                visit_str(&str) true
            }

            fn visit_unit<E>(self) -> Result<Key, E> {
                Ok(Key("null".to_owned(), false))
            }
        }

        deserializer.deserialize_any(KeyVisitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(name: &str, text: &str) -> (Option<Document>, Vec<Diagnostic>) {
        let mut sink = Sink::default();
        let document = parse(Path::new(name), text.to_owned(), &mut sink);
        let diagnostics = sink.into_sorted(|pointers| {
            document
                .as_ref()
                .expect("a pointer needs a document")
                .places(pointers)
        });
        (document, diagnostics)
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
        assert_eq!(document.unwrap().root, expected);
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
