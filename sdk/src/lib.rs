//! The Genesys Cloud (PureCloud) Users API in Rust.
//!
//! ```no_run
//! use genesys_cloud_users::{Client, Region, users::GetUsersMeExpand};
//!
//! # async fn run() -> genesys_cloud_users::Result<()> {
//! let client = Client::builder()
//!     .region(Region::EuWest1)
//!     .bearer_token(std::env::var("GENESYSCLOUD_ACCESS_TOKEN").unwrap_or_default())
//!     .build()?;
//! let me = client.users().get_users_me().expand([GetUsersMeExpand::Presence]).send().await?;
//! println!("{:?} is {:?}", me.name, me.presence);
//! # Ok(())
//! # }
//! ```
//!
//! Every operation of the API is a method of [`Users`](users::Users), named after its
//! `operationId`. Required parameters are arguments; optional ones are setters of the request the
//! method returns; `send` gives the body, `send_with_response` also status, headers and
//! correlation id.
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
//! One [`Error`], asked by predicates; see [`Error::platform`] for the service's own error body.
//!
//! # Features
//!
//! - `rustls` (default): TLS by rustls.
//! - `native-tls`: TLS by the operating system.
//! - `uuid`: requests take `uuid::Uuid` wherever they take a scalar.

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
    AccessToken, ApiKeyPlace, Attempt, Client, ClientBuilder, Error, ErrorSummary, Extra,
    HttpRequest, HttpResponse, InvalidPageToken, InvalidYearMonth, Items, OpenEnum, PageToken,
    Pages, PagesEnd, Param, RateLimit, RawRequest, RequestOptions, Response, Result, RetryPolicy,
    Secret, Terms, TokenError, TokenFuture, TokenSource, Transport, TransportError,
    TransportFuture, Unrecognized, YearMonth,
};
#[cfg(feature = "oauth")]
pub use runtime::{Authorization, AuthorizeUrl, Login, Tokens};
#[cfg(feature = "blocking")]
pub use runtime::{BlockingItems, BlockingPages};

/// Crates whose types stand in this crate's API.
pub mod external {
    #[cfg(feature = "uuid")]
    pub use uuid;
    pub use {bytes, chrono, http, serde_json};
}
