use std::{
    collections::HashSet,
    hash::{DefaultHasher, Hash, Hasher},
};

use bytes::Bytes;
use serde_json::Value;

use super::{
    super::{HttpResponse, encode, exchange::Exchange, trace},
    PageToken, Turn, link,
    probe::{Found, find},
    token::Place,
};

/// How many empty pages in a row end a list that is paged by a cursor: filters of the service can
/// leave a page empty though more follow.
const EMPTY_PAGES: u32 = 3;

/// Why a list ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PagesEnd {
    /// The service said that there are no more pages.
    Complete,
    /// A page was empty; in a list paged by a cursor or a link, three in a row.
    Empty,
    /// A page was the same as one before, or its token was: going on would go in circles.
    Repeated,
}

/// Turns the pages: reads out of one what to ask for next, and knows when to stop.
pub(super) struct Turner {
    turn: Turn,
    entries: &'static str,
    next: Place,
    end: Option<PagesEnd>,
    /// Hashes of the pages or tokens seen.
    seen: HashSet<u64>,
    is_first: bool,
    empty_pages: u32,
}

/// What is to be done with a page.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It is part of the list.
    Keep,
    /// It tells only that the list has ended.
    Drop,
}

impl Turner {
    pub(super) fn new(turn: Turn, entries: &'static str) -> Self {
        Self {
            turn,
            entries,
            next: Place::Start,
            end: None,
            seen: HashSet::new(),
            is_first: true,
            empty_pages: 0,
        }
    }

    /// Goes to a place without having seen what is before.
    pub(super) fn jump(&mut self, token: PageToken) {
        self.next = token.0;
    }

    /// Where the list goes on; `None` once it has ended.
    pub(super) fn token(&self) -> Option<PageToken> {
        match self.end {
            None => Some(PageToken(self.next.clone())),
            Some(_) => None,
        }
    }

    pub(super) fn end(&self) -> Option<PagesEnd> {
        self.end
    }

    /// Fills into a request which page it asks for.
    ///
    /// # Errors
    /// A token of another kind than this list's, or a link that leads away; said in words.
    pub(super) fn ask(&self, exchange: &mut Exchange) -> Result<(), String> {
        match (&self.turn, &self.next) {
            (_, Place::Start) => {}
            (Turn::Number { parameter, .. }, Place::Number(number))
            | (Turn::Offset { parameter, .. }, Place::Offset(number)) => {
                encode::replace(&mut exchange.query, parameter, &number.to_string());
            }
            (Turn::BodyNumber { property, .. }, Place::Number(number)) => {
                let body = exchange.body.as_deref().unwrap_or(b"{}");
                exchange.body = Some(with_number(body, property, *number)?);
            }
            (
                Turn::Cursor { parameter, .. } | Turn::Keyset { parameter, .. },
                Place::Cursor(text),
            ) => {
                encode::replace(&mut exchange.query, parameter, text);
            }
            (Turn::NextUrl { .. } | Turn::LinkHeader, Place::Link(target)) => {
                let (path, query) = target.split_once('?').unwrap_or((target, ""));
                exchange.path = path.to_owned();
                exchange.query = query.to_owned();
                // The link has them already, where the service repeats what it was asked.
                let kept = encode::without(&exchange.options.query, &encode::names(query));
                exchange.options.query = kept;
            }
            _ => return Err("the page token is one of another list".to_owned()),
        }
        Ok(())
    }

    /// Reads where the list goes on out of the page that a request was answered with.
    ///
    /// # Errors
    /// A link that leads to another host or cannot be followed; said in words.
    pub(super) fn read(
        &mut self,
        exchange: &Exchange,
        page: &HttpResponse,
    ) -> Result<Verdict, String> {
        let is_first = std::mem::replace(&mut self.is_first, false);
        let length = match find(page.body(), self.entries) {
            Found::List(length) => length,
            _ => 0,
        };
        let is_by_number = matches!(
            self.turn,
            Turn::Number { .. } | Turn::BodyNumber { .. } | Turn::Offset { .. }
        );
        if is_by_number && !self.seen.insert(hash(page.body())) {
            // A service that answers any number past the last with the last page ends like this.
            self.stop(exchange, PagesEnd::Repeated);
            return Ok(Verdict::Drop);
        }
        self.empty_pages = if length == 0 { self.empty_pages + 1 } else { 0 };
        let next = self.next(exchange, page, length)?;
        let most = if is_by_number { 1 } else { EMPTY_PAGES };
        match next {
            None => self.end = Some(PagesEnd::Complete),
            Some(_) if self.empty_pages >= most => self.stop(exchange, PagesEnd::Empty),
            Some(place) => {
                if !is_by_number && !self.seen.insert(hash(&place)) {
                    self.stop(exchange, PagesEnd::Repeated);
                }
                self.next = place;
            }
        }
        let is_superfluous = length == 0 && is_by_number && !is_first;
        Ok(if is_superfluous {
            Verdict::Drop
        } else {
            Verdict::Keep
        })
    }

