//! What a walk over pages asks for, in the styles that only the golden descriptions have. No
//! network: a transport keeps the requests and plays the pages.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};

use serde::Serialize;
use serde_json::{Value, json};
use tokio::runtime::Builder;
use workspace_tests::{
    Client, Error,
    paging::models::Search,
    runtime::{
        ApiKeyPlace, HttpRequest, HttpResponse, Items, PageToken, Pages, PagesEnd, RequestOptions,
        Transport, TransportContext, TransportError, TransportFuture,
    },
};

/// Answers requests in turn and keeps them.
#[derive(Clone, Default)]
struct Script {
    pages: Arc<Mutex<VecDeque<HttpResponse>>>,
    requests: Arc<Mutex<Vec<HttpRequest>>>,
}

impl Transport for Script {
    fn send(&self, request: HttpRequest, _: TransportContext) -> TransportFuture<'_> {
        self.requests.lock().unwrap().push(request);
        let page = self.pages.lock().unwrap().pop_front();
        Box::pin(async move { page.ok_or_else(|| TransportError::refused("one page too many")) })
    }
}

impl Script {
    fn of<const N: usize>(pages: [Value; N]) -> Self {
        let script = Self::default();
        for page in pages {
            script.then(&page, None);
        }
        script
    }

    /// Adds a page, and the header `Link` with it.
    fn then(&self, page: &Value, link: Option<&str>) {
        let mut response = http::Response::builder();
        if let Some(link) = link {
            response = response.header("Link", link);
        }
        let response = response.body(page.to_string().into()).unwrap();
        self.pages.lock().unwrap().push_back(response);
    }

    fn client(&self) -> Client {
        workspace_tests::client(self.clone())
    }

    /// A client of a service that sits at `url`.
    fn client_at(&self, url: &str) -> Client {
        let builder = workspace_tests::builder().base_url(url);
        builder.transport(self.clone()).build().unwrap()
    }

    /// Method and URL of each request.
    fn sent(&self) -> Vec<String> {
        let requests = self.requests.lock().unwrap();
        let line = |request: &HttpRequest| format!("{} {}", request.method(), request.uri());
        requests.iter().map(line).collect()
    }
}

/// Runs a future to its end. The script answers at once, but the client keeps time.
fn wait<T>(future: impl Future<Output = T>) -> T {
    let runtime = Builder::new_current_thread().enable_time().build();
    runtime.unwrap().block_on(future)
}

/// Walks to the end: all entries as JSON, and why the list ended.
fn walk<P: Send + 'static, T: Serialize>(mut items: Items<P, T>) -> (Value, PagesEnd) {
    let mut entries = Vec::new();
    while let Some(entry) = wait(items.try_next()).unwrap() {
        entries.push(serde_json::to_value(entry).unwrap());
    }
    (entries.into(), items.end().unwrap())
}

/// The error that comes where a page should.
fn refused<P: Send + 'static, T>(pages: &mut Pages<P, T>) -> Option<Error> {
    wait(pages.try_next()).err()
}

/// The error that comes after the first page, which is as good as any.
fn refused_after_one<P: Send + 'static, T>(mut pages: Pages<P, T>) -> Option<Error> {
    assert!(wait(pages.try_next()).unwrap().is_some());
    let error = refused(&mut pages);
    // Nobody knows where to go on.
    assert!(error.is_none() || (pages.token().is_none() && pages.end().is_none()));
    error
}

fn names(names: &[&str]) -> Value {
    names.iter().map(|name| json!({"name": name})).collect()
}

const COMPLETE: PagesEnd = PagesEnd::Complete;

// Offsets.

#[test]
fn an_offset_goes_up_by_the_entries_that_came_until_the_total() {
    let folder =
        |things: &[&str]| json!({"parent": {"things": names(things), "count": {"total": 15}}});
    let script = Script::of([folder(&["a", "b"]), folder(&["c"]), folder(&["d", "e"])]);
    let request = script.client().paging().list_offsets();
    let (entries, end) = walk(request.offset(10).limit(2).items());
    assert_eq!(
        (entries, end),
        (names(&["a", "b", "c", "d", "e"]), COMPLETE)
    );
    let url = "GET https://api.example.com/base/offsets?";
    assert_eq!(
        script.sent(),
        [
            format!("{url}offset=10&limit=2"),
            format!("{url}limit=2&offset=12"),
            format!("{url}limit=2&offset=13"),
        ]
    );
}

