use super::*;

fn limit(count: u64, reset: u64) -> RateLimit {
    RateLimit {
        count: Some(count),
        allowed: Some(300),
        reset: Some(Duration::from_secs(reset)),
    }
}

fn at(start: Instant, milliseconds: u64) -> Instant {
    start + Duration::from_millis(milliseconds)
}

/// The window that responses tell of, each as count, reset, and the milliseconds at which it was
/// asked for and received.
fn told(start: Instant, responses: &[(u64, u64, u64, u64)]) -> RateWindow {
    let mut window: Option<RateWindow> = None;
    for &(count, reset, sent, received) in responses {
        let (sent, received) = (at(start, sent), at(start, received));
        let new = RateWindow::read(limit(count, reset), sent, received).unwrap();
        window = Some(window.map_or(new, |window| window.merge(new, sent)));
    }
    window.unwrap()
}

#[test]
fn figures_that_can_hold_no_calls_are_not_used() {
    let now = Instant::now();
    let read = |limit| RateWindow::read(limit, now, at(now, 500));
    assert_eq!(read(limit(1, 60)).unwrap().remaining(), 299);
    assert_eq!(read(limit(1, 61)), None, "a date, or milliseconds");
    assert_eq!(read(limit(1, 0)), None, "the window is over");
    let slow = RateWindow::read(limit(1, 2), now, at(now, 2000));
    assert_eq!(slow, None, "the window may be over");
    for field in 0..3 {
        let mut incomplete = limit(1, 10);
        match field {
            0 => incomplete.count = None,
            1 => incomplete.allowed = None,
            _ => incomplete.reset = None,
        }
        assert_eq!(read(incomplete), None);
    }
    let nothing = RateLimit {
        allowed: Some(0),
        ..limit(0, 10)
    };
    assert_eq!(read(nothing), None);
}

#[test]
fn more_than_allowed_leaves_nothing() {
    let now = Instant::now();
    let window = told(now, &[(301, 10, 0, 10)]);
    assert_eq!((window.remaining(), window.is_exceeded()), (0, true));
    assert!(!told(now, &[(300, 10, 0, 10)]).is_exceeded());
}

#[test]
fn responses_out_of_order_leave_the_highest_count_and_the_earliest_end() {
    let now = Instant::now();
    // All asked for before any was answered; the window ends at 9.5 s, and seconds are rounded
    // up.
    let window = told(
        now,
        &[
            (7, 10, 0, 20),
            (9, 10, 1, 25),
            (8, 10, 2, 30),
            (3, 9, 3, 700),
        ],
    );
    assert_eq!(window.count, 9);
    assert_eq!(window.end, at(now, 9700));
}

#[test]
fn the_next_window_replaces_the_one_before() {
    let now = Instant::now();
    // The second request was on its way before the first was answered.
    let window = told(now, &[(300, 2, 0, 1000), (1, 10, 900, 2900)]);
    assert_eq!((window.count, window.end), (1, at(now, 12_900)));
    // What was answered in the window before, and comes late, is not about this one.
    let late = RateWindow::read(limit(299, 2), at(now, 2000), at(now, 2950)).unwrap();
    assert_eq!(window.merge(late, at(now, 2000)), window);
}

#[test]
fn a_later_request_knows_better() {
    let now = Instant::now();
    // A sliding window, of which the count falls.
    let window = told(now, &[(300, 10, 0, 10), (250, 10, 20, 30)]);
    assert_eq!(window.remaining(), 50);
    // A window whose end was told wrongly at first.
    let window = told(now, &[(300, 50, 0, 10), (10, 5, 20, 30)]);
    assert_eq!((window.count, window.end), (10, at(now, 5030)));
}
