//! Detects undeclared pagination where the shape of an operation is unambiguous.
//!
//! A wrong guess would make streams that miss entries or never end, so each style requires both a
//! parameter and its counterpart in the response, under names that are in common use.

use indexmap::IndexMap;
use serde_json::Value;

use crate::{
    config::Pagination,
    model::{Api, BodyKind, Field, Operation, Pageable, Parameter, ParameterPlace, Type},
};

/// The names of the list of entries in a response with several lists.
const ENTRIES: [&str; 12] = [
    "items",
    "data",
    "results",
    "entities",
    "values",
    "records",
    "entries",
    "content",
    "resources",
    "elements",
    "rows",
    "list",
];
/// Parameters with the size of a page, squeezed.
const SIZES: [&str; 10] = [
    "perpage",
    "pagesize",
    "limit",
    "size",
    "count",
    "maxresults",
    "pagelimit",
    "top",
    "take",
    "pagesize",
];
/// Parameters with a cursor, and the properties that hand out the next one, squeezed.
const CURSORS: [(&str, &[&str]); 10] = [
    ("cursor", &["nextcursor", "cursor", "nextpagecursor"]),
    ("pagetoken", &["nextpagetoken"]),
    ("nexttoken", &["nexttoken"]),
    ("nextpagetoken", &["nextpagetoken"]),
    (
        "continuationtoken",
        &["continuationtoken", "nextcontinuationtoken"],
    ),
    (
        "pagecursor",
        &["nextpagecursor", "nextcursor", "pagecursor"],
    ),
    ("marker", &["nextmarker"]),
    ("continue", &["continue"]),
    ("after", &["nextcursor", "after", "endcursor"]),
    ("scrolltoken", &["scrolltoken", "nextscrolltoken"]),
];
/// Properties with the URL of the next page, squeezed.
const NEXT_URLS: [&str; 8] = [
    "odatanextlink",
    "nextlink",
    "nexturl",
    "nexturi",
    "nextpageurl",
    "nextpageuri",
    "nextpagelink",
    "nexthref",
];
/// Objects that contain cursors, links or totals, squeezed.
const HOLDERS: [&str; 9] = [
    "meta",
    "metadata",
    "pagination",
    "paging",
    "links",
    "pageinfo",
    "page",
    "responsemetadata",
    "pages",
];

/// Booleans that say whether there are more pages, squeezed.
const MORE: [&str; 6] = [
    "hasmore",
    "hasmoreitems",
    "hasnext",
    "hasnextpage",
    "istruncated",
    "moreresultsavailable",
];
/// Parameters with the id of the entry before a page, squeezed.
const AFTER: [&str; 3] = ["startingafter", "afterid", "startafterid"];

/// What the extension `x-ms-pageable` of an operation says.
pub(super) fn pageable(extensions: &IndexMap<String, Value>) -> Option<Pageable> {
    let declared = extensions.get("x-ms-pageable")?.as_object()?;
    let text = |key: &str| declared.get(key).and_then(Value::as_str).map(str::to_owned);
    Some(Pageable {
        items: text("itemName").unwrap_or_else(|| "value".to_owned()),
        next: text("nextLinkName"),
    })
}

/// The pagination of an operation, if it seems to have one.
pub(super) fn detect(api: &Api, operation: &Operation) -> Option<Pagination> {
    let response = operation.json()?;
    match operation.method {
        "GET" => {}
        "POST" => return body_cursor(api, operation, response),
        _ => return None,
    }
    if let Some(Pageable { items, next }) = &operation.pageable {
        let next = next.clone()?;
        let (_, list) = api.walk(response, items)?;
        let (_, link) = api.walk(response, &next)?;
        let fits = matches!(api.plain(list), Type::Array(_)) && *api.plain(link) == Type::String;
        let items = items.clone();
        return fits.then_some(Pagination::NextUrl { next, items });
    }
    let items = entries(api, response)?;
    let has_link = operation.success().headers.iter();
    let has_link = has_link
        .clone()
        .any(|(name, _)| name.eq_ignore_ascii_case("link"));
    if has_link {
        return Some(Pagination::LinkHeader { items });
    }
    let page = Page {
        answers: answers(api, response),
        items,
    };
    let inputs = Inputs(operation);
    cursor(&inputs, &page)
        .or_else(|| next_url(&page))
        .or_else(|| last_entry(api, response, &inputs, &page))
        .or_else(|| number(&inputs, &page))
        .or_else(|| start_index(&inputs, &page))
        .or_else(|| offset(&inputs, &page))
}

