//! What a gate does, call by call. `rate_limits` in the tests of the SDK has many calls at once.

use std::{
    future::Future,
    pin::{Pin, pin},
    sync::atomic::{AtomicUsize, Ordering::SeqCst},
    task::{Context, Poll, Waker},
    time::Duration,
};

use http::{HeaderValue, StatusCode, Uri, header};
use tokio::time::{Instant, advance};

use super::{
    super::{HttpResponse, RateLimit, gates::Gates},
    Gate, Pass, Refusal,
};

const MINUTE: Duration = Duration::from_secs(60);

fn answer(status: StatusCode) -> HttpResponse {
    let mut response = HttpResponse::default();
    *response.status_mut() = status;
    response
}

fn limited(seconds: u64) -> HttpResponse {
    let mut response = answer(StatusCode::TOO_MANY_REQUESTS);
    let headers = response.headers_mut();
    headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    response
}

fn figures(count: u64, allowed: u64, reset: u64) -> Option<RateLimit> {
    Some(RateLimit {
        count: Some(count),
        allowed: Some(allowed),
        reset: Some(Duration::from_secs(reset)),
    })
}

fn passing(
    gate: &Gate,
    timeout: Duration,
) -> Pin<Box<impl Future<Output = Result<Pass<'_>, Refusal>>>> {
    let now = Instant::now();
    Box::pin(gate.pass(now, now + timeout, true))
}

/// A request that is let through at once.
fn passed(gate: &Gate) -> Pass<'_> {
    match poll(&mut passing(gate, MINUTE)) {
        Poll::Ready(Ok(pass)) => pass,
        _ => panic!("not let through at once"),
    }
}

fn poll<F: Future + Unpin>(future: &mut F) -> Poll<F::Output> {
    pin!(future).poll(&mut Context::from_waker(Waker::noop()))
}

#[test]
fn each_host_has_a_gate_of_its_own() {
    let gates = Gates::default();
    let of = |url: &'static str| std::ptr::from_ref(gates.of(&Uri::from_static(url)));
    let first = of("https://api.example.com/a?b");
    for same in ["https://API.example.com/c", "https://api.example.com:443/"] {
        assert_eq!(of(same), first, "{same}");
    }
    let others = [
        "https://login.example.com/a",
        "https://api.example.com:8443/a",
        "http://api.example.com/a",
        "http://api.example.com:443/a",
    ];
    for (index, other) in others.iter().enumerate() {
        assert_ne!(of(other), first, "{other}");
        for another in &others[..index] {
            assert_ne!(of(other), of(another), "{other} and {another}");
        }
    }
    assert_eq!(of("https://api.example.com"), first);
}

#[tokio::test(start_paused = true)]
async fn whoever_leaves_the_line_makes_room_for_the_next() {
    let gate = Gate::default();
    let pass = passed(&gate);
    // One request in a window, and it is under way.
    pass.answered(Instant::now(), &answer(StatusCode::OK), figures(0, 1, 30));
    let mut first = passing(&gate, MINUTE);
    let mut second = passing(&gate, MINUTE);
    let mut third = passing(&gate, MINUTE);
    assert!(poll(&mut first).is_pending());
    assert!(poll(&mut second).is_pending());
    assert!(poll(&mut third).is_pending());
    drop(first);
    drop(pass);
    // Not the third, though there is room.
    assert!(poll(&mut third).is_pending());
    let Poll::Ready(Ok(pass)) = poll(&mut second) else {
        panic!("the second is the first now");
    };
    assert!(poll(&mut third).is_pending());
    drop(pass);
    assert!(poll(&mut third).is_ready());
}

