//! Which credentials a call carries.

use std::time::Duration;

use http::{HeaderValue, Method, header};

use super::{
    super::super::{
        AccessToken, ApiKeyPlace, Client, ClientBuilder, RequestOptions, Result, TokenFuture,
        TokenSource,
        call::Call,
        operation::Operation,
        service::{self, Service},
        tests::{Recorder, wait},
    },
    Alternatives, Scheme, SchemeKind,
};

static OPERATION: Operation = Operation {
    id: "op",
    method: Method::GET,
    path: "/op",
    idempotent: true,
};

const fn scheme(name: &'static str, kind: SchemeKind) -> Scheme {
    Scheme {
        name,
        kind,
        set_by: "set_it",
    }
}

const fn key(name: &'static str, place: ApiKeyPlace) -> SchemeKind {
    SchemeKind::ApiKey { place, name }
}

const BEARER: Scheme = scheme("bearer", SchemeKind::Bearer);
const BASIC: Scheme = scheme("basic", SchemeKind::Basic);
const KEY: Scheme = scheme("key", key("X-Key", ApiKeyPlace::Header));
const QUERY: Scheme = scheme("query", key("api key", ApiKeyPlace::Query));
const COOKIE: Scheme = scheme("cookie", key("sid", ApiKeyPlace::Cookie));
const TOKEN: Scheme = scheme("token", SchemeKind::Token { prefix: "Token" });
const CERTIFICATE: Scheme = scheme("certificate", SchemeKind::MutualTls);
const OAUTH: Scheme = scheme(
    "oauth",
    SchemeKind::OAuth2 {
        token_url: "/oauth/token",
    },
);

/// Takes a key with a bearer token, or basic authentication.
static SECURED: Service = Service {
    security: &[&[&KEY, &BEARER], &[&BASIC]],
    ..service::tests::SERVICE
};

fn builder() -> ClientBuilder {
    ClientBuilder::new(&SECURED)
}

/// What stands in the places of credentials, once a call has been sent.
fn carried(recorder: &Recorder) -> String {
    let places = ["authorization", "x-key", "cookie"];
    let headers = places.iter().filter_map(|name| recorder.header(name));
    let query = recorder
        .url()
        .split_once('?')
        .map(|(_, query)| query.to_owned());
    headers.chain(query).collect::<Vec<_>>().join(" | ")
}

fn send(builder: ClientBuilder, change: impl FnOnce(Call<()>) -> Call<()>) -> Result<String> {
    let recorder = Recorder::answering(204, "");
    let client = recorder.client(builder);
    let sent = wait(change(Call::empty(&client, &OPERATION)).send());
    match sent {
        Ok(()) => Ok(carried(&recorder)),
        Err(error) => {
            assert_eq!(recorder.count(), 0, "nothing is sent");
            Err(error)
        }
    }
}

fn usual(builder: ClientBuilder) -> Result<String> {
    send(builder, |call| call)
}

fn secured_by(builder: ClientBuilder, alternatives: Alternatives) -> Result<String> {
    send(builder, |call| call.secured_by(alternatives))
}

/// Basic authentication of `u` with the password `p`.
const BASIC_U_P: &str = "Basic dTpw";

#[test]
fn the_first_complete_set_is_sent_and_nothing_else() {
    let with_key = || builder().credential(&KEY, "k");
    let basic = |builder: ClientBuilder| builder.credential_basic(&BASIC, "u", "p");
    assert_eq!(usual(basic(with_key())).unwrap(), BASIC_U_P);
    let both = basic(with_key()).credential(&BEARER, "b");
    assert_eq!(usual(both).unwrap(), "Bearer b | k");
    let with_query = basic(builder()).credential(&QUERY, "q");
    assert_eq!(usual(with_query).unwrap(), BASIC_U_P);
}

