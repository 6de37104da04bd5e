//! The code the golden descriptions render to, compiled against the runtime as an SDK would be.
//!
//! Integration tests use it to see what goes over the wire and what comes back.

#![allow(
    clippy::module_inception,
    deprecated,
    missing_docs,
    reason = "golden descriptions deprecate, leave undocumented and name their tag after the feature"
)]

#[path = "../sdk/src/runtime/mod.rs"]
#[allow(
    unreachable_pub,
    dead_code,
    unused_imports,
    reason = "the runtime is made for one SDK; here it serves several small ones"
)]
pub mod runtime;

pub use runtime::{Client, Error, ErrorSummary, Result};

static SERVICE: runtime::service::Service = service();

const fn service() -> runtime::service::Service {
    runtime::service::Service {
        base_url: "https://api.example.com/base",
        token_url: "https://login.example.com/token",
        user_agent: "golden",
        describe_error: |_| ErrorSummary::default(),
        correlation_header: None,
        rate_limit: |_| None,
        secrets: &[],
        security: &[],
    }
}

/// The settings of a client.
pub fn builder() -> runtime::ClientBuilder {
    Client::for_service(&SERVICE)
}

static SECURED: runtime::service::Service = runtime::service::Service {
    security: security::security::REQUIRED,
    ..service()
};

/// The settings of a client of the description that says who may do what.
pub fn secured_builder() -> runtime::ClientBuilder {
    Client::for_service(&SECURED)
}

/// A client that hands every request to `transport`.
pub fn client(transport: impl runtime::Transport) -> Client {
    builder()
        .bearer_token("s3cr3t")
        .transport(transport)
        .build()
        .expect("these settings are complete")
}

#[rustfmt::skip]
#[path = "golden/all_of/expected/src/generated"]
pub mod all_of {
    pub mod all_of;
    pub mod models;
}

#[rustfmt::skip]
#[path = "golden/bodies/expected/src/generated"]
pub mod bodies {
    pub mod bodies;
    pub mod models;
}

#[rustfmt::skip]
#[path = "golden/collisions/expected/src/generated"]
pub mod collisions {
    pub mod r#match;
    pub mod models;
    pub mod two_words;
    pub mod two_words2;
    pub mod u65e5_u672c;
}

#[rustfmt::skip]
#[path = "golden/corners/expected/src/generated"]
pub mod corners {
    pub mod models;
    pub mod corners;
}

#[rustfmt::skip]
#[path = "golden/detected/expected/src/generated"]
pub mod detected {
    pub mod detected;
    pub mod models;
}

#[rustfmt::skip]
#[path = "golden/enums/expected/src/generated"]
pub mod enums {
    pub mod enums;
    pub mod models;
}

#[rustfmt::skip]
#[path = "golden/files/expected/src/generated"]
pub mod files {
    pub mod files;
    pub mod models;
}

#[rustfmt::skip]
#[path = "golden/forms/expected/src/generated"]
pub mod forms {
    pub mod forms;
    pub mod models;
}

#[rustfmt::skip]
#[path = "golden/inheritance/expected/src/generated"]
pub mod inheritance {
    pub mod inheritance;
    pub mod models;
}

#[rustfmt::skip]
#[path = "golden/maps/expected/src/generated"]
pub mod maps {
    pub mod maps;
    pub mod models;
}

#[rustfmt::skip]
#[path = "golden/media/expected/src/generated"]
pub mod media {
    pub mod media;
    pub mod models;
}

#[rustfmt::skip]
#[path = "golden/merged_recursion/expected/src/generated"]
pub mod merged_recursion {
    pub mod merged_recursion;
    pub mod models;
}

#[rustfmt::skip]
#[path = "golden/modern/expected/src/generated"]
pub mod modern {
    pub mod models;
    pub mod modern;
}

#[rustfmt::skip]
#[path = "golden/names/expected/src/generated"]
pub mod names {
    pub mod api;
    pub mod exchange2;
    pub mod models;
    pub mod names;
    pub mod second_group;
}

#[rustfmt::skip]
#[path = "golden/objects/expected/src/generated"]
pub mod objects {
    pub mod models;
    pub mod objects;
}

#[rustfmt::skip]
#[path = "golden/operations/expected/src/generated"]
pub mod operations {
    pub mod models;
    pub mod operations;
}

#[rustfmt::skip]
#[path = "golden/outcomes/expected/src/generated"]
pub mod outcomes {
    pub mod models;
    pub mod outcomes;
}

#[rustfmt::skip]
#[path = "golden/paging/expected/src/generated"]
pub mod paging {
    pub mod models;
    pub mod paging;
}

#[rustfmt::skip]
#[path = "golden/parameters/expected/src/generated"]
pub mod parameters {
    pub mod models;
    pub mod parameters;
}

#[rustfmt::skip]
#[path = "golden/recursion/expected/src/generated"]
pub mod recursion {
    pub mod models;
    pub mod recursion;
}

#[rustfmt::skip]
#[path = "golden/repairs/expected/src/generated"]
pub mod repairs {
    pub mod models;
    pub mod repairs;
}

#[rustfmt::skip]
#[path = "golden/scalars/expected/src/generated"]
pub mod scalars {
    pub mod models;
    pub mod scalars;
}

#[rustfmt::skip]
#[path = "golden/security/expected/src/generated"]
pub mod security {
    pub mod models;
    pub mod security;
    pub mod vault;
}

#[rustfmt::skip]
#[path = "golden/streams/expected/src/generated"]
pub mod streams {
    pub mod models;
    pub mod streams;
}

#[rustfmt::skip]
#[path = "golden/styles/expected/src/generated"]
pub mod styles {
    pub mod models;
    pub mod styles;
}

#[rustfmt::skip]
#[path = "golden/swagger/expected/src/generated"]
pub mod swagger {
    pub mod models;
    pub mod swagger;
}

#[rustfmt::skip]
#[path = "golden/tags/expected/src/generated"]
pub mod tags {
    pub mod models;
    pub mod tags;
}

#[rustfmt::skip]
#[path = "golden/trust/expected/src/generated"]
pub mod trust {
    pub mod models;
    pub mod trust;
}

#[rustfmt::skip]
#[path = "golden/unions/expected/src/generated"]
pub mod unions {
    pub mod models;
    pub mod unions;
}

#[rustfmt::skip]
#[path = "golden/values/expected/src/generated"]
pub mod values {
    pub mod models;
    pub mod values;
}
