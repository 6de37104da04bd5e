//! `Debug` output of types that can contain secrets.

use std::{error::Error as _, fmt};

use genesys_cloud_users::{
    AccessToken, ApiKeyPlace, Client, ClientBuilder, PageToken, RequestOptions, Secret, TokenError,
    config::{GatewayConfig, ProxyConfig},
    models::{ChangePasswordRequest, CreateUser},
};
use http::{HeaderValue, Method, header};

use super::{
    SECRET, client,
    support::{Server, observe::Attempts, ok, reply},
};

/// Checks both forms of the output.
#[track_caller]
fn hides(shown: &dyn fmt::Debug) {
    let text = format!("{shown:?} {shown:#?}");
    assert!(!text.contains(SECRET), "{text}");
}

/// The same, and that something is left to see.
#[track_caller]
fn hides_but_shows(shown: &dyn fmt::Debug, expected: &[&str]) {
    hides(shown);
    let text = format!("{shown:?}");
    for expected in expected {
        assert!(text.contains(expected), "{expected} is not in {text}");
    }
}

#[tokio::test]
async fn requests_and_options_show_no_value() {
    let server = Server::playing(ok("{}")).await;
    let client = client(&server);
    let users = client.users();
    let options = RequestOptions::new()
        .with_header(header::COOKIE, HeaderValue::from_static("a=s3cr3t"))
        .with_query("flag", SECRET);
    hides_but_shows(&options, &["cookie", "flag"]);
    let request = users.get_users_search(SECRET).expand([SECRET]);
    let request = request.with_options(options);
    hides_but_shows(&request, &["getUsersSearch", "q64", "expand"]);
    hides_but_shows(&users.get_user(SECRET), &["/api/v2/users/{userId}"]);
    let change = ChangePasswordRequest::new(SECRET);
    hides_but_shows(&users.post_user_password(SECRET, &change), &["POST"]);
    let create = CreateUser::new("Ada", "a@b", "d").with_password(SECRET);
    hides_but_shows(&create, &["Ada"]);
    let request = client
        .request(Method::PUT, format!("/{SECRET}"))
        .query("q", SECRET)
        .header(header::COOKIE, HeaderValue::from_static("a=s3cr3t"))
        .json(&[SECRET]);
    hides_but_shows(&request, &["PUT"]);
    hides_but_shows(&client, &["http://127.0.0.1"]);
    hides(&users);
}

