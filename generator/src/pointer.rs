//! Places in a description.

use std::fmt;

/// A JSON Pointer (RFC 6901), kept as its unescaped tokens: into the description as it was
/// normalized, or into one of the files it was read from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Pointer {
    source: Option<usize>,
    tokens: Vec<String>,
}

impl Pointer {
    /// The whole description.
    pub fn root() -> Self {
        Self::default()
    }

    /// The whole of one of the files, counted from 0.
    pub(crate) fn of_source(source: usize) -> Self {
        Self {
            source: Some(source),
            tokens: Vec::new(),
        }
    }

    /// The file it leads into; `None` for the normalized description.
    pub(crate) fn source(&self) -> Option<usize> {
        self.source
    }

    /// The same steps in one of the files.
    pub(crate) fn in_source(mut self, source: usize) -> Self {
        self.source = Some(source);
        self
    }

    /// Reads the part of a `$ref` after its `#`; `None` if it is no JSON Pointer.
    pub fn parse(text: &str) -> Option<Self> {
        if text.is_empty() {
            return Some(Self::root());
        }
        let tokens = text.strip_prefix('/')?.split('/');
        Some(Self {
            source: None,
            tokens: tokens
                .map(|token| token.replace("~1", "/").replace("~0", "~"))
                .collect(),
        })
    }

    /// The pointer one step further.
    #[must_use]
    pub fn join(&self, token: impl Into<String>) -> Self {
        let mut joined = self.clone();
        joined.tokens.push(token.into());
        joined
    }

    /// The pointer several steps further.
    #[must_use]
    pub fn join_all<'a>(&self, tokens: impl IntoIterator<Item = &'a str>) -> Self {
        let mut joined = self.clone();
        joined.tokens.extend(tokens.into_iter().map(str::to_owned));
        joined
    }

    /// The unescaped steps.
    pub fn tokens(&self) -> impl ExactSizeIterator<Item = &str> + DoubleEndedIterator {
        self.tokens.iter().map(String::as_str)
    }

    /// The pointer one step back; `None` at the root.
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        let (_, rest) = self.tokens.split_last()?;
        Some(Self {
            source: self.source,
            tokens: rest.to_vec(),
        })
    }

    pub(crate) fn push(&mut self, token: String) {
        self.tokens.push(token);
    }

    pub(crate) fn pop(&mut self) -> Option<String> {
        self.tokens.pop()
    }
}

impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("#")?;
        for token in &self.tokens {
            write!(f, "/{}", token.replace('~', "~0").replace('/', "~1"))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_escaped_and_unescaped() {
        let pointer = Pointer::root()
            .join("paths")
            .join("/users/{id}~x")
            .join("get");
        assert_eq!(pointer.to_string(), "#/paths/~1users~1{id}~0x/get");
        let text = pointer.to_string();
        assert_eq!(Pointer::parse(&text[1..]), Some(pointer));
    }

    #[test]
    fn what_does_not_start_with_a_slash_is_no_pointer() {
        assert_eq!(Pointer::parse("User"), None);
        assert_eq!(Pointer::parse(""), Some(Pointer::root()));
    }
}