    /// Where the next page is, by the style of the list.
    fn next(
        &self,
        exchange: &Exchange,
        page: &HttpResponse,
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
        let base_url = exchange.client().base_url();
        Ok(match self.turn {
            Turn::Number { count, .. } | Turn::BodyNumber { count, .. } => {
                let number = self.number(exchange);
                // A count of none beside entries is one that the service did not make.
                let is_last = number_at(count)
                    .is_some_and(|count| number >= count && (count > 0 || length == 0));
                (!is_last).then(|| Place::Number(number.saturating_add(1)))
            }
            Turn::Offset { total, .. } => {
                let offset = self.number(exchange).saturating_add(length as u64);
                let is_last = number_at(total).is_some_and(|total| offset >= total);
                (!is_last).then_some(Place::Offset(offset))
            }
            Turn::Cursor { next, .. } => text_at(next).map(Place::Cursor),
            Turn::Keyset { parameter, next } => match text_at(next) {
                Some(link) => {
                    link::check_origin(&link, base_url)?;
                    encode::value_in(&link, parameter).map(Place::Cursor)
                }
                None => None,
            },
            Turn::NextUrl { next } => follow(text_at(next), base_url, &exchange.path)?,
            Turn::LinkHeader => follow(link::next_in(page.headers()), base_url, &exchange.path)?,
        })
    }

    /// The number that the request asked for: of the page, from 1; of the offset, from 0.
    fn number(&self, exchange: &Exchange) -> u64 {
        match (&self.next, &self.turn) {
            (Place::Number(number) | Place::Offset(number), _) => *number,
            (_, Turn::Number { parameter, .. }) => query_number(exchange, parameter).unwrap_or(1),
            (_, Turn::BodyNumber { property, .. }) => {
                let body = exchange.body.as_deref().unwrap_or_default();
                match find(body, property) {
                    Found::Number(number) => number,
                    _ => 1,
                }
            }
            (_, Turn::Offset { parameter, .. }) => query_number(exchange, parameter).unwrap_or(0),
            _ => 0,
        }
    }

    fn stop(&mut self, exchange: &Exchange, end: PagesEnd) {
        let reason = match end {
            PagesEnd::Complete => "complete",
            PagesEnd::Empty => "empty pages",
            PagesEnd::Repeated => "a page or its token came twice",
        };
        if end == PagesEnd::Repeated {
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

/// A JSON body with a number at a path, objects on the way added.
fn with_number(body: &[u8], path: &str, number: u64) -> Result<Bytes, String> {
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
    *place = Value::from(number);
    Ok(whole.to_string().into())
}

fn hash(value: &(impl Hash + ?Sized)) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_number_is_put_into_the_body() {
        for (body, path, expected) in [
            (r#"{"a":1}"#, "pageNumber", r#"{"a":1,"pageNumber":2}"#),
            (r#"{"pageNumber":1}"#, "pageNumber", r#"{"pageNumber":2}"#),
            ("{}", "paging.pageNumber", r#"{"paging":{"pageNumber":2}}"#),
            (r#"{"paging":null}"#, "paging.n", r#"{"paging":{"n":2}}"#),
        ] {
            let whole = with_number(body.as_bytes(), path, 2).unwrap();
            assert_eq!(whole, expected, "{body}");
        }
        assert!(with_number(b"[]", "n", 2).is_err());
        assert!(with_number(br#"{"a":1}"#, "a.n", 2).is_err());
    }
}
