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
//! method returns; `send` returns the body, `send_with_response` also the status, headers,
//! correlation ID and rate limit. Awaiting a request sends it too. Calls need a tokio runtime.
//!
//! # Login
//!
//! [`ClientBuilder::bearer_token`] sets a fixed token. [`ClientBuilder::login`] takes a [`Login`]:
//! client credentials, authorization code, PKCE, refresh token, SAML 2 bearer. The client logs in
//! when a call first needs a token. The first call in the last minute of a token's life (in the
//! last half, if it lives for less than two minutes) renews it in the background. Calls that wait
//! for a token share one login. A call that is answered 401 is sent once more with a new token.
//! [`ClientBuilder::token_source`] takes tokens from your own code. [`Region::authorize`] builds
//! the URL at which a login in a browser starts:
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
//! [`Client::configured`] reads `~/.genesyscloudrust/config` and the environment; see [`Config`].
//! Settings of the builder override the environment, which overrides the file. The builder also
//! takes a [gateway](ClientBuilder::gateway), a proxy, certificates and timeouts.
//!
//! A gateway redirects calls and logins. A [base URL](ClientBuilder::base_url) redirects only
//! calls, so a client with a login also needs a [`login_url`](ClientBuilder::login_url) or a
//! region. The client sends credentials to other machines over `https` only, unless [plain HTTP is
//! allowed](ClientBuilder::allow_insecure_http). A client without credentials refuses to send
//! calls, unless it is [built to](ClientBuilder::without_credentials).
//!
//! # Retries
//!
//! The client retries a call when that is safe and may help. Any operation is retried after a 429
//! or a failed connection. After 502, 503, 504, a broken exchange or a timeout, only idempotent
//! operations are: `GET`, `PUT`, `DELETE`, and searches and queries by `POST`. Waits are random, up
//! to a limit that doubles (0.5, 1, 2 s). `Retry-After` is honored; if it asks for more time than
//! the call has left, the call fails at once. The defaults are three retries, 60 s for an attempt,
//! 180 s for the call, and a hundred consecutive retries for the client. All can be changed on the
//! client, and all but the last for one request by [`RequestOptions`].
//! [`ClientBuilder::on_attempt`] observes every attempt.
//!
//! # Rate limits
//!
//! Bulk reads need no throttling in your code. After a 429 with `Retry-After`, or when the
//! platform's rate limit headers show that a window is used up, the client holds its calls to that
//! host until the limit permits them: first come, first served, each within its own timeout. Such a
//! 429 counts neither as a retry of the call nor against the client's hundred. After a 429, a call
//! whose timeout ends before the hold does fails at once: see [`Error::is_rate_limited`] and
//! [`Error::retry_after`]. [`Attempt::held`] is how long a call waited;
//! [`ClientBuilder::hold_on_rate_limit`] turns holding off.
//!
//! # Lists
//!
//! Requests of paged operations have `pages()` and `items()`: streams ([`Pages`], [`Items`]) that
//! request each page when it is needed, or one page ahead with `look_ahead()`. They end where the
//! service ends the list, and when it returns the same page again. `token()` returns a token from
//! which a later run can resume.
//!
//! # Models
//!
//! Every field of a model is an `Option`, even if the description requires the property: the
//! service omits required properties of nested entities. `new` takes what a request requires,
//! `with_*` sets the rest. Properties without a field are kept in [`extra`](Extra) and sent back;
//! an explicit `null` is also sent through `extra`. Enums keep unknown values.
//!
//! # Errors
//!
//! All calls return one [`Error`] type. It has predicates
//! ([`is_rate_limited`](Error::is_rate_limited), [`is_timeout`](Error::is_timeout), ..) and the
//! status, code, message, correlation ID and body of the response; [`Error::platform`] parses the
//! platform's error body. If a body cannot be decoded, the error keeps it: [`Error::json_path`] is
//! the path of the mismatch, and [`Error::json`] decodes it as a type of your own.
//!
//! For a failed login ([`Error::is_login`]), the host, status, code, message, correlation ID and
//! body are those of the login service, as in `getUser: authentication failed at
//! login.mypurecloud.com: invalid_client (client not found)`. The client then pauses before the
//! next login: 1 s, doubled with each further failure up to a minute (10 s if the failure is
//! transient, longer if `Retry-After` asks for it). During the pause, calls fail with the same
//! error; [`Error::next_login_in`] is the rest of the pause.
//!
//! Messages name hosts, never whole URLs, and escape control characters in the service's texts.
//!
//! # Bodies and streams
//!
//! A [`Body`] is bytes in memory or a stream; a request whose body is a stream is sent once.
//! Responses can be read as they arrive: [`ByteStream`], [`EventStream`] for server-sent events,
//! [`JsonLines`]. The attempt timeout then limits the wait for each chunk.
//!
//! # Endpoints that the description lacks
//!
//! [`Client::request`] calls any path with the same logins, retries and errors, including
//! [files](RawRequest::file) and [streams](RawRequest::send_stream). [`RequestOptions::with_query`]
//! and [`with_header`](RequestOptions::with_header) add to any call.
//!
//! # Logging
//!
//! With the feature `tracing`, which is on by default, each failed call emits one event at `WARN`
//! with `operation`, `status`, `error.type`, the service's `code`, `correlation_id`, `attempts` and
//! `elapsed_ms`. So does a response that does not match the description (with `json_path` and
//! `reason`), a list that ends early or cannot continue, and a token that could not be renewed. A
//! retry emits an event at `DEBUG`. Any subscriber shows them, such as
//! `tracing_subscriber::fmt().init()`.
//!
//! Each call is a span `api_call` and each attempt a span `api_attempt` within it, with
//! OpenTelemetry's field names: `otel.name` (the `operationId`), `otel.kind`, `otel.status_code`,
//! `http.request.method`, `url.template`, `server.address`, `server.port`,
//! `http.response.status_code`, `http.request.resend_count`, `error.type`, and `attempts` and
//! `elapsed_ms`. Neither spans nor events contain values of parameters or headers, or the service's
//! messages; control characters in its codes and IDs are escaped. Bodies are logged only if
//! [enabled](ClientBuilder::trace_request_bodies), with secrets redacted.
//! [`ClientBuilder::on_attempt`] passes the same data to a callback.
//!
//! # Types of other crates
//!
//! A [`DateTime`] is a `chrono::DateTime<Utc>` that keeps the text it was read from; days are
//! `chrono` types, headers, methods and status codes are `http` types, bodies are `bytes::Bytes`. This
//! crate re-exports the most common ones: [`Method`], [`StatusCode`], [`HeaderName`],
//! [`HeaderValue`], [`HeaderMap`], [`Bytes`], [`Utc`], [`NaiveDate`].
//! The whole crates, in matching versions, are in [`external`]: `use
//! genesys_cloud_users::external::chrono;`.
//!
//! # Testing your own code
//!
//! With the feature `mock`, a client replays scripted responses, without a network:
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
//! | feature | default | effect |
//! |---|---|---|
//! | `rustls` | yes | TLS through rustls |
//! | `native-tls` | | TLS through the operating system's library |
//! | `gzip` | yes | requests and decompresses gzip responses |
//! | `oauth` | yes | [`Login`] and [`AuthorizeUrl`]; without it, clients take tokens or a token source |
//! | `tracing` | yes | events for failed calls, spans for calls and attempts |
//! | `blocking` | | `send_blocking`, `into_blocking` for lists, and `block_on` for any other future |
//! | `mock` | | `mock::Mock`, a transport that replays scripted responses |
//! | `uuid` | | `uuid::Uuid` is accepted wherever a request takes a scalar |

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
    AccessToken, ApiKeyPlace, Attempt, Body, BodyStream, ByteStream, Client, ClientBuilder,
    DateTime, Error, ErrorSummary, Event, EventStream, Extra, FilePart, HttpRequest, HttpResponse,
    InvalidDateTime, InvalidPageToken, InvalidYearMonth, Items, JsonLines, ListOf, Mismatch,
    OpenEnum, PageToken, Pages, PagesEnd, Param, ParamList, RateLimit, RawRequest, RequestOptions,
    Response, Result, RetryPolicy, Secret, Time, TokenError, TokenFuture, TokenSource, Transport,
    TransportContext, TransportError, TransportFuture, Unrecognized, YearMonth,
};
#[cfg(feature = "oauth")]
pub use runtime::{Authorization, AuthorizeUrl, Login, Tokens};
#[cfg(feature = "blocking")]
pub use runtime::{BlockingItems, BlockingPages, block_on};
#[doc(no_inline)]
pub use runtime::{Bytes, HeaderMap, HeaderName, HeaderValue, Method, NaiveDate, StatusCode, Utc};

/// The crates whose types appear in this crate's API, in the versions it was built with.
///
/// Types of another version of `chrono` or `http` are different types. With these re-exports, an
/// application needs no dependency of its own whose version has to match. The most common types are
/// at the root of this crate, too.
pub mod external {
    #[cfg(feature = "uuid")]
    pub use uuid;
    pub use {bytes, chrono, futures_core, http, serde, serde_json};
}
