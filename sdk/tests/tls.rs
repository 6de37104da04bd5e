//! HTTPS and proxies, on the loopback interface: whose certificates are believed, and which way
//! requests go.

#![cfg(feature = "rustls")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use std::{env, net::SocketAddr, process::Command};

use base64::prelude::{BASE64_STANDARD, Engine as _};
use genesys_cloud_users::{Client, ClientBuilder, Error};
use support::{
    Server, TOKEN, get, ok, reply,
    tls::{Authority, Identity, Tunnels, before},
};

const HOST: &str = "127.0.0.1";

/// A client of whatever sits at this address behind TLS.
fn builder(server: &Server, address: SocketAddr) -> ClientBuilder {
    server
        .builder()
        .base_url(format!("https://{address}"))
        .no_proxy()
}

async fn fail(builder: ClientBuilder) -> Error {
    get(&builder.build().unwrap()).await.unwrap_err()
}

#[track_caller]
fn succeed(builder: ClientBuilder) -> impl Future<Output = ()> {
    let caller = std::panic::Location::caller();
    async move {
        if let Err(error) = get(&builder.build().unwrap()).await {
            panic!("{caller}: {}", support::observe::shown(&error));
        }
    }
}

async fn server() -> Server {
    Server::playing(ok("{}")).await
}

// The certificate of the service.

#[tokio::test]
async fn an_authority_is_believed_when_it_is_given_and_not_before() {
    let (server, authority) = (server().await, Authority::new());
    let address = before(&server, &authority.issue(&[HOST]), None).await;
    let error = fail(builder(&server, address)).await;
    assert!(error.is_connect() && !error.is_timeout(), "{error}");
    let shown = support::observe::shown(&error);
    assert!(shown.contains("certificate"), "{shown}");
    assert_eq!(server.connections(), 0);
    let other = Authority::new();
    let error = fail(builder(&server, address).root_certificates(other.pem.clone())).await;
    assert!(error.is_connect(), "{error}");
    succeed(builder(&server, address).root_certificates(authority.pem.clone())).await;
    // More than one can be given, one by one or together.
    let both = builder(&server, address)
        .root_certificates(authority.pem.clone())
        .root_certificates(other.pem.clone());
    succeed(both).await;
    let bundle = format!("{}{}", other.pem, authority.pem);
    succeed(builder(&server, address).root_certificates(bundle)).await;
    let bearer = format!("Bearer {TOKEN}");
    for request in server.requests() {
        assert_eq!(request.line, "GET /api/v2/users/u-1");
        assert_eq!(request.header("authorization"), Some(bearer.as_str()));
    }
    assert_eq!(server.requests().len(), 3);
}

