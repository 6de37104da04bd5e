//! The tree of a text, whichever parser reads it.

use std::{
    cell::{Cell, OnceCell, RefCell},
    collections::HashSet,
    fmt,
};

use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value, map::Entry};

use crate::openapi::Pointer;

/// The error for YAML aliases that expand past the budget.
pub(super) const TOO_MUCH: &str = "aliases expand past the budget";

/// Maximum number of key warnings per file; a file with more has other problems.
const MOST_NOTES: usize = 10_000;

/// A problem of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Note {
    /// It occurs twice in one object.
    Duplicate,
    /// It is a merge key, and its value cannot be merged.
    Merge,
    /// It is a number that is not whole or not written in plain digits, a truth value or null.
    KeyIsNoText,
    /// Not the key but the value is odd: a number that is too large to be kept as it is.
    Rounded,
}

/// Builds the tree, and notes problems of keys, which neither parser reports.
///
/// The pointer of a note is built while returning, so that a tree without notes costs nothing.
pub(super) struct Tree<'t> {
    notes: RefCell<Vec<(Vec<Step>, Note)>>,
    budget: Cell<usize>,
    is_yaml: bool,
    text: &'t str,
    /// The values of keys that are whole numbers in another spelling, once a number is a key.
    respelt: OnceCell<HashSet<String>>,
}

enum Step {
    Key(String),
    Index(usize),
}

impl<'t> Tree<'t> {
    /// The text itself fits the budget, and aliases may repeat as much again.
    pub(super) fn new(text: &'t str, is_yaml: bool) -> Self {
        const LITTLE: usize = 2_000_000;
        Self {
            notes: RefCell::default(),
            budget: Cell::new(2 * text.len() + LITTLE),
            is_yaml,
            text,
            respelt: OnceCell::new(),
        }
    }

    /// The notes, with their pointers.
    pub(super) fn into_notes(self) -> impl Iterator<Item = (Pointer, Note)> {
        self.notes.into_inner().into_iter().map(|(steps, note)| {
            let mut pointer = Pointer::root();
            for step in steps.into_iter().rev() {
                pointer.push(match step {
                    Step::Key(key) => key,
                    Step::Index(index) => index.to_string(),
                });
            }
            (pointer, note)
        })
    }

    fn note(&self, key: &str, note: Note) {
        let mut notes = self.notes.borrow_mut();
        if notes.len() < MOST_NOTES {
            notes.push((vec![Step::Key(key.to_owned())], note));
        }
    }

    /// Notes that a value is odd.
    fn note_value(&self, note: Note) {
        let mut notes = self.notes.borrow_mut();
        if notes.len() < MOST_NOTES {
            notes.push((Vec::new(), note));
        }
    }

    /// Whether a key that is a whole number is written as one is read: not as `0x10`.
    fn is_spelt(&self, key: &str) -> bool {
        let respelt = self.respelt.get_or_init(|| respelt_keys(self.text));
        !respelt.contains(key)
    }

    fn noted(&self) -> usize {
        self.notes.borrow().len()
    }

    /// Puts a step before the places of the notes that came from below it.
    fn retrace(&self, before: usize, step: impl Fn() -> Step) {
        if self.noted() > before {
            for (steps, _) in &mut self.notes.borrow_mut()[before..] {
                steps.push(step());
            }
        }
    }

    fn spend<E: de::Error>(&self, much: usize) -> Result<(), E> {
        let left = self.budget.get().checked_sub(1 + much);
        self.budget.set(left.ok_or_else(|| E::custom(TOO_MUCH))?);
        Ok(())
    }

    /// The members with those that `<<` brings in its place, where they are not there already.
    fn merged(&self, members: Map<String, Value>) -> Map<String, Value> {
        let mut all = Map::new();
        let own: HashSet<String> = members.keys().cloned().collect();
        for (key, value) in members {
            let brought = match (key.as_str(), value) {
                ("<<", Value::Object(brought)) => vec![brought],
                ("<<", Value::Array(list)) => list
                    .into_iter()
                    .filter_map(|value| match value {
                        Value::Object(brought) => Some(brought),
                        _ => {
                            self.note("<<", Note::Merge);
                            None
                        }
                    })
                    .collect(),
                ("<<", _) => {
                    self.note("<<", Note::Merge);
                    continue;
                }
                (_, value) => {
                    all.insert(key, value);
                    continue;
                }
            };
            for (key, value) in brought.into_iter().flatten() {
                if !own.contains(&key) && !all.contains_key(&key) {
                    all.insert(key, value);
                }
            }
        }
        all
    }
}

