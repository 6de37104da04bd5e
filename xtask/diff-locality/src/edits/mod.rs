//! The catalogue of edits, each with the minimum that it must change.

mod operations;
mod parameters;
mod properties;
mod same;
mod schemas;
mod values;

use super::{minimum::Minimum, tree::Tree};

/// An edit of the description.
#[derive(Clone, Copy, Debug)]
pub struct Edit {
    /// Its name.
    pub name: &'static str,
    /// Adds the edited item first, if the description lacks it; `None` if there is no place for it.
    pub prepare: Option<fn(&mut Tree) -> Option<()>>,
    /// Makes the edit and returns the minimum that it must change; `None` if there is nothing to edit.
    pub apply: fn(&mut Tree) -> Option<Minimum>,
}

impl Edit {
    const fn new(name: &'static str, apply: fn(&mut Tree) -> Option<Minimum>) -> Self {
        Self {
            name,
            prepare: None,
            apply,
        }
    }

    /// An edit of something that the description does not have.
    const fn after(
        prepare: fn(&mut Tree) -> Option<()>,
        name: &'static str,
        apply: fn(&mut Tree) -> Option<Minimum>,
    ) -> Self {
        Self {
            name,
            prepare: Some(prepare),
            apply,
        }
    }
}

/// All edits.
pub fn edits() -> impl Iterator<Item = &'static Edit> {
    let all = [
        same::EDITS,
        properties::EDITS,
        values::EDITS,
        schemas::EDITS,
        operations::EDITS,
        parameters::EDITS,
    ];
    all.into_iter().flatten()
}
