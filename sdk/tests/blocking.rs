//! Calls that block the thread: from threads that know nothing of async, and from inside it.

#![cfg(feature = "blocking")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use std::{
    sync::{Arc, Barrier},
    thread,
    time::{Duration, Instant},
};

use genesys_cloud_users::{
    AccessToken, Client, PagesEnd, RequestOptions, Result, RetryPolicy, TokenError, TokenFuture,
    TokenSource, block_on,
    models::{UpdateUser, User},
};
use support::{
    Server, Step, TOKEN,
    background::deciding,
    ok,
    pages::{ids, ids_on, three_pages},
    pause, raw, reply,
};

/// Asks for the user `u-1` and blocks the thread meanwhile.
fn get(client: &Client) -> Result<User> {
    client.users().get_user("u-1").send_blocking()
}

fn server() -> Server {
    deciding(|_| ok(r#"{"id":"u-1"}"#))
}

/// A client with a timeout, so that a blocked test fails.
fn impatient(server: &Server) -> Client {
    let builder = server.builder().timeout(Duration::from_secs(3));
    builder.build().unwrap()
}

// From threads that know nothing of async.

#[test]
fn a_call_returns_what_came() {
    let server = server();
    let client = server.client();
    // An unpark from elsewhere is no answer.
    thread::current().unpark();
    assert_eq!(get(&client).unwrap().id.as_deref(), Some("u-1"));
    let change = UpdateUser::new(1);
    let request = client.users().patch_user("u-1", &change);
    request.send_blocking().unwrap();
    let requests = server.requests();
    let bearer = format!("Bearer {TOKEN}");
    assert_eq!(requests[0].header("authorization"), Some(bearer.as_str()));
    assert_eq!(requests[1].line, "PATCH /api/v2/users/u-1");
    assert_eq!(requests[1].body, r#"{"version":1}"#);
    // The connection is kept from call to call.
    assert_eq!(server.connections(), 1);
}

#[test]
fn an_operation_without_a_body_returns_nothing() {
    let server = deciding(|_| reply("204 None", ""));
    let request = server.users().delete_user_routingskill("u", "s");
    let () = request.send_blocking().unwrap();
}

#[test]
fn errors_are_those_of_calls_that_do_not_block() {
    let server = deciding(|request| match request.line.rsplit('/').next() {
        Some("gone") => reply("404 Not Found", r#"{"code":"not.found"}"#),
        Some("html") => ok("<html>"),
        Some("cut") => vec![raw("HTTP/1.1 200"), Step::Close],
        _ => vec![Step::Hang],
    });
    let users = server.users();
    let fail = |id: &str| users.get_user(id).send_blocking().unwrap_err();
    let error = fail("gone");
    assert!(error.is_not_found());
    assert_eq!(
        (error.code(), error.operation()),
        (Some("not.found"), Some("getUser"))
    );
    assert!(fail("html").is_decode());
    assert!(fail("cut").is_retryable());
    assert!(fail("..").is_request());
    let started = Instant::now();
    let options = RequestOptions::new().with_timeout(Duration::from_millis(100));
    let request = users.get_user("mute").with_options(options);
    assert!(request.send_blocking().unwrap_err().is_timeout());
    assert!(started.elapsed() < Duration::from_secs(3));
}

#[test]
fn retries_wait_on_the_thread() {
    let failures = std::sync::atomic::AtomicUsize::new(0);
    let server =
        deciding(
            move |_| match failures.fetch_add(1, std::sync::atomic::Ordering::SeqCst) {
                0 | 1 => reply("503 Busy\nRetry-After: 0", ""),
                _ => ok("{}"),
            },
        );
    let retry = RetryPolicy::new().with_initial_backoff(Duration::from_millis(2));
    let client = server.builder().retry(retry).build().unwrap();
    get(&client).unwrap();
    assert_eq!(server.requests().len(), 3);
}

#[cfg(feature = "oauth")]
#[test]
fn threads_share_one_login() {
    use genesys_cloud_users::Login;
    use support::{
        background::in_background,
        oauth::{any, grants, portal},
    };

    let slowly = [vec![pause(50)], grants("t-1", "")].concat();
    let server = in_background(portal([slowly], any));
    let login = Login::client_credentials("id", "secret");
    let client = server.logging_in(login).build().unwrap();
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| get(&client).unwrap());
        }
    });
    assert_eq!(server.logins().len(), 1);
    assert_eq!(server.tokens(), ["t-1"; 8]);
}

