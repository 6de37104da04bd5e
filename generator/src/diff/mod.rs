//! Two descriptions to what changed between them for callers.
//!
//! Both are compared as they were normalized, by meaning and never by text: another dialect, another
//! order, or a schema that moved to a component are no changes. Schemas are compared from where they
//! are used, in the direction their values go, because what narrows a request breaks its callers and
//! what widens a response breaks its readers.
//!
//! ```no_run
//! use sdkgen::{Job, diff};
//!
//! let old = diff::Side::read(&Job::new("old.yaml"))?;
//! let new = diff::Side::read(&Job::new("new.yaml"))?;
//! for finding in diff::compare(&old, &new) {
//!     println!("{} {}", finding.impact.as_str(), finding.message);
//! }
//! # Ok::<(), sdkgen::Refused>(())
//! ```

mod bodies;
mod bounds;
mod code;
mod fields;
mod finding;
mod found;
mod objects;
mod operations;
mod paging;
mod parameters;
mod permissions;
mod responses;
mod schemas;
mod security;
mod servers;
mod service;
mod side;
mod unions;
mod unrendered;
mod values;
mod view;

#[cfg(test)]
mod tests;

pub use code::FindingCode;
pub use finding::{Direction, Finding, Impact, Owner, Subject};
pub use side::Side;

use schemas::Walk;
use view::Schemas;

/// What changed from one description to another, by subject and code, each change once with all
/// operations it reaches.
pub fn compare(old: &Side, new: &Side) -> Vec<Finding> {
    let mut walk = Walk::new(
        Schemas::new(old.spec()),
        Schemas::new(new.spec()),
        (old.unrendered(), new.unrendered()),
        new.trusts_required(),
    );
    service::compare(&mut walk, old, new);
    unrendered::webhooks(&mut walk);
    operations::compare(&mut walk, old, new);
    walk.settle();
    walk.found.finish()
}
