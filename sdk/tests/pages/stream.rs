//! Streams of pages, independent of the paging style.

use std::{
    future::poll_fn,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use futures_core::Stream;
use futures_util::{StreamExt, TryStreamExt};
use genesys_cloud_users::{
    AccessToken, Client, Items, PageToken, Pages, PagesEnd, RetryPolicy, TokenFuture, TokenSource,
    models::{User, UserEntityListing},
};
use http::StatusCode;
use serde_json::json;
use tokio::time::timeout;

use super::support::{
    Recorded, Server, Step, ok,
    pages::{NONE, entries, ids, ids_on, page, three_pages, walk},
    pause, reply,
};

type UserPages = Pages<UserEntityListing, User>;
type UserItems = Items<UserEntityListing, User>;

/// All entries, up to the end or an error.
async fn all(items: &mut UserItems) -> Vec<String> {
    let mut got = Vec::new();
    while let Ok(Some(user)) = items.try_next().await {
        got.push(user);
    }
    ids(&got)
}

/// Answers the `failing`th request with an error, all others as `getUsers` should be.
async fn server_failing_at(failing: usize) -> Server {
    let asked = AtomicUsize::new(0);
    Server::deciding(move |request| {
        if asked.fetch_add(1, Ordering::SeqCst) + 1 == failing {
            reply("500 Oops", r#"{"code":"oops"}"#)
        } else {
            three_pages(request)
        }
    })
    .await
}

#[tokio::test]
async fn items_are_the_entries_of_all_pages_in_their_order() {
    let server = Server::deciding(|request| match request.query("pageNumber") {
        "" => page("entities", 1..=3, json!({"pageCount": 4})),
        "2" => ok(r#"{"entities":[{"id":"4"}],"pageCount":4}"#),
        "3" => page("entities", 5..=6, json!({"pageCount": 4})),
        _ => ok(r#"{"pageCount":4}"#),
    })
    .await;
    let mut items = server.users().get_users().items();
    assert_eq!(all(&mut items).await, ["1", "2", "3", "4", "5", "6"]);
    assert_eq!(items.end(), Some(PagesEnd::Complete));
    assert_eq!(items.token(), None);
    assert!(items.try_next().await.unwrap().is_none());
    assert_eq!(server.requests().len(), 4);
}

#[tokio::test]
async fn a_page_is_asked_for_when_it_is_wanted() {
    let server = Server::deciding(three_pages).await;
    let mut items = server.users().get_users().items();
    for (asked, got) in [(0, "1"), (1, "2"), (1, "3"), (2, "4"), (2, "5"), (3, "6")] {
        // Time enough for a request that nobody wants.
        tokio::time::sleep(Duration::from_millis(10)).await;
        assert_eq!(server.requests().len(), asked);
        let user = items.try_next().await.unwrap().unwrap();
        assert_eq!(user.id.as_deref(), Some(got));
    }
    // The third page said that it is the last.
    assert!(items.try_next().await.unwrap().is_none());
    assert_eq!(server.requests().len(), 3);
}

#[tokio::test]
async fn both_are_streams() {
    let server = Server::deciding(three_pages).await;
    let users = server.users();
    let pages: Vec<UserEntityListing> = users.get_users().pages().try_collect().await.unwrap();
    assert_eq!(
        pages.iter().map(ids_on).collect::<Vec<_>>(),
        ["1,2", "3,4", "5,6"]
    );
    let items = users.get_users().look_ahead_items();
    let items: Vec<User> = items.skip(1).take(4).try_collect().await.unwrap();
    assert_eq!(ids(&items), ["2", "3", "4", "5"]);
    // Without any crate of combinators.
    let mut pages = Box::pin(users.get_users().pages());
    let page = poll_fn(|context| Pin::as_mut(&mut pages).poll_next(context)).await;
    assert_eq!(ids_on(&page.unwrap().unwrap()), "1,2");
}

trait LookAhead {
    fn look_ahead_items(self) -> UserItems;
}

impl LookAhead for genesys_cloud_users::users::GetUsers {
    fn look_ahead_items(self) -> UserItems {
        self.items().look_ahead()
    }
}

// Errors, and going on after them.

#[tokio::test]
async fn an_error_ends_the_walk_and_the_token_tells_where_to_go_on() {
    for looks_ahead in [false, true] {
        let server = server_failing_at(3).await;
        let request = || server.users().get_users();
        let mut pages = request().pages();
        if looks_ahead {
            pages = pages.look_ahead();
        }
        assert_eq!(pages.token().unwrap().to_string(), "start");
        assert_eq!(ids_on(&pages.try_next().await.unwrap().unwrap()), "1,2");
        assert_eq!(pages.token().unwrap().to_string(), "page:2");
        assert_eq!(ids_on(&pages.try_next().await.unwrap().unwrap()), "3,4");
        let error = pages.try_next().await.unwrap_err();
        assert_eq!(error.status(), Some(StatusCode::INTERNAL_SERVER_ERROR));
        assert!(pages.try_next().await.unwrap().is_none());
        assert_eq!(pages.end(), None);
        assert_eq!(server.requests().len(), 3);
        let stored = pages.token().unwrap().to_string();
        let mut rest = request().pages().starting_at(stored.parse().unwrap());
        assert_eq!(rest.token(), pages.token());
        assert_eq!(walk(&mut rest).await.unwrap(), ["5,6"]);
    }
}

#[tokio::test]
async fn entries_go_on_after_an_error_without_loss_or_repetition() {
    for failing in 1..=3 {
        let server = server_failing_at(failing).await;
        let mut items = server.users().get_users().items().look_ahead();
        let mut got = all(&mut items).await;
        assert_eq!(got.len(), 2 * (failing - 1));
        let token: PageToken = items.token().unwrap().to_string().parse().unwrap();
        let mut rest = server.users().get_users().items().starting_at(token);
        got.append(&mut all(&mut rest).await);
        assert_eq!(got, ["1", "2", "3", "4", "5", "6"]);
    }
}

#[tokio::test]
async fn the_token_in_the_middle_of_a_page_is_that_of_the_page() {
    let server = Server::deciding(three_pages).await;
    for looks_ahead in [false, true] {
        let mut items = server.users().get_users().items();
        if looks_ahead {
            items = items.look_ahead();
        }
        let mut tokens = vec![items.token().map(ToString::to_string)];
        while items.try_next().await.unwrap().is_some() {
            tokens.push(items.token().map(ToString::to_string));
        }
        let expected = ["start", "start", "page:2", "page:2", "page:3", "page:3"];
        let expected = expected.map(str::to_owned).map(Some);
        assert_eq!(tokens, [&expected[..], &[None]].concat());
    }
}

#[tokio::test]
async fn a_walk_by_cursor_goes_on_from_its_token() {
    let server = Server::deciding(|request| match request.query("cursor") {
        "" => page("userDetails", 1..=1, json!({"cursor": "a:b/ü"})),
        "a%3Ab%2F%C3%BC" => page("userDetails", 2..=2, json!({})),
        other => panic!("{other} is no cursor"),
    })
    .await;
    let request = || server.users().get_analytics_users_details_job_results("j");
    let mut pages = request().pages();
    pages.try_next().await.unwrap();
    let stored = pages.token().unwrap().to_string();
    assert_eq!(stored, "cursor:a:b/ü");
    // A cursor can hold values of the request, which no log should have.
    assert!(!format!("{pages:?} {:?}", pages.token()).contains("a:b"));
    let mut rest = request().pages().starting_at(stored.parse().unwrap());
    assert_eq!(walk(&mut rest).await.unwrap(), ["2"]);
}

#[tokio::test]
async fn a_walk_can_be_begun_again_at_any_time() {
    let server = Server::deciding(three_pages).await;
    let mut items = server.users().get_users().items().look_ahead();
    items.try_next().await.unwrap();
    let mut items = items.starting_at("page:3".parse().unwrap());
    assert_eq!(all(&mut items).await, ["5", "6"]);
    let mut items = items.starting_at("start".parse().unwrap());
    assert_eq!((items.end(), all(&mut items).await.len()), (None, 6));
}

#[tokio::test]
async fn tokens_survive_being_written_down_and_nothing_else_is_read() {
    for text in ["start", "page:7", "offset:0", "cursor:a:b ü", "link:/a?b=c"] {
        let token: PageToken = text.parse().unwrap();
        assert_eq!(token.to_string(), text);
        assert_eq!(token, text.parse().unwrap());
    }
    for text in [
        "", "page", "page:-1", "page:x", "cursor:", "link:a", "LINK:/a", "x",
    ] {
        let error = text.parse::<PageToken>().unwrap_err();
        assert!(!error.to_string().is_empty(), "{text}");
    }
}

#[tokio::test]
async fn a_token_of_another_list_is_an_error_and_nothing_is_sent() {
    let server = Server::playing(ok("{}")).await;
    let users = server.users();
    for text in ["cursor:2", "offset:2", "link:/api/v2/users"] {
        let mut pages = users.get_users().pages().starting_at(text.parse().unwrap());
        let error = pages.try_next().await.unwrap_err();
        assert!(error.is_page() && !error.is_request(), "{error}");
        assert_eq!(error.operation(), Some("getUsers"));
        assert!(pages.try_next().await.unwrap().is_none());
    }
    let search = users.get_users_search("q").pages();
    let error = search
        .starting_at("page:2".parse().unwrap())
        .try_next()
        .await;
    assert!(error.unwrap_err().is_page());
    // A request that cannot be sent says so itself.
    let error = users.get_user_skillgroups("..").pages().try_next().await;
    assert!(error.unwrap_err().is_request());
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn a_page_that_does_not_decode_ends_the_walk() {
    let server = Server::deciding(|request| match request.query("pageNumber") {
        "" => page("entities", 1..=1, json!({})),
        _ => reply("200 OK\nContent-Type: text/html", "<html>"),
    })
    .await;
    let mut items = server.users().get_users().items();
    items.try_next().await.unwrap().unwrap();
    let error = items.try_next().await.unwrap_err();
    assert!(error.is_decode() && !error.is_page(), "{error}");
    assert_eq!(error.body().unwrap(), "<html>");
    assert_eq!(items.token().unwrap().to_string(), "page:2");
    assert!(items.try_next().await.unwrap().is_none());
    assert_eq!(server.requests().len(), 2);
}

/// Hands out `token-1`, `token-2` and so on.
#[derive(Default)]
struct Counting(Arc<AtomicUsize>);

impl TokenSource for Counting {
    fn fetch(&self) -> TokenFuture<'_> {
        let number = self.0.fetch_add(1, Ordering::SeqCst) + 1;
        Box::pin(async move { Ok(AccessToken::new(format!("token-{number}"))) })
    }
}

#[tokio::test]
async fn every_page_gets_retries_and_a_token_that_is_good() {
    let failures = AtomicUsize::new(0);
    let server = Server::deciding(move |request| {
        let is_stale = request.header("authorization") == Some("Bearer token-1");
        match request.query("pageNumber") {
            "2" if is_stale => reply("401 Unauthorized", ""),
            "3" if failures.fetch_add(1, Ordering::SeqCst) < 2 => reply("503 Busy", ""),
            _ => three_pages(request),
        }
    })
    .await;
    let retry = RetryPolicy::new().with_initial_backoff(Duration::from_millis(1));
    let builder = server.builder().retry(retry);
    let client = builder.token_source(Counting::default()).build().unwrap();
    let mut pages = client.users().get_users().pages();
    assert_eq!(walk(&mut pages).await.unwrap(), ["1,2", "3,4", "5,6"]);
    let sent = |request: &Recorded| {
        let token = request.header("authorization").unwrap();
        format!("{}@{token}", request.query("pageNumber"))
    };
    assert_eq!(
        server.requests().iter().map(sent).collect::<Vec<_>>(),
        [
            "@Bearer token-1",
            "2@Bearer token-1",
            "2@Bearer token-2",
            "3@Bearer token-2",
            "3@Bearer token-2",
            "3@Bearer token-2",
        ]
    );
}

// Looking ahead, and giving up.

#[tokio::test]
async fn looking_ahead_asks_for_the_next_page_while_one_is_used() {
    let server = Server::deciding(three_pages).await;
    let mut pages = server.users().get_users().pages().look_ahead();
    // Not before anything is wanted.
    tokio::time::sleep(Duration::from_millis(20)).await;
    assert_eq!(server.requests().len(), 0);
    let mut walked = Vec::new();
    for asked in [2, 3, 3] {
        walked.push(ids_on(&pages.try_next().await.unwrap().unwrap()));
        timeout(Duration::from_secs(10), server.has_read(asked))
            .await
            .expect("the next page is asked for");
        // One page ahead, and no more.
        tokio::time::sleep(Duration::from_millis(20)).await;
        assert_eq!(server.requests().len(), asked);
    }
    assert_eq!(walked, ["1,2", "3,4", "5,6"]);
    assert!(pages.try_next().await.unwrap().is_none());
}

#[tokio::test]
async fn dropping_the_pages_gives_up_the_one_asked_for_ahead() {
    // Whoever still waits for the second page asks for it again after a while.
    let server = Server::deciding(|request| match request.query("pageNumber") {
        "" => page("entities", 1..=1, json!({})),
        _ => [vec![pause(100)], reply("503 Busy", "")].concat(),
    })
    .await;
    let retry = RetryPolicy::new().with_initial_backoff(Duration::ZERO);
    let client = server.builder().retry(retry).build().unwrap();
    let start = || async {
        let mut pages: UserPages = client.users().get_users().pages().look_ahead();
        pages.try_next().await.unwrap();
        pages
    };
    let pages = start().await;
    server.has_read(2).await;
    drop(pages);
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!(server.requests().len(), 2);
    // To be sure that it would have.
    let pages = start().await;
    server.has_read(5).await;
    drop(pages);
}

#[tokio::test]
async fn nothing_is_lost_or_sent_twice_when_waiting_is_broken_off() {
    let server = Server::deciding(|request| [vec![pause(80)], three_pages(request)].concat()).await;
    for looks_ahead in [false, true] {
        let before = server.requests().len();
        let mut items = server.users().get_users().items();
        if looks_ahead {
            items = items.look_ahead();
        }
        let (mut got, mut broken_off) = (Vec::new(), 0);
        loop {
            match timeout(Duration::from_millis(15), items.try_next()).await {
                Err(_) => broken_off += 1,
                Ok(Ok(Some(user))) => got.push(user),
                Ok(Ok(None)) => break,
                Ok(Err(error)) => panic!("{error}"),
            }
        }
        assert_eq!(ids(&got), ["1", "2", "3", "4", "5", "6"]);
        assert!(broken_off >= 6, "{broken_off}");
        assert_eq!(server.requests().len() - before, 3);
    }
}

#[tokio::test]
async fn pages_can_be_sent_to_another_task_and_dropped_at_any_time() {
    let server = Server::deciding(|request| match request.query("pageNumber") {
        "" => three_pages(request),
        _ => vec![Step::Hang],
    })
    .await;
    let mut pages = server.users().get_users().pages();
    pages.try_next().await.unwrap();
    let task = tokio::spawn(async move { pages.try_next().await });
    server.has_read(2).await;
    task.abort();
    assert!(task.await.unwrap_err().is_cancelled());
    // The client goes on to work.
    let mut pages = server.users().get_users().pages();
    assert_eq!(ids_on(&pages.try_next().await.unwrap().unwrap()), "1,2");
}

#[test]
fn a_page_asked_for_ahead_on_a_runtime_that_is_gone_is_an_error_and_no_wait() {
    let runtime = || {
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap()
    };
    let (first, second) = (runtime(), runtime());
    let server = second.block_on(Server::deciding(three_pages));
    // The server plays on the second runtime, so the first one waits for it on a thread.
    let client: Client = server.client();
    let mut pages = client.users().get_users().pages().look_ahead();
    let (done, stop) = tokio::sync::oneshot::channel::<()>();
    let serving = std::thread::spawn(move || {
        let _ = second.block_on(stop);
        second
    });
    let page = first.block_on(pages.try_next()).unwrap().unwrap();
    assert_eq!(ids_on(&page), "1,2");
    drop(first);
    done.send(()).unwrap();
    let second = serving.join().unwrap();
    let ended = async { timeout(Duration::from_secs(2), pages.try_next()).await };
    let ended = second
        .block_on(ended)
        .expect("an answer, not a wait for ever");
    assert!(ended.is_err());
    assert_eq!(pages.token().unwrap().to_string(), "page:2");
    let _ = entries(NONE);
}
