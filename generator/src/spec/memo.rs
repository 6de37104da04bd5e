//! Remembers the meanings of schemas that were combined.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use super::{Meaning, SchemaId};

/// The largest total [weight](Meaning::weight) of the meanings that are kept. Each holds all that it
/// inherits, so keeping those of a long chain would take memory that grows with the square of its
/// length; beyond this, meanings are computed anew for each use.
const HEAVIEST: usize = 200_000;

/// Meanings that were computed once. Threads that share a description share them.
#[derive(Debug, Default)]
pub(super) struct Memo(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    /// By the resolved schemas. Their order counts: where they disagree, the last one decides.
    meanings: HashMap<Vec<SchemaId>, Arc<Meaning>>,
    weight: usize,
}

impl Memo {
    /// The meaning of some schemas, which is computed unless it is known.
    ///
    /// The lock is not held while computing: two threads may compute the same meaning.
    pub(super) fn get_or_compute(
        &self,
        schemas: Vec<SchemaId>,
        compute: impl FnOnce(&[SchemaId]) -> Meaning,
    ) -> Arc<Meaning> {
        // A thread that panicked left the map whole: each change of it is one insertion.
        let lock = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = lock().meanings.get(&schemas) {
            return Arc::clone(known);
        }
        let computed = Arc::new(compute(&schemas));
        let mut kept = lock();
        if kept.weight + computed.weight <= HEAVIEST {
            kept.weight += computed.weight;
            kept.meanings.insert(schemas, Arc::clone(&computed));
        }
        computed
    }
}