#[test]
fn an_offset_without_a_total_ends_at_the_empty_page() {
    let script = Script::of([names(&["a", "b"]), names(&["c"]), names(&[])]);
    let request = script.client().paging().list_plain_offsets(0);
    let (entries, end) = walk(request.limit(2).items());
    assert_eq!((entries, end), (names(&["a", "b", "c"]), PagesEnd::Empty));
    let url = "GET https://api.example.com/base/offsets/plain?";
    assert_eq!(
        script.sent(),
        [
            format!("{url}offset=0&limit=2"),
            format!("{url}limit=2&offset=2"),
            format!("{url}limit=2&offset=3"),
        ]
    );
}

#[test]
fn an_offset_is_gone_on_from_by_its_token() {
    let script = Script::of([names(&["a", "b"]), names(&["c"]), names(&[])]);
    let request = || script.client().paging().list_plain_offsets(7);
    let mut pages = request().pages();
    wait(pages.try_next()).unwrap();
    let stored = pages.token().unwrap().to_string();
    assert_eq!(stored, "offset:9");
    let items = request().items().starting_at(stored.parse().unwrap());
    assert_eq!(walk(items).0, names(&["c"]));
    assert!(script.sent()[1].ends_with("?offset=9"));
    let other: PageToken = "page:9".parse().unwrap();
    let error = refused(&mut request().pages().starting_at(other));
    assert!(error.is_some_and(|error| error.is_page()));
    assert_eq!(script.sent().len(), 3);
}

// Numbers, where they stand elsewhere than in the first API.

#[test]
fn nested_entries_are_counted_and_can_be_null() {
    let page = |names: Value| json!({"data": {"names": names}});
    let script = Script::of([page(json!(["a", null])), page(json!([null])), json!({})]);
    let request = script.client().paging().r#move().page(5).size(2);
    let (entries, end) = walk(request.items());
    assert_eq!((entries, end), (json!(["a", null, null]), PagesEnd::Empty));
    let url = "GET https://api.example.com/base/moves?";
    assert_eq!(
        script.sent(),
        [
            format!("{url}page=5&size=2"),
            format!("{url}size=2&page=6"),
            format!("{url}size=2&page=7"),
        ]
    );
}

#[test]
fn a_number_in_the_body_leaves_the_rest_of_it_alone() {
    let page = |name: &str| json!({"entities": names(&[name]), "pageCount": 2});
    let script = Script::of([page("a"), page("b")]);
    let mut search = Search::default().with_token("s3cr3t");
    search
        .extra
        .insert("more", json!({"x": [9_007_199_254_740_993_u64]}));
    let request = script.client().paging().search_numbers(&search);
    assert_eq!(walk(request.items()), (names(&["a", "b"]), COMPLETE));
    let requests = script.requests.lock().unwrap();
    let mut bodies = requests.iter().map(|request| {
        serde_json::from_slice::<Value>(request.body().as_bytes().unwrap()).unwrap()
    });
    let mut expected = json!({"token": "s3cr3t", "more": {"x": [9_007_199_254_740_993_u64]}});
    assert_eq!(bodies.next().as_ref(), Some(&expected));
    expected["paging"] = json!({"number": 2});
    assert_eq!(bodies.next().as_ref(), Some(&expected));
}