#[test]
fn each_kind_goes_to_its_place() {
    let all = || {
        let builder = builder().credential(&QUERY, "q&").credential(&COOKIE, "c");
        builder.credential(&TOKEN, "t").credential(&OAUTH, "o")
    };
    for (alternatives, expected) in [
        (&[&[&QUERY] as &[_]] as Alternatives, "api%20key=q%26"),
        (&[&[&COOKIE]], "sid=c"),
        (&[&[&COOKIE, &QUERY]], "sid=c | api%20key=q%26"),
        (&[&[&TOKEN]], "Token t"),
        (&[&[&OAUTH]], "Bearer o"),
        // Whatever transport the caller brings has its own certificate.
        (&[&[&CERTIFICATE]], ""),
        (&[&[&CERTIFICATE, &TOKEN]], "Token t"),
    ] {
        assert_eq!(secured_by(all(), alternatives).unwrap(), expected);
    }
}

#[test]
fn an_operation_may_need_none() {
    let all = || builder().credential(&BEARER, "b").credential(&KEY, "k");
    assert_eq!(secured_by(all(), &[&[]]).unwrap(), "");
    assert_eq!(
        secured_by(all().api_key(ApiKeyPlace::Query, "a", "b"), &[&[]]).unwrap(),
        ""
    );
    // Where it may have some, it gets what there is.
    assert_eq!(secured_by(all(), &[&[], &[&TOKEN], &[&KEY]]).unwrap(), "k");
    assert_eq!(secured_by(builder(), &[&[], &[&TOKEN]]).unwrap(), "");
}

#[test]
fn a_call_without_its_credentials_is_not_sent() {
    let error = usual(builder().credential(&KEY, "k")).unwrap_err();
    assert!(error.is_config(), "{error}");
    assert_eq!(
        error.to_string(),
        "op: the operation requires credentials that the client does not have: `key` (`set_it`) with \
         `bearer` (`set_it`) or `basic` (`set_it`); set them on the client's builder, or call \
         `without_credentials` there to send calls without"
    );
    let error = secured_by(builder(), &[&[&TOKEN], &[]]);
    assert!(error.is_ok());
    let error = secured_by(builder(), &[&[&TOKEN]]).unwrap_err();
    assert!(
        error.to_string().contains("have: `token` (`set_it`);"),
        "{error}"
    );
    let error = secured_by(builder(), &[&[&OAUTH]]).unwrap_err();
    let takes_logins = error
        .to_string()
        .contains("have: `oauth` (`login` or `set_it`);");
    assert_eq!(takes_logins, cfg!(feature = "oauth"), "{error}");
}

#[test]
fn a_client_may_be_built_to_send_calls_without_credentials() {
    let builder = || builder().without_credentials();
    assert_eq!(usual(builder()).unwrap(), "");
    assert_eq!(secured_by(builder(), &[&[&TOKEN]]).unwrap(), "");
    // It sends what it has, where that is what the call takes.
    assert_eq!(usual(builder().basic("u", "p")).unwrap(), BASIC_U_P);
}

/// Takes whatever there is, but something.
static NEEDY: Service = Service {
    needs: &[&[&OAUTH]],
    ..service::tests::SERVICE
};

#[test]
fn a_service_may_take_anything_but_nothing() {
    let builder = || ClientBuilder::new(&NEEDY);
    let error = usual(builder()).unwrap_err();
    assert!(
        error.is_config() && error.to_string().contains("`oauth`"),
        "{error}"
    );
    assert_eq!(usual(builder().without_credentials()).unwrap(), "");
    let key = builder().api_key(ApiKeyPlace::Header, "x-key", "k");
    assert_eq!(usual(key.bearer_token("b")).unwrap(), "Bearer b | k");
    assert_eq!(usual(builder().basic("u", "p")).unwrap(), BASIC_U_P);
    assert_eq!(usual(builder().credential(&KEY, "k")).unwrap(), "");
    let own = HeaderValue::from_static("Own a");
    let by_default = builder().default_header(header::AUTHORIZATION, own.clone());
    assert_eq!(usual(by_default).unwrap(), "Own a");
    let options = RequestOptions::new().with_header(header::AUTHORIZATION, own);
    let by_hand = send(builder(), |call| call.options(options));
    assert_eq!(by_hand.unwrap(), "Own a");
    // An operation that takes none needs none.
    assert_eq!(secured_by(builder(), &[&[]]).unwrap(), "");
}

