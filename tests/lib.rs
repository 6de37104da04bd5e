//! The code the golden descriptions render to, compiled against the runtime as an SDK would be.
//!
//! Integration tests use it to see what goes over the wire and what comes back.

#![allow(
    deprecated,
    missing_docs,
    reason = "golden descriptions deprecate and leave undocumented on purpose"
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

/// A client that hands every request to `transport`.
pub fn client(transport: impl runtime::Transport) -> Client {
    let describe = |_: &runtime::HttpResponse| ErrorSummary::default();
    let builder = runtime::ClientBuilder::new("https://api.example.com/base", "golden", describe);
    builder
        .bearer_token("s3cr3t")
        .transport(transport)
        .build()
        .expect("these settings are complete")
}

#[rustfmt::skip]
pub mod bodies {
    #[path = "../golden/bodies/expected/src/generated/bodies/mod.rs"]
    pub mod bodies;
    #[path = "../golden/bodies/expected/src/generated/models/mod.rs"]
    pub mod models;
}

#[rustfmt::skip]
pub mod enums {
    #[path = "../golden/enums/expected/src/generated/enums/mod.rs"]
    pub mod enums;
    #[path = "../golden/enums/expected/src/generated/models/mod.rs"]
    pub mod models;
}

#[rustfmt::skip]
pub mod names {
    #[path = "../golden/names/expected/src/generated/api/mod.rs"]
    pub mod api;
    #[path = "../golden/names/expected/src/generated/models/mod.rs"]
    pub mod models;
    #[path = "../golden/names/expected/src/generated/names/mod.rs"]
    pub mod names;
    #[path = "../golden/names/expected/src/generated/second_group/mod.rs"]
    pub mod second_group;
}

#[rustfmt::skip]
pub mod objects {
    #[path = "../golden/objects/expected/src/generated/models/mod.rs"]
    pub mod models;
    #[path = "../golden/objects/expected/src/generated/objects/mod.rs"]
    pub mod objects;
}

#[rustfmt::skip]
pub mod parameters {
    #[path = "../golden/parameters/expected/src/generated/models/mod.rs"]
    pub mod models;
    #[path = "../golden/parameters/expected/src/generated/parameters/mod.rs"]
    pub mod parameters;
}

#[rustfmt::skip]
pub mod recursion {
    #[path = "../golden/recursion/expected/src/generated/models/mod.rs"]
    pub mod models;
    #[path = "../golden/recursion/expected/src/generated/recursion/mod.rs"]
    pub mod recursion;
}

#[rustfmt::skip]
pub mod scalars {
    #[path = "../golden/scalars/expected/src/generated/models/mod.rs"]
    pub mod models;
    #[path = "../golden/scalars/expected/src/generated/scalars/mod.rs"]
    pub mod scalars;
}

#[rustfmt::skip]
pub mod trust {
    #[path = "../golden/trust/expected/src/generated/models/mod.rs"]
    pub mod models;
    #[path = "../golden/trust/expected/src/generated/trust/mod.rs"]
    pub mod trust;
}
