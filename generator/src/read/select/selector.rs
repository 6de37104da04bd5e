//! One selector, and the operations it matches.

use glob::{MatchOptions, Pattern};
use serde_json::Value;

/// A condition on operations. Names are patterns: `*` stands for any text without a slash, `**`
/// for any number of steps of a path.
#[derive(Clone, Debug)]
pub(super) enum Selector {
    Tag(Pattern),
    Path(Pattern),
    Id(Pattern),
    /// Method, in lower case, and path.
    Request(String, Pattern),
}

/// An operation as it is declared.
pub(super) struct Candidate<'a> {
    pub(super) method: &'a str,
    pub(super) path: &'a str,
    pub(super) id: Option<&'a str>,
    pub(super) tags: Vec<&'a str>,
}

impl<'a> Candidate<'a> {
    pub(super) fn new(method: &'a str, path: &'a str, operation: &'a Value) -> Self {
        let tags = operation["tags"].as_array().into_iter().flatten();
        Self {
            method,
            path,
            id: operation["operationId"].as_str(),
            tags: tags.filter_map(Value::as_str).collect(),
        }
    }
}

impl Selector {
    /// Parses a selector. The error says why it is invalid.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if let Some(tag) = text.strip_prefix("tag:") {
            return Ok(Self::Tag(pattern(tag)?));
        }
        if let Some(id) = text.strip_prefix("operation:") {
            return Ok(Self::Id(pattern(id)?));
        }
        if text.starts_with("path:") || text.starts_with('/') {
            let path = text.strip_prefix("path:").unwrap_or(text);
            return Ok(Self::Path(path_pattern(path)?));
        }
        match text.split_once(char::is_whitespace) {
            Some((method, path)) if path.trim_start().starts_with(['/', '*']) => {
                let method = method.to_ascii_lowercase();
                if super::is_method(&method) {
                    return Ok(Self::Request(method, path_pattern(path)?));
                }
                Err(format!("unknown method `{method}`"))
            }
            _ => Ok(Self::Id(pattern(text)?)),
        }
    }

    /// Whether an operation matches.
    pub(super) fn matches(&self, candidate: &Candidate<'_>) -> bool {
        match self {
            Self::Tag(name) => candidate.tags.iter().any(|tag| name.matches(tag)),
            Self::Id(name) => candidate.id.is_some_and(|id| name.matches(id)),
            Self::Path(path) => matches_path(path, candidate.path),
            Self::Request(method, path) => {
                method == candidate.method && matches_path(path, candidate.path)
            }
        }
    }
}

/// Paths are read with a slash in front, so that one is added to a pattern without.
fn path_pattern(text: &str) -> Result<Pattern, String> {
    let text = text.trim();
    match text.starts_with(|first: char| first.is_alphanumeric() || first == '{') {
        true => pattern(&format!("/{text}")),
        false => pattern(text),
    }
}

fn pattern(text: &str) -> Result<Pattern, String> {
    let text = text.trim();
    if text.is_empty() {
        return Err("it is empty".to_owned());
    }
    Pattern::new(text).map_err(|error| error.to_string())
}

/// `/users/**` matches `/users` too.
fn matches_path(pattern: &Pattern, path: &str) -> bool {
    let options = MatchOptions {
        require_literal_separator: true,
        ..MatchOptions::new()
    };
    pattern.matches_with(path, options) || pattern.as_str().strip_suffix("/**") == Some(path)
}
