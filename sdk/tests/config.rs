//! What a configuration does to the calls of a client.

#![cfg(any(feature = "rustls", feature = "native-tls"))]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use std::{io::Write as _, time::Duration};

use genesys_cloud_users::{
    Client, ClientBuilder, Config, HttpRequest, HttpResponse, Region, RetryPolicy, Transport,
    TransportContext, TransportFuture, config::Pem,
};
use support::{Server, get, observe::Attempts, ok, reply};
use tempfile::NamedTempFile;

/// A file with this text.
fn file(text: &str) -> NamedTempFile {
    let mut file = NamedTempFile::new().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    file
}

/// What a file with this text says.
fn read(text: &str) -> Config {
    Config::from_file(file(text).path()).unwrap()
}

fn builder(config: &Config) -> ClientBuilder {
    let builder = Client::builder().without_credentials();
    builder.config(config).unwrap()
}

/// A gateway at the server, with paths of its own.
fn gateway(server: &Server) -> String {
    let port = server.url().rsplit(':').next().unwrap().to_owned();
    format!(
        "[gateway]\nhost = 127.0.0.1\nprotocol = http\nport = {port}\n\
         path_params_api = /cloud/api/\npath_params_login = cloud/login\n"
    )
}

/// Answers everything with this status.
struct Always(u16);

impl Transport for Always {
    fn send(&self, _: HttpRequest, _: TransportContext) -> TransportFuture<'_> {
        let response = http::Response::builder().status(self.0);
        let response: HttpResponse = response.body("{}".into()).unwrap();
        Box::pin(async move { Ok(response) })
    }
}

// Where requests go.

#[tokio::test]
async fn calls_go_to_the_gateway_under_its_path() {
    let server = Server::playing(ok("{}")).await;
    let port = server.url().rsplit(':').next().unwrap().to_owned();
    let json = format!(
        r#"{{"general": {{"host": "mypurecloud.ie"}},
            "gateway": {{"host": "127.0.0.1", "protocol": "http", "port": {port},
                         "path_params_api": "cloud/api"}}}}"#
    );
    for text in [gateway(&server), json] {
        let client = builder(&read(&text)).build().unwrap();
        get(&client).await.unwrap();
    }
    assert_eq!(server.lines(), ["GET /cloud/api/api/v2/users/u-1"; 2]);
}

#[cfg(feature = "oauth")]
#[tokio::test]
async fn logins_go_to_the_gateway_under_a_path_of_their_own() {
    use support::oauth::{any, grants, portal};

    let server = portal([grants("t-1", "")], any).await;
    let mut config = read(&gateway(&server));
    config.client_id = Some("id".to_owned());
    config.client_secret = Some("secret".into());
    get(&builder(&config).build().unwrap()).await.unwrap();
    assert_eq!(
        server.lines(),
        [
            "POST /cloud/login/oauth/token",
            "GET /cloud/api/api/v2/users/u-1",
        ]
    );
    assert_eq!(server.tokens(), ["t-1"]);
}

#[tokio::test]
async fn a_host_takes_calls_and_logins_unless_there_is_a_gateway() {
    let server = Server::playing(ok("{}")).await;
    let general = format!("[general]\nhost = {}/v\n", server.url());
    let client = builder(&read(&general)).build().unwrap();
    get(&client).await.unwrap();
    assert_eq!(server.request().line, "GET /v/api/v2/users/u-1");
    let both = builder(&read(&format!("{general}{}", gateway(&server))));
    let url = both.build().unwrap().base_url().to_owned();
    assert_eq!(url, format!("{}/cloud/api", server.url()));
    let url = |text| {
        // Not to depend on TLS being there.
        let builder = builder(&read(text)).transport(Always(200));
        builder.build().unwrap().base_url().to_owned()
    };
    assert_eq!(
        url("[general]\nhost = eu_west_1"),
        "https://api.mypurecloud.ie"
    );
    // A gateway without a host is none.
    let text = "[gateway]\nprotocol = http\npath_params_api = x";
    assert_eq!(url(text), "https://api.mypurecloud.com");
}