/// What a response has that may lead to the next page.
struct Page<'a> {
    answers: Vec<Answer<'a>>,
    /// The path of the entries.
    items: String,
}

impl Page<'_> {
    /// The path of the first answer that fits.
    fn path(&self, fits: impl Fn(&Answer<'_>) -> bool) -> Option<String> {
        let found = self.answers.iter().find(|answer| fits(answer))?;
        Some(found.path.clone())
    }

    /// The path of the boolean that says whether there are more pages.
    fn more(&self) -> Option<String> {
        self.path(|answer| *answer.ty == Type::Bool && MORE.contains(&answer.squeezed.as_str()))
    }

    fn integer(&self, names: &[&str]) -> Option<String> {
        self.path(|answer| answer.is_integer() && names.contains(&answer.squeezed.as_str()))
    }

    fn text(&self, names: &[&str]) -> Option<String> {
        self.path(|answer| answer.is_text() && names.contains(&answer.squeezed.as_str()))
    }
}

/// A scalar of a response that may lead to the next page.
struct Answer<'a> {
    path: String,
    squeezed: String,
    ty: &'a Type,
}

impl Answer<'_> {
    fn is_text(&self) -> bool {
        *self.ty == Type::String
    }

    fn is_integer(&self) -> bool {
        matches!(self.ty, Type::Int32 | Type::Int64)
    }
}

struct Inputs<'a>(&'a Operation);

impl<'a> Inputs<'a> {
    fn find(&self, names: &[&str], fits: fn(&Type) -> bool) -> Option<&'a Parameter> {
        let parameters = self.0.parameters.iter();
        let mut queries = parameters.filter(|it| it.place == ParameterPlace::Query);
        queries.find(|it| fits(&it.ty) && names.contains(&squeeze(&it.name).as_str()))
    }

    fn size(&self) -> Option<&'a Parameter> {
        self.find(&SIZES, is_integer)
    }
}

fn is_integer(ty: &Type) -> bool {
    matches!(ty, Type::Int32 | Type::Int64)
}

fn cursor(inputs: &Inputs<'_>, page: &Page<'_>) -> Option<Pagination> {
    let more = page.more();
    let found = CURSORS.iter().find_map(|(input, outputs)| {
        let parameter = inputs.find(&[*input], |ty| *ty == Type::String)?;
        Some((parameter, page.text(outputs)?))
    });
    // The id of the last entry is only a cursor next to the word that more follow.
    let by_last_id = || {
        more.as_ref()?;
        let parameter = inputs.find(&["after", "afterid"], |ty| *ty == Type::String)?;
        Some((parameter, page.text(&["lastid"])?))
    };
    let (parameter, next) = found.or_else(by_last_id)?;
    Some(Pagination::Cursor {
        cursor: parameter.name.clone(),
        next,
        items: page.items.clone(),
        more,
    })
}

/// A cursor in the body of a request, under the name under which the response hands it out.
fn body_cursor(api: &Api, operation: &Operation, response: &Type) -> Option<Pagination> {
    let body = operation.body.as_ref();
    let body = body.filter(|body| body.kind == BodyKind::Json)?;
    let (_, structure) = api.structure(&body.ty)?;
    let page = Page {
        answers: answers(api, response),
        items: entries(api, response)?,
    };
    CURSORS.iter().find_map(|(input, outputs)| {
        let mut fields = structure.fields.iter();
        let field = fields.find(|field| {
            squeeze(&field.wire) == *input
                && !field.wire.contains('.')
                && *api.plain(&field.ty) == Type::String
        })?;
        Some(Pagination::BodyCursor {
            cursor: field.wire.clone(),
            next: page.text(outputs)?,
            items: page.items.clone(),
            more: page.more(),
        })
    })
}

fn next_url(page: &Page<'_>) -> Option<Pagination> {
    let has = |name: &str| page.answers.iter().any(|answer| answer.squeezed == name);
    // Some frameworks return a pair of links next to a count.
    let is_pair = has("previous") && has("count");
    let next = page.path(|answer| {
        answer.is_text()
            && (NEXT_URLS.contains(&answer.squeezed.as_str())
                || answer.squeezed == "next" && is_pair)
    })?;
    let items = page.items.clone();
    Some(Pagination::NextUrl { next, items })
}