#[test]
fn threads_get_their_own_answers() {
    let server = deciding(|request| {
        let id = request.line.rsplit('/').next().unwrap_or_default();
        let delay = id.bytes().map(u64::from).sum::<u64>() % 7;
        [vec![pause(delay)], ok(&format!(r#"{{"id":"{id}"}}"#))].concat()
    });
    let client = server.client();
    let start = Arc::new(Barrier::new(16));
    thread::scope(|scope| {
        for number in 0..16 {
            let (users, start) = (client.users(), Arc::clone(&start));
            scope.spawn(move || {
                start.wait();
                for call in 0..10 {
                    let id = format!("{number}-{call}");
                    let user = users.get_user(&id).send_blocking().unwrap();
                    assert_eq!(user.id, Some(id));
                }
            });
        }
    });
    assert_eq!(server.requests().len(), 160);
}

#[test]
fn other_futures_of_the_sdk_can_be_waited_for_too() {
    let server = server();
    let client = server.client();
    let request = client.request(http::Method::GET, "/api/v2/flags");
    let answer = block_on(request.send()).unwrap();
    assert_eq!(answer.body(), r#"{"id":"u-1"}"#);
    block_on(client.log_in()).unwrap();
    let wrong = client.request(http::Method::GET, "no path");
    assert!(block_on(wrong.send()).unwrap_err().is_request());
}

#[test]
fn a_call_on_the_thread_that_such_calls_need_is_an_error_and_no_wait_for_ever() {
    /// Asks the service for a token, in a way it should not.
    struct Blocking(Client);

    impl TokenSource for Blocking {
        fn fetch(&self) -> TokenFuture<'_> {
            let token = get(&self.0).map(|_| AccessToken::new("t"));
            Box::pin(async move { token.map_err(TokenError::unanswered) })
        }
    }

    let server = server();
    let source = Blocking(server.client());
    let builder = server.builder().timeout(Duration::from_secs(3));
    let client = builder.token_source(source).build().unwrap();
    let error = get(&client).unwrap_err();
    assert!(error.is_login() && !error.is_timeout(), "{error}");
    let shown = support::observe::shown(&error);
    assert!(shown.contains("blocking call"), "{shown}");
    assert_eq!(server.requests().len(), 0);
}

// Lists.

#[test]
fn entries_are_an_iterator_over_all_pages() {
    let server = deciding(three_pages);
    for looks_ahead in [false, true] {
        let mut items = server.users().get_users().items();
        if looks_ahead {
            items = items.look_ahead();
        }
        let mut iterator = items.into_blocking();
        let users: Result<Vec<User>> = iterator.by_ref().collect();
        assert_eq!(ids(&users.unwrap()), ["1", "2", "3", "4", "5", "6"]);
        assert_eq!(iterator.as_items().end(), Some(PagesEnd::Complete));
        assert_eq!(iterator.as_items().token(), None);
        assert!(iterator.next().is_none());
    }
    assert_eq!(server.requests().len(), 6);
    // What is not wanted is not asked for.
    let first = server.users().get_users().items().into_blocking().next();
    assert_eq!(first.unwrap().unwrap().id.as_deref(), Some("1"));
    assert_eq!(server.requests().len(), 7);
}

#[test]
fn pages_are_an_iterator_that_ends_at_an_error_and_goes_on_from_its_token() {
    let server = deciding(|request| match request.query("pageNumber") {
        "2" if request.query("again").is_empty() => reply("500 Oops", ""),
        _ => three_pages(request),
    });
    let request = || server.users().get_users();
    let mut pages = request().pages().into_blocking();
    assert_eq!(ids_on(&pages.next().unwrap().unwrap()), "1,2");
    assert!(pages.next().unwrap().unwrap_err().is_status());
    assert!(pages.next().is_none());
    let token = pages.as_pages().token().unwrap().clone();
    let options = RequestOptions::new().with_query("again", true);
    let rest = request().with_options(options).pages().starting_at(token);
    let rest: Vec<_> = rest
        .into_blocking()
        .map(|page| ids_on(&page.unwrap()))
        .collect();
    assert_eq!(rest, ["3,4", "5,6"]);
}

#[test]
fn a_walk_begun_in_async_code_goes_on_in_a_thread() {
    let server = deciding(three_pages);
    let mut items = server.users().get_users().items();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    let first = runtime.block_on(items.try_next()).unwrap().unwrap();
    let rest: Result<Vec<User>> = items.into_blocking().collect();
    assert_eq!(first.id.as_deref(), Some("1"));
    assert_eq!(ids(&rest.unwrap()), ["2", "3", "4", "5", "6"]);
}

// Inside of async code.

#[tokio::test]
async fn a_call_inside_of_async_code_holds_its_thread_up_and_works() {
    let server = server();
    let client = impatient(&server);
    assert_eq!(get(&client).unwrap().id.as_deref(), Some("u-1"));
    let entries = deciding(three_pages);
    let users = impatient(&entries).users();
    let items = users.get_users().items().look_ahead().into_blocking();
    assert_eq!(items.count(), 6);
    // What is async goes on afterwards, on a connection of its own.
    support::get(&client).await.unwrap();
    tokio::time::sleep(Duration::from_millis(1)).await;
    assert_eq!(server.connections(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_inside_of_async_code_works_beside_others() {
    let server = deciding(|_| [vec![pause(5)], ok("{}")].concat());
    let client = impatient(&server);
    let mut tasks = tokio::task::JoinSet::new();
    for number in 0..20 {
        let client = client.clone();
        tasks.spawn(async move {
            match number % 2 {
                0 => get(&client),
                _ => support::get(&client).await,
            }
        });
    }
    for outcome in tasks.join_all().await {
        outcome.unwrap();
    }
}

#[tokio::test]
async fn a_call_on_a_thread_for_blocking_leaves_the_others_alone() {
    let server = deciding(|_| [vec![pause(50)], ok("{}")].concat());
    let client = impatient(&server);
    let blocking = client.clone();
    let task = tokio::task::spawn_blocking(move || get(&blocking));
    let (mut ticks, mut interval) = (0, tokio::time::interval(Duration::from_millis(1)));
    while !task.is_finished() {
        interval.tick().await;
        ticks += 1;
    }
    task.await.unwrap().unwrap();
    assert!(ticks > 10, "{ticks}");
}

#[tokio::test]
async fn a_call_does_not_wait_for_a_connection_whose_thread_it_holds_up() {
    let server = server();
    let client = impatient(&server);
    // This connection is looked after by the runtime of the test, which has one thread.
    support::get(&client).await.unwrap();
    get(&client).unwrap();
}

#[tokio::test]
async fn many_calls_inside_of_one_task_work() {
    let server = server();
    let client = impatient(&server);
    // A task of tokio's may do about a hundred things before it has to make room for others.
    for _ in 0..300 {
        get(&client).unwrap();
    }
}

#[cfg(feature = "oauth")]
#[test]
fn a_login_whose_runtime_is_gone_is_begun_again() {
    use genesys_cloud_users::Login;
    use support::{
        background::in_background,
        oauth::{any, grants, portal},
    };

    let server = in_background(portal([vec![support::Step::Hang], grants("t-2", "")], any));
    let login = Login::client_credentials("id", "secret");
    let builder = server.logging_in(login).timeout(Duration::from_secs(3));
    let client = builder.build().unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let other = client.clone();
    runtime.spawn(async move { support::get(&other).await });
    runtime.block_on(server.has_read_a_request());
    drop(runtime);
    get(&client).unwrap();
    assert_eq!(server.logins().len(), 2);
}
