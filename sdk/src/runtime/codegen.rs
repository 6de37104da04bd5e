//! The runtime's interface for rendered code, which imports it as `rt`.
//!
//! Rendered code uses no other names of the runtime, so this list is the contract between the
//! templates and the runtime.

#![allow(
    dead_code,
    unused_imports,
    reason = "which of these names an SDK needs depends on its description"
)]

pub(crate) use bytes::Bytes;
pub(crate) use http::Method;
pub(crate) use serde::{Serializer, de::MapAccess};
#[cfg(feature = "uuid")]
pub(crate) use uuid::Uuid;

#[cfg(feature = "oauth")]
pub(crate) use super::auth::Login;
pub(crate) use super::auth::{ApiKeyPlace, Scheme, SchemeKind, TokenSource};
pub(crate) use super::base64_text::{Base64, Base64Url};
pub(crate) use super::body::Body;
pub(crate) use super::builder::ClientBuilder;
pub(crate) use super::by_status::{ByStatus, Case, CaseBody, failure, read_failure};
pub(crate) use super::byte_stream::ByteStream;
pub(crate) use super::call::{Call, request};
pub(crate) use super::client::Client;
pub(crate) use super::date_time::{DateTime, Time};
pub(crate) use super::error::Result;
pub(crate) use super::events::{Event, EventStream};
pub(crate) use super::extra::Extra;
pub(crate) use super::json_lines::JsonLines;
pub(crate) use super::multipart::FilePart;
pub(crate) use super::newtype::newtype;
pub(crate) use super::number::{Number, Written};
pub(crate) use super::open_enum::{OpenEnum, Unrecognized, open_enum};
pub(crate) use super::operation::Operation;
pub(crate) use super::paging::{PageStyle, Paging, paged};
pub(crate) use super::param::{ListOf, Param, ParamList};
pub(crate) use super::record::{Members, Record, Writer, record};
pub(crate) use super::scalar_enum::{Scalar, ScalarEnum, UnrecognizedScalar, scalar_enum};
pub(crate) use super::secret::Secret;
pub(crate) use super::style::{Parameter, Place, Style};
pub(crate) use super::union::{
    Others, Shape, Union, Variant, read, read_recognized, union, write, write_tagged,
    write_tagged_map,
};
pub(crate) use super::unix_time::UnixTime;
pub(crate) use super::year_month::YearMonth;

/// The instant of a `date-time` value, without its text.
pub(crate) type Instant = chrono::DateTime<chrono::Utc>;
/// The day of a `date` value.
pub(crate) type Date = chrono::NaiveDate;
/// An object whose properties the description does not declare.
pub(crate) type JsonObject = serde_json::Map<String, serde_json::Value>;
/// A value without a declared type.
pub(crate) type JsonValue = serde_json::Value;
/// An object used as a map from names to values of one type.
pub(crate) type Map<V> = std::collections::BTreeMap<String, V>;
