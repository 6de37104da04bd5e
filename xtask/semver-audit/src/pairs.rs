//! Chooses the pairs of descriptions, and compares each with sdkgen.

use sdkgen::{
    measuring::surface::{Change, Verdict, compare},
    output,
};

use super::{
    bases::Base,
    crates::Crates,
    mutations::{self, Mutation, NodePath},
};

/// Number of nodes of a description that are tried before another one is chosen.
const TRIES: usize = 12;

/// A description and a mutation of it.
pub(super) struct Pair<'a> {
    pub(super) mutation: &'static str,
    pub(super) base: &'a Base,
    /// Pointer to the edited node.
    pub(super) place: String,
    /// The crate of the old description.
    pub(super) old: String,
    /// The crate of the new one.
    pub(super) new: String,
    /// The differences between their surfaces.
    pub(super) changes: Vec<Change>,
}

impl Pair<'_> {
    /// The gravest verdict; `None` if there is no difference.
    pub(super) fn ours(&self) -> Option<Verdict> {
        self.changes.iter().map(|change| change.verdict).min()
    }

    /// Whether sdkgen calls the change breaking.
    pub(super) fn is_major(&self) -> bool {
        self.ours() == Some(Verdict::Major)
    }

    /// The codes of the gravest changes, each once.
    pub(super) fn codes(&self) -> Vec<&'static str> {
        let gravest = self.ours();
        let changes = self
            .changes
            .iter()
            .filter(|change| Some(change.verdict) == gravest);
        let mut codes: Vec<_> = changes.map(|change| change.code.as_str()).collect();
        codes.sort_unstable();
        codes.dedup();
        codes
    }
}

/// Chooses pairs: each mutation in turn, each time on another description. The same seed chooses the
/// same ones.
pub(super) fn choose<'a>(
    bases: &'a [Base],
    (wanted, seed, only): (usize, u64, Option<&str>),
    crates: &Crates,
) -> Result<Vec<Pair<'a>>, String> {
    let is_wanted = |mutation: &&Mutation| only.is_none_or(|only| mutation.name.contains(only));
    let mut turns: Vec<(&Mutation, Vec<&Base>)> = mutations::all()
        .filter(is_wanted)
        .map(|mutation| {
            let mut order: Vec<&Base> = bases.iter().collect();
            let draw =
                |base: &&Base| output::hash(format!("{seed} {} {}", mutation.name, base.name));
            // Elements are popped from the end.
            order.sort_by_cached_key(draw);
            (mutation, order)
        })
        .collect();
    let mut pairs = Vec::new();
    while pairs.len() < wanted && turns.iter().any(|(_, left)| !left.is_empty()) {
        for (mutation, left) in &mut turns {
            while pairs.len() < wanted
                && let Some(base) = left.pop()
            {
                if let Some(pair) = pair(mutation, base, seed, crates)? {
                    pairs.push(pair);
                    break;
                }
            }
        }
    }
    Ok(pairs)
}

fn pair<'a>(
    mutation: &Mutation,
    base: &'a Base,
    seed: u64,
    crates: &Crates,
) -> Result<Option<Pair<'a>>, String> {
    let mut places = mutation.places(&base.tree);
    let (edit, of) = (mutation.name, &base.name);
    let draw = |place: &NodePath| output::hash(format!("{seed} {edit} {of} {}", place.join("/")));
    places.sort_by_cached_key(draw);
    let edited = places.iter().filter_map(|place| {
        let tree = mutation.apply(&base.tree, place)?;
        Some((place, tree))
    });
    for (place, tree) in edited.take(TRIES) {
        // sdkgen may refuse the edited description.
        let Some(new) = base.render(&tree) else {
            continue;
        };
        return Ok(Some(Pair {
            mutation: mutation.name,
            base,
            place: shown(place),
            old: crates.add(&base.rendered.files)?,
            new: crates.add(&new.files)?,
            changes: compare(&base.rendered.surface, &new.surface),
        }));
    }
    Ok(None)
}

fn shown(place: &NodePath) -> String {
    let steps = place
        .iter()
        .map(|step| format!("/{}", step.replace('/', "~1")));
    steps.collect()
}
