use std::{error::Error as StdError, fmt, str::FromStr};

/// A position in a list from which to resume, as a text that can be stored.
///
/// [`Pages::token`](super::Pages::token) returns it,
/// [`Pages::starting_at`](super::Pages::starting_at) takes it, for the same request to the same
/// service. The text may contain values of the request.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct PageToken(pub(super) Place);

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Place {
    /// The page that the request selects.
    Start,
    /// The number of a page.
    Number(u64),
    /// The number of entries to skip.
    Offset(u64),
    /// A cursor or key.
    Cursor(String),
    /// Path and query of a link.
    Link(String),
}

impl Place {
    fn kind(&self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Number(_) => "page",
            Self::Offset(_) => "offset",
            Self::Cursor(_) => "cursor",
            Self::Link(_) => "link",
        }
    }
}

impl fmt::Display for PageToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = self.0.kind();
        match &self.0 {
            Place::Start => f.write_str(kind),
            Place::Number(number) | Place::Offset(number) => write!(f, "{kind}:{number}"),
            Place::Cursor(text) | Place::Link(text) => write!(f, "{kind}:{text}"),
        }
    }
}

impl fmt::Debug for PageToken {
    /// Shows only the kind: the rest can contain values of the request.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PageToken({}..)", self.0.kind())
    }
}

/// The text is not a valid [`PageToken`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidPageToken(());

impl fmt::Display for InvalidPageToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "not a page token: none of `start`, `page:..`, `offset:..`, `cursor:..`, `link:..`",
        )
    }
}

impl StdError for InvalidPageToken {}

impl FromStr for PageToken {
    type Err = InvalidPageToken;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (kind, value) = text.split_once(':').unwrap_or((text, ""));
        let number = || value.parse().map_err(|_| InvalidPageToken(()));
        Ok(Self(match kind {
            "start" if text == kind => Place::Start,
            "page" => Place::Number(number()?),
            "offset" => Place::Offset(number()?),
            "cursor" if !value.is_empty() => Place::Cursor(value.to_owned()),
            "link" if value.starts_with('/') => Place::Link(value.to_owned()),
            _ => return Err(InvalidPageToken(())),
        }))
    }
}

#[cfg(test)]
mod tests;
