//! Lists that come in pages: each style with an operation that has it. `pages/stream.rs` has what
//! does not depend on the style.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[path = "pages/stream.rs"]
mod stream;
mod support;

use genesys_cloud_users::{
    PageToken, PagesEnd, RequestOptions,
    models::{
        PagingSpec, UserActivityQuery, UserActivityQueryMetric, UserDetailsQuery, UserSearchRequest,
    },
    users::GetUsersState,
};
use http::{HeaderName, HeaderValue};
use serde_json::json;
use support::{
    Server, TOKEN, ok,
    pages::{NONE, page, three_pages, walk},
};

// By the number of a page in the query.

#[tokio::test]
async fn page_numbers_go_up_to_the_page_count_and_keep_the_query() {
    let server = Server::deciding(three_pages).await;
    let request = server.users().get_users().page_size(2);
    let mut pages = request.state(GetUsersState::from("half asleep")).pages();
    assert_eq!(walk(&mut pages).await.unwrap(), ["1,2", "3,4", "5,6"]);
    assert_eq!(pages.end(), Some(PagesEnd::Complete));
    assert_eq!(pages.token(), None);
    let line = "GET /api/v2/users?pageSize=2&state=half%20asleep";
    assert_eq!(
        server.lines(),
        [
            line.to_owned(),
            format!("{line}&pageNumber=2"),
            format!("{line}&pageNumber=3"),
        ]
    );
}

#[tokio::test]
async fn a_list_begins_at_the_page_its_request_asks_for() {
    let server = Server::deciding(three_pages).await;
    let mut pages = server.users().get_users().page_number(2).pages();
    assert_eq!(walk(&mut pages).await.unwrap(), ["3,4", "5,6"]);
    let numbers = [2, 3].map(|number| format!("GET /api/v2/users?pageNumber={number}"));
    assert_eq!(server.lines(), numbers);
}

