//! The runtime of every rendered SDK: the client, calls, models, errors.
//!
//! Hand-written, and the same for every API: nothing in this folder names an API or reaches into
//! rendered code. Rendered code reaches this folder only through `codegen`.

mod attempt;
mod auth;
#[allow(
    dead_code,
    unreachable_pub,
    reason = "public in SDKs whose description has such values"
)]
mod base64_text;
#[cfg(feature = "blocking")]
mod blocking;
mod body;
mod builder;
pub(crate) mod by_status;
mod byte_stream;
pub(crate) mod call;
mod call_answers;
mod call_bodies;
mod client;
pub(crate) mod codegen;
mod constants;
mod credentials;
mod date_time;
mod decode_failure;
pub(crate) mod defaults;
mod destination;
mod encode;
mod error;
mod events;
mod exchange;
mod extra;
mod gate;
mod gates;
mod http_client;
mod json_lines;
mod json_path;
mod lenient;
#[cfg(feature = "mock")]
pub mod mock;
mod multipart;
pub(crate) mod newtype;
mod number;
pub(crate) mod open_enum;
mod operation;
mod options;
pub(crate) mod paging;
mod param;
mod parameters;
mod printable;
mod rate_limit;
mod rate_window;
mod raw;
mod read_whole;
pub(crate) mod record;
mod records;
#[cfg(feature = "tracing")]
mod redact;
mod response;
mod retry;
#[allow(
    dead_code,
    unreachable_pub,
    reason = "public in SDKs whose description has such values"
)]
pub(crate) mod scalar_enum;
mod secret;
mod sender;
pub(crate) mod service;
pub(crate) mod style;
#[cfg(test)]
mod tests;
mod tls;
mod trace;
mod transport;
#[allow(dead_code, reason = "rendered only for oneOf and anyOf")]
pub(crate) mod union;
#[allow(
    dead_code,
    unreachable_pub,
    reason = "public in SDKs whose description has such values"
)]
mod unix_time;
mod whole;
mod year_month;

pub use attempt::Attempt;
pub use auth::{AccessToken, ApiKeyPlace, TokenError, TokenFuture, TokenSource};
#[cfg(feature = "oauth")]
pub use auth::{Authorization, AuthorizeUrl, Login, Tokens};
#[cfg(feature = "blocking")]
pub use blocking::{BlockingItems, BlockingPages, block_on};
pub use body::{Body, BodyStream};
pub use builder::ClientBuilder;
pub use byte_stream::ByteStream;
pub use client::Client;
pub use date_time::{DateTime, InvalidDateTime, Time};
pub(crate) use encode::query;
pub use error::{Error, ErrorSummary, Result};
pub use events::{Event, EventStream};
pub use extra::Extra;
pub use json_lines::JsonLines;
pub use lenient::Mismatch;
pub use multipart::FilePart;
pub use open_enum::{OpenEnum, Unrecognized};
pub use options::RequestOptions;
pub use paging::{InvalidPageToken, Items, PageToken, Pages, PagesEnd};
pub use param::{ListOf, Param, ParamList};
#[allow(
    unused_imports,
    reason = "made for code that knows the API; not every API needs it"
)]
pub(crate) use printable::without_secrets;
pub use rate_limit::RateLimit;
pub use raw::RawRequest;
pub use response::Response;
pub use retry::RetryPolicy;
pub use secret::Secret;
pub use transport::{
    HttpRequest, HttpResponse, Transport, TransportContext, TransportError, TransportFuture,
};
pub use year_month::{InvalidYearMonth, YearMonth};

/// Re-exported types of other crates that calls commonly use; `external` has the crates.
#[doc(no_inline)]
pub use {
    bytes::Bytes,
    chrono::{NaiveDate, Utc},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode},
};

#[allow(
    unreachable_pub,
    unused_imports,
    reason = "public in SDKs whose description has such values"
)]
pub use self::{
    base64_text::{Base64, Base64Url},
    scalar_enum::{Scalar, ScalarEnum, UnrecognizedScalar},
    unix_time::UnixTime,
};
