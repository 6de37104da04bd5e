//! After what wait a request is sent again.

use std::time::SystemTime;

use super::*;
use crate::support::{Recorded, script::number_of};

#[tokio::test]
async fn a_wait_that_the_service_asks_for_is_kept_to() {
    // A date on its own counts from now; beside `Date`, from then. It has no fractions, so that a
    // second is certain only if it is two ahead.
    let date = "\nDate: Wed, 21 Oct 2015 07:28:00 GMT\nRetry-After: Wed, 21 Oct 2015 07:28:01 GMT";
    let fault = |request: &Recorded| match number_of(request) {
        0 => limited("\nRetry-After: 1"),
        1 => limited(date),
        _ => {
            let until = SystemTime::now() + Duration::from_secs(2);
            limited(&format!(
                "\nRetry-After: {}",
                httpdate::fmt_http_date(until)
            ))
        }
    };
    let server = Server::deciding(stumbling(fault, ok("{}"))).await;
    let client = persistent(&server);
    // A 429 turned the request away, so that any method is safe.
    let change = UpdateUser::new(1);
    let call = |number| timed(client.users().patch_user(number, &change).send());
    let calls = tokio::join!(call(0), call(1), call(2));
    for (outcome, elapsed) in [calls.0, calls.1, calls.2] {
        outcome.unwrap();
        let range = Duration::from_millis(900)..Duration::from_secs(8);
        assert!(range.contains(&elapsed), "{elapsed:?}");
    }
    assert_eq!(server.requests().len(), 6);
}

#[tokio::test]
async fn a_wait_that_makes_no_sense_is_the_clients_own() {
    let nonsense = [
        "",
        "\nRetry-After: soon",
        "\nRetry-After: -1",
        "\nRetry-After: 1e9",
    ];
    let past = "\nRetry-After: Wed, 21 Oct 2015 07:28:00 GMT";
    let faults: Vec<_> = nonsense
        .iter()
        .chain([&past])
        .map(|it| limited(it))
        .collect();
    let count = faults.len() as u64;
    let server = Server::deciding(stumbling(by_number(faults), ok("{}"))).await;
    let client = persistent(&server);
    for number in 0..count {
        let change = UpdateUser::new(1);
        let call = client.users().patch_user(number, &change).send();
        let (outcome, elapsed) = timed(call).await;
        outcome.unwrap();
        assert!(elapsed < Duration::from_secs(3), "{elapsed:?}");
    }
    assert_eq!(server.requests().len() as u64, 2 * count);
}

#[tokio::test]
async fn a_wait_that_is_longer_than_the_call_may_take_fails_at_once() {
    let body = r#"{"code":"too.many.requests","message":"Later"}"#;
    let hour = reply("429 Too Many Requests\nRetry-After: 3600", body);
    let server = Server::playing(hour).await;
    let client = persistent(&server);
    let (outcome, elapsed) = timed(get(&client)).await;
    let error = outcome.unwrap_err();
    assert!(elapsed < Duration::from_secs(1), "{elapsed:?}");
    assert!(error.is_rate_limited() && error.is_retryable(), "{error}");
    assert!(error.to_string().contains("asks for 3600 s"), "{error}");
    assert_eq!(error.retry_after(), Some(Duration::from_secs(3600)));
    assert_eq!(error.code(), Some("too.many.requests"));
    assert_eq!((error.attempts(), server.requests().len()), (1, 1));
}

#[tokio::test]
async fn a_wait_of_the_clients_own_does_not_outlast_the_call() {
    let server = in_trouble().await;
    // Chance decides how much of it is waited: hardly ever less than the call may take.
    let ages = Duration::from_secs(1_000_000_000);
    let policy = RetryPolicy::new()
        .with_initial_backoff(ages)
        .with_max_backoff(ages);
    let options = RequestOptions::new().with_retry(policy);
    let request = server.users().get_user("u-1");
    let (outcome, elapsed) = timed(request.with_options(options).send()).await;
    let error = outcome.unwrap_err();
    assert!(elapsed < Duration::from_secs(10), "{elapsed:?}");
    assert!(error.to_string().contains("no time is left"), "{error}");
    assert_eq!(error.status(), Some(StatusCode::SERVICE_UNAVAILABLE));
}
