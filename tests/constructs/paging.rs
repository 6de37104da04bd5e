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