#[tokio::test]
async fn numbered_pages_without_a_count_end_at_the_first_empty_one() {
    let server = Server::deciding(|request| match request.query("pageNumber") {
        "" => page("entities", 1..=2, json!({})),
        "2" => page("entities", 3..=3, json!({})),
        _ => page("entities", NONE, json!({})),
    })
    .await;
    let mut pages = server.users().get_users().pages();
    assert_eq!(walk(&mut pages).await.unwrap(), ["1,2", "3"]);
    assert_eq!(pages.end(), Some(PagesEnd::Empty));
    assert_eq!(server.requests().len(), 3);
    // An empty list has one page all the same.
    let server = Server::playing(ok(r#"{"entities":[]}"#)).await;
    let mut pages = server.users().get_users().pages();
    assert_eq!(walk(&mut pages).await.unwrap(), [""]);
    assert_eq!(pages.end(), Some(PagesEnd::Empty));
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn a_page_count_of_none_beside_entries_is_not_believed() {
    let server = Server::deciding(|request| match request.query("pageNumber") {
        "" => page("entities", 1..=2, json!({"pageCount": 0})),
        _ => page("entities", NONE, json!({"pageCount": 0})),
    })
    .await;
    let mut pages = server.users().get_users().pages();
    assert_eq!(walk(&mut pages).await.unwrap(), ["1,2"]);
    assert_eq!(pages.end(), Some(PagesEnd::Complete));
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn numbered_pages_of_a_post_keep_its_body() {
    let server = Server::deciding(|request| match request.query("pageNumber") {
        "" => page("results", 1..=1, json!({})),
        "2" => page("results", 2..=2, json!({})),
        _ => page("results", NONE, json!({})),
    })
    .await;
    let body = UserActivityQuery::new([UserActivityQueryMetric::default()], []);
    let request = server.users().post_analytics_users_activity_query(&body);
    let mut pages = request.page_size(1).pages();
    assert_eq!(walk(&mut pages).await.unwrap(), ["1", "2"]);
    let line = "POST /api/v2/analytics/users/activity/query?pageSize=1";
    let numbered = |number| format!("{line}&pageNumber={number}");
    assert_eq!(server.lines(), [line.to_owned(), numbered(2), numbered(3)]);
    for request in server.requests() {
        assert_eq!(request.body, r#"{"groupBy":[],"metrics":[{}]}"#);
        assert_eq!(request.header("content-type"), Some("application/json"));
    }
}

#[tokio::test]
async fn every_page_gets_the_options_of_the_request() {
    let server = Server::deciding(three_pages).await;
    let options = RequestOptions::new()
        .with_header(
            HeaderName::from_static("x-trace"),
            HeaderValue::from_static("t-1"),
        )
        .with_query("flag", "a b");
    let request = server.users().get_users().with_options(options);
    assert_eq!(walk(&mut request.pages()).await.unwrap().len(), 3);
    let bearer = format!("Bearer {TOKEN}");
    for request in server.requests() {
        assert_eq!(request.header("x-trace"), Some("t-1"));
        assert_eq!(request.query("flag"), "a%20b");
        assert_eq!(request.header("authorization"), Some(bearer.as_str()));
    }
}

// By the number of a page in the body.

#[tokio::test]
async fn a_page_number_in_the_body_goes_up_to_the_page_count() {
    let server = Server::deciding(|request| {
        let number = request.json()["pageNumber"].as_u64().unwrap_or(1) as u32;
        page("results", number..=number, json!({"pageCount": 5}))
    })
    .await;
    let body = UserSearchRequest::default()
        .with_page_number(4)
        .with_sort_by("näme");
    let mut pages = server.users().post_users_search(&body).pages();
    assert_eq!(walk(&mut pages).await.unwrap(), ["4", "5"]);
    assert_eq!(pages.end(), Some(PagesEnd::Complete));
    let bodies: Vec<_> = server
        .requests()
        .iter()
        .map(support::Recorded::json)
        .collect();
    let expected = [4, 5].map(|number| json!({"pageNumber": number, "sortBy": "näme"}));
    assert_eq!(bodies, expected);
    for request in server.requests() {
        assert_eq!(request.line, "POST /api/v2/users/search");
        let length = request.body.len().to_string();
        assert_eq!(request.header("content-length"), Some(length.as_str()));
    }
}

#[tokio::test]
async fn a_page_number_deep_in_the_body_is_set_where_it_belongs() {
    let server = Server::deciding(|request| {
        let number = request.json()["paging"]["pageNumber"].as_u64().unwrap_or(1) as u32;
        match number {
            1..=3 => page("userDetails", number..=number, json!({})),
            _ => page("userDetails", NONE, json!({})),
        }
    })
    .await;
    let body = || UserDetailsQuery::new("2024-01-01/2024-01-02");
    let sent = |paging: serde_json::Value| {
        let mut sent = json!({"interval": "2024-01-01/2024-01-02"});
        if !paging.is_null() {
            sent["paging"] = paging;
        }
        sent
    };
    let users = server.users();
    let body = |paging: Option<PagingSpec>| match paging {
        Some(paging) => body().with_paging(paging),
        None => body(),
    };
    let second = body(Some(PagingSpec::new(7, 2)));
    let mut pages = users.post_analytics_users_details_query(&second).pages();
    assert_eq!(walk(&mut pages).await.unwrap(), ["2", "3"]);
    assert_eq!(pages.end(), Some(PagesEnd::Empty));
    let without = body(None);
    let mut pages = users.post_analytics_users_details_query(&without).pages();
    assert_eq!(walk(&mut pages).await.unwrap(), ["1", "2", "3"]);
    let bodies: Vec<_> = server
        .requests()
        .iter()
        .map(support::Recorded::json)
        .collect();
    let sized = |number| sent(json!({"pageNumber": number, "pageSize": 7}));
    let bare = |number| sent(json!({"pageNumber": number}));
    let nothing = sent(serde_json::Value::Null);
    assert_eq!(
        bodies,
        [
            sized(2),
            sized(3),
            sized(4),
            nothing,
            bare(2),
            bare(3),
            bare(4)
        ]
    );
}

// By a cursor.

#[tokio::test]
async fn a_cursor_leads_from_page_to_page_until_there_is_none() {
    let server = Server::deciding(|request| match request.query("cursor") {
        "" => page("userDetails", 1..=2, json!({"cursor": "a/b+c=&ü"})),
        "a%2Fb%2Bc%3D%26%C3%BC" => page("userDetails", NONE, json!({"cursor": "2"})),
        "2" => page("userDetails", 3..=3, json!({"cursor": null})),
        other => panic!("{other} is no cursor"),
    })
    .await;
    let request = server
        .users()
        .get_analytics_users_details_job_results("j 1");
    let mut pages = request.page_size(2).pages();
    // A page that is empty by the service's filters ends nothing.
    assert_eq!(walk(&mut pages).await.unwrap(), ["1,2", "", "3"]);
    assert_eq!(pages.end(), Some(PagesEnd::Complete));
    let line = "GET /api/v2/analytics/users/details/jobs/j%201/results?pageSize=2";
    assert_eq!(server.lines()[0], line);
    assert_eq!(server.lines()[2], format!("{line}&cursor=2"));
}

#[tokio::test]
async fn three_empty_pages_in_a_row_end_a_list_by_cursor() {
    let server = Server::deciding(|request| {
        let number = request.query("cursor").parse().unwrap_or(0);
        let ids = if number == 2 { 1..=1 } else { NONE };
        page(
            "userDetails",
            ids,
            json!({"cursor": (number + 1).to_string()}),
        )
    })
    .await;
    let request = server.users().get_analytics_users_details_job_results("j");
    let mut pages = request.pages();
    let walked = walk(&mut pages).await.unwrap();
    assert_eq!(walked, ["", "", "1", "", "", ""]);
    assert_eq!(pages.end(), Some(PagesEnd::Empty));
    assert_eq!((pages.token(), server.requests().len()), (None, 6));
}

#[tokio::test]
async fn a_cursor_that_comes_again_ends_the_list() {
    let server = Server::deciding(|request| match request.query("cursor") {
        "" => page("userDetails", 1..=1, json!({"cursor": "2"})),
        "2" => page("userDetails", 2..=2, json!({"cursor": "3"})),
        _ => page("userDetails", 3..=3, json!({"cursor": "2"})),
    })
    .await;
    let request = server.users().get_analytics_users_details_job_results("j");
    let mut pages = request.pages();
    assert_eq!(walk(&mut pages).await.unwrap(), ["1", "2", "3"]);
    assert_eq!(pages.end(), Some(PagesEnd::Repeated));
    assert_eq!(server.requests().len(), 3);
}

#[tokio::test]
async fn a_cursor_that_leads_to_its_own_page_gives_that_page_once() {
    let server = Server::playing(page("userDetails", 1..=1, json!({"cursor": "c"}))).await;
    let token: PageToken = "cursor:c".parse().unwrap();
    let job = |users: genesys_cloud_users::users::Users| {
        users.get_analytics_users_details_job_results("j")
    };
    let stored = job(server.users()).pages().starting_at(token);
    let given = job(server.users()).cursor("c").pages();
    for (way, mut pages) in [("stored", stored), ("given", given)] {
        assert_eq!(walk(&mut pages).await.unwrap(), ["1"], "{way}");
        assert_eq!(pages.end(), Some(PagesEnd::Repeated), "{way}");
    }
}

#[tokio::test]
async fn a_search_goes_on_with_the_query_that_each_page_has_for_the_next() {
    let server = Server::deciding(|request| match request.query("q64") {
        "Zmlyc3Q%3D" => page("results", 1..=1, json!({"nextPage": "c2Vjb25k+/="})),
        "c2Vjb25k%2B%2F%3D" => page("results", 2..=2, json!({"nextPage": ""})),
        other => panic!("{other} is no query"),
    })
    .await;
    let request = server.users().get_users_search("Zmlyc3Q=");
    let mut pages = request.expand(["presence"]).pages();
    assert_eq!(walk(&mut pages).await.unwrap(), ["1", "2"]);
    assert_eq!(pages.end(), Some(PagesEnd::Complete));
    assert_eq!(
        server.lines()[1],
        "GET /api/v2/users/search?expand=presence&q64=c2Vjb25k%2B%2F%3D"
    );
}

// By a key in a link.

#[tokio::test]
async fn the_key_to_go_on_after_is_taken_out_of_the_link() {
    let host = "127.0.0.1";
    let server = Server::deciding(move |request| {
        let authority = request.header("host").unwrap();
        assert!(authority.starts_with(host));
        let next = match request.query("after") {
            "" => "/api/v2/users/u/skillgroups?pageSize=9&after=a%2Bb%3D&x=1".to_owned(),
            "a%2Bb%3D" => format!("HTTP://{authority}/elsewhere?after=c+d#after=e"),
            "c%20d" => "/api/v2/users/u/skillgroups?pageSize=9".to_owned(),
            other => panic!("{other} is no key"),
        };
        let id = request.query("after").len() as u32;
        page("entities", id..=id, json!({"nextUri": next}))
    })
    .await;
    let request = server.users().get_user_skillgroups("u").page_size(1);
    let mut pages = request.pages();
    assert_eq!(walk(&mut pages).await.unwrap(), ["0", "8", "5"]);
    assert_eq!(pages.end(), Some(PagesEnd::Complete));
    // Of the link only the key is used.
    let line = "GET /api/v2/users/u/skillgroups?pageSize=1";
    assert_eq!(
        server.lines(),
        [
            line.to_owned(),
            format!("{line}&after=a%2Bb%3D"),
            format!("{line}&after=c%20d"),
        ]
    );
}

#[tokio::test]
async fn a_link_to_another_host_is_an_error_and_nothing_is_sent_there() {
    let other = Server::playing(ok("{}")).await;
    for start in [other.url(), "//localhost".to_owned(), "ftp://x".to_owned()] {
        let next = format!("{start}/api/v2/users/u/skillgroups?after=a");
        let server = Server::playing(page("entities", 1..=1, json!({"nextUri": next}))).await;
        let mut pages = server.users().get_user_skillgroups("u").pages();
        // The page itself is as good as any.
        assert!(pages.try_next().await.unwrap().is_some());
        let error = pages.try_next().await.unwrap_err();
        assert!(error.is_page() && !error.is_retryable(), "{error}");
        assert_eq!(error.operation(), Some("getUserSkillgroups"));
        assert!(pages.try_next().await.unwrap().is_none());
        assert_eq!((pages.token(), pages.end()), (None, None));
        assert_eq!(server.requests().len(), 1);
    }
    assert_eq!(other.connections(), 0);
}

// Whatever the style.

#[tokio::test]
async fn a_service_that_answers_with_the_same_page_for_ever_is_asked_twice_at_most() {
    let page = json!({
        "entities": [{"id": "1"}], "results": [{"id": "1"}], "userDetails": [{"id": "1"}],
        "cursor": "c", "nextPage": "q", "nextUri": "/x?after=1",
    });
    let server = Server::playing(ok(&page.to_string())).await;
    let users = server.users();
    let search = UserSearchRequest::default();
    let details = UserDetailsQuery::new("2024-01-01/2024-01-02");
    let activity = UserActivityQuery::new([], []);
    let mut asked = 0;
    macro_rules! check {
        ($request:expr, $pages:literal) => {
            let mut pages = $request.pages();
            assert_eq!(walk(&mut pages).await.unwrap(), ["1"; $pages]);
            assert_eq!(pages.end(), Some(PagesEnd::Repeated));
            asked += 2;
            assert_eq!(server.requests().len(), asked);
        };
    }
    // The second page is known by its text, and not handed out.
    check!(users.get_users(), 1);
    check!(users.post_users_search(&search), 1);
    check!(users.post_analytics_users_details_query(&details), 1);
    check!(users.post_analytics_users_activity_query(&activity), 1);
    // The second page is known by its cursor, which says nothing of what is on it.
    check!(users.get_analytics_users_details_job_results("j"), 2);
    check!(users.get_users_search("q0"), 2);
    check!(users.get_user_skillgroups("u"), 2);
}

#[tokio::test]
async fn three_pages_in_a_row_with_the_same_entries_end_a_list_whatever_else_differs() {
    let server = Server::deciding(|request| {
        let number = match (request.query("pageNumber"), request.query("cursor")) {
            ("", "") => 1,
            (number, cursor) => format!("{number}{cursor}").parse::<u32>().unwrap(),
        };
        // One page differs, so that five come before there are three alike in a row.
        let id = if number == 3 { 7 } else { 1 };
        let rest = json!({"pageNumber": number, "cursor": (number + 1).to_string()});
        match request.line.contains("/jobs/") {
            true => page("userDetails", id..=id, rest),
            false => page("entities", id..=id, rest),
        }
    })
    .await;
    let users = server.users();
    let expected = ["1", "1", "7", "1", "1", "1"];
    let mut pages = users.get_users().pages();
    assert_eq!(walk(&mut pages).await.unwrap(), expected);
    assert_eq!(pages.end(), Some(PagesEnd::Repeated));
    let request = users.get_analytics_users_details_job_results("j");
    let mut pages = request.pages();
    assert_eq!(walk(&mut pages).await.unwrap(), expected);
    assert_eq!(pages.end(), Some(PagesEnd::Repeated));
}
