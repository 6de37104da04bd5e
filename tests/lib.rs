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
        keeps_mismatches: false,
        secrets: &[],
        security: &[],
        needs: &[],
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

// A module for each folder of `golden`, with its name.
include!(concat!(env!("OUT_DIR"), "/modules.rs"));
