//! How operations page.

use serde::Deserialize;

/// How an operation pages. Properties of responses and bodies are named by their path:
/// `parent.child` where it is nested. `items` is empty where a response is the list itself.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "style", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Pagination {
    /// Page numbers in the query.
    Page {
        /// The query parameter with the page number.
        number: String,
        /// The query parameter with the page size.
        size: String,
        /// The response property with the entries.
        items: String,
        /// The response property with the number of pages, where there is one.
        #[serde(default)]
        count: Option<String>,
        /// The response property that says whether there are more pages, where there is one.
        #[serde(default)]
        more: Option<String>,
    },
    /// Page numbers in the request body.
    Body {
        /// The body property with the page number.
        number: String,
        /// The body property with the page size.
        size: String,
        /// The response property with the entries.
        items: String,
        /// The response property with the number of pages, where there is one.
        #[serde(default)]
        count: Option<String>,
        /// The response property that says whether there are more pages, where there is one.
        #[serde(default)]
        more: Option<String>,
    },
    /// The number of entries to skip, in the query.
    Offset {
        /// The query parameter with the number of entries to skip.
        offset: String,
        /// The query parameter with the page size.
        size: String,
        /// The response property with the entries.
        items: String,
        /// The offset of the first entry.
        #[serde(default)]
        first: u64,
        /// The response property with the number of entries on all pages, where there is one.
        #[serde(default)]
        total: Option<String>,
        /// The response property that says whether there are more pages, where there is one.
        #[serde(default)]
        more: Option<String>,
    },
    /// A cursor in the query, handed out by the response.
    Cursor {
        /// The query parameter with the cursor.
        cursor: String,
        /// The response property with the next cursor.
        next: String,
        /// The response property with the entries.
        items: String,
        /// The response property that says whether there are more pages, where there is one.
        #[serde(default)]
        more: Option<String>,
    },
    /// A cursor in the request body, handed out by the response.
    BodyCursor {
        /// The body property with the cursor.
        cursor: String,
        /// The response property with the next cursor.
        next: String,
        /// The response property with the entries.
        items: String,
        /// The response property that says whether there are more pages, where there is one.
        #[serde(default)]
        more: Option<String>,
    },
    /// A property of the last entry, in the query.
    LastEntry {
        /// The query parameter with the value.
        after: String,
        /// The property of entries.
        key: String,
        /// The response property with the entries.
        items: String,
        /// The response property that says whether there are more pages, where there is one.
        #[serde(default)]
        more: Option<String>,
    },
    /// A key to start after, taken from the query of a link.
    Keyset {
        /// The query parameter with the key.
        after: String,
        /// The response property with the link.
        next: String,
        /// The response property with the entries.
        items: String,
    },
    /// The address of the next page, handed out by the response.
    NextUrl {
        /// The response property with the address.
        next: String,
        /// The response property with the entries.
        items: String,
    },
    /// The address of the next page in the header `Link`.
    LinkHeader {
        /// The response property with the entries.
        items: String,
    },
    /// No pagination, even if the shape looks like it.
    None,
}

impl Pagination {
    /// The style's name in the configuration.
    pub fn style(&self) -> &'static str {
        match self {
            Self::Page { .. } => "page",
            Self::Body { .. } => "body",
            Self::Offset { .. } => "offset",
            Self::Cursor { .. } => "cursor",
            Self::BodyCursor { .. } => "body-cursor",
            Self::LastEntry { .. } => "last-entry",
            Self::Keyset { .. } => "keyset",
            Self::NextUrl { .. } => "next-url",
            Self::LinkHeader { .. } => "link-header",
            Self::None => "none",
        }
    }

    /// The path of the entries in a response; empty where that is the list.
    pub fn items(&self) -> &str {
        match self {
            Self::Page { items, .. }
            | Self::Body { items, .. }
            | Self::Offset { items, .. }
            | Self::Cursor { items, .. }
            | Self::BodyCursor { items, .. }
            | Self::LastEntry { items, .. }
            | Self::Keyset { items, .. }
            | Self::NextUrl { items, .. }
            | Self::LinkHeader { items } => items,
            Self::None => "",
        }
    }

    /// The path of the boolean in a response that says whether there are more pages.
    pub fn more(&self) -> Option<&str> {
        match self {
            Self::Page { more, .. }
            | Self::Body { more, .. }
            | Self::Offset { more, .. }
            | Self::Cursor { more, .. }
            | Self::BodyCursor { more, .. }
            | Self::LastEntry { more, .. } => more.as_deref(),
            Self::Keyset { .. } | Self::NextUrl { .. } | Self::LinkHeader { .. } | Self::None => {
                None
            }
        }
    }
}