#[test]
fn a_request_that_has_no_body_gets_one_for_the_second_page_and_its_type() {
    let script = Script::of([json!({"entities": names(&["a"])}), json!({"entities": []})]);
    let request = script.client().paging().search_uncounted();
    assert_eq!(walk(request.items()), (names(&["a"]), PagesEnd::Empty));
    let requests = script.requests.lock().unwrap();
    assert_eq!(requests[0].body().as_bytes().unwrap(), "");
    assert_eq!(requests[0].headers().get("content-type"), None);
    assert_eq!(requests[1].body().as_bytes().unwrap(), r#"{"number":2}"#);
    assert_eq!(requests[1].headers()["content-type"], "application/json");
}

// Cursors that a page, its last entry or a body has.

#[test]
fn a_page_that_says_that_nothing_follows_is_the_last() {
    let page =
        |name: &str, more: bool| json!({"data": names(&[name]), "last_id": name, "has_more": more});
    let script = Script::of([page("a", true), page("b", false)]);
    let request = script.client().detected().list_by_last_id();
    assert_eq!(walk(request.items()), (names(&["a", "b"]), COMPLETE));
    let url = "GET https://api.example.com/base/after/last/id";
    assert_eq!(script.sent(), [url.to_owned(), format!("{url}?after=a")]);
}

#[test]
fn the_last_entry_leads_to_the_next_page() {
    let page = |ids: &[&str], more: bool| {
        let ids: Value = ids.iter().map(|id| json!({"id": id})).collect();
        json!({"data": ids, "has_more": more})
    };
    let script = Script::of([page(&["a", "b"], true), page(&["c"], false)]);
    let client = script.client();
    let request = || client.detected().list_after_entry();
    let (entries, end) = walk(request().items());
    assert_eq!(entries, json!([{"id": "a"}, {"id": "b"}, {"id": "c"}]));
    assert_eq!(end, COMPLETE);
    let url = "GET https://api.example.com/base/after/entry";
    let expected = [url.to_owned(), format!("{url}?starting_after=b")];
    assert_eq!(script.sent(), expected);
    // An entry with an empty id leads nowhere, which is an error and not the end.
    let script = Script::of([json!({"data": [{"id": "a"}, {"id": ""}], "has_more": true})]);
    let request = script.client().detected().list_after_entry();
    let error = refused_after_one(request.pages()).unwrap();
    assert!(
        error.is_page() && error.to_string().contains("`id`"),
        "{error}"
    );
}

#[test]
fn the_key_of_the_last_entry_can_be_nested_and_the_empty_page_ends_the_list() {
    let entry = |key: &str| json!({"meta": {"key.id": key}});
    let script = Script::of([json!([entry("a"), entry("b&c")]), json!([])]);
    let request = script.client().paging().list_after_entries();
    let (entries, end) = walk(request.items());
    assert_eq!(entries, json!([entry("a"), entry("b&c")]));
    assert_eq!(end, COMPLETE);
    assert!(script.sent()[1].ends_with("/entries?before.id=b%26c"));
}

#[test]
fn the_token_of_the_metadata_leads_on_until_it_is_empty() {
    let page =
        |name: &str, token: &str| json!({"items": names(&[name]), "metadata": {"continue": token}});
    let script = Script::of([page("a", "t+1"), page("b", "")]);
    let request = script.client().detected().list_continued();
    assert_eq!(walk(request.items()), (names(&["a", "b"]), COMPLETE));
    assert!(script.sent()[1].ends_with("/continued?continue=t%2B1"));
}

#[test]
fn an_index_that_starts_at_one_ends_at_the_total() {
    let page = |found: &[&str], start: u64| json!({"Resources": names(found), "startIndex": start, "totalResults": 3});
    let script = Script::of([page(&["a", "b"], 1), page(&["c"], 3)]);
    let request = script.client().detected().list_from_one();
    assert_eq!(walk(request.items()), (names(&["a", "b", "c"]), COMPLETE));
    assert!(script.sent()[1].ends_with("/from/one?startIndex=3"));
}

#[test]
fn a_cursor_in_the_body_replaces_the_one_before() {
    let page = |name: &str, token: Value| json!({"results": names(&[name]), "nextToken": token});
    let script = Script::of([
        page("a", json!("t1")),
        page("b", json!("t2")),
        page("c", Value::Null),
    ]);
    let client = script.client();
    let body: workspace_tests::detected::detected::SearchByCursorBody =
        serde_json::from_value(json!({"query": "q"})).unwrap();
    let request = client.detected().search_by_cursor(&body);
    assert_eq!(walk(request.items()), (names(&["a", "b", "c"]), COMPLETE));
    let requests = script.requests.lock().unwrap();
    let bodies = requests
        .iter()
        .map(|request| request.body().as_bytes().unwrap().to_vec());
    let bodies: Vec<Value> = bodies
        .map(|body| serde_json::from_slice(&body).unwrap())
        .collect();
    let expected = [
        json!({"query": "q"}),
        json!({"query": "q", "nextToken": "t1"}),
        json!({"query": "q", "nextToken": "t2"}),
    ];
    assert_eq!(bodies, expected);
}

#[test]
fn a_cursor_in_a_body_stops_where_the_page_says_so() {
    let page =
        |token: &str, more: bool| json!({"things": ["x"], "page": {"token": token, "more": more}});
    let script = Script::of([page("t1", true), page("t2", false)]);
    let request = script.client().paging().search_by_token();
    assert_eq!(walk(request.items()), (json!(["x", "x"]), COMPLETE));
    let requests = script.requests.lock().unwrap();
    assert_eq!(
        requests[1].body().as_bytes().unwrap(),
        r#"{"page":{"token":"t1"}}"#
    );
}

#[test]
fn links_under_names_with_dots_are_followed() {
    let page = |name: &str, link: Value| json!({"vaults": names(&[name]), "odata.more": link});
    let script = Script::of([
        page("a", json!("/base/pageable?p=2")),
        page("b", Value::Null),
    ]);
    let request = script.client().detected().list_pageable();
    assert_eq!(walk(request.items()), (names(&["a", "b"]), COMPLETE));
    let page = |link: Value| json!({"value": names(&["a"]), "@odata.nextLink": link});
    let script = Script::of([page(json!("/base/urls?p=2")), page(Value::Null)]);
    let request = script.client().detected().list_by_url();
    assert_eq!(walk(request.items()), (names(&["a", "a"]), COMPLETE));
}

// Links.

fn urls(next: impl Serialize) -> Value {
    json!({"urls": [{"url": "u"}], "next": next})
}

#[test]
fn a_link_is_followed_however_it_is_written() {
    for (link, expected) in [
        ("/urls?page=2&x=%C3%BC", "/base/urls?page=2&x=%C3%BC"),
        ("/base/urls?page=2#top", "/base/urls?page=2"),
        ("/basement?x", "/base/basement?x"),
        ("?page=2", "/base/urls?page=2"),
        (
            "https://api.example.com/base/urls?a=b/c?d",
            "/base/urls?a=b/c?d",
        ),
        ("HTTPS://API.EXAMPLE.COM:443/base/urls?p", "/base/urls?p"),
    ] {
        let script = Script::of([urls(link), urls(""), urls(Value::Null)]);
        let request = script.client().paging().list_urls();
        let expected = format!("GET https://api.example.com{expected}");
        let (entries, end) = walk(request.items());
        assert_eq!((entries.as_array().unwrap().len(), end), (2, COMPLETE));
        let first = "GET https://api.example.com/base/urls";
        assert_eq!(script.sent(), [first.to_owned(), expected], "{link}");
    }
}

#[test]
fn a_link_of_a_service_without_a_path_is_followed_to_the_letter() {
    for (link, expected) in [
        (
            "http://localhost:8080/urls?page=2",
            "http://localhost:8080/urls?page=2",
        ),
        (
            "http://localhost:8080?page=2&x=a/b",
            "http://localhost:8080/?page=2&x=a/b",
        ),
    ] {
        let script = Script::of([urls(link), urls(Value::Null)]);
        let client = script.client_at("http://localhost:8080/");
        walk(client.paging().list_urls().items());
        assert_eq!(script.sent()[1], format!("GET {expected}"));
    }
}

#[test]
fn the_link_of_a_header_leads_through_a_list_that_is_a_page() {
    let script = Script::default();
    let links = [
        r#"</base/links?page=1>; rel="prev", <https://api.example.com/base/links?c=a,b>; rel="next""#,
        r#"</links?page=3>; title="a; b"; REL="last next""#,
        r#"</links?page=1>; rel="first""#,
    ];
    for (link, name) in links.into_iter().zip(["a", "b", "c"]) {
        script.then(&names(&[name]), Some(link));
    }
    let request = script.client().paging().list_links();
    assert_eq!(walk(request.items()), (names(&["a", "b", "c"]), COMPLETE));
    let url = "GET https://api.example.com/base/links";
    let expected = [
        url.to_owned(),
        format!("{url}?c=a,b"),
        format!("{url}?page=3"),
    ];
    assert_eq!(script.sent(), expected);
}

#[test]
fn a_page_that_is_null_has_no_entries_and_may_lead_on() {
    let script = Script::default();
    script.then(&json!([1, null]), Some("</links/nullable?p=2>; rel=next"));
    script.then(&Value::Null, Some("</links/nullable?p=3>; rel=next"));
    script.then(&json!(["x"]), None);
    let request = script.client().paging().list_nullable_links();
    assert_eq!(walk(request.items()), (json!([1, null, "x"]), COMPLETE));
    let script = Script::default();
    for number in 2..5 {
        let link = format!("</links/nested?p={number}>; rel=next");
        script.then(&Value::Null, Some(&link));
    }
    let request = script.client().paging().list_nested_links();
    assert_eq!(walk(request.items()), (json!([]), PagesEnd::Empty));
    assert_eq!(script.sent().len(), 3);
}

#[test]
fn a_walk_by_links_goes_on_from_its_token() {
    let script = Script::of([urls("/base/urls?page=2"), urls(Value::Null)]);
    let request = || script.client().paging().list_urls();
    let mut pages = request().pages();
    wait(pages.try_next()).unwrap();
    let stored = pages.token().unwrap().to_string();
    // Without the path of the base URL, which another client may have otherwise.
    assert_eq!(stored, "link:/urls?page=2");
    assert!(!format!("{pages:?}").contains("urls"));
    walk(request().items().starting_at(stored.parse().unwrap()));
    assert!(script.sent()[1].ends_with("/base/urls?page=2"));
}

#[test]
fn links_that_lead_away_are_errors_and_nothing_is_sent() {
    for link in [
        "https://evil.example.com/base/urls?page=2",
        "https://api.example.com.evil.com/base/urls",
        "http://api.example.com/base/urls",
        "https://api.example.com:8443/base/urls",
        "https://user:pa55word@api.example.com/base/urls",
        "https://api.example.com@evil.example.com/base/urls",
        "https://[::1]/base/urls",
        "//evil.example.com/base/urls",
        "https:/base/urls",
        "javascript:alert(1)",
        "urls?page=2",
        "/base/../admin",
        // The HTTP client takes these for dots and slashes too.
        "/base/%2e%2E/admin",
        "/base/.%2e/admin",
        "/base/..\\..\\admin",
    ] {
        let in_header = Script::default();
        in_header.then(&names(&["a"]), Some(&format!("<{link}>; rel=next")));
        let in_url = Script::of([urls(link)]);
        let of_header = refused_after_one(in_header.client().paging().list_links().pages());
        let of_url = refused_after_one(in_url.client().paging().list_urls().pages());
        for (error, script) in [(of_header, in_header), (of_url, in_url)] {
            let error = error.unwrap_or_else(|| panic!("{link} is followed"));
            assert!(error.is_page() && !error.is_retryable(), "{link}: {error}");
            assert!(!format!("{error} {error:?}").contains("pa55word"));
            assert_eq!(script.sent().len(), 1, "{link}");
        }
    }
}

#[test]
fn a_key_is_not_taken_out_of_a_link_that_leads_away() {
    for link in [
        "https://evil.example.com/keys?after=a",
        "//evil/keys?after=a",
    ] {
        let script = Script::of([json!({"type": ["house"], "nextUri": link})]);
        let error = refused_after_one(script.client().paging().list_keys().pages());
        assert!(error.is_some_and(|error| error.is_page()), "{link}");
        assert_eq!(script.sent().len(), 1);
    }
    let link = "https://api.example.com/base/keys?after=a%26b";
    let page = |next: Value| json!({"type": ["house"], "nextUri": next});
    let script = Script::of([page(link.into()), page(Value::Null)]);
    walk(script.client().paging().list_keys().items());
    assert!(script.sent()[1].ends_with("/base/keys?after=a%26b"));
}

#[test]
fn what_a_link_repeats_of_the_query_is_sent_once() {
    let plain = "/base/urls?page=2";
    let repeating = "/base/urls?page=3&api_key=s3cr3t&flag=x";
    let script = Script::of([urls(plain), urls(repeating), urls(Value::Null)]);
    let client = workspace_tests::builder()
        .api_key(ApiKeyPlace::Query, "api_key", "s3cr3t")
        .transport(script.clone())
        .build()
        .unwrap();
    let options = RequestOptions::new().with_query("flag", "x");
    let request = client.paging().list_urls().with_options(options);
    walk(request.items());
    let url = "GET https://api.example.com/base/urls?";
    assert_eq!(
        script.sent(),
        [
            format!("{url}api_key=s3cr3t&flag=x"),
            format!("{url}page=2&api_key=s3cr3t&flag=x"),
            format!("{url}page=3&api_key=s3cr3t&flag=x"),
        ]
    );
}