#[tokio::test]
async fn responses_and_errors_show_no_header_and_no_body() {
    let head = "Set-Cookie: a=s3cr3t\nContent-Type: application/json\nININ-Correlation-Id: c-1";
    let body = r#"{"id":"u-1","password":"s3cr3t","version":"s3cr3t"}"#;
    let server = Server::playing(reply(&format!("200 OK\n{head}"), r#"{"id":"u-1"}"#)).await;
    let request = client(&server).users().get_user("u-1");
    let response = request.send_with_response().await.unwrap();
    hides_but_shows(&response, &["200", "c-1", "u-1"]);
    for status in ["200 OK", "400 Bad Request"] {
        let attempts = Attempts::default();
        let server = Server::playing(reply(&format!("{status}\n{head}"), body)).await;
        let builder = server.builder().bearer_token("s3cr3t-token");
        let client = builder.on_attempt(attempts.observer()).build().unwrap();
        let error = client.users().get_user(SECRET).send().await.unwrap_err();
        hides_but_shows(&error, &["getUser", "c-1"]);
        assert!(!error.to_string().contains(SECRET));
        let cause = error.source().map(|cause| format!("{cause} {cause:?}"));
        assert!(!cause.unwrap_or_default().contains(SECRET));
        // It is there for those who ask.
        assert_eq!(error.body().unwrap(), body);
        assert!(error.headers().unwrap().contains_key("set-cookie"));
        let shown = &attempts.all()[0].shown;
        assert!(!shown.contains(SECRET), "{shown}");
    }
}

#[tokio::test]
async fn an_error_on_the_way_shows_no_url() {
    let (_socket, address) = super::refusing();
    let builder = Client::builder().base_url(format!("http://{address}/{SECRET}-path"));
    let client = builder
        .api_key(ApiKeyPlace::Query, "key", SECRET)
        .retry(genesys_cloud_users::RetryPolicy::none())
        .build()
        .unwrap();
    let error = client.users().get_user(SECRET).send().await.unwrap_err();
    assert!(error.is_connect());
    let shown = super::support::observe::shown(&error);
    assert!(!shown.contains(SECRET), "{shown}");
}

#[test]
fn a_builder_shows_no_credential() {
    let builder = Client::builder;
    let key = |place| builder().api_key(place, "key", SECRET);
    let certificate = || builder().client_certificate(SECRET, SECRET);
    for builder in [
        builder().bearer_token(SECRET),
        builder().basic("user", SECRET),
        key(ApiKeyPlace::Header),
        key(ApiKeyPlace::Query),
        key(ApiKeyPlace::Cookie),
        builder().proxy("http://user:s3cr3t@proxy"),
        builder().token_url("https://user:s3cr3t@login/"),
        certificate(),
        builder().base_url("https://user:s3cr3t@host"),
        builder().base_url("https://host/?key=s3cr3t"),
        builder().base_url("https://host/#s3cr3t"),
        builder().base_url("https://user:a?s3cr3t@host"),
        builder().base_url("https://host?mail=a@s3cr3t&key=s3cr3t"),
    ] {
        hides_but_shows(&builder, &["base_url"]);
    }
}

#[test]
fn a_builder_that_cannot_build_shows_no_credential() {
    let builder = Client::builder;
    let refused = |builder: ClientBuilder| {
        let error = builder.build().unwrap_err();
        hides(&error);
        assert!(error.is_config() && !error.to_string().contains(SECRET));
    };
    refused(builder().bearer_token("s3cr3t\n"));
    refused(builder().basic("a:b", SECRET));
    refused(builder().api_key(ApiKeyPlace::Cookie, "key", "s3cr3t;"));
    refused(builder().proxy("http://user:s3cr3t@"));
    refused(builder().base_url("https://user:s3cr3t@host"));
    refused(builder().base_url("https://host/?key=s3cr3t"));
    refused(builder().base_url("https://host/#s3cr3t"));
    refused(builder().base_url("ftp://host/?key=s3cr3t"));
    refused(builder().base_url("https://ho st/?key=s3cr3t"));
    #[cfg(feature = "rustls")]
    refused(builder().client_certificate(SECRET, SECRET));
}

#[cfg(feature = "oauth")]
#[test]
fn logins_and_what_they_hand_out_show_no_secret() {
    use genesys_cloud_users::{Login, Region};

    for (login, grant) in [
        (
            Login::client_credentials("id", SECRET),
            "client_credentials",
        ),
        (
            Login::authorization_code("id", SECRET, SECRET, "https://x/"),
            "authorization_code",
        ),
        (Login::pkce("id", SECRET, SECRET, "https://x/"), "pkce"),
        (
            Login::refresh_token("id", Some(SECRET.into()), SECRET),
            "refresh_token",
        ),
        (Login::saml2_bearer("id", SECRET, SECRET), "saml2_bearer"),
    ] {
        let login = login.with_parameter("p", SECRET);
        hides_but_shows(&login, &[grant, "id"]);
        hides(&Client::builder().login(login.clone()));
        let builder = Client::builder().login(login).gateway("http://localhost");
        hides(&builder.build().unwrap());
    }
    let start = Region::EuWest1
        .authorize("id", "https://x/")
        .pkce()
        .unwrap();
    let shown = format!("{start:?} {start:#?}");
    let verifier = start.verifier.as_ref().unwrap();
    assert!(!shown.contains(verifier.expose()), "{shown}");
    // What comes back with the state is believed, so whoever knows it can bring a code of his own.
    assert!(!shown.contains(start.state.expose()), "{shown}");
}

#[cfg(feature = "oauth")]
#[tokio::test]
async fn tokens_that_a_login_hands_out_show_nothing() {
    use super::support::oauth::{any, grants, portal};

    let granted = grants("s3cr3t-access", r#","refresh_token":"s3cr3t-refresh""#);
    let server = portal([granted], any).await;
    let (told, seen) = std::sync::mpsc::channel();
    let login = genesys_cloud_users::Login::saml2_bearer("id", SECRET, SECRET);
    let login = login.on_tokens(move |tokens| told.send(tokens.clone()).unwrap());
    let client = server.logging_in(login).build().unwrap();
    client.log_in().await.unwrap();
    let tokens = seen.recv().unwrap();
    assert_eq!(tokens.access_token.expose(), "s3cr3t-access");
    hides_but_shows(&tokens, &["access_token", "refresh_token"]);
}

#[test]
fn what_holds_a_secret_by_its_type_does_not_show_it() {
    hides(&Secret::new(SECRET));
    hides(&AccessToken::new(SECRET));
    for text in ["cursor:s3cr3t", "link:/s3cr3t"] {
        hides(&text.parse::<PageToken>().unwrap());
    }
    hides("s3cr3t".parse::<PageToken>().as_ref().unwrap_err());
    hides(&TokenError::other("no"));
    let mut proxy = ProxyConfig::default();
    proxy.host = Some("proxy".to_owned());
    proxy.username = Some("user".to_owned());
    proxy.password = Some(SECRET.into());
    hides_but_shows(&proxy, &["user"]);
    hides(&proxy.url());
    let mut gateway = GatewayConfig::default();
    gateway.password = Some(SECRET.into());
    gateway.host = Some("user:s3cr3t@gateway".to_owned());
    gateway.path_params_api = Some("api?key=s3cr3t".to_owned());
    gateway.path_params_login = Some("login#s3cr3t".to_owned());
    hides(&gateway);
    proxy.host = Some("user:s3cr3t@proxy".to_owned());
    hides(&proxy);
}
