//! Renders the model as Rust: chooses names, fills templates and formats the text.

pub(crate) mod format;
pub(crate) mod names;
pub(crate) mod render;
mod samples;
mod service_defaults;