#[tokio::test]
async fn connections_go_through_the_proxy_and_show_its_password() {
    let proxy = Server::playing(ok("{}")).await;
    let port = proxy.url().rsplit(':').next().unwrap().to_owned();
    let text = format!(
        "[general]\nhost = http://api.invalid\n[proxy]\nhost = 127.0.0.1\nport = {port}\n\
         auth-username = a b\nauth-password = p@ss:w/rd%20\n"
    );
    get(&builder(&read(&text)).build().unwrap()).await.unwrap();
    let request = proxy.request();
    assert_eq!(request.line, "GET http://api.invalid/api/v2/users/u-1");
    // Of "a b:p@ss:w/rd%20".
    let expected = "Basic YSBiOnBAc3M6dy9yZCUyMA==";
    assert_eq!(request.header("proxy-authorization"), Some(expected));
}

// Retries.

/// The waits that a client takes between its attempts at a call, all of which fail.
async fn waits(builder: ClientBuilder) -> Vec<Duration> {
    let attempts = Attempts::default();
    let builder = builder.transport(Always(503));
    let client = builder.on_attempt(attempts.observer()).build().unwrap();
    get(&client).await.unwrap_err();
    let told = attempts.all();
    told.iter().filter_map(|attempt| attempt.retry_in).collect()
}

#[tokio::test(start_paused = true)]
async fn retries_are_as_many_as_the_configuration_says_and_wait_no_longer() {
    for number in [0, 1, 7] {
        let text = format!("[retry]\nretry_max = {number}\nretry_wait_max = 1\n");
        let waits = waits(builder(&read(&text))).await;
        assert_eq!(waits.len(), number);
        assert!(waits.iter().all(|wait| *wait <= Duration::from_secs(1)));
    }
}

#[tokio::test(start_paused = true)]
async fn the_first_wait_and_any_are_bounded_as_the_configuration_says() {
    let text = "[retry]\nretry_wait_min = 2\nretry_wait_max = 3\nretry_max = 9\n";
    let waits = waits(builder(&read(text))).await;
    assert_eq!(waits.len(), 9);
    assert!(waits[0] <= Duration::from_secs(2), "{waits:?}");
    let most = Duration::from_secs(3);
    assert!(waits.iter().all(|wait| *wait <= most), "{waits:?}");
    // Chance would have to be very odd to keep all others below the first one's bound.
    assert!(waits.iter().any(|wait| *wait > Duration::from_millis(500)));
}

#[tokio::test(start_paused = true)]
async fn what_the_configuration_does_not_say_stays_as_it_was() {
    let before = || {
        Client::builder()
            .base_url("http://before.localhost")
            .bearer_token("t")
            .retry(RetryPolicy::none())
    };
    let after = before().config(&Config::default()).unwrap();
    let client = after.build().unwrap();
    assert_eq!(client.base_url(), "http://before.localhost");
    let after = before().config(&Config::default()).unwrap();
    assert_eq!(waits(after).await.len(), 0);
    let before = before().retry(RetryPolicy::new().with_max_retries(1));
    let waiting = before.config(&read("[retry]\nretry_wait_max = 1")).unwrap();
    assert_eq!(waits(waiting).await.len(), 1);
}

// Tokens.

#[cfg(feature = "oauth")]
#[tokio::test]
async fn a_refused_token_is_replaced_unless_the_configuration_says_no() {
    use support::oauth::{grants, only, portal};

    for (text, logins) in [("", 2), ("true", 2), ("false", 1)] {
        let server = portal([grants("old", ""), grants("new", "")], only("new")).await;
        let text = match text {
            "" => gateway(&server),
            text => {
                let gateway = gateway(&server);
                format!("{gateway}[reauthentication]\nrefresh_access_token = {text}\n")
            }
        };
        let mut config = read(&text);
        config.client_id = Some("id".to_owned());
        config.client_secret = Some("secret".into());
        let outcome = get(&builder(&config).build().unwrap()).await;
        assert_eq!(outcome.is_ok(), logins == 2);
        assert!(outcome.map_or_else(|error| error.is_unauthorized(), |_| true));
        assert_eq!(server.logins().len(), logins);
    }
}

