//! Detects undeclared pagination where the shape of an operation is unambiguous.
//!
//! A wrong guess would make streams that miss entries or never end, so each style requires both a
//! parameter and its counterpart in the response, under names that are in common use.

use crate::{
    config::Pagination,
    model::{Api, Field, Operation, Parameter, ParameterPlace, Type},
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
const CURSORS: [(&str, &[&str]); 9] = [
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
    ("after", &["nextcursor", "after", "endcursor"]),
    ("scrolltoken", &["scrolltoken", "nextscrolltoken"]),
];
/// Properties with the URL of the next page, squeezed.
const NEXT_URLS: [&str; 7] = [
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

/// The pagination of an operation, if it seems to have one.
pub(super) fn detect(api: &Api, operation: &Operation) -> Option<Pagination> {
    if operation.method != "GET" {
        return None;
    }
    let response = operation.json()?;
    let items = entries(api, response)?;
    let has_link = operation.success().headers.iter();
    let has_link = has_link
        .clone()
        .any(|(name, _)| name.eq_ignore_ascii_case("link"));
    if has_link {
        return Some(Pagination::LinkHeader { items });
    }
    let answers = answers(api, response);
    let inputs = Inputs(operation);
    cursor(&inputs, &answers, &items)
        .or_else(|| next_url(&answers, &items))
        .or_else(|| page(&inputs, &answers, &items))
        .or_else(|| offset(&inputs, &answers, &items))
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

fn cursor(inputs: &Inputs<'_>, answers: &[Answer<'_>], items: &str) -> Option<Pagination> {
    CURSORS.iter().find_map(|(input, outputs)| {
        let parameter = inputs.find(&[*input], |ty| *ty == Type::String)?;
        let mut texts = answers.iter().filter(|answer| answer.is_text());
        let next = texts.find(|answer| outputs.contains(&answer.squeezed.as_str()))?;
        Some(Pagination::Cursor {
            cursor: parameter.name.clone(),
            next: next.path.clone(),
            items: items.to_owned(),
        })
    })
}

fn next_url(answers: &[Answer<'_>], items: &str) -> Option<Pagination> {
    let mut texts = answers.iter().filter(|answer| answer.is_text());
    let has = |name: &str| answers.iter().any(|answer| answer.squeezed == name);
    let is_link = |answer: &&Answer<'_>| {
        NEXT_URLS.contains(&answer.squeezed.as_str())
            || answer.squeezed == "odatanextlink"
            // Some frameworks return a pair of links next to a count.
            || answer.squeezed == "next" && has("previous") && has("count")
    };
    let next = texts.find(is_link)?;
    Some(Pagination::NextUrl {
        next: next.path.clone(),
        items: items.to_owned(),
    })
}

fn page(inputs: &Inputs<'_>, answers: &[Answer<'_>], items: &str) -> Option<Pagination> {
    let number = inputs.find(&["page", "pagenumber"], is_integer)?;
    let size = inputs.size()?;
    let counts = ["totalpages", "pagecount", "pages", "lastpage", "numpages"];
    let mut integers = answers.iter().filter(|answer| answer.is_integer());
    let count = integers.find(|answer| counts.contains(&answer.squeezed.as_str()));
    // Some services count pages from zero. Without a default the first page is unknown.
    let starts_at_one = number.default.as_deref() == Some("1");
    starts_at_one.then(|| Pagination::Page {
        number: number.name.clone(),
        size: size.name.clone(),
        items: items.to_owned(),
        count: count.map(|count| count.path.clone()),
    })
}

fn offset(inputs: &Inputs<'_>, answers: &[Answer<'_>], items: &str) -> Option<Pagination> {
    let offset = inputs.find(&["offset", "skip"], is_integer)?;
    let size = inputs.size()?;
    let totals = [
        "total",
        "totalcount",
        "totalitems",
        "totalresults",
        "totalsize",
    ];
    let mut integers = answers.iter().filter(|answer| answer.is_integer());
    let total = integers.find(|answer| totals.contains(&answer.squeezed.as_str()));
    let starts_at_zero = matches!(offset.default.as_deref(), None | Some("0"));
    starts_at_zero.then(|| Pagination::Offset {
        offset: offset.name.clone(),
        size: size.name.clone(),
        items: items.to_owned(),
        total: total.map(|total| total.path.clone()),
    })
}

/// The path of the entries of a response; empty if the response is the list.
fn entries(api: &Api, response: &Type) -> Option<String> {
    if matches!(api.plain(response), Type::Array(_)) {
        return Some(String::new());
    }
    let (_, structure) = api.structure(response)?;
    let lists = structure.fields.iter();
    let lists = lists.filter(|field| is_plain_name(field) && is_list(api, field));
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

/// Whether a name can be part of a path, whose steps are separated by dots.
fn is_plain_name(field: &Field) -> bool {
    !field.wire.is_empty() && !field.wire.contains('.')
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
    for field in structure.fields.iter().filter(|field| is_plain_name(field)) {
        add("", field);
        if HOLDERS.contains(&squeeze(&field.wire).as_str())
            && let Some((_, inner)) = api.structure(&field.ty)
        {
            for inner in inner.fields.iter().filter(|field| is_plain_name(field)) {
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
