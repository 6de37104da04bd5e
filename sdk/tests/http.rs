//! The client over real HTTP, against a scripted server on the loopback interface.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use std::time::Duration;

use genesys_cloud_users::{
    RequestOptions,
    models::{
        ChangePasswordRequest, ContactMediaType, CreateUser, PatchUser, UpdateUser, User,
        UserAccountState, UserExpand,
    },
    users::GetUsersState,
};
use http::{HeaderName, HeaderValue, StatusCode, header};
use serde_json::{Value, json};
use support::{CHUNKED, Server, Step, TOKEN, ok, pause, raw, reply};
use tokio::task::JoinSet;

// What is sent.

#[tokio::test]
async fn a_request_carries_method_path_and_headers() {
    let server = Server::playing(ok("{}")).await;
    let request = server.users().get_user("a/b ü?#%..");
    request.send().await.unwrap();
    let sent = server.request();
    assert_eq!(sent.line, "GET /api/v2/users/a%2Fb%20%C3%BC%3F%23%25..");
    assert_eq!(sent.header("accept"), Some("application/json"));
    let bearer = format!("Bearer {TOKEN}");
    assert_eq!(sent.header("authorization"), Some(bearer.as_str()));
    let agent = format!("genesys-cloud-users/{} (Rust)", env!("CARGO_PKG_VERSION"));
    assert_eq!(sent.header("user-agent"), Some(agent.as_str()));
    assert_eq!(sent.header("content-type"), None);
    assert_eq!(sent.header("content-length"), None);
    assert_eq!(sent.body, "");
}

#[tokio::test]
async fn every_path_parameter_goes_to_its_own_place() {
    let server = Server::playing(reply("204 No Content", "")).await;
    let users = server.users();
    let request = users.delete_user_routingskill("{skillId}", "s&t=1");
    request.send().await.unwrap();
    let expected = "DELETE /api/v2/users/%7BskillId%7D/routingskills/s%26t%3D1";
    assert_eq!(server.request().line, expected);
}

#[tokio::test]
async fn a_query_repeats_the_key_of_a_list_and_encodes_values() {
    let server = Server::playing(ok("{}")).await;
    let request = server
        .users()
        .get_users()
        .id(["a b", "c&d=e", "ü+,#"])
        .expand([UserExpand::Presence, UserExpand::AuthorizationUnusedRoles])
        .page_size(2)
        .state(GetUsersState::from("half asleep"));
    request.send().await.unwrap();
    assert_eq!(
        server.request().line,
        "GET /api/v2/users?id=a%20b&id=c%26d%3De&id=%C3%BC%2B%2C%23\
         &expand=presence&expand=authorization.unusedRoles&pageSize=2&state=half%20asleep"
    );
}

#[tokio::test]
async fn a_body_is_sent_as_json_with_its_type_and_length() {
    let server = Server::playing(ok("{}")).await;
    let body = CreateUser::new("Jörg \"J\"\n", "j@example.com", "d-1").with_password("pä55/\\");
    let request = server.users().post_users(&body);
    request.send().await.unwrap();
    let sent = server.request();
    let expected = r#"{"divisionId":"d-1","email":"j@example.com","name":"Jörg \"J\"\n","password":"pä55/\\"}"#;
    assert_eq!(sent.line, "POST /api/v2/users");
    assert_eq!(sent.body, expected);
    assert_eq!(sent.header("content-type"), Some("application/json"));
    let length = expected.len().to_string();
    assert_eq!(sent.header("content-length"), Some(length.as_str()));
}

#[tokio::test]
async fn a_list_can_be_the_body() {
    let server = Server::playing(ok("{}")).await;
    let user = || PatchUser::default().with_id("u-1");
    let body = [user().with_acd_auto_answer(true), user()];
    let request = server.users().patch_users_bulk(&body);
    request.send().await.unwrap();
    let expected = r#"[{"acdAutoAnswer":true,"id":"u-1"},{"id":"u-1"}]"#;
    assert_eq!(server.request().body, expected);
}

