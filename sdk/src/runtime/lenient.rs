//! Decodes responses whose optional fields have values that do not fit.
//!
//! A response is decoded strictly first, which costs nothing more. If that fails, it is decoded once more:
//! the text of each optional field is read by itself, and a field whose value does not fit is left out. Its
//! JSON goes to [`Extra`](super::Extra), from where it is sent back unchanged.

use std::{cell::RefCell, fmt};

use serde::de::DeserializeOwned;

use super::{decode_failure::redacted, json_path, printable::Printable, whole};

/// An optional field of a response whose value did not fit, so that it was left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    path: String,
    reason: String,
}

impl Mismatch {
    /// The JSON path of the value, such as `$.entities[3].dateCreated`.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Why the value does not fit, without the value, which can be a secret.
    pub fn reason(&self) -> &str {
        &self.reason
    }
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path, Printable(&self.reason))
    }
}

thread_local! {
    static STATE: RefCell<State> = const { RefCell::new(State::new()) };
}

/// The state of the decoding on this thread.
struct State {
    /// Whether values that do not fit are left out; otherwise only empty texts are.
    keeps: bool,
    /// Whether this is the second attempt, and it is not suspended.
    is_second: bool,
    /// Whether anything was left out, be it only an empty text.
    has_left_out: bool,
    /// Where the values of the text start in memory, with the reasons.
    found: Vec<(usize, String)>,
    /// Where the value that cannot be left out is in memory, and why it does not fit.
    failed: Option<(usize, String)>,
    mismatches: Vec<Mismatch>,
}

impl State {
    const fn new() -> Self {
        Self {
            keeps: false,
            is_second: false,
            has_left_out: false,
            found: Vec::new(),
            failed: None,
            mismatches: Vec::new(),
        }
    }
}

fn with<R>(change: impl FnOnce(&mut State) -> R) -> R {
    STATE.with_borrow_mut(change)
}

/// Puts the state back when it is dropped, also while a panic unwinds.
struct Reset;

impl Drop for Reset {
    fn drop(&mut self) {
        with(|state| *state = State::new());
    }
}

/// Runs a decoder, and returns what was left out besides. `keeps` says whether anything but empty texts is.
pub(super) fn during<R>(keeps: bool, decode: impl FnOnce() -> R) -> (R, Vec<Mismatch>) {
    let _reset = Reset;
    with(|state| state.keeps = keeps);
    let result = decode();
    (result, with(|state| std::mem::take(&mut state.mismatches)))
}

/// Decodes a JSON text, leniently if that is needed and permitted.
///
/// # Errors
/// The text is not JSON of the type, even without the fields that may be left out.
pub(super) fn from_slice<T: DeserializeOwned>(json: &[u8]) -> Result<T, serde_json::Error> {
    let first = match whole::from_slice(json) {
        Ok(value) => return Ok(value),
        Err(error) => error,
    };
    // What is cut off or no JSON at all is so in the second attempt, too.
    if !first.is_data() {
        return Err(first);
    }
    let _end = Second::begin();
    let second = whole::from_slice(json);
    with(|state| {
        let found = std::mem::take(&mut state.found);
        let start = json.as_ptr() as usize;
        let path_to = |at: usize| match at.checked_sub(start).filter(|at| *at <= json.len()) {
            Some(at) => json_path::path_to(json, at),
            None => "$".to_owned(),
        };
        match (second, state.failed.take()) {
            // It stumbled over the same value, and knows less of its place.
            (Err(_), _) if !state.has_left_out => Err(first),
            (Err(_), Some((at, message))) => Err(json_path::error_at(&path_to(at), &message)),
            (Err(error), None) => Err(error),
            (Ok(value), _) => {
                let mismatches = found.into_iter().map(|(at, reason)| Mismatch {
                    path: path_to(at),
                    reason,
                });
                state.mismatches.extend(mismatches);
                Ok(value)
            }
        }
    })
}

/// The second attempt, until it is dropped.
struct Second;

impl Second {
    fn begin() -> Self {
        with(|state| {
            state.is_second = true;
            state.has_left_out = false;
            state.found.clear();
            state.failed = None;
        });
        Self
    }
}

impl Drop for Second {
    fn drop(&mut self) {
        with(|state| state.is_second = false);
    }
}

/// Whether optional fields are read by themselves.
pub(super) fn is_second() -> bool {
    with(|state| state.is_second)
}

/// Reads something strictly within a lenient attempt.
pub(super) fn strictly<R>(read: impl FnOnce() -> R) -> R {
    let was = with(|state| std::mem::replace(&mut state.is_second, false));
    let result = read();
    with(|state| state.is_second = was);
    result
}

/// How many values were left out so far.
pub(super) fn count() -> usize {
    with(|state| state.found.len())
}

/// Decides about a value that does not fit an optional field: whether it is left out. Forgets what was left
/// out of it, which are those after the first `before`.
pub(super) fn forgive(json: &str, error: &serde_json::Error, before: usize) -> bool {
    with(|state| {
        state.found.truncate(before);
        let start = json.as_ptr() as usize;
        // An empty text says that there is no value.
        let is_empty = json == "\"\"";
        state.has_left_out |= is_empty || state.keeps;
        if is_empty {
            return true;
        }
        let (_, message) = json_path::of_error(json.as_bytes(), error);
        if state.keeps {
            state.failed = None;
            state.found.push((start, redacted(message)));
        } else {
            // The innermost value is met first.
            let at = start + json_path::offset_of(json.as_bytes(), error.line(), error.column());
            state.failed.get_or_insert((at, message));
        }
        state.keeps
    })
}

#[cfg(test)]
mod tests;
