//! The result while it is built: its components, their names, and where its parts came from.

use std::collections::{HashMap, HashSet, VecDeque};

use openapiv3::Components;
use serde_json::Value;

use super::{
    cursor::Cursor,
    node_path::{self, NodePath},
    values::names_for,
};
use crate::openapi::{ComponentKind, Pointer};

/// Collects the components, and decides which node becomes which.
#[derive(Default)]
pub(super) struct Builder<'a> {
    pub(super) components: Components,
    /// The origins of nodes whose path in the result differs from that in their file.
    pub(super) origins: HashMap<Pointer, Pointer>,
    /// Names of components that were moved here from elsewhere, by address and kind.
    moved: HashMap<(*const Value, ComponentKind), String>,
    taken: HashSet<(ComponentKind, String)>,
    /// The next number to try, by the name that was taken.
    numbers: HashMap<(ComponentKind, String), usize>,
    pending: VecDeque<Pending<'a>>,
}

/// A node that is to become a component.
pub(super) struct Pending<'a> {
    pub(super) kind: ComponentKind,
    pub(super) name: String,
    pub(super) path: NodePath<'a>,
    pub(super) node: &'a Value,
}

impl<'a> Builder<'a> {
    /// The node of a cursor at another place in the result.
    pub(super) fn place<'c>(&mut self, at: &'c Cursor<'c, 'a>, target: Pointer) -> Cursor<'c, 'a> {
        self.origins.insert(target.clone(), at.source());
        at.with_target(target)
    }

    /// The node of a cursor some steps further in the result.
    pub(super) fn place_below<'c>(
        &mut self,
        at: &'c Cursor<'c, 'a>,
        steps: &[&str],
    ) -> Cursor<'c, 'a> {
        let target = at.target().join_all(steps.iter().copied());
        self.place(at, target)
    }

    /// Another node, which the result has at `target`.
    pub(super) fn jump<'c>(
        &mut self,
        at: &Cursor<'c, 'a>,
        path: NodePath<'a>,
        target: Pointer,
    ) -> Cursor<'c, 'a> {
        let cursor = at.jump(path, target);
        if !cursor.is_in_place() {
            self.origins.insert(cursor.target(), cursor.source());
        }
        cursor
    }

    /// Keeps a name for the component that the description declares under it.
    pub(super) fn reserve(&mut self, kind: ComponentKind, name: &str) {
        self.taken.insert((kind, name.to_owned()));
    }

    /// Whether a component has this name.
    pub(super) fn is_taken(&self, kind: ComponentKind, name: &str) -> bool {
        self.taken.contains(&(kind, name.to_owned()))
    }

    /// Has a node read as a component once the paths and the declared components are read.
    pub(super) fn queue(&mut self, pending: Pending<'a>) {
        self.pending.push_back(pending);
    }

    /// The next node that is to become a component.
    pub(super) fn next_pending(&mut self) -> Option<Pending<'a>> {
        self.pending.pop_front()
    }

    /// Makes a component of a node that is none, and returns the reference to it. `stem` is the name
    /// of its file, if that is not the description.
    pub(super) fn move_to_components(
        &mut self,
        path: NodePath<'a>,
        node: &'a Value,
        kind: ComponentKind,
        stem: Option<&str>,
    ) -> String {
        let address = (std::ptr::from_ref(node), kind);
        if let Some(name) = self.moved.get(&address) {
            return node_path::reference(kind, name);
        }
        let name = self.free_name(kind, names_for(&path, node, kind, stem));
        let reference = node_path::reference(kind, &name);
        self.moved.insert(address, name.clone());
        self.queue(Pending {
            kind,
            name,
            path,
            node,
        });
        reference
    }

    /// Takes the first name that is free, or the last one with a number.
    fn free_name(&mut self, kind: ComponentKind, candidates: Vec<String>) -> String {
        let mut last = String::new();
        for candidate in candidates {
            if self.taken.insert((kind, candidate.clone())) {
                return candidate;
            }
            last = candidate;
        }
        let next = self.numbers.get(&(kind, last.clone()));
        let mut number = next.copied().unwrap_or(2);
        loop {
            let name = format!("{last}{number}");
            number += 1;
            if self.taken.insert((kind, name.clone())) {
                self.numbers.insert((kind, last), number);
                return name;
            }
        }
    }
}
