//! Many calls at once, through a transport that enforces a rate limit on a clock that stands still
//! while nobody waits.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use futures_util::stream::{self, StreamExt as _};
use genesys_cloud_users::{
    Body, Client, ClientBuilder, HttpRequest, HttpResponse, RequestOptions, Result, RetryPolicy,
    Transport, TransportContext, TransportFuture, models::User,
};
use http::{HeaderName, HeaderValue, StatusCode};
use tokio::time::{Instant, sleep};

const WINDOW: Duration = Duration::from_secs(10);
const ALLOWED: u64 = 300;

/// A service that allows 300 requests in each window of 10 s.
#[derive(Clone)]
struct Limiter(Arc<Shared>);

struct Shared {
    /// Whether headers tell how much is used up.
    is_told: bool,
    began: Instant,
    under_way: AtomicUsize,
    state: Mutex<State>,
    /// Changes the figures that headers tell.
    lie: fn(u64) -> (u64, u64),
    /// Whether requests are refused.
    is_strict: bool,
}

#[derive(Default)]
struct State {
    window: u64,
    count: u64,
    seen: Vec<Seen>,
}

/// A request: when it was counted, and what came of it.
#[derive(Clone)]
struct Seen {
    user: String,
    at: Duration,
    is_refused: bool,
    under_way: usize,
}

impl Limiter {
    fn new(is_told: bool) -> Self {
        Self::telling(is_told, |count| (count, ALLOWED), true)
    }

    fn telling(is_told: bool, lie: fn(u64) -> (u64, u64), is_strict: bool) -> Self {
        Self(Arc::new(Shared {
            is_told,
            began: Instant::now(),
            under_way: AtomicUsize::new(0),
            state: Mutex::default(),
            lie,
            is_strict,
        }))
    }

    fn builder(&self) -> ClientBuilder {
        Client::builder()
            .base_url("https://api.test")
            .bearer_token("t")
            .transport(self.clone())
    }

    fn client(&self) -> Client {
        self.builder().build().unwrap()
    }

    fn seen(&self) -> Vec<Seen> {
        self.0.state.lock().unwrap().seen.clone()
    }

    fn refused(&self) -> usize {
        self.seen().iter().filter(|it| it.is_refused).count()
    }

    /// The share of requests after the first window that were refused.
    fn refused_later(&self) -> f64 {
        let mut seen = self.seen();
        seen.retain(|it| it.at >= WINDOW);
        let refused = seen.iter().filter(|it| it.is_refused).count();
        refused as f64 / seen.len().max(1) as f64
    }

    fn count(&self, user: String) -> HttpResponse {
        let Shared {
            is_told,
            began,
            lie,
            is_strict,
            ..
        } = &*self.0;
        let at = began.elapsed();
        let window = at.as_secs() / WINDOW.as_secs();
        let mut state = self.0.state.lock().unwrap();
        if state.window != window {
            (state.window, state.count) = (window, 0);
        }
        let is_refused = *is_strict && state.count >= ALLOWED;
        state.count += u64::from(!is_refused);
        let count = state.count;
        state.seen.push(Seen {
            user,
            at,
            is_refused,
            under_way: self.0.under_way.load(Ordering::SeqCst),
        });
        let left = (WINDOW * u32::try_from(window + 1).unwrap()).saturating_sub(at);
        let left = left.as_secs_f64().ceil();
        let mut response = HttpResponse::new(Body::from("{}"));
        let mut header = |name: &'static str, value: String| {
            let value = HeaderValue::try_from(value).unwrap();
            let name = HeaderName::from_static(name);
            response.headers_mut().insert(name, value);
        };
        if *is_told {
            let (count, allowed) = lie(count);
            header("inin-ratelimit-count", count.to_string());
            header("inin-ratelimit-allowed", allowed.to_string());
            header("inin-ratelimit-reset", left.to_string());
        }
        if is_refused {
            header("retry-after", left.to_string());
            *response.status_mut() = StatusCode::TOO_MANY_REQUESTS;
        }
        response
    }
}

/// A request under way, also when it is given up.
struct UnderWay(Limiter);

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.0.under_way.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Transport for Limiter {
    fn send(&self, request: HttpRequest, _: TransportContext) -> TransportFuture<'_> {
        let user = request.uri().path().rsplit('/').next().unwrap().to_owned();
        Box::pin(async move {
            self.0.under_way.fetch_add(1, Ordering::SeqCst);
            let _under_way = UnderWay(self.clone());
            // Requests arrive, and responses come back, in another order.
            let spread = user.bytes().map(u64::from).sum::<u64>() % 17;
            sleep(Duration::from_millis(5 + spread)).await;
            let response = self.count(user);
            sleep(Duration::from_millis(5 + (spread * 5) % 17)).await;
            Ok(response)
        })
    }
}

async fn read(client: &Client, number: usize) -> Result<User> {
    client.users().get_user(format!("u-{number}")).send().await
}

/// Reads so many users; gives the errors, and how long it took.
async fn read_all(client: &Client, reads: usize, concurrent: usize) -> (Vec<String>, Duration) {
    let began = Instant::now();
    let reads = stream::iter(0..reads).map(|number| read(client, number));
    let outcomes: Vec<_> = reads.buffer_unordered(concurrent).collect().await;
    let errors = outcomes.into_iter().filter_map(Result::err);
    (errors.map(|it| it.to_string()).collect(), began.elapsed())
}

