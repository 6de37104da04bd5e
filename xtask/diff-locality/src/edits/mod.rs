//! The catalogue of edits, each with the least it can change.

mod operations;
mod parameters;
mod properties;
mod same;
mod schemas;
mod values;

use super::{least::Least, tree::Tree};

/// An edit of the description.
#[derive(Clone, Copy, Debug)]
pub struct Edit {
    /// What is done.
    pub name: &'static str,
    /// Adds what must be there first, if anything; `None` if there is no place for it.
    pub prepare: Option<fn(&mut Tree) -> Option<()>>,
    /// Makes the edit and says the least it can change; `None` if there is nothing to edit.
    pub apply: fn(&mut Tree) -> Option<Least>,
}

impl Edit {
    const fn new(name: &'static str, apply: fn(&mut Tree) -> Option<Least>) -> Self {
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
        apply: fn(&mut Tree) -> Option<Least>,
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