#[tokio::test]
async fn absent_null_and_value_are_told_apart_in_a_patch() {
    let new = || UpdateUser::new(7);
    let plain = new().with_certifications([]).with_acd_auto_answer(false);
    for (change, expected) in [
        (new(), r#"{"version":7}"#),
        (
            new().with_title("Lead").with_null_manager(),
            r#"{"title":"Lead","version":7,"manager":null}"#,
        ),
        (
            new().with_title("Lead").with_null_title(),
            r#"{"version":7,"title":null}"#,
        ),
        (
            new().with_null_title().with_title("Lead"),
            r#"{"title":"Lead","version":7}"#,
        ),
        (
            plain,
            r#"{"acdAutoAnswer":false,"certifications":[],"version":7}"#,
        ),
    ] {
        let server = Server::playing(ok("{}")).await;
        let request = server.users().patch_user("u-1", &change);
        request.send().await.unwrap();
        assert_eq!(server.request().line, "PATCH /api/v2/users/u-1");
        assert_eq!(server.request().body, expected);
    }
}

#[tokio::test]
async fn a_path_parameter_that_would_reach_another_resource_is_refused_unsent() {
    let server = Server::playing(ok("{}")).await;
    let users = server.users();
    for value in ["", ".", ".."] {
        let error = users.get_user(value).send().await.unwrap_err();
        assert!(error.is_request(), "{value:?}: {error}");
        assert_eq!(error.operation(), Some("getUser"));
        assert_eq!(error.status(), None);
    }
    assert_eq!(server.connections(), 0);
    // The one request the server sees is the one that comes after those refused.
    users.get_user("...").send().await.unwrap();
    assert_eq!(server.request().line, "GET /api/v2/users/...");
}

#[tokio::test]
async fn the_path_of_the_base_url_stays_in_front() {
    let server = Server::playing(ok("{}")).await;
    let url = format!("{}/gateway/eu/", server.url());
    let client = server.builder().base_url(url).build().unwrap();
    client.users().get_users_me().send().await.unwrap();
    assert_eq!(server.request().line, "GET /gateway/eu/api/v2/users/me");
}

#[cfg(any(feature = "rustls", feature = "native-tls"))]
#[test]
fn the_region_sets_the_host_and_the_last_setter_wins() {
    use genesys_cloud_users::{Client, ClientBuilder, Region};

    let url = |builder: ClientBuilder| builder.build().unwrap().base_url().to_owned();
    let builder = Client::builder;
    assert_eq!(url(builder()), "https://api.mypurecloud.com");
    let irish = || builder().region(Region::EuWest1);
    assert_eq!(url(irish()), "https://api.mypurecloud.ie");
    assert_eq!(url(irish().base_url("http://[::1]:80")), "http://[::1]:80");
    let back = builder()
        .base_url("http://[::1]:80")
        .region(Region::EuWest1);
    assert_eq!(url(back), "https://api.mypurecloud.ie");
}

#[tokio::test]
async fn headers_of_one_request_replace_those_of_the_client_once() {
    let server = Server::playing(ok("{}")).await;
    let users = server.users();
    let mut options = RequestOptions::new();
    for (name, value) in [
        (header::AUTHORIZATION, "Bearer other"),
        (header::ACCEPT, "application/json;q=1"),
        (HeaderName::from_static("x-trace"), "t-1"),
    ] {
        options = options.with_header(name, HeaderValue::from_static(value));
    }
    let request = users.get_users_me().with_options(options);
    request.send().await.unwrap();
    users.get_users_me().send().await.unwrap();
    let requests = server.requests();
    let sent = |name| [requests[0].header(name), requests[1].header(name)];
    let own = format!("Bearer {TOKEN}");
    assert_eq!(sent("authorization"), [Some("Bearer other"), Some(&own)]);
    let json = "application/json";
    assert_eq!(sent("accept"), [Some("application/json;q=1"), Some(json)]);
    assert_eq!(sent("x-trace"), [Some("t-1"), None]);
}

// What is read.

#[tokio::test]
async fn a_response_decodes_and_loses_nothing() {
    // Among these are properties, an enum value and a nested object that the description does not
    // have, explicit nulls, and no trace of properties it calls required, such as `version`.
    let text = r#"{
        "id": "u-1", "name": "Ada", "title": null, "state": "hibernating", "shoeSize": 43,
        "addresses": [
            {"mediaType": "TELEPATHY", "address": "∞", "aura": {"colour": ["teal", null, 1.5]}},
            {"mediaType": "PHONE", "extension": null}
        ],
        "manager": {"id": "u-2", "manager": {"name": "Grace", "pets": []}},
        "presence": {"modifiedDate": "2024-02-29T12:30:00.250Z", "mood": {}},
        "biography": null, "": "nameless"
    }"#;
    let server = Server::playing(ok(text)).await;
    let user = server.get().await.unwrap();
    assert_eq!(user.name.as_deref(), Some("Ada"));
    let state = user.state.as_ref().map(UserAccountState::as_str);
    assert_eq!(state, Some("hibernating"));
    assert_eq!(user.extra.get("shoeSize"), Some(&Value::from(43)));
    assert!(user.title.is_none() && user.extra.is_null("title"));
    assert_eq!((user.version, user.extra.get("version")), (None, None));
    let addresses = user.addresses.as_deref().unwrap();
    assert_eq!(addresses[1].media_type, Some(ContactMediaType::Phone));
    let came: Value = serde_json::from_str(text).unwrap();
    assert_eq!(serde_json::to_value(&user).unwrap(), came);
}

