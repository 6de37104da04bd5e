//! Renders an idiomatic Rust SDK from an OpenAPI description.
//!
//! The way of a description, a room a module:
//!
//! ```text
//! file -> document -> read -> spec -> lower -> model -> rust -> output
//! ```
//!
//! Every stage that can meet bad input returns its value and pushes what is wrong into one
//! [`Sink`](diagnostics::Sink). An error stops the pipeline before anything is rendered; nothing is written unless
//! everything was rendered.
//!
//! A whole crate, in one call that prints nothing, as a `build.rs` wants it:
//!
//! ```no_run
//! let out = std::env::var("OUT_DIR").unwrap_or_default();
//! let written = sdkgen::Job::new("api.yaml")
//!     .with_crate_name("my-api")
//!     .with_include("tag:Users")
//!     .generate(format!("{out}/my-api"))
//!     .map_err(|refused| refused.to_string())?;
//! println!("cargo::rerun-if-changed=api.yaml");
//! for warning in &written.warnings {
//!     println!("cargo::warning={}", warning.message);
//! }
//! # Ok::<(), String>(())
//! ```
//!
//! Stage by stage:
//!
//! ```no_run
//! let job = sdkgen::Job::new("spec/users-api.yaml").with_config("spec/sdkgen.toml");
//! let compilation = sdkgen::compile(&job);
//! for diagnostic in &compilation.diagnostics {
//!     eprintln!("{diagnostic}");
//! }
//! if let Some(compiled) = compilation.compiled {
//!     let rendered = sdkgen::render(&compiled)?;
//!     rendered.output("sdk".as_ref())?.write()?;
//! }
//! # Ok::<(), sdkgen::Diagnostic>(())
//! ```

// The rooms. Each imports only from those above it, which `tests/structure.rs` holds.

mod parallel;

mod openapi;

pub mod diagnostics;

pub mod output;

mod document;

mod config;

mod read;

mod spec;

mod model;

mod lower;

mod rust;

mod job;

mod inspect;

pub mod slice;

pub mod diff;

mod surface;

pub mod report;

#[doc(hidden)]
pub mod measuring;

pub use diagnostics::{Code, Diagnostic, Severity};
pub use job::{
    Compilation, Compiled, Job, Layout, Refused, Rendered, Written, compile, render,
    render_contract,
};
