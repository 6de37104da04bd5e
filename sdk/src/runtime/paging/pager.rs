use std::{
    collections::HashSet,
    hash::{DefaultHasher, Hash, Hasher},
};

use bytes::Bytes;
use serde_json::Value;

use super::{
    super::{encode, exchange::Exchange, trace, transport::WholeResponse},
    PageStyle, PageToken, link,
    probe::{Found, find, find_last},
    token::Place,
};

/// After this many consecutive empty pages, a list paged by cursors or links ends: filters of the
/// service can leave a page empty although more follow.
const EMPTY_PAGES: u32 = 3;
/// After this many consecutive pages with the same entries a list ends, even if they differ
/// otherwise.
const SAME_PAGES: u32 = 3;

/// Why a list ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PagesEnd {
    /// The service said that there are no more pages.
    Complete,
    /// A page was empty; in a list paged by cursors or links, three consecutive pages.
    Empty,
    /// The service repeated a page or the token of the next page, or returned three consecutive
    /// pages with the same entries.
    Repeated,
}

/// Determines the next page from each page, and when to stop.
pub(super) struct Pager {
    style: PageStyle,
    /// The path of the boolean that says whether there are more pages.
    more: Option<&'static str>,
    entries: &'static str,
    next: Place,
    end: Option<PagesEnd>,
    /// Hashes of the pages or tokens seen.
    seen: HashSet<u64>,
    is_first: bool,
    empty_pages: u32,
    /// The hash of the entries of the last page, and how many pages in a row had it.
    same_pages: (u64, u32),
    /// Why the next page cannot be requested.
    defect: Option<String>,
}

/// How a page is treated.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It is part of the list.
    Keep,
    /// It only shows that the list has ended.
    Drop,
}

impl Pager {
    pub(super) fn new(style: PageStyle, more: Option<&'static str>, entries: &'static str) -> Self {
        Self {
            style,
            more,
            entries,
            next: Place::Start,
            end: None,
            seen: HashSet::new(),
            is_first: true,
            empty_pages: 0,
            same_pages: (0, 0),
            defect: None,
        }
    }

    /// Starts at a position without having seen earlier pages.
    pub(super) fn starting_at(mut self, token: PageToken) -> Self {
        self.next = token.0;
        self
    }

    /// The position of the next page; `None` if the list has ended or the position is unknown.
    pub(super) fn token(&self) -> Option<PageToken> {
        match (self.end, &self.defect) {
            (None, None) => Some(PageToken(self.next.clone())),
            _ => None,
        }
    }

    pub(super) fn end(&self) -> Option<PagesEnd> {
        self.end
    }

    /// Sets the parameters of a request that select the next page.
    ///
    /// # Errors
    /// A message, if the token is of another kind of list or the link leads to another origin.
    pub(super) fn ask(&self, exchange: &mut Exchange) -> Result<(), String> {
        if let Some(defect) = &self.defect {
            return Err(defect.clone());
        }
        match (&self.style, &self.next) {
            (_, Place::Start) => {}
            (PageStyle::Number { parameter, .. }, Place::Number(number))
            | (PageStyle::Offset { parameter, .. }, Place::Offset(number)) => {
                encode::replace(&mut exchange.query, parameter, &number.to_string());
            }
            (PageStyle::BodyNumber { property, .. }, Place::Number(number)) => {
                let body = exchange.body_bytes().unwrap_or(b"{}");
                exchange.set_json(with_value(body, property, Value::from(*number))?);
            }
            (PageStyle::BodyCursor { property, .. }, Place::Cursor(text)) => {
                let body = exchange.body_bytes().unwrap_or(b"{}");
                exchange.set_json(with_value(body, property, Value::from(text.as_str()))?);
            }
            (
                PageStyle::Cursor { parameter, .. }
                | PageStyle::Keyset { parameter, .. }
                | PageStyle::LastEntry { parameter, .. },
                Place::Cursor(text),
            ) => {
                encode::replace(&mut exchange.query, parameter, text);
            }
            (PageStyle::NextUrl { .. } | PageStyle::LinkHeader, Place::Link(target)) => {
                link::check(target)?;
                let (path, query) = target.split_once('?').unwrap_or((target, ""));
                exchange.path = path.to_owned();
                exchange.query = query.to_owned();
                // The link already contains them, if the service repeats the query.
                let kept = encode::without(&exchange.options.query, &encode::names(query));
                exchange.options.query = kept;
            }
            _ => return Err("the page token is one of another list".to_owned()),
        }
        Ok(())
    }

