//! Where a change is shown whose item or node is gone: at what is left of what it was part of.

use super::{Entry, Side};
use crate::{
    diagnostics::Place,
    openapi::Pointer,
    surface::{Change, Kind, Surface},
};

/// Looks up, for everything that is gone, the nearest that is still there.
pub(super) fn find(entries: &mut [Entry], new: &Side) {
    for rust in entries.iter_mut().flat_map(|entry| &mut entry.rust) {
        rust.near = of_item(&rust.change, &new.surface);
    }
    let has_line = |place: &Option<Place>| place.as_ref().is_some_and(|it| it.line.is_some());
    let is_gone = |entry: &&mut Entry| entry.wire.as_ref().is_some_and(|wire| !has_line(&wire.new));
    let gone: Vec<&mut Entry> = entries.iter_mut().filter(is_gone).collect();
    // The nodes above each, the nearest first; all are looked up in one go.
    let above = |entry: &Entry| {
        let wire = entry.wire.as_ref();
        nodes_above(wire.and_then(|wire| wire.finding.old.as_ref()))
    };
    let counts: Vec<usize> = gone.iter().map(|entry| above(entry).len()).collect();
    let nodes: Vec<Pointer> = gone.iter().flat_map(|entry| above(entry)).collect();
    let mut places = new.places(&nodes).into_iter();
    for (entry, count) in gone.into_iter().zip(counts) {
        let of_entry: Vec<Place> = places.by_ref().take(count).collect();
        if let Some(wire) = &mut entry.wire {
            wire.near = of_entry.into_iter().find(|place| place.line.is_some());
        }
    }
}

fn nodes_above(node: Option<&Pointer>) -> Vec<Pointer> {
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
        // A module is known by the line that declares it, which is in another file.
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
