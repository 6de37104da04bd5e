//! Paged lists.

mod link;
mod pager;
mod probe;
mod stream;
mod token;

pub use pager::PagesEnd;
pub use stream::{Items, Pages};
pub use token::{InvalidPageToken, PageToken};

/// How an operation pages its list, as the description or the configuration declares it.
pub(crate) struct Paging<P, T> {
    pub(crate) style: PageStyle,
    /// The path of the boolean in a page that says whether there are more.
    pub(crate) more: Option<&'static str>,
    /// The path of the list in a page, names joined by dots; empty if the page is the list.
    pub(crate) entries: &'static str,
    /// Takes the entries from a page.
    pub(crate) into_entries: fn(P) -> Vec<T>,
}

/// How the next page is requested. Paths are paths in the JSON of a page.
#[allow(
    dead_code,
    reason = "which of these an SDK needs depends on its description"
)]
#[derive(Clone, Copy, Debug)]
pub(crate) enum PageStyle {
    /// By the number of a page, in the query.
    Number {
        parameter: &'static str,
        /// The path of the number of pages.
        count: Option<&'static str>,
    },
    /// By the number of a page, in the body.
    BodyNumber {
        /// The path of the page number in the body of the request.
        property: &'static str,
        /// The path of the number of pages.
        count: Option<&'static str>,
    },
    /// By the number of entries to skip, in the query.
    Offset {
        parameter: &'static str,
        /// The offset of the first entry.
        first: u64,
        /// The path of the number of entries.
        total: Option<&'static str>,
    },
    /// By a cursor in the previous page.
    Cursor {
        parameter: &'static str,
        /// The path of the cursor.
        next: &'static str,
    },
    /// By a cursor in the previous page, in the body.
    BodyCursor {
        /// The path of the cursor in the body of the request.
        property: &'static str,
        /// The path of the cursor.
        next: &'static str,
    },
    /// By a property of the last entry of the previous page.
    LastEntry {
        parameter: &'static str,
        /// The path of the property in an entry.
        key: &'static str,
    },
    /// By a key in the link to the next page.
    Keyset {
        parameter: &'static str,
        /// The path of the link.
        next: &'static str,
    },
    /// By the link to the next page.
    NextUrl {
        /// The path of the link.
        next: &'static str,
    },
    /// By the header `Link`, where its relation is `next`.
    LinkHeader,
}

impl PageStyle {
    /// Whether pages are numbered, so that any page can be requested directly.
    fn is_by_number(self) -> bool {
        matches!(
            self,
            Self::Number { .. } | Self::BodyNumber { .. } | Self::Offset { .. }
        )
    }
}

/// Implements the methods of rendered requests for paged lists.
macro_rules! paged {
    ($name:ident -> $page:ty, $item:ty, $paging:ident) => {
        impl $name {
            /// The pages of the list, beginning with the one that this request selects.
            ///
            /// Each page is a call of its own, sent when the page is needed.
            pub fn pages(self) -> $crate::runtime::Pages<$page, $item> {
                $crate::runtime::Pages::new(self.0, &$paging)
            }

            /// The entries of [`pages`](Self::pages), one by one.
            pub fn items(self) -> $crate::runtime::Items<$page, $item> {
                self.pages().into_items()
            }
        }
    };
}

pub(crate) use paged;