#[tokio::test]
async fn a_body_that_comes_in_pieces_is_put_together() {
    // The pieces part in the middle of the umlaut.
    let steps = [
        raw(CHUNKED),
        raw(*b"b\r\n{\"name\":\"J\xc3\r\n"),
        pause(20),
        raw(*b"4\r\n\xb6rg\"\r\n"),
        pause(20),
        raw("1\r\n}\r\n0\r\n\r\n"),
    ];
    let server = Server::playing(steps).await;
    let user = server.get().await.unwrap();
    assert_eq!(user.name.as_deref(), Some("Jörg"));
}

#[tokio::test]
async fn send_with_response_gives_status_headers_and_correlation_id() {
    let head = "202 Accepted\nININ-Correlation-Id: c-1\nX-Page: a\nX-Page: b";
    let server = Server::playing(reply(head, r#"{"id":"u-1"}"#)).await;
    let request = server.users().get_user("u-1");
    let response = request.send_with_response().await.unwrap();
    assert_eq!(response.status(), StatusCode::ACCEPTED);
    assert_eq!(response.correlation_id(), Some("c-1"));
    let pages: Vec<_> = response.headers().get_all("x-page").iter().collect();
    assert_eq!(pages, ["a", "b"]);
    assert_eq!(response.body().id.as_deref(), Some("u-1"));
    assert_eq!(response.into_body().id.as_deref(), Some("u-1"));
}

#[tokio::test]
async fn an_operation_without_response_body_takes_any_success() {
    let password = ChangePasswordRequest::new("pa55");
    for (head, body) in [("204 None", ""), ("200 OK", ""), ("202 Later", "queued")] {
        let server = Server::playing(reply(head, body)).await;
        let request = server.users().post_user_password("u-1", &password);
        let response = request.send_with_response().await.unwrap();
        assert!(head.starts_with(response.status().as_str()), "{head}");
        assert_eq!(server.request().body, r#"{"newPassword":"pa55"}"#);
    }
}

// What goes wrong in the service.

#[tokio::test]
async fn the_platforms_error_body_is_read() {
    let body = r#"{"code":"not.found","message":"No such user","contextId":"x-9",
        "status":404,"entityId":"u-1","surprise":true}"#;
    let server = Server::playing(reply("404 Not Found\nININ-Correlation-Id: c-1", body)).await;
    let error = server.get().await.unwrap_err();
    assert!(error.is_status() && error.is_not_found());
    assert!(!error.is_decode() && !error.is_unauthorized() && !error.is_rate_limited());
    assert_eq!(error.operation(), Some("getUser"));
    assert_eq!(error.status(), Some(StatusCode::NOT_FOUND));
    assert_eq!(error.code(), Some("not.found"));
    assert_eq!(error.message(), Some("No such user"));
    assert_eq!(error.context_id(), Some("x-9"));
    assert_eq!(error.correlation_id(), Some("c-1"));
    assert_eq!(error.body().unwrap(), body);
    let platform = error.platform().unwrap();
    assert_eq!(platform.status, Some(404));
    assert_eq!(platform.entity_id.as_deref(), Some("u-1"));
    assert_eq!(platform.extra.get("surprise"), Some(&json!(true)));
}

#[tokio::test]
async fn the_page_of_a_proxy_is_kept_as_it_came() {
    let page = "<html><h1>502 Bad Gateway</h1></html>";
    let server = Server::playing(reply("502 Bad Gateway\nContent-Type: text/html", page)).await;
    let error = server.get().await.unwrap_err();
    assert!(error.is_status() && !error.is_decode());
    assert_eq!(error.status(), Some(StatusCode::BAD_GATEWAY));
    assert_eq!((error.code(), error.message()), (None, None));
    assert_eq!((error.context_id(), error.correlation_id()), (None, None));
    assert_eq!(error.body().unwrap(), page);
    assert_eq!(error.headers().unwrap()["content-type"], "text/html");
    assert!(error.platform().is_none());
}

#[tokio::test]
async fn a_rate_limit_says_how_long_to_wait() {
    let head = "429 Too Many Requests\nRetry-After: 7";
    let server = Server::playing(reply(head, r#"{"code":"too.many.requests"}"#)).await;
    let error = server.get().await.unwrap_err();
    assert!(error.is_rate_limited() && error.is_status());
    assert_eq!(error.retry_after(), Some(Duration::from_secs(7)));
    assert_eq!(error.code(), Some("too.many.requests"));
    // Trying again is for the caller to decide.
    assert_eq!(server.requests().len(), 1);
}

// What is shared, and what is shown.

#[tokio::test]
async fn a_call_that_is_dropped_leaves_the_client_usable() {
    let server = Server::deciding(|request| match request.line.as_str() {
        "GET /api/v2/users/mute" => vec![Step::Hang],
        _ => ok(r#"{"id":"u-1"}"#),
    })
    .await;
    let users = server.users();
    drop(users.get_user("never polled").send());
    tokio::select! {
        outcome = users.get_user("mute").send() => panic!("nothing can come: {outcome:?}"),
        () = server.has_read_a_request() => {}
    }
    let user = users.get_user("u-1").send().await.unwrap();
    assert_eq!(user.id.as_deref(), Some("u-1"));
    // A future that was never polled has sent nothing.
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn concurrent_calls_get_their_own_answers() {
    let server = Server::deciding(|request| {
        let id = request.line.rsplit('/').next().unwrap_or_default();
        let delay = id.bytes().map(u64::from).sum::<u64>() % 30;
        let mut steps = vec![pause(delay)];
        steps.extend(ok(&format!(r#"{{"id":"{id}"}}"#)));
        steps
    })
    .await;
    let client = server.client();
    let mut calls = JoinSet::new();
    for number in 0..100 {
        let users = client.users();
        calls.spawn(async move { (number, users.get_user(number).send().await.unwrap()) });
    }
    let answers: Vec<(i32, User)> = calls.join_all().await;
    for (number, user) in &answers {
        assert_eq!(user.id, Some(number.to_string()));
    }
    assert_eq!((answers.len(), server.requests().len()), (100, 100));
}

#[tokio::test]
async fn debug_output_holds_no_secret() {
    const PASSWORD: &str = "hunter2";
    let head = "400 Bad Request\nSet-Cookie: session=hunter2";
    let server = Server::playing(reply(head, r#"{"code":"weak","password":"hunter2"}"#)).await;
    let builder = server.builder();
    let mut shown = vec![format!("{builder:?} {builder:#?}")];
    let client = builder.build().unwrap();
    let create = CreateUser::new("Ada", "a@example.com", "d-1").with_password(PASSWORD);
    let change = ChangePasswordRequest::new(PASSWORD);
    let request = client.users().post_user_password("u-1", &change);
    shown.push(format!("{client:?} {create:?} {change:#?} {request:?}"));
    let error = request.send().await.unwrap_err();
    shown.push(format!("{error:?} {error:#?} {error}"));
    for text in shown {
        assert!(!text.contains(PASSWORD) && !text.contains(TOKEN), "{text}");
    }
    // The server did get both, so there was something to show.
    let sent = server.request();
    assert!(sent.body.contains(PASSWORD));
    assert!(sent.header("authorization").unwrap().contains(TOKEN));
}
