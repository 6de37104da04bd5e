//! What a call costs: the SDK, a client written by hand on `reqwest` and `serde`, and the client
//! that progenitor writes, each asking the same server for the same things.
//!
//! Two programs share this: `bench-calls` takes times, `allocations` counts under an allocator that
//! slows down what it counts, and so has no place where time is taken.

mod callers;
mod race;
mod sample;
mod server;

use std::{error::Error, time::Duration};

pub use race::{Contestant, Operation};

/// Why there is nothing to compare.
pub type Failure = Box<dyn Error + Send + Sync>;

/// Sent by all three, and insisted on by the server.
const TOKEN: &str = "bench-calls-t0ken-of-about-the-usual-length-for-one-of-the-platform";
const USER_AGENT: &str = "bench-calls";
const TIMEOUT: Duration = Duration::from_secs(60);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Starts the server, in a thread of its own, and sets up the clients: the SDK first, the
/// hand-written one second, progenitor's third. Makes sure that all read the same out of the same
/// answers.
///
/// # Errors
/// When one of them cannot be set up, is refused, or reads something else.
pub fn contestants() -> Result<[Contestant; 3], Failure> {
    let url = server::start()?;
    let (sdk, seen_by_sdk) = Contestant::new("SDK", callers::Sdk::new(&url)?)?;
    let (hand, seen_by_hand) = Contestant::new("hand-written", callers::Hand::new(&url)?)?;
    let (third, seen_by_third) = Contestant::new("progenitor", callers::Third::new(&url)?)?;
    for (name, seen) in [("SDK", seen_by_sdk), ("progenitor", seen_by_third)] {
        if seen != seen_by_hand {
            return Err(format!("{name} reads {seen:?} where {seen_by_hand:?} was sent").into());
        }
    }
    Ok([sdk, hand, third])
}
