//! The model to Rust: names, text, layout.

pub(crate) mod format;
pub(crate) mod names;
pub(crate) mod render;
mod samples;
mod service_defaults;
