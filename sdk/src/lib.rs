//! The Genesys Cloud (PureCloud) Users API in Rust.
//!
//! ```no_run
//! # #[cfg(feature = "oauth")]
//! # mod example {
//! use genesys_cloud_users::{Client, Login, Region, models::UserExpand};
//!
//! # async fn run(id: String, secret: String) -> genesys_cloud_users::Result<()> {
//! let client = Client::builder()
//!     .region(Region::EuWest1)
//!     .login(Login::client_credentials(id, secret))
//!     .build()?;
//!
//! // One call.
//! let user = client.users().get_user("4c7d..").send().await?;
//! println!("{:?} is {:?}", user.name, user.presence);
//!
//! // All pages of a list.
//! let mut users = client.users().get_users().expand([UserExpand::Presence]).items();
//! while let Some(user) = users.try_next().await? {
//!     println!("{:?}", user.email);
//! }
//! # Ok(())
//! # }
//! # }
//! ```
//!
//! Every operation of the API is a method of [`Users`](users::Users), named after its
//! `operationId`. Required parameters are arguments; optional ones are setters of the request the
//! method returns; `send` gives the body, `send_with_response` also status, headers, correlation id
//! and rate limit. Awaiting a request sends it too. Calls need a tokio runtime.
//!
//! # Login
//!
//! [`ClientBuilder::bearer_token`] takes a token as it is. [`ClientBuilder::login`] takes a
//! [`Login`]: client credentials, authorization code, PKCE, refresh token, SAML 2 bearer. The client
//! logs in when it first has to, gets the next token with the first call in the last minute of this
//! one (the last half, if it lives for less than two), and has all calls that wait share one login. A call that is answered
//! 401 is sent once more with a new token. [`ClientBuilder::token_source`] takes tokens of your own.
//! [`Region::authorize`] makes the URL that a login in a browser starts with:
//!
//! ```no_run
//! # #[cfg(feature = "oauth")]
//! # mod example {
//! # use genesys_cloud_users::{Client, Login, Region};
//! # fn run(code: String) -> genesys_cloud_users::Result<()> {
//! let start = Region::EuWest1.authorize("client id", "https://app.example.com/back").pkce()?;
//! // Send the user to `start.url`; take what comes back only if its `state` is `start.state`.
//! let verifier = start.verifier.unwrap_or_default();
//! let login = Login::pkce("client id", code, verifier, "https://app.example.com/back")
//!     .on_tokens(|tokens| { /* store the refresh token: it is replaced each time it is used */ });
//! let client = Client::builder().region(Region::EuWest1).login(login).build()?;
//! # Ok(())
//! # }
//! # }
//! ```
//!
//! # Configuration
//!
//! [`Client::configured`] starts from `~/.genesyscloudrust/config` and the environment; see
//! [`Config`]. What is set on the builder wins over the environment, and that over the file. The
//! builder also takes a [gateway](ClientBuilder::gateway), a proxy, certificates and timeouts.
//!
//! A gateway moves calls and logins. A [base URL](ClientBuilder::base_url) moves calls alone, so with a
//! login it takes a [`login_url`](ClientBuilder::login_url) or a region besides. Credentials go to other
//! machines over `https` only, unless [allowed otherwise](ClientBuilder::allow_insecure_http), and a client
//! without any sends nothing, unless it says [so](ClientBuilder::without_credentials).
//!
//! # Retries
//!
//! A call is sent again when that is safe and has a chance: after a 429, or when there was no
//! connection, whatever the operation; after 502, 503 and 504, or an exchange that broke off or took
//! too long, only if the operation is idempotent: `GET`, `PUT`, `DELETE`, and searches and queries by
//! `POST`. Waits are random up to a limit that doubles (0.5, 1, 2 s); `Retry-After` is kept to, and
//! fails the call at once when it asks for more than the time left. Three retries, 60 s for an
//! attempt, 180 s for the call, a hundred retries in a row for the client: each can be set, on the
//! client or by [`RequestOptions`] for one request. [`ClientBuilder::on_attempt`] sees every attempt.
//!
//! # Rate limits
//!
//! A bulk read needs no throttle of its own. After a 429 with `Retry-After`, or when the platform's
//! rate limit headers say that nothing remains of a window, the client holds its calls to that host
//! until they may go on, first come, first served, each within its own timeout. Such a 429 counts
//! neither as a retry nor towards the hundred. A call that has no time to wait fails at once:
//! [`Error::is_rate_limited`], [`Error::retry_after`]. [`Attempt::held`] says how long a call waited;
//! [`ClientBuilder::hold_on_rate_limit`] switches it off.
//!
//! # Lists
//!
//! Requests of paged operations have `pages()` and `items()`: streams ([`Pages`], [`Items`]) that ask
//! for a page when it is wanted, or one ahead with `look_ahead()`. They end where the service says
//! so, and rather than go in circles. `token()` is where to go on another day.
//!
//! # Models
//!
//! Every field of a model is an `Option`, whatever the description calls required: the service
//! leaves out required properties of nested entities. `new` takes what a request needs, `with_*`
//! sets the rest. What a model has no field for is kept in its [`extra`](Extra) and sent back;
//! `extra` is also how an explicit `null` is sent. Enums keep values they do not know.
//!
//! # Errors
//!
//! One [`Error`], asked by predicates ([`is_rate_limited`](Error::is_rate_limited),
//! [`is_timeout`](Error::is_timeout), ..), with status, code, message, correlation id and body of
//! what the service answered; see [`Error::platform`] for its own error body. A body that does not
//! decode is kept, and [`Error::json_path`] says where it does not fit; [`Error::json`] reads it as a
//! type of your own.
//!
//! A failed login ([`Error::is_login`]) is as easy to read: host, status, code, message, correlation id
//! and body are those of the login service, as in `getUser: authentication failed at
//! login.mypurecloud.com: invalid_client (client not found)`. The client then makes no login for a
//! while that doubles from 1 s up to a minute (10 s after a transient failure, longer where
//! `Retry-After` asks for it); until then calls fail with the same error, and
//! [`Error::next_login_in`] says how long.
//!
//! Messages name hosts, never whole URLs, and escape control characters in what the service said.
//!
//! # Bodies and streams
//!
//! A [`Body`] is bytes in memory or a stream; a request whose body is a stream is sent once. A response
//! can be read while it comes: [`ByteStream`], [`EventStream`] for server-sent events, [`JsonLines`].
//! Then the time given for an attempt is the longest wait for each piece.
//!
//! # What the description lacks
//!
//! [`Client::request`] calls any path, with login, retries and errors as ever, with
//! [files](RawRequest::file) and [streams](RawRequest::send_stream) if need be.
//! [`RequestOptions::with_query`] and [`with_header`](RequestOptions::with_header) add to any call.
//!
//! # What is logged
//!
//! With the feature `tracing`, which is on unless switched off, a call that fails is an event at `WARN`,
//! once, whatever it failed at: `operation`, `status`, `error.type`, the service's `code`,
//! `correlation_id`, `attempts`, `elapsed_ms`. A response that does not match the description is one as
//! well, with `json_path` and `reason`, and so is a list that ends early or cannot go on. A request that
//! is sent again is an event at `DEBUG`. Any subscriber shows them: `tracing_subscriber::fmt().init()`
//! does.
//!
//! Each call is a span `api_call` and each attempt a span `api_attempt`
//! within it, with fields named as OpenTelemetry names them: `otel.name` (the `operationId`),
//! `otel.kind`, `otel.status_code`, `http.request.method`, `url.template`, `server.address`,
//! `server.port`, `http.response.status_code`, `http.request.resend_count`, `error.type`, and
//! `attempts` and `elapsed_ms`. Values of parameters and headers and the service's messages are in none
//! of them; its codes and ids are made printable. Bodies are logged only when
//! [asked for](ClientBuilder::trace_request_bodies), secrets blotted out.
//! [`ClientBuilder::on_attempt`] gives the same facts to a function.
//!
//! # Types of other crates
//!
//! Dates are `chrono`'s, headers, methods and statuses those of `http`, bodies `bytes::Bytes`. What most
//! calls are written with is here: [`Method`], [`StatusCode`], [`HeaderName`], [`HeaderValue`],
//! [`HeaderMap`], [`Bytes`], [`DateTime`], [`Utc`], [`NaiveDate`]. The whole crates, in the versions that
//! fit, are in [`external`]: `use genesys_cloud_users::external::chrono;`.
//!
//! # Tests of your own code
//!
//! With the feature `mock`, a client answers from a script, without a network:
//!
//! ```
//! # #[cfg(feature = "mock")]
//! # async fn run() -> genesys_cloud_users::Result<()> {
//! use genesys_cloud_users::{Client, mock::{Answer, Mock}, models::User};
//!
//! let mock = Mock::new();
//! mock.once("getUser", Answer::json(200, &User::default().with_name("Ada")));
//! let client = Client::builder().bearer_token("token").transport(mock.clone()).build()?;
//! let user = client.users().get_user("u-1").send().await?;
//! assert_eq!(user.name.as_deref(), Some("Ada"));
//! assert_eq!(mock.requests()[0].path, "/api/v2/users/u-1");
//! # Ok(())
//! # }
//! ```
//!
//! # Features
//!
//! | feature | default | what it brings |
//! |---|---|---|
//! | `rustls` | yes | TLS by rustls |
//! | `native-tls` | | TLS by the operating system |
//! | `gzip` | yes | compressed responses |
//! | `oauth` | yes | [`Login`] and [`AuthorizeUrl`]; without it, tokens and token sources |
//! | `tracing` | yes | events for calls that fail, spans of calls and attempts |
//! | `blocking` | | `send_blocking`, `into_blocking` for lists, and `block_on` for any other future |
//! | `mock` | | `mock::Mock`, a transport that answers from a script |
//! | `uuid` | | requests take `uuid::Uuid` wherever they take a scalar |