/// The id of the last entry, where the response says whether more follow.
fn last_entry(
    api: &Api,
    response: &Type,
    inputs: &Inputs<'_>,
    page: &Page<'_>,
) -> Option<Pagination> {
    let more = page.more()?;
    let parameter = inputs.find(&AFTER, |ty| *ty == Type::String)?;
    let list = match page.items.as_str() {
        "" => response,
        path => api.walk(response, path)?.1,
    };
    let Type::Array(entry) = api.plain(list) else {
        return None;
    };
    let (_, id) = api.walk(entry, "id")?;
    (*api.plain(id) == Type::String).then(|| Pagination::LastEntry {
        after: parameter.name.clone(),
        key: "id".to_owned(),
        items: page.items.clone(),
        more: Some(more),
    })
}

fn number(inputs: &Inputs<'_>, page: &Page<'_>) -> Option<Pagination> {
    let number = inputs.find(&["page", "pagenumber"], is_integer)?;
    let size = inputs.size()?;
    // Some services count pages from zero. Without a default the first page is unknown.
    let starts_at_one = number.default.as_deref() == Some("1");
    starts_at_one.then(|| Pagination::Page {
        number: number.name.clone(),
        size: size.name.clone(),
        items: page.items.clone(),
        count: page.integer(&["totalpages", "pagecount", "pages", "lastpage", "numpages"]),
        more: page.more(),
    })
}

/// A list as SCIM has it (RFC 7644), whose first entry has the index 1.
fn start_index(inputs: &Inputs<'_>, page: &Page<'_>) -> Option<Pagination> {
    let start = inputs.find(&["startindex"], is_integer)?;
    let size = inputs.size()?;
    let total = page.integer(&["totalresults"])?;
    page.integer(&["startindex", "itemsperpage"])?;
    (squeeze(&page.items) == "resources").then(|| Pagination::Offset {
        offset: start.name.clone(),
        size: size.name.clone(),
        items: page.items.clone(),
        first: 1,
        total: Some(total),
        more: None,
    })
}

fn offset(inputs: &Inputs<'_>, page: &Page<'_>) -> Option<Pagination> {
    let offset = inputs.find(&["offset", "skip"], is_integer)?;
    let size = inputs.size()?;
    let starts_at_zero = matches!(offset.default.as_deref(), None | Some("0"));
    starts_at_zero.then(|| Pagination::Offset {
        offset: offset.name.clone(),
        size: size.name.clone(),
        items: page.items.clone(),
        first: 0,
        total: page.integer(&[
            "total",
            "totalcount",
            "totalitems",
            "totalresults",
            "totalsize",
        ]),
        more: page.more(),
    })
}

/// The path of the entries of a response; empty if the response is the list.
fn entries(api: &Api, response: &Type) -> Option<String> {
    if matches!(api.plain(response), Type::Array(_)) {
        return Some(String::new());
    }
    let (_, structure) = api.structure(response)?;
    let lists = structure.fields.iter();
    let lists = lists.filter(|field| !field.wire.is_empty() && is_list(api, field));
    let lists: Vec<&Field> = lists.collect();
    match lists.as_slice() {
        [only] => Some(only.wire.clone()),
        several => {
            let known = |name: &&str| several.iter().any(|field| field.wire == **name);
            let mut names = ENTRIES.iter().copied().filter(known);
            names.next().map(str::to_owned)
        }
    }
}

fn is_list(api: &Api, field: &Field) -> bool {
    matches!(api.plain(&field.ty), Type::Array(_))
}

/// The scalars of a response and of the objects that contain cursors, links or totals.
fn answers<'a>(api: &'a Api, response: &'a Type) -> Vec<Answer<'a>> {
    let mut answers = Vec::new();
    let Some((_, structure)) = api.structure(response) else {
        return answers;
    };
    let mut add = |prefix: &str, field: &'a Field| {
        answers.push(Answer {
            path: format!("{prefix}{}", field.wire),
            squeezed: squeeze(&field.wire),
            ty: api.plain(&field.ty),
        });
    };
    for field in structure
        .fields
        .iter()
        .filter(|field| !field.wire.is_empty())
    {
        add("", field);
        if HOLDERS.contains(&squeeze(&field.wire).as_str())
            && let Some((_, inner)) = api.structure(&field.ty)
        {
            for inner in inner.fields.iter().filter(|field| !field.wire.is_empty()) {
                add(&format!("{}.", field.wire), inner);
            }
        }
    }
    answers
}

/// The lowercase letters and digits of a name, so that spellings compare equal.
fn squeeze(name: &str) -> String {
    let letters = name.chars().filter(|character| character.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}