#[tokio::test(start_paused = true)]
async fn a_bulk_read_loses_nothing_and_is_seldom_refused() {
    for is_told in [true, false] {
        for concurrent in [16, 50, 100, 400] {
            let service = Limiter::new(is_told);
            let client = service.builder().retry_budget(0).build().unwrap();
            let (errors, elapsed) = read_all(&client, 900, concurrent).await;
            let case = format!("{concurrent} at a time, told: {is_told}");
            assert_eq!(errors, Vec::<String>::new(), "{case}");
            let share = service.refused_later();
            assert!(share <= 0.05, "{case}: {share}");
            // Three windows, of which the last need not end.
            assert!(elapsed < Duration::from_secs(28), "{case}: {elapsed:?}");
            if is_told && concurrent < 300 {
                assert_eq!(service.refused(), 0, "{case}");
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn many_windows_are_refused_as_seldom() {
    for is_told in [true, false] {
        let service = Limiter::new(is_told);
        let builder = service.builder().timeout(Duration::from_secs(600));
        let client = builder.build().unwrap();
        let (errors, _) = read_all(&client, 3000, 100).await;
        assert_eq!(errors.len(), 0);
        let share = service.refused_later();
        assert!(share <= 0.05, "told: {is_told}: {share}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_few_calls_go_first_when_a_hold_ends_and_others_follow_in_order() {
    let service = Limiter::new(false);
    let client = service.client();
    // Uses up the window, and finds that out by a call that gives up.
    read_all(&client, 300, 50).await;
    let once = RequestOptions::new().with_retry(RetryPolicy::none());
    let once = client.users().get_user("u-0").with_options(once);
    let error = once.send().await.unwrap_err();
    assert!(error.is_rate_limited(), "{error}");
    let end = service.0.began.elapsed() + error.retry_after().unwrap();
    let line = stream::iter(1000..1040).map(|number| read(&client, number));
    let outcomes: Vec<_> = line.buffer_unordered(40).collect().await;
    assert!(outcomes.iter().all(Result::is_ok));
    let seen = service.seen().split_off(301);
    assert_eq!(seen.len(), 40);
    // No response comes back within 10 ms, and no request arrives within 5 ms.
    let soon = end + Duration::from_millis(15);
    let first = seen.iter().filter(|it| it.at < soon).count();
    assert!((1..=4).contains(&first), "{first}");
    let most = seen.iter().map(|it| it.under_way).max().unwrap();
    assert!((4..=7).contains(&most), "{most}");
    let number = |it: &Seen| it.user[2..].parse::<usize>().unwrap();
    let order: Vec<_> = seen.iter().map(number).collect();
    for (place, number) in order.iter().enumerate() {
        // Those under way at once arrive in any order.
        assert!(number.abs_diff(1000 + place) <= most, "{order:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_that_is_given_up_while_it_is_held_holds_up_nobody() {
    let service = Limiter::new(false);
    let client = service.client();
    read_all(&client, 301, 300).await;
    sleep(Duration::from_secs(8)).await;
    read_all(&client, 299, 150).await;
    let calls: Vec<_> = (0..60)
        .map(|number| {
            let client = client.clone();
            tokio::spawn(async move { read(&client, number).await.map(drop) })
        })
        .collect();
    sleep(Duration::from_millis(100)).await;
    // The first in line, and every other one; some are under way, some are held.
    for call in calls.iter().step_by(2) {
        call.abort();
    }
    for (index, call) in calls.into_iter().enumerate() {
        let outcome = call.await;
        match outcome {
            Ok(outcome) => outcome.unwrap(),
            Err(error) => assert!(error.is_cancelled() && index.is_multiple_of(2)),
        }
    }
    assert_eq!(service.0.under_way.load(Ordering::SeqCst), 0);
}

#[tokio::test(start_paused = true)]
async fn headers_that_are_wrong_hold_nobody_for_long() {
    let lies: [fn(u64) -> (u64, u64); 4] = [
        // Nothing left, ever.
        |_| (300, 300),
        // More than all.
        |count| (count + 1000, 300),
        |_| (1, 0),
        |_| (u64::MAX, 1),
    ];
    for (index, lie) in lies.into_iter().enumerate() {
        let service = Limiter::telling(true, lie, false);
        let (errors, elapsed) = read_all(&service.client(), 2000, 100).await;
        assert_eq!(errors.len(), 0);
        assert!(elapsed < Duration::from_secs(15), "{index}: {elapsed:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn headers_alone_fail_no_call() {
    // Nothing left: but the service answers all the same.
    let service = Limiter::telling(true, |_| (300, 300), false);
    let brief = service.builder().timeout(Duration::from_secs(1));
    let client = brief.build().unwrap();
    let (errors, elapsed) = read_all(&client, 100, 100).await;
    assert_eq!(errors, Vec::<String>::new());
    assert!(elapsed < Duration::from_secs(1), "{elapsed:?}");
}

#[tokio::test(start_paused = true)]
async fn a_deadline_takes_only_the_calls_that_it_ends() {
    for is_told in [true, false] {
        let service = Limiter::new(is_told);
        let brief = service.builder().timeout(Duration::from_secs(5));
        let client = brief.build().unwrap();
        let (errors, elapsed) = read_all(&client, 400, 100).await;
        // 300 are allowed, and the window ends too late for the others.
        assert_eq!(errors.len(), 100, "told: {is_told}");
        assert!(elapsed < Duration::from_secs(6), "{elapsed:?}");
        for error in errors {
            assert!(error.contains("429"), "{error}");
        }
        // At most those under way at once find out for themselves.
        assert!(service.refused() <= 100, "{}", service.refused());
    }
}