mod generated;
mod genesys;
mod runtime;

pub use generated::{models, users};
pub use genesys::{Config, Region, UnknownRegion};
/// The parts of a [`Config`].
pub mod config {
    pub use crate::genesys::{
        GatewayConfig, Host, LogFormat, LogLevel, LoggingConfig, MtlsConfig, Pem, Protocol,
        ProxyConfig, ReauthenticationConfig, RetryConfig,
    };
}

#[cfg(feature = "mock")]
pub use runtime::mock;
pub use runtime::{
    AccessToken, ApiKeyPlace, Attempt, Body, BodyStream, ByteStream, Client, ClientBuilder, Error,
    ErrorSummary, Event, EventStream, Extra, FilePart, HttpRequest, HttpResponse, InvalidPageToken,
    InvalidYearMonth, Items, JsonLines, ListOf, OpenEnum, PageToken, Pages, PagesEnd, Param,
    ParamList, RateLimit, RawRequest, RequestOptions, Response, Result, RetryPolicy, Secret,
    TokenError, TokenFuture, TokenSource, Transport, TransportContext, TransportError,
    TransportFuture, Unrecognized, YearMonth,
};
#[cfg(feature = "oauth")]
pub use runtime::{Authorization, AuthorizeUrl, Login, Tokens};
#[cfg(feature = "blocking")]
pub use runtime::{BlockingItems, BlockingPages, block_on};
#[doc(no_inline)]
pub use runtime::{
    Bytes, DateTime, HeaderMap, HeaderName, HeaderValue, Method, NaiveDate, StatusCode, Utc,
};

/// The crates whose types stand in this crate's API, in the versions it was built with.
///
/// A value of `chrono` or `http` that comes from another version of the crate has another type; by this
/// path an application needs no dependency of its own, and no version to keep in step. The types that most
/// calls are written with are at the root of this crate as well.
pub mod external {
    #[cfg(feature = "uuid")]
    pub use uuid;
    pub use {bytes, chrono, futures_core, http, serde, serde_json};
}