#[test]
fn credentials_go_to_other_machines_by_tls_alone() {
    const ELSEWHERE: &str = "http://files.example.com/v1";
    let to = |builder: ClientBuilder| send(builder, |call| call.server(ELSEWHERE).secured_by(&[]));
    let key = |place| builder().api_key(place, "X-Key", "s3cr3t");
    for builder in [
        builder().bearer_token("s3cr3t"),
        builder().basic("u", "s3cr3t"),
        builder().token_source(Fixed("s3cr3t")),
        key(ApiKeyPlace::Header),
        key(ApiKeyPlace::Query),
        key(ApiKeyPlace::Cookie),
        builder().default_header(header::AUTHORIZATION, HeaderValue::from_static("s3cr3t")),
    ] {
        let error = to(builder).unwrap_err();
        assert!(error.is_config(), "{error}");
        let text = error.to_string();
        assert!(
            text.contains("http://files.example.com without TLS"),
            "{text}"
        );
        assert!(
            !text.contains("s3cr3t") && text.contains("allow_insecure_http"),
            "{text}"
        );
    }
    let options =
        || RequestOptions::new().with_header(header::AUTHORIZATION, HeaderValue::from_static("a"));
    let by_hand = |builder| {
        send(builder, |call| {
            let call = call.server(ELSEWHERE).secured_by(&[&[]]);
            call.options(options())
        })
    };
    assert!(by_hand(builder()).unwrap_err().is_config());
    assert_eq!(by_hand(builder().allow_insecure_http()).unwrap(), "a");
    // Without credentials there is nothing to keep.
    let open = send(builder(), |call| call.server(ELSEWHERE).secured_by(&[&[]]));
    assert_eq!(open.unwrap(), "");
    let allowed = builder().bearer_token("b").allow_insecure_http();
    assert_eq!(to(allowed).unwrap(), "Bearer b");
}

#[test]
fn general_credentials_fit_the_schemes_of_their_kind() {
    let key = |builder: ClientBuilder| builder.api_key(ApiKeyPlace::Header, "x-key", "k");
    let token = || key(builder()).bearer_token("b");
    assert_eq!(usual(token()).unwrap(), "Bearer b | k");
    assert_eq!(usual(builder().basic("u", "p")).unwrap(), BASIC_U_P);
    assert_eq!(secured_by(token(), &[&[&OAUTH]]).unwrap(), "Bearer b");
    assert_eq!(secured_by(token(), &[&[&KEY]]).unwrap(), "k");
    let source = || key(builder()).token_source(Fixed("s"));
    assert_eq!(usual(source()).unwrap(), "Bearer s | k");
    // The one for the very scheme wins.
    let both = token().credential(&BEARER, "own");
    assert_eq!(usual(both).unwrap(), "Bearer own | k");
    // Fitting none, they are sent all the same: the description may be wrong.
    assert_eq!(secured_by(token(), &[&[&TOKEN]]).unwrap(), "Bearer b | k");
    assert_eq!(secured_by(token(), &[]).unwrap(), "Bearer b | k");
}

#[test]
fn a_service_that_says_nothing_gets_everything() {
    let builder = ClientBuilder::new(&service::tests::SERVICE);
    let builder = builder.bearer_token("b").credential(&KEY, "k");
    let builder = builder.api_key(ApiKeyPlace::Cookie, "sid", "c");
    assert_eq!(usual(builder).unwrap(), "Bearer b | sid=c");
}

