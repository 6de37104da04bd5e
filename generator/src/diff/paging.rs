//! Compares how operations hand out long lists, as the model has it.

use super::{
    code::FindingCode as Code,
    found::Change,
    operations::{self, Endpoint},
    schemas::Walk,
};
use crate::config::Pagination;

/// Compares how lists are handed out page by page.
pub(super) fn compare(walk: &mut Walk<'_>, old: Endpoint<'_>, new: Endpoint<'_>) {
    let declared = |endpoint: Endpoint<'_>| {
        let paging = endpoint.model.pagination.as_ref();
        paging.map(|paging| paging.declared.clone())
    };
    let subject = operations::subject(old);
    let mut tell = |code, was: Option<String>, is: Option<String>, tail: String| {
        let change = Change::new(code, &subject).values(was, is);
        walk.found.add(change.at(old.at(), new.at()), &tail);
    };
    let (was, is) = match (declared(old), declared(new)) {
        (None, None) => return,
        (None, Some(is)) => {
            let tail = format!(" hands out its list in pages now, by `{}`", is.style());
            let style = Some(is.style().to_owned());
            return tell(Code::PaginationAppeared, None, style, tail);
        }
        (Some(was), None) => {
            let tail = format!(
                " does not hand out its list in pages any more, did by `{}`",
                was.style()
            );
            let style = Some(was.style().to_owned());
            return tell(Code::PaginationDisappeared, style, None, tail);
        }
        (Some(was), Some(is)) => (was, is),
    };
    if was.style() != is.style() {
        let (was, is) = (was.style().to_owned(), is.style().to_owned());
        let tail = format!(" turns pages by `{is}` now, did by `{was}`");
        return tell(Code::PaginationStyleChanged, Some(was), Some(is), tail);
    }
    let (was, is) = (parts(&was), parts(&is));
    if was.0 != is.0 {
        let (was, is) = (was.0.join("`, `"), is.0.join("`, `"));
        let tail = format!(" selects pages by `{is}` now, did by `{was}`");
        tell(Code::PaginationParametersChanged, Some(was), Some(is), tail);
    }
    if was.1 != is.1 {
        let (was, is) = (was.1.join("`, `"), is.1.join("`, `"));
        let tail = format!(" has pages in `{is}` now, had them in `{was}`");
        tell(Code::PaginationEnvelopeChanged, Some(was), Some(is), tail);
    }
}

/// What selects a page, and where a page holds its entries and what follows.
fn parts(declared: &Pagination) -> (Vec<String>, Vec<String>) {
    let (inputs, told) = match declared {
        Pagination::Page {
            number,
            size,
            count,
            ..
        }
        | Pagination::Body {
            number,
            size,
            count,
            ..
        } => (vec![number, size], count.as_ref()),
        Pagination::Offset {
            offset,
            size,
            total,
            ..
        } => (vec![offset, size], total.as_ref()),
        Pagination::Cursor { cursor, next, .. } => (vec![cursor], Some(next)),
        Pagination::Keyset { after, next, .. } => (vec![after], Some(next)),
        Pagination::NextUrl { next, .. } => (Vec::new(), Some(next)),
        Pagination::LinkHeader { .. } | Pagination::None => (Vec::new(), None),
    };
    let outputs = std::iter::once(declared.items().to_owned()).chain(told.cloned());
    (inputs.into_iter().cloned().collect(), outputs.collect())
}
