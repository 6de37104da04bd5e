//! Builds the model from the resolved description. Types are final once [`build`] has returned.

mod api;
mod bodies;
mod boxes;
mod budget;
mod detect;
mod fields;
mod ids;
pub(crate) mod lint;
mod media;
mod merge;
mod merges;
mod order;
mod paging;
mod parameters;
mod recursion;
mod schema;
mod security;
mod unions;
mod usage;
mod worklist;

pub(crate) use api::build;
pub(crate) use parameters::parameter_content;