#[cfg(feature = "oauth")]
#[tokio::test(start_paused = true)]
async fn a_login_takes_no_longer_than_the_configuration_says() {
    /// Never answers.
    struct Mute;

    impl Transport for Mute {
        fn send(&self, _: HttpRequest, _: TransportContext) -> TransportFuture<'_> {
            Box::pin(std::future::pending())
        }
    }

    let mut config = read("[reauthentication]\nrefresh_token_wait_max = 7");
    config.client_id = Some("id".to_owned());
    config.client_secret = Some("secret".into());
    let client = builder(&config).transport(Mute).build().unwrap();
    let started = tokio::time::Instant::now();
    let error = get(&client).await.unwrap_err();
    assert!(error.is_login() && error.is_timeout(), "{error}");
    assert_eq!(started.elapsed(), Duration::from_secs(7));
}

#[tokio::test]
async fn a_token_goes_before_a_login() {
    let server = Server::playing(ok("{}")).await;
    let mut config = read(&gateway(&server));
    config.client_id = Some("id".to_owned());
    config.client_secret = Some("secret".into());
    config.access_token = Some("t-0".into());
    get(&builder(&config).build().unwrap()).await.unwrap();
    let request = server.request();
    assert_eq!(request.header("authorization"), Some("Bearer t-0"));
}

// What does not go together, and what comes after.

#[test]
fn settings_that_do_not_go_together_are_refused() {
    let refused = |config: &Config| {
        let error = Client::builder().config(config).unwrap_err();
        assert!(error.is_config(), "{error}");
        assert!(!format!("{error} {error:?}").contains("s3cr3t"));
    };
    let mut config = Config::default();
    config.client_id = Some("id".to_owned());
    refused(&config);
    let mut config = Config::default();
    config.client_secret = Some("s3cr3t".into());
    refused(&config);
    refused(&read("[mtls]\ncert_path = /etc/c.pem"));
    refused(&read("[mtls]\nkey_path = /etc/k.pem"));
    refused(&read("[mtls]\nca_path = /nowhere/at/all"));
    let mut config = Config::default();
    config.mtls.key = Some(Pem::Text("s3cr3t".into()));
    refused(&config);
    refused(&read("[retry]\nretry_wait_min = 3\nretry_wait_max = 2"));
    let equal = read("[retry]\nretry_wait_min = 2\nretry_wait_max = 2");
    builder(&equal).transport(Always(200)).build().unwrap();
    assert!(
        Config::from_file("/nowhere/at/all")
            .unwrap_err()
            .is_config()
    );
}

#[tokio::test]
async fn what_is_set_after_the_configuration_wins() {
    let (server, other) = (
        Server::playing(reply("503 Busy", "")).await,
        Server::playing(ok("{}")).await,
    );
    let mut config = read(&format!(
        "{}[proxy]\nhost = proxy.invalid\n[retry]\nretry_max = 9\n",
        gateway(&server)
    ));
    config.access_token = Some("t-0".into());
    let later = || {
        let builder = builder(&config).no_proxy().retry(RetryPolicy::none());
        builder.bearer_token("t-1")
    };
    let error = get(&later().build().unwrap()).await.unwrap_err();
    assert_eq!((error.attempts(), server.requests().len()), (1, 1));
    let request = server.request();
    assert_eq!(request.header("authorization"), Some("Bearer t-1"));
    let client = later().base_url(other.url()).build().unwrap();
    get(&client).await.unwrap();
    assert_eq!(other.request().line, "GET /api/v2/users/u-1");
    let later = later().region(Region::EuWest1).transport(Always(200));
    let client = later.build().unwrap();
    assert_eq!(client.base_url(), "https://api.mypurecloud.ie");
}

