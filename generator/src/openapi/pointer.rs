//! Pointers to nodes of a description.

use std::fmt;

/// A JSON Pointer (RFC 6901), kept as its unescaped tokens: into the typed description,
/// or into one of the files it was read from.
///
/// There are millions of them in a large description, and they are compared all the time: the tokens
/// are one text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Pointer {
    source: Option<usize>,
    /// Each token after a [`MARK`], the least of all characters: texts are in the order of tokens.
    text: String,
}

/// The character before each token. A token that has it itself gets the symbol for it instead.
const MARK: char = '\0';
const SYMBOL: &str = "\u{2400}";

impl Pointer {
    /// The whole description.
    pub fn root() -> Self {
        Self::default()
    }

    /// The whole of one of the files, counted from 0.
    pub(crate) fn of_source(source: usize) -> Self {
        Self {
            source: Some(source),
            text: String::new(),
        }
    }

    /// The file it leads into; `None` for the typed description.
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
        let mut pointer = Self::root();
        if text.is_empty() {
            return Some(pointer);
        }
        for token in text.strip_prefix('/')?.split('/') {
            match token.contains('~') {
                true => pointer.push(token.replace("~1", "/").replace("~0", "~")),
                false => pointer.push(token),
            }
        }
        Some(pointer)
    }

    /// The pointer one step further.
    #[must_use]
    pub fn join(&self, token: impl AsRef<str>) -> Self {
        self.join_all([token.as_ref()])
    }

    /// The pointer several steps further.
    #[must_use]
    pub fn join_all<'a>(&self, tokens: impl IntoIterator<Item = &'a str>) -> Self {
        let mut joined = Self {
            source: self.source,
            text: String::with_capacity(self.text.len() + 24),
        };
        joined.text.push_str(&self.text);
        tokens.into_iter().for_each(|token| joined.push(token));
        joined
    }

    /// The unescaped steps.
    pub fn tokens(&self) -> Tokens<'_> {
        let mut rest = self.text.split(MARK);
        // Nothing stands before the first mark.
        rest.next();
        Tokens {
            rest,
            count: self.text.bytes().filter(|byte| *byte == 0).count(),
        }
    }

    /// The pointer one step back; `None` at the root.
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        let end = self.text.rfind(MARK)?;
        Some(Self {
            source: self.source,
            text: self.text[..end].to_owned(),
        })
    }

    pub(crate) fn push(&mut self, token: impl AsRef<str>) {
        let token = token.as_ref();
        self.text.push(MARK);
        match token.contains(MARK) {
            true => self.text.push_str(&token.replace(MARK, SYMBOL)),
            false => self.text.push_str(token),
        }
    }

    /// Goes one step back; gives the step.
    pub(crate) fn pop(&mut self) -> Option<String> {
        let end = self.text.rfind(MARK)?;
        let token = self.text.split_off(end);
        Some(token[MARK.len_utf8()..].to_owned())
    }
}

/// The steps of a [`Pointer`].
#[derive(Clone, Debug)]
pub struct Tokens<'a> {
    rest: std::str::Split<'a, char>,
    count: usize,
}

impl<'a> Iterator for Tokens<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        self.count = self.count.saturating_sub(1);
        self.rest.next()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.count, Some(self.count))
    }
}

impl DoubleEndedIterator for Tokens<'_> {
    fn next_back(&mut self) -> Option<Self::Item> {
        self.count = self.count.saturating_sub(1);
        self.rest.next_back()
    }
}

impl ExactSizeIterator for Tokens<'_> {}

impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("#")?;
        for token in self.tokens() {
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
    fn tokens_are_counted_and_ordered_one_by_one() {
        let pointer = Pointer::root().join_all(["a", "", "b\0c"]);
        assert_eq!(pointer.tokens().len(), 3);
        let back: Vec<&str> = pointer.tokens().rev().collect();
        assert_eq!(back, ["b\u{2400}c", "", "a"]);
        assert_eq!(pointer.parent(), Some(Pointer::root().join("a").join("")));
        assert_eq!(Pointer::root().tokens().count(), 0);
        assert_eq!(Pointer::root().parent(), None);
        let mut popped = pointer.clone();
        let taken = [popped.pop(), popped.pop(), popped.pop(), popped.pop()];
        assert_eq!(
            taken.map(Option::unwrap_or_default),
            ["b\u{2400}c", "", "a", ""]
        );
        assert_eq!(popped, Pointer::root());
        // `a` before `a!`, whatever comes after.
        let of = |tokens: &[&str]| Pointer::root().join_all(tokens.iter().copied());
        assert!(of(&["a", "z"]) < of(&["a!", "b"]));
        assert!(of(&["a"]) < of(&["a", ""]));
    }

    #[test]
    fn what_does_not_start_with_a_slash_is_no_pointer() {
        assert_eq!(Pointer::parse("User"), None);
        assert_eq!(Pointer::parse(""), Some(Pointer::root()));
    }
}