    /// Reads the position of the next page from the response to a request.
    pub(super) fn read(&mut self, exchange: &Exchange, page: &WholeResponse) -> Verdict {
        let is_first = std::mem::replace(&mut self.is_first, false);
        let (length, entries) = match find(page.body(), self.entries) {
            Found::List { length, hash } => (length, hash),
            _ => (0, 0),
        };
        let is_by_number = self.style.is_by_number();
        // Services that answer numbers past the end with the last page end here.
        if is_by_number && !self.seen.insert(hash(page.body())) {
            self.stop(exchange, PagesEnd::Repeated);
            return Verdict::Drop;
        }
        if !is_by_number {
            self.seen.insert(hash(&self.asked(exchange)));
        }
        self.empty_pages = if length == 0 { self.empty_pages + 1 } else { 0 };
        self.same_pages = match self.same_pages {
            (same, pages) if same == entries && length > 0 => (same, pages + 1),
            _ => (entries, 1),
        };
        let most_empty = if is_by_number { 1 } else { EMPTY_PAGES };
        match self.next(exchange, page, length) {
            Ok(None) => self.end = Some(PagesEnd::Complete),
            Ok(Some(_)) if self.empty_pages >= most_empty => self.stop(exchange, PagesEnd::Empty),
            Ok(Some(_)) if self.same_pages.1 >= SAME_PAGES => {
                self.stop(exchange, PagesEnd::Repeated);
            }
            Ok(Some(place)) => {
                if !is_by_number && !self.seen.insert(hash(&place)) {
                    self.stop(exchange, PagesEnd::Repeated);
                }
                self.next = place;
            }
            // This page is valid; only the next one cannot be requested.
            Err(defect) => self.defect = Some(defect),
        }
        if length == 0 && is_by_number && !is_first {
            Verdict::Drop
        } else {
            Verdict::Keep
        }
    }

    /// The position that a request selected, in a list paged by cursors or links.
    fn asked(&self, exchange: &Exchange) -> Place {
        match self.style {
            PageStyle::BodyCursor { property, .. } => {
                match find(exchange.body_bytes().unwrap_or_default(), property) {
                    Found::Text(text) => Place::Cursor(text),
                    _ => Place::Start,
                }
            }
            PageStyle::Cursor { parameter, .. }
            | PageStyle::Keyset { parameter, .. }
            | PageStyle::LastEntry { parameter, .. } => {
                let query = format!("?{}", exchange.query);
                encode::value_in(&query, parameter).map_or(Place::Start, Place::Cursor)
            }
            _ if exchange.query.is_empty() => Place::Link(exchange.path.clone()),
            _ => Place::Link(format!("{}?{}", exchange.path, exchange.query)),
        }
    }

