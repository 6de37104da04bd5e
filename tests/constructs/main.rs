//! What every construct of a description becomes on the wire: the code rendered from the golden
//! descriptions, compiled, sends requests to a transport that keeps them and plays the responses.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod alternatives;
mod bodies;
mod chosen;
mod composition;
mod corners;
mod dialects;
mod mismatches;
mod numbers;
mod operations;
mod paging;
mod parameters;
mod refusals;
mod responses;
mod security;
mod support;
mod tags;
mod unions;
mod values;
mod wire;
