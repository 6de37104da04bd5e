//! Places in a description.

use std::fmt;

/// A JSON Pointer (RFC 6901) into a description, kept as its unescaped tokens.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Pointer(Vec<String>);

impl Pointer {
    /// The whole document.
    pub fn root() -> Self {
        Self::default()
    }

    /// Reads the part of a `$ref` after its `#`; `None` if it is no JSON Pointer.
    pub fn parse(text: &str) -> Option<Self> {
        if text.is_empty() {
            return Some(Self::root());
        }
        let tokens = text.strip_prefix('/')?.split('/');
        Some(Self(
            tokens
                .map(|token| token.replace("~1", "/").replace("~0", "~"))
                .collect(),
        ))
    }

    /// The pointer one step further.
    #[must_use]
    pub fn join(&self, token: impl Into<String>) -> Self {
        let mut tokens = self.0.clone();
        tokens.push(token.into());
        Self(tokens)
    }

    /// The pointer several steps further.
    #[must_use]
    pub fn join_all<'a>(&self, tokens: impl IntoIterator<Item = &'a str>) -> Self {
        let mut joined = self.clone();
        joined.0.extend(tokens.into_iter().map(str::to_owned));
        joined
    }

    /// The unescaped steps.
    pub fn tokens(&self) -> impl ExactSizeIterator<Item = &str> + DoubleEndedIterator {
        self.0.iter().map(String::as_str)
    }

    /// The pointer one step back; `None` at the root.
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        let (_, rest) = self.0.split_last()?;
        Some(Self(rest.to_vec()))
    }

    pub(crate) fn push(&mut self, token: String) {
        self.0.push(token);
    }

    pub(crate) fn pop(&mut self) {
        self.0.pop();
    }
}

impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("#")?;
        for token in &self.0 {
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
