//! Where the reader is: the node in the files, and its place in the result.

use super::node_path::{NodePath, Step, extend};
use crate::openapi::Pointer;

/// A node of the files together with its place in the result.
///
/// A cursor is a value: moving makes another one, so that leaving a node takes no call and what is
/// read cannot change where its caller stands. Steps borrow from the cursor they start from, which
/// costs no allocation.
#[derive(Clone)]
pub(super) struct Cursor<'c, 'a> {
    position: Position<'c, 'a>,
    file: usize,
    /// The place in the result, if it does not follow from the position.
    target: Option<Pointer>,
    is_copy: bool,
}

#[derive(Clone)]
enum Position<'c, 'a> {
    /// A node that its path names.
    Node(NodePath<'a>),
    /// A member or an item of the node at another cursor.
    Below(&'c Cursor<'c, 'a>, Step<'a>),
    /// The node at another cursor.
    Same(&'c Cursor<'c, 'a>),
}

impl<'c, 'a> Cursor<'c, 'a> {
    /// A node whose place in the result is its path.
    pub(super) fn at(path: NodePath<'a>) -> Self {
        Self {
            file: path.file,
            position: Position::Node(path),
            target: None,
            is_copy: false,
        }
    }

    /// A member or an item of this node.
    pub(super) fn step(&'c self, step: impl Into<Step<'a>>) -> Self {
        Self {
            file: self.file,
            position: Position::Below(self, step.into()),
            target: None,
            is_copy: self.is_copy,
        }
    }

    /// This node at another place in the result. [`Builder::place`](super::builder::Builder::place)
    /// records the origin as well.
    pub(super) fn with_target(&'c self, target: Pointer) -> Self {
        Self {
            file: self.file,
            position: Position::Same(self),
            target: Some(target),
            is_copy: self.is_copy,
        }
    }

    /// Another node, which the result has at `target`.
    pub(super) fn jump(&self, path: NodePath<'a>, target: Pointer) -> Self {
        let is_in_place = path.file == 0 && extend(Pointer::root(), &path.steps) == target;
        Self {
            target: (!is_in_place).then_some(target),
            is_copy: self.is_copy,
            ..Self::at(path)
        }
    }

    /// The same cursor in a component that is read in place of a reference to it, and perhaps once
    /// more as the component: the types declared in it must become components of their own.
    pub(super) fn copied(mut self) -> Self {
        self.is_copy = true;
        self
    }

    /// Whether a component around this node is read more than once.
    pub(super) fn is_copy(&self) -> bool {
        self.is_copy
    }

    /// Whether the place in the result follows from the path.
    pub(super) fn is_in_place(&self) -> bool {
        self.target.is_none()
    }

    /// The file that holds this node.
    pub(super) fn file(&self) -> usize {
        self.file
    }

    /// The path to this node in its file.
    pub(super) fn path(&self) -> NodePath<'a> {
        let mut steps = Vec::new();
        let mut at = self;
        let start = loop {
            at = match &at.position {
                Position::Node(path) => break path,
                Position::Same(outer) => outer,
                Position::Below(outer, step) => {
                    steps.push(*step);
                    outer
                }
            };
        };
        let mut path = start.clone();
        path.steps.extend(steps.into_iter().rev());
        path
    }

    /// The pointer to this node in its file.
    pub(super) fn source(&self) -> Pointer {
        self.path().pointer()
    }

    /// The pointer to this node in the result.
    pub(super) fn target(&self) -> Pointer {
        let mut steps = Vec::new();
        let mut at = self;
        let start = loop {
            if let Some(target) = &at.target {
                break target.clone();
            }
            at = match &at.position {
                Position::Node(path) => break extend(Pointer::root(), &path.steps),
                Position::Same(outer) => outer,
                Position::Below(outer, step) => {
                    steps.push(*step);
                    outer
                }
            };
        };
        steps.reverse();
        extend(start, &steps)
    }

    /// The pointer, in the result, to the node around this one.
    pub(super) fn target_parent(&self) -> Pointer {
        self.target().parent().unwrap_or_default()
    }

    /// The index of this node, if it is an item of a list.
    pub(super) fn index(&self) -> Option<usize> {
        let step = match &self.position {
            Position::Same(outer) => return outer.index(),
            Position::Node(path) => *path.steps.last()?,
            Position::Below(_, step) => *step,
        };
        match step {
            Step::Key(_) => None,
            Step::Index(index) => Some(index),
        }
    }

    /// Whether this node is a keyword in the schema of a property.
    pub(super) fn is_property_keyword(&self) -> bool {
        let steps = self.path().steps;
        steps
            .len()
            .checked_sub(3)
            .is_some_and(|at| steps[at] == Step::Key("properties"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_lead_on_from_the_place_in_the_result() {
        let path = NodePath {
            file: 1,
            steps: vec![Step::Key("User")],
        };
        let root = Cursor::at(NodePath::default());
        let target = Pointer::root().join_all(["components", "schemas", "User"]);
        let user = root.jump(path, target).copied();
        let items = user.step("items");
        let first = items.step(0);
        assert_eq!(first.source().to_string(), "#/User/items/0");
        assert_eq!(first.source().source(), Some(1));
        assert_eq!(
            first.target().to_string(),
            "#/components/schemas/User/items/0"
        );
        assert_eq!(first.index(), Some(0));
        assert!(first.is_copy() && !root.step("info").is_copy());
    }

    #[test]
    fn a_node_that_stays_where_it_is_needs_no_origin() {
        let path = NodePath {
            file: 0,
            steps: vec![Step::Key("info")],
        };
        let root = Cursor::at(NodePath::default());
        let info = root.jump(path, Pointer::root().join("info"));
        assert!(info.is_in_place());
        assert_eq!(info.step("title").target().to_string(), "#/info/title");
    }
}