    /// The position of the next page, by the paging style.
    fn next(
        &self,
        exchange: &Exchange,
        page: &WholeResponse,
        length: usize,
    ) -> Result<Option<Place>, String> {
        let text_at = |path: &str| match find(page.body(), path) {
            Found::Text(text) if !text.is_empty() => Some(text),
            Found::Number(number) => Some(number.to_string()),
            _ => None,
        };
        let number_at = |path: Option<&str>| match find(page.body(), path?) {
            Found::Number(number) => Some(number),
            _ => None,
        };
        let more = self.more.map(|path| find(page.body(), path));
        if more == Some(Found::Flag(false)) {
            return Ok(None);
        }
        let base_url = exchange.base_url();
        Ok(match self.style {
            PageStyle::Number { count, .. } | PageStyle::BodyNumber { count, .. } => {
                let number = self.number(exchange);
                // A count of 0 on a page with entries means that the service did not count.
                let is_last = number_at(count)
                    .is_some_and(|count| number >= count && (count > 0 || length == 0));
                (!is_last).then(|| Place::Number(number.saturating_add(1)))
            }
            PageStyle::Offset { first, total, .. } => {
                let offset = self.number(exchange).saturating_add(length as u64);
                let is_last =
                    number_at(total).is_some_and(|total| offset.saturating_sub(first) >= total);
                (!is_last).then_some(Place::Offset(offset))
            }
            PageStyle::Cursor { next, .. } | PageStyle::BodyCursor { next, .. } => {
                text_at(next).map(Place::Cursor)
            }
            PageStyle::LastEntry { key, .. } => match find_last(page.body(), self.entries, key) {
                Found::Text(text) if !text.is_empty() => Some(Place::Cursor(text)),
                Found::Number(number) => Some(Place::Cursor(number.to_string())),
                _ if length == 0 => None,
                _ => return Err(format!("the last entry of the page has no `{key}`")),
            },
            PageStyle::Keyset { parameter, next } => match text_at(next) {
                Some(link) => {
                    link::target(&link, base_url, &exchange.path)?;
                    encode::value_in(&link, parameter).map(Place::Cursor)
                }
                None => None,
            },
            PageStyle::NextUrl { next } => follow(text_at(next), base_url, &exchange.path)?,
            PageStyle::LinkHeader => {
                follow(link::next_in(page.headers()), base_url, &exchange.path)?
            }
        })
    }

    /// The number that the request selected: of the page, from 1, or the offset.
    fn number(&self, exchange: &Exchange) -> u64 {
        match (&self.next, &self.style) {
            (Place::Number(number) | Place::Offset(number), _) => *number,
            (_, PageStyle::Number { parameter, .. }) => {
                query_number(exchange, parameter).unwrap_or(1)
            }
            (_, PageStyle::BodyNumber { property, .. }) => {
                let body = exchange.body_bytes().unwrap_or_default();
                match find(body, property) {
                    Found::Number(number) => number,
                    _ => 1,
                }
            }
            (
                _,
                PageStyle::Offset {
                    parameter, first, ..
                },
            ) => query_number(exchange, parameter).unwrap_or(*first),
            _ => 0,
        }
    }

    fn stop(&mut self, exchange: &Exchange, end: PagesEnd) {
        let reason = match end {
            PagesEnd::Complete => "complete",
            PagesEnd::Empty => "empty pages",
            PagesEnd::Repeated => "a page or its token came twice",
        };
        // An empty page is the regular end of numbered pages.
        if end == PagesEnd::Repeated || !self.style.is_by_number() {
            trace::pages_cut_short(exchange.operation().id, reason);
        }
        self.end = Some(end);
    }
}

fn follow(link: Option<String>, base_url: &str, path: &str) -> Result<Option<Place>, String> {
    link.map(|link| link::target(&link, base_url, path).map(Place::Link))
        .transpose()
}

fn query_number(exchange: &Exchange, name: &str) -> Option<u64> {
    let query = format!("?{}", exchange.query);
    encode::value_in(&query, name)?.parse().ok()
}

/// Sets a value at a path of a JSON body, creating the objects on the path.
fn with_value(body: &[u8], path: &str, value: Value) -> Result<Bytes, String> {
    let unusable = || format!("the body has no place for `{path}`");
    let mut whole: Value = serde_json::from_slice(body).map_err(|_| unusable())?;
    let mut place = &mut whole;
    for name in path.split('.') {
        if place.is_null() {
            *place = Value::Object(serde_json::Map::new());
        }
        let members = place.as_object_mut().ok_or_else(unusable)?;
        place = members.entry(name).or_insert(Value::Null);
    }
    *place = value;
    Ok(whole.to_string().into())
}

fn hash(value: &(impl Hash + ?Sized)) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests;
