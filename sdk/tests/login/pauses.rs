//! A login service that said no is left alone for a while.

use super::*;

/// The time until the next login that an error names.
fn next_login(error: &genesys_cloud_users::Error) -> Duration {
    error.next_login_in().expect("a time of the next login")
}

#[tokio::test]
async fn two_hundred_calls_with_wrong_credentials_make_a_handful_of_logins() {
    let server = portal([denies("invalid_client", "client not found")], any).await;
    let client = server.logging_in(application()).build().unwrap();
    for number in 0..200 {
        let error = get(&client).await.unwrap_err();
        assert!(error.is_unauthorized(), "{error}");
        assert_eq!(error.code(), Some("invalid_client"));
        let text = error.to_string();
        assert!(text.contains("; the next login is possible in "), "{text}");
        if number % 50 == 49 {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
    let error = client.log_in().await.unwrap_err();
    assert_eq!(error.code(), Some("invalid_client"));
    let logins = server.logins().len();
    assert!((1..=3).contains(&logins), "{logins} logins");
    // Other credentials are another matter.
    let other = server.logging_in(application()).build().unwrap();
    get(&other).await.unwrap_err();
    assert_eq!(server.logins().len(), logins + 1);
}

#[tokio::test]
async fn the_pause_doubles_up_to_a_minute_and_ends_with_a_success() {
    let refusals = (0..9).map(|_| denies("invalid_client", "no"));
    let brief = r#","expires_in":0"#;
    let scripts = refusals
        .chain([grants("t-1", brief), denies("invalid_client", "no")])
        .collect::<Vec<_>>();
    let server = portal(scripts, any).await;
    let client = server.logging_in(application()).build().unwrap();
    for (number, longest) in [1, 2, 4, 8, 16, 32, 60, 60, 60].into_iter().enumerate() {
        let wait = next_login(&get(&client).await.unwrap_err());
        let longest = Duration::from_secs(longest);
        assert!(
            wait <= longest && wait >= longest.mul_f64(0.7),
            "{wait:?} of {longest:?}"
        );
        // Nothing is sent before it is over.
        get(&client).await.unwrap_err();
        assert_eq!(server.logins().len(), number + 1);
        later(longest).await;
    }
    get(&client).await.unwrap();
    let wait = next_login(&get(&client).await.unwrap_err());
    assert!(wait <= Duration::from_secs(1), "{wait:?}");
}

#[tokio::test]
async fn a_login_service_in_trouble_is_left_alone_for_no_more_than_ten_seconds() {
    let server = portal([reply("503 Busy", "")], any).await;
    let client = server.logging_in(application()).build().unwrap();
    for _ in 0..6 {
        let error = get(&client).await.unwrap_err();
        assert!(error.is_retryable(), "{error}");
        assert!(next_login(&error) <= Duration::from_secs(10));
        later(Duration::from_secs(10)).await;
    }
    assert_eq!(server.logins().len(), 6);
}

#[tokio::test]
async fn what_the_login_service_asks_to_wait_is_kept_to() {
    let busy = |seconds: &str| {
        reply(
            &format!("429 Too Many Requests\nRetry-After: {seconds}"),
            "",
        )
    };
    let scripts = [busy("90"), busy("999999999"), grants("t-1", "")];
    let server = portal(scripts, any).await;
    let client = server.logging_in(application()).build().unwrap();
    let error = get(&client).await.unwrap_err();
    assert_eq!(error.retry_after(), error.next_login_in());
    assert!(next_login(&error) > Duration::from_secs(80), "{error}");
    later(Duration::from_secs(60)).await;
    let error = get(&client).await.unwrap_err();
    let left = error.retry_after().unwrap();
    assert!(
        left <= Duration::from_secs(30) && left > Duration::from_secs(20),
        "{left:?}"
    );
    assert_eq!(server.logins().len(), 1);
    later(Duration::from_secs(30)).await;
    // Nobody means thirty years.
    let error = get(&client).await.unwrap_err();
    assert!(next_login(&error) <= Duration::from_secs(3600), "{error}");
    later(Duration::from_secs(3600)).await;
    get(&client).await.unwrap();
    assert_eq!(server.logins().len(), 3);
}

#[tokio::test]
async fn a_source_of_ones_own_can_ask_for_a_wait() {
    let server = Server::deciding(any).await;
    let source = Source::failing(|turn| match turn {
        0 => Some(TokenError::unsent("full").with_retry_after(Duration::from_secs(50))),
        _ => None,
    });
    let builder = server.builder().token_source(Arc::clone(&source));
    let client = builder.build().unwrap();
    for _ in 0..2 {
        let error = get(&client).await.unwrap_err();
        let wait = error.retry_after().unwrap();
        assert!(
            wait <= Duration::from_secs(50) && wait > Duration::from_secs(40),
            "{wait:?}"
        );
    }
    assert_eq!(source.asked.load(Ordering::SeqCst), 1);
    later(Duration::from_secs(50)).await;
    get(&client).await.unwrap();
}

#[tokio::test]
async fn a_caller_who_gives_up_makes_nobody_wait() {
    let slow = [vec![pause(300)], grants("t-1", "")].concat();
    let server = portal([slow], any).await;
    let client = server.logging_in(application()).build().unwrap();
    let brief = RequestOptions::new().with_timeout(Duration::from_millis(100));
    let call = client.users().get_user("u-1").with_options(brief);
    let error = call.send().await.unwrap_err();
    assert!(
        error.is_timeout() && error.next_login_in().is_none(),
        "{error}"
    );
    get(&client).await.unwrap();
}