#[tokio::test(start_paused = true)]
async fn waiters_are_woken_one_by_one_also_when_the_first_is_dropped() {
    let gate = std::sync::Arc::new(Gate::default());
    passed(&gate).answered(Instant::now(), &limited(10), None);
    let began = Instant::now();
    let spawn = || {
        let gate = std::sync::Arc::clone(&gate);
        tokio::spawn(async move {
            let pass = passing(&gate, MINUTE).await;
            assert!(pass.is_ok());
            began.elapsed()
        })
    };
    let first = spawn();
    tokio::task::yield_now().await;
    let others: Vec<_> = (0..10).map(|_| spawn()).collect();
    tokio::task::yield_now().await;
    first.abort();
    for other in others {
        let waited = other.await.unwrap();
        // The timer counts in milliseconds.
        let expected = Duration::from_secs(10)..Duration::from_millis(10_010);
        assert!(expected.contains(&waited), "{waited:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_hold_has_an_end_however_long_the_service_asks_to_wait() {
    let gate = Gate::default();
    passed(&gate).answered(Instant::now(), &limited(u64::MAX), None);
    let Poll::Ready(Err(held)) = poll(&mut passing(&gate, MINUTE)) else {
        panic!("a call without the time is refused at once");
    };
    assert!(!held.is_timed_out && held.wait > MINUTE && held.answer.is_some());
    let mut patient = passing(&gate, 10 * MINUTE);
    assert!(poll(&mut patient).is_pending());
    advance(3 * MINUTE + Duration::from_millis(1)).await;
    assert!(poll(&mut patient).is_ready());
}

#[tokio::test(start_paused = true)]
async fn a_later_429_prolongs_a_hold_and_an_earlier_one_does_not_shorten_it() {
    let gate = Gate::default();
    let (first, second) = (passed(&gate), passed(&gate));
    first.answered(Instant::now(), &limited(10), None);
    let mut waiting = passing(&gate, Duration::from_secs(15));
    assert!(poll(&mut waiting).is_pending());
    second.answered(Instant::now(), &limited(2), None);
    drop((first, second));
    advance(Duration::from_secs(5)).await;
    assert!(poll(&mut waiting).is_pending());
    let late = passing(&gate, Duration::from_secs(1));
    assert!(matches!(poll(&mut { late }), Poll::Ready(Err(_))));
}

#[tokio::test(start_paused = true)]
async fn figures_that_miss_a_limit_do_not_open_the_gate_wide() {
    let gate = Gate::default();
    let now = Instant::now;
    // Plenty remains, they say; and yet.
    passed(&gate).answered(now(), &answer(StatusCode::OK), figures(1, 1000, 50));
    passed(&gate).answered(now(), &limited(2), figures(2, 1000, 50));
    advance(Duration::from_secs(3)).await;
    let first = passed(&gate);
    first.answered(now(), &answer(StatusCode::OK), figures(3, 1000, 47));
    let others: Vec<_> = (0..3).map(|_| passed(&gate)).collect();
    let mut next = passing(&gate, MINUTE);
    assert!(
        poll(&mut next).is_pending(),
        "{} pass at once",
        others.len()
    );
}

#[tokio::test(start_paused = true)]
async fn after_a_minute_without_a_429_all_is_forgotten() {
    let gate = Gate::default();
    passed(&gate).answered(Instant::now(), &limited(2), None);
    advance(Duration::from_secs(3)).await;
    let few: Vec<_> = (0..4).map(|_| passed(&gate)).collect();
    assert!(poll(&mut passing(&gate, MINUTE)).is_pending());
    advance(MINUTE).await;
    let many: Vec<_> = (0..100).map(|_| passed(&gate)).collect();
    drop((few, many));
}

#[tokio::test(start_paused = true)]
async fn a_429_that_asks_for_less_does_not_open_the_gate_wide_after_the_longer_hold() {
    let gate = Gate::default();
    let (first, second) = (passed(&gate), passed(&gate));
    first.answered(Instant::now(), &limited(120), None);
    second.answered(Instant::now(), &limited(2), None);
    drop((first, second));
    // Longer than the second 429 would have limited the requests under way.
    advance(Duration::from_secs(121)).await;
    let _few: Vec<_> = (0..4).map(|_| passed(&gate)).collect();
    assert!(poll(&mut passing(&gate, MINUTE)).is_pending());
}

#[tokio::test(start_paused = true)]
async fn a_call_without_time_for_the_window_is_sent_though_a_patient_one_stands_before_it() {
    let gate = std::sync::Arc::new(Gate::default());
    passed(&gate).answered(Instant::now(), &answer(StatusCode::OK), figures(1, 1, 50));
    let spawn = |timeout: Duration| {
        let gate = std::sync::Arc::clone(&gate);
        tokio::spawn(async move {
            let pass = passing(&gate, timeout).await;
            let is_sent = pass.is_ok();
            // The service takes a second for each request.
            tokio::time::sleep(Duration::from_secs(1)).await;
            is_sent
        })
    };
    let patient = spawn(2 * MINUTE);
    tokio::task::yield_now().await;
    let brief: Vec<_> = (0..12).map(|_| spawn(Duration::from_secs(10))).collect();
    for call in brief {
        assert!(call.await.unwrap(), "headers alone fail no call");
    }
    assert!(patient.await.unwrap());
}

#[test]
fn no_more_requests_pass_than_remain_however_many_threads_ask() {
    const ROUNDS: usize = 5_000;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap();
    let gate = Gate::default();
    passed(&gate).answered(Instant::now(), &answer(StatusCode::OK), figures(0, 1, 50));
    // Spins, for a barrier that sleeps would let one thread begin long before the other.
    let arrived = AtomicUsize::new(0);
    let meet = |time: usize| {
        arrived.fetch_add(1, SeqCst);
        let mut spins = 0_u32;
        while arrived.load(SeqCst) < 2 * time {
            spins += 1;
            match spins % 1000 {
                // The other thread may have no core.
                0 => std::thread::yield_now(),
                _ => std::hint::spin_loop(),
            }
        }
    };
    let let_through = AtomicUsize::new(0);
    let ask = || {
        let _guard = runtime.enter();
        for round in 0..ROUNDS {
            meet(3 * round + 1);
            let answer = poll(&mut passing(&gate, MINUTE));
            let is_passed = matches!(answer, Poll::Ready(Ok(_)));
            let_through.fetch_add(usize::from(is_passed), SeqCst);
            // A pass is kept until both have asked.
            meet(3 * round + 2);
            drop(answer);
            meet(3 * round + 3);
        }
    };
    std::thread::scope(|scope| {
        scope.spawn(ask);
        scope.spawn(ask);
    });
    assert_eq!(let_through.into_inner(), ROUNDS);
}