#[tokio::test]
async fn a_certificate_for_another_host_or_another_time_is_refused() {
    let (server, authority) = (server().await, Authority::new());
    for identity in [
        authority.issue(&["api.example.com"]),
        authority.issue(&["127.0.0.2"]),
        authority.issue_expired(&[HOST]),
    ] {
        let address = before(&server, &identity, None).await;
        let builder = builder(&server, address).root_certificates(authority.pem.clone());
        let error = fail(builder).await;
        assert!(error.is_connect(), "{error}");
    }
    // The name is what counts, not where it leads to.
    let address = before(&server, &authority.issue(&["localhost"]), None).await;
    let by_address = builder(&server, address).root_certificates(authority.pem.clone());
    assert!(fail(by_address).await.is_connect());
    let by_name = builder(&server, address).root_certificates(authority.pem.clone());
    succeed(by_name.base_url(format!("https://localhost:{}", address.port()))).await;
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn rustls_is_what_speaks_where_it_is_there() {
    // A dependency of somebody else's can turn the other library on.
    let (server, authority) = (server().await, Authority::new());
    let address = before(&server, &authority.issue(&[HOST]), None).await;
    let error = fail(builder(&server, address)).await;
    let shown = support::observe::shown(&error);
    assert!(shown.contains("UnknownIssuer"), "{shown}");
}

// The certificate of the client.

fn showing(builder: ClientBuilder, identity: &Identity) -> ClientBuilder {
    builder.client_certificate(identity.certificate_pem.clone(), identity.key_pem.as_str())
}

#[tokio::test]
async fn a_certificate_that_the_service_asks_for_is_shown() {
    let (server, authority) = (server().await, Authority::new());
    let clients = Authority::new();
    let address = before(&server, &authority.issue(&[HOST]), Some(&clients)).await;
    let trusting = || builder(&server, address).root_certificates(authority.pem.clone());
    let error = fail(trusting()).await;
    assert!(error.status().is_none() && !error.is_timeout(), "{error}");
    // One that another authority issued is as good as none.
    let error = fail(showing(trusting(), &authority.issue(&["me"]))).await;
    assert!(error.status().is_none(), "{error}");
    assert_eq!(server.requests().len(), 0);
    succeed(showing(trusting(), &clients.issue(&["me"]))).await;
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn showing_a_certificate_does_not_stop_the_checks_of_the_other_side() {
    let (server, authority) = (server().await, Authority::new());
    let (good, bad) = (authority.issue(&[HOST]), authority.issue(&["x"]));
    let mine = authority.issue(&["me"]);
    let address = before(&server, &good, Some(&authority)).await;
    assert!(
        fail(showing(builder(&server, address), &mine))
            .await
            .is_connect()
    );
    let address = before(&server, &bad, Some(&authority)).await;
    let trusting = builder(&server, address).root_certificates(authority.pem.clone());
    assert!(fail(showing(trusting, &mine)).await.is_connect());
    assert_eq!(server.connections(), 0);
}

#[test]
fn a_certificate_and_a_key_that_do_not_belong_together_are_refused() {
    let authority = Authority::new();
    let (one, other) = (authority.issue(&["a"]), authority.issue(&["b"]));
    let certificate = one.certificate_pem.as_str();
    for (certificate, key) in [
        (certificate, other.key_pem.as_str()),
        (certificate, ""),
        ("", one.key_pem.as_str()),
        (certificate, certificate),
    ] {
        let builder = Client::builder().client_certificate(certificate, key);
        let error = builder.build().unwrap_err();
        assert!(error.is_config(), "{error}");
        let shown = support::observe::shown(&error);
        assert!(!shown.contains("PRIVATE KEY"), "{shown}");
    }
}

// Proxies.

/// The value of `Proxy-Authorization` for a name and a password.
fn basic(pair: &str) -> String {
    format!("Basic {}", BASE64_STANDARD.encode(pair))
}

#[tokio::test]
async fn requests_without_tls_are_handed_to_the_proxy_whole() {
    let proxy = Server::playing(ok("{}")).await;
    let with_password = proxy.url().replace("://", "://us%20er:p%40ss%3Aword@");
    for (url, authorization) in [
        (proxy.url(), None),
        (with_password, Some(basic("us er:p@ss:word"))),
    ] {
        let before = proxy.requests().len();
        let builder = Client::builder().base_url("http://api.invalid:8080/gate");
        let builder = builder.bearer_token(TOKEN).allow_insecure_http();
        let client = builder.proxy(url).build().unwrap();
        get(&client).await.unwrap();
        let request = &proxy.requests()[before];
        let line = "GET http://api.invalid:8080/gate/api/v2/users/u-1";
        assert_eq!(request.line, line);
        assert_eq!(request.header("host"), Some("api.invalid:8080"));
        let sent = request.header("proxy-authorization");
        assert_eq!(sent, authorization.as_deref());
        assert_eq!(
            request.header("authorization"),
            Some("Bearer t0ken-of-the-t3st")
        );
    }
}

#[cfg(feature = "oauth")]
#[tokio::test]
async fn logins_go_through_the_proxy_too() {
    use genesys_cloud_users::Login;
    use support::oauth::{any, grants, portal};

    let proxy = portal([grants("t-1", "")], any).await;
    let login = Login::client_credentials("id", "secret");
    let builder = proxy.logging_in(login).base_url("http://api.invalid");
    let builder = builder.token_url("http://login.invalid/oauth/token");
    let builder = builder.allow_insecure_http();
    get(&builder.proxy(proxy.url()).build().unwrap())
        .await
        .unwrap();
    assert_eq!(
        proxy.lines(),
        [
            "POST http://login.invalid/oauth/token",
            "GET http://api.invalid/api/v2/users/u-1",
        ]
    );
}

#[tokio::test]
async fn requests_with_tls_go_through_a_tunnel_that_sees_nothing_of_them() {
    let (server, authority) = (server().await, Authority::new());
    let address = before(&server, &authority.issue(&["api.invalid"]), None).await;
    let tunnels = Tunnels::answering("200 Connected", address).await;
    let trusting = || {
        let builder = builder(&server, address).base_url("https://api.invalid");
        builder.root_certificates(authority.pem.clone())
    };
    let proxy = format!("http://user:pa55@{}", tunnels.address);
    succeed(trusting().proxy(proxy)).await;
    assert_eq!(server.request().line, "GET /api/v2/users/u-1");
    assert_eq!(server.request().header("proxy-authorization"), None);
    let [head] = &tunnels.heads()[..] else {
        panic!("one tunnel, not {:?}", tunnels.heads());
    };
    let head = head.to_lowercase();
    assert!(
        head.starts_with("connect api.invalid:443 http/1.1\r\n"),
        "{head}"
    );
    let authorization = format!("proxy-authorization: {}", basic("user:pa55"));
    assert!(head.contains(&authorization.to_lowercase()), "{head}");
    assert!(!head.contains(TOKEN) && !head.contains("/api/"), "{head}");
    // The other end is checked as ever.
    let proxy = format!("http://{}", tunnels.address);
    let wrong = trusting().base_url("https://other.invalid").proxy(proxy);
    assert!(fail(wrong).await.is_connect());
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn a_proxy_that_refuses_is_told_without_its_password() {
    let (server, target) = (server().await, SocketAddr::from(([127, 0, 0, 1], 1)));
    let tunnels = Tunnels::answering("407 Who are you", target).await;
    let proxy = format!("http://user:s3cr3t@{}", tunnels.address);
    let error = fail(builder(&server, target).proxy(proxy)).await;
    assert!(error.is_connect(), "{error}");
    let shown = support::observe::shown(&error);
    assert!(!shown.contains("s3cr3t"), "{shown}");
    let refusing = Server::playing(reply("407 Who are you", "")).await;
    let builder = server.builder().proxy(refusing.url());
    assert_eq!(fail(builder).await.status().unwrap(), 407);
    assert_eq!(server.connections(), 0);
}

#[test]
fn a_proxy_of_a_kind_that_cannot_be_used_is_refused_and_not_gone_around() {
    for url in [
        "htp://user:s3cr3t@127.0.0.1:3128",
        "ftp://127.0.0.1",
        "socks5://127.0.0.1:1080",
    ] {
        match Client::builder().proxy(url).build() {
            Ok(_) => panic!("{url} is taken for a proxy"),
            Err(error) => assert!(error.is_config() && !error.to_string().contains("s3cr3t")),
        }
    }
}

/// Says where the servers are that this program is to talk to when it runs as a child of itself.
const SERVER: &str = "SDK_TEST_SERVER";

#[tokio::test]
async fn the_proxy_of_the_environment_is_used_unless_there_is_to_be_none() {
    // A process must not change its environment once it has threads, so another one has it changed.
    if let Ok(server) = env::var(SERVER) {
        let builder = || Client::builder().base_url(&server).bearer_token(TOKEN);
        let get = async |id: &str, builder: ClientBuilder| {
            let client = builder.build().unwrap();
            client.users().get_user(id).send().await.unwrap();
        };
        get("by-environment", builder()).await;
        get("by-none", builder().no_proxy()).await;
        get("by-own", builder().proxy(env::var("OWN_PROXY").unwrap())).await;
        get("by-last", builder().proxy("http://x.invalid").no_proxy()).await;
        return;
    }
    let server = server().await;
    let (system, own) = (
        Server::playing(ok("{}")).await,
        Server::playing(ok("{}")).await,
    );
    let mut child = Command::new(env::current_exe().unwrap());
    child
        .args([
            "--exact",
            "the_proxy_of_the_environment_is_used_unless_there_is_to_be_none",
        ])
        .env("HTTP_PROXY", system.url())
        .env_remove("NO_PROXY")
        .env_remove("no_proxy")
        .env_remove("http_proxy")
        .env("OWN_PROXY", own.url())
        .env(SERVER, server.url());
    let output = tokio::task::spawn_blocking(move || child.output()).await;
    let output = output.unwrap().unwrap();
    assert!(output.status.success(), "{output:?}");
    let last = |server: &Server| -> Vec<String> {
        let lines = server.lines();
        let id = |line: &String| line.rsplit('/').next().unwrap().to_owned();
        lines.iter().map(id).collect()
    };
    assert_eq!(last(&system), ["by-environment"]);
    assert_eq!(last(&server), ["by-none", "by-last"]);
    assert_eq!(last(&own), ["by-own"]);
}
