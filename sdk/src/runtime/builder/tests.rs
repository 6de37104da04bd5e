//! What a builder accepts and refuses.

use http::{HeaderValue, header};

use super::{
    super::{
        ApiKeyPlace,
        service::{self, Service, tests::SERVICE},
        tls,
    },
    ClientBuilder,
};

fn builder() -> ClientBuilder {
    ClientBuilder::new(&SERVICE)
}

#[test]
fn the_base_url_loses_its_last_slash() {
    assert_eq!(
        builder().build().unwrap().base_url(),
        "http://api.localhost"
    );
}

#[test]
fn settings_that_cannot_work_are_refused() {
    for url in [
        "",
        "api.example.com",
        "ftp://x",
        "https://",
        "https://x/?q=1",
        "https://x/#a",
    ] {
        let error = builder().base_url(url).build().unwrap_err();
        assert!(error.is_config(), "{url}: {error}");
    }
    let error = builder()
        .base_url("https://user:s3cr3t@x")
        .build()
        .unwrap_err();
    assert!(error.is_config() && !format!("{error} {error:?}").contains("s3cr3t"));
    for builder in [
        builder().bearer_token("a\nb"),
        builder().user_agent("a\nb"),
        builder().proxy("no url"),
    ] {
        assert!(builder.build().unwrap_err().is_config());
    }
}

#[cfg(feature = "oauth")]
#[test]
fn a_login_needs_a_place_to_go_to() {
    use super::super::Login;

    let login = || Login::client_credentials("id", "secret");
    for url in ["", "login.example.com"] {
        let error = builder().login(login()).token_url(url).build().unwrap_err();
        assert!(error.is_config(), "{url}: {error}");
    }
    let login = Login::authorization_code("id", "secret", "code", "not a URI");
    assert!(builder().login(login).build().unwrap_err().is_config());
}

#[cfg(feature = "oauth")]
#[test]
fn secrets_of_a_login_go_where_the_caller_knows() {
    use super::super::Login;

    let logging_in = || builder().login(Login::client_credentials("id", "s3cr3t"));
    let refusal = |builder: ClientBuilder| {
        let error = builder.build().unwrap_err();
        assert!(error.is_config() && !error.to_string().contains("s3cr3t"));
        error.to_string()
    };
    let message = refusal(logging_in().base_url("http://127.0.0.1:8080/v1"));
    for part in [
        "http://127.0.0.1:8080,",
        "https://login.example.com:",
        "`gateway`",
    ] {
        assert!(message.contains(part), "{message}");
    }
    for fine in [
        logging_in(),
        // The service's own host, whatever the path.
        logging_in().base_url("http://API.localhost:80/v2"),
        logging_in()
            .base_url("http://localhost")
            .token_url("https://x/t"),
        logging_in()
            .token_url("https://x/t")
            .base_url("http://localhost"),
        logging_in().gateway("http://localhost"),
        logging_in()
            .gateway("http://localhost")
            .base_url("http://127.0.0.1"),
        builder().base_url("http://localhost").bearer_token("t"),
    ] {
        assert!(fine.build().is_ok());
    }
    let exposed = logging_in().token_url("http://login.example.com/t");
    assert!(refusal(exposed).contains("http://login.example.com without TLS"));
    let allowed = logging_in().token_url("http://login.example.com/t");
    assert!(allowed.allow_insecure_http().build().is_ok());
}

#[test]
fn credentials_are_not_sent_in_the_open() {
    let exposed = || builder().base_url("http://api.example.com");
    assert!(exposed().build().is_ok());
    let authorization = HeaderValue::from_static("Bearer t");
    for builder in [
        exposed().bearer_token("t"),
        exposed().api_key(ApiKeyPlace::Query, "key", "k"),
        exposed().default_header(header::AUTHORIZATION, authorization),
        builder().gateway("http://10.0.0.1:8080").basic("u", "p"),
    ] {
        let error = builder.build().unwrap_err();
        assert!(error.is_config(), "{error}");
        assert!(error.to_string().contains("without TLS"), "{error}");
    }
    let allowed = exposed().allow_insecure_http().bearer_token("t");
    assert!(allowed.build().is_ok());
}

#[test]
fn a_gateway_stands_before_the_path_of_the_service() {
    static DEEP: Service = Service {
        base_url: "https://api.example.com/v2/",
        ..service::tests::SERVICE
    };
    let url = |builder: ClientBuilder| builder.build().unwrap().base_url().to_owned();
    let builder = || ClientBuilder::new(&DEEP);
    let gateway = builder().gateway("http://localhost/g/");
    assert_eq!(url(gateway), "http://localhost/g/v2");
    let last = builder()
        .gateway("http://localhost")
        .base_url("http://localhost/own");
    assert_eq!(url(last), "http://localhost/own");
    let gateway = builder()
        .base_url("http://localhost/own")
        .gateway("http://localhost");
    assert_eq!(url(gateway), "http://localhost/v2");
    assert!(
        builder()
            .gateway("localhost")
            .build()
            .unwrap_err()
            .is_config()
    );
}

#[test]
fn https_needs_tls() {
    let built = builder().base_url("https://api.example.com").build();
    assert_eq!(built.is_ok(), tls::IS_THERE);
}

#[test]
fn debug_does_not_show_the_token() {
    let wrong = builder().base_url("https://user:s3cr3t@x");
    assert!(!format!("{wrong:?}").contains("s3cr3t"));
    let builder = builder()
        .bearer_token("s3cr3t")
        .api_key(ApiKeyPlace::Query, "key", "s3cr3t");
    assert!(!format!("{builder:?}").contains("s3cr3t"));
    assert!(!format!("{:?}", builder.build().unwrap()).contains("s3cr3t"));
}
