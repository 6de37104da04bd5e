//! Finds where to show a change whose item or node was removed: at the nearest ancestor that is left.

use super::{Entry, Side};
use crate::{
    diagnostics::Place,
    openapi::Pointer,
    surface::{Change, Kind, Surface},
};

/// Sets `near` of every change whose item or node was removed.
pub(super) fn find(entries: &mut [Entry], new: &Side) {
    for rust in entries.iter_mut().flat_map(|entry| &mut entry.rust) {
        rust.near = of_item(&rust.change, &new.surface);
    }
    let has_line = |place: &Option<Place>| place.as_ref().is_some_and(|it| it.line.is_some());
    let is_removed =
        |entry: &&mut Entry| entry.wire.as_ref().is_some_and(|wire| !has_line(&wire.new));
    let removed: Vec<&mut Entry> = entries.iter_mut().filter(is_removed).collect();
    // The ancestors of each, the nearest first; all are looked up at once, which reads the text once.
    let of_entry = |entry: &Entry| {
        let wire = entry.wire.as_ref();
        ancestors(wire.and_then(|wire| wire.finding.old.as_ref()))
    };
    let counts: Vec<usize> = removed.iter().map(|entry| of_entry(entry).len()).collect();
    let nodes: Vec<Pointer> = removed.iter().flat_map(|entry| of_entry(entry)).collect();
    let mut places = new.places(&nodes).into_iter();
    for (entry, count) in removed.into_iter().zip(counts) {
        let candidates: Vec<Place> = places.by_ref().take(count).collect();
        if let Some(wire) = &mut entry.wire {
            wire.near = candidates.into_iter().find(|place| place.line.is_some());
        }
    }
}

fn ancestors(node: Option<&Pointer>) -> Vec<Pointer> {
    std::iter::successors(node.and_then(Pointer::parent), Pointer::parent).collect()
}

fn of_item(change: &Change, surface: &Surface) -> Option<(String, usize)> {
    if change.new.is_some() {
        return None;
    }
    // An impl is part of its type.
    let (path, of_trait) = match change.item.split_once(": ") {
        Some((path, _)) => (path, true),
        None => (change.item.as_str(), false),
    };
    let first = match of_trait {
        true => Some(path),
        false => path_parent(path),
    };
    let mut items = std::iter::successors(first, |path| path_parent(path));
    items.find_map(|path| {
        let item = surface.get(path)?;
        // A module is declared in another file; its own file begins at line 1.
        let line = match item.kind {
            Kind::Module => 1,
            _ => item.line,
        };
        Some((item.file.clone(), line))
    })
}

fn path_parent(path: &str) -> Option<&str> {
    Some(path.rsplit_once("::")?.0)
}
