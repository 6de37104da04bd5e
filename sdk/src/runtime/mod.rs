//! What every rendered SDK runs on: the client, calls, models, errors.
//!
//! Hand-written, and the same for every API: nothing in this folder names an API or reaches into
//! rendered code. Rendered code reaches this folder only through `codegen`.

pub(crate) mod call;
mod client;
pub(crate) mod codegen;
mod encode;
mod error;
mod extra;
pub(crate) mod open_enum;
mod param;
pub(crate) mod record;
mod secret;
mod transport;
mod year_month;

pub use call::{RequestOptions, Response};
pub use client::{Client, ClientBuilder};
pub use error::{Error, ErrorSummary, Result};
pub use extra::Extra;
pub use open_enum::{OpenEnum, Unrecognized};
pub use param::Param;
pub use secret::Secret;
pub use transport::{HttpRequest, HttpResponse, Transport, TransportError, TransportFuture};
pub use year_month::{InvalidYearMonth, YearMonth};
