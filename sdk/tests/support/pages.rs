//! Lists that come in pages, and what a walk over them gives.

use std::ops::RangeInclusive;

use genesys_cloud_users::{Pages, Result};
use serde::Serialize;
use serde_json::{Value, json};

use super::{Recorded, Server, Step, ok};

impl Recorded {
    /// The value of a query parameter as it stands in the target; empty if there is none.
    pub(crate) fn query(&self, name: &str) -> &str {
        let query = self.line.split_once('?').unwrap_or_default().1;
        let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        pairs.find(|(key, _)| *key == name).unwrap_or_default().1
    }

    /// The body, read as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).expect("a body of JSON")
    }
}

impl Server {
    /// Method and target of every request, in their order.
    pub(crate) fn lines(&self) -> Vec<String> {
        let requests = self.requests();
        requests.into_iter().map(|request| request.line).collect()
    }

    /// Waits until so many requests have been read.
    pub(crate) async fn has_read(&self, requests: usize) {
        while self.requests().len() < requests {
            tokio::time::sleep(std::time::Duration::from_millis(2)).await;
        }
    }
}

/// Entries with these ids, of users and of what is told of users.
pub(crate) fn entries(ids: RangeInclusive<u32>) -> Value {
    ids.map(|id| json!({"id": id.to_string(), "userId": id.to_string()}))
        .collect()
}

/// A page: entries under a name, and what tells where the next one is.
pub(crate) fn page(list: &str, ids: RangeInclusive<u32>, mut rest: Value) -> Vec<Step> {
    rest[list] = entries(ids);
    ok(&rest.to_string())
}

/// No entries.
#[expect(
    clippy::reversed_empty_ranges,
    reason = "an empty range is what it is for"
)]
pub(crate) const NONE: RangeInclusive<u32> = 1..=0;

/// Answers `getUsers` with the page asked for: two users on each of three.
pub(crate) fn three_pages(request: &Recorded) -> Vec<Step> {
    let number = request.query("pageNumber").parse().unwrap_or(1);
    let rest = json!({"pageNumber": number, "pageCount": 3});
    page("entities", 2 * number - 1..=2 * number, rest)
}

/// The ids of entries.
pub(crate) fn ids(entries: &(impl Serialize + ?Sized)) -> Vec<String> {
    let entries = serde_json::to_value(entries).expect("a model can be written");
    let entries = entries.as_array().expect("a list");
    let id = |entry: &Value| entry["id"].as_str().expect("an id").to_owned();
    entries.iter().map(id).collect()
}

/// The ids of the entries of a page, with commas between them.
pub(crate) fn ids_on(page: &impl Serialize) -> String {
    let page = serde_json::to_value(page).expect("a model can be written");
    let lists = ["entities", "results", "userDetails"];
    let list = lists.iter().find_map(|name| page.get(name));
    ids(list.expect("a list of a known name")).join(",")
}

/// Walks to the end: the ids on each page.
pub(crate) async fn walk<P, T>(pages: &mut Pages<P, T>) -> Result<Vec<String>>
where
    P: Serialize + Send + 'static,
    T: 'static,
{
    let mut walked = Vec::new();
    while let Some(page) = pages.try_next().await? {
        walked.push(ids_on(&page));
    }
    Ok(walked)
}
