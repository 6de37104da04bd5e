//! What is particular to Genesys Cloud: its regions, its error body, its defaults.

mod client;
mod error;
mod region;

pub use region::{Region, UnknownRegion};