/// The values of all keys in a text that are whole numbers in a spelling of YAML's own.
fn respelt_keys(text: &str) -> HashSet<String> {
    /// No number is longer.
    const LONGEST: usize = 140;
    let mut values = HashSet::new();
    for (colon, _) in text.match_indices(':') {
        let before = text[..colon].trim_end_matches([' ', '\t']);
        let last = before.bytes().rev().take(LONGEST);
        let length = last.take_while(|byte| !b" \t\n,{[".contains(byte)).count();
        let token = before.get(before.len() - length..).unwrap_or_default();
        let (sign, digits) = match token.strip_prefix('-') {
            Some(digits) => ("-", digits),
            None => ("", token.strip_prefix('+').unwrap_or(token)),
        };
        let radixes = [("0x", 16), ("0o", 8), ("0b", 2)];
        let value = radixes
            .iter()
            .find_map(|(prefix, radix)| {
                u128::from_str_radix(digits.strip_prefix(prefix)?, *radix).ok()
            })
            .or_else(|| digits.parse().ok().filter(|_| token.starts_with('+')));
        values.extend(value.map(|value| format!("{sign}{value}")));
    }
    values
}

impl<'de> DeserializeSeed<'de> for &Tree<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for &Tree<'_> {
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
        self.note_value(Note::Rounded);
        self.visit_f64(value as f64)
    }

    fn visit_u128<E: de::Error>(self, value: u128) -> Result<Value, E> {
        self.note_value(Note::Rounded);
        self.visit_f64(value as f64)
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value)
            .map(Value::Number)
            .ok_or_else(|| E::custom("a number that is not finite"))
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<Value, E> {
        self.spend(value.len() / 2)?;
        Ok(value.into())
    }

    fn visit_string<E: de::Error>(self, value: String) -> Result<Value, E> {
        self.spend(value.len() / 2)?;
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        loop {
            self.spend(0)?;
            let before = self.noted();
            let Some(value) = access.next_element_seed(self)? else {
                return Ok(Value::Array(values));
            };
            self.retrace(before, || Step::Index(values.len()));
            values.push(value);
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut members = Map::new();
        while let Some(Key(key, spelling)) = access.next_key()? {
            self.spend(key.len() / 2)?;
            let is_text = match spelling {
                Spelling::Kept => true,
                Spelling::Number => self.is_spelt(&key),
                Spelling::Lost => false,
            };
            if !is_text {
                self.note(&key, Note::KeyIsNoText);
            }
            let before = self.noted();
            let value = access.next_value_seed(self)?;
            self.retrace(before, || Step::Key(key.clone()));
            match members.entry(key) {
                Entry::Vacant(entry) => {
                    entry.insert(value);
                }
                Entry::Occupied(mut entry) => {
                    self.note(entry.key(), Note::Duplicate);
                    entry.insert(value);
                }
            }
        }
        if self.is_yaml && members.contains_key("<<") {
            members = self.merged(members);
        }
        Ok(Value::Object(members))
    }
}

/// A key of any scalar type, as text.
struct Key(String, Spelling);

/// Whether a key is the text that was written.
#[derive(Clone, Copy)]
enum Spelling {
    Kept,
    /// If it was written in plain digits, as a status is.
    Number,
    Lost,
}

impl<'de> de::Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct KeyVisitor;

        macro_rules! displayed {
            ($($method:ident($type:ty) $spelling:ident)*) => {$(
                fn $method<E>(self, value: $type) -> Result<Key, E> {
                    Ok(Key(value.to_string(), Spelling::$spelling))
                }
            )*};
        }

        impl Visitor<'_> for KeyVisitor {
            type Value = Key;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a scalar as key")
            }

            displayed! {
                visit_bool(bool) Lost
                visit_i64(i64) Number
                visit_u64(u64) Number
                visit_i128(i128) Number
                visit_u128(u128) Number
                visit_f64(f64) Lost
                visit_str(&str) Kept
            }

            fn visit_unit<E>(self) -> Result<Key, E> {
                Ok(Key("null".to_owned(), Spelling::Lost))
            }
        }

        deserializer.deserialize_any(KeyVisitor)
    }
}
