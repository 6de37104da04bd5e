use super::*;

fn asks(pairs: &[(http::HeaderName, &'static str)]) -> Option<Duration> {
    let value = |text: &&'static str| http::HeaderValue::from_static(text);
    let headers = pairs
        .iter()
        .map(|(name, text)| (name.clone(), value(text)))
        .collect();
    retry_after(&headers)
}

#[test]
fn a_wait_is_read_in_seconds_or_as_a_date() {
    let after = |text| asks(&[(header::RETRY_AFTER, text)]);
    assert_eq!(after("3"), Some(Duration::from_secs(3)));
    assert_eq!(after(" 3600 "), Some(Duration::from_secs(3600)));
    for nonsense in ["", "soon", "-1", "+1", "1.5", "Tuesday"] {
        assert_eq!(after(nonsense), None, "{nonsense}");
    }
    assert_eq!(
        after("99999999999999999999"),
        Some(Duration::from_secs(u64::MAX))
    );
    // Long gone.
    assert_eq!(after("Wed, 21 Oct 2015 07:28:00 GMT"), Some(Duration::ZERO));
    let date = (header::DATE, "Wed, 21 Oct 2015 07:27:10 GMT");
    for form in [
        "Wed, 21 Oct 2015 07:28:00 GMT",
        "Wednesday, 21-Oct-15 07:28:00 GMT",
        "Wed Oct 21 07:28:00 2015",
    ] {
        let asked = asks(&[(header::RETRY_AFTER, form), date.clone()]);
        assert_eq!(asked, Some(Duration::from_secs(50)), "{form}");
    }
}

#[test]
fn waits_grow_up_to_a_limit_and_vary() {
    let policy = RetryPolicy::new()
        .with_initial_backoff(Duration::from_millis(100))
        .with_max_backoff(Duration::from_millis(300));
    let longest = |retries| (0..1000).map(|_| policy.wait(retries, None)).max().unwrap();
    let within = |wait: Duration, most: u64| {
        let most = Duration::from_millis(most);
        assert!(
            wait <= most && wait > most.mul_f64(0.9),
            "{wait:?} of {most:?}"
        );
    };
    within(longest(0), 100);
    within(longest(1), 200);
    within(longest(2), 300);
    within(longest(u32::MAX), 300);
    let asked = policy.wait(0, Some(Duration::from_secs(7)));
    assert!(asked >= Duration::from_secs(7) && asked <= Duration::from_millis(7700));
    assert_eq!(policy.wait(0, Some(Duration::MAX)), Duration::MAX);
    assert!(policy.wait(0, Some(Duration::ZERO)) <= Duration::from_millis(100));
}

#[test]
fn what_is_repeated_depends_on_the_failure_and_on_the_method() {
    let status = |status: u16| is_both(|| Ok(response_of(status)));
    assert_eq!(status(429), (true, true));
    for transient in [502, 503, 504] {
        assert_eq!(status(transient), (true, false), "{transient}");
    }
    for permanent in [200, 301, 400, 401, 404, 409, 500, 501, 505] {
        assert_eq!(status(permanent), (false, false), "{permanent}");
    }
    assert_eq!(is_both(|| Err(TransportError::connect("x"))), (true, true));
    assert_eq!(is_both(|| Err(TransportError::timeout())), (true, false));
    assert_eq!(is_both(|| Err(TransportError::other("x"))), (true, false));
    assert_eq!(is_both(|| Err(TransportError::too_large())), (false, false));
}

fn response_of(status: u16) -> HttpResponse {
    let mut response = HttpResponse::default();
    *response.status_mut() = StatusCode::from_u16(status).unwrap();
    response
}

fn is_both(outcome: impl Fn() -> Result<HttpResponse, TransportError>) -> (bool, bool) {
    (
        should_retry(&outcome(), true),
        should_retry(&outcome(), false),
    )
}

#[test]
fn no_setting_is_too_long_for_the_clock() {
    assert!(deadline(Duration::MAX) > deadline(Duration::from_secs(1_000_000)));
    let policy = RetryPolicy::new()
        .with_initial_backoff(Duration::MAX)
        .with_max_backoff(Duration::MAX);
    let _ = policy.wait(u32::MAX, None);
}

#[test]
fn a_budget_runs_out_and_fills_up_again() {
    let budget = RetryBudget::for_retries(2);
    assert!(budget.pay() && budget.pay());
    assert!(!budget.pay());
    for _ in 0..4 {
        budget.credit();
    }
    assert!(!budget.pay());
    budget.credit();
    assert!(budget.pay() && !budget.pay());
    for _ in 0..100 {
        budget.credit();
    }
    assert!(budget.pay() && budget.pay() && !budget.pay());
}
