//! Compares two descriptions and reports what changed for callers.
//!
//! Both are compared in their normalized form, by meaning and not by text: another dialect, another
//! order of maps, or a schema that became a component is no change. Schemas are compared from where they
//! are used, in the direction that values are sent, because a narrower request breaks its callers and a
//! wider response breaks its readers.
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

mod alternatives;
mod bodies;
mod bounds;
mod code;
mod comparison;
mod endpoint;
mod error_codes;
mod fields;
mod finding;
mod findings;
mod impact;
mod media_types;
mod merged;
mod node;
mod objects;
mod operations;
mod paging;
mod parameters;
mod permissions;
mod responses;
mod schemas;
mod security;
mod serialization;
mod servers;
mod service;
mod side;
mod similarity;
mod unions;
mod unrendered;
mod values;

#[cfg(test)]
mod tests;

pub use code::FindingCode;
pub use finding::{Direction, Finding, Owner, Subject};
pub use impact::Impact;
pub use side::Side;

use comparison::Comparison;
use merged::Schemas;

/// Compares two descriptions. Returns each change once, by subject and code, with all operations that it
/// affects.
pub fn compare(old: &Side, new: &Side) -> Vec<Finding> {
    let mut comparison = Comparison::new(
        Schemas::new(old.spec()),
        Schemas::new(new.spec()),
        (old.unrendered(), new.unrendered()),
        new.trusts_required(),
    );
    service::compare(&mut comparison, old, new);
    unrendered::webhooks(&mut comparison);
    operations::compare(&mut comparison, old, new);
    schemas::compare_queued(&mut comparison);
    comparison.findings.finish()
}
