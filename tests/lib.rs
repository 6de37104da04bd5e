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

static SERVICE: runtime::service::Service = runtime::service::Service {
    base_url: "https://api.example.com/base",
    token_url: "https://login.example.com/token",
    user_agent: "golden",
    describe_error: |_| ErrorSummary::default(),
    correlation_header: None,
    rate_limit: |_| None,
    secrets: &[],
    security: &[],
};

/// The settings of a client.
pub fn builder() -> runtime::ClientBuilder {
    Client::for_service(&SERVICE)
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
#[path = "golden/bodies/expected/src/generated"]
pub mod bodies {
    pub mod bodies;
    pub mod models;
}

#[rustfmt::skip]
#[path = "golden/enums/expected/src/generated"]
pub mod enums {
    pub mod enums;
    pub mod models;
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
#[path = "golden/scalars/expected/src/generated"]
pub mod scalars {
    pub mod models;
    pub mod scalars;
}

#[rustfmt::skip]
#[path = "golden/trust/expected/src/generated"]
pub mod trust {
    pub mod models;
    pub mod trust;
}