#[test]
fn what_the_caller_sets_by_hand_counts() {
    let own = HeaderValue::from_static("Own a");
    let options = RequestOptions::new().with_header(header::AUTHORIZATION, own.clone());
    let sent = send(builder().credential(&KEY, "k"), |call| {
        call.options(options)
    });
    assert_eq!(sent.unwrap(), "Own a | k");
    let options = RequestOptions::new().with_query("api key", "q");
    let sent = send(builder(), |call| {
        call.options(options).secured_by(&[&[&QUERY]])
    });
    assert_eq!(sent.unwrap(), "api%20key=q");
    let by_default = builder().default_header(header::AUTHORIZATION, own);
    assert_eq!(usual(by_default).unwrap(), "Own a");
}

#[test]
fn tokens_of_a_scheme_are_fetched_and_renewed() {
    let source = || builder().credential_source(&OAUTH, Fixed("s"));
    assert_eq!(secured_by(source(), &[&[&OAUTH]]).unwrap(), "Bearer s");
    assert_eq!(
        secured_by(source(), &[&[&OAUTH, &BEARER], &[&OAUTH]]).unwrap(),
        "Bearer s"
    );
    let recorder = Recorder::answering(401, "");
    let client = recorder.client(source());
    let call = Call::empty(&client, &OPERATION).secured_by(&[&[&OAUTH]]);
    assert!(wait(call.send()).unwrap_err().is_unauthorized());
    assert_eq!(recorder.count(), 2);
    assert!(wait(client.log_in()).is_ok());
}

#[test]
fn credentials_that_do_not_fit_their_scheme_are_refused() {
    let build = |builder: ClientBuilder| builder.build().map(|client: Client| drop(client));
    for builder in [
        builder().credential(&BASIC, "s3cr3t"),
        builder().credential(&CERTIFICATE, "s3cr3t"),
        builder().credential(&TOKEN, "s3cr3t\n"),
        builder().credential(&COOKIE, "s3cr3t;"),
    ] {
        let shown = format!("{builder:?}");
        let error = build(builder).unwrap_err();
        assert!(error.is_config());
        assert!(!format!("{shown} {error} {error:?}").contains("s3cr3t"));
    }
}

#[cfg(feature = "oauth")]
#[test]
fn logins_go_where_their_scheme_says() {
    use super::super::Login;

    let login = || Login::client_credentials("id", "secret");
    let answer = r#"{"access_token":"t","token_type":"bearer"}"#;
    let builder = || builder().allow_insecure_http();
    let went_to = |builder: ClientBuilder| {
        let recorder = Recorder::answering(200, answer);
        wait(recorder.client(builder).log_in()).unwrap();
        recorder.url()
    };
    let with = |builder: ClientBuilder| went_to(builder.credential_login(&OAUTH, login()));
    assert_eq!(with(builder()), "http://api.localhost/oauth/token");
    let behind = builder().base_url("http://localhost:8080/gateway");
    assert_eq!(with(behind), "http://localhost:8080/oauth/token");
    let elsewhere = builder().token_url("http://login.local/t");
    assert_eq!(with(elsewhere), "http://login.local/t");
    // One of a kind that does not say it goes where all do.
    let at_service = builder().credential_login(&BEARER, login());
    assert_eq!(went_to(at_service), "https://login.example.com/token");
    let gateway = || builder().gateway("http://localhost:8080/g/");
    assert_eq!(with(gateway()), "http://localhost:8080/g/oauth/token");
    let at_gateway = gateway().credential_login(&BEARER, login());
    assert_eq!(went_to(at_gateway), "http://localhost:8080/g/token");
    // What is said of logins alone wins.
    let elsewhere = gateway().token_url("http://login.local/t");
    assert_eq!(with(elsewhere), "http://login.local/t");
}

/// Hands out the same token again and again.
struct Fixed(&'static str);

impl TokenSource for Fixed {
    fn fetch(&self) -> TokenFuture<'_> {
        let token = AccessToken::new(self.0).with_expires_in(Duration::from_secs(3600));
        Box::pin(async move { Ok(token) })
    }
}
