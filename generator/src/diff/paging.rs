//! Compares the pagination of two operations, as the model has it.

use super::{
    code::FindingCode as Code, comparison::Comparison, endpoint::Endpoint, findings::Change,
};
use crate::config::Pagination;

/// Compares how two operations are paginated.
pub(super) fn compare(comparison: &mut Comparison<'_>, old: Endpoint<'_>, new: Endpoint<'_>) {
    for Difference {
        code,
        was,
        is,
        tail,
    } in differences(declared(old), declared(new))
    {
        let change = Change::new(code, &old.subject()).values(was, is);
        comparison
            .findings
            .add(change.at(old.at(), new.at()), &tail);
    }
}

struct Difference {
    code: Code,
    was: Option<String>,
    is: Option<String>,
    tail: String,
}

fn declared(endpoint: Endpoint<'_>) -> Option<&Pagination> {
    let paging = endpoint.model.pagination.as_ref();
    paging.map(|paging| &paging.declared)
}

fn differences(old: Option<&Pagination>, new: Option<&Pagination>) -> Vec<Difference> {
    let (was, is) = match (old, new) {
        (Some(was), Some(is)) if was.style() == is.style() => (was, is),
        (None, None) => return Vec::new(),
        _ => return vec![style_changed(old, new)],
    };
    let (was, is) = (parts(was), parts(is));
    let joined = |names: &[&str]| names.join("`, `");
    let mut differences = Vec::new();
    if was.inputs != is.inputs {
        let (was, is) = (joined(&was.inputs), joined(&is.inputs));
        differences.push(Difference {
            code: Code::PaginationParametersChanged,
            tail: format!(": the pagination parameters changed from `{was}` to `{is}`"),
            was: Some(was),
            is: Some(is),
        });
    }
    if was.outputs != is.outputs {
        let (was, is) = (joined(&was.outputs), joined(&is.outputs));
        differences.push(Difference {
            code: Code::PaginationEnvelopeChanged,
            tail: format!(": the fields of a page changed from `{was}` to `{is}`"),
            was: Some(was),
            is: Some(is),
        });
    }
    differences
}

fn style_changed(old: Option<&Pagination>, new: Option<&Pagination>) -> Difference {
    let style = |declared: Option<&Pagination>| declared.map(|it| it.style().to_owned());
    let (was, is) = (style(old), style(new));
    let (code, tail) = match (&was, &is) {
        (Some(was), Some(is)) => (
            Code::PaginationStyleChanged,
            format!(": the pagination style changed from `{was}` to `{is}`"),
        ),
        (Some(was), None) => (
            Code::PaginationDisappeared,
            format!(" is no longer paginated, was by `{was}`"),
        ),
        (None, is) => (
            Code::PaginationAppeared,
            format!(
                " is now paginated by `{}`",
                is.as_deref().unwrap_or_default()
            ),
        ),
    };
    Difference {
        code,
        was,
        is,
        tail,
    }
}

/// The names that pagination depends on.
struct Parts<'a> {
    /// The parameters or properties of the request that select a page.
    inputs: Vec<&'a str>,
    /// The properties of a page that hold its items and how to go on.
    outputs: Vec<&'a str>,
}

fn parts(declared: &Pagination) -> Parts<'_> {
    let (inputs, next) = match declared {
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
        } => (vec![number.as_str(), size], count.as_ref()),
        Pagination::Offset {
            offset,
            size,
            total,
            ..
        } => (vec![offset.as_str(), size], total.as_ref()),
        Pagination::Cursor { cursor, next, .. } | Pagination::BodyCursor { cursor, next, .. } => {
            (vec![cursor.as_str()], Some(next))
        }
        Pagination::LastEntry { after, key, .. } => (vec![after.as_str()], Some(key)),
        Pagination::Keyset { after, next, .. } => (vec![after.as_str()], Some(next)),
        Pagination::NextUrl { next, .. } => (Vec::new(), Some(next)),
        Pagination::LinkHeader { .. } | Pagination::None => (Vec::new(), None),
    };
    let outputs = std::iter::once(declared.items()).chain(next.map(String::as_str));
    let outputs = outputs.chain(declared.more());
    Parts {
        inputs,
        outputs: outputs.collect(),
    }
}