#[cfg(feature = "tracing")]
#[tokio::test]
async fn bodies_are_told_as_the_configuration_says() {
    let server = Server::playing(ok(r#"{"id":"u-1"}"#)).await;
    for (key, told) in [("log_request_body", 0), ("log_response_body", 1)] {
        let text = format!("{}[logging]\n{key} = true\n", gateway(&server));
        let client = builder(&read(&text)).build().unwrap();
        let (spans, _guard) = support::spans::Spans::listen();
        get(&client).await.unwrap();
        assert_eq!(spans.events().len(), told, "{key}");
    }
}

#[cfg(feature = "rustls")]
#[tokio::test]
async fn certificates_are_read_from_where_the_configuration_says() {
    use support::tls::{Authority, before};

    let server = Server::playing(ok("{}")).await;
    let (authority, clients) = (Authority::new(), Authority::new());
    let mine = clients.issue(&["me"]);
    let address = before(&server, &authority.issue(&["127.0.0.1"]), Some(&clients)).await;
    let [ca, certificate, key] =
        [&authority.pem, &mine.certificate_pem, &mine.key_pem].map(|text| file(text));
    let gateway = format!("[gateway]\nhost = 127.0.0.1\nport = {}\n", address.port());
    let line = |pem: &str| pem.replace('\n', "\\n");
    let by_path = format!(
        "{gateway}[mtls]\nca_path = {}\ncert_path = {}\nkey_path = {}\n",
        ca.path().display(),
        certificate.path().display(),
        key.path().display()
    );
    let by_content = format!(
        "{gateway}[mtls]\nca_content = {}\ncert_content = {}\nkey_content = {}\n",
        line(&authority.pem),
        line(&mine.certificate_pem),
        line(&mine.key_pem)
    );
    for text in [by_path, by_content] {
        let client = builder(&read(&text)).no_proxy().build().unwrap();
        get(&client).await.unwrap();
    }
    assert_eq!(server.requests().len(), 2);
}

// The file at its default place, and the environment.

#[cfg(all(feature = "oauth", unix))]
#[tokio::test]
async fn a_client_is_configured_by_the_file_in_the_home_folder_and_the_environment() {
    use std::{env, process::Command};

    use support::oauth::{any, grants, portal};

    /// Says that this program runs as a child of itself.
    const CHILD: &str = "SDK_TEST_CHILD";

    // A process must not change its environment once it has threads, so another one has it changed.
    if env::var(CHILD).is_ok() {
        let client = Client::configured().unwrap().build().unwrap();
        get(&client).await.unwrap();
        return;
    }
    let server = portal([grants("t-1", "")], any).await;
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join(".genesyscloudrust");
    std::fs::create_dir(&folder).unwrap();
    let text = format!("[general]\nhost = eu_west_1\n{}", gateway(&server));
    std::fs::write(folder.join("config"), text).unwrap();
    let mut child = Command::new(env::current_exe().unwrap());
    let name = "a_client_is_configured_by_the_file_in_the_home_folder_and_the_environment";
    child
        .args(["--exact", name])
        .env("HOME", home.path())
        .env("NO_PROXY", "127.0.0.1")
        .env("GENESYSCLOUD_OAUTHCLIENT_ID", "id")
        .env("GENESYSCLOUD_OAUTHCLIENT_SECRET", "secret")
        .env_remove("GENESYSCLOUD_ACCESS_TOKEN")
        .env_remove("GENESYSCLOUD_REGION")
        .env(CHILD, "1");
    let output = tokio::task::spawn_blocking(move || child.output()).await;
    let output = output.unwrap().unwrap();
    assert!(output.status.success(), "{output:?}");
    assert_eq!(server.lines()[0], "POST /cloud/login/oauth/token");
    // Of "id:secret".
    let sent = server.requests();
    assert_eq!(sent[0].header("authorization"), Some("Basic aWQ6c2VjcmV0"));
    assert_eq!(sent[1].header("authorization"), Some("Bearer t-1"));
}
